/* Numbers that read back exactly, safe names, UTF-8, base64, the nearest word. */
#include "support.h"

#include <float.h>
#include <inttypes.h>

/* --- Reals ----------------------------------------------------------------------------------- */

static void check_real(double value, const char *wanted) {
    char text[MW_REAL_SIZE];
    assert_ptr_equal(mw_real_format(value, text), text);
    assert_string_equal(text, wanted);
}

TEST(reals_are_written_as_the_shortest_decimal_with_a_point) {
    check_real(0.1, "0.1");
    check_real(1.0 / 3, "0.3333333333333333");
    check_real(1e-5, "1.0e-05");
    check_real(2, "2.0");
    check_real(0, "0.0");
    check_real(-1.5, "-1.5");
    check_real(0.30000000000000004, "0.30000000000000004");
    check_real(123456.789, "123456.789");
    check_real(5e-324, "5.0e-324");
    check_real(DBL_MAX, "1.7976931348623157e+308");
    check_real(-DBL_MIN, "-2.2250738585072014e-308");
}

/* "10.0" is shorter than "1.0e+01". */
TEST(whole_numbers_are_not_written_with_an_exponent) {
    check_real(10, "10.0");
    check_real(20, "20.0");
    check_real(100, "100.0");
    check_real(-500, "-500.0");
    check_real(65536, "65536.0");
}

/* Significant digits of a decimal: without leading zeros, and without the ".0" that is added. */
static int digits_of(const char *text) {
    int digits = 0, zeros = 0;
    for (const char *s = text; *s && *s != 'e'; s++) {
        if (*s < '0' || *s > '9' || (*s == '0' && digits + zeros == 0)) continue;
        zeros = *s == '0' ? zeros + 1 : 0;
        digits++;
    }
    return digits - zeros;
}

static bool reads_back(int digits, double value) {
    char text[400]; /* more than any double takes */
    snprintf(text, sizeof text, "%.*g", digits, value);
    return strtod(text, NULL) == value;
}

static void check_shortest(double value) {
    char text[MW_REAL_SIZE];
    mw_real_format(value, text);
    if (strtod(text, NULL) != value) fail_msg("%s is not %.17g", text, value);
    if (!strchr(text, '.')) fail_msg("%s has no decimal point", text);
    for (int digits = 1; digits < digits_of(text); digits++)
        if (reads_back(digits, value)) fail_msg("%s: %d digits are enough", text, digits);
}

TEST(any_real_reads_back_and_has_no_digit_too_many) {
    uint64_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        uint64_t bits = random_next(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value)) check_shortest(value);
    }
}

TEST(ratios_of_counts_read_back_and_have_no_digit_too_many) {
    uint64_t seed = 2;
    for (int round = 0; round < 20000; round++) {
        double numerator = (double)random_below(&seed, 1000);
        check_shortest(numerator / (double)(1 + random_below(&seed, 1000)));
    }
}

TEST(reals_are_read_whole) {
    static const struct {
        const char *text;
        double value;
    } good[] = {{"1.1", 1.1},       {"-2", -2}, {"+3.5", 3.5}, {".5", 0.5},
                {"1e-3", 1e-3},     {"5.", 5},  {"007", 7},    {"1.7976931348623157e308", DBL_MAX},
                {"5e-324", 5e-324}, {"0", 0},   {"1E2", 100}};
    for (size_t i = 0; i < COUNT(good); i++) {
        double value;
        assert_true(mw_real_parse(good[i].text, &value));
        assert_true(value == good[i].value);
    }
}

TEST(what_is_no_finite_decimal_number_is_refused) {
    static const char *const bad[] = {"",     " ",     "1 ",   " 1",   "1x",      "x",
                                      "nan",  "inf",   "-inf", "+nan", "1e999",   "-1e999",
                                      "1,5",  "1.5.2", "--1",  "e5",   ".",       "-",
                                      "0x10", "0x1p3", "-0X2", "1e",   "infinity"};
    size_t taken = 0;
    for (size_t i = 0; i < COUNT(bad); i++) {
        double value;
        if (!mw_real_parse(bad[i], &value)) continue;
        print_error("'%s' was taken for a number\n", bad[i]);
        taken++;
    }
    assert_int_equal(taken, 0);
}

