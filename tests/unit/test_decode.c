/* Every PNG and TIFF variant that tests/masks.py makes, against masks whose histograms are known by
 * construction. MW_VARIANTS is the directory that `tests/masks.py variants` filled. */
#include "support.h"

#include <cJSON.h>
#include <regex.h>

#include "base/bytes.h"
#include "count/reader.h"
#include "read/format.h"

/* --- A sink that keeps the whole image ------------------------------------------------------- */

/* Headers that lie promise more; of such a mask nothing is kept. */
enum { MOST_PIXELS = 1 << 24 };

/* One mask, pixel by pixel: nothing here is shared with the histogram under test. */
struct image {
    struct mw_layout layout;
    int64_t *values;        /* [width * height], by place */
    unsigned char *covered; /* [width * height], how often a place was named */
    uint64_t pixels;        /* handed over */
    bool ended;
};

struct recorder {
    struct image *images; /* [count] */
    size_t count;
    uint32_t x, y, step;
    bool placed; /* `at` was called since the last pixels */
    bool asks;   /* the sink asks for places */
    unsigned notes;
};

static void recorder_free(struct recorder *recorder) {
    for (size_t i = 0; i < recorder->count; i++) {
        free(recorder->images[i].values);
        free(recorder->images[i].covered);
    }
    free(recorder->images);
    *recorder = (struct recorder){0};
}

static struct image *current(struct recorder *recorder) {
    assert_true(recorder->count > 0);
    return &recorder->images[recorder->count - 1];
}

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    struct recorder *recorder = context;
    (void)err;
    if (recorder->count) assert_true(current(recorder)->ended);
    size_t pixels = (size_t)layout->width * layout->height;
    recorder->images = realloc(recorder->images, (recorder->count + 1) * sizeof *recorder->images);
    assert_non_null(recorder->images);
    recorder->images[recorder->count++] = (struct image){.layout = *layout};
    if (pixels <= MOST_PIXELS) {
        current(recorder)->values = calloc(pixels, sizeof(int64_t));
        current(recorder)->covered = calloc(pixels, 1);
        assert_non_null(current(recorder)->values);
        assert_non_null(current(recorder)->covered);
    }
    recorder->placed = false;
    return MW_OK;
}

static void on_at(void *context, uint32_t x, uint32_t y, uint32_t step) {
    struct recorder *recorder = context;
    recorder->x = x;
    recorder->y = y;
    recorder->step = step;
    recorder->placed = true;
}

/* Keeps pixel `index` of a call: at its place, or without places in the order of arrival. */
static void keep(struct recorder *recorder, size_t index, int64_t value) {
    struct image *image = current(recorder);
    size_t size = (size_t)image->layout.width * image->layout.height;
    size_t place = image->pixels;
    if (!image->values) return;
    if (recorder->asks) {
        size_t x = recorder->x + index * recorder->step;
        if (!recorder->placed || x >= image->layout.width || recorder->y >= image->layout.height)
            fail_msg("pixel %zu has no place in the mask", index);
        place = (size_t)recorder->y * image->layout.width + x;
    }
    if (place >= size) fail_msg("more pixels than the mask has");
    image->values[place] = value;
    image->covered[place]++;
    image->pixels++;
}

/* A stored bit pattern as the number that it means, one bit of weight at a time. */
static int64_t number_of(const struct mw_layout *layout, uint64_t pattern) {
    int64_t value = 0;
    for (unsigned bit = 0; bit < layout->bits; bit++) {
        if (!(pattern >> bit & 1)) continue;
        bool sign = layout->is_signed && bit + 1 == layout->bits;
        value += sign ? -(INT64_C(1) << bit) : INT64_C(1) << bit;
    }
    return value;
}

static uint64_t pattern_of(const struct mw_layout *layout, const unsigned char *samples,
                           size_t index) {
    uint64_t pattern = 0;
    if (layout->bits < 8) { /* packed, high bits first */
        for (size_t bit = index * layout->bits; bit < (index + 1) * layout->bits; bit++)
            pattern = pattern << 1 | (samples[bit / 8] >> (7 - bit % 8) & 1U);
        return pattern;
    }
    const uint16_t probe = 1;
    bool big = layout->bits == 16 ? layout->big_endian || *(const unsigned char *)&probe == 0
                                  : *(const unsigned char *)&probe == 0;
    size_t bytes = layout->bits / 8;
    const unsigned char *sample = samples + index * layout->channels * bytes;
    for (size_t i = 0; i < bytes; i++) pattern = pattern << 8 | sample[big ? i : bytes - 1 - i];
    return pattern;
}

