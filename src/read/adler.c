#include "read/adler.h"

#include <libdeflate.h>

enum { MODULUS = 65521 };

/* A checksum that begins with 0 and 0 is the two sums of the bytes. */
void mw_adler_add_bytes(struct mw_adler *adler, const unsigned char *bytes, size_t size) {
    uint32_t sums = libdeflate_adler32(0, bytes, size);
    adler->b += adler->a * size + (sums >> 16);
    adler->a += sums & 0xffff;
}

uint32_t mw_adler_reduce(struct mw_adler *adler) {
    adler->a %= MODULUS;
    adler->b %= MODULUS;
    return (uint32_t)(adler->b << 16 | adler->a);
}
