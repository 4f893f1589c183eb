/* The marks with which Chinese and foreign mail programs begin the text that they quote. All look
 * at lines without blanks, so that spaced and bold variants fall together. */
#include "mail/private.h"
#include <string.h>

#define MAX_OPENER 400 /* bytes of "在 … 写道：", all its lines together */
#define MAX_OPENER_LINES 3
#define MAX_BLOCK_LINES 9 /* of a block of 发件人 … 主题 */

/* Between rows of dashes or equals signs; lower case. */
static const char *const separators[] = {
    "原始邮件",       "original",      "originalmessage", "回复的原邮件",     "回复的邮件",
    "转发的邮件",     "转发邮件",      "转发邮件信息",    "已转发邮件",       "邮件原件",
    "原邮件",         "原邮件信息",    "原始邮件信息",    "原始信息",         "邮件原文",
    "回复邮件",       "引用邮件",      "repliedmessage",  "replytomessage",   "forwardedmessage",
    "forwardmessage", "forwardedmail", "originalmail",    "originale-mail",   "转发的消息",
    "原信息",         "原始消息",      "下面是转发邮件",  "以下是转发的邮件", "forwarded",
};

static gsize row_of_dashes(const char *text)
{
    gsize n = 0;
    for (;;) {
        if (text[n] == '-' || text[n] == '=' || text[n] == '_')
            n++;
        else if (g_str_has_prefix(text + n, "—") || g_str_has_prefix(text + n, "─"))
            n += strlen("—");
        else
            return n;
    }
}

static gboolean is_row(const char *compact)
{
    gsize n = row_of_dashes(compact);
    return n >= 5 && compact[n] == '\0';
}

static guint separator_at(char *const *compact, guint i)
{
    gsize before = row_of_dashes(compact[i]);
    if (before < 3)
        return 0;
    if (strstr(compact[i], "来信中写道") != NULL && g_str_has_suffix(compact[i], "=="))
        return 1;
    gsize rest = strcspn(compact[i] + before, "-=_");
    g_autofree char *word = g_strndup(compact[i] + before, rest);
    char *dash = strstr(word, "—");
    if (dash != NULL)
        *dash = '\0';
    g_autofree char *lower = g_ascii_strdown(word, -1);
    const char *after = compact[i] + before + strlen(word);
    if (row_of_dashes(after) < 2 || after[row_of_dashes(after)] != '\0')
        return 0;
    for (gsize k = 0; k < G_N_ELEMENTS(separators); k++) {
        if (strcmp(lower, separators[k]) == 0)
            return 1;
    }
    return 0;
}

enum label { FROM, SENT, TO, CC, SUBJECT, N_LABELS };

static const struct {
    const char *word; /* lower case */
    enum label label;
} labels[] = {
    { "发件人", FROM },   { "寄件人", FROM },   { "寄件者", FROM },     { "from", FROM },
    { "发送时间", SENT }, { "发件时间", SENT }, { "发送日期", SENT },   { "日期", SENT },
    { "时间", SENT },     { "sent", SENT },     { "date", SENT },       { "寄件日期", SENT },
    { "收件人", TO },     { "收件者", TO },     { "to", TO },           { "抄送", CC },
    { "副本", CC },       { "抄送人", CC },     { "cc", CC },           { "密送", CC },
    { "主题", SUBJECT },  { "主旨", SUBJECT },  { "subject", SUBJECT },
};

/* The label with its colon (of either width, or a table's bar) at the start; -1: none. */
static int label_at(const char *compact)
{
    const char *p = *compact == '|' ? compact + 1 : compact;
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++) {
        gsize n = strlen(labels[i].word);
        if (g_ascii_strncasecmp(p, labels[i].word, n) != 0)
            continue;
        if (p[n] == ':' || (p[n] == '|' && p > compact) || g_str_has_prefix(p + n, "："))
            return (int)labels[i].label;
    }
    return -1;
}

static gboolean begins_with_label(const char *compact)
{
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++)
        if ((guchar)*labels[i].word >= 0x80 && g_str_has_prefix(compact, labels[i].word))
            return TRUE;
    return FALSE;
}

guint head_table_at(char *const *compact, guint i)
{
    guint n = 0;
    while (n < MAX_BLOCK_LINES && compact[i + n] != NULL && begins_with_label(compact[i + n]))
        n++;
    return n;
}

static guint count_bits(guint bits)
{
    guint count = 0;
    for (; bits != 0; bits &= bits - 1)
        count++;
    return count;
}

