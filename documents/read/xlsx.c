/* .xlsx: every sheet is a table, its cells as they are shown: shared and inline strings, what
 * formulas came to, dates and percentages by their formats. A merged cell has its text in its first
 * place, the others are empty. */
#include "documents/read/read.h"

#include <string.h>

enum { MAX_COLUMNS = 1024, MAX_GAP = 200 };

struct sheet {
    char *name, *id;
};

struct xlsx {
    struct paper *paper;
    GPtrArray *shared;   /* char* */
    GPtrArray *sheets;   /* struct sheet */
    GHashTable *formats; /* number of a format → its code */
    GArray *styles;      /* int: the number of the format of each cell style */
    gboolean date1904, in_styles;
    /* while parsing */
    GString *text;
    gboolean in_text, in_phonetic;
    json_t *table, *row;
    guint column, rows;
    char type;
    int style;
};

static void sheet_free(gpointer data)
{
    struct sheet *sheet = data;
    g_free(sheet->name);
    g_free(sheet->id);
    g_free(sheet);
}

/* ---- shared strings */

static void on_string(void *context, const struct xml *element)
{
    struct xlsx *x = context;
    if (xml_is(element, "si"))
        g_string_truncate(x->text, 0);
    x->in_phonetic = x->in_phonetic || xml_is(element, "rPh");
    x->in_text = xml_is(element, "t") && !x->in_phonetic;
}

static void off_string(void *context, const struct xml *element)
{
    struct xlsx *x = context;
    x->in_text = FALSE;
    if (xml_is(element, "rPh"))
        x->in_phonetic = FALSE;
    if (xml_is(element, "si"))
        g_ptr_array_add(x->shared, g_strdup(x->text->str));
}

static void on_characters(void *context, const char *text, gsize n)
{
    struct xlsx *x = context;
    if (x->in_text)
        g_string_append_len(x->text, text, (gssize)n);
}

/* ---- workbook and styles */

static void on_workbook(void *context, const struct xml *element)
{
    struct xlsx *x = context;
    if (xml_is(element, "sheet")) {
        struct sheet *sheet = g_new0(struct sheet, 1);
        sheet->name = xml_attribute(element, "name");
        sheet->id = xml_attribute(element, "id");
        g_ptr_array_add(x->sheets, sheet);
    } else if (xml_is(element, "workbookPr")) {
        g_autofree char *epoch = xml_attribute(element, "date1904");
        x->date1904 = g_strcmp0(epoch, "1") == 0 || g_strcmp0(epoch, "true") == 0;
    }
}

static void on_style(void *context, const struct xml *element)
{
    struct xlsx *x = context;
    if (xml_is(element, "numFmt")) {
        int id = xml_number(element, "numFmtId", 0);
        char *code = xml_attribute(element, "formatCode");
        g_hash_table_replace(x->formats, GINT_TO_POINTER(id), code);
    } else if (xml_is(element, "cellXfs")) {
        x->in_styles = TRUE;
    } else if (xml_is(element, "xf") && x->in_styles) {
        int id = xml_number(element, "numFmtId", 0);
        g_array_append_val(x->styles, id);
    }
}

static void off_style(void *context, const struct xml *element)
{
    if (xml_is(element, "cellXfs"))
        ((struct xlsx *)context)->in_styles = FALSE;
}

/* ---- numbers as they are shown */

static const struct {
    int id;
    const char *code;
} built_in[] = {
    { 9, "0%" },      { 10, "0.00%" },        { 14, "yyyy/m/d" },      { 15, "d-mmm-yy" },
    { 20, "h:mm" },   { 21, "h:mm:ss" },      { 22, "yyyy/m/d h:mm" }, { 27, "yyyy年m月" },
    { 28, "m月d日" }, { 31, "yyyy年m月d日" }, { 57, "yyyy年m月" },     { 58, "m月d日" },
    { 30, "m/d/yy" }, { 32, "h时mm分" },      { 33, "h时mm分ss秒" },
};

static const char *format_code(const struct xlsx *x)
{
    if (x->style < 0 || (guint)x->style >= x->styles->len)
        return NULL;
    int id = g_array_index(x->styles, int, x->style);
    for (gsize i = 0; i < G_N_ELEMENTS(built_in); i++)
        if (built_in[i].id == id)
            return built_in[i].code;
    return g_hash_table_lookup(x->formats, GINT_TO_POINTER(id));
}

/* Skips what a format only quotes: "…", \x, [$-804]. */
static const char *after_quote(const char *p, GString *out)
{
    const char *end;
    if (*p == '"' && (end = strchr(p + 1, '"')) != NULL) {
        if (out != NULL)
            g_string_append_len(out, p + 1, end - p - 1);
        return end + 1;
    }
    if (*p == '[' && (end = strchr(p, ']')) != NULL)
        return end + 1;
    if (*p == '\\' && p[1] != '\0') {
        end = g_utf8_next_char(p + 1);
        if (out != NULL)
            g_string_append_len(out, p + 1, end - p - 1);
        return end;
    }
    return NULL;
}

