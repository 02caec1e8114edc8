#include "count/survey.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "count/reader.h"
#include "count/survey_parts.h"
#include "count/survey_run.h"

enum {
    QUEUE_ITEMS = 256,     /* files between the walker and the workers */
    WINDOW_ITEMS = 1024,   /* files finished before an earlier one is */
    PROGRESS_MS = 100,     /* between two calls of the progress event */
    AHEAD_ITEMS = 64,      /* files that are asked for ahead when one was not in memory */
    AHEAD_MOST = 1024,     /* the same, of several */
    STACK_BYTES = 1 << 20, /* of a thread */
};

struct worker {
    struct mw_survey_run *run;
    pthread_t thread;
    struct mw_reader reader;
    struct mw_counts counts;
    struct mw_inspection inspection;
};

void mw_survey_end(struct mw_survey_run *run, const struct mw_error *err) {
    pthread_mutex_lock(&run->lock);
    if (!run->fatal) {
        run->fatal = err->status;
        *run->err = *err;
    }
    atomic_store(&run->stop, true);
    pthread_mutex_unlock(&run->lock);
}

static void set_directory(struct mw_progress *progress, const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    size_t cut = length < sizeof progress->directory ? 0 : length - sizeof progress->directory + 1;
    memcpy(progress->directory, path + cut, length - cut);
    progress->directory[length - cut] = '\0';
}

static void add_progress(struct mw_survey_run *run, const char *path,
                         const struct mw_reader *reader, bool failed, uint64_t bytes) {
    pthread_mutex_lock(&run->lock);
    run->progress.files++;
    run->progress.read += reader->read;
    run->progress.failures += failed;
    run->progress.masks += failed ? 0 : reader->counts.masks;
    run->progress.bytes += bytes;
    set_directory(&run->progress, path);
    pthread_mutex_unlock(&run->lock);
}

static bool is_fatal(enum mw_status status) {
    return status == MW_NO_MEMORY || status == MW_OVERFLOW;
}

/* Counts one file. What is wrong with the file is a failure of that file, told in `why`; what is
 * wrong with us ends the survey. */
static enum mw_status count_file(struct worker *worker, struct mw_survey_item *item,
                                 const struct mw_file *file, struct mw_error *why,
                                 struct mw_error *err) {
    uint64_t bytes;
    struct mw_input *input = &worker->reader.input;
    enum mw_status status = mw_reader_count(&worker->reader, file, &worker->counts, &bytes, why);
    if (input->waited && atomic_load(&worker->run->ahead) < AHEAD_MOST)
        atomic_fetch_add(&worker->run->ahead, AHEAD_ITEMS);
    input->waited = false;
    if (worker->reader.contradicted) {
        why->status = MW_OK; /* the cache is to blame */
        return mw_cache_refuse(worker->run->survey->cache, item->path, err);
    }
    mw_survey_keep(worker->run, &worker->reader, item);
    if (is_fatal(status)) {
        *err = *why;
        why->status = MW_OK; /* no failure of this file */
        return status;
    }
    add_progress(worker->run, item->path, &worker->reader, status != MW_OK, bytes);
    if (!status) return MW_OK;
    status =
        mw_survey_record_failure(worker->run, file, why->message, &worker->reader.records, err);
    if (status) return status;
    worker->counts.complete = false;
    return mw_places_add(&worker->counts.failures, item->source, file->document_path, why->message,
                         err);
}

static enum mw_status count_item(struct worker *worker, struct mw_survey_item *item,
                                 struct mw_error *why, struct mw_error *err) {
    const struct mw_survey_events *events = &worker->run->survey->events;
    struct mw_file file = {.source = item->source,
                           .path = item->path,
                           .document_path = item->path + item->below,
                           .member = item->member,
                           .content = item->content,
                           .entry = item->entry};
    enum mw_status status = events->meet ? events->meet(events->context, &file, err) : MW_OK;
    if (!status) status = count_file(worker, item, &file, why, err);
    if (events->leave) events->leave(events->context, &file);
    return status;
}

enum mw_status mw_survey_record_failure(const struct mw_survey_run *run, const struct mw_file *file,
                                        const char *why, struct mw_text *records,
                                        struct mw_error *err) {
    const struct mw_survey_events *events = &run->survey->events;
    struct mw_record record = {.file = file, .error = why};
    mw_text_clear(records);
    if (events->render) events->render(events->context, &record, records);
    return records->failed ? mw_error_memory(err) : MW_OK;
}

