/* The import of a roster: every row is checked before anything is written, nothing is removed. */
#include "bot/commands/roster.h"

#include <string.h>

struct importer {
    struct db *db;
    const struct roster *roster;
    GHashTable *codes, *names; /* of this file: code → name, name → code */
    GHashTable *touched;       /* unit ids whose old contacts were dated already */
    struct roster_count *count;
    GPtrArray *wrong; /* char *, one a row and column */
};

enum { LISTED = 20 }; /* complaints that a person may want to read at once */

/* Everything that is wrong is told at once; FALSE, so that “return refuse(…)” reads well. */
static gboolean refuse(struct importer *in, const struct roster_line *line,
                       enum roster_column column, const char *format, ...) G_GNUC_PRINTF(4, 5);
static gboolean refuse(struct importer *in, const struct roster_line *line,
                       enum roster_column column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    if (in->wrong->len < LISTED)
        g_ptr_array_add(in->wrong, g_strdup_printf("第 %d 行第 %d 列：%s", line->number,
                                                   in->roster->columns[column] + 1, why));
    return FALSE;
}

static gboolean check_emails(struct importer *in, const struct roster_line *line)
{
    g_auto(GStrv) list = roster_split(line->cells[COL_EMAIL]);
    for (char **email = list; *email != NULL; email++)
        if (**email != '\0' && !text_is_address(*email))
            return refuse(in, line, COL_EMAIL, "邮箱“%s”不对", *email);
    return TRUE;
}

/* A code names one unit, in the file and against the roster. */
static gboolean check_line(struct importer *in, const struct roster_line *line)
{
    const char *code = line->cells[COL_CODE];
    const char *name = line->cells[COL_NAME];
    const char *role = line->cells[COL_ROLE];
    if (*name == '\0')
        return refuse(in, line, COL_NAME, "没有写单位名称");
    if (*role != '\0' && role_of(role) < 0)
        return refuse(in, line, COL_ROLE, "角色“%s”应是 联络员、经办 或 签发", role);
    const char *known = *code != '\0' ? g_hash_table_lookup(in->codes, code) : NULL;
    if (known != NULL && !g_str_equal(known, name))
        return refuse(in, line, COL_CODE, "代码 %s 已用于“%s”，又用于“%s”", code, known, name);
    const char *other = g_hash_table_lookup(in->names, name);
    if (other != NULL && *code != '\0' && *other != '\0' && !g_str_equal(other, code))
        return refuse(in, line, COL_CODE, "“%s”有两个代码：%s 和 %s", name, other, code);
    gint64 coded = *code != '\0' ? unit_by_code(in->db, code) : 0;
    gint64 named = unit_by_name(in->db, name);
    if (coded != 0 && named != 0 && coded != named)
        return refuse(in, line, COL_NAME, "名册里“%s”已是另一个代码的单位", name);
    if (*code != '\0')
        g_hash_table_insert(in->codes, g_strdup(code), g_strdup(name));
    g_hash_table_insert(in->names, g_strdup(name), g_strdup(code));
    return check_emails(in, line);
}

static gint64 find_or_add(struct importer *in, const struct roster_line *line)
{
    const char *code = line->cells[COL_CODE];
    const char *name = line->cells[COL_NAME];
    const char *brief = line->cells[COL_SHORT];
    const char *role = line->cells[COL_ROLE];
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

static void import_contacts(struct importer *in, gint64 id, const struct roster_line *line)
{
    const char *role = line->cells[COL_ROLE];
    g_auto(GStrv) list = roster_split(line->cells[COL_EMAIL]);
    struct contact contact = { .role = *role != '\0' ? (enum role)role_of(role) : ROLE_LIAISON,
                               .name = line->cells[COL_LIAISON],
                               .phone = line->cells[COL_PHONE],
                               .mobile = line->cells[COL_MOBILE],
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
    if (!any && (*contact.name != '\0' || *contact.phone != '\0' || *contact.mobile != '\0'))
        keep_or_add(in, id, &contact);
}

static void import_line(struct importer *in, const struct roster_line *line)
{
    gint64 id = find_or_add(in, line);
    const char *aliases = line->cells[COL_ALIASES];
    g_auto(GStrv) list = roster_split(aliases);
    for (char **alias = list; *alias != NULL; alias++)
        if (**alias != '\0')
            unit_add_alias(in->db, id, *alias);
    import_contacts(in, id, line);
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

gboolean roster_import(struct db *db, const struct roster *roster, struct roster_count *count,
                       GError **error)
{
    g_autoptr(GHashTable) codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GHashTable) touched = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                                          (GDestroyNotify)g_hash_table_unref);
    g_autoptr(GPtrArray) wrong = g_ptr_array_new_with_free_func(g_free);
    struct importer in = { db, roster, codes, names, touched, count, wrong };
    for (guint i = 0; i < roster->lines->len; i++)
        check_line(&in, roster->lines->pdata[i]);
    if (wrong->len > 0) {
        g_ptr_array_add(wrong, NULL);
        g_autofree char *all = g_strjoinv("；", (char **)wrong->pdata);
        return fault_set(error, FAULT_REFUSED, "%s", all);
    }
    for (guint i = 0; i < roster->lines->len; i++)
        import_line(&in, roster->lines->pdata[i]);
    end_old_contacts(&in);
    return TRUE;
}
