/* tiff_spans: reads blocks that lie behind each other in a file with few large reads. */
#ifndef MW_READ_TIFF_SPANS_H
#define MW_READ_TIFF_SPANS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"
#include "read/inflate.h"

/* A part of the file in memory. A thread keeps one from file to file; zeroed is empty. */
struct mw_tiff_spans {
    struct mw_inflate_buffer buffer;
    size_t length;   /* bytes of it that are filled */
    uint64_t offset; /* of the first one in the file */
};

void mw_tiff_spans_free(struct mw_tiff_spans *spans);

/* Forgets what is in memory: another file begins. */
void mw_tiff_spans_begin(struct mw_tiff_spans *spans);

/* Reads a block that lies in the file; up to `ahead`, at least its end and in the file too, will be asked
 * for next. *bytes hold until the next call and have MW_INFLATE_ROOM readable bytes behind them. Errors:
 * those of mw_input_read, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_tiff_spans_get(struct mw_tiff_spans *spans, struct mw_input *input,
                                               uint64_t offset, size_t length, uint64_t ahead,
                                               const unsigned char **bytes, struct mw_error *err);

#endif
