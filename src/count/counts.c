#include "count/counts.h"

#include <stdlib.h>
#include <string.h>

void mw_counts_init(struct mw_counts *counts) {
    *counts = (struct mw_counts){.complete = true};
    mw_counts_limit_places(counts, MW_FINDING_PLACES);
}

void mw_counts_limit_places(struct mw_counts *counts, size_t limit) {
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++) counts->findings[i].limit = limit;
    counts->failures.limit = limit > MW_FAILURE_PLACES ? limit : MW_FAILURE_PLACES;
    counts->first_empty.limit = counts->most_ignored.limit = limit;
}

static void clear_places(struct mw_counts *counts) {
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++) mw_places_clear(&counts->findings[i]);
    mw_places_clear(&counts->failures);
    mw_places_clear(&counts->first_empty);
    mw_places_clear(&counts->most_ignored);
}

/* Groups have no groups. */
// NOLINTNEXTLINE(misc-no-recursion)
static void free_groups(struct mw_counts *counts) {
    for (unsigned i = 0; counts->groups && i < MW_SUBSET_GROUPS; i++)
        mw_counts_free(&counts->groups[i]);
    free(counts->groups);
}

// NOLINTNEXTLINE(misc-no-recursion)
void mw_counts_free(struct mw_counts *counts) {
    clear_places(counts);
    free_groups(counts);
    mw_shards_free(&counts->shards);
    free(counts->classes);
    free(counts->index);
    *counts = (struct mw_counts){0};
}

void mw_counts_clear(struct mw_counts *counts) {
    struct mw_counts kept = *counts;
    clear_places(counts);
    free_groups(counts);
    mw_shards_free(&counts->shards);
    mw_counts_init(counts);
    mw_counts_limit_places(counts, kept.first_empty.limit);
    counts->classes = kept.classes;
    counts->class_capacity = kept.class_capacity;
    counts->index = kept.index;
    counts->index_capacity = kept.index_capacity;
    if (kept.index) memset(kept.index, 0, kept.index_capacity * sizeof *kept.index);
}

/* The place of an id in the index, or the free place where it belongs. */
static size_t index_place(const struct mw_counts *counts, uint32_t id) {
    size_t mask = counts->index_capacity - 1;
    uint32_t hash = id * UINT32_C(2654435769); /* Fibonacci hashing, high bits folded in */
    size_t place = (hash ^ hash >> 16) & mask;
    while (counts->index[place] && counts->classes[counts->index[place] - 1].id != id)
        place = (place + 1) & mask;
    return place;
}

static void index_rebuild(struct mw_counts *counts) {
    if (!counts->index) return;
    memset(counts->index, 0, counts->index_capacity * sizeof *counts->index);
    for (size_t i = 0; i < counts->class_count; i++)
        counts->index[index_place(counts, counts->classes[i].id)] = (uint32_t)i + 1;
}

/* Room for one more class: `classes` doubles, the index stays at most half full. */
static bool classes_grow(struct mw_counts *counts) {
    if (counts->index && counts->class_count < counts->class_capacity) return true;
    size_t capacity = counts->class_capacity ? 2 * counts->class_capacity : 32;
    struct mw_class_counts *classes = realloc(counts->classes, capacity * sizeof *classes);
    if (!classes) return false;
    counts->classes = classes;
    uint32_t *index = realloc(counts->index, 2 * capacity * sizeof *index);
    if (!index) return false;
    counts->index = index;
    counts->class_capacity = capacity;
    counts->index_capacity = 2 * capacity;
    index_rebuild(counts);
    return true;
}

struct mw_class_counts *mw_counts_class(struct mw_counts *counts, uint32_t id) {
    if (counts->index) {
        uint32_t place = counts->index[index_place(counts, id)];
        if (place) return &counts->classes[place - 1];
    }
    if (!classes_grow(counts)) return NULL;
    counts->classes[counts->class_count] = (struct mw_class_counts){.id = id};
    counts->index[index_place(counts, id)] = (uint32_t)++counts->class_count;
    return &counts->classes[counts->class_count - 1];
}

/* Adds and remembers whether any sum has wrapped. */
static void add(uint64_t *sum, uint64_t more, bool *wrapped) {
    *wrapped |= __builtin_add_overflow(*sum, more, sum);
}

