/* Everything that lianluo-read does with a .xlsx: the package, its strings, styles and sheets. */
#include "tests/fuzz/parts.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    return read_fuzzed(bytes, n);
}
