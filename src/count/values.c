#include "count/values.h"

#include <stdlib.h>
#include <string.h>

#include "count/mask.h"

struct mw_mask_name *mw_mask_name_new(const char *path, uint32_t page, const char *part) {
    size_t size = strlen(path) + 1;
    struct mw_mask_name *name = malloc(sizeof *name + size);
    if (!name) return NULL;
    name->references = 1;
    name->page = page;
    name->part = part;
    memcpy(name->path, path, size);
    return name;
}

int mw_mask_name_compare(const struct mw_mask_name *a, const struct mw_mask_name *b) {
    if (a == b) return 0;
    int order = strcmp(a->path, b->path);
    return order ? order : a->page < b->page ? -1 : a->page > b->page;
}

struct mw_mask_name *mw_mask_name_share(struct mw_mask_name *name) {
    name->references++;
    return name;
}

void mw_mask_name_release(struct mw_mask_name *name) {
    if (name && --name->references == 0) free(name);
}

static int value_compare(const void *a, const void *b) {
    const struct mw_value *left = a, *right = b;
    if (left->is_colour != right->is_colour) return left->is_colour ? 1 : -1;
    return left->value < right->value ? -1 : left->value > right->value;
}

/* The place of a value, or where it belongs. */
static size_t place_of(const struct mw_values *values, const struct mw_value *wanted) {
    size_t low = 0, high = values->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (value_compare(&values->list[middle], wanted) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool holds(const struct mw_values *values, size_t place, const struct mw_value *wanted) {
    return place < values->count && value_compare(&values->list[place], wanted) == 0;
}

const struct mw_value *mw_values_find(const struct mw_values *values, bool is_colour,
                                      int64_t value) {
    struct mw_value wanted = {.is_colour = is_colour, .value = value};
    size_t place = place_of(values, &wanted);
    return holds(values, place, &wanted) ? &values->list[place] : NULL;
}

static enum mw_status join(struct mw_value *into, const struct mw_value *from,
                           struct mw_error *err) {
    if (into->pixels > UINT64_MAX - from->pixels)
        return mw_error_set(err, MW_OVERFLOW, "a count does not fit in 64 bits");
    into->pixels += from->pixels;
    into->masks += from->masks;
    if (mw_mask_name_compare(from->first, into->first) >= 0) return MW_OK;
    mw_mask_name_release(into->first);
    into->first = mw_mask_name_share(from->first);
    return MW_OK;
}

static void cut(struct mw_values *values, size_t count) {
    while (values->count > count) {
        mw_mask_name_release(values->list[--values->count].first);
        values->more = true;
    }
}

static enum mw_status reserve(struct mw_values *values, size_t capacity, struct mw_error *err) {
    if (capacity <= values->capacity) return MW_OK;
    if (capacity < 2 * values->capacity) capacity = 2 * values->capacity;
    struct mw_value *list = realloc(values->list, capacity * sizeof *list);
    if (!list) return mw_error_memory(err);
    values->list = list;
    values->capacity = capacity;
    return MW_OK;
}

/* Puts the `missing` values of `from` that `into` does not hold between the others, from the end. */
static void weave(struct mw_values *into, const struct mw_values *from, size_t missing) {
    size_t left = into->count, right = from->count, out = left + missing;
    into->count = out;
    while (out > left) {
        const struct mw_value *next = &from->list[right - 1];
        int order = left ? value_compare(&into->list[left - 1], next) : -1;
        if (order == 0) right--;
        else if (order > 0) into->list[--out] = into->list[--left];
        else {
            into->list[--out] = *next;
            mw_mask_name_share(next->first);
            right--;
        }
    }
}

enum mw_status mw_values_merge(struct mw_values *into, const struct mw_values *from,
                               struct mw_error *err) {
    size_t missing = 0;
    for (size_t i = 0; i < from->count; i++) {
        size_t place = place_of(into, &from->list[i]);
        bool known = holds(into, place, &from->list[i]);
        enum mw_status status = known ? join(&into->list[place], &from->list[i], err) : MW_OK;
        if (status) return status;
        missing += !known;
    }
    enum mw_status status = missing ? reserve(into, into->count + missing, err) : MW_OK;
    if (status) return status;
    weave(into, from, missing);
    into->more = into->more || from->more;
    cut(into, MW_VALUES_KEPT);
    return MW_OK;
}

/* What one mask holds under the value, or false where it is left out. */
static bool read_value(const struct mw_histogram *histogram, const struct mw_labels *labels,
                       int64_t stored, struct mw_value *value) {
    const struct mw_layout *layout = &histogram->layout;
    value->value = stored;
    value->is_colour = layout->is_colour;
    if (!labels) return true;
    if (layout->has_nodata && labels->nodata != MW_NODATA_COUNT && stored == layout->nodata)
        return false;
    value->is_colour = mw_encodings[labels->encoding].colour;
    value->value = mw_mask_value(layout, value->is_colour, stored);
    return mw_labels_classify(labels, value->value).kind == MW_LABEL_UNKNOWN;
}

/* Puts values in order and joins equal ones, as several indices of one colour. */
static void sort_values(struct mw_values *values) {
    size_t kept = 0;
    qsort(values->list, values->count, sizeof *values->list, value_compare);
    for (size_t i = 0; i < values->count; i++) {
        if (kept && value_compare(&values->list[kept - 1], &values->list[i]) == 0) {
            values->list[kept - 1].pixels += values->list[i].pixels;
            mw_mask_name_release(values->list[i].first);
        } else {
            values->list[kept++] = values->list[i];
        }
    }
    values->count = kept;
}

enum mw_status mw_values_add_mask(struct mw_values *values, const struct mw_histogram *histogram,
                                  const struct mw_labels *labels, struct mw_mask_name *name,
                                  struct mw_error *err) {
    struct mw_values found = {0};
    struct mw_value value = {.masks = 1, .first = name};
    int64_t stored;
    enum mw_status status = MW_OK;
    for (size_t cursor = 0;
         !status && mw_histogram_next(histogram, &cursor, &stored, &value.pixels);) {
        if (!read_value(histogram, labels, stored, &value)) continue;
        status = reserve(&found, found.count + 1, err);
        if (status || !found.list) break;
        mw_mask_name_share(name);
        found.list[found.count++] = value;
    }
    if (found.count) sort_values(&found);
    if (!status) cut(&found, MW_VALUES_KEPT);
    if (!status) status = mw_values_merge(values, &found, err);
    mw_values_free(&found);
    return status;
}

/* Whether the value at `a` stands before the one at `b`, which comes after it in order of value. */
static bool outranks(const struct mw_values *values, size_t a, size_t b) {
    uint64_t left = values->list[a].pixels, right = values->list[b].pixels;
    return left != right ? left > right : a < b;
}

size_t mw_values_rank(const struct mw_values *values, size_t *places, size_t limit) {
    size_t kept = 0;
    for (size_t i = 0; i < values->count; i++) {
        if (kept == limit && !outranks(values, i, places[kept - 1])) continue;
        size_t place = kept < limit ? kept++ : kept - 1;
        for (; place > 0 && outranks(values, i, places[place - 1]); place--)
            places[place] = places[place - 1];
        places[place] = i;
    }
    return kept;
}

void mw_values_free(struct mw_values *values) {
    for (size_t i = 0; i < values->count; i++) mw_mask_name_release(values->list[i].first);
    free(values->list);
    *values = (struct mw_values){0};
}
