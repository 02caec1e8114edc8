/* Values that become other values: --map and class maps as rules, and what comes before and after
 * them on the way from a sample to its class. */
#include "support.h"

#include "count/mask.h"
#include "meanings.h"

/* --- Reading and finding ---------------------------------------------------------------------- */

static struct mw_rules rules(const char *text) {
    struct mw_rules list = {0};
    struct mw_error err;
    assert_ok(mw_rules_parse(&list, text, &err), &err);
    return list;
}

enum { UNCHANGED = 12345 };

/* What a value becomes, or UNCHANGED. */
static int64_t become(const char *text, int64_t value) {
    struct mw_rules list = rules(text);
    int64_t to = UNCHANGED;
    if (!mw_rules_find(&list, value, &to)) to = UNCHANGED;
    mw_rules_free(&list);
    return to;
}

TEST(a_value_or_a_range_becomes_another_value) {
    assert_int_equal(become("0=255", 0), 255);
    assert_int_equal(become("0=255", 1), UNCHANGED);
    assert_int_equal(become("0=255", -1), UNCHANGED);
    assert_int_equal(become("11-33=1", 10), UNCHANGED);
    assert_int_equal(become("11-33=1", 11), 1);
    assert_int_equal(become("11-33=1", 22), 1);
    assert_int_equal(become("11-33=1", 33), 1);
    assert_int_equal(become("11-33=1", 34), UNCHANGED);
    assert_int_equal(become("7=7", 7), 7);
}

static void check_printed(const char *text, const char *printed, bool normalized) {
    struct mw_rules list = rules(text);
    struct mw_text got = {0};
    if (normalized) mw_rules_normalize(&list);
    mw_rules_print(&list, &got);
    assert_string_equal(got.data, printed);
    mw_text_free(&got);
    mw_rules_free(&list);
}

TEST(neighbours_that_become_the_same_are_one_rule) {
    check_printed("0=255,1=255", "0-1=255", false);
    check_printed("1=255,0=255", "0-1=255", false);
    check_printed("0=7,2=7,1=7", "0-2=7", false);
    check_printed("0-3=7,8-9=7,4-7=7,10=8", "0-9=7,10=8", false);
    check_printed("0=7,2=7", "0=7,2=7", false);
    check_printed("0=7,1=8,2=7", "0=7,1=8,2=7", false);
    check_printed("5=ignore,6=ignore,4=ignore", "4-6=ignore", false);
    assert_int_equal(become("0=7,2=7,1=7,3=9", 3), 9);
}

TEST(rules_that_say_nothing_are_dropped) {
    check_printed("3=3,4=5", "4=5", true);
    check_printed("3=3,4=5,*=9", "3=3,4=5,*=9", true);
    check_printed("0=9,3-4=9,7=8,*=9", "7=8,*=9", true);
    check_printed("0=ignore,*=ignore", "*=ignore", true);
    check_printed("3=3", "none", true);
}

TEST(a_colour_is_a_number_written_otherwise) {
    struct mw_rules list = rules("#00FF10=#000001,#ffFFff=ignore");
    assert_true(list.colours);
    mw_rules_free(&list);
    assert_int_equal(become("#00FF10=#000001", 0xff10), 1);
    assert_int_equal(become("#000000-#0000FF=7", 0xff), 7);
    assert_int_equal(become("#00FF10=5", 0xff11), UNCHANGED);
    list = rules("65296=1");
    assert_false(list.colours);
    mw_rules_free(&list);
}

TEST(several_values_may_become_the_same_one_in_any_order) {
    static const char *const lists[] = {"1=5,7-9=5,20=6", "20=6,7-9=5,1=5", "7-9=5,20=6,1=5"};
    for (size_t i = 0; i < COUNT(lists); i++) {
        assert_int_equal(become(lists[i], 1), 5);
        assert_int_equal(become(lists[i], 8), 5);
        assert_int_equal(become(lists[i], 20), 6);
        assert_int_equal(become(lists[i], 6), UNCHANGED);
        assert_int_equal(become(lists[i], 10), UNCHANGED);
    }
}

