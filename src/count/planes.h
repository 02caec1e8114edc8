/* planes: one page of a multi-label mask: every sample of a pixel is a binary plane of one class. */
#ifndef MW_COUNT_PLANES_H
#define MW_COUNT_PLANES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "count/histogram.h"
#include "read/format.h"

/* Most planes of one page. */
enum { MW_PLANES_MAX = 4096 };

/* Zeroed is empty; reused for one page after the other. Memory: 2 KiB a plane, and more only where
 * samples are above 255. */
struct mw_planes {
    struct mw_layout layout;         /* of the page */
    struct mw_histogram *histograms; /* [capacity], of each sample of a pixel */
    size_t capacity;
    size_t count; /* planes of the page: samples of a pixel */
};

/* Empties the histograms for a page of this layout, in which up to `max_values` values are distinct, all
 * planes together. Errors: MW_LIMIT, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_planes_begin(struct mw_planes *planes,
                                             const struct mw_layout *layout, size_t max_values,
                                             struct mw_error *err);

/* Counts `count` pixels as mw_sink.pixels hands them over. */
void mw_planes_pixels(struct mw_planes *planes, const void *samples, size_t count);

/* Counts `count` pixels with the same stored value in every sample. */
void mw_planes_run(struct mw_planes *planes, uint32_t pattern, uint64_t count);

void mw_planes_free(struct mw_planes *planes);

#endif
