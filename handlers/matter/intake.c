/* A notice becomes a draft: its fields, who is addressed, and what to look at before it goes. */
#include "handlers/private.h"

#include "wording/wording.h"
#include <string.h>

enum { DAYS_MAX = 366 }; /* of a relative deadline */

static void check(struct intake *intake, const char *tag, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static void check(struct intake *intake, const char *tag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    json_array_append_new(intake->checks, json_pack("{ss ss}", "tag", tag, "text", text));
}

static gboolean checked(const struct intake *intake, const char *tag)
{
    gsize i;
    json_t *one;
    json_array_foreach (intake->checks, i, one) {
        if (g_strcmp0(json_string_value(json_object_get(one, "tag")), tag) == 0)
            return TRUE;
    }
    return FALSE;
}

static const char *text_at(const struct intake *intake, const char *key)
{
    return json_string_value(json_object_get(intake->notice, key));
}

/* ---- secrets */

static gboolean refuse_secret(const char *name, const char *text, GError **error)
{
    g_autofree char *mark = text != NULL ? notice_secret_mark(text) : NULL;
    if (mark == NULL)
        return TRUE;
    g_autofree char *shown = text_printable(mark);
    return fault_set(error, FAULT_REFUSED,
                     "%s有密级标志“%s”：涉密文件不得通过公共邮件发送，没有建立事项", name, shown);
}

gboolean intake_may_go(const char *text, const struct enclosed *files, guint n, GError **error)
{
    gboolean ok = refuse_secret("通知", text, error);
    for (guint i = 0; ok && i < n; i++) {
        g_autofree char *name = g_strdup_printf("附件 %s ", files[i].filename);
        ok = refuse_secret(name, files[i].text, error);
        if (ok && files[i].marked)
            ok = fault_set(error, FAULT_REFUSED,
                           "%s有密级标志：涉密文件不得通过公共邮件发送，没有建立事项", name);
    }
    return ok;
}

/* ---- the draft's fields */

/* The end of the last office hours. */
static int closing(const struct policy *policy)
{
    int last = 0;
    for (char **range = policy->hours; range != NULL && *range != NULL; range++) {
        const char *end = strrchr(*range, '-');
        g_autofree char *time = end != NULL ? g_strstrip(g_strdup(end + 1)) : g_strdup("");
        last = MAX(last, minutes_parse(time));
    }
    return last;
}

/* One deadline, and that a relative one. */
static void fill_relative(struct matter *m, json_t *deadlines)
{
    json_t *relative = json_object_get(json_array_get(deadlines, 0), "relative");
    json_int_t days = json_integer_value(json_object_get(relative, "days"));
    if (json_array_size(deadlines) != 1 || days < 1 || days > DAYS_MAX)
        return;
    m->days = (int)days;
    m->work_days = json_is_true(json_object_get(relative, "working"));
    m->from_issue = g_strcmp0(json_string_value(json_object_get(relative, "from")), "issue") == 0;
}

static void fill_matter(struct intake *intake, const char *text)
{
    struct matter *m = &intake->matter;
    json_t *needs = json_object_get(intake->notice, "requires");
    json_t *electronic = json_object_get(needs, "electronic");
    const char *kind = text_at(intake, "kind");
    m->title = g_strdup(text_at(intake, "title"));
    m->number = g_strdup(text_at(intake, "number"));
    m->deadline = g_strdup(text_at(intake, "deadline"));
    fill_relative(m, json_object_get(intake->notice, "deadlines"));
    m->notice = g_strdup(text_at(intake, "body"));
    intake->annexes_inside = strlen(m->notice) < strlen(text);
    m->kind = kind != NULL ? (enum matter_kind)matter_kind_of(kind) : KIND_NOTICE;
    m->paper = json_is_true(json_object_get(needs, "paper"));
    m->electronic = json_is_true(electronic) || (json_is_null(electronic) && !m->paper);
    m->deemed = text_at(intake, "silence") != NULL && (m->deadline != NULL || m->days > 0);
    if (m->deemed)
        m->silence_text = g_strdup(json_string_value(
            json_object_get(json_object_get(intake->notice, "evidence"), "silence")));
}

/* ---- units */

static gboolean has_unit(const struct intake *intake, gint64 id)
{
    for (guint i = 0; i < intake->units->len; i++)
        if (g_array_index(intake->units, gint64, i) == id)
            return TRUE;
    return FALSE;
}

static void add_all(struct office *office, struct intake *intake)
{
    g_autoptr(GPtrArray) members = unit_list(office->db, FALSE);
    for (guint i = 0; i < members->len; i++) {
        const struct unit *unit = members->pdata[i];
        if (!g_str_equal(unit->code, UNIT_OFFICE) && !has_unit(intake, unit->id))
            g_array_append_val(intake->units, unit->id);
    }
}

/* Whoever left the roster is not written to. */
static gint64 member_named(struct office *office, const char *name)
{
    gint64 id = unit_named(office, name);
    struct unit *unit = id != 0 ? unit_get(office->db, id) : NULL;
    gboolean member = unit != NULL && unit->retired_at == 0;
    unit_free(unit);
    return member ? id : 0;
}

/* “各成员单位” is everybody on the roster. */
static void find_units(struct office *office, struct intake *intake)
{
    gsize i;
    json_t *one, *recipients = json_object_get(intake->notice, "recipients");
    json_array_foreach (recipients, i, one) {
        const char *name = json_string_value(one);
        gint64 id = member_named(office, name);
        if (id == 0 && strstr(name, "各") != NULL && strstr(name, "单位") != NULL)
            add_all(office, intake);
        else if (id == 0)
            check(intake, "unknown_unit", "主送的“%s”不在名册里", name);
        else if (!has_unit(intake, id))
            g_array_append_val(intake->units, id);
    }
    if (json_array_size(recipients) == 0) {
        check(intake, "no_recipients", "通知没有写主送，按发给全部单位准备");
        add_all(office, intake);
    }
}

static void add_sections(struct intake *intake, const struct enclosed *files, guint n)
{
    for (guint i = 0; i < n; i++) {
        json_auto_t *sections = files[i].text != NULL ? notice_sections(files[i].text) : NULL;
        if (sections != NULL)
            json_array_extend(json_object_get(intake->notice, "units"), sections);
    }
}

/* The sections of an annex and the roster must name the same units. */
static void compare_sections(struct office *office, struct intake *intake)
{
    gsize i;
    json_t *one, *sections = json_object_get(intake->notice, "units");
    g_autoptr(GArray) named = g_array_new(FALSE, FALSE, sizeof(gint64));
    json_array_foreach (sections, i, one) {
        const char *name = json_string_value(json_object_get(one, "name"));
        gint64 id = unit_named(office, name);
        if (id == 0)
            check(intake, "unknown_unit", "附件写到“%s”，名册里没有这个单位", name);
        else
            g_array_append_val(named, id);
    }
    for (guint k = 0; json_array_size(sections) > 0 && k < intake->units->len; k++) {
        gint64 id = g_array_index(intake->units, gint64, k);
        gboolean found = FALSE;
        for (guint j = 0; j < named->len; j++)
            found = found || g_array_index(named, gint64, j) == id;
        g_autofree char *label = found ? NULL : unit_label(office->db, id);
        if (!found)
            check(intake, "unit_without_section", "名册里的“%s”在附件里没有自己的一节", label);
    }
}

static void check_addresses(struct office *office, struct intake *intake)
{
    for (guint i = 0; i < intake->units->len; i++) {
        gint64 id = g_array_index(intake->units, gint64, i);
        g_auto(GStrv) addresses = unit_addresses(office->db, id, ROLE_LIAISON);
        g_autofree char *label = addresses[0] == NULL ? unit_label(office->db, id) : NULL;
        if (addresses[0] == NULL)
            check(intake, "no_address", "“%s”没有登记邮箱，通知要另行送达", label);
    }
}

/* ---- annexes and deadline */

static void check_files(struct intake *intake, const struct enclosed *files, guint n)
{
    gsize k;
    json_t *one, *annexes = json_object_get(intake->notice, "annexes");
    for (guint i = 0; i < n; i++) {
        gboolean named = FALSE;
        json_array_foreach (annexes, k, one)
            named = named || notice_annex_is(json_string_value(one), files[i].filename);
        if (!named)
            check(intake, "unnamed_annex", "附件 %s 在通知的附件里没有写到", files[i].filename);
    }
}

static void check_deadline(struct intake *intake)
{
    const char *deadline = intake->matter.deadline;
    if (deadline == NULL && intake->matter.days == 0 && text_at(intake, "silence") != NULL)
        check(intake, "silence_without_deadline",
              "没有一个确定的截止时间，“视为无异议”先不生效：请另外写明截止时间");
    if (deadline != NULL && clock_now() >= deadline_end(deadline) &&
        !checked(intake, "past_deadline"))
        check(intake, "past_deadline", "截止时间 %s 已经过去", deadline);
    int year = deadline != NULL ? (int)g_ascii_strtoll(deadline, NULL, 10) : 0;
    if (year > 0 && !calendar_knows(year))
        check(intake, "unknown_calendar", "还没有 %d 年的放假安排，工作日只按周一到周五推算", year);
}

static void drop_checks(struct intake *intake, const char *const *tags)
{
    for (gsize i = json_array_size(intake->checks); i-- > 0;) {
        json_t *tag = json_object_get(json_array_get(intake->checks, i), "tag");
        if (g_strv_contains(tags, json_string_value(tag)))
            json_array_remove(intake->checks, i);
    }
}

void intake_set_deadline(struct intake *intake, const char *deadline)
{
    static const char *const tags[] = { "past_deadline",
                                        "two_deadlines",
                                        "relative_deadline",
                                        "silence_without_deadline",
                                        "doubtful_date",
                                        "nonworking_day",
                                        "weekday_mismatch",
                                        "unknown_calendar",
                                        NULL };
    struct matter *m = &intake->matter;
    json_t *evidence = json_object_get(intake->notice, "evidence");
    const char *sentence = json_string_value(json_object_get(evidence, "silence"));
    g_free(m->deadline);
    m->deadline = g_strdup(deadline);
    if (sentence != NULL && !m->deemed) {
        m->deemed = TRUE;
        m->silence_text = g_strdup(sentence);
    }
    drop_checks(intake, tags);
    check_deadline(intake);
    if (!day_is_working(deadline_day(deadline)))
        check(intake, "nonworking_day", "截止日 %s 不是工作日", deadline);
}

struct intake *intake_read(struct office *office, const char *text, const struct enclosed *files,
                           guint n_files, GError **error)
{
    g_autofree char *words = text_compact(text);
    if (*words == '\0') {
        fault_set(error, FAULT_REFUSED, "通知是空的");
        return NULL;
    }
    if (!intake_may_go(text, files, n_files, error))
        return NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < n_files; i++)
        g_ptr_array_add(names, (char *)files[i].filename);
    g_ptr_array_add(names, NULL);
    struct notice_setting setting = { .date = day_of(clock_now()),
                                      .closing = closing(office->policy),
                                      .exclusive = office->policy->exclusive,
                                      .mailbox = office->policy->address,
                                      .given = (const char *const *)names->pdata };
    struct intake *intake = g_new0(struct intake, 1);
    intake->notice = notice_read(text, &setting);
    intake->checks = json_deep_copy(json_object_get(intake->notice, "warnings"));
    intake->units = g_array_new(FALSE, FALSE, sizeof(gint64));
    fill_matter(intake, text);
    find_units(office, intake);
    add_sections(intake, files, n_files);
    compare_sections(office, intake);
    check_addresses(office, intake);
    check_files(intake, files, n_files);
    check_deadline(intake);
    return intake;
}

void intake_free(struct intake *intake)
{
    if (intake == NULL)
        return;
    json_decref(intake->notice);
    json_decref(intake->checks);
    g_array_unref(intake->units);
    g_free(intake->matter.title);
    g_free(intake->matter.number);
    g_free(intake->matter.deadline);
    g_free(intake->matter.notice);
    g_free(intake->matter.silence_text);
    g_free(intake);
}

gint64 intake_store(struct office *office, struct intake *intake, GError **error)
{
    const struct matter *m = &intake->matter;
    if (m->title == NULL || *m->title == '\0') {
        fault_set(error, FAULT_REFUSED, "通知里找不到标题：请用 --title 写明");
        return 0;
    }
    gint64 id = matter_add(office->db, m);
    for (guint i = 0; i < intake->units->len; i++)
        assignment_add(office->db, id, g_array_index(intake->units, gint64, i),
                       m->paper ? PAPER_WAITING : PAPER_NOT_REQUIRED);
    return id;
}
