/* The histogram kernels against a count of one sample at a time. */
#include "support.h"

#include "count/histogram.h"
#include "count/labels.h"

static struct mw_histogram histogram; /* one for all tests, as a worker has */

static int start(void **state) {
    struct mw_error err;
    (void)state;
    return mw_histogram_init(&histogram, MW_DENSE_BINS, MW_MAX_CLASSES, &err) ? -1 : 0;
}

static int stop(void **state) {
    (void)state;
    mw_histogram_free(&histogram);
    return 0;
}

/* --- One sample at a time -------------------------------------------------------------------- */

static bool machine_is_big_endian(void) {
    const uint16_t probe = 1;
    return *(const unsigned char *)&probe == 0;
}

/* Whether 16-bit samples of this layout have their high byte first. */
static bool high_byte_first(const struct mw_layout *layout) {
    return (layout->bits == 16 && layout->big_endian) || machine_is_big_endian();
}

static size_t bytes_of(const struct mw_layout *layout, size_t pixels) {
    return (pixels * layout->bits * layout->channels + 7) / 8;
}

/* Stores the pattern of pixel `index`; other channels get noise that must not be counted. */
static void store(const struct mw_layout *layout, unsigned char *image, size_t index,
                  uint32_t pattern, uint64_t *seed) {
    if (layout->bits < 8) {
        size_t bit = index * layout->bits;
        image[bit / 8] |= (unsigned char)(pattern << (8 - layout->bits - bit % 8));
        return;
    }
    size_t bytes = layout->bits / 8;
    unsigned char *pixel = image + index * layout->channels * bytes;
    for (size_t i = 0; i < bytes * layout->channels; i++)
        pixel[i] = (unsigned char)random_next(seed);
    for (size_t i = 0; i < bytes; i++) {
        size_t shift = 8 * (high_byte_first(layout) ? bytes - 1 - i : i);
        pixel[i] = (unsigned char)(pattern >> shift);
    }
}

/* Two's complement by its definition: the highest bit weighs -2^(bits-1). */
static int64_t number_of(const struct mw_layout *layout, uint32_t pattern) {
    int64_t value = pattern, sign = INT64_C(1) << (layout->bits - 1);
    return layout->is_signed && value >= sign ? value - 2 * sign : value;
}

/* --- Comparing ------------------------------------------------------------------------------- */

/* Patterns of an image [count], counted by looking at each as often as it takes. */
static void check_histogram(const struct mw_layout *layout, const uint32_t *patterns,
                            size_t count) {
    size_t cursor = 0;
    int64_t value;
    uint64_t pixels, total = 0;
    while (mw_histogram_next(&histogram, &cursor, &value, &pixels)) {
        uint64_t wanted = 0;
        for (size_t i = 0; i < count; i++) wanted += number_of(layout, patterns[i]) == value;
        assert_true(pixels > 0);
        assert_int_equal(pixels, wanted);
        total += pixels;
    }
    assert_int_equal(total, count); /* so every value was there, and once */
}

/* A made image and what is in it. */
struct made_image {
    struct mw_layout layout;
    uint32_t patterns[400];
    size_t count;
    unsigned char storage[400 * 8 + 64]; /* the image begins at `offset` */
    size_t offset;
    size_t size; /* bytes of the image */
};

/* Runs and noise of few or many values. */
static void make_image(struct made_image *made, const struct mw_layout *layout, size_t count,
                       size_t offset, uint64_t *seed) {
    size_t run = 1 + random_below(seed, 20), distinct = 1 + random_below(seed, 9);
    uint32_t values[9];
    uint32_t mask = layout->bits == 32 ? UINT32_MAX : (UINT32_C(1) << layout->bits) - 1;
    for (size_t i = 0; i < distinct; i++) values[i] = (uint32_t)random_next(seed) & mask;
    *made = (struct made_image){.layout = *layout, .count = count, .offset = offset};
    made->layout.width = (uint32_t)count;
    made->layout.height = 1;
    made->size = bytes_of(layout, count);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && random_below(seed, run) > 0;
        made->patterns[i] = again ? made->patterns[i - 1] : values[random_below(seed, distinct)];
        store(layout, made->storage + offset, i, made->patterns[i], seed);
    }
    if (layout->bits < 8 && made->size) { /* what is behind the last pixel must not matter */
        size_t spare = made->size * 8 - count * layout->bits;
        made->storage[offset + made->size - 1] |= (unsigned char)((1U << spare) - 1);
    }
}

