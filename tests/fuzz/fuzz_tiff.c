/* The TIFF decoder. */
#include "fuzz.h"

extern const struct mw_format mw_format_tiff;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    fuzz_masks(&mw_format_tiff, bytes, size);
    return 0;
}
