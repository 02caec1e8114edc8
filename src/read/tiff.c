/* TIFF through libtiff's strip, scanline and tile interfaces, without any of its conversions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/format.h"
#include "read/tiff_client.h"
#include "read/tiff_page.h"

enum { WHOLE_STRIP_BYTES = 4 << 20 }; /* larger strips are decoded row by row */

struct tiff_reader {
    struct mw_tiff_client client;
    const struct mw_sink *sink;
    struct mw_error *err;
    bool sparse_checked; /* the page's lists of strips or tiles are complete */
    TIFF *tiff;
    struct mw_tiff_page page; /* the page at hand */
    unsigned char *buffer;    /* one strip, row or tile; of separate planes, that of each plane */
    uint64_t buffer_size;     /* bytes */
    unsigned char *joined;    /* one row of whole pixels, where those in `buffer` are not */
    uint64_t joined_size;     /* bytes */
};

static bool tiff_matches(const unsigned char head[MW_HEAD_SIZE], size_t length) {
    if (length < 4) return false;
    return memcmp(head, "II*\0", 4) == 0 || memcmp(head, "MM\0*", 4) == 0 ||
           memcmp(head, "II+\0", 4) == 0 || memcmp(head, "MM\0+", 4) == 0;
}

/* An integer of the file as its header says: 2, 4 or 8 bytes. */
static uint64_t stored_integer(const struct tiff_reader *reader, const uint8_t *bytes, int size) {
    uint64_t value = 0;
    for (int i = 0; i < size; i++)
        value = value << 8 | bytes[TIFFIsBigEndian(reader->tiff) ? i : size - 1 - i];
    return value;
}

/* How many values the directory at hand stores under a tag; 0 when it cannot be told. libtiff fills
 * a list that is too short with zeros and says nothing. */
static uint64_t stored_count(const struct tiff_reader *reader, uint16_t tag) {
    bool big = TIFFIsBigTIFF(reader->tiff);
    int head_size = big ? 8 : 2, entry_size = big ? 20 : 12;
    uint64_t offset = TIFFCurrentDirOffset(reader->tiff);
    uint8_t entry[20];
    struct mw_error ignored;
    if (mw_input_read(reader->client.input, offset, entry, (size_t)head_size, &ignored)) return 0;
    uint64_t entries = stored_integer(reader, entry, head_size);
    offset += (uint64_t)head_size;
    for (uint64_t i = 0; i < entries; i++, offset += (uint64_t)entry_size) {
        if (mw_input_read(reader->client.input, offset, entry, (size_t)entry_size, &ignored))
            return 0;
        if (stored_integer(reader, entry, 2) == tag)
            return stored_integer(reader, entry + 4, big ? 8 : 4);
    }
    return 0;
}

static uint32_t block_count(const struct tiff_reader *reader) {
    return TIFFIsTiled(reader->tiff) ? TIFFNumberOfTiles(reader->tiff)
                                     : TIFFNumberOfStrips(reader->tiff);
}

/* Whether strip or tile `index` is left out of the file, as GDAL does in sparse ones. A list of
 * strips that is too short looks alike and is an error. */
static enum mw_status check_sparse(struct tiff_reader *reader, uint32_t index, bool *sparse) {
    bool tiled = TIFFIsTiled(reader->tiff);
    *sparse = TIFFGetStrileOffset(reader->tiff, index) == 0 &&
              TIFFGetStrileByteCount(reader->tiff, index) == 0;
    if (!*sparse || reader->sparse_checked) return MW_OK;
    uint32_t wanted = block_count(reader);
    if (stored_count(reader, tiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS) < wanted ||
        stored_count(reader, tiled ? TIFFTAG_TILEBYTECOUNTS : TIFFTAG_STRIPBYTECOUNTS) < wanted)
        return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: the list of %s is too short",
                            tiled ? "tiles" : "strips");
    reader->sparse_checked = true;
    return MW_OK;
}

/* A rectangle of the mask, cropped to it. */
struct region {
    uint32_t x, y, width, height; /* pixels */
};

/* Whether `buffer` does not hold whole pixels as they are handed over. */
static bool needs_joining(const struct mw_tiff_page *page) {
    return page->planes > 1 || (page->stored_bits < 8 && page->layout.channels > 1);
}

