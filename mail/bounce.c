/* Bounces: whom they speak of, why, and which mail came back. RFC 3464 first (163 leaves out the
 * group of the message, so every group with a recipient counts), then what providers write in their
 * own shapes. */
#include "mail/private.h"
#include <string.h>

#define MAX_STATUS_BYTES (256 * 1024)
#define MAX_RECIPIENTS 1000

void bounced_free(struct bounced *bounced)
{
    g_free(bounced->address);
    g_free(bounced->action);
    g_free(bounced->status);
    g_free(bounced->diagnostic);
    g_free(bounced->reason);
    g_free(bounced);
}

/* "d.d.d" as the text's first such word, else NULL. */
static char *status_in(const char *text)
{
    for (const char *p = text; p != NULL && *p != '\0'; p++) {
        if (!strchr("245", *p) || p[1] != '.' ||
            (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '.')))
            continue;
        gsize subject = strspn(p + 2, "0123456789");
        const char *detail = p + 2 + subject + 1;
        gsize digits = p[2 + subject] == '.' ? strspn(detail, "0123456789") : 0;
        if (subject >= 1 && subject <= 3 && digits >= 1 && digits <= 3 && detail[digits] != '.')
            return g_strndup(p, 2 + subject + 1 + digits);
    }
    return NULL;
}

/* The class (2, 4, 5) of the SMTP answer in a diagnostic: "… 550 …", "550-5.1.1 …"; 0: none. */
static int class_in(const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (strchr("245", *p) && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) &&
            !g_ascii_isalnum(p[3]) && p[3] != '.' && (p == text || !g_ascii_isalnum(p[-1])) &&
            (p == text || p[-1] != '.'))
            return *p - '0';
    }
    return 0;
}

/* 163 reports 5.0.0 for whatever the other server said, so the answer itself goes first then. */
static gboolean is_hard(const struct bounced *bounced)
{
    int spoken = bounced->diagnostic != NULL ? class_in(bounced->diagnostic) : 0;
    gboolean vague = bounced->status == NULL || g_str_has_suffix(bounced->status, ".0.0");
    int class = !vague || spoken == 0 ? (bounced->status != NULL ? *bounced->status - '0' : spoken)
                                      : spoken;
    return strcmp(bounced->action, "failed") == 0 && class != 4;
}

static gboolean is_known(const GPtrArray *all, const char *address)
{
    for (guint i = 0; i < all->len; i++) {
        if (g_ascii_strcasecmp(((struct bounced *)all->pdata[i])->address, address) == 0)
            return TRUE;
    }
    return FALSE;
}

void bounce_add(struct mail *mail, const char *address, const char *action, const char *status,
                char *diagnostic)
{
    if (*address == '\0' || is_known(mail->bounced, address) ||
        mail->bounced->len >= MAX_RECIPIENTS) {
        g_free(diagnostic);
        return;
    }
    struct bounced *bounced = g_new0(struct bounced, 1);
    bounced->address = g_strdup(address);
    bounced->action = g_strdup(action != NULL ? action : "failed");
    bounced->status = status_in(status != NULL ? status : diagnostic);
    bounced->diagnostic = diagnostic;
    const char *reason = bounce_reason(bounced->action, bounced->status, diagnostic);
    bounced->reason = g_strdup(reason);
    bounced->hard = is_hard(bounced);
    g_ptr_array_add(mail->bounced, bounced);
}

/* "rfc822; a@b" or "<a@b>" → "a@b" */
static char *bare_address(const char *value)
{
    const char *semicolon = strchr(value, ';');
    g_autofree char *text = words_line(semicolon != NULL ? semicolon + 1 : value);
    g_strdelimit(text, "<>", ' ');
    return g_strstrip(g_steal_pointer(&text));
}

static const char *known_action(const char *value)
{
    static const char *const actions[] = { "failed", "delayed", "delivered", "relayed",
                                           "expanded" };
    for (gsize i = 0; value != NULL && i < G_N_ELEMENTS(actions); i++) {
        if (g_ascii_strncasecmp(value, actions[i], strlen(actions[i])) == 0)
            return actions[i];
    }
    return "failed";
}

