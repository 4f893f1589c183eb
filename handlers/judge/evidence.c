/* What in a mail speaks for a matter or a unit. Everything is looked for and kept, with its weight;
 * judge.c adds up and decides. */
#include "handlers/judge/evidence.h"
#include "handlers/private.h"

#include <string.h>

/* The weights. A unit is believed from 100 on (judge.c): its registered address alone; or what a
 * person settled for the address; or a letter that names its issuer (50) and besides answers a mail
 * of ours (50: token, thread), or names it in two more places. A token says only which matter. */
const struct rule_row rule_rows[RULES] = {
    [RULE_TOKEN] = { "token", 100, SPEAKS_FOR_MATTER, FALSE },
    [RULE_REPLY] = { "reply", 90, SPEAKS_FOR_MATTER, FALSE },
    [RULE_QUOTED] = { "quoted", 80, SPEAKS_FOR_MATTER, FALSE },
    [RULE_NUMBER] = { "number", 60, SPEAKS_FOR_MATTER, FALSE },
    [RULE_TITLE] = { "title", 50, SPEAKS_FOR_MATTER, FALSE },
    [RULE_TITLE_WORDS] = { "title_words", 45, SPEAKS_FOR_MATTER, FALSE },
    [RULE_ABOUT] = { "about", 50, SPEAKS_FOR_MATTER, FALSE },
    [RULE_ONLY_OPEN] = { "only_open_matter", 40, SPEAKS_FOR_MATTER, FALSE },
    [RULE_ADDRESS] = { "address", 100, SPEAKS_FOR_UNIT, FALSE },
    [RULE_LEARNT] = { "learnt", 100, SPEAKS_FOR_UNIT, FALSE },
    [RULE_LEARNT_LONG_AGO] = { "learnt_long_ago", 50, SPEAKS_FOR_UNIT, FALSE },
    [RULE_REPLY_TO] = { "reply_to", 60, SPEAKS_FOR_UNIT, FALSE },
    [RULE_SENDER] = { "sender", 60, SPEAKS_FOR_UNIT, FALSE },
    [RULE_THREAD] = { "thread", 30, SPEAKS_FOR_UNIT, FALSE },
    [RULE_FORWARDED] = { "forwarded", 60, SPEAKS_FOR_UNIT, TRUE },
    [RULE_LETTERHEAD] = { "letterhead", 60, SPEAKS_FOR_UNIT, TRUE },
    [RULE_SIGNED] = { "signed", 50, SPEAKS_FOR_UNIT, TRUE },
    [RULE_STATEMENT] = { "statement", 50, SPEAKS_FOR_UNIT, TRUE },
    [RULE_SPOKEN] = { "spoken_for", 50, SPEAKS_FOR_UNIT, TRUE },
    [RULE_DISPLAY_NAME] = { "display_name", 50, SPEAKS_FOR_UNIT, FALSE },
    [RULE_SUBJECT] = { "subject", 40, SPEAKS_FOR_UNIT, FALSE },
    [RULE_FILE_NAME] = { "file_name", 40, SPEAKS_FOR_UNIT, FALSE },
};

enum { LEARNT_FOR = 400 * 24 * 60 * 60 }; /* seconds: a liaison changes about once a year */

const char *const *judge_rules(void)
{
    static const char *names[RULES + 1];
    static gsize once;
    if (g_once_init_enter(&once)) {
        for (int i = 0; i < RULES; i++)
            names[i] = rule_rows[i].name;
        g_once_init_leave(&once, 1);
    }
    return names;
}

/* The same rule for the same matter and unit counts once, by what weighs most. */
static void add_proof(struct judgement *j, enum rule rule, const struct proof *found)
{
    struct proof *proof = NULL;
    for (guint i = 0; i < j->evidence->len && proof == NULL; i++) {
        struct proof *p = j->evidence->pdata[i];
        if (p->rule == rule_rows[rule].name && p->matter == found->matter && p->unit == found->unit)
            proof = p;
    }
    if (proof != NULL && proof->weight >= found->weight)
        return;
    if (proof == NULL) {
        proof = g_new0(struct proof, 1);
        g_ptr_array_add(j->evidence, proof);
    }
    g_free(proof->text);
    *proof = *found;
    proof->rule = rule_rows[rule].name;
    proof->text = g_strdup(found->text);
}

void prove(struct judgement *j, enum rule rule, gint64 matter, gint64 unit, const char *text)
{
    add_proof(j, rule,
              &(struct proof){ .weight = rule_rows[rule].weight,
                               .text = (char *)text,
                               .matter = matter,
                               .unit = unit });
}

