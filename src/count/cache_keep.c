/* Entries on their way into the database: workers hand them over, one thread writes them, many at once. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/finding.h"
#include "count/cache_database.h"

enum {
    BATCH = 8192, /* entries that are worth a transaction */
    MOST_PENDING = 4 * BATCH,
    BATCH_BYTES = 16 << 20, /* the same, by the size of entries */
    MOST_BYTES = 4 * BATCH_BYTES,
    LONGEST_SECONDS = 1 /* that an entry waits for others */
};

void mw_cache_write_late(struct mw_cache *cache) {
    cache->pending.late = true;
}

static bool is_full(const struct mw_cache_pending *pending) {
    return pending->count >= MOST_PENDING || pending->bytes >= MOST_BYTES;
}

void mw_cache_keep(struct mw_cache *cache, struct mw_cache_entry *entry) {
    struct mw_cache_pending *pending = &cache->pending;
    pthread_mutex_lock(&pending->lock);
    while (is_full(pending) && !pending->late) pthread_cond_wait(&pending->room, &pending->lock);
    bool kept = !is_full(pending);
    if (pending->count == 0) clock_gettime(CLOCK_MONOTONIC, &pending->since);
    if (kept) {
        entry->next = NULL;
        *pending->last = entry;
        pending->last = &entry->next;
        pending->count++;
        pending->bytes += entry->text.length;
    }
    pthread_mutex_unlock(&pending->lock);
    if (!kept) mw_cache_entry_free(entry);
}

/* --- Writing ------------------------------------------------------------------------------------ */

static void print_notes(unsigned notes, struct mw_text *text) {
    mw_text_clear(text);
    mw_text_add(text, "", 0);
    for (unsigned i = 0; i < MW_MASK_FINDINGS; i++)
        if (notes >> i & 1)
            mw_text_print(text, "%s%s", text->length ? " " : "", mw_finding_kinds[i].code);
}

/* Binds the next parameters; once something is wrong, none. */
struct binding {
    sqlite3_stmt *statement;
    int number, result;
};

static void bind_number(struct binding *binding, uint64_t value) {
    if (binding->result == SQLITE_OK)
        binding->result =
            mw_sqlite.bind_int64(binding->statement, ++binding->number, (int64_t)value);
}

static void bind_text(struct binding *binding, const char *text, size_t length) {
    if (binding->result == SQLITE_OK)
        binding->result = mw_sqlite.bind_text(binding->statement, ++binding->number, text,
                                              (int)length, SQLITE_STATIC);
}

static int finish(struct binding *binding) {
    if (binding->result == SQLITE_OK) binding->result = mw_sqlite.step(binding->statement);
    if (binding->result == SQLITE_DONE) binding->result = SQLITE_OK;
    mw_sqlite.reset(binding->statement);
    return binding->result;
}

static int insert_mask(struct mw_cache *cache, const struct mw_cache_entry *entry,
                       const struct mw_cached_mask *mask, struct mw_text notes[2]) {
    struct binding binding = {cache->insert, 0, SQLITE_OK};
    const char *path = mw_cache_entry_path(entry);
    char digest[MW_DIGEST_SIZE] = "";
    if (entry->has_digest) mw_digest_print(entry->digest, digest);
    print_notes(mask->notes, &notes[0]);
    print_notes(entry->notes, &notes[1]);
    if (notes[0].failed || notes[1].failed) return SQLITE_NOMEM;
    bind_number(&binding, (uint64_t)cache->settings);
    bind_text(&binding, path, strlen(path));
    bind_number(&binding, mask->page);
    bind_number(&binding, entry->count);
    bind_number(&binding, entry->state.size);
    bind_number(&binding, entry->state.inode);
    bind_number(&binding, (uint64_t)entry->state.modified_ns);
    bind_number(&binding, (uint64_t)entry->state.changed_ns);
    bind_number(&binding, mask->width);
    bind_number(&binding, mask->height);
    bind_number(&binding, (uint64_t)mask->layout);
    bind_number(&binding, mask->empty);
    bind_number(&binding, mask->pixels);
    bind_number(&binding, mask->ignored_pixels);
    bind_number(&binding, mask->unknown_pixels);
    bind_text(&binding, entry->text.data + mask->histogram, mask->length);
    bind_text(&binding, notes[0].data, notes[0].length);
    bind_text(&binding, notes[1].data, notes[1].length);
    bind_text(&binding, digest, strlen(digest));
    bind_number(&binding, (uint64_t)mw_cache_entry_checksum(entry, mask));
    return finish(&binding);
}