static void read_group(struct mail *mail, const GPtrArray *fields)
{
    const char *recipient = fields_get(fields, "Final-Recipient");
    if (recipient == NULL)
        recipient = fields_get(fields, "Original-Recipient");
    if (recipient == NULL)
        return;
    g_autofree char *address = bare_address(recipient);
    const char *raw = fields_get(fields, "Diagnostic-Code");
    bounce_add(mail, address, known_action(fields_get(fields, "Action")),
               fields_get(fields, "Status"), raw != NULL ? words_line(raw) : NULL);
}

static void read_status_part(struct reading *reading, const struct leaf *leaf)
{
    g_autoptr(GByteArray) bytes = content_head(reading, leaf, MAX_STATUS_BYTES);
    const char *text = (const char *)bytes->data;
    for (gsize at = 0; at < bytes->len;) {
        gsize used;
        g_autoptr(GPtrArray) fields = fields_read(text + at, bytes->len - at, &used);
        read_group(reading->mail, fields);
        at += MAX(used, 1);
    }
}

/* The lines after the address in the text, up to a blank one: what Exim and qmail say of it. */
static char *words_about(const char *text, const char *address)
{
    const char *found = strstr(text, address);
    const char *line = found != NULL ? strchr(found, '\n') : NULL;
    if (line == NULL)
        return NULL;
    const char *end = strstr(line + 1, "\n\n");
    g_autofree char *lines = g_strndup(line, end != NULL ? (gsize)(end - line) : 1000);
    char *words = words_line(lines);
    if (*words == '\0')
        g_clear_pointer(&words, g_free);
    return words;
}

static void read_failed_recipients(struct reading *reading)
{
    const char *value = fields_get(reading->fields, "X-Failed-Recipients");
    g_auto(GStrv) addresses = g_strsplit_set(value != NULL ? value : "", ", \t", -1);
    for (char **one = addresses; *one != NULL; one++) {
        g_autofree char *address = bare_address(*one);
        bounce_add(reading->mail, address, NULL, NULL, words_about(reading->mail->text, address));
    }
}

/* The addresses in a stretch of text, each with the diagnostic. */
static void add_addresses(struct mail *mail, const char *from, const char *to,
                          const char *diagnostic)
{
    g_autofree char *stretch = g_strndup(from, (gsize)(to - from));
    g_strdelimit(stretch, " \t\n<>,;()[]\"'", ' ');
    g_auto(GStrv) words = g_strsplit(stretch, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        char *start = *word;
        while ((guchar)*start >= 0x80 || *start == ':')
            start++;
        start[strcspn(start, ":")] = '\0';
        for (char *p = start; *p != '\0'; p++) {
            if ((guchar)*p >= 0x80)
                *p = '\0';
        }
        if (strchr(start, '@') != NULL && text_is_address(start))
            bounce_add(mail, start, NULL, NULL, g_strdup(diagnostic));
    }
}

/* What stands between two headings of the provider's page, in one line; NULL if nothing does. */
static char *section(const char *text, const char *heading, const char *const *next)
{
    const char *from = strstr(text, heading);
    if (from == NULL)
        return NULL;
    from += strlen(heading);
    const char *to = from + strlen(from);
    for (; *next != NULL; next++) {
        const char *end = strstr(from, *next);
        to = end != NULL && end < to ? end : to;
    }
    g_autofree char *part = g_strndup(from, MIN((gsize)(to - from), 2000));
    g_autofree char *valid = g_utf8_make_valid(part, -1);
    g_autofree char *line = words_line(valid);
    const char *start = line;
    while (g_str_has_prefix(start, "：") || *start == ':' || *start == ' ')
        start += *start == ':' || *start == ' ' ? 1 : strlen("：");
    return *start != '\0' ? g_strdup(start) : NULL;
}

