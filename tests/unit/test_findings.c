/* Each finding on counts where it must appear, and on counts where it must not. */
#include "made.h"

#include "audit/findings.h"

/* The findings of counts and of the weights of one scheme (NULL: of none). */
static struct mw_findings find(const struct mw_counts *counts, const struct mw_labels *labels,
                               const char *scheme) {
    struct mw_weigh_options options = plain_options();
    struct mw_weights weights = {0};
    struct mw_findings findings = {0};
    struct mw_error err;
    if (scheme) weights = weigh(scheme, &options, counts);
    assert_ok(mw_findings_make(&findings, counts, labels, &weights, scheme ? 1 : 0, &err), &err);
    mw_weights_free(&weights);
    return findings;
}

static const struct mw_finding *finding(const struct mw_findings *findings,
                                        enum mw_finding_code code) {
    const struct mw_finding *found = NULL;
    for (size_t i = 0; i < findings->count; i++) {
        assert_true(findings->list[i].message && is_one_line(findings->list[i].message));
        if (findings->list[i].code != code) continue;
        assert_null(found); /* told once */
        found = &findings->list[i];
    }
    return found;
}

/* Pixels by class id, one mask of one class after the other. */
struct class_pixels {
    uint32_t id;
    uint64_t pixels;
};

/* A finding about ids and pixels appears (with this in its message), or does not (NULL). */
static void check(enum mw_finding_code code, struct mw_labels labels, const char *scheme,
                  const char *part, const struct class_pixels *classes, size_t count, int line) {
    struct mw_counts counts;
    struct mw_error err;
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    mw_counts_init(&counts);
    for (size_t i = 0; i < count; i++) {
        struct mw_class_pixels one = {.id = classes[i].id, .pixels = classes[i].pixels};
        struct mw_mask mask = {.classes = &one, .count = 1, .pixels = classes[i].pixels};
        assert_ok(mw_counts_add_mask(&counts, &mask, &labels, &err), &err);
    }
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    struct mw_findings findings = find(&counts, &labels, scheme);
    const struct mw_finding *found = finding(&findings, code);
    if (!found != !part || (found && !strstr(found->message, part))) {
        print_error("line %d: %s\n", line, found ? found->message : "not found");
        fail();
    }
    mw_findings_free(&findings);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

#define CLASSES(...)                                                                               \
    (const struct class_pixels[]){__VA_ARGS__},                                                    \
        COUNT(((const struct class_pixels[]){__VA_ARGS__})), __LINE__

#define LABELS(...) ((struct mw_labels){__VA_ARGS__})

TEST(values_of_exactly_0_and_255_look_binary) {
    check(MW_LOOKS_BINARY, LABELS(0), NULL, "--binary", CLASSES({0, 90}, {255, 10}));
    check(MW_LOOKS_BINARY, LABELS(0), NULL, NULL, CLASSES({0, 90}, {254, 10}));
    check(MW_LOOKS_BINARY, LABELS(0), NULL, NULL, CLASSES({0, 90}, {1, 10}));
    check(MW_LOOKS_BINARY, LABELS(0), NULL, NULL, CLASSES({1, 90}, {255, 10}));
    check(MW_LOOKS_BINARY, LABELS(0), NULL, NULL, CLASSES({0, 90}, {1, 1}, {255, 10}));
    check(MW_LOOKS_BINARY, LABELS(0), NULL, NULL, CLASSES({255, 10}));
    check(MW_LOOKS_BINARY, LABELS(.classes = 256), NULL, "--binary", CLASSES({0, 90}, {255, 10}));
    check(MW_LOOKS_BINARY, LABELS(.classes = 256), NULL, NULL, CLASSES({0, 90}, {7, 1}, {255, 10}));
    check(MW_LOOKS_BINARY, LABELS(.binary = MW_BINARY_NONZERO), NULL, NULL,
          CLASSES({0, 90}, {1, 10}));
}

TEST(a_255_beside_small_ids_looks_like_an_ignore_index) {
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, "--ignore-index 255",
          CLASSES({0, 90}, {1, 9}, {255, 1}));
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, "--ignore-index 255",
          CLASSES({1, 9}, {2, 9}, {255, 1}));
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, NULL, CLASSES({0, 90}, {1, 9}));
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, NULL, CLASSES({0, 90}, {255, 9}));
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, NULL, CLASSES({0, 90}, {1, 9}, {254, 1}));
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, NULL,
          CLASSES({0, 90}, {1, 9}, {255, 1}, {256, 1}));
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, NULL,
          CLASSES({0, 9}, {60, 9}, {120, 9}, {180, 9}, {255, 1})); /* far from contiguous */
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(.classes = 256), NULL, NULL,
          CLASSES({0, 90}, {1, 9}, {255, 1}));
}

