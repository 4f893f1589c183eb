/* Everything that lianluo-read does with a .docx: the package, its numbering, styles, comments and
 * body. */
#include "tests/fuzz/parts.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    return read_fuzzed(bytes, n);
}
