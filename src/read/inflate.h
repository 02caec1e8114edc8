/* inflate: zlib streams (RFC 1950), whole through libdeflate or piece by piece through zlib. */
#ifndef MW_READ_INFLATE_H
#define MW_READ_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Bytes behind the input that may be read, and behind the output that may be written: libdeflate
 * leaves its fast loop when less is left of either, and in a mask the last 32 bytes of input can be
 * half of the image. */
enum { MW_INFLATE_ROOM = 1024 };

/* A zlib stream (RFC 1950) is a deflate stream between these. */
enum { MW_ZLIB_HEADER = 2, MW_ZLIB_CHECKSUM = 4 };

/* The two bytes in front: method 8, a window of at most 32 KiB (which one does not matter), a check
 * that makes them a multiple of 31, no preset dictionary. */
static inline bool mw_zlib_header_is_good(const unsigned char in[MW_ZLIB_HEADER]) {
    return (in[0] & 15) == 8 && in[0] >> 4 <= 7 && (in[0] << 8 | in[1]) % 31 == 0 && !(in[1] & 32);
}

/* Memory with that room behind it. Zeroed is empty. */
struct mw_inflate_buffer {
    unsigned char *bytes; /* [capacity + MW_INFLATE_ROOM] */
    size_t capacity;
};

/* Makes room for `size` bytes; the first `used` bytes stay. Errors: MW_NO_MEMORY, and the buffer is as
 * it was. Release `bytes` with free. */
MW_MUST_CHECK enum mw_status mw_inflate_reserve(struct mw_inflate_buffer *buffer, size_t size,
                                                size_t used, struct mw_error *err);

/* What one thread keeps from stream to stream. Zeroed is empty. */
struct mw_inflater {
    struct libdeflate_decompressor *whole;
    struct z_stream_s *pieces;
    bool ended; /* `pieces` reached the end of its stream */
};

void mw_inflater_free(struct mw_inflater *inflater);

/* The checksum at the end of a stream is not compared here but handed out as *adler: who counts the
 * output can sum it up with less work. mw_inflate_check compares the two. */

/* Inflates a stream of `length` bytes that has to make exactly `size` bytes. `in` and `out` have
 * MW_INFLATE_ROOM bytes of room behind them. Errors: MW_BROKEN, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_whole(struct mw_inflater *inflater, const unsigned char *in,
                                              size_t length, unsigned char *out, size_t size,
                                              uint32_t *adler, struct mw_error *err);

/* Where the next bytes of a stream come from: fills *in and *length; a length of 0 ends it. */
struct mw_inflate_source {
    void *context;
    enum mw_status (*next)(void *context, const unsigned char **in, size_t *length,
                           struct mw_error *err);
};

/* Begins a stream that is inflated piece by piece. Errors: those of the source, MW_BROKEN,
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_begin(struct mw_inflater *inflater,
                                              const struct mw_inflate_source *source,
                                              struct mw_error *err);

/* Inflates the next `size` bytes. Errors: those of the source, MW_BROKEN, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_next(struct mw_inflater *inflater,
                                             const struct mw_inflate_source *source,
                                             unsigned char *out, size_t size, struct mw_error *err);

/* Checks that the stream ends here and that nothing follows it. Errors: those of the source,
 * MW_BROKEN, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_end(struct mw_inflater *inflater,
                                            const struct mw_inflate_source *source, uint32_t *adler,
                                            struct mw_error *err);

/* Compares two checksums. Errors: MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_inflate_check(uint32_t adler, uint32_t sum, struct mw_error *err);

#endif
