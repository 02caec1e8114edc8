#include "count/histogram.h"

#include <stdlib.h>
#include <string.h>

enum mw_status mw_histogram_init(struct mw_histogram *histogram, size_t bins, size_t max_values,
                                 struct mw_error *err) {
    *histogram = (struct mw_histogram){.bins = bins, .max_values = max_values};
    histogram->dense = calloc(bins, sizeof *histogram->dense);
    return histogram->dense ? MW_OK : mw_error_memory(err);
}

void mw_histogram_free(struct mw_histogram *histogram) {
    free(histogram->dense);
    free(histogram->sparse_keys);
    free(histogram->sparse_sums);
    *histogram = (struct mw_histogram){0};
}

/* Bins of `dense` that the mask at hand can touch. */
static size_t dense_bins(const struct mw_histogram *histogram) {
    const struct mw_layout *layout = &histogram->layout;
    if (layout->is_colour || layout->bits >= 16) return histogram->bins;
    return (size_t)1 << layout->bits;
}

void mw_histogram_begin(struct mw_histogram *histogram, const struct mw_layout *layout) {
    if (histogram->layout.bits)
        memset(histogram->dense, 0, dense_bins(histogram) * sizeof *histogram->dense);
    memset(histogram->packed, 0, sizeof histogram->packed);
    if (histogram->sparse_count)
        memset(histogram->sparse_sums, 0,
               histogram->sparse_capacity * sizeof *histogram->sparse_sums);
    histogram->sparse_count = 0;
    histogram->transparent = 0;
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
        if (histogram->sparse_count >= histogram->max_values) {
            histogram->failed = MW_LIMIT;
            return;
        }
        histogram->sparse_keys[place] = pattern;
        histogram->sparse_count++;
    }
    histogram->sparse_sums[place] += count;
}

void mw_histogram_run(struct mw_histogram *histogram, uint32_t pattern, uint64_t count) {
    if (pattern < histogram->bins) histogram->dense[pattern] += count;
    else sparse_add(histogram, pattern, count);
}

static uint64_t load_64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

/* How many of `count` pixels of `stride` bytes are equal to the first one: as long as every byte is
 * equal to the byte one pixel before it, compared eight at a time. */
static size_t run_length(const uint8_t *pixels, size_t stride, size_t count) {
    size_t end = count * stride, i = stride;
    while (end - i >= 8 && load_64(pixels + i) == load_64(pixels + i - stride)) i += 8;
    while (i < end && pixels[i] == pixels[i - stride]) i++;
    return i / stride;
}

/* Masks are long runs of one value: the histogram is touched once a run. */
static void count_bytes(uint64_t *bins, const uint8_t *samples, size_t count) {
    for (size_t i = 0, run; i < count; i += run) {
        run = run_length(samples + i, 1, count - i);
        bins[samples[i]] += run;
    }
}

static uint32_t load_16(const uint8_t *sample, bool big_endian) {
    if (big_endian) return (uint32_t)(sample[0] << 8 | sample[1]);
    uint16_t value;
    memcpy(&value, sample, sizeof value);
    return value;
}

/* Red, green and blue of 16 bits as one pattern. */
static uint32_t colour_16(const uint8_t *pixel, bool big_endian) {
    uint32_t colour = 0, inexact = 0;
    for (size_t i = 0; i < 3; i++) {
        uint32_t component = load_16(pixel + (size_t)2 * i, big_endian);
        colour = colour << 8 | component >> 8;
        if (component % 257 != 0) inexact = UINT32_C(1) << 24;
    }
    return colour | inexact;
}

static size_t stride_of(const struct mw_layout *layout) {
    return (size_t)layout->channels * layout->bits / 8;
}

uint32_t mw_layout_pattern(const struct mw_layout *layout, const void *samples, size_t index) {
    unsigned bits = layout->bits;
    const uint8_t *pixel = samples;
    if (bits < 8) {
        size_t bit = index * bits;
        return pixel[bit / 8] >> (8 - bits - bit % 8) & ((1U << bits) - 1);
    }
    pixel += index * stride_of(layout);
    if (layout->is_colour && bits == 8)
        return (uint32_t)pixel[0] << 16 | (uint32_t)pixel[1] << 8 | pixel[2];
    if (layout->is_colour) return colour_16(pixel, layout->big_endian);
    if (bits == 8) return *pixel;
    if (bits == 16) return load_16(pixel, layout->big_endian);
    uint32_t pattern;
    memcpy(&pattern, pixel, sizeof pattern);
    return pattern;
}

uint32_t mw_layout_sample(const struct mw_layout *layout, const void *samples, size_t index,
                          size_t channel) {
    struct mw_layout single = *layout;
    single.channels = 1;
    single.is_colour = false;
    return mw_layout_pattern(&single, samples, index * layout->channels + channel);
}

