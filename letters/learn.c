/* learn FILE.json…: prints the weights of wording/reply/likeness.h as C, learnt from letters.
 * learn --cross FILE.json…: learns without each file in turn and tells how its letters are then
 * understood: what may be expected of letters by people whom nobody has read.
 * learn --missed FILE.json…: the same, and each letter that is not.
 *
 * A file is a list of letters as README.md has them. A letter that means no_comment has harmless
 * clauses alone; one that means anything else has at least one that is not, and which one it is is
 * found out: what is least like the harmless ones. */
#include "mail/mail.h"
#include "wording/wording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece_row {
    guint32 *buckets;
    guint n;
    gboolean chosen; /* of a letter that is not harmless: it may be why */
    char *text;
    double alpha;
};
struct letter {
    gboolean none;
    char *text;
    GPtrArray *clauses; /* struct piece_row */
};

enum {
    ROUNDS = 4,  /* of choosing the clauses that are not harmless */
    PASSES = 15, /* over all clauses in each */
};
static const double cost = 0.07, margin = 0.5;
static gint16 weights[LIKENESS_BUCKETS];
const gint16 *likeness_weights = weights;

/* ---- letters */

static void add_clause(const char *clause, const GArray *pieces, void *user)
{
    struct letter *letter = user;
    struct piece_row *row = g_new0(struct piece_row, 1);
    row->n = pieces->len;
    row->buckets = g_memdup2(pieces->data, row->n * sizeof(guint32));
    row->text = g_strdup(clause);
    g_ptr_array_add(letter->clauses, row);
}

static void add_letter(GPtrArray *letters, const char *meaning, const char *text)
{
    struct letter *letter = g_new0(struct letter, 1);
    letter->none = g_str_equal(meaning, "no_comment");
    letter->text = g_strdup(text);
    letter->clauses = g_ptr_array_new();
    reply_clauses(text, NULL, add_clause, letter);
    g_ptr_array_add(letters, letter);
}

/* What may be either teaches nothing. */
static gboolean is_sure(const char *meaning)
{
    return g_str_equal(meaning, "no_comment") ||
           (strstr(meaning, "no_comment") == NULL && strstr(meaning, "not_concerned") == NULL);
}

static char *new_text(const char *body)
{
    g_autofree char *bytes = g_strconcat("Content-Type: text/plain; charset=utf-8\n\n", body, NULL);
    struct mail *mail = mail_read(bytes, strlen(bytes));
    char *text = g_strdup(mail->new_text);
    mail_free(mail);
    return text;
}

/* The papers of a reply; FALSE: one could not be read, and may be what it means. */
static gboolean add_papers(GString *text, json_t *attachments)
{
    size_t i;
    json_t *attachment;
    json_array_foreach (attachments, i, attachment) {
        const char *paper = json_string_value(json_object_get(attachment, "text"));
        if (paper == NULL)
            return FALSE;
        if (!json_is_array(json_object_get(attachment, "table")))
            g_string_append_printf(text, "\n%s", paper);
    }
    return TRUE;
}

/* The mail and the papers with it are one letter. */
static void add_reply(GPtrArray *letters, json_t *row)
{
    const char *meaning =
        json_string_value(json_object_get(json_object_get(row, "expect"), "stance"));
    g_autofree char *said = new_text(json_string_value(json_object_get(row, "body")));
    g_autoptr(GString) text = g_string_new(said);
    if (is_sure(meaning) && add_papers(text, json_object_get(row, "attachments")))
        add_letter(letters, meaning, text->str);
}

static GPtrArray *letters_of(const char *path)
{
    json_error_t fault;
    json_auto_t *rows = json_load_file(path, 0, &fault);
    GPtrArray *letters = g_ptr_array_new();
    size_t i;
    json_t *row;
    if (rows == NULL) {
        fprintf(stderr, "learn: %s:%d: %s\n", path, fault.line, fault.text);
        exit(1);
    }
    json_array_foreach (rows, i, row) {
        const char *meaning = json_string_value(json_array_get(row, 0));
        if (json_is_object(row))
            add_reply(letters, row);
        else if (is_sure(meaning) && json_array_size(row) == 2)
            add_letter(letters, meaning, json_string_value(json_array_get(row, 1)));
    }
    return letters;
}

