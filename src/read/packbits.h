/* packbits: PackBits, Apple's run-length code (TIFF 6.0, section 9). */
#ifndef MW_READ_PACKBITS_H
#define MW_READ_PACKBITS_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes `length` bytes into exactly `size`. What follows is left alone. Returns false when there are
 * too few, or when a run goes beyond `size`. */
bool mw_packbits_decode(const unsigned char *in, size_t length, unsigned char *out, size_t size);

#endif
