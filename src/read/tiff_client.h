/* tiff_client: libtiff on top of an mw_input, with errors, memory and directories under control. */
#ifndef MW_READ_TIFF_CLIENT_H
#define MW_READ_TIFF_CLIENT_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

#include "read/format.h"
#include "read/tiff_library.h"

/* What libtiff's callbacks share; zeroed but for the first three. */
struct mw_tiff_client {
    struct mw_input *input;
    const struct mw_limits *limits;
    struct mw_error *err;
    enum mw_status status;    /* the first thing that went wrong; its message is in `err` */
    uint64_t offset;          /* of the next byte to read */
    uint64_t directory_bytes; /* read so far for directories */
    bool beyond_end;          /* the last read went past the end of the file */
    bool decoding; /* between a mask's first and last pixel: then warnings are errors, since libtiff
                      has made up or dropped pixels */
    jmp_buf *leave; /* while a directory is read: where to go when memory runs out; else NULL */
    bool left;      /* libtiff was left there, in the midst of something */
};

/* Loads libtiff, opens the file and reads its first directory; NULL when that fails, with the reason in
 * `client->status` if there is one. `client` must outlive the result. */
TIFF *mw_tiff_open(struct mw_tiff_client *client);

/* Reads the next directory; false when that fails, as above. After MW_NO_MEMORY nothing may be done with
 * `tiff` any more. */
bool mw_tiff_next(struct mw_tiff_client *client, TIFF *tiff);

/* Closes a file; what memory ran out for is left as it is. */
void mw_tiff_close(struct mw_tiff_client *client, TIFF *tiff);

#endif
