/* What masks hold merges in any order, names the first mask of each value, and stays bounded. */
#include "inspected.h"

#include "count/labels.h"
#include "count/values.h"

static uint64_t next(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return *seed >> 33;
}

/* --- Equality -------------------------------------------------------------------------------- */

static void assert_values_equal(const struct mw_values *a, const struct mw_values *b) {
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->more, b->more);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->list[i].is_colour, b->list[i].is_colour);
        assert_int_equal(a->list[i].value, b->list[i].value);
        assert_int_equal(a->list[i].pixels, b->list[i].pixels);
        assert_int_equal(a->list[i].masks, b->list[i].masks);
        assert_string_equal(a->list[i].first->path, b->list[i].first->path);
        assert_int_equal(a->list[i].first->page, b->list[i].first->page);
    }
}

static void assert_kinds_equal(const struct mw_kinds *a, const struct mw_kinds *b) {
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->more, b->more);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->list[i].key, b->list[i].key);
        assert_int_equal(a->list[i].masks, b->list[i].masks);
    }
}

static void assert_inspections_equal(const struct mw_inspection *a, const struct mw_inspection *b) {
    assert_int_equal(a->files, b->files);
    assert_int_equal(a->masks, b->masks);
    assert_int_equal(a->pixels, b->pixels);
    assert_int_equal(a->fewest_masks, b->fewest_masks);
    assert_int_equal(a->most_masks, b->most_masks);
    assert_int_equal(a->binary_masks, b->binary_masks);
    assert_int_equal(a->plane_files, b->plane_files);
    assert_int_equal(a->one_hot_files, b->one_hot_files);
    assert_kinds_equal(&a->layouts, &b->layouts);
    assert_kinds_equal(&a->sizes, &b->sizes);
    assert_kinds_equal(&a->nodata, &b->nodata);
    assert_string_equal(a->nodata_text, b->nodata_text);
    assert_int_equal(a->palette.entries, b->palette.entries);
    assert_int_equal(a->palette.several, b->palette.several);
    assert_memory_equal(a->palette.colours, b->palette.colours, sizeof a->palette.colours);
    assert_int_equal(!a->palette.first, !b->palette.first);
    if (a->palette.first) assert_string_equal(a->palette.first->path, b->palette.first->path);
    assert_values_equal(&a->values, &b->values);
    assert_values_equal(&a->unknown, &b->unknown);
}

/* --- Merging --------------------------------------------------------------------------------- */

enum { FILES = 24, VALUES = 9 };

/* A file of one to three masks of some layout, all decided by its number. */
static void inspect_file(struct mw_inspection *file, unsigned number) {
    static const uint32_t palettes[2][4] = {{0, 0xff0000, 0xff00, 0xff}, {0, 1, 2, 3}};
    uint64_t seed = number + 1;
    char path[16];
    snprintf(path, sizeof path, "%02u.png", (number * 7) % FILES);
    struct mw_layout layouts[] = {GREY_8, GREY_16, RGB_8, GREY_8};
    struct mw_layout layout = layouts[next(&seed) % 4];
    if (number % 5 == 0 && !layout.is_colour) {
        layout.palette = palettes[number % 2];
        layout.palette_entries = 4;
    }
    if (number % 7 == 0 && !layout.is_colour) {
        layout.has_nodata = true;
        layout.nodata = number % 2;
        layout.nodata_text = number % 2 ? "nan" : "-1.5";
    }
    uint32_t masks = 1 + (uint32_t)next(&seed) % 3;
    for (uint32_t page = 0; page < masks; page++) {
        struct run runs[VALUES];
        for (size_t i = 0; i < VALUES; i++)
            runs[i] = (struct run){(uint32_t)next(&seed) % 200, 1 + next(&seed) % 50};
        inspect_mask(file, &layout, runs, 1 + next(&seed) % VALUES, path, page);
    }
    mw_inspection_end_file(file);
}

