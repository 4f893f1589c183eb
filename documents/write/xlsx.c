/* .xlsx: one sheet with a table that people fill in. Every cell is a string: what strangers wrote
 * is never a formula. */
#include "documents/write/write.h"

#include "base/base.h"
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { TITLE, SUMMARY, HEADER, CELL_MAX = 32000, PAPER_A4 = 9 };
enum { LINE_HEIGHT = 15, PADDING = 4, HEIGHT_MAX = 409 }; /* in points */

struct xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *title, *summary, *header, *cell;
    lxw_col_t columns;
    lxw_row_t rows;
};

static const char *text_of(json_t *value)
{
    const char *text = json_string_value(value);
    return text != NULL ? text : "";
}

static void write_cell(struct xlsx *x, lxw_row_t row, lxw_col_t column, const char *text,
                       lxw_format *format)
{
    g_autofree char *cut = NULL;
    if (g_utf8_strlen(text, -1) > CELL_MAX) {
        g_autofree char *head = g_utf8_substring(text, 0, CELL_MAX);
        cut = g_strconcat(head, "…", NULL);
    }
    worksheet_write_string(x->sheet, row, column, cut != NULL ? cut : text, format);
}

static lxw_format *new_format(struct xlsx *x, const char *font, double size, gboolean border)
{
    lxw_format *format = workbook_add_format(x->book);
    format_set_font_name(format, font);
    format_set_font_size(format, size);
    format_set_text_wrap(format);
    format_set_align(format, border ? LXW_ALIGN_VERTICAL_TOP : LXW_ALIGN_VERTICAL_CENTER);
    if (border)
        format_set_border(format, LXW_BORDER_THIN);
    return format;
}

static void make_formats(struct xlsx *x)
{
    x->title = new_format(x, "黑体", 16, FALSE);
    format_set_align(x->title, LXW_ALIGN_CENTER);
    x->summary = new_format(x, "仿宋", 11, FALSE);
    x->header = new_format(x, "黑体", 11, TRUE);
    format_set_align(x->header, LXW_ALIGN_CENTER);
    format_set_bg_color(x->header, 0xE8EDF3);
    x->cell = new_format(x, "仿宋", 11, TRUE);
}

static void write_table(struct xlsx *x, json_t *table)
{
    size_t i, k;
    json_t *row, *cell;
    json_array_foreach (table, i, row) {
        json_array_foreach (row, k, cell)
            write_cell(x, (lxw_row_t)(HEADER + i), (lxw_col_t)k, text_of(cell),
                       i == 0 ? x->header : x->cell);
        x->columns = (lxw_col_t)MAX(x->columns, json_array_size(row));
        x->rows++;
    }
}

/* How many lines a text takes in a column of so many digits; a Chinese character is a little wider
 * than two. */
static int lines_in(const char *text, int width)
{
    int lines = 0;
    g_auto(GStrv) pieces = g_strsplit(text, "\n", -1);
    for (char **piece = pieces; *piece != NULL; piece++)
        lines += MAX((text_width(*piece) * 11 + 10 * width - 1) / (10 * width), 1);
    return lines;
}

/* Not every program makes room for wrapped text when it opens a file. */
static void set_heights(struct xlsx *x, json_t *table, json_t *widths)
{
    size_t i, k;
    json_t *row, *cell;
    json_array_foreach (table, i, row) {
        int lines = 1;
        json_array_foreach (row, k, cell) {
            json_t *width = json_array_get(widths, k);
            if (width != NULL)
                lines = MAX(lines, lines_in(text_of(cell), MAX((int)json_number_value(width), 2)));
        }
        int height = MIN(lines * LINE_HEIGHT + PADDING, HEIGHT_MAX);
        worksheet_set_row(x->sheet, (lxw_row_t)(HEADER + i), height, NULL);
    }
}

static void set_columns(struct xlsx *x, json_t *widths, json_t *hidden)
{
    size_t i;
    json_t *width;
    json_array_foreach (widths, i, width)
        worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, json_number_value(width), NULL);
    if (!json_is_integer(hidden))
        return;
    lxw_row_col_options options = { .hidden = LXW_TRUE };
    lxw_col_t column = (lxw_col_t)json_integer_value(hidden);
    worksheet_set_column_opt(x->sheet, column, column, 8, NULL, &options);
}

