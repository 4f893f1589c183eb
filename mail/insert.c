/* Answers written into the text that is quoted: what stands there and not in what we sent. Lines
 * are looked up in the sent text in its order; only the few that are not found there, and what we
 * sent in their place, are compared character by character. */
#include "mail/private.h"
#include "mail/quoted.h"
#include <string.h>

#define MAX_COMPARED 2000            /* characters on each side of one comparison */
#define MAX_WORK (200 * 1000 * 1000) /* steps, about half a second; then lines are taken whole */
#define MIN_COMMON 3                 /* shorter common pieces are chance */
#define MIN_JUMP 8                   /* characters of a line that may be found out of place */
#define MAX_SENT (256 * 1024)

struct compare {
    const char *quoted; /* the whole quoted text */
    GPtrArray *found;   /* struct insertion */
    struct glyphs sent;
    guint cursor; /* what of sent was quoted so far */
    guint64 work; /* steps taken */
};

static gboolean counts(gunichar c)
{
    return !g_unichar_isspace(c) && !g_unichar_iscntrl(c) &&
           g_unichar_type(c) != G_UNICODE_FORMAT && c != '*' && c != '>' && c != '|';
}

struct glyphs glyphs_of(const char *text, gsize n)
{
    struct glyphs glyphs = { g_new(gunichar, n + 1), g_new(const char *, n + 1), 0 };
    const char *end = text + n;
    for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!counts(c))
            continue;
        glyphs.chars[glyphs.n] = c;
        glyphs.at[glyphs.n++] = p;
    }
    return glyphs;
}

void glyphs_clear(struct glyphs *glyphs)
{
    g_free(glyphs->chars);
    g_free(glyphs->at);
}

static gboolean same(const struct glyphs *line, const struct glyphs *sent, guint at)
{
    return line->chars[0] == sent->chars[at] &&
           memcmp(line->chars, sent->chars + at, line->n * sizeof *line->chars) == 0;
}

static void insertion_free(struct insertion *insertion)
{
    g_free(insertion->text);
    g_free(insertion->line);
    g_free(insertion);
}

/* Keeps quoted text [from, to) as one insertion, without the ">" that a program put in front. */
static void keep(struct compare *c, const char *from, const char *to)
{
    const char *line = from, *end = to;
    while (line > c->quoted && line[-1] != '\n')
        line--;
    end += strcspn(end, "\n");
    struct insertion *insertion = g_new0(struct insertion, 1);
    insertion->text = g_strstrip(g_strndup(from, (gsize)(to - from)));
    insertion->line = g_strstrip(g_strndup(line, (gsize)(end - line)));
    insertion->within = strlen(insertion->line) > strlen(insertion->text) + 2;
    g_ptr_array_add(c->found, insertion);
}

static void keep_glyphs(struct compare *c, const struct glyphs *quoted, guint from, guint to)
{
    if (from < to)
        keep(c, quoted->at[from], g_utf8_next_char(quoted->at[to - 1]));
}

/* The longest common piece of a[from, to) and b[low, high). */
static guint longest(const struct glyphs *a, guint from, guint to, const struct glyphs *b,
                     guint low, guint high, guint *in_a, guint *in_b)
{
    guint width = high - low, best = 0;
    g_autofree guint *lengths = g_new0(guint, width + 1);
    for (guint i = from; i < to; i++) {
        for (guint j = width; j > 0; j--) {
            gboolean equal = a->chars[i] == b->chars[low + j - 1];
            lengths[j] = equal ? lengths[j - 1] + 1 : 0;
            if (lengths[j] <= best)
                continue;
            best = lengths[j];
            *in_a = i + 1 - best;
            *in_b = low + j - best;
        }
    }
    return best;
}

struct span {
    guint from, to, low, high;
};

/* What of quoted[from, to) does not stand in sent[low, high), kept in the order of the text. */
static void compare_characters(struct compare *c, const struct glyphs *quoted, struct span whole)
{
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(struct span));
    for (g_array_append_val(left, whole); left->len > 0;) {
        struct span s = g_array_index(left, struct span, left->len - 1);
        g_array_set_size(left, left->len - 1);
        guint a = 0, b = 0;
        c->work += (guint64)(s.to - s.from) * (s.high - s.low);
        guint n = s.low < s.high && c->work < MAX_WORK
                      ? longest(quoted, s.from, s.to, &c->sent, s.low, s.high, &a, &b)
                      : 0;
        if (n < MIN_COMMON && n < s.to - s.from) {
            keep_glyphs(c, quoted, s.from, s.to);
            continue;
        }
        struct span before = { s.from, a, s.low, b };
        struct span after = { a + n, s.to, b + n, s.high };
        if (after.from < after.to)
            g_array_append_val(left, after);
        if (before.from < before.to)
            g_array_append_val(left, before);
    }
}

/* Where the line stands in the sent text from the cursor on; sent.n: nowhere. */
static guint find_line(struct compare *c, const struct glyphs *line)
{
    guint last = line->n < MIN_JUMP || c->work > MAX_WORK ? c->cursor : c->sent.n;
    for (guint at = c->cursor; at <= last && at + line->n <= c->sent.n; at++) {
        if (same(line, &c->sent, at))
            return at;
        c->work += 4;
    }
    return c->sent.n;
}

