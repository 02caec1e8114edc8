/* The rule that no two masks are the same. */
#include <stdlib.h>
#include <string.h>

#include "audit/sight.h"

static bool has_foreground(const struct mw_file_facts *facts) {
    for (size_t i = 0; i < facts->count; i++)
        if (facts->masks[i].has_foreground) return true;
    return false;
}

static enum mw_status grow(struct mw_sight *sight, struct mw_error *err) {
    if (sight->file_count < sight->file_capacity) return MW_OK;
    size_t capacity = sight->file_capacity + sight->file_capacity / 2 + 256;
    struct mw_sight_file *files = realloc(sight->files, capacity * sizeof *files);
    if (!files) return mw_error_memory(err);
    sight->files = files;
    sight->file_capacity = capacity;
    return MW_OK;
}

/* The bytes of files are compared, not their pixels: they are read in any case, while pixels are counted
 * without being laid out in order, and would have to be decoded again. A mask that was copied is found; one
 * that was stored anew, perhaps with another date in it, is not. Empty masks are alike by nature.
 * A digest of 16 bytes could not name a mask: the paths that come from a pipe or an archive cannot be walked again. */
enum mw_status mw_look_duplicate(struct mw_sight *sight, const char *operand,
                                 const struct mw_file_facts *facts, const struct mw_pair *pair,
                                 struct mw_error *err) {
    (void)operand;
    (void)pair;
    const struct mw_file *file = facts->file;
    if (!has_foreground(facts)) return MW_OK;
    struct mw_sight_file kept = {
        .digest = facts->digest, .source = file->source, .path = sight->paths.count};
    enum mw_status status = grow(sight, err);
    if (!status)
        status = mw_path_store_add(&sight->paths, file->path,
                                   (size_t)(file->document_path - file->path), err);
    if (!status) sight->files[sight->file_count++] = kept;
    return status;
}

static int file_compare(const void *a, const void *b) {
    const struct mw_sight_file *left = a, *right = b;
    return mw_digest_compare(left->digest, right->digest);
}

/* A file of those with one digest. Free it. */
struct twin {
    struct mw_text path;
    size_t below;
    uint32_t source;
};

static enum mw_status get(const struct mw_sight *sight, size_t number, struct twin *twin,
                          struct mw_error *err) {
    const struct mw_sight_file *file = &sight->files[number];
    twin->source = file->source;
    return mw_path_store_get(&sight->paths, file->path, &twin->path, &twin->below, err);
}

static bool is_before(const struct twin *a, const struct twin *b) {
    int order = strcmp(a->path.data + a->below, b->path.data + b->below);
    return order ? order < 0 : a->source < b->source;
}

/* Adds all but the first by place of the files from `start` to before `end`, which have one digest. */
static enum mw_status add_twins(struct mw_sight *sight, size_t start, size_t end,
                                struct mw_error *err) {
    struct twin first = {0}, twin = {0};
    size_t earliest = start;
    enum mw_status status = get(sight, start, &first, err);
    for (size_t i = start + 1; i < end && !status; i++) {
        status = get(sight, i, &twin, err);
        if (status || !is_before(&twin, &first)) continue;
        struct twin swap = first;
        first = twin;
        twin = swap;
        earliest = i;
    }
    for (size_t i = start; i < end && !status; i++) {
        struct mw_text why = {0};
        if (i == earliest) continue;
        status = get(sight, i, &twin, err);
        if (status) break;
        mw_text_print(&why, "the same bytes as %s", first.path.data);
        status =
            mw_sight_add_place(&sight->places, twin.source, twin.path.data + twin.below, &why, err);
    }
    mw_text_free(&first.path);
    mw_text_free(&twin.path);
    return status;
}

enum mw_status mw_conclude_duplicates(struct mw_sight *sight, struct mw_pairing *pairing,
                                      struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)pairing;
    if (sight->file_count == 0) return MW_OK;
    qsort(sight->files, sight->file_count, sizeof *sight->files, file_compare);
    for (size_t start = 0, end; start < sight->file_count && !status; start = end) {
        end = start + 1;
        while (end < sight->file_count &&
               mw_digest_equal(sight->files[start].digest, sight->files[end].digest))
            end++;
        if (end - start > 1) status = add_twins(sight, start, end, err);
    }
    return status;
}

void mw_sight_free_files(struct mw_sight *sight) {
    free(sight->files);
    mw_path_store_free(&sight->paths);
}
