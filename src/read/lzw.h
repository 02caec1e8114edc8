/* lzw: LZW as TIFF stores it (TIFF 6.0, section 13). */
#ifndef MW_READ_LZW_H
#define MW_READ_LZW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MW_LZW_STRINGS = 4096, /* codes have up to 12 bits */
    MW_LZW_ROOM = 32, /* bytes behind the input that are read, and behind the output, written */
};

/* What one thread keeps from block to block. Zeroed is ready. */
struct mw_lzw {
    uint32_t length[MW_LZW_STRINGS + 1];    /* of a code's string, bytes; 0: clear and end */
    uint32_t strings[MW_LZW_STRINGS + 2];   /* 256 times that length, plus the first byte */
    unsigned char bytes[256 + MW_LZW_ROOM]; /* the strings of one byte */
    union {
        const unsigned char
            *string[MW_LZW_STRINGS + 1]; /* where a code's string was written last */
        struct {
            uint32_t uses[MW_LZW_STRINGS + 1];
            uint16_t prefix[MW_LZW_STRINGS + 1];    /* the code of all but the last byte */
            unsigned char last[MW_LZW_STRINGS + 1]; /* byte */
        } code;
    } table;
};

/* Decodes `length` bytes into exactly `size`, less than 2^32; what follows is left alone. Returns
 * false when they are not a stream that this function knows to end there. */
bool mw_lzw_decode(struct mw_lzw *lzw, const unsigned char *in, size_t length, unsigned char *out,
                   size_t size);

/* Decodes nothing, but counts how often each of 256 bytes would be in the output; otherwise like
 * mw_lzw_decode. */
bool mw_lzw_count(struct mw_lzw *lzw, const unsigned char *in, size_t length, size_t size,
                  uint32_t sums[256]);

#endif