TEST(a_value_may_be_left_out) {
    assert_int_equal(become("3=ignore,4=1", 3), MW_TO_IGNORED);
    assert_int_equal(become("3=ignore,4=1", 4), 1);
    assert_int_equal(become("3-5=ignore", 5), MW_TO_IGNORED);
}

TEST(the_rest_is_every_value_without_a_rule) {
    static const char *const lists[] = {"2=7,*=0", "*=0,2=7"};
    for (size_t i = 0; i < COUNT(lists); i++) {
        assert_int_equal(become(lists[i], 2), 7);
        assert_int_equal(become(lists[i], 1), 0);
        assert_int_equal(become(lists[i], 3), 0);
        assert_int_equal(become(lists[i], -1), 0);
        assert_int_equal(become(lists[i], INT64_C(4294967296)), 0);
    }
    assert_int_equal(become("*=ignore", 0), MW_TO_IGNORED);
    assert_int_equal(become("*=-1", 0), -1);
}

TEST(negative_values_are_values_like_others) {
    assert_int_equal(become("-1=0", -1), 0);
    assert_int_equal(become("-5--3=2", -4), 2);
    assert_int_equal(become("-5--3=2", -2), UNCHANGED);
    assert_int_equal(become("-5-3=2", 0), 2);
    assert_int_equal(become("1=-9999", 1), -9999);
    assert_int_equal(become("-2147483648=0", INT32_MIN), 0);
    assert_int_equal(become("4294967295=0", UINT32_MAX), 0);
}

TEST(what_is_no_rule_is_refused) {
    static const char *const texts[] = {
        "",
        "0",
        "0=",
        "=0",
        "0=1,",
        ",0=1",
        "0=1,,2=3",
        "5-3=1",
        "a=1",
        "1=a",
        "1=1.5",
        "1.5=1",
        "1 =1",
        "1= 1",
        "1-=2",
        "--1=2",
        "*",
        "*=",
        "**=1",
        "1-*=2",
        "0=1;2=3",
        "0=ignored",
        "0=Ignore",
        "0==1",
        "0=*",
        "*=1-2",
        "1=2-3",
        "0x10=1",
        "1=0x10",
        "+1=2",
        "0=1 ",
        "99999999999999999999=1",
        "1=99999999999999999999",
        "1=-9223372036854775808",
        "9007199254740992=1",
        "1=-9007199254740992",
        "0-9007199254740992=1",
        "*=9007199254740992",
        "#12345=1",
        "#1234567=1",
        "#GG0000=1",
        "0=#",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct mw_rules list = {0};
        struct mw_error err;
        enum mw_status status = mw_rules_parse(&list, texts[i], &err);
        if (status != MW_USAGE) fail_msg("'%s' is taken", texts[i]);
        assert_fails(status, MW_USAGE, "FROM=TO", &err);
        mw_rules_free(&list);
    }
}

TEST(a_value_that_is_mapped_twice_is_named) {
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"3=1,3=2", "value 3 "},
        {"3=1,3=1", "value 3 "},
        {"0-9=1,5=2", "value 5 "},
        {"5=2,0-9=1", "value 5 "},
        {"0-9=1,9-12=2", "value 9 "},
        {"9-12=2,0-9=1", "value 9 "},
        {"0-9=1,-3-0=2", "value 0 "},
        {"0-20=1,5-7=2", "value 5 "},
        {"5-7=2,0-20=1", "value 5 "},
        {"1=1,3=1,5=1,2-4=0", "value 3 "},
        {"*=1,*=2", "the rest (*)"},
        {"*=1,*=1", "the rest (*)"},
        {"-1=0,-5--1=ignore", "value -1 "},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_rules list = {0};
        struct mw_error err;
        enum mw_status status = mw_rules_parse(&list, cases[i].text, &err);
        if (status != MW_USAGE || !strstr(err.message, cases[i].value))
            fail_msg("'%s': %s", cases[i].text, status ? err.message : "is taken");
        assert_non_null(strstr(err.message, "twice"));
        mw_rules_free(&list);
    }
}

