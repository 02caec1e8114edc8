#include "count/histogram.h"

#include <stdlib.h>
#include <string.h>

#include "count/labels.h"

enum mw_status mw_histogram_init(struct mw_histogram *histogram, struct mw_error *err) {
    *histogram = (struct mw_histogram){0};
    histogram->dense = calloc(MW_DENSE_BINS, sizeof *histogram->dense);
    return histogram->dense ? MW_OK : mw_error_memory(err);
}

void mw_histogram_free(struct mw_histogram *histogram) {
    free(histogram->dense);
    free(histogram->sparse_keys);
    free(histogram->sparse_sums);
    *histogram = (struct mw_histogram){0};
}

/* Bins of `dense` that a mask of this depth can touch. */
static size_t dense_bins(const struct mw_layout *layout) {
    return layout->bits >= 16 ? MW_DENSE_BINS : (size_t)1 << layout->bits;
}

void mw_histogram_begin(struct mw_histogram *histogram, const struct mw_layout *layout) {
    if (histogram->layout.bits)
        memset(histogram->dense, 0, dense_bins(&histogram->layout) * sizeof *histogram->dense);
    memset(histogram->packed, 0, sizeof histogram->packed);
    if (histogram->sparse_count)
        memset(histogram->sparse_sums, 0,
               histogram->sparse_capacity * sizeof *histogram->sparse_sums);
    histogram->sparse_count = 0;
    histogram->failed = MW_OK;
    histogram->layout = *layout;
}

/* The place of a pattern in the hash table, or the free place where it belongs. */
static size_t sparse_place(const struct mw_histogram *histogram, uint32_t pattern) {
    size_t mask = histogram->sparse_capacity - 1;
    uint32_t hash = pattern * UINT32_C(2654435769); /* Fibonacci hashing, high bits folded in */
    size_t place = (hash ^ hash >> 16) & mask;
    while (histogram->sparse_sums[place] && histogram->sparse_keys[place] != pattern)
        place = (place + 1) & mask;
    return place;
}

static bool sparse_grow(struct mw_histogram *histogram) {
    struct mw_histogram old = *histogram;
    size_t capacity = old.sparse_capacity ? 2 * old.sparse_capacity : 1024;
    histogram->sparse_keys = calloc(capacity, sizeof *histogram->sparse_keys);
    histogram->sparse_sums = calloc(capacity, sizeof *histogram->sparse_sums);
    if (!histogram->sparse_keys || !histogram->sparse_sums) {
        free(histogram->sparse_keys);
        free(histogram->sparse_sums);
        histogram->sparse_keys = old.sparse_keys;
        histogram->sparse_sums = old.sparse_sums;
        histogram->failed = MW_NO_MEMORY;
        return false;
    }
    histogram->sparse_capacity = capacity;
    for (size_t i = 0; i < old.sparse_capacity; i++) {
        if (!old.sparse_sums[i]) continue;
        size_t place = sparse_place(histogram, old.sparse_keys[i]);
        histogram->sparse_keys[place] = old.sparse_keys[i];
        histogram->sparse_sums[place] = old.sparse_sums[i];
    }
    free(old.sparse_keys);
    free(old.sparse_sums);
    return true;
}

static void sparse_add(struct mw_histogram *histogram, uint32_t pattern, uint64_t count) {
    if (histogram->failed || count == 0) return;
    if (2 * histogram->sparse_count >= histogram->sparse_capacity && !sparse_grow(histogram))
        return;
    size_t place = sparse_place(histogram, pattern);
    if (!histogram->sparse_sums[place]) {
        if (histogram->sparse_count >= MW_MAX_CLASSES) {
            histogram->failed = MW_LIMIT;
            return;
        }
        histogram->sparse_keys[place] = pattern;
        histogram->sparse_count++;
    }
    histogram->sparse_sums[place] += count;
}

void mw_histogram_run(struct mw_histogram *histogram, uint32_t pattern, uint64_t count) {
    if (pattern < MW_DENSE_BINS) histogram->dense[pattern] += count;
    else sparse_add(histogram, pattern, count);
}

/* Masks are long runs of one value: compare eight bytes with the run at a time, and touch the
 * histogram once a run. */
static void count_bytes(uint64_t *bins, const uint8_t *samples, size_t count) {
    for (size_t i = 0; i < count;) {
        size_t start = i;
        uint8_t value = samples[i];
        uint64_t broadcast = value * UINT64_C(0x0101010101010101), eight;
        for (; count - i >= 8; i += 8) {
            memcpy(&eight, samples + i, 8);
            if (eight != broadcast) break;
        }
        while (i < count && samples[i] == value) i++;
        bins[value] += i - start;
    }
}

static uint16_t load_16(const uint8_t *sample, bool big_endian) {
    if (big_endian) return (uint16_t)(sample[0] << 8 | sample[1]);
    uint16_t value;
    memcpy(&value, sample, sizeof value);
    return value;
}

