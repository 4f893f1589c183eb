/* What a file says: lianluo-read is asked; where it names a converter, that one first. */
#include "documents/private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 25, MAX_OUTPUT = 16 * 1024 * 1024 + 1, MAX_CONVERTED = 20, MAX_CONVERTING = 90 };

static json_t *unread(const char *format, const char *unreadable)
{
    return json_pack("{ss ss sn sn s[] s[] s[] s[] s[]}", "format", format, "unreadable",
                     unreadable, "text", "original_text", "revisions", "comments", "tables",
                     "members", "warnings");
}

static void warn(json_t *document, const char *tag, const char *text)
{
    json_array_append_new(json_object_get(document, "warnings"),
                          json_pack("{ss ss}", "tag", tag, "text", text));
}

static json_t *parsed(GBytes *line)
{
    gsize n;
    const char *text = g_bytes_get_data(line, &n);
    json_t *json = json_loadb(text, n, 0, NULL);
    return json != NULL ? json : unread("unknown", "damaged");
}

/* Steals the object. */
static GBytes *line_of(json_t *json)
{
    g_autofree char *text = json_dumps(json, JSON_COMPACT);
    g_autoptr(GString) line = g_string_new(text);
    g_string_append_c(line, '\n');
    json_decref(json);
    return g_string_free_to_bytes(g_steal_pointer(&line));
}

/* One line of text with one object in it: it may be printed, or parsed, as it is. */
static gboolean is_line(const char *text, gsize n)
{
    return n > 3 && n <= MAX_OUTPUT && *text == '{' && memcmp(text + n - 2, "}\n", 2) == 0 &&
           memchr(text, '\n', n) == text + n - 1 && g_utf8_validate_len(text, n, NULL);
}

/* The line that the child wrote; NULL: none, or more than it may. */
static GBytes *output(int fd)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(fd, FALSE, NULL);
    if (map == NULL || !is_line(g_mapped_file_get_contents(map), g_mapped_file_get_length(map)))
        return NULL;
    return g_mapped_file_get_bytes(map);
}

/* A child that died: of the alarm or of its limits, or of something in the file. */
static GBytes *dead(int status)
{
    static const int limits[] = { SIGALRM, SIGXCPU, SIGXFSZ };
    gboolean over = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++)
        over = over || (WIFSIGNALED(status) && WTERMSIG(status) == limits[i]);
    json_t *json = unread("unknown", over ? "too_big" : "damaged");
    warn(json, "reader",
         over ? "读取超过时间或大小的限制" : "读取程序中途退出，文件可能已损坏或被做了手脚");
    return line_of(json);
}

/* spill: where what lies inside and needs a converter is to go; 0: nowhere. */
static GBytes *ask(int fd, const char *name, int spill, GError **error)
{
    const char *arguments[] = { name != NULL ? name : "", spill > 0 ? "3" : NULL, NULL };
    int status = 0, out = program_file(NULL, error);
    const struct program program = { .name = "read",
                                     .arguments = arguments,
                                     .in = fd,
                                     .out = out,
                                     .third = spill,
                                     .seconds = SECONDS,
                                     .quiet = TRUE };
    if (out < 0)
        return NULL;
    GBytes *line = NULL;
    if (program_wait(&program, &status, error)) {
        gboolean good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        line = good ? output(out) : NULL;
        if (line == NULL)
            line = dead(status);
    }
    close(out);
    return line;
}

/* What a reader of the text alone cannot know. */
static const char *blindness(const char *tool)
{
    static const struct {
        const char *tool, *text;
    } known[] = {
        { "soffice", "由 LibreOffice 转换后读取，修订和批注照原样保留" },
        { "catdoc",
          "由 catdoc 读取：只有文字，看不到修订、批注和表格，修订前后的文字可能混在一起或有缺漏" },
        { "antiword", "由 antiword 读取：只有文字，看不到修订、批注和表格" },
        { "xls2csv", "由 xls2csv 读取：只有各单元格的文字，看不到批注和合并，末尾可能有乱码" },
        { "pdftotext", "由 pdftotext 读取：只有文字层，看不到批注、印章和图片" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].tool, tool) == 0)
            return known[i].text;
    return tool;
}

static gboolean is_blank(json_t *document)
{
    const char *text = json_string_value(json_object_get(document, "text"));
    g_autofree char *compact = text != NULL ? text_compact(text) : NULL;
    return compact == NULL || *compact == '\0';
}

static json_t *refuse(json_t *document, const char *format, const char *unreadable)
{
    json_object_set_new(document, "format", json_string(format));
    json_object_set_new(document, "unreadable", json_string(unreadable));
    json_object_set_new(document, "text", json_null());
    json_object_set_new(document, "original_text", json_null());
    return document;
}

