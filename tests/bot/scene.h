/* An office with a configuration, and a sender that answers by a script instead of a server. */
#ifndef TEST_BOT_SCENE_H
#define TEST_BOT_SCENE_H

#include "bot/bot.h"
#include "office.h"
#include <unistd.h>

static const char scene_config[] =
    "[office]\nname = 柳州市纲要办\naddress = office@office.example\n"
    "[imap]\nhost = 127.0.0.1\nport = 9\nuser = office\npassword = text:a\n"
    "[smtp]\nhost = 127.0.0.1\nport = 9\nuser = office\npassword = text:b\n";

static inline void scene_write(struct fixture *f, const char *config)
{
    g_autofree char *path = g_build_filename(f->dir, "lianluo.conf", NULL);
    ck_assert(
        g_file_set_contents_full(path, config, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

/* Opens the fixture's office with the plain configuration and these further lines. */
static inline struct bot *scene_bot(struct fixture *f, const char *more)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *config = g_strconcat(scene_config, more, NULL);
    scene_write(f, config);
    struct bot *bot = bot_open(f->dir, &error);
    ck_assert_msg(bot != NULL, "%s", error ? error->message : "?");
    return bot;
}

/* ---- a sender with a script: one outcome a parcel, the last for all that follow */
struct script {
    struct sender sender;
    const struct step {
        enum outcome outcome;
        int code;
        const char *reply, *refused; /* refused: a recipient that was not taken */
        int retry_after;
    } * steps;
    guint n_steps, sent;
    gint *stops;                  /* set by the first parcel; NULL: nothing */
    char *last_message, *last_to; /* what it was given, freed by script_clear */
};

static inline void script_keep(struct script *script, const struct parcel *parcel)
{
    g_free(script->last_message);
    g_free(script->last_to);
    script->last_message = g_strdup(parcel->markdown ? parcel->markdown : "");
    script->last_to = parcel->to ? g_strjoinv(" ", (char **)parcel->to) : NULL;
    if (parcel->fd >= 0) {
        off_t size = lseek(parcel->fd, 0, SEEK_END);
        g_free(script->last_message);
        script->last_message = g_malloc0((gsize)size + 1);
        ck_assert_int_eq(pread(parcel->fd, script->last_message, (size_t)size, 0), size);
    }
}

static inline void script_result_free(void *data)
{
    struct recipient_result *result = data;
    g_free(result->address);
    g_free(result->reply);
    g_free(result);
}

static inline void script_send(struct sender *sender, const struct parcel *parcel,
                               struct delivery *out)
{
    struct script *script = (struct script *)sender;
    const struct step *step = &script->steps[MIN(script->sent, script->n_steps - 1)];
    script->sent++;
    script_keep(script, parcel);
    if (script->stops != NULL)
        g_atomic_int_set(script->stops, 1);
    *out = (struct delivery){ .outcome = step->outcome,
                              .code = step->code,
                              .reply = g_strdup(step->reply),
                              .retry_after = step->retry_after,
                              .refused = g_ptr_array_new_with_free_func(script_result_free) };
    if (step->refused != NULL) {
        struct recipient_result *result = g_new0(struct recipient_result, 1);
        result->address = g_strdup(step->refused);
        result->code = 550;
        result->reply = g_strdup("550 5.1.1 no such user");
        g_ptr_array_add(out->refused, result);
    }
}

static inline gboolean script_probe(struct sender *sender, GError **error)
{
    return TRUE;
}

static inline void script_close(struct sender *sender)
{
}

static inline void script_attach(struct script *script, struct sender **slot,
                                 const struct step *steps, guint n)
{
    *script = (struct script){ .sender = { "script", script_send, script_probe, script_close },
                               .steps = steps,
                               .n_steps = n };
    *slot = &script->sender;
}

static inline void script_clear(struct script *script)
{
    g_free(script->last_message);
    g_free(script->last_to);
}

#endif
