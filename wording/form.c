/* Forms: what is written under or beside a label answers it. Labels ask for opinions, have boxes to
 * tick, or ask for what tells nothing (who, when, about which paper). */
#include "wording/form.h"

#include "base/base.h"
#include "wording/pattern.h"
#include "wording/reply/reply.h"

#include <string.h>

enum label {
    LABEL_NONE,
    LABEL_OPINION, /* 修改意见 */
    LABEL_WHETHER, /* 是否有意见: 是 or 否 */
    LABEL_AGREE,   /* a box for 同意 or 无意见 … */
    LABEL_OBJECT,  /* … and one for 不同意 or 有意见 */
    LABEL_NAME,    /* 单位, 文件, 联系人: neither opinion nor none */
    LABEL_OURS,    /* 原文, 任务: what we wrote */
    LABEL_REMARK,  /* 理由, 备注 */
};

PATTERN(
    opinion,
    "^(?:对.{0,16}(?:文件|稿|规则|办法|方案)的)?(?:具体|有关|总体|主要|本单位|我局|单位|部门|科室|"
    "处室|承办|主办|会签|审核|领导|局领导|分管领导|主要领导|审批)?"
    "(?:修改|反馈|征求|回复|补充|增加|删减|完善)*(?:的)?(?:意见|建议|内容)"
    "(?:(?:和|及|与|、|或|/)?(?:修改)?(?:建议|意见|内容|理由))*(?:[（(].*[）)])?[:：]?$|"
    "^(?:对.{1,16}(?:文件|规则|职责|办法|方案|要点)|反馈|反馈情况|贵单位意见|签署意见|意见数|"
    "意见条数|回复)[:：]?$|"
    "^(?:建议|拟|现)?(?:修改|改|调整)(?:后的?)?(?:内容|为|成|表述|条文)?[:：]?$");
PATTERN(whether, "^(?:是否|有无)(?:有|需)?(?:不同|修改|补充)?(?:意见|建议|异议|修改|"
                 "意见和建议|意见建议)(?:[（(].*[）)])?[:：]?$");
PATTERN(agree, "^(?:完全)?(?:同意[，,]?无?(?:修改)?(?:意见)?|赞同|无(?:不同|修改|任何)?(?:意见|"
               "异议))(?:[（(].*[）)])?$");
PATTERN(object, "^(?:不同意|有(?:不同|修改)?(?:意见|异议))(?:[（(].*[）)])?$");
PATTERN(name,
        "^(?:填报|反馈|报送|回复|成员|填表|提出|所在|责任|牵头|会签|承办|主办)?(?:单位|部门|科室|"
        "处室|部室|"
        "机构)(?:名称)?(?:[（(](?:盖章|公章)[）)])?[:：]?$|"
        "^(?:序号|编号|条目|条款|条|款|项|章节|页码|页|行|位置|原文|原表述|现表述|原条款|"
        "原条文|条文|文件|文件名称|文件及条款|征求意见文件|征求意见稿|名称|附件|事项|内容|类别|"
        "标题|填表人|填报人|联系人|经办人|反馈人|审核人|负责人|签发人|单位负责人|姓名|职务|"
        "电话|联系电话|联系方式|手机|办公电话|传真|邮箱|电子邮箱|日期|时间|填报日期|填表日期|"
        "填报时间|反馈时间|反馈日期|盖章|单位盖章|签字)[:：]?$");
PATTERN(ours, "^(?:(?:具体)?职责条(?:目|款)?|具体条(?:目|款)?|章节条款|"
              "(?:原|现|原有)?(?:文|表述|条款|条文|内容)(?:（摘）|（摘录）)?|"
              "(?:工作|主要|重点|具体)?(?:任务|措施|指标))[:：]?$");
PATTERN(remark, "^(?:修改|主要|调整)?(?:理由|依据|原因)(?:[（(].*[）)])?[:：]?$|"
                "^(?:备注|说明|其他|其他说明)[:：]?$");
PATTERN(
    nothing,
    "^(?:[/"
    "／—\\-\\\\、]+|同意(?:(?:科室|以上|上述)?意见)?|不(?:作|做|需|予|用)?(?:修改|改动|调整|变|改)|"
    "不变|维持(?:原文|原稿|不变)|(?:我|本)?.{0,4}?(?:暂)?(?:无|没有)(?:任何|不同|修改|补充|其他)*"
    "(?:意见|建议|异议|修改)?(?:(?:和|及|与|、)?建议)?)[。.]?$");
PATTERN(yes, "^(?:是|有|同意|无意见|[√✓✔☑vV■●1])$");
PATTERN(no, "^(?:否|无|没有|不|[×✗xX/0])$");

