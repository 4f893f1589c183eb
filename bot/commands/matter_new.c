/* lianluo matter new: a draft from what the clerk gives; everything is checked before a row is
 * written. */
#include "bot/commands/matter.h"

#include <gio/gio.h>
#include <stdio.h>
#include <string.h>

static char *option_title, *option_number, *option_kind, *option_notice, *option_deadline;
static char *option_require, *option_silence, *option_silence_text, *option_why, *option_unit;
static char *option_from;
static char **option_annex, **option_units;
const GOptionEntry matter_options[] = {
    { "title", 0, 0, G_OPTION_ARG_STRING, &option_title, NULL, NULL },
    { "number", 0, 0, G_OPTION_ARG_STRING, &option_number, NULL, NULL },
    { "kind", 0, 0, G_OPTION_ARG_STRING, &option_kind, NULL, NULL },
    { "notice", 0, 0, G_OPTION_ARG_STRING, &option_notice, NULL, NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &option_from, NULL, NULL },
    { "deadline", 0, 0, G_OPTION_ARG_STRING, &option_deadline, NULL, NULL },
    { "require", 0, 0, G_OPTION_ARG_STRING, &option_require, NULL, NULL },
    { "silence", 0, 0, G_OPTION_ARG_STRING, &option_silence, NULL, NULL },
    { "silence-text", 0, 0, G_OPTION_ARG_STRING, &option_silence_text, NULL, NULL },
    { "annex", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_annex, NULL, NULL },
    { "units", 0, 0, G_OPTION_ARG_STRING_ARRAY, &option_units, NULL, NULL },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &option_unit, NULL, NULL },
    { "why", 0, 0, G_OPTION_ARG_STRING, &option_why, NULL, NULL },
    { NULL },
};

const char *matter_option_deadline(void)
{
    return option_deadline;
}

const char *matter_option_why(void)
{
    return option_why;
}

const char *matter_option_unit(void)
{
    return option_unit;
}

enum { TITLE_MAX = 300 };

struct annex_file {
    char *filename, *content_type, *sha256;
    GBytes *bytes;
    json_t *document; /* what it says; NULL: not read */
};

static void annex_file_free(gpointer data)
{
    struct annex_file *a = data;
    g_free(a->filename);
    g_free(a->content_type);
    g_free(a->sha256);
    g_bytes_unref(a->bytes);
    json_decref(a->document);
    g_free(a);
}

static gboolean read_annex(const char *path, GPtrArray *annexes, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, &cause);
    if (map == NULL)
        return fault_set(error, FAULT_REFUSED, "读不到附件 %s：%s", path, cause->message);
    gsize n = g_mapped_file_get_length(map);
    if (n > ANNEXES_MAX)
        return fault_set(error, FAULT_REFUSED, "附件 %s 有 %.1f MB，超过 20 MB，多数邮箱收不下",
                         path, (double)n / 1024 / 1024);
    struct annex_file *a = g_new0(struct annex_file, 1);
    g_autofree char *base = g_path_get_basename(path);
    gboolean uncertain;
    g_autofree char *guess = g_content_type_guess(base, NULL, 0, &uncertain);
    g_autofree char *mime = uncertain ? NULL : g_content_type_get_mime_type(guess);
    a->filename = text_filename(base);
    a->content_type = g_strdup(mime != NULL ? mime : "application/octet-stream");
    a->bytes = g_mapped_file_get_bytes(map);
    g_ptr_array_add(annexes, a);
    return TRUE;
}

/* Those of --annex, then those named by path. */
static gboolean read_annexes(char **paths, int n_paths, GPtrArray *annexes, GError **error)
{
    gsize total = 0;
    for (char **path = option_annex; path != NULL && *path != NULL; path++)
        if (!read_annex(*path, annexes, error))
            return FALSE;
    for (int i = 0; i < n_paths; i++)
        if (!read_annex(paths[i], annexes, error))
            return FALSE;
    for (guint i = 0; i < annexes->len; i++)
        total += g_bytes_get_size(((const struct annex_file *)annexes->pdata[i])->bytes);
    if (total > ANNEXES_MAX)
        return fault_set(error, FAULT_REFUSED, "附件合计 %.1f MB，超过 20 MB，多数邮箱收不下",
                         (double)total / 1024 / 1024);
    return TRUE;
}

