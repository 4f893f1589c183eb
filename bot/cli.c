/* What the commands share: arguments as people write them, and JSON as others read it. */
#include "bot/bot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes from p on stand as they are in JSON, looked at eight at a time. */
static size_t plain_run(const char *p, const char *end)
{
    static const guint64 ones = 0x0101010101010101, tops = 0x8080808080808080;
    const char *start = p;
    for (guint64 w; end - p >= 8; p += 8) {
        memcpy(&w, p, 8);
        guint64 quote = w ^ ones * '"', escape = w ^ ones * '\\';
        if ((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((escape - ones) & ~escape)) &
            tops)
            break;
    }
    while (p < end && (guchar)*p >= 0x20 && *p != '"' && *p != '\\')
        p++;
    return (size_t)(p - start);
}

/* Text is most of what inspect prints, and Jansson looks at each character of it again. */
static void put_string(const char *text, size_t n, GString *to)
{
    static const char escapes[32] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
    };
    const char *end = text + n;
    g_string_append_c(to, '"');
    for (const char *p = text; p < end; p++) {
        size_t plain = plain_run(p, end);
        g_string_append_len(to, p, (gssize)plain);
        p += plain;
        guchar c = p < end ? (guchar)*p : '\0';
        char escape = c >= 0x20 ? (char)c : escapes[c];
        if (p < end && escape != '\0') {
            g_string_append_c(to, '\\');
            g_string_append_c(to, escape);
        } else if (p < end) {
            g_string_append_printf(to, "\\u%04X", c);
        }
    }
    g_string_append_c(to, '"');
}

static void put_number(json_t *json, GString *to)
{
    char *text = json_dumps(json, JSON_ENCODE_ANY);
    g_string_append(to, text);
    free(text);
}

static void put_json(json_t *json, GString *to)
{
    const char *key, *comma = "";
    json_t *value;
    size_t i;
    if (json_is_string(json)) {
        put_string(json_string_value(json), json_string_length(json), to);
    } else if (json_is_object(json)) {
        g_string_append_c(to, '{');
        json_object_foreach (json, key, value) {
            g_string_append(to, comma);
            put_string(key, strlen(key), to);
            g_string_append_c(to, ':');
            put_json(value, to);
            comma = ",";
        }
        g_string_append_c(to, '}');
    } else if (json_is_array(json)) {
        g_string_append_c(to, '[');
        json_array_foreach (json, i, value) {
            g_string_append(to, comma);
            put_json(value, to);
            comma = ",";
        }
        g_string_append_c(to, ']');
    } else if (json_is_number(json)) {
        put_number(json, to);
    } else {
        g_string_append(to, json_is_true(json) ? "true" : json_is_false(json) ? "false" : "null");
    }
}

GString *json_line(json_t *json)
{
    GString *line = g_string_sized_new(4096);
    put_json(json, line);
    g_string_append_c(line, '\n');
    json_decref(json);
    return line;
}

void print_json(json_t *json)
{
    g_autoptr(GString) line = json_line(json);
    fwrite(line->str, 1, line->len, stdout);
}

gboolean cli_expect(struct cli *cli, int min, int max, const char *usage, GError **error)
{
    if (cli->argc >= min && cli->argc <= max)
        return TRUE;
    return fault_set(error, FAULT_REFUSED, "%s。用法：lianluo %s",
                     cli->argc < min ? "参数不够" : "参数太多", usage);
}

int cli_verb(struct cli *cli, const char *const *verbs, GError **error)
{
    g_autofree char *all = g_strjoinv(" | ", (char **)verbs);
    const char *verb = cli->argc > 0 ? cli->argv[0] : "";
    for (int i = 0; verbs[i] != NULL; i++)
        if (g_str_equal(verbs[i], verb)) {
            cli->argv++;
            cli->argc--;
            return i;
        }
    fault_set(error, FAULT_REFUSED, "请指明做什么：%s", all);
    return -1;
}

static gboolean refuse_unknown(const char *what, const char *text, char **names, const char *see,
                               GError **error)
{
    g_autofree char *near = text_nearest(text, (const char *const *)names);
    if (near != NULL)
        return fault_set(error, FAULT_REFUSED, "没有%s“%s”，您是不是指：%s", what, text, near);
    return fault_set(error, FAULT_REFUSED, "没有%s“%s”，请看 %s", what, text, see);
}

gint64 cli_matter(struct db *db, const char *text, GError **error)
{
    gint64 id = matter_find(db, text);
    if (id > 0 || !db_ok(db, error))
        return MAX(id, 0);
    if (id < 0) {
        fault_set(error, FAULT_REFUSED, "“%s”对应几个事项，请写编号：lianluo matter list", text);
        return 0;
    }
    g_auto(GStrv) names = matter_all_names(db);
    refuse_unknown("事项", text, names, "lianluo matter list", error);
    return 0;
}

gint64 cli_unit(struct office *office, const char *text, GError **error)
{
    gint64 id = unit_named(office, text);
    if (id != 0 || !db_ok(office->db, error))
        return id;
    g_auto(GStrv) names = unit_all_names(office->db);
    refuse_unknown("单位", text, names, "lianluo unit list", error);
    return 0;
}

gint64 cli_number(const char *text, const char *what, GError **error)
{
    gint64 number = 0;
    if (!g_ascii_string_to_signed(*text == '#' ? text + 1 : text, 10, 1, G_MAXINT64, &number, NULL))
        fault_set(error, FAULT_REFUSED, "%s应是编号，例如 12，现在是“%s”", what, text);
    return number;
}

int cli_stance(const char *text, GError **error)
{
    int stance = stance_of(text);
    if (stance < 0)
        fault_set(
            error, FAULT_REFUSED,
            "不认识态度“%s”：应是 comments（有意见）、no_comment（无意见）、conditional、"
            "acknowledged、extension、correction、withdrawal、not_concerned、question 或 unclear",
            text);
    return stance;
}

json_t *json_instant(gint64 instant)
{
    g_autofree char *text = instant != 0 ? instant_text(instant) : NULL;
    return json_text(text);
}

json_t *json_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

json_t *json_unit(struct db *db, gint64 unit)
{
    g_autofree char *code = unit != 0 ? unit_code(db, unit) : NULL;
    return json_text(code);
}

json_t *json_id(gint64 id)
{
    return id != 0 ? json_integer(id) : json_null();
}
