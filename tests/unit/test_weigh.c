/* Counts -> weights: scheme -> clip -> normalise -> fill, and the laws of each step. */
#include "dataset.h"

#define assert_weights(scheme, options, ...)                                                       \
    do {                                                                                           \
        struct mw_weights weights_ = weigh(scheme, options, &counts);                              \
        assert_int_equal(weights_.count, CLASSES);                                                 \
        assert_reals(weights_.class_weight, __VA_ARGS__);                                          \
        mw_weights_free(&weights_);                                                                \
    } while (0)

/* --- Order: scheme, clip, normalise, fill ---------------------------------------------------- */

/* inverse: 160/120 = 4/3, 16, 16/3; clipped to [2, 10]: 2, 10, 16/3, which add up to 52/3. */
TEST(clipping_comes_after_the_scheme_and_before_normalising) {
    struct mw_weigh_options options = plain_options();
    options.min_weight = 2;
    options.max_weight = 10;
    assert_weights("inverse", &options, 2.0, 10.0, 16.0 / 3, 0.0);
    options.normalize = MW_NORMALIZE_SUM;
    assert_weights("inverse", &options, 6.0 / 52, 30.0 / 52, 16.0 / 52, 0.0);
}

TEST(each_bound_works_alone) {
    struct mw_weigh_options options = plain_options();
    options.min_weight = 6;
    assert_weights("inverse", &options, 6.0, 16.0, 6.0, 0.0);
    options = plain_options();
    options.max_weight = 6;
    assert_weights("inverse", &options, 4.0 / 3, 6.0, 16.0 / 3, 0.0);
}

/* Filling comes last: neither clipped nor normalised, and no part of the normalisation. */
TEST(the_fill_is_neither_clipped_nor_normalised) {
    struct mw_weigh_options options = plain_options();
    options.min_weight = 2;
    options.max_weight = 10;
    options.normalize = MW_NORMALIZE_SUM;
    options.zero_class = MW_ZERO_CLASS_ONE;
    assert_weights("inverse", &options, 6.0 / 52, 30.0 / 52, 16.0 / 52, 1.0);
    options.zero_class = MW_ZERO_CLASS_MAX;
    assert_weights("inverse", &options, 6.0 / 52, 30.0 / 52, 16.0 / 52, 30.0 / 52);
}

/* --- Normalising ----------------------------------------------------------------------------- */

/* The weights of the classes that occur, in numbers that the laws are about. */
struct sums {
    double sum, least, most, weighted, pixels;
};

static struct sums sum_up(const struct mw_weights *weights) {
    struct sums sums = {.least = INFINITY};
    for (size_t i = 0; i < PRESENT; i++) {
        double pixels = (double)counts.classes[i].all.pixels, weight = weights->class_weight[i];
        sums.sum += weight;
        sums.least = fmin(sums.least, weight);
        sums.most = fmax(sums.most, weight);
        sums.weighted += pixels * weight;
        sums.pixels += pixels;
    }
    return sums;
}

static void check_law(enum mw_normalize normalize, const struct sums *sums) {
    switch (normalize) {
    case MW_NORMALIZE_NONE: break;
    case MW_NORMALIZE_SUM: assert_near(sums->sum, 1); break;
    case MW_NORMALIZE_MEAN: assert_near(sums->sum / PRESENT, 1); break;
    case MW_NORMALIZE_MIN: assert_near(sums->least, 1); break;
    case MW_NORMALIZE_MAX: assert_near(sums->most, 1); break;
    case MW_NORMALIZE_PIXEL_MEAN: assert_near(sums->weighted, sums->pixels); break;
    }
}

/* The law holds over the classes that occur, whatever is filled in for the other one, and the
 * ratios between weights stay. */
