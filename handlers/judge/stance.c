/* What a reply says, in its text and in what is attached. The rule above all: 无意见 counts only
 * where nothing speaks against it; whatever is doubtful is `unclear` and goes to a person. */
#include "handlers/judge/evidence.h"
#include "handlers/private.h"
#include "wording/wording.h"

#include <string.h>

enum { LETTER_MAX = 128 * 1024 }; /* bytes */

static gboolean is_book(const char *text)
{
    return text != NULL && strlen(text) > LETTER_MAX;
}

gboolean mail_is_book(const struct mail *mail)
{
    return is_book(mail->text);
}

struct reading {
    struct reply said;
    gboolean blank_form, partial;
    gboolean unread; /* a paper that nobody could read, or a part of one */
};

static void read_text(struct reading *reading, const char *text, const struct ours *ours)
{
    reply_read(&reading->said, text, ours_title(ours));
    if (reading->said.found[MARK_NONE])
        reading->partial |= reply_is_partial(text, ours_title(ours), ours_papers(ours));
}

/* An attached paper that we could not read may say anything. */
static gboolean is_unread_paper(const struct attachment *a)
{
    gboolean picture = g_str_has_prefix(a->content_type, "image/");
    return attachment_text(a) == NULL && !(a->is_inline && picture);
}

/* The first text in a list of changes or of comments; an empty one still is one. */
static void find_marked(struct reading *reading, json_t *list, const char *filename)
{
    const char *text = json_string_value(json_object_get(json_array_get(list, 0), "text"));
    if (json_array_size(list) > 0)
        reply_find(&reading->said, MARK_OPINION, text != NULL && *text != '\0' ? text : filename);
}

/* Changes, comments and forms speak for themselves, in an archive too; our form is there to be
 * written into. */
static void read_document(struct reading *reading, json_t *document, const char *filename,
                          const struct ours *ours)
{
    g_autofree char *cell = NULL;
    size_t i;
    json_t *member;
    if (!ours_is_form(ours, document))
        find_marked(reading, json_object_get(document, "revisions"), filename);
    find_marked(reading, json_object_get(document, "comments"), filename);
    switch (form_read(json_object_get(document, "tables"), &cell)) {
    case FORM_OPINION:
        reply_find(&reading->said, MARK_OPINION, cell);
        break;
    case FORM_NO_OPINION:
        reply_find(&reading->said, MARK_NONE, cell);
        break;
    case FORM_BLANK:
        reading->blank_form = TRUE;
        break;
    case FORM_NONE_THERE:
        break;
    }
    json_array_foreach (json_object_get(document, "members"), i, member) {
        const char *name = json_string_value(json_object_get(member, "name"));
        read_document(reading, member, name != NULL ? name : filename, ours);
    }
}

/* So does a copy of ours that was edited without a trace, unless it says that nothing is wanted. */
static void read_copy(struct reading *reading, json_t *document, const struct ours *ours)
{
    size_t i;
    json_t *member;
    g_autofree char *line = ours_edited(ours, json_string_value(json_object_get(document, "text")));
    if (line != NULL && !reading->said.found[MARK_NONE] && !ours_is_form(ours, document))
        reply_find(&reading->said, MARK_OPINION, line);
    json_array_foreach (json_object_get(document, "members"), i, member)
        read_copy(reading, member, ours);
}

/* The name of a paper that nobody could read tells at most that it brings opinions. */
static void read_name(struct reading *reading, const struct attachment *a, const char *title)
{
    struct reply name = { 0 };
    reply_read(&name, a->filename, title);
    if (name.found[MARK_HANDED_IN] && !name.found[MARK_NONE])
        reply_find(&reading->said, MARK_HANDED_IN, a->filename);
    reply_clear(&name);
}

/* Something was struck out of it while changes were tracked. */
static gboolean is_cut(json_t *document)
{
    size_t i;
    json_t *change;
    json_array_foreach (json_object_get(document, "revisions"), i, change)
        if (g_strcmp0(json_string_value(json_object_get(change, "kind")), "deletion") == 0)
            return TRUE;
    return FALSE;
}

/* Forms were read cell by cell, in an archive too: of its text the rest is left. */
static char *without_forms(json_t *document, const char *text)
{
    char *rest = form_strip(json_object_get(document, "tables"), text);
    size_t i;
    json_t *member;
    json_array_foreach (json_object_get(document, "members"), i, member) {
        g_autofree char *before = rest;
        rest = without_forms(member, before);
    }
    return rest;
}

