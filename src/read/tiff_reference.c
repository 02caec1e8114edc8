/* TIFF through libtiff's strip, scanline and tile interfaces, without any of its conversions: what the
 * fast way is held against, what reads everything that it does not, and what tells where in a mask a
 * value stands. */
#include "read/tiff_reference.h"

#include <stdlib.h>
#include <string.h>

#include "read/tiff_deflate.h"

enum { WHOLE_STRIP_BYTES = 4 << 20 }; /* larger strips are decoded row by row */

/* Whether `buffer` does not hold whole pixels as they are handed over. */
static bool needs_joining(const struct mw_tiff_page *page) {
    return page->planes > 1 || (page->stored_bits < 8 && page->layout.channels > 1);
}

/* Puts one row [count samples] of a plane into `joined`: its samples are those number `plane` of
 * the pixels; samples of less than a byte get a byte each. */
static void join_plane(const struct mw_tiff_reader *reader, const unsigned char *row,
                       unsigned plane, size_t count) {
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
static enum mw_status send_rows(const struct mw_tiff_reader *reader,
                                const struct mw_tiff_region *region, uint64_t row_bytes,
                                uint64_t plane_bytes) {
    const struct mw_sink *sink = reader->sink;
    const struct mw_tiff_page *page = &reader->page;
    size_t count = (size_t)region->width * page->layout.channels;
    for (uint32_t row = 0; row < region->height; row++) {
        unsigned char *samples = reader->buffer + row * row_bytes;
        enum mw_status status = MW_OK;
        for (unsigned plane = 0; needs_joining(page) && plane < page->planes; plane++)
            join_plane(reader, samples + plane * plane_bytes, plane, count / page->planes);
        if (needs_joining(page)) samples = reader->joined;
        if (page->layout.float_bits) status = mw_tiff_page_round(page, samples, count, reader->err);
        if (status) return status;
        if (sink->at) sink->at(sink->context, region->x, region->y + row, 1);
        sink->pixels(sink->context, samples, region->width);
    }
    return MW_OK;
}

static void send_fill(const struct mw_tiff_reader *reader, const struct mw_tiff_region *region) {
    const struct mw_sink *sink = reader->sink;
    uint32_t pattern = mw_tiff_grid_fill(&reader->page.layout);
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
static enum mw_status reserve(struct mw_tiff_reader *reader, uint64_t size, uint64_t row_bytes) {
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
static enum mw_status decoded(struct mw_tiff_reader *reader, tmsize_t got, uint64_t wanted) {
    if (reader->client.status) return reader->client.status;
    if (got >= 0 && (uint64_t)got >= wanted) return MW_OK;
    return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: pixels are missing");
}

/* Some writers give the last strip as many rows as the others. Of such a Deflate stream libtiff, when it is
 * asked for the strip, keeps what libdeflate had written when there was no more room, which is not all of
 * it; asked for a row it goes through zlib, which stops where it is told. */
static bool wants_rows(const struct mw_tiff_reader *reader) {
    uint16_t compression = COMPRESSION_NONE;
    mw_tiff.GetFieldDefaulted(reader->tiff, TIFFTAG_COMPRESSION, &compression);
    return !reader->grid.tiled && mw_tiff_is_deflate(compression);
}

/* Decodes the rows of strip `index`, counted through all planes. */
static enum mw_status decode_rows(struct mw_tiff_reader *reader, uint32_t index, unsigned char *out,
                                  uint64_t size) {
    const struct mw_tiff_grid *grid = &reader->grid;
    uint32_t y = mw_tiff_grid_region(reader, index % grid->count).y;
    uint16_t plane = (uint16_t)(index / grid->count);
    for (uint64_t done = 0; done < size; done += grid->row_bytes, y++)
        if (mw_tiff.ReadScanline(reader->tiff, out + done, y, plane) != 1)
            return decoded(reader, -1, size);
    return decoded(reader, (tmsize_t)size, size);
}

/* Decodes one strip or tile of `size` bytes. */
static enum mw_status decode(struct mw_tiff_reader *reader, uint32_t index, void *out,
                             uint64_t size) {
    if (wants_rows(reader)) return decode_rows(reader, index, out, size);
    tmsize_t got = mw_tiff.IsTiled(reader->tiff)
                       ? mw_tiff.ReadEncodedTile(reader->tiff, index, out, (tmsize_t)size)
                       : mw_tiff.ReadEncodedStrip(reader->tiff, index, out, (tmsize_t)size);
    return decoded(reader, got, size);
}

/* The sample that a sparse file leaves out, as stored; a byte holds several of less than 8 bits.
 * Returns its bytes. */
static size_t fill_sample(const struct mw_tiff_page *page, unsigned char sample[8]) {
    unsigned bits = page->stored_bits;
    uint32_t whole = page->layout.has_nodata ? (uint32_t)page->layout.nodata_sample : 0;
    uint16_t half = (uint16_t)whole;
    double real = (double)(int32_t)whole;
    float narrow = (float)real;
    if (bits < 8) whole &= (1U << bits) - 1;
    for (unsigned used = bits; used < 8; used += bits) whole |= whole << bits;
    if (page->layout.float_bits == 64) memcpy(sample, &real, 8);
    else if (page->layout.float_bits) memcpy(sample, &narrow, 4);
    else if (bits == 32) memcpy(sample, &whole, 4);
    else if (bits == 16) memcpy(sample, &half, 2);
    else sample[0] = (unsigned char)whole;
    return bits < 8 ? 1 : bits / 8;
}

static void fill(const struct mw_tiff_page *page, unsigned char *out, uint64_t size) {
    unsigned char sample[8];
    size_t step = fill_sample(page, sample);
    for (uint64_t i = 0; i + step <= size; i += step) memcpy(out + i, sample, step);
}

/* Decodes the same strip or tile of every plane, one behind the other. */
static enum mw_status decode_planes(struct mw_tiff_reader *reader, uint32_t index, uint64_t size) {
    uint32_t per_plane = reader->grid.count;
    for (unsigned plane = 0; plane < reader->page.planes; plane++) {
        unsigned char *out = reader->buffer + plane * size;
        bool sparse;
        enum mw_status status = mw_tiff_grid_sparse(reader, per_plane * plane + index, &sparse);
        if (!status && !sparse) status = decode(reader, per_plane * plane + index, out, size);
        if (status) return status;
        if (sparse) fill(&reader->page, out, size);
    }
    return MW_OK;
}

/* Hands over a block that is decoded at once. */
static enum mw_status send_whole(struct mw_tiff_reader *reader, uint32_t index,
                                 const struct mw_tiff_region *region) {
    uint64_t size = mw_tiff_grid_bytes(&reader->grid, region);
    enum mw_status status = decode_planes(reader, index, size);
    return status ? status : send_rows(reader, region, reader->grid.row_bytes, size);
}

static enum mw_status send_by_row(struct mw_tiff_reader *reader,
                                  const struct mw_tiff_region *region, bool sparse) {
    uint64_t row_bytes = reader->grid.row_bytes;
    enum mw_status status = MW_OK;
    if (sparse) fill(&reader->page, reader->buffer, row_bytes);
    for (uint32_t row = 0; !status && row < region->height; row++) {
        struct mw_tiff_region line = {0, region->y + row, region->width, 1};
        int ok = sparse || mw_tiff.ReadScanline(reader->tiff, reader->buffer, line.y, 0) == 1;
        status = decoded(reader, ok ? (tmsize_t)row_bytes : -1, row_bytes);
        if (!status) status = send_rows(reader, &line, row_bytes, row_bytes);
    }
    return status;
}

enum mw_status mw_tiff_reference_block(struct mw_tiff_reader *reader, uint32_t index) {
    const struct mw_tiff_grid *grid = &reader->grid;
    struct mw_tiff_region region = mw_tiff_grid_region(reader, index);
    bool small = grid->size > 0 && grid->size <= WHOLE_STRIP_BYTES;
    bool whole = grid->tiled || small || reader->page.planes > 1, sparse;
    enum mw_status status = reserve(reader, whole ? grid->size : grid->row_bytes, grid->row_bytes);
    if (!status) status = mw_tiff_grid_sparse(reader, index, &sparse);
    if (status) return status;
    if (sparse && reader->page.layout.channels == 1) {
        send_fill(reader, &region);
        return MW_OK;
    }
    return whole ? send_whole(reader, index, &region) : send_by_row(reader, &region, sparse);
}

enum mw_status mw_tiff_reference_blocks(struct mw_tiff_reader *reader) {
    enum mw_status status = MW_OK;
    for (uint32_t i = 0; i < reader->grid.count && !status; i++)
        status = mw_tiff_reference_block(reader, i);
    return status;
}

void mw_tiff_reference_free(struct mw_tiff_reader *reader) {
    free(reader->buffer);
    free(reader->joined);
}
