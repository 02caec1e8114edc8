/* What a sample means: the order of the steps, every setting, and how settings are inherited. */
#include "support.h"

#include <inttypes.h>

#include "count/class_map.h"
#include "count/labels.h"

static struct mw_ranges ranges(const char *text) {
    struct mw_ranges set = {0};
    struct mw_error err;
    assert_ok(mw_ranges_parse(&set, text, &err), &err);
    return set;
}

static void resolve(struct mw_labels *labels) {
    struct mw_error err;
    assert_ok(mw_labels_resolve(labels, &err), &err);
}

/* --- Classifying ----------------------------------------------------------------------------- */

enum { IGNORED = -1, UNKNOWN = -2 }; /* in place of a class id */

/* What a sample stands for: its class id, IGNORED or UNKNOWN. */
static int64_t meaning(const struct mw_labels *labels, int64_t sample) {
    struct mw_label label = mw_labels_classify(labels, sample);
    if (label.kind == MW_LABEL_IGNORED) return IGNORED;
    return label.kind == MW_LABEL_UNKNOWN ? UNKNOWN : (int64_t)label.id;
}

struct meaning {
    int64_t sample, wanted;
};

/* The settings give these samples these meanings; they are freed. */
static void check_meanings(struct mw_labels labels, const struct meaning *cases, size_t count) {
    resolve(&labels);
    for (size_t i = 0; i < count; i++) {
        int64_t found = meaning(&labels, cases[i].sample);
        if (found != cases[i].wanted)
            fail_msg("%" PRId64 " is %" PRId64 ", not %" PRId64, cases[i].sample, found,
                     cases[i].wanted);
    }
    mw_labels_free(&labels);
}

#define assert_meanings(labels, ...)                                                               \
    check_meanings(labels, (const struct meaning[]){__VA_ARGS__},                                  \
                   COUNT(((const struct meaning[]){__VA_ARGS__})))

#define SETTINGS(...) ((struct mw_labels){__VA_ARGS__})

TEST(without_settings_every_value_is_its_own_class) {
    assert_meanings(SETTINGS(0), {0, 0}, {1, 1}, {255, 255}, {65536, 65536},
                    {INT64_C(4294967295), INT64_C(4294967295)});
}

TEST(negative_values_are_never_classes) {
    assert_meanings(SETTINGS(0), {-1, UNKNOWN}, {-2147483648LL, UNKNOWN});
    assert_meanings(SETTINGS(.classes = 3), {-1, UNKNOWN});
    assert_meanings(SETTINGS(.binary = MW_BINARY_NONZERO), {-1, UNKNOWN});
    assert_meanings(SETTINGS(.binary = MW_BINARY_THRESHOLD, .threshold = -10), {-1, UNKNOWN},
                    {-11, UNKNOWN}, {0, 1});
    assert_meanings(SETTINGS(.reduce_zero = true), {-1, UNKNOWN});
    assert_meanings(SETTINGS(.ignore = ranges("-1,-9999")), {-1, IGNORED}, {-9999, IGNORED},
                    {-2, UNKNOWN});
}

TEST(declared_classes_end_before_their_number) {
    assert_meanings(SETTINGS(.classes = 3), {0, 0}, {2, 2}, {3, UNKNOWN}, {255, UNKNOWN},
                    {INT64_C(4294967296), UNKNOWN});
}

TEST(ignored_values_are_left_out) {
    assert_meanings(SETTINGS(.ignore = ranges("0,250-255")), {0, IGNORED}, {1, 1}, {249, 249},
                    {250, IGNORED}, {255, IGNORED}, {256, 256});
}

TEST(reduce_zero_ignores_0_and_255_and_moves_the_others_down) {
    assert_meanings(SETTINGS(.reduce_zero = true), {0, IGNORED}, {1, 0}, {2, 1}, {254, 253},
                    {255, IGNORED}, {256, 255}, {300, 299});
}

