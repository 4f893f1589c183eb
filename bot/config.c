/* Reads lianluo.conf by the table of settings. */
#include "bot/bot.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct config *config;
    const char *path;
    char *text;
    GKeyFile *file;
};

/* The line on which a group or a key of it stands; GKeyFile does not tell. */
static int line_of(const struct reader *reader, const char *group, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(reader->text, "\n", -1);
    gboolean inside = FALSE;
    for (int i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        if (*line == '[') {
            char *end = strchr(line, ']');
            inside = end != NULL && strlen(group) == (size_t)(end - line - 1) &&
                     strncmp(line + 1, group, (size_t)(end - line - 1)) == 0;
            if (inside && key == NULL)
                return i + 1;
        } else if (inside && key != NULL && g_str_has_prefix(line, key)) {
            const char *rest = line + strlen(key);
            while (*rest == ' ' || *rest == '\t')
                rest++;
            if (*rest == '=')
                return i + 1;
        }
    }
    return 0;
}

static gboolean refuse(const struct reader *reader, const struct setting *s, GError **error,
                       const char *format, ...) G_GNUC_PRINTF(4, 5);
static gboolean refuse(const struct reader *reader, const struct setting *s, GError **error,
                       const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    int line = line_of(reader, s->group, s->key);
    if (line == 0)
        return fault_set(error, FAULT_REFUSED, "%s：[%s] %s %s", reader->path, s->group, s->key,
                         why);
    return fault_set(error, FAULT_REFUSED, "%s 第 %d 行：[%s] %s %s", reader->path, line, s->group,
                     s->key, why);
}

static const struct setting *find_setting(const char *group, const char *key)
{
    for (const struct setting *s = settings; s->group != NULL; s++)
        if (g_str_equal(s->group, group) && (key == NULL || g_str_equal(s->key, key)))
            return s;
    return NULL;
}

static gboolean refuse_unknown(const struct reader *reader, const char *group, const char *key,
                               GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const struct setting *s = settings; s->group != NULL; s++) {
        if (key == NULL)
            g_ptr_array_add(names, (char *)s->group);
        else if (g_str_equal(s->group, group))
            g_ptr_array_add(names, (char *)s->key);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *near =
        text_nearest(key != NULL ? key : group, (const char *const *)names->pdata);
    g_autofree char *hint = near != NULL ? g_strdup_printf("，是不是 %s？", near) : g_strdup("");
    return fault_set(error, FAULT_REFUSED, "%s 第 %d 行：不认识%s %s%s%s%s", reader->path,
                     line_of(reader, group, key), key != NULL ? "设置" : "分组", group,
                     key != NULL ? "." : "", key != NULL ? key : "", hint);
}

static gboolean check_names(const struct reader *reader, GError **error)
{
    g_auto(GStrv) groups = g_key_file_get_groups(reader->file, NULL);
    for (char **group = groups; *group != NULL; group++) {
        if (find_setting(*group, NULL) == NULL)
            return refuse_unknown(reader, *group, NULL, error);
        g_auto(GStrv) keys = g_key_file_get_keys(reader->file, *group, NULL, NULL);
        for (char **key = keys; keys != NULL && *key != NULL; key++)
            if (find_setting(*group, *key) == NULL)
                return refuse_unknown(reader, *group, *key, error);
    }
    return TRUE;
}

static gboolean set_number(const struct reader *reader, const struct setting *s, const char *value,
                           int *slot, GError **error)
{
    gint64 number;
    if (!g_ascii_string_to_signed(value, 10, s->min, s->max, &number, NULL))
        return refuse(reader, s, error, "应是 %d 到 %d 的整数，现在是“%s”", s->min, s->max, value);
    *slot = (int)number;
    return TRUE;
}

static gboolean set_security(const struct reader *reader, const struct setting *s,
                             const char *value, enum security *slot, GError **error)
{
    static const char *const names[] = { "tls", "starttls", "none" };
    for (int i = 0; i < 3; i++)
        if (g_str_equal(names[i], value)) {
            *slot = (enum security)i;
            return TRUE;
        }
    return refuse(reader, s, error, "应是 tls、starttls 或 none，现在是“%s”", value);
}

static gboolean set_list(const struct reader *reader, const struct setting *s, const char *value,
                         char ***slot, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    g_auto(GStrv) parts = g_strsplit(value, ";", -1);
    for (char **part = parts; *part != NULL; part++) {
        g_strstrip(*part);
        if (**part != '\0')
            g_ptr_array_add(list, g_strdup(*part));
    }
    guint n = list->len;
    g_ptr_array_add(list, NULL);
    *slot = (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE);
    gboolean may_be_empty = s->type == SET_STEPS || g_strcmp0(s->standard, "") == 0;
    if (n == 0 && !may_be_empty)
        return refuse(reader, s, error, "不能是空的");
    g_autoptr(GError) cause = NULL;
    if (s->type == SET_HOURS && !hours_check((const char *const *)*slot, &cause))
        return refuse(reader, s, error, "%s", cause->message);
    for (char **step = *slot; s->type == SET_STEPS && *step != NULL; step++)
        if (!g_ascii_string_to_signed(**step == '+' ? *step + 1 : *step, 10, -60, 60, NULL, NULL))
            return refuse(reader, s, error, "应是用分号隔开的整数（-60 到 60），其中有“%s”", *step);
    return TRUE;
}

static gboolean set_choice(const struct reader *reader, const struct setting *s, const char *value,
                           int *slot, GError **error)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (int i = 0; i < (int)G_N_ELEMENTS(s->choices) && s->choices[i] != NULL; i++) {
        if (g_str_equal(value, s->choices[i])) {
            *slot = i;
            return TRUE;
        }
        g_string_append_printf(all, "%s%s", i > 0 ? " 或 " : "", s->choices[i]);
    }
    return refuse(reader, s, error, "应是 %s，现在是“%s”", all->str, value);
}

