#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "count/labels.h"

/* What a document can hold. */
static bool parse_value(const char **next, int64_t *value) {
    return mw_integer_parse(next, value) && mw_json_fits(*value);
}

static int range_compare(const void *a, const void *b) {
    const struct mw_range *left = a, *right = b;
    return left->first < right->first ? -1 : left->first > right->first;
}

/* Sorts, and joins ranges that meet or overlap. */
static void ranges_normalise(struct mw_ranges *set) {
    qsort(set->ranges, set->count, sizeof *set->ranges, range_compare);
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        struct mw_range *last = kept ? &set->ranges[kept - 1] : NULL;
        struct mw_range next = set->ranges[i];
        if (last && (next.first <= last->last || next.first - 1 == last->last)) {
            if (next.last > last->last) last->last = next.last;
        } else {
            set->ranges[kept++] = next;
        }
    }
    set->count = kept;
}

enum mw_status mw_ranges_add(struct mw_ranges *set, struct mw_range range, struct mw_error *err) {
    struct mw_range *ranges = realloc(set->ranges, (set->count + 1) * sizeof *ranges);
    if (!ranges) return mw_error_memory(err);
    set->ranges = ranges;
    set->ranges[set->count++] = range;
    ranges_normalise(set);
    return MW_OK;
}

enum mw_status mw_ranges_parse(struct mw_ranges *set, const char *text, struct mw_error *err) {
    const char *next = text;
    for (;;) {
        struct mw_range range;
        if (!parse_value(&next, &range.first)) break;
        range.last = range.first;
        if (*next == '-') {
            next++;
            if (!parse_value(&next, &range.last) || range.last < range.first) break;
        }
        enum mw_status status = mw_ranges_add(set, range, err);
        if (status) return status;
        if (*next == '\0') return MW_OK;
        if (*next++ != ',') break;
    }
    return mw_error_set(err, MW_USAGE,
                        "'%s' is not a list of integers and ranges (as 255 or 0,250-255), each "
                        "from -(2^53 - 1) to 2^53 - 1",
                        text);
}

bool mw_ranges_contain(const struct mw_ranges *set, int64_t value) {
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (value > set->ranges[middle].last) low = middle + 1;
        else if (value < set->ranges[middle].first) high = middle;
        else return true;
    }
    return false;
}

bool mw_ranges_equal(const struct mw_ranges *a, const struct mw_ranges *b) {
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->ranges[i].first != b->ranges[i].first || a->ranges[i].last != b->ranges[i].last)
            return false;
    return true;
}

void mw_ranges_print(const struct mw_ranges *set, struct mw_text *text) {
    if (set->count == 0) mw_text_print(text, "none");
    for (size_t i = 0; i < set->count; i++) {
        struct mw_range range = set->ranges[i];
        mw_text_print(text, "%s%lld", i ? "," : "", (long long)range.first);
        if (range.last > range.first) mw_text_print(text, "-%lld", (long long)range.last);
    }
}

void mw_ranges_free(struct mw_ranges *set) {
    free(set->ranges);
    *set = (struct mw_ranges){0};
}