static gboolean is_date(const char *code)
{
    for (const char *p = code; *p != '\0' && *p != ';';) {
        const char *after = after_quote(p, NULL);
        if (after == NULL && strchr("ymdhs", g_ascii_tolower(*p)) != NULL)
            return TRUE;
        p = after != NULL ? after : g_utf8_next_char(p);
    }
    return FALSE;
}

/* The part of a moment that a run of one letter stands for. m is minutes beside h or s. */
static void add_part(GString *out, GDateTime *moment, char letter, int n, gboolean minutes)
{
    int value = letter == 'y'   ? g_date_time_get_year(moment)
                : letter == 'd' ? g_date_time_get_day_of_month(moment)
                : letter == 'h' ? g_date_time_get_hour(moment)
                : letter == 's' ? g_date_time_get_second(moment)
                : minutes       ? g_date_time_get_minute(moment)
                                : g_date_time_get_month(moment);
    if (letter == 'y')
        g_string_append_printf(out, n <= 2 ? "%02d" : "%d", n <= 2 ? value % 100 : value);
    else
        g_string_append_printf(out, n == 2 ? "%02d" : "%d", value);
}

static char *date_text(const struct xlsx *x, const char *code, double days)
{
    g_autoptr(GDateTime) epoch = x->date1904 ? g_date_time_new_utc(1904, 1, 1, 0, 0, 0)
                                             : g_date_time_new_utc(1899, 12, 30, 0, 0, 0);
    g_autoptr(GDateTime) moment =
        days >= 0 && days < 2958466
            ? g_date_time_add_seconds(epoch, (double)(gint64)(days * 86400 + 0.5))
            : NULL;
    GString *out = g_string_new(NULL);
    gboolean after_hour = FALSE;
    for (const char *p = code; moment != NULL && *p != '\0' && *p != ';';) {
        const char *after = after_quote(p, out);
        char letter = g_ascii_tolower(*p);
        if (after != NULL) {
            p = after;
        } else if (strchr("ymdhs", letter) != NULL) {
            int n = 0;
            for (; g_ascii_tolower(*p) == letter; p++)
                n++;
            gboolean seconds = g_ascii_tolower(*p) == ':' && g_ascii_tolower(p[1]) == 's';
            add_part(out, moment, letter, n, after_hour || seconds);
            after_hour = letter == 'h';
        } else {
            after = g_utf8_next_char(p);
            if (*p != '@' && *p != '_' && *p != '*')
                g_string_append_len(out, p, after - p);
            p = after;
        }
    }
    return g_string_free(out, FALSE);
}

static char *number_shown(const struct xlsx *x, const char *raw)
{
    const char *code = format_code(x);
    char *end;
    double value = g_ascii_strtod(raw, &end);
    char buffer[G_ASCII_DTOSTR_BUF_SIZE];
    if (end == raw || value > 1e300 || value < -1e300 || value != value)
        return g_strdup(raw);
    if (code != NULL && is_date(code))
        return date_text(x, code, value);
    const char *percent = code != NULL ? strchr(code, '%') : NULL;
    if (percent != NULL) {
        const char *dot = memchr(code, '.', (gsize)(percent - code));
        int places = dot != NULL ? (int)MIN(percent - dot - 1, 10) : 0;
        return g_strdup_printf("%.*f%%", places, value * 100);
    }
    /* Fifteen digits are what Excel has; the sixteenth is the noise of binary fractions. */
    return g_strdup(g_ascii_formatd(buffer, sizeof buffer, "%.15g", value));
}

static char *cell_shown(const struct xlsx *x)
{
    const char *raw = x->text->str;
    if (x->type == 's') {
        guint64 index = g_ascii_strtoull(raw, NULL, 10);
        return g_strdup(index < x->shared->len ? x->shared->pdata[index] : "");
    }
    if (x->type == 'b')
        return g_strdup(strcmp(raw, "1") == 0 ? "TRUE" : "FALSE");
    return x->type == 'n' ? number_shown(x, raw) : g_strdup(raw);
}

/* ---- sheets */

/* "AB12" → 27; without a reference the next column. */
static guint column_of(const char *reference, guint next)
{
    guint column = 0;
    const char *p = reference != NULL ? reference : "";
    for (; g_ascii_isupper(*p) && column < MAX_COLUMNS; p++)
        column = column * 26 + (guint)(*p - 'A' + 1);
    return column > 0 ? column - 1 : next;
}

static void begin_cell(struct xlsx *x, const struct xml *element)
{
    g_autofree char *reference = xml_attribute(element, "r");
    g_autofree char *type = xml_attribute(element, "t");
    x->column = column_of(reference, x->column);
    x->type = type == NULL ? 'n' : strcmp(type, "s") == 0 ? 's' : *type == 'b' ? 'b' : *type;
    if (type != NULL && strcmp(type, "str") == 0)
        x->type = 'f';
    x->style = xml_number(element, "s", 0);
    g_string_truncate(x->text, 0);
}

