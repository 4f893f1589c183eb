/* CSV as spreadsheets write it, and as people write it by hand. */
#include "base/private.h"
#include <string.h>

/* A table while it is read. */
struct reader {
    const char *at;
    const char *separator; /* one character, perhaps of several bytes */
    int line;              /* from 1, of the place that at points to */
    GPtrArray *rows;
};

static char *decode(const char *bytes, gsize n, GError **error)
{
    if (n == 0)
        return g_strdup("");
    if (n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        n -= 3;
    }
    if (memchr(bytes, '\0', n) == NULL) {
        if (g_utf8_validate(bytes, (gssize)n, NULL))
            return g_strndup(bytes, n);
        char *text = g_convert(bytes, (gssize)n, "UTF-8", "GB18030", NULL, NULL, NULL);
        if (text != NULL)
            return text;
    }
    fault_set(error, FAULT_REFUSED,
              "无法识别文件的编码，请在表格软件中另存为“CSV UTF-8（逗号分隔）”");
    return NULL;
}

static gboolean ends_line(char c)
{
    return c == '\0' || c == '\n' || c == '\r';
}

/* The first line that holds anything decides, and a comma there outweighs the rest. */
static const char *find_separator(const char *text)
{
    static const char *const others[] = { "\t", ";", "，" };
    gboolean quoted = FALSE;
    const char *found = NULL;
    text += strspn(text, "\r\n");
    for (; *text != '\0' && (quoted || !ends_line(*text)); text++) {
        if (*text == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (*text == ',')
            return ",";
        for (gsize i = 0; i < G_N_ELEMENTS(others) && found == NULL; i++)
            if (g_str_has_prefix(text, others[i]))
                found = others[i];
    }
    return found != NULL ? found : ",";
}

/* Moves behind a line end of any of the three kinds. */
static void line_skip(struct reader *reader)
{
    if (*reader->at == '\0')
        return;
    reader->at += reader->at[0] == '\r' && reader->at[1] == '\n' ? 2 : 1;
    reader->line++;
}

static gboolean quoted_read(struct reader *reader, GString *field, GError **error)
{
    int opened = reader->line;
    for (reader->at++; *reader->at != '\0';) {
        if (*reader->at == '"') {
            reader->at++;
            if (*reader->at != '"')
                return TRUE;
            g_string_append_c(field, *reader->at++);
        } else if (ends_line(*reader->at)) {
            g_string_append_c(field, '\n');
            line_skip(reader);
        } else {
            g_string_append_c(field, *reader->at++);
        }
    }
    return fault_set(error, FAULT_REFUSED, "第 %d 行的引号没有结束，请补上引号", opened);
}

static char *field_read(struct reader *reader, GError **error)
{
    g_autoptr(GString) field = g_string_new(NULL);
    if (*reader->at == '"' && !quoted_read(reader, field, error))
        return NULL;
    while (!ends_line(*reader->at) && !g_str_has_prefix(reader->at, reader->separator))
        g_string_append_c(field, *reader->at++);
    return g_strdup(field->str);
}

static gboolean row_read(struct reader *reader, GError **error)
{
    int line = reader->line;
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
    for (;;) {
        char *field = field_read(reader, error);
        if (field == NULL)
            return FALSE;
        g_ptr_array_add(fields, field);
        if (ends_line(*reader->at))
            break;
        reader->at += strlen(reader->separator);
    }
    line_skip(reader);
    g_ptr_array_add(fields, NULL);
    g_ptr_array_set_free_func(fields, NULL);
    /* Behind the end, where g_strfreev does not look: for csv_line. */
    g_ptr_array_add(fields, GINT_TO_POINTER(line));
    g_ptr_array_add(reader->rows, g_ptr_array_steal(fields, NULL));
    return TRUE;
}

static gboolean blank_line_skip(struct reader *reader)
{
    const char *end =
        reader->at + strspn(reader->at, strcmp(reader->separator, "\t") == 0 ? " " : " \t");
    if (!ends_line(*end))
        return FALSE;
    reader->at = end;
    line_skip(reader);
    return TRUE;
}

GPtrArray *csv_parse(const char *bytes, gsize n, GError **error)
{
    g_autofree char *text = decode(bytes, n, error);
    if (text == NULL)
        return NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    struct reader reader = { text, find_separator(text), 1, rows };
    while (*reader.at != '\0')
        if (!blank_line_skip(&reader) && !row_read(&reader, error))
            return NULL;
    return g_steal_pointer(&rows);
}

static void write_field(GString *out, const char *field)
{
    const char *guard = *field != '\0' && strchr("=+-@\t\r", *field) != NULL ? "'" : "";
    if (strpbrk(field, ",\"\r\n") == NULL) {
        g_string_append_printf(out, "%s%s", guard, field);
        return;
    }
    g_auto(GStrv) pieces = g_strsplit(field, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", pieces);
    g_string_append_printf(out, "\"%s%s\"", guard, doubled);
}

void csv_write(GString *out, const char *const *fields, gsize columns)
{
    for (gsize i = 0; i < columns; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        write_field(out, fields[i] != NULL ? fields[i] : "");
    }
    g_string_append(out, "\r\n");
}

int csv_line(char *const *row)
{
    return GPOINTER_TO_INT(row[g_strv_length((char **)row) + 1]);
}
