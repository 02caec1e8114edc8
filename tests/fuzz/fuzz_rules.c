/* mw_ranges_parse and mw_rules_parse: what is printed reads back as the same. */
#include <stdlib.h>

#include "count/labels.h"
#include "fuzz.h"

static void check_ranges(const char *input) {
    struct mw_ranges set = {0}, again = {0};
    struct mw_text text = {0};
    struct mw_error err = {0};
    enum mw_status status = mw_ranges_parse(&set, input, &err);
    fuzz_check_error(status, &err);
    for (size_t i = 0; i < set.count; i++) {
        REQUIRE(set.ranges[i].first <= set.ranges[i].last);
        REQUIRE(i == 0 || set.ranges[i - 1].last < set.ranges[i].first - 1);
        REQUIRE(mw_ranges_contain(&set, set.ranges[i].first));
        REQUIRE(mw_ranges_contain(&set, set.ranges[i].last));
    }
    if (status == MW_OK) {
        mw_ranges_print(&set, &text);
        REQUIRE(mw_ranges_parse(&again, text.data, &err) == MW_OK);
        REQUIRE(mw_ranges_equal(&set, &again));
    }
    mw_text_free(&text);
    mw_ranges_free(&set);
    mw_ranges_free(&again);
}

static void check_rules(const char *input) {
    struct mw_rules rules = {0}, again = {0};
    struct mw_text text = {0};
    struct mw_error err = {0};
    int64_t to;
    enum mw_status status = mw_rules_parse(&rules, input, &err);
    fuzz_check_error(status, &err);
    for (size_t i = 0; i < rules.count; i++) {
        REQUIRE(rules.rules[i].first <= rules.rules[i].last);
        REQUIRE(i == 0 || rules.rules[i - 1].last < rules.rules[i].first);
        REQUIRE(mw_rules_find(&rules, rules.rules[i].last, &to) && to == rules.rules[i].to);
    }
    if (status == MW_OK) {
        mw_rules_print(&rules, &text);
        REQUIRE(mw_rules_parse(&again, text.data, &err) == MW_OK);
        REQUIRE(mw_rules_equal(&rules, &again));
    }
    mw_text_free(&text);
    mw_rules_free(&rules);
    mw_rules_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    char *input = fuzz_string(bytes, size);
    check_ranges(input);
    check_rules(input);
    free(input);
    return 0;
}