TEST(lists_that_follow_each_other_are_one_list) {
    struct mw_rules list = rules("0=255,3=1");
    struct mw_error err;
    int64_t to;
    assert_ok(mw_rules_parse(&list, "5=2,*=9", &err), &err);
    assert_true(mw_rules_find(&list, 3, &to));
    assert_int_equal(to, 1);
    assert_true(mw_rules_find(&list, 5, &to));
    assert_int_equal(to, 2);
    assert_fails(mw_rules_parse(&list, "3=7", &err), MW_USAGE, "value 3 ", &err);
    mw_rules_free(&list);
}

/* Against a table: random lists of rules that do not overlap. */
TEST(finding_is_looking_at_every_rule) {
    uint64_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        int64_t table[64];
        struct mw_rules list = {0};
        struct mw_error err;
        for (size_t i = 0; i < COUNT(table); i++) table[i] = UNCHANGED;
        for (int i = 0; i < 12; i++) {
            size_t first = random_below(&seed, 64), last = first + random_below(&seed, 6);
            struct mw_rule rule = {(int64_t)first, (int64_t)last, (int64_t)(i + 100)};
            bool overlaps = last >= 64;
            for (size_t value = first; value <= last && !overlaps; value++)
                overlaps = table[value] != UNCHANGED;
            if (last >= 64) continue;
            assert_int_equal(mw_rules_add(&list, rule, &err), overlaps ? MW_USAGE : MW_OK);
            for (size_t value = first; value <= last && !overlaps; value++) table[value] = rule.to;
        }
        for (int64_t value = 0; value < 64; value++) {
            int64_t to = UNCHANGED;
            if (!mw_rules_find(&list, value, &to)) to = UNCHANGED;
            assert_int_equal(to, table[value]);
        }
        mw_rules_free(&list);
    }
}

TEST(rules_are_printed_as_they_are_read_in_order_of_value) {
    static const struct {
        const char *text, *printed;
    } cases[] = {
        {"0=255", "0=255"},       {"20=6,7-9=5,1=ignore", "1=ignore,7-9=5,20=6"},
        {"*=0", "*=0"},           {"*=ignore,5=1", "5=1,*=ignore"},
        {"-5--3=-1", "-5--3=-1"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_rules list = rules(cases[i].text), again;
        struct mw_text text = {0};
        mw_rules_print(&list, &text);
        assert_string_equal(text_of(&text), cases[i].printed);
        again = rules(text_of(&text));
        assert_true(mw_rules_equal(&list, &again));
        mw_rules_free(&list);
        mw_rules_free(&again);
        mw_text_free(&text);
    }
    struct mw_text text = {0};
    mw_rules_print(&(struct mw_rules){0}, &text);
    assert_string_equal(text_of(&text), "none");
    mw_text_free(&text);
}

TEST(rules_are_equal_when_they_say_the_same) {
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"1=2,3=4", "3=4,1=2", true}, {"1=2", "1=3", false},      {"1=2", "1-2=2", false},
        {"1=2", "1=2,3=4", false},    {"1=2", "1=2,*=0", false},  {"*=0", "*=1", false},
        {"*=0,1=2", "1=2,*=0", true}, {"1=ignore", "1=0", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_rules a = rules(cases[i].a), b = rules(cases[i].b);
        if (mw_rules_equal(&a, &b) != cases[i].equal)
            fail_msg("'%s' and '%s'", cases[i].a, cases[i].b);
        mw_rules_free(&a);
        mw_rules_free(&b);
    }
}

TEST(a_copy_is_equal_and_stands_alone) {
    struct mw_rules list = rules("1=2,5-9=ignore,*=0"), copy = rules("7=7");
    struct mw_error err;
    assert_ok(mw_rules_copy(&copy, &list, &err), &err);
    assert_true(mw_rules_equal(&list, &copy));
    mw_rules_free(&list);
    int64_t to;
    assert_true(mw_rules_find(&copy, 7, &to));
    assert_int_equal(to, MW_TO_IGNORED);
    assert_true(mw_rules_find(&copy, 70, &to));
    assert_int_equal(to, 0);
    mw_rules_free(&copy);
}

