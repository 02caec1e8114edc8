/* weigh: counts -> weights. Scheme over the classes that occur -> clip -> normalise over them ->
 * fill the classes without pixels. */
#ifndef MW_WEIGH_WEIGH_H
#define MW_WEIGH_WEIGH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "count/counts.h"
#include "weigh/scheme.h"

/* Rows of mw_normalize_names. Over the classes that occur: */
enum mw_normalize {
    MW_NORMALIZE_NONE,
    MW_NORMALIZE_SUM,       /* the weights add up to 1 */
    MW_NORMALIZE_MEAN,      /* their mean is 1 */
    MW_NORMALIZE_MIN,       /* the least is 1 */
    MW_NORMALIZE_MAX,       /* the largest is 1 */
    MW_NORMALIZE_PIXEL_MEAN /* sum of n w = sum of n: the mean over pixels is 1 */
};
extern const char *const mw_normalize_names[];
extern const size_t mw_normalize_count;

/* Rows of mw_zero_class_names: the weight of a class without pixels. */
enum mw_zero_class {
    MW_ZERO_CLASS_ZERO,
    MW_ZERO_CLASS_ONE,
    MW_ZERO_CLASS_MAX,     /* the largest weight of a class that occurs */
    MW_ZERO_CLASS_FORMULA, /* the scheme's own value, clipped and scaled like the others */
    MW_ZERO_CLASS_ERROR
};
extern const char *const mw_zero_class_names[];
extern const size_t mw_zero_class_count;

struct mw_weigh_options {
    enum mw_normalize normalize;
    enum mw_zero_class zero_class;
    double min_weight;     /* NaN: none */
    double max_weight;     /* NaN: none */
    bool skip_empty;       /* leave out the masks without a foreground pixel */
    bool ignored_in_total; /* ignored pixels are part of N and I_c */
    bool observed;         /* no classes are declared: K is how many occur in what is weighed */
    bool multi_label;      /* pixels carry several classes or none: N is each class's own */
};

/* One scheme's weights. `class_weight` and `weight_share` run parallel to mw_counts.classes. */
struct mw_weights {
    struct mw_scheme_request request;
    struct mw_weigh_options options; /* as they were applied: pos-weight is never normalised */
    size_t count;                    /* classes */
    size_t present;                  /* those that occur in what is weighed */
    uint64_t *pixels;                /* [count], n: pixels in what is weighed */
    double *fraction;                /* [count], f: their share of N without ignored pixels */
    double *class_weight;            /* [count], finite */
    double *weight_share; /* [count], n w / sum of n w: the class's share of the loss, were every
                             pixel's loss equal; for pos-weight w n / (w n + N - n) */
    bool has_shares;      /* else weight_share has no meaning: multi-label, but for pos-weight */
};

/* Weighs finished counts by one scheme. Where no class occurs, all are weighed as classes without
 * pixels. Errors: MW_USAGE (a scheme, normalisation or option that has no meaning for multi-label
 * masks; a class without pixels under MW_ZERO_CLASS_ERROR, or without a finite value under
 * MW_ZERO_CLASS_FORMULA; weights that are too large or small to represent), MW_NO_MEMORY. Free it with mw_weights_free in any
 * case. */
MW_MUST_CHECK enum mw_status mw_weigh(struct mw_weights *weights,
                                      const struct mw_scheme_request *request,
                                      const struct mw_weigh_options *options,
                                      const struct mw_counts *counts, struct mw_error *err);
/* What counts stand for. */
struct mw_weigh_scale {
    double
        expansion;  /* of pixels and masks: to as many as all masks have; 1 where all are counted */
    size_t classes; /* K; 0: as the options and the counts say */
};

/* The same of counts that stand for others: mw_weigh scales the counts of a sample by
 * mw_subset_expansion, which the schemes feel that do not divide counts by counts (dice, effective). */
MW_MUST_CHECK enum mw_status mw_weigh_scaled(struct mw_weights *weights,
                                             const struct mw_scheme_request *request,
                                             const struct mw_weigh_options *options,
                                             const struct mw_weigh_scale *scale,
                                             const struct mw_counts *counts, struct mw_error *err);

/* The masks with a class in what is weighed; `place` is its place. */
uint64_t mw_weighed_masks(const struct mw_counts *counts, const struct mw_weigh_options *options,
                          size_t place);

void mw_weights_free(struct mw_weights *weights);

#endif
