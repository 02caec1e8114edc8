#include "read/format.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

const struct mw_limits mw_limits_default = {
    .max_pixels = UINT64_C(1) << 34,
    .max_row_bytes = UINT64_C(256) << 20,
    .max_directory = UINT64_C(32) << 20,
    .max_pages = 65536,
    .max_member = UINT64_C(1) << 30,
    .max_members = UINT64_C(1) << 27,
    .max_values = UINT32_C(1) << 20,
    .max_places = MW_FINDING_PLACES,
    .max_whole = UINT64_C(32) << 20,
    .flat_from = 45,
};

/* A new format is one more name in each of these two lists. */
extern const struct mw_format mw_format_png, mw_format_tiff, mw_format_npy, mw_format_netpbm;
const struct mw_format *const mw_formats[] = {&mw_format_png, &mw_format_tiff, &mw_format_npy,
                                              &mw_format_netpbm};
const size_t mw_format_count = sizeof mw_formats / sizeof mw_formats[0];

/* What people leave under a mask's name. */
static const struct impostor {
    size_t offset;
    const char *bytes;
    size_t length;
    const char *what; /* completes "not a mask: " */
} impostors[] = {
    {0, "\xff\xd8\xff", 3, "JPEG, which changes label values: export the masks as PNG or TIFF"},
    {0, "GIF8", 4, "GIF: convert it to PNG without changing the palette"},
    {0, "BM", 2, "BMP: convert it to PNG"},
    {8, "WEBP", 4, "WebP: export the masks as PNG or TIFF"},
    {0, "version https:/", 15, "a Git LFS pointer: run `git lfs pull`"},
    {0, "<", 1, "HTML or XML, perhaps an error page saved by a download"},
    {0, "{", 1,
     "JSON: a document that maskweight wrote is a source of its own, not part of a list "
     "or directory"},
    {0, "[", 1,
     "a JSON list, as --format list writes it: only what --format json wrote is a source"},
    {0, "id,name,pixels", 14,
     "the CSV that maskweight writes: only what --format json wrote is a source"},
    {0, "\x1f\x8b", 2, "gzip: unpack it first"},
    {0, "PK\3\4", 4, "a zip archive: unpack it first"},
};

/* A transfer in text mode changes line ends or high bits; most of the signature is still there. */
static bool resembles_png(const unsigned char head[MW_HEAD_SIZE]) {
    static const unsigned char signature[8] = "\x89PNG\r\n\x1a\n";
    unsigned same = 0;
    for (size_t i = 0; i < sizeof signature; i++) same += head[i] == signature[i];
    return same >= 6 || memcmp(head + 1, "PNG", 3) == 0;
}

static enum mw_status refuse_unknown(const unsigned char head[MW_HEAD_SIZE], struct mw_error *err) {
    for (size_t i = 0; i < sizeof impostors / sizeof impostors[0]; i++) {
        const struct impostor *known = &impostors[i];
        if (memcmp(head + known->offset, known->bytes, known->length) == 0)
            return mw_error_set(err, MW_REFUSED, "not a mask: %s", known->what);
    }
    if (resembles_png(head))
        return mw_error_set(err, MW_BROKEN,
                            "damaged PNG: the signature is wrong, perhaps from a transfer in text "
                            "mode");
    return mw_error_set(err, MW_REFUSED, "not a mask: none of the known formats by its content");
}

enum mw_status mw_format_detect(struct mw_input *input, const struct mw_format **format,
                                struct mw_error *err) {
    unsigned char head[MW_HEAD_SIZE] = {0};
    size_t length = input->size < MW_HEAD_SIZE ? (size_t)input->size : MW_HEAD_SIZE;
    if (length == 0) return mw_error_set(err, MW_BROKEN, "the file is empty");
    enum mw_status status = mw_input_read(input, 0, head, length, err);
    if (status) return status;
    for (size_t i = 0; i < mw_format_count; i++) {
        if (!mw_formats[i]->matches(head, length)) continue;
        *format = mw_formats[i];
        return MW_OK;
    }
    return refuse_unknown(head, err);
}

enum mw_status mw_format_decode(const struct mw_format *format, struct mw_input *input,
                                const struct mw_limits *limits, const struct mw_sink *sink,
                                struct mw_error *err) {
    bool reference = limits->reference && format->reference;
    return reference ? format->reference(input, limits, sink, err)
                     : format->decode(input, limits, sink, err);
}

const struct mw_format *mw_format_by_suffix(const char *name) {
    const char *dot = strrchr(name, '.');
    if (!dot) return NULL;
    for (size_t i = 0; i < mw_format_count; i++)
        for (size_t j = 0; mw_formats[i]->suffixes[j]; j++)
            if (strcasecmp(dot + 1, mw_formats[i]->suffixes[j]) == 0) return mw_formats[i];
    return NULL;
}

void mw_format_add_names(struct mw_text *text) {
    for (size_t i = 0; i < mw_format_count; i++)
        mw_text_print(text, "%s%s",
                      i == 0                    ? ""
                      : i + 1 < mw_format_count ? ", "
                                                : " and ",
                      mw_formats[i]->name);
}

void mw_format_add_suffixes(struct mw_text *text) {
    for (size_t i = 0; i < mw_format_count; i++)
        for (size_t j = 0; mw_formats[i]->suffixes[j]; j++)
            mw_text_print(text, "%s.%s", (i || j) ? ", " : "", mw_formats[i]->suffixes[j]);
}

bool mw_layout_is_plural(const struct mw_layout *layout) {
    return !layout->is_colour && layout->channels > (layout->has_alpha ? 2 : 1);
}

enum mw_status mw_layout_check(const struct mw_layout *layout, uint64_t row_bytes,
                               const struct mw_limits *limits, struct mw_error *err) {
    if (layout->width == 0 || layout->height == 0)
        return mw_error_set(err, MW_BROKEN, "the image is %" PRIu32 " x %" PRIu32 " pixels",
                            layout->width, layout->height);
    uint64_t pixels = (uint64_t)layout->width * layout->height;
    if (pixels > limits->max_pixels)
        return mw_error_set(err, MW_LIMIT,
                            "%" PRIu32 " x %" PRIu32 " pixels are more than --max-pixels %" PRIu64,
                            layout->width, layout->height, limits->max_pixels);
    if (row_bytes > limits->max_row_bytes)
        return mw_error_set(err, MW_LIMIT,
                            "a row, strip or tile of %" PRIu64
                            " bytes is more than --max-row-bytes %" PRIu64,
                            row_bytes, limits->max_row_bytes);
    return MW_OK;
}

/* A mask begins: that was the question, and the decoder may stop. */
static enum mw_status stop_at_begin(void *context, const struct mw_layout *layout,
                                    struct mw_error *err) {
    (void)layout;
    *(bool *)context = true;
    return mw_error_set(err, MW_REFUSED, "a mask");
}

static void ignore_note(void *context, enum mw_finding_code code) {
    (void)context;
    (void)code;
}

enum mw_status mw_format_is_mask(const char *path, bool *is_mask, struct mw_error *err) {
    struct mw_input input = {0};
    const struct mw_format *format = NULL;
    struct mw_sink sink = {.context = is_mask, .begin = stop_at_begin, .note = ignore_note};
    *is_mask = false;
    enum mw_status status = mw_input_open(&input, path, err);
    if (!status) status = mw_format_detect(&input, &format, err);
    if (!status && format)
        status = mw_format_decode(format, &input, &mw_limits_default, &sink, err);
    mw_input_free(&input);
    return status == MW_IO || status == MW_NO_MEMORY ? status : MW_OK;
}
