/* Entries, read ahead in the order of their paths: a walk comes in the same order. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/finding.h"
#include "count/cache_database.h"

enum {
    FIRST_AHEAD = 16,     /* entries of a directory that are read first */
    MOST_BYTES = 4 << 20, /* of entries that are read at once, but for the last */
};

/* Columns of the statement. */
enum {
    PATH,
    PAGE,
    PAGES,
    SIZE,
    INODE,
    MTIME,
    CTIME,
    WIDTH,
    HEIGHT,
    LAYOUT,
    EMPTY,
    PIXELS,
    IGNORED,
    UNKNOWN,
    HISTOGRAM,
    FINDINGS,
    FILE_FINDINGS,
    DIGEST,
    CHECKSUM
};

void mw_cache_window_free(struct mw_cache_window *window) {
    for (size_t i = window->next; i < window->count; i++) mw_cache_entry_free(window->list[i]);
    mw_text_free(&window->from);
    mw_text_free(&window->end);
    mw_text_free(&window->last);
}

/* --- Rows --------------------------------------------------------------------------------------- */

static const char *text_of(sqlite3_stmt *row, int column) {
    const char *text = (const char *)mw_sqlite.column_text(row, column);
    return text ? text : "";
}

/* "looks-lossy ignored-mask" as bits; what has another name is of no bit, which the checksum tells. */
static unsigned notes_of(const char *codes) {
    unsigned notes = 0;
    while (*codes) {
        size_t length = strcspn(codes, " ");
        for (unsigned i = 0; i < MW_MASK_FINDINGS; i++)
            if (strlen(mw_finding_kinds[i].code) == length &&
                strncmp(mw_finding_kinds[i].code, codes, length) == 0)
                notes |= 1U << i;
        codes += length + (codes[length] == ' ');
    }
    return notes;
}

/* What stands in each row of a file. */
static void read_file(struct mw_cache_entry *entry, sqlite3_stmt *row) {
    entry->state = (struct mw_file_state){
        .size = (uint64_t)mw_sqlite.column_int64(row, SIZE),
        .inode = (uint64_t)mw_sqlite.column_int64(row, INODE),
        .modified_ns = mw_sqlite.column_int64(row, MTIME),
        .changed_ns = mw_sqlite.column_int64(row, CTIME),
    };
    entry->notes = notes_of(text_of(row, FILE_FINDINGS));
    entry->has_digest = mw_digest_parse(text_of(row, DIGEST), &entry->digest);
}

static bool read_mask(struct mw_cache_entry *entry, sqlite3_stmt *row) {
    struct mw_cached_mask *mask = mw_cache_entry_add(entry);
    const char *histogram = text_of(row, HISTOGRAM);
    if (!mask) return false;
    *mask = (struct mw_cached_mask){
        .page = (uint32_t)mw_sqlite.column_int64(row, PAGE),
        .width = (uint32_t)mw_sqlite.column_int64(row, WIDTH),
        .height = (uint32_t)mw_sqlite.column_int64(row, HEIGHT),
        .layout = mw_sqlite.column_int64(row, LAYOUT),
        .empty = mw_sqlite.column_int64(row, EMPTY) != 0,
        .pixels = (uint64_t)mw_sqlite.column_int64(row, PIXELS),
        .ignored_pixels = (uint64_t)mw_sqlite.column_int64(row, IGNORED),
        .unknown_pixels = (uint64_t)mw_sqlite.column_int64(row, UNKNOWN),
        .notes = notes_of(text_of(row, FINDINGS)),
        .checksum = mw_sqlite.column_int64(row, CHECKSUM),
        .histogram = entry->text.length,
        .length = (size_t)mw_sqlite.column_bytes(row, HISTOGRAM),
    };
    mw_text_add(&entry->text, histogram, mask->length);
    return !entry->text.failed;
}

/* Takes a row: the first of a file begins an entry. */
static bool take_row(struct mw_cache_window *window, sqlite3_stmt *row, bool first) {
    if (first) {
        struct mw_cache_entry *entry = mw_cache_entry_make(text_of(row, PATH));
        if (!entry) return false;
        read_file(entry, row);
        window->list[window->count++] = entry;
    }
    return read_mask(window->list[window->count - 1], row);
}

/* Reads up to window->most files, and fewer large ones. The rows of one file are all there, or the cache is damaged. */
static enum mw_status read_rows(struct mw_cache *cache, struct mw_error *err) {
    struct mw_cache_window *window = &cache->window;
    int result;
    int64_t left = 0; /* rows of the file at hand */
    size_t bytes = 0;
    while ((result = mw_sqlite.step(cache->select)) == SQLITE_ROW) {
        const char *path = text_of(cache->select, PATH);
        bool same = window->count &&
                    strcmp(path, mw_cache_entry_path(window->list[window->count - 1])) == 0;
        if (same != (left > 0)) return mw_cache_refuse(cache, path, err);
        if (!same && (window->count == window->most || bytes >= MOST_BYTES)) return MW_OK;
        if (!same) left = mw_sqlite.column_int64(cache->select, PAGES);
        if (!take_row(window, cache->select, !same)) return mw_error_memory(err);
        bytes += (size_t)mw_sqlite.column_bytes(cache->select, HISTOGRAM);
        left--;
    }
    if (result != SQLITE_DONE) return mw_cache_failed(cache, err);
    window->exhausted = true;
    if (left > 0)
        return mw_cache_refuse(cache, mw_cache_entry_path(window->list[window->count - 1]), err);
    return MW_OK;
}