TEST(every_normalisation_keeps_its_law_and_the_ratios) {
    static const enum mw_zero_class fills[] = {MW_ZERO_CLASS_ZERO, MW_ZERO_CLASS_ONE,
                                               MW_ZERO_CLASS_MAX};
    for (size_t i = 0; i < mw_scheme_count; i++) {
        if (mw_schemes[i].is_pos_weight) continue;
        struct mw_weigh_options options = plain_options();
        struct mw_weights plain = weigh(mw_schemes[i].name, &options, &counts);
        for (size_t j = 0; j < mw_normalize_count * COUNT(fills); j++) {
            options.normalize = (enum mw_normalize)(j % mw_normalize_count);
            options.zero_class = fills[j / mw_normalize_count];
            struct mw_weights weights = weigh(mw_schemes[i].name, &options, &counts);
            struct sums sums = sum_up(&weights);
            check_law(options.normalize, &sums);
            for (size_t k = 1; k < PRESENT; k++)
                assert_near(weights.class_weight[k] * plain.class_weight[0],
                            plain.class_weight[k] * weights.class_weight[0]);
            mw_weights_free(&weights);
        }
        mw_weights_free(&plain);
    }
}

/* 4/3, 16, 16/3: sum 68/3; sum of n w = 3 * 160. */
TEST(normalisations_by_hand) {
    struct mw_weigh_options options = plain_options();
    options.normalize = MW_NORMALIZE_SUM;
    assert_weights("inverse", &options, 4.0 / 68, 48.0 / 68, 16.0 / 68, 0.0);
    options.normalize = MW_NORMALIZE_MEAN;
    assert_weights("inverse", &options, 12.0 / 68, 144.0 / 68, 48.0 / 68, 0.0);
    options.normalize = MW_NORMALIZE_MIN;
    assert_weights("inverse", &options, 1.0, 12.0, 4.0, 0.0);
    options.normalize = MW_NORMALIZE_MAX;
    assert_weights("inverse", &options, 1.0 / 12, 1.0, 1.0 / 3, 0.0);
    options.normalize = MW_NORMALIZE_PIXEL_MEAN;
    assert_weights("inverse", &options, 4.0 / 9, 16.0 / 3, 16.0 / 9, 0.0);
}

TEST(the_names_of_the_options_are_those_of_the_design) {
    static const char *const normalize[] = {"none", "sum", "mean", "min", "max", "pixel-mean"};
    static const char *const zero_class[] = {"zero", "one", "max", "formula", "error"};
    assert_int_equal(mw_normalize_count, COUNT(normalize));
    assert_int_equal(mw_zero_class_count, COUNT(zero_class));
    for (size_t i = 0; i < COUNT(normalize); i++)
        assert_string_equal(mw_normalize_names[i], normalize[i]);
    for (size_t i = 0; i < COUNT(zero_class); i++)
        assert_string_equal(mw_zero_class_names[i], zero_class[i]);
    assert_string_equal(mw_normalize_names[MW_NORMALIZE_PIXEL_MEAN], "pixel-mean");
    assert_string_equal(mw_zero_class_names[MW_ZERO_CLASS_ERROR], "error");
}

/* --- Classes without pixels ------------------------------------------------------------------ */

TEST(zero_class_zero_one_and_max) {
    struct mw_weigh_options options = plain_options();
    assert_weights("inverse", &options, 4.0 / 3, 16.0, 16.0 / 3, 0.0);
    options.zero_class = MW_ZERO_CLASS_ONE;
    assert_weights("inverse", &options, 4.0 / 3, 16.0, 16.0 / 3, 1.0);
    options.zero_class = MW_ZERO_CLASS_MAX;
    assert_weights("inverse", &options, 4.0 / 3, 16.0, 16.0 / 3, 16.0);
}

static double absent_weight(const char *scheme, const struct mw_weigh_options *options) {
    struct mw_weights weights = weigh(scheme, options, &counts);
    double weight = weights.class_weight[CLASSES - 1];
    mw_weights_free(&weights);
    return weight;
}

