/* imap_fetch: what lies in the open folder: its list, its messages, one message in pieces. Each
 * answer is taken from libetpan as it arrives (its result lists would hold them all). */
#include "channels/private.h"
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_BYTES 160         /* of one listed message, about */
#define MOST_LISTED 10000000u  /* a folder that claims more is not believed */
#define RANGES 300             /* in one command: servers need not take lines over 8,000 bytes */
#define UNKNOWN_SIZE (1 << 20) /* allowed for a message whose size the server does not say */

/* What one FETCH answer says; bytes point into it. */
struct answer {
    struct imap_item item;
    const char *bytes; /* NULL: no body */
    gsize n;
};

/* 0 for a date that is none. */
static gint64 instant_of(const struct mailimap_date_time *date)
{
    if (date == NULL || date->dt_year < 1970 || date->dt_year > 9999 ||
        !g_date_valid_dmy(date->dt_day, date->dt_month, date->dt_year))
        return 0;
    struct tm tm = { .tm_year = date->dt_year - 1900,
                     .tm_mon = date->dt_month - 1,
                     .tm_mday = date->dt_day,
                     .tm_hour = date->dt_hour,
                     .tm_min = date->dt_min,
                     .tm_sec = date->dt_sec };
    int zone = date->dt_zone; /* ±HHMM */
    return MAX(timegm(&tm) - (zone / 100 * 3600 + zone % 100 * 60), 0);
}

static void answer_take(struct answer *answer, const struct mailimap_msg_att_static *part)
{
    switch (part->att_type) {
    case MAILIMAP_MSG_ATT_UID:
        answer->item.uid = part->att_data.att_uid;
        break;
    case MAILIMAP_MSG_ATT_RFC822_SIZE:
        answer->item.size = part->att_data.att_rfc822_size;
        break;
    case MAILIMAP_MSG_ATT_INTERNALDATE:
        answer->item.internaldate = instant_of(part->att_data.att_internal_date);
        break;
    case MAILIMAP_MSG_ATT_BODY_SECTION:
        if (part->att_data.att_body_section != NULL) {
            answer->bytes = part->att_data.att_body_section->sec_body_part;
            answer->n = part->att_data.att_body_section->sec_length;
        }
        break;
    }
}

static struct answer answer_read(const struct mailimap_msg_att *att)
{
    struct answer answer = { 0 };
    for (clistiter *i = clist_begin(att->att_list); i != NULL; i = clist_next(i)) {
        const struct mailimap_msg_att_item *item = clist_content(i);
        if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC && item->att_data.att_static != NULL)
            answer_take(&answer, item->att_data.att_static);
    }
    return answer;
}

/* One UID FETCH; frees set and type. A handler takes the answers, so that libetpan's list stays
 * empty and a NO counts as one. After an error the list dangles and must not be touched. */
static gboolean run_fetch(struct imap *imap, struct mailimap_set *set,
                          struct mailimap_fetch_type *type, mailimap_msg_att_handler *handler,
                          void *context, GError **error)
{
    clist *left = NULL;
    mailimap_set_msg_att_handler(imap->session, handler, context);
    int r = mailimap_uid_fetch(imap->session, set, type, &left);
    mailimap_set_msg_att_handler(imap->session, NULL, NULL);
    mailimap_set_free(set);
    mailimap_fetch_type_free(type);
    if (r == MAILIMAP_NO_ERROR && left != NULL)
        mailimap_fetch_list_free(left);
    if (r == MAILIMAP_NO_ERROR ||
        (r == MAILIMAP_ERROR_UID_FETCH && imap_response_is(imap, "EXPUNGEISSUED")))
        return TRUE;
    return imap_fail(imap, "取信", r, error);
}

/* ---- the list */

struct listing {
    GArray *items;
    guint32 above;
};

static void listing_add(struct mailimap_msg_att *att, void *context)
{
    struct listing *listing = context;
    struct answer answer = answer_read(att);
    if (answer.item.uid > listing->above)
        g_array_append_val(listing->items, answer.item);
}

static int by_uid(const void *a, const void *b)
{
    const struct imap_item *x = a, *y = b;
    return x->uid < y->uid ? -1 : x->uid > y->uid;
}

