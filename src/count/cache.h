/* cache: what earlier runs counted, in a SQLite database, so that a mask that did not change is not opened.
 *
 * An entry is used when size, inode, time of modification and time of change of the file are what they were when it was
 * counted, under the same settings. Several runs may use one cache at a time: SQLite lets one of them write at
 * a time, the others wait. A run that is killed loses what was not yet written, and nothing else. */
#ifndef MW_COUNT_CACHE_H
#define MW_COUNT_CACHE_H

#include "base/error.h"
#include "count/cache_entry.h"
#include "count/labels.h"
#include "read/format.h"
#include "read/walk.h"

struct mw_cache;

/* Settings that a cache keeps entries of, side by side; those that were used longest ago go. */
enum { MW_CACHE_SETTINGS = 4 };

/* Writes the name and version of the library behind it: "SQLite 3.40.1". */
void mw_cache_library(char *out, size_t size);

/* Opens the cache at `path`, which must outlive it, or makes it, and the journal beside it. Nothing else is
 * opened later. Close it with mw_cache_close in any case. Errors: MW_USAGE (another file, or of a newer version), MW_BROKEN,
 * MW_IO, MW_REFUSED (no SQLite), MW_NO_MEMORY; messages name the path. */
MW_MUST_CHECK enum mw_status mw_cache_open(struct mw_cache **cache, const char *path,
                                           struct mw_error *err);

/* Its own files: the database, as it is named, and its journal; no mask. */
enum { MW_CACHE_FILES = 2 };
const char *mw_cache_file(const struct mw_cache *cache, int number);

/* Chooses the entries of these settings; `labels` are resolved. `version` is the program's: another one may count
 * otherwise. Errors: those of mw_cache_open. */
MW_MUST_CHECK enum mw_status mw_cache_begin(struct mw_cache *cache, const char *version,
                                            const struct mw_labels *labels,
                                            const struct mw_limits *limits, struct mw_error *err);

/* The walking thread. From now on paths come from below this directory (its canonical path), in the order of their
 * bytes; until mw_cache_leave, which is not called when they did not all come. Entries below it whose file is no more
 * are removed. Errors: those of mw_cache_open. */
MW_MUST_CHECK enum mw_status mw_cache_enter(struct mw_cache *cache, const char *directory,
                                            struct mw_error *err);
MW_MUST_CHECK enum mw_status mw_cache_leave(struct mw_cache *cache, struct mw_error *err);

/* The walking thread. *entry is what is kept of the file at `path`, without masks when that is nothing; free it with
 * mw_cache_entry_free. A path that is not absolute is below the working directory. Errors: those of mw_cache_open. */
MW_MUST_CHECK enum mw_status mw_cache_find(struct mw_cache *cache, const char *path,
                                           struct mw_cache_entry **entry, struct mw_error *err);

/* Any thread. Takes over an entry to be written; one without masks removes what is there. Waits while too much is
 * not yet written. */
void mw_cache_keep(struct mw_cache *cache, struct mw_cache_entry *entry);

/* The thread that opened the cache, again and again: writes what was taken over, in one transaction, if it
 * is enough or has waited long enough; `all`: in any case. What goes wrong is told by mw_cache_note, and
 * nothing more is written. */
void mw_cache_write(struct mw_cache *cache, bool all);

/* That thread cannot come before the end: what would have to wait for it is not kept. Before any other thread. */
void mw_cache_write_late(struct mw_cache *cache);

/* Why what is counted is not kept; NULL: it is. */
const char *mw_cache_note(const struct mw_cache *cache);

/* After the walk: files that are no more, whose entries were removed. */
uint64_t mw_cache_vanished(const struct mw_cache *cache);

/* Sets that the cache contradicts itself or the masks. Returns MW_BROKEN. */
enum mw_status mw_cache_refuse(const struct mw_cache *cache, const char *path,
                               struct mw_error *err);

void mw_cache_close(struct mw_cache *cache);

#endif
