/* Each guess appears on masks of its kind, and not on masks that are nearly of it. */
#include "inspected.h"

#include "audit/guess.h"

enum { RUNS = 24 };

/* Class maps as --class-map knows them by name: VOC's first colours, whose greys are 0, 38, 75, 113;
 * and label ids of which 5 and 7 are the two classes. */
static struct mw_known_map known[2];
static struct mw_known_maps maps = {known, 2};

static void know(struct mw_known_map *map, const char *name, const char *text) {
    struct mw_error err;
    map->name = strdup(name);
    assert_non_null(map->name);
    assert_ok(mw_class_map_parse(&map->map, text, strlen(text), &err), &err);
}

static int start(void **state) {
    know(&known[0], "tiny-voc",
         "0 0 0 background\n128 0 0 aeroplane\n0 128 0 bicycle\n128 128 0 bird\n");
    know(&known[1], "tiny-train",
         "{\"maskweight_class_map\": 1, \"classes\": [{\"id\": 0, \"name\": \"road\", \"values\": "
         "[5]}, {\"id\": 1, \"name\": \"car\", \"values\": [7]}, {\"name\": \"void\", \"ignore\": "
         "true, \"values\": [[-1, 4], 6]}]}");
    return start_histogram(state);
}

static int stop(void **state) {
    for (size_t i = 0; i < COUNT(known); i++) {
        free(known[i].name);
        mw_class_map_free(&known[i].map);
    }
    return stop_histogram(state);
}

/* One mask and what is guessed: the beginning of the guess's name and the options. */
struct scene {
    const char *what;
    struct mw_layout layout;
    struct run runs[RUNS]; /* until one without pixels */
    const char *name;
    const char *options;
};

static size_t count_runs(const struct scene *scene) {
    size_t count = 0;
    while (count < RUNS && scene->runs[count].pixels) count++;
    return count;
}

static void check_guess(const struct mw_inspection *facts, const struct mw_labels *labels,
                        const char *what, const char *name, const char *options) {
    struct mw_guess guess;
    struct mw_text text = {0};
    struct mw_error err;
    assert_ok(mw_guess_make(&guess, facts, labels, &maps, &err), &err);
    mw_guess_print_options(&guess, &text);
    const char *got = text.data ? text.data : "";
    bool named = name ? guess.name && strcmp(guess.name, name) == 0 : !guess.name;
    if (!named || strcmp(got, options) != 0)
        fail_msg("%s: '%s' with '%s', not '%s' with '%s'", what, guess.name ? guess.name : "none",
                 got, name ? name : "none", options);
    if (name) assert_true(is_one_line(guess.why.data));
    mw_text_free(&text);
    mw_guess_free(&guess);
}

static void check_scenes(const struct scene *scenes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct mw_inspection facts = {0};
        inspect_mask(&facts, &scenes[i].layout, scenes[i].runs, count_runs(&scenes[i]), "a", 0);
        mw_inspection_end_file(&facts);
        check_guess(&facts, NULL, scenes[i].what, scenes[i].name, scenes[i].options);
        mw_inspection_free(&facts);
    }
}

#define GREY .layout = {.bits = 8, .channels = 1}
#define SIGNED .layout = {.bits = 16, .channels = 1, .is_signed = true}
#define WIDE .layout = {.bits = 16, .channels = 1}
#define RGB .layout = {.bits = 8, .channels = 3, .is_colour = true}
#define NODATA(value) .layout = {.bits = 8, .channels = 1, .has_nodata = true, .nodata = (value)}