TEST(binary_is_not_zero) {
    assert_meanings(SETTINGS(.binary = MW_BINARY_NONZERO), {0, 0}, {1, 1}, {128, 1}, {255, 1},
                    {70000, 1});
}

TEST(threshold_is_at_least) {
    assert_meanings(SETTINGS(.binary = MW_BINARY_THRESHOLD, .threshold = 128), {0, 0}, {127, 0},
                    {128, 1}, {255, 1});
    assert_meanings(SETTINGS(.binary = MW_BINARY_THRESHOLD, .threshold = 0), {0, 1}, {5, 1});
}

/* --- The order: reduce zero, ignore, binary, classes ----------------------------------------- */

/* 3 is 2 after reducing: it is 2 that is ignored, and 4 becomes 3. */
TEST(ignore_comes_after_reduce_zero) {
    assert_meanings(SETTINGS(.reduce_zero = true, .ignore = ranges("2")), {2, 1}, {3, IGNORED},
                    {4, 3});
    /* 256 becomes 255, which is ignored as a value of its own only then */
    assert_meanings(SETTINGS(.reduce_zero = true, .ignore = ranges("255")), {256, IGNORED},
                    {255, IGNORED}, {254, 253});
}

/* 255 is ignored before it could become class 1. */
TEST(ignore_comes_before_binary) {
    assert_meanings(SETTINGS(.binary = MW_BINARY_NONZERO, .ignore = ranges("255")), {255, IGNORED},
                    {254, 1}, {0, 0});
    assert_meanings(
        SETTINGS(.binary = MW_BINARY_THRESHOLD, .threshold = 100, .ignore = ranges("1,255")),
        {1, IGNORED}, {0, 0}, {99, 0}, {100, 1}, {255, IGNORED});
}

/* 1 is 0 after reducing, so binary makes it class 0. */
TEST(binary_comes_after_reduce_zero) {
    assert_meanings(SETTINGS(.binary = MW_BINARY_NONZERO, .reduce_zero = true), {0, IGNORED},
                    {1, 0}, {2, 1}, {255, IGNORED});
    assert_meanings(SETTINGS(.binary = MW_BINARY_THRESHOLD, .threshold = 10, .reduce_zero = true),
                    {10, 0}, {11, 1});
}

/* Any value is one of the two classes that binary makes, though 255 is none of 0 and 1. */
TEST(classes_are_checked_after_binary) {
    assert_meanings(SETTINGS(.binary = MW_BINARY_NONZERO, .classes = 2), {255, 1}, {2, 1});
}

TEST(classes_are_checked_after_reduce_zero_and_ignore) {
    assert_meanings(SETTINGS(.classes = 3, .reduce_zero = true, .ignore = ranges("7")), {3, 2},
                    {4, UNKNOWN}, {8, IGNORED}, {7, UNKNOWN});
}

/* --- Resolving ------------------------------------------------------------------------------- */

static void assert_ranges(const struct mw_ranges *set, const char *wanted) {
    struct mw_text text = {0};
    mw_ranges_print(set, &text);
    assert_string_equal(text_of(&text), wanted);
    mw_text_free(&text);
}

static void check_background(struct mw_labels labels, const char *wanted) {
    resolve(&labels);
    assert_ranges(&labels.background, wanted);
    mw_labels_free(&labels);
}

TEST(background_is_0_unless_it_is_given_or_zero_is_reduced) {
    check_background(SETTINGS(0), "0");
    check_background(SETTINGS(.classes = 4), "0");
    check_background(SETTINGS(.binary = MW_BINARY_NONZERO), "0");
    check_background(SETTINGS(.reduce_zero = true), "none");
    check_background(SETTINGS(.given = MW_SET_BACKGROUND), "none");
    check_background(SETTINGS(.given = MW_SET_BACKGROUND, .background = ranges("2,3")), "2-3");
    check_background(
        SETTINGS(.given = MW_SET_BACKGROUND, .reduce_zero = true, .background = ranges("0")), "0");
}

