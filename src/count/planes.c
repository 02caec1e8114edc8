#include "count/planes.h"

#include <inttypes.h>
#include <stdlib.h>

/* Bins of a plane's histogram: binary planes hold two values, and mostly bytes. */
enum { PLANE_BINS = 256 };

static enum mw_status reserve(struct mw_planes *planes, size_t count, struct mw_error *err) {
    if (count <= planes->capacity) return MW_OK;
    struct mw_histogram *histograms = realloc(planes->histograms, count * sizeof *histograms);
    if (!histograms) return mw_error_memory(err);
    planes->histograms = histograms;
    for (; planes->capacity < count; planes->capacity++) {
        struct mw_histogram *histogram = &histograms[planes->capacity];
        enum mw_status status = mw_histogram_init(histogram, PLANE_BINS, 0, err);
        if (status) return status;
    }
    return MW_OK;
}

enum mw_status mw_planes_begin(struct mw_planes *planes, const struct mw_layout *layout,
                               size_t max_values, struct mw_error *err) {
    if (layout->channels > MW_PLANES_MAX)
        return mw_error_set(err, MW_LIMIT, "%" PRIu32 " samples per pixel are more than %d planes",
                            layout->channels, MW_PLANES_MAX);
    enum mw_status status = reserve(planes, layout->channels, err);
    if (status) return status;
    struct mw_layout single = *layout;
    single.channels = 1;
    single.is_colour = single.has_alpha = false;
    single.nodata = layout->nodata_sample;
    planes->layout = *layout;
    planes->count = layout->channels;
    size_t most = max_values > planes->count ? max_values / planes->count : 1;
    for (size_t i = 0; i < planes->count; i++) {
        planes->histograms[i].max_values = most;
        mw_histogram_begin(&planes->histograms[i], &single);
    }
    return MW_OK;
}

/* Pixels that are equal in all their samples are counted at once. */
void mw_planes_pixels(struct mw_planes *planes, const void *samples, size_t count) {
    const struct mw_layout *layout = &planes->layout;
    size_t stride = (size_t)layout->channels * layout->bits / 8;
    if (planes->count == 1) {
        mw_histogram_pixels(&planes->histograms[0], samples, count);
        return;
    }
    for (size_t i = 0, run; i < count; i += run) {
        const unsigned char *pixel = (const unsigned char *)samples + i * stride;
        run = mw_layout_run(layout, pixel, count - i);
        for (size_t plane = 0; plane < planes->count; plane++)
            mw_histogram_run(&planes->histograms[plane], mw_layout_sample(layout, pixel, 0, plane),
                             run);
    }
}

/* A colour of 8 bits is three samples in one pattern. */
void mw_planes_run(struct mw_planes *planes, uint32_t pattern, uint64_t count) {
    for (size_t plane = 0; plane < planes->count; plane++)
        mw_histogram_run(&planes->histograms[plane], pattern, count);
}

void mw_planes_free(struct mw_planes *planes) {
    for (size_t i = 0; i < planes->capacity; i++) mw_histogram_free(&planes->histograms[i]);
    free(planes->histograms);
    *planes = (struct mw_planes){0};
}
