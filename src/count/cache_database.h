/* What the parts of the cache share: cache.c opens it, cache_find.c reads it, cache_keep.c writes it. */
#ifndef MW_COUNT_CACHE_DATABASE_H
#define MW_COUNT_CACHE_DATABASE_H

#include <pthread.h>
#include <time.h>

#include "count/cache.h"
#include "count/cache_library.h"

/* Entries that were read ahead: those of a walk come in the order of the database. */
enum { MW_CACHE_AHEAD = 512 };

struct mw_cache_window {
    struct mw_cache_entry
        *list[MW_CACHE_AHEAD]; /* [count], by path; those before `next` are gone */
    size_t count, next, used;
    size_t most;         /* entries to be read at once, up to MW_CACHE_AHEAD */
    struct mw_text from; /* where the next ones begin */
    struct mw_text end;  /* where they end */
    struct mw_text last; /* the path that was asked for last */
    bool exhausted;      /* there are no others */
    bool pruning;        /* entries that are passed over are looked after */
};

/* Entries on their way into the database. */
struct mw_cache_pending {
    pthread_mutex_t lock;
    pthread_cond_t room; /* they were taken out */
    struct mw_cache_entry *first, **last;
    size_t count, bytes;   /* of their histograms */
    struct timespec since; /* when the first came */
    bool late;             /* nobody takes them out before the end */
};

struct mw_cache {
    const char *path; /* as named */
    char *journal;    /* the file beside it */
    char *directory;  /* the working directory */
    sqlite3 *database;
    sqlite3_stmt *select, *insert, *remove, *prune;
    pthread_mutex_t lock; /* one thread at a time uses the database */
    int64_t settings;     /* the row of the settings; 0: there is none */
    bool writable;        /* written by the thread that opened it alone */
    struct mw_error note; /* why it is not */
    struct mw_text key;   /* of the walking thread, as the next two */
    uint64_t vanished;    /* files whose entries were passed on to be removed */
    struct mw_cache_window window;
    struct mw_cache_pending pending;
};

/* Sets what SQLite refused. Returns MW_USAGE, MW_BROKEN, MW_IO or MW_NO_MEMORY. */
enum mw_status mw_cache_failed(const struct mw_cache *cache, struct mw_error *err);

/* Runs statements that give no rows. Errors: those of mw_cache_failed. */
MW_MUST_CHECK enum mw_status mw_cache_execute(const struct mw_cache *cache, const char *sql,
                                              struct mw_error *err);

/* Runs a statement, whose one parameter is `text` if that is not NULL. *answer: the first column of the first row, or
 * 0. Errors: those of mw_cache_failed. */
MW_MUST_CHECK enum mw_status mw_cache_ask(const struct mw_cache *cache, const char *sql,
                                          const struct mw_text *text, int64_t *answer,
                                          struct mw_error *err);

/* Makes a statement ready. Errors: those of mw_cache_failed. */
MW_MUST_CHECK enum mw_status mw_cache_prepare(const struct mw_cache *cache, const char *sql,
                                              sqlite3_stmt **statement, struct mw_error *err);

/* Nothing is written any more, because of what stands in cache->note. */
void mw_cache_stop_writing(struct mw_cache *cache);

/* Parts of mw_cache_close. */
void mw_cache_window_free(struct mw_cache_window *window);
void mw_cache_pending_free(struct mw_cache_pending *pending);

#endif
