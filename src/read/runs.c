/* Counting runs.
 *
 * A pixel is looked at only where it is not what its left neighbour is: a run of one value from x0 to
 * x1 is
 *
 *     sum[value] += x1 - x0;
 *
 * and the kernels list the x1. A row may end within a run; so a whole tile is one row here.
 *
 * Differences are simpler still: a run ends where a difference is not 0. Nothing is added up in memory;
 * the value of the run at hand is kept, and the difference added to it. A row begins with its first
 * value as it is, which is its difference from 0: the value becomes 0 and a run ends. Example, two rows
 * of four:
 *
 *     stored   5 0 2 0   5 0 0 0        pixels   5 5 7 7   5 5 5 5
 *
 * ends runs at 0, 2 and 4: 5 twice, 7 twice, then 5 four times.
 *
 * A pixel of several bytes has a place in the list for each of them that changes. Between two places of
 * one pixel there is a run of no pixels. An integer takes its bytes one by one too, since a sum does not
 * mind the order of its parts; but it carries, and the bytes of a colour do not.
 *
 * All functions are written for any pixel and made into machine code for each. */
#include "read/runs.h"

#define INLINE static inline __attribute__((always_inline))

/* How far byte j of a pixel is up in its value. */
INLINE unsigned shift_of(struct mw_pixel pixel, size_t j) {
    return (unsigned)(8 * (pixel.is_little ? j : pixel.size - 1 - j));
}

INLINE uint32_t load(struct mw_pixel pixel, const unsigned char *bytes) {
    uint32_t value = 0;
    for (size_t j = 0; j < pixel.size; j++) value |= (uint32_t)bytes[j] << shift_of(pixel, j);
    return value;
}

INLINE void add(struct mw_tally *tally, struct mw_pixel pixel, uint32_t value, uint64_t pixels) {
    if (pixel.size < 3) tally->dense[value] += pixels;
    else if (pixels) *mw_tally_colour(tally, value) += pixels;
}

INLINE size_t piece_from(size_t from, size_t size) {
    return size - from < MW_RUNS_PIECE ? size - from : MW_RUNS_PIECE;
}

/* --- Values ---------------------------------------------------------------------------------- */

INLINE void count_values(const struct mw_runs *runs, struct mw_pixel pixel,
                         const unsigned char *bytes, size_t size, uint64_t times) {
    size_t step = pixel.size;
    for (size_t from = 0, length; from < size; from += length) {
        const unsigned char *piece = bytes + from;
        length = piece_from(from, size);
        size_t count = runs->kernels->differ(piece + step, piece, length - step, runs->positions);
        size_t start = 0; /* of the run, pixels */
        for (size_t i = 0; i < count; i++) {
            size_t end = runs->positions[i] / step + 1;
            add(runs->tally, pixel, load(pixel, piece + start * step), (end - start) * times);
            start = end;
        }
        add(runs->tally, pixel, load(pixel, piece + start * step), (length / step - start) * times);
    }
}

/* --- Differences ----------------------------------------------------------------------------- */

/* The run at hand, in a row at hand. */
struct run {
    uint32_t value;
    size_t start, row_end; /* pixels */
};

/* What byte j of a difference makes of a value. */
INLINE uint32_t change(struct mw_pixel pixel, uint32_t value, size_t j, unsigned char byte) {
    unsigned shift = shift_of(pixel, j);
    uint32_t sum = value + ((uint32_t)byte << shift);
    if (pixel.size == 3) sum = (value & ~(UINT32_C(255) << shift)) | (sum & UINT32_C(255) << shift);
    return pixel.size == 4 ? sum : sum & ((UINT32_C(1) << 8 * (pixel.size & 3)) - 1);
}

/* Ends the run at x, and those of all rows that end there or before. */
INLINE void end_run(const struct mw_runs *runs, struct mw_pixel pixel, struct run *run, size_t x,
                    size_t width, uint64_t times) {
    while (x >= run->row_end) {
        add(runs->tally, pixel, run->value, (run->row_end - run->start) * times);
        run->value = 0;
        run->start = run->row_end;
        run->row_end += width;
    }
    add(runs->tally, pixel, run->value, (x - run->start) * times);
    run->start = x;
}

INLINE void count_differences(const struct mw_runs *runs, struct mw_pixel pixel,
                              const unsigned char *bytes, size_t size, size_t row, uint64_t times) {
    size_t step = pixel.size, width = row / step;
    struct run run = {0, 0, width};
    for (size_t from = 0, length; from < size; from += length) {
        length = piece_from(from, size);
        size_t count = runs->kernels->nonzero(bytes + from, length, runs->positions);
        for (size_t i = 0; i < count; i++) {
            size_t at = from + runs->positions[i], x = at / step;
            end_run(runs, pixel, &run, x, width, times);
            run.value = change(pixel, run.value, at - x * step, bytes[at]);
        }
    }
    end_run(runs, pixel, &run, size / step, width, times);
}

/* --- Which pixel ----------------------------------------------------------------------------- */

/* Calls a function with the pixel as a constant. */
#define FOR_PIXEL(function, runs, ...)                                                             \
    switch ((runs)->pixel.size * 2 + (runs)->pixel.is_little) {                                    \
    case 2:                                                                                        \
    case 3: function(runs, ((struct mw_pixel){1, false}), __VA_ARGS__); break;                     \
    case 4: function(runs, ((struct mw_pixel){2, false}), __VA_ARGS__); break;                     \
    case 5: function(runs, ((struct mw_pixel){2, true}), __VA_ARGS__); break;                      \
    case 6:                                                                                        \
    case 7: function(runs, ((struct mw_pixel){3, false}), __VA_ARGS__); break;                     \
    case 8: function(runs, ((struct mw_pixel){4, false}), __VA_ARGS__); break;                     \
    default: function(runs, ((struct mw_pixel){4, true}), __VA_ARGS__); break;                     \
    }

void mw_runs_values(const struct mw_runs *runs, const unsigned char *bytes, size_t size,
                    uint64_t times) {
    FOR_PIXEL(count_values, runs, bytes, size, times)
}

void mw_runs_differences(const struct mw_runs *runs, const unsigned char *bytes, size_t size,
                         size_t row, uint64_t times) {
    FOR_PIXEL(count_differences, runs, bytes, size, row, times)
}