/* --- The order: map, reduce zero, ignore, class map or binary, classes ------------------------ */

/* Settings as the options give them; NULL and 0 are none. */
struct options {
    const char *map, *ignore, *values; /* `values`: the stored values of a class map */
    bool reduce_zero, binary;
    int64_t threshold;
    uint32_t classes;
};

static struct mw_labels settings(const struct options *options) {
    struct mw_labels labels = {.reduce_zero = options->reduce_zero, .classes = options->classes};
    struct mw_error err;
    if (options->binary) labels.binary = MW_BINARY_NONZERO;
    if (options->threshold) {
        labels.binary = MW_BINARY_THRESHOLD;
        labels.threshold = options->threshold;
    }
    if (options->map) assert_ok(mw_rules_parse(&labels.map, options->map, &err), &err);
    if (options->ignore) assert_ok(mw_ranges_parse(&labels.ignore, options->ignore, &err), &err);
    if (options->values) assert_ok(mw_rules_parse(&labels.values, options->values, &err), &err);
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    return labels;
}

#define WITH(...) (&(struct options){__VA_ARGS__})

/* The settings give these samples these meanings. */
#define assert_order(given, ...)                                                                   \
    do {                                                                                           \
        struct mw_labels made = settings(given);                                                   \
        assert_meanings(&made, __VA_ARGS__);                                                       \
        mw_labels_free(&made);                                                                     \
    } while (0)

TEST(a_map_alone_changes_only_what_it_names) {
    assert_order(WITH(.map = "0=255,11-33=1,5=ignore"), {0, 255}, {12, 1}, {5, IGNORED}, {7, 7},
                 {-1, UNKNOWN});
    assert_order(WITH(.map = "*=0,3=1"), {3, 1}, {0, 0}, {255, 0}, {70000, 0}, {-1, 0});
    assert_order(WITH(.map = "-1=0,1=-1"), {-1, 0}, {1, UNKNOWN}, {2, 2});
}

/* Once: 1 becomes 2 and stays it, though 2 becomes 3. */
TEST(a_map_is_not_applied_to_what_it_gave) {
    assert_order(WITH(.map = "1=2,2=3,3=1"), {1, 2}, {2, 3}, {3, 1});
}

TEST(map_comes_before_reduce_zero) {
    assert_order(WITH(.map = "5=0,6=255,0=1,255=2", .reduce_zero = true), {5, IGNORED},
                 {6, IGNORED}, {0, 0}, {255, 1}, {4, 3});
    assert_order(WITH(.map = "5=ignore,-1=1", .reduce_zero = true), {5, IGNORED}, {-1, 0});
}

TEST(map_comes_before_ignore) {
    assert_order(WITH(.map = "1=7,7=1", .ignore = "7"), {1, IGNORED}, {7, 1});
    assert_order(WITH(.map = "1=-1", .ignore = "-1"), {1, IGNORED}, {-1, IGNORED});
}

TEST(map_comes_before_binary) {
    assert_order(WITH(.map = "1=0,0=1", .binary = true), {1, 0}, {0, 1}, {2, 1});
    assert_order(WITH(.map = "3=200,200=3", .threshold = 100), {3, 1}, {200, 0}, {99, 0}, {100, 1});
}

TEST(map_comes_before_the_class_map_and_the_classes) {
    assert_order(WITH(.map = "9=7,7=8", .values = "7=0,8=1"), {9, 0}, {7, 1}, {8, 1}, {1, UNKNOWN});
    assert_order(WITH(.map = "1=9,9=1", .classes = 3), {1, UNKNOWN}, {9, 1});
}

/* 1 is 0 after reducing, and the class map says what 0 is. */
TEST(reduce_zero_comes_before_the_class_map) {
    assert_order(WITH(.reduce_zero = true, .values = "0=5,1=6,254=7"), {1, 5}, {2, 6}, {0, IGNORED},
                 {255, IGNORED}, {3, UNKNOWN});
}

TEST(ignore_comes_before_the_class_map) {
    assert_order(WITH(.ignore = "7", .values = "7=0,8=1"), {7, IGNORED}, {8, 1});
    assert_order(WITH(.ignore = "0", .values = "7=0,8=1"), {7, 0}, {0, IGNORED});
}