/* ENet at f = 0 is 1 / ln(1.02) = 50.498; it is clipped and scaled like the others. */
TEST(zero_class_formula_is_the_schemes_own_value_at_0) {
    struct mw_weigh_options options = plain_options();
    options.zero_class = MW_ZERO_CLASS_FORMULA;
    assert_within(absent_weight("enet", &options), 50.498349791844, 1e-12);
    assert_near(absent_weight("fraction", &options), 0);
    assert_near(absent_weight("log:of=fraction,c=100", &options), 1); /* the floor */
    options.max_weight = 8;
    assert_near(absent_weight("enet", &options), 8);
    options.normalize = MW_NORMALIZE_MAX; /* class 1: 1 / ln(1.02 + 1/16) > 8, so clipped to 8 */
    assert_near(absent_weight("enet", &options), 1);
}

TEST(zero_class_formula_is_refused_where_there_is_no_finite_value) {
    static const char *const infinite[] = {
        "inverse", "balanced",  "log",        "median-frequency",
        "dice",    "effective", "pos-weight", "effective:of=pixels"};
    struct mw_weigh_options options = plain_options();
    options.zero_class = MW_ZERO_CLASS_FORMULA;
    for (int clipped = 0; clipped < 2; clipped++) {
        if (clipped) options.max_weight = 10;
        for (size_t i = 0; i < COUNT(infinite); i++) {
            struct mw_weights weights;
            struct mw_error err;
            assert_fails(try_weigh(&weights, infinite[i], &options, &counts, &err), MW_USAGE,
                         infinite[i], &err);
            assert_non_null(strstr(err.message, "class 3"));
            mw_weights_free(&weights);
        }
    }
}

TEST(zero_class_error_names_the_class) {
    struct mw_weigh_options options = plain_options();
    struct mw_weights weights;
    struct mw_error err;
    options.zero_class = MW_ZERO_CLASS_ERROR;
    assert_fails(try_weigh(&weights, "enet", &options, &counts, &err), MW_USAGE, "class 3", &err);
    mw_weights_free(&weights);
}

TEST(zero_class_error_is_none_when_every_class_occurs) {
    static const struct made_mask masks[] = {{.pixels = {1, 2, 3, 4}}};
    struct mw_weigh_options options = plain_options();
    struct mw_counts whole;
    make_counts(&whole, &labels, masks, 1);
    options.zero_class = MW_ZERO_CLASS_ERROR;
    struct mw_weights weights = weigh("inverse", &options, &whole);
    assert_reals(weights.class_weight, 10.0, 5.0, 10.0 / 3, 2.5);
    mw_weights_free(&weights);
    mw_counts_free(&whole);
}

/* --- --skip-empty ---------------------------------------------------------------------------- */

/* Without c and d: n = 60, 10, 30, N = 100; with the ignored pixels of a 105. */
TEST(skip_empty_by_hand) {
    struct mw_weigh_options options = plain_options();
    options.skip_empty = true;
    assert_weights("inverse", &options, 100.0 / 60, 10.0, 100.0 / 30, 0.0);
    options.ignored_in_total = true;
    assert_weights("inverse", &options, 105.0 / 60, 10.5, 105.0 / 30, 0.0);
}

static bool has_foreground(const struct made_mask *mask) {
    for (size_t id = 1; id < COUNT(mask->pixels); id++)
        if (mask->pixels[id]) return true;
    return false;
}

/* Random masks of classes 0 to 4, many of them empty or ignored. */
static size_t random_masks(struct made_mask masks[], size_t most, uint64_t *seed) {
    size_t count = 1 + random_below(seed, most);
    for (size_t i = 0; i < count; i++) {
        masks[i] = (struct made_mask){.ignored = random_below(seed, 3) * random_below(seed, 99)};
        size_t kind = random_below(seed, 4);
        if (kind == 1 || (kind > 1 && random_below(seed, 2)))
            masks[i].pixels[0] = random_below(seed, 1000);
        for (size_t id = 1; kind > 1 && id < 5; id++)
            if (random_below(seed, 2)) masks[i].pixels[id] = random_below(seed, 1000);
    }
    return count;
}

