/* kernels_scan: the loops that all kernels share. A file of kernels defines
 *
 *     MW_TARGET                   the attribute of functions that use its instructions, or nothing
 *     nonzero_64(bytes)           64 bits: which of 64 bytes are not 0
 *     differ_64(a, b)             64 bits: which of 64 bytes are not equal
 *
 * and then includes this; it gets scan_nonzero, scan_differ and scan_either.
 *
 * The loop that looks at the bytes has no branch that depends on them: a block without a change is
 * written to the list of blocks like any other, and overwritten by the next. Where labels meet is what
 * a processor cannot predict, and one wrong guess costs as much as looking at 500 bytes. */
#include <stddef.h>
#include <stdint.h>

enum { BLOCK = 64, BATCH = 64 }; /* bytes of a block; blocks between two readings of the list */

struct blocks {
    uint64_t bits[BATCH];
    uint32_t start[BATCH]; /* position of bit 0 */
    size_t count;
};

MW_TARGET static inline void add_block(struct blocks *blocks, size_t start, size_t size,
                                       uint64_t bits) {
    if (size - start < BLOCK) bits &= (UINT64_C(1) << (size - start)) - 1;
    blocks->bits[blocks->count] = bits;
    blocks->start[blocks->count] = (uint32_t)start;
    blocks->count += bits != 0;
}

/* Most blocks have at most four changes: four positions are written for each, needed or not, and the
 * next block overwrites those that were not. Only the fifth costs a branch. */
MW_TARGET static inline uint32_t *list_positions(struct blocks *blocks, uint32_t *out) {
    for (size_t i = 0; i < blocks->count; i++) {
        uint64_t bits = blocks->bits[i];
        uint32_t start = blocks->start[i];
        uint32_t *end = out + __builtin_popcountll(bits);
        do {
            for (size_t j = 0; j < 4; j++) {
                out[j] = start + (uint32_t)__builtin_ctzll(bits | UINT64_C(1) << 63);
                bits &= bits - 1;
            }
            out += 4;
        } while (out < end);
        out = end;
    }
    blocks->count = 0;
    return out;
}

/* Runs a loop over all blocks; `bits` is an expression of i, the position of the block. */
#define SCAN(expression)                                                                           \
    struct blocks blocks;                                                                          \
    uint32_t *out = positions;                                                                     \
    blocks.count = 0;                                                                              \
    for (size_t next = 0; next < size;) {                                                          \
        size_t end = size - next < BLOCK * BATCH ? size : next + BLOCK * BATCH;                    \
        for (size_t i = next; i < end; i += BLOCK) add_block(&blocks, i, size, expression);        \
        out = list_positions(&blocks, out);                                                        \
        next = end;                                                                                \
    }                                                                                              \
    return (size_t)(out - positions)

MW_TARGET static size_t scan_nonzero(const unsigned char *bytes, size_t size, uint32_t *positions) {
    SCAN(nonzero_64(bytes + i));
}

MW_TARGET static size_t scan_differ(const unsigned char *a, const unsigned char *b, size_t size,
                                    uint32_t *positions) {
    SCAN(differ_64(a + i, b + i));
}

MW_TARGET static size_t scan_either(const unsigned char *bytes, const unsigned char *a,
                                    const unsigned char *b, size_t size, uint32_t *positions) {
    SCAN(nonzero_64(bytes + i) | differ_64(a + i, b + i));
}
