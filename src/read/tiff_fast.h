/* tiff_fast: counts the pixels of a TIFF without libtiff's codecs. */
#ifndef MW_READ_TIFF_FAST_H
#define MW_READ_TIFF_FAST_H

#include "read/tiff_grid.h"

/* Whether the page at hand is one of those: uncompressed, PackBits, LZW or Deflate, with predictor 1 or
 * 2, one integer a pixel or an RGB colour of 8 bits, and blocks (of uncompressed strips, rows) of at most
 * limits->max_whole bytes. */
bool mw_tiff_fast_holds(const struct mw_tiff_reader *reader);

/* Counts its blocks and hands over the sums. Errors: those of mw_tiff_share. */
MW_MUST_CHECK enum mw_status mw_tiff_fast_blocks(struct mw_tiff_reader *reader);

#endif
