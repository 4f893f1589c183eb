/* What a letter itself says of its issuer: the name under it and over it, who speaks in it, how it
 * and its papers are called, and the name beside the address. A unit that is only spoken about
 * (关于市财政局职责的意见) issues nothing. */
#include "handlers/judge/evidence.h"
#include "handlers/private.h"

#include <string.h>

enum { HEAD_LINES = 4, FOOT_LINES = 8 };
enum { SIGN_TOGETHER = 3 }; /* more names than that, one below the other, are a list of units */

/* What may stand before a name that signs. */
PATTERN(labels,
        "^(?:(?:反馈|填报|填表|报送|回复|提出|提交|来文)?(?:单位|部门)(?:名称)?|落款|发件人|报送)?"
        "(?:[（(](?:盖章|公章|加盖公章|章)[）)])?[:：|\t]*$");
/* What may follow one that signs. */
PATTERN(signs, "^(?:(?:办公室|秘书科|综合科|\\p{Han}{1,6}[科室股处])?"
               "(?:(?:联络员|经办人)[:：]?\\p{Han}{0,3}|\\p{Han}{2,3})?)?"
               "(?:[（(][^）)]{0,8}[）)])?[|\t]*"
               "(?:[0-9二〇○零一十年月日./-]{0,16})?(?:[0-9\\- ]{7,})?$");
/* Below this come names that sign nothing. */
PATTERN(lists, "(?:名单|主送|抄送|抄报|成员单位|分工|牵头单位|配合单位)[^。]{0,8}[:：]?$");
/* What stands between those who sign together. */
PATTERN(joints, "^(?:[（(](?:盖章|公章|加盖公章|章)[）)])?[、，,和与及同|/]*$");
/* What may follow one in a letterhead. */
PATTERN(letterhead, "^(?:办公室)?(?:文件|函|便函|便笺|（函）|公文处理笺)?$|"
                    "^(?:办公室)?(?:关于|对|反馈|回复|复函|意见|修改意见|征求意见)");
/* What may follow one that speaks. */
PATTERN(speaks, "^(?:办公室)?[:：]?(?:对(?!面)|就|无|没|暂无|经|均无|反馈|回复|的?意见|的?修改意见|"
                "认真|已|原则|同意|不涉及|建议|提出|认为)");
/* What stands before one that is only spoken about. */
PATTERN(about, "(?:关于|对|将|给|致|在|与|和|、|及|把|由|向|送|抄送|主送|《|“|\"|其中|修改)$");
/* What follows one that is only spoken about. */
PATTERN(of_them, "^(?:的?具体)?(?:职责|第|部分|条|任务|内容|名称)");

/* A name that was found, with what stands around it, without blanks. */
struct mention {
    gint64 unit;
    gboolean learnt;
    char *piece, *before, *after;
};

static void mention_clear(struct mention *m)
{
    g_free(m->piece);
    g_free(m->before);
    g_free(m->after);
}

static struct mention mention_of(const char *text, const struct name_hit *hit)
{
    g_autofree char *before = g_strndup(text, hit->start);
    g_autofree char *piece = g_strndup(text + hit->start, hit->end - hit->start);
    return (struct mention){ .unit = hit->owner,
                             .learnt = hit->learnt,
                             .piece = g_strdup(g_strstrip(piece)),
                             .before = text_compact(before),
                             .after = text_compact(text + hit->end) };
}

/* What a letter says of who issued it, before it is known to be more than a list. */
struct claim {
    enum rule rule;
    gint64 unit;
    char *piece;
    gboolean learnt;
    gboolean labelled; /* 反馈单位：… */
};

static void claim_clear(gpointer data)
{
    g_free(((struct claim *)data)->piece);
}

static void add_claim(GArray *claims, enum rule rule, const struct mention *m, gboolean labelled)
{
    struct claim claim = { rule, m->unit, g_strdup(m->piece), m->learnt, labelled };
    g_array_append_val(claims, claim);
}

/* Each line of a letter, from the side on which the name is looked for. */
static void claim_name(GArray *claims, const struct mention *m, gboolean head, gboolean foot)
{
    gboolean labelled = *m->before != '\0';
    if (!pattern_fits(&labels, m->before))
        return;
    if ((foot || labelled) && pattern_fits(&signs, m->after))
        add_claim(claims, RULE_SIGNED, m, labelled);
    else if (head && !labelled && pattern_fits(&letterhead, m->after))
        add_claim(claims, RULE_LETTERHEAD, m, FALSE);
    else if (pattern_fits(&speaks, m->after) && !pattern_fits(&of_them, m->after))
        add_claim(claims, RULE_STATEMENT, m, TRUE);
}

/* A line without the names in it and what joins them; the caller frees. */
static char *between_names(const char *line, const GArray *hits)
{
    GString *rest = g_string_new(NULL);
    gsize end = 0;
    for (guint i = 0; i <= hits->len; i++) {
        const struct name_hit *hit =
            i < hits->len ? &g_array_index(hits, struct name_hit, i) : NULL;
        gsize from = hit != NULL ? hit->start : strlen(line);
        g_autofree char *piece = g_strndup(line + end, from - end);
        g_autofree char *compact = text_compact(piece);
        if (i == 0 || hit == NULL || !pattern_fits(&joints, compact))
            g_string_append(rest, compact);
        end = hit != NULL ? hit->end : from;
    }
    return g_string_free(rest, FALSE);
}

