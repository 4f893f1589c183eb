/* What we sent in a matter: its words and papers prove nothing when they come back. */
#include "handlers/judge/evidence.h"
#include "handlers/private.h"
#include "wording/wording.h"

#include <string.h>

enum {
    LINE_MIN = 8,    /* characters: a shorter line may be anybody's */
    PIECES_MAX = 12, /* in which such a line may have been cut */
    COPY_MIN = 3,    /* lines of ours that make a paper a copy of ours, if most are */
    PRINTED_MAX =
        32 * 1024, /* bytes of a form that was printed: it is looked through piece by piece */
};

struct ours {
    char *title, *office;
    GString *papers;   /* the notice and the names of its annexes */
    char *answered;    /* the text of the mail that is answered, or NULL */
    GHashTable *files; /* SHA-256 of annexes */
    GHashTable *heads; /* with what the lines begin */
    GHashTable *lines; /* of the notice, the annexes and the form, without blanks */
    GHashTable *cells; /* of the form that went to the unit, without blanks; short ones too */
    char *token;
};

static void add_lines(struct ours *ours, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autofree char *compact = text_compact(*line);
        if (g_utf8_strlen(compact, -1) < LINE_MIN)
            continue;
        g_hash_table_add(ours->heads, g_utf8_substring(compact, 0, LINE_MIN));
        g_hash_table_add(ours->lines, g_steal_pointer(&compact));
    }
}

struct ours *ours_new(const char *title)
{
    struct ours *ours = g_new0(struct ours, 1);
    ours->title = g_strdup(title);
    ours->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ours->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ours->heads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ours->cells = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return ours;
}

static void add_form(struct office *office, struct ours *ours, gint64 matter, gint64 unit)
{
    gint64 id = outbox_newest(office->db, "notice", matter, unit);
    struct outbox *row = id != 0 ? outbox_get(office->db, id) : NULL;
    for (guint i = 0; row != NULL && i < row->enclosures->len; i++) {
        const struct enclosure *e = row->enclosures->pdata[i];
        g_autoptr(GBytes) recipe = e->recipe ? raw_get(office->db, e->sha256, NULL) : NULL;
        if (recipe == NULL)
            continue;
        gsize n;
        const char *text = g_bytes_get_data(recipe, &n);
        json_auto_t *form = json_loadb(text, n, 0, NULL);
        reply_form_texts(form, ours->lines, ours->cells);
    }
    outbox_free(row);
}

/* The mail of ours that is answered, or that is most likely quoted. */
static char *answered_text(struct office *office, gint64 matter, gint64 unit,
                           const struct mail *mail)
{
    gint64 id = 0;
    if (mail == NULL)
        return NULL;
    for (guint i = 0; i < mail->references->len && id == 0; i++)
        id = outbox_by_message_id(office->db, mail->references->pdata[i]);
    if (id == 0 && unit != 0)
        id = outbox_newest(office->db, "notice", matter, unit);
    struct outbox *row = id != 0 && *mail->quoted_text != '\0' ? outbox_get(office->db, id) : NULL;
    char *text = row != NULL ? g_strdup(row->text) : NULL;
    outbox_free(row);
    return text;
}

/* Most replies are words alone: for these the form that went out need not be looked up. */
static gboolean may_hold_form(const struct mail *mail)
{
    return mail == NULL || mail->attachments->len > 0 ||
           strstr(mail->new_text, REPLY_FORM_TITLE) != NULL;
}

