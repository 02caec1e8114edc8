/* Headers of images: PNG, JPEG, TIFF, and every one that is cut short. */
#include "support.h"

#include "read/image.h"

/* A JPEG of 300 x 200 pixels: fill bytes, a table, EXIF of either byte order, a frame, and no scan. */
static const unsigned char jpeg[] = {
    0xff, 0xd8, 0xff, 0xe0, 0, 4,  'J', 'F',                 /* APP0 */
    0xff, 0xff, 0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, /* APP1, behind two fill bytes */
    'M',  'M',  0,    42,   0, 0,  0,   8,   0,   1,         /* at 20: one entry */
    0x01, 0x12, 0,    3,    0, 0,  0,   1,   0,   6,   0, 0, 0, 0, 0, 0, /* orientation 6 */
    0xff, 0xc4, 0,    3,    0,                                           /* DHT is no frame */
    0xff, 0xc2, 0,    8,    8, 0,  200, 1,   44,  1};                    /* SOF2 */

enum { FRAME_END = 60 }; /* the frame's height and width are read up to here */

static const unsigned char png[] = {
    0x89, 'P', 'N', 'G',  '\r', '\n', 0x1a, '\n', 0,   0,   0,   13,  'I', 'H', 'D', 'R',
    0,    0,   1,   44,   0,    0,    0,    200,  8,   2,   0,   0,   0,   0,   0,   0,
    0,    0,   0,   0,    26,   'e',  'X',  'I',  'f', 'I', 'I', 42,  0,   8,   0,   0,
    0,    1,   0,   0x12, 1,    3,    0,    1,    0,   0,   0,   8,   0,   0,   0,   0,
    0,    0,   0,   0,    0,    0,    0,    0,    0,   0,   0,   'I', 'D', 'A', 'T'};

static enum mw_status read_bytes(struct mw_image *image, const unsigned char *bytes, size_t size,
                                 struct mw_error *err) {
    /* a copy, so that the sanitizer sees every byte too many */
    unsigned char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    struct mw_input input = {0};
    mw_input_memory(&input, copy, size);
    enum mw_status status = mw_image_read_input(image, &input, err);
    mw_input_free(&input);
    free(copy);
    return status;
}

static void check(const unsigned char *bytes, size_t size, uint32_t orientation) {
    struct mw_image image;
    struct mw_error err;
    assert_ok(read_bytes(&image, bytes, size, &err), &err);
    assert_int_equal(image.width, 300);
    assert_int_equal(image.height, 200);
    assert_int_equal(image.orientation, orientation);
}

TEST(width_height_and_orientation_are_those_of_the_header) {
    check(jpeg, sizeof jpeg, 6);
    check(png, sizeof png, 8);
}

TEST(a_header_that_is_cut_short_is_an_error_or_says_the_same) {
    struct mw_image image;
    struct mw_error err;
    for (size_t size = 0; size < sizeof jpeg; size++)
        if (size >= FRAME_END) check(jpeg, size, 6);
        else
            assert_fails(read_bytes(&image, jpeg, size, &err), size < 3 ? MW_REFUSED : MW_BROKEN,
                         NULL, &err);
    for (size_t size = 8; size < sizeof png; size++) {
        if (size < 24) assert_fails(read_bytes(&image, png, size, &err), MW_BROKEN, NULL, &err);
        else check(png, size, size < 63 ? 1 : 8);
    }
}

TEST(an_orientation_may_be_a_long_number) {
    enum { TYPE = 33, VALUE = 38 };
    unsigned char bytes[sizeof jpeg];
    memcpy(bytes, jpeg, sizeof jpeg);
    bytes[TYPE] = 4;
    memcpy(bytes + VALUE, (unsigned char[]){0, 0, 0, 6}, 4);
    check(bytes, sizeof bytes, 6);
    bytes[VALUE] = 1;
    check(bytes, sizeof bytes, 1);
    bytes[TYPE] = 2;
    check(bytes, sizeof bytes, 1);
    unsigned char little[sizeof png];
    memcpy(little, png, sizeof png);
    little[53] = 4;
    check(little, sizeof little, 8);
}

TEST(exif_that_is_damaged_says_nothing) {
    unsigned char bytes[sizeof jpeg];
    for (size_t place = 20; place < 46; place++) {
        memcpy(bytes, jpeg, sizeof jpeg);
        bytes[place] ^= 0x80;
        struct mw_image image;
        struct mw_error err;
        assert_ok(read_bytes(&image, bytes, sizeof bytes, &err), &err);
        assert_int_equal(image.width, 300);
        assert_in_range(image.orientation, 1, 8);
    }
    memcpy(bytes, jpeg, sizeof jpeg);
    bytes[39] = 9; /* there are eight */
    check(bytes, sizeof bytes, 1);
}

/* Between the signature or the start of a JPEG and the rest of it. */
static void check_with(const unsigned char *bytes, size_t size, size_t place, const char *more,
                       size_t more_size, uint32_t orientation) {
    unsigned char whole[256];
    memcpy(whole, bytes, place);
    memcpy(whole + place, more, more_size);
    memcpy(whole + place + more_size, bytes + place, size - place);
    check(whole, size + more_size, orientation);
}

