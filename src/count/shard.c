#include "count/shard.h"

#include <inttypes.h>

uint64_t mw_shard_mix(uint64_t hash) {
    hash = (hash ^ hash >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ hash >> 27) * UINT64_C(0x94d049bb133111eb);
    return hash ^ hash >> 31;
}

uint64_t mw_shard_hash(const char *path) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (const unsigned char *s = (const unsigned char *)path; *s; s++)
        hash = (hash ^ *s) * UINT64_C(0x100000001b3);
    return mw_shard_mix(hash);
}

uint32_t mw_shard_of(const char *path, uint32_t count) {
    return (uint32_t)(mw_shard_hash(path) % count) + 1;
}

enum mw_status mw_shards_begin(struct mw_shards *shards, uint32_t index, uint32_t count,
                               struct mw_error *err) {
    *shards = (struct mw_shards){.count = count};
    if (count == 0) return MW_OK;
    return mw_ranges_add(&shards->held, (struct mw_range){index, index}, err);
}

void mw_shards_free(struct mw_shards *shards) {
    mw_ranges_free(&shards->held);
    *shards = (struct mw_shards){0};
}

bool mw_shards_hold(const struct mw_shards *shards, const char *path) {
    return shards->count == 0 || mw_ranges_contain(&shards->held, mw_shard_of(path, shards->count));
}

static void add_path(struct mw_path_set *set, struct mw_digest path) {
    set->count++;
    mw_digest_add(&set->digest, path);
}

bool mw_shards_take(struct mw_shards *shards, const char *path) {
    if (shards->count == 0) return true;
    struct mw_digest digest = mw_digest_path(path);
    add_path(&shards->all_paths, digest);
    if (!mw_shards_hold(shards, path)) return false;
    add_path(&shards->paths, digest);
    return true;
}

bool mw_shards_overlap(const struct mw_shards *a, const struct mw_shards *b) {
    size_t i = 0, j = 0;
    while (i < a->held.count && j < b->held.count) {
        struct mw_range left = a->held.ranges[i], right = b->held.ranges[j];
        if (left.first <= right.last && right.first <= left.last) return true;
        if (left.last < right.last) i++;
        else j++;
    }
    return false;
}

bool mw_shards_whole(const struct mw_shards *shards) {
    const struct mw_ranges *held = &shards->held;
    return held->count == 1 && held->ranges[0].first == 1 && held->ranges[0].last == shards->count;
}

static void print_some(const struct mw_ranges *set, struct mw_text *text) {
    enum { RANGES_SHOWN = 20 };
    struct mw_ranges some = *set;
    if (some.count > RANGES_SHOWN) some.count = RANGES_SHOWN;
    mw_ranges_print(&some, text);
    if (some.count < set->count)
        mw_text_print(text, " and %zu more ranges", set->count - some.count);
}

void mw_shards_print_held(const struct mw_shards *shards, struct mw_text *text) {
    print_some(&shards->held, text);
}

enum mw_status mw_shards_print_missing(const struct mw_shards *shards, struct mw_text *text,
                                       struct mw_error *err) {
    struct mw_ranges missing = {0};
    enum mw_status status = MW_OK;
    int64_t next = 1; /* not yet known to be here */
    for (size_t i = 0; i <= shards->held.count && !status; i++) {
        bool behind = i == shards->held.count;
        int64_t first = behind ? (int64_t)shards->count + 1 : shards->held.ranges[i].first;
        if (next < first) status = mw_ranges_add(&missing, (struct mw_range){next, first - 1}, err);
        if (!behind) next = shards->held.ranges[i].last + 1;
    }
    if (!status) print_some(&missing, text);
    mw_ranges_free(&missing);
    return status;
}

enum mw_status mw_shards_check_missing(const struct mw_shards *shards, const char *advice,
                                       struct mw_error *err) {
    struct mw_text missing = {0};
    if (shards->count == 0) return MW_OK;
    enum mw_status status = mw_shards_print_missing(shards, &missing, err);
    if (!status && missing.failed) status = mw_error_memory(err);
    if (!status)
        status = mw_error_set(err, MW_USAGE, "of %" PRIu32 " shards these are missing: %s%s",
                              shards->count, missing.data, advice);
    mw_text_free(&missing);
    return status;
}

enum mw_status mw_shards_merge(struct mw_shards *into, const struct mw_shards *from,
                               struct mw_error *err) {
    enum mw_status status = MW_OK;
    if (from->count == 0) return MW_OK;
    into->count = from->count;
    into->all_paths = from->all_paths;
    into->paths.count += from->paths.count;
    mw_digest_add(&into->paths.digest, from->paths.digest);
    for (size_t i = 0; i < from->held.count && !status; i++)
        status = mw_ranges_add(&into->held, from->held.ranges[i], err);
    return status;
}
