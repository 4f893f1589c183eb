/* Numbering of a .docx: numbering.xml says how, the styles may say which, and the paragraphs are
 * counted, in each of the two readings for itself. */
#include "documents/read/docx.h"

#include <string.h>

enum { LEVELS = 9, LABEL_MAX = 128 };

struct level {
    int start, restart; /* restart -1: after any higher level */
    char *format, *text, *suffix;
    gboolean decimal; /* the numbers of higher levels in it, too */
};

struct abstract {
    struct level levels[LEVELS];
    int counters[SIDES][LEVELS];
    gboolean begun[SIDES][LEVELS];
    char *style_link; /* the style whose numbering it stands for */
};

struct num {
    char *abstract;
    int start[LEVELS]; /* -1: none of its own */
    gboolean started[SIDES][LEVELS];
    struct level *own[LEVELS]; /* or NULL */
};

struct style {
    char *based_on;
    int num, level; /* -1: not said */
};

struct numbering {
    GHashTable *abstracts, *nums, *styles;
    /* while parsing */
    struct abstract *abstract;
    struct num *num;
    struct level *level;
    struct style *style;
    int override;
};

static void level_clear(struct level *level)
{
    g_free(level->format);
    g_free(level->text);
    g_free(level->suffix);
}

static void abstract_free(gpointer data)
{
    struct abstract *abstract = data;
    for (int i = 0; i < LEVELS; i++)
        level_clear(&abstract->levels[i]);
    g_free(abstract->style_link);
    g_free(abstract);
}

static void num_free(gpointer data)
{
    struct num *num = data;
    for (int i = 0; i < LEVELS; i++)
        if (num->own[i] != NULL) {
            level_clear(num->own[i]);
            g_free(num->own[i]);
        }
    g_free(num->abstract);
    g_free(num);
}

static void style_free(gpointer data)
{
    struct style *style = data;
    g_free(style->based_on);
    g_free(style);
}

static struct level level_new(void)
{
    return (struct level){ .start = 1, .restart = -1, .format = g_strdup("decimal") };
}

static void begin_abstract(struct numbering *n, const struct xml *element)
{
    n->abstract = g_new0(struct abstract, 1);
    n->num = NULL;
    n->level = NULL;
    for (int i = 0; i < LEVELS; i++)
        n->abstract->levels[i] = level_new();
    char *id = xml_attribute(element, "abstractNumId");
    g_hash_table_replace(n->abstracts, id != NULL ? id : g_strdup(""), n->abstract);
}

static void begin_num(struct numbering *n, const struct xml *element)
{
    n->num = g_new0(struct num, 1);
    n->abstract = NULL;
    n->level = NULL;
    for (int i = 0; i < LEVELS; i++)
        n->num->start[i] = -1;
    int id = xml_number(element, "numId", 0);
    g_hash_table_replace(n->nums, GINT_TO_POINTER(id), n->num);
}

static void begin_level(struct numbering *n, const struct xml *element)
{
    int i = CLAMP(xml_number(element, "ilvl", 0), 0, LEVELS - 1);
    n->level = NULL;
    if (n->abstract != NULL) {
        n->level = &n->abstract->levels[i];
    } else if (n->num != NULL && n->num->own[i] == NULL) {
        n->level = n->num->own[i] = g_new(struct level, 1);
        *n->level = level_new();
    }
}

static void take(char **place, const struct xml *element)
{
    g_free(*place);
    *place = xml_attribute(element, "val");
}

/* A switch of Word's: there without a value means on. */
static gboolean is_on(const struct xml *element)
{
    g_autofree char *value = xml_attribute(element, "val");
    return value == NULL ||
           !(strcmp(value, "0") == 0 || strcmp(value, "false") == 0 || strcmp(value, "off") == 0);
}

static void level_property(struct level *level, const struct xml *element)
{
    if (xml_is(element, "start"))
        level->start = xml_number(element, "val", 1);
    else if (xml_is(element, "numFmt"))
        take(&level->format, element);
    else if (xml_is(element, "lvlText"))
        take(&level->text, element);
    else if (xml_is(element, "suff"))
        take(&level->suffix, element);
    else if (xml_is(element, "lvlRestart"))
        level->restart = xml_number(element, "val", -1);
    else if (xml_is(element, "isLgl"))
        level->decimal = is_on(element);
}

static void on_number(void *context, const struct xml *element)
{
    struct numbering *n = context;
    if (xml_is(element, "abstractNum"))
        begin_abstract(n, element);
    else if (xml_is(element, "num"))
        begin_num(n, element);
    else if (xml_is(element, "lvl"))
        begin_level(n, element);
    else if (n->level != NULL)
        level_property(n->level, element);
    else if (xml_is(element, "abstractNumId") && n->num != NULL)
        take(&n->num->abstract, element);
    else if (xml_is(element, "lvlOverride"))
        n->override = CLAMP(xml_number(element, "ilvl", 0), 0, LEVELS - 1);
    else if (xml_is(element, "startOverride") && n->num != NULL)
        n->num->start[n->override] = xml_number(element, "val", 1);
    else if (xml_is(element, "numStyleLink") && n->abstract != NULL)
        take(&n->abstract->style_link, element);
}

static void on_number_end(void *context, const struct xml *element)
{
    struct numbering *n = context;
    if (xml_is(element, "lvl"))
        n->level = NULL;
}

