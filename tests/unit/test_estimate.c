/* Intervals of a sample: as their formula says, and as closed forms of it. */
#include "made.h"

#include "weigh/estimate.h"

enum { MOST_MASKS = 4000 };

/* A sample: its masks, and the group of each. */
struct sample {
    struct made_mask masks[MOST_MASKS];
    unsigned groups[MOST_MASKS];
    size_t count;
    uint64_t seen;
};

static void count_sample(struct mw_counts *counts, const struct mw_labels *labels,
                         const struct sample *sample) {
    struct mw_error err;
    mw_counts_init(counts);
    for (size_t i = 0; i < sample->count; i++) {
        struct mw_counts one;
        mw_counts_init(&one);
        add_made_mask(&one, labels, &sample->masks[i]);
        assert_ok(mw_counts_add_group(counts, sample->groups[i], &one, &err), &err);
        assert_ok(mw_counts_merge(counts, &one, &err), &err);
        mw_counts_free(&one);
    }
    counts->subset = (struct mw_subset){.share = 0.5, .taken = sample->count, .seen = sample->seen};
    assert_ok(mw_counts_finish(counts, labels, &err), &err);
}

static struct sample *make_sample(uint64_t seed, size_t count) {
    struct sample *sample = calloc(1, sizeof *sample);
    assert_non_null(sample);
    sample->count = count;
    sample->seen = 3 * count;
    for (size_t i = 0; i < count; i++) {
        sample->groups[i] = (unsigned)random_below(&seed, MW_SUBSET_GROUPS);
        sample->masks[i].pixels[0] = 1 + random_below(&seed, 1000);
        sample->masks[i].pixels[1] = random_below(&seed, 2) * random_below(&seed, 300);
        sample->masks[i].pixels[2] = random_below(&seed, 20) == 0 ? 1 + random_below(&seed, 50) : 0;
        sample->masks[i].ignored = random_below(&seed, 40);
    }
    return sample;
}

/* --- The formula, from the masks, without counts that are subtracted --------------------------- */

enum { CLASSES = 3 };

struct sums {
    double pixels[CLASSES], masks[CLASSES], total, files;
};

static struct sums sums_without(const struct sample *sample, unsigned group) {
    struct sums sums = {0};
    for (size_t i = 0; i < sample->count; i++) {
        if (sample->groups[i] == group) continue;
        sums.files++;
        for (size_t c = 0; c < CLASSES; c++) {
            sums.pixels[c] += (double)sample->masks[i].pixels[c];
            sums.masks[c] += sample->masks[i].pixels[c] > 0;
            sums.total += (double)sample->masks[i].pixels[c];
        }
    }
    return sums;
}

/* A value of a class; `files`: of all masks that there are. */
typedef double value_of(const struct sums *sums, size_t c, double files);

static double fraction_of(const struct sums *sums, size_t c, double files) {
    (void)files;
    return sums->pixels[c] / sums->total;
}

static double inverse_of(const struct sums *sums, size_t c, double files) {
    (void)files;
    return sums->total / sums->pixels[c];
}

static double balanced_of(const struct sums *sums, size_t c, double files) {
    (void)files;
    return sums->total / CLASSES / sums->pixels[c];
}

static double enet_of(const struct sums *sums, size_t c, double files) {
    (void)files;
    return 1 / log(1.02 + sums->pixels[c] / sums->total);
}

static double dice_of(const struct sums *sums, size_t c, double files) {
    return 1 / pow(sums->pixels[c] * files / sums->files, 2);
}

static double effective_of(const struct sums *sums, size_t c, double files) {
    return 0.001 / (1 - pow(0.999, sums->masks[c] * files / sums->files));
}

static double normalised_of(const struct sums *sums, size_t c, double files) {
    double mean = 0;
    for (size_t i = 0; i < CLASSES; i++) mean += inverse_of(sums, i, files) / CLASSES;
    return inverse_of(sums, c, files) / mean;
}

static struct mw_interval interval_of(const struct sample *sample, value_of *value, size_t c) {
    double files = (double)sample->seen, groups = 32, squares = 0;
    struct sums all = sums_without(sample, MW_SUBSET_GROUPS);
    double middle = value(&all, c, files);
    for (unsigned group = 0; group < MW_SUBSET_GROUPS; group++) {
        struct sums rest = sums_without(sample, group);
        double change = log(value(&rest, c, files)) - log(middle);
        squares += change * change;
    }
    double unseen = 1 - (double)sample->count / files;
    double error = sqrt(unseen * (groups - 1) / groups * squares);
    return (struct mw_interval){middle * exp(-2.0395134463964077 * error),
                                middle * exp(2.0395134463964077 * error)};
}