/* Lines that were not found, [from, to) of the quoted text, against what we sent up to high. */
static void compare_lines(struct compare *c, const char *from, const char *to, guint high)
{
    struct glyphs lines = glyphs_of(from, (gsize)(to - from));
    guint low = c->cursor;
    if (lines.n > 0 && lines.n <= MAX_COMPARED) {
        high = MIN(high, low + MAX_COMPARED);
        compare_characters(c, &lines, (struct span){ 0, lines.n, low, high });
    } else {
        keep_glyphs(c, &lines, 0, lines.n);
    }
    glyphs_clear(&lines);
}

struct quoted_line {
    const char *from, *to;
    guint at, n; /* where it stands in the sent text; at = sent.n: nowhere */
};

/* The lines between two marks, each with its place in what we sent. Returns how many characters
 * were found there. */
static guint place_lines(struct compare *c, const char *from, const char *to, GArray *lines)
{
    guint found = 0;
    c->cursor = 0;
    for (const char *p = from; p < to; p += *p == '\n') {
        const char *end = p + MIN(strcspn(p, "\n"), (gsize)(to - p));
        struct glyphs glyphs = glyphs_of(p, (gsize)(end - p));
        struct quoted_line line = { p, end, c->sent.n, glyphs.n };
        if (glyphs.n > 0) {
            line.at = find_line(c, &glyphs);
            if (line.at < c->sent.n) {
                c->cursor = line.at + glyphs.n;
                found += glyphs.n;
            }
            g_array_append_val(lines, line);
        }
        glyphs_clear(&glyphs);
        p = end;
    }
    return found;
}

/* What stands in the part, but not in what we sent. */
static void compare_part(struct compare *c, GArray *lines)
{
    const struct quoted_line *all = (const struct quoted_line *)(void *)lines->data;
    c->cursor = 0;
    for (guint i = 0; i < lines->len; i++) {
        guint next = i;
        while (next < lines->len && all[next].at == c->sent.n)
            next++;
        if (next > i)
            compare_lines(c, all[i].from, all[next - 1].to,
                          next < lines->len ? all[next].at : c->sent.n);
        if (next < lines->len)
            c->cursor = all[next].at + all[next].n;
        i = next;
    }
}

/* The stretch of the quoted text between two marks in which most of what we sent stands. */
static guint best_part(struct compare *c, const GArray *parts, struct quote_part *best)
{
    guint most = 0;
    for (guint i = 0; i < parts->len; i++) {
        struct quote_part part = g_array_index(parts, struct quote_part, i);
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(struct quoted_line));
        guint found = place_lines(c, c->quoted + part.from, c->quoted + part.to, lines);
        if (found > most) {
            most = found;
            *best = part;
        }
    }
    return most;
}

/* Half of what is quoted is ours, or half of ours is quoted; else it quotes another letter, and
 * what that says otherwise is no answer. */
static gboolean is_copy(const struct compare *c, guint shared, const char *from, const char *to)
{
    struct glyphs all = glyphs_of(from, (gsize)(to - from));
    gboolean copy = shared * 2 >= all.n || shared * 2 >= c->sent.n;
    glyphs_clear(&all);
    return copy;
}

GPtrArray *mail_insertions(const struct mail *mail, const char *sent)
{
    GPtrArray *found = g_ptr_array_new_with_free_func((GDestroyNotify)insertion_free);
    struct compare c = { .quoted = mail->quoted_text, .found = found };
    if (*c.quoted == '\0' || sent == NULL || strlen(sent) > MAX_SENT)
        return found;
    g_autofree char *clean = text_clean(sent, -1);
    c.sent = glyphs_of(clean, strlen(clean));
    g_autoptr(GArray) parts = quote_parts(c.quoted);
    struct quote_part part = { 0, 0 };
    guint shared = best_part(&c, parts, &part);
    const char *from = c.quoted + part.from, *to = c.quoted + part.to;
    if (shared >= MIN_JUMP && is_copy(&c, shared, from, to)) {
        g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(struct quoted_line));
        place_lines(&c, from, to, lines);
        compare_part(&c, lines);
    }
    glyphs_clear(&c.sent);
    return found;
}

/* Without lines that we sent and that only stand elsewhere. */
static void append_lines(GString *text, const struct insertion *insertion, const char *sent)
{
    g_auto(GStrv) ours = g_strsplit(sent, "\n", -1);
    g_auto(GStrv) lines = g_strsplit(insertion->text, "\n", -1);
    for (char **line = ours; *line != NULL; line++)
        g_strstrip(*line);
    for (char **line = lines; *line != NULL; line++)
        if (insertion->within || !g_strv_contains((const char *const *)ours, *line))
            g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", *line);
}

char *mail_new_against(const struct mail *mail, const char *sent)
{
    g_autoptr(GPtrArray) insertions = mail_insertions(mail, sent);
    GString *text = g_string_new(mail->new_text);
    for (guint i = 0; i < insertions->len; i++)
        append_lines(text, insertions->pdata[i], sent);
    return g_string_free(text, FALSE);
}
