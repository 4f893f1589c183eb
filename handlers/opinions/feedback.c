/* 意见采纳情况反馈: each unit is told what became of its opinions. */
#include "handlers/private.h"

#include <string.h>

/* What one unit's letter says; *pending counts what nobody decided on. */
static json_t *decided(struct office *office, gint64 matter, gint64 unit, int *pending)
{
    json_t *list = json_array(), *opinion;
    gint64 standing = opinions_standing(office, matter, unit);
    json_auto_t *opinions = standing != 0 ? opinions_get(office->db, standing) : json_array();
    size_t i;
    json_array_foreach (opinions, i, opinion) {
        struct decision d = decision_get(office->db, matter, unit, row_text(opinion, "key"));
        g_autofree char *text = opinion_request(opinion);
        if (d.disposition == DISPOSITION_PENDING)
            (*pending)++;
        else
            json_array_append_new(
                list, json_pack("{si ss ss ss ss}", "number", (int)json_array_size(list) + 1,
                                "clause", row_text(opinion, "label"), "text", text, "disposition",
                                disposition_chinese(d.disposition), "reason", d.reason));
        g_free(d.reason);
    }
    return list;
}

/* Once for the same words; what has not left yet is replaced by what is decided now. */
static gboolean tell(struct office *office, struct matter *m, gint64 unit, json_t *opinions,
                     int *queued, GError **error)
{
    g_auto(GStrv) to = unit_addresses(office->db, unit, ROLE_LIAISON);
    if (to[0] == NULL)
        return TRUE;
    char *said = json_dumps(opinions, JSON_COMPACT);
    g_autofree char *sha256 = text_sha256(said, strlen(said));
    free(said);
    g_autofree char *code = unit_code(office->db, unit);
    g_autofree char *key =
        g_strdup_printf("feedback/%" G_GINT64_FORMAT "/%s/%.12s", m->id, code, sha256);
    if (outbox_has(office->db, key))
        return TRUE;
    outbox_cancel(office->db, "feedback", m->id, unit, "由新的采纳情况反馈代替");
    gint64 notice = outbox_newest(office->db, "notice", m->id, unit);
    struct outbox *first = notice != 0 ? outbox_get(office->db, notice) : NULL;
    json_auto_t *data =
        json_pack("{so so so sO}", "office", office_data(office), "matter", matter_data(office, m),
                  "unit", unit_data(office, unit), "opinions", opinions);
    struct letter letter = { .kind = "feedback",
                             .key = key,
                             .matter = m->id,
                             .unit = unit,
                             .to = (const char *const *)to,
                             .in_reply_to = first != NULL ? first->message_id : NULL,
                             .data = data,
                             .held = TRUE };
    gboolean ok = letter_queue(office, &letter, error);
    *queued += ok;
    outbox_free(first);
    return ok;
}

static gboolean refuse(struct office *office, const GPtrArray *waiting, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < waiting->len; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? "、" : "", (char *)waiting->pdata[i]);
    return fault_set(error, FAULT_REFUSED,
                     "还有意见没有定采纳情况：%s。请先定下（lianluo collation import），或加 "
                     "--partial 只反馈已定的",
                     names->str);
}

gboolean feedback_queue(struct office *office, gint64 matter, gboolean partial, int *queued,
                        GError **error)
{
    struct matter *m = matter_get(office->db, matter);
    g_autoptr(GPtrArray) list = assignment_list(office->db, matter);
    g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func(g_free);
    gboolean ok = m != NULL;
    *queued = 0;
    for (guint i = 0; i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        int pending = 0;
        json_t *unused = decided(office, matter, a->unit, &pending);
        json_decref(unused);
        g_autofree char *name = unit_label(office->db, a->unit);
        if (pending > 0)
            g_ptr_array_add(waiting, g_strdup_printf("%s（%d 条）", name, pending));
    }
    if (ok && waiting->len > 0 && !partial)
        ok = refuse(office, waiting, error);
    for (guint i = 0; ok && i < list->len; i++) {
        const struct assignment *a = list->pdata[i];
        int pending = 0;
        json_auto_t *opinions = decided(office, matter, a->unit, &pending);
        if (json_array_size(opinions) > 0)
            ok = tell(office, m, a->unit, opinions, queued, error);
    }
    matter_free(m);
    return ok;
}
