/* The PNG decoder. */
#include "fuzz.h"

extern const struct mw_format mw_format_png;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    fuzz_masks(&mw_format_png, bytes, size);
    return 0;
}