/* Weighing with --skip-empty, and weighing counts that never saw the masks without foreground. */
static void check_skip_empty(const struct mw_labels *settings, const struct made_mask *masks,
                             size_t count, const char *scheme) {
    struct mw_counts all, some;
    struct mw_error err = {0};
    mw_counts_init(&some);
    make_counts(&all, settings, masks, count);
    for (size_t i = 0; i < count; i++)
        if (has_foreground(&masks[i])) add_made_mask(&some, settings, &masks[i]);
    assert_ok(mw_counts_finish(&some, settings, &err), &err);
    for (int ignored_in_total = 0; ignored_in_total < 2; ignored_in_total++) {
        struct mw_weigh_options options = plain_options();
        struct mw_weights skipped, left_out;
        options.ignored_in_total = ignored_in_total;
        options.observed = settings->classes == 0;
        enum mw_status status = try_weigh(&left_out, scheme, &options, &some, &err);
        options.skip_empty = true;
        assert_int_equal(try_weigh(&skipped, scheme, &options, &all, &err), status);
        for (size_t i = 0, j = 0; i < all.class_count && !status; i++) {
            bool there = j < some.class_count && some.classes[j].id == all.classes[i].id;
            double weight = there ? left_out.class_weight[j] : 0;
            double share = there ? left_out.weight_share[j] : 0;
            if (skipped.class_weight[i] != weight || skipped.weight_share[i] != share)
                fail_msg("%s: class %d: %.17g, not %.17g", scheme, (int)all.classes[i].id,
                         skipped.class_weight[i], weight);
            j += there;
        }
        mw_weights_free(&skipped);
        mw_weights_free(&left_out);
    }
    mw_counts_free(&all);
    mw_counts_free(&some);
}

static void check_skip_empty_of_all(const struct mw_labels *settings) {
    uint64_t seed = 3;
    for (int round = 0; round < 200; round++) {
        struct made_mask masks[8];
        size_t count = random_masks(masks, COUNT(masks), &seed);
        for (size_t i = 0; i < mw_scheme_count; i++)
            check_skip_empty(settings, masks, count, mw_schemes[i].name);
    }
}

TEST(skip_empty_equals_counting_without_the_empty_masks) {
    struct mw_labels declared = made_labels(5);
    check_skip_empty_of_all(&declared);
    mw_labels_free(&declared);
}

/* Undeclared classes are those that occur in the masks that are left. */
TEST(skip_empty_equals_counting_without_them_when_no_classes_are_declared) {
    struct mw_labels observed = made_labels(0);
    check_skip_empty_of_all(&observed);
    mw_labels_free(&observed);
}

/* Then no class occurs in what is weighed, and each is weighed as one without pixels. */
TEST(skip_empty_of_empty_masks_only_leaves_nothing) {
    static const struct made_mask masks[] = {{.pixels = {9}}, {.ignored = 4}};
    struct mw_weigh_options options = plain_options();
    struct mw_counts empty;
    make_counts(&empty, &labels, masks, COUNT(masks));
    options.skip_empty = true;
    options.zero_class = MW_ZERO_CLASS_ONE;
    struct mw_weights weights = weigh("balanced", &options, &empty);
    assert_int_equal(weights.present, 0);
    assert_reals(weights.class_weight, 1.0, 1.0, 1.0, 1.0);
    assert_reals(weights.weight_share, 0.0, 0.0, 0.0, 0.0);
    mw_weights_free(&weights);
    mw_counts_free(&empty);
}

TEST(the_pixels_that_are_weighed_stand_beside_the_weights) {
    struct mw_weigh_options options = plain_options();
    for (int skip_empty = 0; skip_empty < 2; skip_empty++) {
        options.skip_empty = skip_empty;
        struct mw_weights weights = weigh("balanced", &options, &counts);
        assert_int_equal(weights.present, PRESENT);
        assert_int_equal(weights.pixels[0], skip_empty ? 60 : 120);
        assert_int_equal(weights.pixels[1], 10);
        assert_int_equal(weights.pixels[2], 30);
        assert_int_equal(weights.pixels[3], 0);
        mw_weights_free(&weights);
    }
}

/* --- --ignored-in-total ---------------------------------------------------------------------- */

