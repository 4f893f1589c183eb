/* The collation (意见汇总表): what all units want changed, in the order of what was sent. */
#include "base/base.h"
#include "handlers/handlers.h"
#include <string.h>

const char *row_text(json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text != NULL ? text : "";
}

/* Blanks and width do not count. */
static gboolean same_words(const char *a, const char *b)
{
    g_autofree char *x = text_compact(a), *y = text_compact(b);
    return g_str_equal(x, y);
}

/* What is asked for, as one reads it in a table. */
char *opinion_request(json_t *o)
{
    const char *operation = row_text(o, "operation"), *original = row_text(o, "original");
    const char *proposed = row_text(o, "proposed"), *sentence = row_text(o, "sentence");
    gboolean whole = *original == '\0' || same_words(original, sentence);
    /* Without the clause that it is about, only its own words say anything. */
    if (*original == '\0' && *row_text(o, "label") == '\0')
        return g_strdup(row_text(o, "text"));
    if (g_str_equal(operation, "replace") && *proposed != '\0')
        return whole ? g_strdup_printf("修改为：%s", proposed)
                     : g_strdup_printf("将“%s”修改为“%s”", original, proposed);
    if (g_str_equal(operation, "delete"))
        return whole ? g_strdup("删除") : g_strdup_printf("删除“%s”", original);
    if (g_str_equal(operation, "add") && *proposed != '\0')
        return *original == '\0' ? g_strdup_printf("增加：%s", proposed)
                                 : g_strdup_printf("在“%s”后增加“%s”", original, proposed);
    return g_strdup(row_text(o, "text"));
}

static json_t *new_row(const char *token, json_t *o)
{
    g_autofree char *request = opinion_request(o);
    g_autofree char *id = g_strdup_printf("%s/%s", token, row_text(o, "key"));
    const char *sentence = row_text(o, "sentence");
    return json_pack("{ss ss ss ss ss ss s[] s[] s[] s[] sO sO sO ss ss}", "id", id, "document",
                     row_text(o, "document"), "clause", row_text(o, "label"), "original",
                     *sentence != '\0' ? sentence : row_text(o, "original"), "text", request,
                     "operation", row_text(o, "operation"), "units", "unit_codes", "sources",
                     "reasons", "certain", json_object_get(o, "certain"), "candidates",
                     json_object_get(o, "candidates"), "order", json_object_get(o, "order"), "key",
                     row_text(o, "key"), "result", row_text(o, "result"));
}

static void add_source(json_t *row, json_t *o, const char *name)
{
    const char *file = row_text(o, "file");
    g_autofree char *source =
        g_strdup_printf("%s：%s %s", name, *file != '\0' ? file : "邮件正文", row_text(o, "place"));
    json_array_append_new(json_object_get(row, "sources"), json_string(source));
}

/* Several units may decide differently on the same words; that is said. */
static void add_decision(struct office *office, gint64 matter, gint64 unit, json_t *row)
{
    struct decision d = decision_get(office->db, matter, unit, row_text(row, "key"));
    const char *before = json_string_value(json_object_get(row, "disposition"));
    if (before != NULL && !g_str_equal(before, disposition_text(d.disposition)))
        json_object_set_new(row, "note", json_string("各单位的采纳情况不一"));
    if (before == NULL) {
        json_object_set_new(row, "disposition", json_string(disposition_text(d.disposition)));
        json_object_set_new(row, "disposition_text",
                            json_string(d.disposition == DISPOSITION_PENDING
                                            ? ""
                                            : disposition_chinese(d.disposition)));
        json_object_set_new(row, "disposition_reason", json_string(d.reason));
    }
    g_free(d.reason);
}

struct collation {
    struct office *office;
    struct matter *matter;
    GPtrArray *rows;    /* json_t */
    GHashTable *by_key; /* char * to json_t */
};

static void take_opinion(struct collation *c, gint64 unit, json_t *o)
{
    const char *key = row_text(o, "key");
    g_autofree char *name = unit_label(c->office->db, unit);
    json_t *row = g_hash_table_lookup(c->by_key, key);
    if (row == NULL) {
        row = new_row(c->matter->token, o);
        g_ptr_array_add(c->rows, row);
        g_hash_table_insert(c->by_key, g_strdup(key), row);
    }
    json_array_append_new(json_object_get(row, "units"), json_string(name));
    json_array_append_new(json_object_get(row, "unit_codes"), json_integer((json_int_t)unit));
    add_source(row, o, name);
    if (*row_text(o, "reason") != '\0')
        json_array_append_new(json_object_get(row, "reasons"),
                              json_pack("[s s]", name, row_text(o, "reason")));
    add_decision(c->office, c->matter->id, unit, row);
}

/* One reason stands alone; several say whose they are. */
static void join_reasons(json_t *row)
{
    g_autoptr(GString) text = g_string_new(NULL);
    json_t *reasons = json_object_get(row, "reasons"), *pair;
    size_t i;
    json_array_foreach (reasons, i, pair) {
        const char *name = json_string_value(json_array_get(pair, 0));
        const char *said = json_string_value(json_array_get(pair, 1));
        if (json_array_size(json_object_get(row, "units")) == 1)
            g_string_append(text, said);
        else
            g_string_append_printf(text, "%s%s：%s", i > 0 ? "\n" : "", name, said);
    }
    json_object_set_new(row, "reason", json_string(text->str));
    json_object_del(row, "reasons");
    if (json_object_get(row, "note") == NULL)
        json_object_set_new(row, "note", json_string(""));
}