/* Servers repeat a message, and speak unasked of its flags alone: one item each, with all that was
 * said of it. */
static void items_settle(GArray *items)
{
    guint kept = 0;
    if (items->len > 1)
        qsort(items->data, items->len, sizeof(struct imap_item), by_uid);
    for (guint i = 0; i < items->len; i++) {
        struct imap_item item = g_array_index(items, struct imap_item, i);
        struct imap_item *last =
            kept > 0 ? &g_array_index(items, struct imap_item, kept - 1) : NULL;
        if (last == NULL || last->uid != item.uid) {
            g_array_index(items, struct imap_item, kept++) = item;
            continue;
        }
        last->size = MAX(last->size, item.size);
        if (last->internaldate == 0)
            last->internaldate = item.internaldate;
    }
    g_array_set_size(items, kept);
}

static struct mailimap_fetch_type *type_of_listing(void)
{
    struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_rfc822_size());
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_internaldate());
    return type;
}

static struct mailimap_fetch_type *type_of_body(void)
{
    struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
    mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(
        type, mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL)));
    return type;
}

GArray *imap_list(struct imap *imap, guint32 above, GError **error)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct imap_item));
    const struct mailimap_selection_info *info = imap->session->imap_selection_info;
    if (info == NULL || imap->session->imap_state != MAILIMAP_STATE_SELECTED) {
        imap_fail(imap, "列目录", MAILIMAP_ERROR_BAD_STATE, error);
        g_array_unref(items);
        return NULL;
    }
    imap->known = info->sel_exists;
    if (info->sel_exists == 0 || above == G_MAXUINT32)
        return items;
    struct listing listing = { items, above };
    stream_begin(imap->stream, (guint64)MIN(info->sel_exists, MOST_LISTED) * LINE_BYTES);
    if (!run_fetch(imap, mailimap_set_new_interval(above + 1, 0), type_of_listing(), listing_add,
                   &listing, error)) {
        g_array_unref(items);
        return NULL;
    }
    items_settle(items);
    return items;
}

/* ---- whole messages */

struct fetching {
    struct imap *imap;
    GArray *wanted;   /* sorted copy */
    GByteArray *seen; /* one byte each: servers send duplicates */
    imap_message_cb *message;
    void *context;
    GError *stopped;
    gboolean stop;
};

static void fetching_take(struct mailimap_msg_att *att, void *context)
{
    struct fetching *fetching = context;
    struct answer answer = answer_read(att);
    if (fetching->stop || answer.bytes == NULL)
        return;
    const struct imap_item *items = (const struct imap_item *)(void *)fetching->wanted->data;
    const struct imap_item *item =
        bsearch(&answer.item, items, fetching->wanted->len, sizeof(struct imap_item), by_uid);
    if (item == NULL || fetching->seen->data[item - items] != 0)
        return;
    if (answer.n == 0 && item->size > 0) /* how some servers say that it is gone */
        return;
    fetching->seen->data[item - items] = 1;
    if (!fetching->message(fetching->context, item, answer.bytes, answer.n, &fetching->stopped)) {
        fetching->stop = TRUE;
        stream_kill(fetching->imap->stream); /* or the rest would still come down the line */
    }
}

/* The UIDs from *next on, in at most RANGES ranges; *next moves behind them. */
static struct mailimap_set *set_of(GArray *items, guint *next, guint64 *bytes)
{
    struct mailimap_set *set = mailimap_set_new_empty();
    for (guint ranges = 0; *next < items->len && ranges < RANGES; ranges++) {
        guint32 first = g_array_index(items, struct imap_item, *next).uid, last = first;
        for (; *next < items->len; (*next)++) {
            const struct imap_item *item = &g_array_index(items, struct imap_item, *next);
            if (item->uid > first && item->uid != last + 1)
                break;
            last = item->uid;
            *bytes += (item->size > 0 ? item->size : UNKNOWN_SIZE) + LINE_BYTES;
        }
        mailimap_set_add_interval(set, first, last);
    }
    return set;
}

