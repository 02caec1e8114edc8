#include "count/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/json.h"
#include "count/cache_database.h"
#include "count/document.h"

/* application_id: "MWch"; user_version: that of the tables. */
enum { APPLICATION = 0x4d576368, VERSION = 1, BUSY_MS = 60000 };

/* The manual page describes `masks` and `classes`. */
static const char tables[] =
    "PRAGMA application_id = 1297572712; PRAGMA user_version = 1;"
    "CREATE TABLE settings (id INTEGER PRIMARY KEY, settings TEXT NOT NULL UNIQUE,"
    " used INTEGER NOT NULL);"
    "CREATE TABLE entries (settings INTEGER NOT NULL, path TEXT NOT NULL, page INTEGER NOT NULL,"
    " pages INTEGER NOT NULL, size INTEGER NOT NULL, inode INTEGER NOT NULL,"
    " mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, width INTEGER NOT NULL,"
    " height INTEGER NOT NULL, layout INTEGER NOT NULL, empty INTEGER NOT NULL,"
    " pixels INTEGER NOT NULL, ignored_pixels INTEGER NOT NULL, unknown_pixels INTEGER NOT NULL,"
    " histogram TEXT NOT NULL, findings TEXT NOT NULL, file_findings TEXT NOT NULL,"
    " digest TEXT NOT NULL, checksum INTEGER NOT NULL,"
    " PRIMARY KEY (settings, path, page)) WITHOUT ROWID;"
    "CREATE VIEW masks AS SELECT path, page, width, height, layout >> 32 & 255 AS bits, empty,"
    " pixels = 0 AS ignored, pixels, ignored_pixels, unknown_pixels, histogram, findings,"
    " size, inode, mtime_ns, ctime_ns FROM entries"
    " WHERE settings = (SELECT id FROM settings ORDER BY used DESC LIMIT 1);"
    "CREATE VIEW classes AS SELECT masks.path, page, CAST(each.key AS INTEGER) AS class,"
    " CASE each.type WHEN 'array' THEN json_extract(each.value, '$[0]') ELSE each.value END"
    " AS pixels FROM masks, json_each(histogram) AS each;";

/* The tables of the version are there, and their first page is whole. */
static const char check_tables[] =
    "SELECT settings, path, page, pages, size, inode, mtime_ns, ctime_ns, width, height, layout, empty,"
    " pixels, ignored_pixels, unknown_pixels, histogram, findings, file_findings, digest, checksum,"
    " (SELECT id + used FROM settings) FROM entries LIMIT 1";

void mw_cache_library(char *out, size_t size) {
    struct mw_error err;
    bool loaded = mw_sqlite_load(&err) == MW_OK;
    snprintf(out, size, "%s%s", loaded ? "SQLite " : "no SQLite",
             loaded ? mw_sqlite.libversion() : "");
}

/* --- What SQLite says --------------------------------------------------------------------------- */

static enum mw_status damaged(const struct mw_cache *cache, struct mw_error *err) {
    return mw_error_set(err, MW_BROKEN,
                        "%s: the cache is damaged: delete it; it is made again from the masks",
                        cache->path);
}

enum mw_status mw_cache_failed(const struct mw_cache *cache, struct mw_error *err) {
    int reason = cache->database ? mw_sqlite.system_errno(cache->database) : 0;
    int code = cache->database ? mw_sqlite.extended_errcode(cache->database) : SQLITE_NOMEM;
    if ((code & 0xff) == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) return mw_error_memory(err);
    if ((code & 0xff) == SQLITE_FULL) reason = ENOSPC;
    switch (code & 0xff) {
    case SQLITE_NOTADB:
        return mw_error_set(err, MW_USAGE, "%s: not a cache of maskweight: name another file",
                            cache->path);
    case SQLITE_CORRUPT: return damaged(cache, err);
    case SQLITE_BUSY:
        return mw_error_set(
            err, MW_IO,
            "%s: another process has kept the cache locked for %d seconds: wait for "
            "it, or name another file",
            cache->path, BUSY_MS / 1000);
    default: break;
    }
    if (reason) return mw_error_system(err, reason, "%s: the cache", cache->path);
    return mw_error_set(err, MW_IO, "%s: the cache: %s", cache->path,
                        mw_sqlite.errmsg(cache->database));
}

enum mw_status mw_cache_refuse(const struct mw_cache *cache, const char *path,
                               struct mw_error *err) {
    return mw_error_set(err, MW_BROKEN,
                        "%s: what the cache holds of %s is not what the file holds: delete the "
                        "cache; it is made again from the masks",
                        cache->path, path);
}

