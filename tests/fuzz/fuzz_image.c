/* mw_image_read_input: what it accepts has pixels and one of eight orientations, and is the same through a
 * window that is smaller than the header. */
#include <stdio.h>

#include "fuzz.h"
#include "read/image.h"

/* The same bytes out of a file, in windows of few bytes. */
static void check_file(const uint8_t *bytes, size_t size, const struct mw_image *image) {
    struct mw_input input = {.window_size = 16};
    struct mw_image again;
    struct mw_error err = {0};
    FILE *file = tmpfile();
    REQUIRE(file && fwrite(bytes, 1, size, file) == size && fflush(file) == 0);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fileno(file));
    REQUIRE(mw_input_open(&input, path, &err) == MW_OK);
    REQUIRE(mw_image_read_input(&again, &input, &err) == MW_OK);
    REQUIRE(again.width == image->width && again.height == image->height &&
            again.orientation == image->orientation);
    mw_input_free(&input);
    fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct mw_input input = {0};
    struct mw_image image;
    struct mw_error err = {0};
    mw_input_memory(&input, bytes, size);
    enum mw_status status = mw_image_read_input(&image, &input, &err);
    fuzz_check_error(status, &err);
    if (status == MW_OK) {
        REQUIRE(image.width > 0 && image.height > 0);
        REQUIRE(image.orientation >= 1 && image.orientation <= 8);
        check_file(bytes, size, &image);
    }
    mw_input_free(&input);
    return 0;
}