/* 市工信局　市科技局, 反馈单位：市教育局、市科协 */
static gboolean claim_joint(GArray *claims, const char *line, const GArray *hits, gboolean head,
                            gboolean foot)
{
    g_autofree char *rest = hits->len > 1 ? between_names(line, hits) : NULL;
    if (rest == NULL)
        return FALSE;
    struct mention first = mention_of(line, &g_array_index(hits, struct name_hit, 0));
    gboolean labelled = *first.before != '\0' && pattern_fits(&labels, first.before);
    const char *after = labelled ? rest + strlen(first.before) : rest;
    gboolean signed_ = (foot || labelled) && pattern_fits(&signs, after);
    gboolean heads = head && pattern_fits(&letterhead, after);
    for (guint i = 0; (signed_ || heads) && i < hits->len; i++) {
        struct mention m = mention_of(line, &g_array_index(hits, struct name_hit, i));
        add_claim(claims, signed_ ? RULE_SIGNED : RULE_LETTERHEAD, &m, labelled);
        mention_clear(&m);
    }
    mention_clear(&first);
    return signed_ || heads;
}

static void claim_line(const struct lexicon *lexicon, GArray *claims, const char *line,
                       gboolean head, gboolean foot)
{
    g_autoptr(GArray) hits = names_find(lexicon->units, line);
    if (claim_joint(claims, line, hits, head, foot))
        return;
    for (guint i = 0; i < hits->len; i++) {
        struct mention m = mention_of(line, &g_array_index(hits, struct name_hit, i));
        claim_name(claims, &m, head, foot);
        mention_clear(&m);
    }
}

static gboolean is_only_names(const struct lexicon *lexicon, const char *line)
{
    g_autoptr(GArray) hits = names_find(lexicon->units, line);
    g_autofree char *rest = between_names(line, hits);
    return hits->len > 0 && *rest == '\0';
}

/* More than sign a letter together. */
static gboolean is_list(const GArray *claims)
{
    g_autoptr(GHashTable) units = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < claims->len; i++) {
        struct claim *claim = &g_array_index(claims, struct claim, i);
        if (!claim->labelled)
            g_hash_table_add(units, &claim->unit);
    }
    return g_hash_table_size(units) > SIGN_TOGETHER;
}

/* Lines without those that are empty. */
static GPtrArray *lines_of(char **all)
{
    GPtrArray *lines = g_ptr_array_new();
    for (char **line = all; *line != NULL; line++)
        if (*g_strstrip(*line) != '\0')
            g_ptr_array_add(lines, *line);
    return lines;
}

static void claim_letter(const struct lexicon *lexicon, struct judgement *j, const char *text,
                         gboolean attached)
{
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) lines = lines_of(all);
    g_autoptr(GArray) claims = g_array_new(FALSE, FALSE, sizeof(struct claim));
    g_array_set_clear_func(claims, claim_clear);
    gboolean listed = FALSE;
    for (guint i = 0; i < lines->len; i++) {
        listed = pattern_fits(&lists, lines->pdata[i]) ||
                 (listed && is_only_names(lexicon, lines->pdata[i]));
        if (!listed)
            claim_line(lexicon, claims, lines->pdata[i], attached && i < HEAD_LINES,
                       i + FOOT_LINES >= lines->len);
    }
    gboolean list = is_list(claims);
    for (guint i = 0; i < claims->len; i++) {
        const struct claim *claim = &g_array_index(claims, struct claim, i);
        if (claim->labelled || !list)
            prove_name(j, claim->rule, claim->unit, claim->piece, claim->learnt);
    }
}

/* A subject or the name of a file: a unit that stands in front or behind it, not one it is about.
 */
static void claim_title(const struct lexicon *lexicon, struct judgement *j, enum rule rule,
                        const char *text)
{
    g_autoptr(GArray) hits = names_find(lexicon->units, text);
    for (guint i = 0; i < hits->len; i++) {
        struct mention m = mention_of(text, &g_array_index(hits, struct name_hit, i));
        if (!pattern_fits(&about, m.before) && !pattern_fits(&of_them, m.after))
            prove_name(j, rule, m.unit, m.piece, m.learnt);
        mention_clear(&m);
    }
}

/* The title of the matter may name units; it is ours, not theirs. */
static char *without_titles(const struct lexicon *lexicon, const char *text)
{
    GString *plain = g_string_new(text);
    g_autoptr(GArray) hits = names_find(lexicon->titles, text);
    for (guint i = hits->len; i > 0; i--) {
        const struct name_hit *hit = &g_array_index(hits, struct name_hit, i - 1);
        g_string_erase(plain, (gssize)hit->start, (gssize)(hit->end - hit->start));
        g_string_insert(plain, (gssize)hit->start, "※");
    }
    return g_string_free(plain, FALSE);
}

void evidence_issuer(const struct lexicon *lexicon, struct judgement *j, const struct mail *mail)
{
    claim_letter(lexicon, j, mail->new_text, FALSE);
    claim_letter(lexicon, j, mail->signature, FALSE);
    if (mail_is_forward(mail))
        claim_letter(lexicon, j, mail->quoted_text, FALSE);
    for (guint i = 0; i < mail->attachments->len; i++) {
        const struct attachment *a = mail->attachments->pdata[i];
        const char *text = attachment_text(a);
        g_autofree char *name = without_titles(lexicon, a->filename);
        if (text != NULL)
            claim_letter(lexicon, j, text, TRUE);
        claim_title(lexicon, j, RULE_FILE_NAME, name);
    }
    g_autofree char *subject = without_titles(lexicon, mail_subject_bare(mail->subject));
    claim_title(lexicon, j, RULE_SUBJECT, subject);
    if (mail->from->len > 0)
        claim_title(lexicon, j, RULE_DISPLAY_NAME,
                    ((const struct address *)mail->from->pdata[0])->name);
}
