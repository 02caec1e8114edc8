/* What weights mean for training: figures against enumeration and worked examples. */
#include "dataset.h"

#include "weigh/advice.h"

/* Batches of B among M masks, each as a set of bits, of which those in `with` have the class. */
static void enumerate(unsigned masks, unsigned with, unsigned batch, double *missing,
                      double *none) {
    double batches = 0;
    *missing = *none = 0;
    for (unsigned set = 0; set < 1U << masks; set++) {
        unsigned size = 0, met = 0;
        for (unsigned i = 0; i < masks; i++) size += set >> i & 1;
        for (unsigned i = 0; i < with; i++) met += set >> i & 1;
        if (size != batch) continue;
        batches++;
        *missing += batch - met;
        *none += met == 0;
    }
    *missing /= batches;
    *none /= batches;
}

TEST(batches_are_those_of_every_possible_draw) {
    for (unsigned masks = 1; masks <= 10; masks++)
        for (unsigned with = 0; with <= masks; with++)
            for (unsigned batch = 1; batch <= masks; batch++) {
                struct mw_presence presence = {.masks = masks, .with = with};
                double missing, none;
                enumerate(masks, with, batch, &missing, &none);
                assert_true(fabs(mw_presence_missing(&presence, batch) - missing) < 1e-9);
                assert_true(fabs(mw_presence_none(&presence, batch) - none) < 1e-9);
            }
}

TEST(presence_is_that_of_the_masks_that_are_weighed) {
    struct mw_weigh_options options = plain_options();
    struct mw_presence presence = mw_presence_of(&counts, &options, 0);
    assert_int_equal(presence.masks, 4);
    assert_int_equal(presence.with, 3);
    assert_true(presence.fraction == 0.75);
    options.skip_empty = true; /* a and b */
    presence = mw_presence_of(&counts, &options, 0);
    assert_int_equal(presence.masks, 2);
    assert_int_equal(presence.with, 2);
    presence = mw_presence_of(&counts, &options, 2);
    assert_true(presence.fraction == 0.5);
}

TEST(what_is_left_out_is_left_out_of_the_masks_that_are_weighed) {
    struct mw_weigh_options options = plain_options();
    struct mw_left_out found = mw_left_out_of(&counts, &options);
    assert_int_equal(found.pixels, 50);
    assert_reals(&found.fraction, 50.0 / 210);
    assert_false(found.of_all);
    options.skip_empty = true; /* a and b */
    found = mw_left_out_of(&counts, &options);
    assert_int_equal(found.pixels, 5);
    assert_reals(&found.fraction, 5.0 / 105);
    assert_false(found.of_all);
    struct mw_counts unknown = counts; /* nobody knows where */
    unknown.unknown_pixels = 30;
    found = mw_left_out_of(&unknown, &options);
    assert_int_equal(found.pixels, 80);
    assert_reals(&found.fraction, 80.0 / 240);
    assert_true(found.of_all);
}

TEST(the_rarest_presence_is_of_a_class_that_occurs) {
    struct mw_weigh_options options = plain_options();
    struct mw_weights weights = weigh("balanced", &options, &counts);
    assert_int_equal(mw_presence_rarest(&weights, &counts), 1); /* as rare as 2, and before it */
    mw_weights_free(&weights);
}

/* inverse: 160/120, 160/10, 160/30, and nothing of class 3, whose weight is filled in. */
TEST(extremes_are_those_of_the_classes_that_occur) {
    struct mw_weigh_options options = plain_options();
    options.zero_class = MW_ZERO_CLASS_ONE;
    struct mw_weights weights = weigh("inverse", &options, &counts);
    struct mw_extremes extremes = mw_extremes_find(&weights);
    assert_int_equal(extremes.present, 3);
    assert_int_equal(extremes.most, 0);
    assert_int_equal(extremes.least, 1);
    assert_int_equal(extremes.heaviest, 1);
    assert_int_equal(extremes.lightest, 0);
    assert_reals(&extremes.ratio, 12.0);
    assert_reals(&extremes.heaviest_to_lightest, 12.0);
    assert_false(mw_extremes_upside_down(&extremes, &weights));
    mw_weights_free(&weights);
    weights = weigh("fraction", &options, &counts);
    extremes = mw_extremes_find(&weights);
    assert_int_equal(extremes.heaviest, 0);
    assert_true(mw_extremes_upside_down(&extremes, &weights));
    mw_weights_free(&weights);
}