/* A drop-down on a column. */
static void set_choices(struct xlsx *x, json_t *choices)
{
    size_t i;
    json_t *values = json_object_get(choices, "values"), *value;
    lxw_col_t column = (lxw_col_t)json_integer_value(json_object_get(choices, "column"));
    g_autofree const char **list = g_new0(const char *, json_array_size(values) + 1);
    json_array_foreach (values, i, value)
        list[i] = text_of(value);
    if (i == 0 || x->rows < 2)
        return;
    lxw_data_validation validation = { .validate = LXW_VALIDATION_TYPE_LIST,
                                       .value_list = (void *)list,
                                       .ignore_blank = LXW_VALIDATION_ON,
                                       .error_title = (char *)"请从列表中选择" };
    worksheet_data_validation_range(x->sheet, HEADER + 1, column, HEADER + x->rows - 1, column,
                                    &validation);
}

/* Frozen head, filters, and a print on A4 that repeats the head. */
static void set_page(struct xlsx *x, json_t *document)
{
    worksheet_freeze_panes(x->sheet, HEADER + 1, 0);
    if (x->columns > 0 && x->rows > 0)
        worksheet_autofilter(x->sheet, HEADER, 0, HEADER + x->rows - 1, x->columns - 1);
    if (json_is_true(json_object_get(document, "landscape")))
        worksheet_set_landscape(x->sheet);
    worksheet_set_paper(x->sheet, PAPER_A4);
    worksheet_set_margins(x->sheet, 0.4, 0.4, 0.5, 0.6);
    worksheet_fit_to_pages(x->sheet, 1, 0);
    worksheet_repeat_rows(x->sheet, HEADER, HEADER);
    worksheet_set_footer(x->sheet, "&C第 &P 页，共 &N 页");
}

static void write_head(struct xlsx *x, json_t *document, int hidden)
{
    lxw_col_t last = (lxw_col_t)(hidden > 1 ? hidden - 1 : MAX(x->columns, 2) - 1);
    worksheet_merge_range(x->sheet, TITLE, 0, TITLE, last,
                          text_of(json_object_get(document, "title")), x->title);
    worksheet_merge_range(x->sheet, SUMMARY, 0, SUMMARY, last,
                          text_of(json_object_get(document, "summary")), x->summary);
    worksheet_set_row(x->sheet, TITLE, 42, NULL);
    worksheet_set_row(x->sheet, SUMMARY, 34, NULL);
}

static void set_properties(struct xlsx *x, json_t *document)
{
    const char *name;
    json_t *value;
    lxw_doc_properties properties = { .title =
                                          (char *)text_of(json_object_get(document, "title")) };
    workbook_set_properties(x->book, &properties);
    json_object_foreach (json_object_get(document, "properties"), name, value)
        workbook_set_custom_property_string(x->book, name, text_of(value));
}

/* The library writes to a name: that of a file in memory. */
static GBytes *bytes_of(int fd)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(fd, FALSE, NULL);
    return map != NULL ? g_bytes_new(g_mapped_file_get_contents(map), g_mapped_file_get_length(map))
                       : NULL;
}

GBytes *xlsx_write(json_t *document, GError **error)
{
    int fd = memfd_create("xlsx", MFD_CLOEXEC);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    struct xlsx x = { .book = workbook_new(path) };
    x.sheet = workbook_add_worksheet(x.book, text_of(json_object_get(document, "sheet")));
    if (x.sheet == NULL)
        x.sheet = workbook_add_worksheet(x.book, NULL);
    json_t *hidden = json_object_get(document, "hidden");
    make_formats(&x);
    write_table(&x, json_object_get(document, "table"));
    set_columns(&x, json_object_get(document, "widths"), hidden);
    set_heights(&x, json_object_get(document, "table"), json_object_get(document, "widths"));
    write_head(&x, document, (int)json_integer_value(hidden));
    set_choices(&x, json_object_get(document, "choices"));
    set_page(&x, document);
    set_properties(&x, document);
    lxw_error failed = workbook_close(x.book);
    GBytes *bytes = failed == LXW_NO_ERROR ? bytes_of(fd) : NULL;
    if (bytes == NULL)
        fault_set(error, FAULT_WORLD, "写不成 .xlsx：%s", lxw_strerror(failed));
    close(fd);
    return bytes;
}
