/* png_change: the counting of one filtered row, by what changes. For png_changes and png_edge_rows only.
 *
 * Of two million pixels of a street scene some forty thousand differ from the pixel above them. So a
 * row is not unfiltered and then counted. It is kept, in place, and only what changes from one row to
 * the next is looked at. Let a pixel be `old` in row y - 1 and `new` in row y, and let `left` rows come
 * from row y on. Then, as far as we know by now, its column holds `new` in `left` rows more and `old`
 * in as many less:
 *
 *     sum[new] += left;  sum[old] -= left;
 *
 * A pixel that does not change costs nothing: it was counted for all rows to come when it last changed.
 * Example, one column of four rows, 5 5 7 7: the first row counts 5 four times; in the third, where two
 * rows are left, 7 gains 2 and 5 loses 2.
 *
 * The filters do the comparing for us. A filtered byte is what the pixel differs by from its
 * prediction, and in a flat region the prediction is the pixel above:
 *
 *   Up       predicts the pixel above. 0 means unchanged; nothing else has to be looked at.
 *   Paeth    predicts whichever is nearest to left + above - corner. Where the left pixel did not
 *            change itself, left is corner, so that this is just `above`: again 0 means unchanged.
 *   Average  predicts (left + above) / 2: the pixel above where the left one did not change and the row
 *            above is flat. 0 means unchanged there, and rows that are not flat there are looked at.
 *   Sub      predicts the left pixel. 0 means that a run goes on, so it is known where all runs end,
 *            and a run from x0 to x1 of value v is sum[v] += x1 - x0.
 *   None     the row as it is; runs end where a byte is not its left neighbour.
 *
 * None and Sub do not know the row above. They begin a group: the row itself and all rows of the other
 * filters up to the next of these two. It is counted as if it stood in every row of its group, and the
 * others correct that. Zeros stand above the first row of an image.
 *
 * All functions are written for a pixel of `step` bytes and made into machine code for 1, 2 and 3. */
#ifndef MW_READ_PNG_CHANGE_H
#define MW_READ_PNG_CHANGE_H

#include <stdbool.h>
#include <string.h>

#include "read/adler.h"
#include "read/png_changes.h"
#include "read/png_unfilter.h"

#define MW_INLINE static inline __attribute__((always_inline))

/* A copy of what the counting needs, in registers: for all the compiler knows, a byte that is written
 * to a row could change anything behind a pointer. */
struct row {
    struct mw_tally *tally;
    uint64_t *dense; /* of the tally */
    const struct mw_kernels *kernels;
    uint32_t *positions;
    size_t size;            /* bytes */
    unsigned char *own;     /* room for a row */
    unsigned char *zeros;   /* a row of them, where rows are given by edges */
    unsigned char *above;   /* the row above, which becomes this row */
    struct mw_adler *adler; /* checksum of the filtered rows so far */
};

static inline struct row row_begin(struct mw_changes *changes, size_t size, unsigned char *above) {
    return (struct row){.tally = changes->tally,
                        .dense = changes->tally->dense,
                        .kernels = changes->kernels,
                        .positions = changes->positions,
                        .size = size,
                        .own = above,
                        .above = above,
                        .adler = &changes->adler};
}

/* A pixel in a register: its bytes, the first one highest. Pixels are never read back from the bytes that
 * were just written one by one: a processor waits until those have reached the cache. */
MW_INLINE uint32_t load(size_t step, const unsigned char *pixel) {
    uint32_t value = 0;
    for (size_t j = 0; j < step; j++) value = value << 8 | pixel[j];
    return value;
}

MW_INLINE unsigned byte_of(size_t step, uint32_t value, size_t j) {
    return value >> (8 * (step - 1 - j)) & 255;
}

MW_INLINE void store(size_t step, unsigned char *pixel, uint32_t value) {
    for (size_t j = 0; j < step; j++) pixel[j] = (unsigned char)byte_of(step, value, j);
}

MW_INLINE void add(const struct row *row, size_t step, uint32_t value, uint64_t pixels) {
    if (step < 3) row->dense[value] += pixels;
    else if (pixels) *mw_tally_colour(row->tally, value) += pixels;
}

MW_INLINE void move(const struct row *row, size_t step, uint32_t from, uint32_t to, uint64_t rows) {
    add(row, step, to, rows);
    if (step == 1) row->dense[MW_CHANGES_LOST + from] -= rows;
    else add(row, step, from, -rows);
}

