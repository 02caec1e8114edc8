/* The laws of the mask decoders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count/reader.h"
#include "fuzz.h"

bool fuzz_all_settings;

/* Small, so that an input cannot ask for much time. */
static const struct mw_limits limits = {.max_pixels = 1 << 16,
                                        .max_row_bytes = 1 << 20,
                                        .max_directory = 1 << 20,
                                        .max_pages = 8,
                                        .max_values = 1 << 16};

/* --- A sink that watches the decoder ---------------------------------------------------------- */

struct watch {
    bool open; /* between begin and end */
    struct mw_layout layout;
    unsigned char *seen; /* [width x height] */
    uint64_t x, y, step; /* of the next pixels */
    bool placed;
    uint64_t left;          /* pixels of the mask that were not handed over */
    uint64_t masks, pixels; /* of the whole file */
    uint64_t plane_pixels;  /* of every plane of it */
    unsigned sum;           /* of all samples: every one of them can be read */
};

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    struct watch *watch = context;
    (void)err;
    REQUIRE(!watch->open && layout->width > 0 && layout->height > 0 && layout->channels > 0);
    REQUIRE(layout->bits > 0 && layout->bits <= 32 && (layout->bits & (layout->bits - 1)) == 0);
    watch->open = true;
    watch->layout = *layout;
    watch->left = (uint64_t)layout->width * layout->height;
    watch->seen = calloc(watch->left, 1);
    REQUIRE(watch->seen);
    return MW_OK;
}

static void on_at(void *context, uint32_t x, uint32_t y, uint32_t step) {
    struct watch *watch = context;
    REQUIRE(watch->open && step > 0);
    watch->x = x;
    watch->y = y;
    watch->step = step;
    watch->placed = true;
}

/* Every pixel lies in the mask and comes once. */
static void see(struct watch *watch, uint64_t count) {
    REQUIRE(watch->open && watch->placed && count <= watch->left);
    for (uint64_t i = 0, x = watch->x; i < count; i++, x += watch->step) {
        REQUIRE(x < watch->layout.width && watch->y < watch->layout.height);
        unsigned char *pixel = &watch->seen[watch->y * watch->layout.width + x];
        REQUIRE(!*pixel);
        *pixel = 1;
    }
    watch->left -= count;
    watch->placed = false;
}

static void on_pixels(void *context, const void *samples, size_t count) {
    struct watch *watch = context;
    see(watch, count);
    uint64_t bits = (uint64_t)count * watch->layout.channels * watch->layout.bits;
    for (uint64_t i = 0; i < (bits + 7) / 8; i++) watch->sum += ((const unsigned char *)samples)[i];
}

static void on_run(void *context, uint32_t pattern, uint64_t count) {
    (void)pattern;
    see(context, count);
}

static enum mw_status on_end(void *context, struct mw_error *err) {
    struct watch *watch = context;
    (void)err;
    REQUIRE(watch->open && watch->left == 0);
    watch->open = false;
    watch->masks++;
    uint64_t pixels = (uint64_t)watch->layout.width * watch->layout.height;
    watch->pixels += pixels;
    watch->plane_pixels += pixels * watch->layout.channels;
    free(watch->seen);
    watch->seen = NULL;
    return MW_OK;
}

static void on_note(void *context, enum mw_finding_code code) {
    (void)context;
    REQUIRE(code < MW_MASK_FINDINGS);
}

static enum mw_status watch_decoder(const struct mw_format *format, struct mw_input *input,
                                    struct watch *watch) {
    struct mw_sink sink = {watch, false, on_begin, on_at, on_pixels, on_run, on_end, on_note};
    struct mw_error err = {0};
    enum mw_status status = format->decode(input, &limits, &sink, &err);
    fuzz_check_error(status, &err);
    REQUIRE(status || (!watch->open && watch->masks > 0));
    free(watch->seen);
    return status;
}

/* --- Files into totals ------------------------------------------------------------------------ */

enum { SETTINGS = 5 };

/* One that takes what it can, one that refuses values, colours, instances, planes. */
static void make_settings(struct mw_labels labels[SETTINGS]) {
    struct mw_error err;
    enum mw_status status = MW_OK;
    labels[0] = (struct mw_labels){.unknown = MW_UNKNOWN_IGNORE, .nodata = MW_NODATA_COUNT};
    labels[1] = (struct mw_labels){.classes = 3};
    labels[2] = (struct mw_labels){.encoding = MW_ENCODING_RGB,
                                   .classes = 3,
                                   .unknown = MW_UNKNOWN_IGNORE,
                                   .transparent_ignored = true};
    labels[3] = (struct mw_labels){.encoding = MW_ENCODING_INSTANCE,
                                   .divisor = 1000,
                                   .unknown = MW_UNKNOWN_IGNORE,
                                   .reduce_zero = true,
                                   .nodata = MW_NODATA_USE};
    labels[4] = (struct mw_labels){
        .encoding = MW_ENCODING_PLANES, .unknown = MW_UNKNOWN_IGNORE, .nodata = MW_NODATA_USE};
    const struct mw_rule colours[] = {{0, 0, 0}, {0xff, 0xffff, 1}, {0x804080, 0x804080, 2}};
    for (size_t i = 0; i < 3 && !status; i++)
        status = mw_rules_add(&labels[2].values, colours[i], &err);
    for (size_t i = 0; i < SETTINGS && !status; i++) status = mw_labels_resolve(&labels[i], &err);
    REQUIRE(status == MW_OK);
}

