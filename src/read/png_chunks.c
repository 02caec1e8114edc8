/* A chunk is its length, its type of four letters, its data and the CRC-32 of type and data. What is
 * taken and what is refused is what libpng takes and refuses when its benign errors are errors, so
 * that both decoders can be held against each other. */
#include "read/png_chunks.h"

#include <libdeflate.h>
#include <string.h>

enum { LONGEST = 0x7fffffff, ENTRIES = 256 };

static bool is_chunk(const struct mw_png *png, const char *type) {
    return memcmp(png->chunk.type, type, 4) == 0;
}

static enum mw_status broken(const struct mw_png *png, const char *what, struct mw_error *err) {
    return mw_error_set(err, MW_BROKEN, "damaged PNG: chunk %s at byte %llu: %s", png->chunk.type,
                        (unsigned long long)png->chunk.offset, what);
}

static enum mw_status read_bytes(struct mw_png *png, unsigned char *out, size_t length,
                                 struct mw_error *err) {
    enum mw_status status = mw_input_read(png->input, png->offset, out, length, err);
    png->offset += length;
    return status;
}

static bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static enum mw_status begin_chunk(struct mw_png *png, struct mw_error *err) {
    struct mw_png_chunk *chunk = &png->chunk;
    unsigned char head[8];
    chunk->offset = png->offset;
    enum mw_status status = read_bytes(png, head, sizeof head, err);
    if (status) return status;
    memcpy(chunk->type, head + 4, 4);
    chunk->length = chunk->left = mw_big_endian_32(head);
    chunk->crc = libdeflate_crc32(0, chunk->type, 4);
    for (size_t i = 0; i < 4; i++)
        if (!is_letter(chunk->type[i]))
            return mw_error_set(err, MW_BROKEN, "damaged PNG: no chunk begins at byte %llu",
                                (unsigned long long)chunk->offset);
    return chunk->length > LONGEST ? broken(png, "impossible length", err) : MW_OK;
}

static enum mw_status take(struct mw_png *png, unsigned char *out, size_t length,
                           struct mw_error *err) {
    enum mw_status status = read_bytes(png, out, length, err);
    if (status) return status;
    png->chunk.crc = libdeflate_crc32(png->chunk.crc, out, length);
    png->chunk.left -= (uint32_t)length;
    return MW_OK;
}

static enum mw_status end_chunk(struct mw_png *png, struct mw_error *err) {
    unsigned char crc[4];
    enum mw_status status = read_bytes(png, crc, sizeof crc, err);
    if (status) return status;
    return mw_big_endian_32(crc) == png->chunk.crc ? MW_OK : broken(png, "wrong CRC-32", err);
}

static enum mw_status skip_chunk(struct mw_png *png, struct mw_error *err) {
    unsigned char piece[4096];
    enum mw_status status = MW_OK;
    while (png->chunk.left > 0 && !status)
        status =
            take(png, piece, png->chunk.left < sizeof piece ? png->chunk.left : sizeof piece, err);
    return status ? status : end_chunk(png, err);
}

/* Samples of a pixel by colour type and the depths that it may have, as the bits 1 << depth; 0: there
 * is no such colour type. */
static const struct {
    uint32_t channels, depths;
} colours[7] = {
    {1, 0x10116}, {0, 0}, {3, 0x10100}, {1, 0x00116}, {2, 0x10100}, {0, 0}, {4, 0x10100},
};

static enum mw_status check_header(const struct mw_png *png, const unsigned char data[13],
                                   struct mw_error *err) {
    if (png->width - 1 >= LONGEST || png->height - 1 >= LONGEST)
        return broken(png, "impossible width or height", err);
    if (data[9] > 6 || png->bits > 16 || !(colours[data[9]].depths >> png->bits & 1))
        return broken(png, "invalid colour type or bit depth", err);
    if (data[10] != 0) return broken(png, "unknown compression method", err);
    if (data[11] != 0) return broken(png, "unknown filter method", err);
    if (data[12] > 1) return broken(png, "unknown interlace method", err);
    return MW_OK;
}

static enum mw_status read_header(struct mw_png *png, struct mw_error *err) {
    unsigned char data[13];
    if (png->header) return broken(png, "a second header", err);
    if (png->chunk.length != sizeof data) return broken(png, "its length is not 13", err);
    enum mw_status status = take(png, data, sizeof data, err);
    if (!status) status = end_chunk(png, err);
    if (status) return status;
    png->header = true;
    png->width = mw_big_endian_32(data);
    png->height = mw_big_endian_32(data + 4);
    png->bits = data[8];
    png->colour = data[9];
    png->interlaced = data[12] == 1;
    if ((status = check_header(png, data, err))) return status;
    png->channels = colours[png->colour].channels;
    return MW_OK;
}

