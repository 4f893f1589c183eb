/* What templates are given: plain values with the names that docs/templates.md lists. */
#include "handlers/private.h"

#include <stdlib.h>

json_t *office_data(struct office *office)
{
    return json_pack("{ss ss}", "name", office->policy->name, "address", office->policy->address);
}

static json_t *annex_names(struct office *office, gint64 matter)
{
    json_t *names = json_array();
    g_autoptr(GPtrArray) annexes = annex_list(office->db, matter);
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex *annex = annexes->pdata[i];
        json_array_append_new(
            names, json_pack("{si ss}", "position", (int)i + 1, "name", annex->filename));
    }
    return names;
}

static json_t *paragraphs(const char *text)
{
    json_t *list = json_array();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_strstrip(*line);
        if (**line != '\0')
            json_array_append_new(list, json_string(*line));
    }
    return list;
}

int year_now(void)
{
    g_autofree char *today = day_text(day_of(clock_now()));
    return atoi(today);
}

/* 《关于征求〈…〉意见的通知》: a title within a title has single marks (GB/T 15834). */
static char *quoted(const char *title)
{
    g_autoptr(GString) inner = g_string_new(title);
    g_string_replace(inner, "《", "〈", 0);
    g_string_replace(inner, "》", "〉", 0);
    return g_strdup_printf("《%s》", inner->str);
}

json_t *unit_data(struct office *office, gint64 unit)
{
    struct unit *u = unit_get(office->db, unit);
    json_t *data = json_pack("{ss ss}", "name", u->name, "code", u->code);
    unit_free(u);
    return data;
}

json_t *matter_data(struct office *office, const struct matter *m)
{
    g_autofree char *deadline =
        m->deadline != NULL ? deadline_chinese(m->deadline, year_now()) : relative_chinese(m);
    g_autofree char *title = quoted(m->title);
    json_t *annexes = annex_names(office, m->id);
    gboolean enclosed = json_array_size(annexes) > 0;
    return json_pack("{sI ss* ss ss ss ss ss* ss* sb sb sb so so sb}", "id", (json_int_t)m->id,
                     "number", m->number, "title", m->title, "quoted", title, "token", m->token,
                     "kind", matter_kind_chinese(m->kind), "deadline", deadline, "silence",
                     m->silence_text, "electronic", m->electronic, "paper", m->paper, "both",
                     m->electronic && m->paper, "annexes", annexes, "paragraphs",
                     paragraphs(m->notice), "enclosed", enclosed);
}

json_t *owed_data(const struct matter *matter, const struct assignment *assignment)
{
    gboolean electronic, paper;
    gboolean any = assignment_owes(matter, assignment, &electronic, &paper);
    return json_pack("{sb sb sb sb}", "electronic", electronic, "paper", paper, "both",
                     electronic && paper, "any", any);
}