static void on_pixels(void *context, const void *samples, size_t count) {
    struct recorder *recorder = context;
    const struct mw_layout *layout = &current(recorder)->layout;
    for (size_t i = 0; i < count; i++)
        keep(recorder, i, number_of(layout, pattern_of(layout, samples, i)));
    recorder->placed = false;
}

static void on_run(void *context, uint32_t pattern, uint64_t count) {
    struct recorder *recorder = context;
    for (uint64_t i = 0; i < count; i++)
        keep(recorder, (size_t)i, number_of(&current(recorder)->layout, pattern));
    recorder->placed = false;
}

static enum mw_status on_end(void *context, struct mw_error *err) {
    struct image *image = current(context);
    (void)err;
    assert_false(image->ended);
    assert_int_equal(image->pixels, (uint64_t)image->layout.width * image->layout.height);
    image->ended = true;
    return MW_OK;
}

static void on_note(void *context, enum mw_finding_code code) {
    ((struct recorder *)context)->notes |= 1U << code;
}

static bool through_reference; /* decode through the formats' own libraries */

static enum mw_status record(struct recorder *recorder, struct mw_input *input, bool places,
                             struct mw_error *err) {
    struct mw_limits limits = mw_limits_default;
    limits.reference = through_reference;
    struct mw_sink sink = {recorder,  false,  on_begin, places ? on_at : NULL,
                           on_pixels, on_run, on_end,   on_note};
    const struct mw_format *format;
    *recorder = (struct recorder){.asks = places};
    enum mw_status status = mw_format_detect(input, &format, err);
    return status ? status : mw_format_decode(format, input, &limits, &sink, err);
}

/* --- What to expect -------------------------------------------------------------------------- */

static const char *variants; /* directory; NULL: there are none */
static cJSON *expected;

static int load_expected(void **state) {
    (void)state;
    variants = getenv("MW_VARIANTS");
    if (!variants || !*variants) {
        print_message("skipped: MW_VARIANTS is not set to a directory made by "
                      "tests/masks.py variants\n");
        variants = NULL;
        return 0;
    }
    char path[PATH_SIZE];
    struct mw_text text = {0};
    struct mw_error err;
    join_path(path, variants, "expected.json");
    assert_ok(mw_bytes_slurp_path(path, SIZE_MAX, &text, &err), &err);
    expected = cJSON_Parse(text_of(&text));
    mw_text_free(&text);
    return expected ? 0 : -1;
}

static int free_expected(void **state) {
    (void)state;
    cJSON_Delete(expected);
    return 0;
}

static const cJSON *member(const cJSON *object, const char *key) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    assert_non_null(item);
    return item;
}

static const char *file_of(const cJSON *entry) {
    return cJSON_GetStringValue(member(entry, "file"));
}

static uint32_t number(const cJSON *object, const char *key) {
    return (uint32_t)member(object, key)->valuedouble;
}

/* The bits 1 << code of the notes that an entry expects. */
static unsigned notes_of(const cJSON *entry) {
    unsigned notes = 0;
    const cJSON *note;
    cJSON_ArrayForEach(note, member(entry, "notes")) {
        unsigned code = 0;
        while (code < MW_FINDING_CODES &&
               strcmp(mw_finding_kinds[code].code, note->valuestring) != 0)
            code++;
        assert_true(code < MW_FINDING_CODES);
        notes |= 1U << code;
    }
    return notes;
}

/* Runs `check` on each entry of "good" or "bad"; names the file that fails. */
static void for_each(const char *list, void (*check)(const cJSON *entry, const char *path)) {
    if (!variants) skip();
    const cJSON *entry;
    size_t count = 0;
    cJSON_ArrayForEach(entry, member(expected, list)) {
        char path[PATH_SIZE];
        join_path(path, variants, file_of(entry));
        check(entry, path);
        count++;
    }
    assert_true(count > 0);
}

/* --- Good files ------------------------------------------------------------------------------ */

