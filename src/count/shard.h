/* shard: the part of a dataset that one of N runs counts, and what the parts know of the whole. */
#ifndef MW_COUNT_SHARD_H
#define MW_COUNT_SHARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "count/digest.h"
#include "count/labels.h"

enum { MW_MAX_SHARDS = 1000000 };

/* Shards of one dataset. Zeroed: it is not divided. */
struct mw_shards {
    uint32_t count;               /* N; 0: not divided */
    struct mw_ranges held;        /* numbers of the shards that are here, from 1 to N */
    struct mw_path_set paths;     /* those that fall to them, counted or failed */
    struct mw_path_set all_paths; /* those that fall to any shard */
};

/* The 64-bit hash that divides paths: FNV-1a (offset basis 0xcbf29ce484222325, prime 0x100000001b3)
 * of the path's bytes, and then, because the low bits of that are not even, the finaliser of
 * SplitMix64 (Steele, Lea and Flood 2014). */
uint64_t mw_shard_hash(const char *path);

/* That finaliser: bits that are not even become so; no two numbers become the same. */
uint64_t mw_shard_mix(uint64_t hash);

/* The shard of a path, as documents hold it: the hash modulo `count`, plus one. */
uint32_t mw_shard_of(const char *path, uint32_t count);

/* Begins shard `index` of `count`, which is 0 when the dataset is not divided. Free with
 * mw_shards_free. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_shards_begin(struct mw_shards *shards, uint32_t index,
                                             uint32_t count, struct mw_error *err);
void mw_shards_free(struct mw_shards *shards);

/* Whether a path falls to the shards that are here; it does when nothing is divided. */
bool mw_shards_hold(const struct mw_shards *shards, const char *path);

/* The same for a path that is to be counted or has failed: it joins the sets of paths. */
bool mw_shards_take(struct mw_shards *shards, const char *path);

/* Whether a shard is in both. */
bool mw_shards_overlap(const struct mw_shards *a, const struct mw_shards *b);

/* Whether every shard is here. */
bool mw_shards_whole(const struct mw_shards *shards);

/* Appends the numbers of the shards that are here, or are not, as in "2,5-7", and how many more ranges
 * there are when there are many. Errors: MW_NO_MEMORY. */
void mw_shards_print_held(const struct mw_shards *shards, struct mw_text *text);
MW_MUST_CHECK enum mw_status mw_shards_print_missing(const struct mw_shards *shards,
                                                     struct mw_text *text, struct mw_error *err);

/* Whether every shard is here, or nothing is divided. Errors: MW_USAGE, "of N shards these are missing: ..." and then
 * `advice`; MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_shards_check_missing(const struct mw_shards *shards,
                                                     const char *advice, struct mw_error *err);

/* Adds other shards of the same dataset: same `count`, same `all_paths`, none twice. Commutative and
 * associative; into nothing, a copy. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_shards_merge(struct mw_shards *into, const struct mw_shards *from,
                                             struct mw_error *err);

#endif