/* ---- a linear support vector machine, by dual coordinate descent over squared hinge loss (Hsieh
 * and others, A Dual Coordinate Descent Method for Large-scale Linear SVM, 2008, algorithm 1) */

static double value_of(const double *w, const struct piece_row *row)
{
    double sum = 0;
    for (guint i = 0; i < row->n; i++)
        sum += w[row->buckets[i]];
    return sum;
}

static void step(double *w, struct piece_row *row, double sign)
{
    double length = 0.5 / cost;
    for (guint i = 0; i < row->n; i++)
        length += 1;
    double slope = sign * value_of(w, row) - 1 + row->alpha * 0.5 / cost;
    double alpha = MAX(row->alpha - slope / length, 0);
    double change = (alpha - row->alpha) * sign;
    row->alpha = alpha;
    for (guint i = 0; change != 0 && i < row->n; i++)
        w[row->buckets[i]] += change;
}

struct example {
    struct piece_row *row;
    double sign;
};

static GArray *examples_of(GPtrArray *letters)
{
    GArray *examples = g_array_new(FALSE, FALSE, sizeof(struct example));
    for (guint i = 0; i < letters->len; i++) {
        const struct letter *letter = letters->pdata[i];
        for (guint k = 0; k < letter->clauses->len; k++) {
            struct piece_row *row = letter->clauses->pdata[k];
            struct example example = { row, letter->none ? 1 : -1 };
            row->alpha = 0;
            if (letter->none || row->chosen)
                g_array_append_val(examples, example);
        }
    }
    return examples;
}

static void shuffle(GArray *examples, guint32 *seed)
{
    for (guint i = examples->len; i > 1; i--) {
        *seed = *seed * 1664525u + 1013904223u;
        guint k = (*seed >> 8) % i;
        struct example *a = &g_array_index(examples, struct example, i - 1);
        struct example *b = &g_array_index(examples, struct example, k);
        struct example kept = *a;
        *a = *b;
        *b = kept;
    }
}

static void train(GPtrArray *letters, double *w)
{
    g_autoptr(GArray) examples = examples_of(letters);
    guint32 seed = 1;
    memset(w, 0, LIKENESS_BUCKETS * sizeof *w);
    for (int pass = 0; pass < PASSES; pass++) {
        shuffle(examples, &seed);
        for (guint i = 0; i < examples->len; i++) {
            struct example *example = &g_array_index(examples, struct example, i);
            step(w, example->row, example->sign);
        }
    }
}

/* ---- which clause of a letter it is */

/* At first: what stands in no harmless letter. */
static void choose_unknown(GPtrArray *letters)
{
    g_autoptr(GHashTable) harmless = g_hash_table_new(g_str_hash, g_str_equal);
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < letters->len; i++) {
            const struct letter *letter = letters->pdata[i];
            for (guint k = 0; k < letter->clauses->len; k++) {
                struct piece_row *row = letter->clauses->pdata[k];
                if (letter->none)
                    g_hash_table_add(harmless, row->text);
                row->chosen = !letter->none && !g_hash_table_contains(harmless, row->text);
            }
        }
}

static void choose(GPtrArray *letters, const double *w)
{
    for (guint i = 0; i < letters->len; i++) {
        const struct letter *letter = letters->pdata[i];
        double least = G_MAXDOUBLE;
        for (guint k = 0; k < letter->clauses->len; k++)
            least = MIN(least, value_of(w, letter->clauses->pdata[k]));
        for (guint k = 0; k < letter->clauses->len; k++) {
            struct piece_row *row = letter->clauses->pdata[k];
            double value = value_of(w, row);
            row->chosen = value == least || value <= MIN(least + margin, 0);
        }
    }
}

