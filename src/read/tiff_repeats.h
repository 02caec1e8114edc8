/* tiff_repeats: compressed blocks that come again. Tiles of one value compress to the same bytes, wherever
 * in a mask they lie: what is known already is only numbered, and counted once for all of them. */
#ifndef MW_READ_TIFF_REPEATS_H
#define MW_READ_TIFF_REPEATS_H

#include <stddef.h>
#include <stdint.h>

#include "read/inflate.h"

enum {
    MW_REPEAT_BYTES = 1024, /* longer blocks are not remembered */
    MW_REPEATS = 64,        /* blocks that are; a power of two */
};

/* A strip or tile, or a part of one that is not compressed. */
struct mw_tiff_block {
    uint32_t index;         /* on its page */
    uint32_t width, height; /* pixels of the mask: without what reaches over its edges */
    uint64_t offset;        /* in the file */
    size_t length;          /* bytes in the file; 0: it is not one that can be counted here */
    size_t size;            /* bytes decoded */
};

/* Of blocks that hash alike the last one is kept. Zeroed is empty. */
struct mw_tiff_repeats {
    struct mw_tiff_repeat {
        struct mw_tiff_block block; /* of length 0: none */
        uint64_t times;             /* that it came again, and was not counted yet */
    } list[MW_REPEATS];
    unsigned char bytes[MW_REPEATS * MW_REPEAT_BYTES + MW_INFLATE_ROOM]; /* their bytes */
};

/* The place of a block with these bytes, of at most MW_REPEAT_BYTES: it is the same block if
 * mw_tiff_repeats_equal. */
size_t mw_tiff_repeats_place(const unsigned char *bytes, size_t length);

/* Whether the block at a place has these bytes and is of the same size. */
bool mw_tiff_repeats_equal(const struct mw_tiff_repeats *repeats, size_t place,
                           const struct mw_tiff_block *block, const unsigned char *bytes);

/* Keeps a block instead of the one at its place. */
void mw_tiff_repeats_keep(struct mw_tiff_repeats *repeats, size_t place,
                          const struct mw_tiff_block *block, const unsigned char *bytes);

/* The bytes of the block at a place, with MW_INFLATE_ROOM readable ones behind them. */
const unsigned char *mw_tiff_repeats_bytes(const struct mw_tiff_repeats *repeats, size_t place);

#endif
