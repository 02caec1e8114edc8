/* Nearly every stream makes exactly its block. But some writers give the last strip as many rows as the
 * others have, or claim more bytes than the stream has. libtiff takes both; to libdeflate they are errors,
 * and what libtiff then counts is whatever libdeflate had written until it found out, right or wrong, its
 * checksum unseen. So those streams go through zlib, which fills the block, and on to their end, where it
 * compares the checksum. That refuses damaged streams that libtiff takes, and no others. */
#include "read/tiff_deflate.h"

#include <libdeflate.h>
#include <string.h>
#include <zlib.h>

static enum mw_status damaged(struct mw_error *err, const char *what) {
    return mw_error_set(err, MW_BROKEN, "damaged TIFF: Deflate stream: %s", what);
}

/* Inflates what is behind the block, into nothing. Errors: MW_BROKEN. */
static enum mw_status skip_rest(z_stream *zlib, int result, struct mw_error *err) {
    unsigned char rest[4096];
    while (result == Z_OK) {
        zlib->next_out = rest;
        zlib->avail_out = sizeof rest;
        result = inflate(zlib, Z_NO_FLUSH);
    }
    if (result == Z_STREAM_END) return MW_OK;
    return damaged(err, zlib->msg ? zlib->msg : "it ends too early");
}

static enum mw_status inflate_odd(const unsigned char *in, size_t length, unsigned char *out,
                                  size_t size, struct mw_error *err) {
    z_stream zlib = {.next_in = (unsigned char *)in,
                     .avail_in = (uInt)length,
                     .next_out = out,
                     .avail_out = (uInt)size};
    if (inflateInit(&zlib) != Z_OK) return mw_error_memory(err);
    int result = inflate(&zlib, Z_NO_FLUSH);
    bool full = zlib.avail_out == 0;
    enum mw_status status = MW_OK;
    if (result == Z_MEM_ERROR) status = mw_error_memory(err);
    else if (full || (result != Z_OK && result != Z_STREAM_END))
        status = skip_rest(&zlib, result, err);
    else status = damaged(err, "it ends before the last pixel");
    inflateEnd(&zlib);
    return status;
}

enum mw_status mw_tiff_inflate(struct mw_inflater *inflater, const unsigned char *in, size_t length,
                               unsigned char *out, size_t size, struct mw_error *err) {
    struct mw_error odd;
    uint32_t adler;
    enum mw_status status = mw_inflate_whole(inflater, in, length, out, size, &adler, &odd);
    if (status == MW_NO_MEMORY) return mw_error_memory(err);
    if (status) return inflate_odd(in, length, out, size, err);
    return mw_inflate_check(adler, libdeflate_adler32(1, out, size), err);
}
