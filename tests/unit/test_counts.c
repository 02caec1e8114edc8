/* Counts: every field on a dataset worked out by hand, and the laws of merging. */
#include "made.h"

#include <inttypes.h>

#include "count/counts.h"

/* --- Masks from their values ----------------------------------------------------------------- */

/* A run of one stored value. */
struct run {
    uint32_t value;
    uint64_t pixels;
};

static struct mw_labels make_labels(const char *ignore, uint32_t classes) {
    struct mw_labels labels = {.classes = classes};
    struct mw_error err;
    if (ignore) assert_ok(mw_ranges_parse(&labels.ignore, ignore, &err), &err);
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    return labels;
}

static struct mw_histogram histogram; /* one for all masks, as a worker has */

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

/* Adds a mask of the given runs of 8-bit values. */
static enum mw_status try_mask(struct mw_counts *counts, const struct mw_labels *labels,
                               const struct run *runs, size_t count, struct mw_error *err) {
    struct mw_mask mask = {0};
    struct mw_layout layout = {.height = 1, .bits = 8, .channels = 1};
    for (size_t i = 0; i < count; i++) layout.width += (uint32_t)runs[i].pixels;
    mw_histogram_begin(&histogram, &layout);
    for (size_t i = 0; i < count; i++) mw_histogram_run(&histogram, runs[i].value, runs[i].pixels);
    assert_ok(mw_histogram_end(&histogram, err), err);
    assert_ok(mw_mask_label(&mask, &histogram, labels, err), err);
    enum mw_status status = mw_counts_add_mask(counts, &mask, labels, err);
    mw_mask_free(&mask);
    return status;
}

static void add_mask(struct mw_counts *counts, const struct mw_labels *labels,
                     const struct run *runs, size_t count) {
    struct mw_error err;
    assert_ok(try_mask(counts, labels, runs, count, &err), &err);
}

/* --- By hand --------------------------------------------------------------------------------- */

/* Classes 0 (background), 1 and 2 are declared as four; 255 is ignored; 9 is no class.
 *
 *   mask          0    1    2   255   9    carry a class   what it is
 *   a             6    3    0    1    0         9
 *   b             5    0    5    0    0        10
 *   c             8    0    0    2    0         8          empty
 *   d             0    0    0   10    0         0          ignored
 *   e             4    0    0    0    0         4          empty
 *   f             0    7    0    0    3         7          3 unknown
 *   sum          23   10    5   13    3        38
 */
static void add_dataset(struct mw_counts *counts, const struct mw_labels *labels) {
    add_mask(counts, labels, (struct run[]){{0, 6}, {1, 3}, {255, 1}}, 3);
    add_mask(counts, labels, (struct run[]){{0, 5}, {2, 5}}, 2);
    add_mask(counts, labels, (struct run[]){{0, 8}, {255, 2}}, 2);
    add_mask(counts, labels, (struct run[]){{255, 10}}, 1);
    add_mask(counts, labels, (struct run[]){{0, 4}}, 1);
    add_mask(counts, labels, (struct run[]){{1, 7}, {9, 3}}, 2);
}

