/* What the cache knows of the files of a survey. */
#include <string.h>

#include "count/survey_run.h"

/* The path of a file by which the cache knows it: its canonical directory, and what is below that; of a list or
 * named itself, as it stands there, since its suffix is looked at, and a link may have another. */
static const char *key_of(struct mw_survey_walker *walker, const char *path, size_t below) {
    if (!walker->real || below == 0) return path;
    size_t length = strlen(walker->real);
    const char *slash = walker->real[length - 1] == '/' ? "" : "/";
    mw_text_clear(&walker->key);
    mw_text_add(&walker->key, walker->real, length);
    mw_text_add(&walker->key, slash, strlen(slash));
    mw_text_add(&walker->key, path + below, strlen(path + below));
    return walker->key.failed ? NULL : walker->key.data;
}

enum mw_status mw_survey_find_cached(struct mw_survey_walker *walker, const char *path,
                                     size_t below, struct mw_cache_entry **entry,
                                     struct mw_error *err) {
    struct mw_cache *cache = walker->run->survey->cache;
    *entry = NULL;
    if (!cache) return MW_OK;
    const char *key = key_of(walker, path, below);
    return key ? mw_cache_find(cache, key, entry, err) : mw_error_memory(err);
}

void mw_survey_keep(const struct mw_survey_run *run, struct mw_reader *reader,
                    struct mw_survey_item *item) {
    struct mw_cache *cache = run->survey->cache;
    struct mw_cache_entry *known = item->entry;
    if (!known) return;
    if (reader->fresh) {
        mw_cache_keep(cache, reader->fresh);
        reader->fresh = NULL;
    } else if (known->count && !reader->recalled) {
        mw_cache_entry_clear(known); /* it is of an earlier file of that name */
        mw_cache_keep(cache, known);
        item->entry = NULL;
    }
}