static void on_style(void *context, const struct xml *element)
{
    struct numbering *n = context;
    if (xml_is(element, "style")) {
        n->style = g_new0(struct style, 1);
        n->style->num = n->style->level = -1;
        char *id = xml_attribute(element, "styleId");
        g_hash_table_replace(n->styles, id != NULL ? id : g_strdup(""), n->style);
    } else if (n->style == NULL) {
        return;
    } else if (xml_is(element, "basedOn")) {
        take(&n->style->based_on, element);
    } else if (xml_is(element, "numId")) {
        n->style->num = xml_number(element, "val", -1);
    } else if (xml_is(element, "ilvl")) {
        n->style->level = xml_number(element, "val", -1);
    }
}

struct numbering *numbering_read(struct paper *paper, GBytes *numbers, GBytes *styles)
{
    static const struct xml_events number = { .start = on_number, .end = on_number_end };
    static const struct xml_events style = { .start = on_style };
    struct numbering *n = g_new0(struct numbering, 1);
    n->abstracts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, abstract_free);
    n->nums = g_hash_table_new_full(NULL, NULL, NULL, num_free);
    n->styles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, style_free);
    if (numbers != NULL)
        xml_parse(numbers, &number, n, &paper->unreadable);
    if (styles != NULL)
        xml_parse(styles, &style, n, &paper->unreadable);
    return n;
}

void numbering_free(struct numbering *n)
{
    g_hash_table_unref(n->abstracts);
    g_hash_table_unref(n->nums);
    g_hash_table_unref(n->styles);
    g_free(n);
}

/* What a style says, or one that it is based on. */
static void ask_style(struct numbering *n, const char *id, int *num, int *level)
{
    for (int step = 0; step < 20 && id != NULL; step++) {
        const struct style *style = g_hash_table_lookup(n->styles, id);
        if (style == NULL)
            return;
        if (*num < 0)
            *num = style->num;
        if (*level < 0)
            *level = style->level;
        id = style->based_on;
    }
}

static struct abstract *abstract_of(struct numbering *n, const struct num *num)
{
    struct abstract *abstract =
        num->abstract != NULL ? g_hash_table_lookup(n->abstracts, num->abstract) : NULL;
    if (abstract == NULL || abstract->style_link == NULL)
        return abstract;
    int linked = -1, level = -1;
    ask_style(n, abstract->style_link, &linked, &level);
    const struct num *other = g_hash_table_lookup(n->nums, GINT_TO_POINTER(linked));
    struct abstract *real = other != NULL && other->abstract != NULL
                                ? g_hash_table_lookup(n->abstracts, other->abstract)
                                : NULL;
    return real != NULL ? real : abstract;
}

static const struct level *level_of(const struct abstract *abstract, const struct num *num, int i)
{
    return num->own[i] != NULL ? num->own[i] : &abstract->levels[i];
}

static void count(struct abstract *abstract, struct num *num, enum side side, int at)
{
    int *counters = abstract->counters[side];
    gboolean *begun = abstract->begun[side];
    if (num->start[at] >= 0 && !num->started[side][at]) {
        counters[at] = num->start[at];
        num->started[side][at] = TRUE;
    } else if (begun[at]) {
        counters[at]++;
    } else {
        counters[at] = level_of(abstract, num, at)->start;
    }
    begun[at] = TRUE;
    for (int i = 0; i < at; i++)
        if (!begun[i]) {
            counters[i] = level_of(abstract, num, i)->start;
            begun[i] = TRUE;
        }
    /* lvlRestart names the level (from 1) that starts this one anew; 0: none does. */
    for (int i = at + 1; i < LEVELS; i++) {
        int restart = level_of(abstract, num, i)->restart;
        if (restart < 0 || at < restart)
            begun[i] = FALSE;
    }
}

static void add_number(GString *label, const struct abstract *abstract, const struct num *num,
                       enum side side, int at, gboolean decimal)
{
    const struct level *level = level_of(abstract, num, at);
    g_autofree char *text =
        number_text(decimal ? "decimal" : level->format, abstract->counters[side][at]);
    g_string_append(label, text);
}

/* Fonts of signs draw bullets where no text has any. */
static void add_sign(GString *label, const char *p)
{
    gunichar c = g_utf8_get_char(p);
    g_string_append_unichar(label, c >= 0xE000 && c <= 0xF8FF ? 0x2022 : c);
}

static char *label_of(const struct abstract *abstract, const struct num *num, enum side side,
                      int at)
{
    const struct level *level = level_of(abstract, num, at);
    GString *label = g_string_new(NULL);
    for (const char *p = level->text != NULL ? level->text : "";
         *p != '\0' && label->len < LABEL_MAX; p = g_utf8_next_char(p)) {
        if (*p == '%' && p[1] >= '1' && p[1] <= '9') {
            int other = p[1] - '1';
            add_number(label, abstract, num, side, other, level->decimal);
            p++;
        } else {
            add_sign(label, p);
        }
    }
    if (label->len > 0 && g_strcmp0(level->suffix, "nothing") != 0)
        g_string_append_c(label, ' ');
    return g_string_free(label, FALSE);
}

char *numbering_next(struct numbering *n, enum side side, const char *style, int number, int at)
{
    ask_style(n, style, &number, &at);
    struct num *num = number > 0 ? g_hash_table_lookup(n->nums, GINT_TO_POINTER(number)) : NULL;
    struct abstract *abstract = num != NULL ? abstract_of(n, num) : NULL;
    if (abstract == NULL)
        return g_strdup("");
    at = CLAMP(at, 0, LEVELS - 1);
    count(abstract, num, side, at);
    return label_of(abstract, num, side, at);
}
