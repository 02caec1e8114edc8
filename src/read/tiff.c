/* TIFF through libtiff's strip, scanline and tile interfaces, without any of its conversions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/format.h"
#include "read/tiff_client.h"

enum {
    TAG_GDAL_NODATA =
        42113, /* GDAL: the value of missing pixels, and so of sparse tiles, as text */
    WHOLE_STRIP_BYTES = 4 << 20 /* larger strips are decoded row by row */
};

struct tiff_reader {
    struct mw_tiff_client client;
    const struct mw_sink *sink;
    struct mw_error *err;
    bool sparse_checked; /* the page's lists of strips or tiles are complete */
    TIFF *tiff;
    struct mw_layout layout; /* of the page at hand */
    unsigned char *buffer;   /* one strip, row or tile */
    uint64_t buffer_size;    /* bytes */
};

#define LOSSY "is lossy: label values may have changed; export the masks with LZW or Deflate"
#define MAYBE_LOSSY                                                                                \
    "may be lossy: label values may have changed; export the masks with LZW or Deflate"

/* Compressions that libtiff may know. `why` says what is wrong with those that are refused. */
static const struct codec {
    uint16_t code;
    const char *name;
    const char *why; /* NULL: keeps values exactly, allowed */
} codecs[] = {
    {COMPRESSION_NONE, "none", NULL},
    {COMPRESSION_LZW, "LZW", NULL},
    {COMPRESSION_ADOBE_DEFLATE, "Deflate", NULL},
    {COMPRESSION_DEFLATE, "Deflate", NULL},
    {COMPRESSION_PACKBITS, "PackBits", NULL},
    {COMPRESSION_ZSTD, "ZSTD", NULL},
    {COMPRESSION_LZMA, "LZMA", NULL},
    {COMPRESSION_CCITTRLE, "CCITT RLE", NULL},
    {COMPRESSION_CCITTRLEW, "CCITT RLE/W", NULL},
    {COMPRESSION_CCITTFAX3, "CCITT Group 3", NULL},
    {COMPRESSION_CCITTFAX4, "CCITT Group 4", NULL},
    {COMPRESSION_OJPEG, "old JPEG", LOSSY},
    {COMPRESSION_JPEG, "JPEG", LOSSY},
    {COMPRESSION_WEBP, "WebP", MAYBE_LOSSY},
    {COMPRESSION_LERC, "LERC", MAYBE_LOSSY},
    {COMPRESSION_JP2000, "JPEG 2000", MAYBE_LOSSY},
    {COMPRESSION_JXL, "JPEG XL", MAYBE_LOSSY},
};

static bool tiff_matches(const unsigned char head[MW_HEAD_SIZE], size_t length) {
    if (length < 4) return false;
    return memcmp(head, "II*\0", 4) == 0 || memcmp(head, "MM\0*", 4) == 0 ||
           memcmp(head, "II+\0", 4) == 0 || memcmp(head, "MM\0+", 4) == 0;
}

static enum mw_status refuse(struct tiff_reader *reader, const char *what) {
    return mw_error_set(reader->err, MW_REFUSED, "%s", what);
}

static enum mw_status check_codec(struct tiff_reader *reader) {
    uint16_t code = COMPRESSION_NONE;
    TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_COMPRESSION, &code);
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        if (codecs[i].code != code) continue;
        if (codecs[i].why)
            return mw_error_set(reader->err, MW_REFUSED, "%s compression %s", codecs[i].name,
                                codecs[i].why);
        if (TIFFIsCODECConfigured(code)) return MW_OK;
        return mw_error_set(reader->err, MW_REFUSED, "libtiff was built without %s compression",
                            codecs[i].name);
    }
    return mw_error_set(reader->err, MW_REFUSED, "TIFF compression %u is not known",
                        (unsigned)code);
}

static enum mw_status check_samples(struct tiff_reader *reader, unsigned samples, unsigned bits,
                                    unsigned format) {
    if (samples != 1)
        return mw_error_set(reader->err, MW_REFUSED,
                            "%u samples per pixel: a mask needs one value per pixel", samples);
    if (format == SAMPLEFORMAT_IEEEFP)
        return refuse(reader, "floating-point samples: save the masks as integers");
    if (format > SAMPLEFORMAT_VOID) return refuse(reader, "complex samples are not labels");
    if (bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32) return MW_OK;
    return mw_error_set(reader->err, MW_REFUSED,
                        "%u bits per sample: only 1, 2, 4, 8, 16 and 32 can be counted", bits);
}

