/* Blocks are read in spans (tiff_spans), decoded (inflate, lzw, packbits) and counted run by run (runs).
 *
 * - What is uncompressed is counted where it was read.
 * - LZW of single bytes is counted without being decoded (lzw).
 * - Tiles of one value compress to the same bytes. A block is compared with those behind it, as far as
 *   they are in memory, and counted once for all that are equal.
 *
 * Sums go to the sink when the last block is known, so that nothing has to be taken back when a block does
 * not decode and libtiff is asked. */
#include "read/tiff_fast.h"

#include <stdlib.h>
#include <string.h>

#include "read/lzw.h"
#include "read/packbits.h"
#include "read/runs.h"
#include "read/tiff_deflate.h"
#include "read/tiff_reference.h"
#include "read/tiff_spans.h"

enum { PIECE = 64 * 1024 }; /* bytes of uncompressed rows at a time, unless a row is longer */

/* What a thread keeps from file to file. */
struct decoder {
    struct mw_tiff_spans spans;
    struct mw_inflater inflater;
    struct mw_tally tally;
    struct mw_runs runs;
    struct mw_lzw lzw;
    struct mw_inflate_buffer block; /* decoded */
    uint32_t positions[MW_RUNS_POSITIONS];
};

/* The page at hand. */
struct page {
    struct mw_tiff_reader *reader;
    struct decoder *decoder;
    uint16_t compression;
    bool differences;      /* predictor 2 */
    unsigned per_byte;     /* pixels of a byte; 1 where a pixel has one or more */
    uint64_t filled;       /* pixels that a sparse file leaves out */
    uint64_t partial[256]; /* last bytes of rows that hold fewer pixels than others */
};

/* A block, and how many equal ones stand for it. */
struct block {
    struct mw_tiff_region region;
    uint64_t offset;
    size_t length; /* bytes in the file */
    size_t size;   /* bytes decoded */
    uint32_t times;
};

/* --- Memory ---------------------------------------------------------------------------------- */

static void decoder_free(void *scratch) {
    struct decoder *decoder = scratch;
    mw_tiff_spans_free(&decoder->spans);
    mw_inflater_free(&decoder->inflater);
    mw_tally_free(&decoder->tally);
    free(decoder->block.bytes);
    free(decoder);
}

/* --- Which pages ----------------------------------------------------------------------------- */

static unsigned tag_of(TIFF *tiff, uint16_t tag, uint16_t value) {
    mw_tiff.GetFieldDefaulted(tiff, tag, &value);
    return value;
}

