/* tiff_blocks: strips and tiles -> counts. What one thread does; several count one page (tiff_share). */
#ifndef MW_READ_TIFF_BLOCKS_H
#define MW_READ_TIFF_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "read/edges.h"
#include "read/lzw.h"
#include "read/runs.h"
#include "read/tiff_repeats.h"
#include "read/tiff_spans.h"

/* How the blocks of a page are stored; the same for all threads. */
struct mw_tiff_code {
    uint16_t compression;  /* none, PackBits, LZW or Deflate, as libtiff numbers them */
    bool differences;      /* predictor 2 */
    unsigned bits;         /* of a sample */
    unsigned per_byte;     /* pixels of a byte; 1 where a pixel has one or more */
    unsigned last;         /* pixels in a row's last byte, where it is not full; else 0 */
    size_t row_bytes;      /* of a block */
    struct mw_pixel pixel; /* what is counted: packed ones by the byte */
    uint32_t flat_from;    /* of mw_limits, as the next */
    uint32_t max_values;
    const struct mw_kernels *kernels;
};

enum { MW_TIFF_BATCH = 256 }; /* blocks that a thread takes at once, at most */

/* What a thread keeps from file to file, and its sums of the page at hand. Zeroed is empty. */
struct mw_tiff_counter {
    const struct mw_tiff_code *code;
    struct mw_input *input;
    struct mw_tiff_spans spans;
    struct mw_inflater inflater;
    struct mw_edges edges;
    struct mw_lzw lzw;
    struct mw_inflate_buffer decoded; /* a block */
    struct mw_tally tally;
    struct mw_runs runs;
    struct mw_tiff_repeats repeats;
    struct mw_tiff_block batch[MW_TIFF_BATCH];
    uint64_t partial[256]; /* last bytes of rows that hold fewer pixels than others */
    uint32_t positions[MW_RUNS_POSITIONS];
};

void mw_tiff_counter_free(struct mw_tiff_counter *counter);

/* Begins a page. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_tiff_counter_begin(struct mw_tiff_counter *counter,
                                                   const struct mw_tiff_code *code,
                                                   struct mw_input *input, struct mw_error *err);

/* Counts a block; what is in the file up to `ahead` will be asked for next. *plain is false when it was
 * not counted, since it is not plain LZW or PackBits. Errors: those of mw_input_read and
 * mw_tiff_inflate. */
MW_MUST_CHECK enum mw_status mw_tiff_counter_add(struct mw_tiff_counter *counter,
                                                 const struct mw_tiff_block *block, uint64_t ahead,
                                                 bool *plain, struct mw_error *err);

/* Completes the sums. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_tiff_counter_end(struct mw_tiff_counter *counter,
                                                 struct mw_error *err);

/* Adds the sums of another thread. */
void mw_tiff_counter_merge(struct mw_tiff_counter *into, const struct mw_tiff_counter *from);

/* Hands the sums over. Errors: those of mw_tally_check. */
MW_MUST_CHECK enum mw_status mw_tiff_counter_send(const struct mw_tiff_counter *counter,
                                                  const struct mw_sink *sink, struct mw_error *err);

#endif
