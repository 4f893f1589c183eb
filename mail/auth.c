/* What the receiving server says of the sender (RFC 8601). Its field stands above all that the
 * sender wrote; whatever looks like it further down was forged, or is somebody else's. */
#include "mail/private.h"
#include <string.h>

/* name=value pairs of one field; sections begin where a method stands. */
struct pair {
    char *name, *value; /* value NULL: a word alone */
    guint section;
};

static void pair_free(gpointer data)
{
    struct pair *pair = data;
    g_free(pair->name);
    g_free(pair->value);
    g_free(pair);
}

/* Behind blanks and comments, which nest; NULL if a comment never ends. */
static const char *skip_comments(const char *p)
{
    int depth = 0;
    for (; *p != '\0'; p++) {
        if (depth > 0 && *p == '\\' && p[1] != '\0')
            p++;
        else if (*p == '(')
            depth++;
        else if (*p == ')' && depth > 0)
            depth--;
        else if (depth == 0 && *p != ' ' && *p != '\t')
            return p;
    }
    return depth == 0 ? p : NULL;
}

/* A word up to a blank or one of stops; quoted pieces are taken literally. NULL: never closed. */
static char *take_word(const char **p, const char *stops)
{
    g_autoptr(GString) word = g_string_new(NULL);
    const char *at = *p;
    gboolean quoted = FALSE;
    for (; *at != '\0'; at++) {
        if (quoted && *at == '\\' && at[1] != '\0')
            g_string_append_c(word, *++at);
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && (*at == ' ' || *at == '\t' || strchr(stops, *at) != NULL))
            break;
        else
            g_string_append_c(word, *at);
    }
    *p = at;
    return quoted ? NULL : g_strdup(word->str);
}

static gboolean take_pair(const char **p, guint section, GPtrArray *pairs)
{
    struct pair *pair = g_new0(struct pair, 1);
    g_ptr_array_add(pairs, pair);
    pair->section = section;
    pair->name = take_word(p, ";=()");
    if (pair->name == NULL || *pair->name == '\0' || (*p = skip_comments(*p)) == NULL)
        return FALSE;
    if (**p != '=')
        return TRUE;
    *p = skip_comments(*p + 1);
    pair->value = *p != NULL ? take_word(p, ";()") : NULL;
    return pair->value != NULL;
}

/* NULL: it is not what a server writes. Nothing of such a field may be believed: it could have been
 * shaped by the sender. */
static GPtrArray *field_pairs(const char *value)
{
    GPtrArray *pairs = g_ptr_array_new_with_free_func(pair_free);
    const char *p = skip_comments(value);
    guint section = 0;
    while (p != NULL && *p != '\0') {
        if (*p == ';') {
            section++;
            p = skip_comments(p + 1);
        } else if (!take_pair(&p, section, pairs)) {
            p = NULL;
        } else {
            p = skip_comments(p);
        }
    }
    for (guint i = 0; p != NULL && i < pairs->len; i++) {
        const struct pair *pair = pairs->pdata[i];
        /* Words alone: the server's name, its version, "none". */
        if (pair->section > 0 && pair->value == NULL && strcmp(pair->name, "none") != 0)
            p = NULL;
    }
    if (p != NULL && pairs->len > 0)
        return pairs;
    g_ptr_array_unref(pairs);
    return NULL;
}

/* The server that writes, or "" */
static const char *writer(const GPtrArray *pairs)
{
    const struct pair *first = pairs->pdata[0];
    return first->section == 0 && first->value == NULL ? first->name : "";
}

/* The same domain, or one below the domain that was proven. */
static gboolean is_aligned(const char *proven, const char *domain)
{
    gsize n = strlen(proven), m = strlen(domain);
    if (strchr(proven, '.') == NULL || n > m || g_ascii_strcasecmp(domain + m - n, proven) != 0)
        return FALSE;
    return n == m || domain[m - n - 1] == '.';
}

static const char *property(const GPtrArray *pairs, guint section, const char *name)
{
    for (guint i = 0; i < pairs->len; i++) {
        const struct pair *pair = pairs->pdata[i];
        if (pair->section == section && pair->value != NULL &&
            g_ascii_strcasecmp(pair->name, name) == 0)
            return pair->value;
    }
    return NULL;
}