/* N becomes 160 + 50 = 210, I_c the pixels of the masks with c, ignored ones too:
 *   class 0 in a, b, c: 60 + 40 + 60 + 10 = 170, g = 120/170 = 12/17
 *   class 1 in a:       60 + 5 = 65,             g =  10/65  =  2/13
 *   class 2 in b:       40,                      g =  30/40  =  3/4      median 12/17 */
TEST(ignored_in_total_by_hand) {
    struct mw_weigh_options options = plain_options();
    options.ignored_in_total = true;
    assert_weights("inverse", &options, 210.0 / 120, 21.0, 7.0, 0.0);
    assert_weights("balanced", &options, 210.0 / 480, 21.0 / 4, 7.0 / 4, 0.0);
    assert_weights("fraction", &options, 120.0 / 210, 10.0 / 210, 30.0 / 210, 0.0);
    assert_weights("median-frequency", &options, 1.0, 156.0 / 34, 48.0 / 51, 0.0);
    options.skip_empty = true; /* class 0 in a, b: 60/105 = 4/7; median 4/7 */
    assert_weights("median-frequency", &options, 1.0, 52.0 / 14, 16.0 / 21, 0.0);
}

/* --- pos-weight ------------------------------------------------------------------------------ */

TEST(pos_weight_is_never_normalised_and_never_has_ignored_pixels_in_the_total) {
    struct mw_weigh_options options = plain_options();
    options.ignored_in_total = true;
    for (size_t i = 0; i < mw_normalize_count; i++) {
        options.normalize = (enum mw_normalize)i;
        struct mw_weights weights = weigh("pos-weight", &options, &counts);
        assert_reals(weights.class_weight, 1.0 / 3, 15.0, 13.0 / 3, 0.0);
        assert_int_equal(weights.options.normalize, MW_NORMALIZE_NONE);
        assert_false(weights.options.ignored_in_total);
        mw_weights_free(&weights);
    }
}

/* A class that has every pixel has no negatives: 0, which is no error. */
TEST(pos_weight_of_the_only_class_is_0) {
    static const struct made_mask masks[] = {{.pixels = {0, 8}}};
    struct mw_weigh_options options = plain_options();
    struct mw_counts one;
    make_counts(&one, &labels, masks, 1);
    struct mw_weights weights = weigh("pos-weight", &options, &one);
    assert_reals(weights.class_weight, 0.0, 0.0, 0.0, 0.0);
    assert_reals(weights.weight_share, 0.0, 0.0, 0.0, 0.0);
    mw_weights_free(&weights);
    mw_counts_free(&one);
}

/* --- Weight shares --------------------------------------------------------------------------- */

/* The share of the loss is what inverse and balanced make equal; under `fraction` it goes with the
 * square of the pixels: 120^2 : 10^2 : 30^2 = 144 : 1 : 9. */
TEST(weight_shares_by_hand) {
    struct mw_weigh_options options = plain_options();
    static const char *const equal[] = {"inverse", "balanced"};
    for (size_t i = 0; i < COUNT(equal); i++) {
        struct mw_weights weights = weigh(equal[i], &options, &counts);
        assert_reals(weights.weight_share, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0.0);
        mw_weights_free(&weights);
    }
    struct mw_weights weights = weigh("fraction", &options, &counts);
    assert_reals(weights.weight_share, 144.0 / 154, 1.0 / 154, 9.0 / 154, 0.0);
    mw_weights_free(&weights);
}

/* pos_weight makes positives and negatives of each class weigh the same: w n = N - n. */
TEST(weight_shares_of_pos_weight_are_those_of_each_class_alone) {
    struct mw_weigh_options options = plain_options();
    struct mw_weights weights = weigh("pos-weight", &options, &counts);
    assert_reals(weights.weight_share, 0.5, 0.5, 0.5, 0.0);
    mw_weights_free(&weights);
    options.max_weight = 3; /* class 1: 3 * 10 / (3 * 10 + 150); class 2: 3 * 30 / (3 * 30 + 130) */
    weights = weigh("pos-weight", &options, &counts);
    assert_reals(weights.weight_share, 0.5, 1.0 / 6, 9.0 / 22, 0.0);
    mw_weights_free(&weights);
}

