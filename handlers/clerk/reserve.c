/* A consent is to exactly what was shown: whatever else a signer wrote, changed or enclosed makes
 * it doubtful. */
#include "handlers/clerk/clerk.h"

enum {
    QUOTED_MAX = 40,      /* characters of what is told */
    LOGO_MAX = 64 * 1024, /* bytes; a larger picture may be a photograph of his corrections */
};

/* All that he wrote besides: what follows the code, the other lines, a subject of his own. */
static char *words_beside(const struct clerk *clerk, const struct order *order)
{
    const char *rest = order->rest;
    g_autofree char *code = onetime_begin(order->rest, &rest);
    GString *words = g_string_new(code != NULL ? rest : order->rest);
    const char *subject = clerk->mail->subject;
    gboolean his =
        mail_subject_bare(subject) == subject && matter_in_text(clerk->office->db, subject) == 0;
    g_autofree char *all = g_strdup_printf("%s\n%s", his ? subject : "", clerk->mail->new_text);
    g_auto(GStrv) lines = g_strsplit(all, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *plain = order_fold(*line);
        if (!g_str_equal(plain, order->line))
            g_string_append_printf(words, "\n%s", plain);
    }
    return g_string_free(words, FALSE);
}

/* A copy with his marks, perhaps; small pictures in the text and what signs a mail say nothing. */
static gboolean brings_file(const struct clerk *clerk)
{
    static const char *const silent[] = { "application/pkcs7-signature",
                                          "application/x-pkcs7-signature",
                                          "application/pgp-signature",
                                          "text/vcard",
                                          "text/x-vcard",
                                          NULL };
    for (guint i = 0; i < clerk->mail->attachments->len; i++) {
        const struct attachment *a = clerk->mail->attachments->pdata[i];
        if ((!a->is_inline || a->size > LOGO_MAX) && !g_strv_contains(silent, a->content_type))
            return TRUE;
    }
    return FALSE;
}

/* What may stand in his quote: our mail as it is written and as it is shown, and what he himself
 * wrote in the mail that it answered. */
static void add_known(struct clerk *clerk, GPtrArray *known, gint64 id)
{
    struct outbox *ours = id != 0 ? outbox_get(clerk->office->db, id) : NULL;
    if (ours == NULL)
        return;
    g_ptr_array_add(known, onetime_masked(ours->text));
    if (ours->html != NULL) {
        g_autofree char *shown = html_text(ours->html, FALSE);
        g_ptr_array_add(known, onetime_masked(shown));
    }
    struct message *m = ours->message != 0 ? message_get(clerk->office->db, ours->message) : NULL;
    struct mail *his = m != NULL ? mail_stored(clerk->office->db, m->sha256, NULL) : NULL;
    if (his != NULL) {
        g_autofree char *said = g_strdup_printf("%s\n%s", his->new_text, his->signature);
        g_ptr_array_add(known, onetime_masked(said));
    }
    mail_free(his);
    message_free(m);
    outbox_free(ours);
}

static gboolean is_quote_changed(struct clerk *clerk, gint64 matter, char **where)
{
    struct db *db = clerk->office->db;
    g_autoptr(GPtrArray) known = g_ptr_array_new_with_free_func(g_free);
    add_known(clerk, known, outbox_newest(db, "sign_off", matter, 0));
    for (guint i = 0; i < clerk->mail->references->len; i++)
        add_known(clerk, known, outbox_by_message_id(db, clerk->mail->references->pdata[i]));
    g_ptr_array_add(known, NULL);
    g_autofree char *masked = onetime_masked(clerk->mail->quoted_text);
    *where = mail_quote_changed(masked, (const char *const *)known->pdata);
    return *where != NULL;
}

/* Between quoted lines he answers these, except where he consents there. */
static gboolean writes_between(struct clerk *clerk, const struct order *order, char **where)
{
    g_autofree char *between = mail_new_between(clerk->mail);
    g_auto(GStrv) lines = g_strsplit(between, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *plain = order_fold(*line);
        if (*plain == '\0' || g_str_equal(plain, order->line))
            continue;
        *where = g_strdup(*line);
        return TRUE;
    }
    return FALSE;
}

char *consent_reserved(struct clerk *clerk, const struct order *order, gint64 matter)
{
    g_autofree char *words = words_beside(clerk, order);
    g_autofree char *where = NULL;
    if (consent_is_reserved(words))
        return g_strdup("您还写了别的话");
    if (brings_file(clerk))
        return g_strdup("您还附了文件");
    if (clerk->mail->struck)
        return g_strdup("您的邮件里有划去的字");
    if (!is_quote_changed(clerk, matter, &where) && !writes_between(clerk, order, &where))
        return NULL;
    g_autofree char *line = text_printable(where);
    g_autofree char *start = g_utf8_substring(line, 0, MIN(QUOTED_MAX, g_utf8_strlen(line, -1)));
    g_autofree char *masked = onetime_masked(start);
    return g_strdup_printf("您在引用的原文里作了改动（“%s”处）", masked);
}
