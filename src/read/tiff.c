/* TIFF: libtiff reads the directories; the pixels of each page come the fast way (tiff_fast) where that
 * holds, else through libtiff as well (tiff_reference). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "read/tiff_fast.h"
#include "read/tiff_reference.h"

static bool tiff_matches(const unsigned char head[MW_HEAD_SIZE], size_t length) {
    if (length < 4) return false;
    return memcmp(head, "II*\0", 4) == 0 || memcmp(head, "MM\0*", 4) == 0 ||
           memcmp(head, "II+\0", 4) == 0 || memcmp(head, "MM\0+", 4) == 0;
}

static enum mw_status read_blocks(struct mw_tiff_reader *reader) {
    enum mw_status status = mw_tiff_grid_read(reader);
    if (status) return status;
    return mw_tiff_fast_holds(reader) ? mw_tiff_fast_blocks(reader)
                                      : mw_tiff_reference_blocks(reader);
}

static enum mw_status read_page(struct mw_tiff_reader *reader, uint32_t number) {
    const struct mw_sink *sink = reader->sink;
    const struct mw_layout *layout = &reader->page.layout;
    enum mw_status status = mw_tiff_page_read(&reader->page, reader->tiff, reader->err);
    reader->page.layout.page = number;
    if (!status) status = mw_layout_check(layout, 0, reader->client.limits, reader->err);
    if (status) return status;
    if (reader->page.min_is_white) sink->note(sink->context, MW_MIN_IS_WHITE);
    status = sink->begin(sink->context, layout, reader->err);
    if (status) return status;
    reader->client.decoding = true;
    status = read_blocks(reader);
    reader->client.decoding = false;
    if (!status) status = reader->client.status;
    return status ? status : sink->end(sink->context, reader->err);
}

/* Reduced-resolution copies and transparency masks are no label masks. */
static bool is_full_resolution(TIFF *tiff) {
    uint32_t type = 0;
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &type);
    return (type & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0;
}

static enum mw_status read_pages(struct mw_tiff_reader *reader) {
    uint32_t pages = 0, masks = 0;
    do {
        if (reader->client.status) return reader->client.status;
        if (++pages > reader->client.limits->max_pages)
            return mw_error_set(reader->err, MW_LIMIT, "more TIFF pages than --max-pages %" PRIu32,
                                reader->client.limits->max_pages);
        if (!is_full_resolution(reader->tiff)) continue;
        enum mw_status status = read_page(reader, pages - 1);
        if (status) {
            if (pages > 1) mw_error_prefix(reader->err, "page %" PRIu32, pages);
            return status;
        }
        masks++;
    } while (!mw_tiff.LastDirectory(reader->tiff) && mw_tiff_next(&reader->client, reader->tiff));
    if (!reader->client.status && !mw_tiff.LastDirectory(reader->tiff))
        return mw_error_set(reader->err, MW_BROKEN,
                            "damaged TIFF: page %" PRIu32 " has no directory of its own: a loop",
                            pages + 1);
    if (!reader->client.status && masks == 0)
        return mw_error_set(reader->err, MW_REFUSED,
                            "no full-resolution page: only reduced images or transparency masks");
    return reader->client.status;
}

static enum mw_status tiff_decode(struct mw_input *input, const struct mw_limits *limits,
                                  const struct mw_sink *sink, struct mw_error *err) {
    struct mw_tiff_reader reader = {
        .client = {.input = input, .limits = limits, .err = err}, .sink = sink, .err = err};
    reader.tiff = mw_tiff_open(&reader.client);
    if (!reader.tiff && !reader.client.status)
        return mw_error_set(err, MW_BROKEN, "damaged TIFF: no directory can be read");
    if (!reader.tiff) return reader.client.status;
    enum mw_status status = read_pages(&reader);
    mw_tiff_close(&reader.client, reader.tiff);
    mw_tiff_reference_free(&reader);
    return status;
}

static enum mw_status tiff_reference(struct mw_input *input, const struct mw_limits *limits,
                                     const struct mw_sink *sink, struct mw_error *err) {
    struct mw_limits slow = *limits;
    slow.reference = true;
    return tiff_decode(input, &slow, sink, err);
}

/* TIFFGetVersion gives "LIBTIFF, Version 4.5.0" and lines of copyright. */
static void tiff_library(char *out, size_t size) {
    struct mw_error err;
    if (mw_tiff_load(&err)) {
        snprintf(out, size, "no libtiff");
        return;
    }
    const char *text = mw_tiff.GetVersion(), *version = strstr(text, "Version ");
    if (version) text = version + strlen("Version ");
    snprintf(out, size, "libtiff %.*s", (int)strcspn(text, "\n"), text);
}

const struct mw_format mw_format_tiff = {
    .name = "TIFF",
    .suffixes = {"tif", "tiff", NULL},
    .part = "page",
    .matches = tiff_matches,
    .decode = tiff_decode,
    .reference = tiff_reference,
    .library = tiff_library,
};