/* --- Errors ---------------------------------------------------------------------------------- */

/* Counts of nothing: every class follows --zero-class, whatever the scheme and normalisation. */
TEST(where_no_class_occurs_all_are_classes_without_pixels) {
    static const struct made_mask ignored[] = {{.ignored = 9}};
    struct mw_counts nothing;
    struct mw_error err;
    make_counts(&nothing, &labels, ignored, 1);
    for (size_t i = 0; i < mw_scheme_count * mw_normalize_count; i++) {
        struct mw_weigh_options options = plain_options();
        const char *scheme = mw_schemes[i / mw_normalize_count].name;
        struct mw_weights weights;
        options.normalize = (enum mw_normalize)(i % mw_normalize_count);
        options.zero_class = MW_ZERO_CLASS_ONE;
        weights = weigh(scheme, &options, &nothing);
        assert_reals(weights.class_weight, 1.0, 1.0, 1.0, 1.0);
        mw_weights_free(&weights);
        options.zero_class = MW_ZERO_CLASS_MAX; /* of no weights */
        weights = weigh(scheme, &options, &nothing);
        assert_reals(weights.class_weight, 0.0, 0.0, 0.0, 0.0);
        mw_weights_free(&weights);
        options.zero_class = MW_ZERO_CLASS_ERROR;
        assert_fails(try_weigh(&weights, scheme, &options, &nothing, &err), MW_USAGE, "class 0",
                     &err);
        mw_weights_free(&weights);
    }
    mw_counts_free(&nothing);
}

/* 120^-200 is 10^-416, less than any double; 10^-300 : 120^-300 has no ratio. */
TEST(weights_that_vanish_are_an_error) {
    struct mw_weigh_options options = plain_options();
    for (size_t i = 0; i < mw_normalize_count; i++) {
        struct mw_weights weights;
        struct mw_error err;
        options.normalize = (enum mw_normalize)i;
        assert_fails(try_weigh(&weights, "dice:power=200", &options, &counts, &err), MW_USAGE,
                     "dice:power=200", &err);
        mw_weights_free(&weights);
    }
}

/* 16^300 is 10^361. */
TEST(weights_that_are_infinite_are_an_error) {
    struct mw_weigh_options options = plain_options();
    struct mw_weights weights;
    struct mw_error err;
    assert_fails(try_weigh(&weights, "inverse:power=300", &options, &counts, &err), MW_USAGE,
                 "inverse:power=300", &err);
    mw_weights_free(&weights);
}

/* --- Never NaN or infinity ------------------------------------------------------------------- */

static const char *const schemes[] = {
    "fraction",
    "inverse",
    "inverse:power=0.5",
    "inverse:power=40",
    "log",
    "log:c=0.15",
    "log:of=fraction,c=5",
    "balanced",
    "median-frequency",
    "enet",
    "enet:c=1.0000001,power=30",
    "effective",
    "effective:of=pixels",
    "effective:beta=0.9999999999",
    "dice",
    "dice:power=60",
    "pos-weight",
};

static void check_finite(const char *scheme, const struct mw_weigh_options *options,
                         const struct mw_counts *made) {
    struct mw_weights weights;
    struct mw_error err = {0};
    enum mw_status status = try_weigh(&weights, scheme, options, made, &err);
    if (status && (status != MW_USAGE || !is_one_line(err.message)))
        fail_msg("%s: status %d: %s", scheme, (int)status, err.message);
    double shares = 0;
    for (size_t i = 0; i < weights.count && !status; i++) {
        double weight = weights.class_weight[i], share = weights.weight_share[i];
        if (!isfinite(weight) || weight < 0 || !isfinite(share) || share < 0 || share > 1)
            fail_msg("%s: weight %g, share %g", scheme, weight, share);
        shares += share;
    }
    if (!status && strcmp(scheme, "pos-weight") != 0)
        assert_within(shares, weights.present ? 1 : 0, 1e-9);
    mw_weights_free(&weights);
}