TEST(intervals_are_those_of_the_formula) {
    static const struct {
        const char *scheme;
        enum mw_normalize normalize;
        value_of *value;
    } cases[] = {
        {"fraction", MW_NORMALIZE_NONE, fraction_of},
        {"inverse", MW_NORMALIZE_NONE, inverse_of},
        {"balanced", MW_NORMALIZE_NONE, balanced_of},
        {"enet", MW_NORMALIZE_NONE, enet_of},
        {"dice", MW_NORMALIZE_NONE, dice_of},
        {"effective", MW_NORMALIZE_NONE, effective_of},
        {"inverse", MW_NORMALIZE_MEAN, normalised_of},
    };
    struct sample *sample = make_sample(11, 2500);
    struct mw_labels labels = made_labels(0);
    struct mw_counts counts;
    count_sample(&counts, &labels, sample);
    struct sums all = sums_without(sample, MW_SUBSET_GROUPS);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_weigh_options options = plain_options();
        options.observed = true;
        options.normalize = cases[i].normalize;
        struct mw_weights weights = weigh(cases[i].scheme, &options, &counts);
        struct mw_estimates estimates;
        struct mw_error err;
        assert_ok(mw_estimate(&estimates, &counts, &weights, 1, &err), &err);
        for (size_t c = 0; c < CLASSES; c++) {
            struct mw_interval of_weight = mw_estimate_of_weight(&estimates, 0, c);
            struct mw_interval wanted = interval_of(sample, cases[i].value, c);
            assert_within(weights.class_weight[c], cases[i].value(&all, c, (double)sample->seen),
                          1e-12);
            assert_within(of_weight.low, wanted.low, 1e-10);
            assert_within(of_weight.high, wanted.high, 1e-10);
            wanted = interval_of(sample, fraction_of, c);
            assert_within(estimates.fractions[c].low, wanted.low, 1e-10);
            assert_within(estimates.fractions[c].high, wanted.high, 1e-10);
        }
        mw_estimates_free(&estimates);
        mw_weights_free(&weights);
    }
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    free(sample);
}

/* --- Closed forms ---------------------------------------------------------------------------- */

/* Masks of one size, as many in each group: the fraction is a mean of group means, whose standard error is
 * s / sqrt(G). On the scale of the logarithm that holds but for terms of its square. */
TEST(the_error_of_a_mean_is_the_textbook_one) {
    uint64_t seed = 23;
    struct sample *sample = calloc(1, sizeof *sample);
    double means[MW_SUBSET_GROUPS] = {0}, mean = 0, variance = 0;
    enum { EACH = 100 };
    assert_non_null(sample);
    sample->count = (size_t)EACH * MW_SUBSET_GROUPS;
    sample->seen = 10 * sample->count;
    for (size_t i = 0; i < sample->count; i++) {
        uint64_t pixels = 4000 + random_below(&seed, 2000);
        sample->groups[i] = (unsigned)(i % MW_SUBSET_GROUPS);
        sample->masks[i].pixels[0] = 10000 - pixels;
        sample->masks[i].pixels[1] = pixels;
        means[sample->groups[i]] += (double)pixels / 10000 / EACH;
    }
    for (size_t g = 0; g < MW_SUBSET_GROUPS; g++) mean += means[g] / MW_SUBSET_GROUPS;
    for (size_t g = 0; g < MW_SUBSET_GROUPS; g++)
        variance += (means[g] - mean) * (means[g] - mean) / (MW_SUBSET_GROUPS - 1);
    double error = sqrt(0.9 * variance / MW_SUBSET_GROUPS);
    struct mw_labels labels = made_labels(0);
    struct mw_counts counts;
    struct mw_estimates estimates;
    struct mw_error err;
    count_sample(&counts, &labels, sample);
    assert_ok(mw_estimate(&estimates, &counts, NULL, 0, &err), &err);
    struct mw_interval interval = estimates.fractions[1];
    assert_within((interval.high - interval.low) / 2, 2.0395134463964077 * error, 1e-3);
    assert_within((interval.high + interval.low) / 2, mean, 1e-4);
    mw_estimates_free(&estimates);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    free(sample);
}

/* --- Where there is none --------------------------------------------------------------------- */

