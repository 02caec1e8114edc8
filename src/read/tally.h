/* tally: pixels by value, where pixels are also taken back. Sums wrap around on the way; in the end each
 * is the number of pixels. */
#ifndef MW_READ_TALLY_H
#define MW_READ_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "read/format.h"

enum { MW_TALLY_DENSE = 65536 }; /* values that have a place of their own */

/* Values below 65,536 in `dense`, or, where colours are counted, all of them in a hash table. A thread
 * keeps one from image to image. Zeroed is empty. */
struct mw_tally {
    uint64_t *dense; /* [MW_TALLY_DENSE] */
    struct mw_tally_entry {
        uint32_t key;            /* a colour */
        bool used;               /* the place is taken */
        uint64_t sum;            /* its pixels */
    } * entries;                 /* [capacity], open addressing; a power of two */
    size_t capacity, used;       /* places; those taken */
    size_t most;                 /* distinct colours above which an image is no mask */
    struct mw_tally_entry *last; /* found last, or NULL */
    struct mw_tally_entry spill; /* what is added after a failure */
    enum mw_status failed;       /* MW_NO_MEMORY, or MW_LIMIT: more than `most` values */
};

void mw_tally_free(struct mw_tally *tally);

/* Empties the tally for values below `dense`, or for up to `most` colours when that is 0. Errors:
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_tally_begin(struct mw_tally *tally, size_t dense, size_t most,
                                            struct mw_error *err);

/* Where the pixels of a colour are summed up. Holds until the next call. */
uint64_t *mw_tally_colour(struct mw_tally *tally, uint32_t colour);

/* Adds the sums of another tally, begun with the same `dense`, and its failure. */
void mw_tally_merge(struct mw_tally *into, const struct mw_tally *from, size_t dense);

/* Hands over the values below `dense`, or the colours when that is 0, that have pixels. */
void mw_tally_send(const struct mw_tally *tally, size_t dense, const struct mw_sink *sink);

/* Tells a failure. Errors: MW_NO_MEMORY, MW_LIMIT. */
MW_MUST_CHECK enum mw_status mw_tally_check(const struct mw_tally *tally, struct mw_error *err);

#endif
