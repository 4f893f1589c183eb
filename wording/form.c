/* Forms: the cells under or beside a label that asks for an opinion. */
#include "wording/form.h"

#include "base/base.h"
#include "wording/pattern.h"
#include "wording/reply/reply.h"

PATTERN(asks, "^(?:具体|有关)?(?:修改|反馈|征求|回复|补充|增加|删减)?(?:的)?(?:意见|建议|内容)"
              "(?:(?:和|及|与|、|或|/)?(?:修改)?(?:建议|意见|内容|理由))*(?:[（(].*[）)])?[:：]?$|"
              "^(?:有无(?:修改)?意见|(?:建议|拟)?修改(?:后的?)?(?:内容|为|表述|条文)?)$");
PATTERN(nothing,
        "^(?:[/／—-]+|同意|(?:我|本)?.{0,4}?(?:暂)?(?:无|没有)(?:任何|不同|修改|补充|其他)*"
        "(?:意见|建议|异议|修改)?(?:(?:和|及|与|、)?建议)?)[。.]?$");

static gboolean is_label(const char *cell)
{
    g_autofree char *compact = text_compact(cell);
    return pattern_fits(&asks, compact);
}

/* 无, or a sentence that says no more than that. */
static gboolean says_none(const char *cell)
{
    struct reply reply = { 0 };
    reply_read(&reply, cell, NULL);
    gboolean none = reply.found[MARK_NONE] && !reply.found[MARK_DOUBT];
    reply_clear(&reply);
    return none || pattern_fits(&nothing, cell);
}

static const char *cell_at(json_t *table, size_t row, size_t column)
{
    const char *cell = json_string_value(json_array_get(json_array_get(table, row), column));
    return cell != NULL ? cell : "";
}

static void weigh(const char *cell, enum form *form, char **evidence)
{
    g_autofree char *compact = text_compact(cell);
    enum form said = *compact == '\0'     ? FORM_BLANK
                     : says_none(compact) ? FORM_NO_OPINION
                                          : FORM_OPINION;
    if (said <= *form)
        return;
    *form = said;
    g_clear_pointer(evidence, g_free);
    if (said > FORM_BLANK)
        *evidence = g_strdup(cell);
}

/* A label with other labels beside it heads a column; else its value stands to the right of it. */
static void read_label(json_t *table, size_t row, size_t column, enum form *form, char **evidence)
{
    size_t columns = json_array_size(json_array_get(table, row));
    if (columns == 2 && column == 0) {
        weigh(cell_at(table, row, 1), form, evidence);
        return;
    }
    for (size_t below = row + 1; below < json_array_size(table); below++)
        if (!is_label(cell_at(table, below, column)))
            weigh(cell_at(table, below, column), form, evidence);
}

enum form form_read(json_t *tables, char **evidence)
{
    enum form form = FORM_NONE_THERE;
    size_t t;
    json_t *table;
    *evidence = NULL;
    json_array_foreach (tables, t, table)
        for (size_t row = 0; row < json_array_size(table); row++)
            for (size_t column = 0; column < json_array_size(json_array_get(table, row)); column++)
                if (is_label(cell_at(table, row, column)))
                    read_label(table, row, column, &form, evidence);
    return form;
}