static enum label label_of(const char *cell)
{
    static const struct {
        struct pattern *pattern;
        enum label label;
    } labels[] = {
        { &name, LABEL_NAME },       { &ours, LABEL_OURS },   { &whether, LABEL_WHETHER },
        { &opinion, LABEL_OPINION }, { &agree, LABEL_AGREE }, { &object, LABEL_OBJECT },
        { &remark, LABEL_REMARK },
    };
    g_autofree char *compact = text_compact(cell);
    for (gsize i = 0; *compact != '\0' && i < G_N_ELEMENTS(labels); i++)
        if (pattern_fits(labels[i].pattern, compact))
            return labels[i].label;
    return LABEL_NONE;
}

static const char *cell_at(json_t *table, size_t row, size_t column)
{
    const char *cell = json_string_value(json_array_get(json_array_get(table, row), column));
    return cell != NULL ? cell : "";
}

/* ---- which label each cell answers */

/* 同意 and its like are what is answered, too: they are labels only beside others. */
static gboolean asks(enum label label)
{
    return label != LABEL_NONE && label != LABEL_AGREE && label != LABEL_OBJECT;
}

enum { HEADING_MAX = 10 }; /* characters */

struct row {
    size_t columns, labels, others;
    gboolean asks, wordy; /* a label that is none elsewhere; a cell too long for a heading */
};

static struct row row_of(json_t *table, size_t at)
{
    struct row row = { json_array_size(json_array_get(table, at)), 0, 0, FALSE, FALSE };
    for (size_t column = 0; column < row.columns; column++) {
        const char *cell = cell_at(table, at, column);
        enum label label = label_of(cell);
        gboolean other = label == LABEL_NONE && *cell != '\0';
        row.labels += label != LABEL_NONE;
        row.others += other;
        row.asks |= asks(label);
        row.wordy |= other && g_utf8_strlen(cell, -1) > HEADING_MAX;
    }
    return row;
}

/* The heading of what is below it: labels alone, or among short words where the row below begins
 * with no label. */
static gboolean is_head(json_t *table, size_t at, struct row row)
{
    if (!row.asks || row.wordy || row.columns < 2 || at + 1 >= json_array_size(table))
        return FALSE;
    gboolean first = asks(label_of(cell_at(table, at, 0)));
    if (row.columns == 2 && first && !asks(label_of(cell_at(table, at, 1))))
        return FALSE;
    if (row.others == 0)
        return row.labels >= 2 || !first;
    return !asks(label_of(cell_at(table, at + 1, 0)));
}

typedef void answer_fn(enum label label, const char *question, const char *cell, void *user);

/* 无意见 | √ */
static gboolean is_ticked_row(json_t *table, size_t row)
{
    enum label label = label_of(cell_at(table, row, 0));
    const char *box = cell_at(table, row, 1);
    return (label == LABEL_AGREE || label == LABEL_OBJECT) &&
           json_array_size(json_array_get(table, row)) == 2 &&
           (*box == '\0' || pattern_fits(&yes, box) || pattern_fits(&no, box));
}

static void each_of_pairs(json_t *table, size_t row, answer_fn *tell, void *user)
{
    enum label label = LABEL_NONE;
    const char *question = "";
    if (is_ticked_row(table, row)) {
        question = cell_at(table, row, 0);
        tell(label_of(question), question, cell_at(table, row, 1), user);
        return;
    }
    for (size_t column = 0; column < json_array_size(json_array_get(table, row)); column++) {
        const char *cell = cell_at(table, row, column);
        gboolean answered = label != LABEL_NONE && !asks(label_of(cell));
        if (!answered && asks(label_of(cell))) {
            label = label_of(cell);
            question = cell;
        } else {
            tell(label, question, cell, user);
        }
    }
}

static void each_below(json_t *table, size_t head, size_t row, answer_fn *tell, void *user)
{
    for (size_t column = 0; column < json_array_size(json_array_get(table, row)); column++) {
        const char *question = cell_at(table, head, column);
        tell(label_of(question), question, cell_at(table, row, column), user);
    }
}

/* Calls tell for each cell that is no label; FALSE: the table is no form. */
static gboolean each_answer(json_t *table, answer_fn *tell, void *user)
{
    size_t head = 0;
    gboolean headed = FALSE, form = FALSE;
    for (size_t row = 0; row < json_array_size(table); row++) {
        struct row here = row_of(table, row);
        gboolean first = asks(label_of(cell_at(table, row, 0)));
        if (is_head(table, row, here)) {
            head = row;
            headed = form = TRUE;
        } else if (headed && (!first || here.labels == 0)) {
            each_below(table, head, row, tell, user);
        } else {
            form |= here.labels > 0;
            each_of_pairs(table, row, tell, user);
        }
    }
    return form;
}

/* ---- what the answers say */