/* --- Integers -------------------------------------------------------------------------------- */

TEST(integers_are_read_up_to_what_follows) {
    static const struct {
        const char *text;
        int64_t value;
        const char *rest;
    } good[] = {
        {"0", 0, ""},
        {"255,7", 255, ",7"},
        {"-1-3", -1, "-3"},
        {"12 ", 12, " "},
        {"1.5", 1, ".5"},
        {"0x10", 0, "x10"},
        {"9223372036854775807", INT64_MAX, ""},
        {"-9223372036854775808", INT64_MIN, ""},
        {"00012", 12, ""},
    };
    for (size_t i = 0; i < COUNT(good); i++) {
        const char *next = good[i].text;
        int64_t value;
        assert_true(mw_integer_parse(&next, &value));
        assert_true(value == good[i].value);
        assert_string_equal(next, good[i].rest);
    }
}

TEST(what_is_no_integer_is_refused) {
    static const char *const bad[] = {"",
                                      " 1",
                                      "+1",
                                      "-",
                                      "--1",
                                      "x1",
                                      "- 1",
                                      ",",
                                      "9223372036854775808",
                                      "-9223372036854775809"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *next = bad[i];
        int64_t value;
        if (mw_integer_parse(&next, &value)) fail_msg("'%s'", bad[i]);
        assert_ptr_equal(next, bad[i]);
    }
}

/* --- UTF-8 ----------------------------------------------------------------------------------- */

/* Writes a code point as RFC 3629 says; returns its bytes. */
static size_t encode(uint32_t code, char out[4]) {
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; code >>= 6) out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(lead[size] | code);
    return size;
}

TEST(every_code_point_but_the_surrogates_is_valid) {
    for (uint32_t code = 0; code < 0x110400; code += code < 0x11000 ? 1 : 37) {
        char bytes[4];
        size_t size = encode(code, bytes);
        bool valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        if (mw_utf8_valid(bytes, size) != valid) fail_msg("U+%04" PRIX32, code);
        for (size_t cut = 1; cut < size; cut++) assert_false(mw_utf8_valid(bytes, cut));
    }
}

TEST(malformed_utf_8_is_invalid) {
    static const char *const bad[] = {
        "\x80",             /* a continuation alone */
        "\xc0\x80",         /* overlong NUL */
        "\xc0\xaf",         /* overlong '/' */
        "\xc1\xbf",         /* overlong U+007F */
        "\xe0\x9f\xbf",     /* overlong U+07FF */
        "\xf0\x8f\xbf\xbf", /* overlong U+FFFF */
        "\xed\xa0\x80",     /* U+D800 */
        "\xed\xbf\xbf",     /* U+DFFF */
        "\xf4\x90\x80\x80", /* U+110000 */
        "\xf8\x88\x80\x80\x80",
        "\xfe",
        "\xff",
        "\xc3",         /* truncated */
        "\xe7\x81",     /* truncated */
        "\xf0\x9f\x98", /* truncated */
        "\xc3\x28",     /* no continuation */
        "\xe7\x28\xaf",
        "\xe4\x20", /* Latin-1 */
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (mw_utf8_valid(bad[i], strlen(bad[i]))) fail_msg("case %zu", i);
        char after[16], before[16];
        snprintf(after, sizeof after, "ok%s", bad[i]);
        snprintf(before, sizeof before, "%s ok", bad[i]);
        assert_false(mw_utf8_valid(after, strlen(after)));
        assert_false(mw_utf8_valid(before, strlen(before)));
    }
    assert_true(mw_utf8_valid("", 0));
    assert_true(mw_utf8_valid("a\0b", 3));
}

TEST(columns_are_characters) {
    assert_int_equal(mw_utf8_columns(""), 0);
    assert_int_equal(mw_utf8_columns("road"), 4);
    assert_int_equal(mw_utf8_columns("m\xc3\xbcll"), 4);
    assert_int_equal(mw_utf8_columns("\xe7\x81\xaf\xf0\x9f\x98\x80"), 2);
}

