/* Every scheme against its published definition, worked out by hand. */
#include "made.h"

#include "weigh/scheme.h"

/* The weights of a dataset of masks by a scheme, without options. */
static struct mw_weights weights_of(const char *scheme, const struct made_mask *masks,
                                    size_t count) {
    struct mw_labels labels = made_labels(0);
    struct mw_counts counts;
    struct mw_weigh_options options = plain_options();
    make_counts(&counts, &labels, masks, count);
    struct mw_weights weights = weigh(scheme, &options, &counts);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    return weights;
}

#define assert_scheme(scheme, masks, ...)                                                          \
    do {                                                                                           \
        struct mw_weights weights_ = weights_of(scheme, masks, COUNT(masks));                      \
        assert_reals(weights_.class_weight, __VA_ARGS__);                                          \
        mw_weights_free(&weights_);                                                                \
    } while (0)

/* A scheme's formula for one class, with parameters as on the command line. */
static double formula(const char *text, struct mw_class_term term) {
    struct mw_scheme_request request;
    struct mw_error err;
    assert_ok(mw_scheme_parse(&request, text, &err), &err);
    return request.scheme->weight(&term, request.values);
}

/* --- fraction, inverse ----------------------------------------------------------------------- */

/* n = 1, 24, 75 of N = 100 */
static const struct made_mask hundred[] = {{.pixels = {1, 0, 50}}, {.pixels = {0, 24, 25}}};

TEST(fraction_is_the_share) {
    assert_scheme("fraction", hundred, 0.01, 0.24, 0.75);
}

TEST(inverse_is_total_over_pixels_to_a_power) {
    static const struct made_mask masks[] = {{.pixels = {1, 25, 74}}};
    assert_scheme("inverse", masks, 100.0, 4.0, 100.0 / 74);
    assert_scheme("inv", masks, 100.0, 4.0, 100.0 / 74);
    assert_scheme("inverse:power=1", masks, 100.0, 4.0, 100.0 / 74);
    assert_scheme("inverse:power=2", masks, 10000.0, 16.0);
}

/* The square root of inverse class frequency: sqrt(100 / 1) = 10, sqrt(100 / 25) = 2. */
TEST(inverse_with_power_one_half_is_the_square_root_variant) {
    static const struct made_mask masks[] = {{.pixels = {1, 25, 74}}};
    assert_scheme("inverse:power=0.5", masks, 10.0, 2.0);
}

/* --- balanced -------------------------------------------------------------------------------- */

/* scikit-learn, compute_class_weight(class_weight="balanced", classes=[0, 1], y=[1,1,1,1,0,0]):
 * array([1.5 , 0.75]), the example in its documentation; n_samples / (n_classes * bincount(y)):
 * 6 / (2 * 2) and 6 / (2 * 4). */
TEST(balanced_is_the_documented_example_of_scikit_learn) {
    static const struct made_mask masks[] = {{.pixels = {2, 4}}};
    assert_scheme("balanced", masks, 1.5, 0.75);
}