/* Lists the bytes of a filtered row that are not 0. */
MW_INLINE size_t find_nonzero(const struct row *row, const unsigned char *bytes) {
    return row->kernels->nonzero(bytes, row->size, row->positions);
}

/* What the bytes of a row that are not 0 add to its checksum (adler.h). They are summed up where they are
 * looked at anyway. */
struct sums {
    uint64_t bytes, weighted;
};

MW_INLINE void add_byte(struct sums *sums, const struct row *row, unsigned char byte, size_t at) {
    sums->bytes += byte;
    sums->weighted += byte * (uint64_t)(row->size - at);
}

/* The whole row, with the byte before it. */
MW_INLINE void add_sums(const struct row *row, enum mw_png_filter filter, const struct sums *sums) {
    mw_adler_add(row->adler, row->size + 1, sums->bytes + filter,
                 sums->weighted + filter * (uint64_t)(row->size + 1));
}

/* --- Rows that begin a group ------------------------------------------------------------------ */

/* Counts a row by its runs. */
MW_INLINE void count_none(const struct row *row, size_t step, const unsigned char *bytes,
                          uint64_t rows) {
    size_t count = row->kernels->differ(bytes + step, bytes, row->size - step, row->positions);
    size_t start = 0, width = row->size / step; /* pixels */
    for (size_t i = 0; i <= count; i++) {
        size_t end = i < count ? row->positions[i] / step + 1 : width;
        add(row, step, load(step, bytes + start * step), (end - start) * rows);
        start = end;
    }
}

/* Writes a run, and what comes to lie behind it: the runs are written from left to right. */
MW_INLINE void fill(size_t step, unsigned char *out, uint32_t value, size_t pixels) {
    enum { PIECE = 32 };
    unsigned char *end = out + pixels * step;
    if (step > 1)
        for (; out < end; out += step) store(step, out, value);
    else
        for (; out < end; out += PIECE) memset(out, (int)value, PIECE);
}

/* `keep`: the row is written to row->own, for the rows below it. */
MW_INLINE void count_sub(const struct row *row, size_t step, const unsigned char *bytes,
                         size_t count, uint64_t rows, bool keep) {
    size_t start = 0, end = row->size / step;
    uint32_t value = 0;
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++) {
        size_t at = row->positions[i], x = at / step;
        add_byte(&sums, row, bytes[at], at);
        unsigned shift = (unsigned)(8 * (step - 1 - (at - x * step)));
        uint32_t byte = (value >> shift) + bytes[at];
        add(row, step, value, (x - start) * rows);
        if (keep) fill(step, row->own + start * step, value, x - start);
        value = (value & ~(UINT32_C(255) << shift)) | (byte & 255) << shift;
        start = x;
    }
    add(row, step, value, (end - start) * rows);
    if (keep) fill(step, row->own + start * step, value, end - start);
    add_sums(row, MW_PNG_SUB, &sums);
}

/* --- Rows that change the one above ----------------------------------------------------------- */

/* The bytes of a pixel, each added to its prediction. */
MW_INLINE uint32_t add_bytes(size_t step, uint32_t prediction, const unsigned char *bytes) {
    uint32_t value = 0;
    for (size_t j = 0; j < step; j++)
        value = value << 8 | ((byte_of(step, prediction, j) + bytes[j]) & 255);
    return value;
}

MW_INLINE void change_up(const struct row *row, size_t step, const unsigned char *bytes,
                         size_t count, uint64_t rows) {
    size_t done = 0; /* bytes */
    unsigned char *above = row->above;
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++) {
        size_t at = row->positions[i], x = at / step * step;
        add_byte(&sums, row, bytes[at], at);
        if (step > 1 && at < done) continue;
        uint32_t old = load(step, above + x), new = add_bytes(step, old, bytes + x);
        store(step, above + x, new);
        move(row, step, old, new, rows);
        done = x + step;
    }
    add_sums(row, MW_PNG_UP, &sums);
}

MW_INLINE uint32_t predict_average(size_t step, uint32_t left, uint32_t above) {
    uint32_t value = 0;
    for (size_t j = 0; j < step; j++)
        value = value << 8 | (byte_of(step, left, j) + byte_of(step, above, j)) / 2;
    return value;
}

