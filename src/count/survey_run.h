/* What the threads of one survey share: survey.c counts, survey_walk.c walks. */
#ifndef MW_COUNT_SURVEY_RUN_H
#define MW_COUNT_SURVEY_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/order.h"
#include "base/queue.h"
#include "count/survey.h"

/* A file on its way to a worker. */
struct mw_survey_item {
    uint64_t sequence; /* its place in the walk, from 0 */
    uint32_t source;   /* number of the source, 0 when there is only one */
    size_t below;      /* where the path that documents hold begins */
    const struct mw_text *content;
    char path[]; /* as reached */
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
    atomic_bool stop; /* `fatal` is set: finish without counting */
    atomic_int ahead; /* files that the walker asks the system to read ahead */
};

struct mw_survey_walker {
    struct mw_survey_run *run;
    pthread_t thread;
    struct mw_counts counts; /* skipped files, and directories that failed */
    uint64_t sequence;       /* of the next file */
    uint32_t source;         /* number of the source at hand, 0 when there is only one */
    uint64_t source_files;   /* files found in it, and failures, of all shards */
    uint64_t source_skipped; /* files passed over in it, of all shards */
    struct mw_error err;     /* what ended the walk */
};

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