/* What is seen of a PDF without parsing it: no other program is started for what is none. */
struct pdf {
    gboolean is, encrypted, hollow; /* hollow: without a single object */
};

static struct pdf look_for_pdf(int fd)
{
    struct pdf pdf = { 0 };
    struct stat about;
    if (fstat(fd, &about) != 0 || about.st_size <= 0)
        return pdf;
    gsize n = (gsize)about.st_size;
    const char *bytes = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return pdf;
    pdf.is = n > 5 && memcmp(bytes, "%PDF-", 5) == 0;
    pdf.hollow = pdf.is && memmem(bytes, n, " obj", 4) == NULL;
    pdf.encrypted = pdf.is && !pdf.hollow && memmem(bytes, n, "/Encrypt", 8) != NULL;
    munmap((void *)bytes, n);
    return pdf;
}

/* What the converters of a document may still take. */
struct rest {
    gsize room;   /* bytes of what they say */
    int left;     /* how many files */
    gint64 until; /* when the next mail has waited long enough */
};

/* Why no converter made a text of it; tool: the last that tried, or NULL. */
static json_t *not_converted(json_t *first, const char *format, const char *tool, gboolean late)
{
    refuse(first, format, late ? "too_big" : tool != NULL ? "damaged" : "unsupported");
    if (late)
        warn(first, "converter", "转换费时太久，已停止，请打开原件看");
    else if (tool == NULL)
        warn(first, "converter", "没有装能读它的程序，请安装 libreoffice、catdoc 或 poppler-utils");
    return first;
}

/* The document of a file whose text a converter has to make; takes over first. */
static json_t *converted(json_t *first, int fd, struct rest *rest, GError **error)
{
    const char *tool, *wanted = json_string_value(json_object_get(first, "converter"));
    g_autofree char *format = g_strdup(json_string_value(json_object_get(first, "format")));
    g_autofree char *kind = g_strdup(wanted != NULL ? wanted : "");
    gboolean pdf = strcmp(kind, "pdf") == 0;
    json_object_del(first, "converter");
    g_autoptr(GError) fault = NULL;
    int out = convert_file(fd, kind, rest->until, &tool, &fault);
    if (out < 0 && pdf && look_for_pdf(fd).encrypted)
        return refuse(first, format, "encrypted");
    if (out < 0)
        return not_converted(first, format, tool, g_get_monotonic_time() >= rest->until);
    g_autoptr(GBytes) line = ask(out, strcmp(tool, "xls2csv") == 0 ? "sheet.csv" : "", 0, error);
    close(out);
    json_decref(first);
    if (line == NULL)
        return NULL;
    gsize n = g_bytes_get_size(line);
    if (n > rest->room)
        return unread(format, "too_big");
    rest->room -= n;
    json_t *json = parsed(line);
    json_object_del(json, "converter");
    json_object_set_new(json, "format", json_string(format));
    if (is_blank(json) && document_unreadable(json) == NULL)
        refuse(json, format, pdf ? "scanned" : "damaged");
    warn(json, "converted", blindness(tool));
    return json;
}

/* Most papers are PDFs, which lianluo-read itself would not read anyhow. */
static GBytes *first_look(int fd, const char *name, int spill, GError **error)
{
    struct pdf pdf = look_for_pdf(fd);
    if (!pdf.is)
        return ask(fd, name, spill, error);
    json_t *json = unread("pdf", "damaged");
    if (!pdf.hollow)
        json_object_set_new(json, "converter", json_string("pdf"));
    return line_of(json);
}

/* Quotes within a text are escaped, so this can only be the key. */
static gboolean wants_converter(GBytes *line)
{
    static const char key[] = "\"converter\":\"";
    gsize n;
    const char *text = g_bytes_get_data(line, &n);
    return memmem(text, n, key, sizeof key - 1) != NULL;
}

/* ---- what lies inside: the reader has put its bytes into one file, one behind the other */

struct inside {
    GBytes *spilled;
    struct rest rest;
};

/* The reader is not trusted to say where. NULL: there are no such bytes. */
static GBytes *bytes_inside(const struct inside *inside, json_t *member)
{
    json_int_t at = json_integer_value(json_object_get(member, "at"));
    json_int_t size = json_integer_value(json_object_get(member, "size"));
    json_int_t all = (json_int_t)g_bytes_get_size(inside->spilled);
    if (at < 0 || size <= 0 || at > all || size > all - at)
        return NULL;
    return g_bytes_new_from_bytes(inside->spilled, (gsize)at, (gsize)size);
}

