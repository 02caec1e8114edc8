/* What the threads of one survey share: survey.c counts, survey_walk.c walks. */
#ifndef MW_COUNT_SURVEY_RUN_H
#define MW_COUNT_SURVEY_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/order.h"
#include "base/queue.h"
#include "count/reader.h"
#include "count/survey.h"

/* A file on its way to a worker. Files that are in the cache come several at a time: to wake a worker costs more than
 * to count one of them. */
struct mw_survey_item {
    struct mw_survey_item *next;   /* of those that come together; NULL: the last */
    uint64_t sequence;             /* its place in the walk, from 0 */
    uint32_t source;               /* number of the source, 0 when there is only one */
    size_t below;                  /* where the path that documents hold begins */
    size_t member;                 /* where in that the path in an archive begins, or 0 */
    const struct mw_text *content; /* what came on standard input, or `own`, or NULL */
    struct mw_text own;            /* the bytes of a file in an archive */
    struct mw_cache_entry *entry;  /* what the cache holds of it; NULL: it is not asked */
    char path[];                   /* as reached */
};

/* Everything that the threads share. */
struct mw_survey_run {
    struct mw_survey *survey;
    struct mw_limits limits; /* the survey's, with the queue's idle threads */
    struct mw_queue queue;
    struct mw_order order;
    pthread_mutex_t lock;    /* guards all below */
    pthread_cond_t finished; /* a thread ended */
    unsigned running;        /* threads */
    enum mw_status fatal;    /* the first error that ends the survey */
    struct mw_error *err;    /* its message */
    struct mw_progress progress;
    uint64_t held;           /* bytes of files in archives, waiting or being counted */
    pthread_cond_t released; /* `held` became less */
    atomic_bool stop;        /* `fatal` is set: finish without counting */
    atomic_int ahead;        /* files that the walker asks the system to read ahead */
};

struct mw_survey_walker {
    struct mw_survey_run *run;
    pthread_t thread;
    struct mw_counts counts; /* skipped files, and directories that failed */
    uint64_t sequence;       /* of the next file */
    uint32_t source;         /* number of the source at hand, 0 when there is only one */
    uint64_t source_files;   /* files found in it, and failures, of all shards */
    uint64_t source_skipped; /* files passed over in it, of all shards */
    struct mw_least_hashes
        *choosing; /* nothing is done with files but this; NULL: they are counted */
    struct mw_survey_item *first,
        *last; /* [waiting], files in the cache that go to a worker together */
    unsigned waiting;
    size_t member; /* bytes of the archive's path and the ':' behind it; 0: of no archive */
    const char
        *real; /* canonical path of the directory or file at hand; NULL: of a list, or no file */
    struct mw_text key;  /* the path by which the cache knows a file */
    struct mw_error err; /* what ended the walk */
};

/* Hands a file to the workers, unless it falls to another shard; `own`, which becomes the item's, holds its
 * bytes when it stands in an archive. Errors: MW_NO_MEMORY, MW_IO (the survey ends). */
MW_MUST_CHECK enum mw_status mw_survey_send(struct mw_survey_walker *walker, const char *path,
                                            size_t below, const struct mw_text *content,
                                            struct mw_text *own, struct mw_error *err);

/* Tells that a file or directory cannot be counted, unless it falls to another shard. Errors: MW_NO_MEMORY,
 * those of the event `records`. */
MW_MUST_CHECK enum mw_status mw_survey_fail(struct mw_survey_walker *walker, const char *path,
                                            const char *document_path, const struct mw_error *why,
                                            struct mw_error *err);

/* Tells of a file that is no candidate, unless it falls to another shard. */
void mw_survey_skip(struct mw_survey_walker *walker, const char *path, size_t below,
                    const char *why);

/* Refuses a source without a mask, of which `skipped` files were passed over. */
enum mw_status mw_survey_refuse(const struct mw_survey *survey, const char *path, uint64_t skipped,
                                struct mw_error *err);

/* Hands the files of an archive to the workers. What is wrong with the archive is told as a failure of it.
 * `head`: what was read of standard input, or NULL. Errors: those of mw_survey_send and mw_survey_fail;
 * MW_USAGE (no mask in it). */
MW_MUST_CHECK enum mw_status mw_survey_walk_archive(struct mw_survey_walker *walker,
                                                    const char *path, const struct mw_text *head,
                                                    struct mw_error *err);

/* What the cache holds of a file; NULL without a cache. Errors: those of mw_cache_find. */
MW_MUST_CHECK enum mw_status mw_survey_find_cached(struct mw_survey_walker *walker,
                                                   const char *path, size_t below,
                                                   struct mw_cache_entry **entry,
                                                   struct mw_error *err);

/* A file was counted, or could not be: the cache takes what is new, and drops what is no more. */
void mw_survey_keep(const struct mw_survey_run *run, struct mw_reader *reader,
                    struct mw_survey_item *item);

/* Ends the survey with an error; the first one is kept. */
void mw_survey_end(struct mw_survey_run *run, const struct mw_error *err);

/* Renders that a file or directory could not be counted, in place of what `records` holds. Errors:
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_survey_record_failure(const struct mw_survey_run *run,
                                                      const struct mw_file *file, const char *why,
                                                      struct mw_text *records,
                                                      struct mw_error *err);

/* A thread has nothing left to do. */
void mw_survey_leave(struct mw_survey_run *run);

/* Body of the walking thread; `context` is its struct mw_survey_walker, set up but for its numbers. */
void *mw_survey_walk(void *context);

#endif
