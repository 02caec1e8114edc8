/* tiff_deflate: the Deflate stream of one strip or tile. */
#ifndef MW_READ_TIFF_DEFLATE_H
#define MW_READ_TIFF_DEFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "read/edges.h"
#include "read/inflate.h"

/* Whether a compression, as libtiff numbers them, is Deflate, by its old number or its new one. */
bool mw_tiff_is_deflate(unsigned compression);

/* Inflates the first `size` bytes of a stream of at most `length` bytes, and checks the Adler-32 of all
 * that it holds. `in` and `out` have MW_INFLATE_ROOM bytes of room behind them. Errors: MW_BROKEN,
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_tiff_inflate(struct mw_inflater *inflater, const unsigned char *in,
                                             size_t length, unsigned char *out, size_t size,
                                             struct mw_error *err);

/* Counts the bytes of a block without writing them, times over: of one whose stream makes exactly `size`
 * bytes and is flat (edges.h). Returns false, having counted nothing, where it is not. */
bool mw_tiff_count_edges(struct mw_edges *edges, const unsigned char *in, size_t length,
                         size_t size, uint64_t times, uint64_t sums[256]);

#endif