/* Entries that no sample can name are left out. */
static void keep_palette(struct mw_png *png, const unsigned char *data, uint32_t entries) {
    uint32_t most = UINT32_C(1) << png->bits;
    png->entries = entries < most ? entries : most;
    for (uint32_t i = 0; i < png->entries; i++)
        png->palette[i] = mw_big_endian_32(data + (size_t)3 * i) >> 8;
}

static enum mw_status read_palette(struct mw_png *png, struct mw_error *err) {
    unsigned char data[3 * ENTRIES + 1] = {0}; /* one more: read four at a time */
    uint32_t length = png->chunk.length;
    if (!png->header) return broken(png, "before the header", err);
    if (png->has_plte) return broken(png, "a second palette", err);
    if (!(png->colour & MW_PNG_RGB)) return broken(png, "a palette in a grey image", err);
    if (length == 0 || length % 3 != 0 || length > 3 * ENTRIES)
        return broken(png, "impossible length of a palette", err);
    enum mw_status status = take(png, data, length, err);
    if (!status) status = end_chunk(png, err);
    if (status) return status;
    png->has_plte = true;
    if (png->colour == MW_PNG_PALETTE) keep_palette(png, data, length / 3);
    return MW_OK;
}

/* What is malformed is no transparency, as every other ancillary chunk. */
static enum mw_status read_transparency(struct mw_png *png, struct mw_error *err) {
    uint32_t length = png->chunk.length;
    if (png->has_trns || length > sizeof png->transparency) return skip_chunk(png, err);
    png->has_trns = true;
    png->transparencies = length;
    enum mw_status status = take(png, png->transparency, length, err);
    return status ? status : end_chunk(png, err);
}

static enum mw_status check_first_data(const struct mw_png *png, struct mw_error *err) {
    if (!png->header) return broken(png, "before the header", err);
    if (png->colour == MW_PNG_PALETTE && !png->has_plte)
        return broken(png, "the palette (PLTE) is missing", err);
    return MW_OK;
}

/* A chunk before the image data, which is not image data itself. */
static enum mw_status read_chunk(struct mw_png *png, struct mw_error *err) {
    bool critical = png->chunk.type[0] <= 'Z';
    if (is_chunk(png, "IHDR")) return read_header(png, err);
    if (is_chunk(png, "PLTE")) return read_palette(png, err);
    if (is_chunk(png, "IEND")) return broken(png, "there is no image data (IDAT)", err);
    if (is_chunk(png, "tRNS")) return read_transparency(png, err);
    if (critical) return broken(png, "a critical chunk of unknown meaning", err);
    return skip_chunk(png, err);
}

enum mw_status mw_png_open(struct mw_png *png, struct mw_input *input, struct mw_error *err) {
    enum mw_status status;
    *png = (struct mw_png){.input = input, .offset = 8};
    while (!(status = begin_chunk(png, err)) && !is_chunk(png, "IDAT"))
        if ((status = read_chunk(png, err))) return status;
    return status ? status : check_first_data(png, err);
}

enum mw_status mw_png_data(struct mw_png *png, unsigned char *out, size_t room, size_t *got,
                           struct mw_error *err) {
    *got = 0;
    while (is_chunk(png, "IDAT") && png->chunk.left == 0) {
        enum mw_status status = end_chunk(png, err);
        if (!status) status = begin_chunk(png, err);
        if (status) return status;
    }
    if (!is_chunk(png, "IDAT")) return MW_OK;
    *got = png->chunk.left < room ? png->chunk.left : room;
    return take(png, out, *got, err);
}

/* A chunk behind the image data. */
static enum mw_status skip_last(struct mw_png *png, struct mw_error *err) {
    if (is_chunk(png, "IDAT")) return broken(png, "image data apart from the other", err);
    if (png->chunk.type[0] <= 'Z') return broken(png, "not allowed behind the image data", err);
    return skip_chunk(png, err);
}

enum mw_status mw_png_close(struct mw_png *png, struct mw_error *err) {
    enum mw_status status = MW_OK;
    while (!status && !is_chunk(png, "IEND"))
        if (!(status = skip_last(png, err))) status = begin_chunk(png, err);
    if (status) return status;
    return png->chunk.length ? broken(png, "it is not empty", err) : end_chunk(png, err);
}
