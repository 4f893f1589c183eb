/* What the files of the WeCom robot share among themselves. */
#ifndef CHANNELS_ROBOT_H
#define CHANNELS_ROBOT_H

#include "channels/transport.h"

#define WECOM_LATER 60 /* seconds */
#define WECOM_MUCH_LATER 3600

struct wecom {
    struct sender sender;
    char *url; /* NULL: it is no usable URL, and fault says why */
    char *fault;
    char *key; /* NULL: the URL has none */
    char *ca_file;
    int timeout;
};

/* ---- wecom.c */
struct wecom_request {
    char *url;
    const char *body;                              /* JSON; NULL: a form */
    curl_mime *(*form)(CURL *curl, void *context); /* its fields */
    void *context;
    long extra; /* seconds above the usual time */
    const gint *stop;
};
/* Posts; the answer's bytes, and what it means. */
void wecom_call(struct wecom *wecom, const struct wecom_request *request, GString *answer,
                struct delivery *out);

/* ---- wecom_message.c: the bodies of a push; NULL: not UTF-8. Free with free(). */
char *wecom_text_json(const struct parcel *parcel); /* markdown or text */
char *wecom_file_json(const char *media_id);
/* Why the parcel cannot be pushed, or NULL; the caller frees. */
char *wecom_parcel_fault(const struct parcel *parcel);

/* ---- wecom_upload.c: the media_id of the uploaded file, which the caller frees; NULL: out says
 * what came of it, never UNCERTAIN, since nobody saw anything. */
char *wecom_upload(struct wecom *wecom, const struct parcel *parcel, struct delivery *out);

/* ---- wecom_answer.c */
void wecom_judge_answer(const GString *answer, struct delivery *out);
void wecom_judge_status(long status, const GString *answer, struct delivery *out);
void wecom_judge_breakdown(CURL *curl, CURLcode result, const char *words, struct delivery *out);

#endif
