#include "read/adler.h"

#include <libdeflate.h>

enum {
    MODULUS = 65521,
    DENSE = 16, /* more than one position in so many bytes: libdeflate is faster */
};

uint32_t mw_adler_bytes(uint32_t adler, const unsigned char *bytes, size_t size) {
    return libdeflate_adler32(adler, bytes, size);
}

uint32_t mw_adler_sums(uint32_t adler, size_t size, uint64_t sum, uint64_t weighted) {
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
    return mw_adler_sums(adler, size + 1, sum, weighted);
}