TEST(resolving_twice_changes_nothing) {
    struct mw_labels labels = SETTINGS(.binary = MW_BINARY_NONZERO);
    resolve(&labels);
    resolve(&labels);
    assert_int_equal(labels.classes, 2);
    assert_ranges(&labels.background, "0");
    mw_labels_free(&labels);
}

TEST(binary_declares_two_classes) {
    struct mw_labels labels = SETTINGS(.binary = MW_BINARY_THRESHOLD, .threshold = 9);
    resolve(&labels);
    assert_int_equal(labels.classes, 2);
    mw_labels_free(&labels);
}

static void check_unresolved(struct mw_labels labels, const char *part) {
    struct mw_error err;
    assert_fails(mw_labels_resolve(&labels, &err), MW_USAGE, part, &err);
    mw_labels_free(&labels);
}

TEST(settings_that_do_not_fit_together_are_refused) {
    check_unresolved(SETTINGS(.binary = MW_BINARY_NONZERO, .classes = 3), "3");
    check_unresolved(SETTINGS(.binary = MW_BINARY_THRESHOLD, .classes = 1), "--threshold");
    check_unresolved(SETTINGS(.given = MW_SET_BACKGROUND, .background = ranges("-1")), "-1");
    check_unresolved(SETTINGS(.given = MW_SET_BACKGROUND, .background = ranges("-3-4")), "-3");
    check_unresolved(
        SETTINGS(.given = MW_SET_BACKGROUND, .classes = 3, .background = ranges("0,3")), "3");
    check_unresolved(SETTINGS(.given = MW_SET_BACKGROUND, .binary = MW_BINARY_NONZERO,
                              .background = ranges("2")),
                     "2");
}

/* --- Ranges ---------------------------------------------------------------------------------- */

/* Against a table with one place for each value. */
TEST(a_set_holds_what_was_added_in_any_order) {
    enum { VALUES = 64 };
    uint64_t numbers = 1;
    for (int round = 0; round < 200; round++) {
        struct mw_ranges set = {0};
        struct mw_error err;
        bool wanted[VALUES] = {false};
        for (int i = 0; i < 20; i++) {
            size_t first = random_below(&numbers, VALUES), last = first + random_below(&numbers, 5);
            if (last >= VALUES) last = VALUES - 1;
            for (size_t value = first; value <= last; value++) wanted[value] = true;
            struct mw_range range = {(int64_t)first - 32, (int64_t)last - 32};
            assert_ok(mw_ranges_add(&set, range, &err), &err);
        }
        for (int value = -1; value <= VALUES; value++)
            assert_int_equal(mw_ranges_contain(&set, value - 32),
                             value >= 0 && value < VALUES && wanted[value]);
        for (size_t i = 1; i < set.count; i++)
            assert_true(set.ranges[i - 1].last + 1 < set.ranges[i].first);
        mw_ranges_free(&set);
    }
}

