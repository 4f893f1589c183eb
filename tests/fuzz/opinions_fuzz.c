/* The opinion finder on whatever a unit may hand in: the input is JSON, {text, papers: [{file,
 * document}], sent: [{file, document}], names: [text]}; what is no JSON is the text of a letter. */
#include "wording/wording.h"

#include <stdint.h>
#include <string.h>

enum { PAPERS = 4 };

static guint take(json_t *list, struct read_file *files)
{
    guint n = 0;
    size_t i;
    json_t *one;
    json_array_foreach (list, i, one) {
        json_t *document = json_object_get(one, "document");
        if (json_is_string(document)) {
            document = json_pack("{sO sO}", "text", document, "original_text", document);
            json_object_set_new(one, "document", document);
        }
        if (n < PAPERS)
            files[n++] =
                (struct read_file){ json_string_value(json_object_get(one, "file")), document };
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    json_t *json = json_loadb((const char *)bytes, n, JSON_DISABLE_EOF_CHECK, NULL);
    g_autofree char *letter = g_utf8_make_valid((const char *)bytes, (gssize)n);
    struct read_file papers[PAPERS], sent[PAPERS];
    const char *text = json_string_value(json_object_get(json, "text"));
    const char *names[] = { json_string_value(json_array_get(json_object_get(json, "names"), 0)),
                            NULL };
    struct handed_in handed = { .text = json == NULL ? letter : text,
                                .papers = papers,
                                .n_papers = take(json_object_get(json, "papers"), papers),
                                .sent = sent,
                                .n_sent = take(json_object_get(json, "sent"), sent),
                                .names = names };
    GPtrArray *found = opinions_find(&handed);
    for (guint i = 0; i < found->len; i++) {
        const struct opinion *o = found->pdata[i];
        g_assert(strlen(o->key) == 16);
        g_assert(o->certain || o->order == 0 || o->candidates->len > 0);
    }
    g_ptr_array_unref(found);
    json_decref(json);
    return 0;
}