/* 无, or a sentence that says no more than that. */
static gboolean says_none(const char *cell)
{
    struct reply reply = { 0 };
    reply_read(&reply, cell, NULL);
    gboolean none = reply.found[MARK_NONE] && !reply.found[MARK_DOUBT];
    reply_clear(&reply);
    return none || pattern_fits(&nothing, cell);
}

static enum form answer_of(enum label label, const char *cell)
{
    g_autofree char *compact = text_compact(cell);
    switch (label) {
    case LABEL_OPINION:
        return *compact == '\0' ? FORM_BLANK : says_none(compact) ? FORM_NO_OPINION : FORM_OPINION;
    case LABEL_WHETHER:
        return *compact == '\0'                                   ? FORM_BLANK
               : pattern_fits(&no, compact) || says_none(compact) ? FORM_NO_OPINION
                                                                  : FORM_OPINION;
    case LABEL_AGREE:
        return pattern_fits(&yes, compact) ? FORM_NO_OPINION : FORM_NONE_THERE;
    case LABEL_OBJECT:
        return *compact == '\0' || pattern_fits(&no, compact) ? FORM_NONE_THERE : FORM_OPINION;
    case LABEL_NONE:
    case LABEL_NAME:
    case LABEL_OURS:
    case LABEL_REMARK:
        break;
    }
    return FORM_NONE_THERE;
}

struct reading {
    enum form form;
    const char *evidence;
};

static void weigh(enum label label, const char *question, const char *cell, void *user)
{
    struct reading *reading = user;
    enum form said = answer_of(label, cell);
    if (said <= reading->form)
        return;
    reading->form = said;
    reading->evidence = label == LABEL_AGREE || label == LABEL_OBJECT ? question : cell;
}

enum form form_read(json_t *tables, char **evidence)
{
    struct reading reading = { FORM_NONE_THERE, NULL };
    size_t t;
    json_t *table;
    json_array_foreach (tables, t, table)
        each_answer(table, weigh, &reading);
    *evidence = reading.form > FORM_BLANK ? g_strdup(reading.evidence) : NULL;
    return reading.form;
}

/* ---- what answers nothing */

enum { SHORT_MAX = 60 }; /* characters */

/* A name is anything that wishes nothing. */
static gboolean is_name(const char *cell)
{
    struct reply reply = { 0 };
    reply_read(&reply, cell, NULL);
    gboolean wishes = reply.found[MARK_OPINION] || reply.found[MARK_CONDITION] ||
                      reply.found[MARK_QUESTION] || reply.found[MARK_HYPOTHESIS];
    reply_clear(&reply);
    return !wishes && g_utf8_strlen(cell, -1) <= SHORT_MAX;
}

/* What an opinion wants to read there is not said of the opinion: 改为“原则上每年一次”. */
static void append_unquoted(GString *text, const char *cell)
{
    g_autoptr(GRegex) quote = g_regex_new("“[^”]*”", 0, 0, NULL);
    g_autofree char *bare = g_regex_replace_literal(quote, cell, -1, 0, "", 0, NULL);
    g_string_append_printf(text, "\n%s", bare);
}

static void keep(enum label label, const char *question, const char *cell, void *user)
{
    (void)question;
    g_autofree char *compact = text_compact(cell);
    enum form said = answer_of(label, cell);
    gboolean understood = *compact == '\0' || said == FORM_BLANK || said == FORM_NO_OPINION ||
                          pattern_fits(&nothing, compact) || label == LABEL_OURS ||
                          (label == LABEL_NAME && is_name(compact));
    if (understood)
        return;
    if (said == FORM_OPINION)
        append_unquoted(user, cell);
    else
        g_string_append_printf(user, "\n%s", cell);
}

/* The rows of a form as lines of the text. */
static void add_rows(GHashTable *rows, json_t *table)
{
    size_t r, c;
    json_t *row, *cell;
    json_array_foreach (table, r, row) {
        g_autoptr(GString) line = g_string_new(NULL);
        json_array_foreach (row, c, cell)
            g_string_append(line, cell_at(table, r, c));
        g_hash_table_add(rows, text_compact(line->str));
    }
}

char *form_strip(json_t *tables, const char *text)
{
    g_autoptr(GHashTable) rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) kept = g_string_new(NULL);
    size_t t;
    json_t *table;
    json_array_foreach (tables, t, table) {
        gsize before = kept->len;
        if (each_answer(table, keep, kept))
            add_rows(rows, table);
        else
            g_string_truncate(kept, before);
    }
    GString *rest = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *compact = text_compact(*line);
        if (!g_hash_table_contains(rows, compact))
            g_string_append_printf(rest, "%s\n", *line);
    }
    g_string_append(rest, kept->str);
    return g_string_free(rest, FALSE);
}