/* Puts one row [count samples] of a plane into `joined`: its samples are those number `plane` of
 * the pixels; samples of less than a byte get a byte each. */
static void join_plane(const struct tiff_reader *reader, const unsigned char *row, unsigned plane,
                       size_t count) {
    unsigned bits = reader->page.stored_bits, planes = reader->page.planes;
    size_t size = bits / 8;
    unsigned char *out = reader->joined;
    for (size_t i = 0; i < count; i++) {
        size_t place = i * planes + plane, bit = i * bits;
        if (size) memcpy(out + place * size, row + i * size, size);
        else out[place] = row[bit / 8] >> (8 - bits - bit % 8) & ((1U << bits) - 1);
    }
}

/* Hands over the rows of a decoded block: `plane_bytes` a plane in rows of `row_bytes`. */
static enum mw_status send_rows(const struct tiff_reader *reader, const struct region *region,
                                uint64_t row_bytes, uint64_t plane_bytes) {
    const struct mw_sink *sink = reader->sink;
    const struct mw_tiff_page *page = &reader->page;
    size_t count = (size_t)region->width * page->layout.channels;
    for (uint32_t row = 0; row < region->height; row++) {
        unsigned char *samples = reader->buffer + row * row_bytes;
        enum mw_status status = MW_OK;
        for (unsigned plane = 0; needs_joining(page) && plane < page->planes; plane++)
            join_plane(reader, samples + plane * plane_bytes, plane, count / page->planes);
        if (needs_joining(page)) samples = reader->joined;
        if (page->float_bits) status = mw_tiff_page_round(page, samples, count, reader->err);
        if (status) return status;
        if (sink->at) sink->at(sink->context, region->x, region->y + row, 1);
        sink->pixels(sink->context, samples, region->width);
    }
    return MW_OK;
}

/* What a sparse file leaves out is nodata, else 0. */
static uint32_t fill_pattern(const struct mw_layout *layout) {
    uint64_t mask = (UINT64_C(1) << layout->bits) - 1;
    return layout->has_nodata ? (uint32_t)((uint64_t)layout->nodata & mask) : 0;
}

static void send_fill(const struct tiff_reader *reader, const struct region *region) {
    const struct mw_sink *sink = reader->sink;
    uint32_t pattern = fill_pattern(&reader->page.layout);
    for (uint32_t row = 0; row < region->height; row++) {
        if (sink->at) sink->at(sink->context, region->x, region->y + row, 1);
        sink->run(sink->context, pattern, region->width);
    }
}

static bool grow(unsigned char **memory, uint64_t *size, uint64_t wanted) {
    if (wanted <= *size) return true;
    free(*memory);
    *memory = malloc((size_t)wanted);
    *size = *memory ? wanted : 0;
    return *memory != NULL;
}

/* Makes room for one strip, row or tile of `size` bytes a plane, in rows of `row_bytes`. */
static enum mw_status reserve(struct tiff_reader *reader, uint64_t size, uint64_t row_bytes) {
    const struct mw_tiff_page *page = &reader->page;
    uint64_t wanted = size * page->planes;
    if (size == 0) return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: impossible size");
    enum mw_status status = mw_layout_check(&page->layout,
                                            wanted / page->planes == size ? wanted : UINT64_MAX,
                                            reader->client.limits, reader->err);
    if (status) return status;
    if (!grow(&reader->buffer, &reader->buffer_size, wanted)) return mw_error_memory(reader->err);
    uint64_t joined = row_bytes * page->planes *
                      (page->stored_bits < 8 ? 8 / page->stored_bits : 1);
    if (needs_joining(page) && !grow(&reader->joined, &reader->joined_size, joined))
        return mw_error_memory(reader->err);
    return MW_OK;
}

/* The status after a libtiff call that should have given `wanted` bytes and gave `got`. */
static enum mw_status decoded(struct tiff_reader *reader, tmsize_t got, uint64_t wanted) {
    if (reader->client.status) return reader->client.status;
    if (got >= 0 && (uint64_t)got >= wanted) return MW_OK;
    return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: pixels are missing");
}

