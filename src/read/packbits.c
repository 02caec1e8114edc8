/* A byte n, and then: for n of 0 to 127 the next n + 1 bytes as they are; for n of 129 to 255 the next
 * byte 257 - n times; 128 is nothing at all. */
#include "read/packbits.h"

#include <string.h>

bool mw_packbits_decode(const unsigned char *in, size_t length, unsigned char *out, size_t size) {
    const unsigned char *in_end = in + length;
    unsigned char *out_end = out + size;
    while (out < out_end) {
        if (in == in_end) return false;
        unsigned head = *in++;
        if (head == 128) continue;
        bool run = head > 128;
        size_t count = run ? 257 - head : head + 1, taken = run ? 1 : count;
        if (count > (size_t)(out_end - out) || taken > (size_t)(in_end - in)) return false;
        if (run) memset(out, *in, count);
        else memcpy(out, in, count);
        in += taken;
        out += count;
    }
    return true;
}
