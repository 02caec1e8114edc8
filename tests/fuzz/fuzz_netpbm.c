/* The netpbm decoder. */
#include "fuzz.h"

extern const struct mw_format mw_format_netpbm;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    fuzz_masks(&mw_format_netpbm, bytes, size);
    return 0;
}