/* Hands over the image whole, or in pieces that begin on a byte, from memory that ends with it. */
static void hand_over(const struct made_image *made, bool whole, uint64_t *seed) {
    const struct mw_layout *layout = &made->layout;
    size_t per_byte = layout->bits < 8 ? 8 / layout->bits : 1;
    unsigned char *exact = malloc(made->offset + made->size + 1);
    assert_non_null(exact);
    memcpy(exact + made->offset, made->storage + made->offset, made->size);
    for (size_t i = 0; i < made->count;) {
        size_t piece = made->count - i;
        if (!whole && random_below(seed, 4)) {
            size_t shorter = (1 + random_below(seed, 40)) * per_byte;
            if (shorter < piece) piece = shorter;
        }
        mw_histogram_pixels(&histogram, exact + made->offset + bytes_of(layout, i), piece);
        i += piece;
    }
    free(exact);
}

static void check_pixels(const struct made_image *made, bool whole, uint64_t *seed) {
    struct mw_error err;
    mw_histogram_begin(&histogram, &made->layout);
    hand_over(made, whole, seed);
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    check_histogram(&made->layout, made->patterns, made->count);
}

/* The same image as runs of one value. */
static void check_runs(const struct made_image *made) {
    struct mw_error err;
    mw_histogram_begin(&histogram, &made->layout);
    for (size_t i = 0; i < made->count;) {
        size_t end = i;
        while (end < made->count && made->patterns[end] == made->patterns[i]) end++;
        mw_histogram_run(&histogram, made->patterns[i], end - i);
        i = end;
    }
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    check_histogram(&made->layout, made->patterns, made->count);
}

/* Every layout that a decoder may hand over. */
static const struct mw_layout layouts[] = {
    {.bits = 1, .channels = 1},
    {.bits = 1, .channels = 1, .is_signed = true},
    {.bits = 2, .channels = 1},
    {.bits = 2, .channels = 1, .is_signed = true},
    {.bits = 4, .channels = 1},
    {.bits = 4, .channels = 1, .is_signed = true},
    {.bits = 8, .channels = 1},
    {.bits = 8, .channels = 1, .is_signed = true},
    {.bits = 8, .channels = 2},
    {.bits = 8, .channels = 3, .is_signed = true},
    {.bits = 16, .channels = 1},
    {.bits = 16, .channels = 1, .is_signed = true},
    {.bits = 16, .channels = 1, .big_endian = true},
    {.bits = 16, .channels = 1, .is_signed = true, .big_endian = true},
    {.bits = 16, .channels = 2, .big_endian = true},
    {.bits = 16, .channels = 2},
    {.bits = 32, .channels = 1},
    {.bits = 32, .channels = 1, .is_signed = true},
};

TEST(every_layout_length_and_alignment_equals_a_naive_count) {
    uint64_t seed = 1;
    for (size_t i = 0; i < COUNT(layouts); i++)
        for (size_t length = 0; length <= 100; length++)
            for (size_t offset = 0; offset < 8; offset++) {
                struct made_image made;
                make_image(&made, &layouts[i], length, offset, &seed);
                check_pixels(&made, true, &seed);
            }
}

TEST(any_split_into_calls_equals_one_call) {
    uint64_t seed = 2;
    for (size_t i = 0; i < COUNT(layouts); i++)
        for (int round = 0; round < 200; round++) {
            struct made_image made;
            size_t length = random_below(&seed, COUNT(made.patterns) + 1);
            make_image(&made, &layouts[i], length, random_below(&seed, 8), &seed);
            check_pixels(&made, false, &seed);
        }
}

TEST(runs_equal_pixels) {
    uint64_t seed = 3;
    for (size_t i = 0; i < COUNT(layouts); i++)
        for (int round = 0; round < 50; round++) {
            struct made_image made;
            make_image(&made, &layouts[i], random_below(&seed, 300), 0, &seed);
            check_runs(&made);
        }
}

/* Half as runs, half as pixels, in one mask. */
TEST(runs_and_pixels_add_up) {
    uint64_t seed = 4;
    for (size_t i = 0; i < COUNT(layouts); i++) {
        struct made_image made;
        struct mw_error err;
        make_image(&made, &layouts[i], 160, 0, &seed);
        mw_histogram_begin(&histogram, &made.layout);
        for (size_t j = 0; j < 80; j++) mw_histogram_run(&histogram, made.patterns[j], 1);
        mw_histogram_pixels(&histogram, made.storage + bytes_of(&made.layout, 80), 80);
        assert_ok(mw_histogram_end(&histogram, &err), &err);
        check_histogram(&made.layout, made.patterns, made.count);
    }
}