TEST(ranges_are_sorted_and_joined) {
    static const struct {
        const char *text, *printed;
    } cases[] = {
        {"255", "255"},
        {"0,250-255", "0,250-255"},
        {"250-255,0", "0,250-255"},
        {"3,1,2", "1-3"},
        {"1,3", "1,3"},
        {"1-5,3-9", "1-9"},
        {"1-9,3-5", "1-9"},
        {"1-3,4-6", "1-6"},
        {"7,7,7", "7"},
        {"5-5", "5"},
        {"-1", "-1"},
        {"-5--2", "-5--2"},
        {"-2-2", "-2-2"},
        {"-1,0", "-1-0"},
        {"9007199254740991", "9007199254740991"},
        {"-9007199254740991", "-9007199254740991"},
        {"-9007199254740991-9007199254740991", "-9007199254740991-9007199254740991"},
        {"0-9007199254740991,-9007199254740991--1", "-9007199254740991-9007199254740991"},
        {"007", "7"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_ranges set = ranges(cases[i].text);
        assert_ranges(&set, cases[i].printed);
        struct mw_ranges again = ranges(cases[i].printed);
        assert_true(mw_ranges_equal(&set, &again));
        mw_ranges_free(&set);
        mw_ranges_free(&again);
    }
}

TEST(an_empty_set_prints_as_none) {
    struct mw_ranges none = {0};
    assert_ranges(&none, "none");
    assert_false(mw_ranges_contain(&none, 0));
    mw_ranges_free(&none);
}

TEST(what_is_no_list_is_refused) {
    static const char *const texts[] = {
        "",
        " ",
        "a",
        "1,",
        ",1",
        "1,,2",
        "5-3",
        "1-",
        "--1",
        "1--",
        "1 ",
        " 1",
        "1, 2",
        "1.5",
        "0x1",
        "1;2",
        "+1",
        "-",
        "1-2-3",
        "1-2-",
        "none",
        "9007199254740992", /* 2^53: not every reader of JSON keeps it */
        "-9007199254740992",
        "9223372036854775808",
        "-9223372036854775809",
        "1-9223372036854775808",
        "1\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct mw_ranges set = {0};
        struct mw_error err = {0};
        if (mw_ranges_parse(&set, texts[i], &err) != MW_USAGE) fail_msg("'%s'", texts[i]);
        assert_true(is_one_line(err.message));
        mw_ranges_free(&set);
    }
}

/* Against a set of 64 flags, with ranges added in any order. */
TEST(a_set_contains_what_was_added_and_nothing_else) {
    uint64_t seed = 6;
    for (int round = 0; round < 500; round++) {
        struct mw_ranges set = {0};
        struct mw_error err;
        bool flags[64] = {false};
        for (size_t i = random_below(&seed, 8); i > 0; i--) {
            int64_t first = (int64_t)random_below(&seed, 64);
            int64_t last = first + (int64_t)random_below(&seed, (size_t)(64 - first));
            if (random_below(&seed, 2)) last = first;
            assert_ok(mw_ranges_add(&set, (struct mw_range){first - 32, last - 32}, &err), &err);
            for (int64_t j = first; j <= last; j++) flags[j] = true;
        }
        for (int64_t j = -2; j < 66; j++)
            assert_int_equal(mw_ranges_contain(&set, j - 32), j >= 0 && j < 64 && flags[j]);
        for (size_t i = 1; i < set.count; i++) /* neither meet nor overlap */
            assert_true(set.ranges[i - 1].last + 1 < set.ranges[i].first);
        mw_ranges_free(&set);
    }
}

TEST(parsing_adds_to_what_is_there) {
    struct mw_ranges set = ranges("5");
    struct mw_error err;
    assert_ok(mw_ranges_parse(&set, "1,6", &err), &err);
    assert_ranges(&set, "1,5-6");
    mw_ranges_free(&set);
}

/* --- Inheriting ------------------------------------------------------------------------------ */

static char **make_names(size_t count, const char *const *names) {
    char **list = calloc(count, sizeof *list);
    assert_non_null(list);
    for (size_t i = 0; i < count; i++) {
        list[i] = strdup(names[i]);
        assert_non_null(list[i]);
    }
    return list;
}

static const char *const two_names[] = {"sky", "road"}, *const other_names[] = {"sky", "car"};

/* Settings given on a command line, and the two names that a refusal must hold. */
static struct {
    struct mw_labels earlier; /* of a document */
    struct mw_labels now;     /* of this run */
    const char *there, *here;
} differences[8];

static int make_differences(void **state) {
    (void)state;
    differences[0].earlier = SETTINGS(.classes = 3);
    differences[0].now = SETTINGS(.given = MW_SET_CLASSES, .classes = 4);
    differences[0].there = "--classes 3";
    differences[0].here = "--classes 4";
    differences[1].earlier = SETTINGS(.reduce_zero = true);
    differences[1].now = SETTINGS(.given = MW_SET_REDUCE_ZERO);
    differences[1].there = "--reduce-zero-label";
    differences[1].here = "no --reduce-zero-label";
    differences[2].earlier = SETTINGS(.ignore = ranges("255"));
    differences[2].now = SETTINGS(.given = MW_SET_IGNORE, .ignore = ranges("0,250-255"));
    differences[2].there = "--ignore-index 255";
    differences[2].here = "--ignore-index 0,250-255";
    differences[3].earlier = SETTINGS(.binary = MW_BINARY_NONZERO);
    differences[3].now =
        SETTINGS(.given = MW_SET_BINARY, .binary = MW_BINARY_THRESHOLD, .threshold = 7);
    differences[3].there = "--binary";
    differences[3].here = "--threshold 7";
    differences[4].earlier = SETTINGS(.binary = MW_BINARY_THRESHOLD, .threshold = 8);
    differences[4].now =
        SETTINGS(.given = MW_SET_BINARY, .binary = MW_BINARY_THRESHOLD, .threshold = 7);
    differences[4].there = "--threshold 8";
    differences[4].here = "--threshold 7";
    differences[5].earlier = SETTINGS(0); /* background 0 */
    differences[5].now = SETTINGS(.given = MW_SET_BACKGROUND, .background = ranges("1"));
    differences[5].there = "--background 0";
    differences[5].here = "--background 1";
    differences[6].earlier = SETTINGS(.unknown = MW_UNKNOWN_IGNORE);
    differences[6].now = SETTINGS(.given = MW_SET_UNKNOWN);
    differences[6].there = "--unknown ignore";
    differences[6].here = "--unknown error";
    differences[7].earlier = SETTINGS(.classes = 2, .names = make_names(2, two_names));
    differences[7].now = SETTINGS(.given = MW_SET_CLASSES | MW_SET_NAMES, .classes = 2,
                                  .names = make_names(2, other_names));
    differences[7].there = "'road'";
    differences[7].here = "'car'";
    for (size_t i = 0; i < COUNT(differences); i++) resolve(&differences[i].earlier);
    return 0;
}

static int free_differences(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(differences); i++) {
        mw_labels_free(&differences[i].earlier);
        mw_labels_free(&differences[i].now);
    }
    return 0;
}