/* The number of pixels of a value, by looking at every one. */
static uint64_t pixels_of(const struct image *image, int64_t value) {
    uint64_t pixels = 0;
    size_t size = (size_t)image->layout.width * image->layout.height;
    for (size_t i = 0; i < size; i++) pixels += image->values[i] == value;
    return pixels;
}

static void check_image(const struct image *image, const cJSON *mask, const char *file) {
    const cJSON *count;
    uint64_t total = 0;
    const char *wrong = NULL;
    if (!image->ended) wrong = "did not end";
    if (image->layout.width != number(mask, "width")) wrong = "width";
    if (image->layout.height != number(mask, "height")) wrong = "height";
    if (image->layout.bits != number(mask, "bits")) wrong = "bits";
    if (image->layout.is_signed != (bool)cJSON_IsTrue(member(mask, "signed"))) wrong = "sign";
    cJSON_ArrayForEach(count, member(mask, "counts")) {
        uint64_t pixels = (uint64_t)count->valuedouble;
        if (pixels_of(image, strtoll(count->string, NULL, 10)) != pixels) wrong = count->string;
        total += pixels;
    }
    if (total != image->pixels) wrong = "a value too many";
    if (wrong) fail_msg("%s: %s", file, wrong);
}

static void check_images(const struct recorder *recorder, const cJSON *entry) {
    const cJSON *masks = member(entry, "masks");
    if ((int)recorder->count != cJSON_GetArraySize(masks))
        fail_msg("%s: %zu masks", file_of(entry), recorder->count);
    for (size_t i = 0; i < recorder->count; i++)
        check_image(&recorder->images[i], cJSON_GetArrayItem(masks, (int)i), file_of(entry));
}

static void check_covered(const struct recorder *recorder, const char *file) {
    for (size_t i = 0; i < recorder->count; i++) {
        const struct image *image = &recorder->images[i];
        size_t size = (size_t)image->layout.width * image->layout.height;
        for (size_t place = 0; place < size; place++)
            if (image->covered[place] != 1)
                fail_msg("%s: place %zu is named %d times", file, place, image->covered[place]);
    }
}

static void check_good(const cJSON *entry, const char *path, bool places) {
    struct mw_input input = {0};
    struct recorder recorder = {0};
    struct mw_error err = {0};
    assert_ok(mw_input_open(&input, path, &err), &err);
    if (record(&recorder, &input, places, &err)) fail_msg("%s: %s", path, err.message);
    check_images(&recorder, entry);
    check_covered(&recorder, path);
    unsigned wanted = notes_of(entry) & ~(1U << MW_PALETTE_INDEX); /* the reader sees that one */
    if (recorder.notes != wanted) fail_msg("%s: notes %x", path, recorder.notes);
    recorder_free(&recorder);
    mw_input_free(&input);
}

static void check_good_with_places(const cJSON *entry, const char *path) {
    check_good(entry, path, true);
}

static void check_good_without_places(const cJSON *entry, const char *path) {
    check_good(entry, path, false);
}

TEST(good_files_decode_to_their_masks_and_name_each_place_once) {
    for_each("good", check_good_with_places);
}

TEST(good_files_decode_to_the_same_masks_when_nobody_asks_for_places) {
    for_each("good", check_good_without_places);
}

TEST(the_reference_decodes_good_files_to_the_same_masks) {
    through_reference = true;
    for_each("good", check_good_without_places);
    through_reference = false;
}

static struct mw_reader reader;
static struct mw_labels labels;

static void reader_start(void) {
    struct mw_error err;
    labels = (struct mw_labels){.unknown = MW_UNKNOWN_IGNORE, /* negative values */
                                .nodata = MW_NODATA_COUNT};
    assert_ok(mw_labels_resolve(&labels, &err), &err);
    assert_ok(mw_reader_init(&reader, &labels, &mw_limits_default, &err), &err);
}

static void reader_stop(void) {
    mw_reader_free(&reader);
    mw_labels_free(&labels);
}

