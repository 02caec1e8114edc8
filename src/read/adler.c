#include "read/adler.h"

#include <libdeflate.h>

enum {
    MODULUS = 65521,
    DENSE = 16, /* more than one position in so many bytes: libdeflate is faster */
};

uint32_t mw_adler_bytes(uint32_t adler, const unsigned char *bytes, size_t size) {
    return libdeflate_adler32(adler, bytes, size);
}

/* Adds a row of `size` bytes: the sum of the bytes, and that of each byte times the number of bytes
 * from it to the end. */
static uint32_t add_row(uint32_t adler, size_t size, uint64_t sum, uint64_t weighted) {
    uint64_t a = adler & 0xffff, b = adler >> 16;
    b = (b + a * size + weighted) % MODULUS;
    a = (a + sum) % MODULUS;
    return (uint32_t)(b << 16 | a);
}

uint32_t mw_adler_sparse(uint32_t adler, const unsigned char *bytes, size_t size,
                         const uint32_t *positions, size_t count) {
    if (count > size / DENSE) return mw_adler_bytes(adler, bytes - 1, size + 1);
    uint64_t sum = bytes[-1], weighted = (uint64_t)bytes[-1] * (size + 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t byte = bytes[positions[i]];
        sum += byte;
        weighted += byte * (size - positions[i]);
    }
    return add_row(adler, size + 1, sum, weighted);
}

/* A run of n equal bytes with m bytes behind it weighs (m + 1) + ... + (m + n) = n (2 m + n + 1) / 2
 * times its byte. */
uint32_t mw_adler_runs(uint32_t adler, const unsigned char *bytes, size_t size,
                       const uint32_t *positions, size_t count) {
    if (count > size / DENSE) return mw_adler_bytes(adler, bytes - 1, size + 1);
    uint64_t sum = bytes[-1], weighted = (uint64_t)bytes[-1] * (size + 1);
    size_t start = 0;
    for (size_t i = 0; i <= count; i++) {
        size_t end = i < count ? (size_t)positions[i] + 1 : size;
        uint64_t byte = bytes[start], length = end - start;
        sum += byte * length;
        weighted += byte * (length * (2 * (size - end) + length + 1) / 2);
        start = end;
    }
    return add_row(adler, size + 1, sum, weighted);
}
