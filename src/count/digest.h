/* digest: a set of paths, short, whatever their order. */
#ifndef MW_COUNT_DIGEST_H
#define MW_COUNT_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

/* Sum modulo 2^128 of the FNV-1a hashes (128 bits) of paths: free of order, merged by addition. */
struct mw_digest {
    uint64_t high, low;
};

/* How many paths, and their digest. */
struct mw_path_set {
    uint64_t count;
    struct mw_digest digest;
};

/* The FNV-1a hash of a path's bytes: 128 bits, offset basis 0x6c62272e07bb014262b821756295c58d,
 * prime 2^88 + 0x13b (Fowler, Noll and Vo). Empty path: the offset basis. */
struct mw_digest mw_digest_path(const char *path);

void mw_digest_add(struct mw_digest *into, struct mw_digest more);
bool mw_digest_equal(struct mw_digest a, struct mw_digest b);
bool mw_path_set_equal(const struct mw_path_set *a, const struct mw_path_set *b);

#endif
