/* adler: the checksum of zlib streams, Adler-32 (RFC 1950), from the bytes or from what is known of them.
 *
 * It is two sums modulo 65521: a, 1 plus all bytes; and b, the sum of all values that a takes, so that
 * a byte with n bytes from it to the end counts n times. So n bytes more change them by
 *
 *     b += n * a + sum of (n - i) * byte[i];  a += sum of byte[i]
 *
 * and bytes that are 0 add nothing of their own. In filtered rows of masks nearly all are, and where the
 * others stand is known from counting. */
#ifndef MW_READ_ADLER_H
#define MW_READ_ADLER_H

#include <stddef.h>
#include <stdint.h>

/* The two sums, not reduced: of less than 2^28 bytes they stay below 2^64. */
struct mw_adler {
    uint64_t a, b;
};

/* The sums of no bytes. */
static inline struct mw_adler mw_adler_start(void) {
    return (struct mw_adler){1, 0};
}

/* Adds `size` bytes of which two sums are known: that of the bytes, and that of each byte times the
 * number of bytes from it to the end. */
static inline void mw_adler_add(struct mw_adler *adler, size_t size, uint64_t sum,
                                uint64_t weighted) {
    adler->b += adler->a * size + weighted;
    adler->a += sum;
}

/* Adds `size` bytes. */
void mw_adler_add_bytes(struct mw_adler *adler, const unsigned char *bytes, size_t size);

/* Adds a row, which is a byte (bytes[-1]) and then `size` bytes that are 0 but at the `count`
 * positions. */
void mw_adler_add_sparse(struct mw_adler *adler, const unsigned char *bytes, size_t size,
                         const uint32_t *positions, size_t count);

/* Reduces the sums and returns the checksum. */
uint32_t mw_adler_reduce(struct mw_adler *adler);

#endif