/* QQ's page (无法发送到 X … 退信原因 … 解决方案) and others alike that have no status part. */
static void read_page(struct reading *reading)
{
    static const char *const leads[] = { "无法发送到",
                                         "无法投递到",
                                         "未能送达",
                                         "收件人：",
                                         "could not be delivered to",
                                         "following address",
                                         "following recipient",
                                         NULL };
    static const char *const ends[] = { "解决方案", "建议解决", "原邮件信息", "----", NULL };
    const char *text = reading->mail->text;
    g_autofree char *diagnostic = section(text, "退信原因", ends);
    if (diagnostic == NULL)
        diagnostic = section(text, "英文说明", ends);
    for (gsize i = 0; leads[i] != NULL && reading->mail->bounced->len == 0; i++) {
        const char *from = strstr(text, leads[i]);
        if (from == NULL)
            continue;
        from += strlen(leads[i]);
        const char *reason = strstr(from, "退信原因");
        const char *to = reason != NULL ? reason : from + MIN(strlen(from), 500);
        add_addresses(reading->mail, from, to, diagnostic);
    }
}

static char *first_id(const char *raw)
{
    g_autoptr(GPtrArray) ids = ids_read(raw);
    return ids->len > 0 ? g_strdup(ids->pdata[0]) : NULL;
}

/* The Message-ID of the mail that came back, in whatever part it came back. */
static char *id_of_returned(const struct reading *reading)
{
    static const char *const types[] = { "message/rfc822",         "text/rfc822-headers",
                                         "message/rfc822-headers", "application/octet-stream",
                                         "message/global",         "message/global-headers" };
    for (guint i = 0; i < reading->leaves->len; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        gboolean may_hold = FALSE;
        for (gsize k = 0; k < G_N_ELEMENTS(types); k++)
            may_hold = may_hold || strcmp(leaf->type, types[k]) == 0;
        if (leaf->role != LEAF_ATTACHED || !may_hold)
            continue;
        g_autoptr(GByteArray) head = content_head(reading, leaf, MAX_STATUS_BYTES);
        const char *bytes = (const char *)head->data;
        gsize start = head->len > 0 ? fields_start(bytes, head->len) : 0;
        g_autoptr(GPtrArray) fields = fields_read(bytes + start, head->len - start, NULL);
        const char *raw = fields_get(fields, "Message-ID");
        char *id = raw != NULL ? first_id(raw) : NULL;
        if (id != NULL)
            return id;
    }
    return NULL;
}

/* Of a copy that stands in the text, as qmail and Exim send it. */
static char *id_in_text(const char *text)
{
    static const char name[] = "\nMessage-ID:";
    for (const char *p = text; (p = strchr(p, '\n')) != NULL; p++) {
        if (g_ascii_strncasecmp(p, name, strlen(name)) != 0)
            continue;
        const char *value = p + strlen(name);
        g_autofree char *line = g_strndup(value, strcspn(value, "\n"));
        return first_id(line);
    }
    return NULL;
}

void bounce_read(struct reading *reading)
{
    struct mail *mail = reading->mail;
    if (mail->kind != MAIL_BOUNCE)
        return;
    for (guint i = 0; i < reading->leaves->len; i++) {
        const struct leaf *leaf = reading->leaves->pdata[i];
        if (strcmp(leaf->type, "message/delivery-status") == 0 ||
            strcmp(leaf->type, "message/global-delivery-status") == 0)
            read_status_part(reading, leaf);
    }
    if (mail->bounced->len == 0)
        read_failed_recipients(reading);
    if (mail->bounced->len == 0)
        bounce_read_lines(mail);
    if (mail->bounced->len == 0)
        read_page(reading);
    mail->bounced_id = id_of_returned(reading);
    const char *original = fields_get(reading->fields, "X-CM-Original-Message-ID");
    if (mail->bounced_id == NULL && original != NULL)
        mail->bounced_id = first_id(original);
    if (mail->bounced_id == NULL)
        mail->bounced_id = id_in_text(mail->text);
    if (mail->bounced_id == NULL && mail->references->len > 0)
        mail->bounced_id = g_strdup(mail->references->pdata[0]);
}