void prove_name(struct judgement *j, enum rule rule, gint64 unit, const char *text, gboolean learnt)
{
    int weight = rule_rows[rule].weight;
    add_proof(j, rule,
              &(struct proof){ .weight = learnt ? weight * 4 / 5 : weight,
                               .text = (char *)text,
                               .unit = unit,
                               .learnt = learnt });
}

/* ---- the matter */

static GRegex *token_regex(void)
{
    static GRegex *regex;
    static gsize once;
    if (g_once_init_enter(&once)) {
        regex = g_regex_new("LL[0-9]+-[0-9A-Z]{5}(?![0-9A-Z])", G_REGEX_CASELESS, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    return regex;
}

static void claim_tokens(struct office *office, struct judgement *j, const char *text)
{
    g_autoptr(GMatchInfo) match = NULL;
    if (text == NULL)
        return;
    for (g_regex_match(token_regex(), text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *token = g_match_info_fetch(match, 0);
        gint64 matter = matter_by_token(office->db, token);
        if (matter != 0)
            prove(j, RULE_TOKEN, matter, 0, token);
    }
}

/* Properties of a document that was made from an annex of ours carry its token. */
static void claim_properties(struct office *office, struct judgement *j, json_t *document)
{
    const char *key;
    json_t *value;
    json_object_foreach (json_object_get(document, "properties"), key, value)
        claim_tokens(office, j, json_string_value(value));
}

static void claim_all_tokens(struct office *office, struct judgement *j, const struct mail *mail)
{
    claim_tokens(office, j, mail->subject);
    if (j->evidence->len == 0)
        claim_tokens(office, j, mail->new_text);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        claim_tokens(office, j, a->filename);
        claim_properties(office, j, a->document);
    }
}

static void claim_replies(struct office *office, struct judgement *j, const struct mail *mail)
{
    for (guint i = 0; i < mail->references->len; i++) {
        const char *reference = mail->references->pdata[i];
        gint64 id = outbox_by_message_id(office->db, reference);
        struct outbox *ours = id != 0 ? outbox_get(office->db, id) : NULL;
        gboolean found = ours != NULL;
        if (found && ours->matter != 0)
            prove(j, RULE_REPLY, ours->matter, 0, reference);
        if (found && ours->unit != 0)
            prove(j, RULE_THREAD, 0, ours->unit, reference);
        outbox_free(ours);
        /* The nearest of ours is the one that is answered. */
        if (found)
            return;
    }
}

enum { QUOTED_HEAD = 12 }; /* lines in which a quoted mail names its subject */

/* Some programs name no mail that they answer: then the subject of what they quote does, the first
 * one that is ours. */
static void claim_quoted(struct office *office, const struct lexicon *lexicon, struct judgement *j,
                         const struct mail *mail)
{
    g_auto(GStrv) lines = g_strsplit(mail->quoted_text, "\n", QUOTED_HEAD + 1);
    if (j->evidence->len > 0)
        return;
    for (guint i = 0; i < QUOTED_HEAD && lines[i] != NULL && j->evidence->len == 0; i++) {
        claim_tokens(office, j, lines[i]);
        g_autoptr(GArray) hits = names_find(lexicon->titles, lines[i]);
        if (j->evidence->len > 0 || hits->len == 0)
            continue;
        const struct name_hit *hit = &g_array_index(hits, struct name_hit, 0);
        g_autofree char *piece = g_strndup(lines[i] + hit->start, hit->end - hit->start);
        prove(j, RULE_QUOTED, hit->owner, 0, g_strstrip(piece));
    }
}

static void claim_phrases(struct judgement *j, enum rule rule, const struct names *names,
                          const char *text)
{
    g_autoptr(GArray) hits = text != NULL ? names_find(names, text) : NULL;
    for (guint i = 0; hits != NULL && i < hits->len; i++) {
        const struct name_hit *hit = &g_array_index(hits, struct name_hit, i);
        g_autofree char *piece = g_strndup(text + hit->start, hit->end - hit->start);
        prove(j, rule, hit->owner, 0, g_strstrip(piece));
    }
}

static void claim_papers(const struct lexicon *lexicon, struct judgement *j, const char *text)
{
    claim_phrases(j, RULE_TITLE, lexicon->titles, text);
    claim_phrases(j, RULE_NUMBER, lexicon->numbers, text);
}

const char *attachment_text(const struct attachment *a)
{
    const char *text =
        a->document != NULL ? json_string_value(json_object_get(a->document, "text")) : NULL;
    return text != NULL ? text : a->text;
}

/* Where nothing names the matter, words that only one title has must do: 工作要点, 五个文件. */
static void claim_words(const struct lexicon *lexicon, struct judgement *j, const struct mail *mail)
{
    for (guint i = 0; i < j->evidence->len; i++)
        if (((const struct proof *)j->evidence->pdata[i])->matter != 0)
            return;
    claim_phrases(j, RULE_TITLE_WORDS, lexicon->words, mail->subject);
    claim_phrases(j, RULE_TITLE_WORDS, lexicon->words, mail->new_text);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        claim_phrases(j, RULE_TITLE_WORDS, lexicon->words, a->filename);
        claim_phrases(j, RULE_TITLE_WORDS, lexicon->words, attachment_text(a));
    }
}

static void claim_all_papers(const struct lexicon *lexicon, struct judgement *j,
                             const struct mail *mail)
{
    claim_papers(lexicon, j, mail->subject);
    claim_papers(lexicon, j, mail->new_text);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        claim_papers(lexicon, j, a->filename);
        claim_papers(lexicon, j, attachment_text(a));
    }
}