/* Fills reader->layout from the directory at hand. */
static enum mw_status read_layout(struct tiff_reader *reader) {
    uint16_t samples = 1, bits = 1, format = SAMPLEFORMAT_UINT,
             photometric = PHOTOMETRIC_MINISBLACK;
    uint32_t width = 0, height = 0, depth = 1;
    TIFF *tiff = reader->tiff;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_IMAGEDEPTH, &depth);
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &format);
    TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric);
    enum mw_status status = check_codec(reader);
    if (!status) status = check_samples(reader, samples, bits, format);
    if (!status && depth != 1) status = refuse(reader, "a volume (ImageDepth), not a mask");
    if (status) return status;
    if (photometric == PHOTOMETRIC_MINISWHITE)
        reader->sink->note(reader->sink->context, MW_MIN_IS_WHITE);
    reader->layout = (struct mw_layout){
        .width = width,
        .height = height,
        .bits = bits,
        .channels = 1,
        .palette_entries = photometric == PHOTOMETRIC_PALETTE && bits <= 16 ? 1U << bits : 0,
        .is_signed = format == SAMPLEFORMAT_INT,
    };
    return MW_OK;
}

/* The stored value of tiles and strips that a sparse file leaves out: GDAL's nodata value where it
 * is a whole number, else 0. */
