/* Counting by changes.
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
#include "read/png_changes.h"

#include <stdbool.h>
#include <string.h>

#include "read/png_unfilter.h"

#define INLINE static inline __attribute__((always_inline))

struct row {
    struct mw_tally *tally;
    const struct mw_kernels *kernels;
    uint32_t *positions;
    size_t size;          /* bytes */
    unsigned char *above; /* the row above, which becomes this row */
};

/* A pixel in a register: its bytes, the first one highest. Pixels are never read back from the bytes that
 * were just written one by one: a processor waits until those have reached the cache. */
INLINE uint32_t load(size_t step, const unsigned char *pixel) {
    uint32_t value = 0;
    for (size_t j = 0; j < step; j++) value = value << 8 | pixel[j];
    return value;
}

INLINE unsigned byte_of(size_t step, uint32_t value, size_t j) {
    return value >> (8 * (step - 1 - j)) & 255;
}

INLINE void store(size_t step, unsigned char *pixel, uint32_t value) {
    for (size_t j = 0; j < step; j++) pixel[j] = (unsigned char)byte_of(step, value, j);
}

INLINE void add(struct mw_tally *tally, size_t step, uint32_t value, uint64_t pixels) {
    if (step < 3) tally->dense[value] += pixels;
    else if (pixels) *mw_tally_colour(tally, value) += pixels;
}

INLINE void move(struct mw_tally *tally, size_t step, uint32_t from, uint32_t to, uint64_t rows) {
    add(tally, step, to, rows);
    add(tally, step, from, -rows);
}

/* --- Rows that begin a group ------------------------------------------------------------------ */

INLINE void count_none(const struct row *row, size_t step, const unsigned char *bytes,
                       uint64_t rows) {
    size_t count = row->kernels->differ(bytes + step, bytes, row->size - step, row->positions);
    size_t start = 0; /* of the run, pixels */
    for (size_t i = 0; i < count; i++) {
        size_t end = row->positions[i] / step + 1;
        add(row->tally, step, load(step, bytes + start * step), (end - start) * rows);
        start = end;
    }
    size_t end = row->size / step;
    add(row->tally, step, load(step, bytes + start * step), (end - start) * rows);
}

INLINE void fill(size_t step, unsigned char *bytes, uint32_t value, size_t pixels) {
    if (step == 1) memset(bytes, (int)value, pixels);
    else
        for (size_t i = 0; i < pixels; i++) store(step, bytes + i * step, value);
}

/* `keep`: the row is written in place, for the rows below it. */
INLINE void count_sub(const struct row *row, size_t step, unsigned char *bytes, uint64_t rows,
                      bool keep) {
    size_t count = row->kernels->nonzero(bytes, row->size, row->positions);
    size_t start = 0, end = row->size / step;
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        size_t at = row->positions[i], x = at / step;
        unsigned shift = (unsigned)(8 * (step - 1 - (at - x * step)));
        uint32_t byte = (value >> shift) + bytes[at];
        add(row->tally, step, value, (x - start) * rows);
        if (keep) fill(step, bytes + start * step, value, x - start);
        value = (value & ~(UINT32_C(255) << shift)) | (byte & 255) << shift;
        start = x;
    }
    add(row->tally, step, value, (end - start) * rows);
    if (keep) fill(step, bytes + start * step, value, end - start);
}

/* --- Rows that change the one above ----------------------------------------------------------- */

INLINE void change_up(const struct row *row, size_t step, const unsigned char *bytes,
                      uint64_t rows) {
    size_t count = row->kernels->nonzero(bytes, row->size, row->positions);
    size_t done = 0; /* bytes */
    unsigned char *above = row->above;
    for (size_t i = 0; i < count; i++) {
        if (step > 1 && row->positions[i] < done) continue;
        size_t x = row->positions[i] / step * step;
        uint32_t old = load(step, above + x), new = 0;
        for (size_t j = 0; j < step; j++)
            new = new << 8 | ((byte_of(step, old, j) + bytes[x + j]) & 255);
        store(step, above + x, new);
        move(row->tally, step, old, new, rows);
        done = x + step;
    }
}

INLINE uint32_t unfilter(enum mw_png_filter filter, size_t step, const unsigned char *bytes,
                         uint32_t left, uint32_t above, uint32_t corner) {
    uint32_t value = 0;
    for (size_t j = 0; j < step; j++) {
        unsigned a = byte_of(step, left, j), b = byte_of(step, above, j);
        unsigned predicted = filter == MW_PNG_PAETH ? mw_png_paeth(a, b, byte_of(step, corner, j))
                                                    : (a + b) / 2;
        value = value << 8 | ((predicted + bytes[j]) & 255);
    }
    return value;
}

