/* Plain text, HTML, CSV, mails and pictures: what needs no package. */
#include "documents/read/read.h"

#include "mail/mail.h"
#include <string.h>

static void set_text(struct paper *paper, const char *text)
{
    for (int side = 0; side < SIDES; side++) {
        g_string_append(paper->text[side], text);
        if (paper->text[side]->len > 0 && !g_str_has_suffix(paper->text[side]->str, "\n"))
            g_string_append_c(paper->text[side], '\n');
    }
}

void read_text(struct paper *paper)
{
    g_autofree char *text = charset_text(NULL, paper->bytes, paper->n);
    set_text(paper, text);
}

/* The charset that the page names for itself. */
static char *charset_named(const struct paper *paper)
{
    g_autofree char *head = g_ascii_strdown(paper->bytes, (gssize)MIN(paper->n, 4096));
    const char *at = strstr(head, "charset=");
    if (at == NULL)
        return NULL;
    at += strlen("charset=");
    at += strspn(at, "\"' ");
    return g_strndup(at, strcspn(at, "\"'> ;/\r\n"));
}

void read_html(struct paper *paper)
{
    g_autofree char *label = charset_named(paper);
    g_autofree char *html = charset_text(label, paper->bytes, paper->n);
    g_autofree char *text = html_text(html, FALSE);
    set_text(paper, text);
}

void table_text(GString *text, json_t *row)
{
    size_t i;
    json_t *cell;
    json_array_foreach (row, i, cell) {
        if (i > 0)
            g_string_append_c(text, '\t');
        g_string_append(text, json_string_value(cell));
    }
    g_string_append_c(text, '\n');
}

void read_csv(struct paper *paper)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = csv_parse(paper->bytes, paper->n, &error);
    if (rows == NULL) {
        read_text(paper);
        return;
    }
    json_t *table = json_array();
    for (guint i = 0; i < rows->len; i++) {
        json_t *row = json_array();
        for (char **cell = rows->pdata[i]; *cell != NULL; cell++) {
            g_autofree char *clean = text_clean(*cell, -1);
            json_array_append_new(row, json_string(clean));
        }
        for (int side = 0; side < SIDES; side++)
            table_text(paper->text[side], row);
        json_array_append_new(table, row);
    }
    json_array_append_new(paper->tables, table);
}

void read_mail(struct paper *paper)
{
    struct mail *mail = mail_read(paper->bytes, paper->n);
    if (mail->defect != NULL) {
        paper_refuse(paper, "damaged");
        paper_warn(paper, "mail", "%s", mail->defect);
    }
    set_text(paper, mail->text);
    for (guint i = 0; i < mail->attachments->len && mail->defect == NULL; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        g_autoptr(GBytes) bytes = mail_attachment_bytes(paper->bytes, paper->n, i);
        json_t *member;
        if (bytes == NULL || paper->depth > MAX_NESTING)
            member = paper_unread(bytes == NULL ? "damaged" : "unsupported");
        else
            member = paper_read_inside(paper, a->filename, g_bytes_get_data(bytes, NULL),
                                       g_bytes_get_size(bytes));
        json_object_set_new(member, "name", json_string(a->filename));
        json_array_append_new(paper->members, member);
    }
    mail_free(mail);
}

static guint big(const struct paper *paper, gsize at, int n)
{
    guint value = 0;
    for (int i = 0; i < n && at + (gsize)i < paper->n; i++)
        value = value << 8 | (guchar)paper->bytes[at + (gsize)i];
    return value;
}

static guint little(const struct paper *paper, gsize at)
{
    return big(paper, at + 1, 1) << 8 | big(paper, at, 1);
}

/* The frame header of a JPEG lies behind any number of other segments. */
static void jpeg_size(const struct paper *paper, guint *width, guint *height)
{
    for (gsize at = 2; at + 9 < paper->n && big(paper, at, 1) == 0xFF;) {
        guint kind = big(paper, at + 1, 1);
        if (kind >= 0xC0 && kind <= 0xCF && kind != 0xC4 && kind != 0xC8 && kind != 0xCC) {
            *height = big(paper, at + 5, 2);
            *width = big(paper, at + 7, 2);
            return;
        }
        at += 2 + MAX(big(paper, at + 2, 2), 2);
    }
}

/* A picture has no text: for the office it is a scan. */
void read_image(struct paper *paper)
{
    guint width = 0, height = 0;
    if (strcmp(paper->format, "png") == 0)
        width = big(paper, 16, 4), height = big(paper, 20, 4);
    else if (strcmp(paper->format, "gif") == 0)
        width = little(paper, 6), height = little(paper, 8);
    else if (strcmp(paper->format, "bmp") == 0)
        width = little(paper, 18), height = little(paper, 22);
    else if (strcmp(paper->format, "jpeg") == 0)
        jpeg_size(paper, &width, &height);
    paper_refuse(paper, "scanned");
    if (width > 0 && height > 0)
        paper_warn(paper, "image", "image/%s %u×%u", paper->format, width, height);
    else
        paper_warn(paper, "image", "image/%s", paper->format);
}
