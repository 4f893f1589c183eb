/* From tokens and data to text: the context stack, sections, partials, and the limits that keep a
 * template that calls itself from running for ever. */
#include "base/base.h"
#include "templates/private.h"
#include <math.h>
#include <string.h>

enum {
    PARTIALS_DEEP = 100,
    NESTED_DEEP = 1000, /* sections and partials together: the C stack */
    OUTPUT_BYTES = 16 * 1024 * 1024,
    STEPS = 10 * 1000 * 1000,
};

struct rendering {
    GString *out;
    enum escape escape;
    partial_cb *partial;
    void *context;
    GPtrArray *stack;     /* const json_t *; the last is the top */
    GHashTable *partials; /* indent and name → struct parsed, so that loops parse them once */
    guint partials_deep, nested;
    guint steps;
};

static gboolean render_range(struct rendering *r, const struct parsed *parsed, guint from, guint to,
                             GError **error);

/* Each tag and each round of a loop is a step: loops in loops may print nothing and yet take ages.
 */
static gboolean count_step(struct rendering *r, GError **error)
{
    if (++r->steps > STEPS)
        return fault_set(error, FAULT_REFUSED, "模板展开超过 %d 步，请减少嵌套的循环", STEPS);
    return TRUE;
}

/* ---- names */
static const json_t *top(const struct rendering *r)
{
    return g_ptr_array_index(r->stack, r->stack->len - 1);
}

static const json_t *search_stack(const struct rendering *r, const char *name, gsize n)
{
    for (guint i = r->stack->len; i > 0; i--) {
        const json_t *value = json_object_getn(g_ptr_array_index(r->stack, i - 1), name, n);
        if (value)
            return value;
    }
    return NULL;
}

/* "a.b.c": a is searched up the stack, b only in a. ".a" looks at the top of the stack alone. */
static const json_t *resolve(const struct rendering *r, const char *name)
{
    if (strcmp(name, ".") == 0)
        return top(r);
    gsize n = strcspn(name, ".");
    const json_t *value = n == 0 ? top(r) : search_stack(r, name, n);
    for (name += n; value && *name; name += n) {
        name++;
        n = strcspn(name, ".");
        value = json_object_getn(value, name, n);
    }
    return value;
}

/* ---- values */
/* The shortest decimal that reads back as the same number, as JSON writers do. */
static char *real_text(double real)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (real == floor(real) && fabs(real) < 1e15)
        return g_strdup_printf("%.0f", real);
    for (int digits = 15; digits <= 17; digits++) {
        g_autofree char *format = g_strdup_printf("%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, real);
        if (g_ascii_strtod(text, NULL) == real)
            break;
    }
    return g_strdup(text);
}

static char *value_text(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_TRUE:
        return g_strdup("true");
    case JSON_FALSE:
        return g_strdup("false");
    case JSON_INTEGER:
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    case JSON_REAL:
        return real_text(json_real_value(value));
    default:
        return g_strdup("");
    }
}

/* Jansson allocates with malloc, and fails only on what is nested too deep. */
static void append_json(struct rendering *r, enum escape escape, const json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(15));
    if (text)
        escape_append(r->out, escape, text, strlen(text));
    free(text);
}

static void append_value(struct rendering *r, enum escape escape, const json_t *value)
{
    if (!value)
        return;
    if (json_is_string(value)) {
        escape_append(r->out, escape, json_string_value(value), json_string_length(value));
    } else if (json_is_object(value) || json_is_array(value)) {
        append_json(r, escape, value);
    } else {
        g_autofree char *text = value_text(value);
        escape_append(r->out, escape, text, strlen(text));
    }
}

