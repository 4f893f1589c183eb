/* What a file is, by its bytes; its name only decides between kinds of plain text. */
#include "documents/read/read.h"

#include <string.h>

static gboolean begins(const struct paper *paper, const char *mark, gsize n)
{
    return paper->n >= n && memcmp(paper->bytes, mark, n) == 0;
}
#define BEGINS(paper, mark) begins(paper, mark, sizeof(mark) - 1)

gboolean name_ends(const struct paper *paper, const char *ending)
{
    g_autofree char *lower = g_ascii_strdown(paper->name, -1);
    return g_str_has_suffix(lower, ending);
}

static gboolean is_empty(const struct paper *paper)
{
    return paper->n == 0;
}

static gboolean is_zip(const struct paper *paper)
{
    return BEGINS(paper, "PK\003\004") || BEGINS(paper, "PK\005\006");
}

static gboolean is_ole(const struct paper *paper)
{
    return BEGINS(paper, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}

static gboolean is_rtf(const struct paper *paper)
{
    return BEGINS(paper, "{\\rtf");
}

/* A few bytes of something else may stand before it. */
static gboolean is_pdf(const struct paper *paper)
{
    return memmem(paper->bytes, MIN(paper->n, 1024), "%PDF-", 5) != NULL;
}

static gboolean is_rar(const struct paper *paper)
{
    return BEGINS(paper, "Rar!\x1A\x07");
}

static gboolean is_7z(const struct paper *paper)
{
    return BEGINS(paper, "7z\xBC\xAF\x27\x1C");
}

static gboolean is_png(const struct paper *paper)
{
    return BEGINS(paper, "\x89PNG\r\n\x1A\n");
}

static gboolean is_jpeg(const struct paper *paper)
{
    return BEGINS(paper, "\xFF\xD8\xFF");
}

static gboolean is_gif(const struct paper *paper)
{
    return BEGINS(paper, "GIF8");
}

static gboolean is_bmp(const struct paper *paper)
{
    return BEGINS(paper, "BM") && paper->n > 26 && memcmp(paper->bytes + 6, "\0\0\0\0", 4) == 0;
}

static gboolean is_tiff(const struct paper *paper)
{
    return BEGINS(paper, "II*\0") || BEGINS(paper, "MM\0*");
}

static gboolean is_webp(const struct paper *paper)
{
    return BEGINS(paper, "RIFF") && paper->n > 12 && memcmp(paper->bytes + 8, "WEBP", 4) == 0;
}

/* Much of it is no text in any charset: controls, or a NUL outside of UTF-16. */
static gboolean is_binary(const struct paper *paper)
{
    if (BEGINS(paper, "\xFF\xFE") || BEGINS(paper, "\xFE\xFF"))
        return FALSE;
    gsize n = MIN(paper->n, 65536), controls = 0;
    for (gsize i = 0; i < n; i++) {
        guchar c = (guchar)paper->bytes[i];
        if (c == 0)
            return TRUE;
        controls += c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B;
    }
    return controls > n / 100;
}

static gboolean is_html(const struct paper *paper)
{
    static const char *const marks[] = { "<!doctype html", "<html", "<head", "<body", "<meta" };
    g_autofree char *head = g_ascii_strdown(paper->bytes, (gssize)MIN(paper->n, 2048));
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (strstr(head, marks[i]) != NULL)
            return TRUE;
    return name_ends(paper, ".html") || name_ends(paper, ".htm");
}

/* A mail begins with fields, among them some that every mail has. */
static gboolean is_mail(const struct paper *paper)
{
    static const char *const fields[] = { "\nfrom:", "\nmessage-id:", "\nmime-version:",
                                          "\nreceived:" };
    g_autofree char *head = g_strndup(paper->bytes, MIN(paper->n, 16384));
    g_autofree char *text = g_strconcat("\n", head, NULL);
    g_autofree char *lower = g_ascii_strdown(text, -1);
    const char *colon = strchr(head, ':');
    guint found = 0;
    if (colon == NULL || strcspn(head, " \t\n") < (gsize)(colon - head))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        found += strstr(lower, fields[i]) != NULL;
    return found >= 2 || (found == 1 && (name_ends(paper, ".eml") || name_ends(paper, ".mht")));
}

static gboolean is_csv(const struct paper *paper)
{
    return name_ends(paper, ".csv");
}

static gboolean is_anything(const struct paper *paper)
{
    return TRUE;
}

static void read_nothing(struct paper *paper)
{
    paper_refuse(paper, paper->n == 0 ? "damaged" : "unsupported");
}

static void read_rtf(struct paper *paper)
{
    paper->converter = "word";
}

static void read_pdf(struct paper *paper)
{
    paper->converter = "pdf";
}

/* The first that fits. */
static const struct format formats[] = {
    { "empty", is_empty, read_nothing }, { "zip", is_zip, read_zip },
    { "ole", is_ole, read_ole },         { "rtf", is_rtf, read_rtf },
    { "pdf", is_pdf, read_pdf },         { "rar", is_rar, read_archive },
    { "7z", is_7z, read_archive },       { "png", is_png, read_image },
    { "jpeg", is_jpeg, read_image },     { "gif", is_gif, read_image },
    { "bmp", is_bmp, read_image },       { "tiff", is_tiff, read_image },
    { "webp", is_webp, read_image },     { "unknown", is_binary, read_nothing },
    { "eml", is_mail, read_mail },       { "html", is_html, read_html },
    { "csv", is_csv, read_csv },         { "txt", is_anything, read_text },
};

const struct format *format_of(const struct paper *paper)
{
    const struct format *format = formats;
    while (!format->is(paper))
        format++;
    return format;
}
