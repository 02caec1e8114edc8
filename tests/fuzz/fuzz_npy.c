/* The NPY decoder. */
#include "fuzz.h"

extern const struct mw_format mw_format_npy;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    fuzz_masks(&mw_format_npy, bytes, size);
    return 0;
}
