#include "weigh/weigh.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

const char *const mw_normalize_names[] = {"none", "sum", "mean", "min", "max", "pixel-mean"};
const size_t mw_normalize_count = sizeof mw_normalize_names / sizeof mw_normalize_names[0];

const char *const mw_zero_class_names[] = {"zero", "one", "max", "formula", "error"};
const size_t mw_zero_class_count = sizeof mw_zero_class_names / sizeof mw_zero_class_names[0];

/* The counts as the options see them. */
struct view {
    const struct mw_counts *counts;
    struct mw_weigh_options options;
    struct mw_weigh_scale scale;
    struct mw_class_term *terms; /* [class_count] */
};

static struct mw_class_tally tally_of(const struct view *view, size_t index) {
    const struct mw_class_counts *counts = &view->counts->classes[index];
    struct mw_class_tally tally = counts->all;
    if (view->options.skip_empty) {
        tally.pixels -= counts->in_empty_masks.pixels;
        tally.masks -= counts->in_empty_masks.masks;
        tally.mask_pixels -= counts->in_empty_masks.mask_pixels;
        tally.mask_ignored_pixels -= counts->in_empty_masks.mask_ignored_pixels;
        tally.valid_pixels -= counts->in_empty_masks.valid_pixels;
    }
    return tally;
}

/* N without ignored pixels. */
static uint64_t labelled_of(const struct view *view) {
    return view->counts->pixels - (view->options.skip_empty ? view->counts->empty_pixels : 0);
}

/* The ignored pixels that are part of N. */
static uint64_t ignored_of(const struct view *view) {
    const struct mw_counts *counts = view->counts;
    if (!view->options.ignored_in_total) return 0;
    if (!view->options.skip_empty) return counts->ignored_pixels;
    return counts->ignored_pixels - counts->empty_ignored_pixels -
           counts->ignored_mask_ignored_pixels;
}