static void read_attachment(struct reading *reading, const struct attachment *a,
                            const struct ours *ours)
{
    if (ours_has_file(ours, a->sha256))
        return;
    g_autofree char *text = ours_without(ours, attachment_text(a));
    if (ours_is_form(ours, a->document) && is_cut(a->document))
        reading->blank_form = TRUE; /* it does not say 无意见, whatever the mail says */
    if (ours_is_form(ours, a->document) && text != NULL && *text == '\0')
        return; /* it came back as it went */
    read_document(reading, a->document, a->filename, ours);
    if (is_unread_paper(a) || is_book(text)) {
        read_name(reading, a, ours_title(ours));
        reading->unread = TRUE;
        return;
    }
    if (text != NULL) {
        g_autofree char *said =
            ours_is_form(ours, a->document) ? g_strdup(text) : without_forms(a->document, text);
        g_autofree char *decided = slip_read(said);
        read_text(reading, decided, ours);
    }
    read_copy(reading, a->document, ours);
    size_t i;
    json_t *member;
    json_array_foreach (json_object_get(a->document, "members"), i, member)
        reading->unread |= json_is_null(json_object_get(member, "text"));
}

static void read_attachments(struct reading *reading, const struct mail *mail,
                             const struct ours *ours)
{
    reading->unread = json_array_size(mail->links) > 0;
    for (guint i = 0; i < mail->attachments->len; i++)
        read_attachment(reading, mail->attachments->pdata[i], ours);
}

enum { RECEIVED_MAX = 40 }; /* characters: a longer mail says more than 收到 */

static gboolean is_short(const char *text)
{
    g_autofree char *words = text_compact(text);
    return g_utf8_strlen(words, -1) <= RECEIVED_MAX;
}

/* 无意见 counts only if nothing else is said, in the mail and in what is attached. */
static enum stance decide_none(const struct reading *r, const struct mail *mail, enum mark *mark)
{
    gboolean forgotten = r->said.found[MARK_HANDED_IN] && mail->attachments->len == 0;
    if (r->said.found[MARK_DOUBT] || r->partial || r->blank_form || forgotten)
        return *mark = MARK_DOUBT, STANCE_UNCLEAR;
    return *mark = MARK_NONE, STANCE_NO_COMMENT;
}

/* The order is the order of proof: an opinion anywhere beats 无意见 anywhere. */
static enum stance decide(const struct reading *r, const struct mail *mail, enum mark *mark)
{
    const gboolean *found = r->said.found;
    if (found[MARK_BLANK])
        return *mark = MARK_BLANK, STANCE_UNCLEAR;
    if (found[MARK_WITHDRAWAL])
        return *mark = MARK_WITHDRAWAL, STANCE_WITHDRAWAL;
    if (found[MARK_EXTENSION])
        return *mark = MARK_EXTENSION, STANCE_EXTENSION;
    if (found[MARK_CONDITION])
        return *mark = MARK_CONDITION, STANCE_CONDITIONAL;
    if (found[MARK_OPINION])
        return *mark = MARK_OPINION, STANCE_COMMENTS;
    if (found[MARK_QUESTION])
        return *mark = MARK_QUESTION, STANCE_QUESTION;
    if (r->unread)
        return *mark = MARK_HANDED_IN,
               found[MARK_HANDED_IN] && !found[MARK_NONE] ? STANCE_COMMENTS : STANCE_UNCLEAR;
    if (found[MARK_NOT_CONCERNED] && !found[MARK_DOUBT])
        return *mark = MARK_NOT_CONCERNED, STANCE_NOT_CONCERNED;
    if (found[MARK_NONE])
        return decide_none(r, mail, mark);
    if (found[MARK_RECEIVED] && is_short(mail->new_text))
        return *mark = MARK_RECEIVED, STANCE_ACKNOWLEDGED;
    return *mark = MARK_DOUBT, STANCE_UNCLEAR;
}

static gboolean points_to_subject(const char *body)
{
    static const char *const words[] = { "", "见标题", "见主题", "如题", "如标题", "如主题", NULL };
    g_autofree char *compact = text_compact(body);
    gsize n = strcspn(compact, ".!");
    char *stop = strstr(compact, "。");
    compact[stop != NULL ? MIN(n, (gsize)(stop - compact)) : n] = '\0';
    return g_strv_contains(words, compact);
}

/* Where the body is empty, or only points there, the subject is what they say. */
static char *words_of(const struct mail *mail, const struct ours *ours)
{
    char *body = ours_answer(ours, mail);
    if (!points_to_subject(body))
        return body;
    g_free(body);
    return g_strdup(mail_subject_bare(mail->subject));
}

enum stance stance_of_mail(const struct mail *mail, const struct ours *ours, enum stance *content,
                           char **evidence)
{
    struct reading reading = { 0 };
    enum mark mark = MARK_NONE;
    *evidence = NULL;
    if (mail_is_book(mail))
        return *content = STANCE_UNCLEAR;
    g_autofree char *body = words_of(mail, ours);
    read_text(&reading, body, ours);
    read_attachments(&reading, mail, ours);
    enum stance stance = *content = decide(&reading, mail, &mark);
    *evidence = g_strdup(reading.said.evidence[mark]);
    if (reading.said.found[MARK_CORRECTION] &&
        (stance_is_answer(stance) || (stance == STANCE_UNCLEAR && reading.unread)))
        stance = STANCE_CORRECTION;
    reply_clear(&reading.said);
    return stance;
}