static bool is_compressed_well(unsigned compression) {
    return compression == COMPRESSION_LZW || compression == COMPRESSION_ADOBE_DEFLATE ||
           compression == COMPRESSION_DEFLATE;
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

bool mw_tiff_fast_holds(const struct mw_tiff_reader *reader) {
    const struct mw_limits *limits = reader->client.limits;
    const struct mw_tiff_grid *grid = &reader->grid;
    if (limits->reference || reader->sink->at) return false; /* counting knows no places */
    return knows_pixels(&reader->page) && knows_codec(reader) &&
           tag_of(reader->tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) == FILLORDER_MSB2LSB &&
           grid->size > 0 && grid->size <= limits->max_whole && grid->size <= limits->max_row_bytes;
}

/* --- Counting -------------------------------------------------------------------------------- */

/* Bytes of the whole pixels of a row, of packed ones without the last byte if it is not full. */
static size_t used_bytes(const struct page *page, uint32_t width) {
    return page->per_byte > 1 ? width / page->per_byte : width * page->decoder->runs.pixel.size;
}

static void count_bytes(struct page *page, const unsigned char *bytes, size_t size, size_t row,
                        uint64_t times) {
    const struct mw_runs *runs = &page->decoder->runs;
    if (size == 0) return;
    if (page->differences) mw_runs_differences(runs, bytes, size, row, times);
    else mw_runs_values(runs, bytes, size, times);
}

/* Rows that are used whole are one long row. */
static void count_rows(struct page *page, const unsigned char *bytes, uint32_t width,
                       uint32_t height, uint64_t times) {
    size_t row = (size_t)page->reader->grid.row_bytes, used = used_bytes(page, width);
    if (used == row) {
        count_bytes(page, bytes, row * height, row, times);
        return;
    }
    for (uint32_t y = 0; y < height; y++, bytes += row) {
        count_bytes(page, bytes, used, used, times);
        if (width % page->per_byte) page->partial[bytes[used]] += times;
    }
}

/* LZW can be counted without being decoded when a pixel is a byte, as it is, and all of them count. */
static bool counts_codes(const struct page *page, const struct block *block) {
    const struct mw_tiff_grid *grid = &page->reader->grid;
    return page->compression == COMPRESSION_LZW && !page->differences &&
           page->decoder->runs.pixel.size == 1 && block->region.width % page->per_byte == 0 &&
           used_bytes(page, block->region.width) == grid->row_bytes &&
           block->region.height * grid->row_bytes == block->size;
}

static bool count_codes(struct page *page, const struct block *block, const unsigned char *in) {
    uint32_t sums[256];
    if (!mw_lzw_count(&page->decoder->lzw, in, block->length, block->size, sums)) return false;
    for (unsigned i = 0; i < 256; i++)
        page->decoder->tally.dense[i] += (uint64_t)sums[i] * block->times;
    return true;
}

/* --- Decoding -------------------------------------------------------------------------------- */

static enum mw_status decode(struct page *page, const struct block *block, const unsigned char *in,
                             bool *plain) {
    struct decoder *decoder = page->decoder;
    enum mw_status status = mw_inflate_reserve(&decoder->block, block->size, 0, page->reader->err);
    if (status) return status;
    if (page->compression == COMPRESSION_LZW)
        *plain = mw_lzw_decode(&decoder->lzw, in, block->length, decoder->block.bytes, block->size);
    else if (page->compression == COMPRESSION_PACKBITS)
        *plain = mw_packbits_decode(in, block->length, decoder->block.bytes, block->size);
    else
        status = mw_tiff_inflate(&decoder->inflater, in, block->length, decoder->block.bytes,
                                 block->size, page->reader->err);
    return status;
}

/* Counts a block that is not *plain not at all. */
static enum mw_status count_compressed(struct page *page, const struct block *block,
                                       const unsigned char *in, bool *plain) {
    if (counts_codes(page, block)) {
        *plain = count_codes(page, block, in);
        return MW_OK;
    }
    enum mw_status status = decode(page, block, in, plain);
    if (!status && *plain)
        count_rows(page, page->decoder->block.bytes, block->region.width, block->region.height,
                   block->times);
    return status;
}

static enum mw_status count_stored(struct page *page, const struct block *block) {
    const struct mw_tiff_reader *reader = page->reader;
    size_t row = (size_t)reader->grid.row_bytes, most = row < PIECE ? PIECE / row : 1;
    enum mw_status status = MW_OK;
    for (uint32_t y = 0, rows; y < block->region.height && !status; y += rows) {
        const unsigned char *in;
        rows = block->region.height - y < most ? block->region.height - y : (uint32_t)most;
        status = mw_tiff_spans_get(&page->decoder->spans, reader->client.input,
                                   block->offset + y * row, rows * row, &in, reader->err);
        if (!status) count_rows(page, in, block->region.width, rows, 1);
    }
    return status;
}

/* --- Blocks ---------------------------------------------------------------------------------- */

/* Whether block `index` is in the file, and no odder than libtiff takes it: that refuses one that is
 * more than ten times longer than its pixels. */
static bool find_block(const struct page *page, uint32_t index, struct block *block) {
    const struct mw_tiff_reader *reader = page->reader;
    block->region = mw_tiff_grid_region(reader, index);
    block->size = (size_t)mw_tiff_grid_bytes(&reader->grid, &block->region);
    block->offset = mw_tiff.GetStrileOffset(reader->tiff, index);
    uint64_t length = mw_tiff.GetStrileByteCount(reader->tiff, index),
             size = reader->client.input->size;
    if (block->offset > size || length > size - block->offset || length == 0) return false;
    block->length = (size_t)length;
    if (page->compression == COMPRESSION_NONE) return length >= block->size;
    return length <= 10 * (uint64_t)block->size + 4096 &&
           length <= reader->client.limits->max_whole;
}

/* How many blocks from this one on are equal to it, as far as they are in memory. */
static uint32_t equal_blocks(const struct page *page, uint32_t index, const struct block *block,
                             const unsigned char *in) {
    uint32_t times = 1;
    struct block other;
    while (index + times < page->reader->grid.count) {
        if (!find_block(page, index + times, &other) || other.length != block->length ||
            other.region.width != block->region.width ||
            other.region.height != block->region.height)
            break;
        const unsigned char *bytes =
            mw_tiff_spans_peek(&page->decoder->spans, other.offset, other.length);
        if (!bytes || memcmp(bytes, in, block->length) != 0) break;
        times++;
    }
    return times;
}

/* Counts block `index` and those that are equal to it; *times is how many. */
static enum mw_status count_block(struct page *page, uint32_t index, uint32_t *times) {
    struct mw_tiff_reader *reader = page->reader;
    struct block block;
    const unsigned char *in;
    bool sparse, plain = true;
    *times = 1;
    enum mw_status status = mw_tiff_grid_sparse(reader, index, &sparse);
    if (status) return status;
    bool found = find_block(page, index, &block);
    if (sparse) page->filled += (uint64_t)block.region.width * block.region.height;
    if (sparse) return MW_OK;
    if (!found) return mw_tiff_reference_block(reader, index);
    if (page->compression == COMPRESSION_NONE) return count_stored(page, &block);
    status = mw_tiff_spans_get(&page->decoder->spans, reader->client.input, block.offset,
                               block.length, &in, reader->err);
    if (status) return status;
    *times = block.times = equal_blocks(page, index, &block, in);
    status = count_compressed(page, &block, in, &plain);
    if (status || plain) return status;
    *times = 1;
    return mw_tiff_reference_block(reader, index);
}

/* --- The page -------------------------------------------------------------------------------- */

/* Bins of the tally for pixels of `size` bytes; 0: it takes them for colours. */
static size_t dense_values(size_t size) {
    return size > 2 ? 0 : size == 2 ? MW_TALLY_DENSE : 256;
}

static enum mw_status begin(struct page *page) {
    const struct mw_tiff_reader *reader = page->reader;
    const struct mw_layout *layout = &reader->page.layout;
    const struct mw_limits *limits = reader->client.limits;
    struct decoder *decoder = page->decoder;
    size_t size = layout->bits < 8 ? 1 : (size_t)layout->channels * layout->bits / 8;
    decoder->runs = (struct mw_runs){
        .kernels = limits->kernels ? limits->kernels : mw_kernels_best(),
        .tally = &decoder->tally,
        .positions = decoder->positions,
        .pixel = {size, !mw_tiff.IsBigEndian(reader->tiff)},
    };
    mw_tiff_spans_begin(&decoder->spans);
    return mw_tally_begin(&decoder->tally, dense_values(size), reader->err);
}

static void run(const struct page *page, uint32_t value, uint64_t pixels) {
    const struct mw_sink *sink = page->reader->sink;
    if (pixels) sink->run(sink->context, value, pixels);
}

/* A byte of packed pixels stands for each of them; the last byte of a row for its first ones. */
static void end_packed(const struct page *page) {
    unsigned bits = page->reader->page.layout.bits;
    unsigned last = page->reader->page.layout.width % page->per_byte;
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned i = 0; i < page->per_byte; i++) {
            uint32_t value = byte >> (8 - bits - i * bits) & ((1U << bits) - 1);
            run(page, value,
                page->decoder->tally.dense[byte] + (i < last ? page->partial[byte] : 0));
        }
}