/* --- Values ---------------------------------------------------------------------------------- */

TEST(patterns_are_twos_complement) {
    static const struct {
        unsigned bits;
        bool is_signed;
        uint32_t pattern;
        int64_t value;
    } cases[] = {
        {1, false, 1, 1},
        {1, true, 1, -1},
        {2, true, 1, 1},
        {2, true, 2, -2},
        {4, true, 7, 7},
        {4, true, 8, -8},
        {4, false, 8, 8},
        {8, false, 255, 255},
        {8, true, 255, -1},
        {8, true, 127, 127},
        {8, true, 128, -128},
        {16, false, 65535, 65535},
        {16, true, 65535, -1},
        {16, true, 32768, -32768},
        {32, false, UINT32_MAX, INT64_C(4294967295)},
        {32, true, UINT32_MAX, -1},
        {32, true, UINT32_C(0x80000000), INT64_C(-2147483648)},
        {32, true, UINT32_C(0x7fffffff), INT64_C(2147483647)},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_layout layout = {.bits = cases[i].bits, .is_signed = cases[i].is_signed};
        assert_int_equal(mw_layout_value(&layout, cases[i].pattern), cases[i].value);
    }
}

TEST(a_pixel_is_transparent_when_every_byte_of_its_alpha_is_0) {
    static const struct {
        unsigned bits;
        bool is_colour;
    } cases[] = {{8, false}, {16, false}, {32, false}, {8, true}, {16, true}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint32_t channels = cases[i].is_colour ? 4 : 2;
        struct mw_layout layout = {.bits = cases[i].bits,
                                   .is_colour = cases[i].is_colour,
                                   .has_alpha = true,
                                   .channels = channels};
        size_t size = cases[i].bits / 8, alpha = (channels - 1) * size;
        unsigned char pixel[16];
        memset(pixel, 1, sizeof pixel);
        memset(pixel + alpha, 0, size);
        assert_true(mw_layout_transparent(&layout, pixel, 0));
        for (size_t byte = 0; byte < size; byte++) {
            pixel[alpha + byte] = 1;
            assert_false(mw_layout_transparent(&layout, pixel, 0));
            pixel[alpha + byte] = 0;
        }
    }
}

TEST(small_patterns_come_in_ascending_order) {
    struct mw_layout layout = {.width = 4, .height = 1, .bits = 16, .channels = 1};
    static const uint16_t samples[] = {60000, 7, 300, 7};
    struct mw_error err;
    size_t cursor = 0;
    int64_t value, last = -1;
    uint64_t pixels;
    mw_histogram_begin(&histogram, &layout);
    mw_histogram_pixels(&histogram, samples, COUNT(samples));
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    while (mw_histogram_next(&histogram, &cursor, &value, &pixels)) {
        assert_true(value > last);
        last = value;
    }
    assert_int_equal(last, 60000);
    assert_false(mw_histogram_next(&histogram, &cursor, &value, &pixels));
}

/* --- Many values ----------------------------------------------------------------------------- */

enum { STRIDE = 3001 }; /* odd: no two patterns meet in 32 bits */

static void count_distinct(uint32_t distinct, uint64_t each) {
    struct mw_layout layout = {
        .width = distinct, .height = (uint32_t)each, .bits = 32, .channels = 1};
    mw_histogram_begin(&histogram, &layout);
    for (uint64_t i = 0; i < each; i++)
        for (uint32_t j = 0; j < distinct; j++) {
            uint32_t pattern = UINT32_C(100000) + j * STRIDE;
            mw_histogram_pixels(&histogram, &pattern, 1);
        }
}

TEST(thousands_of_large_values_are_counted) {
    enum { DISTINCT = 20000, EACH = 3 };
    struct mw_error err;
    size_t cursor = 0, seen = 0;
    int64_t value;
    uint64_t pixels;
    count_distinct(DISTINCT, EACH);
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    while (mw_histogram_next(&histogram, &cursor, &value, &pixels)) {
        assert_int_equal((value - 100000) % STRIDE, 0);
        assert_in_range((value - 100000) / STRIDE, 0, DISTINCT - 1);
        assert_int_equal(pixels, EACH);
        seen++;
    }
    assert_int_equal(seen, DISTINCT);
}

TEST(more_distinct_values_than_classes_is_a_limit) {
    struct mw_error err;
    count_distinct(MW_MAX_CLASSES, 1);
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    count_distinct(MW_MAX_CLASSES + 1, 1);
    assert_fails(mw_histogram_end(&histogram, &err), MW_LIMIT, "1048576", &err);
    count_distinct(3, 1);
    assert_ok(mw_histogram_end(&histogram, &err), &err); /* and the next mask is counted again */
}