enum mw_status mw_cache_execute(const struct mw_cache *cache, const char *sql,
                                struct mw_error *err) {
    int result = mw_sqlite.exec(cache->database, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? MW_OK : mw_cache_failed(cache, err);
}

enum mw_status mw_cache_prepare(const struct mw_cache *cache, const char *sql,
                                sqlite3_stmt **statement, struct mw_error *err) {
    int result = mw_sqlite.prepare_v2(cache->database, sql, -1, statement, NULL);
    return result == SQLITE_OK ? MW_OK : mw_cache_failed(cache, err);
}

enum mw_status mw_cache_ask(const struct mw_cache *cache, const char *sql,
                            const struct mw_text *text, int64_t *answer, struct mw_error *err) {
    sqlite3_stmt *statement = NULL;
    enum mw_status status = mw_cache_prepare(cache, sql, &statement, err);
    int result = SQLITE_OK;
    *answer = 0;
    if (status) return status;
    if (text)
        result = mw_sqlite.bind_text(statement, 1, text->data, (int)text->length, SQLITE_STATIC);
    if (result == SQLITE_OK) result = mw_sqlite.step(statement);
    if (result == SQLITE_ROW) *answer = mw_sqlite.column_int64(statement, 0);
    else if (result != SQLITE_DONE) status = mw_cache_failed(cache, err);
    mw_sqlite.finalize(statement);
    return status;
}

/* --- Opening ------------------------------------------------------------------------------------ */

void mw_cache_stop_writing(struct mw_cache *cache) {
    char message[sizeof cache->note.message];
    cache->writable = false;
    memcpy(message, cache->note.message, sizeof message);
    mw_error_set(&cache->note, MW_IO, "%s; what is counted is not kept for later runs", message);
}

/* Read by whoever reads the database, and by nobody else. */
static int open_journal(const char *path, mode_t mode) {
    int fd;
    do fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* A journal that is there before the sandbox is the only other file that writing needs. Empty, it means
 * nothing to SQLite, which removes the one that a killed run left. */
static enum mw_status make_journal(struct mw_cache *cache, struct mw_error *err) {
    struct mw_text name = {0};
    struct stat info;
    const char *file = mw_sqlite.db_filename(cache->database, "main");
    mw_text_print(&name, "%s-journal", file);
    cache->journal = name.data;
    if (name.failed) return mw_error_memory(err);
    mode_t mode = stat(file, &info) == 0 ? info.st_mode & 0777 : 0600;
    int fd = cache->writable ? open_journal(name.data, mode) : -1;
    if (cache->writable && fd < 0) {
        mw_error_system(&cache->note, errno, "%s: its journal", cache->path);
        cache->writable = false;
    }
    if (fd >= 0) close(fd);
    if (!cache->writable) mw_cache_stop_writing(cache);
    return MW_OK;
}

static enum mw_status make_tables(const struct mw_cache *cache, struct mw_error *err) {
    int64_t others;
    enum mw_status status = mw_cache_execute(cache, "BEGIN IMMEDIATE", err);
    if (!status)
        status = mw_cache_ask(cache, "SELECT count(*) FROM sqlite_schema", NULL, &others, err);
    if (!status && !others) status = mw_cache_execute(cache, tables, err);
    if (!status) status = mw_cache_execute(cache, "COMMIT", err);
    return status;
}

/* Whose database it is; *others is 0 where it has no tables yet. */
static enum mw_status check_owner(struct mw_cache *cache, int64_t *others, struct mw_error *err) {
    /* The owner last: another process may be making the tables. */
    int64_t application = 0, version = 0;
    enum mw_status status =
        mw_cache_ask(cache, "SELECT count(*) FROM sqlite_schema", NULL, others, err);
    if (!status) status = mw_cache_ask(cache, "PRAGMA user_version", NULL, &version, err);
    if (!status) status = mw_cache_ask(cache, "PRAGMA application_id", NULL, &application, err);
    if (status) return status;
    if (application != APPLICATION && (application || version || *others))
        return mw_error_set(err, MW_USAGE,
                            "%s: a database of another program, not a cache of maskweight: name "
                            "another file",
                            cache->path);
    if (version > VERSION)
        return mw_error_set(err, MW_USAGE,
                            "%s: a cache of version %" PRId64
                            ", which a newer maskweight wrote: this one reads version %d: name "
                            "another file",
                            cache->path, version, VERSION);
    if (*others || cache->writable) return MW_OK;
    return mw_error_set(err, MW_IO, "%s: no cache yet, and none can be made: it is read-only",
                        cache->path);
}

static enum mw_status check(struct mw_cache *cache, struct mw_error *err) {
    int64_t others, unused;
    enum mw_status status = check_owner(cache, &others, err);
    if (!status) /* the file stays */
        status = mw_cache_execute(cache, "PRAGMA journal_mode = TRUNCATE", err);
    if (!status && !others) status = make_tables(cache, err);
    if (!status && mw_cache_ask(cache, check_tables, NULL, &unused, err)) {
        int code = mw_sqlite.extended_errcode(cache->database);
        status = code == SQLITE_ERROR ? damaged(cache, err) : err->status;
    }
    return status;
}

/* SQLite tries again to read what it cannot make, and then says that it is not there. */
static enum mw_status why_not_opened(const struct mw_cache *cache, struct mw_error *err) {
    int fd = mw_bytes_open(cache->path, O_RDWR | O_CREAT | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    int reason = errno;
    if (fd < 0) return mw_error_system(err, reason, "%s: the cache", cache->path);
    close(fd);
    return mw_cache_failed(cache, err);
}

/* A name that SQLite takes for nothing else. */
static enum mw_status open_database(struct mw_cache *cache, struct mw_error *err) {
    struct mw_text name = {0};
    struct stat info;
    if (stat(cache->path, &info) == 0 && !S_ISREG(info.st_mode))
        return mw_error_set(err, MW_USAGE, "%s: the cache is a directory or a device, not a file",
                            cache->path);
    mw_text_print(&name, "%s%s", cache->path[0] == '/' ? "" : "./", cache->path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int result = name.failed ? SQLITE_NOMEM
                             : mw_sqlite.open_v2(name.data, &cache->database, flags, NULL);
    mw_text_free(&name);
    if (result == SQLITE_OK) return MW_OK;
    if (result == SQLITE_CANTOPEN) return why_not_opened(cache, err);
    return result == SQLITE_NOMEM ? mw_error_memory(err) : mw_cache_failed(cache, err);
}

static enum mw_status open_cache(struct mw_cache *cache, struct mw_error *err) {
    char byte;
    enum mw_status status = open_database(cache, err);
    if (status) return status;
    mw_sqlite.busy_timeout(cache->database, BUSY_MS);
    mw_sqlite.randomness(1, &byte); /* opens a device once */
    cache->writable = mw_sqlite.db_readonly(cache->database, "main") == 0;
    if (!cache->writable) mw_error_set(&cache->note, MW_IO, "%s: it is read-only", cache->path);
    status = mw_cache_execute(cache,
                              "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
                              "PRAGMA cell_size_check = ON; PRAGMA cache_size = -8000;"
                              "PRAGMA synchronous = FULL; PRAGMA mmap_size = 0",
                              err);
    if (!status) status = check(cache, err);
    return status ? status : make_journal(cache, err);
}

enum mw_status mw_cache_open(struct mw_cache **opened, const char *path, struct mw_error *err) {
    enum mw_status status = mw_sqlite_load(err);
    if (status) return status;
    struct mw_cache *cache = calloc(1, sizeof *cache);
    if (!cache) return mw_error_memory(err);
    *opened = cache;
    cache->path = path;
    cache->pending.last = &cache->pending.first;
    pthread_mutex_init(&cache->lock, NULL);
    pthread_mutex_init(&cache->pending.lock, NULL);
    pthread_cond_init(&cache->pending.room, NULL);
    cache->directory = getcwd(NULL, 0);
    if (!cache->directory) return mw_error_system(err, errno, "the working directory");
    return open_cache(cache, err);
}

const char *mw_cache_file(const struct mw_cache *cache, int number) {
    return number ? cache->journal : cache->path;
}

const char *mw_cache_note(const struct mw_cache *cache) {
    return cache->writable ? NULL : cache->note.message;
}

uint64_t mw_cache_vanished(const struct mw_cache *cache) {
    return cache->vanished;
}

void mw_cache_close(struct mw_cache *cache) {
    if (!cache) return;
    mw_cache_window_free(&cache->window);
    mw_cache_pending_free(&cache->pending);
    if (cache->database) {
        mw_sqlite.finalize(cache->select);
        mw_sqlite.finalize(cache->insert);
        mw_sqlite.finalize(cache->remove);
        mw_sqlite.finalize(cache->prune);
        mw_sqlite.close(cache->database);
    }
    pthread_mutex_destroy(&cache->lock);
    mw_text_free(&cache->key);
    free(cache->journal);
    free(cache->directory);
    free(cache);
}

/* --- Settings ----------------------------------------------------------------------------------- */

/* Everything that decides what of a mask is counted, or that it is refused, as JSON; but for --unknown, since what
 * is unknown is counted apart. */
static enum mw_status describe(const char *version, const struct mw_labels *labels,
                               const struct mw_limits *limits, struct mw_text *text,
                               struct mw_error *err) {
    struct mw_labels counted = *labels;
    counted.unknown = MW_UNKNOWN_IGNORE;
    cJSON *root = cJSON_CreateObject(), *ids = labels->ids ? cJSON_CreateArray() : NULL;
    bool ok = mw_json_add(root, "maskweight", cJSON_CreateString(version)) &&
              mw_document_add_labels(root, &counted);
    for (uint32_t i = 0; ids && i < labels->classes && ok; i++)
        ok = mw_json_add_unsigned(ids, NULL, labels->ids[i]);
    if (labels->ids) ok = mw_json_add(root, "ids", ids) && ok;
    ok = ok && mw_json_add_unsigned(root, "max_pixels", limits->max_pixels) &&
         mw_json_add_unsigned(root, "max_row_bytes", limits->max_row_bytes) &&
         mw_json_add_unsigned(root, "max_metadata", limits->max_directory) &&
         mw_json_add_unsigned(root, "max_pages", limits->max_pages) &&
         mw_json_add_unsigned(root, "max_values", limits->max_values) &&
         mw_json_add_unsigned(root, "max_seconds", limits->max_seconds) &&
         mw_json_add(root, "reference", cJSON_CreateBool(limits->reference));
    char *printed = ok ? cJSON_PrintUnformatted(root) : NULL;
    if (printed) mw_text_add(text, printed, strlen(printed));
    cJSON_free(printed);
    cJSON_Delete(root);
    return printed && !text->failed ? MW_OK : mw_error_memory(err);
}

#define OLDEST "(SELECT id FROM settings ORDER BY used DESC LIMIT -1 OFFSET 4)"
_Static_assert(MW_CACHE_SETTINGS == 4, "the statement above says so");

static enum mw_status add_settings(const struct mw_cache *cache, const struct mw_text *text,
                                   struct mw_error *err) {
    int64_t unused;
    enum mw_status status = mw_cache_execute(cache, "BEGIN IMMEDIATE", err);
    if (!status)
        status = mw_cache_ask(cache,
                              "INSERT INTO settings (settings, used)"
                              " VALUES (?1, (SELECT ifnull(max(used), 0) + 1 FROM settings))"
                              " ON CONFLICT (settings) DO UPDATE SET used = excluded.used",
                              text, &unused, err);
    if (!status)
        status = mw_cache_execute(cache,
                                  "DELETE FROM entries WHERE settings IN " OLDEST
                                  "; DELETE FROM settings WHERE id IN " OLDEST "; COMMIT",
                                  err);
    return status;
}

/* The settings of this run become those that were used last, which `masks` shows. */
static enum mw_status use_settings(struct mw_cache *cache, const struct mw_text *text,
                                   struct mw_error *err) {
    static const char last[] = "SELECT id FROM settings WHERE settings = ?1"
                               " AND used = (SELECT max(used) FROM settings)";
    static const char any[] = "SELECT id FROM settings WHERE settings = ?1";
    enum mw_status status = mw_cache_ask(cache, last, text, &cache->settings, err);
    if (status || cache->settings) return status;
    if (cache->writable && add_settings(cache, text, &cache->note)) {
        mw_sqlite.exec(cache->database, "ROLLBACK", NULL, NULL, NULL);
        if (cache->note.status != MW_IO) *err = cache->note;
        if (cache->note.status != MW_IO) return err->status;
        mw_cache_stop_writing(cache);
    }
    return mw_cache_ask(cache, any, text, &cache->settings, err);
}

enum mw_status mw_cache_begin(struct mw_cache *cache, const char *version,
                              const struct mw_labels *labels, const struct mw_limits *limits,
                              struct mw_error *err) {
    static const char columns[] =
        " path, page, pages, size, inode, mtime_ns, ctime_ns, width, height, layout, empty, pixels,"
        " ignored_pixels, unknown_pixels, histogram, findings, file_findings, digest, checksum";
    struct mw_text text = {0}, select = {0}, insert = {0};
    mw_text_print(&select,
                  "SELECT%s FROM entries WHERE settings = ?1 AND path >= ?2 AND path < ?3"
                  " ORDER BY path, page",
                  columns);
    mw_text_print(
        &insert,
        "INSERT INTO entries (settings,%s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
        "?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
        columns);
    enum mw_status status = select.failed || insert.failed
                                ? mw_error_memory(err)
                                : describe(version, labels, limits, &text, err);
    if (!status) status = use_settings(cache, &text, err);
    if (!status) status = mw_cache_prepare(cache, select.data, &cache->select, err);
    if (!status) status = mw_cache_prepare(cache, insert.data, &cache->insert, err);
    if (!status)
        status = mw_cache_prepare(cache, "DELETE FROM entries WHERE settings = ?1 AND path = ?2",
                                  &cache->remove, err);
    if (!status)
        status = mw_cache_prepare(cache,
                                  "DELETE FROM entries WHERE settings IN (SELECT id FROM settings)"
                                  " AND path = ?2",
                                  &cache->prune, err);
    mw_text_free(&text);
    mw_text_free(&select);
    mw_text_free(&insert);
    return status;
}
