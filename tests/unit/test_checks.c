/* Checks: how rules are written, and each measure against numbers worked out by hand. */
#include "made.h"

#include <math.h>

#include "audit/checks.h"
#include "audit/divergence.h"

/* Three classes: 0 in all, 1 in two, 2 in one mask. N = 20. */
static const struct made_mask before[] = {
    {.pixels = {8, 2, 0}}, {.pixels = {4, 3, 1}, .ignored = 5}, {.pixels = {2}}};
/* Without class 2, with class 3. N = 16. */
static const struct made_mask after[] = {{.pixels = {8, 4, 0, 4}}};

static const struct mw_check *check_of(const char *name) {
    for (size_t i = 0; i < mw_check_count; i++)
        if (strcmp(mw_checks[i].name, name) == 0) return &mw_checks[i];
    fail();
    return NULL;
}

TEST(every_check_has_a_name_words_and_a_finding_of_that_name) {
    for (size_t i = 0; i < mw_check_count; i++) {
        const struct mw_check *check = &mw_checks[i];
        assert_string_equal(check->name, mw_finding_kinds[check->code].code);
        assert_true(check->code >= MW_CHECK_FINDINGS && (check->measure || check->look));
        assert_true(!check->operand || check->operand->valid(check->operand->example));
        assert_true(is_one_line(check->quantity) && is_one_line(check->why));
        assert_true(!check->implied ||
                    !isnan(check->standard)); /* it can be asked for by name alone */
        for (size_t j = 0; j < i; j++) assert_string_not_equal(mw_checks[j].name, check->name);
    }
    assert_int_equal(mw_check_count, MW_FINDING_CODES - MW_CHECK_FINDINGS);
}

TEST(measures_are_those_worked_out_by_hand) {
    struct mw_counts now;
    struct mw_document old = {.labels = made_labels(0)};
    struct mw_labels labels = made_labels(0);
    make_counts(&now, &labels, after, COUNT(after));
    make_counts(&old.counts, &old.labels, before, COUNT(before));
    struct mw_check_view view = {&now, &labels, &old, NULL},
                         past = {&old.counts, &old.labels, NULL, NULL};
    const struct {
        const char *name;
        const struct mw_check_view *view;
        uint32_t id;
        double measured;
    } cases[] = {
        {"min-pixels", &past, 1, 5},        {"min-pixels", &past, 9, 0},
        {"min-masks", &past, 0, 3},         {"min-masks", &past, 2, 1},
        {"min-fraction", &past, 1, 0.25},   {"max-imbalance", &past, 0, 14},
        {"max-empty", &past, 0, 1.0 / 3},   {"max-ignored", &past, 0, 5.0 / 25},
        {"missing-classes", &view, 2, 0},   {"lost-classes", &view, 2, 1},
        {"lost-classes", &view, 0, 0},      {"lost-classes", &view, 3, 0},
        {"new-classes", &view, 3, 4},       {"new-classes", &view, 2, 0},
        {"max-drift", &view, 0, 0.7 - 0.5}, {"max-drift", &view, 2, 0.05},
        {"removed-masks", &view, 0, 2},     {"unreadable", &view, 0, 0},
        {"unknown-labels", &view, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double got = check_of(cases[i].name)->measure(cases[i].view, cases[i].id);
        if (fabs(got - cases[i].measured) > 1e-15) {
            print_error("%s of class %u: %.17g\n", cases[i].name, (unsigned)cases[i].id, got);
            fail();
        }
    }
    mw_counts_free(&now);
    mw_document_free(&old);
    mw_labels_free(&labels);
}

static double divergence(const struct made_mask *a, const struct made_mask *b) {
    struct mw_counts left, right;
    struct mw_labels labels = made_labels(0);
    make_counts(&left, &labels, a, 1);
    make_counts(&right, &labels, b, 1);
    double there = mw_divergence(&left, &right), back = mw_divergence(&right, &left);
    if (!isnan(there)) assert_float_equal(there, back, 1e-15);
    mw_counts_free(&left);
    mw_counts_free(&right);
    mw_labels_free(&labels);
    return there;
}

TEST(divergence_is_0_for_the_same_shares_1_for_none_in_common_and_known_between) {
    const struct made_mask one = {.pixels = {1, 1}}, same = {.pixels = {700, 700}},
                           other = {.pixels = {0, 0, 5}}, half = {.pixels = {1}},
                           none = {.ignored = 3};
    assert_float_equal(divergence(&one, &same), 0, 1e-15);
    assert_float_equal(divergence(&one, &other), 1, 1e-15);
    /* p = (1/2, 1/2), q = (1, 0), mean (3/4, 1/4): H(mean) - (1 + 0) / 2 = 3/4 log2(4/3) + 1/2 - 1/2 */
    assert_float_equal(divergence(&one, &half), 0.75 * log2(4.0 / 3), 1e-15);
    assert_true(isnan(divergence(&one, &none)));
}

TEST(what_cannot_be_measured_breaks_a_rule) {
    const struct made_mask none = {.ignored = 3};
    struct mw_labels labels = made_labels(0);
    struct mw_counts counts;
    struct mw_document old = {.labels = made_labels(0)};
    struct mw_check_rules rules = {0};
    struct mw_findings findings = {0};
    struct mw_error err;
    make_counts(&counts, &labels, &none, 1);
    make_counts(&old.counts, &old.labels, before, COUNT(before));
    assert_ok(mw_check_rules_add(&rules, "max-divergence=1", &err), &err);
    struct mw_check_scope scope = {.labels = &labels, .has_baseline = true};
    assert_ok(mw_check_rules_resolve(&rules, &scope, &err), &err);
    struct mw_check_view view = {&counts, &labels, &old, NULL};
    assert_ok(mw_check_rules_judge(&rules, &view, &findings, &err), &err);
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.rule_count, 3);
    assert_true(mw_findings_fail(&findings));
    mw_findings_free(&findings);
    mw_check_rules_free(&rules);
    mw_counts_free(&counts);
    mw_document_free(&old);
    mw_labels_free(&labels);
}