TEST(given_and_different_is_refused_with_both_named) {
    for (size_t i = 0; i < COUNT(differences); i++) {
        struct mw_error err;
        assert_fails(
            mw_labels_inherit(&differences[i].now, &differences[i].earlier, 1, "part.json", &err),
            MW_USAGE, differences[i].there, &err);
        assert_non_null(strstr(err.message, differences[i].here));
    }
}

static void assert_same_settings(const struct mw_labels *a, const struct mw_labels *b) {
    assert_int_equal(a->classes, b->classes);
    assert_int_equal(a->reduce_zero, b->reduce_zero);
    assert_true(mw_ranges_equal(&a->ignore, &b->ignore));
    assert_int_equal(a->binary, b->binary);
    assert_int_equal(a->threshold, b->threshold);
    assert_true(mw_ranges_equal(&a->background, &b->background));
    assert_int_equal(a->unknown, b->unknown);
    assert_int_equal(!a->names, !b->names);
    for (uint32_t i = 0; a->names && b->names && i < a->classes; i++)
        assert_string_equal(a->names[i], b->names[i]);
}

TEST(what_is_not_given_is_inherited) {
    for (size_t i = 0; i < COUNT(differences); i++) {
        struct mw_labels labels = {0};
        struct mw_error err;
        assert_ok(mw_labels_inherit(&labels, &differences[i].earlier, 1, "part.json", &err), &err);
        resolve(&labels);
        assert_same_settings(&labels, &differences[i].earlier);
        mw_labels_free(&labels);
    }
}