void mw_survey_leave(struct mw_survey_run *run) {
    pthread_mutex_lock(&run->lock);
    run->running--;
    pthread_cond_signal(&run->finished);
    pthread_mutex_unlock(&run->lock);
}

static void release(struct mw_survey_run *run, struct mw_survey_item *item) {
    if (item->own.length) {
        pthread_mutex_lock(&run->lock);
        run->held -= item->own.length;
        pthread_cond_signal(&run->released);
        pthread_mutex_unlock(&run->lock);
    }
    mw_text_free(&item->own);
    mw_cache_entry_free(item->entry);
    free(item);
}

/* Counts a file, tells how it ended, and releases it. */
static void take_item(struct worker *worker, struct mw_survey_item *item) {
    struct mw_survey_run *run = worker->run;
    struct mw_error err, why = {.status = MW_OK};
    if (!atomic_load(&run->stop) && count_item(worker, item, &why, &err)) mw_survey_end(run, &err);
    const char *name = item->content ? mw_source_name(item->path) : item->path;
    if (mw_order_end(&run->order, item->sequence, name, why.status ? why.message : NULL,
                     &worker->reader.records, &err))
        mw_survey_end(run, &err);
    release(run, item);
}

static void *work(void *context) {
    struct worker *worker = context;
    struct mw_survey_item *item;
    while ((item = mw_queue_pop(&worker->run->queue)))
        while (item) {
            struct mw_survey_item *next = item->next;
            take_item(worker, item);
            item = next;
        }
    mw_survey_leave(worker->run);
    return NULL;
}

static enum mw_status run_init(struct mw_survey_run *run, struct mw_survey *survey,
                               struct mw_error *err) {
    *run = (struct mw_survey_run){.survey = survey, .limits = survey->limits, .err = err};
    run->limits.idle = &run->queue.idle;
    pthread_condattr_t monotonic;
    pthread_mutex_init(&run->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&run->finished, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_cond_init(&run->released, NULL);
    atomic_init(&run->stop, false);
    atomic_init(&run->ahead, 0);
    enum mw_status status = mw_order_init(&run->order, WINDOW_ITEMS, err);
    run->order.failure = survey->events.failure;
    run->order.records = survey->events.records;
    run->order.context = survey->events.context;
    return status ? status : mw_queue_init(&run->queue, QUEUE_ITEMS, err);
}

static void run_free(struct mw_survey_run *run) {
    mw_queue_free(&run->queue);
    mw_order_free(&run->order);
    pthread_mutex_destroy(&run->lock);
    pthread_cond_destroy(&run->finished);
    pthread_cond_destroy(&run->released);
}

/* Starts a thread. Returns 0, or the number of the error. */
static int start(struct mw_survey_run *run, pthread_t *thread, void *(*body)(void *),
                 void *context) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_mutex_lock(&run->lock);
    int reason = pthread_create(thread, &attributes, body, context);
    run->running += reason == 0;
    pthread_mutex_unlock(&run->lock);
    pthread_attr_destroy(&attributes);
    return reason;
}

/* Waits until every thread has ended, and shows progress meanwhile. */
static void wait_for_threads(struct mw_survey_run *run) {
    const struct mw_survey_events *events = &run->survey->events;
    struct timespec until;
    pthread_mutex_lock(&run->lock);
    while (run->running > 0) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PROGRESS_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        int woken = pthread_cond_timedwait(&run->finished, &run->lock, &until);
        struct mw_progress now = run->progress;
        pthread_mutex_unlock(&run->lock);
        if (woken == ETIMEDOUT && events->progress) events->progress(events->context, &now);
        if (run->survey->cache) mw_cache_write(run->survey->cache, false);
        pthread_mutex_lock(&run->lock);
    }
    pthread_mutex_unlock(&run->lock);
}