static void check_all_options(const char *scheme, bool observed, const struct mw_counts *made) {
    static const double bounds[][2] = {{0, 0}, {0.5, 0}, {0, 3}, {0.5, 3}}; /* 0: none */
    struct mw_weigh_options options = plain_options();
    for (size_t i = 0; i < mw_normalize_count; i++)
        for (size_t j = 0; j < mw_zero_class_count; j++)
            for (size_t k = 0; k < 4 * COUNT(bounds); k++) {
                const double *bound = bounds[k / 4];
                options.normalize = (enum mw_normalize)i;
                options.zero_class = (enum mw_zero_class)j;
                options.skip_empty = k & 1;
                options.ignored_in_total = k & 2;
                options.observed = observed;
                options.min_weight = bound[0] > 0 ? bound[0] : (double)NAN;
                options.max_weight = bound[1] > 0 ? bound[1] : (double)NAN;
                check_finite(scheme, &options, made);
            }
}

/* Now and then as many pixels as a large dataset has. */
static void enlarge(struct made_mask *mask, uint64_t *seed) {
    for (size_t id = 0; id < COUNT(mask->pixels); id++)
        if (random_below(seed, 3) == 0) mask->pixels[id] *= UINT64_C(1000000007);
}

TEST(no_weight_and_no_share_is_ever_nan_or_infinite) {
    uint64_t seed = 11;
    for (int round = 0; round < 40; round++) {
        struct made_mask masks[5];
        struct mw_labels settings = made_labels(round % 2 ? 5 : 0);
        struct mw_counts made;
        size_t count = random_masks(masks, COUNT(masks), &seed);
        for (size_t i = 0; i < count && round % 3 == 0; i++) enlarge(&masks[i], &seed);
        make_counts(&made, &settings, masks, count);
        for (size_t i = 0; i < COUNT(schemes); i++)
            check_all_options(schemes[i], settings.classes == 0, &made);
        mw_counts_free(&made);
        mw_labels_free(&settings);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clipping_comes_after_the_scheme_and_before_normalising),
        cmocka_unit_test(each_bound_works_alone),
        cmocka_unit_test(the_fill_is_neither_clipped_nor_normalised),
        cmocka_unit_test(every_normalisation_keeps_its_law_and_the_ratios),
        cmocka_unit_test(normalisations_by_hand),
        cmocka_unit_test(the_names_of_the_options_are_those_of_the_design),
        cmocka_unit_test(zero_class_zero_one_and_max),
        cmocka_unit_test(zero_class_formula_is_the_schemes_own_value_at_0),
        cmocka_unit_test(zero_class_formula_is_refused_where_there_is_no_finite_value),
        cmocka_unit_test(zero_class_error_names_the_class),
        cmocka_unit_test(zero_class_error_is_none_when_every_class_occurs),
        cmocka_unit_test(skip_empty_by_hand),
        cmocka_unit_test(skip_empty_equals_counting_without_the_empty_masks),
        cmocka_unit_test(skip_empty_equals_counting_without_them_when_no_classes_are_declared),
        cmocka_unit_test(skip_empty_of_empty_masks_only_leaves_nothing),
        cmocka_unit_test(the_pixels_that_are_weighed_stand_beside_the_weights),
        cmocka_unit_test(ignored_in_total_by_hand),
        cmocka_unit_test(pos_weight_is_never_normalised_and_never_has_ignored_pixels_in_the_total),
        cmocka_unit_test(pos_weight_of_the_only_class_is_0),
        cmocka_unit_test(weight_shares_by_hand),
        cmocka_unit_test(weight_shares_of_pos_weight_are_those_of_each_class_alone),
        cmocka_unit_test(where_no_class_occurs_all_are_classes_without_pixels),
        cmocka_unit_test(weights_that_vanish_are_an_error),
        cmocka_unit_test(weights_that_are_infinite_are_an_error),
        cmocka_unit_test(no_weight_and_no_share_is_ever_nan_or_infinite),
    };
    return cmocka_run_group_tests(tests, make_dataset, free_dataset);
}