static void end_cell(struct xlsx *x)
{
    g_autofree char *shown = cell_shown(x);
    g_autofree char *clean = text_clean(shown, -1);
    if (*clean != '\0' && x->column < MAX_COLUMNS && x->row != NULL) {
        while (json_array_size(x->row) < x->column)
            json_array_append_new(x->row, json_string(""));
        if (json_array_size(x->row) == x->column)
            json_array_append_new(x->row, json_string(clean));
    }
    x->column++;
}

static void begin_row(struct xlsx *x, const struct xml *element)
{
    guint number = (guint)xml_number(element, "r", (int)x->rows + 1);
    /* A few empty rows are layout, thousands are a slip of somebody's mouse. */
    while (x->rows + 1 < number && number - x->rows < MAX_GAP) {
        json_array_append_new(x->table, json_array());
        x->rows++;
    }
    x->rows = number;
    x->column = 0;
    json_decref(x->row);
    x->row = json_array();
}

static void on_sheet(void *context, const struct xml *element)
{
    struct xlsx *x = context;
    if (xml_is(element, "row"))
        begin_row(x, element);
    else if (xml_is(element, "c"))
        begin_cell(x, element);
    x->in_phonetic = x->in_phonetic || xml_is(element, "rPh");
    x->in_text = xml_is(element, "v") || (xml_is(element, "t") && !x->in_phonetic);
}

static void off_sheet(void *context, const struct xml *element)
{
    struct xlsx *x = context;
    x->in_text = FALSE;
    if (xml_is(element, "rPh"))
        x->in_phonetic = FALSE;
    if (xml_is(element, "c"))
        end_cell(x);
    if (xml_is(element, "row") && x->row != NULL) {
        json_array_append_new(x->table, x->row);
        x->row = NULL;
    }
}

static void tell_sheet(struct xlsx *x, const struct sheet *sheet)
{
    size_t i;
    json_t *row;
    while (json_array_size(x->table) > 0 &&
           json_array_size(json_array_get(x->table, json_array_size(x->table) - 1)) == 0)
        json_array_remove(x->table, json_array_size(x->table) - 1);
    json_array_foreach (x->table, i, row)
        for (int side = 0; side < SIDES; side++)
            table_text(x->paper->text[side], row);
    g_autofree char *name = text_clean(sheet->name != NULL ? sheet->name : "", -1);
    json_array_append_new(x->paper->sheets, json_string(name));
    json_array_append_new(x->paper->tables, x->table);
}

static void read_sheet(struct xlsx *x, const struct sheet *sheet, GBytes *part)
{
    static const struct xml_events events = { on_sheet, off_sheet, on_characters };
    x->table = json_array();
    x->rows = 0;
    if (part != NULL)
        xml_parse(part, &events, x, &x->paper->unreadable);
    json_decref(x->row);
    x->row = NULL;
    tell_sheet(x, sheet);
}

static void read_parts(struct xlsx *x, GHashTable *parts, const GPtrArray *relations)
{
    static const struct xml_events strings = { on_string, off_string, on_characters };
    static const struct xml_events styles = { .start = on_style, .end = off_style };
    const char *shared = relation_typed(relations, "sharedStrings");
    const char *style = relation_typed(relations, "styles");
    GBytes *part = shared != NULL ? g_hash_table_lookup(parts, shared) : NULL;
    if (part != NULL)
        xml_parse(part, &strings, x, &x->paper->unreadable);
    part = style != NULL ? g_hash_table_lookup(parts, style) : NULL;
    if (part != NULL)
        xml_parse(part, &styles, x, &x->paper->unreadable);
}

void read_xlsx(struct paper *paper, GHashTable *parts, const char *main)
{
    static const struct xml_events workbook = { .start = on_workbook };
    g_autoptr(GPtrArray) relations = relations_of(paper, parts, main);
    struct xlsx x = { .paper = paper,
                      .shared = g_ptr_array_new_with_free_func(g_free),
                      .sheets = g_ptr_array_new_with_free_func(sheet_free),
                      .formats = g_hash_table_new_full(NULL, NULL, NULL, g_free),
                      .styles = g_array_new(FALSE, FALSE, sizeof(int)),
                      .text = g_string_new(NULL) };
    paper->sheets = json_array();
    read_parts(&x, parts, relations);
    xml_parse(g_hash_table_lookup(parts, main), &workbook, &x, &paper->unreadable);
    for (guint i = 0; i < x.sheets->len && paper->unreadable == NULL; i++) {
        const struct sheet *sheet = x.sheets->pdata[i];
        const char *target = relation_target(relations, sheet->id);
        read_sheet(&x, sheet, target != NULL ? g_hash_table_lookup(parts, target) : NULL);
    }
    g_ptr_array_unref(x.shared);
    g_ptr_array_unref(x.sheets);
    g_hash_table_unref(x.formats);
    g_array_unref(x.styles);
    g_string_free(x.text, TRUE);
}
