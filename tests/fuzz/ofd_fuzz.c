/* Everything that lianluo-read does with an OFD: the package and its pages. */
#include "tests/fuzz/parts.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    return read_fuzzed(bytes, n);
}