static struct mw_interval interval_of_last_class(struct sample *sample, size_t masks_with) {
    struct mw_labels labels = made_labels(0);
    struct mw_counts counts;
    struct mw_estimates estimates;
    struct mw_error err;
    for (size_t i = 0; i < sample->count; i++) sample->masks[i].pixels[2] = i < masks_with ? 5 : 0;
    count_sample(&counts, &labels, sample);
    assert_ok(mw_estimate(&estimates, &counts, NULL, 0, &err), &err);
    assert_true(mw_interval_known(estimates.fractions[0]));
    struct mw_interval interval = estimates.fractions[2];
    mw_estimates_free(&estimates);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    return interval;
}

TEST(a_class_in_fewer_than_50_masks_has_no_interval) {
    struct sample *sample = make_sample(3, 500);
    assert_false(mw_interval_known(interval_of_last_class(sample, 1)));
    assert_false(mw_interval_known(interval_of_last_class(sample, 49)));
    assert_true(mw_interval_known(interval_of_last_class(sample, 50)));
    free(sample);
}

TEST(where_every_mask_was_taken_the_interval_has_no_width) {
    struct sample *sample = make_sample(3, 500);
    sample->seen = sample->count;
    struct mw_interval interval = interval_of_last_class(sample, 100);
    assert_near(interval.low, interval.high);
    free(sample);
}

/* With --skip-empty, the masks that count are those with foreground. */
TEST(the_masks_are_those_that_are_weighed) {
    struct sample *sample = make_sample(3, 500);
    for (size_t i = 0; i < sample->count; i++) {
        sample->masks[i].pixels[1] = i < 40 ? 5 : 0;
        sample->masks[i].pixels[2] = 0;
    }
    struct mw_labels labels = made_labels(2);
    struct mw_counts counts;
    count_sample(&counts, &labels, sample);
    for (int skip = 0; skip < 2; skip++) {
        struct mw_weigh_options options = plain_options();
        options.skip_empty = skip;
        struct mw_weights weights = weigh("enet", &options, &counts);
        struct mw_estimates estimates;
        struct mw_error err;
        assert_ok(mw_estimate(&estimates, &counts, &weights, 1, &err), &err);
        assert_int_equal(mw_interval_known(mw_estimate_of_weight(&estimates, 0, 0)), !skip);
        mw_estimates_free(&estimates);
        mw_weights_free(&weights);
    }
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    free(sample);
}

TEST(all_masks_need_no_intervals) {
    struct made_mask masks[] = {{.pixels = {1, 2}}};
    struct mw_labels labels = made_labels(0);
    struct mw_counts counts;
    struct mw_estimates estimates;
    struct mw_error err;
    make_counts(&counts, &labels, masks, 1);
    assert_ok(mw_estimate(&estimates, &counts, NULL, 0, &err), &err);
    assert_null(estimates.fractions);
    mw_estimates_free(&estimates);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* K, the number of classes, is that of the sample, also where a class is in one group alone. */
TEST(a_class_of_one_mask_does_not_widen_the_others) {
    struct sample *sample = make_sample(9, 2000);
    struct mw_labels labels = made_labels(0);
    struct mw_weigh_options options = plain_options();
    double widths[2];
    options.observed = true;
    for (int with = 0; with < 2; with++) {
        struct mw_counts counts;
        struct mw_estimates estimates;
        struct mw_error err;
        sample->masks[0].pixels[4] = (uint64_t)with;
        count_sample(&counts, &labels, sample);
        struct mw_weights weights = weigh("balanced", &options, &counts);
        assert_ok(mw_estimate(&estimates, &counts, &weights, 1, &err), &err);
        widths[with] = mw_interval_relative(mw_estimate_of_weight(&estimates, 0, 0));
        if (with) assert_false(mw_interval_known(mw_estimate_of_weight(&estimates, 0, 3)));
        mw_estimates_free(&estimates);
        mw_weights_free(&weights);
        mw_counts_free(&counts);
    }
    mw_labels_free(&labels);
    assert_within(widths[1], widths[0], 0.01);
    free(sample);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_those_of_the_formula),
        cmocka_unit_test(the_error_of_a_mean_is_the_textbook_one),
        cmocka_unit_test(a_class_in_fewer_than_50_masks_has_no_interval),
        cmocka_unit_test(where_every_mask_was_taken_the_interval_has_no_width),
        cmocka_unit_test(the_masks_are_those_that_are_weighed),
        cmocka_unit_test(all_masks_need_no_intervals),
        cmocka_unit_test(a_class_of_one_mask_does_not_widen_the_others),
    };
    return RUN_TESTS(tests);
}