/* The pixels of each value over all masks of a file, as the counts must hold them. */
static void check_counts(const struct mw_counts *counts, const cJSON *entry) {
    const cJSON *mask, *count;
    uint64_t classes = 0, unknown = 0, masks = 0;
    struct mw_counts wanted;
    mw_counts_init(&wanted);
    cJSON_ArrayForEach(mask, member(entry, "masks")) {
        masks++;
        cJSON_ArrayForEach(count, member(mask, "counts")) {
            int64_t value = strtoll(count->string, NULL, 10);
            uint64_t pixels = (uint64_t)count->valuedouble;
            *(value < 0 ? &unknown : &classes) += pixels;
            if (value < 0) continue;
            struct mw_class_counts *class_counts = mw_counts_class(&wanted, (uint32_t)value);
            assert_non_null(class_counts);
            class_counts->all.pixels += pixels;
            class_counts->all.masks++;
        }
    }
    bool right = counts->files == 1 && counts->masks == masks && counts->pixels == classes &&
                 counts->unknown_pixels == unknown && counts->class_count == wanted.class_count;
    for (size_t i = 0; i < counts->class_count && right; i++) {
        const struct mw_class_counts *seen = &counts->classes[i];
        const struct mw_class_counts *known = mw_counts_class(&wanted, seen->id);
        right = known->all.pixels == seen->all.pixels && known->all.masks == seen->all.masks;
    }
    if (!right) fail_msg("%s: wrong counts", file_of(entry));
    mw_counts_free(&wanted);
}

/* Masks with negative values, which are no class. */
static uint64_t unknown_masks(const cJSON *entry) {
    const cJSON *mask, *count;
    uint64_t masks = 0;
    cJSON_ArrayForEach(mask, member(entry, "masks")) {
        bool unknown = false;
        cJSON_ArrayForEach(count, member(mask, "counts")) unknown |= count->string[0] == '-';
        masks += unknown;
    }
    return masks;
}

/* Notes are of files, but for unknown values. */
static void check_findings(const struct mw_counts *counts, const cJSON *entry) {
    unsigned notes = notes_of(entry);
    for (unsigned code = 0; code < MW_MASK_FINDINGS; code++) {
        uint64_t wanted = code == MW_UNKNOWN_LABEL ? unknown_masks(entry) : notes >> code & 1;
        if (counts->findings[code].count != wanted)
            fail_msg("%s: %s is told %d times", file_of(entry), mw_finding_kinds[code].code,
                     (int)counts->findings[code].count);
    }
}

static void check_read(const cJSON *entry, const char *path) {
    struct mw_counts totals;
    struct mw_error err = {0};
    struct mw_file file = {.path = path, .document_path = file_of(entry)};
    uint64_t bytes;
    mw_counts_init(&totals);
    if (mw_reader_count(&reader, &file, &totals, &bytes, &err))
        fail_msg("%s: %s", path, err.message);
    assert_true(bytes > 0);
    check_counts(&totals, entry);
    check_findings(&totals, entry);
    mw_counts_free(&totals);
}

/* One reader for all files: nothing of one mask may be left for the next. */
TEST(good_files_count_as_their_masks) {
    reader_start();
    for_each("good", check_read);
    reader_stop();
}

/* --- Files that must not differ -------------------------------------------------------------- */

static void record_variant(struct recorder *recorder, const char *file) {
    char path[PATH_SIZE];
    struct mw_input input = {0};
    struct mw_error err = {0};
    join_path(path, variants, file);
    assert_ok(mw_input_open(&input, path, &err), &err);
    assert_ok(record(recorder, &input, true, &err), &err);
    mw_input_free(&input);
}

static bool images_equal(const struct image *a, const struct image *b) {
    size_t size = (size_t)a->layout.width * a->layout.height;
    return a->layout.width == b->layout.width && a->layout.height == b->layout.height &&
           memcmp(a->values, b->values, size * sizeof *a->values) == 0;
}

static void check_same(const char *one, const char *other) {
    struct recorder a = {0}, b = {0};
    record_variant(&a, one);
    record_variant(&b, other);
    bool same = a.count == b.count && a.images && b.images;
    for (size_t i = 0; same && i < a.count; i++) same = images_equal(&a.images[i], &b.images[i]);
    if (!same) fail_msg("%s and %s differ", one, other);
    recorder_free(&a);
    recorder_free(&b);
}

static bool is_variant(const char *file) {
    const cJSON *entry;
    cJSON_ArrayForEach(entry,
                       member(expected, "good")) if (strcmp(file_of(entry), file) == 0) return true;
    return false;
}