static gboolean read_notice(char **text, GError **error)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) cause = NULL;
    gsize n;
    if (option_notice == NULL)
        return fault_set(error, FAULT_REFUSED, "缺少通知正文：--notice 文件.txt");
    if (!g_file_get_contents(option_notice, &bytes, &n, &cause))
        return fault_set(error, FAULT_REFUSED, "读不到通知 %s：%s", option_notice, cause->message);
    if (!g_utf8_validate(bytes, (gssize)n, NULL)) {
        char *converted = g_convert(bytes, (gssize)n, "UTF-8", "GB18030", NULL, &n, NULL);
        if (converted == NULL)
            return fault_set(error, FAULT_REFUSED, "通知 %s 不是 UTF-8 或 GBK 文本", option_notice);
        g_free(bytes);
        bytes = converted;
    }
    *text = text_clean(bytes, (gssize)n);
    g_autofree char *words = text_compact(*text);
    return *words != '\0' || fault_set(error, FAULT_REFUSED, "通知 %s 是空的", option_notice);
}

/* The sentence that makes silence consent must stand in the notice, or be given by a person. */
static char *silence_sentence(const char *notice)
{
    g_autoptr(GRegex) regex =
        g_regex_new("[^。；！，,\\n]*逾期[^。；！\\n]{0,20}(?:视为|视同|即为|按)[^。；！\\n]{0,12}"
                    "(?:无异议|无意见|同意|没有意见|没有异议|认同)[^。；！，,\\n]*",
                    0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    if (!g_regex_match(regex, notice, 0, &match))
        return NULL;
    return g_strstrip(g_match_info_fetch(match, 0));
}

static gboolean set_silence(struct matter *m, GError **error)
{
    if (option_silence == NULL || g_str_equal(option_silence, "none"))
        return option_silence_text == NULL ||
               fault_set(error, FAULT_REFUSED, "--silence-text 要和 --silence deemed 一起用");
    if (!g_str_equal(option_silence, "deemed"))
        return fault_set(error, FAULT_REFUSED, "--silence 应是 deemed（视为无异议）或 none");
    m->deemed = TRUE;
    m->silence_text =
        option_silence_text != NULL ? g_strdup(option_silence_text) : silence_sentence(m->notice);
    if (m->silence_text == NULL || *m->silence_text == '\0')
        return fault_set(error, FAULT_REFUSED,
                         "通知里没有“逾期视为无异议”一类的句子，不能把沉默当作同意；"
                         "如果另有依据，请用 --silence-text 写明原句");
    return TRUE;
}

static gboolean set_requirements(struct matter *m, GError **error)
{
    g_auto(GStrv) words =
        g_strsplit(option_require != NULL ? option_require : "electronic", ",", -1);
    for (char **word = words; *word != NULL; word++) {
        g_strstrip(*word);
        if (g_str_equal(*word, "electronic"))
            m->electronic = TRUE;
        else if (g_str_equal(*word, "paper"))
            m->paper = TRUE;
        else
            return fault_set(error, FAULT_REFUSED, "--require 只认 electronic 和 paper，没有“%s”",
                             *word);
    }
    return TRUE;
}

static gboolean set_deadline(struct matter *m, GError **error)
{
    if (option_deadline == NULL)
        return !m->deemed || fault_set(error, FAULT_REFUSED, "视为无异议须有截止时间：--deadline");
    m->deadline = deadline_normalize(option_deadline, error);
    if (m->deadline == NULL)
        return FALSE;
    if (clock_now() >= deadline_end(m->deadline))
        return fault_set(error, FAULT_REFUSED, "截止时间 %s 已经过去", m->deadline);
    return TRUE;
}

static gboolean set_fields(struct matter *m, GError **error)
{
    if (option_title == NULL || *option_title == '\0')
        return fault_set(error, FAULT_REFUSED, "缺少标题：--title");
    if (g_utf8_strlen(option_title, -1) > TITLE_MAX || strpbrk(option_title, "\r\n") != NULL)
        return fault_set(error, FAULT_REFUSED, "标题应是一行，不超过 %d 字", TITLE_MAX);
    int kind = matter_kind_of(option_kind != NULL ? option_kind : "consultation");
    if (kind < 0)
        return fault_set(
            error, FAULT_REFUSED,
            "没有“%s”这种事项：consultation、report、meeting、agenda、notice 或 follow_up",
            option_kind);
    m->title = g_strdup(option_title);
    m->number = g_strdup(option_number);
    m->kind = (enum matter_kind)kind;
    return read_notice(&m->notice, error) && set_silence(m, error) && set_requirements(m, error) &&
           set_deadline(m, error);
}

/* --units all, or names separated by commas or 、; may be given several times. */
static gboolean find_units(struct office *office, GArray *units, GError **error)
{
    gboolean all = option_units == NULL || g_strcmp0(option_units[0], "all") == 0;
    g_autoptr(GPtrArray) members = all ? unit_list(office->db, FALSE) : NULL;
    for (guint i = 0; all && i < members->len; i++) {
        const struct unit *unit = members->pdata[i];
        if (!g_str_equal(unit->code, UNIT_OFFICE))
            g_array_append_val(units, unit->id);
    }
    for (char **list = all ? NULL : option_units; list != NULL && *list != NULL; list++) {
        g_autoptr(GString) even = g_string_new(*list);
        g_string_replace(even, "、", ",", 0);
        g_string_replace(even, "，", ",", 0);
        g_auto(GStrv) names = g_strsplit(even->str, ",", -1);
        for (char **name = names; *name != NULL; name++) {
            gint64 id = cli_unit(office, g_strstrip(*name), error);
            if (id == 0)
                return FALSE;
            gboolean twice = FALSE;
            for (guint i = 0; i < units->len; i++)
                twice = twice || g_array_index(units, gint64, i) == id;
            if (!twice)
                g_array_append_val(units, id);
        }
    }
    return units->len > 0 ||
           fault_set(error, FAULT_REFUSED, "名册里没有单位：请先 lianluo unit import");
}

static void add_annexes(struct db *db, gint64 matter, const GPtrArray *annexes)
{
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex_file *a = annexes->pdata[i];
        gsize n;
        const void *bytes = g_bytes_get_data(a->bytes, &n);
        raw_row(db, a->sha256, bytes, n);
        annex_add(db, matter, a->filename, a->content_type, a->sha256);
        if (a->document != NULL)
            document_set(db, a->sha256, a->document);
    }
}

