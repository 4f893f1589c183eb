/* bot: the configuration. One table (bot/settings.c) drives loader, `check` and config.example. */
#ifndef BOT_CONFIG_H
#define BOT_CONFIG_H

#include "channels/channels.h"
#include "handlers/handlers.h"

struct config {
    char *dir;
    struct policy policy;
    struct account imap, smtp;           /* passwords resolved only by config_secrets */
    char *imap_password, *smtp_password; /* as the file has them: literal, file:, command:, env: */
    char *timezone, *wecom_url, *wecom_ca_file, *since;
    char *wecom_secret; /* wecom_url resolved */
    int per_minute, per_day, poll;
};

enum setting_type {
    SET_TEXT,
    SET_ADDRESS,
    SET_NUMBER,
    SET_SECURITY,
    SET_SECRET,
    SET_FILE, /* a path, relative to the office's directory */
    SET_LIST,
    SET_HOURS,
    SET_STEPS,
    SET_ZONE,
    SET_TIME,   /* HH:MM, kept in minutes */
    SET_MOMENT, /* local date and time, or empty */
    SET_CHOICE, /* one of two or three words, kept as its place: TRUE for the second of two */
};
struct setting {
    const char *group, *key;
    enum setting_type type;
    size_t offset;        /* in struct config */
    const char *standard; /* the default; NULL: must be given */
    int min, max;         /* SET_NUMBER */
    const char *choices[3];
    const char *help; /* one sentence for people */
};
extern const struct setting settings[]; /* group NULL after the last */

/* Reads DIR/lianluo.conf and checks every value. FAULT_REFUSED names file, line and key, and for an
 * unknown key the nearest. A file with a literal secret that others may read is refused. Free with
 * config_free. */
struct config *config_load(const char *dir, GError **error);
/* Resolves the passwords and the WeCom URL. */
gboolean config_secrets(struct config *config, GError **error);
void config_free(struct config *config);
/* The text of config.example, from the table; the caller frees. */
char *config_example(void);

#endif