/* Ids 0 to 255: those are grey values, or as many classes. */
TEST(a_255_beside_large_ids_does_not_look_like_an_ignore_index) {
    struct class_pixels classes[256];
    for (uint32_t id = 0; id < 256; id++) classes[id] = (struct class_pixels){id, 9};
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, NULL, classes, 256, __LINE__);
    classes[150] = (struct class_pixels){255, 9};
    check(MW_LOOKS_LIKE_IGNORE_INDEX, LABELS(0), NULL, "--ignore-index", classes, 151, __LINE__);
}

TEST(a_declared_class_that_never_occurs_is_told) {
    check(MW_ABSENT_CLASS, LABELS(.classes = 3), "balanced", "class 1 never occurs",
          CLASSES({0, 90}, {2, 9}));
    check(MW_ABSENT_CLASS, LABELS(.classes = 4), "balanced", "1, 3 never occur",
          CLASSES({0, 90}, {2, 9}));
    check(MW_ABSENT_CLASS, LABELS(.classes = 3), "balanced", "--zero-class zero",
          CLASSES({0, 90}, {2, 9}));
    check(MW_ABSENT_CLASS, LABELS(.classes = 300), "balanced", "more never occur",
          CLASSES({0, 90}, {2, 9}));
    check(MW_ABSENT_CLASS, LABELS(.classes = 3), "balanced", NULL,
          CLASSES({0, 90}, {1, 1}, {2, 9}));
    check(MW_ABSENT_CLASS, LABELS(0), "balanced", NULL, CLASSES({0, 90}, {2, 9})); /* a gap */
}

TEST(schemes_that_weigh_frequent_classes_up_are_told) {
    static const char *const upside_down[] = {"fraction", "log:of=fraction,c=100"};
    for (size_t i = 0; i < COUNT(upside_down); i++)
        check(MW_WEIGHS_FREQUENT_UP, LABELS(0), upside_down[i], upside_down[i],
              CLASSES({0, 90}, {1, 10}));
    static const char *const right[] = {"inverse", "log:c=3",   "balanced", "median-frequency",
                                        "enet",    "effective", "dice",     "pos-weight"};
    for (size_t i = 0; i < COUNT(right); i++)
        check(MW_WEIGHS_FREQUENT_UP, LABELS(0), right[i], NULL, CLASSES({0, 90}, {1, 10}));
    check(MW_WEIGHS_FREQUENT_UP, LABELS(0), "fraction", NULL, CLASSES({0, 50}, {1, 50}));
    check(MW_WEIGHS_FREQUENT_UP, LABELS(0), "fraction", NULL, CLASSES({0, 50}));
}

/* Cui et al. on pixel counts: 1 - 0.999^k is 1 for thousands of pixels. */
TEST(weights_that_are_all_but_equal_are_told) {
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "effective:of=pixels", "effective:of=pixels",
          CLASSES({0, 9000000}, {1, 50000}));
    /* 1 / (1 - 0.999^5000) = 1.0068, and of 4000 pixels 1.0186 */
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "effective:of=pixels", "effective:of=pixels",
          CLASSES({0, 9000000}, {1, 5000}));
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "effective:of=pixels", NULL,
          CLASSES({0, 9000000}, {1, 4000}));
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "log:c=0.15", "log:c=0.15", /* all on the floor */
          CLASSES({0, 60}, {1, 40}));
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "effective:of=pixels", NULL, CLASSES({0, 900}, {1, 50}));
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "balanced", NULL, CLASSES({0, 9000000}, {1, 50000}));
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "balanced", NULL, CLASSES({0, 50}, {1, 50}));
    check(MW_UNIFORM_WEIGHTS, LABELS(0), "balanced", NULL, CLASSES({0, 50}));
    check(MW_UNIFORM_WEIGHTS, LABELS(.classes = 5), "effective:of=pixels", "effective",
          CLASSES({0, 9000000}, {1, 50000})); /* whatever the classes without pixels get */
}