struct ours *ours_load(struct office *office, gint64 matter, gint64 unit, const struct mail *mail)
{
    struct matter *m = matter != 0 ? matter_get(office->db, matter) : NULL;
    if (m == NULL)
        return NULL;
    struct ours *ours = ours_new(m->title);
    ours->office = g_strdup(office->policy->address);
    ours->answered = answered_text(office, matter, unit, mail);
    ours->token = g_strdup(m->token);
    ours->papers = g_string_new(m->notice);
    add_lines(ours, m->notice);
    if (unit != 0 && may_hold_form(mail))
        add_form(office, ours, matter, unit);
    g_autoptr(GPtrArray) annexes = annex_list(office->db, matter);
    for (guint i = 0; i < annexes->len; i++) {
        const struct annex *annex = annexes->pdata[i];
        json_auto_t *document = document_get(office->db, annex->sha256);
        g_string_append_printf(ours->papers, "\n%s", annex->filename);
        g_hash_table_add(ours->files, g_strdup(annex->sha256));
        add_lines(ours, json_string_value(json_object_get(document, "text")));
    }
    matter_free(m);
    return ours;
}

void ours_free(struct ours *ours)
{
    if (ours == NULL)
        return;
    g_free(ours->title);
    g_free(ours->office);
    if (ours->papers != NULL)
        g_string_free(ours->papers, TRUE);
    g_free(ours->answered);
    g_hash_table_unref(ours->files);
    g_hash_table_unref(ours->lines);
    g_hash_table_unref(ours->heads);
    g_hash_table_unref(ours->cells);
    g_free(ours->token);
    g_free(ours);
}

const char *ours_title(const struct ours *ours)
{
    return ours != NULL ? ours->title : NULL;
}

const char *ours_papers(const struct ours *ours)
{
    return ours != NULL && ours->papers != NULL ? ours->papers->str : NULL;
}

gboolean ours_has_file(const struct ours *ours, const char *sha256)
{
    return ours != NULL && g_hash_table_contains(ours->files, sha256);
}

/* A copy without tables, as printers make it, still says what it is. */
static gboolean is_printed_form(const struct ours *ours, const char *text)
{
    return ours != NULL && ours->token != NULL && g_hash_table_size(ours->cells) > 0 &&
           text != NULL && strlen(text) <= PRINTED_MAX && strchr(text, '\t') == NULL &&
           strstr(text, ours->token) != NULL && strstr(text, REPLY_FORM_TITLE) != NULL;
}

gboolean ours_is_form(const struct ours *ours, json_t *document)
{
    json_t *properties = json_object_get(document, "properties");
    const char *token = json_string_value(json_object_get(properties, REPLY_FORM_MARK));
    return (ours != NULL && ours->token != NULL && g_strcmp0(token, ours->token) == 0) ||
           is_printed_form(ours, json_string_value(json_object_get(document, "text")));
}

static gboolean is_ours(GHashTable *texts, const char *text)
{
    g_autofree char *compact = text_compact(text);
    return g_hash_table_contains(texts, compact);
}

/* Appends what others wrote of a line of ours: a row loses the cells that came filled in. */
static void append_theirs(const struct ours *ours, GString *rest, const char *line)
{
    const char *separator = rest->len > 0 ? "\n" : "";
    if (is_ours(ours->lines, line))
        return;
    if (strchr(line, '\t') == NULL || g_hash_table_size(ours->cells) == 0) {
        g_string_append_printf(rest, "%s%s", separator, line);
        return;
    }
    g_auto(GStrv) cells = g_strsplit(line, "\t", -1);
    for (char **cell = cells; *cell != NULL; cell++) {
        if (**cell == '\0' || is_ours(ours->cells, *cell))
            continue;
        g_string_append_printf(rest, "%s%s", separator, *cell);
        separator = "\t";
    }
}

static gboolean holds(GHashTable *texts, const char *piece)
{
    GHashTableIter each;
    gpointer text;
    g_hash_table_iter_init(&each, texts);
    while (g_hash_table_iter_next(&each, &text, NULL))
        if (strstr(text, piece) != NULL)
            return TRUE;
    return FALSE;
}

/* Its lines are broken and its columns stand side by side: what is left are the pieces that are
 * part of nothing that came filled in. */
