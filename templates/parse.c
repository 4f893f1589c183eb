/* From the text of a template to its list of tokens: tags, delimiters, and which tags have their
 * line to themselves, so that the line vanishes with them. */
#include "base/base.h"
#include "templates/private.h"
#include <string.h>

struct parser {
    const char *text;
    const char *at; /* all before it is in tokens */
    char *open, *close;
    GArray *tokens;
    GArray *sections; /* guint: indices of the sections not yet closed */
    const char *counted;
    guint line; /* the line that counted is on */
};

struct tag {
    char sigil; /* one of "#^/>!=&{", or '\0' for a plain name */
    char *content;
    const char *start, *after;
    guint line;
};

static void token_clear(struct token *token)
{
    g_free(token->name);
    g_free(token->indent);
}

void parsed_free(struct parsed *parsed)
{
    if (!parsed)
        return;
    g_array_unref(parsed->tokens);
    g_free(parsed->source);
    g_free(parsed);
}

/* Tags come in order, so lines are counted from the last one on. */
static guint line_of(struct parser *parser, const char *at)
{
    for (; parser->counted < at; parser->counted++)
        if (*parser->counted == '\n')
            parser->line++;
    return parser->line;
}

static void add_text(struct parser *parser, const char *end)
{
    if (end <= parser->at)
        return;
    struct token token = { .kind = TOKEN_TEXT, .text = parser->at, .n = (gsize)(end - parser->at) };
    g_array_append_val(parser->tokens, token);
}

static void add_token(struct parser *parser, enum token_kind kind, const struct tag *tag)
{
    struct token token = { .kind = kind, .name = g_strdup(tag->content), .line = tag->line };
    g_array_append_val(parser->tokens, token);
}

/* The start of the tag's line if only blanks stand between, else NULL. */
static const char *blank_before(const struct parser *parser, const char *tag)
{
    while (tag > parser->text && (tag[-1] == ' ' || tag[-1] == '\t'))
        tag--;
    return tag == parser->text || tag[-1] == '\n' ? tag : NULL;
}

/* The start of the next line if only blanks stand between, else NULL. */
static const char *blank_after(const char *at)
{
    at += strspn(at, " \t");
    if (*at == '\0')
        return at;
    if (at[0] == '\r' && at[1] == '\n')
        at++;
    return *at == '\n' ? at + 1 : NULL;
}

static gboolean set_delimiters(struct parser *parser, const struct tag *tag, GError **error)
{
    gsize open = strcspn(tag->content, " \t\r\n");
    const char *close = tag->content + open + strspn(tag->content + open, " \t\r\n");
    if (open == 0 || !*close || strpbrk(close, " \t\r\n") || strchr(tag->content, '='))
        return fault_set(
            error, FAULT_REFUSED,
            "第 %u 行：设置定界符要写成 {{=<%% %%>=}}，两个定界符之间空一格，不能含“=”", tag->line);
    g_free(parser->open);
    g_free(parser->close);
    parser->open = g_strndup(tag->content, open);
    parser->close = g_strdup(close);
    return TRUE;
}

static gboolean close_section(struct parser *parser, const struct tag *tag, GError **error)
{
    if (parser->sections->len == 0)
        return fault_set(error, FAULT_REFUSED, "第 %u 行：{{/%s}} 没有对应的 {{#%s}}", tag->line,
                         tag->content, tag->content);
    guint index = g_array_index(parser->sections, guint, parser->sections->len - 1);
    struct token *section = &g_array_index(parser->tokens, struct token, index);
    if (strcmp(section->name, tag->content) != 0)
        return fault_set(error, FAULT_REFUSED,
                         "第 %u 行：这里应先用 {{/%s}} 结束第 %u 行开始的部分，却写了 {{/%s}}",
                         tag->line, section->name, section->line, tag->content);
    section->end = parser->tokens->len;
    g_array_set_size(parser->sections, parser->sections->len - 1);
    add_token(parser, TOKEN_CLOSE, tag);
    return TRUE;
}

static void open_section(struct parser *parser, const struct tag *tag)
{
    g_array_append_val(parser->sections, parser->tokens->len);
    add_token(parser, tag->sigil == '#' ? TOKEN_SECTION : TOKEN_INVERTED, tag);
}

/* line is where a standalone tag's line starts, NULL if the tag shares its line. */
static void add_partial(struct parser *parser, const struct tag *tag, const char *line)
{
    add_token(parser, TOKEN_PARTIAL, tag);
    struct token *token = &g_array_index(parser->tokens, struct token, parser->tokens->len - 1);
    token->indent = line ? g_strndup(line, (gsize)(tag->start - line)) : g_strdup("");
}