/* Decodes one strip or tile of `size` bytes. */
static enum mw_status decode(struct tiff_reader *reader, uint32_t index, void *out, uint64_t size) {
    tmsize_t got = TIFFIsTiled(reader->tiff)
                       ? TIFFReadEncodedTile(reader->tiff, index, out, (tmsize_t)size)
                       : TIFFReadEncodedStrip(reader->tiff, index, out, (tmsize_t)size);
    return decoded(reader, got, size);
}

/* The sample that a sparse file leaves out, as stored; a byte holds several of less than 8 bits.
 * Returns its bytes. */
static size_t fill_sample(const struct mw_tiff_page *page, unsigned char sample[8]) {
    unsigned bits = page->stored_bits;
    uint32_t whole = fill_pattern(&page->layout);
    uint16_t half = (uint16_t)whole;
    double real = (double)(int32_t)whole;
    float narrow = (float)real;
    for (unsigned used = bits; used < 8; used += bits) whole |= whole << bits;
    if (page->float_bits == 64) memcpy(sample, &real, 8);
    else if (page->float_bits) memcpy(sample, &narrow, 4);
    else if (bits == 32) memcpy(sample, &whole, 4);
    else if (bits == 16) memcpy(sample, &half, 2);
    else sample[0] = (unsigned char)whole;
    return bits < 8 ? 1 : bits / 8;
}

/* Decodes the same strip or tile of every plane, one behind the other. */
static enum mw_status decode_planes(struct tiff_reader *reader, uint32_t index, uint64_t size) {
    uint32_t per_plane = block_count(reader) / reader->page.planes;
    for (unsigned plane = 0; plane < reader->page.planes; plane++) {
        unsigned char sample[8], *out = reader->buffer + plane * size;
        bool sparse;
        enum mw_status status = check_sparse(reader, per_plane * plane + index, &sparse);
        if (!status && !sparse) status = decode(reader, per_plane * plane + index, out, size);
        if (status) return status;
        size_t step = fill_sample(&reader->page, sample);
        for (uint64_t i = 0; sparse && i < size; i += step) memcpy(out + i, sample, step);
    }
    return MW_OK;
}

/* Hands over one strip or tile that is decoded at once: `size` bytes in rows of `row_bytes`, of each
 * plane. */
static enum mw_status send_block(struct tiff_reader *reader, uint32_t index,
                                 const struct region *region, uint64_t size, uint64_t row_bytes) {
    bool sparse;
    enum mw_status status = check_sparse(reader, index, &sparse);
    if (status) return status;
    if (sparse && reader->page.planes == 1) {
        send_fill(reader, region);
        return MW_OK;
    }
    status = decode_planes(reader, index, size);
    return status ? status : send_rows(reader, region, row_bytes, size);
}

static enum mw_status read_tiles(struct tiff_reader *reader) {
    uint32_t width = 0, height = 0;
    TIFFGetField(reader->tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(reader->tiff, TIFFTAG_TILELENGTH, &height);
    uint64_t size = TIFFTileSize64(reader->tiff), row_bytes = TIFFTileRowSize64(reader->tiff);
    enum mw_status status = reserve(reader, size, row_bytes);
    const struct mw_layout *layout = &reader->page.layout;
    uint32_t index = 0;
    for (uint64_t y = 0; y < layout->height && !status; y += height)
        for (uint64_t x = 0; x < layout->width && !status; x += width, index++) {
            struct region region = {(uint32_t)x, (uint32_t)y, width, height};
            if (layout->width - x < width) region.width = (uint32_t)(layout->width - x);
            if (layout->height - y < height) region.height = (uint32_t)(layout->height - y);
            status = send_block(reader, index, &region, size, row_bytes);
        }
    return status;
}

static enum mw_status read_strip_by_row(struct tiff_reader *reader, uint32_t index,
                                        const struct region *region, uint64_t row_bytes) {
    bool sparse;
    enum mw_status status = check_sparse(reader, index, &sparse);
    if (!status && sparse) send_fill(reader, region);
    for (uint32_t row = 0; !status && !sparse && row < region->height; row++) {
        struct region line = {0, region->y + row, region->width, 1};
        int ok = TIFFReadScanline(reader->tiff, reader->buffer, line.y, 0);
        status = decoded(reader, ok == 1 ? (tmsize_t)row_bytes : -1, row_bytes);
        if (!status) status = send_rows(reader, &line, row_bytes, row_bytes);
    }
    return status;
}

static enum mw_status read_strips(struct tiff_reader *reader) {
    const struct mw_layout *layout = &reader->page.layout;
    uint32_t height = 0;
    TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_ROWSPERSTRIP, &height);
    if (height == 0 || height > layout->height) height = layout->height;
    uint64_t row_bytes = TIFFScanlineSize64(reader->tiff);
    uint64_t strip_bytes = TIFFVStripSize64(reader->tiff, height);
    bool whole = (strip_bytes > 0 && strip_bytes <= WHOLE_STRIP_BYTES) || reader->page.planes > 1;
    enum mw_status status = reserve(reader, whole ? strip_bytes : row_bytes, row_bytes);
    uint32_t index = 0;
    for (uint64_t y = 0; !status && y < layout->height; y += height, index++) {
        struct region region = {0, (uint32_t)y, layout->width, height};
        if (layout->height - y < height) region.height = (uint32_t)(layout->height - y);
        status = whole ? send_block(reader, index, &region, region.height * row_bytes, row_bytes)
                       : read_strip_by_row(reader, index, &region, row_bytes);
    }
    return status;
}