static gboolean dkim_proves(const GPtrArray *pairs, guint section, const char *domain)
{
    const char *signer = property(pairs, section, "header.d");
    const char *identity = property(pairs, section, "header.i");
    if (signer == NULL && identity != NULL && strrchr(identity, '@') != NULL)
        signer = strrchr(identity, '@') + 1;
    return signer != NULL && is_aligned(signer, domain);
}

/* Where the whole address was checked, it must be the very same: neighbours share a domain. */
static gboolean spf_proves(const GPtrArray *pairs, guint section, const char *address,
                           const char *domain)
{
    const char *from = property(pairs, section, "smtp.mailfrom");
    if (from == NULL)
        from = property(pairs, section, "smtp.mail");
    if (from == NULL)
        return FALSE;
    return strchr(from, '@') != NULL ? g_ascii_strcasecmp(from, address) == 0
                                     : is_aligned(from, domain);
}

static gboolean field_proves(const GPtrArray *pairs, const char *address)
{
    const char *domain = strrchr(address, '@') + 1;
    guint seen = 0;
    for (guint i = 0; i < pairs->len; i++) {
        const struct pair *pair = pairs->pdata[i];
        if (pair->section == 0 || pair->section == seen || pair->value == NULL)
            continue;
        seen = pair->section; /* the method leads its section */
        g_autofree char *method = g_strndup(pair->name, strcspn(pair->name, "/"));
        if (g_ascii_strcasecmp(pair->value, "pass") != 0)
            continue;
        if ((g_ascii_strcasecmp(method, "dkim") == 0 && dkim_proves(pairs, seen, domain)) ||
            (g_ascii_strcasecmp(method, "spf") == 0 && spf_proves(pairs, seen, address, domain)))
            return TRUE;
    }
    return FALSE;
}

static gboolean is_ours(const GPtrArray *pairs, const char *const *servers)
{
    for (; servers != NULL && *servers != NULL; servers++)
        if (g_ascii_strcasecmp(writer(pairs), *servers) == 0)
            return TRUE;
    return FALSE;
}

/* Every field above the last hop that is the provider's own; among the sender's possible ones
 * below it, only the topmost. */
static gboolean any_field_proves(const struct mail *mail, const char *const *servers, guint hops,
                                 const char *address, gboolean *any)
{
    for (guint i = 0; i < mail->authentications->len; i++) {
        const struct authentication *field = mail->authentications->pdata[i];
        if (field->hops > hops || (*any && field->hops == hops))
            break;
        g_autoptr(GPtrArray) pairs = field_pairs(field->value);
        if (pairs != NULL && !is_ours(pairs, servers))
            continue;
        /* One that nobody can read may be the server's, spoilt by what the sender made it quote. */
        *any = TRUE;
        if (pairs != NULL && field_proves(pairs, address))
            return TRUE;
    }
    return FALSE;
}

gboolean mail_authentic(const struct mail *mail, const char *const *servers, guint hops,
                        const char **why)
{
    const struct address *from = mail->from->len > 0 ? mail->from->pdata[0] : NULL;
    gboolean any = FALSE;
    *why = NULL;
    if (mail->from_fields != 1 || mail->from->len != 1 || strchr(from->address, '@') == NULL)
        *why = "发件人不止一个，或者写得不合规矩";
    else if (servers == NULL || *servers == NULL)
        *why = "没有配置由哪台服务器验证发件人";
    else if (!any_field_proves(mail, servers, hops, from->address, &any))
        *why = any ? "邮件服务器没有证实这个发件人" : "没有邮件服务器的验证结果";
    return *why == NULL;
}

void authentications_read(const struct reading *reading)
{
    struct mail *mail = reading->mail;
    guint hops = 0;
    for (guint i = 0; i < reading->fields->len; i++) {
        const struct field *field = reading->fields->pdata[i];
        if (g_ascii_strcasecmp(field->name, "Received") == 0)
            hops++;
        else if (g_ascii_strcasecmp(field->name, "From") == 0)
            mail->from_fields++;
        else if (g_ascii_strcasecmp(field->name, "Authentication-Results") == 0 &&
                 mail->authentications->len < MAX_AUTHENTICATIONS) {
            struct authentication *a = g_new0(struct authentication, 1);
            a->value = text_clean(field->value, -1);
            a->hops = hops;
            g_ptr_array_add(mail->authentications, a);
        }
    }
}

void authentication_free(gpointer data)
{
    struct authentication *a = data;
    g_free(a->value);
    g_free(a);
}
