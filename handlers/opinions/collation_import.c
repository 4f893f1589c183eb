/* What the office decided on, read back from the table that it filled in. */
#include "base/base.h"
#include "handlers/handlers.h"
#include <string.h>

struct columns {
    int units, decision, reason, text, original;
};

struct import {
    struct office *office;
    gint64 matter;
    json_t *rows; /* of the collation as it stands now */
    json_t *changes, *problems;
    GHashTable *decided; /* "key/unit" to the disposition that the table says */
    gboolean take;
};

static const char *cell_at(json_t *row, int i)
{
    const char *text = i >= 0 ? json_string_value(json_array_get(row, (size_t)i)) : NULL;
    return text != NULL ? text : "";
}

/* Whoever sorts a table may sort its header away: it is found wherever it stands. */
static gboolean find_columns(json_t *table, struct columns *columns)
{
    size_t i, k;
    json_t *row, *cell;
    json_array_foreach (table, i, row) {
        struct columns c = { -1, -1, -1, -1, -1 };
        json_array_foreach (row, k, cell) {
            g_autofree char *name = text_compact(cell_at(row, (int)k));
            int *column = g_str_equal(name, "采纳情况")   ? &c.decision
                          : g_str_equal(name, "采纳说明") ? &c.reason
                          : g_str_equal(name, "提出单位") ? &c.units
                          : g_str_equal(name, "修改意见") ? &c.text
                          : g_str_equal(name, "原文")     ? &c.original
                                                          : NULL;
            if (column != NULL)
                *column = (int)k;
        }
        if (c.decision >= 0 && c.text >= 0) {
            *columns = c;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean same_words(const char *a, const char *b)
{
    g_autofree char *x = text_compact(a), *y = text_compact(b);
    char *note = strstr(x, "【"); /* ours, behind the words */
    if (note != NULL)
        *note = '\0';
    return g_str_equal(x, y);
}

/* By its hidden id, in whichever column it is now; else by its words, if only one row has them. */
static json_t *row_of(const struct import *in, json_t *line, const struct columns *c)
{
    size_t i, k;
    json_t *row, *cell, *found = NULL;
    json_array_foreach (line, k, cell) {
        const char *text = cell_at(line, (int)k);
        if (strchr(text, '/') == NULL)
            continue;
        json_array_foreach (in->rows, i, row)
            if (g_str_equal(text, row_text(row, "id")))
                return row;
    }
    json_array_foreach (in->rows, i, row) {
        if (!same_words(cell_at(line, c->text), row_text(row, "text")) ||
            !same_words(cell_at(line, c->original), row_text(row, "original")))
            continue;
        if (found != NULL)
            return NULL;
        found = row;
    }
    return found;
}

static void problem(struct import *in, size_t line, const char *what, const char *which)
{
    g_autofree char *text = g_strdup_printf("第 %d 行：%s%s", (int)line + 1, what, which);
    json_array_append_new(in->problems, json_string(text));
}

static void decide(struct import *in, json_t *row, gint64 unit, const char *name, int disposition,
                   const char *reason, size_t line)
{
    const char *key = row_text(row, "key");
    g_autofree char *which = g_strdup_printf("%s/%" G_GINT64_FORMAT, key, unit);
    gpointer earlier = g_hash_table_lookup(in->decided, which);
    if (earlier != NULL && GPOINTER_TO_INT(earlier) != disposition + 1) {
        problem(in, line, "同一条意见前面已写了另一种采纳情况，没有采用：", name);
        return;
    }
    g_hash_table_insert(in->decided, g_steal_pointer(&which), GINT_TO_POINTER(disposition + 1));
    struct decision before = decision_get(in->office->db, in->matter, unit, key);
    struct decision now = { (enum disposition)disposition, (char *)reason };
    if (before.disposition != now.disposition || !g_str_equal(before.reason, reason)) {
        json_array_append_new(in->changes,
                              json_pack("{ss ss ss ss ss ss ss}", "clause", row_text(row, "clause"),
                                        "original", row_text(row, "original"), "text",
                                        row_text(row, "text"), "unit", name, "from",
                                        disposition_chinese(before.disposition), "to",
                                        disposition_chinese(now.disposition), "reason", reason));
        if (in->take)
            decision_set(in->office->db, in->matter, unit, key, &now);
    }
    g_free(before.reason);
}

/* A row that was split names some of its units; one that names none of them counts for all. */
static void take_line(struct import *in, json_t *line, size_t number, const struct columns *c)
{
    const char *said = cell_at(line, c->decision), *units = cell_at(line, c->units);
    g_autofree char *bare = text_compact(said);
    if (*bare == '\0' || g_str_equal(bare, "采纳情况"))
        return;
    int disposition = disposition_of(said);
    if (disposition < 0) {
        problem(in, number, "采纳情况应是 采纳、部分采纳、不采纳 或 待定，现在是：", said);
        return;
    }
    json_t *row = row_of(in, line, c);
    if (row == NULL) {
        problem(in, number, "现在的意见里没有这一条：", cell_at(line, c->text));
        return;
    }
    g_autofree char *reason = text_clean(cell_at(line, c->reason), -1);
    g_strstrip(reason);
    json_t *names = json_object_get(row, "units"), *ids = json_object_get(row, "unit_codes");
    g_auto(GStrv) list = g_strsplit_set(units, "\n, ", -1);
    g_autofree char *joined = g_strjoinv("、", list);
    g_auto(GStrv) named = g_strsplit(joined, "、", -1);
    gboolean any = FALSE;
    for (int pass = 0; pass < 2 && !any; pass++)
        for (size_t i = 0; i < json_array_size(names); i++) {
            const char *name = json_string_value(json_array_get(names, i));
            if (pass == 0 && !g_strv_contains((const char *const *)named, name))
                continue;
            any = TRUE;
            decide(in, row, json_integer_value(json_array_get(ids, i)), name, disposition, reason,
                   number);
        }
}

/* By the mark of the file, else by the hidden id of a row. */
static gint64 matter_marked(struct office *office, json_t *document)
{
    const char *key;
    json_t *value, *table, *row, *cell;
    size_t i, k, c;
    json_object_foreach (json_object_get(document, "properties"), key, value) {
        gint64 matter = matter_by_token(office->db, json_string_value(value));
        if (matter != 0)
            return matter;
    }
    json_array_foreach (json_object_get(document, "tables"), i, table)
        json_array_foreach (table, k, row)
            json_array_foreach (row, c, cell) {
                const char *slash = strchr(json_string_value(cell), '/');
                g_autofree char *token = slash != NULL
                                             ? g_strndup(json_string_value(cell),
                                                         (gsize)(slash - json_string_value(cell)))
                                             : NULL;
                gint64 matter = token != NULL ? matter_by_token(office->db, token) : 0;
                if (matter != 0)
                    return matter;
            }
    return 0;
}

gint64 collation_matter(struct office *office, json_t *document)
{
    struct columns columns;
    size_t i;
    json_t *table;
    json_array_foreach (json_object_get(document, "tables"), i, table)
        if (find_columns(table, &columns))
            return matter_marked(office, document);
    return 0;
}

json_t *collation_import(struct office *office, gint64 matter, json_t *tables, gboolean take)
{
    json_auto_t *collation = collation_json(office, matter);
    struct import in = {
        office,       matter,       json_object_get(collation, "rows"),
        json_array(), json_array(), g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        take
    };
    size_t i, k;
    json_t *table, *line;
    gboolean any = FALSE;
    json_array_foreach (tables, i, table) {
        struct columns columns;
        if (!find_columns(table, &columns))
            continue;
        any = TRUE;
        json_array_foreach (table, k, line)
            take_line(&in, line, k, &columns);
    }
    if (!any)
        json_array_append_new(in.problems, json_string("没有找到有“修改意见”“采纳情况”两栏的表格"));
    g_hash_table_unref(in.decided);
    return json_pack("{so so}", "changes", in.changes, "problems", in.problems);
}