enum { MAX_LABELLED = 2000 }; /* bytes of a line that is looked through for labels */

/* Where a label may begin within a line. Without blanks "Office]Sent:" stands together, so that of
 * English ones only the capital tells: "mailto:" is none. */
static gboolean may_begin_label(const char *p)
{
    return (guchar)*p >= 0x80 || (g_ascii_isupper(p[0]) && g_ascii_islower(p[1]));
}

/* The labels of a line, as bits: one at its start, or several, 发件人：… 发送时间：… 收件人：…, as
 * HTML without breaks gives them. */
static guint labels_in(const char *compact)
{
    int first = label_at(compact);
    guint seen = first >= 0 ? 1u << first : 0;
    if (strlen(compact) >= MAX_LABELLED)
        return seen;
    for (const char *p = compact; *p != '\0'; p = g_utf8_next_char(p)) {
        int label = may_begin_label(p) ? label_at(p) : -1;
        if (label >= 0)
            seen |= 1u << label;
    }
    return seen;
}

/* Three of the five labels, the sender's first; long lists of recipients may be folded. */
static guint block_at(char *const *compact, guint i)
{
    guint start = i;
    while (i - start < 3 && (is_row(compact[i]) || (i > start && *compact[i] == '\0'))) {
        i++;
        if (compact[i] == NULL)
            return 0;
    }
    if (label_at(compact[i]) != FROM)
        return 0;
    guint seen = labels_in(compact[i]), last = i;
    if (count_bits(seen) >= 3)
        return i - start + 1;
    gboolean several = count_bits(seen) > 1; /* labels in the line before: it may be broken */
    for (guint k = i + 1; k - i < MAX_BLOCK_LINES && compact[k] != NULL; k++) {
        guint here = several || label_at(compact[k]) >= 0 ? labels_in(compact[k]) : 0;
        several = count_bits(here) > 1;
        if (here != 0) {
            seen |= here;
            last = k;
        } else if (*compact[k] == '\0' && k > last + 1) {
            break;
        }
    }
    return count_bits(seen) >= 3 ? last - start + 1 : 0;
}

static gboolean has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

static gboolean ends_opener(const char *line)
{
    static const char *const ends[] = { "写道：", "写道:",  "写道﹕",  "寫道：", "寫道:",
                                        "wrote:", "Wrote:", "wrote：", "writes:" };
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (g_str_has_suffix(line, ends[i]))
            return TRUE;
    }
    return FALSE;
}

/* 在…, 于…, At …, On … with a date, or "联络员甲 <a@b> 于2019年…" */
static gboolean starts_opener(const char *line)
{
    static const char *const starts[] = { "在", "于", "At", "On", "Le", "Am" };
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (g_str_has_prefix(line, starts[i]) && has_digit(line))
            return TRUE;
    }
    const char *on = strstr(line, "于");
    if (on != NULL && g_ascii_isdigit(on[strlen("于")]))
        return TRUE;
    return strchr(line, '@') != NULL && strlen(line) < 120;
}

guint opener_at(char *const *compact, guint i)
{
    const char *first = compact[i] + strspn(compact[i], ">");
    if (!starts_opener(first))
        return 0;
    gsize length = 0;
    g_autoptr(GString) joined = g_string_new(NULL);
    for (guint n = 0; n < MAX_OPENER_LINES && compact[i + n] != NULL; n++) {
        const char *line = n == 0 ? first : compact[i + n];
        length += strlen(line);
        if (length > MAX_OPENER || *line == '\0' || *line == '>')
            return 0;
        g_string_append(joined, line);
        if (ends_opener(line) || (strlen(line) <= strlen("写道：") && ends_opener(joined->str)))
            return has_digit(joined->str) || strchr(joined->str, '@') != NULL ? n + 1 : 0;
    }
    return 0;
}

static guint angle_at(char *const *compact, guint i)
{
    return *compact[i] == '>' ? 1 : 0;
}

static const struct {
    guint (*lines)(char *const *compact, guint i);
    gboolean angle;
} marks[] = {
    { separator_at, FALSE },
    { block_at, FALSE },
    { opener_at, TRUE },
    { angle_at, TRUE },
};

guint mark_at(char *const *compact, guint i, gboolean *angle)
{
    for (gsize k = 0; k < G_N_ELEMENTS(marks); k++) {
        guint lines = marks[k].lines(compact, i);
        if (lines > 0) {
            *angle = marks[k].angle;
            return lines;
        }
    }
    return 0;
}
