/* What is held: with send = hold nothing leaves, and nobody would be told why nothing happens. */
#include "handlers/private.h"

static const struct {
    const char *kind, *chinese;
} kinds[] = {
    { "notice", "通知" },   { "reminder", "催办" }, { "receipt", "回执" },
    { "sign_off", "送签" }, { "answer", "答复" },   { "feedback", "意见处理情况" },
    { "digest", "简报" },   { "alarm", "报警" },    { "news", "企业微信推送" },
};

/* 送签 1、通知 30; the matters whose signers wait for a mail that is held: 《…》（事项 1）. */
static void look_through(struct office *office, GString *counts, GString *signing)
{
    int n[G_N_ELEMENTS(kinds)] = { 0 };
    g_autoptr(GArray) ids = outbox_list(office->db, OUT_HELD, 0);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < ids->len; i++) {
        struct outbox *row = outbox_get(office->db, g_array_index(ids, gint64, i));
        for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
            n[k] += g_str_equal(kinds[k].kind, row->kind);
        gboolean new = g_str_equal(row->kind, "sign_off") &&
                       g_hash_table_add(seen, GSIZE_TO_POINTER((gsize)row->matter));
        struct matter *m = new ? matter_get(office->db, row->matter) : NULL;
        if (m != NULL && m->state == STATE_SUBMITTED)
            g_string_append_printf(signing, "%s《%s》（事项 %" G_GINT64_FORMAT "）",
                                   signing->len > 0 ? "、" : "", m->title, m->id);
        matter_free(m);
        outbox_free(row);
    }
    for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++)
        if (n[k] > 0)
            g_string_append_printf(counts, "%s%s %d", counts->len > 0 ? "、" : "", kinds[k].chinese,
                                   n[k]);
}

char *held_advice(struct office *office)
{
    gint64 all = outbox_count(office->db, OUT_HELD, 0);
    if (all == 0)
        return NULL;
    g_autoptr(GString) counts = g_string_new(NULL);
    g_autoptr(GString) signing = g_string_new(NULL);
    look_through(office, counts, signing);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%" G_GINT64_FORMAT " 封暂存在发件箱，没有发出%s：%s。", all,
                           office->policy->hold ? "（试用：send = hold）" : "", counts->str);
    if (signing->len > 0)
        g_string_append_printf(text,
                               "%s的签发人还没有收到送签的邮件；"
                               "不发邮件也可以代为登记：lianluo matter sign 或 return。",
                               signing->str);
    g_string_append(text, "看：lianluo outbox list --state held；放行：lianluo outbox release");
    return g_strdup(text->str);
}
