#include "read/inflate.h"

#include <libdeflate.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/bytes.h"

static enum mw_status broken(const char *what, struct mw_error *err) {
    return mw_error_set(err, MW_BROKEN, "damaged image data: %s", what);
}

static enum mw_status too_much(struct mw_error *err) {
    return broken("more of it than the image has pixels", err);
}

static enum mw_status too_little(struct mw_error *err) {
    return broken("it ends before the last pixel", err);
}

/* A quarter more than is asked for, since images differ in size. */
enum mw_status mw_inflate_reserve(struct mw_inflate_buffer *buffer, size_t size, size_t used,
                                  struct mw_error *err) {
    if (buffer->bytes && size <= buffer->capacity) return MW_OK;
    size_t capacity = size + size / 4;
    unsigned char *bytes = malloc(capacity + MW_INFLATE_ROOM);
    if (!bytes) return mw_error_memory(err);
    if (buffer->bytes) memcpy(bytes, buffer->bytes, used);
    free(buffer->bytes);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return MW_OK;
}

/* --- Whole ----------------------------------------------------------------------------------- */

/* libdeflate is told that all of the room belongs to the stream. So it may make more or take more
 * than there is; both is checked afterwards. */
enum mw_status mw_inflate_whole(struct mw_inflater *inflater, const unsigned char *in,
                                size_t length, unsigned char *out, size_t size, uint32_t *adler,
                                struct mw_error *err) {
    size_t used, made;
    if (!inflater->whole && !(inflater->whole = libdeflate_alloc_decompressor()))
        return mw_error_memory(err);
    if (length < MW_ZLIB_HEADER + MW_ZLIB_CHECKSUM) return too_little(err);
    if (!mw_zlib_header_is_good(in)) return broken("no zlib stream", err);
    size_t most = length - MW_ZLIB_HEADER - MW_ZLIB_CHECKSUM;
    enum libdeflate_result result = libdeflate_deflate_decompress_ex(
        inflater->whole, in + MW_ZLIB_HEADER, most + MW_INFLATE_ROOM, out, size + MW_INFLATE_ROOM,
        &used, &made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) return too_much(err);
    if (result != LIBDEFLATE_SUCCESS) return broken("it cannot be inflated", err);
    if (made > size) return too_much(err);
    if (made < size || used > most) return too_little(err);
    if (used < most) return broken("bytes behind the end of the zlib stream", err);
    *adler = mw_big_endian_32(in + MW_ZLIB_HEADER + used);
    return MW_OK;
}

enum mw_status mw_inflate_check(uint32_t adler, uint32_t sum, struct mw_error *err) {
    return adler == sum ? MW_OK : broken("wrong Adler-32 checksum", err);
}

/* --- Piece by piece -------------------------------------------------------------------------- */

/* zlib is given the deflate stream alone: its own checksum would be slower than ours. */
static enum mw_status reset(struct mw_inflater *inflater, struct mw_error *err) {
    enum { WINDOW_BITS = 15 };
    inflater->ended = false;
    if (inflater->pieces) {
        inflater->pieces->avail_in = 0;
        return inflateReset(inflater->pieces) == Z_OK ? MW_OK : mw_error_memory(err);
    }
    inflater->pieces = calloc(1, sizeof *inflater->pieces);
    if (inflater->pieces && inflateInit2(inflater->pieces, -WINDOW_BITS) == Z_OK) return MW_OK;
    free(inflater->pieces);
    inflater->pieces = NULL;
    return mw_error_memory(err);
}

/* Makes sure that there is input. */
static enum mw_status need_input(struct mw_inflater *inflater,
                                 const struct mw_inflate_source *source, struct mw_error *err) {
    z_stream *zlib = inflater->pieces;
    const unsigned char *in;
    size_t length;
    if (zlib->avail_in > 0) return MW_OK;
    enum mw_status status = source->next(source->context, &in, &length, err);
    if (status) return status;
    if (length == 0) return too_little(err);
    zlib->next_in = (unsigned char *)in;
    zlib->avail_in = (uInt)length;
    return MW_OK;
}

/* Copies bytes that stand around the deflate stream. */
static enum mw_status take(struct mw_inflater *inflater, const struct mw_inflate_source *source,
                           unsigned char *out, size_t size, struct mw_error *err) {
    for (size_t i = 0; i < size; i++) {
        enum mw_status status = need_input(inflater, source, err);
        if (status) return status;
        out[i] = *inflater->pieces->next_in++;
        inflater->pieces->avail_in--;
    }
    return MW_OK;
}

enum mw_status mw_inflate_begin(struct mw_inflater *inflater,
                                const struct mw_inflate_source *source, struct mw_error *err) {
    unsigned char header[MW_ZLIB_HEADER];
    enum mw_status status = reset(inflater, err);
    if (!status) status = take(inflater, source, header, MW_ZLIB_HEADER, err);
    if (status) return status;
    return mw_zlib_header_is_good(header) ? MW_OK : broken("no zlib stream", err);
}

/* One step of zlib. */
static enum mw_status step(struct mw_inflater *inflater, const struct mw_inflate_source *source,
                           struct mw_error *err) {
    z_stream *zlib = inflater->pieces;
    enum mw_status status = need_input(inflater, source, err);
    if (status) return status;
    int result = inflate(zlib, Z_NO_FLUSH);
    if (result == Z_STREAM_END) inflater->ended = true;
    else if (result == Z_MEM_ERROR) return mw_error_memory(err);
    else if (result != Z_OK) return broken(zlib->msg ? zlib->msg : "it cannot be inflated", err);
    return MW_OK;
}

enum mw_status mw_inflate_next(struct mw_inflater *inflater, const struct mw_inflate_source *source,
                               unsigned char *out, size_t size, struct mw_error *err) {
    enum mw_status status = MW_OK;
    inflater->pieces->next_out = out;
    inflater->pieces->avail_out = (uInt)size;
    while (inflater->pieces->avail_out > 0 && !status) {
        if (inflater->ended) return too_little(err);
        status = step(inflater, source, err);
    }
    return status;
}

/* One byte more than there are pixels shows whether there is more. */
enum mw_status mw_inflate_end(struct mw_inflater *inflater, const struct mw_inflate_source *source,
                              uint32_t *adler, struct mw_error *err) {
    const unsigned char *in;
    unsigned char more, checksum[MW_ZLIB_CHECKSUM];
    size_t length;
    enum mw_status status = MW_OK;
    inflater->pieces->next_out = &more;
    inflater->pieces->avail_out = 1;
    while (!inflater->ended && inflater->pieces->avail_out > 0 && !status)
        status = step(inflater, source, err);
    if (status) return status;
    if (inflater->pieces->avail_out == 0) return too_much(err);
    if ((status = take(inflater, source, checksum, MW_ZLIB_CHECKSUM, err))) return status;
    length = inflater->pieces->avail_in;
    if (!length && (status = source->next(source->context, &in, &length, err))) return status;
    *adler = mw_big_endian_32(checksum);
    return length ? broken("bytes behind the end of the zlib stream", err) : MW_OK;
}

void mw_inflater_free(struct mw_inflater *inflater) {
    libdeflate_free_decompressor(inflater->whole);
    if (inflater->pieces) inflateEnd(inflater->pieces);
    free(inflater->pieces);
    *inflater = (struct mw_inflater){0};
}
