/* image: how large the image is that a mask belongs to, out of its header: PNG, JPEG, TIFF. No pixel is
 * decoded.
 *
 * PNG and JPEG are read here: a dozen bytes behind a chain of lengths. libjpeg would add a library to every
 * run for two fields that stand before anything compressed. A new format is one row in image.c. */
#ifndef MW_READ_IMAGE_H
#define MW_READ_IMAGE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

struct mw_image {
    uint32_t width, height; /* pixels, as stored */
    uint32_t
        orientation; /* how it is to be turned or mirrored, 1 to 8 as in EXIF and TIFF; 1: not at
                               all; from 5 on, width and height change places */
};

/* Suffixes of files that hold images, lower case and without dot; NULL ends. */
extern const char *const mw_image_suffixes[];

/* Reads the header of an open input, by its content; of TIFF the first page. Errors: those of mw_input_read,
 * MW_BROKEN, MW_REFUSED, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_image_read_input(struct mw_image *image, struct mw_input *input,
                                                 struct mw_error *err);

/* The same for a file. Errors: those of mw_input_open, too. Any thread. Cost: a read or two of
 * MW_IMAGE_WINDOW bytes. */
MW_MUST_CHECK enum mw_status mw_image_read(struct mw_image *image, const char *path,
                                           struct mw_error *err);

/* Bytes that are read at once: headers are short. */
enum { MW_IMAGE_WINDOW = 4096 };

#endif
