/* Template files: the office's own, else the ones compiled in. */
#include "base/base.h"
#include "templates/private.h"
#include <gio/gio.h>
#include <string.h>

#define BUILT_IN "/lianluo/zh/"

/* Made by glib-compile-resources; naming it here is what links the texts in. */
GResource *templates_zh_get_resource(void);

struct library {
    const char *override_dir; /* may be NULL */
    const char *suffix;
    GError *error; /* why a partial that exists could not be read */
};

static gboolean is_plain_name(const char *name)
{
    return *name && *name != '.' && !strpbrk(name, "/\\");
}

/* What the office's editor wrote: a byte order mark and CR LF are fine, another charset is not. */
static char *clean_text(const char *path, const char *bytes, gsize n, GError **error)
{
    if (!g_utf8_validate(bytes, (gssize)n, NULL)) {
        fault_set(error, FAULT_REFUSED, "%s 不是 UTF-8 文本，请另存为 UTF-8 编码", path);
        return NULL;
    }
    gsize mark = g_str_has_prefix(bytes, "\xEF\xBB\xBF") ? 3 : 0;
    return text_clean(bytes + mark, (gssize)(n - mark));
}

static char *read_override(const char *dir, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) cause = NULL;
    gsize n;
    if (g_file_get_contents(path, &bytes, &n, &cause))
        return clean_text(path, bytes, n, error);
    if (!g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        fault_set(error, FAULT_REFUSED, "不能读取模板 %s：%s", path, cause->message);
    return NULL;
}

static char *read_built_in(const char *name)
{
    g_autofree char *path = g_strconcat(BUILT_IN, name, NULL);
    g_autoptr(GBytes) bytes = g_resource_lookup_data(templates_zh_get_resource(), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (!bytes)
        return NULL;
    gsize n;
    const char *text = g_bytes_get_data(bytes, &n);
    return g_strndup(text, n);
}

/* NULL without an error: there is none of that name. The caller frees. */
static char *read_template(const char *override_dir, const char *name, GError **error)
{
    g_autoptr(GError) cause = NULL;
    char *text = override_dir ? read_override(override_dir, name, &cause) : NULL;
    if (cause)
        g_propagate_error(error, g_steal_pointer(&cause));
    else if (!text)
        text = read_built_in(name);
    return text;
}

static char *read_partial(void *context, const char *name)
{
    struct library *library = context;
    if (!is_plain_name(name) || library->error)
        return NULL;
    g_autofree char *file = g_strconcat(name, library->suffix, NULL);
    return read_template(library->override_dir, file, &library->error);
}

/* ".txt.mustache" of "notice.txt.mustache": all that decides how it is escaped. */
static const char *suffix_of(const char *name)
{
    static const char *const suffixes[] = { ".txt.mustache", ".wecom.mustache", ".html.mustache",
                                            ".mustache" };
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
        if (g_str_has_suffix(name, suffixes[i]))
            return suffixes[i];
    return "";
}

char *template_file(const char *override_dir, const char *name, const json_t *data, GError **error)
{
    if (!is_plain_name(name)) {
        fault_set(error, FAULT_REFUSED, "“%s”不是模板的文件名", name);
        return NULL;
    }
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = read_template(override_dir, name, &cause);
    if (!text) {
        if (cause)
            g_propagate_error(error, g_steal_pointer(&cause));
        else
            fault_set(error, FAULT_REFUSED, "没有模板 %s", name);
        return NULL;
    }
    struct library library = { .override_dir = override_dir, .suffix = suffix_of(name) };
    g_autofree char *rendered =
        template_render(text, escape_for(name), data, read_partial, &library, &cause);
    if (library.error) {
        g_clear_error(&cause);
        cause = library.error;
    }
    if (!cause)
        return g_steal_pointer(&rendered);
    g_propagate_prefixed_error(error, g_steal_pointer(&cause), "模板 %s：", name);
    return NULL;
}