static gboolean is_falsey(const json_t *value)
{
    return !value || json_is_null(value) || json_is_false(value) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

/* ---- sections */
static gboolean render_with(struct rendering *r, const struct parsed *parsed, guint index,
                            const json_t *context, GError **error)
{
    const struct token *section = &g_array_index(parsed->tokens, struct token, index);
    if (r->nested >= NESTED_DEEP)
        return fault_set(error, FAULT_REFUSED, "第 %u 行：{{#%s}} 嵌套超过 %d 层", section->line,
                         section->name, NESTED_DEEP);
    if (!count_step(r, error))
        return FALSE;
    r->nested++;
    if (context)
        g_ptr_array_add(r->stack, (gpointer)context);
    gboolean ok = render_range(r, parsed, index + 1, section->end, error);
    if (context)
        g_ptr_array_set_size(r->stack, (int)r->stack->len - 1);
    r->nested--;
    return ok;
}

static gboolean render_section(struct rendering *r, const struct parsed *parsed, guint index,
                               GError **error)
{
    const struct token *section = &g_array_index(parsed->tokens, struct token, index);
    const json_t *value = resolve(r, section->name);
    if (section->kind == TOKEN_INVERTED)
        return !is_falsey(value) || render_with(r, parsed, index, NULL, error);
    if (is_falsey(value))
        return TRUE;
    if (!json_is_array(value))
        return render_with(r, parsed, index, value, error);
    for (gsize i = 0; i < json_array_size(value); i++)
        if (!render_with(r, parsed, index, json_array_get(value, i), error))
            return FALSE;
    return TRUE;
}

/* ---- partials */
/* NULL if that would be larger than what may be rendered: a partial that calls itself is indented
 * more each time. */
static char *indented(const char *text, const char *indent)
{
    GString *out = g_string_new(NULL);
    while (*text && out->len <= OUTPUT_BYTES) {
        const char *end = strchr(text, '\n');
        gsize n = end ? (gsize)(end - text) + 1 : strlen(text);
        g_string_append(out, indent);
        g_string_append_len(out, text, (gssize)n);
        text += n;
    }
    return g_string_free(out, out->len > OUTPUT_BYTES);
}

/* *found is the parsed partial, which the rendering keeps; NULL if there is none. */
static gboolean find_partial(struct rendering *r, const struct token *token,
                             const struct parsed **found, GError **error)
{
    g_autofree char *key = g_strconcat(token->indent, token->name, NULL);
    gpointer known = NULL;
    if (g_hash_table_lookup_extended(r->partials, key, NULL, &known)) {
        *found = known;
        return TRUE;
    }
    g_autofree char *text = r->partial ? r->partial(r->context, token->name) : NULL;
    *found = NULL;
    if (text) {
        g_autofree char *lines = indented(text, token->indent);
        if (!lines)
            return fault_set(error, FAULT_REFUSED, "第 %u 行：{{> %s}} 展开的文字太长", token->line,
                             token->name);
        *found = template_parse(lines, error);
        if (!*found)
            return g_prefix_error(error, "{{> %s}}：", token->name), FALSE;
    }
    g_hash_table_insert(r->partials, g_steal_pointer(&key), (gpointer)*found);
    return TRUE;
}

static gboolean render_partial(struct rendering *r, const struct token *token, GError **error)
{
    gboolean partials_full = r->partials_deep >= PARTIALS_DEEP;
    if (partials_full || r->nested >= NESTED_DEEP)
        return fault_set(error, FAULT_REFUSED,
                         "第 %u 行：{{> %s}} 嵌套超过 %d 层，是否自己引用了自己？", token->line,
                         token->name, partials_full ? PARTIALS_DEEP : NESTED_DEEP);
    const struct parsed *parsed;
    if (!find_partial(r, token, &parsed, error))
        return FALSE;
    if (!parsed)
        return TRUE;
    r->partials_deep++;
    r->nested++;
    gboolean ok = render_range(r, parsed, 0, parsed->tokens->len, error);
    r->partials_deep--;
    r->nested--;
    return ok;
}

/* ---- tokens */
static gboolean render_token(struct rendering *r, const struct parsed *parsed, guint index,
                             GError **error)
{
    const struct token *token = &g_array_index(parsed->tokens, struct token, index);
    switch (token->kind) {
    case TOKEN_TEXT:
        g_string_append_len(r->out, token->text, (gssize)token->n);
        return TRUE;
    case TOKEN_VALUE:
        append_value(r, r->escape, resolve(r, token->name));
        return TRUE;
    case TOKEN_RAW:
        append_value(r, ESCAPE_NONE, resolve(r, token->name));
        return TRUE;
    case TOKEN_SECTION:
    case TOKEN_INVERTED:
        return render_section(r, parsed, index, error);
    case TOKEN_PARTIAL:
        return render_partial(r, token, error);
    case TOKEN_CLOSE:
        return TRUE;
    }
    g_assert_not_reached();
}

static gboolean render_range(struct rendering *r, const struct parsed *parsed, guint from, guint to,
                             GError **error)
{
    for (guint i = from; i < to; i++) {
        const struct token *token = &g_array_index(parsed->tokens, struct token, i);
        if (!count_step(r, error) || !render_token(r, parsed, i, error))
            return FALSE;
        if (r->out->len > OUTPUT_BYTES)
            return fault_set(error, FAULT_REFUSED, "展开的文字超过 %d MiB",
                             OUTPUT_BYTES / 1024 / 1024);
        if (token->kind == TOKEN_SECTION || token->kind == TOKEN_INVERTED)
            i = token->end;
    }
    return TRUE;
}

char *template_render(const char *text, enum escape escape, const json_t *data, partial_cb *partial,
                      void *context, GError **error)
{
    struct parsed *parsed = template_parse(text, error);
    if (!parsed)
        return NULL;
    struct rendering r = {
        .out = g_string_new(NULL),
        .escape = escape,
        .partial = partial,
        .context = context,
        .stack = g_ptr_array_new(),
        .partials =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)parsed_free),
    };
    g_ptr_array_add(r.stack, (gpointer)data);
    gboolean ok = render_range(&r, parsed, 0, parsed->tokens->len, error);
    g_ptr_array_unref(r.stack);
    g_hash_table_unref(r.partials);
    parsed_free(parsed);
    return g_string_free(r.out, !ok);
}