static gboolean fetching_run(struct fetching *fetching, GError **error)
{
    guint next = 0;
    while (next < fetching->wanted->len) {
        guint64 bytes = 0;
        struct mailimap_set *set = set_of(fetching->wanted, &next, &bytes);
        stream_begin(fetching->imap->stream, bytes);
        if (!run_fetch(fetching->imap, set, type_of_body(), fetching_take, fetching, error))
            return FALSE;
    }
    return TRUE;
}

gboolean imap_fetch(struct imap *imap, const struct imap_item *items, guint n,
                    imap_message_cb *message, void *context, GError **error)
{
    if (n == 0)
        return TRUE;
    struct fetching fetching = { .imap = imap, .message = message, .context = context };
    fetching.wanted = g_array_new(FALSE, FALSE, sizeof(struct imap_item));
    g_array_append_vals(fetching.wanted, items, n);
    items_settle(fetching.wanted);
    fetching.seen = g_byte_array_new();
    g_byte_array_set_size(fetching.seen, fetching.wanted->len);
    memset(fetching.seen->data, 0, fetching.seen->len);
    GError *broken = NULL;
    gboolean ok = fetching_run(&fetching, &broken) && !fetching.stop;
    if (fetching.stop) { /* the callback's own error is the cause */
        g_clear_error(&broken);
        broken = fetching.stopped;
    }
    if (broken != NULL)
        g_propagate_error(error, broken);
    g_array_unref(fetching.wanted);
    g_byte_array_unref(fetching.seen);
    return ok;
}

/* ---- one message in pieces */

struct pouring {
    int fd;
    gint64 written;
    gboolean seen;
    int errnum;
};

static bool pouring_piece(int type, struct mailimap_msg_att_body_section *section,
                          const char *bytes, size_t n, void *context)
{
    struct pouring *pouring = context;
    if (pouring->errnum == 0 && !write_all(pouring->fd, bytes, n))
        pouring->errnum = errno != 0 ? errno : EIO;
    pouring->written += n;
    return pouring->errnum == 0;
}

static void pouring_end(struct mailimap_msg_att *att, void *context)
{
    struct pouring *pouring = context;
    if (answer_read(att).item.uid != 0)
        pouring->seen = TRUE;
}

/* TRUE with *size 0: it is gone. */
static gboolean size_of(struct imap *imap, guint32 uid, guint32 *size, gboolean *there,
                        GError **error)
{
    struct listing listing = { g_array_new(FALSE, FALSE, sizeof(struct imap_item)), uid - 1 };
    stream_begin(imap->stream, 0);
    gboolean ok = run_fetch(imap, mailimap_set_new_single(uid), type_of_listing(), listing_add,
                            &listing, error);
    for (guint i = 0; ok && i < listing.items->len; i++) {
        const struct imap_item *item = &g_array_index(listing.items, struct imap_item, i);
        if (item->uid != uid)
            continue;
        *there = TRUE;
        *size = MAX(*size, item->size);
    }
    g_array_unref(listing.items);
    return ok;
}

gboolean imap_fetch_to(struct imap *imap, guint32 uid, int fd, gint64 *size, GError **error)
{
    guint32 expected = 0;
    gboolean there = FALSE;
    *size = 0;
    if (!size_of(imap, uid, &expected, &there, error))
        return FALSE;
    if (!there)
        return TRUE;
    struct pouring pouring = { .fd = fd };
    stream_begin(imap->stream, expected > 0 ? expected : UNKNOWN_SIZE);
    mailimap_set_msg_body_handler(imap->session, pouring_piece, &pouring);
    gboolean ok =
        run_fetch(imap, mailimap_set_new_single(uid), type_of_body(), pouring_end, &pouring, error);
    mailimap_set_msg_body_handler(imap->session, NULL, NULL);
    if (pouring.errnum != 0) {
        g_clear_error(error);
        g_set_error(error, IMAP_FAULT, IMAP_UNWRITTEN, "信写不进文件：%s",
                    g_strerror(pouring.errnum));
        return FALSE;
    }
    if (ok && pouring.written > 0 && !pouring.seen)
        return imap_fail(imap, "取信", MAILIMAP_ERROR_PARSE, error);
    *size = ok ? pouring.written : 0;
    return ok;
}