static gboolean check_name(const struct tag *tag, GError **error)
{
    if (*tag->content == '\0')
        return fault_set(error, FAULT_REFUSED, "第 %u 行：标签里没有名称", tag->line);
    if (strpbrk(tag->content, " \t\r\n"))
        return fault_set(error, FAULT_REFUSED, "第 %u 行：名称“%s”中不能有空白", tag->line,
                         tag->content);
    return TRUE;
}

static gboolean apply_tag(struct parser *parser, const struct tag *tag, const char *line,
                          GError **error)
{
    if (tag->sigil == '!')
        return TRUE;
    if (tag->sigil == '=')
        return set_delimiters(parser, tag, error);
    if (!check_name(tag, error))
        return FALSE;
    switch (tag->sigil) {
    case '/':
        return close_section(parser, tag, error);
    case '#':
    case '^':
        open_section(parser, tag);
        break;
    case '>':
        add_partial(parser, tag, line);
        break;
    default:
        add_token(parser, tag->sigil ? TOKEN_RAW : TOKEN_VALUE, tag);
    }
    return TRUE;
}

/* As strstr, which under ASan measures the whole rest of the text at each call. */
static const char *find(const char *at, const char *needle)
{
    while ((at = strchr(at, *needle)) && !g_str_has_prefix(at, needle))
        at++;
    return at;
}

/* Finds the sigil, the content and the end of the tag that starts at start. */
static gboolean read_tag(struct parser *parser, const char *start, struct tag *tag, GError **error)
{
    tag->start = start;
    tag->line = line_of(parser, start);
    const char *content = start + strlen(parser->open);
    const char *sigil = content + strspn(content, " \t\r\n");
    if (*sigil && strchr("#^/>!=&{", *sigil)) {
        tag->sigil = *sigil;
        content = sigil + 1;
    }
    const char *extra = tag->sigil == '{' ? "}" : tag->sigil == '=' ? "=" : "";
    g_autofree char *closing = g_strconcat(extra, parser->close, NULL);
    const char *end = find(content, closing);
    if (!end)
        return fault_set(error, FAULT_REFUSED, "第 %u 行：%s 开始的标签没有用 %s 结束", tag->line,
                         parser->open, closing);
    tag->content = g_strstrip(g_strndup(content, (gsize)(end - content)));
    tag->after = end + strlen(closing);
    return TRUE;
}

static gboolean take_tag(struct parser *parser, const char *start, GError **error)
{
    struct tag tag = { 0 };
    if (!read_tag(parser, start, &tag, error))
        return FALSE;
    const char *line = NULL, *next = NULL;
    if (tag.sigil && strchr("#^/>!=", tag.sigil)) {
        line = blank_before(parser, start);
        next = blank_after(tag.after);
    }
    gboolean standalone = line && next;
    add_text(parser, standalone ? line : start);
    parser->at = standalone ? next : tag.after;
    gboolean ok = apply_tag(parser, &tag, standalone ? line : NULL, error);
    g_free(tag.content);
    return ok;
}

static gboolean parse_all(struct parser *parser, GError **error)
{
    const char *tag;
    while ((tag = find(parser->at, parser->open)))
        if (!take_tag(parser, tag, error))
            return FALSE;
    add_text(parser, parser->at + strlen(parser->at));
    if (parser->sections->len == 0)
        return TRUE;
    guint index = g_array_index(parser->sections, guint, parser->sections->len - 1);
    const struct token *section = &g_array_index(parser->tokens, struct token, index);
    return fault_set(error, FAULT_REFUSED, "第 %u 行：{{%c%s}} 没有用 {{/%s}} 结束", section->line,
                     section->kind == TOKEN_SECTION ? '#' : '^', section->name, section->name);
}

struct parsed *template_parse(const char *text, GError **error)
{
    struct parsed *parsed = g_new0(struct parsed, 1);
    parsed->source = g_strdup(text);
    parsed->tokens = g_array_new(FALSE, FALSE, sizeof(struct token));
    g_array_set_clear_func(parsed->tokens, (GDestroyNotify)token_clear);
    struct parser parser = {
        .text = parsed->source,
        .at = parsed->source,
        .open = g_strdup("{{"),
        .close = g_strdup("}}"),
        .tokens = parsed->tokens,
        .sections = g_array_new(FALSE, FALSE, sizeof(guint)),
        .counted = parsed->source,
        .line = 1,
    };
    gboolean ok = parse_all(&parser, error);
    g_free(parser.open);
    g_free(parser.close);
    g_array_unref(parser.sections);
    if (ok)
        return parsed;
    parsed_free(parsed);
    return NULL;
}