/* balanced keeps sum n w = N where every class occurs; here 3 of K = 4 do. fraction: sum of n^2 / N^2. */
TEST(the_pixel_mean_by_hand) {
    struct mw_weigh_options options = plain_options();
    struct mw_weights weights = weigh("balanced", &options, &counts);
    double mean = mw_weights_pixel_mean(&weights);
    assert_reals(&mean, 0.75);
    mw_weights_free(&weights);
    weights = weigh("fraction", &options, &counts);
    mean = mw_weights_pixel_mean(&weights);
    assert_reals(&mean, (120.0 * 120 + 10 * 10 + 30 * 30) / (160.0 * 160));
    mw_weights_free(&weights);
    options.normalize = MW_NORMALIZE_PIXEL_MEAN;
    weights = weigh("dice", &options, &counts);
    mean = mw_weights_pixel_mean(&weights);
    assert_reals(&mean, 1.0);
    mw_weights_free(&weights);
}

/* PyTorch, BCEWithLogitsLoss: 100 positives and 300 negatives: 3. Lin et al.: p = 0.01, b = -4.595. */
TEST(pos_weight_and_bias_are_those_of_their_sources) {
    double value = mw_pos_weight(0.25);
    assert_reals(&value, 3.0);
    assert_true(fabs(mw_initial_bias(0.01, 1) + 4.59512) < 1e-5);
    assert_true(fabs(mw_initial_bias(0.01, 99)) < 1e-12); /* positives weigh as much as negatives */
    for (int i = 1; i < 20; i++)                          /* the sigmoid of the bias is p */
        assert_true(fabs(1 / (1 + exp(-mw_initial_bias(i / 20.0, 1))) - i / 20.0) < 1e-12);
}

/* The mean loss of a sigmoid that is the same everywhere. */
static double constant_loss(double p, double weight, double bias) {
    return weight * p * log1p(exp(-bias)) + (1 - p) * log1p(exp(bias));
}

TEST(no_other_constant_has_less_loss_than_the_bias) {
    static const double weights[] = {0.5, 1, 3, 40}, shares[] = {0.001, 0.02, 0.3, 0.9};
    for (size_t i = 0; i < COUNT(weights); i++)
        for (size_t j = 0; j < COUNT(shares); j++) {
            double bias = mw_initial_bias(shares[j], weights[i]);
            double least = constant_loss(shares[j], weights[i], bias);
            assert_true(constant_loss(shares[j], weights[i], bias - 0.01) > least);
            assert_true(constant_loss(shares[j], weights[i], bias + 0.01) > least);
        }
}

/* enet: 1 / ln(1.02 + f), f = 3/4 and 1/16; log: ln 16 and max(ln(4/3), 1). Neither clipped nor filled. */
TEST(the_spread_of_a_scheme_by_hand) {
    struct mw_weigh_options options = plain_options();
    struct mw_error err;
    double spread;
    options.max_weight = 2;
    options.normalize = MW_NORMALIZE_SUM;
    options.zero_class = MW_ZERO_CLASS_MAX;
    struct mw_weights weights = weigh("balanced", &options, &counts);
    assert_ok(mw_scheme_spread("enet", &weights, &counts, &spread, &err), &err);
    assert_reals(&spread, log(1.77) / log(1.0825));
    assert_ok(mw_scheme_spread("log", &weights, &counts, &spread, &err), &err);
    assert_reals(&spread, log(16));
    mw_weights_free(&weights);
}

TEST(the_foreground_of_two_is_the_one_that_is_not_background) {
    static const struct made_mask two[] = {{.pixels = {3, 1}}};
    struct mw_labels settings = made_labels(2);
    struct mw_counts both;
    make_counts(&both, &settings, two, 1);
    assert_int_equal(mw_foreground_of_two(&both, &settings), 1);
    struct mw_labels none = {.classes = 2};
    assert_int_equal(mw_foreground_of_two(&both, &none), 1);
    struct mw_range second = {1, 1};
    none.background = (struct mw_ranges){.ranges = &second, .count = 1};
    assert_int_equal(mw_foreground_of_two(&both, &none), 0);
    mw_counts_free(&both);
    mw_labels_free(&settings);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_are_those_of_every_possible_draw),
        cmocka_unit_test(presence_is_that_of_the_masks_that_are_weighed),
        cmocka_unit_test(what_is_left_out_is_left_out_of_the_masks_that_are_weighed),
        cmocka_unit_test(the_rarest_presence_is_of_a_class_that_occurs),
        cmocka_unit_test(extremes_are_those_of_the_classes_that_occur),
        cmocka_unit_test(the_pixel_mean_by_hand),
        cmocka_unit_test(pos_weight_and_bias_are_those_of_their_sources),
        cmocka_unit_test(no_other_constant_has_less_loss_than_the_bias),
        cmocka_unit_test(the_spread_of_a_scheme_by_hand),
        cmocka_unit_test(the_foreground_of_two_is_the_one_that_is_not_background),
    };
    return cmocka_run_group_tests(tests, make_dataset, free_dataset);
}
