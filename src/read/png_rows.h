/* png_rows: filtered rows of a PNG -> pixels for a sink. */
#ifndef MW_READ_PNG_ROWS_H
#define MW_READ_PNG_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "read/format.h"

/* Bytes behind each row that may be read. */
enum { MW_PNG_ROOM = 64 };

/* The rows of one image. A thread keeps one from image to image; zeroed is empty. */
struct mw_png_rows {
    const struct mw_sink *sink;
    struct mw_layout layout;
    size_t step;    /* bytes of a pixel; 1 where a byte holds several */
    uint32_t width; /* of a row of the pass at hand, pixels */
    size_t size;    /* of a row, without the byte that names its filter */
    unsigned char
        *above; /* [capacity + 2 * MW_PNG_ROOM], the row above the next one in the middle */
    size_t capacity;
};

void mw_png_rows_free(struct mw_png_rows *rows);

/* Bytes of a row of `width` pixels, without the one that names its filter. */
uint64_t mw_png_row_bytes(const struct mw_layout *layout, uint32_t width);

/* Begins an image. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_png_rows_begin(struct mw_png_rows *rows,
                                               const struct mw_layout *layout,
                                               const struct mw_limits *limits,
                                               const struct mw_sink *sink, struct mw_error *err);

/* Begins a pass, whose rows have `width` pixels; a plain image is one pass. */
void mw_png_rows_pass(struct mw_png_rows *rows, uint32_t width);

/* Counts the next `count` rows of the pass, each behind the byte that names its filter and all in one
 * piece with MW_PNG_ROOM readable bytes behind. Overwrites them. Errors: MW_BROKEN (there is no such
 * filter). */
MW_MUST_CHECK enum mw_status mw_png_rows_count(struct mw_png_rows *rows, unsigned char *filtered,
                                               size_t count, struct mw_error *err);

/* Hands over what was only counted. Errors: MW_LIMIT (too many colours), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_png_rows_end(struct mw_png_rows *rows, struct mw_error *err);

#endif
