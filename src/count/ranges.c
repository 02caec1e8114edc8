#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "count/labels.h"

enum { COLOUR_DIGITS = 6 };

bool mw_sample_parse(const char **text, int64_t *value, bool *colour) {
    if (**text != '#') return mw_integer_parse(text, value) && mw_json_fits(*value);
    const char *digits = *text + 1;
    if (strspn(digits, "0123456789abcdefABCDEF") != COLOUR_DIGITS) return false;
    *value = strtol(digits, NULL, 16);
    *text = digits + COLOUR_DIGITS;
    *colour = true;
    return true;
}

/* Place of the first range that ends at or behind `value`. */
static size_t range_place(const struct mw_ranges *set, int64_t value) {
    size_t low = 0, high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (set->ranges[middle].last < value) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Whether a range that begins at `first` overlaps or follows upon one that ends at `last`. */
static bool joins(int64_t last, int64_t first) {
    return first <= last || first - 1 == last;
}

enum mw_status mw_ranges_add(struct mw_ranges *set, struct mw_range range, struct mw_error *err) {
    size_t count = set->count;
    size_t place = range_place(set, range.first > INT64_MIN ? range.first - 1 : range.first);
    size_t end = place; /* those from `place` up to here are joined with the new one */
    for (; end < count && joins(range.last, set->ranges[end].first); end++) {
        if (set->ranges[end].first < range.first) range.first = set->ranges[end].first;
        if (set->ranges[end].last > range.last) range.last = set->ranges[end].last;
    }
    if (end == place && (count & (count - 1)) == 0) { /* grow at powers of two */
        struct mw_range *ranges = realloc(set->ranges, (count ? 2 * count : 1) * sizeof *ranges);
        if (!ranges) return mw_error_memory(err);
        set->ranges = ranges;
    }
    memmove(set->ranges + place + 1, set->ranges + end, (count - end) * sizeof range);
    set->ranges[place] = range;
    set->count = count + 1 - (end - place);
    return MW_OK;
}

enum mw_status mw_ranges_parse(struct mw_ranges *set, const char *text, struct mw_error *err) {
    const char *next = text;
    for (;;) {
        struct mw_range range;
        if (!mw_sample_parse(&next, &range.first, &set->colours)) break;
        range.last = range.first;
        if (*next == '-') {
            next++;
            if (!mw_sample_parse(&next, &range.last, &set->colours) || range.last < range.first)
                break;
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
    size_t place = range_place(set, value);
    return place < set->count && set->ranges[place].first <= value;
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
