/* made: counts and weights made by hand, without reading a mask. */
#ifndef TESTS_UNIT_MADE_H
#define TESTS_UNIT_MADE_H

#include "support.h"

#include "count/counts.h"
#include "count/mask.h"
#include "weigh/weigh.h"

/* --- Counts ------------------------------------------------------------------------------------ */

/* A mask as its histogram: pixels by class id, and those left out. */
struct made_mask {
    uint64_t pixels[6]; /* of class 0, 1, ... */
    uint64_t ignored;
};

static inline void add_made_mask(struct mw_counts *counts, const struct mw_labels *labels,
                                 const struct made_mask *made) {
    struct mw_class_pixels classes[COUNT(made->pixels)];
    struct mw_mask mask = {.classes = classes, .ignored_pixels = made->ignored};
    struct mw_error err;
    for (uint32_t id = 0; id < COUNT(made->pixels); id++) {
        if (made->pixels[id] == 0) continue;
        classes[mask.count++] = (struct mw_class_pixels){.id = id, .pixels = made->pixels[id]};
        mask.pixels += made->pixels[id];
    }
    counts->files++;
    assert_ok(mw_counts_add_mask(counts, &mask, labels, &err), &err);
}

/* Counts of a dataset of `count` masks, finished. Free them with mw_counts_free. */
static inline void make_counts(struct mw_counts *counts, const struct mw_labels *labels,
                               const struct made_mask *masks, size_t count) {
    struct mw_error err;
    mw_counts_init(counts);
    for (size_t i = 0; i < count; i++) add_made_mask(counts, labels, &masks[i]);
    assert_ok(mw_counts_finish(counts, labels, &err), &err);
}

/* Settings of `classes` declared classes (0: those that occur), of which 0 is background. */
static inline struct mw_labels made_labels(uint32_t classes) {
    struct mw_labels settings = {.classes = classes};
    struct mw_error err;
    assert_ok(mw_labels_resolve(&settings, &err), &err);
    return settings;
}

/* --- Equality -------------------------------------------------------------------------------- */

static inline void assert_tally(const struct mw_class_tally *tally, uint64_t pixels, uint64_t masks,
                                uint64_t mask_pixels, uint64_t mask_ignored_pixels) {
    assert_int_equal(tally->pixels, pixels);
    assert_int_equal(tally->masks, masks);
    assert_int_equal(tally->mask_pixels, mask_pixels);
    assert_int_equal(tally->mask_ignored_pixels, mask_ignored_pixels);
}

static inline void assert_tallies_equal(const struct mw_class_tally *a,
                                        const struct mw_class_tally *b) {
    assert_tally(a, b->pixels, b->masks, b->mask_pixels, b->mask_ignored_pixels);
}

static inline void assert_places_equal(const struct mw_place_list *a,
                                       const struct mw_place_list *b) {
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->kept, b->kept);
    for (size_t i = 0; i < a->kept; i++) {
        assert_string_equal(a->places[i].path, b->places[i].path);
        assert_int_equal(a->places[i].source, b->places[i].source);
        assert_int_equal(!a->places[i].message, !b->places[i].message);
        if (a->places[i].message) assert_string_equal(a->places[i].message, b->places[i].message);
    }
}

/* Both are finished. */
static inline void assert_counts_equal(const struct mw_counts *a, const struct mw_counts *b) {
    assert_int_equal(a->files, b->files);
    assert_int_equal(a->masks, b->masks);
    assert_int_equal(a->empty_masks, b->empty_masks);
    assert_int_equal(a->ignored_masks, b->ignored_masks);
    assert_int_equal(a->pixels, b->pixels);
    assert_int_equal(a->ignored_pixels, b->ignored_pixels);
    assert_int_equal(a->unknown_pixels, b->unknown_pixels);
    assert_int_equal(a->empty_pixels, b->empty_pixels);
    assert_int_equal(a->empty_ignored_pixels, b->empty_ignored_pixels);
    assert_int_equal(a->ignored_mask_ignored_pixels, b->ignored_mask_ignored_pixels);
    assert_int_equal(a->skipped_files, b->skipped_files);
    assert_int_equal(a->complete, b->complete);
    assert_int_equal(a->digest.high, b->digest.high);
    assert_int_equal(a->digest.low, b->digest.low);
    assert_int_equal(a->class_count, b->class_count);
    for (size_t i = 0; i < a->class_count; i++) {
        assert_int_equal(a->classes[i].id, b->classes[i].id);
        assert_tallies_equal(&a->classes[i].all, &b->classes[i].all);
        assert_tallies_equal(&a->classes[i].in_empty_masks, &b->classes[i].in_empty_masks);
    }
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++)
        assert_places_equal(&a->findings[i], &b->findings[i]);
    assert_places_equal(&a->failures, &b->failures);
}

/* --- Weights ----------------------------------------------------------------------------------- */

static inline struct mw_weigh_options plain_options(void) {
    return (struct mw_weigh_options){.min_weight = (double)NAN, .max_weight = (double)NAN};
}

static inline enum mw_status try_weigh(struct mw_weights *weights, const char *scheme,
                                       const struct mw_weigh_options *options,
                                       const struct mw_counts *counts, struct mw_error *err) {
    struct mw_scheme_request request;
    assert_ok(mw_scheme_parse(&request, scheme, err), err);
    return mw_weigh(weights, &request, options, counts, err);
}

/* Weighs by a scheme as the command line names it. Free it with mw_weights_free. */
static inline struct mw_weights weigh(const char *scheme, const struct mw_weigh_options *options,
                                      const struct mw_counts *counts) {
    struct mw_weights weights;
    struct mw_error err;
    assert_ok(try_weigh(&weights, scheme, options, counts, &err), &err);
    return weights;
}

static inline void check_reals(const double *values, const double *wanted, size_t count,
                               const char *file, int line) {
    for (size_t i = 0; i < count; i++) {
        if (fabs(values[i] - wanted[i]) <= 1e-12 * fabs(wanted[i])) continue;
        print_error("%s:%d: [%zu] is %.17g, not %.17g\n", file, line, i, values[i], wanted[i]);
        _fail(file, line);
    }
}

/* The array begins with these numbers, but for the rounding of a few operations. */
#define assert_reals(values, ...)                                                                  \
    check_reals(values, (const double[]){__VA_ARGS__},                                             \
                sizeof((const double[]){__VA_ARGS__}) / sizeof(double), __FILE__, __LINE__)

#endif
