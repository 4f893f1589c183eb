/* All opinions of one submission, each once. */
#include "wording/opinions/opinions.h"

#include "base/base.h"
#include "wording/opinions/private.h"
#include <string.h>

enum { OPINIONS_MAX = 1000 };

const char *opinion_kind_text(enum opinion_kind kind)
{
    static const char *const texts[] = { "change", "comment", "row", "diff", "prose" };
    return texts[kind];
}

const char *operation_text(enum operation operation)
{
    static const char *const texts[] = { "add", "delete", "replace", "remark" };
    return texts[operation];
}

struct opinion *opinion_new(GPtrArray *found, enum opinion_kind kind, const char *file)
{
    struct opinion *o = g_new0(struct opinion, 1);
    char **const fields[] = { &o->text,     &o->original, &o->proposed, &o->reason, &o->place,
                              &o->document, &o->label,    &o->sentence, &o->result, &o->key };
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        *fields[i] = g_strdup("");
    o->kind = kind;
    o->operation = OPERATION_REMARK;
    o->file = g_strdup(file != NULL ? file : "");
    o->candidates = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(found, o);
    return o;
}

void opinion_take(char **field, char *value)
{
    g_free(*field);
    *field = value;
}

void opinion_free(gpointer data)
{
    struct opinion *o = data;
    char *const fields[] = { o->text,  o->original, o->proposed, o->reason, o->file, o->place,
                             o->label, o->document, o->sentence, o->result, o->key };
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        g_free(fields[i]);
    g_ptr_array_unref(o->candidates);
    g_free(o);
}

/* ---- what is the same */

/* What its sentence would become; for what no sentence tells, its words without ornament. */
static char *result_of(const struct opinion *o)
{
    static const char *const ornaments[] = {
        "建议", "修改为", "将", "“", "”", "：", "。", ":", "，"
    };
    g_autofree char *sentence = words_key(o->sentence), *old = words_key(o->original);
    g_autofree char *new = words_key(o->proposed);
    const char *hit = *old != '\0' ? strstr(sentence, old) : NULL;
    if (hit != NULL && (o->operation == OPERATION_REPLACE || o->operation == OPERATION_DELETE))
        return g_strdup_printf("%.*s%s%s", (int)(hit - sentence), sentence, new, hit + strlen(old));
    GString *words = g_string_new(*new != '\0' ? new + outline_mark(new, NULL, NULL) : NULL);
    if (words->len == 0) {
        g_autofree char *text = words_key(o->text);
        g_string_assign(words, text);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(ornaments); i++)
        g_string_replace(words, ornaments[i], "", 0);
    return g_string_free(words, FALSE);
}

static void identify(struct opinion *o)
{
    opinion_take(&o->result, result_of(o));
    g_autofree char *place = words_chop(o->label, "之后");
    g_autofree char *bare = words_chop(o->result, "。；;.");
    g_autofree char *whole = g_strdup_printf("%s\n%s\n%s", place, o->sentence, bare);
    g_autofree char *sha256 = text_sha256(whole, strlen(whole));
    opinion_take(&o->key, g_strndup(sha256, 16));
}

/* The letter says what the table or the changed paper says: the same place, or none, and the same
 * words. */
static gboolean is_same(const struct opinion *a, const struct opinion *b)
{
    if (g_str_equal(a->key, b->key))
        return TRUE;
    if (a->order != 0 && b->order != 0 && a->order != b->order && a->certain && b->certain)
        return FALSE;
    gsize n = strlen(a->result), m = strlen(b->result);
    if (MAX(n, m) * 4 > MIN(n, m) * 5)
        return FALSE;
    return a->operation == b->operation && words_similarity(a->result, b->result) >= 0.92;
}

static gboolean is_said_before(const GPtrArray *list, guint n, const struct opinion *o)
{
    for (guint i = 0; i < n; i++)
        if (is_same(list->pdata[i], o))
            return TRUE;
    return FALSE;
}

static int by_strength(gconstpointer a, gconstpointer b)
{
    const struct opinion *x = *(struct opinion *const *)a, *y = *(struct opinion *const *)b;
    return (int)x->kind - (int)y->kind;
}

static void keep_each_once(GPtrArray *found)
{
    g_ptr_array_sort(found, by_strength);
    if (found->len > OPINIONS_MAX)
        g_ptr_array_set_size(found, OPINIONS_MAX);
    guint kept = 0;
    for (guint i = 0; i < found->len; i++) {
        struct opinion *o = found->pdata[i];
        identify(o);
        if (is_said_before(found, kept, o))
            continue;
        found->pdata[i] = found->pdata[kept];
        found->pdata[kept++] = o;
    }
    g_ptr_array_set_size(found, (int)kept);
}

/* ---- the papers */

static const char *text_of(const struct read_file *paper)
{
    const char *text = json_string_value(json_object_get(paper->document, "text"));
    return text != NULL ? text : "";
}

/* How much of two texts is the same characters, in whatever order: on a page the words of a table's
 * columns stand side by side, line by line. */