static gint64 add_rows(struct db *db, const struct matter *m, const GPtrArray *annexes,
                       const GArray *units, GError **error)
{
    db_begin(db);
    gint64 id = matter_add(db, m);
    add_annexes(db, id, annexes);
    for (guint i = 0; i < units->len; i++)
        assignment_add(db, id, g_array_index(units, gint64, i),
                       m->paper ? PAPER_WAITING : PAPER_NOT_REQUIRED);
    return db_commit(db, error) ? id : 0;
}

static gboolean store_annexes(struct db *db, const GPtrArray *annexes, GError **error)
{
    for (guint i = 0; i < annexes->len; i++) {
        struct annex_file *a = annexes->pdata[i];
        gsize n;
        const void *bytes = g_bytes_get_data(a->bytes, &n);
        a->sha256 = raw_file(db, bytes, n, error);
        if (a->sha256 == NULL)
            return FALSE;
        if (a->document == NULL)
            a->document = document_of_bytes(a->bytes, a->filename, error);
        if (a->document == NULL)
            return FALSE;
    }
    return TRUE;
}

/* The files' texts are looked at, too; one that cannot be read says nothing. */
static gboolean read_texts(const GPtrArray *annexes, struct enclosed *files, GError **error)
{
    for (guint i = 0; i < annexes->len; i++) {
        struct annex_file *a = annexes->pdata[i];
        a->document = document_of_bytes(a->bytes, a->filename, error);
        if (a->document == NULL)
            return FALSE;
        const char *text = json_string_value(json_object_get(a->document, "text"));
        files[i] =
            (struct enclosed){ a->filename, text, document_warns(a->document, "secret_marking") };
    }
    return TRUE;
}

static gboolean may_go(const struct matter *m, const GPtrArray *annexes, GError **error)
{
    g_autofree struct enclosed *files = g_new0(struct enclosed, annexes->len + 1);
    return read_texts(annexes, files, error) &&
           intake_may_go(m->notice, files, annexes->len, error);
}

/* ---- --from: the notice says it; what is given beside it wins */

static gboolean override(struct intake *intake, GError **error)
{
    struct matter *m = &intake->matter;
    int kind = option_kind != NULL ? matter_kind_of(option_kind) : (int)m->kind;
    if (kind < 0)
        return fault_set(error, FAULT_REFUSED, "没有“%s”这种事项", option_kind);
    m->kind = (enum matter_kind)kind;
    if (option_title != NULL) {
        g_free(m->title);
        m->title = g_strdup(option_title);
    }
    if (option_number != NULL) {
        g_free(m->number);
        m->number = g_strdup(option_number);
    }
    if (option_deadline != NULL) {
        g_autofree char *deadline = deadline_normalize(option_deadline, error);
        if (deadline == NULL)
            return FALSE;
        intake_set_deadline(intake, deadline);
    }
    if (option_require != NULL)
        m->electronic = m->paper = FALSE;
    if (option_silence != NULL) {
        m->deemed = FALSE;
        g_clear_pointer(&m->silence_text, g_free);
    }
    return (option_require == NULL || set_requirements(m, error)) &&
           (option_silence == NULL || set_silence(m, error));
}