static int double_compare(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

/* Median of the frequencies of the classes that occur; with an even number the mean of the middle
 * two; 0 when none occurs. NaN when memory runs out. */
static double median_frequency(const struct view *view, size_t present) {
    if (present == 0) return 0;
    size_t next = 0;
    double *sorted = malloc(present * sizeof *sorted);
    if (!sorted) return NAN;
    for (size_t i = 0; next < present; i++)
        if (view->terms[i].pixels > 0) sorted[next++] = view->terms[i].frequency;
    qsort(sorted, present, sizeof *sorted, double_compare);
    double median = (sorted[present / 2] + sorted[(present - 1) / 2]) / 2;
    free(sorted);
    return median;
}

static void make_term(struct view *view, size_t index, struct mw_weights *weights) {
    struct mw_class_tally tally = tally_of(view, index);
    uint64_t labelled = view->options.multi_label ? tally.valid_pixels : labelled_of(view);
    uint64_t mask_pixels = tally.mask_pixels;
    if (view->options.ignored_in_total) mask_pixels += tally.mask_ignored_pixels;
    view->terms[index] = (struct mw_class_term){
        .pixels = (double)tally.pixels * view->scale.expansion,
        .total = (double)(labelled + ignored_of(view)) * view->scale.expansion,
        .masks = (double)tally.masks * view->scale.expansion,
        .frequency = (double)tally.pixels / (double)mask_pixels,
    };
    weights->pixels[index] = tally.pixels;
    weights->fraction[index] = labelled ? (double)tally.pixels / (double)labelled : 0;
    weights->present += tally.pixels > 0;
}

static enum mw_status make_terms(struct view *view, struct mw_weights *weights,
                                 struct mw_error *err) {
    size_t count = weights->count;
    view->terms = calloc(count ? count : 1, sizeof *view->terms);
    if (!view->terms) return mw_error_memory(err);
    for (size_t i = 0; i < count; i++) make_term(view, i, weights);
    double median = median_frequency(view, weights->present);
    if (isnan(median)) return mw_error_memory(err);
    size_t classes = view->options.observed ? weights->present : count;
    if (view->scale.classes) classes = view->scale.classes;
    for (size_t i = 0; i < count; i++) {
        view->terms[i].classes = (double)classes;
        view->terms[i].median_frequency = median;
    }
    return MW_OK;
}

static double clip(double weight, const struct mw_weigh_options *options) {
    if (weight < options->min_weight) return options->min_weight;
    return weight > options->max_weight ? options->max_weight : weight;
}

/* The factor that normalises the weights of the classes that occur. */
static double normalising_factor(const struct view *view, const double *weights) {
    double sum = 0, weighted = 0, pixels = 0, present = 0, least = INFINITY, most = 0;
    for (size_t i = 0; i < view->counts->class_count; i++) {
        if (view->terms[i].pixels == 0) continue;
        present++;
        sum += weights[i];
        pixels += view->terms[i].pixels;
        weighted += view->terms[i].pixels * weights[i];
        least = fmin(least, weights[i]);
        most = fmax(most, weights[i]);
    }
    if (present == 0) return 1;
    switch (view->options.normalize) {
    case MW_NORMALIZE_SUM: return 1 / sum;
    case MW_NORMALIZE_MEAN: return present / sum;
    case MW_NORMALIZE_MIN: return 1 / least;
    case MW_NORMALIZE_MAX: return 1 / most;
    case MW_NORMALIZE_PIXEL_MEAN: return pixels / weighted;
    default: return 1;
    }
}

static enum mw_status not_finite(const struct mw_weights *weights, struct mw_error *err) {
    return mw_error_set(err, MW_USAGE,
                        "--scheme %s: weights that are too large or too small to represent",
                        weights->request.text);
}

/* Scheme, clipping and normalisation over the classes that occur. */
static enum mw_status weigh_present(struct mw_weights *weights, const struct view *view,
                                    double *factor, struct mw_error *err) {
    const struct mw_scheme_request *request = &weights->request;
    for (size_t i = 0; i < weights->count; i++)
        if (view->terms[i].pixels > 0)
            weights->class_weight[i] =
                clip(request->scheme->weight(&view->terms[i], request->values), &view->options);
    *factor = normalising_factor(view, weights->class_weight);
    if (!isfinite(*factor)) return not_finite(weights, err);
    for (size_t i = 0; i < weights->count; i++) {
        double weight = weights->class_weight[i] *= *factor;
        bool vanished = weight == 0 && view->terms[i].pixels > 0 && !request->scheme->is_pos_weight;
        if (!isfinite(weight) || vanished) return not_finite(weights, err);
    }
    return MW_OK;
}

static enum mw_status weigh_absent(struct mw_weights *weights, const struct view *view,
                                   size_t index, double factor, struct mw_error *err) {
    const struct mw_scheme_request *request = &weights->request;
    double weight = 0;
    uint32_t id = view->counts->classes[index].id;
    if (view->options.zero_class == MW_ZERO_CLASS_ERROR)
        return mw_error_set(err, MW_USAGE, "class %" PRIu32 " never occurs (--zero-class error)",
                            id);
    if (view->options.zero_class == MW_ZERO_CLASS_ONE) weight = 1;
    if (view->options.zero_class == MW_ZERO_CLASS_MAX)
        for (size_t i = 0; i < weights->count; i++)
            if (view->terms[i].pixels > 0) weight = fmax(weight, weights->class_weight[i]);
    if (view->options.zero_class == MW_ZERO_CLASS_FORMULA) {
        weight = request->scheme->weight(&view->terms[index], request->values);
        if (!isfinite(weight))
            return mw_error_set(err, MW_USAGE,
                                "--zero-class formula: '%s' has no finite weight for class %" PRIu32
                                ", which never occurs: use --zero-class max or one",
                                request->text, id);
        weight = clip(weight, &view->options) * factor;
    }
    weights->class_weight[index] = weight;
    return MW_OK;
}

static void make_shares(struct mw_weights *weights, const struct view *view) {
    bool positives = weights->request.scheme->is_pos_weight;
    double sum = 0;
    weights->has_shares = positives || !view->options.multi_label;
    if (!weights->has_shares) return;
    for (size_t i = 0; i < weights->count; i++)
        sum += view->terms[i].pixels * weights->class_weight[i];
    for (size_t i = 0; i < weights->count; i++) {
        double weighted = view->terms[i].pixels * weights->class_weight[i];
        double whole = positives ? weighted + view->terms[i].total - view->terms[i].pixels : sum;
        weights->weight_share[i] = whole > 0 ? weighted / whole : 0;
    }
}

static enum mw_status weigh_view(struct mw_weights *weights, struct view *view,
                                 struct mw_error *err) {
    double factor;
    enum mw_status status = make_terms(view, weights, err);
    if (!status) status = weigh_present(weights, view, &factor, err);
    for (size_t i = 0; i < weights->count && !status; i++)
        if (view->terms[i].pixels == 0) status = weigh_absent(weights, view, i, factor, err);
    if (!status) make_shares(weights, view);
    free(view->terms);
    return status;
}

static enum mw_status check_multi_label(const struct mw_scheme_request *request,
                                        const struct mw_weigh_options *options,
                                        struct mw_error *err) {
    if (request->scheme->single_label)
        return mw_error_set(err, MW_USAGE,
                            "--scheme %s is for masks whose pixels carry one class, and these are "
                            "multi-label: use pos-weight",
                            request->scheme->name);
    if (options->normalize == MW_NORMALIZE_PIXEL_MEAN)
        return mw_error_set(err, MW_USAGE,
                            "--normalize pixel-mean is for masks whose pixels carry one class, and "
                            "these are multi-label");
    if (options->ignored_in_total)
        return mw_error_set(err, MW_USAGE,
                            "--ignored-in-total is for masks whose pixels carry one class, and "
                            "these are multi-label");
    return MW_OK;
}

uint64_t mw_weighed_masks(const struct mw_counts *counts, const struct mw_weigh_options *options,
                          size_t place) {
    const struct view view = {.counts = counts, .options = *options};
    return tally_of(&view, place).masks;
}

enum mw_status mw_weigh(struct mw_weights *weights, const struct mw_scheme_request *request,
                        const struct mw_weigh_options *options, const struct mw_counts *counts,
                        struct mw_error *err) {
    const struct mw_weigh_scale scale = {.expansion = mw_subset_expansion(&counts->subset)};
    return mw_weigh_scaled(weights, request, options, &scale, counts, err);
}

enum mw_status mw_weigh_scaled(struct mw_weights *weights, const struct mw_scheme_request *request,
                               const struct mw_weigh_options *options,
                               const struct mw_weigh_scale *scale, const struct mw_counts *counts,
                               struct mw_error *err) {
    struct view view = {.counts = counts, .options = *options, .scale = *scale};
    size_t count = counts->class_count;
    *weights = (struct mw_weights){.count = 0};
    enum mw_status status = options->multi_label ? check_multi_label(request, options, err) : MW_OK;
    if (status) return status;
    if (request->scheme->is_pos_weight) {
        view.options.normalize = MW_NORMALIZE_NONE;
        view.options.ignored_in_total = false;
    }
    *weights = (struct mw_weights){.request = *request, .options = view.options, .count = count};
    weights->class_weight = calloc(count ? count : 1, sizeof *weights->class_weight);
    weights->weight_share = calloc(count ? count : 1, sizeof *weights->weight_share);
    weights->pixels = calloc(count ? count : 1, sizeof *weights->pixels);
    weights->fraction = calloc(count ? count : 1, sizeof *weights->fraction);
    if (!weights->class_weight || !weights->weight_share || !weights->pixels || !weights->fraction)
        return mw_error_memory(err);
    return weigh_view(weights, &view, err);
}

void mw_weights_free(struct mw_weights *weights) {
    free(weights->class_weight);
    free(weights->weight_share);
    free(weights->pixels);
    free(weights->fraction);
    *weights = (struct mw_weights){0};
}