static bool bind(struct mw_cache *cache) {
    const struct mw_text *from = &cache->window.from, *end = &cache->window.end;
    sqlite3_stmt *select = cache->select;
    return mw_sqlite.bind_int64(select, 1, cache->settings) == SQLITE_OK &&
           mw_sqlite.bind_text(select, 2, from->data, (int)from->length, SQLITE_STATIC) ==
               SQLITE_OK &&
           mw_sqlite.bind_text(select, 3, end->data, (int)end->length, SQLITE_STATIC) == SQLITE_OK;
}

/* The next path in the order of bytes is at least the last one with this behind it. */
static void add_least(struct mw_text *path) {
    mw_text_add(path, "\1", 1);
}

static void set(struct mw_text *text, const char *path) {
    mw_text_clear(text);
    mw_text_add(text, path, strlen(path));
}

/* Reads the next entries into the empty window. */
static enum mw_status read_ahead(struct mw_cache *cache, struct mw_error *err) {
    struct mw_cache_window *window = &cache->window;
    window->count = window->next = window->used = 0;
    if (window->from.failed || window->end.failed) return mw_error_memory(err);
    pthread_mutex_lock(&cache->lock);
    enum mw_status status = bind(cache) ? read_rows(cache, err) : mw_cache_failed(cache, err);
    mw_sqlite.reset(cache->select);
    pthread_mutex_unlock(&cache->lock);
    if (window->count) set(&window->from, mw_cache_entry_path(window->list[window->count - 1]));
    if (window->count) add_least(&window->from);
    return status;
}

/* --- In order ----------------------------------------------------------------------------------- */

/* The walk went past an entry: is its file still there? */
static void pass(struct mw_cache *cache, struct mw_cache_entry *entry) {
    struct stat info;
    bool gone = cache->window.pruning && lstat(mw_cache_entry_path(entry), &info) != 0 &&
                (errno == ENOENT || errno == ENOTDIR);
    if (!gone) {
        mw_cache_entry_free(entry);
        return;
    }
    mw_cache_entry_clear(entry);
    entry->vanished = true;
    cache->vanished++;
    mw_cache_keep(cache, entry);
}

static void restart(struct mw_cache_window *window, const char *from, const char *end,
                    size_t most) {
    for (; window->next < window->count; window->next++)
        mw_cache_entry_free(window->list[window->next]);
    window->count = window->next = window->used = 0;
    window->exhausted = false;
    window->most = most;
    set(&window->from, from);
    set(&window->end, end);
    set(&window->last, "");
}

enum mw_status mw_cache_enter(struct mw_cache *cache, const char *directory, struct mw_error *err) {
    size_t length = strlen(directory);
    struct mw_text from = {0}, end = {0};
    while (length > 0 && directory[length - 1] == '/') length--;
    mw_text_print(&from, "%.*s/", (int)length, directory);
    mw_text_print(&end, "%.*s0", (int)length, directory); /* '0' follows '/' */
    bool failed = from.failed || end.failed;
    if (!failed) restart(&cache->window, from.data, end.data, FIRST_AHEAD);
    cache->window.pruning = !failed && cache->settings;
    mw_text_free(&from);
    mw_text_free(&end);
    return failed ? mw_error_memory(err) : MW_OK;
}

/* Below a directory everything is read; of other paths more at once only while each was wanted. */
static void grow(struct mw_cache_window *window) {
    bool wanted = window->pruning || window->used == window->count;
    window->most = wanted ? 2 * window->most : 1;
    if (window->most > MW_CACHE_AHEAD) window->most = MW_CACHE_AHEAD;
}

/* Goes on to the first entry that is not before `path`. */
static enum mw_status go_to(struct mw_cache *cache, const char *path, struct mw_error *err) {
    struct mw_cache_window *window = &cache->window;
    for (;;) {
        for (; window->next < window->count; window->next++) {
            struct mw_cache_entry *entry = window->list[window->next];
            if (strcmp(mw_cache_entry_path(entry), path) >= 0) return MW_OK;
            pass(cache, entry);
        }
        if (window->exhausted) return MW_OK;
        if (window->count) grow(window);
        if (!window->pruning && strcmp(window->from.data, path) < 0) set(&window->from, path);
        enum mw_status status = read_ahead(cache, err);
        if (status) return status;
    }
}

/* The absolute path, in cache->key. */
static const char *make_key(struct mw_cache *cache, const char *path) {
    if (path[0] == '/') return path;
    mw_text_clear(&cache->key);
    mw_text_print(&cache->key, "%s/%s", cache->directory, path);
    return cache->key.failed ? NULL : cache->key.data;
}

enum mw_status mw_cache_find(struct mw_cache *cache, const char *path,
                             struct mw_cache_entry **entry, struct mw_error *err) {
    struct mw_cache_window *window = &cache->window;
    const char *key = make_key(cache, path);
    if (!key) return mw_error_memory(err);
    bool begun = window->last.data && window->end.length;
    if (!begun || (!window->pruning && strcmp(key, window->last.data) <= 0))
        restart(window, key, "0", 1);
    set(&window->last, key);
    if (window->last.failed) return mw_error_memory(err);
    enum mw_status status = cache->settings ? go_to(cache, key, err) : MW_OK;
    if (status) return status;
    *entry = window->next < window->count ? window->list[window->next] : NULL;
    if (*entry && strcmp(mw_cache_entry_path(*entry), key) == 0) {
        window->next++;
        window->used++;
        return MW_OK;
    }
    *entry = mw_cache_entry_make(key);
    return *entry ? MW_OK : mw_error_memory(err);
}

enum mw_status mw_cache_leave(struct mw_cache *cache, struct mw_error *err) {
    struct mw_cache_window *window = &cache->window;
    enum mw_status status = MW_OK;
    if (cache->settings) status = go_to(cache, window->end.data, err);
    window->pruning = false;
    window->end.length = 0;
    return status;
}
