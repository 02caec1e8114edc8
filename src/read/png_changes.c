#include "read/png_changes.h"

#include "read/png_change.h"

MW_INLINE void count_group(struct row *row, size_t step, unsigned char *bytes, uint64_t rows,
                           bool keep) {
    if (bytes[-1] == MW_PNG_SUB) {
        count_sub(row, step, bytes, find_nonzero(row, bytes), rows, keep);
        row->above = row->own;
    } else {
        count_none(row, step, bytes, rows);
        row->above = bytes;
    }
}

MW_INLINE void count_change(const struct row *row, size_t step, const unsigned char *bytes,
                            uint64_t rows) {
    size_t count = bytes[-1] == MW_PNG_AVERAGE ? 0 : find_nonzero(row, bytes);
    change(row, bytes[-1], step, bytes, count, rows);
}

/* How many rows of filter None come, from number `from` of `rows` on. Their checksum is taken at once:
 * one by one, short rows cost more than their bytes. */
static size_t rows_of_none(const unsigned char *filter, size_t stride, size_t from, size_t rows) {
    size_t y = from;
    while (y < rows && filter[y * stride] == MW_PNG_NONE) y++;
    return y - from;
}

MW_INLINE void count_rows(struct row *row, size_t step, unsigned char *filtered, size_t rows) {
    size_t stride = row->size + 1, summed = 0; /* rows, their checksums taken */
    for (size_t y = 0, below; y < rows; y += below) {
        unsigned char *first = filtered + y * stride;
        if (first[0] == MW_PNG_NONE && y >= summed) {
            size_t none = rows_of_none(filtered, stride, y, rows);
            mw_adler_add_bytes(row->adler, first, none * stride);
            summed = y + none;
        }
        bool group = begins_group(first[0]);
        below = rows_that_change(filtered, stride, y + group, rows);
        if (group) count_group(row, step, first + 1, below + 1, below || y + 1 == rows);
        else count_none(row, step, row->above, below);
        for (size_t i = 0; i < below; i++)
            count_change(row, step, first + (i + group) * stride + 1, below - i);
        below += group;
    }
}

unsigned char *mw_changes_count(struct mw_changes *changes, size_t step, size_t size,
                                unsigned char *above, unsigned char *filtered, size_t rows) {
    struct row row = row_begin(changes, size, above);
    if (step == 1) count_rows(&row, 1, filtered, rows);
    else if (step == 2) count_rows(&row, 2, filtered, rows);
    else count_rows(&row, 3, filtered, rows);
    mw_adler_reduce(&changes->adler);
    return row.above;
}