/* The limit is on the distinct values of a mask, small and large ones together. */
TEST(small_values_count_towards_the_limit) {
    struct mw_layout layout = {.width = MW_MAX_CLASSES + 1, .height = 1, .bits = 32, .channels = 1};
    struct mw_error err;
    mw_histogram_begin(&histogram, &layout);
    for (uint32_t i = 0; i < layout.width; i++) mw_histogram_run(&histogram, i, 1);
    assert_fails(mw_histogram_end(&histogram, &err), MW_LIMIT, "1048576", &err);
}

TEST(huge_runs_are_exact) {
    struct mw_layout layout = {
        .width = UINT32_MAX, .height = UINT32_MAX, .bits = 32, .channels = 1};
    struct mw_error err;
    uint64_t total = (uint64_t)UINT32_MAX * UINT32_MAX, pixels;
    size_t cursor = 0;
    int64_t value;
    mw_histogram_begin(&histogram, &layout);
    mw_histogram_run(&histogram, 5, total - (UINT64_C(1) << 60));
    mw_histogram_run(&histogram, 70000, UINT64_C(1) << 60);
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    assert_true(mw_histogram_next(&histogram, &cursor, &value, &pixels));
    assert_true(value == 5 && pixels == total - (UINT64_C(1) << 60));
    assert_true(mw_histogram_next(&histogram, &cursor, &value, &pixels));
    assert_true(value == 70000 && pixels == UINT64_C(1) << 60);
    assert_false(mw_histogram_next(&histogram, &cursor, &value, &pixels));
}

/* --- Missing pixels, reuse ------------------------------------------------------------------- */

TEST(pixels_that_are_missing_or_too_many_are_told) {
    for (size_t i = 0; i < COUNT(layouts); i++)
        for (int pixels = 13; pixels <= 19; pixels++) {
            unsigned char samples[19 * 8] = {0};
            struct mw_layout layout = layouts[i];
            struct mw_error err;
            layout.width = 8;
            layout.height = 2;
            mw_histogram_begin(&histogram, &layout);
            mw_histogram_pixels(&histogram, samples, (size_t)pixels);
            if (pixels == 16) assert_ok(mw_histogram_end(&histogram, &err), &err);
            else assert_fails(mw_histogram_end(&histogram, &err), MW_BROKEN, "pixels", &err);
        }
}

/* Every ordered pair of layouts: nothing of the first mask is in the second. */
TEST(a_mask_leaves_nothing_for_the_next) {
    uint64_t seed = 5;
    for (size_t i = 0; i < COUNT(layouts); i++)
        for (size_t j = 0; j < COUNT(layouts); j++) {
            struct made_image first, second;
            make_image(&first, &layouts[i], 300, 0, &seed);
            make_image(&second, &layouts[j], 50, 0, &seed);
            check_pixels(&first, true, &seed);
            check_pixels(&second, true, &seed);
        }
}

/* Nor of one that was given up half way. */
TEST(an_unfinished_mask_leaves_nothing_for_the_next) {
    uint64_t seed = 6;
    for (size_t i = 0; i < COUNT(layouts); i++)
        for (size_t j = 0; j < COUNT(layouts); j++) {
            struct made_image first, second;
            make_image(&first, &layouts[i], 300, 0, &seed);
            make_image(&second, &layouts[j], 50, 0, &seed);
            mw_histogram_begin(&histogram, &first.layout);
            hand_over(&first, true, &seed);
            check_pixels(&second, true, &seed);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_layout_length_and_alignment_equals_a_naive_count),
        cmocka_unit_test(any_split_into_calls_equals_one_call),
        cmocka_unit_test(runs_equal_pixels),
        cmocka_unit_test(runs_and_pixels_add_up),
        cmocka_unit_test(patterns_are_twos_complement),
        cmocka_unit_test(a_pixel_is_transparent_when_every_byte_of_its_alpha_is_0),
        cmocka_unit_test(small_patterns_come_in_ascending_order),
        cmocka_unit_test(thousands_of_large_values_are_counted),
        cmocka_unit_test(more_distinct_values_than_classes_is_a_limit),
        cmocka_unit_test(small_values_count_towards_the_limit),
        cmocka_unit_test(huge_runs_are_exact),
        cmocka_unit_test(pixels_that_are_missing_or_too_many_are_told),
        cmocka_unit_test(a_mask_leaves_nothing_for_the_next),
        cmocka_unit_test(an_unfinished_mask_leaves_nothing_for_the_next),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