/* --- Paths on a terminal --------------------------------------------------------------------- */

static void check_path(const char *path, const char *wanted) {
    struct mw_text text = {0};
    mw_text_add_path(&text, path);
    assert_string_equal(text_of(&text), wanted);
    mw_text_free(&text);
}

TEST(printable_paths_stay_as_they_are) {
    check_path("dir/a b.png", "dir/a b.png");
    check_path("it's \"a\".png", "it's \"a\".png");
    check_path("m\xc3\xbcll/\xe7\x81\xaf.png", "m\xc3\xbcll/\xe7\x81\xaf.png");
    check_path("a\xc2\xa0z", "a\xc2\xa0z"); /* U+00A0, the first behind the C1 controls */
}

TEST(paths_that_a_terminal_could_act_on_are_quoted) {
    check_path("a\nb", "$'a\\nb'");
    check_path("a\tb", "$'a\\tb'");
    check_path("a\x1b[31mb", "$'a\\x1b[31mb'");
    check_path("a\x7f", "$'a\\x7f'");
    check_path("it's\n", "$'it\\'s\\n'");
    check_path("a\\b\n", "$'a\\\\b\\n'");
    check_path("a\xc2\x9b", "$'a\\xc2\\x9b'"); /* U+009B, CSI */
    check_path("a\xc2\x80", "$'a\\xc2\\x80'"); /* the first C1 control */
    // NOLINTBEGIN(misc-misleading-bidirectional)
    check_path("gnp.\xe2\x80\xae", "$'gnp.\\xe2\\x80\\xae'"); /* U+202E, right to left */
    check_path("\xe2\x81\xa6x", "$'\\xe2\\x81\\xa6x'");       /* U+2066, an isolate */
    check_path("x\xe2\x80\x8ey", "$'x\\xe2\\x80\\x8ey'");     /* U+200E, left to right */
    check_path("x\xe2\x80\x8fy", "$'x\\xe2\\x80\\x8fy'");     /* U+200F, right to left */
    check_path("x\xd8\x9cy", "$'x\\xd8\\x9cy'");              /* U+061C, an Arabic letter mark */
    // NOLINTEND(misc-misleading-bidirectional)
    check_path("a\xe2\x80\xa8z", "$'a\\xe2\\x80\\xa8z'"); /* U+2028, a line separator */
    check_path("a\xffz", "$'a\\xffz'");                   /* not UTF-8 */
    check_path("", "$''");
}

/* github.com/actions/runner, ActionCommand.TryParse: "##[" anywhere in a line. Azure Pipelines: "##vso[". */
TEST(paths_that_a_runner_of_a_ci_could_obey_are_quoted) {
    check_path("##[error]a.png", "$'\\x23#[error]a.png'");
    check_path("a###[b##[", "$'a#\\x23#[b\\x23#['");
    check_path("##vso[task]", "$'\\x23#vso[task]'");
    check_path("a#[b ## [c", "a#[b ## [c");
    struct mw_text text = {0};
    mw_text_add_printable(&text, "is ###[error]x");
    assert_string_equal(text_of(&text), "is #?#[error]x");
    mw_text_free(&text);
}

TEST(quoted_paths_are_printable_ascii) {
    uint64_t seed = 3;
    for (int round = 0; round < 5000; round++) {
        struct mw_text text = {0};
        char path[16];
        size_t length = random_below(&seed, sizeof path);
        for (size_t i = 0; i < length; i++) path[i] = (char)(1 + random_below(&seed, 255));
        path[length] = '\0';
        mw_text_add_path(&text, path);
        assert_true(mw_utf8_valid(text_of(&text), text.length) && is_one_line(text.data));
        if (strcmp(text.data, path) != 0)
            for (size_t i = 0; i < text.length; i++) assert_in_range(text.data[i], 0x20, 0x7e);
        mw_text_free(&text);
    }
}

/* --- Base64 ---------------------------------------------------------------------------------- */

