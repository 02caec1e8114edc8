/* tiff_share: the blocks of one page, shared out among threads. */
#ifndef MW_READ_TIFF_SHARE_H
#define MW_READ_TIFF_SHARE_H

#include "read/tiff_blocks.h"
#include "read/tiff_grid.h"

/* Counts all blocks of the page at hand, with the help of the threads that have nothing to do
 * (limits->idle) when it is a large one, and hands over the sums. A block of LZW or PackBits that does
 * not decode goes to libtiff, which says what is wrong, or knows better. Where several blocks are
 * damaged the error is that of the first one, for any number of threads. Errors: those of
 * mw_tiff_reference_block and mw_tiff_counter_add. */
MW_MUST_CHECK enum mw_status mw_tiff_share(struct mw_tiff_reader *reader,
                                           const struct mw_tiff_code *code);

#endif
