/* What everybody writes first: rows from libpng, strips and tiles from libtiff, and h[v]++ for
 * every pixel.
 *
 *   naive decode LIST   reads the files that LIST names (one path a line) and counts nothing
 *   naive count LIST    counts
 *   naive print LIST    counts, and prints "value pixels" of every value
 *
 * A colour is the value R << 16 | G << 8 | B.
 */
#include <png.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

static uint64_t histogram[1 << 24];
static bool counting; /* false: decode only */

static void count(const uint8_t *row, size_t pixels, size_t bytes_per_pixel) {
    if (!counting) {
        return;
    }
    if (bytes_per_pixel == 1) {
        for (size_t i = 0; i < pixels; i++) {
            histogram[row[i]]++;
        }
    } else if (bytes_per_pixel == 2) {
        for (size_t i = 0; i < pixels; i++) {
            histogram[row[2 * i] << 8 | row[2 * i + 1]]++;
        }
    } else {
        for (size_t i = 0; i < pixels; i++) {
            histogram[row[3 * i] << 16 | row[3 * i + 1] << 8 | row[3 * i + 2]]++;
        }
    }
}

static bool read_png(const char *path) {
    FILE *file = fopen(path, "rb");
    png_struct *png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_info *info = png_create_info_struct(png);
    if (file == NULL || setjmp(png_jmpbuf(png)) != 0) {
        return false;
    }
    png_init_io(png, file);
    png_read_info(png, info);
    size_t width = png_get_image_width(png, info), row_bytes = png_get_rowbytes(png, info);
    uint8_t *row = malloc(row_bytes);
    for (uint32_t y = png_get_image_height(png, info); y > 0; y--) {
        png_read_row(png, row, NULL);
        count(row, width, row_bytes / width);
    }
    png_read_end(png, NULL);
    png_destroy_read_struct(&png, &info, NULL);
    free(row);
    fclose(file);
    return true;
}

/* 8-bit grey tiles; those at the right and lower edge reach over the image. */
static void read_tiles(TIFF *tiff, uint32_t width, uint32_t height) {
    uint32_t side[2] = {0, 0};
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &side[0]);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &side[1]);
    uint8_t *tile = malloc((size_t)TIFFTileSize(tiff));
    for (uint32_t top = 0; top < height; top += side[1]) {
        for (uint32_t left = 0; left < width; left += side[0]) {
            TIFFReadTile(tiff, tile, left, top, 0, 0);
            uint32_t columns = width - left < side[0] ? width - left : side[0];
            for (uint32_t y = 0; y < side[1] && top + y < height; y++) {
                count(tile + (size_t)y * side[0], columns, 1);
            }
        }
    }
    free(tile);
}

static void read_strips(TIFF *tiff) {
    uint8_t *strip = malloc((size_t)TIFFStripSize(tiff));
    for (uint32_t i = 0; i < TIFFNumberOfStrips(tiff); i++) {
        tmsize_t size = TIFFReadEncodedStrip(tiff, i, strip, -1);
        count(strip, size > 0 ? (size_t)size : 0, 1);
    }
    free(strip);
}

static bool read_tiff(const char *path) {
    TIFF *tiff = TIFFOpen(path, "r");
    uint32_t width = 0, height = 0;
    if (tiff == NULL) {
        return false;
    }
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
    if (TIFFIsTiled(tiff)) {
        read_tiles(tiff, width, height);
    } else {
        read_strips(tiff);
    }
    TIFFClose(tiff);
    return true;
}

static void print(void) {
    for (size_t value = 0; value < sizeof histogram / sizeof *histogram; value++) {
        if (histogram[value] != 0) {
            printf("%zu %llu\n", value, (unsigned long long)histogram[value]);
        }
    }
}

int main(int argc, char **argv) {
    FILE *list = argc == 3 ? fopen(argv[2], "r") : NULL;
    char path[4096];
    if (list == NULL) {
        fputs("usage: naive decode|count|print LIST\n", stderr);
        return 1;
    }
    counting = strcmp(argv[1], "decode") != 0;
    while (fgets(path, sizeof path, list) != NULL) {
        path[strcspn(path, "\n")] = '\0';
        if (!(strstr(path, ".png") != NULL ? read_png(path) : read_tiff(path))) {
            fprintf(stderr, "naive: cannot read %s\n", path);
            return 1;
        }
    }
    if (strcmp(argv[1], "print") == 0) {
        print();
    }
    return 0;
}
