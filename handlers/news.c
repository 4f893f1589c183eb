/* News for the WeCom group: markdown in parts, a line that calls somebody, a file. A row with
 * recipients is a text that mentions them; one with an enclosure is that file. */
#include "handlers/private.h"

enum { WECOM_PART = 3900 }; /* of 4,096 bytes; the rest is margin (channels.md §1.6) */

static struct outbox *news_row(struct office *office, char *key, gint64 matter, const char *subject,
                               const char *text)
{
    struct outbox *row = outbox_new();
    row->key = key;
    row->channel = g_strdup("wecom");
    row->kind = g_strdup("news");
    row->matter = matter;
    row->subject = g_strdup(subject);
    row->text = g_strdup(text);
    row->state = outbox_first_state(office);
    return row;
}

static void add(struct office *office, struct outbox *row)
{
    outbox_add(office->db, row);
    outbox_free(row);
}

gboolean news_queue(struct office *office, const char *name, const char *key, gint64 matter,
                    json_t *data, GError **error)
{
    if (!office->policy->wecom)
        return TRUE;
    g_autofree char *markdown = office_render(office, name, "wecom", data, error);
    if (markdown == NULL)
        return FALSE;
    g_autoptr(GPtrArray) parts = wecom_split(markdown, WECOM_PART);
    for (guint i = 0; i < parts->len; i++)
        add(office, news_row(office, g_strdup_printf("wecom/%s/%u", key, i + 1), matter, name,
                             parts->pdata[i]));
    return TRUE;
}

gboolean news_call(struct office *office, const char *name, const char *key, json_t *data,
                   GError **error)
{
    char **mention = office->policy->mention;
    if (!office->policy->wecom || mention == NULL || mention[0] == NULL)
        return TRUE;
    g_autofree char *text = office_render(office, name, "txt", data, error);
    if (text == NULL)
        return FALSE;
    struct outbox *row =
        news_row(office, g_strdup_printf("wecom/%s/call", key), 0, name, g_strstrip(text));
    for (char **who = mention; *who != NULL; who++)
        g_ptr_array_add(row->recipients, g_strdup(*who));
    add(office, row);
    return TRUE;
}

gboolean news_file(struct office *office, const char *key, gint64 matter, const char *filename,
                   const char *content_type, const GString *bytes, GError **error)
{
    if (!office->policy->wecom)
        return TRUE;
    g_autofree char *sha256 = raw_file(office->db, bytes->str, bytes->len, error);
    if (sha256 == NULL)
        return FALSE;
    raw_row(office->db, sha256, bytes->str, bytes->len);
    struct outbox *row =
        news_row(office, g_strdup_printf("wecom/%s/file", key), matter, filename, "");
    outbox_enclose(row, filename, content_type, sha256);
    add(office, row);
    return TRUE;
}