/* Class 0 in a mask of its own (empty), class 1 in another: with --skip-empty 0 is not weighed. */
TEST(findings_are_about_what_is_weighed) {
    struct mw_labels labels = made_labels(2);
    static const struct made_mask masks[] = {{.pixels = {90}}, {.pixels = {0, 10}}};
    struct mw_weigh_options options = plain_options();
    struct mw_counts counts;
    struct mw_error err;
    make_counts(&counts, &labels, masks, COUNT(masks));
    for (int skip_empty = 0; skip_empty < 2; skip_empty++) {
        struct mw_findings findings = {0};
        options.skip_empty = skip_empty;
        struct mw_weights weights = weigh("fraction", &options, &counts);
        assert_ok(mw_findings_make(&findings, &counts, &labels, &weights, 1, &err), &err);
        const struct mw_finding *absent = finding(&findings, MW_ABSENT_CLASS);
        assert_int_equal(!absent, !skip_empty);
        if (absent) assert_non_null(strstr(absent->message, "class 0 "));
        assert_int_equal(!finding(&findings, MW_WEIGHS_FREQUENT_UP), skip_empty);
        assert_null(finding(&findings, MW_NOTHING_TO_WEIGH));
        mw_findings_free(&findings);
        mw_weights_free(&weights);
    }
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* One finding, and not one a class. */
TEST(nothing_to_weigh_is_told_once) {
    struct mw_labels labels = made_labels(3);
    static const struct made_mask masks[] = {{.ignored = 90}};
    struct mw_counts counts;
    make_counts(&counts, &labels, masks, 1);
    struct mw_findings findings = find(&counts, &labels, "balanced");
    assert_int_equal(findings.count, 1);
    assert_non_null(strstr(finding(&findings, MW_NOTHING_TO_WEIGH)->message, "no pixel"));
    mw_findings_free(&findings);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* --- Findings of masks ----------------------------------------------------------------------- */

TEST(findings_of_masks_are_told_with_their_files) {
    for (unsigned code = 0; code < MW_MASK_FINDINGS; code++) {
        struct mw_labels labels = made_labels(0);
        static const struct made_mask masks[] = {{.pixels = {5, 5}}};
        struct mw_counts counts;
        struct mw_error err;
        make_counts(&counts, &labels, masks, 1);
        assert_ok(mw_places_add(&counts.findings[code], 0, "b.png", NULL, &err), &err);
        assert_ok(mw_places_add(&counts.findings[code], 0, "a.png", NULL, &err), &err);
        mw_places_sort(&counts.findings[code]);
        struct mw_findings findings = find(&counts, &labels, "balanced");
        assert_int_equal(findings.count, 1);
        assert_int_equal(findings.list[0].code, code);
        assert_int_equal(findings.list[0].count, 2);
        assert_ptr_equal(findings.list[0].first, &counts.findings[code]);
        assert_string_equal(findings.list[0].first->places[0].path, "a.png");
        assert_string_equal(findings.list[0].message, mw_finding_kinds[code].meaning);
        mw_findings_free(&findings);
        mw_counts_free(&counts);
        mw_labels_free(&labels);
    }
}

TEST(sound_counts_have_no_finding) {
    struct mw_labels labels = made_labels(3);
    static const struct made_mask masks[] = {{.pixels = {60, 30, 10}, .ignored = 4}};
    struct mw_counts counts;
    make_counts(&counts, &labels, masks, 1);
    struct mw_findings findings = find(&counts, &labels, "balanced");
    assert_int_equal(findings.count, 0);
    mw_findings_free(&findings);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* Findings stand in the order of the table. */
TEST(findings_are_in_order) {
    struct mw_labels labels = made_labels(0);
    static const struct made_mask masks[] = {{.pixels = {900, 30}}};
    struct mw_counts counts;
    struct mw_error err;
    make_counts(&counts, &labels, masks, 1);
    mw_counts_class(&counts, 255)->all =
        (struct mw_class_tally){.pixels = 10, .masks = 1, .mask_pixels = 10};
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    for (unsigned code = MW_MASK_FINDINGS; code > 0; code--)
        assert_ok(mw_places_add(&counts.findings[code - 1], 0, "a.png", NULL, &err), &err);
    struct mw_findings findings = find(&counts, &labels, "fraction");
    assert_int_equal(findings.count, MW_MASK_FINDINGS + 2);
    for (size_t i = 1; i < findings.count; i++)
        assert_true(findings.list[i - 1].code < findings.list[i].code);
    mw_findings_free(&findings);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* Each scheme is told by its own name. */
TEST(every_scheme_is_judged_by_itself) {
    struct mw_labels labels = made_labels(0);
    static const struct made_mask masks[] = {{.pixels = {60, 40}}};
    struct mw_weigh_options options = plain_options();
    struct mw_findings findings = {0};
    struct mw_counts counts;
    struct mw_error err;
    make_counts(&counts, &labels, masks, 1);
    struct mw_weights weights[] = {weigh("balanced", &options, &counts),
                                   weigh("fraction", &options, &counts),
                                   weigh("log:c=0.15", &options, &counts)};
    assert_ok(mw_findings_make(&findings, &counts, &labels, weights, COUNT(weights), &err), &err);
    assert_int_equal(findings.count, 2);
    assert_non_null(strstr(finding(&findings, MW_WEIGHS_FREQUENT_UP)->message, "fraction"));
    assert_non_null(strstr(finding(&findings, MW_UNIFORM_WEIGHTS)->message, "log:c=0.15"));
    mw_findings_free(&findings);
    for (size_t i = 0; i < COUNT(weights); i++) mw_weights_free(&weights[i]);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* --- One mask that looks wrong --------------------------------------------------------------- */

/* Labels one 8-bit mask and says whether it looks as if it was saved as JPEG once. */
static bool looks_lossy(struct mw_labels labels, const struct class_pixels *values, size_t count,
                        int line) {
    struct mw_histogram histogram;
    struct mw_layout layout = {.height = 1, .bits = 8, .channels = 1};
    struct mw_mask mask = {0};
    struct mw_error err;
    (void)line;
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    assert_ok(mw_histogram_init(&histogram, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    for (size_t i = 0; i < count; i++) layout.width += (uint32_t)values[i].pixels;
    mw_histogram_begin(&histogram, &layout);
    for (size_t i = 0; i < count; i++) mw_histogram_run(&histogram, values[i].id, values[i].pixels);
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    assert_ok(mw_mask_label(&mask, &histogram, &labels, &err), &err);
    bool lossy = mask.looks_lossy;
    mw_mask_free(&mask);
    mw_histogram_free(&histogram);
    mw_labels_free(&labels);
    return lossy;
}

/* Two plateaus with ringing around them, and a few values between. */
#define RINGING                                                                                    \
    {0, 4000}, {1, 90}, {2, 50}, {3, 30}, {4, 20}, {5, 9}, {6, 5}, {90, 3}, {130, 2}, {180, 4},    \
        {248, 9}, {249, 8}, {250, 11}, {251, 20}, {252, 40}, {253, 60}, {254, 100}, {              \
        255, 3000                                                                                  \
    }

TEST(a_binary_mask_with_many_grey_values_looks_lossy) {
    assert_true(looks_lossy(LABELS(0), CLASSES(RINGING)));
    assert_true(looks_lossy(LABELS(.binary = MW_BINARY_NONZERO), CLASSES(RINGING)));
    assert_false(looks_lossy(LABELS(0), CLASSES({0, 4000}, {255, 3000})));
    assert_false(looks_lossy(LABELS(0), CLASSES({0, 4000}, {1, 500}, {2, 60}, {255, 3000})));
    assert_false(
        looks_lossy(LABELS(0), CLASSES({0, 4000}, {252, 9}, {253, 9}, {254, 9}, {255, 3000})));
    assert_true(looks_lossy(LABELS(.classes = 2), CLASSES(RINGING)));
}

/* A photograph of snow: many values and most of them light, but nothing is black. */
TEST(a_light_photograph_does_not_look_lossy) {
    struct class_pixels values[56];
    for (uint32_t i = 0; i < 56; i++) values[i] = (struct class_pixels){200 + i, i < 40 ? 1 : 500};
    assert_false(looks_lossy(LABELS(0), values, COUNT(values), __LINE__));
}

/* Twenty classes and a void label: many values, but none just below 255. */
TEST(a_mask_of_many_classes_does_not_look_lossy) {
    struct class_pixels values[22];
    for (uint32_t i = 0; i < 21; i++) values[i] = (struct class_pixels){i, 100};
    values[21] = (struct class_pixels){255, 100};
    assert_false(looks_lossy(LABELS(0), values, COUNT(values), __LINE__));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_exactly_0_and_255_look_binary),
        cmocka_unit_test(a_255_beside_small_ids_looks_like_an_ignore_index),
        cmocka_unit_test(a_255_beside_large_ids_does_not_look_like_an_ignore_index),
        cmocka_unit_test(a_declared_class_that_never_occurs_is_told),
        cmocka_unit_test(schemes_that_weigh_frequent_classes_up_are_told),
        cmocka_unit_test(weights_that_are_all_but_equal_are_told),
        cmocka_unit_test(findings_are_about_what_is_weighed),
        cmocka_unit_test(nothing_to_weigh_is_told_once),
        cmocka_unit_test(findings_of_masks_are_told_with_their_files),
        cmocka_unit_test(sound_counts_have_no_finding),
        cmocka_unit_test(findings_are_in_order),
        cmocka_unit_test(every_scheme_is_judged_by_itself),
        cmocka_unit_test(a_binary_mask_with_many_grey_values_looks_lossy),
        cmocka_unit_test(a_light_photograph_does_not_look_lossy),
        cmocka_unit_test(a_mask_of_many_classes_does_not_look_lossy),
    };
    return RUN_TESTS(tests);
}
