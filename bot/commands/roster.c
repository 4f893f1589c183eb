/* The import of a roster: columns are found by their headers, every row is checked before anything
 * is written, nothing is removed. */
#include "bot/commands/roster.h"

#include <string.h>

enum column {
    COL_CODE,
    COL_NAME,
    COL_SHORT,
    COL_ALIASES,
    COL_LIAISON,
    COL_EMAIL,
    COL_PHONE,
    COL_MOBILE,
    COL_ROLE,
    COLUMNS
};
static const char *const headers[COLUMNS][5] = {
    [COL_CODE] = { "code", "代码", "单位代码", "编号" },
    [COL_NAME] = { "name", "单位", "单位名称", "单位全称", "成员单位" },
    [COL_SHORT] = { "short_name", "简称" },
    [COL_ALIASES] = { "aliases", "别名", "曾用名" },
    [COL_LIAISON] = { "liaison", "联络员", "联系人", "姓名" },
    [COL_EMAIL] = { "email", "邮箱", "电子邮箱", "电子邮件" },
    [COL_PHONE] = { "phone", "电话", "联系电话", "办公电话" },
    [COL_MOBILE] = { "mobile", "手机", "手机号", "手机号码" },
    [COL_ROLE] = { "role", "角色" },
};

struct importer {
    struct db *db;
    int columns[COLUMNS];      /* index in the file, -1: not there */
    GHashTable *codes, *names; /* of this file: code → name, name → code */
    GHashTable *touched;       /* unit ids whose old contacts were dated already */
    struct roster_count *count;
};

static gboolean find_columns(struct importer *in, char **header, GError **error)
{
    for (int c = 0; c < COLUMNS; c++)
        in->columns[c] = -1;
    for (int i = 0; header[i] != NULL; i++) {
        g_autofree char *word = text_compact(header[i]);
        for (int c = 0; c < COLUMNS; c++)
            for (int k = 0; k < 5 && headers[c][k] != NULL; k++)
                if (g_ascii_strcasecmp(headers[c][k], word) == 0 && in->columns[c] < 0)
                    in->columns[c] = i;
    }
    if (in->columns[COL_NAME] < 0)
        return fault_set(error, FAULT_REFUSED, "第 1 行里找不到“单位”（name）这一列");
    return TRUE;
}

static char *cell(const struct importer *in, char **row, enum column column)
{
    int index = in->columns[column];
    if (index < 0 || (guint)index >= g_strv_length(row))
        return g_strdup("");
    return g_strstrip(g_strdup(row[index]));
}

