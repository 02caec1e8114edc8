/* What a cache keeps of a file: it comes back as it was, and what was changed is refused. */
#include "support.h"

#include "count/cache_entry.h"
#include "count/inspection.h"

static struct mw_layout layout_of(uint32_t page, uint32_t width, uint32_t height, uint32_t bits) {
    return (struct mw_layout){
        .page = page, .width = width, .height = height, .bits = bits, .channels = 1};
}

static void add_class(struct mw_mask *mask, struct mw_class_pixels class) {
    struct mw_error err;
    assert_ok(mw_mask_add_class(mask, class, &err), &err);
    mask->pixels += mask->multi_label ? class.valid_pixels : class.pixels;
    mask->ignored_pixels += class.ignored_pixels;
}

static void add_mask(struct mw_cache_entry *entry, const struct mw_mask *mask, uint32_t page,
                     unsigned notes) {
    struct mw_error err;
    assert_ok(mw_cache_entry_add_mask(entry, mask, mask->count == 1, page, notes, &err), &err);
}

/* As the database hands them over. */
static void seal(struct mw_cache_entry *entry) {
    for (size_t i = 0; i < entry->count; i++)
        entry->masks[i].checksum = mw_cache_entry_checksum(entry, &entry->masks[i]);
}

static bool reads(const struct mw_cache_entry *entry, size_t number, bool multi_label,
                  struct mw_mask *mask) {
    struct mw_error err;
    enum mw_status status = mw_cache_entry_mask(entry, number, multi_label, mask, &err);
    if (status) assert_fails(status, MW_BROKEN, "contradicts itself", &err);
    return status == MW_OK;
}

/* --- Worked by hand ----------------------------------------------------------------------------- */

static struct mw_cache_entry *make_entry(const char *path) {
    struct mw_cache_entry *entry = mw_cache_entry_make(path);
    assert_non_null(entry);
    entry->state = (struct mw_file_state){.size = 75,
                                          .inode = 7,
                                          .modified_ns = INT64_C(1000000000000000001),
                                          .changed_ns = INT64_C(1000000000000000002)};
    return entry;
}

/* 0 0 1 1 / 2 2 255 0, where 255 is ignored. */
static struct mw_cache_entry *make_single(void) {
    struct mw_cache_entry *entry = make_entry("/d/a.png");
    struct mw_mask mask = {0};
    struct mw_layout layout = layout_of(0, 4, 2, 8);
    mw_mask_begin(&mask, &layout, false);
    add_class(&mask, (struct mw_class_pixels){.id = 0, .pixels = 3});
    add_class(&mask, (struct mw_class_pixels){.id = 1, .pixels = 2});
    add_class(&mask, (struct mw_class_pixels){.id = 2, .pixels = 2});
    mask.ignored_pixels = 1;
    entry->has_digest = true;
    entry->digest = (struct mw_digest){UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210)};
    entry->notes = 2;
    add_mask(entry, &mask, 1, 1);
    seal(entry);
    mw_mask_free(&mask);
    return entry;
}

/* Two planes of 2 x 2 pixels, one of which is left out in the first. */
static struct mw_cache_entry *make_planes(void) {
    struct mw_cache_entry *entry = make_entry("/d/p.tif");
    struct mw_mask mask = {0};
    struct mw_layout layout = layout_of(0, 2, 2, 8);
    layout.channels = 2;
    mw_mask_begin(&mask, &layout, true);
    add_class(&mask, (struct mw_class_pixels){0, 2, .valid_pixels = 3, .ignored_pixels = 1});
    add_class(&mask, (struct mw_class_pixels){1, 2, .valid_pixels = 4});
    add_mask(entry, &mask, 1, 0);
    seal(entry);
    mw_mask_free(&mask);
    return entry;
}

static void check_bytes(struct mw_cache_entry *entry, const char *path, const char *histogram,
                        int64_t checksum) {
    const struct mw_cached_mask *mask = &entry->masks[0];
    assert_string_equal(mw_cache_entry_path(entry), path);
    assert_int_equal(mask->length, strlen(histogram));
    assert_int_equal(mask->histogram, strlen(path) + 1);
    assert_memory_equal(entry->text.data + mask->histogram, histogram, mask->length);
    assert_int_equal(mask->checksum, checksum);
    mw_cache_entry_free(entry);
}

/* The checksums come from Python's xxhash: XXH3 of the 18 numbers, little-endian, that of the path with this as its
 * seed, and that of the histogram with that one. */