static gint64 store_intake(struct bot *bot, struct intake *intake, const GPtrArray *annexes,
                           GError **error)
{
    db_begin(bot->db);
    gint64 id = intake_store(&bot->office, intake, error);
    if (id == 0) {
        db_rollback(bot->db);
        return 0;
    }
    add_annexes(bot->db, id, annexes);
    return db_commit(bot->db, error) ? id : 0;
}

/* The mail brings the notice proper; where annexes stand in the same file, it goes along whole. */
static gboolean enclose_notice(const struct intake *intake, GPtrArray *annexes, GError **error)
{
    if (!intake->annexes_inside || strcmp(option_from, "-") == 0)
        return TRUE;
    if (!read_annex(option_from, annexes, error))
        return FALSE;
    struct annex_file *a = annexes->pdata[annexes->len - 1];
    a->document = document_of_bytes(a->bytes, a->filename, error);
    return a->document != NULL;
}

static struct intake *read_intake(struct bot *bot, GPtrArray *annexes, GError **error)
{
    g_autofree char *text = text_file(option_from, error);
    g_autofree struct enclosed *files = g_new0(struct enclosed, annexes->len + 1);
    if (text == NULL || !read_texts(annexes, files, error))
        return NULL;
    struct intake *intake = intake_read(&bot->office, text, files, annexes->len, error);
    if (intake != NULL && !enclose_notice(intake, annexes, error))
        g_clear_pointer(&intake, intake_free);
    return intake;
}

static void tell_intake(struct cli *cli, const struct intake *intake, gint64 id, guint annexes)
{
    if (cli->json) {
        print_json(json_pack("{sI si si sO sO}", "matter", (json_int_t)id, "units",
                             (int)intake->units->len, "annexes", (int)annexes, "notice",
                             intake->notice, "checks", intake->checks));
        return;
    }
    g_autofree char *form = intake_form(intake);
    printf("%s\n已建立事项 %" G_GINT64_FORMAT
           "（草稿）。核对后执行：lianluo matter issue %" G_GINT64_FORMAT
           "；不对就撤销：lianluo matter cancel %" G_GINT64_FORMAT "\n",
           form, id, id, id);
}

static int matter_from(struct cli *cli, struct bot *bot, GError **error)
{
    g_autoptr(GPtrArray) annexes = g_ptr_array_new_with_free_func(annex_file_free);
    struct intake *intake = NULL;
    gint64 id = 0;
    if (read_annexes(cli->argv, cli->argc, annexes, error))
        intake = read_intake(bot, annexes, error);
    if (intake != NULL && option_units != NULL)
        g_array_set_size(intake->units, 0);
    if (intake != NULL && override(intake, error) &&
        (option_units == NULL || find_units(&bot->office, intake->units, error)) &&
        store_annexes(bot->db, annexes, error))
        id = store_intake(bot, intake, annexes, error);
    if (id != 0)
        tell_intake(cli, intake, id, annexes->len);
    intake_free(intake);
    return id != 0 ? EXIT_DONE : FAULT_REFUSED;
}

int matter_new(struct cli *cli, struct bot *bot, GError **error)
{
    struct matter m = { 0 };
    g_autoptr(GPtrArray) annexes = g_ptr_array_new_with_free_func(annex_file_free);
    g_autoptr(GArray) units = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 id = 0;
    if (option_from != NULL)
        return matter_from(cli, bot, error);
    if (cli_expect(cli, 0, 0, "matter new --title … --notice 文件.txt …", error) &&
        set_fields(&m, error) && read_annexes(NULL, 0, annexes, error) &&
        find_units(&bot->office, units, error) && may_go(&m, annexes, error) &&
        store_annexes(bot->db, annexes, error))
        id = add_rows(bot->db, &m, annexes, units, error);
    if (id != 0 && cli->json)
        print_json(json_pack("{sI si si}", "matter", (json_int_t)id, "units", (int)units->len,
                             "annexes", (int)annexes->len));
    else if (id != 0)
        printf("已建立事项 %" G_GINT64_FORMAT "（草稿）：%s，发给 %u 个单位，附件 %u 个，截止 %s\n"
               "核对后执行：lianluo matter issue %" G_GINT64_FORMAT "\n",
               id, m.title, units->len, annexes->len, m.deadline != NULL ? m.deadline : "没有", id);
    g_free(m.title);
    g_free(m.number);
    g_free(m.notice);
    g_free(m.deadline);
    g_free(m.silence_text);
    return id != 0 ? EXIT_DONE : FAULT_REFUSED;
}
