/* A roster out of an annex: a table with headers, one that a printer has laid out with blanks, the
 * units' own sections, or a list. */
#include "bot/commands/roster.h"

#include <string.h>

static void add(struct roster *roster, json_t *member)
{
    static const struct {
        enum roster_column column;
        const char *key;
    } fields[] = { { COL_NAME, "name" },
                   { COL_LIAISON, "person" },
                   { COL_EMAIL, "email" },
                   { COL_PHONE, "phone" },
                   { COL_MOBILE, "mobile" } };
    struct roster_line *line = g_new0(struct roster_line, 1);
    line->number = (int)json_integer_value(json_object_get(member, "line"));
    for (int c = 0; c < ROSTER_COLUMNS; c++)
        line->cells[c] = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        line->cells[fields[i].column] =
            g_strdup(json_string_value(json_object_get(member, fields[i].key)));
    for (int c = 0; c < ROSTER_COLUMNS; c++)
        if (line->cells[c] == NULL)
            line->cells[c] = g_strdup("");
    g_ptr_array_add(roster->lines, line);
}

/* A printer breaks the text of a narrow cell: then nobody can tell whose the pieces are. */
static void forget_contacts(struct roster *roster)
{
    static const enum roster_column contacts[] = { COL_LIAISON, COL_EMAIL, COL_PHONE, COL_MOBILE };
    for (guint i = 0; i < roster->lines->len; i++)
        for (gsize k = 0; k < G_N_ELEMENTS(contacts); k++)
            *((struct roster_line *)roster->lines->pdata[i])->cells[contacts[k]] = '\0';
    roster_note(roster,
                "表格里有的格子折成了几行，只读了单位名称，联系方式没有读：请用 Word 或 Excel "
                "原件，或另行补登");
}

static gboolean is_broken(const struct roster_line *line)
{
    const char *email = line->cells[COL_EMAIL], *mobile = line->cells[COL_MOBILE];
    g_auto(GStrv) list = roster_split(email);
    for (char **one = list; *one != NULL; one++)
        if (**one != '\0' && !text_is_address(*one))
            return TRUE;
    return (*mobile != '\0' && strlen(mobile) < strlen("13800000000")) ||
           (*line->cells[COL_PHONE] != '\0' && strlen(line->cells[COL_PHONE]) < strlen("2000001"));
}

/* Leaves the rows that name a unit. FALSE: none does. */
static gboolean only_units(struct roster *roster)
{
    gboolean broken = FALSE, below = TRUE;
    for (guint i = roster->lines->len; i-- > 0;) {
        const struct roster_line *line = roster->lines->pdata[i];
        gboolean unit = notice_names_unit(line->cells[COL_NAME]);
        below = below && !unit; /* what stands below the last unit breaks no row */
        broken = broken || (unit ? is_broken(line) : !below);
        if (unit)
            continue;
        roster_note(roster, "第 %d 行没有认出单位：%s", line->number, line->cells[COL_NAME]);
        g_ptr_array_remove_index(roster->lines, i);
    }
    if (broken && roster->lines->len > 0)
        forget_contacts(roster);
    return roster->lines->len > 0;
}

/* “— 1 —” */
static gboolean is_page_number(const char *line)
{
    g_autofree char *compact = text_compact(line);
    return g_regex_match_simple("^[—–-]?[0-9]{1,3}[—–-]?$", compact, 0, 0);
}

/* Columns that are told apart by tabs or wide gaps. */
static struct roster *of_columns(const char *text)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        int number = i + 1;
        if (is_page_number(lines[i]))
            continue;
        g_ptr_array_add(rows,
                        g_regex_split_simple("\\t|[ \\x{3000}]{2,}", g_strstrip(lines[i]), 0, 0));
        g_array_append_val(numbers, number);
    }
    struct roster *roster = roster_of_rows(rows, (const int *)numbers->data);
    if (roster != NULL && (!only_units(roster) || roster->lines->len == 0))
        g_clear_pointer(&roster, roster_free);
    return roster;
}

/* “市教育局……具体职责：”, one for each unit. */
static struct roster *of_sections(const char *text)
{
    json_auto_t *sections = notice_sections(text);
    struct roster *roster = json_array_size(sections) > 1 ? roster_new() : NULL;
    size_t i;
    json_t *one;
    for (i = 0; roster != NULL && i < json_array_size(sections); i++) {
        one = json_array_get(sections, i);
        add(roster, one);
        ((struct roster_line *)roster->lines->pdata[i])->number = (int)i + 1;
    }
    if (roster != NULL)
        roster_note(roster, "按各单位自己的一节（“……职责：”）读出 %u 个单位，行号是第几节",
                    roster->lines->len);
    return roster;
}

static struct roster *of_list(const char *text)
{
    json_auto_t *found = notice_members(text);
    struct roster *roster = roster_new();
    size_t i;
    json_t *one;
    json_array_foreach (json_object_get(found, "members"), i, one)
        add(roster, one);
    json_array_foreach (json_object_get(found, "unclear"), i, one)
        roster_note(roster, "第 %d 行没有认出单位：%s",
                    (int)json_integer_value(json_object_get(one, "line")),
                    json_string_value(json_object_get(one, "text")));
    return roster;
}

struct roster *roster_of_annex(json_t *document, GError **error)
{
    const char *text = json_string_value(json_object_get(document, "text"));
    struct roster *roster = roster_of_tables(json_object_get(document, "tables"), NULL);
    if (roster == NULL && text != NULL)
        roster = of_columns(text);
    if (roster == NULL && text != NULL)
        roster = of_sections(text);
    if (roster == NULL && text != NULL)
        roster = of_list(text);
    if (roster != NULL && roster->lines->len > 0)
        return roster;
    fault_set(error, FAULT_REFUSED,
              "里没有读出单位：要有名单（一行一个单位，或用顿号隔开）、带“单位”表头的表，或各单位的"
              "职责");
    roster_free(roster);
    return NULL;
}