/* RFC 4648, section 10. */
TEST(base64_is_that_of_rfc_4648) {
    static const char *const vectors[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xff\xfe\xfd", "//79"},
        {"\xfb\xef\xbe", "++++"},
    };
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct mw_text text = {0};
        mw_text_add_base64(&text, vectors[i][0], strlen(vectors[i][0]));
        assert_string_equal(text_of(&text), vectors[i][1]);
        mw_text_free(&text);
    }
    struct mw_text text = {0};
    mw_text_add_base64(&text, "\0\0", 2);
    assert_string_equal(text_of(&text), "AAA=");
    mw_text_free(&text);
}

/* --- The nearest word ------------------------------------------------------------------------ */

static const struct row {
    int number;
    const char *name;
} rows[] = {{1, "balanced"}, {2, "median-frequency"}, {3, NULL},
            {4, "enet"},     {5, "effective"},        {6, "log"}};

static void check_nearest(const char *word, const char *wanted) {
    const char *found = mw_text_nearest(word, &rows[0].name, COUNT(rows), sizeof rows[0]);
    if (!found != !wanted || (found && strcmp(found, wanted) != 0))
        fail_msg("'%s': %s", word, found ? found : "nothing");
}

TEST(words_with_one_mistake_are_found) {
    check_nearest("balanced", "balanced");
    check_nearest("balancet", "balanced");  /* a wrong letter */
    check_nearest("balnced", "balanced");   /* one missing */
    check_nearest("ballanced", "balanced"); /* one added */
    check_nearest("blaanced", "balanced");  /* two exchanged */
    check_nearest("median_frequency", "median-frequency");
    check_nearest("median", "median-frequency"); /* a beginning */
    check_nearest("eent", "enet");
    check_nearest("efective", "effective");
    check_nearest("lgo", "log");
    check_nearest("ENET", "enet"); /* the case is no mistake */
    check_nearest("MEDIAN", "median-frequency");
}

/* One mistake in three letters, no more. */
TEST(short_words_allow_few_mistakes) {
    check_nearest("foo", NULL); /* two letters of three differ from log */
    check_nearest("lug", "log");
    check_nearest("nett", NULL);
    check_nearest("edet", "enet");
}

/* Two exchanged letters are one mistake; in so short a word two would be too many. */
TEST(exchanged_letters_are_one_mistake) {
    static const char *const names[] = {"js"};
    assert_ptr_equal(mw_text_nearest("sj", names, 1, sizeof names[0]), names[0]);
    assert_null(mw_text_nearest("xy", names, 1, sizeof names[0]));
}

TEST(words_that_are_near_to_nothing_are_not_found) {
    check_nearest("", NULL);
    check_nearest("xyzzy", NULL);
    check_nearest("q", NULL);
    check_nearest("something-else-entirely", NULL);
    check_nearest("a-word-that-is-longer-than-any-name-in-any-table-of-the-program", NULL);
}

static void check_unknown(const char *word, const char *wanted) {
    struct mw_error err;
    assert_int_equal(mw_error_unknown(&err, "--scheme", word, &rows[0].name, COUNT(rows),
                                      sizeof rows[0], ", all"),
                     MW_USAGE);
    assert_int_equal(err.status, MW_USAGE);
    assert_string_equal(err.message, wanted);
}

TEST(an_unknown_word_is_answered_with_the_nearest_or_with_all) {
    check_unknown("enett", "--scheme: 'enett' is unknown; did you mean 'enet'?");
    check_unknown("xyzzy", "--scheme: 'xyzzy' is unknown; there are: balanced, median-frequency, "
                           "enet, effective, log, all");
    check_unknown("xy\nzy", "--scheme: 'xy?zy' is unknown; there are: balanced, median-frequency, "
                            "enet, effective, log, all");
}

/* --- Growing strings ------------------------------------------------------------------------- */

TEST(a_text_grows_and_always_ends_in_nul) {
    struct mw_text text = {0};
    uint64_t seed = 4;
    size_t length = 0;
    for (int round = 0; round < 2000; round++) {
        char piece[300];
        size_t size = random_below(&seed, sizeof piece);
        memset(piece, 'a' + round % 26, sizeof piece);
        if (round % 2) mw_text_add(&text, piece, size);
        else mw_text_print(&text, "%.*s", (int)size, piece);
        length += size;
        assert_false(text.failed);
        assert_int_equal(text.length, length);
        assert_int_equal(text.data[length], '\0');
        if (size) assert_int_equal(text.data[length - 1], 'a' + round % 26);
    }
    mw_text_free(&text);
    assert_null(text.data);
    assert_int_equal(text.length, 0);
}