TEST(an_entry_has_the_documented_bytes) {
    check_bytes(make_single(), "/d/a.png", "{\"0\":3,\"1\":2,\"2\":2}",
                (int64_t)UINT64_C(0xb017a2aaf75e8f18));
    check_bytes(make_planes(), "/d/p.tif", "{\"0\":[2,3,1],\"1\":[2,4,0]}",
                (int64_t)UINT64_C(0x412673c6b02e3dc5));
}

/* --- There and back ----------------------------------------------------------------------------- */

/* Up to `most`, and often few. */
static uint64_t random_number(uint64_t *seed, uint64_t most) {
    uint64_t bound = most >> random_below(seed, 64);
    return bound == UINT64_MAX ? random_next(seed) : random_next(seed) % (bound + 1);
}

static uint64_t take(uint64_t *seed, uint64_t *left) {
    uint64_t pixels = random_number(seed, *left);
    *left -= pixels;
    return pixels;
}

/* A mask whose pixels are dealt out among classes, what is left out, and what is unknown. */
static void make_random(struct mw_mask *mask, uint32_t page, bool multi_label, uint64_t *seed) {
    static const uint32_t bits[] = {1, 2, 4, 8, 16, 32};
    struct mw_layout layout = layout_of(page, 1 + (uint32_t)random_number(seed, UINT32_MAX - 1),
                                        1 + (uint32_t)random_number(seed, INT32_MAX - 1),
                                        bits[random_below(seed, COUNT(bits))]);
    uint64_t pixels = (uint64_t)layout.width * layout.height, left = pixels;
    size_t classes = random_below(seed, 20);
    layout.is_signed = random_below(seed, 2);
    layout.channels = 1 + (uint32_t)random_below(seed, 4);
    mw_mask_begin(mask, &layout, multi_label);
    for (uint32_t i = 0; i < classes && left; i++) {
        struct mw_class_pixels class = {.id = i};
        if (multi_label) {
            left = pixels;
            class.valid_pixels = take(seed, &left);
            class.ignored_pixels = take(seed, &left);
            class.pixels = random_number(seed, class.valid_pixels);
            mask->unknown_pixels += left;
        } else {
            uint32_t last = mask->count ? mask->classes[mask->count - 1].id : 0;
            class.id = last + !!mask->count + (uint32_t)random_number(seed, 9999);
            class.pixels = 1 + random_number(seed, left - 1);
            left -= class.pixels;
        }
        add_class(mask, class);
    }
    if (multi_label) return;
    mask->ignored_pixels = take(seed, &left);
    mask->unknown_pixels = left;
}

static void assert_same_mask(const struct mw_mask *mask, const struct mw_mask *wanted) {
    assert_int_equal(mask->multi_label, wanted->multi_label);
    assert_int_equal(mask->pixels, wanted->pixels);
    assert_int_equal(mask->ignored_pixels, wanted->ignored_pixels);
    assert_int_equal(mask->unknown_pixels, wanted->unknown_pixels);
    assert_int_equal(mask->layout.page, wanted->layout.page);
    assert_int_equal(mask->layout.width, wanted->layout.width);
    assert_int_equal(mask->layout.height, wanted->layout.height);
    assert_int_equal(mw_layout_key(&mask->layout), mw_layout_key(&wanted->layout));
    assert_int_equal(mask->count, wanted->count);
    for (size_t i = 0; i < mask->count; i++) {
        assert_int_equal(mask->classes[i].id, wanted->classes[i].id);
        assert_int_equal(mask->classes[i].pixels, wanted->classes[i].pixels);
        assert_int_equal(mask->classes[i].valid_pixels, wanted->classes[i].valid_pixels);
        assert_int_equal(mask->classes[i].ignored_pixels, wanted->classes[i].ignored_pixels);
    }
}

enum { PAGES = 5 };

/* An entry of some pages, and the masks that it was made of. */
static struct mw_cache_entry *make_pages(struct mw_mask masks[PAGES], bool multi_label,
                                         uint64_t *seed) {
    struct mw_cache_entry *entry = mw_cache_entry_make(multi_label ? "/d/\xff\n.tif" : "/e");
    assert_non_null(entry);
    entry->state = (struct mw_file_state){.size = random_next(seed),
                                          .inode = random_next(seed),
                                          .modified_ns = (int64_t)random_next(seed),
                                          .changed_ns = (int64_t)random_next(seed)};
    entry->has_digest = random_below(seed, 2);
    if (entry->has_digest) entry->digest = (struct mw_digest){random_next(seed), random_next(seed)};
    entry->notes = (unsigned)random_below(seed, 1 << MW_MASK_FINDINGS);
    size_t pages = multi_label ? 1 : 1 + random_below(seed, PAGES);
    for (uint32_t page = 0; page < pages; page++) {
        uint32_t number = 3 * page + (uint32_t)random_below(seed, 3);
        if (multi_label) number = 0;
        make_random(&masks[page], number, multi_label, seed);
        add_mask(entry, &masks[page], number + 1, (unsigned)random_below(seed, 8));
    }
    seal(entry);
    return entry;
}

