#include "read/tally.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 1024 };

void mw_tally_free(struct mw_tally *tally) {
    free(tally->dense);
    free(tally->entries);
    *tally = (struct mw_tally){0};
}

/* A table that an image with many colours left behind is not worth emptying. */
static void empty_table(struct mw_tally *tally) {
    if (tally->capacity > SMALLEST) {
        free(tally->entries);
        tally->entries = NULL;
        tally->capacity = 0;
    } else if (tally->used) {
        memset(tally->entries, 0, tally->capacity * sizeof *tally->entries);
    }
    tally->used = 0;
    tally->last = NULL;
}

enum mw_status mw_tally_begin(struct mw_tally *tally, size_t dense, size_t most,
                              struct mw_error *err) {
    tally->failed = MW_OK;
    tally->most = most;
    empty_table(tally);
    if (!tally->dense && !(tally->dense = malloc(MW_TALLY_DENSE * sizeof *tally->dense)))
        return mw_error_memory(err);
    memset(tally->dense, 0, dense * sizeof *tally->dense);
    return MW_OK;
}

/* The place of a colour, or the free place where it belongs. */
static struct mw_tally_entry *find(const struct mw_tally *tally, uint32_t colour) {
    size_t mask = tally->capacity - 1;
    uint32_t hash = colour * UINT32_C(2654435769); /* Fibonacci hashing, high bits folded in */
    size_t place = (hash ^ hash >> 16) & mask;
    while (tally->entries[place].used && tally->entries[place].key != colour)
        place = (place + 1) & mask;
    return &tally->entries[place];
}

static bool grow(struct mw_tally *tally) {
    struct mw_tally old = *tally;
    size_t capacity = old.capacity ? 2 * old.capacity : SMALLEST;
    struct mw_tally_entry *entries = calloc(capacity, sizeof *entries);
    if (!entries) return false;
    tally->entries = entries;
    tally->capacity = capacity;
    for (size_t i = 0; i < old.capacity; i++)
        if (old.entries[i].used) *find(tally, old.entries[i].key) = old.entries[i];
    free(old.entries);
    return true;
}

static uint64_t *fail(struct mw_tally *tally, enum mw_status status) {
    tally->failed = status;
    tally->last = NULL;
    return &tally->spill.sum;
}

/* The colour 0 may be there without a pixel: what is above the first row. */
static uint64_t *add(struct mw_tally *tally, uint32_t colour) {
    if (2 * tally->used >= tally->capacity && !grow(tally)) return fail(tally, MW_NO_MEMORY);
    struct mw_tally_entry *entry = find(tally, colour);
    if (!entry->used && tally->used > tally->most) return fail(tally, MW_LIMIT);
    tally->used += !entry->used;
    entry->key = colour;
    entry->used = true;
    tally->last = entry;
    return &entry->sum;
}

uint64_t *mw_tally_colour(struct mw_tally *tally, uint32_t colour) {
    if (tally->last && tally->last->key == colour) return &tally->last->sum;
    return tally->failed ? &tally->spill.sum : add(tally, colour);
}

void mw_tally_merge(struct mw_tally *into, const struct mw_tally *from, size_t dense) {
    for (size_t value = 0; value < dense; value++) into->dense[value] += from->dense[value];
    for (size_t i = 0; i < from->capacity && !dense; i++)
        if (from->entries[i].sum)
            *mw_tally_colour(into, from->entries[i].key) += from->entries[i].sum;
    if (!into->failed) into->failed = from->failed;
}

/* Most of 65,536 values do not occur: they are passed over eight at a time. */
static void send_dense(const uint64_t *sums, size_t dense, const struct mw_sink *sink) {
    for (size_t value = 0; value < dense; value += 8) {
        uint64_t any = 0;
        for (size_t i = 0; i < 8; i++) any |= sums[value + i];
        for (size_t i = 0; i < 8 && any; i++)
            if (sums[value + i]) sink->run(sink->context, (uint32_t)(value + i), sums[value + i]);
    }
}

void mw_tally_send(const struct mw_tally *tally, size_t dense, const struct mw_sink *sink) {
    if (dense) send_dense(tally->dense, dense, sink);
    for (size_t i = 0; i < tally->capacity && !dense; i++)
        if (tally->entries[i].sum)
            sink->run(sink->context, tally->entries[i].key, tally->entries[i].sum);
}

enum mw_status mw_tally_check(const struct mw_tally *tally, struct mw_error *err) {
    if (tally->failed == MW_LIMIT)
        return mw_error_set(err, MW_LIMIT,
                            "more than %zu distinct values (--max-values): not a label mask",
                            tally->most);
    return tally->failed ? mw_error_memory(err) : MW_OK;
}
