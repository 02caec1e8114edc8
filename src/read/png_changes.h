/* png_changes: counts the pixels of filtered rows by what changes, not by what is there. */
#ifndef MW_READ_PNG_CHANGES_H
#define MW_READ_PNG_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/adler.h"
#include "read/edges.h"
#include "read/kernels.h"
#include "read/tally.h"

/* With one byte a pixel, where in the tally the sums of what values lose begin: to add to one sum and
 * take from another is faster when a processor need not wait whether they are the same. */
enum { MW_CHANGES_LOST = 256 };

enum { MW_CHANGES_EDGE_ROWS = 1024 }; /* rows of edges that are counted at once */

/* What the counting of a row needs. */
struct mw_changes {
    const struct mw_kernels *kernels;
    struct mw_tally *tally;
    uint32_t *positions;   /* [bytes of a row + MW_KERNEL_ROOM] */
    struct mw_adler adler; /* of all rows so far, filters included */
};

/* Counts `rows` filtered rows of `size` bytes, each behind a byte that names its filter, which exists.
 * `step` is the bytes of a pixel: 1, 2 (big-endian) or 3 (a colour); `above` the row above the first
 * one, which is overwritten as the rows are. Returns the last row, unfiltered: one of them, or
 * `above`. Everything has MW_KERNEL_ROOM readable bytes behind it. */
unsigned char *mw_changes_count(struct mw_changes *changes, size_t step, size_t size,
                                unsigned char *above, unsigned char *filtered, size_t rows);

/* The same of up to MW_CHANGES_EDGE_ROWS rows that are given by their edges, from position `start` on.
 * The last of them is `above` afterwards. `zeros` is a row of these, and is again afterwards. Both have a
 * byte before them that may be written. Returns false, having counted nothing, where a filter does not
 * exist. */
MW_MUST_CHECK bool mw_changes_count_edges(struct mw_changes *changes, size_t step, size_t size,
                                          unsigned char *above, unsigned char *zeros,
                                          const struct mw_edges *edges, uint32_t start,
                                          size_t rows);

#endif
