/* histogram: how often each stored value occurs in one mask. A worker keeps one and reuses it. */
#ifndef MW_COUNT_HISTOGRAM_H
#define MW_COUNT_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "read/format.h"

enum { MW_DENSE_BINS = 65536 };

/* Values are kept as stored bit patterns: those below `bins` in `dense`, others in a hash table. The
 * pattern of a colour is 0xRRGGBB; of a 16-bit colour that no 8-bit one equals (v = 257 v8), the high
 * bytes with bit 24 set. */
struct mw_histogram {
    struct mw_layout layout;
    size_t bins;           /* of `dense`: 256 to MW_DENSE_BINS */
    size_t max_values;     /* distinct ones that a mask may have */
    uint64_t *dense;       /* [bins], pixels by pattern */
    uint64_t packed[256];  /* bytes of packed samples, spread over `dense` at the end */
    uint32_t *sparse_keys; /* [sparse_capacity], patterns; a power of two, open addressing */
    uint64_t *sparse_sums; /* [sparse_capacity], pixels; 0 is a free place */
    size_t sparse_capacity;
    size_t sparse_count;
    bool skip_transparent; /* count pixels with alpha 0 apart; set before mw_histogram_begin */
    uint64_t transparent;  /* those pixels */
    enum mw_status failed; /* MW_NO_MEMORY or MW_LIMIT, told by mw_histogram_end */
};

/* Memory: 8 bytes for each of `bins`, and up to 48 for each of `max_values`, at least 12 KiB, once
 * patterns beyond the bins occur. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_histogram_init(struct mw_histogram *histogram, size_t bins,
                                               size_t max_values, struct mw_error *err);
void mw_histogram_free(struct mw_histogram *histogram);

/* Empties the histogram for a mask of this layout. */
void mw_histogram_begin(struct mw_histogram *histogram, const struct mw_layout *layout);

/* Counts `count` pixels as mw_sink.pixels hands them over. */
void mw_histogram_pixels(struct mw_histogram *histogram, const void *samples, size_t count);

/* Counts `count` pixels of one stored value. */
void mw_histogram_run(struct mw_histogram *histogram, uint32_t pattern, uint64_t count);

/* Completes the histogram. Errors: MW_NO_MEMORY; MW_LIMIT when the mask has more than `max_values`
 * distinct values; MW_BROKEN when pixels are missing. */
MW_MUST_CHECK enum mw_status mw_histogram_end(struct mw_histogram *histogram, struct mw_error *err);

/* The bit pattern of the pixel number `index` of `samples`. */
uint32_t mw_layout_pattern(const struct mw_layout *layout, const void *samples, size_t index);

/* The bit pattern of one sample of that pixel, where samples are not packed. */
uint32_t mw_layout_sample(const struct mw_layout *layout, const void *samples, size_t index,
                          size_t channel);

/* How many of `count` pixels, at least 1, that are not packed are equal to the first one. */
size_t mw_layout_run(const struct mw_layout *layout, const void *samples, size_t count);

/* Whether the pixel number `index` has an alpha of 0. */
bool mw_layout_transparent(const struct mw_layout *layout, const void *samples, size_t index);

/* The number that a stored bit pattern means. */
int64_t mw_layout_value(const struct mw_layout *layout, uint32_t pattern);

/* Visits each value that occurs once: `*cursor` begins at 0. False at the end. Dense patterns come
 * in ascending order, then the others in any order. */
bool mw_histogram_next(const struct mw_histogram *histogram, size_t *cursor, int64_t *value,
                       uint64_t *pixels);

#endif