/* Steals the member. */
static json_t *converted_member(json_t *member, struct inside *inside, GError **error)
{
    g_autoptr(GBytes) bytes = bytes_inside(inside, member);
    g_autofree char *format = g_strdup(json_string_value(json_object_get(member, "format")));
    json_t *name = json_incref(json_object_get(member, "name"));
    json_object_del(member, "at");
    json_object_del(member, "size");
    if (bytes == NULL || inside->rest.left-- <= 0 || g_get_monotonic_time() > inside->rest.until) {
        json_object_del(member, "converter");
        warn(member, "converter", "里面要转换的文件太多或者太费时，这个没有读，请取出后单独读");
        refuse(member, format, bytes == NULL ? "damaged" : "too_big");
    } else {
        int fd = program_file(bytes, error);
        json_t *whole = fd >= 0 ? converted(json_incref(member), fd, &inside->rest, error) : NULL;
        if (fd >= 0)
            close(fd);
        json_decref(member);
        member = whole;
    }
    if (member != NULL)
        json_object_set(member, "name", name);
    json_decref(name);
    return member;
}

static gboolean convert_inside(json_t *document, struct inside *inside, GError **error)
{
    json_t *member, *members = json_object_get(document, "members");
    size_t i;
    json_array_foreach (members, i, member) {
        if (json_object_get(member, "converter") == NULL) {
            if (!convert_inside(member, inside, error))
                return FALSE;
            continue;
        }
        json_t *whole = converted_member(json_incref(member), inside, error);
        if (whole == NULL)
            return FALSE;
        json_array_set_new(members, i, whole);
    }
    return TRUE;
}

static json_t *with_inside(json_t *document, struct rest rest, int spill, GError **error)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(spill, FALSE, error);
    struct inside inside = { NULL, rest };
    gboolean good = map != NULL;
    if (good) {
        inside.spilled = g_mapped_file_get_bytes(map);
        good = convert_inside(document, &inside, error);
        g_bytes_unref(inside.spilled);
    }
    if (good)
        return document;
    json_decref(document);
    return NULL;
}

static GBytes *whole_line(int fd, const char *name, int spill, int seconds, GError **error)
{
    g_autoptr(GBytes) line = first_look(fd, name, spill, error);
    if (line == NULL || !wants_converter(line))
        return g_steal_pointer(&line);
    json_t *json = parsed(line);
    gboolean itself = json_object_get(json, "converter") != NULL;
    struct rest rest = { .room = MAX_OUTPUT - MIN(g_bytes_get_size(line), MAX_OUTPUT),
                         .left = MAX_CONVERTED,
                         .until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC };
    json = itself ? converted(json, fd, &rest, error) : with_inside(json, rest, spill, error);
    return json != NULL ? line_of(json) : NULL;
}

GBytes *document_line_within(int fd, const char *name, int seconds, GError **error)
{
    int spill = program_file(NULL, error);
    GBytes *line = spill >= 0 ? whole_line(fd, name, spill, seconds, error) : NULL;
    if (spill >= 0)
        close(spill);
    return line;
}

GBytes *document_line(int fd, const char *name, GError **error)
{
    return document_line_within(fd, name, MAX_CONVERTING, error);
}

json_t *document_read(int fd, const char *name, GError **error)
{
    g_autoptr(GBytes) line = document_line(fd, name, error);
    return line != NULL ? parsed(line) : NULL;
}

json_t *document_of_bytes(GBytes *bytes, const char *name, GError **error)
{
    int fd = program_file(bytes, error);
    json_t *json = fd >= 0 ? document_read(fd, name, error) : NULL;
    if (fd >= 0)
        close(fd);
    return json;
}

int document_file(GError **error)
{
    return program_file(NULL, error);
}

const char *document_unreadable(json_t *document)
{
    return json_string_value(json_object_get(document, "unreadable"));
}

const char *unreadable_chinese(const char *unreadable)
{
    static const struct {
        const char *word, *chinese;
    } words[] = {
        { "encrypted", "设了密码，打不开" },
        { "damaged", "已损坏，打不开" },
        { "scanned", "是图片或扫描件，没有文字" },
        { "unsupported", "是读不了的格式" },
        { "too_big", "太大，没有读" },
    };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(words[i].word, unreadable) == 0)
            return words[i].chinese;
    return "读不了";
}

gboolean document_warns(json_t *document, const char *tag)
{
    size_t i;
    json_t *value;
    json_array_foreach (json_object_get(document, "warnings"), i, value)
        if (g_strcmp0(json_string_value(json_object_get(value, "tag")), tag) == 0)
            return TRUE;
    json_array_foreach (json_object_get(document, "members"), i, value)
        if (document_warns(value, tag))
            return TRUE;
    return FALSE;
}
