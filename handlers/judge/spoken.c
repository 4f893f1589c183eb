/* Whom and what the sentences of a mail speak for and about: several units, several matters. */
#include "handlers/judge/evidence.h"
#include "handlers/private.h"

#include <string.h>

enum { LETTER_MAX = 32 * 1024 };  /* bytes of an attached text that may be a letter */
enum { LETTERS_MAX = 96 * 1024 }; /* of all that one mail brings */
enum { HEAD_LINES = 6 };          /* in which a letter says what it is about */

static gboolean has_proof(const struct judgement *j, enum rule rule, gint64 unit)
{
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (p->rule == rule_rows[rule].name && p->unit == unit)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_learnt(const struct lexicon *lexicon, const char *name)
{
    g_autoptr(GArray) hits = names_find(lexicon->units, name);
    return hits->len > 0 && g_array_index(hits, struct name_hit, 0).learnt;
}

/* A sentence that begins a line was counted as a statement: it counts once. */
static void claim_speakers(const struct lexicon *lexicon, struct judgement *j, const char *text)
{
    struct spoken spoken;
    spoken_for(lexicon->units, text, &spoken);
    for (guint i = 0; i < spoken.owners->len; i++) {
        gint64 unit = g_array_index(spoken.owners, gint64, i);
        const char *piece = spoken.pieces->pdata[i];
        if (unit == 0 || has_proof(j, RULE_SPOKEN, unit))
            continue;
        prove_name(j, RULE_SPOKEN, unit, piece, is_learnt(lexicon, piece));
        if (has_proof(j, RULE_STATEMENT, unit))
            ((struct proof *)j->evidence->pdata[j->evidence->len - 1])->weight = 0;
    }
    spoken_clear(&spoken);
}

static void claim_subjects(const struct lexicon *lexicon, struct judgement *j, const char *text)
{
    struct spoken spoken;
    spoken_about(lexicon->papers, text, &spoken);
    for (guint i = 0; i < spoken.owners->len; i++)
        prove(j, RULE_ABOUT, g_array_index(spoken.owners, gint64, i), 0, spoken.pieces->pdata[i]);
    spoken_clear(&spoken);
}

/* What is named in a title is what the letter is about. */
static void claim_heading(const struct names *names, struct judgement *j, const char *text)
{
    g_autoptr(GArray) hits = names_find(names, text);
    for (guint i = 0; i < hits->len; i++) {
        const struct name_hit *hit = &g_array_index(hits, struct name_hit, i);
        g_autofree char *piece = g_strndup(text + hit->start, hit->end - hit->start);
        prove(j, RULE_ABOUT, hit->owner, 0, g_strstrip(piece));
    }
}

static void claim_head(const struct lexicon *lexicon, struct judgement *j, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", HEAD_LINES + 1);
    for (guint i = 0; i < HEAD_LINES && lines[i] != NULL; i++)
        claim_heading(lexicon->titles, j, lines[i]);
}

/* The texts that are read sentence by sentence: all together no longer than letters are. */
struct letters {
    gsize left;
    GPtrArray *texts;
};

static void claim_sentences(const struct lexicon *lexicon, struct judgement *j, const char *text,
                            struct letters *letters)
{
    gsize n = strlen(text);
    if (n > letters->left)
        return;
    letters->left -= n;
    g_ptr_array_add(letters->texts, (gpointer)text);
    claim_speakers(lexicon, j, text);
    claim_subjects(lexicon, j, text);
}

/* Only beside another unit does it matter whether the sender speaks for his own, too. */
static gboolean names_several(const struct judgement *j)
{
    gint64 first = 0;
    for (guint i = 0; i < j->evidence->len; i++) {
        const struct proof *p = j->evidence->pdata[i];
        if (p->unit != 0 && first != 0 && p->unit != first)
            return TRUE;
        first = first != 0 ? first : p->unit;
    }
    return FALSE;
}

static gboolean is_for_itself(const struct lexicon *lexicon, const GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++)
        if (spoken_for_us(lexicon->units, texts->pdata[i]))
            return TRUE;
    return FALSE;
}

void evidence_spoken(const struct lexicon *lexicon, struct judgement *j, const struct mail *mail)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    struct letters letters = { LETTERS_MAX, texts };
    claim_sentences(lexicon, j, mail->new_text, &letters);
    if (mail_subject_bare(mail->subject) == mail->subject) /* else it may be ours */
        claim_heading(lexicon->titles, j, mail->subject);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        const char *text = attachment_text(a);
        claim_heading(lexicon->titles, j, a->filename);
        if (text == NULL || strlen(text) > LETTER_MAX)
            continue;
        claim_head(lexicon, j, text);
        claim_sentences(lexicon, j, text, &letters);
    }
    j->for_itself = names_several(j) && is_for_itself(lexicon, texts);
}