/* Compares, pixel by pixel, every variant whose name holds `from` with the one that has `to` in its
 * place. Returns how many there were. */
static size_t check_pairs(const char *from, const char *to) {
    const cJSON *entry;
    size_t pairs = 0;
    if (!variants) skip();
    cJSON_ArrayForEach(entry, member(expected, "good")) {
        const char *file = file_of(entry), *place = strstr(file, from);
        char other[PATH_SIZE];
        if (!place || strstr(file, "sparse")) continue; /* what is left out differs by shape */
        snprintf(other, sizeof other, "%.*s%s%s", (int)(place - file), file, to,
                 place + strlen(from));
        if (!is_variant(other)) continue;
        check_same(file, other);
        pairs++;
    }
    return pairs;
}

TEST(interlaced_equals_plain) {
    assert_true(check_pairs("-adam7", "") >= 90);
}

TEST(palette_equals_grey) {
    assert_true(check_pairs("palette", "grey") >= 40);
}

TEST(tiles_equal_strips) {
    assert_true(check_pairs("tiles-", "strips-") >= 48);
    assert_true(check_pairs("-tiles.", "-strips.") >= 30);
}

TEST(both_byte_orders_are_equal) {
    assert_true(check_pairs("-mm", "-ii") >= 48);
}

TEST(bigtiff_equals_classic) {
    assert_true(check_pairs("-big", "") >= 48);
}

TEST(filters_and_chunk_sizes_do_not_matter) {
    assert_true(check_pairs("-mixed", "") >= 18);
    assert_true(check_pairs("-paeth", "-sub") >= 18);
    assert_true(check_pairs("-idat1.", ".") >= 18);
}

TEST(codecs_are_equal) {
    static const char *const codecs[] = {"deflate", "old-deflate", "packbits", "zstd"};
    for (size_t i = 0; i < COUNT(codecs); i++) {
        char from[32];
        snprintf(from, sizeof from, "/%s-", codecs[i]);
        assert_true(check_pairs(from, "/lzw-") >= 12);
    }
    assert_true(check_pairs("/ccitt-rle-", "/ccitt-g4-") >= 5);
    assert_true(check_pairs("/ccitt-g3-", "/ccitt-g4-") >= 5);
}

TEST(photometric_interpretation_does_not_change_values) {
    assert_true(check_pairs("min-is-white-u", "palette-u") == 4);
    assert_true(check_pairs("-min-is-white.", "-one-strip.") == 3);
}

/* --- Bad files ------------------------------------------------------------------------------- */

static bool matches(const char *message, const char *pattern) {
    regex_t regex;
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_ICASE | REG_NOSUB), 0);
    bool found = regexec(&regex, message, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

/* Totals that hold something already, and their bytes. */
struct totals {
    struct mw_counts counts;
    unsigned char before[sizeof(struct mw_counts)];
    struct mw_class_counts *classes; /* copy */
    uint32_t *index;                 /* copy */
};

static void totals_start(struct totals *totals) {
    struct mw_counts *counts = &totals->counts;
    struct mw_error err;
    mw_counts_init(counts);
    counts->files = counts->masks = 3;
    counts->pixels = 70;
    counts->digest = mw_digest_path("a.png");
    for (uint32_t id = 0; id < 300; id += 100) {
        struct mw_class_counts *class_counts = mw_counts_class(counts, id);
        assert_non_null(class_counts);
        class_counts->all =
            (struct mw_class_tally){.pixels = 7 + id, .masks = 1, .mask_pixels = 70};
    }
    assert_ok(mw_places_add(&counts->findings[MW_TRAILING_DATA], 0, "a.png", NULL, &err), &err);
    memcpy(totals->before, counts, sizeof *counts);
    totals->classes = malloc(counts->class_capacity * sizeof *totals->classes);
    totals->index = malloc(counts->index_capacity * sizeof *totals->index);
    assert_non_null(totals->classes);
    assert_non_null(totals->index);
    memcpy(totals->classes, counts->classes, counts->class_count * sizeof *totals->classes);
    memcpy(totals->index, counts->index, counts->index_capacity * sizeof *totals->index);
}

static bool totals_unchanged(const struct totals *totals) {
    const struct mw_counts *counts = &totals->counts;
    /* The bytes themselves, padding included: nothing may have been written. */
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c)
    return memcmp(totals->before, counts, sizeof *counts) == 0 &&
           // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c)
           memcmp(totals->classes, counts->classes,
                  counts->class_count * sizeof *counts->classes) == 0 &&
           memcmp(totals->index, counts->index, counts->index_capacity * sizeof *counts->index) ==
               0;
}

