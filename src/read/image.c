#include "read/image.h"

#include <stdbool.h>
#include <string.h>

#include "read/tiff_client.h"

const char *const mw_image_suffixes[] = {"jpg", "jpeg", "png", "tif", "tiff", NULL};

enum { TAG_ORIENTATION = 0x0112, TYPE_SHORT = 3, TYPE_LONG = 4 };

static uint32_t integer_16(const unsigned char bytes[2], bool little) {
    return little ? (uint32_t)bytes[1] << 8 | bytes[0] : (uint32_t)bytes[0] << 8 | bytes[1];
}

static uint32_t integer_32(const unsigned char bytes[4], bool little) {
    return little ? integer_16(bytes + 2, true) << 16 | integer_16(bytes, true)
                  : mw_big_endian_32(bytes);
}

/* The orientation in EXIF data, which are a TIFF directory, between two places of the file. What is damaged
 * says nothing, as it does for loaders. */
static uint32_t read_exif(struct mw_input *input, uint64_t start, uint64_t end) {
    unsigned char head[8], entry[12];
    struct mw_error ignored;
    if (end < start + sizeof head || mw_input_read(input, start, head, sizeof head, &ignored))
        return 1;
    bool little = head[0] == 'I';
    uint64_t place = start + integer_32(head + 4, little);
    if (integer_16(head + 2, little) != 42 || place + 2 > end ||
        mw_input_read(input, place, head, 2, &ignored))
        return 1;
    uint32_t entries = integer_16(head, little);
    place += 2;
    for (uint32_t i = 0; i < entries && place + sizeof entry <= end; i++, place += sizeof entry) {
        if (mw_input_read(input, place, entry, sizeof entry, &ignored)) return 1;
        if (integer_16(entry, little) != TAG_ORIENTATION) continue;
        uint32_t type =
            integer_16(entry + 2, little); /* SHORT by the standard, LONG in the field */
        uint32_t value = type == TYPE_SHORT  ? integer_16(entry + 8, little)
                         : type == TYPE_LONG ? integer_32(entry + 8, little)
                                             : 1;
        return value >= 1 && value <= 8 ? value : 1;
    }
    return 1;
}

/* --- PNG ---------------------------------------------------------------------------------------- */

/* eXIf may stand anywhere behind IHDR; loaders that see it look before the pixels. */
static uint32_t find_exif_chunk(struct mw_input *input) {
    unsigned char head[8];
    struct mw_error ignored;
    for (uint64_t place = 33; !mw_input_read(input, place, head, sizeof head, &ignored);) {
        uint64_t length = mw_big_endian_32(head), data = place + sizeof head;
        if (memcmp(head + 4, "IDAT", 4) == 0) break;
        if (memcmp(head + 4, "eXIf", 4) == 0) return read_exif(input, data, data + length);
        place = data + length + 4;
    }
    return 1;
}

/* Signature, then IHDR: length, name, width, height (PNG, 11.2.2). */
static enum mw_status read_png(struct mw_image *image, struct mw_input *input,
                               struct mw_error *err) {
    unsigned char head[24];
    enum mw_status status = mw_input_read(input, 0, head, sizeof head, err);
    if (status) return status;
    if (memcmp(head + 12, "IHDR", 4) != 0)
        return mw_error_set(err, MW_BROKEN, "damaged PNG: it does not begin with IHDR");
    *image = (struct mw_image){.width = mw_big_endian_32(head + 16),
                               .height = mw_big_endian_32(head + 20),
                               .orientation = find_exif_chunk(input)};
    return MW_OK;
}

/* --- JPEG --------------------------------------------------------------------------------------- */