static gboolean refuse(int row, int column, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static gboolean refuse(int row, int column, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    if (column < 0)
        return fault_set(error, FAULT_REFUSED, "第 %d 行：%s", row, why);
    return fault_set(error, FAULT_REFUSED, "第 %d 行第 %d 列：%s", row, column + 1, why);
}

/* One address or several in a cell. */
static char **addresses_of(const char *text)
{
    g_autofree char *even = g_strdup(text);
    g_autoptr(GString) words = g_string_new(even);
    g_string_replace(words, "；", ";", 0);
    g_string_replace(words, "、", ";", 0);
    g_string_replace(words, "，", ";", 0);
    g_string_replace(words, ",", ";", 0);
    g_string_replace(words, " ", ";", 0);
    return g_strsplit(words->str, ";", -1);
}

static gboolean check_emails(const struct importer *in, char **row, int number, GError **error)
{
    g_autofree char *emails = cell(in, row, COL_EMAIL);
    g_auto(GStrv) list = addresses_of(emails);
    for (char **email = list; *email != NULL; email++)
        if (**email != '\0' && !text_is_address(*email))
            return refuse(number, in->columns[COL_EMAIL], error, "邮箱“%s”不对", *email);
    return TRUE;
}

/* A code names one unit, in the file and against the roster. */
static gboolean check_row(struct importer *in, char **row, int number, GError **error)
{
    g_autofree char *code = cell(in, row, COL_CODE);
    g_autofree char *name = cell(in, row, COL_NAME);
    g_autofree char *role = cell(in, row, COL_ROLE);
    if (*name == '\0')
        return refuse(number, in->columns[COL_NAME], error, "没有写单位名称");
    if (*role != '\0' && role_of(role) < 0)
        return refuse(number, in->columns[COL_ROLE], error, "角色“%s”应是 联络员、经办 或 签发",
                      role);
    const char *known = *code != '\0' ? g_hash_table_lookup(in->codes, code) : NULL;
    if (known != NULL && !g_str_equal(known, name))
        return refuse(number, in->columns[COL_CODE], error, "代码 %s 已用于“%s”，又用于“%s”", code,
                      known, name);
    const char *other = g_hash_table_lookup(in->names, name);
    if (other != NULL && *code != '\0' && *other != '\0' && !g_str_equal(other, code))
        return refuse(number, in->columns[COL_CODE], error, "“%s”有两个代码：%s 和 %s", name, other,
                      code);
    gint64 coded = *code != '\0' ? unit_by_code(in->db, code) : 0;
    gint64 named = unit_by_name(in->db, name);
    if (coded != 0 && named != 0 && coded != named)
        return refuse(number, in->columns[COL_NAME], error, "名册里“%s”已是另一个代码的单位", name);
    if (*code != '\0')
        g_hash_table_insert(in->codes, g_strdup(code), g_strdup(name));
    g_hash_table_insert(in->names, g_strdup(name), g_strdup(code));
    return check_emails(in, row, number, error);
}

static gint64 find_or_add(struct importer *in, char **row)
{
    g_autofree char *code = cell(in, row, COL_CODE);
    g_autofree char *name = cell(in, row, COL_NAME);
    g_autofree char *brief = cell(in, row, COL_SHORT);
    g_autofree char *role = cell(in, row, COL_ROLE);
    gint64 id = *code != '\0' ? unit_by_code(in->db, code) : 0;
    /* The office's own people belong to the unit "office", however it is called. */
    if (id == 0 && *role != '\0' && role_of(role) != ROLE_LIAISON)
        return unit_by_code(in->db, UNIT_OFFICE);
    if (id == 0)
        id = unit_by_name(in->db, name);
    if (id == 0) {
        in->count->added++;
        return unit_add(in->db, *code != '\0' ? code : NULL, name, brief);
    }
    struct unit *unit = unit_get(in->db, id);
    const char *short_name = *brief != '\0' ? brief : unit->short_name;
    if (!g_str_equal(unit->name, name) || !g_str_equal(unit->short_name, short_name)) {
        unit_rename(in->db, id, name, short_name);
        in->count->changed++;
    }
    unit_free(unit);
    return id;
}

static gboolean same_contact(const struct contact *a, const struct contact *b)
{
    return a->role == b->role && g_str_equal(a->name, b->name) &&
           g_ascii_strcasecmp(a->email, b->email) == 0 && g_str_equal(a->phone, b->phone) &&
           g_str_equal(a->mobile, b->mobile);
}

/* A contact that is the same stays as it is; marking it keeps it from being ended. */
static void keep_or_add(struct importer *in, gint64 id, const struct contact *contact)
{
    struct unit *unit = unit_get(in->db, id);
    GHashTable *kept = g_hash_table_lookup(in->touched, &id);
    if (kept == NULL) {
        kept = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
        g_hash_table_insert(in->touched, g_memdup2(&id, sizeof id), kept);
    }
    for (guint i = 0; i < unit->contacts->len; i++) {
        const struct contact *old = unit->contacts->pdata[i];
        if (same_contact(old, contact)) {
            g_hash_table_add(kept, g_memdup2(&old->id, sizeof old->id));
            unit_free(unit);
            return;
        }
    }
    unit_free(unit);
    gint64 added = contact_add(in->db, id, contact);
    g_hash_table_add(kept, g_memdup2(&added, sizeof added));
    in->count->contacts++;
}

static void import_contacts(struct importer *in, gint64 id, char **row)
{
    g_autofree char *name = cell(in, row, COL_LIAISON);
    g_autofree char *emails = cell(in, row, COL_EMAIL);
    g_autofree char *phone = cell(in, row, COL_PHONE);
    g_autofree char *mobile = cell(in, row, COL_MOBILE);
    g_autofree char *role = cell(in, row, COL_ROLE);
    g_auto(GStrv) list = addresses_of(emails);
    struct contact contact = { .role = *role != '\0' ? (enum role)role_of(role) : ROLE_LIAISON,
                               .name = name,
                               .phone = phone,
                               .mobile = mobile,
                               .since = clock_now() };
    gboolean any = FALSE;
    for (char **email = list; *email != NULL; email++) {
        if (**email == '\0')
            continue;
        contact.email = *email;
        keep_or_add(in, id, &contact);
        any = TRUE;
    }
    contact.email = (char *)"";
    if (!any && (*name != '\0' || *phone != '\0' || *mobile != '\0'))
        keep_or_add(in, id, &contact);
}

static void import_row(struct importer *in, char **row)
{
    gint64 id = find_or_add(in, row);
    g_autofree char *aliases = cell(in, row, COL_ALIASES);
    g_auto(GStrv) list = addresses_of(aliases);
    for (char **alias = list; *alias != NULL; alias++)
        if (**alias != '\0')
            unit_add_alias(in->db, id, *alias);
    import_contacts(in, id, row);
}

/* Contacts of a unit in this file that the file no longer names are dated, not removed. */
static void end_old_contacts(struct importer *in)
{
    GHashTableIter iter;
    gpointer key, kept;
    g_hash_table_iter_init(&iter, in->touched);
    while (g_hash_table_iter_next(&iter, &key, &kept)) {
        struct unit *unit = unit_get(in->db, *(gint64 *)key);
        for (guint i = 0; i < unit->contacts->len; i++) {
            const struct contact *contact = unit->contacts->pdata[i];
            if (!g_hash_table_contains(kept, &contact->id)) {
                contact_end(in->db, contact->id, clock_now());
                in->count->ended++;
            }
        }
        unit_free(unit);
    }
}

static gboolean is_blank(char **row)
{
    for (; *row != NULL; row++)
        if (*g_strstrip(*row) != '\0')
            return FALSE;
    return TRUE;
}

gboolean roster_import(struct db *db, const char *bytes, gsize n, struct roster_count *count,
                       GError **error)
{
    g_autoptr(GPtrArray) rows = csv_parse(bytes, n, error);
    if (rows == NULL)
        return FALSE;
    if (rows->len < 2)
        return fault_set(error, FAULT_REFUSED, "名册里没有单位：第 1 行是表头，以下每行一个单位");
    g_autoptr(GHashTable) codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                                          (GDestroyNotify)g_hash_table_unref);
    struct importer in = {
        .db = db, .codes = codes, .names = names, .touched = touched, .count = count
    };
    if (!find_columns(&in, rows->pdata[0], error))
        return FALSE;
    for (guint i = 1; i < rows->len; i++)
        if (!is_blank(rows->pdata[i]) &&
            !check_row(&in, rows->pdata[i], csv_line(rows->pdata[i]), error))
            return FALSE;
    for (guint i = 1; i < rows->len; i++)
        if (!is_blank(rows->pdata[i]))
            import_row(&in, rows->pdata[i]);
    end_old_contacts(&in);
    return TRUE;
}
