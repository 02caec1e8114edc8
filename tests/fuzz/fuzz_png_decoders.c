/* The PNG decoders against each other: libpng and the fast way, as a whole, in blocks and by edges, take
 * and refuse the same files, and count the same. Two things are known and allowed:
 *
 * - libpng stops reading when it has the last row, so that it can miss what is wrong behind it when
 *   the end of the stream lies in other chunks. Such a file is given to it again in one IDAT.
 * - libdeflate takes a code that has one word only as if it had two, and the four symbols that
 *   deflate reserves, which zlib refuses. No encoder writes either; all else is right then, the
 *   Adler-32 included. */
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "count/histogram.h"
#include "count/labels.h"
#include "fuzz.h"
#include "read/kernels.h"

extern const struct mw_format mw_format_png;

struct outcome {
    struct mw_histogram histogram;
    uint32_t palette[256]; /* the layout's own holds until `end` only */
    enum mw_status status;
    struct mw_error err;
    unsigned notes;
};

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    struct outcome *outcome = context;
    (void)err;
    outcome->histogram.skip_transparent = layout->height % 2;
    mw_histogram_begin(&outcome->histogram, layout);
    for (uint32_t i = 0; i < layout->palette_entries; i++) outcome->palette[i] = layout->palette[i];
    return MW_OK;
}

static void on_pixels(void *context, const void *samples, size_t count) {
    mw_histogram_pixels(&((struct outcome *)context)->histogram, samples, count);
}

static void on_run(void *context, uint32_t pattern, uint64_t count) {
    mw_histogram_run(&((struct outcome *)context)->histogram, pattern, count);
}

static enum mw_status on_end(void *context, struct mw_error *err) {
    return mw_histogram_end(&((struct outcome *)context)->histogram, err);
}

static void on_note(void *context, enum mw_finding_code code) {
    ((struct outcome *)context)->notes |= 1U << code;
}

static void decode(struct outcome *outcome, struct mw_input *input, const uint8_t *bytes,
                   size_t size, uint64_t max_whole, bool flat, bool reference) {
    struct mw_limits limits = {.max_pixels = 1 << 20,
                               .max_row_bytes = 1 << 20,
                               .max_values = 1 << 20,
                               .max_whole = max_whole,
                               .flat_from = flat ? 0 : UINT32_MAX,
                               .reference = reference,
                               .kernels = mw_kernels[size % mw_kernels_count]};
    if (!limits.kernels->works()) limits.kernels = NULL;
    struct mw_sink sink = {outcome, false, on_begin, NULL, on_pixels, on_run, on_end, on_note};
    outcome->notes = 0;
    mw_input_memory(input, bytes, size);
    outcome->status = mw_format_decode(&mw_format_png, input, &limits, &sink, &outcome->err);
    fuzz_check_error(outcome->status, &outcome->err);
    mw_input_close(input);
}

static bool counts(const struct mw_histogram *histogram, int64_t value, uint64_t pixels) {
    if (value < MW_DENSE_BINS) return histogram->dense[value] == pixels;
    for (size_t i = 0; i < histogram->sparse_capacity; i++)
        if (histogram->sparse_keys[i] == value && histogram->sparse_sums[i])
            return histogram->sparse_sums[i] == pixels;
    return false;
}

static bool same(const struct outcome *a, const struct outcome *b) {
    int64_t value;
    uint64_t pixels;
    if (a->status != b->status) return false;
    if (a->status) return true;
    const struct mw_layout *left = &a->histogram.layout, *right = &b->histogram.layout;
    if (left->width != right->width || left->bits != right->bits ||
        left->channels != right->channels || left->palette_entries != right->palette_entries ||
        a->notes != b->notes || a->histogram.transparent != b->histogram.transparent)
        return false;
    for (uint32_t i = 0; i < left->palette_entries; i++)
        if (a->palette[i] != b->palette[i]) return false;
    for (size_t cursor = 0; mw_histogram_next(&a->histogram, &cursor, &value, &pixels);)
        if (!counts(&b->histogram, value, pixels)) return false;
    return true; /* both add up to all pixels */
}

/* zlib refuses what libdeflate takes. */
static bool reserved(const struct outcome *outcome) {
    static const char *const reasons[] = {"invalid distance code", "invalid literal/length code",
                                          "too many length or distance symbols",
                                          "invalid code lengths set"};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strstr(outcome->err.message, reasons[i])) return true;
    return false;
}

static uint32_t big_endian(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put_big_endian(uint8_t *bytes, uint32_t value) {
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Joins the IDAT chunks that follow each other into one. Returns the new size; the file is known to be
 * whole, chunk by chunk. */
static size_t join(uint8_t *out, const uint8_t *bytes, size_t size) {
    size_t made = 8;
    uint8_t *data = NULL; /* the chunk that grows */
    memcpy(out, bytes, 8);
    for (size_t at = 8, whole; at + 12 <= size; at += whole) {
        size_t length = big_endian(bytes + at);
        bool idat = memcmp(bytes + at + 4, "IDAT", 4) == 0;
        whole = length + 12;
        if (length > size || whole > size - at) break;
        if (!idat || !data) {
            data = idat ? out + made : NULL;
            memcpy(out + made, bytes + at, whole);
            made += whole;
        } else {
            memcpy(out + made - 4, bytes + at + 8, length);
            made += length;
            put_big_endian(data, (uint32_t)(out + made - data - 12));
            put_big_endian(out + made - 4,
                           libdeflate_crc32(0, data + 4, (size_t)(out + made - data - 8)));
        }
    }
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static struct outcome reference, whole, blocks, edges;
    static struct mw_input input;
    struct mw_error err;
    if (size < 8 || memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) != 0) return 0;
    if (!whole.histogram.dense)
        REQUIRE(
            mw_histogram_init(&reference.histogram, MW_DENSE_BINS, MW_MAX_CLASSES, &err) == MW_OK &&
            mw_histogram_init(&whole.histogram, MW_DENSE_BINS, MW_MAX_CLASSES, &err) == MW_OK &&
            mw_histogram_init(&blocks.histogram, MW_DENSE_BINS, MW_MAX_CLASSES, &err) == MW_OK &&
            mw_histogram_init(&edges.histogram, MW_DENSE_BINS, MW_MAX_CLASSES, &err) == MW_OK);
    decode(&whole, &input, bytes, size, 1 << 24, false, false);
    decode(&blocks, &input, bytes, size, 0, false, false);
    decode(&edges, &input, bytes, size, 0, true, false);
    decode(&reference, &input, bytes, size, 0, false, true);
    REQUIRE(same(&edges, &blocks));
    if (whole.status == MW_OK && blocks.status && reserved(&blocks)) return 0;
    REQUIRE(same(&whole, &blocks));
    if (same(&blocks, &reference)) return 0;
    REQUIRE(reference.status == MW_OK && blocks.status == MW_BROKEN);
    uint8_t *joined = malloc(size);
    REQUIRE(joined);
    size = join(joined, bytes, size);
    decode(&reference, &input, joined, size, 0, false, true);
    free(joined);
    REQUIRE(reference.status == MW_BROKEN);
    return 0;
}
