/* unpack: the bytes of a file or of standard input, piece by piece, unpacked where they are packed. */
#ifndef MW_READ_UNPACK_H
#define MW_READ_UNPACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

enum { MW_UNPACK_STEP = 64 * 1024 }; /* bytes of a piece, at most */

enum mw_packing {
    MW_UNPACKED,
    MW_GZIP,
    MW_FILTERED /* zstd, xz or bzip2, by libarchive */
};

/* Zeroed but for the file, which is open, or standard input. */
struct mw_unpacker {
    struct mw_input input;
    bool standard;       /* standard input instead */
    struct mw_text head; /* of it, not handed on yet; a view, never freed */
    uint64_t at;         /* bytes of the file that were handed on */
    uint64_t given;      /* bytes that mw_unpack_some gave */
    enum mw_packing packing;
    z_stream gzip;
    bool between;            /* two streams of gzip, or before the first */
    struct archive *filter;  /* of libarchive */
    struct mw_error failure; /* what ended mw_unpack_some; else its status is MW_OK */
    unsigned char in[MW_UNPACK_STEP], out[MW_UNPACK_STEP];
};

/* libarchive is loaded. Errors: MW_NO_MEMORY, MW_IO, MW_BROKEN, MW_REFUSED. */
MW_MUST_CHECK enum mw_status mw_unpack_begin(struct mw_unpacker *unpacker, enum mw_packing packing,
                                             struct mw_error *err);

/* The next piece, which holds until the next call. Returns its bytes, 0 at the end, when all checksums were
 * right, or -1 with a failure: MW_IO, MW_BROKEN, MW_NO_MEMORY. */
ssize_t mw_unpack_some(struct mw_unpacker *unpacker, const void **bytes);

/* Goes to another place of a file that is not packed. False when there is none. */
bool mw_unpack_seek(struct mw_unpacker *unpacker, uint64_t at);

/* Checks that a file is as it was when it was opened. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_unpack_check(const struct mw_unpacker *unpacker,
                                             struct mw_error *err);

/* Closes the file and frees what there is, whether it was begun or not. */
void mw_unpack_end(struct mw_unpacker *unpacker);

#endif
