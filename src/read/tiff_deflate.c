/* Nearly every stream makes exactly its block. But some writers give the last strip as many rows as the
 * others have, or claim more bytes than the stream has. libtiff takes both; to libdeflate they are errors,
 * and what libtiff then counts is whatever libdeflate had written until it found out, right or wrong, its
 * checksum unseen. So those streams go through zlib, which fills the block, and on to their end, where it
 * compares the checksum. That refuses damaged streams that libtiff takes, and no others. */
#include "read/tiff_deflate.h"

#include <libdeflate.h>
#include <string.h>
#include <tiff.h>
#include <zlib.h>

#include "read/adler.h"

bool mw_tiff_is_deflate(unsigned compression) {
    return compression == COMPRESSION_ADOBE_DEFLATE || compression == COMPRESSION_DEFLATE;
}

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

/* --- By edges --------------------------------------------------------------------------------- */

struct rest {
    const unsigned char *in;
    size_t length;
};

static enum mw_status next_bytes(void *context, unsigned char *out, size_t room, size_t *got,
                                 struct mw_error *err) {
    struct rest *rest = context;
    (void)err;
    *got = rest->length < room ? rest->length : room;
    memcpy(out, rest->in, *got);
    rest->in += *got;
    rest->length -= *got;
    return MW_OK;
}

/* Bytes from an edge to the next. */
static uint32_t run_length(const struct mw_edges *edges, size_t i) {
    uint32_t end = i + 1 < edges->count ? mw_edge_position(edges->list[i + 1]) : edges->made;
    return end - mw_edge_position(edges->list[i]);
}

static bool inflate_edges(struct mw_edges *edges, struct rest *rest, size_t size) {
    const struct mw_edges_source source = {rest, next_bytes};
    struct mw_adler sum = mw_adler_start();
    struct mw_error err;
    uint32_t adler;
    if (mw_edges_begin(edges, (uint32_t)size + 1, &source, &err) ||
        mw_edges_next(edges, (uint32_t)size + 1, &err) || edges->made != size ||
        mw_edges_end(edges, &adler, &err))
        return false;
    for (size_t i = 0; i < edges->count; i++)
        mw_adler_add_run(&sum, mw_edge_byte(edges->list[i]), run_length(edges, i));
    return mw_adler_reduce(&sum) == adler;
}

bool mw_tiff_count_edges(struct mw_edges *edges, const unsigned char *in, size_t length,
                         size_t size, uint64_t times, uint64_t sums[256]) {
    enum { LARGEST = 1 << 20 }; /* bytes of a block */
    struct rest rest = {in, length};
    if (size > LARGEST || !inflate_edges(edges, &rest, size)) return false;
    for (size_t i = 0; i < edges->count; i++)
        sums[mw_edge_byte(edges->list[i])] += run_length(edges, i) * times;
    return true;
}