/* SOF0 to SOF15, among which DHT, JPG and DAC have numbers, too (ITU-T T.81, table B.1). */
static bool is_frame(unsigned marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* TEM and RST0 to RST7 have no length. */
static bool stands_alone(unsigned marker) {
    return marker == 0x01 || (marker >= 0xd0 && marker <= 0xd7);
}

/* Length, precision, lines, samples a line (B.2.2). */
static enum mw_status read_frame(struct mw_image *image, struct mw_input *input, uint64_t place,
                                 struct mw_error *err) {
    unsigned char head[7];
    enum mw_status status = mw_input_read(input, place, head, sizeof head, err);
    if (status) return status;
    image->height = integer_16(head + 3, false);
    image->width = integer_16(head + 5, false);
    if (image->height) return MW_OK;
    return mw_error_set(err, MW_REFUSED, "a JPEG that tells its height behind the pixels (DNL)");
}

static void read_application(struct mw_image *image, struct mw_input *input, uint64_t place,
                             uint64_t end, bool *seen) {
    unsigned char name[6];
    struct mw_error ignored;
    uint64_t start = place + 2;
    if (*seen || end < start + sizeof name ||
        mw_input_read(input, start, name, sizeof name, &ignored) ||
        memcmp(name, "Exif\0", sizeof name) != 0)
        return;
    *seen = true;
    image->orientation = read_exif(input, start + sizeof name, end);
}

/* The frame stands before every scan, so that a chain of segments with lengths leads to it. Bytes of 0xff
 * may fill the room before a marker. */
static enum mw_status read_jpeg(struct mw_image *image, struct mw_input *input,
                                struct mw_error *err) {
    enum { APP1 = 0xe1, SCAN = 0xda, END = 0xd9 };
    unsigned char head[4];
    bool exif = false;
    uint64_t place = 2;
    *image = (struct mw_image){.orientation = 1};
    for (;;) {
        enum mw_status status = mw_input_read(input, place, head, 2, err);
        if (status) return status;
        unsigned marker = head[1];
        if (head[0] != 0xff || marker == SCAN || marker == END)
            return mw_error_set(err, MW_BROKEN, "damaged JPEG: no frame header");
        place += marker == 0xff ? 1 : 2;
        if (marker == 0xff || stands_alone(marker)) continue;
        if (is_frame(marker)) return read_frame(image, input, place, err);
        if ((status = mw_input_read(input, place, head, 2, err))) return status;
        uint64_t end = place + integer_16(head, false);
        if (end < place + 2)
            return mw_error_set(err, MW_BROKEN, "damaged JPEG: a segment of less than 2 bytes");
        if (marker == APP1) read_application(image, input, place, end, &exif);
        place = end;
    }
}

/* --- TIFF --------------------------------------------------------------------------------------- */

static enum mw_status read_tiff(struct mw_image *image, struct mw_input *input,
                                struct mw_error *err) {
    struct mw_tiff_client client = {.input = input, .limits = &mw_limits_default, .err = err};
    uint16_t orientation = 1;
    *image = (struct mw_image){0};
    TIFF *tiff = mw_tiff_open(&client);
    if (!tiff && client.status) return client.status;
    if (!tiff) return mw_error_set(err, MW_BROKEN, "damaged TIFF");
    mw_tiff.GetField(tiff, TIFFTAG_IMAGEWIDTH, &image->width);
    mw_tiff.GetField(tiff, TIFFTAG_IMAGELENGTH, &image->height);
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    image->orientation = orientation; /* libtiff takes 1 to 8 */
    mw_tiff_close(&client, tiff);
    return MW_OK;
}

/* --- The table ---------------------------------------------------------------------------------- */

static const struct {
    const char *bytes; /* with which a file begins */
    size_t length;
    enum mw_status (*read)(struct mw_image *image, struct mw_input *input, struct mw_error *err);
} formats[] = {
    {"\x89PNG\r\n\x1a\n", 8, read_png},
    {"\xff\xd8\xff", 3, read_jpeg},
    {"II*\0", 4, read_tiff},
    {"MM\0*", 4, read_tiff},
    {"II+\0", 4, read_tiff},
    {"MM\0+", 4, read_tiff},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static enum mw_status read_header(struct mw_image *image, struct mw_input *input,
                                  struct mw_error *err) {
    unsigned char head[8] = {0};
    size_t length = input->size < sizeof head ? (size_t)input->size : sizeof head;
    enum mw_status status = mw_input_read(input, 0, head, length, err);
    if (status) return status;
    for (size_t i = 0; i < FORMATS; i++)
        if (memcmp(head, formats[i].bytes, formats[i].length) == 0)
            return formats[i].read(image, input, err);
    return mw_error_set(err, MW_REFUSED, "neither PNG nor JPEG nor TIFF by its content");
}

enum mw_status mw_image_read_input(struct mw_image *image, struct mw_input *input,
                                   struct mw_error *err) {
    enum mw_status status = read_header(image, input, err);
    if (status || (image->width && image->height)) return status;
    return mw_error_set(err, MW_BROKEN, "it has no pixels");
}

enum mw_status mw_image_read(struct mw_image *image, const char *path, struct mw_error *err) {
    struct mw_input input = {.window_size = MW_IMAGE_WINDOW};
    enum mw_status status = mw_input_open(&input, path, err);
    if (!status) status = mw_image_read_input(image, &input, err);
    mw_input_free(&input);
    return status;
}