/* Puts an entry in the place of what there is of its file. */
static int write_entry(struct mw_cache *cache, const struct mw_cache_entry *entry,
                       struct mw_text notes[2]) {
    struct binding binding = {entry->vanished ? cache->prune : cache->remove, 1, SQLITE_OK};
    const char *path = mw_cache_entry_path(entry);
    if (!entry->vanished)
        binding.result = mw_sqlite.bind_int64(binding.statement, 1, cache->settings);
    bind_text(&binding, path, strlen(path));
    int result = finish(&binding);
    for (size_t i = 0; i < entry->count && result == SQLITE_OK; i++)
        result = insert_mask(cache, entry, &entry->masks[i], notes);
    return result;
}

/* Entries without settings would never go. */
static enum mw_status check_settings(const struct mw_cache *cache, struct mw_error *err) {
    char sql[64];
    int64_t found;
    snprintf(sql, sizeof sql, "SELECT id FROM settings WHERE id = %" PRId64, cache->settings);
    enum mw_status status = mw_cache_ask(cache, sql, NULL, &found, err);
    if (status || found) return status;
    return mw_error_set(err, MW_IO, "%s: the settings of later runs took the place of these",
                        cache->path);
}

static enum mw_status write_list(struct mw_cache *cache, const struct mw_cache_entry *list) {
    struct mw_text notes[2] = {0};
    enum mw_status status = mw_cache_execute(cache, "BEGIN IMMEDIATE", &cache->note);
    if (!status) status = check_settings(cache, &cache->note);
    for (; list && !status; list = list->next)
        if (write_entry(cache, list, notes) != SQLITE_OK)
            status = mw_cache_failed(cache, &cache->note);
    if (!status) status = mw_cache_execute(cache, "COMMIT", &cache->note);
    if (status && !mw_sqlite.get_autocommit(cache->database))
        mw_sqlite.exec(cache->database, "ROLLBACK", NULL, NULL, NULL);
    mw_text_free(&notes[0]);
    mw_text_free(&notes[1]);
    return status;
}

static void free_list(struct mw_cache_entry *list) {
    while (list) {
        struct mw_cache_entry *next = list->next;
        mw_cache_entry_free(list);
        list = next;
    }
}

/* All that is pending, if that is enough or has waited long enough; else NULL. */
static struct mw_cache_entry *take(struct mw_cache_pending *pending, bool all) {
    struct timespec now;
    struct mw_cache_entry *list = NULL;
    clock_gettime(CLOCK_MONOTONIC, &now);
    pthread_mutex_lock(&pending->lock);
    bool waited = now.tv_sec - pending->since.tv_sec > LONGEST_SECONDS;
    if (all || waited || pending->count >= BATCH || pending->bytes >= BATCH_BYTES) {
        list = pending->first;
        pending->first = NULL;
        pending->last = &pending->first;
        pending->count = pending->bytes = 0;
        pthread_cond_broadcast(&pending->room);
    }
    pthread_mutex_unlock(&pending->lock);
    return list;
}

void mw_cache_write(struct mw_cache *cache, bool all) {
    struct mw_cache_entry *list = take(&cache->pending, all);
    if (list && cache->writable) {
        pthread_mutex_lock(&cache->lock);
        if (write_list(cache, list)) mw_cache_stop_writing(cache);
        pthread_mutex_unlock(&cache->lock);
    }
    free_list(list);
}

void mw_cache_pending_free(struct mw_cache_pending *pending) {
    free_list(pending->first);
    pthread_mutex_destroy(&pending->lock);
    pthread_cond_destroy(&pending->room);
}