static void totals_stop(struct totals *totals) {
    mw_counts_free(&totals->counts);
    free(totals->classes);
    free(totals->index);
}

static void check_bad_read(const cJSON *entry, const char *path) {
    struct totals totals;
    struct mw_error err = {0};
    struct mw_file file = {.path = path, .document_path = file_of(entry)};
    const char *pattern = cJSON_GetStringValue(member(entry, "error"));
    uint64_t bytes;
    totals_start(&totals);
    enum mw_status status = mw_reader_count(&reader, &file, &totals.counts, &bytes, &err);
    if (!status) fail_msg("%s was counted", path);
    if (status != err.status || !is_one_line(err.message) || !matches(err.message, pattern))
        fail_msg("%s: status %d, message: %s", path, (int)status, err.message);
    if (!totals_unchanged(&totals)) fail_msg("%s changed the totals", path);
    totals_stop(&totals);
}

static void check_bad_decode(const cJSON *entry, const char *path) {
    struct mw_input input = {0};
    struct recorder recorder = {0};
    struct mw_error err = {0};
    assert_ok(mw_input_open(&input, path, &err), &err);
    enum mw_status status = record(&recorder, &input, true, &err);
    if (cJSON_IsTrue(member(entry, "decodes"))) /* refused for what its values mean */
        assert_ok(status, &err);
    else if (!status || !matches(err.message, cJSON_GetStringValue(member(entry, "error"))))
        fail_msg("%s: status %d, message: %s", path, (int)status, err.message);
    recorder_free(&recorder);
    mw_input_free(&input);
}

TEST(bad_files_fail_with_one_line_and_leave_the_totals) {
    reader_start();
    for_each("bad", check_bad_read);
    reader_stop();
}

TEST(bad_files_do_not_decode) {
    for_each("bad", check_bad_decode);
}

TEST(the_reference_does_not_decode_bad_files_either) {
    through_reference = true;
    for_each("bad", check_bad_decode);
    through_reference = false;
}

/* --- Truncations ----------------------------------------------------------------------------- */

static const char *const truncated[] = {
    "png/grey8-1x1.png",           "png/grey1-adam7-9x17.png",
    "png/grey8-idat7.png",         "png/grey16-adam7-5x3.png",
    "png/palette4-13x1.png",       "png/grey-alpha8.png",
    "tiff/strips-3x5.tif",         "tiff/tiles-13x1.tif",
    "tiff/pages-ii.tif",           "tiff/pages-mm-big.tif",
    "tiff/ccitt-g4-tiles.tif",     "tiff/ccitt-g3-strips.tif",
    "tiff/lzw-u1-strips.tif",      "tiff/packbits-u1-tiles.tif",
    "tiff/sparse-all.tif",         "tiff/deflate-u1-tiles.tif",
    "tiff/zstd-u1-strips.tif",     "tiff/u1-strips-mm.tif",
    "tiff/palette-u1.tif",         "tiff/s1-strips-ii.tif",
    "tiff/lzw-u8-strips.tif",      "tiff/lzw-predictor-u8-tiles-ii.tif",
    "tiff/packbits-u8-strips.tif", "tiff/deflate-predictor-u16-strips-mm.tif",
};

/* The first `size` bytes in memory that ends there, so that a sanitizer sees a read beyond. */
static struct mw_text cut(const struct mw_text *whole, size_t size) {
    struct mw_text part = {.data = malloc(size ? size : 1), .length = size};
    assert_non_null(part.data);
    memcpy(part.data, whole->data, size);
    return part;
}

/* Whether the reader refuses the part with one line and leaves the totals. */
static bool cut_is_refused(const struct mw_text *part, const char *name) {
    struct totals totals;
    struct mw_error err = {0};
    struct mw_file file = {.path = name, .document_path = name, .content = part};
    uint64_t bytes;
    totals_start(&totals);
    enum mw_status status = mw_reader_count(&reader, &file, &totals.counts, &bytes, &err);
    bool refused = status && status == err.status && is_one_line(err.message) &&
                   totals_unchanged(&totals);
    totals_stop(&totals);
    return refused;
}