TEST(every_field_is_as_worked_out_by_hand) {
    struct mw_labels labels = make_labels("255", 4);
    struct mw_counts counts;
    struct mw_error err;
    mw_counts_init(&counts);
    add_dataset(&counts, &labels);
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    assert_int_equal(counts.masks, 6);
    assert_int_equal(counts.empty_masks, 2);
    assert_int_equal(counts.ignored_masks, 1);
    assert_int_equal(counts.pixels, 38);
    assert_int_equal(counts.ignored_pixels, 13);
    assert_int_equal(counts.unknown_pixels, 3);
    assert_int_equal(counts.empty_pixels, 12);        /* c and e: 8 + 4 */
    assert_int_equal(counts.empty_ignored_pixels, 2); /* c */
    assert_int_equal(counts.ignored_mask_ignored_pixels, 10);
    assert_true(counts.complete);
    assert_int_equal(counts.class_count, 4);
    for (uint32_t id = 0; id < 4; id++) assert_int_equal(counts.classes[id].id, id);
    /* class 0 is in a, b, c, e: 9 + 10 + 8 + 4 pixels that carry a class, 1 + 2 ignored */
    assert_tally(&counts.classes[0].all, 23, 4, 31, 3);
    assert_tally(&counts.classes[0].in_empty_masks, 12, 2, 12, 2);
    /* class 1 is in a and f */
    assert_tally(&counts.classes[1].all, 10, 2, 16, 1);
    assert_tally(&counts.classes[1].in_empty_masks, 0, 0, 0, 0);
    assert_tally(&counts.classes[2].all, 5, 1, 10, 0);
    assert_tally(&counts.classes[2].in_empty_masks, 0, 0, 0, 0);
    assert_tally(&counts.classes[3].all, 0, 0, 0, 0);
    assert_tally(&counts.classes[3].in_empty_masks, 0, 0, 0, 0);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* A mask of two background classes is empty, and both are counted in its part. */
TEST(several_background_classes_make_an_empty_mask) {
    struct mw_labels labels = {.given = MW_SET_BACKGROUND, .classes = 3};
    struct mw_counts counts;
    struct mw_error err;
    assert_ok(mw_ranges_parse(&labels.background, "0,2", &err), &err);
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    mw_counts_init(&counts);
    add_mask(&counts, &labels, (struct run[]){{0, 2}, {2, 3}}, 2);
    add_mask(&counts, &labels, (struct run[]){{1, 1}, {2, 3}}, 2);
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    assert_int_equal(counts.empty_masks, 1);
    assert_int_equal(counts.empty_pixels, 5);
    assert_tally(&counts.classes[0].in_empty_masks, 2, 1, 5, 0);
    assert_tally(&counts.classes[1].in_empty_masks, 0, 0, 0, 0);
    assert_tally(&counts.classes[2].in_empty_masks, 3, 1, 5, 0);
    assert_tally(&counts.classes[2].all, 6, 2, 9, 0);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

TEST(without_background_no_mask_is_empty) {
    struct mw_labels labels = {.given = MW_SET_BACKGROUND};
    struct mw_counts counts;
    struct mw_error err;
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    mw_counts_init(&counts);
    add_mask(&counts, &labels, (struct run[]){{0, 4}}, 1);
    assert_int_equal(counts.empty_masks, 0);
    assert_int_equal(counts.empty_pixels, 0);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* Several values that stand for one class are one class of the mask: it counts once. */
TEST(values_of_one_class_count_one_mask) {
    struct mw_labels labels = {.binary = MW_BINARY_NONZERO};
    struct mw_counts counts;
    struct mw_error err;
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    mw_counts_init(&counts);
    add_mask(&counts, &labels, (struct run[]){{0, 2}, {7, 3}, {200, 4}, {255, 1}}, 4);
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    assert_int_equal(counts.class_count, 2);
    assert_tally(&counts.classes[1].all, 8, 1, 10, 0);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* Large values come out of the histogram in any order; the classes of a mask are by id, each once. */
static void check_classes_by_id(struct mw_labels labels, size_t wanted) {
    enum { VALUES = 300 };
    struct mw_layout layout = {.width = VALUES, .height = 1, .bits = 32, .channels = 1};
    struct mw_mask mask = {0};
    struct mw_error err;
    uint64_t pixels = 0;
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    mw_histogram_begin(&histogram, &layout);
    for (uint32_t i = 0; i < VALUES; i++) mw_histogram_run(&histogram, 65536 + 7919 * i, 1);
    assert_ok(mw_histogram_end(&histogram, &err), &err);
    assert_ok(mw_mask_label(&mask, &histogram, &labels, &err), &err);
    assert_int_equal(mask.count, wanted);
    for (size_t i = 0; i < mask.count; i++) {
        if (i > 0) assert_true(mask.classes[i - 1].id < mask.classes[i].id);
        pixels += mask.classes[i].pixels;
    }
    assert_int_equal(pixels, VALUES);
    mw_mask_free(&mask);
    mw_labels_free(&labels);
}

TEST(the_classes_of_a_mask_are_by_id_and_each_is_there_once) {
    check_classes_by_id((struct mw_labels){0}, 300);
    check_classes_by_id((struct mw_labels){.binary = MW_BINARY_THRESHOLD, .threshold = 1000000}, 2);
    check_classes_by_id((struct mw_labels){.binary = MW_BINARY_NONZERO}, 1);
}

TEST(a_mask_without_classes_is_not_empty_but_ignored) {
    struct mw_labels labels = make_labels(NULL, 0);
    struct mw_class_pixels classes[] = {{.id = 0, .pixels = 5}, {.id = 1, .pixels = 1}};
    struct mw_mask mask = {.classes = classes, .count = 1, .pixels = 5};
    assert_false(mw_mask_is_empty(&(struct mw_mask){.ignored_pixels = 5}, &labels));
    assert_true(mw_mask_is_empty(&mask, &labels));
    mask.count = 2;
    mask.pixels = 6;
    assert_false(mw_mask_is_empty(&mask, &labels));
    mw_labels_free(&labels);
}

TEST(undeclared_classes_are_those_that_occur) {
    struct mw_labels labels = make_labels(NULL, 0);
    struct mw_counts counts;
    struct mw_error err;
    mw_counts_init(&counts);
    add_mask(&counts, &labels, (struct run[]){{200, 1}, {3, 1}}, 2);
    add_mask(&counts, &labels, (struct run[]){{11, 1}}, 1);
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    assert_int_equal(counts.class_count, 3);
    assert_int_equal(counts.classes[0].id, 3);
    assert_int_equal(counts.classes[1].id, 11);
    assert_int_equal(counts.classes[2].id, 200);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

/* Finishing sorts; classes must still be found afterwards. */
TEST(a_class_is_found_before_and_after_sorting) {
    struct mw_labels labels = make_labels(NULL, 0);
    struct mw_counts counts;
    struct mw_error err;
    enum { CLASSES = 5000 };
    mw_counts_init(&counts);
    for (uint32_t i = 0; i < CLASSES; i++) {
        uint32_t id = (CLASSES - i) * 977;
        struct mw_class_counts *class_counts = mw_counts_class(&counts, id);
        assert_non_null(class_counts);
        assert_int_equal(class_counts->id, id);
        assert_int_equal(class_counts->all.pixels, 0);
        class_counts->all.pixels = id;
    }
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 1; i <= CLASSES; i++)
            assert_int_equal(mw_counts_class(&counts, i * 977)->all.pixels, i * 977);
        assert_int_equal(counts.class_count, CLASSES);
        assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    }
    for (size_t i = 1; i < counts.class_count; i++)
        assert_true(counts.classes[i - 1].id < counts.classes[i].id);
    mw_counts_free(&counts);
    mw_labels_free(&labels);
}

TEST(clearing_leaves_nothing) {
    struct mw_labels labels = make_labels("255", 0);
    struct mw_counts counts, fresh;
    struct mw_error err;
    mw_counts_init(&counts);
    mw_counts_init(&fresh);
    add_dataset(&counts, &labels);
    counts.complete = false;
    assert_ok(mw_places_add(&counts.failures, 1, "a.png", "broken", &err), &err);
    mw_counts_clear(&counts);
    assert_counts_equal(&counts, &fresh);
    add_dataset(&counts, &labels);
    add_dataset(&fresh, &labels);
    assert_ok(mw_counts_finish(&counts, &labels, &err), &err);
    assert_ok(mw_counts_finish(&fresh, &labels, &err), &err);
    assert_counts_equal(&counts, &fresh);
    mw_counts_free(&counts);
    mw_counts_free(&fresh);
    mw_labels_free(&labels);
}

/* --- Merging --------------------------------------------------------------------------------- */

enum { FILES = 60, PARTS = 5 };

/* Adds file number `file` of a made-up dataset: always the same for the same number. */
static void add_file(struct mw_counts *counts, const struct mw_labels *labels, size_t file) {
    struct mw_error err;
    uint64_t seed = file * 7919 + 1;
    char path[32];
    snprintf(path, sizeof path, "dir%zu/%zu.png", random_below(&seed, 4), file);
    if (random_below(&seed, 9) == 0) {
        counts->complete = false;
        assert_ok(mw_places_add(&counts->failures, 2, path, "damaged PNG", &err), &err);
        return;
    }
    counts->files++;
    counts->skipped_files += random_below(&seed, 3);
    for (size_t masks = 1 + random_below(&seed, 3); masks > 0; masks--) {
        struct run runs[6];
        size_t count = 1 + random_below(&seed, 6);
        for (size_t i = 0; i < count; i++) {
            static const uint32_t values[] = {0, 0, 0, 1, 2, 5, 90, 255, 255};
            runs[i] = (struct run){values[random_below(&seed, COUNT(values))],
                                   1 + random_below(&seed, 1000)};
        }
        add_mask(counts, labels, runs, count);
    }
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++)
        if (random_below(&seed, 3) == 0)
            assert_ok(mw_places_add(&counts->findings[i], (uint32_t)i % 2, path, NULL, &err), &err);
    struct mw_digest digest = mw_digest_path(path);
    struct mw_counts one;
    mw_counts_init(&one);
    one.digest = digest;
    assert_ok(mw_counts_merge(counts, &one, &err), &err);
    mw_counts_free(&one);
}

static void make_whole(struct mw_counts *whole, const struct mw_labels *labels) {
    struct mw_error err;
    mw_counts_init(whole);
    for (size_t file = 0; file < FILES; file++) add_file(whole, labels, file);
    assert_ok(mw_counts_finish(whole, labels, &err), &err);
}

/* Deals the files out to parts, each in an order of its own. */
static void make_parts(struct mw_counts parts[PARTS], const struct mw_labels *labels,
                       uint64_t *seed) {
    size_t order[FILES] = {0};
    for (size_t i = 0; i < FILES; i++) {
        size_t j = random_below(seed, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    for (size_t i = 0; i < PARTS; i++) mw_counts_init(&parts[i]);
    for (size_t i = 0; i < FILES; i++)
        add_file(&parts[random_below(seed, PARTS)], labels, order[i]);
}

/* Joins two parts that are still there, in either order, until one is left. */
static void merge_in_any_order(struct mw_counts parts[PARTS], uint64_t *seed) {
    struct mw_error err;
    for (size_t left = PARTS; left > 1; left--) {
        size_t into = random_below(seed, left), from = random_below(seed, left - 1);
        if (from >= into) from++;
        assert_ok(mw_counts_merge(&parts[into], &parts[from], &err), &err);
        mw_counts_free(&parts[from]);
        if (from != left - 1) parts[from] = parts[left - 1];
    }
}

TEST(any_split_merged_in_any_order_equals_the_whole) {
    struct mw_labels labels = make_labels("255", 0);
    struct mw_counts whole;
    uint64_t seed = 1;
    make_whole(&whole, &labels);
    assert_true(whole.empty_masks > 0 && whole.ignored_masks > 0 && whole.failures.count > 0);
    for (int round = 0; round < 100; round++) {
        struct mw_counts parts[PARTS];
        struct mw_error err;
        make_parts(parts, &labels, &seed);
        merge_in_any_order(parts, &seed);
        assert_ok(mw_counts_finish(&parts[0], &labels, &err), &err);
        assert_counts_equal(&parts[0], &whole);
        mw_counts_free(&parts[0]);
    }
    mw_counts_free(&whole);
    mw_labels_free(&labels);
}

TEST(merging_nothing_changes_nothing) {
    struct mw_labels labels = make_labels("255", 0);
    struct mw_counts whole, same, nothing;
    struct mw_error err;
    make_whole(&whole, &labels);
    make_whole(&same, &labels);
    mw_counts_init(&nothing);
    assert_ok(mw_counts_merge(&same, &nothing, &err), &err);
    assert_counts_equal(&same, &whole);
    assert_ok(mw_counts_merge(&nothing, &same, &err), &err);
    assert_ok(mw_counts_finish(&nothing, &labels, &err), &err);
    assert_counts_equal(&nothing, &whole);
    mw_counts_free(&whole);
    mw_counts_free(&same);
    mw_counts_free(&nothing);
    mw_labels_free(&labels);
}

TEST(incomplete_parts_make_the_whole_incomplete) {
    for (int incomplete = 0; incomplete < 4; incomplete++) {
        struct mw_counts a, b;
        struct mw_error err;
        mw_counts_init(&a);
        mw_counts_init(&b);
        a.complete = !(incomplete & 1);
        b.complete = !(incomplete & 2);
        assert_ok(mw_counts_merge(&a, &b, &err), &err);
        assert_int_equal(a.complete, incomplete == 0);
        mw_counts_free(&a);
        mw_counts_free(&b);
    }
}

/* --- Overflow -------------------------------------------------------------------------------- */

/* Every integer that a merge adds up. */
static uint64_t *field(struct mw_counts *counts, size_t number) {
    struct mw_class_counts *one = mw_counts_class(counts, 7);
    assert_non_null(one);
    uint64_t *fields[] = {&counts->files,
                          &counts->masks,
                          &counts->empty_masks,
                          &counts->ignored_masks,
                          &counts->pixels,
                          &counts->ignored_pixels,
                          &counts->unknown_pixels,
                          &counts->empty_pixels,
                          &counts->empty_ignored_pixels,
                          &counts->ignored_mask_ignored_pixels,
                          &counts->skipped_files,
                          &one->all.pixels,
                          &one->all.masks,
                          &one->all.mask_pixels,
                          &one->all.mask_ignored_pixels,
                          &one->in_empty_masks.pixels,
                          &one->in_empty_masks.masks,
                          &one->in_empty_masks.mask_pixels,
                          &one->in_empty_masks.mask_ignored_pixels};
    return number < COUNT(fields) ? fields[number] : NULL;
}

static enum mw_status merge_field(size_t number, uint64_t left, uint64_t right, uint64_t *sum,
                                  struct mw_error *err) {
    struct mw_counts a, b;
    mw_counts_init(&a);
    mw_counts_init(&b);
    *field(&a, number) = left;
    *field(&b, number) = right;
    enum mw_status status = mw_counts_merge(&a, &b, err);
    *sum = *field(&a, number);
    mw_counts_free(&a);
    mw_counts_free(&b);
    return status;
}

TEST(a_sum_beyond_64_bits_is_an_overflow) {
    struct mw_counts probe;
    mw_counts_init(&probe);
    for (size_t number = 0; field(&probe, number); number++) {
        struct mw_error err;
        uint64_t sum;
        assert_ok(merge_field(number, UINT64_MAX - 1, 1, &sum, &err), &err);
        assert_true(sum == UINT64_MAX);
        assert_fails(merge_field(number, UINT64_MAX, 1, &sum, &err), MW_OVERFLOW, "64 bits", &err);
        assert_fails(merge_field(number, 1, UINT64_MAX, &sum, &err), MW_OVERFLOW, "64 bits", &err);
    }
    mw_counts_free(&probe);
}

TEST(a_mask_that_overflows_is_an_overflow) {
    struct mw_labels labels = make_labels("255", 0);
    static const struct run class_run = {3, 10}, ignored_run = {255, 10};
    for (int ignored = 0; ignored < 2; ignored++) {
        struct mw_counts counts;
        struct mw_error err;
        const struct run *run = ignored ? &ignored_run : &class_run;
        mw_counts_init(&counts);
        *(ignored ? &counts.ignored_pixels : &counts.pixels) = UINT64_MAX - 10;
        assert_ok(try_mask(&counts, &labels, run, 1, &err), &err);
        assert_fails(try_mask(&counts, &labels, run, 1, &err), MW_OVERFLOW, "64 bits", &err);
        mw_counts_free(&counts);
    }
    mw_labels_free(&labels);
}

/* --- Digest ---------------------------------------------------------------------------------- */

/* FNV-1a, 128 bits: offset basis and vectors as published by Fowler, Noll and Vo. */
TEST(the_digest_is_fnv_1a_of_128_bits) {
    static const struct {
        const char *text, *hash;
    } vectors[] = {
        {"", "6c62272e07bb014262b821756295c58d"},
        {"a", "d228cb696f1a8caf78912b704e4a8964"},
        {"foobar", "343e1662793c64bf6f0d3597ba446f18"},
    };
    for (size_t i = 0; i < COUNT(vectors); i++) {
        struct mw_digest digest = mw_digest_path(vectors[i].text);
        char hash[33];
        snprintf(hash, sizeof hash, "%016" PRIx64 "%016" PRIx64, digest.high, digest.low);
        assert_string_equal(hash, vectors[i].hash);
    }
}

/* The definition, one bit of the multiplier at a time. */
TEST(the_digest_of_any_bytes_follows_the_definition) {
    uint64_t seed = 5;
    for (int round = 0; round < 200; round++) {
        char path[40] = "";
        size_t length = random_below(&seed, sizeof path);
        uint64_t high = UINT64_C(0x6c62272e07bb0142), low = UINT64_C(0x62b821756295c58d);
        for (size_t i = 0; i < length; i++) {
            path[i] = (char)(1 + random_below(&seed, 255));
            low ^= (unsigned char)path[i];
            uint64_t sum_high = 0, sum_low = 0;
            for (unsigned bit = 0; bit <= 88; bit++) { /* 2^88 + 0x13b */
                if (bit < 88 && (bit > 8 || !(0x13b >> bit & 1))) continue;
                uint64_t part_low = bit < 64 ? low << bit : 0;
                uint64_t part_high = bit == 0   ? high
                                     : bit < 64 ? high << bit | low >> (64 - bit)
                                                : low << (bit - 64);
                sum_low += part_low;
                sum_high += part_high + (sum_low < part_low);
            }
            high = sum_high;
            low = sum_low;
        }
        char terminated[sizeof path + 1];
        memcpy(terminated, path, length);
        terminated[length] = '\0';
        struct mw_digest digest = mw_digest_path(terminated);
        assert_true(digest.high == high && digest.low == low);
    }
}

/*   d228cb696f1a8caf 78912b704e4a8964   "a"
 * + 343e1662793c64bf 6f0d3597ba446f18   "foobar"
 * = 0666e1cbe856f16e e79e6108088ef87c   modulo 2^128: the carry out of the top is dropped */
TEST(digests_add_up_without_order_modulo_2_to_the_128) {
    for (int order = 0; order < 2; order++) {
        struct mw_counts a, b;
        struct mw_error err;
        mw_counts_init(&a);
        mw_counts_init(&b);
        a.digest = mw_digest_path(order ? "foobar" : "a");
        b.digest = mw_digest_path(order ? "a" : "foobar");
        assert_ok(mw_counts_merge(&a, &b, &err), &err);
        assert_true(a.digest.high == UINT64_C(0x0666e1cbe856f16e));
        assert_true(a.digest.low == UINT64_C(0xe79e6108088ef87c));
        mw_counts_free(&a);
        mw_counts_free(&b);
    }
}

TEST(a_carry_out_of_the_low_half_is_kept) {
    struct mw_counts a, b;
    struct mw_error err;
    mw_counts_init(&a);
    mw_counts_init(&b);
    a.digest = (struct mw_digest){1, UINT64_MAX};
    b.digest = (struct mw_digest){2, 2};
    assert_ok(mw_counts_merge(&a, &b, &err), &err);
    assert_true(a.digest.high == 4 && a.digest.low == 1);
    mw_counts_free(&a);
    mw_counts_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_as_worked_out_by_hand),
        cmocka_unit_test(several_background_classes_make_an_empty_mask),
        cmocka_unit_test(without_background_no_mask_is_empty),
        cmocka_unit_test(values_of_one_class_count_one_mask),
        cmocka_unit_test(the_classes_of_a_mask_are_by_id_and_each_is_there_once),
        cmocka_unit_test(a_mask_without_classes_is_not_empty_but_ignored),
        cmocka_unit_test(undeclared_classes_are_those_that_occur),
        cmocka_unit_test(a_class_is_found_before_and_after_sorting),
        cmocka_unit_test(clearing_leaves_nothing),
        cmocka_unit_test(any_split_merged_in_any_order_equals_the_whole),
        cmocka_unit_test(merging_nothing_changes_nothing),
        cmocka_unit_test(incomplete_parts_make_the_whole_incomplete),
        cmocka_unit_test(a_sum_beyond_64_bits_is_an_overflow),
        cmocka_unit_test(a_mask_that_overflows_is_an_overflow),
        cmocka_unit_test(the_digest_is_fnv_1a_of_128_bits),
        cmocka_unit_test(the_digest_of_any_bytes_follows_the_definition),
        cmocka_unit_test(digests_add_up_without_order_modulo_2_to_the_128),
        cmocka_unit_test(a_carry_out_of_the_low_half_is_kept),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