static char *without_printed_form(const struct ours *ours, const char *text)
{
    GString *rest = g_string_new(NULL);
    g_auto(GStrv) pieces = g_regex_split_simple("\\n|\\f|[ \\x{3000}]{2,}", text, 0, 0);
    for (char **piece = pieces; *piece != NULL; piece++) {
        g_autofree char *compact = text_compact(*piece);
        if (!holds(ours->cells, compact) && !holds(ours->lines, compact))
            g_string_append_printf(rest, "%s%s", rest->len > 0 ? "\n" : "", *piece);
    }
    return g_string_free(rest, FALSE);
}

/* How many lines from this one on are a line of ours, which a page or a window may have cut; 0: it
 * is none. */
static int lines_of_ours(const struct ours *ours, char **line)
{
    g_autofree char *compact = text_compact(*line);
    if (g_hash_table_contains(ours->lines, compact))
        return 1;
    if (g_utf8_strlen(compact, -1) < LINE_MIN)
        return 0;
    g_autofree char *head = g_utf8_substring(compact, 0, LINE_MIN);
    g_autoptr(GString) joined = g_string_new(compact);
    for (int n = 1; n < PIECES_MAX && g_hash_table_contains(ours->heads, head); n++) {
        if (line[n] == NULL)
            break;
        g_autofree char *more = text_compact(line[n]);
        if (!line_is_page_number(more))
            g_string_append(joined, more);
        if (g_hash_table_contains(ours->lines, joined->str))
            return n + 1;
    }
    return 0;
}

char *ours_without(const struct ours *ours, const char *text)
{
    if (ours == NULL || text == NULL)
        return g_strdup(text);
    if (is_printed_form(ours, text))
        return without_printed_form(ours, text);
    GString *rest = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL;) {
        int n = lines_of_ours(ours, line);
        if (n == 0)
            append_theirs(ours, rest, *line);
        line += MAX(n, 1);
    }
    return g_string_free(rest, FALSE);
}

/* Above and below our lines a copy has its letterhead and its signature. */
char *ours_edited(const struct ours *ours, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(ours != NULL && text != NULL ? text : "", "\n", -1);
    guint same = 0, other = 0;
    const char *edited = NULL, *between = NULL;
    for (char **line = lines; *line != NULL;) {
        g_autofree char *compact = text_compact(*line);
        int n = lines_of_ours(ours, line);
        if (n > 0) {
            same++;
            edited = edited != NULL ? edited : between;
        } else if (g_utf8_strlen(compact, -1) >= LINE_MIN) {
            other++;
            between = between == NULL && same > 0 ? *line : between;
        }
        line += MAX(n, 1);
    }
    return same >= COPY_MIN && same >= 2 * other ? g_strdup(edited) : NULL;
}

/* A forwarded letter without the lines that say who wrote it when. */
static void append_forwarded(GString *text, const char *quoted)
{
    static GRegex *headers;
    static gsize once;
    if (g_once_init_enter(&once)) {
        headers =
            g_regex_new("^[ \\t>]*(?:(?:发件人|发送时间|收件人|抄送|主题|日期|时间|From|Sent|To|Cc|"
                        "Date|Subject)[ \\t]*[:：].*|-{2,}.*-{2,})$",
                        G_REGEX_MULTILINE | G_REGEX_CASELESS | G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&once, 1);
    }
    g_autofree char *plain = g_regex_replace_literal(headers, quoted, -1, 0, "", 0, NULL);
    g_string_append_printf(text, "\n%s", plain);
}

char *ours_answer(const struct ours *ours, const struct mail *mail)
{
    g_autofree char *said = mail_new_against(mail, ours != NULL ? ours->answered : NULL);
    GString *text = g_string_new(said);
    gboolean of_ours =
        ours != NULL && ours->office != NULL && strstr(mail->quoted_text, ours->office) != NULL;
    if (mail_is_forward(mail) && !of_ours)
        append_forwarded(text, mail->quoted_text);
    g_autofree char *whole = g_string_free(text, FALSE);
    return ours_without(ours, whole);
}