TEST(a_class_map_knows_all_values_and_may_leave_some_out) {
    assert_order(WITH(.values = "7=0,8-9=1,255=ignore,-1=ignore"), {7, 0}, {8, 1}, {9, 1},
                 {255, IGNORED}, {-1, IGNORED}, {0, UNKNOWN}, {1, UNKNOWN}, {-2, UNKNOWN});
}

/* By one example that every step changes: 3 -> 11 -> 10 -> not ignored -> class 4. */
TEST(the_steps_follow_each_other) {
    assert_order(WITH(.map = "3=11,10=ignore,2=5", .reduce_zero = true, .ignore = "3,11",
                      .values = "10=4,11=5,4=6"),
                 {3, 4}, {10, IGNORED}, {4, IGNORED}, {12, IGNORED}, {2, 6}, {11, 4}, {6, UNKNOWN});
}

/* Class 0 is the background, whichever value it was. */
TEST(background_is_a_class_id_after_all_steps) {
    struct mw_labels labels = settings(&(struct options){.map = "9=0,0=1"});
    struct mw_class_pixels row = {.id = (uint32_t)meaning_of(&labels, 9), .pixels = 4};
    struct mw_mask mask = {.classes = &row, .count = 1, .pixels = 4};
    assert_true(mw_mask_is_empty(&mask, &labels));
    row.id = (uint32_t)meaning_of(&labels, 0);
    assert_false(mw_mask_is_empty(&mask, &labels));
    mw_labels_free(&labels);
}

/* --- Encodings -------------------------------------------------------------------------------- */

static struct mw_labels encoding(enum mw_encoding encoding, uint32_t divisor, bool divide_small,
                                 const char *map) {
    struct mw_labels labels = {
        .encoding = encoding, .divisor = divisor, .divide_small = divide_small};
    struct mw_error err;
    if (map) assert_ok(mw_rules_parse(&labels.map, map, &err), &err);
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    return labels;
}

/* Cityscapes: 26001 is the second car, 26 a group of cars, 7 road. */
TEST(instances_of_1000_leave_small_values_as_classes) {
    struct mw_labels labels = encoding(MW_ENCODING_INSTANCE, 1000, false, NULL);
    assert_meanings(&labels, {26001, 26}, {26000, 26}, {26999, 26}, {27000, 27}, {26, 26}, {7, 7},
                    {0, 0}, {999, 999}, {1000, 1}, {33018, 33}, {65535, 65}, {-1, UNKNOWN});
    mw_labels_free(&labels);
}

TEST(the_divisor_is_1000_unless_it_is_said) {
    struct mw_labels labels = encoding(MW_ENCODING_INSTANCE, 0, false, NULL);
    assert_int_equal(labels.divisor, 1000);
    assert_meanings(&labels, {26001, 26}, {26, 26});
    mw_labels_free(&labels);
}

/* KITTI: class 26 is 26 * 256 + instance, with instance 0 for what has none. */
TEST(instances_that_divide_all_divide_small_values_too) {
    struct mw_labels labels = encoding(MW_ENCODING_INSTANCE, 256, true, NULL);
    assert_meanings(&labels, {INT64_C(26) * 256, 26}, {INT64_C(26) * 256 + 255, 26}, {255, 0},
                    {0, 0}, {256, 1}, {65535, 255}, {-1, UNKNOWN}, {-300, UNKNOWN});
    mw_labels_free(&labels);
    labels = encoding(MW_ENCODING_INSTANCE, 256, false, NULL);
    assert_meanings(&labels, {255, 255}, {256, 1});
    mw_labels_free(&labels);
    labels = encoding(MW_ENCODING_INSTANCE, 1000, true, NULL);
    assert_meanings(&labels, {26001, 26}, {26, 0}, {999, 0});
    mw_labels_free(&labels);
}

