/* The floor: what counting PNG masks cannot do without. floor LIST reads every file that LIST names
 * (one path a line), inflates its IDAT with libdeflate and checks the Adler-32, and does nothing
 * else: no CRC-32, no filters, no counting.
 *
 * libdeflate leaves its fast loop within the last 32 bytes of input or 300 of output, and in a mask
 * the last 32 bytes of input can be half the image; so it gets ROOM bytes more on both sides.
 */
#include <fcntl.h>
#include <libdeflate.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 1024, LARGEST_FILE = 1 << 28 };

static uint32_t big_endian(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Bytes of the image once inflated: every row is led by its filter. Without interlacing. */
static size_t raw_size(const uint8_t *ihdr) {
    static const uint8_t channels[7] = {1, 0, 3, 1, 2, 0, 4};
    size_t bits = (size_t)big_endian(ihdr) * channels[ihdr[9] % 7] * ihdr[8];
    return (1 + (bits + 7) / 8) * big_endian(ihdr + 4);
}

/* Moves the data of all IDAT chunks to the start of the file's bytes; returns their length. */
static size_t gather(uint8_t *file, size_t size) {
    size_t length = 0;
    for (size_t at = 8, next; at + 12 <= size; at = next) {
        next = at + 12 + big_endian(file + at);
        if (memcmp(file + at + 4, "IDAT", 4) == 0 && next <= size) {
            memmove(file + length, file + at + 8, next - at - 12);
            length += next - at - 12;
        }
    }
    return length;
}

static size_t slurp(const char *path, uint8_t *buffer) {
    int fd = open(path, O_RDONLY);
    if (fd < 0) {
        return 0;
    }
    ssize_t size = read(fd, buffer, LARGEST_FILE);
    close(fd);
    return size > 0 ? (size_t)size : 0;
}

/* Whether the gathered zlib stream holds exactly the wanted bytes. */
static bool inflates(struct libdeflate_decompressor *inflater, const uint8_t *stream, size_t length,
                     uint8_t *image, size_t wanted) {
    size_t used = 0, made = 0;
    return length >= 6 &&
           libdeflate_deflate_decompress_ex(inflater, stream + 2, length + ROOM / 2, image,
                                            wanted + ROOM, &used, &made) == LIBDEFLATE_SUCCESS &&
           made == wanted && used + 6 == length &&
           libdeflate_adler32(1, image, made) == big_endian(stream + 2 + used);
}

static bool read_all(FILE *list, struct libdeflate_decompressor *inflater, uint8_t *file) {
    uint8_t *image = NULL;
    size_t room = 0;
    bool right = true;
    char path[4096];
    while (right && fgets(path, sizeof path, list) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        size_t size = slurp(path, file), wanted = size < 33 ? 0 : raw_size(file + 16);
        if (wanted > room) {
            room = wanted;
            free(image);
            image = malloc(room + ROOM);
        }
        right = image != NULL && inflates(inflater, file, gather(file, size), image, wanted);
    }
    free(image);
    if (!right) {
        fprintf(stderr, "floor: %s does not inflate\n", path);
    }
    return right;
}

int main(int argc, char **argv) {
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (list == NULL) {
        fputs("usage: floor LIST\n", stderr);
        return 1;
    }
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    uint8_t *file = calloc(1, LARGEST_FILE + ROOM);
    bool right = inflater != NULL && file != NULL && read_all(list, inflater, file);
    libdeflate_free_decompressor(inflater);
    free(file);
    fclose(list);
    return !right;
}