/* What was inherited counts as given: a second document must agree with the first. */
TEST(documents_must_agree_among_themselves) {
    static const struct mw_labels plain = {0};
    for (size_t i = 0; i < COUNT(differences) - 1; i++) {
        struct mw_labels labels = {0}, second = plain;
        struct mw_error err;
        if (differences[i].now.classes) second.classes = differences[i].now.classes;
        second.binary = differences[i].now.binary;
        second.threshold = differences[i].now.threshold;
        second.given = differences[i].now.given & MW_SET_BACKGROUND;
        for (size_t j = 0; j < differences[i].now.ignore.count; j++)
            assert_ok(mw_ranges_add(&second.ignore, differences[i].now.ignore.ranges[j], &err),
                      &err);
        for (size_t j = 0; j < differences[i].now.background.count; j++)
            assert_ok(
                mw_ranges_add(&second.background, differences[i].now.background.ranges[j], &err),
                &err);
        resolve(&second);
        assert_ok(mw_labels_inherit(&labels, &differences[i].earlier, 1, "part.json", &err), &err);
        assert_fails(mw_labels_inherit(&labels, &second, 1, "part.json", &err), MW_USAGE, NULL,
                     &err);
        mw_labels_free(&second);
        mw_labels_free(&labels);
    }
}

/* Documents are no command line: one that declares does not cover one that does not. */
TEST(documents_of_declared_and_undeclared_classes_do_not_agree_in_any_order) {
    for (int order = 0; order < 2; order++) {
        struct mw_labels declared = SETTINGS(.classes = 3), undeclared = {0}, labels = {0};
        struct mw_error err;
        resolve(&declared);
        resolve(&undeclared);
        assert_ok(mw_labels_inherit(&labels, order ? &declared : &undeclared, 1, "part.json", &err),
                  &err);
        assert_fails(
            mw_labels_inherit(&labels, order ? &undeclared : &declared, 1, "part.json", &err),
            MW_USAGE, "--classes 3", &err);
        assert_non_null(strstr(err.message, "undeclared classes"));
        mw_labels_free(&labels);
        mw_labels_free(&declared);
        mw_labels_free(&undeclared);
    }
}

/* On the command line it covers both kinds. */
TEST(declaring_covers_documents_of_both_kinds) {
    for (int order = 0; order < 2; order++) {
        struct mw_labels declared = SETTINGS(.classes = 3), undeclared = {0};
        struct mw_labels labels = SETTINGS(.given = MW_SET_CLASSES, .classes = 3);
        struct mw_error err;
        resolve(&declared);
        resolve(&undeclared);
        assert_ok(mw_labels_inherit(&labels, order ? &declared : &undeclared, 2, "part.json", &err),
                  &err);
        assert_ok(mw_labels_inherit(&labels, order ? &undeclared : &declared, 2, "part.json", &err),
                  &err);
        mw_labels_free(&labels);
        mw_labels_free(&declared);
        mw_labels_free(&undeclared);
    }
}

TEST(the_same_document_twice_agrees) {
    for (size_t i = 0; i < COUNT(differences); i++) {
        struct mw_labels labels = {0};
        struct mw_error err;
        for (int round = 0; round < 2; round++)
            assert_ok(mw_labels_inherit(&labels, &differences[i].earlier, 1, "part.json", &err),
                      &err);
        assert_same_settings(&labels, &differences[i].earlier);
        mw_labels_free(&labels);
    }
}

TEST(given_and_equal_is_allowed) {
    struct mw_labels earlier = SETTINGS(.classes = 5, .ignore = ranges("255"));
    struct mw_labels labels =
        SETTINGS(.given = MW_SET_CLASSES | MW_SET_IGNORE, .classes = 5, .ignore = ranges("255"));
    struct mw_error err;
    resolve(&earlier);
    assert_ok(mw_labels_inherit(&labels, &earlier, 4, "part.json", &err), &err);
    mw_labels_free(&earlier);
    mw_labels_free(&labels);
}

/* Classes 0 to 4 occurred: five declared classes cover them, four do not. */
TEST(declaring_covers_an_undeclared_document) {
    struct mw_labels earlier = {0};
    struct mw_error err;
    resolve(&earlier);
    for (uint32_t classes = 4; classes <= 6; classes++) {
        struct mw_labels labels = SETTINGS(.given = MW_SET_CLASSES, .classes = classes);
        if (classes == 4)
            assert_fails(mw_labels_inherit(&labels, &earlier, 4, "part.json", &err), MW_USAGE,
                         "--classes 4", &err);
        else assert_ok(mw_labels_inherit(&labels, &earlier, 4, "part.json", &err), &err);
        assert_int_equal(labels.classes, classes);
        mw_labels_free(&labels);
    }
    mw_labels_free(&earlier);
}