static double characters_shared(const char *a, const char *b)
{
    g_autoptr(GHashTable) left = g_hash_table_new(NULL, NULL);
    guint n = 0, m = 0, same = 0;
    for (const char *p = a; *p != '\0'; p = g_utf8_next_char(p), n++) {
        gpointer c = GUINT_TO_POINTER(g_utf8_get_char(p));
        int count = GPOINTER_TO_INT(g_hash_table_lookup(left, c));
        g_hash_table_insert(left, c, GINT_TO_POINTER(count + 1));
    }
    for (const char *p = b; *p != '\0'; p = g_utf8_next_char(p), m++) {
        gpointer c = GUINT_TO_POINTER(g_utf8_get_char(p));
        int count = GPOINTER_TO_INT(g_hash_table_lookup(left, c));
        same += count > 0;
        g_hash_table_insert(left, c, GINT_TO_POINTER(MAX(count - 1, 0)));
    }
    return n + m > 0 ? 2.0 * same / (n + m) : 0;
}

static gboolean says_the_same(const char *a, const char *b)
{
    return words_similarity(a, b) >= 0.9 || characters_shared(a, b) >= 0.97;
}

/* A stamped copy says what an editable paper of the same mail says. */
static gboolean is_copy(const struct handed_in *handed, guint index)
{
    static const char *const copies[] = { "pdf", "ofd", NULL };
    const char *format =
        json_string_value(json_object_get(handed->papers[index].document, "format"));
    if (format == NULL || !g_strv_contains(copies, format))
        return FALSE;
    g_autofree char *key = words_key(text_of(&handed->papers[index]));
    for (guint i = 0; i < handed->n_papers; i++) {
        const char *other =
            json_string_value(json_object_get(handed->papers[i].document, "format"));
        g_autofree char *theirs = words_key(text_of(&handed->papers[i]));
        if (other != NULL && !g_strv_contains(copies, other) && *key != '\0' &&
            says_the_same(key, theirs))
            return TRUE;
    }
    return FALSE;
}

static void add_cell_lines(GHashTable *lines, json_t *row)
{
    size_t i;
    json_t *cell;
    json_array_foreach (row, i, cell) {
        g_auto(GStrv) pieces = g_strsplit(json_string_value(cell), "\n", -1);
        for (char **piece = pieces; *piece != NULL; piece++)
            g_hash_table_add(lines, words_key(*piece));
    }
}

/* Lines of cells are left empty, so that the others keep their numbers. */
static char *text_beside_tables(const struct read_file *paper)
{
    g_autoptr(GHashTable) cells = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    size_t i, k;
    json_t *table, *row;
    json_array_foreach (json_object_get(paper->document, "tables"), i, table)
        json_array_foreach (table, k, row)
            add_cell_lines(cells, row);
    g_auto(GStrv) lines = g_strsplit(text_of(paper), "\n", -1);
    GString *text = g_string_new(NULL);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *key = words_key(*line);
        if (strchr(*line, '\t') == NULL && !g_hash_table_contains(cells, key))
            g_string_append(text, *line);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static gboolean says_what_and_where(const struct opinion *o)
{
    return o->operation != OPERATION_REMARK && o->order != 0 && o->certain &&
           (*o->original != '\0' || *o->proposed != '\0');
}

/* Beside a table stand headings and instructions, and now and then an opinion more. */
static void find_beside_tables(const struct sent *sent, const struct read_file *paper,
                               GPtrArray *found)
{
    guint before = found->len;
    g_autofree char *text = text_beside_tables(paper);
    find_prose(sent, text, paper->file, found);
    for (guint i = found->len; i-- > before;)
        if (!says_what_and_where(found->pdata[i]))
            g_ptr_array_remove_index(found, i);
}

static void find_in_paper(const struct sent *sent, const struct read_file *paper, GPtrArray *found,
                          int depth)
{
    size_t i;
    json_t *member;
    json_array_foreach (json_object_get(paper->document, "members"), i, member) {
        const char *name = json_string_value(json_object_get(member, "name"));
        struct read_file inside = { name != NULL ? name : paper->file, member };
        if (depth < 3)
            find_in_paper(sent, &inside, found, depth + 1);
    }
    if (find_returned(sent, paper, found) || find_form_on_page(paper, found))
        return;
    guint before = found->len;
    find_rows(sent, paper, found);
    if (found->len == before)
        find_prose(sent, text_of(paper), paper->file, found);
    else
        find_beside_tables(sent, paper, found);
}

GPtrArray *opinions_find(const struct handed_in *handed)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(opinion_free);
    struct sent *sent = sent_new(handed);
    for (guint i = 0; i < handed->n_papers; i++)
        if (!is_copy(handed, i))
            find_in_paper(sent, &handed->papers[i], found, 0);
    if (handed->text != NULL)
        find_prose(sent, handed->text, "", found);
    keep_each_once(found);
    sent_free(sent);
    return found;
}