static void learn(GPtrArray *letters)
{
    g_autofree double *w = g_new(double, LIKENESS_BUCKETS);
    choose_unknown(letters);
    for (int round = 0; round < ROUNDS; round++) {
        train(letters, w);
        choose(letters, w);
    }
    for (gsize i = 0; i < LIKENESS_BUCKETS; i++)
        weights[i] = (gint16)CLAMP(w[i] * LIKENESS_ONE, G_MININT16, G_MAXINT16);
}

/* ---- */

/* Most letters are about these. */
static const char title[] = "关于征求意见的通知";
static const char notice[] = "《工作规则》《成员单位共同职责》《各成员单位具体职责》《联络员职责》"
                             "《办公室职责》《年度工作要点》《行动方案》《评估报告》";

static gboolean says_none(const char *text)
{
    static const enum mark against[] = { MARK_HYPOTHESIS, MARK_OPINION,    MARK_CONDITION,
                                         MARK_DOUBT,      MARK_WITHDRAWAL, MARK_EXTENSION,
                                         MARK_QUESTION,   MARK_BLANK };
    struct reply reply = { 0 };
    reply_read(&reply, text, NULL);
    gboolean none = reply.found[MARK_NONE] && !reply_is_partial(text, title, notice);
    for (gsize i = 0; i < G_N_ELEMENTS(against); i++)
        none = none && !reply.found[against[i]];
    reply_clear(&reply);
    return none;
}

static void tell_missed(const struct letter *letter)
{
    g_autofree char *line = g_strdelimit(g_strdup(letter->text), "\n", '/');
    printf("%s\t%s\n", letter->none ? "missed" : "WRONG", line);
}

static void tell(const char *name, const GPtrArray *letters, gboolean missed)
{
    int none = 0, understood = 0, other = 0, wrong = 0;
    for (guint i = 0; i < letters->len; i++) {
        const struct letter *letter = letters->pdata[i];
        gboolean said = says_none(letter->text);
        none += letter->none;
        understood += letter->none && said;
        other += !letter->none;
        wrong += !letter->none && said;
        if (missed && said != letter->none)
            tell_missed(letter);
    }
    printf("%-32s no_comment understood: %d of %d; others taken for it: %d of %d\n", name,
           understood, none, wrong, other);
    fflush(stdout);
}

static void cross(GPtrArray **files, char **names, int n, gboolean missed)
{
    for (int held = 0; held < n; held++) {
        g_autoptr(GPtrArray) others = g_ptr_array_new();
        for (int i = 0; i < n; i++)
            if (i != held)
                g_ptr_array_extend(others, files[i], NULL, NULL);
        learn(others);
        tell(names[held], files[held], missed);
    }
}

static void print_weights(void)
{
    printf("/* Made by letters/learn.c. */\n#include \"wording/reply/likeness.h\"\n\n"
           "static const gint16 weights[LIKENESS_BUCKETS] = {");
    for (gsize i = 0; i < LIKENESS_BUCKETS; i++)
        printf("%s%d,", i % 16 == 0 ? "\n" : " ", weights[i]);
    printf("\n};\nconst gint16 *likeness_weights = weights;\n");
}

int main(int argc, char **argv)
{
    gboolean missed = argc > 1 && g_str_equal(argv[1], "--missed");
    gboolean crossed = missed || (argc > 1 && g_str_equal(argv[1], "--cross"));
    int n = argc - 1 - crossed;
    char **names = argv + 1 + crossed;
    g_autofree GPtrArray **files = g_new0(GPtrArray *, (gsize)n + 1);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    if (n == 0) {
        fprintf(stderr, "usage: learn [--cross|--missed] FILE.json...\n");
        return 2;
    }
    mail_init();
    for (int i = 0; i < n; i++) {
        files[i] = letters_of(names[i]);
        g_ptr_array_extend(all, files[i], NULL, NULL);
    }
    if (crossed) {
        cross(files, names, n, missed);
        return 0;
    }
    learn(all);
    print_weights();
    return 0;
}