/* Hands over what was counted. */
static void end(const struct page *page) {
    if (page->per_byte > 1) end_packed(page);
    else
        mw_tally_send(&page->decoder->tally, dense_values(page->decoder->runs.pixel.size),
                      page->reader->sink);
    run(page, mw_tiff_grid_fill(&page->reader->page.layout), page->filled);
}

enum mw_status mw_tiff_fast_blocks(struct mw_tiff_reader *reader) {
    struct page page = {.reader = reader, .per_byte = 1};
    page.decoder = mw_input_scratch(reader->client.input, sizeof *page.decoder, decoder_free);
    if (!page.decoder) return mw_error_memory(reader->err);
    if (reader->page.layout.bits < 8) page.per_byte = 8 / reader->page.layout.bits;
    page.compression = (uint16_t)tag_of(reader->tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    page.differences = is_compressed_well(page.compression) &&
                       tag_of(reader->tiff, TIFFTAG_PREDICTOR, 1) == PREDICTOR_HORIZONTAL;
    enum mw_status status = begin(&page);
    for (uint32_t i = 0, times; i < reader->grid.count && !status; i += times)
        status = count_block(&page, i, &times);
    if (!status) status = mw_tally_check(&page.decoder->tally, reader->err);
    if (!status) end(&page);
    return status;
}
