/* Which pages those are, and how they are stored. Their blocks are shared out (tiff_share), decoded and
 * counted (tiff_blocks). Sums go to the sink when the last block is known, so that nothing has to be taken
 * back when a block does not decode and libtiff is asked. */
#include "read/tiff_fast.h"

#include "read/tiff_deflate.h"
#include "read/tiff_share.h"

static unsigned tag_of(TIFF *tiff, uint16_t tag, uint16_t value) {
    mw_tiff.GetFieldDefaulted(tiff, tag, &value);
    return value;
}

static bool is_compressed_well(unsigned compression) {
    return compression == COMPRESSION_LZW || mw_tiff_is_deflate(compression);
}

/* Predictors belong to LZW and Deflate; libtiff refuses them for less than 8 bits. */
static bool knows_codec(const struct mw_tiff_reader *reader) {
    unsigned compression = tag_of(reader->tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    if (compression == COMPRESSION_NONE || compression == COMPRESSION_PACKBITS) return true;
    unsigned predictor = tag_of(reader->tiff, TIFFTAG_PREDICTOR, PREDICTOR_NONE);
    return is_compressed_well(compression) &&
           (predictor == PREDICTOR_NONE ||
            (predictor == PREDICTOR_HORIZONTAL && reader->page.stored_bits >= 8));
}

static bool knows_pixels(const struct mw_tiff_page *page) {
    const struct mw_layout *layout = &page->layout;
    if (page->planes > 1 || page->layout.float_bits || layout->has_alpha) return false;
    return layout->channels == 1 ||
           (layout->is_colour && layout->channels == 3 && layout->bits == 8);
}

/* A block is held in memory, but for uncompressed strips: of these a row is. */
static bool fits(const struct mw_tiff_reader *reader) {
    const struct mw_limits *limits = reader->client.limits;
    const struct mw_tiff_grid *grid = &reader->grid;
    bool by_row = tag_of(reader->tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_NONE &&
                  !grid->tiled;
    uint64_t held = by_row ? grid->row_bytes : grid->size;
    return grid->size > 0 && held <= limits->max_whole && held <= limits->max_row_bytes;
}

static unsigned pixels_per_byte(const struct mw_layout *layout) {
    return layout->bits < 8 ? 8 / layout->bits : 1;
}

/* Only the last pixels of an image may share a byte with padding; so tiles are made whose width is a
 * multiple of 16, as the format demands. */
static bool tiles_fill_bytes(const struct mw_tiff_reader *reader) {
    return !reader->grid.tiled || reader->grid.width % pixels_per_byte(&reader->page.layout) == 0;
}

bool mw_tiff_fast_holds(const struct mw_tiff_reader *reader) {
    if (reader->client.limits->reference || reader->sink->at) return false; /* knows no places */
    return knows_pixels(&reader->page) && knows_codec(reader) && tiles_fill_bytes(reader) &&
           tag_of(reader->tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) == FILLORDER_MSB2LSB &&
           fits(reader);
}

enum mw_status mw_tiff_fast_blocks(struct mw_tiff_reader *reader) {
    const struct mw_layout *layout = &reader->page.layout;
    const struct mw_limits *limits = reader->client.limits;
    unsigned per_byte = pixels_per_byte(layout);
    size_t size = layout->bits < 8 ? 1 : (size_t)layout->channels * layout->bits / 8;
    struct mw_tiff_code code = {
        .compression = (uint16_t)tag_of(reader->tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE),
        .bits = layout->bits,
        .per_byte = per_byte,
        .last = layout->width % per_byte,
        .row_bytes = (size_t)reader->grid.row_bytes,
        .pixel = {size, !mw_tiff.IsBigEndian(reader->tiff)},
        .flat_from = limits->flat_from,
        .max_values = limits->max_values,
        .kernels = limits->kernels ? limits->kernels : mw_kernels_best(),
    };
    code.differences = is_compressed_well(code.compression) &&
                       tag_of(reader->tiff, TIFFTAG_PREDICTOR, 1) == PREDICTOR_HORIZONTAL;
    return mw_tiff_share(reader, &code);
}
