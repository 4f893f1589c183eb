/* Oversized attachments of QQ and NetEase: the mail holds only a link, and it expires. Found by the
 * address, described by the words around it; nobody here follows it. */
#include "mail/private.h"
#include <string.h>

#define MAX_LINKS 100
#define MAX_AROUND 400 /* bytes of text before and behind a link that may describe it */

/* Addresses without their scheme. */
static const char *const places[] = {
    "mail.qq.com/cgi-bin/ftnExs_download",
    "mail.qq.com/cgi-bin/ftnexs_download",
    "wx.mail.qq.com/ftn/download",
    "mail.qq.com/ftn/download",
    "mail.163.com/large-attachment-download",
    "mail.126.com/large-attachment-download",
    "mail.yeah.net/large-attachment-download",
    "dashi.163.com/html/cloud-attachment-download",
    "mail.163.com/filehub/bg/dl",
    "work.weixin.qq.com/filepreview/security",
};

/* TRUE if the host and path are one of the places, or at a host below one. */
static gboolean is_place(const char *url)
{
    const char *host = strstr(url, "://") + strlen("://");
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *found = strstr(host, places[i]);
        if (found != NULL && strcspn(host, "/?#") >= (gsize)(found - host) &&
            (found == host || found[-1] == '.'))
            return TRUE;
    }
    return FALSE;
}

static gboolean speaks_of_place(const char *html)
{
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        if (strstr(html, places[i]) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* The length of the web address at p, 0 if none begins there. */
static gsize address_length(const char *p)
{
    if (!g_str_has_prefix(p, "http://") && !g_str_has_prefix(p, "https://"))
        return 0;
    gsize n = 0;
    while ((guchar)p[n] > ' ' && (guchar)p[n] < 0x7F && strchr("<>\"'", p[n]) == NULL)
        n++;
    while (n > 0 && strchr(".,;:)]", p[n - 1]) != NULL)
        n--;
    return n;
}

static char *match(const char *text, const char *pattern, gboolean last)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GMatchInfo) info = NULL;
    char *found = NULL;
    for (g_regex_match(regex, text, 0, &info); g_match_info_matches(info) && (last || !found);
         g_match_info_next(info, NULL)) {
        g_free(found);
        found = g_match_info_fetch(info, 1);
    }
    return found;
}

/* A stretch of valid UTF-8: at most n bytes, ending at end or beginning at start. */
static char *before(const char *text, const char *end)
{
    const char *start = end - MIN((gsize)(end - text), MAX_AROUND);
    while (((guchar)*start & 0xC0) == 0x80)
        start++;
    return g_strndup(start, (gsize)(end - start));
}

static char *after(const char *start, const char *limit)
{
    const char *end = start + MIN((gsize)(limit - start), MAX_AROUND);
    while (end < limit && ((guchar)*end & 0xC0) == 0x80)
        end--;
    return g_strndup(start, (gsize)(end - start));
}

static char *find(const char *left, const char *right, const char *pattern)
{
    char *found = match(left, pattern, TRUE);
    return found != NULL ? found : match(right, pattern, FALSE);
}

static json_t *describe(const char *left, const char *right, const char *url)
{
    static const char name_form[] =
        "(?:^|[\\n\\t：|])[ ]*([^\\n\\t：|()（）<>]{1,180}(?:[(（][^\\n()（）]{1,60}[)）])?"
        "[^\\n\\t：|()（）<>]{0,60}\\.[a-z0-9]{2,5})(?=[\\s(（]|$)";
    static const char size_form[] =
        "(?<![\\w.])(\\d+(?:\\.\\d+)?[ ]?(?:[KMGT]B?|字节|bytes|B))(?!\\w)";
    static const char day_form[] = "(\\d{4}[年/.-]\\d{1,2}[月/.-]\\d{1,2}日?(?:[ ]?\\d{1,2}:\\d{2}"
                                   "(?::\\d{2})?)?)[ ]*(?:到期|过期|失效|前有效|前下载)?";
    g_autofree char *name = find(left, right, name_form);
    g_autofree char *size = find(left, right, size_form);
    g_autofree char *expires = find(left, right, day_form);
    if (name != NULL)
        g_strstrip(name);
    return json_pack("{s:s?, s:s?, s:s?, s:s}", "name", name, "size", size, "expires", expires,
                     "url", url);
}

static gboolean is_listed(const json_t *links, const char *url)
{
    size_t i;
    json_t *link;
    json_array_foreach (links, i, link) {
        if (strcmp(json_string_value(json_object_get(link, "url")), url) == 0)
            return TRUE;
    }
    return FALSE;
}

static const char *next_address(const char *p)
{
    while ((p = strstr(p, "http")) != NULL && address_length(p) == 0)
        p += strlen("http");
    return p;
}

static void add_links(json_t *links, const char *text)
{
    const char *from = text; /* where the words about the next link begin */
    for (const char *p = text;
         (p = next_address(p)) != NULL && json_array_size(links) < MAX_LINKS;) {
        gsize n = address_length(p);
        g_autofree char *url = g_strndup(p, n);
        const char *end = p + n;
        if (is_place(url) && !is_listed(links, url)) {
            const char *next = next_address(end);
            g_autofree char *left = before(from, p);
            g_autofree char *right = after(end, next != NULL ? next : end + strlen(end));
            json_array_append_new(links, describe(left, right, url));
        }
        p = from = end;
    }
}

json_t *links_find(const char *text, const char *html)
{
    json_t *links = json_array();
    add_links(links, text);
    if (speaks_of_place(html)) {
        g_autofree char *shown = html_text(html, TRUE);
        add_links(links, shown);
    }
    return links;
}
