/* PNG, the fast way: chunks -> one zlib stream -> filtered rows -> pixels, each in a file of its own
 * (png_chunks, inflate, png_rows). A flat image is inflated into edges (png_edges); any other of up to
 * max_whole bytes in one go; a larger one in blocks of rows, through the same counting. */
#include <libdeflate.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "read/inflate.h"
#include "read/png_chunks.h"
#include "read/png_edges.h"
#include "read/png_reference.h"
#include "read/png_rows.h"
#include "read/png_transparency.h"

enum {
    PIECE = 64 * 1024,  /* bytes of compressed data at a time, when streaming */
    BLOCK = 128 * 1024, /* bytes of rows at a time, when streaming, unless a row is longer */
};

/* What a thread keeps from file to file, so that no file costs an allocation or a page fault. */
struct decoder {
    struct mw_png png;
    struct mw_inflater inflater;
    struct mw_png_rows rows;
    struct mw_inflate_buffer compressed, image;
    struct mw_edges edges;
};

static bool png_matches(const unsigned char head[MW_HEAD_SIZE], size_t length) {
    return length >= 8 && memcmp(head, "\x89PNG\r\n\x1a\n", 8) == 0;
}

/* --- Memory ---------------------------------------------------------------------------------- */

static void decoder_free(void *scratch) {
    struct decoder *decoder = scratch;
    mw_inflater_free(&decoder->inflater);
    mw_png_rows_free(&decoder->rows);
    mw_edges_free(&decoder->edges);
    free(decoder->compressed.bytes);
    free(decoder->image.bytes);
    free(decoder);
}

/* --- Passes ---------------------------------------------------------------------------------- */

/* Adam7 stores every 8 x 8 pixels in seven passes: where a pass begins and how far its pixels are
 * apart. A plain image is one pass. */
static const struct pass {
    uint32_t x, y, x_step, y_step;
} adam7[7] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
              {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}},
  plain = {0, 0, 1, 1};

static size_t pass_count(const struct mw_png *png) {
    return png->interlaced ? 7 : 1;
}

/* The size of a pass in pixels; both are 0 when it has none. */
static void pass_size(const struct mw_png *png, size_t number, uint32_t *width, uint32_t *height) {
    const struct pass *pass = png->interlaced ? &adam7[number] : &plain;
    *width = png->width <= pass->x ? 0 : (png->width - pass->x - 1) / pass->x_step + 1;
    *height = png->height <= pass->y ? 0 : (png->height - pass->y - 1) / pass->y_step + 1;
    if (*width == 0 || *height == 0) *width = *height = 0;
}

/* Bytes of all rows, filters included. */
static uint64_t image_bytes(const struct mw_png *png, const struct mw_layout *layout) {
    uint64_t bytes = 0;
    for (size_t i = 0; i < pass_count(png); i++) {
        uint32_t width, height;
        pass_size(png, i, &width, &height);
        bytes += (mw_png_row_bytes(layout, width) + 1) * height;
    }
    return bytes;
}

/* --- Whole ----------------------------------------------------------------------------------- */

/* Reads all compressed data; more than `most` bytes are *too_large, and not all are read. */
static enum mw_status gather(struct decoder *decoder, size_t most, size_t *length, bool *too_large,
                             struct mw_error *err) {
    struct mw_inflate_buffer *buffer = &decoder->compressed;
    size_t got;
    *length = 0;
    do {
        size_t room = decoder->png.chunk.left ? decoder->png.chunk.left : PIECE;
        if ((*too_large = room > most - *length)) return MW_OK;
        enum mw_status status = mw_inflate_reserve(buffer, *length + room, *length, err);
        if (!status) status = mw_png_data(&decoder->png, buffer->bytes + *length, room, &got, err);
        if (status) return status;
        *length += got;
    } while (got > 0);
    memset(buffer->bytes + *length, 0, MW_INFLATE_ROOM);
    return MW_OK;
}

static enum mw_status count_passes(struct decoder *decoder, struct mw_error *err) {
    unsigned char *next = decoder->image.bytes;
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < pass_count(&decoder->png) && !status; i++) {
        uint32_t width, height;
        pass_size(&decoder->png, i, &width, &height);
        mw_png_rows_pass(&decoder->rows, width);
        status = mw_png_rows_count(&decoder->rows, next, height, err);
        next += (decoder->rows.size + 1) * height;
    }
    return status;
}

static enum mw_status count_whole(struct decoder *decoder, size_t length, size_t size,
                                  struct mw_error *err) {
    uint32_t adler = 0;
    enum mw_status status = mw_inflate_reserve(&decoder->image, size, 0, err);
    if (!status)
        status = mw_inflate_whole(&decoder->inflater, decoder->compressed.bytes, length,
                                  decoder->image.bytes, size, &adler, err);
    if (!status) status = count_passes(decoder, err);
    return status ? status : mw_inflate_check(adler, mw_png_rows_adler(&decoder->rows), err);
}

/* --- In blocks ------------------------------------------------------------------------------- */

static enum mw_status next_piece(void *context, const unsigned char **in, size_t *length,
                                 struct mw_error *err) {
    struct decoder *decoder = context;
    *in = decoder->compressed.bytes;
    return mw_png_data(&decoder->png, decoder->compressed.bytes, PIECE, length, err);
}

static enum mw_status stream_pass(struct decoder *decoder, const struct mw_inflate_source *source,
                                  uint32_t height, struct mw_error *err) {
    size_t row = decoder->rows.size + 1;
    size_t most = row < BLOCK ? BLOCK / row : 1;
    enum mw_status status = MW_OK;
    for (size_t y = 0, count; y < height && !status; y += count) {
        count = height - y < most ? height - y : most;
        status =
            mw_inflate_next(&decoder->inflater, source, decoder->image.bytes, count * row, err);
        if (!status) status = mw_png_rows_count(&decoder->rows, decoder->image.bytes, count, err);
    }
    return status;
}