/* All files, shared out to `parts` and merged in an order that `seed` decides. */
static void inspect_shared(struct mw_inspection *whole, unsigned parts, uint64_t seed) {
    struct mw_inspection part[8] = {0};
    struct mw_error err;
    unsigned order[FILES];
    for (unsigned i = 0; i < FILES; i++) order[i] = i;
    for (unsigned i = FILES; i > 1; i--) {
        unsigned other = (unsigned)(next(&seed) % i), kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
    for (unsigned i = 0; i < FILES; i++) {
        struct mw_inspection file = {0};
        inspect_file(&file, order[i]);
        assert_ok(mw_inspection_merge(&part[next(&seed) % parts], &file, &err), &err);
        mw_inspection_free(&file);
    }
    for (unsigned i = parts; i > 0; i--) {
        assert_ok(mw_inspection_merge(whole, &part[i - 1], &err), &err);
        mw_inspection_free(&part[i - 1]);
    }
}

TEST(any_split_of_the_files_merges_to_the_whole_in_any_order) {
    struct mw_inspection whole = {0};
    inspect_shared(&whole, 1, 1);
    assert_int_equal(whole.files, FILES);
    assert_true(whole.palette.several);
    assert_string_equal(whole.nodata_text, "-1.5");
    for (uint64_t seed = 2; seed < 40; seed++) {
        struct mw_inspection again = {0};
        inspect_shared(&again, 1 + (unsigned)seed % 8, seed);
        assert_inspections_equal(&whole, &again);
        mw_inspection_free(&again);
    }
    mw_inspection_free(&whole);
}

TEST(pixels_and_masks_of_a_value_are_the_sums_over_the_masks) {
    struct mw_inspection facts = {0};
    inspect_mask(&facts, &GREY_8, (struct run[]){{0, 5}, {3, 2}}, 2, "b.png", 0);
    inspect_mask(&facts, &GREY_8, (struct run[]){{3, 7}}, 1, "a.png", 1);
    inspect_mask(&facts, &GREY_8, (struct run[]){{3, 1}, {9, 1}}, 2, "a.png", 0);
    const struct mw_value *three = mw_values_find(&facts.values, false, 3);
    assert_int_equal(three->pixels, 10);
    assert_int_equal(three->masks, 3);
    assert_string_equal(three->first->path, "a.png");
    assert_int_equal(three->first->page, 0);
    assert_string_equal(mw_values_find(&facts.values, false, 0)->first->path, "b.png");
    assert_null(mw_values_find(&facts.values, false, 1));
    assert_null(mw_values_find(&facts.values, true, 3));
    assert_int_equal(facts.pixels, 16);
    mw_inspection_free(&facts);
}

TEST(signed_values_stand_before_the_others_and_colours_behind) {
    struct mw_inspection facts = {0};
    struct mw_layout is_signed = GREY_16;
    is_signed.is_signed = true;
    inspect_mask(&facts, &RGB_8, (struct run[]){{0xff0000, 1}, {0, 1}}, 2, "c.png", 0);
    inspect_mask(&facts, &is_signed, (struct run[]){{0xffff, 1}, {2, 1}}, 2, "s.tif", 0);
    static const int64_t wanted[] = {-1, 2, 0, 0xff0000};
    assert_int_equal(facts.values.count, COUNT(wanted));
    for (size_t i = 0; i < COUNT(wanted); i++) {
        assert_int_equal(facts.values.list[i].value, wanted[i]);
        assert_int_equal(facts.values.list[i].is_colour, i >= 2);
    }
    mw_inspection_free(&facts);
}

/* --- Bounds ---------------------------------------------------------------------------------- */

enum { PIECE = 4096, PIECES = 20 };

/* Colours PIECE * number and on, one pixel each; and every multiple of 3 once more in all masks. */
static void inspect_piece(struct mw_inspection *facts, uint32_t number) {
    static struct run runs[PIECE + 10];
    char path[16];
    for (uint32_t i = 0; i < PIECE; i++) runs[i] = (struct run){number * PIECE + i, 1};
    for (uint32_t i = 0; i < 10; i++) runs[PIECE + i] = (struct run){3 * i, 1};
    snprintf(path, sizeof path, "%02u", number);
    inspect_mask(facts, &RGB_8, runs, COUNT(runs), path, 0);
}

TEST(beyond_the_limit_the_least_values_are_kept_with_all_their_pixels) {
    struct mw_inspection up = {0}, down = {0}, merged = {0};
    struct mw_error err;
    for (uint32_t i = 0; i < PIECES; i++) inspect_piece(&up, i);
    for (uint32_t i = PIECES; i > 0; i--) inspect_piece(&down, i - 1);
    assert_int_equal(up.values.count, MW_VALUES_KEPT);
    assert_true(up.values.more);
    assert_inspections_equal(&up, &down);
    assert_ok(mw_inspection_merge(&merged, &up, &err), &err);
    assert_inspections_equal(&up, &merged);
    assert_int_equal(up.values.list[MW_VALUES_KEPT - 1].value, MW_VALUES_KEPT - 1);
    assert_int_equal(mw_values_find(&up.values, true, 27)->pixels, PIECES + 1);
    assert_int_equal(mw_values_find(&up.values, true, 28)->pixels, 1);
    mw_inspection_free(&up);
    mw_inspection_free(&down);
    mw_inspection_free(&merged);
}

TEST(exactly_as_many_values_as_are_kept_are_all_of_them) {
    struct mw_inspection facts = {0};
    for (uint32_t i = 0; i < MW_VALUES_KEPT / PIECE; i++) inspect_piece(&facts, i);
    assert_int_equal(facts.values.count, MW_VALUES_KEPT);
    assert_false(facts.values.more);
    mw_inspection_free(&facts);
}

TEST(sizes_beyond_the_limit_are_said_to_be_more) {
    struct mw_inspection facts = {0};
    for (uint64_t i = MW_KINDS_KEPT + 5; i > 0; i--)
        inspect_mask(&facts, &GREY_8, (struct run[]){{0, i}}, 1, "a", 0);
    assert_int_equal(facts.sizes.count, MW_KINDS_KEPT);
    assert_true(facts.sizes.more);
    assert_int_equal(mw_seen_size(facts.sizes.list[0].key).width, 1);
    assert_int_equal(mw_seen_size(facts.sizes.list[MW_KINDS_KEPT - 1].key).width, MW_KINDS_KEPT);
    struct mw_inspection merged = {0}, none = {0};
    struct mw_error err;
    assert_ok(mw_inspection_merge(&merged, &facts, &err), &err);
    assert_ok(mw_inspection_merge(&merged, &none, &err), &err);
    assert_inspections_equal(&merged, &facts);
    mw_inspection_free(&merged);
    mw_inspection_free(&facts);
}

TEST(more_pixels_than_64_bits_hold_is_an_error) {
    struct mw_inspection a = {.pixels = UINT64_MAX}, b = {.pixels = 1};
    struct mw_error err;
    assert_fails(mw_inspection_merge(&a, &b, &err), MW_OVERFLOW, "64 bits", &err);
}

/* --- Layouts, files and unknown values ------------------------------------------------------- */

TEST(a_layout_comes_back_out_of_its_key) {
    for (unsigned flags = 0; flags < 16; flags++) {
        struct mw_inspection facts = {0};
        static const uint32_t palette[256] = {0};
        struct mw_layout layout = {
            .bits = flags & 4 ? 8 : 16,
            .channels = flags & 4 ? 3 : 1,
            .float_bits = flags == 8 ? 64 : 0,
            .is_signed = flags & 1,
            .has_alpha = flags & 2,
            .is_colour = flags & 4,
            .palette = flags & 8 ? palette : NULL,
            .palette_entries = flags & 8 ? 256 : 0,
        };
        inspect_mask(&facts, &layout, (struct run[]){{1, 1}}, 1, "a", 0);
        struct mw_seen_layout seen = mw_seen_layout(facts.layouts.list[0].key);
        assert_ptr_equal(seen.format, mw_formats[0]);
        assert_int_equal(seen.bits, layout.bits);
        assert_int_equal(seen.float_bits, layout.float_bits);
        assert_int_equal(seen.channels, layout.channels);
        assert_int_equal(seen.is_signed, layout.is_signed);
        assert_int_equal(seen.is_colour, layout.is_colour);
        assert_int_equal(seen.has_alpha, layout.has_alpha);
        assert_int_equal(seen.has_palette, layout.palette_entries > 0);
        mw_inspection_free(&facts);
    }
}

/* A file of two masks of ten pixels, `first` and `second` of them set to `value`. */
static struct mw_inspection two_pages(uint32_t value, uint64_t first, uint64_t second) {
    struct mw_inspection file = {0};
    inspect_mask(&file, &GREY_8, (struct run[]){{0, 10 - first}, {value, first}}, 2, "a", 0);
    inspect_mask(&file, &GREY_8, (struct run[]){{0, 10 - second}, {value, second}}, 2, "a", 1);
    mw_inspection_end_file(&file);
    assert_int_equal(file.fewest_masks, 2);
    assert_int_equal(file.most_masks, 2);
    return file;
}

TEST(files_of_binary_planes_are_counted_and_those_that_add_up_to_one_plane) {
    struct mw_inspection one_hot = two_pages(255, 4, 6), planes = two_pages(1, 4, 5),
                         labels = two_pages(7, 4, 6);
    assert_int_equal(one_hot.plane_files, 1);
    assert_int_equal(one_hot.one_hot_files, 1);
    assert_int_equal(planes.plane_files, 1);
    assert_int_equal(planes.one_hot_files, 0);
    assert_int_equal(labels.plane_files, 0);
    mw_inspection_free(&one_hot);
    mw_inspection_free(&planes);
    mw_inspection_free(&labels);
}

TEST(only_values_that_are_no_class_are_unknown_and_equal_colours_are_one) {
    static const uint32_t palette[] = {0, 0xff, 0xff, 0xff00};
    struct mw_layout layout = GREY_8;
    struct mw_labels labels = {.classes = 2};
    struct mw_inspection facts = {0};
    struct mw_error err;
    fill_histogram(&layout, (struct run[]){{0, 1}, {1, 2}, {2, 3}, {9, 4}}, 4);
    assert_ok(mw_inspection_add_unknown(&facts, &histogram, mw_formats[0], &labels, "a", 0, &err),
              &err);
    assert_int_equal(facts.values.count, 4);
    assert_int_equal(facts.unknown.count, 2);
    assert_int_equal(facts.unknown.list[0].value, 2);
    assert_int_equal(facts.unknown.list[1].pixels, 4);
    mw_inspection_free(&facts);

    layout.palette = palette;
    layout.palette_entries = 4;
    labels = (struct mw_labels){.encoding = MW_ENCODING_RGB, .classes = 1};
    assert_ok(mw_rules_add(&labels.values, (struct mw_rule){0, 0, 0}, &err), &err);
    fill_histogram(&layout, (struct run[]){{0, 1}, {1, 2}, {2, 3}, {3, 4}}, 4);
    assert_ok(mw_inspection_add_unknown(&facts, &histogram, mw_formats[0], &labels, "a", 0, &err),
              &err);
    assert_int_equal(facts.unknown.count, 2);
    assert_true(facts.unknown.list[0].is_colour);
    assert_int_equal(facts.unknown.list[0].value, 0xff);
    assert_int_equal(facts.unknown.list[0].pixels, 5);
    assert_int_equal(facts.unknown.list[0].masks, 1);
    mw_inspection_free(&facts);
    mw_labels_free(&labels);
}

TEST(values_are_ranked_by_pixels_and_then_by_value) {
    struct mw_inspection facts = {0};
    static const struct run runs[] = {{1, 5}, {2, 9}, {3, 5}, {4, 1}, {5, 9}};
    size_t places[5];
    inspect_mask(&facts, &GREY_8, runs, COUNT(runs), "a", 0);
    assert_int_equal(mw_values_rank(&facts.values, places, 3), 3);
    assert_int_equal(places[0], 1);
    assert_int_equal(places[1], 4);
    assert_int_equal(places[2], 0);
    assert_int_equal(mw_values_rank(&facts.values, places, 5), 5);
    assert_int_equal(places[4], 3);
    mw_inspection_free(&facts);
}

TEST(an_index_that_pixels_have_with_several_colours_is_a_conflict) {
    static const uint32_t one[] = {0, 0x800000, 0xff}, other[] = {0, 0x800000, 0xee},
                          third[] = {0, 0x8000};
    static const struct run both[] = {{0, 3}, {1, 2}};
    const uint32_t *palettes[] = {one, other, third};
    struct mw_inspection facts = {0}, again = {0}, part = {0};
    struct mw_error err;
    for (size_t i = 0; i < 3; i++) {
        struct mw_layout layout = {.bits = 8, .channels = 1, .palette = palettes[i]};
        layout.palette_entries = i < 2 ? 3 : 2;
        inspect_mask(&facts, &layout, both, 2, "a", (uint32_t)i);
        assert_int_equal(mw_palette_conflict(&facts.palette), i < 2 ? MW_PALETTE_ENTRIES : 1);
        inspect_mask(i ? &part : &again, &layout, both, 2, "a", (uint32_t)i);
    }
    assert_int_equal(facts.palette.least[1], 0x8001);
    assert_int_equal(facts.palette.largest[1], 0x800001);
    assert_int_equal(facts.palette.least[2], 0);
    assert_ok(mw_inspection_merge(&part, &again, &err), &err);
    assert_memory_equal(part.palette.least, facts.palette.least, sizeof part.palette.least);
    assert_memory_equal(part.palette.largest, facts.palette.largest, sizeof part.palette.largest);
    mw_inspection_free(&facts);
    mw_inspection_free(&again);
    mw_inspection_free(&part);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_that_pixels_have_with_several_colours_is_a_conflict),
        cmocka_unit_test(any_split_of_the_files_merges_to_the_whole_in_any_order),
        cmocka_unit_test(pixels_and_masks_of_a_value_are_the_sums_over_the_masks),
        cmocka_unit_test(signed_values_stand_before_the_others_and_colours_behind),
        cmocka_unit_test(beyond_the_limit_the_least_values_are_kept_with_all_their_pixels),
        cmocka_unit_test(exactly_as_many_values_as_are_kept_are_all_of_them),
        cmocka_unit_test(sizes_beyond_the_limit_are_said_to_be_more),
        cmocka_unit_test(more_pixels_than_64_bits_hold_is_an_error),
        cmocka_unit_test(a_layout_comes_back_out_of_its_key),
        cmocka_unit_test(files_of_binary_planes_are_counted_and_those_that_add_up_to_one_plane),
        cmocka_unit_test(only_values_that_are_no_class_are_unknown_and_equal_colours_are_one),
        cmocka_unit_test(values_are_ranked_by_pixels_and_then_by_value),
    };
    return cmocka_run_group_tests(tests, start_histogram, stop_histogram);
}
