/* The TIFF decoders against each other: libtiff and the fast way take and refuse the same files, and
 * count the same. One thing is known and allowed: of a Deflate stream that goes on behind the last row of
 * its block libtiff takes whatever libdeflate had written until it ran out of room, and does not look at
 * the Adler-32 (src/read/tiff_deflate.c). */
#include <stdlib.h>
#include <string.h>

#include "count/histogram.h"
#include "fuzz.h"
#include "read/kernels.h"

extern const struct mw_format mw_format_tiff;

enum { MOST_MASKS = 8 };

/* What a decoder made of a file: the histograms of its masks. */
struct outcome {
    struct mw_histogram histograms[MOST_MASKS];
    size_t masks; /* begun */
    enum mw_status status;
    struct mw_error err;
    unsigned notes;
};

static struct mw_histogram *current(struct outcome *outcome) {
    return &outcome->histograms[outcome->masks - 1];
}

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    struct outcome *outcome = context;
    (void)err;
    REQUIRE(outcome->masks < MOST_MASKS);
    outcome->masks++;
    mw_histogram_begin(current(outcome), layout);
    return MW_OK;
}

static void on_pixels(void *context, const void *samples, size_t count) {
    mw_histogram_pixels(current(context), samples, count);
}

static void on_run(void *context, uint32_t pattern, uint64_t count) {
    mw_histogram_run(current(context), pattern, count);
}

static enum mw_status on_end(void *context, struct mw_error *err) {
    return mw_histogram_end(current(context), err);
}

static void on_note(void *context, enum mw_finding_code code) {
    ((struct outcome *)context)->notes |= 1U << code;
}

static void decode(struct outcome *outcome, struct mw_input *input, const uint8_t *bytes,
                   size_t size, const struct mw_kernels *kernels, bool reference) {
    const struct mw_limits limits = {.max_pixels = 1 << 16,
                                     .max_row_bytes = 1 << 18,
                                     .max_directory = 1 << 20,
                                     .max_pages = MOST_MASKS,
                                     .max_values = 1 << 16,
                                     .max_whole = 1 << 18,
                                     .flat_from = size % 2 ? 0 : UINT32_MAX,
                                     .kernels = kernels,
                                     .reference = reference};
    struct mw_sink sink = {outcome, false, on_begin, NULL, on_pixels, on_run, on_end, on_note};
    outcome->masks = 0;
    outcome->notes = 0;
    mw_input_memory(input, bytes, size);
    outcome->status = mw_format_decode(&mw_format_tiff, input, &limits, &sink, &outcome->err);
    fuzz_check_error(outcome->status, &outcome->err);
    mw_input_close(input);
}

static uint64_t pixels_of(const struct mw_histogram *histogram, int64_t wanted) {
    int64_t value;
    uint64_t pixels;
    for (size_t cursor = 0; mw_histogram_next(histogram, &cursor, &value, &pixels);)
        if (value == wanted) return pixels;
    return 0;
}

/* Both add up to all pixels. */
static bool same_mask(const struct mw_histogram *a, const struct mw_histogram *b) {
    int64_t value;
    uint64_t pixels;
    if (a->layout.width != b->layout.width || a->layout.height != b->layout.height) return false;
    for (size_t cursor = 0, values = 0; mw_histogram_next(a, &cursor, &value, &pixels);)
        if (values++ < 64 && pixels_of(b, value) != pixels) return false;
    return true;
}

static bool same(const struct outcome *a, const struct outcome *b) {
    if (a->status != b->status || a->masks != b->masks) return false;
    for (size_t i = 0; i < a->masks && !a->status; i++)
        if (!same_mask(&a->histograms[i], &b->histograms[i])) return false;
    return a->status || a->notes == b->notes;
}

static void start(struct outcome *outcome) {
    struct mw_error err;
    for (size_t i = 0; i < MOST_MASKS; i++)
        REQUIRE(mw_histogram_init(&outcome->histograms[i], MW_DENSE_BINS, 65536, &err) == MW_OK);
}

/* Whether some directory may say Deflate: tag 259, a SHORT, 8 or 32946. */
static bool may_be_deflate(const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i + 16 <= size; i++) {
        bool little = memcmp(bytes + i, "\x03\x01\x03\x00", 4) == 0;
        if (!little && memcmp(bytes + i, "\x01\x03\x00\x03", 4) != 0) continue;
        for (size_t j = i + 8; j <= i + 12; j += 4) {
            unsigned code = little ? bytes[j] | bytes[j + 1] << 8 : bytes[j] << 8 | bytes[j + 1];
            if (code == 8 || code == 32946) return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static struct outcome reference, fast, plain;
    static struct mw_input input;
    if (!fast.histograms[0].dense) {
        start(&reference);
        start(&fast);
        start(&plain);
    }
    decode(&fast, &input, bytes, size, NULL, false);
    decode(&plain, &input, bytes, size, mw_kernels_find("scalar"), false);
    decode(&reference, &input, bytes, size, NULL, true);
    REQUIRE(same(&fast, &plain));
    if (same(&fast, &reference)) return 0;
    bool stricter = fast.status == MW_BROKEN && (strstr(fast.err.message, "Adler-32") ||
                                                 strstr(fast.err.message, "Deflate stream"));
    bool differs = fast.status == MW_OK && reference.status == MW_OK;
    REQUIRE(stricter || (differs && may_be_deflate(bytes, size)));
    return 0;
}
