#include "read/adler.h"

#include <libdeflate.h>

enum {
    MODULUS = 65521,
    DENSE = 16, /* more than one position in so many bytes: libdeflate is faster */
};

/* A checksum that begins with 0 and 0 is the two sums of the bytes. */
void mw_adler_add_bytes(struct mw_adler *adler, const unsigned char *bytes, size_t size) {
    uint32_t sums = libdeflate_adler32(0, bytes, size);
    mw_adler_add(adler, size, sums & 0xffff, sums >> 16);
}

void mw_adler_add_sparse(struct mw_adler *adler, const unsigned char *bytes, size_t size,
                         const uint32_t *positions, size_t count) {
    if (count > size / DENSE) {
        mw_adler_add_bytes(adler, bytes - 1, size + 1);
        return;
    }
    uint64_t sum = bytes[-1], weighted = (uint64_t)bytes[-1] * (size + 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t byte = bytes[positions[i]];
        sum += byte;
        weighted += byte * (size - positions[i]);
    }
    mw_adler_add(adler, size + 1, sum, weighted);
}

uint32_t mw_adler_reduce(struct mw_adler *adler) {
    adler->a %= MODULUS;
    adler->b %= MODULUS;
    return (uint32_t)(adler->b << 16 | adler->a);
}