/* ADE20K, full dataset: class = R / 10 * 256 + G, with a whole quotient; B is the instance. */
TEST(ade20k_is_red_by_ten_times_256_and_green) {
    struct mw_labels labels = encoding(MW_ENCODING_ADE20K, 0, false, NULL);
    assert_meanings(&labels, {0x000000, 0}, {0x0000ff, 0}, {0x00c87f, 200}, {0x0a0500, 261},
                    {0x130501, 261}, {0x140000, 512}, {0x7878ff, 12 * 256 + 120},
                    {0xffff00, 25 * 256 + 255});
    mw_labels_free(&labels);
}

TEST(map_sees_the_class_and_not_the_instance) {
    struct mw_labels labels = encoding(MW_ENCODING_INSTANCE, 1000, false, "26=1,0-10=ignore");
    assert_meanings(&labels, {26005, 1}, {26, 1}, {7003, IGNORED}, {7, IGNORED}, {11001, 11});
    mw_labels_free(&labels);
    labels = encoding(MW_ENCODING_ADE20K, 0, false, "261=1,*=0");
    assert_meanings(&labels, {0x0a0507, 1}, {0x0a0607, 0});
    mw_labels_free(&labels);
}

TEST(colours_need_a_class_map) {
    struct mw_labels labels = {.encoding = MW_ENCODING_RGB};
    struct mw_error err;
    assert_fails(mw_labels_resolve(&labels, &err), MW_USAGE, "--class-map", &err);
    mw_labels_free(&labels);
}

TEST(encodings_have_names_and_summaries) {
    static const char *const names[] = {"index", "rgb", "ade20k", "instance", "planes"};
    assert_int_equal(mw_encoding_count, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_string_equal(mw_encodings[i].name, names[i]);
        assert_true(strlen(mw_encodings[i].summary) > 0);
        assert_int_equal(mw_encodings[i].colour, i == 1 || i == 2);
        assert_int_equal(mw_encodings[i].multi_label, i == 4);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_or_a_range_becomes_another_value),
        cmocka_unit_test(neighbours_that_become_the_same_are_one_rule),
        cmocka_unit_test(rules_that_say_nothing_are_dropped),
        cmocka_unit_test(a_colour_is_a_number_written_otherwise),
        cmocka_unit_test(several_values_may_become_the_same_one_in_any_order),
        cmocka_unit_test(a_value_may_be_left_out),
        cmocka_unit_test(the_rest_is_every_value_without_a_rule),
        cmocka_unit_test(negative_values_are_values_like_others),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(a_value_that_is_mapped_twice_is_named),
        cmocka_unit_test(lists_that_follow_each_other_are_one_list),
        cmocka_unit_test(finding_is_looking_at_every_rule),
        cmocka_unit_test(rules_are_printed_as_they_are_read_in_order_of_value),
        cmocka_unit_test(rules_are_equal_when_they_say_the_same),
        cmocka_unit_test(a_copy_is_equal_and_stands_alone),
        cmocka_unit_test(a_map_alone_changes_only_what_it_names),
        cmocka_unit_test(a_map_is_not_applied_to_what_it_gave),
        cmocka_unit_test(map_comes_before_reduce_zero),
        cmocka_unit_test(map_comes_before_ignore),
        cmocka_unit_test(map_comes_before_binary),
        cmocka_unit_test(map_comes_before_the_class_map_and_the_classes),
        cmocka_unit_test(reduce_zero_comes_before_the_class_map),
        cmocka_unit_test(ignore_comes_before_the_class_map),
        cmocka_unit_test(a_class_map_knows_all_values_and_may_leave_some_out),
        cmocka_unit_test(the_steps_follow_each_other),
        cmocka_unit_test(background_is_a_class_id_after_all_steps),
        cmocka_unit_test(instances_of_1000_leave_small_values_as_classes),
        cmocka_unit_test(the_divisor_is_1000_unless_it_is_said),
        cmocka_unit_test(instances_that_divide_all_divide_small_values_too),
        cmocka_unit_test(ade20k_is_red_by_ten_times_256_and_green),
        cmocka_unit_test(map_sees_the_class_and_not_the_instance),
        cmocka_unit_test(colours_need_a_class_map),
        cmocka_unit_test(encodings_have_names_and_summaries),
    };
    return RUN_TESTS(tests);
}