static bool cut_does_not_decode(const struct mw_text *part) {
    struct mw_input input = {0};
    struct recorder recorder = {0};
    struct mw_error err = {0};
    mw_input_memory(&input, part->data, part->length);
    bool refused = record(&recorder, &input, false, &err) != MW_OK;
    recorder_free(&recorder);
    mw_input_free(&input);
    return refused;
}

/* Cuts a file at every length; returns how many of the parts were taken for a whole. */
static size_t check_cuts(const char *name) {
    char path[PATH_SIZE];
    struct mw_text whole = {0};
    struct mw_error err;
    size_t taken = 0, least = 0;
    join_path(path, variants, name);
    assert_ok(mw_bytes_slurp_path(path, SIZE_MAX, &whole, &err), &err);
    for (size_t size = 0; size < whole.length; size++) {
        struct mw_text part = cut(&whole, size);
        if (!cut_is_refused(&part, name) || !cut_does_not_decode(&part))
            if (taken++ == 0) least = size;
        mw_text_free(&part);
    }
    if (taken)
        print_error("%s, %zu bytes: %zu truncations were taken, the least of %zu bytes\n", name,
                    whole.length, taken, least);
    mw_text_free(&whole);
    return taken;
}

TEST(each_truncation_gives_one_error_and_unchanged_totals) {
    size_t taken = 0;
    if (!variants) skip();
    reader_start();
    for (size_t i = 0; i < COUNT(truncated); i++) taken += check_cuts(truncated[i]);
    reader_stop();
    assert_int_equal(taken, 0);
}

/* A reader that failed is as good as new. */
TEST(a_failure_leaves_nothing_for_the_next_file) {
    if (!variants) skip();
    const cJSON *good = member(expected, "good"), *bad = member(expected, "bad");
    int goods = cJSON_GetArraySize(good), bads = cJSON_GetArraySize(bad);
    reader_start();
    for (int i = 0; i < bads; i++) {
        char path[PATH_SIZE];
        struct totals totals;
        struct mw_error err;
        uint64_t bytes;
        join_path(path, variants, file_of(cJSON_GetArrayItem(bad, i)));
        struct mw_file file = {.path = path, .document_path = path};
        totals_start(&totals);
        assert_int_not_equal(mw_reader_count(&reader, &file, &totals.counts, &bytes, &err), MW_OK);
        totals_stop(&totals);
        const cJSON *next = cJSON_GetArrayItem(good, i * 6 % goods);
        join_path(path, variants, file_of(next));
        check_read(next, path);
    }
    reader_stop();
}

/* --- Limits ---------------------------------------------------------------------------------- */

TEST(a_mask_larger_than_a_limit_is_refused) {
    if (!variants) skip();
    static const char *const files[] = {"png/grey8.png", "tiff/u8-strips-ii.tif",
                                        "tiff/u8-tiles-mm.tif"};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct mw_limits limits = mw_limits_default;
        struct mw_sink sink = {NULL, false, on_begin, NULL, on_pixels, on_run, on_end, on_note};
        struct recorder recorder = {0};
        struct mw_input input = {0};
        const struct mw_format *format;
        struct mw_error err;
        char path[PATH_SIZE];
        sink.context = &recorder;
        limits.max_pixels = 37 * 23 - 1;
        join_path(path, variants, files[i]);
        assert_ok(mw_input_open(&input, path, &err), &err);
        assert_ok(mw_format_detect(&input, &format, &err), &err);
        assert_fails(mw_format_decode(format, &input, &limits, &sink, &err), MW_LIMIT, "37 x 23",
                     &err);
        assert_int_equal(recorder.count, 0);
        limits.max_pixels++;
        assert_ok(mw_format_decode(format, &input, &limits, &sink, &err), &err);
        recorder_free(&recorder);
        mw_input_free(&input);
    }
}

/* Time has passed before the first byte is asked for: every decoder says so, and none that the file is
 * damaged. */