TEST(ids_are_ids) {
    static const struct scene scenes[] = {
        {"dense", GREY, {{0, 9}, {1, 9}, {2, 1}}, "index", ""},
        {"with gaps", GREY, {{0, 9}, {11, 9}, {95, 1}}, "index", ""},
        {"one id", GREY, {{7, 9}}, "index", ""},
        {"signed", SIGNED, {{0, 9}, {3, 9}}, "index", ""},
        {"negative", SIGNED, {{0, 9}, {3, 9}, {0xffff, 1}}, "index", " --ignore-index -1"},
        {"only negative", SIGNED, {{0xffff, 1}}, "no classes", ""},
        {"from 1", GREY, {{1, 9}, {2, 9}, {3, 1}}, "index from 1", " --reduce-zero-label"},
        {"from 1 with 255",
         GREY,
         {{1, 9}, {2, 9}, {3, 1}, {255, 1}},
         "index from 1",
         " --reduce-zero-label"},
        {"from 1 with 250",
         GREY,
         {{1, 9}, {2, 9}, {3, 1}, {250, 1}},
         "index from 1",
         " --reduce-zero-label --ignore-index 249"},
        {"from 1, negative",
         SIGNED,
         {{1, 9}, {2, 9}, {0xffff, 1}},
         "index from 1",
         " --reduce-zero-label --ignore-index -2"},
        {"1 and 3", GREY, {{1, 9}, {3, 9}}, "index", ""},
        {"from 2", GREY, {{2, 9}, {3, 9}}, "index", ""},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(void_is_255_beside_ids_that_leave_few_gaps) {
    static const struct scene scenes[] = {
        {"255", GREY, {{0, 9}, {1, 9}, {255, 1}}, "index with void", " --ignore-index 255"},
        {"of 16 bits", WIDE, {{0, 9}, {1, 9}, {255, 1}}, "index with void", " --ignore-index 255"},
        {"gaps", GREY, {{0, 9}, {40, 9}, {255, 1}}, "index", ""},
        {"high ids", GREY, {{200, 9}, {201, 9}, {255, 1}}, "index", ""},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(void_may_have_another_number_far_above_the_ids) {
    static const struct scene scenes[] = {
        {"254", GREY, {{0, 9}, {1, 9}, {254, 1}}, "index with void", " --ignore-index 254"},
        {"250", GREY, {{0, 9}, {1, 9}, {250, 1}}, "index with void", " --ignore-index 250"},
        {"99", GREY, {{0, 9}, {1, 9}, {99, 1}}, "index with void", " --ignore-index 99"},
        {"65535", WIDE, {{0, 9}, {1, 9}, {65535, 1}}, "index with void", " --ignore-index 65535"},
        {"two",
         GREY,
         {{0, 9}, {1, 9}, {2, 9}, {254, 1}, {255, 1}},
         "index with void",
         " --ignore-index 254-255"},
        {"no number of void", GREY, {{0, 9}, {1, 9}, {253, 1}}, "index", ""},
        {"many pixels", GREY, {{0, 9}, {1, 9}, {254, 9}}, "index", ""},
        {"not far above", GREY, {{0, 9}, {1, 9}, {2, 9}, {60, 9}, {99, 1}}, "index", ""},
        {"gaps", GREY, {{0, 9}, {9, 9}, {99, 1}}, "index", ""},
        {"one id", GREY, {{0, 9}, {254, 1}}, "index", ""},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(void_of_another_number_occurs_in_many_masks) {
    struct mw_inspection facts = {0};
    for (unsigned i = 0; i < 8; i++) {
        const struct run runs[] = {{0, 9}, {1, 9}, {254, 1}};
        inspect_mask(&facts, &GREY_8, runs, i < 2 ? 3 : 2, "a", i);
        if (i == 6) check_guess(&facts, NULL, "2 of 7", "index with void", " --ignore-index 254");
    }
    for (unsigned i = 8; i < 16; i++)
        inspect_mask(&facts, &GREY_8, (struct run[]){{0, 9}, {1, 9}}, 2, "a", i);
    check_guess(&facts, NULL, "2 of 16", "index", "");
    mw_inspection_free(&facts);
}

TEST(binary_masks_of_any_height) {
    static const struct scene scenes[] = {
        {"0 and 1", GREY, {{0, 9}, {1, 9}}, "binary", ""},
        {"1 bit", .layout = {.bits = 1, .channels = 1}, {{0, 9}, {1, 9}}, "binary", ""},
        {"0 only", GREY, {{0, 9}}, "binary", ""},
        {"0 and 255", GREY, {{0, 9}, {255, 9}}, "binary, high", " --binary"},
        {"0 and 65535", WIDE, {{0, 9}, {65535, 9}}, "binary, high", " --binary"},
        {"0 and 15 of 4 bits",
         .layout = {.bits = 4, .channels = 1},
         {{0, 9}, {15, 9}},
         "binary, high",
         " --binary"},
        {"0 and 15 of 8 bits", GREY, {{0, 9}, {15, 9}}, "index", ""},
        {"1 and 255", GREY, {{1, 9}, {255, 9}}, "index with void", " --ignore-index 255"},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(blended_edges_are_rare_values_around_the_middle) {
    static const uint32_t black[256] = {0};
    static const struct scene scenes[] = {
        {"smooth",
         GREY,
         {{0, 900}, {64, 5}, {128, 9}, {191, 4}, {255, 400}},
         "binary with blended edges",
         " --threshold 128"},
        {"frequent between",
         GREY,
         {{0, 900}, {64, 5}, {129, 90}, {191, 4}, {255, 400}},
         "index",
         ""},
        {"ids with void",
         GREY,
         {{0, 900}, {1, 5}, {2, 9}, {3, 4}, {255, 400}},
         "index with void",
         " --ignore-index 255"},
        {"a palette",
         .layout = {.bits = 8, .channels = 1, .palette = black, .palette_entries = 256},
         {{0, 900}, {64, 5}, {128, 9}, {191, 4}, {255, 400}},
         "spread ids",
         " --map 64=1,128=2,191=3,255=4"},
        {"16 bits",
         WIDE,
         {{0, 900}, {60, 5}, {128, 9}, {190, 4}, {255, 400}},
         "binary with blended edges",
         " --threshold 128"},
        {"between other values",
         GREY,
         {{40, 900}, {60, 5}, {70, 9}, {80, 4}, {101, 400}},
         "binary with blended edges",
         " --threshold 71"},
        {"three tones",
         GREY,
         {{0, 900}, {50, 300}, {100, 400}, {12, 5}, {25, 9}, {70, 4}, {88, 4}},
         "spread ids with blended edges",
         " --map 0=0,50=1,100=2,*=ignore"},
        {"ids too near each other",
         GREY,
         {{0, 900}, {3, 5}, {6, 9}, {9, 4}, {12, 400}},
         "index",
         ""},
        {"beyond the frequent ones",
         GREY,
         {{0, 900}, {60, 5}, {70, 9}, {80, 4}, {100, 400}, {120, 4}},
         "index",
         ""},
        {"nearer to one of them",
         GREY,
         {{0, 900}, {10, 5}, {12, 9}, {15, 4}, {60, 4}, {100, 400}},
         "index",
         ""},
        {"few between", GREY, {{0, 900}, {60, 5}, {70, 9}, {128, 400}}, "index", ""},
        {"JPEG",
         GREY,
         {{0, 900}, {1, 50},  {2, 40},   {3, 30},   {4, 9},    {5, 9},    {6, 9},
          {7, 9},   {8, 9},   {9, 9},    {90, 3},   {243, 9},  {245, 9},  {247, 9},
          {249, 9}, {250, 9}, {251, 40}, {252, 30}, {253, 50}, {254, 60}, {255, 700}},
         "binary with blended edges",
         " --threshold 128"},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(instances_of_8_bits_are_not_taken_for_jpeg) {
    static struct run runs[256];
    struct mw_inspection facts = {0};
    for (uint32_t i = 0; i < 256; i++) runs[i] = (struct run){i, i ? 20 : 90000};
    inspect_mask(&facts, &GREY_8, runs, 256, "a", 0);
    check_guess(&facts, NULL, "0 to 255", "index", "");
    mw_inspection_free(&facts);
}

TEST(spread_ids_lie_in_equal_steps) {
    static const struct scene scenes[] = {
        {"4", GREY, {{0, 9}, {85, 9}, {170, 9}, {255, 9}}, "spread ids", " --map 85=1,170=2,255=3"},
        {"3 rounded down", GREY, {{0, 9}, {127, 9}, {255, 9}}, "spread ids", " --map 127=1,255=2"},
        {"3 rounded up", GREY, {{0, 9}, {128, 9}, {255, 9}}, "spread ids", " --map 128=1,255=2"},
        {"unequal", GREY, {{0, 9}, {85, 9}, {171, 9}, {255, 9}}, "index", ""},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(greys_of_the_colours_of_a_class_map_go_back_to_their_ids) {
    static const struct scene scenes[] = {
        {"all",
         GREY,
         {{0, 9}, {38, 9}, {75, 9}, {113, 9}},
         "colours turned grey",
         " --map 0=0,38=1,75=2,113=3"},
        {"three",
         GREY,
         {{0, 9}, {38, 9}, {113, 9}},
         "colours turned grey",
         " --map 0=0,38=1,113=3"},
        {"another", GREY, {{0, 9}, {38, 9}, {76, 9}, {113, 9}}, "index", ""},
        {"two", GREY, {{0, 9}, {38, 9}}, "index", ""},
    };
    check_scenes(scenes, COUNT(scenes));
}

/* `count` values from `first` on, of `pixels` each, on a background of 0. */
static void check_values(uint32_t first, size_t count, uint64_t pixels, uint64_t background,
                         const char *name, const char *options) {
    static struct run runs[4096];
    struct mw_inspection facts = {0};
    assert_true(count < COUNT(runs));
    runs[0] = (struct run){0, background};
    for (size_t i = 0; i < count; i++) runs[i + 1] = (struct run){first + (uint32_t)i, pixels};
    inspect_mask(&facts, &GREY_16, runs + !background, count + !!background, "a", 0);
    check_guess(&facts, NULL, name, name, options);
    mw_inspection_free(&facts);
}

TEST(many_values_without_frequent_ones_are_a_picture) {
    check_values(0, 4000, 3, 0, "no masks", "");
    check_values(1001, 2000, 3, 100, "no masks", "");
    check_values(1001, 400, 3, 9000, "instance, divisor 1000", " --encoding instance");
    check_values(1, 400, 3, 9000, "instance ids", " --binary");
    check_values(0, 120, 3, 0, "no masks", "");
    check_values(0, 90, 3, 0, "index", "");
    check_values(0, 150, 3, 90, "index", ""); /* one with 16 % of the pixels */
}

TEST(instances_have_a_class_or_none) {
    static const struct scene scenes[] = {
        {"Cityscapes",
         WIDE,
         {{7, 90}, {11, 9}, {24000, 9}, {24001, 9}, {26003, 9}},
         "instance, divisor 1000",
         " --encoding instance"},
        {"instances alone",
         WIDE,
         {{26001, 9}, {26002, 9}, {26003, 9}},
         "instance, divisor 1000",
         " --encoding instance"},
        {"of one class",
         WIDE,
         {{1001, 9}, {1002, 9}, {1003, 9}},
         "instance, divisor 1000",
         " --encoding instance"},
        {"numbers with gaps", WIDE, {{1001, 9}, {1400, 9}, {3700, 9}}, "index", ""},
        {"1000s with ids between",
         WIDE,
         {{7, 90}, {300, 9}, {24000, 9}, {24001, 9}, {26003, 9}},
         "index",
         ""},
        {"KITTI",
         WIDE,
         {{0, 90},
          {256, 9},
          {1792, 9},
          {1793, 9},
          {1794, 9},
          {2048, 9},
          {2816, 9},
          {6656, 9},
          {6657, 9}},
         "instance, divisor 256",
         " --encoding instance --divisor 256"},
        {"objects",
         WIDE,
         {{0, 900},
          {3, 9},
          {5, 9},
          {9, 9},
          {20, 9},
          {30, 9},
          {31, 9},
          {44, 9},
          {60, 9},
          {61, 9},
          {70, 9},
          {71, 9},
          {72, 9},
          {80, 9},
          {90, 9},
          {99, 9}},
         "instance ids",
         " --binary"},
        {"objects of 8 bits",
         GREY,
         {{0, 900},
          {3, 9},
          {5, 9},
          {9, 9},
          {20, 9},
          {30, 9},
          {31, 9},
          {44, 9},
          {60, 9},
          {61, 9},
          {70, 9},
          {71, 9},
          {72, 9},
          {80, 9},
          {90, 9},
          {99, 9}},
         "index",
         ""},
        {"codes without a background",
         WIDE,
         {{111, 900},
          {112, 9},
          {121, 9},
          {122, 9},
          {123, 9},
          {124, 9},
          {131, 9},
          {132, 9},
          {133, 9},
          {141, 9},
          {142, 9},
          {211, 9},
          {212, 9},
          {213, 9},
          {221, 9},
          {222, 9}},
         "index",
         ""},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(a_palette_with_the_colours_of_a_class_map_names_the_classes) {
    static const uint32_t same[4] = {0, 0x800000, 0x8000, 0x808000};
    static const uint32_t other[4] = {0, 0x8000, 0x800000, 0x808000};
    struct scene scenes[] = {
        {"the same",
         GREY,
         {{0, 9}, {1, 9}, {2, 9}},
         "index, a class map's palette",
         " --class-map tiny-voc"},
        {"in another order", GREY, {{0, 9}, {1, 9}, {2, 9}}, "index", ""},
    };
    scenes[0].layout.palette = same;
    scenes[1].layout.palette = other;
    scenes[0].layout.palette_entries = scenes[1].layout.palette_entries = 4;
    check_scenes(scenes, COUNT(scenes));
}

TEST(nodata_that_is_a_class_has_to_be_settled) {
    static const struct scene scenes[] = {
        {"255", NODATA(255), {{0, 9}, {1, 9}, {2, 9}, {255, 9}}, "index", ""},
        {"0", NODATA(0), {{0, 9}, {1, 9}, {3, 9}}, "index", " --nodata use"},
        {"0 and ids from 1",
         NODATA(0),
         {{0, 9}, {1, 9}, {2, 9}},
         "index from 1",
         " --reduce-zero-label"},
        {"0 of a binary mask", NODATA(0), {{0, 9}, {1, 9}}, "binary", " --nodata count"},
        {"0 of a high one",
         NODATA(0),
         {{0, 9}, {255, 9}},
         "binary, high",
         " --binary --nodata count"},
        {"255 of a high one",
         NODATA(255),
         {{0, 9}, {255, 9}},
         "binary, high",
         " --binary --nodata count"},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(colours_are_those_of_a_class_map_or_need_one) {
    static const struct scene scenes[] = {
        {"known",
         RGB,
         {{0, 9}, {0x800000, 9}},
         "rgb, a class map's colours",
         " --encoding rgb --class-map tiny-voc"},
        {"one of them not", RGB, {{0, 9}, {0x800000, 9}, {1, 9}}, "rgb", " --encoding rgb"},
        {"no black", RGB, {{0xff0000, 9}, {0xff, 9}}, "rgb", " --encoding rgb --background none"},
        {"blended",
         RGB,
         {{0, 90000}, {0xff0000, 9000}, {0x100000, 3}, {0x200000, 3}, {0x300000, 3}, {0x400000, 3}},
         "rgb with blended edges",
         " --encoding rgb --unknown ignore"},
        {"few blended",
         RGB,
         {{0, 90000}, {0xff0000, 9000}, {0x100000, 3}, {0x200000, 3}, {0x300000, 3}},
         "rgb",
         " --encoding rgb"},
        {"ADE20K",
         RGB,
         {{0x000000, 9},
          {0x0a0001, 9},
          {0x0a0002, 9},
          {0x0a0501, 9},
          {0x140701, 9},
          {0x140702, 9},
          {0x1e0901, 9},
          {0x281101, 9}},
         "ade20k",
         " --encoding ade20k"},
        {"red not in tens",
         RGB,
         {{0x000000, 9},
          {0x0b0001, 9},
          {0x0a0002, 9},
          {0x0a0501, 9},
          {0x140701, 9},
          {0x140702, 9},
          {0x1e0901, 9},
          {0x281101, 9}},
         "rgb",
         " --encoding rgb"},
        {"16 bits that are no 8-bit colour",
         .layout = {.bits = 16, .channels = 3, .is_colour = true},
         {{0, 9}, {0x1000001, 9}},
         "no masks",
         ""},
    };
    check_scenes(scenes, COUNT(scenes));
}

TEST(a_class_map_for_colours_names_each_of_them_once) {
    struct mw_inspection facts = {0};
    struct mw_guess guess;
    struct mw_error err;
    inspect_mask(&facts, &RGB_8, (struct run[]){{0xff0080, 1}, {0, 5}, {0x102030, 2}}, 3, "a", 0);
    assert_ok(mw_guess_make(&guess, &facts, NULL, &maps, &err), &err);
    assert_string_equal(guess.colours.data, "0 0 0 class-0\n16 32 48 class-1\n255 0 128 class-2\n");
    mw_guess_free(&guess);
    mw_inspection_free(&facts);
}

TEST(a_picture_has_nothing_to_try) {
    static struct run runs[300];
    struct mw_inspection facts = {0};
    struct mw_guess guess;
    struct mw_error err;
    for (uint32_t i = 0; i < COUNT(runs); i++) runs[i] = (struct run){i * 5000, 10};
    inspect_mask(&facts, &RGB_8, runs, COUNT(runs), "a", 0);
    check_guess(&facts, NULL, "300 colours", "no masks", "");
    assert_ok(mw_guess_make(&guess, &facts, NULL, &maps, &err), &err);
    assert_true(guess.useless);
    mw_guess_free(&guess);
    mw_inspection_free(&facts);
}

TEST(masks_of_colours_among_others_are_mixed) {
    struct mw_inspection facts = {0};
    struct mw_guess guess;
    struct mw_error err;
    inspect_mask(&facts, &RGB_8, (struct run[]){{0, 1}}, 1, "a", 0);
    inspect_mask(&facts, &GREY_8, (struct run[]){{0, 1}}, 1, "b", 0);
    assert_ok(mw_guess_make(&guess, &facts, NULL, &maps, &err), &err);
    assert_string_equal(guess.name, "mixed");
    assert_true(guess.keep_going);
    mw_guess_free(&guess);
    mw_inspection_free(&facts);
}

static bool knows_planes(void) {
    for (size_t i = 0; i < mw_encoding_count; i++)
        if (strcmp(mw_encodings[i].name, "planes") == 0) return true;
    return false;
}

/* `files` files of two pages of ten pixels, with 4 and `second` of them set. */
static void check_planes(unsigned files, uint64_t second, const char *name, const char *options) {
    struct mw_inspection facts = {0};
    struct mw_error err;
    for (unsigned i = 0; i < files; i++) {
        struct mw_inspection file = {0};
        inspect_mask(&file, &GREY_8, (struct run[]){{0, 6}, {1, 4}}, 2, "a", 0);
        inspect_mask(&file, &GREY_8, (struct run[]){{0, 10 - second}, {1, second}}, 2, "a", 1);
        mw_inspection_end_file(&file);
        assert_ok(mw_inspection_merge(&facts, &file, &err), &err);
        mw_inspection_free(&file);
    }
    check_guess(&facts, NULL, "planes", name, options);
    mw_inspection_free(&facts);
}

/* Without the encoding in this program, a page is a binary mask, which is true as well. */
TEST(planes_are_suggested_only_where_they_can_be_read) {
    bool can_read = knows_planes();
    const char *name = can_read ? "planes" : "binary",
               *options = can_read ? " --encoding planes" : "";
    check_planes(1, 6, name, options);
    check_planes(3, 5, name, options);
    check_planes(1, 5, "binary", ""); /* rather a volume */
}

/* A file of two planes, with as many runs in both. */
static void check_two_planes(struct mw_layout layout, const struct run *first,
                             const struct run *second, size_t count, const char *options) {
    struct mw_inspection facts = {0};
    inspect_mask(&facts, &layout, first, count, "a", 0);
    inspect_mask(&facts, &layout, second, count, "a", 1);
    mw_inspection_end_file(&facts);
    check_guess(&facts, NULL, options, "planes", options);
    mw_inspection_free(&facts);
}

TEST(planes_may_hold_void_nodata_and_the_largest_value) {
    check_two_planes(GREY_8, (struct run[]){{0, 5}, {1, 3}, {255, 2}},
                     (struct run[]){{0, 3}, {1, 5}, {255, 2}}, 3,
                     " --encoding planes --ignore-index 255");
    check_two_planes((struct mw_layout){.bits = 8, .channels = 1, .has_nodata = true, .nodata = 9},
                     (struct run[]){{0, 5}, {1, 3}, {9, 2}}, (struct run[]){{0, 3}, {1, 5}, {9, 2}},
                     3, " --encoding planes");
    check_two_planes(GREY_16, (struct run[]){{0, 5}, {65535, 3}},
                     (struct run[]){{0, 3}, {65535, 5}}, 2, " --encoding planes");
    check_two_planes(GREY_16, (struct run[]){{0, 5}, {255, 3}}, (struct run[]){{0, 3}, {255, 5}}, 2,
                     " --encoding planes");
}

static const struct mw_format *array_format(void) {
    for (size_t i = 0; i < mw_format_count; i++)
        if (mw_formats[i]->is_array) return mw_formats[i];
    fail_msg("no format is an array");
    return NULL;
}

/* A file of `masks` masks of `width` x `height` pixels. */
static void check_array(const struct mw_format *format, uint32_t masks, uint32_t height,
                        uint32_t width, const char *name) {
    struct mw_inspection facts = {0};
    struct mw_error err;
    for (uint32_t i = 0; i < masks; i++) {
        struct mw_layout layout = {.bits = 8, .channels = 1, .width = width, .height = height};
        mw_histogram_begin(&histogram, &layout);
        mw_histogram_run(&histogram, 0, (uint64_t)width * height - 9);
        mw_histogram_run(&histogram, 1, 7);
        mw_histogram_run(&histogram, 2, 2);
        assert_ok(mw_histogram_end(&histogram, &err), &err);
        assert_ok(mw_inspection_add_mask(&facts, &histogram, format, "a", i, &err), &err);
    }
    mw_inspection_end_file(&facts);
    check_guess(&facts, NULL, name, name, "");
    mw_inspection_free(&facts);
}

TEST(planes_say_yes_in_one_way) {
    struct mw_inspection facts = {0};
    for (uint32_t page = 0; page < 2; page++)
        inspect_mask(&facts, &GREY_16, (struct run[]){{0, 4}, {255, 2}, {65535, 2}}, 3, "a", page);
    mw_inspection_end_file(&facts);
    check_guess(&facts, NULL, "255 and 65535", "index", "");
    mw_inspection_free(&facts);
}

TEST(an_array_with_a_small_last_dimension_has_channels_there) {
    const struct mw_format *array = array_format();
    check_array(array, 60, 80, 3, "no masks, channels last");
    check_array(array, 3, 60, 80, "index");
    check_array(array, 10, 80, 3, "index");
    check_array(array, 60, 10, 3, "index");
    check_array(mw_formats[array == mw_formats[0]], 60, 80, 3, "index");
}

/* --- Behind unknown values ------------------------------------------------------------------- */

/* Of one mask that failed under `classes` declared classes. */
static void check_unknown(uint32_t classes, const struct scene *scene) {
    struct mw_inspection facts = {0};
    struct mw_labels labels = {.classes = classes};
    struct mw_error err;
    fill_histogram(&scene->layout, scene->runs, count_runs(scene));
    assert_ok(mw_inspection_add_unknown(&facts, &histogram, mw_formats[0], &labels, "a", 0, &err),
              &err);
    assert_true(facts.unknown.count > 0);
    check_guess(&facts, &labels, scene->what, scene->name, scene->options);
    mw_inspection_free(&facts);
}

TEST(a_guess_behind_unknown_values_explains_all_of_them) {
    static const struct scene scenes[] = {
        {"void", GREY, {{0, 9}, {1, 9}, {255, 1}}, "index with void", " --ignore-index 255"},
        {"void beside gaps",
         GREY,
         {{0, 9}, {255, 1}, {2, 1}},
         "index with void",
         " --ignore-index 255"},
        {"negative",
         SIGNED,
         {{0, 9}, {1, 9}, {0xffff, 1}},
         "index with void",
         " --ignore-index -1"},
        {"only void", GREY, {{255, 9}}, "index with void", " --ignore-index 255"},
        {"one more", GREY, {{0, 9}, {3, 9}}, "index with one class more", " --classes 4"},
        {"void of another number",
         GREY,
         {{0, 9}, {1, 9}, {99, 9}},
         "index with void",
         " --ignore-index 99"},
        {"from 1 with void",
         GREY,
         {{1, 9}, {2, 9}, {3, 9}, {255, 9}},
         "index from 1",
         " --reduce-zero-label"},
        {"ids that need not begin with 1",
         GREY,
         {{1, 9}, {2, 9}, {255, 9}},
         "index with void",
         " --ignore-index 255"},
        {"from 1", GREY, {{1, 9}, {2, 9}, {3, 9}}, "index from 1", " --reduce-zero-label"},
        {"more classes", GREY, {{0, 9}, {1, 9}, {3, 1}, {4, 1}, {5, 9}}, "index", " --classes 6"},
        {"greys", GREY, {{0, 9}, {38, 9}, {75, 9}}, "colours turned grey", " --map 0=0,38=1,75=2"},
        {"a grey beyond the classes", GREY, {{0, 9}, {75, 9}, {113, 9}}, NULL, ""},
        {"a stray value", GREY, {{0, 9}, {1, 9}, {77, 9}}, NULL, ""},
        {"Cityscapes",
         WIDE,
         {{0, 9}, {2001, 9}, {2002, 9}},
         "instance, divisor 1000",
         " --encoding instance"},
        {"Cityscapes beyond the classes", WIDE, {{0, 9}, {2001, 9}, {9002, 9}}, NULL, ""},
        {"binary, or void on background", GREY, {{0, 9}, {255, 9}}, NULL, ""},
        {"objects", WIDE, {{0, 99}, {5, 9}, {25, 9}, {90, 9}}, "instance ids", ""},
        {"few objects", WIDE, {{0, 99}, {5, 9}, {25, 9}}, NULL, ""},
    };
    for (size_t i = 0; i < COUNT(scenes); i++) check_unknown(3, &scenes[i]);
}

TEST(label_ids_of_a_class_map_with_as_many_classes_are_known) {
    static const struct scene scenes[] = {
        {"all",
         GREY,
         {{0, 9}, {5, 9}, {7, 9}},
         "index, a class map's label ids",
         " --class-map tiny-train"},
        {"objects, else",
         WIDE,
         {{0, 99}, {1, 1}, {4, 9}, {5, 9}, {7, 9}},
         "index, a class map's label ids",
         " --class-map tiny-train"},
        {"no class among them", GREY, {{0, 9}, {6, 9}}, NULL, ""},
        {"one that the map does not have", GREY, {{0, 9}, {5, 9}, {8, 9}}, NULL, ""},
    };
    for (size_t i = 0; i < COUNT(scenes); i++) check_unknown(2, &scenes[i]);
    check_unknown(
        3, &(struct scene){"another number of classes", GREY, {{0, 9}, {5, 9}, {7, 9}}, NULL, ""});
}

TEST(two_declared_classes_may_be_binary) {
    static const struct scene scenes[] = {
        {"0 and 255", GREY, {{0, 9}, {255, 9}}, "binary, high", " --binary"},
        {"blended",
         GREY,
         {{0, 900}, {64, 5}, {128, 9}, {191, 4}, {255, 400}},
         "binary with blended edges",
         " --threshold 128"},
    };
    for (size_t i = 0; i < COUNT(scenes); i++) check_unknown(2, &scenes[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_ids),
        cmocka_unit_test(void_is_255_beside_ids_that_leave_few_gaps),
        cmocka_unit_test(void_of_another_number_occurs_in_many_masks),
        cmocka_unit_test(void_may_have_another_number_far_above_the_ids),
        cmocka_unit_test(binary_masks_of_any_height),
        cmocka_unit_test(blended_edges_are_rare_values_around_the_middle),
        cmocka_unit_test(instances_of_8_bits_are_not_taken_for_jpeg),
        cmocka_unit_test(spread_ids_lie_in_equal_steps),
        cmocka_unit_test(greys_of_the_colours_of_a_class_map_go_back_to_their_ids),
        cmocka_unit_test(many_values_without_frequent_ones_are_a_picture),
        cmocka_unit_test(instances_have_a_class_or_none),
        cmocka_unit_test(a_palette_with_the_colours_of_a_class_map_names_the_classes),
        cmocka_unit_test(nodata_that_is_a_class_has_to_be_settled),
        cmocka_unit_test(colours_are_those_of_a_class_map_or_need_one),
        cmocka_unit_test(a_class_map_for_colours_names_each_of_them_once),
        cmocka_unit_test(a_picture_has_nothing_to_try),
        cmocka_unit_test(masks_of_colours_among_others_are_mixed),
        cmocka_unit_test(planes_are_suggested_only_where_they_can_be_read),
        cmocka_unit_test(planes_say_yes_in_one_way),
        cmocka_unit_test(an_array_with_a_small_last_dimension_has_channels_there),
        cmocka_unit_test(planes_may_hold_void_nodata_and_the_largest_value),
        cmocka_unit_test(a_guess_behind_unknown_values_explains_all_of_them),
        cmocka_unit_test(label_ids_of_a_class_map_with_as_many_classes_are_known),
        cmocka_unit_test(two_declared_classes_may_be_binary),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
