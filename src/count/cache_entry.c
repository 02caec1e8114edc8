#include "count/cache_entry.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "count/inspection.h"

struct mw_cache_entry *mw_cache_entry_make(const char *path) {
    struct mw_cache_entry *entry = calloc(1, sizeof *entry);
    if (!entry) return NULL;
    mw_text_add(&entry->text, path, strlen(path) + 1);
    if (!entry->text.failed) return entry;
    mw_cache_entry_free(entry);
    return NULL;
}

void mw_cache_entry_free(struct mw_cache_entry *entry) {
    if (!entry) return;
    mw_text_free(&entry->text);
    free(entry->masks);
    free(entry);
}

const char *mw_cache_entry_path(const struct mw_cache_entry *entry) {
    return entry->text.data;
}

void mw_cache_entry_clear(struct mw_cache_entry *entry) {
    entry->text.length = strlen(entry->text.data) + 1;
    entry->count = 0;
    entry->notes = 0;
    entry->has_digest = false;
    entry->digest = (struct mw_digest){0, 0};
}

struct mw_cached_mask *mw_cache_entry_add(struct mw_cache_entry *entry) {
    if (entry->count == entry->capacity) {
        size_t capacity = entry->capacity ? 2 * entry->capacity : 1;
        struct mw_cached_mask *masks = realloc(entry->masks, capacity * sizeof *masks);
        if (!masks) return NULL;
        entry->masks = masks;
        entry->capacity = capacity;
    }
    entry->masks[entry->count] = (struct mw_cached_mask){0};
    return &entry->masks[entry->count++];
}

static void add_class(const struct mw_class_pixels *class, bool multi_label, struct mw_text *text) {
    mw_text_add(text, "\"", 1);
    mw_text_add_unsigned(text, class->id);
    mw_text_add(text, multi_label ? "\":[" : "\":", multi_label ? 3 : 2);
    mw_text_add_unsigned(text, class->pixels);
    if (!multi_label) return;
    mw_text_add(text, ",", 1);
    mw_text_add_unsigned(text, class->valid_pixels);
    mw_text_add(text, ",", 1);
    mw_text_add_unsigned(text, class->ignored_pixels);
    mw_text_add(text, "]", 1);
}

enum mw_status mw_cache_entry_add_mask(struct mw_cache_entry *entry, const struct mw_mask *mask,
                                       bool empty, uint32_t page, unsigned notes,
                                       struct mw_error *err) {
    struct mw_cached_mask *cached = mw_cache_entry_add(entry);
    struct mw_text *text = &entry->text;
    if (!cached) return mw_error_memory(err);
    *cached = (struct mw_cached_mask){.page = page,
                                      .width = mask->layout.width,
                                      .height = mask->layout.height,
                                      .layout = mw_layout_key(&mask->layout),
                                      .empty = empty,
                                      .pixels = mask->pixels,
                                      .ignored_pixels = mask->ignored_pixels,
                                      .unknown_pixels = mask->unknown_pixels,
                                      .notes = notes,
                                      .histogram = text->length};
    mw_text_add(text, "{", 1);
    for (size_t i = 0; i < mask->count; i++) {
        if (i) mw_text_add(text, ",", 1);
        add_class(&mask->classes[i], mask->multi_label, text);
    }
    mw_text_add(text, "}", 1);
    cached->length = text->length - cached->histogram;
    return text->failed ? mw_error_memory(err) : MW_OK;
}

/* --- Read back ---------------------------------------------------------------------------------- */

/* Text that is read from the left; once something is wrong, it stays at its end. */
struct scan {
    const char *next, *end;
    bool wrong;
};

static bool take(struct scan *scan, char character) {
    bool there = scan->next < scan->end && *scan->next == character;
    if (there) scan->next++;
    return there;
}

static void expect(struct scan *scan, char character) {
    if (!take(scan, character)) scan->wrong = true;
}

static uint64_t take_number(struct scan *scan, uint64_t most) {
    uint64_t number = 0;
    const char *begin = scan->next;
    for (; scan->next < scan->end && *scan->next >= '0' && *scan->next <= '9'; scan->next++) {
        uint64_t digit = (uint64_t)(*scan->next - '0');
        if (number > (most - digit) / 10) scan->wrong = true;
        else number = 10 * number + digit;
    }
    if (scan->next == begin) scan->wrong = true;
    return number;
}

