/* png_changes: counts the pixels of filtered rows by what changes, not by what is there. */
#ifndef MW_READ_PNG_CHANGES_H
#define MW_READ_PNG_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#include "read/kernels.h"
#include "read/tally.h"

/* What the counting of a row needs. */
struct mw_changes {
    const struct mw_kernels *kernels;
    struct mw_tally *tally;
    uint32_t *positions; /* [bytes of a row + MW_KERNEL_ROOM] */
};

/* Counts `rows` filtered rows of `size` bytes, each behind a byte that names its filter, which exists.
 * `step` is the bytes of a pixel: 1, 2 (big-endian) or 3 (a colour); `above` the row above the first
 * one, which may be overwritten as the rows may. Returns the last row, unfiltered: one of them, or
 * `above`. Everything has MW_KERNEL_ROOM readable bytes behind it. */
unsigned char *mw_changes_count(const struct mw_changes *changes, size_t step, size_t size,
                                unsigned char *above, unsigned char *filtered, size_t rows);

#endif