static gboolean check_text(const struct reader *reader, const struct setting *s, const char *value,
                           GError **error)
{
    gint64 moment;
    if (s->standard == NULL && *value == '\0')
        return refuse(reader, s, error, "没有填写（%s）", s->help);
    if (s->type == SET_ADDRESS && !text_is_address(value))
        return refuse(reader, s, error, "不是邮箱地址：“%s”", value);
    g_autoptr(GTimeZone) zone = s->type == SET_ZONE ? g_time_zone_new_identifier(value) : NULL;
    if (s->type == SET_ZONE && zone == NULL)
        return refuse(reader, s, error, "没有这个时区：“%s”，例如 Asia/Shanghai", value);
    if (s->type == SET_MOMENT && *value != '\0' && !instant_parse_local(value, &moment))
        return refuse(reader, s, error, "应写成 2019-06-10 08:00，现在是“%s”", value);
    return TRUE;
}

static char *absolute(const struct reader *reader, const char *value)
{
    if (*value == '\0' || g_path_is_absolute(value))
        return g_strdup(value);
    return g_build_filename(reader->config->dir, value, NULL);
}

static gboolean set_value(const struct reader *reader, const struct setting *s, const char *value,
                          GError **error)
{
    void *slot = (char *)reader->config + s->offset;
    switch (s->type) {
    case SET_NUMBER:
        return set_number(reader, s, value, slot, error);
    case SET_SECURITY:
        return set_security(reader, s, value, slot, error);
    case SET_LIST:
    case SET_HOURS:
    case SET_STEPS:
        return set_list(reader, s, value, slot, error);
    case SET_CHOICE:
        return set_choice(reader, s, value, slot, error);
    case SET_TIME:
        *(int *)slot = minutes_parse(value);
        return *(int *)slot >= 0 || refuse(reader, s, error, "应写成 08:30，现在是“%s”", value);
    case SET_FILE:
        *(char **)slot = absolute(reader, value);
        return TRUE;
    default:
        *(char **)slot = g_strdup(value);
        return check_text(reader, s, value, error);
    }
}

/* A file that holds a secret itself must be private. */
static gboolean check_private(const struct reader *reader, GError **error)
{
    const struct config *c = reader->config;
    const char *secrets[] = { c->imap_password, c->smtp_password, c->wecom_url };
    for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++)
        if (secrets[i] != NULL && *secrets[i] != '\0' && secret_is_literal(secrets[i]))
            return file_is_private(reader->path, error);
    return TRUE;
}

static gboolean read_settings(const struct reader *reader, GError **error)
{
    if (!check_names(reader, error))
        return FALSE;
    for (const struct setting *s = settings; s->group != NULL; s++) {
        g_autofree char *value = g_key_file_get_value(reader->file, s->group, s->key, NULL);
        const char *text = value != NULL ? g_strstrip(value) : s->standard;
        if (text == NULL)
            return fault_set(error, FAULT_REFUSED, "%s 里缺少 [%s] %s（%s）", reader->path,
                             s->group, s->key, s->help);
        if (*text == '\0' && s->standard != NULL)
            text = s->standard;
        if (!set_value(reader, s, text, error))
            return FALSE;
    }
    reader->config->policy.wecom = *reader->config->wecom_url != '\0';
    return check_private(reader, error);
}

struct config *config_load(const char *dir, GError **error)
{
    g_autofree char *path = g_build_filename(dir, "lianluo.conf", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!g_file_get_contents(path, &text, NULL, &cause)) {
        fault_set(error, FAULT_REFUSED, "读不到配置 %s：%s", path, cause->message);
        return NULL;
    }
    if (!g_key_file_load_from_data(file, text, (gsize)-1, G_KEY_FILE_NONE, &cause)) {
        fault_set(error, FAULT_REFUSED, "配置 %s 的格式不对：%s", path, cause->message);
        return NULL;
    }
    struct config *config = g_new0(struct config, 1);
    config->dir = g_strdup(dir);
    struct reader reader = { .config = config, .path = path, .text = text, .file = file };
    if (read_settings(&reader, error))
        return config;
    config_free(config);
    return NULL;
}

gboolean config_secrets(struct config *config, GError **error)
{
    const struct {
        const char *name, *setting;
        const char **secret;
    } secrets[] = {
        { "[imap] password", config->imap_password, &config->imap.password },
        { "[smtp] password", config->smtp_password, &config->smtp.password },
        { "[wecom] url", config->wecom_url, (const char **)&config->wecom_secret },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++) {
        if (*secrets[i].setting == '\0')
            continue;
        secret_free((char *)*secrets[i].secret);
        *secrets[i].secret = secret_resolve(secrets[i].setting, config->dir, error);
        if (*secrets[i].secret == NULL) {
            g_prefix_error(error, "%s：", secrets[i].name);
            return FALSE;
        }
    }
    return TRUE;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    for (const struct setting *s = settings; s->group != NULL; s++) {
        void *slot = (char *)config + s->offset;
        if (s->type == SET_LIST || s->type == SET_HOURS || s->type == SET_STEPS)
            g_strfreev(*(char ***)slot);
        else if (s->type == SET_SECRET)
            secret_free(*(char **)slot);
        else if (s->type != SET_NUMBER && s->type != SET_SECURITY && s->type != SET_CHOICE &&
                 s->type != SET_TIME)
            g_free(*(char **)slot);
    }
    secret_free((char *)config->imap.password);
    secret_free((char *)config->smtp.password);
    secret_free(config->wecom_secret);
    g_free(config->dir);
    g_free(config);
}