TEST(names_may_be_added_to_a_document_without_names) {
    struct mw_labels earlier = SETTINGS(.classes = 2);
    struct mw_labels labels = SETTINGS(.given = MW_SET_CLASSES | MW_SET_NAMES, .classes = 2,
                                       .names = make_names(2, two_names));
    struct mw_error err;
    resolve(&earlier);
    assert_ok(mw_labels_inherit(&labels, &earlier, 1, "part.json", &err), &err);
    assert_string_equal(mw_labels_name(&labels, 1), "road");
    mw_labels_free(&earlier);
    mw_labels_free(&labels);
}

/* --- Names from a file ----------------------------------------------------------------------- */

static char directory[PATH_SIZE];

/* Reads names from a file with these bytes. */
static enum mw_status read_names(struct mw_labels *labels, const char *bytes, size_t length,
                                 struct mw_error *err) {
    char path[PATH_SIZE];
    write_file(path, directory, "names.txt", bytes, length);
    return mw_labels_read_class_map(labels, path, 0, err);
}

static void check_names(const char *bytes, const char *first, const char *second) {
    struct mw_labels labels = {0};
    struct mw_error err;
    assert_ok(read_names(&labels, bytes, strlen(bytes), &err), &err);
    assert_int_equal(labels.classes, second ? 2 : 1);
    assert_int_equal(labels.given, MW_SET_CLASSES | MW_SET_NAMES);
    assert_string_equal(mw_labels_name(&labels, 0), first);
    if (second) assert_string_equal(mw_labels_name(&labels, 1), second);
    assert_null(mw_labels_name(&labels, labels.classes));
    mw_labels_free(&labels);
}

TEST(names_are_lines) {
    check_names("sky\nroad\n", "sky", "road");
    check_names("sky\nroad", "sky", "road");               /* no final newline */
    check_names("sky\r\nroad\r\n", "sky", "road");         /* CRLF */
    check_names("sky\r\nroad", "sky", "road");             /* mixed */
    check_names("\xef\xbb\xbfsky\nroad\n", "sky", "road"); /* byte order mark */
    check_names("m\xc3\xbcll\n\xe7\x81\xaf\n", "m\xc3\xbcll", "\xe7\x81\xaf");
    check_names(" two words, \"quoted\"\n# no comment\n", " two words, \"quoted\"", "# no comment");
    check_names("one", "one", NULL);
}