/* Readers live as long as the program: a reader is made for many files. */
static struct mw_reader *readers(void) {
    static struct mw_labels labels[SETTINGS];
    static struct mw_reader list[SETTINGS];
    struct mw_error err;
    if (list[0].labels) return list;
    make_settings(labels);
    for (size_t i = 0; i < SETTINGS; i++)
        REQUIRE(mw_reader_init(&list[i], &labels[i], &limits, &err) == MW_OK);
    return list;
}

static enum mw_status count_bytes(struct mw_reader *reader, const void *bytes, size_t size,
                                  struct mw_counts *totals) {
    struct mw_text content = {.data = malloc(size ? size : 1), .length = size};
    struct mw_file file = {.path = "mask", .document_path = "mask", .content = &content};
    struct mw_error err = {0};
    uint64_t length;
    REQUIRE(content.data);
    if (size) memcpy(content.data, bytes, size); /* a sanitizer sees a read beyond */
    enum mw_status status = mw_reader_count(reader, &file, totals, &length, &err);
    fuzz_check_error(status, &err);
    free(content.data);
    return status;
}

/* What the totals hold after a mask with 4 pixels of class 0, and the input (none when `bytes` is NULL). */
static char *count_all(struct mw_reader *reader, const uint8_t *bytes, size_t size,
                       struct mw_counts *totals, enum mw_status *status) {
    struct mw_class_pixels four = {.pixels = 4, .valid_pixels = 4};
    struct mw_mask mask = {
        .multi_label = mw_labels_multi(reader->labels), .classes = &four, .count = 1, .pixels = 4};
    struct mw_error err;
    mw_counts_init(totals);
    totals->files = 1;
    REQUIRE(mw_counts_add_mask(totals, &mask, reader->labels, &err) == MW_OK);
    *status = bytes ? count_bytes(reader, bytes, size, totals) : MW_OK;
    REQUIRE(mw_counts_finish(totals, reader->labels, &err) == MW_OK);
    return fuzz_document_text(reader->labels, totals);
}

static uint64_t all_pixels(const struct mw_counts *counts) {
    return counts->pixels + counts->ignored_pixels + counts->unknown_pixels;
}

/* `watch` saw the input decoded with `decoded`. */
static void check_totals(struct mw_reader *reader, const uint8_t *bytes, size_t size,
                         const struct watch *watch, enum mw_status decoded) {
    struct mw_counts before, after, again;
    enum mw_status known, first, second;
    char *before_text = count_all(reader, NULL, 0, &before, &known);
    char *after_text = count_all(reader, bytes, size, &after, &first);
    char *again_text = count_all(reader, bytes, size, &again, &second);
    REQUIRE(first == second && strcmp(after_text, again_text) == 0);
    REQUIRE(decoded == MW_OK || first != MW_OK);
    if (first) REQUIRE(strcmp(before_text, after_text) == 0);
    bool planes = mw_labels_multi(reader->labels);
    uint64_t masks = planes ? 1 : watch->masks;
    uint64_t pixels = planes ? watch->plane_pixels : watch->pixels;
    if (!first)
        REQUIRE(after.files == 2 && after.masks == 1 + masks && all_pixels(&after) == 4 + pixels);
    cJSON_free(before_text);
    cJSON_free(after_text);
    cJSON_free(again_text);
    mw_counts_free(&before);
    mw_counts_free(&after);
    mw_counts_free(&again);
}

/* A number that every byte changes. */
static size_t sum_of(const uint8_t *bytes, size_t size) {
    size_t sum = size;
    for (size_t i = 0; i < size; i++) sum += bytes[i];
    return sum;
}

void fuzz_masks(const struct mw_format *format, const uint8_t *bytes, size_t size) {
    struct mw_input input = {0};
    struct mw_error err = {0};
    struct watch watch = {0};
    const struct mw_format *found = NULL;
    mw_input_memory(&input, bytes, size);
    enum mw_status status = mw_format_detect(&input, &found, &err);
    fuzz_check_error(status, &err);
    if (status == MW_OK && found == format) {
        status = watch_decoder(format, &input, &watch);
        for (size_t i = 0; i < SETTINGS; i++)
            if (fuzz_all_settings || sum_of(bytes, size) % SETTINGS == i)
                check_totals(&readers()[i], bytes, size, &watch, status);
    }
    mw_input_free(&input);
}