static struct mw_class_pixels take_class(struct scan *scan, bool multi_label) {
    struct mw_class_pixels class = {0};
    expect(scan, '"');
    class.id = (uint32_t)take_number(scan, UINT32_MAX);
    expect(scan, '"');
    expect(scan, ':');
    if (multi_label) expect(scan, '[');
    class.pixels = take_number(scan, UINT64_MAX / 2);
    if (!multi_label) return class;
    expect(scan, ',');
    class.valid_pixels = take_number(scan, UINT64_MAX / 2);
    expect(scan, ',');
    class.ignored_pixels = take_number(scan, UINT64_MAX / 2);
    expect(scan, ']');
    return class;
}

/* Every pixel of the mask, of each of its planes, carries a class or is left out. */
static bool adds_up(const struct mw_cached_mask *cached, const struct mw_mask *mask) {
    uint64_t pixels = (uint64_t)cached->width * cached->height, classes = 0;
    for (size_t i = 0; i < mask->count; i++)
        classes += mask->multi_label ? mask->classes[i].valid_pixels : mask->classes[i].pixels;
    if (mask->multi_label) pixels *= mask->count;
    return classes == mask->pixels &&
           mask->pixels + mask->ignored_pixels + mask->unknown_pixels == pixels;
}

enum mw_status mw_cache_entry_mask(const struct mw_cache_entry *entry, size_t number,
                                   bool multi_label, struct mw_mask *mask, struct mw_error *err) {
    const struct mw_cached_mask *cached = &entry->masks[number];
    struct mw_layout layout = mw_layout_of_key(cached->layout);
    const char *histogram = entry->text.data + cached->histogram;
    struct scan scan = {histogram, histogram + cached->length, false};
    layout.page = cached->page - 1;
    layout.width = cached->width;
    layout.height = cached->height;
    mw_mask_begin(mask, &layout, multi_label);
    mask->pixels = cached->pixels;
    mask->ignored_pixels = cached->ignored_pixels;
    mask->unknown_pixels = cached->unknown_pixels;
    expect(&scan, '{');
    while (!scan.wrong && !take(&scan, '}')) {
        if (mask->count) expect(&scan, ',');
        enum mw_status status = mw_mask_add_class(mask, take_class(&scan, multi_label), err);
        if (status) return status;
    }
    if (!scan.wrong && scan.next == scan.end && adds_up(cached, mask) &&
        mw_cache_entry_checksum(entry, cached) == cached->checksum)
        return MW_OK;
    return mw_error_set(err, MW_BROKEN, "what is kept of a mask contradicts itself");
}

/* --- The same? ---------------------------------------------------------------------------------- */

int64_t mw_cache_entry_checksum(const struct mw_cache_entry *entry,
                                const struct mw_cached_mask *mask) {
    uint64_t numbers[] = {
        entry->count,
        entry->state.size,
        entry->state.inode,
        (uint64_t)entry->state.modified_ns,
        (uint64_t)entry->state.changed_ns,
        entry->has_digest,
        entry->digest.high,
        entry->digest.low,
        entry->notes,
        mask->page,
        mask->width,
        mask->height,
        (uint64_t)mask->layout,
        mask->empty,
        mask->pixels,
        mask->ignored_pixels,
        mask->unknown_pixels,
        mask->notes,
    };
    const char *path = mw_cache_entry_path(entry);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        numbers[i] = mw_little_endian_64((const unsigned char *)&numbers[i]);
    uint64_t hash = XXH3_64bits(numbers, sizeof numbers);
    hash = XXH3_64bits_withSeed(path, strlen(path), hash);
    return (int64_t)XXH3_64bits_withSeed(entry->text.data + mask->histogram, mask->length, hash);
}

static bool masks_equal(const struct mw_cache_entry *a, const struct mw_cache_entry *b, size_t i) {
    const struct mw_cached_mask *left = &a->masks[i], *right = &b->masks[i];
    return left->page == right->page && left->width == right->width &&
           left->height == right->height && left->layout == right->layout &&
           left->pixels == right->pixels && left->ignored_pixels == right->ignored_pixels &&
           left->unknown_pixels == right->unknown_pixels && left->notes == right->notes &&
           left->length == right->length &&
           memcmp(a->text.data + left->histogram, b->text.data + right->histogram, left->length) ==
               0;
}

bool mw_cache_entry_equal(const struct mw_cache_entry *a, const struct mw_cache_entry *b) {
    bool equal = a->count == b->count && a->notes == b->notes;
    if (a->has_digest && b->has_digest) equal = equal && mw_digest_equal(a->digest, b->digest);
    for (size_t i = 0; equal && i < a->count; i++) equal = masks_equal(a, b, i);
    return equal;
}