TEST(mistakes_in_names_are_told_with_their_line) {
    static const struct {
        const char *bytes, *part, *what;
    } cases[] = {
        {"sky\n\nroad\n", "line 2", "empty"},
        {"\nsky\n", "line 1", "empty"},
        {"sky\n\n", "line 2", "empty"},
        {"sky\r\n\r\n", "line 2", "empty"},
        {"sky\nroad\nsky\n", "line 3", "the same name as on line 1"},
        {"a\nb\nc\nb\n", "line 4", "the same name as on line 2"},
        {"sky\r\nsky", "line 2", "the same name as on line 1"},
        {"sky\nr\xf6"
         "ad\n",
         "line 2", "UTF-8"},
        {"sky\nro\tad\n", "line 2", "control"},
        {"sky\nro\x1b[31mad\n", "line 2", "control"},
        {"a\nb\nro\x7f\n", "line 3", "control"},
        {"sky\nro\rad\n", "line 2", "control"},
        {"", "no class", "names.txt"},
        {"\xef\xbb\xbf", "no class", "names.txt"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_labels labels = {0};
        struct mw_error err;
        assert_fails(read_names(&labels, cases[i].bytes, strlen(cases[i].bytes), &err), MW_USAGE,
                     cases[i].part, &err);
        assert_non_null(strstr(err.message, cases[i].what));
        assert_non_null(strstr(err.message, "names.txt"));
        mw_labels_free(&labels);
    }
}

TEST(a_nul_in_a_name_is_refused) {
    struct mw_labels labels = {0};
    struct mw_error err;
    assert_fails(read_names(&labels, "a\nb\0c\n", 6, &err), MW_USAGE, "line 2", &err);
    mw_labels_free(&labels);
}

TEST(the_number_of_names_must_be_that_of_the_declared_classes) {
    struct mw_labels labels = SETTINGS(.given = MW_SET_CLASSES, .classes = 3);
    struct mw_error err;
    assert_fails(read_names(&labels, "sky\nroad\n", 9, &err), MW_USAGE, "3", &err);
    assert_non_null(strstr(err.message, "2"));
    mw_labels_free(&labels);
    labels = SETTINGS(.given = MW_SET_CLASSES, .classes = 2);
    assert_ok(read_names(&labels, "sky\nroad\n", 9, &err), &err);
    mw_labels_free(&labels);
}

TEST(a_file_that_is_not_there_is_named) {
    struct mw_labels labels = {0};
    struct mw_error err;
    assert_fails(mw_labels_read_class_map(&labels, "no/such/names.txt", 0, &err), MW_IO,
                 "no/such/names.txt", &err);
    assert_fails(mw_labels_read_class_map(&labels, directory, 0, &err), MW_IO, directory, &err);
    mw_labels_free(&labels);
}

static int setup(void **state) {
    make_directory(directory);
    return make_differences(state);
}

static int teardown(void **state) {
    remove_directory(directory);
    return free_differences(state);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_settings_every_value_is_its_own_class),
        cmocka_unit_test(negative_values_are_never_classes),
        cmocka_unit_test(declared_classes_end_before_their_number),
        cmocka_unit_test(ignored_values_are_left_out),
        cmocka_unit_test(reduce_zero_ignores_0_and_255_and_moves_the_others_down),
        cmocka_unit_test(binary_is_not_zero),
        cmocka_unit_test(threshold_is_at_least),
        cmocka_unit_test(ignore_comes_after_reduce_zero),
        cmocka_unit_test(ignore_comes_before_binary),
        cmocka_unit_test(binary_comes_after_reduce_zero),
        cmocka_unit_test(classes_are_checked_after_binary),
        cmocka_unit_test(classes_are_checked_after_reduce_zero_and_ignore),
        cmocka_unit_test(background_is_0_unless_it_is_given_or_zero_is_reduced),
        cmocka_unit_test(resolving_twice_changes_nothing),
        cmocka_unit_test(binary_declares_two_classes),
        cmocka_unit_test(settings_that_do_not_fit_together_are_refused),
        cmocka_unit_test(a_set_holds_what_was_added_in_any_order),
        cmocka_unit_test(ranges_are_sorted_and_joined),
        cmocka_unit_test(an_empty_set_prints_as_none),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(a_set_contains_what_was_added_and_nothing_else),
        cmocka_unit_test(parsing_adds_to_what_is_there),
        cmocka_unit_test(given_and_different_is_refused_with_both_named),
        cmocka_unit_test(what_is_not_given_is_inherited),
        cmocka_unit_test(documents_must_agree_among_themselves),
        cmocka_unit_test(documents_of_declared_and_undeclared_classes_do_not_agree_in_any_order),
        cmocka_unit_test(declaring_covers_documents_of_both_kinds),
        cmocka_unit_test(the_same_document_twice_agrees),
        cmocka_unit_test(given_and_equal_is_allowed),
        cmocka_unit_test(declaring_covers_an_undeclared_document),
        cmocka_unit_test(names_may_be_added_to_a_document_without_names),
        cmocka_unit_test(names_are_lines),
        cmocka_unit_test(mistakes_in_names_are_told_with_their_line),
        cmocka_unit_test(a_nul_in_a_name_is_refused),
        cmocka_unit_test(the_number_of_names_must_be_that_of_the_declared_classes),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
