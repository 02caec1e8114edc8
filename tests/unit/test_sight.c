/* What rules about single masks allow, and the names of images. */
#include "support.h"

#include "audit/sight.h"

TEST(a_size_is_allowed_by_any_of_the_list) {
    const struct {
        const char *sizes;
        uint32_t width, height;
        bool allowed;
    } cases[] = {
        {"512x256", 512, 256, true}, {"512x256", 256, 512, false},
        {"512", 512, 512, true},     {"512", 512, 511, false},
        {"/32", 64, 96, true},       {"/32", 64, 80, false},
        {"/32x/16", 64, 80, true},   {"*x10", 7, 10, true},
        {"*x10", 7, 11, false},      {"*", 1, 1, true},
        {"1x1,2x2,/3", 2, 2, true},  {"1x1,2x2,/3", 3, 9, true},
        {"1x1,2x2,/3", 3, 8, false}, {"4294967295x1", UINT32_MAX, 1, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(mw_sizes_valid(cases[i].sizes));
        if (mw_sizes_allow(cases[i].sizes, cases[i].width, cases[i].height) != cases[i].allowed) {
            print_error("%s: %u x %u\n", cases[i].sizes, cases[i].width, cases[i].height);
            fail();
        }
    }
    static const char *const wrong[] = {"",  ",",  "8,",    ",8", "x8",   "8x",
                                        "0", "/0", "8 x 8", "+8", "8x8x8"};
    for (size_t i = 0; i < COUNT(wrong); i++) assert_false(mw_sizes_valid(wrong[i]));
}

TEST(a_name_is_allowed_by_any_glob_of_the_name_or_of_the_path) {
    const struct {
        const char *globs, *path;
        bool allowed;
    } cases[] = {
        {"*_mask.png", "a_mask.png", true},  {"*_mask.png", "deep/er/a_mask.png", true},
        {"*_mask.png", "a_mask.PNG", false}, {"a*", "deep/a.png", true},
        {"deep*", "deep/a.png", false},      {"deep/*", "deep/er/a.png", true},
        {"deep/*", "a.png", false},          {"*.tif|*.png", "a.png", true},
        {"*.tif|x/*.png", "a.png", false},   {"[0-9].png", "7.png", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(mw_names_valid(cases[i].globs));
        assert_int_equal(mw_names_allow(cases[i].globs, cases[i].path), cases[i].allowed);
    }
}

/* The name that a mask's image would have; nothing is there. */
static void derived(const char *const *patterns, size_t count, const char *path, bool named,
                    const char *wanted) {
    struct mw_pairing pairing = {
        .directory = "/nonexistent/images", .patterns = patterns, .pattern_count = count};
    struct mw_pair pair = {.state = MW_PAIR_NONE};
    struct mw_error err;
    char reached[PATH_SIZE], real[] = "/nonexistent/images";
    pairing.real = real;
    join_path(reached, "masks", path);
    struct mw_file file = {.path = reached,
                           .document_path = named ? reached : reached + strlen("masks/")};
    assert_ok(mw_pairing_find(&pairing, &file, &pair, &err), &err);
    assert_int_equal(pair.state, MW_PAIR_MISSING);
    assert_string_equal(text_of(&pair.path), wanted);
    mw_pair_free(&pair);
}

TEST(the_name_of_an_image_follows_from_that_of_the_mask) {
    static const char *const suffix[] = {"*_L.png=*.png", "*.png=*_leftImg8bit.png"};
    static const char *const whole[] = {"gt/*_ids.png=rgb/*.jpg"};
    static const char *const around[] = {"mask-*-v2.png=image-*.tif"};
    derived(NULL, 0, "sub/a.b.png", false, "sub/a.b");
    derived(NULL, 0, "sub/a.png", true, "a");
    derived(NULL, 0, "a.jpg.png", false, "a.jpg");
    derived(NULL, 0, "sub.d/noext", false, "sub.d/noext");
    derived(suffix, 2, "sub/7_L.png", false, "sub/7.png");
    derived(suffix, 2, "sub/7_L.png", true, "7.png");
    derived(suffix, 2, "7.png", false, "7_leftImg8bit.png");
    derived(suffix, 2, "7.tif", false, "");
    derived(suffix, 1, "_L.png", false, ".png");
    derived(whole, 1, "gt/a/b_ids.png", false, "rgb/a/b.jpg");
    derived(whole, 1, "b_ids.png", false, "");
    derived(around, 1, "mask-12-v2.png", false, "image-12.tif");
    derived(around, 1, "mask-v2.png", false, ""); /* before and behind do not overlap */
    static const char *const cases[] = {"*/masks/*.png=*/images/*.jpg", "*-*-*.png=*_*_*"};
    derived(cases, 1, "one/masks/1.png", false, "one/images/1.jpg");
    derived(cases, 1, "a/one/masks/b/masks/1.png", false, "a/one/images/b/masks/1.jpg");
    derived(cases, 1, "one/masks.png", false, "");
    derived(cases, 1, "masks/1.png", false, "");
    derived(cases, 2, "sub/1-2-3-4.png", false, "sub/1_2_3-4");
    derived(cases, 2, "sub/--.png", false, "sub/__");
    derived(cases, 2, "sub/-.png", false, "");
    static const char *const numbers[] = {"*/masks/*.png={1}/images/{1}.png", "*-*.tif={2}_{1}"};
    derived(numbers, 2, "one/masks/1.png", false, "one/images/one.png");
    derived(numbers, 2, "sub/a-b.tif", false, "sub/b_a");
}

TEST(a_pattern_has_as_many_stars_on_each_side) {
    static const char *const good[] = {
        "*=*",         "*.png=*",   "a*b=c*d",
        "a/*=b/*",     "*/*=a*/*b", "*a*b*c*d*e*f*g*=*1*2*3*4*5*6*7*",
        "*={1}",       "*-*={2}",   "*={1}{1}",
        "*/*={1}/{2}", "*={9}*"};
    static const char *const bad[] = {
        "",       "*",      "a=b",     "*=b",     "a=*",
        "**=*",   "*=**",   "*=a/*",   "*=*=*",   "**=*a*",
        "*a*=**", "a*b*=*", "*=a*b*",  "*_*=*/*", "*a*b*c*d*e*f*g*h*=*1*2*3*4*5*6*7*8*",
        "*={2}",  "*={1}*", "*={1}/a", "*-*={3}", "*={1}{1}{1}{1}{1}{1}{1}{1}{1}"};
    struct mw_error err;
    for (size_t i = 0; i < COUNT(good); i++) assert_ok(mw_image_name_check(good[i], &err), &err);
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_fails(mw_image_name_check(bad[i], &err), MW_USAGE, bad[i], &err);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_size_is_allowed_by_any_of_the_list),
        cmocka_unit_test(a_name_is_allowed_by_any_glob_of_the_name_or_of_the_path),
        cmocka_unit_test(the_name_of_an_image_follows_from_that_of_the_mask),
        cmocka_unit_test(a_pattern_has_as_many_stars_on_each_side),
    };
    return RUN_TESTS(tests);
}