TEST(a_text_holds_any_bytes) {
    struct mw_text text = {0};
    mw_text_add(&text, "a\0b", 3);
    mw_text_add(&text, NULL, 0);
    mw_text_add(&text, "c", 1);
    assert_int_equal(text.length, 4);
    assert_memory_equal(text.data, "a\0bc", 5);
    mw_text_clear(&text);
    assert_int_equal(text.length, 0);
    assert_string_equal(text.data, "");
    mw_text_free(&text);
}

/* No memory is this large: the text fails, what follows is dropped, what was there stays. */
TEST(a_text_that_cannot_grow_fails_and_stays_failed) {
    struct mw_text text = {0};
    mw_text_add(&text, "kept", 4);
    mw_text_add(&text, "x", SIZE_MAX / 2);
    assert_true(text.failed);
    mw_text_add(&text, "more", 4);
    mw_text_print(&text, "more");
    assert_true(text.failed);
    assert_string_equal(text.data, "kept");
    mw_text_clear(&text);
    assert_false(text.failed);
    mw_text_add(&text, "again", 5);
    assert_string_equal(text_of(&text), "again");
    mw_text_free(&text);
}

TEST(a_word_for_the_shell_is_quoted_where_it_has_to_be) {
    static const char *const words[][2] = {
        {"masks/a-1.png", "masks/a-1.png"},
        {"-", "-"},
        {"", "$''"},
        {"a b", "'a b'"},
        {"$(x)", "'$(x)'"},
        {"it's", "'it'\\''s'"},
        {"~", "'~'"},
        {"*.png", "'*.png'"},
        {"\xc3\xa4", "'\xc3\xa4'"},
        {"a\nb", "$'a\\nb'"},
        {"\xff'", "$'\\xff\\''"},
    };
    for (size_t i = 0; i < COUNT(words); i++) {
        struct mw_text text = {0};
        mw_text_add_shell(&text, words[i][0]);
        assert_string_equal(text.data, words[i][1]);
        mw_text_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_for_the_shell_is_quoted_where_it_has_to_be),
        cmocka_unit_test(reals_are_written_as_the_shortest_decimal_with_a_point),
        cmocka_unit_test(whole_numbers_are_not_written_with_an_exponent),
        cmocka_unit_test(any_real_reads_back_and_has_no_digit_too_many),
        cmocka_unit_test(ratios_of_counts_read_back_and_have_no_digit_too_many),
        cmocka_unit_test(reals_are_read_whole),
        cmocka_unit_test(what_is_no_finite_decimal_number_is_refused),
        cmocka_unit_test(integers_are_read_up_to_what_follows),
        cmocka_unit_test(what_is_no_integer_is_refused),
        cmocka_unit_test(every_code_point_but_the_surrogates_is_valid),
        cmocka_unit_test(malformed_utf_8_is_invalid),
        cmocka_unit_test(columns_are_characters),
        cmocka_unit_test(printable_paths_stay_as_they_are),
        cmocka_unit_test(paths_that_a_terminal_could_act_on_are_quoted),
        cmocka_unit_test(paths_that_a_runner_of_a_ci_could_obey_are_quoted),
        cmocka_unit_test(quoted_paths_are_printable_ascii),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(words_with_one_mistake_are_found),
        cmocka_unit_test(short_words_allow_few_mistakes),
        cmocka_unit_test(exchanged_letters_are_one_mistake),
        cmocka_unit_test(words_that_are_near_to_nothing_are_not_found),
        cmocka_unit_test(an_unknown_word_is_answered_with_the_nearest_or_with_all),
        cmocka_unit_test(a_text_grows_and_always_ends_in_nul),
        cmocka_unit_test(a_text_holds_any_bytes),
        cmocka_unit_test(a_text_that_cannot_grow_fails_and_stays_failed),
    };
    return RUN_TESTS(tests);
}
