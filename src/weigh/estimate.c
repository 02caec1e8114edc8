#include "weigh/estimate.h"

#include <math.h>
#include <stdlib.h>

/* Student's t with 31 degrees of freedom, at 0.975. */
static const double student_t = 2.0395134463964077;

bool mw_interval_known(struct mw_interval interval) {
    return !isnan(interval.low);
}

double mw_interval_relative(struct mw_interval interval) {
    return interval.high > 0 ? sqrt(interval.high / interval.low) - 1 : 0;
}

struct mw_interval mw_estimate_of_weight(const struct mw_estimates *estimates, size_t scheme,
                                         size_t place) {
    return estimates->weights[scheme * estimates->classes + place];
}

static void subtract_tally(struct mw_class_tally *from, const struct mw_class_tally *part) {
    from->pixels -= part->pixels;
    from->masks -= part->masks;
    from->mask_pixels -= part->mask_pixels;
    from->mask_ignored_pixels -= part->mask_ignored_pixels;
    from->valid_pixels -= part->valid_pixels;
    from->planes -= part->planes;
}

/* What is left of the counts without a group, as far as weights need it. `rest` has room for the classes. */
static void subtract(struct mw_counts *rest, const struct mw_counts *all,
                     const struct mw_counts *group) {
    struct mw_class_counts *classes = rest->classes;
    *rest = (struct mw_counts){
        .files = all->files - group->files,
        .masks = all->masks - group->masks,
        .pixels = all->pixels - group->pixels,
        .ignored_pixels = all->ignored_pixels - group->ignored_pixels,
        .empty_pixels = all->empty_pixels - group->empty_pixels,
        .empty_ignored_pixels = all->empty_ignored_pixels - group->empty_ignored_pixels,
        .ignored_mask_ignored_pixels = all->ignored_mask_ignored_pixels -
                                       group->ignored_mask_ignored_pixels,
        .classes = classes,
        .class_count = all->class_count,
    };
    for (size_t i = 0; i < all->class_count; i++) {
        const struct mw_class_counts *part = mw_counts_find(group, all->classes[i].id);
        classes[i] = all->classes[i];
        if (!part) continue;
        subtract_tally(&classes[i].all, &part->all);
        subtract_tally(&classes[i].in_empty_masks, &part->in_empty_masks);
    }
}

/* Adds the square of a deviation to `sum`, which becomes NaN where there is none. */
static void add_deviation(double *sum, double value, double without) {
    double deviation = without > value || without < value ? log(without / value) : 0;
    *sum += isfinite(deviation) ? deviation * deviation : (double)NAN;
}

/* The sums of squares are kept in the low ends of the intervals until they are known. */
static enum mw_status add_group(struct mw_estimates *estimates, const struct mw_counts *counts,
                                const struct mw_weights *weights, const struct mw_counts *rest,
                                struct mw_error *err) {
    const struct mw_weigh_scale whole = {.expansion = mw_subset_expansion(&counts->subset)};
    for (size_t i = 0; i < counts->class_count; i++)
        add_deviation(&estimates->fractions[i].low, mw_counts_fraction(counts, &counts->classes[i]),
                      mw_counts_fraction(rest, &rest->classes[i]));
    for (size_t j = 0; j < estimates->schemes; j++) {
        struct mw_interval *intervals = &estimates->weights[j * estimates->classes];
        struct mw_weights again = {0};
        struct mw_weigh_options options = weights[j].options;
        struct mw_weigh_scale scale = whole;
        if (rest->files) scale.expansion *= (double)counts->files / (double)rest->files;
        scale.classes = options.observed ? weights[j].present : weights[j].count;
        options.zero_class = MW_ZERO_CLASS_ZERO; /* a class that is gone has no interval */
        enum mw_status status =
            mw_weigh_scaled(&again, &weights[j].request, &options, &scale, rest, err);
        for (size_t i = 0; i < counts->class_count && status != MW_NO_MEMORY; i++)
            add_deviation(&intervals[i].low, weights[j].class_weight[i],
                          status ? (double)INFINITY : again.class_weight[i]);
        mw_weights_free(&again);
        if (status == MW_NO_MEMORY) return status;
    }
    return MW_OK;
}

/* Turns a sum of squares into the interval around a value. */
static void finish(struct mw_interval *interval, double value, uint64_t masks, double unseen) {
    double groups = MW_SUBSET_GROUPS;
    double width = student_t * sqrt(unseen * (groups - 1) / groups * interval->low);
    if (unseen == 0) width = 0; /* whatever a group would change */
    bool known = unseen == 0 || (masks >= MW_ESTIMATE_LEAST_MASKS && isfinite(width));
    *interval = known ? (struct mw_interval){value * exp(-width), value * exp(width)}
                      : (struct mw_interval){(double)NAN, (double)NAN};
}

static void finish_all(struct mw_estimates *estimates, const struct mw_counts *counts,
                       const struct mw_weights *weights) {
    double unseen = 1 - 1 / mw_subset_expansion(&counts->subset);
    for (size_t i = 0; i < counts->class_count; i++) {
        const struct mw_class_counts *row = &counts->classes[i];
        finish(&estimates->fractions[i], mw_counts_fraction(counts, row), row->all.masks, unseen);
        for (size_t j = 0; j < estimates->schemes; j++)
            finish(&estimates->weights[j * estimates->classes + i], weights[j].class_weight[i],
                   mw_weighed_masks(counts, &weights[j].options, i), unseen);
    }
}

enum mw_status mw_estimate(struct mw_estimates *estimates, const struct mw_counts *counts,
                           const struct mw_weights *weights, size_t weight_count,
                           struct mw_error *err) {
    size_t classes = counts->class_count;
    *estimates = (struct mw_estimates){.classes = classes, .schemes = weight_count};
    if (!mw_subset_active(&counts->subset)) return MW_OK;
    struct mw_counts rest = {.classes = calloc(classes + 1, sizeof *rest.classes)};
    estimates->fractions = calloc(classes + 1, sizeof *estimates->fractions);
    estimates->weights = calloc(classes * weight_count + 1, sizeof *estimates->weights);
    if (!rest.classes || !estimates->fractions || !estimates->weights) {
        free(rest.classes);
        return mw_error_memory(err);
    }
    enum mw_status status = MW_OK;
    for (unsigned i = 0; counts->groups && i < MW_SUBSET_GROUPS && !status; i++) {
        subtract(&rest, counts, &counts->groups[i]);
        status = add_group(estimates, counts, weights, &rest, err);
    }
    if (!status) finish_all(estimates, counts, weights);
    free(rest.classes);
    return status;
}

void mw_estimates_free(struct mw_estimates *estimates) {
    free(estimates->fractions);
    free(estimates->weights);
    *estimates = (struct mw_estimates){0};
}