TEST(a_rule_is_a_name_a_class_and_a_limit) {
    const struct {
        const char *text, *subject;
        double limit;
    } cases[] = {{"min-masks=50", NULL, 50},
                 {"min-masks:car=50", "car", 50},
                 {"min-masks:a=b:c=7", "a=b:c", 7},
                 {"max-empty=12.5%", NULL, 0.125},
                 {"max-drift", NULL, 0.05},
                 {"max-drift:3", "3", 0.05},
                 {"max-imbalance=1e3", NULL, 1000},
                 {"missing-classes:sky", "sky", 1},
                 {"size:8x8,/2", "8x8,/2", 0},
                 {"name:a=3|*=b", "a=3|*=b", 0},
                 {"encoding", NULL, 0},
                 {"duplicates=7", NULL, 7}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_check_rules rules = {0};
        struct mw_error err;
        assert_ok(mw_check_rules_add(&rules, cases[i].text, &err), &err);
        assert_string_equal(rules.list[0].text, cases[i].text);
        assert_true(rules.list[0].limit == cases[i].limit);
        assert_int_equal(!rules.list[0].subject, !cases[i].subject);
        if (cases[i].subject) assert_string_equal(rules.list[0].subject, cases[i].subject);
        mw_check_rules_free(&rules);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_check_has_a_name_words_and_a_finding_of_that_name),
        cmocka_unit_test(measures_are_those_worked_out_by_hand),
        cmocka_unit_test(
            divergence_is_0_for_the_same_shares_1_for_none_in_common_and_known_between),
        cmocka_unit_test(what_cannot_be_measured_breaks_a_rule),
        cmocka_unit_test(a_rule_is_a_name_a_class_and_a_limit),
    };
    return RUN_TESTS(tests);
}