TEST(chunks_and_segments_of_other_things_are_passed_over) {
    check_with(png, sizeof png, 33, "\0\0\0\1gAMAx\1\2\3\4", 13, 8);
    static const struct {
        const char *bytes;
        size_t size;
    } segments[] = {
        {"\xff\1", 2},               /* TEM has no length */
        {"\xff\xd0\xff\xd7", 4},     /* nor have RST0 and RST7 */
        {"\xff\xbf\0\3x", 5},        /* reserved */
        {"\xff\xc8\0\3x", 5},        /* JPG */
        {"\xff\xcc\0\4xx", 6},       /* DAC */
        {"\xff\xe1\0\4Ex", 6},       /* APP1 without room for a name */
        {"\xff\xe1\0\10http:/", 10}, /* and with another one */
    };
    for (size_t i = 0; i < COUNT(segments); i++)
        check_with(jpeg, sizeof jpeg, 2, segments[i].bytes, segments[i].size, 6);
}

TEST(the_first_exif_counts) {
    check_with(jpeg, sizeof jpeg, 2, "\xff\xe1\0\12Exif\0\0II", 12, 1); /* without a directory */
    check_with(jpeg, sizeof jpeg, 2, "\xff\xe1\0\20Exif\0\0II*\0\7\0\0\0", 18, 1); /* at its end */
    check_with(jpeg, sizeof jpeg, 2,
               "\xff\xe1\0\36Exif\0\0II*\0\10\0\0\0\2\0\0\1\3\0\1\0\0\0\6\0\0\0", 32,
               1); /* two entries, of which one is there and says something else */
    check_with(jpeg, sizeof jpeg, 2,
               "\xff\xe1\0\36Exif\0\0II*\0\10\0\0\0\1\0\22\1\3\0\1\0\0\0\0\0\0\0", 32,
               1); /* no orientation is 0 */
}

/* A TIFF of 300 x 200 pixels. */
TEST(a_tiff_has_an_orientation_of_1_to_8) {
    enum { ENTRIES = 5, ORIENTATION = 10 + 3 * 12 + 8 };
    static const unsigned char tags[ENTRIES][3] = {
        {0, 44, 1}, {1, 200, 0}, {17, 8, 0}, {18, 5, 0}, {23, 1, 0}}; /* from 256 on, and values */
    unsigned char tiff[10 + ENTRIES * 12 + 4] = {'I', 'I', 42, 0, 8, 0, 0, 0, ENTRIES, 0};
    for (size_t i = 0; i < ENTRIES; i++) {
        const unsigned char entry[12] = {tags[i][0], 1, 3, 0, 1, 0, 0, 0, tags[i][1], tags[i][2]};
        memcpy(tiff + 10 + i * sizeof entry, entry, sizeof entry);
    }
    check(tiff, sizeof tiff, 5);
    for (unsigned char wrong = 0; wrong < 10; wrong += 9) {
        tiff[ORIENTATION] = wrong;
        check(tiff, sizeof tiff, 1);
    }
}

TEST(what_is_no_image_is_refused) {
    static const struct {
        const char *bytes;
        size_t size;
        enum mw_status status;
        const char *part;
    } cases[] = {
        {"GIF89a..........", 16, MW_REFUSED, "neither PNG nor JPEG nor TIFF"},
        {"", 0, MW_REFUSED, "neither"},
        {"\xff\xd8\xff\xda\0\2", 6, MW_BROKEN, "no frame"},
        {"\xff\xd8\xff\xd9", 4, MW_BROKEN, "no frame"},
        {"\xff\xd8\xff\xe0\0\1", 6, MW_BROKEN, "less than 2 bytes"},
        {"\xff\xd8\xff\xe0\0\2xx", 8, MW_BROKEN, "no frame"},
        {"\xff\xd8\xff\xc0\0\x0b\x8\0\0\0\5", 11, MW_REFUSED, "DNL"},
        {"\xff\xd8\xff\xc0\0\x0b\x8\0\5\0\0", 11, MW_BROKEN, "no pixels"},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIDAT\0\0\0\1\0\0\0\1", 24, MW_BROKEN, "IHDR"},
        {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\0", 24, MW_BROKEN, "no pixels"},
        {"II*\0\xff\xff\xff\xff", 8, MW_BROKEN, "TIFF"},
        {"II*\0\0\0\0\0", 8, MW_BROKEN, "TIFF"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct mw_image image;
        struct mw_error err;
        assert_fails(read_bytes(&image, (const unsigned char *)cases[i].bytes, cases[i].size, &err),
                     cases[i].status, cases[i].part, &err);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_height_and_orientation_are_those_of_the_header),
        cmocka_unit_test(a_header_that_is_cut_short_is_an_error_or_says_the_same),
        cmocka_unit_test(an_orientation_may_be_a_long_number),
        cmocka_unit_test(exif_that_is_damaged_says_nothing),
        cmocka_unit_test(chunks_and_segments_of_other_things_are_passed_over),
        cmocka_unit_test(the_first_exif_counts),
        cmocka_unit_test(a_tiff_has_an_orientation_of_1_to_8),
        cmocka_unit_test(what_is_no_image_is_refused),
    };
    return RUN_TESTS(tests);
}
