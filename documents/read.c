/* What a file says: lianluo-read is asked; where it names a converter, that one first. */
#include "documents/private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 25, MAX_OUTPUT = 16 * 1024 * 1024 + 1 };

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

/* The object that the child wrote; NULL: none, or more than it may. */
static json_t *output(int fd)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || about.st_size <= 0 || about.st_size > MAX_OUTPUT)
        return NULL;
    const char *text = mmap(NULL, (gsize)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (text == MAP_FAILED)
        return NULL;
    json_t *json = json_loadb(text, (gsize)about.st_size, 0, NULL);
    munmap((void *)text, (gsize)about.st_size);
    return json;
}

/* A child that died: of the alarm or of its limits, or of something in the file. */
static json_t *dead(int status)
{
    gboolean slow =
        WIFSIGNALED(status) && (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGXCPU);
    json_t *json = unread("unknown", slow ? "too_big" : "damaged");
    warn(json, "reader",
         slow ? "读取超过时间限制" : "读取程序中途退出，文件可能已损坏或被做了手脚");
    return json;
}

static json_t *ask(int fd, const char *name, GError **error)
{
    const char *arguments[] = { name != NULL ? name : "", NULL };
    int status = 0, out = program_file(NULL, error);
    const struct program program = { "read", arguments, fd, out, SECONDS, TRUE };
    if (out < 0)
        return NULL;
    json_t *json = NULL;
    if (program_wait(&program, &status, error)) {
        gboolean good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        json = good ? output(out) : NULL;
        if (json == NULL)
            json = dead(status);
    }
    close(out);
    return json;
}

/* What a reader of the text alone cannot know. */
static const char *blindness(const char *tool)
{
    static const struct {
        const char *tool, *text;
    } known[] = {
        { "soffice", "由 LibreOffice 转换后读取，修订和批注照原样保留" },
        { "catdoc",
          "由 catdoc 读取：只有文字，看不到修订、批注和表格，修订前后的文字可能混在一起" },
        { "antiword", "由 antiword 读取：只有文字，看不到修订、批注和表格" },
        { "xls2csv", "由 xls2csv 读取：只有各单元格的文字，看不到批注和合并" },
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

/* The document of a file whose text a converter has to make; takes over first. */
static json_t *converted(json_t *first, int fd, GError **error)
{
    const char *tool;
    g_autofree char *format = g_strdup(json_string_value(json_object_get(first, "format")));
    g_autofree char *kind = g_strdup(json_string_value(json_object_get(first, "converter")));
    gboolean pdf = strcmp(kind, "pdf") == 0;
    const char *trouble = pdf && look_for_pdf(fd).encrypted ? "encrypted" : NULL;
    json_object_del(first, "converter");
    g_autoptr(GError) fault = NULL;
    int out = convert_file(fd, kind, &tool, &fault);
    if (out < 0) {
        refuse(first, format, trouble != NULL ? trouble : tool != NULL ? "damaged" : "unsupported");
        if (tool == NULL)
            warn(first, "converter",
                 "没有装能读它的程序，请安装 libreoffice、catdoc 或 poppler-utils");
        return first;
    }
    json_t *json = ask(out, strcmp(tool, "xls2csv") == 0 ? "sheet.csv" : "", error);
    close(out);
    json_decref(first);
    if (json == NULL)
        return NULL;
    json_object_del(json, "converter");
    json_object_set_new(json, "format", json_string(format));
    if (is_blank(json) && document_unreadable(json) == NULL)
        refuse(json, format, pdf ? "scanned" : "damaged");
    warn(json, "converted", blindness(tool));
    return json;
}

/* Most papers are PDFs, which lianluo-read itself would not read anyhow. */
static json_t *first_look(int fd, const char *name, GError **error)
{
    struct pdf pdf = look_for_pdf(fd);
    if (!pdf.is)
        return ask(fd, name, error);
    json_t *json = unread("pdf", "damaged");
    if (!pdf.hollow)
        json_object_set_new(json, "converter", json_string("pdf"));
    return json;
}

json_t *document_read(int fd, const char *name, GError **error)
{
    json_t *json = first_look(fd, name, error);
    if (json != NULL && json_object_get(json, "converter") != NULL)
        return converted(json, fd, error);
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
