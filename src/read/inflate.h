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

/* What one thread keeps from stream to stream. Zeroed is empty. */
struct mw_inflater {
    struct libdeflate_decompressor *whole;
    struct z_stream_s *pieces;
    bool ended; /* `pieces` reached the end of its stream and found the checksum right */
};

void mw_inflater_free(struct mw_inflater *inflater);

/* Inflates a stream of `length` bytes that has to make exactly `size` bytes. `in` and `out` have
 * MW_INFLATE_ROOM bytes of room behind them. *adler is the checksum that the output must have; whoever
 * reads the output sums it up on the way, while it is in the cache. Errors: MW_BROKEN, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_whole(struct mw_inflater *inflater, const unsigned char *in,
                                              size_t length, unsigned char *out, size_t size,
                                              uint32_t *adler, struct mw_error *err);

/* The Adler-32 of bytes behind those whose checksum is `adler`, 1 at first. */
uint32_t mw_inflate_sum(uint32_t adler, const unsigned char *bytes, size_t size);

/* Compares two checksums. Errors: MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_inflate_check(uint32_t adler, uint32_t sum, struct mw_error *err);

/* Where the next bytes of a stream come from: fills *in and *length; a length of 0 ends it. */
struct mw_inflate_source {
    void *context;
    enum mw_status (*next)(void *context, const unsigned char **in, size_t *length,
                           struct mw_error *err);
};

/* Begins a stream that is inflated piece by piece. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_begin(struct mw_inflater *inflater, struct mw_error *err);

/* Inflates the next `size` bytes. Errors: those of the source, MW_BROKEN, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_next(struct mw_inflater *inflater,
                                             const struct mw_inflate_source *source,
                                             unsigned char *out, size_t size, struct mw_error *err);

/* Checks that the stream ends here, that its Adler-32 is right and that nothing follows it. Errors:
 * those of the source, MW_BROKEN, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inflate_end(struct mw_inflater *inflater,
                                            const struct mw_inflate_source *source,
                                            struct mw_error *err);

#endif
