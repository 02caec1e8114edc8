/* png_chunks: the chunks of a PNG, read strictly in their order. Every length and every CRC-32 is
 * checked, those of chunks that are skipped too.
 *
 * Use: mw_png_open, mw_png_data until it gives nothing, mw_png_close. */
#ifndef MW_READ_PNG_CHUNKS_H
#define MW_READ_PNG_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

enum mw_png_colour { MW_PNG_GREY = 0, MW_PNG_RGB = 2, MW_PNG_PALETTE = 3 };
enum { MW_PNG_ALPHA = 4 }; /* added to grey or RGB */

/* The chunk at hand. */
struct mw_png_chunk {
    uint64_t offset; /* of its first byte in the file */
    uint32_t length; /* of its data, bytes */
    uint32_t left;   /* bytes of its data not yet read */
    uint32_t crc;    /* CRC-32 of what was read */
    char type[5];    /* four letters */
};

struct mw_png {
    struct mw_input *input;
    uint64_t offset;                 /* of the next byte to read */
    uint32_t width;                  /* pixels, 1 to 2^31 - 1 */
    uint32_t height;                 /* pixels, 1 to 2^31 - 1 */
    uint32_t bits;                   /* of a sample */
    uint32_t channels;               /* samples of a pixel, alpha included */
    unsigned colour;                 /* colour type of the header */
    bool interlaced;                 /* Adam7 */
    bool header, has_plte, has_trns; /* IHDR, PLTE, tRNS were read */
    uint32_t entries;                /* colours of the palette that a sample can name */
    uint32_t palette[256];           /* 0xRRGGBB */
    uint32_t transparencies; /* bytes of the first tRNS; 0 without one that is short enough */
    unsigned char transparency[256]; /* those bytes */
    struct mw_png_chunk chunk;
};

/* Reads up to the first byte of the image data. Errors: those of mw_input_read, MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_png_open(struct mw_png *png, struct mw_input *input,
                                         struct mw_error *err);

/* Copies the next bytes of the image data, at most `room`, to `out`. *got is 0 behind the last IDAT.
 * Errors: those of mw_input_read, MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_png_data(struct mw_png *png, unsigned char *out, size_t room,
                                         size_t *got, struct mw_error *err);

/* Reads what follows the image data, up to the end of IEND. Errors: those of mw_input_read,
 * MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_png_close(struct mw_png *png, struct mw_error *err);

#endif