static enum mw_status read_page(struct tiff_reader *reader) {
    const struct mw_sink *sink = reader->sink;
    const struct mw_layout *layout = &reader->page.layout;
    enum mw_status status = mw_tiff_page_read(&reader->page, reader->tiff, reader->err);
    if (!status) status = mw_layout_check(layout, 0, reader->client.limits, reader->err);
    if (status) return status;
    if (reader->page.min_is_white) sink->note(sink->context, MW_MIN_IS_WHITE);
    status = sink->begin(sink->context, layout, reader->err);
    if (status) return status;
    reader->sparse_checked = false;
    reader->client.decoding = true;
    status = TIFFIsTiled(reader->tiff) ? read_tiles(reader) : read_strips(reader);
    reader->client.decoding = false;
    if (!status) status = reader->client.status;
    return status ? status : sink->end(sink->context, reader->err);
}

/* Reduced-resolution copies and transparency masks are no label masks. */
static bool is_full_resolution(TIFF *tiff) {
    uint32_t type = 0;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &type);
    return (type & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0;
}

static enum mw_status read_pages(struct tiff_reader *reader) {
    uint32_t pages = 0, masks = 0;
    do {
        if (reader->client.status) return reader->client.status;
        if (++pages > reader->client.limits->max_pages)
            return mw_error_set(reader->err, MW_LIMIT, "more than %" PRIu32 " TIFF pages",
                                reader->client.limits->max_pages);
        if (!is_full_resolution(reader->tiff)) continue;
        enum mw_status status = read_page(reader);
        if (status) {
            if (pages > 1) mw_error_prefix(reader->err, "page %" PRIu32, pages);
            return status;
        }
        masks++;
    } while (!TIFFLastDirectory(reader->tiff) && TIFFReadDirectory(reader->tiff));
    if (!reader->client.status && !TIFFLastDirectory(reader->tiff))
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
    struct tiff_reader reader = {
        .client = {.input = input, .limits = limits, .err = err}, .sink = sink, .err = err};
    reader.tiff = mw_tiff_open(&reader.client);
    if (!reader.tiff && !reader.client.status)
        return mw_error_set(err, MW_BROKEN, "damaged TIFF: no directory can be read");
    if (!reader.tiff) return reader.client.status;
    enum mw_status status = read_pages(&reader);
    TIFFClose(reader.tiff);
    free(reader.buffer);
    free(reader.joined);
    return status;
}

/* TIFFGetVersion gives "LIBTIFF, Version 4.5.0" and lines of copyright. */
static void tiff_library(char *out, size_t size) {
    const char *text = TIFFGetVersion(), *version = strstr(text, "Version ");
    if (version) text = version + strlen("Version ");
    snprintf(out, size, "libtiff %.*s", (int)strcspn(text, "\n"), text);
}

const struct mw_format mw_format_tiff = {
    .name = "TIFF",
    .suffixes = {"tif", "tiff", NULL},
    .matches = tiff_matches,
    .decode = tiff_decode,
    .library = tiff_library,
};