size_t mw_layout_run(const struct mw_layout *layout, const void *samples, size_t count) {
    return run_length(samples, stride_of(layout), count);
}

bool mw_layout_transparent(const struct mw_layout *layout, const void *samples, size_t index) {
    if (!layout->has_alpha) return false;
    const uint8_t *pixel = (const uint8_t *)samples + index * stride_of(layout);
    static const uint8_t clear[sizeof(uint32_t)];
    size_t size = layout->bits / 8;
    return memcmp(pixel + (layout->is_colour ? 3 : 1) * size, clear, size) == 0;
}

/* Whole pixels of any layout that is not packed, run by run. */
static void count_pixels(struct mw_histogram *histogram, const uint8_t *samples, size_t count) {
    const struct mw_layout *layout = &histogram->layout;
    size_t stride = stride_of(layout);
    for (size_t i = 0, run; i < count; i += run) {
        const uint8_t *pixel = samples + i * stride;
        run = run_length(pixel, stride, count - i);
        bool skip = histogram->skip_transparent && mw_layout_transparent(layout, pixel, 0);
        if (skip) histogram->transparent += run;
        else mw_histogram_run(histogram, mw_layout_pattern(layout, pixel, 0), run);
    }
}

/* Counts whole bytes of packed samples; the samples of the last, partial byte one by one. */
static void count_packed(struct mw_histogram *histogram, const uint8_t *samples, size_t count) {
    unsigned per_byte = 8 / histogram->layout.bits;
    size_t bytes = count / per_byte;
    count_bytes(histogram->packed, samples, bytes);
    for (size_t i = bytes * per_byte; i < count; i++)
        histogram->dense[mw_layout_pattern(&histogram->layout, samples, i)]++;
}

void mw_histogram_pixels(struct mw_histogram *histogram, const void *samples, size_t count) {
    const struct mw_layout *layout = &histogram->layout;
    if (count == 0) return;
    if (layout->bits < 8) count_packed(histogram, samples, count);
    else if (stride_of(layout) == 1) count_bytes(histogram->dense, samples, count);
    else count_pixels(histogram, samples, count);
}

static void spread_packed(struct mw_histogram *histogram) {
    unsigned bits = histogram->layout.bits;
    for (unsigned byte = 0; byte < 256; byte++) {
        if (!histogram->packed[byte]) continue;
        for (unsigned shift = 0; shift < 8; shift += bits)
            histogram->dense[byte >> shift & ((1U << bits) - 1)] += histogram->packed[byte];
    }
}

static enum mw_status too_many_values(const struct mw_histogram *histogram, struct mw_error *err) {
    return mw_error_set(err, MW_LIMIT,
                        "more than %zu distinct values (--max-values): not a label mask",
                        histogram->max_values);
}

enum mw_status mw_histogram_end(struct mw_histogram *histogram, struct mw_error *err) {
    const struct mw_layout *layout = &histogram->layout;
    if (histogram->failed == MW_NO_MEMORY) return mw_error_memory(err);
    if (histogram->failed) return too_many_values(histogram, err);
    if (layout->bits < 8) spread_packed(histogram);
    uint64_t total = histogram->transparent, pixels, values = 0;
    int64_t value;
    for (size_t cursor = 0; mw_histogram_next(histogram, &cursor, &value, &pixels); values++)
        total += pixels;
    if (values > histogram->max_values) return too_many_values(histogram, err);
    if (total == (uint64_t)layout->width * layout->height) return MW_OK;
    return mw_error_set(err, MW_BROKEN, "pixels are missing");
}

int64_t mw_layout_value(const struct mw_layout *layout, uint32_t pattern) {
    uint32_t sign = UINT32_C(1) << (layout->bits - 1);
    if (layout->is_colour || !layout->is_signed || !(pattern & sign)) return pattern;
    return (int64_t)pattern - ((int64_t)1 << layout->bits);
}

/* The first bin from `cursor` on that is not 0, or `end`. Most of 65,536 values do not occur: they are
 * passed over eight at a time. */
static size_t next_bin(const uint64_t *bins, size_t cursor, size_t end) {
    for (; cursor + 8 <= end; cursor += 8) {
        const uint64_t *b = bins + cursor;
        if (b[0] | b[1] | b[2] | b[3] | b[4] | b[5] | b[6] | b[7]) break;
    }
    while (cursor < end && !bins[cursor]) cursor++;
    return cursor;
}

bool mw_histogram_next(const struct mw_histogram *histogram, size_t *cursor, int64_t *value,
                       uint64_t *pixels) {
    size_t bins = dense_bins(histogram);
    if (*cursor < bins) *cursor = next_bin(histogram->dense, *cursor, bins);
    if (*cursor < bins) {
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
