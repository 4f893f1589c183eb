/* wecom_message: the JSON of a push, and what WeCom would not take. */
#include "channels/robot.h"
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#define LONGEST_MARKDOWN 4096 /* bytes */
#define LONGEST_TEXT 2048
#define SHORTEST_FILE 6
#define LONGEST_FILE (20 * 1024 * 1024)

static char *dump(json_t *json)
{
    char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return text;
}

/* FALSE: one of them is not UTF-8. */
static gboolean add_names(json_t *object, const char *key, const char *const *names)
{
    if (names == NULL || *names == NULL)
        return TRUE;
    json_t *array = json_array();
    gboolean ok = TRUE;
    for (; *names != NULL && ok; names++)
        ok = json_array_append_new(array, json_string(*names)) == 0;
    return json_object_set_new(object, key, array) == 0 && ok;
}

static json_t *mentioning_text(const struct parcel *parcel)
{
    json_t *text = json_pack("{s:s}", "content", parcel->text);
    if (text != NULL && add_names(text, "mentioned_list", parcel->mentioned) &&
        add_names(text, "mentioned_mobile_list", parcel->mentioned_mobiles))
        return text;
    json_decref(text);
    return NULL;
}

char *wecom_text_json(const struct parcel *parcel)
{
    if (parcel->markdown != NULL)
        return dump(json_pack("{s:s,s:{s:s}}", "msgtype", "markdown", "markdown", "content",
                              parcel->markdown));
    json_t *text = mentioning_text(parcel);
    return text != NULL ? dump(json_pack("{s:s,s:o}", "msgtype", "text", "text", text)) : NULL;
}

char *wecom_file_json(const char *media_id)
{
    return dump(json_pack("{s:s,s:{s:s}}", "msgtype", "file", "file", "media_id", media_id));
}

static char *text_fault(const char *text, gsize longest)
{
    if (text != NULL && *text != '\0' && strlen(text) <= longest)
        return NULL;
    return g_strdup_printf("要推送的内容为空或超过 %" G_GSIZE_FORMAT " 字节", longest);
}

static char *file_fault(int fd)
{
    struct stat file;
    if (fd < 0 || fstat(fd, &file) < 0 || !S_ISREG(file.st_mode))
        return g_strdup("要推送的文件打不开");
    if (file.st_size < SHORTEST_FILE)
        return g_strdup("要推送的文件太小：企业微信不收 5 字节以下的文件");
    if (file.st_size > LONGEST_FILE)
        return g_strdup("要推送的文件超过 20 MB，企业微信不收");
    return NULL;
}

char *wecom_parcel_fault(const struct parcel *parcel)
{
    int kinds = (parcel->markdown != NULL) + (parcel->text != NULL) + (parcel->file_name != NULL);
    gboolean mentions = parcel->mentioned != NULL || parcel->mentioned_mobiles != NULL;
    if (kinds > 1)
        return g_strdup("一次只能推送一种内容：markdown、文本或文件");
    if (mentions && parcel->text == NULL)
        return g_strdup("只有文本能提醒人（@）：企业微信在别的内容里会悄悄丢掉");
    if (parcel->file_name != NULL)
        return file_fault(parcel->fd);
    if (parcel->text != NULL)
        return text_fault(parcel->text, LONGEST_TEXT);
    return text_fault(parcel->markdown, LONGEST_MARKDOWN);
}
