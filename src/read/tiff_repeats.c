#include "read/tiff_repeats.h"

#include <libdeflate.h>
#include <string.h>

/* A CRC is a hash too, and libdeflate's takes 1 ns for 16 bytes. */
size_t mw_tiff_repeats_place(const unsigned char *bytes, size_t length) {
    return libdeflate_crc32(0, bytes, length) % MW_REPEATS;
}

const unsigned char *mw_tiff_repeats_bytes(const struct mw_tiff_repeats *repeats, size_t place) {
    return repeats->bytes + place * MW_REPEAT_BYTES;
}

bool mw_tiff_repeats_equal(const struct mw_tiff_repeats *repeats, size_t place,
                           const struct mw_tiff_block *block, const unsigned char *bytes) {
    const struct mw_tiff_block *known = &repeats->list[place].block;
    return known->length == block->length && known->width == block->width &&
           known->height == block->height &&
           memcmp(mw_tiff_repeats_bytes(repeats, place), bytes, block->length) == 0;
}

void mw_tiff_repeats_keep(struct mw_tiff_repeats *repeats, size_t place,
                          const struct mw_tiff_block *block, const unsigned char *bytes) {
    repeats->list[place] = (struct mw_tiff_repeat){.block = *block};
    memcpy(repeats->bytes + place * MW_REPEAT_BYTES, bytes, block->length);
}