TEST(a_file_that_takes_too_long_is_refused_in_every_format) {
    if (!variants) skip();
    const cJSON *good;
    size_t files = 0;
    cJSON_ArrayForEach(good, member(expected, "good")) for (int reference = 0; reference < 2;
                                                            reference++) {
        struct mw_limits limits = mw_limits_default;
        struct mw_sink sink = {NULL, false, on_begin, NULL, on_pixels, on_run, on_end, on_note};
        struct recorder recorder = {0};
        struct mw_input input = {0};
        const struct mw_format *format;
        struct mw_error err;
        char path[PATH_SIZE];
        sink.context = &recorder;
        limits.reference = reference;
        join_path(path, variants, file_of(good));
        assert_ok(mw_input_open(&input, path, &err), &err);
        assert_ok(mw_format_detect(&input, &format, &err), &err);
        mw_input_limit_time(&input, 9);
        input.until = (struct timespec){0};
        if (mw_format_decode(format, &input, &limits, &sink, &err) != MW_LIMIT ||
            !strstr(err.message, "longer than --max-seconds 9"))
            fail_msg("%s: %s", path, err.message);
        recorder_free(&recorder);
        mw_input_free(&input);
        files++;
    }
    assert_true(files > 100);
}

/* --- Names of formats ------------------------------------------------------------------------ */

TEST(a_suffix_promises_its_format_in_any_case) {
    static const struct {
        const char *name, *format; /* NULL: none */
    } cases[] = {
        {"a.png", "PNG"},   {"a.PNG", "PNG"},    {"dir.png/a.tif", "TIFF"},
        {"a.TiFF", "TIFF"}, {".png", "PNG"},     {"a.jpg", NULL},
        {"png", NULL},      {"a.png.txt", NULL}, {"a.pngx", NULL},
        {"a.", NULL},       {"", NULL},          {"dir.png/a", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct mw_format *format = mw_format_by_suffix(cases[i].name);
        if (!format != !cases[i].format || (format && strcmp(format->name, cases[i].format) != 0))
            fail_msg("'%s'", cases[i].name);
    }
}

TEST(the_suffixes_are_listed) {
    struct mw_text text = {0};
    mw_format_add_suffixes(&text);
    assert_string_equal(text_of(&text), ".png, .tif, .tiff, .npy, .pgm, .ppm, .pam");
    mw_text_free(&text);
}

TEST(formats_name_their_library) {
    for (size_t i = 0; i < mw_format_count; i++) {
        char name[64] = "";
        assert_non_null(mw_formats[i]->suffixes[0]);
        if (!mw_formats[i]->library) continue; /* read by hand */
        mw_formats[i]->library(name, sizeof name);
        assert_true(strncmp(name, "lib", 3) == 0 && strchr(name, ' '));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_files_decode_to_their_masks_and_name_each_place_once),
        cmocka_unit_test(good_files_decode_to_the_same_masks_when_nobody_asks_for_places),
        cmocka_unit_test(the_reference_decodes_good_files_to_the_same_masks),
        cmocka_unit_test(good_files_count_as_their_masks),
        cmocka_unit_test(interlaced_equals_plain),
        cmocka_unit_test(palette_equals_grey),
        cmocka_unit_test(tiles_equal_strips),
        cmocka_unit_test(both_byte_orders_are_equal),
        cmocka_unit_test(bigtiff_equals_classic),
        cmocka_unit_test(filters_and_chunk_sizes_do_not_matter),
        cmocka_unit_test(codecs_are_equal),
        cmocka_unit_test(photometric_interpretation_does_not_change_values),
        cmocka_unit_test(bad_files_fail_with_one_line_and_leave_the_totals),
        cmocka_unit_test(bad_files_do_not_decode),
        cmocka_unit_test(the_reference_does_not_decode_bad_files_either),
        cmocka_unit_test(each_truncation_gives_one_error_and_unchanged_totals),
        cmocka_unit_test(a_failure_leaves_nothing_for_the_next_file),
        cmocka_unit_test(a_mask_larger_than_a_limit_is_refused),
        cmocka_unit_test(a_file_that_takes_too_long_is_refused_in_every_format),
        cmocka_unit_test(a_suffix_promises_its_format_in_any_case),
        cmocka_unit_test(the_suffixes_are_listed),
        cmocka_unit_test(formats_name_their_library),
    };
    return cmocka_run_group_tests(tests, load_expected, free_expected);
}
