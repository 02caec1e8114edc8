/* adler: the checksum of zlib streams, Adler-32 (RFC 1950), from the bytes or from what is known of them.
 *
 * It is two sums modulo 65521: a, 1 plus all bytes; and b, the sum of all values that a takes, so that
 * a byte with n bytes from it to the end counts n times. Of a row of n bytes only those that are not 0
 * add anything of their own:
 *
 *     b += n * a + sum of (n - i) * byte[i];  a += sum of byte[i]
 *
 * In filtered rows of masks nearly all bytes are 0, and where the others are is known from counting. */
#ifndef MW_READ_ADLER_H
#define MW_READ_ADLER_H

#include <stddef.h>
#include <stdint.h>

enum { MW_ADLER_START = 1 }; /* the checksum of no bytes */

/* The checksum of `size` bytes behind those whose checksum is `adler`. */
uint32_t mw_adler_bytes(uint32_t adler, const unsigned char *bytes, size_t size);

/* The same for a row, which is a byte (bytes[-1]) and then `size` bytes, below 2^28, that are 0 but at
 * the `count` positions. */
uint32_t mw_adler_sparse(uint32_t adler, const unsigned char *bytes, size_t size,
                         const uint32_t *positions, size_t count);

/* The same for a row of `size` bytes of which two sums are known: that of its bytes, and that of each
 * byte times the number of bytes from it to the end. */
uint32_t mw_adler_sums(uint32_t adler, size_t size, uint64_t sum, uint64_t weighted);

#endif
