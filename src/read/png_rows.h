/* png_rows: filtered rows of a PNG -> pixels for a sink. */
#ifndef MW_READ_PNG_ROWS_H
#define MW_READ_PNG_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "read/format.h"
#include "read/png_changes.h"
#include "read/tally.h"

/* The rows of one image. A thread keeps one from image to image; zeroed is empty. */
struct mw_png_rows {
    const struct mw_sink *sink;
    struct mw_layout layout;
    struct mw_changes changes;
    struct mw_tally
        tally;      /* what is not handed over yet: by value, or by byte where that is packed */
    size_t step;    /* bytes of a pixel; 1 where a byte holds several */
    uint32_t width; /* of a row of the pass at hand, pixels */
    size_t size;    /* of a row, without the byte that names its filter */
    unsigned char *memory; /* of the next two, each with a byte before it */
    unsigned char *above;  /* [capacity + MW_KERNEL_ROOM], the row above the next one */
    unsigned char *zeros;  /* the same, a row of zeros */
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
 * piece with MW_KERNEL_ROOM readable bytes behind. Overwrites them. Errors: MW_BROKEN (there is no such
 * filter), MW_LIMIT (too many colours), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_png_rows_count(struct mw_png_rows *rows, unsigned char *filtered,
                                               size_t count, struct mw_error *err);

/* Whether the pass can be counted by edges: where that is done by what changes. */
bool mw_png_rows_have_changes(const struct mw_png_rows *rows);

/* Counts the next `count` rows of such a pass, up to MW_CHANGES_EDGE_ROWS, that begin at a position of a
 * list of edges. Errors: as before. */
MW_MUST_CHECK enum mw_status mw_png_rows_count_edges(struct mw_png_rows *rows,
                                                     const struct mw_edges *edges, uint32_t start,
                                                     size_t count, struct mw_error *err);

/* The Adler-32 of all filtered rows of the image so far. */
uint32_t mw_png_rows_adler(struct mw_png_rows *rows);

/* Hands over what was counted. */
void mw_png_rows_end(struct mw_png_rows *rows);

#endif
