/* digest: what is long, in 128 bits: a set of paths, whatever their order; the bytes of a file. */
#ifndef MW_COUNT_DIGEST_H
#define MW_COUNT_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"

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

/* XXH3 of all bytes of an open file (128 bits, without a seed; xxHash by Yann Collet). Two files with one
 * digest are the same but for an accident of some 2^-128 a pair; nothing withstands who wants to make such
 * files. Errors: those of mw_input_read. Cost: what is still in the window is not read again. */
MW_MUST_CHECK enum mw_status mw_digest_bytes(struct mw_input *input, struct mw_digest *digest,
                                             struct mw_error *err);

void mw_digest_add(struct mw_digest *into, struct mw_digest more);
bool mw_digest_equal(struct mw_digest a, struct mw_digest b);

/* As 32 hexadecimal digits, in small letters; false: `text` is something else. */
enum { MW_DIGEST_SIZE = 33 };
void mw_digest_print(struct mw_digest digest, char text[MW_DIGEST_SIZE]);
bool mw_digest_parse(const char *text, struct mw_digest *digest);

/* -1, 0 or 1: an order. */
int mw_digest_compare(struct mw_digest a, struct mw_digest b);

bool mw_path_set_equal(const struct mw_path_set *a, const struct mw_path_set *b);

#endif