/* ---- the unit, by address */

static void claim_learnt(struct office *office, struct judgement *j, const char *address)
{
    g_autoptr(GPtrArray) list = learnt_of(office->db, LEARNT_ADDRESS, address);
    for (guint i = 0; i < list->len; i++) {
        const struct learnt *l = list->pdata[i];
        gboolean sure = list->len == 1 && l->last_at > clock_now() - LEARNT_FOR;
        prove(j, sure ? RULE_LEARNT : RULE_LEARNT_LONG_AGO, 0, l->unit, address);
    }
}

static void claim_address(struct office *office, struct judgement *j, enum rule rule,
                          const GPtrArray *addresses, gboolean *from_office)
{
    if (addresses->len == 0)
        return;
    const char *address = ((const struct address *)addresses->pdata[0])->address;
    g_autoptr(GArray) units = unit_by_address(office->db, address);
    for (guint i = 0; i < units->len; i++) {
        gint64 unit = g_array_index(units, gint64, i);
        g_autofree char *code = unit_code(office->db, unit);
        if (g_strcmp0(code, UNIT_OFFICE) != 0)
            prove(j, rule, 0, unit, address);
        else if (from_office != NULL)
            *from_office = TRUE;
    }
    if (units->len == 0 && rule == RULE_ADDRESS)
        claim_learnt(office, j, address);
}

gboolean mail_is_forward(const struct mail *mail)
{
    static const char *const words[] = { "转发", "Fw:", "Fwd:", "FW:", "fw:", "Fw：", "转寄" };
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(mail->subject, words[i]))
            return TRUE;
    return FALSE;
}

/* Whose mail was forwarded: the first registered address above the forwarded text. */
static void claim_forwarded(struct office *office, struct judgement *j, const struct mail *mail)
{
    if (!mail_is_forward(mail))
        return;
    g_auto(GStrv) words = g_strsplit_set(mail->quoted_text, " \t\n<>()[]:;,\"", 200);
    for (char **word = words; *word != NULL; word++) {
        if (strchr(*word, '@') == NULL || !text_is_address(*word))
            continue;
        g_autoptr(GArray) units = unit_by_address(office->db, *word);
        for (guint i = 0; i < units->len; i++) {
            gint64 unit = g_array_index(units, gint64, i);
            g_autofree char *code = unit_code(office->db, unit);
            if (g_strcmp0(code, UNIT_OFFICE) != 0)
                prove(j, RULE_FORWARDED, 0, unit, *word);
        }
        return;
    }
}

void evidence_gather(struct office *office, struct judgement *j, const struct mail *mail,
                     gboolean *from_office)
{
    const struct lexicon *lexicon = lexicon_of(office);
    claim_all_tokens(office, j, mail);
    claim_replies(office, j, mail);
    claim_quoted(office, lexicon, j, mail);
    claim_all_papers(lexicon, j, mail);
    claim_words(lexicon, j, mail);
    claim_address(office, j, RULE_ADDRESS, mail->from, from_office);
    claim_address(office, j, RULE_REPLY_TO, mail->reply_to, NULL);
    claim_address(office, j, RULE_SENDER, mail->sender, NULL);
    claim_forwarded(office, j, mail);
    evidence_issuer(lexicon, j, mail);
    evidence_spoken(lexicon, j, mail);
}