static uint32_t sparse_pattern(const struct tiff_reader *reader) {
    const TIFFField *field = TIFFFindField(reader->tiff, TAG_GDAL_NODATA, TIFF_ANY);
    uint32_t count = 0;
    const char *text = NULL;
    double value = 0;
    if (!field || TIFFFieldDataType(field) != TIFF_ASCII || !TIFFFieldPassCount(field) ||
        !TIFFGetField(reader->tiff, TAG_GDAL_NODATA, &count, &text) || !text)
        return 0;
    char copy[32] = "";
    memcpy(copy, text, count < sizeof copy ? count : sizeof copy - 1);
    copy[strcspn(copy, " ")] = '\0';
    double span = (double)(UINT64_C(1) << reader->layout.bits);
    double least = reader->layout.is_signed ? -span / 2 : 0;
    if (!mw_real_parse(copy, &value) || value < least || value >= least + span) return 0;
    int64_t whole = (int64_t)value;
    return (double)whole == value ? (uint32_t)whole & (uint32_t)(span - 1) : 0;
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

/* Whether strip or tile `index` is left out of the file, as GDAL does in sparse ones. A list of
 * strips that is too short looks alike and is an error. */
static enum mw_status check_sparse(struct tiff_reader *reader, uint32_t index, bool *sparse) {
    bool tiled = TIFFIsTiled(reader->tiff);
    *sparse = TIFFGetStrileOffset(reader->tiff, index) == 0 &&
              TIFFGetStrileByteCount(reader->tiff, index) == 0;
    if (!*sparse || reader->sparse_checked) return MW_OK;
    uint32_t wanted = tiled ? TIFFNumberOfTiles(reader->tiff) : TIFFNumberOfStrips(reader->tiff);
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

static void send_rows(const struct tiff_reader *reader, const struct region *region,
                      uint64_t row_bytes) {
    const struct mw_sink *sink = reader->sink;
    for (uint32_t row = 0; row < region->height; row++) {
        if (sink->at) sink->at(sink->context, region->x, region->y + row, 1);
        sink->pixels(sink->context, reader->buffer + row * row_bytes, region->width);
    }
}

static void send_fill(const struct tiff_reader *reader, const struct region *region) {
    const struct mw_sink *sink = reader->sink;
    uint32_t pattern = sparse_pattern(reader);
    for (uint32_t row = 0; row < region->height; row++) {
        if (sink->at) sink->at(sink->context, region->x, region->y + row, 1);
        sink->run(sink->context, pattern, region->width);
    }
}

/* Makes room for one strip, row or tile. */
static enum mw_status reserve(struct tiff_reader *reader, uint64_t size) {
    if (size == 0) return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: impossible size");
    enum mw_status status =
        mw_layout_check(&reader->layout, size, reader->client.limits, reader->err);
    if (status || size <= reader->buffer_size) return status;
    free(reader->buffer);
    reader->buffer = malloc((size_t)size);
    reader->buffer_size = reader->buffer ? size : 0;
    return reader->buffer ? MW_OK : mw_error_memory(reader->err);
}

/* The status after a libtiff call that should have given `wanted` bytes and gave `got`. */
static enum mw_status decoded(struct tiff_reader *reader, tmsize_t got, uint64_t wanted) {
    if (reader->client.status) return reader->client.status;
    if (got >= 0 && (uint64_t)got >= wanted) return MW_OK;
    return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: pixels are missing");
}

static enum mw_status read_tile(struct tiff_reader *reader, uint32_t index,
                                const struct region *region, uint64_t tile_bytes) {
    bool sparse;
    enum mw_status status = check_sparse(reader, index, &sparse);
    if (status) return status;
    if (sparse) {
        send_fill(reader, region);
        return MW_OK;
    }
    tmsize_t got = TIFFReadEncodedTile(reader->tiff, index, reader->buffer, (tmsize_t)tile_bytes);
    status = decoded(reader, got, tile_bytes);
    if (!status) send_rows(reader, region, TIFFTileRowSize64(reader->tiff));
    return status;
}

static enum mw_status read_tiles(struct tiff_reader *reader) {
    uint32_t width = 0, height = 0;
    TIFFGetField(reader->tiff, TIFFTAG_TILEWIDTH, &width);
    TIFFGetField(reader->tiff, TIFFTAG_TILELENGTH, &height);
    uint64_t tile_bytes = TIFFTileSize64(reader->tiff);
    enum mw_status status = reserve(reader, tile_bytes);
    if (status) return status;
    const struct mw_layout *layout = &reader->layout;
    uint32_t index = 0;
    for (uint64_t y = 0; y < layout->height; y += height)
        for (uint64_t x = 0; x < layout->width; x += width, index++) {
            struct region region = {(uint32_t)x, (uint32_t)y, width, height};
            if (layout->width - x < width) region.width = (uint32_t)(layout->width - x);
            if (layout->height - y < height) region.height = (uint32_t)(layout->height - y);
            if ((status = read_tile(reader, index, &region, tile_bytes))) return status;
        }
    return MW_OK;
}

static enum mw_status read_whole_strip(struct tiff_reader *reader, uint32_t index,
                                       const struct region *region, uint64_t row_bytes) {
    uint64_t wanted = region->height * row_bytes;
    tmsize_t got = TIFFReadEncodedStrip(reader->tiff, index, reader->buffer, (tmsize_t)wanted);
    enum mw_status status = decoded(reader, got, wanted);
    if (!status) send_rows(reader, region, row_bytes);
    return status;
}

static enum mw_status read_strip_by_row(struct tiff_reader *reader, const struct region *region,
                                        uint64_t row_bytes) {
    for (uint32_t row = 0; row < region->height; row++) {
        int ok = TIFFReadScanline(reader->tiff, reader->buffer, region->y + row, 0);
        enum mw_status status = decoded(reader, ok == 1 ? (tmsize_t)row_bytes : -1, row_bytes);
        if (status) return status;
        send_rows(reader, &(struct region){0, region->y + row, region->width, 1}, row_bytes);
    }
    return MW_OK;
}

static enum mw_status read_strips(struct tiff_reader *reader) {
    const struct mw_layout *layout = &reader->layout;
    uint32_t height = 0;
    TIFFGetFieldDefaulted(reader->tiff, TIFFTAG_ROWSPERSTRIP, &height);
    if (height == 0 || height > layout->height) height = layout->height;
    uint64_t row_bytes = TIFFScanlineSize64(reader->tiff);
    uint64_t strip_bytes = TIFFVStripSize64(reader->tiff, height);
    bool whole = strip_bytes > 0 && strip_bytes <= WHOLE_STRIP_BYTES;
    enum mw_status status = reserve(reader, whole ? strip_bytes : row_bytes);
    uint32_t index = 0;
    for (uint64_t y = 0; !status && y < layout->height; y += height, index++) {
        struct region region = {0, (uint32_t)y, layout->width, height};
        if (layout->height - y < height) region.height = (uint32_t)(layout->height - y);
        bool sparse;
        if ((status = check_sparse(reader, index, &sparse))) return status;
        if (sparse) send_fill(reader, &region);
        else if (whole) status = read_whole_strip(reader, index, &region, row_bytes);
        else status = read_strip_by_row(reader, &region, row_bytes);
    }
    return status;
}

static enum mw_status read_page(struct tiff_reader *reader) {
    const struct mw_sink *sink = reader->sink;
    enum mw_status status = read_layout(reader);
    if (!status) status = mw_layout_check(&reader->layout, 0, reader->client.limits, reader->err);
    if (!status) status = sink->begin(sink->context, &reader->layout, reader->err);
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
        return refuse(reader, "no full-resolution page: only reduced images or transparency masks");
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