/* Runs again, four samples at a time; equality does not depend on the byte order. */
static void count_words(uint64_t *bins, const uint8_t *samples, size_t count, bool big_endian) {
    for (size_t i = 0; i < count;) {
        size_t start = i;
        uint16_t stored;
        memcpy(&stored, samples + 2 * i, 2);
        uint64_t broadcast = stored * UINT64_C(0x0001000100010001), four;
        for (; count - i >= 4; i += 4) {
            memcpy(&four, samples + 2 * i, 8);
            if (four != broadcast) break;
        }
        while (i < count && memcmp(samples + 2 * i, &stored, 2) == 0) i++;
        bins[load_16(samples + 2 * start, big_endian)] += i - start;
    }
}

static void count_longs(struct mw_histogram *histogram, const uint8_t *samples, size_t count) {
    for (size_t i = 0; i < count;) {
        size_t start = i;
        uint32_t value, next;
        memcpy(&value, samples + 4 * i, 4);
        do {
            if (++i == count) break;
            memcpy(&next, samples + 4 * i, 4);
        } while (next == value);
        mw_histogram_run(histogram, value, i - start);
    }
}

/* The first of several channels. */
static void count_channel(struct mw_histogram *histogram, const uint8_t *samples, size_t count) {
    const struct mw_layout *layout = &histogram->layout;
    size_t stride = (size_t)layout->channels * layout->bits / 8;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *sample = samples + i * stride;
        histogram->dense[layout->bits == 8 ? *sample : load_16(sample, layout->big_endian)]++;
    }
}

/* Counts whole bytes of packed samples; the samples of the last, partial byte one by one. */
static void count_packed(struct mw_histogram *histogram, const uint8_t *samples, size_t count) {
    unsigned bits = histogram->layout.bits, per_byte = 8 / bits;
    size_t bytes = count / per_byte;
    count_bytes(histogram->packed, samples, bytes);
    for (unsigned i = 0; i < count % per_byte; i++)
        histogram->dense[samples[bytes] >> (8 - bits * (i + 1)) & ((1U << bits) - 1)]++;
}

void mw_histogram_pixels(struct mw_histogram *histogram, const void *samples, size_t count) {
    const struct mw_layout *layout = &histogram->layout;
    if (layout->channels > 1) count_channel(histogram, samples, count);
    else if (layout->bits == 8) count_bytes(histogram->dense, samples, count);
    else if (layout->bits == 16) count_words(histogram->dense, samples, count, layout->big_endian);
    else if (layout->bits == 32) count_longs(histogram, samples, count);
    else count_packed(histogram, samples, count);
}

static void spread_packed(struct mw_histogram *histogram) {
    unsigned bits = histogram->layout.bits;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!histogram->packed[byte]) continue;
        for (unsigned shift = 0; shift < 8; shift += bits)
            histogram->dense[byte >> shift & ((1U << bits) - 1)] += histogram->packed[byte];
    }
}

static enum mw_status too_many_values(struct mw_error *err) {
    return mw_error_set(err, MW_LIMIT, "more than %d distinct values: not a label mask",
                        MW_MAX_CLASSES);
}

enum mw_status mw_histogram_end(struct mw_histogram *histogram, struct mw_error *err) {
    const struct mw_layout *layout = &histogram->layout;
    if (histogram->failed == MW_NO_MEMORY) return mw_error_memory(err);
    if (histogram->failed) return too_many_values(err);
    if (layout->bits < 8) spread_packed(histogram);
    uint64_t total = 0, pixels, values = 0;
    int64_t value;
    for (size_t cursor = 0; mw_histogram_next(histogram, &cursor, &value, &pixels); values++)
        total += pixels;
    if (values > MW_MAX_CLASSES) return too_many_values(err);
    if (total == (uint64_t)layout->width * layout->height) return MW_OK;
    return mw_error_set(err, MW_BROKEN, "pixels are missing");
}

int64_t mw_layout_value(const struct mw_layout *layout, uint32_t pattern) {
    uint32_t sign = UINT32_C(1) << (layout->bits - 1);
    if (!layout->is_signed || !(pattern & sign)) return pattern;
    return (int64_t)pattern - ((int64_t)1 << layout->bits);
}

bool mw_histogram_next(const struct mw_histogram *histogram, size_t *cursor, int64_t *value,
                       uint64_t *pixels) {
    size_t bins = dense_bins(&histogram->layout);
    for (; *cursor < bins; ++*cursor) {
        if (!histogram->dense[*cursor]) continue;
        *value = mw_layout_value(&histogram->layout, (uint32_t)*cursor);
        *pixels = histogram->dense[(*cursor)++];
        return true;
    }
    for (; histogram->sparse_count && *cursor - bins < histogram->sparse_capacity; ++*cursor) {
        size_t place = *cursor - bins;
        if (!histogram->sparse_sums[place]) continue;
        *value = mw_layout_value(&histogram->layout, histogram->sparse_keys[place]);
        *pixels = histogram->sparse_sums[place];
        ++*cursor;
        return true;
    }
    return false;
}
