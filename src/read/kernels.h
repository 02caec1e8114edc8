/* kernels: where do bytes change? The one question that the counting of masks asks of all its bytes,
 * answered 64 bytes at a time in the way that the processor at hand does best.
 *
 * A mask is a few flat regions: of its bytes, filtered or not, most are what their neighbour is. A
 * kernel turns 64 bytes into 64 bits, one for each byte that differs, and then the set bits into a
 * list of positions. So the cost of a flat row is that of loading it: two comparisons and one test for
 * 64 pixels. Whatever has to be done about a change is done by those who read the list.
 *
 * All kernels may read up to MW_KERNEL_ROOM bytes behind the end of their input, and write that many
 * positions behind the last one that they return. */
#ifndef MW_READ_KERNELS_H
#define MW_READ_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MW_KERNEL_ROOM = 64 };

/* Each function fills `positions`, in ascending order, and returns how many there are. `size` is less
 * than 2^32. */
struct mw_kernels {
    const char *name;    /* "avx2" */
    bool (*works)(void); /* whether this processor has what they need */

    /* Where bytes[i] is not 0. */
    size_t (*nonzero)(const unsigned char *bytes, size_t size, uint32_t *positions);

    /* Where a[i] is not b[i]. With b one pixel before a: where a row changes its value. */
    size_t (*differ)(const unsigned char *a, const unsigned char *b, size_t size,
                     uint32_t *positions);

    /* Where bytes[i] is not 0 or a[i] is not b[i]. */
    size_t (*either)(const unsigned char *bytes, const unsigned char *a, const unsigned char *b,
                     size_t size, uint32_t *positions);
};

/* All kernels that were compiled, best first; the last works on every processor. */
extern const struct mw_kernels *const mw_kernels[];
extern const size_t mw_kernels_count;

/* The best of those that work here. */
const struct mw_kernels *mw_kernels_best(void);

/* Those with this name, or NULL when they were not compiled or do not work here. */
const struct mw_kernels *mw_kernels_find(const char *name);

#endif