/* Changes the pixels from x on, bytes of the row, up to and including the first that stays as it was.
 * `left` is the pixel before it, `corner` what that was in the row above. Returns where it stopped. */
INLINE size_t change_from(const struct row *row, enum mw_png_filter filter, size_t step,
                          const unsigned char *bytes, size_t x, uint32_t left, uint32_t corner,
                          uint64_t rows) {
    unsigned char *above = row->above;
    while (x < row->size) {
        uint32_t old = load(step, above + x);
        uint32_t new = unfilter(filter, step, bytes + x, left, old, corner);
        x += step;
        if (new == old) break;
        store(step, above + x - step, new);
        move(row->tally, step, old, new, rows);
        corner = old;
        left = new;
    }
    return x;
}

/* The left pixel of an event did not change, or the event would have been looked at with it. So the
 * prediction is the pixel above; and the pixel at the right, whose left one changed, has to be looked at
 * whatever its filtered bytes are. In most cases it is one that does not change. */
INLINE void change_paeth(const struct row *row, size_t step, const unsigned char *bytes,
                         uint64_t rows) {
    size_t count = row->kernels->nonzero(bytes, row->size, row->positions), done = 0;
    unsigned char *above = row->above;
    for (size_t i = 0; i < count; i++) {
        if (row->positions[i] < done) continue;
        size_t x = row->positions[i] / step * step;
        uint32_t old = load(step, above + x);
        uint32_t new = unfilter(MW_PNG_AVERAGE, step, bytes + x, old, old, 0);
        store(step, above + x, new);
        move(row->tally, step, old, new, rows);
        done = change_from(row, MW_PNG_PAETH, step, bytes, x + step, new, old, rows);
    }
}

/* At the left edge the prediction is half of the pixel above: the first pixel is always looked at. */
INLINE void change_average(const struct row *row, size_t step, const unsigned char *bytes,
                           uint64_t rows) {
    size_t count = row->kernels->either(bytes + step, row->above + step, row->above,
                                        row->size - step, row->positions);
    size_t done = change_from(row, MW_PNG_AVERAGE, step, bytes, 0, 0, 0, rows);
    for (size_t i = 0; i < count; i++) {
        size_t x = row->positions[i] / step * step + step;
        uint32_t left = load(step, row->above + x - step);
        if (x >= done) done = change_from(row, MW_PNG_AVERAGE, step, bytes, x, left, left, rows);
    }
}

/* --- Groups ----------------------------------------------------------------------------------- */

static bool begins_group(unsigned char filter) {
    return filter == MW_PNG_NONE || filter == MW_PNG_SUB;
}

/* Rows up to the next that begins a group. */
static size_t rows_that_change(const unsigned char *filtered, size_t stride, size_t rows) {
    size_t count = 0;
    while (count < rows && !begins_group(filtered[count * stride])) count++;
    return count;
}

INLINE void change(const struct row *row, size_t step, const unsigned char *filtered,
                   uint64_t rows) {
    if (filtered[0] == MW_PNG_UP) change_up(row, step, filtered + 1, rows);
    else if (filtered[0] == MW_PNG_PAETH) change_paeth(row, step, filtered + 1, rows);
    else change_average(row, step, filtered + 1, rows);
}

INLINE void count_rows(struct row *row, size_t step, unsigned char *filtered, size_t rows) {
    size_t stride = row->size + 1;
    for (size_t y = 0, below; y < rows; y += below) {
        unsigned char *first = filtered + y * stride;
        bool group = begins_group(first[0]);
        below = rows_that_change(first + group * stride, stride, rows - y - group);
        if (first[0] == MW_PNG_SUB)
            count_sub(row, step, first + 1, below + 1, below || y + 1 == rows);
        else count_none(row, step, group ? first + 1 : row->above, below + group);
        if (group) row->above = first + 1;
        for (size_t i = 0; i < below; i++)
            change(row, step, first + (i + group) * stride, below - i);
        below += group;
    }
}

unsigned char *mw_changes_count(const struct mw_changes *changes, size_t step, size_t size,
                                unsigned char *above, unsigned char *filtered, size_t rows) {
    struct row row = {changes->tally, changes->kernels, changes->positions, size, above};
    if (step == 1) count_rows(&row, 1, filtered, rows);
    else if (step == 2) count_rows(&row, 2, filtered, rows);
    else count_rows(&row, 3, filtered, rows);
    return row.above;
}