static enum mw_status count_streaming(struct decoder *decoder, const struct mw_layout *layout,
                                      struct mw_error *err) {
    struct mw_inflate_source source = {decoder, next_piece};
    size_t row = (size_t)mw_png_row_bytes(layout, layout->width) + 1;
    uint32_t adler = 0;
    enum mw_status status = mw_inflate_reserve(&decoder->image, row < BLOCK ? BLOCK : row, 0, err);
    if (!status) status = mw_inflate_reserve(&decoder->compressed, PIECE, 0, err);
    if (!status) status = mw_inflate_begin(&decoder->inflater, &source, err);
    for (size_t i = 0; i < pass_count(&decoder->png) && !status; i++) {
        uint32_t width, height;
        pass_size(&decoder->png, i, &width, &height);
        mw_png_rows_pass(&decoder->rows, width);
        status = stream_pass(decoder, &source, height, err);
    }
    if (!status) status = mw_inflate_end(&decoder->inflater, &source, &adler, err);
    return status ? status : mw_inflate_check(adler, mw_png_rows_adler(&decoder->rows), err);
}

/* --- The conductor --------------------------------------------------------------------------- */

static void describe(const struct mw_png *png, struct mw_layout *layout) {
    *layout = (struct mw_layout){
        .width = png->width,
        .height = png->height,
        .bits = png->bits,
        .channels = png->channels,
        .is_colour = png->colour != MW_PNG_PALETTE && (png->colour & MW_PNG_RGB),
        .has_alpha = png->colour & MW_PNG_ALPHA,
        .big_endian = true,
        .palette = png->entries ? png->palette : NULL,
        .palette_entries = png->entries,
    };
    mw_png_transparency(layout, png->transparency, png->transparencies);
}

/* Decodes in one go what is small enough, else in blocks. A stream that is longer than its image, as
 * no encoder would write it, is read once more from its start. */
static enum mw_status count_bytes(struct decoder *decoder, const struct mw_layout *layout,
                                  uint64_t size, const struct mw_limits *limits,
                                  struct mw_error *err) {
    const struct mw_png start = decoder->png;
    size_t length;
    bool too_large = size > limits->max_whole;
    if (!too_large) {
        size_t most = (size_t)(limits->max_whole - size);
        enum mw_status status = gather(decoder, most, &length, &too_large, err);
        if (status) return status;
    }
    if (!too_large) return count_whole(decoder, length, (size_t)size, err);
    decoder->png = start;
    return count_streaming(decoder, layout, err);
}

/* Whether the image is so flat that its edges are less work than its bytes. */
static bool is_flat(const struct decoder *decoder, uint64_t size, const struct mw_limits *limits) {
    return !decoder->png.interlaced && mw_png_rows_have_changes(&decoder->rows) &&
           size >= limits->flat_from * decoder->png.input->size;
}

/* Where counting by edges fails, nothing was handed over yet, and it is done again by bytes: those know
 * more streams, and what is wrong with others. */
static enum mw_status count_image(struct decoder *decoder, const struct mw_layout *layout,
                                  const struct mw_limits *limits, const struct mw_sink *sink,
                                  struct mw_error *err) {
    const struct mw_png start = decoder->png;
    struct mw_png_rows *rows = &decoder->rows;
    uint64_t size = image_bytes(&decoder->png, layout);
    enum mw_status status = mw_png_rows_begin(rows, layout, limits, sink, err);
    if (status) return status;
    mw_png_rows_pass(rows, layout->width);
    if (is_flat(decoder, size, limits)) {
        struct mw_error refused;
        if (mw_png_count_edges(&decoder->png, rows, &decoder->edges, &refused) == MW_OK)
            return MW_OK;
        decoder->png = start;
        if ((status = mw_png_rows_begin(rows, layout, limits, sink, err))) return status;
    }
    return count_bytes(decoder, layout, size, limits, err);
}

static enum mw_status png_decode(struct mw_input *input, const struct mw_limits *limits,
                                 const struct mw_sink *sink, struct mw_error *err) {
    struct decoder *decoder;
    struct mw_layout layout;
    enum mw_status status;
    if (sink->at) return mw_png_reference(input, limits, sink, err); /* counting knows no places */
    decoder = mw_input_scratch(input, sizeof *decoder, decoder_free);
    if (!decoder) return mw_error_memory(err);
    if ((status = mw_png_open(&decoder->png, input, err))) return status;
    describe(&decoder->png, &layout);
    uint64_t row_bytes = mw_png_row_bytes(&layout, layout.width);
    if ((status = mw_layout_check(&layout, row_bytes, limits, err))) return status;
    if ((status = sink->begin(sink->context, &layout, err))) return status;
    if ((status = count_image(decoder, &layout, limits, sink, err))) return status;
    if ((status = mw_png_close(&decoder->png, err))) return status;
    mw_png_rows_end(&decoder->rows);
    if (decoder->png.offset < input->size) sink->note(sink->context, MW_TRAILING_DATA);
    return sink->end(sink->context, err);
}

static void png_library(char *out, size_t size) {
    snprintf(out, size, "libpng %s, libdeflate %s, zlib %s", png_get_libpng_ver(NULL),
             LIBDEFLATE_VERSION_STRING, zlibVersion());
}

const struct mw_format mw_format_png = {
    .name = "PNG",
    .suffixes = {"png", NULL},
    .part = "image",
    .matches = png_matches,
    .decode = png_decode,
    .reference = mw_png_reference,
    .library = png_library,
};
