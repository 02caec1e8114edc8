#include "count/subset.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "count/shard.h"

uint64_t mw_subset_hash(const char *path) {
    return mw_shard_mix(mw_shard_hash(path) + UINT64_C(0x9e3779b97f4a7c15));
}

unsigned mw_subset_group(const char *path) {
    return (unsigned)(mw_subset_hash(path) % MW_SUBSET_GROUPS);
}

uint64_t mw_subset_last(double share) {
    return (uint64_t)ldexp(share, 64) - 1;
}

static enum mw_status refuse(const char *text, struct mw_error *err) {
    return mw_error_set(
        err, MW_USAGE,
        "--sample: '%s' is neither a share of the masks below 1, as in 0.01 or 1%%, "
        "nor a number of masks from 2 to %" PRId64 "; without --sample all are counted",
        text, MW_SUBSET_MOST);
}

/* "0.7%" is read as 0.7e-2, and not divided: it is then the same number as 0.007. */
static bool parse_share(const char *text, double *share) {
    char digits[MW_REAL_SIZE + 4];
    size_t length = strlen(text);
    bool percent = length && text[length - 1] == '%';
    if (percent) length--;
    if (length >= MW_REAL_SIZE || strspn(text, "0123456789.") != length) return false;
    snprintf(digits, sizeof digits, "%.*s%s", (int)length, text, percent ? "e-2" : "");
    return mw_real_parse(digits, share) && *share >= 1e-12 && *share < 1;
}

enum mw_status mw_subset_parse(struct mw_subset *subset, const char *text, struct mw_error *err) {
    const char *end = text;
    int64_t most;
    double share;
    *subset = (struct mw_subset){0};
    if (text[0] && !text[strspn(text, "0123456789")]) {
        if (!mw_integer_parse(&end, &most) || most < 2 || most > MW_SUBSET_MOST)
            return refuse(text, err);
        subset->most = (uint64_t)most;
        return MW_OK;
    }
    if (!parse_share(text, &share)) return refuse(text, err);
    subset->share = share;
    subset->last = mw_subset_last(share);
    return MW_OK;
}

bool mw_subset_active(const struct mw_subset *subset) {
    return subset->share > 0 || subset->most > 0;
}

bool mw_subset_estimates(const struct mw_subset *subset) {
    return mw_subset_active(subset) && subset->taken < subset->seen;
}

bool mw_subset_holds(const struct mw_subset *subset, const char *path) {
    return !mw_subset_active(subset) || mw_subset_hash(path) <= subset->last;
}

bool mw_subset_take(struct mw_subset *subset, const char *path) {
    if (!mw_subset_active(subset)) return true;
    bool taken = mw_subset_holds(subset, path);
    subset->seen++;
    subset->taken += taken;
    return taken;
}

bool mw_subset_equal(const struct mw_subset *a, const struct mw_subset *b) {
    bool same_share = !(a->share < b->share) && !(a->share > b->share);
    return same_share && a->most == b->most && a->last == b->last;
}

void mw_subset_merge(struct mw_subset *into, const struct mw_subset *from) {
    uint64_t taken = into->taken + from->taken, seen = into->seen + from->seen;
    if (mw_subset_active(from)) *into = *from;
    into->taken = taken;
    into->seen = seen;
}

double mw_subset_expansion(const struct mw_subset *subset) {
    return subset->taken ? (double)subset->seen / (double)subset->taken : 1;
}

void mw_subset_print(const struct mw_subset *subset, struct mw_text *text) {
    char digits[MW_REAL_SIZE];
    if (subset->most) mw_text_print(text, "%" PRIu64 " masks", subset->most);
    else if (subset->share > 0)
        mw_text_print(text, "%s of the masks", mw_real_format(subset->share, digits));
    else mw_text_print(text, "all masks");
}

static void exchange(uint64_t *a, uint64_t *b) {
    uint64_t kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_up(uint64_t *heap, size_t place) {
    for (; place && heap[(place - 1) / 2] < heap[place]; place = (place - 1) / 2)
        exchange(&heap[place], &heap[(place - 1) / 2]);
}

static void sift_down(uint64_t *heap, size_t count) {
    for (size_t place = 0, child; (child = 2 * place + 1) < count; place = child) {
        if (child + 1 < count && heap[child + 1] > heap[child]) child++;
        if (heap[child] <= heap[place]) return;
        exchange(&heap[child], &heap[place]);
    }
}

enum mw_status mw_least_hashes_add(struct mw_least_hashes *least, uint64_t hash,
                                   struct mw_error *err) {
    if (least->count == least->most) {
        if (hash >= least->hashes[0]) return MW_OK;
        least->hashes[0] = hash;
        sift_down(least->hashes, least->count);
        return MW_OK;
    }
    if (least->count == least->capacity) {
        size_t capacity = least->capacity ? 2 * least->capacity : 1024;
        uint64_t *hashes = realloc(least->hashes, capacity * sizeof *hashes);
        if (!hashes) return mw_error_memory(err);
        least->hashes = hashes;
        least->capacity = capacity;
    }
    least->hashes[least->count] = hash;
    sift_up(least->hashes, least->count++);
    return MW_OK;
}

uint64_t mw_least_hashes_last(const struct mw_least_hashes *least) {
    return least->count < least->most ? UINT64_MAX : least->hashes[0];
}
