#include "count/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL /* a header is all that is needed, and no library to be loaded at every start */
#include <xxhash.h>

struct mw_digest mw_digest_path(const char *path) {
    uint64_t high = UINT64_C(0x6c62272e07bb0142), low = UINT64_C(0x62b821756295c58d);
    for (const unsigned char *s = (const unsigned char *)path; *s; s++) {
        low ^= *s;
        /* times 2^88 + 0x13b, modulo 2^128; the low half's product in two steps of 32 bits */
        uint64_t part_0 = (low & 0xffffffff) * 0x13b;
        uint64_t part_1 = (low >> 32) * 0x13b + (part_0 >> 32);
        high = high * 0x13b + (part_1 >> 32) + (low << 24);
        low = part_1 << 32 | (part_0 & 0xffffffff);
    }
    return (struct mw_digest){high, low};
}

enum mw_status mw_digest_bytes(struct mw_input *input, struct mw_digest *digest,
                               struct mw_error *err) {
    unsigned char piece[16 * 1024];
    XXH3_state_t state;
    XXH3_128bits_reset(&state);
    for (uint64_t offset = 0; offset < input->size; offset += sizeof piece) {
        uint64_t left = input->size - offset;
        size_t length = left < sizeof piece ? (size_t)left : sizeof piece;
        enum mw_status status = mw_input_read(input, offset, piece, length, err);
        if (status) return status;
        XXH3_128bits_update(&state, piece, length);
    }
    XXH128_hash_t hash = XXH3_128bits_digest(&state);
    *digest = (struct mw_digest){hash.high64, hash.low64};
    return MW_OK;
}

void mw_digest_add(struct mw_digest *into, struct mw_digest more) {
    into->low += more.low;
    into->high += more.high + (into->low < more.low);
}

bool mw_digest_equal(struct mw_digest a, struct mw_digest b) {
    return a.high == b.high && a.low == b.low;
}

int mw_digest_compare(struct mw_digest a, struct mw_digest b) {
    if (a.high != b.high) return a.high < b.high ? -1 : 1;
    return a.low < b.low ? -1 : a.low > b.low;
}

bool mw_path_set_equal(const struct mw_path_set *a, const struct mw_path_set *b) {
    return a->count == b->count && mw_digest_equal(a->digest, b->digest);
}

void mw_digest_print(struct mw_digest digest, char text[MW_DIGEST_SIZE]) {
    snprintf(text, MW_DIGEST_SIZE, "%016" PRIx64 "%016" PRIx64, digest.high, digest.low);
}

bool mw_digest_parse(const char *text, struct mw_digest *digest) {
    char high[17] = "";
    if (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32) return false;
    memcpy(high, text, 16);
    digest->high = strtoull(high, NULL, 16);
    digest->low = strtoull(text + 16, NULL, 16);
    return true;
}