TEST(what_is_kept_comes_back) {
    uint64_t seed = 1;
    struct mw_mask masks[PAGES] = {0}, mask = {0};
    for (int turn = 0; turn < 20000; turn++) {
        bool multi_label = turn % 3 == 0;
        struct mw_cache_entry *entry = make_pages(masks, multi_label, &seed);
        for (size_t i = 0; i < entry->count; i++) {
            assert_true(reads(entry, i, multi_label, &mask));
            assert_same_mask(&mask, &masks[i]);
        }
        assert_true(mw_cache_entry_equal(entry, entry));
        mw_cache_entry_free(entry);
    }
    for (size_t i = 0; i < PAGES; i++) mw_mask_free(&masks[i]);
    mw_mask_free(&mask);
}

/* --- Changed ------------------------------------------------------------------------------------ */

/* Flips each bit of `size` bytes in turn. */
static void assert_each_bit_matters(struct mw_cache_entry *entry, bool multi_label, void *bytes,
                                    size_t size) {
    unsigned char *byte = bytes;
    struct mw_mask mask = {0};
    for (size_t bit = 0; bit < 8 * size; bit++) {
        byte[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_false(reads(entry, 0, multi_label, &mask));
        byte[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_true(reads(entry, 0, multi_label, &mask));
    mw_mask_free(&mask);
}

static void assert_each_number_matters(struct mw_cache_entry *entry, bool multi_label) {
    struct mw_cached_mask *mask = &entry->masks[0];
    const struct {
        void *bytes;
        size_t size;
    } numbers[] = {
        {&entry->state.size, sizeof entry->state.size},
        {&entry->state.inode, sizeof entry->state.inode},
        {&entry->state.modified_ns, sizeof entry->state.modified_ns},
        {&entry->state.changed_ns, sizeof entry->state.changed_ns},
        {&entry->digest, sizeof entry->digest},
        {&entry->notes, sizeof entry->notes},
        {&entry->count, sizeof entry->count},
        {&mask->page, sizeof mask->page},
        {&mask->width, sizeof mask->width},
        {&mask->height, sizeof mask->height},
        {&mask->layout, sizeof mask->layout},
        {&mask->pixels, sizeof mask->pixels},
        {&mask->ignored_pixels, sizeof mask->ignored_pixels},
        {&mask->unknown_pixels, sizeof mask->unknown_pixels},
        {&mask->notes, sizeof mask->notes},
        {&mask->checksum, sizeof mask->checksum},
        {entry->text.data, strlen(entry->text.data)},
    };
    struct mw_mask read = {0};
    for (size_t i = 0; i < COUNT(numbers); i++)
        assert_each_bit_matters(entry, multi_label, numbers[i].bytes, numbers[i].size);
    mask->empty = !mask->empty;
    assert_false(reads(entry, 0, multi_label, &read));
    mask->empty = !mask->empty;
    entry->has_digest = !entry->has_digest;
    assert_false(reads(entry, 0, multi_label, &read));
    entry->has_digest = !entry->has_digest;
    mw_mask_free(&read);
}

/* Moves the histogram to the end of its memory, where a sanitizer sees what is read behind it. */
static void end_memory(struct mw_cache_entry *entry, size_t length) {
    char *data = malloc(entry->masks[0].histogram + length);
    assert_non_null(data);
    memcpy(data, entry->text.data, entry->masks[0].histogram + length);
    free(entry->text.data);
    entry->text.data = data;
    entry->text.length = entry->text.capacity = entry->masks[0].histogram + length;
    entry->masks[0].length = length;
}

/* Whether the histogram is refused when its checksum is right. What is not, adds up. */
static bool is_no_histogram(struct mw_cache_entry *entry, bool multi_label) {
    struct mw_mask mask = {0};
    struct mw_cached_mask *cached = &entry->masks[0];
    int64_t checksum = cached->checksum;
    seal(entry);
    bool read = reads(entry, 0, multi_label, &mask);
    cached->checksum = checksum;
    uint64_t pixels = 0;
    for (size_t i = 0; i < mask.count; i++)
        pixels += multi_label ? mask.classes[i].valid_pixels : mask.classes[i].pixels;
    if (read) assert_int_equal(pixels, cached->pixels);
    mw_mask_free(&mask);
    return !read;
}

static void assert_changes_are_refused(struct mw_cache_entry *(*make)(void), bool multi_label) {
    struct mw_cache_entry *entry = make();
    struct mw_mask mask = {0};
    size_t length = entry->masks[0].length, refused = 0;
    assert_each_number_matters(entry, multi_label);
    end_memory(entry, length);
    for (size_t i = 0; i < length; i++) {
        char *byte = entry->text.data + entry->masks[0].histogram + i, was = *byte;
        for (int value = 0; value < 256; value++) {
            *byte = (char)value;
            assert_true(reads(entry, 0, multi_label, &mask) == (*byte == was));
            refused += is_no_histogram(entry, multi_label);
        }
        *byte = was;
    }
    assert_true(refused > 250 * length); /* but for the digits of classes */
    while (length-- > 0) {
        end_memory(entry, length);
        assert_false(reads(entry, 0, multi_label, &mask));
        assert_true(is_no_histogram(entry, multi_label));
    }
    mw_mask_free(&mask);
    mw_cache_entry_free(entry);
}

TEST(each_change_and_each_cut_is_refused) {
    assert_changes_are_refused(make_single, false);
    assert_changes_are_refused(make_planes, true);
}

TEST(an_entry_of_other_settings_is_refused) {
    struct mw_cache_entry *single = make_single(), *planes = make_planes();
    struct mw_mask mask = {0};
    assert_false(reads(single, 0, true, &mask));
    assert_false(reads(planes, 0, false, &mask));
    mw_mask_free(&mask);
    mw_cache_entry_free(single);
    mw_cache_entry_free(planes);
}

TEST(numbers_that_are_too_large_are_refused) {
    static const char *const wrong[] = {
        "{\"4294967296\":7}",
        "{\"0\":9223372036854775808}",
        "{\"0\":18446744073709551623}", /* 2^64 + 7 */
        "{\"0\":99999999999999999999999999999999}",
        "{\"0\":-7}",
        "{\"0\":7.0}",
        "{\"0\":}",
        "{\"\":7}",
        "{0:7}",
        "{\"0\":7}}",
        "{,\"0\":7}",
        "{\"0\":7,}",
        "{}",
        "",
    };
    struct mw_cache_entry *entry = make_single();
    struct mw_mask mask = {0};
    size_t first = entry->masks[0].histogram;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        entry->text.length = first;
        mw_text_add(&entry->text, wrong[i], strlen(wrong[i]));
        entry->masks[0].length = strlen(wrong[i]);
        assert_true(is_no_histogram(entry, false));
    }
    mw_text_clear(
        &entry->text); /* one that is right, so that the others are not refused for nothing */
    mw_text_add(&entry->text, "/d/a.png\0{\"4294967295\":7}", first + 16);
    entry->masks[0].length = 16;
    assert_false(is_no_histogram(entry, false));
    mw_mask_free(&mask);
    mw_cache_entry_free(entry);
}

/* --- The same ----------------------------------------------------------------------------------- */

TEST(entries_are_equal_whenever_they_were_made) {
    struct mw_cache_entry *a = make_single(), *b = make_single();
    b->state = (struct mw_file_state){0};
    assert_true(mw_cache_entry_equal(a, b));
    b->digest.low++;
    assert_false(mw_cache_entry_equal(a, b));
    b->has_digest = false; /* it was not asked for */
    assert_true(mw_cache_entry_equal(a, b));
    b->notes++;
    assert_false(mw_cache_entry_equal(a, b));
    b->notes--;
    char *digit = b->text.data + b->masks[0].histogram + 5;
    *digit ^= 1;
    assert_false(mw_cache_entry_equal(a, b));
    *digit ^= 1;
    uint32_t *numbers[] = {&b->masks[0].page, &b->masks[0].width, &b->masks[0].height,
                           &b->masks[0].notes};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        ++*numbers[i];
        assert_false(mw_cache_entry_equal(a, b));
        --*numbers[i];
    }
    assert_true(mw_cache_entry_equal(a, b));
    mw_cache_entry_clear(b);
    assert_false(mw_cache_entry_equal(a, b));
    assert_string_equal(mw_cache_entry_path(b), "/d/a.png");
    assert_false(b->has_digest);
    mw_cache_entry_free(a);
    mw_cache_entry_free(b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_has_the_documented_bytes),
        cmocka_unit_test(what_is_kept_comes_back),
        cmocka_unit_test(each_change_and_each_cut_is_refused),
        cmocka_unit_test(an_entry_of_other_settings_is_refused),
        cmocka_unit_test(numbers_that_are_too_large_are_refused),
        cmocka_unit_test(entries_are_equal_whenever_they_were_made),
    };
    return RUN_TESTS(tests);
}