static int by_order(gconstpointer a, gconstpointer b)
{
    json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    json_int_t i = json_integer_value(json_object_get(x, "order"));
    json_int_t j = json_integer_value(json_object_get(y, "order"));
    if (i != j)
        return i == 0 ? 1 : j == 0 ? -1 : i < j ? -1 : 1;
    int label = strcmp(row_text(x, "clause"), row_text(y, "clause"));
    return label != 0 ? label : strcmp(row_text(x, "original"), row_text(y, "original"));
}

/* ---- what contradicts */

/* The part of a sentence that a change touches: bytes [from, to) of the sentence. */
static void touched(const char *sentence, const char *result, gsize *from, gsize *to)
{
    gsize n = strlen(sentence), m = strlen(result), head = 0, tail = 0;
    while (head < MIN(n, m) && sentence[head] == result[head])
        head++;
    while (tail < MIN(n, m) - head && sentence[n - 1 - tail] == result[m - 1 - tail])
        tail++;
    *from = head;
    *to = n - tail;
}

static gboolean is(json_t *row, const char *operation)
{
    return g_str_equal(row_text(row, "operation"), operation);
}

/* NULL: they may both be taken. */
static const char *contradiction(json_t *a, json_t *b)
{
    gsize a0, a1, b0, b1;
    if (json_integer_value(json_object_get(a, "order")) == 0 ||
        !json_equal(json_object_get(a, "order"), json_object_get(b, "order")) ||
        !same_words(row_text(a, "original"), row_text(b, "original")) ||
        *row_text(a, "original") == '\0' || is(a, "remark") || is(b, "remark") ||
        (is(a, "add") && is(b, "add")))
        return NULL;
    g_autofree char *sentence = text_compact(row_text(a, "original"));
    touched(sentence, row_text(a, "result"), &a0, &a1);
    touched(sentence, row_text(b, "result"), &b0, &b1);
    if (is(a, "delete") != is(b, "delete"))
        return a0 <= b1 && b0 <= a1 ? "一删一改，互相矛盾" : NULL;
    return a0 <= b1 && b0 <= a1 ? "对同一处改法不同" : NULL;
}

static void mark(json_t *row, json_t *other, const char *what)
{
    const char *note = row_text(row, "note");
    g_autofree char *text =
        g_strdup_printf("%s%s与第 %d 行%s", note, *note != '\0' ? "；" : "",
                        (int)json_integer_value(json_object_get(other, "number")), what);
    json_object_set_new(row, "note", json_string(text));
}

static void mark_contradictions(GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++)
        for (guint k = i + 1; k < rows->len; k++) {
            json_t *a = rows->pdata[i], *b = rows->pdata[k];
            if (!json_equal(json_object_get(a, "order"), json_object_get(b, "order")))
                break; /* they are sorted by place */
            const char *what = contradiction(a, b);
            if (what == NULL)
                continue;
            mark(a, b, what);
            mark(b, a, what);
        }
}

/* ---- the whole */

static json_t *head_json(struct office *office, const struct matter *m, const GPtrArray *list)
{
    int by[STATUS_COUNT] = { 0 };
    for (guint i = 0; i < list->len; i++)
        by[((struct assignment *)list->pdata[i])->status]++;
    int replied = by[STATUS_COMMENTED] + by[STATUS_NO_COMMENT] + by[STATUS_SUBMITTED];
    int waiting = by[STATUS_WAITING] + by[STATUS_ACKNOWLEDGED] + by[STATUS_OVERDUE];
    return json_pack("{si si si si si si}", "sent", (int)list->len, "replied", replied, "commented",
                     by[STATUS_COMMENTED], "no_comment", by[STATUS_NO_COMMENT], "deemed",
                     by[STATUS_DEEMED], "waiting", waiting);
}

static void collect(struct collation *c, const GPtrArray *assignments)
{
    for (guint i = 0; i < assignments->len; i++) {
        const struct assignment *a = assignments->pdata[i];
        gint64 standing = opinions_standing(c->office, c->matter->id, a->unit);
        json_auto_t *opinions =
            standing != 0 ? opinions_get(c->office->db, standing) : json_array();
        size_t k;
        json_t *opinion;
        json_array_foreach (opinions, k, opinion)
            take_opinion(c, a->unit, opinion);
    }
    g_ptr_array_sort(c->rows, by_order);
    for (guint i = 0; i < c->rows->len; i++) {
        json_object_set_new(c->rows->pdata[i], "number", json_integer((json_int_t)i + 1));
        join_reasons(c->rows->pdata[i]);
    }
    mark_contradictions(c->rows);
}

json_t *collation_json(struct office *office, gint64 matter)
{
    struct collation c = { .office = office, .matter = matter_get(office->db, matter) };
    if (c.matter == NULL)
        return json_null();
    c.rows = g_ptr_array_new();
    c.by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) assignments = assignment_list(office->db, matter);
    collect(&c, assignments);
    json_t *rows = json_array();
    for (guint i = 0; i < c.rows->len; i++)
        json_array_append_new(rows, c.rows->pdata[i]);
    g_autofree char *day = day_text(day_of(clock_now()));
    json_t *json = json_pack("{sI ss ss so so ss}", "matter", (json_int_t)c.matter->id, "title",
                             c.matter->title, "token", c.matter->token, "head",
                             head_json(office, c.matter, assignments), "rows", rows, "date", day);
    g_ptr_array_unref(c.rows);
    g_hash_table_unref(c.by_key);
    matter_free(c.matter);
    return json;
}