static void tally_add(struct mw_class_tally *sum, const struct mw_class_tally *more,
                      bool *wrapped) {
    add(&sum->pixels, more->pixels, wrapped);
    add(&sum->masks, more->masks, wrapped);
    add(&sum->mask_pixels, more->mask_pixels, wrapped);
    add(&sum->mask_ignored_pixels, more->mask_ignored_pixels, wrapped);
    add(&sum->valid_pixels, more->valid_pixels, wrapped);
    add(&sum->planes, more->planes, wrapped);
}

static enum mw_status finish_sums(bool wrapped, struct mw_error *err) {
    return wrapped ? mw_error_set(err, MW_OVERFLOW, "a count does not fit in 64 bits") : MW_OK;
}

uint64_t mw_counts_total(const struct mw_counts *counts, const struct mw_class_counts *row) {
    return row && row->all.valid_pixels ? row->all.valid_pixels : counts->pixels;
}

double mw_counts_fraction(const struct mw_counts *counts, const struct mw_class_counts *row) {
    uint64_t total = mw_counts_total(counts, row);
    return total ? (double)row->all.pixels / (double)total : 0;
}

/* The place of the first class whose id is at least this; that behind the last if there is none. */
static size_t place_from(const struct mw_counts *counts, uint64_t id) {
    size_t low = 0, high = counts->class_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (counts->classes[middle].id < id) low = middle + 1;
        else high = middle;
    }
    return low;
}

const struct mw_class_counts *mw_counts_find(const struct mw_counts *counts, uint32_t id) {
    size_t place = place_from(counts, id);
    bool found = place < counts->class_count && counts->classes[place].id == id;
    return found ? &counts->classes[place] : NULL;
}

double mw_counts_fraction_of(const struct mw_counts *counts, uint32_t id) {
    const struct mw_class_counts *row = mw_counts_find(counts, id);
    return row ? mw_counts_fraction(counts, row) : 0;
}

bool mw_counts_next_class(const struct mw_counts *a, const struct mw_counts *b, uint64_t from,
                          uint32_t *id) {
    size_t left = place_from(a, from), right = place_from(b, from);
    bool has_left = left < a->class_count, has_right = right < b->class_count;
    if (has_left) *id = a->classes[left].id;
    if (has_right && (!has_left || b->classes[right].id < *id)) *id = b->classes[right].id;
    return has_left || has_right;
}

/* What one mask adds to one of its classes. */
static struct mw_class_tally tally_of(const struct mw_mask *mask,
                                      const struct mw_class_pixels *entry) {
    if (!mask->multi_label)
        return (struct mw_class_tally){.pixels = entry->pixels,
                                       .masks = 1,
                                       .mask_pixels = mask->pixels,
                                       .mask_ignored_pixels = mask->ignored_pixels};
    struct mw_class_tally tally = {.valid_pixels = entry->valid_pixels, .planes = 1};
    if (entry->pixels == 0) return tally;
    tally.pixels = entry->pixels;
    tally.masks = 1;
    tally.mask_pixels = entry->valid_pixels;
    tally.mask_ignored_pixels = entry->ignored_pixels;
    return tally;
}

enum mw_status mw_counts_add_mask(struct mw_counts *counts, const struct mw_mask *mask,
                                  const struct mw_labels *labels, struct mw_error *err) {
    bool wrapped = false, empty = mw_mask_is_empty(mask, labels);
    add(&counts->masks, 1, &wrapped);
    add(&counts->pixels, mask->pixels, &wrapped);
    add(&counts->ignored_pixels, mask->ignored_pixels, &wrapped);
    add(&counts->unknown_pixels, mask->unknown_pixels, &wrapped);
    if (mask->pixels == 0) {
        counts->ignored_masks++;
        counts->ignored_mask_ignored_pixels += mask->ignored_pixels;
    } else if (empty) {
        counts->empty_masks++;
        counts->empty_pixels += mask->pixels;
        counts->empty_ignored_pixels += mask->ignored_pixels;
    }
    for (size_t i = 0; i < mask->count; i++) {
        struct mw_class_counts *class_counts = mw_counts_class(counts, mask->classes[i].id);
        if (!class_counts) return mw_error_memory(err);
        struct mw_class_tally one = tally_of(mask, &mask->classes[i]);
        tally_add(&class_counts->all, &one, &wrapped);
        if (empty) tally_add(&class_counts->in_empty_masks, &one, &wrapped);
    }
    return finish_sums(wrapped, err);
}

