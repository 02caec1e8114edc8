/* runs: counts the pixels of rows that are stored one behind the other. */
#ifndef MW_READ_RUNS_H
#define MW_READ_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "read/kernels.h"
#include "read/tally.h"

/* How a pixel is stored. */
struct mw_pixel {
    size_t size;    /* 1, 2, 3 or 4 bytes; 3 are a colour, red first; otherwise an integer */
    bool is_little; /* an integer's low byte comes first */
};

/* What the counting of runs needs. */
struct mw_runs {
    const struct mw_kernels *kernels;
    struct mw_tally *tally; /* pixels of 1 and 2 bytes in `dense`, others as colours */
    uint32_t *positions;    /* [MW_RUNS_POSITIONS] */
    struct mw_pixel pixel;
};

/* Bytes of pixels that are looked at between two readings of the list of positions: whole pixels, and
 * few enough for the first cache to hold most of both. */
enum { MW_RUNS_PIECE = 3 * 4096, MW_RUNS_POSITIONS = MW_RUNS_PIECE + MW_KERNEL_ROOM };

/* Counts every pixel of `size` bytes `times` times. MW_KERNEL_ROOM bytes behind them can be read. */
void mw_runs_values(const struct mw_runs *runs, const unsigned char *bytes, size_t size,
                    uint64_t times);

/* The same of rows of `row` bytes, of whose pixels each, but for the first one of a row, is what it
 * differs by from the one at its left (TIFF's predictor 2). */
void mw_runs_differences(const struct mw_runs *runs, const unsigned char *bytes, size_t size,
                         size_t row, uint64_t times);

#endif
