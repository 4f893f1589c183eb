/* Everything that `lianluo notice` does with a text, and the list of units that it may be. */
#include "base/base.h"
#include "wording/wording.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    g_autofree char *text = text_clean((const char *)bytes, (gssize)n);
    struct notice_setting setting = { .date = 737000, .exclusive = n % 2 };
    json_t *notice = notice_read(text, &setting), *members = notice_members(text);
    const char *path;
    json_t *sentence;
    json_object_foreach (json_object_get(notice, "evidence"), path, sentence)
        g_assert(strstr(text, json_string_value(sentence)) != NULL);
    json_decref(notice);
    json_decref(members);
    return 0;
}
