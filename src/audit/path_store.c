/* A path is five parts: how many bytes it has in common with the one before at its beginning and at its end, the number
 * kept with it, how many bytes it has between these, and those. Numbers are 7 bits a byte, the low ones first. */
#include "audit/path_store.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 10, NUMBERS = 4 };

static size_t put(unsigned char *bytes, size_t number) {
    size_t size = 0;
    for (; number >= 0x80; number >>= 7) bytes[size++] = (unsigned char)(number | 0x80);
    bytes[size++] = (unsigned char)number;
    return size;
}

static size_t take(const unsigned char **bytes) {
    size_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        unsigned char byte = *(*bytes)++;
        number |= (size_t)(byte & 0x7f) << shift;
        if (byte < 0x80) return number;
    }
}

/* Room for `more` bytes, and for a block that begins. */
static enum mw_status reserve(struct mw_path_store *store, size_t more, struct mw_error *err) {
    if (store->size + more > store->capacity) {
        size_t capacity = store->size + more + store->capacity / 2;
        unsigned char *bytes = realloc(store->bytes, capacity);
        if (!bytes) return mw_error_memory(err);
        store->bytes = bytes;
        store->capacity = capacity;
    }
    if (store->count % MW_PATH_BLOCK) return MW_OK;
    size_t block = store->count / MW_PATH_BLOCK;
    if ((block & (block - 1)) == 0) { /* grow at powers of two */
        size_t *starts = realloc(store->starts, (block ? 2 * block : 1) * sizeof *starts);
        if (!starts) return mw_error_memory(err);
        store->starts = starts;
    }
    store->starts[block] = store->size;
    return MW_OK;
}

static enum mw_status keep_last(struct mw_path_store *store, const char *path, size_t length,
                                struct mw_error *err) {
    if (length >= store->last_size) {
        char *last = realloc(store->last, 2 * length + 1);
        if (!last) return mw_error_memory(err);
        store->last = last;
        store->last_size = 2 * length + 1;
    }
    memcpy(store->last, path, length + 1);
    return MW_OK;
}

enum mw_status mw_path_store_add(struct mw_path_store *store, const char *path, size_t number,
                                 struct mw_error *err) {
    size_t length = strlen(path), before = 0, after = 0;
    bool first = store->count % MW_PATH_BLOCK == 0;
    size_t last = first ? 0 : strlen(store->last), both = last < length ? last : length;
    if (store->count == UINT32_MAX) return mw_error_memory(err);
    enum mw_status status = reserve(store, length + (size_t)NUMBERS * NUMBER_SIZE, err);
    if (status) return status;
    while (before < both && store->last[before] == path[before]) before++;
    // cppcheck-suppress knownConditionTrueFalse ; the first loop may end before `both`
    while (after < both - before && store->last[last - 1 - after] == path[length - 1 - after])
        after++;
    unsigned char *out = store->bytes + store->size;
    out += put(out, before);
    out += put(out, after);
    out += put(out, number);
    out += put(out, length - before - after);
    memcpy(out, path + before, length - before - after);
    store->size = (size_t)(out - store->bytes) + length - before - after;
    store->count++;
    return keep_last(store, path, length, err);
}

enum mw_status mw_path_store_get(const struct mw_path_store *store, uint32_t place,
                                 struct mw_text *path, size_t *number, struct mw_error *err) {
    const unsigned char *bytes = store->bytes + store->starts[place / MW_PATH_BLOCK];
    struct mw_text last = {0};
    mw_text_clear(path);
    for (uint32_t i = place - place % MW_PATH_BLOCK; i <= place; i++) {
        struct mw_text swap = last;
        last = *path;
        *path = swap;
        mw_text_clear(path);
        size_t before = take(&bytes), after = take(&bytes);
        *number = take(&bytes);
        size_t between = take(&bytes);
        if (before) mw_text_add(path, last.data, before);
        mw_text_add(path, (const char *)bytes, between);
        if (after) mw_text_add(path, last.data + last.length - after, after);
        bytes += between;
        if (path->failed) break;
    }
    mw_text_free(&last);
    return path->failed ? mw_error_memory(err) : MW_OK;
}

void mw_path_store_free(struct mw_path_store *store) {
    free(store->bytes);
    free(store->starts);
    free(store->last);
    *store = (struct mw_path_store){0};
}