static void merge_totals(struct mw_counts *into, const struct mw_counts *from, bool *wrapped) {
    add(&into->files, from->files, wrapped);
    add(&into->masks, from->masks, wrapped);
    add(&into->empty_masks, from->empty_masks, wrapped);
    add(&into->ignored_masks, from->ignored_masks, wrapped);
    add(&into->pixels, from->pixels, wrapped);
    add(&into->ignored_pixels, from->ignored_pixels, wrapped);
    add(&into->unknown_pixels, from->unknown_pixels, wrapped);
    add(&into->empty_pixels, from->empty_pixels, wrapped);
    add(&into->empty_ignored_pixels, from->empty_ignored_pixels, wrapped);
    add(&into->ignored_mask_ignored_pixels, from->ignored_mask_ignored_pixels, wrapped);
    add(&into->skipped_files, from->skipped_files, wrapped);
    into->complete = into->complete && from->complete;
    mw_digest_add(&into->digest, from->digest);
}

static enum mw_status merge_numbers(struct mw_counts *into, const struct mw_counts *from,
                                    struct mw_error *err) {
    bool wrapped = false;
    merge_totals(into, from, &wrapped);
    for (size_t i = 0; i < from->class_count; i++) {
        const struct mw_class_counts *more = &from->classes[i];
        struct mw_class_counts *sum = mw_counts_class(into, more->id);
        if (!sum) return mw_error_memory(err);
        tally_add(&sum->all, &more->all, &wrapped);
        tally_add(&sum->in_empty_masks, &more->in_empty_masks, &wrapped);
    }
    return finish_sums(wrapped, err);
}

enum mw_status mw_counts_add_group(struct mw_counts *counts, unsigned group,
                                   const struct mw_counts *part, struct mw_error *err) {
    if (!counts->groups) {
        counts->groups = calloc(MW_SUBSET_GROUPS, sizeof *counts->groups);
        if (!counts->groups) return mw_error_memory(err);
        for (unsigned i = 0; i < MW_SUBSET_GROUPS; i++) mw_counts_init(&counts->groups[i]);
    }
    return merge_numbers(&counts->groups[group], part, err);
}

enum mw_status mw_counts_merge(struct mw_counts *into, struct mw_counts *from,
                               struct mw_error *err) {
    enum mw_status status = mw_shards_merge(&into->shards, &from->shards, err);
    mw_subset_merge(&into->subset, &from->subset);
    if (!status) status = merge_numbers(into, from, err);
    for (unsigned i = 0; from->groups && !status && i < MW_SUBSET_GROUPS; i++)
        status = mw_counts_add_group(into, i, &from->groups[i], err);
    for (size_t i = 0; !status && i < MW_MASK_FINDINGS; i++)
        status = mw_places_merge(&into->findings[i], &from->findings[i], err);
    if (!status) status = mw_places_merge(&into->failures, &from->failures, err);
    if (!status) status = mw_places_merge(&into->first_empty, &from->first_empty, err);
    if (!status) status = mw_places_merge(&into->most_ignored, &from->most_ignored, err);
    return status;
}

static void sort_places(struct mw_counts *counts) {
    for (size_t i = 0; i < MW_MASK_FINDINGS; i++) mw_places_sort(&counts->findings[i]);
    mw_places_sort(&counts->failures);
    mw_places_sort(&counts->first_empty);
    mw_places_sort(&counts->most_ignored);
}

static int class_compare(const void *a, const void *b) {
    const struct mw_class_counts *left = a, *right = b;
    return left->id < right->id ? -1 : left->id > right->id;
}

static void sort_classes(struct mw_counts *counts) {
    if (counts->class_count)
        qsort(counts->classes, counts->class_count, sizeof *counts->classes, class_compare);
    index_rebuild(counts);
}

enum mw_status mw_counts_finish(struct mw_counts *counts, const struct mw_labels *labels,
                                struct mw_error *err) {
    for (uint32_t i = 0; i < labels->classes; i++)
        if (!mw_counts_class(counts, mw_labels_id(labels, i))) return mw_error_memory(err);
    sort_classes(counts);
    sort_places(counts);
    for (unsigned i = 0; counts->groups && i < MW_SUBSET_GROUPS; i++)
        sort_classes(&counts->groups[i]);
    return MW_OK;
}
