/* What an issue would send: each unit's letter, made once. What is hashed, shown to the signers and
 * put into the outbox are the same rows, so a consent is to what leaves. */
#include "handlers/private.h"

/* With its length: no text can pass for two. */
static void add(GChecksum *sum, const char *text)
{
    const char *known = text != NULL ? text : "";
    g_autofree char *length = g_strdup_printf("%zu:", strlen(known));
    g_checksum_update(sum, (const guchar *)length, -1);
    g_checksum_update(sum, (const guchar *)known, -1);
}

static void add_row(struct office *office, GChecksum *sum, const struct outbox *row)
{
    g_autofree char *code = unit_code(office->db, row->unit);
    add(sum, code);
    add(sum, row->subject);
    add(sum, row->text);
    add(sum, row->html);
    for (guint i = 0; i < row->recipients->len; i++)
        add(sum, row->recipients->pdata[i]);
    for (guint i = 0; i < row->enclosures->len; i++) {
        const struct enclosure *e = row->enclosures->pdata[i];
        add(sum, e->filename);
        add(sum, e->sha256);
    }
}

struct packing {
    struct office *office;
    struct package *package;
    GChecksum *sum;
};

static gboolean take(void *context, const struct letter *letter, GError **error)
{
    struct packing *packing = context;
    struct package *p = packing->package;
    struct outbox *row = letter_row(packing->office, letter, error);
    if (row == NULL)
        return FALSE;
    if (p->letters->len == 0)
        p->made = json_incref(letter->made);
    add_row(packing->office, packing->sum, row);
    g_ptr_array_add(p->letters, row);
    return TRUE;
}

void package_free(struct package *p)
{
    if (p == NULL)
        return;
    g_ptr_array_unref(p->letters);
    json_decref(p->made);
    g_free(p->sha256);
    g_free(p);
}

struct package *package_make(struct office *office, const struct matter *m, GError **error)
{
    g_autoptr(GPtrArray) list = assignment_list(office->db, m->id);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    struct package *p = g_new0(struct package, 1);
    p->letters = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_free);
    add(sum, m->title);
    add(sum, m->deadline);
    add(sum, m->silence_text);
    for (guint i = 0; i < list->len; i++)
        add(sum, ((const struct assignment *)list->pdata[i])->deadline);
    if (!notices_each(office, m, take, &(struct packing){ office, p, sum }, error)) {
        package_free(p);
        return NULL;
    }
    p->sha256 = g_strdup(g_checksum_get_string(sum));
    return p;
}