/* Starts as many workers as there are jobs, or as the system allows. Returns how many. */
static unsigned start_workers(struct mw_survey_run *run, struct worker *workers, unsigned jobs,
                              struct mw_error *err) {
    unsigned started = 0;
    for (; started < jobs; started++) {
        struct worker *worker = &workers[started];
        worker->run = run;
        mw_counts_init(&worker->counts);
        mw_counts_limit_places(&worker->counts, (size_t)run->limits.max_places);
        enum mw_status status =
            mw_reader_init(&worker->reader, run->survey->labels, &run->limits, err);
        worker->reader.inspection = &worker->inspection;
        worker->reader.inspect_only = run->survey->inspect;
        worker->reader.render = run->survey->events.render;
        worker->reader.render_context = run->survey->events.context;
        worker->reader.watch = run->survey->events.watch;
        worker->reader.watch_context = run->survey->events.context;
        worker->reader.digests = run->survey->digests;
        worker->reader.palettes = run->survey->palettes;
        worker->reader.gather_unknown = run->survey->gather_unknown;
        worker->reader.grouped = mw_subset_active(&run->survey->subset);
        worker->reader.verify = run->survey->verify;
        int reason = status ? 0 : start(run, &worker->thread, work, worker);
        if (reason) mw_error_system(err, reason, "cannot start a thread");
        else if (!status) continue;
        mw_reader_free(&worker->reader);
        mw_counts_free(&worker->counts);
        break;
    }
    return started;
}

/* The workers have taken the last threads: no progress is shown. */
static void walk_here(struct mw_survey_walker *walker) {
    pthread_mutex_lock(&walker->run->lock);
    walker->run->running++;
    pthread_mutex_unlock(&walker->run->lock);
    mw_survey_walk(walker);
}

static enum mw_status merge_workers(struct worker *workers, unsigned count,
                                    struct mw_inspection *inspection, struct mw_counts *counts,
                                    struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (unsigned i = 0; i < count; i++) {
        if (!status) status = mw_counts_merge(counts, &workers[i].counts, err);
        if (!status) status = mw_inspection_merge(inspection, &workers[i].inspection, err);
        mw_inspection_free(&workers[i].inspection);
        mw_reader_free(&workers[i].reader);
        mw_counts_free(&workers[i].counts);
    }
    return status;
}

static enum mw_status run_threads(struct mw_survey_run *run, struct worker *workers,
                                  struct mw_counts *counts) {
    struct mw_survey_walker walker = {.run = run};
    struct mw_error own = {.status = MW_OK};
    mw_counts_init(&walker.counts);
    mw_counts_limit_places(&walker.counts, (size_t)run->limits.max_places);
    unsigned started = start_workers(run, workers, run->survey->jobs, &own);
    bool walking = started > 0 && start(run, &walker.thread, mw_survey_walk, &walker) == 0;
    if (!walking && run->survey->cache) mw_cache_write_late(run->survey->cache);
    if (started > 0 && !walking) walk_here(&walker);
    wait_for_threads(run);
    for (unsigned i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
    if (walking) pthread_join(walker.thread, NULL);
    if (run->survey->cache) mw_cache_write(run->survey->cache, true);
    mw_text_free(&walker.key);
    if (started == 0) mw_survey_end(run, &own);
    enum mw_status merged = merge_workers(workers, started, &run->survey->inspection, counts, &own);
    if (!merged) merged = mw_counts_merge(counts, &walker.counts, &own);
    mw_counts_free(&walker.counts);
    if (merged) mw_survey_end(run, &own);
    return run->fatal;
}

void mw_survey_add_reached(const struct mw_survey *survey, const struct mw_place *place,
                           struct mw_text *text) {
    size_t source = place->source ? place->source - 1 : 0;
    bool known = source < survey->source_count;
    for (size_t i = 0; i < survey->source_count; i++)
        known = known && survey->sources[i].kind != MW_SOURCE_DOCUMENT;
    if (known && survey->sources[source].kind == MW_SOURCE_DIRECTORY) {
        const char *directory = survey->sources[source].path;
        size_t length = strlen(directory);
        mw_text_print(text, "%s%s", directory, directory[length - 1] == '/' ? "" : "/");
    }
    bool standard = known && survey->sources[source].kind == MW_SOURCE_STDIN;
    mw_text_print(text, "%s", standard ? mw_source_name(place->path) : place->path);
}

enum mw_status mw_survey_run(struct mw_survey *survey, struct mw_counts *counts,
                             struct mw_error *err) {
    enum mw_status status = MW_OK;
    if (mw_survey_has_masks(survey)) {
        struct mw_survey_run run;
        struct worker *workers = calloc(survey->jobs, sizeof *workers);
        if (!workers) return mw_error_memory(err);
        status = run_init(&run, survey, err);
        if (!status) status = run_threads(&run, workers, counts);
        survey->progress = run.progress;
        uint64_t others = survey->gather_unknown ? survey->inspection.masks
                                                 : 0; /* are counted, too */
        survey->inspection.partial = !survey->inspect && counts->masks > others;
        run_free(&run);
        free(workers);
    }
    return status ? status : mw_counts_finish(counts, survey->labels, err);
}
