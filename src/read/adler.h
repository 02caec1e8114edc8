/* adler: the checksum of zlib streams, Adler-32 (RFC 1950), from bytes or from runs of them.
 *
 * It is two sums modulo 65521: a, 1 plus all bytes; and b, the sum of all values that a takes, so that
 * a byte with n bytes from it to the end counts n times. So n bytes more change them by
 *
 *     b += n * a + sum of (n - i) * byte[i];  a += sum of byte[i]
 *
 * and a run of equal bytes is added at once. */
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

/* Adds `length` bytes that are all `byte`: they weigh length + ... + 2 + 1. */
static inline void mw_adler_add_run(struct mw_adler *adler, unsigned char byte, uint64_t length) {
    adler->b += adler->a * length + byte * (length * (length + 1) / 2);
    adler->a += byte * length;
}

/* Adds `size` bytes. */
void mw_adler_add_bytes(struct mw_adler *adler, const unsigned char *bytes, size_t size);

/* Reduces the sums and returns the checksum. */
uint32_t mw_adler_reduce(struct mw_adler *adler);

#endif