TEST(balanced_counts_declared_classes_without_pixels) {
    static const struct made_mask masks[] = {{.pixels = {2, 4}}};
    struct mw_labels labels = made_labels(3);
    struct mw_weigh_options options = plain_options();
    struct mw_counts counts;
    make_counts(&counts, &labels, masks, 1);
    struct mw_weights weights = weigh("balanced", &options, &counts);
    assert_reals(weights.class_weight, 1.0, 0.5, 0.0); /* 6 / (3 * 2), 6 / (3 * 4) */
    mw_weights_free(&weights);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* --- pos-weight ------------------------------------------------------------------------------ */

/* PyTorch, BCEWithLogitsLoss: "if a dataset contains 100 positive and 300 negative examples of a
 * single class, then pos_weight for the class should be equal to 300/100 = 3". */
TEST(pos_weight_is_the_documented_example_of_pytorch) {
    static const struct made_mask masks[] = {{.pixels = {300, 100}}};
    assert_scheme("pos-weight", masks, 1.0 / 3, 3.0);
    assert_scheme("pos_weight", masks, 1.0 / 3, 3.0);
}

TEST(pos_weight_is_negatives_over_positives_of_each_class) {
    assert_scheme("pos-weight", hundred, 99.0, 76.0 / 24, 25.0 / 75);
}

/* --- enet ------------------------------------------------------------------------------------ */

/* ENet, section 5.2: w = 1 / ln(c + p), c = 1.02 restricts the weights to [1, 50].
 * p = 0: 1 / ln(1.02); p = 1: 1 / ln(2.02). */
TEST(enet_has_the_published_limits) {
    struct mw_class_term none = {.pixels = 0, .total = 100}, all = {.pixels = 100, .total = 100};
    assert_within(formula("enet", none), 50.498349791844, 1e-9);
    assert_within(formula("enet", all), 1.422277826, 1e-9);
    assert_within(formula("enet:c=1.02", none), 50.498349791844, 1e-9);
}

/* ERFNet, ESPNet: c = 1.10. 1 / ln(1.1) = 10.492, 1 / ln(2.1) = 1.3478. */
TEST(enet_with_c_of_1_10_has_the_limits_of_erfnet) {
    struct mw_class_term none = {.pixels = 0, .total = 100}, all = {.pixels = 100, .total = 100};
    assert_within(formula("enet:c=1.10", none), 10.492, 1e-4);
    assert_within(formula("enet:c=1.10", all), 1.3478, 1e-4);
}

/* c = e - 1/2 and f = 1/2: 1 / ln(e) = 1, to any power. c = e^2 - 1/4 and f = 1/4: 1 / ln(e^2) =
 * 1/2, squared 1/4. */
TEST(enet_follows_its_formula_between_the_limits) {
    struct mw_class_term half = {.pixels = 50, .total = 100}, quarter = {.pixels = 1, .total = 4};
    assert_near(formula("enet:c=2.218281828459045", half), 1);
    assert_near(formula("enet:c=2.218281828459045,power=3", half), 1);
    assert_near(formula("enet:c=7.13905609893065", quarter), 0.5);
    assert_near(formula("enet:power=2,c=7.13905609893065", quarter), 0.25);
}

/* --- log ------------------------------------------------------------------------------------- */

/* create_class_weight: max(ln(mu * total / count), 1). total / count = 100: ln(15), ln(100). */
TEST(log_is_the_keras_recipe_with_a_floor_of_1) {
    static const struct made_mask masks[] = {{.pixels = {10, 490, 500}}};
    assert_scheme("log:c=0.15", masks, 2.70805020110221, 1.0, 1.0);
    assert_scheme("log", masks, 4.605170185988092, 1.0, 1.0);
    assert_scheme("log:of=ratio,c=0.15", masks, 2.70805020110221, 1.0, 1.0);
}

/* The floor meets the curve at c N / n = e. */
TEST(log_reaches_its_floor_where_the_logarithm_is_1) {
    struct mw_class_term term = {.pixels = 1, .total = 10};
    assert_near(formula("log:c=0.27182818284590452", term), 1);
    assert_near(formula("log:c=0.27", term), 1);
    assert_true(formula("log:c=0.28", term) > 1.02);
}

/* max(ln(c n / N), 1): c = 100 and f = 0.9, 0.1: ln(90), ln(10); c = 10: ln(9), and the floor. */
TEST(log_of_fraction_is_the_recipe_read_literally) {
    static const struct made_mask masks[] = {{.pixels = {900, 100}}};
    assert_scheme("log:of=fraction,c=100", masks, 4.499809670330265, 2.302585092994046);
    assert_scheme("log:of=fraction,c=10", masks, 2.19722457733622, 1.0);
}

/* --- median-frequency ------------------------------------------------------------------------ */

/* Eigen and Fergus 2015: freq(c) is the number of pixels of c divided by the total number of pixels
 * in images where c is present; weight = median of freq / freq(c).
 *
 *   image      A    B    C   pixels
 *     1       80   20    0    100       freq(A) = 120 / 200 = 3/5
 *     2       40    0   60    100       freq(B) =  30 / 150 = 1/5
 *     3        0   10   40     50       freq(C) = 100 / 150 = 2/3      median 3/5 */
static const struct made_mask images[] = {
    {.pixels = {80, 20, 0}},
    {.pixels = {40, 0, 60}},
    {.pixels = {0, 10, 40}},
    {.pixels = {0, 0, 0, 100}}, /* of the next test: freq(D) = 1 */
};

TEST(median_frequency_of_an_odd_number_of_classes) {
    static const char *const names[] = {"median-frequency", "mfb"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct mw_weights weights = weights_of(names[i], images, 3);
        assert_reals(weights.class_weight, 1.0, 3.0, 0.9);
        mw_weights_free(&weights);
    }
}

/* 1/5, 3/5, 2/3, 1: the mean of the middle two is 19/30. */
TEST(median_frequency_of_an_even_number_of_classes) {
    assert_scheme("median-frequency", images, 19.0 / 18, 19.0 / 6, 19.0 / 20, 19.0 / 30);
}

/* A declared class without pixels has no frequency and does not move the median. */
TEST(median_frequency_is_over_the_classes_that_occur) {
    struct mw_labels labels = made_labels(6);
    struct mw_weigh_options options = plain_options();
    struct mw_counts counts;
    make_counts(&counts, &labels, images, 3);
    struct mw_weights weights = weigh("median-frequency", &options, &counts);
    assert_reals(weights.class_weight, 1.0, 3.0, 0.9, 0.0, 0.0, 0.0);
    mw_weights_free(&weights);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* --- effective ------------------------------------------------------------------------------- */

/* Cui et al. 2019, equation 2: E_n = (1 - beta^n) / (1 - beta), weight 1 / E_n. beta = 0.9:
 * E_1 = 1, E_2 = 0.19 / 0.1 = 1.9, E_3 = 0.271 / 0.1 = 2.71. Classes in 1, 2 and 3 masks. */
TEST(effective_number_of_masks) {
    static const struct made_mask masks[] = {
        {.pixels = {7, 1, 5}}, {.pixels = {0, 8, 1}}, {.pixels = {0, 0, 9}}};
    assert_scheme("effective:beta=0.9", masks, 1.0, 1 / 1.9, 1 / 2.71);
    assert_scheme("effective:of=masks,beta=0.9", masks, 1.0, 1 / 1.9, 1 / 2.71);
}

TEST(effective_number_of_pixels) {
    static const struct made_mask masks[] = {{.pixels = {1, 2, 3}}};
    assert_scheme("effective:of=pixels,beta=0.9", masks, 1.0, 1 / 1.9, 1 / 2.71);
}

/* E_n = 1 + beta + ... + beta^(n-1), summed up; beta = 0.999 when not given. With so small a
 * 1 - beta, 1 - beta^n computed as it is written loses half the digits. */
TEST(effective_number_keeps_its_digits) {
    static const char *const schemes[] = {"effective", "effective:beta=0.999999999"};
    static const double betas[] = {0.999, 0.999999999};
    for (size_t i = 0; i < COUNT(betas); i++) {
        double sum = 0, power = 1;
        for (int n = 1; n <= 10; n++) {
            struct mw_class_term term = {.masks = n, .pixels = 1000};
            sum += power;
            power *= betas[i];
            assert_near(formula(schemes[i], term), 1 / sum);
        }
    }
}

/* The limits that the paper states: beta -> 0 is no weighting, beta -> 1 is inverse frequency. */
TEST(effective_number_lies_between_none_and_inverse) {
    struct mw_class_term term = {.masks = 50};
    assert_within(formula("effective:beta=0.000000001", term), 1, 1e-8);
    assert_within(formula("effective:beta=0.999999999", term), 1.0 / 50, 1e-6);
}

/* --- dice ------------------------------------------------------------------------------------ */

/* Sudre et al. 2017: w = 1 / (sum of the reference pixels)^2. */
TEST(dice_is_one_over_pixels_squared) {
    static const struct made_mask masks[] = {{.pixels = {2, 10}}};
    assert_scheme("dice", masks, 0.25, 0.01);
    assert_scheme("dice:power=1", masks, 0.5, 0.1);
}

/* --- The table ------------------------------------------------------------------------------- */

TEST(every_row_has_a_formula_and_a_source_and_weighs_an_ordinary_class) {
    struct mw_class_term term = {.pixels = 200,
                                 .total = 1000,
                                 .classes = 4,
                                 .masks = 7,
                                 .frequency = 0.25,
                                 .median_frequency = 0.3};
    assert_true(mw_scheme_count >= 9);
    for (size_t i = 0; i < mw_scheme_count; i++) {
        const struct mw_scheme *scheme = &mw_schemes[i];
        struct mw_scheme_request request;
        mw_scheme_standard(&request, scheme);
        double weight = scheme->weight(&term, request.values);
        assert_true(scheme->formula && *scheme->formula && scheme->source && *scheme->source);
        assert_true(isfinite(weight) && weight > 0);
    }
}

TEST(every_name_and_alias_is_understood_and_its_own) {
    for (size_t i = 0; i < mw_scheme_count; i++) {
        const char *names[] = {mw_schemes[i].name, mw_schemes[i].alias};
        for (size_t j = 0; j < COUNT(names) && names[j]; j++) {
            struct mw_scheme_request request;
            struct mw_error err;
            assert_ok(mw_scheme_parse(&request, names[j], &err), &err);
            assert_ptr_equal(request.scheme, &mw_schemes[i]);
            assert_string_equal(request.text, names[j]);
        }
    }
}

TEST(standard_parameters_are_allowed_values) {
    for (size_t i = 0; i < mw_scheme_count; i++)
        for (size_t j = 0; j < MW_PARAMETERS; j++) {
            const struct mw_parameter *parameter = &mw_schemes[i].parameters[j];
            if (!parameter->name) continue;
            if (parameter->choices[0]) {
                assert_non_null(parameter->choices[1]);
                assert_true(parameter->standard == 0 || parameter->standard == 1);
                continue;
            }
            assert_non_null(parameter->range);
            assert_true(parameter->standard > parameter->above);
            assert_true(parameter->standard < parameter->below);
        }
}

/* --- Parsing --------------------------------------------------------------------------------- */

TEST(parameters_are_read_in_any_order) {
    struct mw_scheme_request request;
    struct mw_error err;
    static const char *const texts[] = {"enet:c=1.5,power=2", "enet:power=2,c=1.5"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_ok(mw_scheme_parse(&request, texts[i], &err), &err);
        assert_string_equal(request.scheme->name, "enet");
        assert_string_equal(request.text, texts[i]);
        assert_reals(request.values, 1.5, 2.0);
    }
    assert_ok(mw_scheme_parse(&request, "effective:of=pixels", &err), &err);
    assert_reals(request.values, 1.0, 0.999);
}

/* What is wrong, and what the message must hold: the right name, or what is allowed. */
static const struct {
    const char *text, *part;
} wrong[] = {
    {"enett", "'enet'"},
    {"ent", "'enet'"},
    {"balnced", "'balanced'"},
    {"blaanced", "'balanced'"},
    {"Balanced", "'balanced'"},
    {"median_frequency", "'median-frequency'"},
    {"median", "'median-frequency'"},
    {"effektive", "'effective'"},
    {"inverze:power=2", "'inverse'"},
    {"pos-wieght", "'pos-weight'"},
    {"xyzzy", "balanced, median-frequency, enet"},
    {"", "balanced, median-frequency, enet"},
    {":c=1", "balanced, median-frequency, enet"},
    {"balanced:c=1", "no parameters"},
    {"enet:pwoer=2", "power"},
    {"enet:C=2", "c and power"},
    {"effective:bta=0.9", "beta"},
    {"enet:c", "KEY=VALUE"},
    {"enet:", "KEY=VALUE"},
    {"enet:c=1.1,", "KEY=VALUE"},
    {"enet:,c=1.1", "KEY=VALUE"},
    {"enet:c=1.1,c=1.2", "twice"},
    {"enet:c=1", "above 1"},
    {"enet:c=0.5", "above 1"},
    {"enet:c=-2", "above 1"},
    {"enet:c=", "above 1"},
    {"enet:c=abc", "above 1"},
    {"enet:c=1.1x", "above 1"},
    {"enet:c= 1.1", "above 1"},
    {"enet:c=nan", "above 1"},
    {"enet:c=inf", "above 1"},
    {"enet:c=1e999", "above 1"},
    {"enet:power=0", "above 0"},
    {"inverse:power=-1", "above 0"},
    {"effective:beta=0", "between 0 and 1"},
    {"effective:beta=1", "between 0 and 1"},
    {"effective:of=pixel", "'pixels'"},
    {"effective:of=2", "'masks'"},
    {"log:of=fraction", "c="},
    {"log:c=0", "above 0"},
    {"enet:c=1.1:power=2", "c"},
    {"enet c=1.1", "enet"},
    {"dice:power=00000000000000000000000000000000000000000000000000000000000000000001", "too long"},
};

TEST(wrong_requests_are_refused_with_the_right_name) {
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct mw_scheme_request request;
        struct mw_error err = {0};
        if (mw_scheme_parse(&request, wrong[i].text, &err) != MW_USAGE)
            fail_msg("'%s' was understood", wrong[i].text);
        if (!strstr(err.message, wrong[i].part) || !is_one_line(err.message))
            fail_msg("'%s': %s", wrong[i].text, err.message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fraction_is_the_share),
        cmocka_unit_test(inverse_is_total_over_pixels_to_a_power),
        cmocka_unit_test(inverse_with_power_one_half_is_the_square_root_variant),
        cmocka_unit_test(balanced_is_the_documented_example_of_scikit_learn),
        cmocka_unit_test(balanced_counts_declared_classes_without_pixels),
        cmocka_unit_test(pos_weight_is_the_documented_example_of_pytorch),
        cmocka_unit_test(pos_weight_is_negatives_over_positives_of_each_class),
        cmocka_unit_test(enet_has_the_published_limits),
        cmocka_unit_test(enet_with_c_of_1_10_has_the_limits_of_erfnet),
        cmocka_unit_test(enet_follows_its_formula_between_the_limits),
        cmocka_unit_test(log_is_the_keras_recipe_with_a_floor_of_1),
        cmocka_unit_test(log_reaches_its_floor_where_the_logarithm_is_1),
        cmocka_unit_test(log_of_fraction_is_the_recipe_read_literally),
        cmocka_unit_test(median_frequency_of_an_odd_number_of_classes),
        cmocka_unit_test(median_frequency_of_an_even_number_of_classes),
        cmocka_unit_test(median_frequency_is_over_the_classes_that_occur),
        cmocka_unit_test(effective_number_of_masks),
        cmocka_unit_test(effective_number_of_pixels),
        cmocka_unit_test(effective_number_keeps_its_digits),
        cmocka_unit_test(effective_number_lies_between_none_and_inverse),
        cmocka_unit_test(dice_is_one_over_pixels_squared),
        cmocka_unit_test(every_row_has_a_formula_and_a_source_and_weighs_an_ordinary_class),
        cmocka_unit_test(every_name_and_alias_is_understood_and_its_own),
        cmocka_unit_test(standard_parameters_are_allowed_values),
        cmocka_unit_test(parameters_are_read_in_any_order),
        cmocka_unit_test(wrong_requests_are_refused_with_the_right_name),
    };
    return RUN_TESTS(tests);
}
