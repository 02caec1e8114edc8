/* subset: the masks that --sample takes, and the groups that tell how far they are from all masks. */
#ifndef MW_COUNT_SUBSET_H
#define MW_COUNT_SUBSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Groups that the masks of a sample fall into, by their hash. */
enum { MW_SUBSET_GROUPS = 32 };

/* Most masks that can be asked for by number. */
#define MW_SUBSET_MOST INT64_C(1000000000)

/* A sample of files: those with the least hashes. Zeroed: all are taken. */
struct mw_subset {
    double share;   /* what was asked for: this share of the files, below 1; or 0 */
    uint64_t most;  /* or this many; or 0 */
    uint64_t last;  /* files are taken up to this hash */
    uint64_t taken; /* files taken: counted or failed */
    uint64_t seen;  /* files, taken or not */
};

/* The 64-bit hash that samples are drawn by: the finaliser of SplitMix64 (as in mw_shard_hash) of the hash
 * that divides shards plus 0x9e3779b97f4a7c15, which is the next number of that generator. So a shard is no
 * sample of its own. */
uint64_t mw_subset_hash(const char *path);

/* The group of a path, from 0: the low five bits of the hash, since the high ones say whether it is taken. */
unsigned mw_subset_group(const char *path);

/* Reads "0.01", "1%" or "1000": sets `share` and `last`, or `most`. Errors: MW_USAGE. */
MW_MUST_CHECK enum mw_status mw_subset_parse(struct mw_subset *subset, const char *text,
                                             struct mw_error *err);

/* The largest hash that is taken of a share: floor(2^64 share) - 1. */
uint64_t mw_subset_last(double share);

/* Whether not all files are taken. */
bool mw_subset_active(const struct mw_subset *subset);

/* Whether some files were not taken, so that all is an estimate; of a sample of all files nothing is. */
bool mw_subset_estimates(const struct mw_subset *subset);

/* Whether a path is taken; with mw_subset_take it is counted among those seen, and taken. */
bool mw_subset_holds(const struct mw_subset *subset, const char *path);
bool mw_subset_take(struct mw_subset *subset, const char *path);

/* Whether both take the same files of any dataset. */
bool mw_subset_equal(const struct mw_subset *a, const struct mw_subset *b);

/* Adds the files of another one that is equal, or zeroed. */
void mw_subset_merge(struct mw_subset *into, const struct mw_subset *from);

/* How many files each that is taken stands for: at least 1, and 1 where all are. */
double mw_subset_expansion(const struct mw_subset *subset);

/* Appends "all masks", "0.01 of the masks", "1000 masks". */
void mw_subset_print(const struct mw_subset *subset, struct mw_text *text);

/* The least hashes of all that are added, `most` of them. Zeroed but for `most` is empty; free the hashes. */
struct mw_least_hashes {
    uint64_t most;
    uint64_t *hashes; /* [count], a heap: the largest is first */
    size_t count, capacity;
};

/* Cost: log(most). Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_least_hashes_add(struct mw_least_hashes *least, uint64_t hash,
                                                 struct mw_error *err);

/* The largest of them; the largest there is when fewer than `most` were added. */
uint64_t mw_least_hashes_last(const struct mw_least_hashes *least);

#endif
