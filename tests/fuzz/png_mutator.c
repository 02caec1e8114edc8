/* A mutator that knows PNG: without right checksums libpng looks at nothing behind them. Of every 8
 * mutations 1 is left as it is, 4 get their checksums mended, 3 change the filtered rows. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fuzz.h"

enum { HEAD = 8, FRAME = 12, LARGEST = 1 << 16 };

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed);

static uint32_t get32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void put32(uint8_t *bytes, uint32_t value) {
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Bytes of the chunk at `offset`; 0 when it is not whole. */
static size_t chunk_size(const uint8_t *bytes, size_t size, size_t offset) {
    if (size < FRAME || offset > size - FRAME) return 0;
    uint32_t length = get32(bytes + offset);
    return length <= size - offset - FRAME ? (size_t)length + FRAME : 0;
}

static void mend_crcs(uint8_t *bytes, size_t size) {
    size_t length;
    for (size_t at = HEAD; (length = chunk_size(bytes, size, at)) > 0; at += length)
        put32(bytes + at + length - 4,
              (uint32_t)crc32(0, bytes + at + 4, (uInt)(length - FRAME + 4)));
}

/* Where the IDAT chunks are, and their data joined. */
struct image {
    size_t first, end; /* offsets of the first IDAT and behind the last */
    uint8_t packed[LARGEST], rows[LARGEST];
    size_t packed_size, rows_size; /* bytes */
    size_t deflate_size;           /* bytes of `packed` before the Adler-32; 0: no end */
};

static void find_image(struct image *image, const uint8_t *bytes, size_t size) {
    size_t length;
    image->first = image->end = image->packed_size = 0;
    for (size_t at = HEAD; (length = chunk_size(bytes, size, at)) > 0; at += length) {
        if (memcmp(bytes + at + 4, "IDAT", 4) != 0) continue;
        if (image->packed_size + length > LARGEST) return;
        if (!image->first) image->first = at;
        image->end = at + length;
        memcpy(image->packed + image->packed_size, bytes + at + 8, length - FRAME);
        image->packed_size += length - FRAME;
    }
}

/* Inflates as far as it goes. */
static void unpack(struct image *image) {
    z_stream stream = {.next_in = image->packed + 2,
                       .avail_in = (uInt)image->packed_size - 2,
                       .next_out = image->rows,
                       .avail_out = LARGEST};
    image->rows_size = image->deflate_size = 0;
    if (image->packed_size < 2 || inflateInit2(&stream, -15) != Z_OK) return;
    int result = inflate(&stream, Z_FINISH);
    image->rows_size = stream.total_out;
    if (result == Z_STREAM_END) image->deflate_size = stream.total_in + 2;
    inflateEnd(&stream);
}

/* Puts the right Adler-32 into the IDAT chunks, wherever its bytes lie. */
static void mend_adler(struct image *image, uint8_t *bytes, size_t size) {
    uint8_t sum[4];
    size_t length, passed = 0;
    find_image(image, bytes, size);
    unpack(image);
    if (!image->deflate_size) return;
    put32(sum, (uint32_t)adler32(1, image->rows, (uInt)image->rows_size));
    for (size_t at = HEAD; (length = chunk_size(bytes, size, at)) > 0; at += length) {
        if (memcmp(bytes + at + 4, "IDAT", 4) != 0) continue;
        for (size_t i = 0; i < length - FRAME; i++, passed++)
            if (passed >= image->deflate_size && passed < image->deflate_size + 4)
                bytes[at + 8 + i] = sum[passed - image->deflate_size];
    }
}

/* Mutates the filtered rows and packs them into one IDAT. Returns the new size; 0: it does not fit. */
static size_t mutate_rows(struct image *image, uint8_t *bytes, size_t size, size_t most) {
    static const uint8_t idat[4] = {'I', 'D', 'A', 'T'};
    find_image(image, bytes, size);
    unpack(image);
    if (image->rows_size == 0) return 0;
    uLongf packed = LARGEST;
    size_t rows = LLVMFuzzerMutate(image->rows, image->rows_size, LARGEST);
    if (compress2(image->packed, &packed, image->rows, rows, 1) != Z_OK) return 0;
    size_t tail = size - image->end, result = image->first + FRAME + packed + tail;
    if (result > most) return 0;
    uint8_t *chunk = bytes + image->first;
    memmove(chunk + FRAME + packed, bytes + image->end, tail);
    put32(chunk, (uint32_t)packed);
    memcpy(chunk + 4, idat, sizeof idat);
    memcpy(chunk + 8, image->packed, packed);
    return result;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed) {
    static struct image image;
    unsigned way = seed % 8;
    size_t result = way < 3 ? mutate_rows(&image, bytes, size, most) : 0;
    if (!result) result = LLVMFuzzerMutate(bytes, size, most);
    if (way == 7) return result;
    mend_adler(&image, bytes, result);
    mend_crcs(bytes, result);
    return result;
}
