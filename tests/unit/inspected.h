/* inspected: inspections made from histograms by hand, without reading a mask. */
#ifndef TESTS_UNIT_INSPECTED_H
#define TESTS_UNIT_INSPECTED_H

#include "support.h"

#include "count/histogram.h"
#include "count/inspection.h"

/* Pixels of one stored pattern. */
struct run {
    uint32_t pattern;
    uint64_t pixels;
};

static struct mw_histogram histogram;

static inline int start_histogram(void **state) {
    struct mw_error err;
    (void)state;
    assert_ok(mw_histogram_init(&histogram, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    return 0;
}

static inline int stop_histogram(void **state) {
    (void)state;
    mw_histogram_free(&histogram);
    return 0;
}

/* Fills `histogram` with a mask of one row. */
static inline void fill_histogram(const struct mw_layout *kind, const struct run *runs,
                                  size_t count) {
    struct mw_layout layout = *kind;
    struct mw_error err;
    uint64_t pixels = 0;
    for (size_t i = 0; i < count; i++) pixels += runs[i].pixels;
    layout.width = (uint32_t)pixels;
    layout.height = 1;
    mw_histogram_begin(&histogram, &layout);
    for (size_t i = 0; i < count; i++)
        mw_histogram_run(&histogram, runs[i].pattern, runs[i].pixels);
    assert_ok(mw_histogram_end(&histogram, &err), &err);
}

/* Adds such a mask. */
static inline void inspect_mask(struct mw_inspection *inspection, const struct mw_layout *kind,
                                const struct run *runs, size_t count, const char *path,
                                uint32_t page) {
    struct mw_error err;
    fill_histogram(kind, runs, count);
    assert_ok(mw_inspection_add_mask(inspection, &histogram, mw_formats[0], path, page, &err),
              &err);
}

#define GREY_8 ((struct mw_layout){.bits = 8, .channels = 1})
#define GREY_16 ((struct mw_layout){.bits = 16, .channels = 1})
#define RGB_8 ((struct mw_layout){.bits = 8, .channels = 3, .is_colour = true})

#endif