/* Where two regions meet, the pixel above has the value of the left one or of the corner. In the first
 * case left + above - corner is as far from left as from above, and left comes first; in the second it is
 * left. So Paeth is left, and the arithmetic is only needed where three values meet. */
MW_INLINE uint32_t predict_paeth(size_t step, uint32_t left, uint32_t above, uint32_t corner) {
    uint32_t value = 0;
    if (above == left || above == corner) return left;
    for (size_t j = 0; j < step; j++)
        value = value << 8 | mw_png_paeth(byte_of(step, left, j), byte_of(step, above, j),
                                          byte_of(step, corner, j));
    return value;
}

/* Changes the pixels from x on, bytes of the row, up to and including the first that stays as it was.
 * `left` is the pixel before it, `corner` what that was in the row above. Returns where it stopped. */
MW_INLINE size_t change_from(const struct row *row, enum mw_png_filter filter, size_t step,
                             const unsigned char *bytes, size_t x, uint32_t left, uint32_t corner,
                             uint64_t rows) {
    unsigned char *above = row->above;
    while (x < row->size) {
        uint32_t old = load(step, above + x);
        uint32_t prediction = filter == MW_PNG_PAETH ? predict_paeth(step, left, old, corner)
                                                     : predict_average(step, left, old);
        uint32_t new = add_bytes(step, prediction, bytes + x);
        x += step;
        if (new == old) break;
        store(step, above + x - step, new);
        move(row, step, old, new, rows);
        corner = old;
        left = new;
    }
    return x;
}

/* The left pixel of an event did not change, or the event would have been looked at with it. So the
 * prediction is the pixel above; and the pixel at the right, whose left one changed, has to be looked at
 * whatever its filtered bytes are. In most cases it is one that does not change. */
MW_INLINE void change_paeth(const struct row *row, size_t step, const unsigned char *bytes,
                            size_t count, uint64_t rows) {
    size_t done = 0;
    unsigned char *above = row->above;
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++) {
        size_t at = row->positions[i], x = at / step * step;
        add_byte(&sums, row, bytes[at], at);
        if (at < done) continue;
        uint32_t old = load(step, above + x);
        uint32_t new = add_bytes(step, old, bytes + x);
        store(step, above + x, new);
        move(row, step, old, new, rows);
        done = change_from(row, MW_PNG_PAETH, step, bytes, x + step, new, old, rows);
    }
    add_sums(row, MW_PNG_PAETH, &sums);
}

/* At the left edge the prediction is half of the pixel above: the first pixel is always looked at. */
MW_INLINE void change_average(const struct row *row, size_t step, const unsigned char *bytes,
                              uint64_t rows) {
    size_t count = row->kernels->either(bytes + step, row->above + step, row->above,
                                        row->size - step, row->positions);
    mw_adler_add_bytes(row->adler, bytes - 1, row->size + 1);
    size_t done = change_from(row, MW_PNG_AVERAGE, step, bytes, 0, 0, 0, rows);
    for (size_t i = 0; i < count; i++) {
        size_t x = row->positions[i] / step * step + step;
        uint32_t left = load(step, row->above + x - step);
        if (x >= done) done = change_from(row, MW_PNG_AVERAGE, step, bytes, x, left, left, rows);
    }
}

/* --- Any row ----------------------------------------------------------------------------------- */

static inline bool begins_group(unsigned char filter) {
    return filter == MW_PNG_NONE || filter == MW_PNG_SUB;
}

/* How many rows, from number `from` of `rows` on, come before the next that begins a group. `filter` is
 * that of row 0; the others follow `stride` bytes apart. */
static inline size_t rows_that_change(const unsigned char *filter, size_t stride, size_t from,
                                      size_t rows) {
    size_t y = from;
    while (y < rows && !begins_group(filter[y * stride])) y++;
    return y - from;
}

/* A row of which `count` bytes are not 0, at row->positions; change_average finds its own. */
MW_INLINE void change(const struct row *row, enum mw_png_filter filter, size_t step,
                      const unsigned char *bytes, size_t count, uint64_t rows) {
    if (filter == MW_PNG_UP) change_up(row, step, bytes, count, rows);
    else if (filter == MW_PNG_PAETH) change_paeth(row, step, bytes, count, rows);
    else change_average(row, step, bytes, rows);
}

#endif
