#include "count/survey.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/order.h"
#include "base/queue.h"
#include "count/reader.h"

enum {
    QUEUE_ITEMS = 256,     /* files between the walker and the workers */
    WINDOW_ITEMS = 1024,   /* files finished before an earlier one is */
    PROGRESS_MS = 100,     /* between two calls of the progress event */
    AHEAD_ITEMS = 64,      /* files that are asked for ahead when one was not in memory */
    AHEAD_MOST = 1024,     /* the same, of several */
    STACK_BYTES = 1 << 20, /* of a thread */
};

/* A file on its way to a worker. */
struct item {
    uint64_t sequence; /* its place in the walk, from 0 */
    uint32_t source;   /* number of the source, 0 when there is only one */
    size_t below;      /* where the path that documents hold begins */
    const struct mw_text *content;
    char path[]; /* as reached */
};

/* Everything that the threads share. */
struct run {
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

struct worker {
    struct run *run;
    pthread_t thread;
    struct mw_reader reader;
    struct mw_counts counts;
    struct mw_inspection inspection;
};

struct walker {
    struct run *run;
    pthread_t thread;
    struct mw_counts counts; /* skipped files, and directories that failed */
    uint64_t sequence;       /* of the next file */
    uint32_t source;         /* number of the source at hand, 0 when there is only one */
    uint64_t source_files;   /* files found in it, and failures */
    struct mw_error err;     /* what ended the walk */
};

static void set_fatal(struct run *run, const struct mw_error *err) {
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

static void add_progress(struct run *run, const char *path, bool failed, uint64_t masks,
                         uint64_t bytes) {
    pthread_mutex_lock(&run->lock);
    run->progress.files++;
    run->progress.failures += failed;
    run->progress.masks += masks;
    run->progress.bytes += bytes;
    set_directory(&run->progress, path);
    pthread_mutex_unlock(&run->lock);
}

static bool is_fatal(enum mw_status status) {
    return status == MW_NO_MEMORY || status == MW_OVERFLOW;
}

/* Counts one file. What is wrong with the file is a failure of that file, told in `why`; what is
 * wrong with us ends the survey. */
static enum mw_status count_item(struct worker *worker, const struct item *item,
                                 struct mw_error *why, struct mw_error *err) {
    struct mw_file file = {item->source, item->path, item->path + item->below, item->content};
    uint64_t bytes;
    struct mw_input *input = &worker->reader.input;
    enum mw_status status = mw_reader_count(&worker->reader, &file, &worker->counts, &bytes, why);
    if (input->waited && atomic_load(&worker->run->ahead) < AHEAD_MOST)
        atomic_fetch_add(&worker->run->ahead, AHEAD_ITEMS);
    input->waited = false;
    if (is_fatal(status)) {
        *err = *why;
        why->status = MW_OK; /* no failure of this file */
        return status;
    }
    add_progress(worker->run, item->path, status != MW_OK, status ? 0 : worker->reader.counts.masks,
                 bytes);
    if (!status) return MW_OK;
    worker->counts.complete = false;
    return mw_places_add(&worker->counts.failures, item->source, file.document_path, why->message,
                         err);
}

static void end_thread(struct run *run) {
    pthread_mutex_lock(&run->lock);
    run->running--;
    pthread_cond_signal(&run->finished);
    pthread_mutex_unlock(&run->lock);
}

static void *work(void *context) {
    struct worker *worker = context;
    struct run *run = worker->run;
    struct item *item;
    while ((item = mw_queue_pop(&run->queue))) {
        struct mw_error err, why = {.status = MW_OK};
        if (!atomic_load(&run->stop) && count_item(worker, item, &why, &err)) set_fatal(run, &err);
        const char *name = item->content ? mw_source_name(item->path) : item->path;
        if (mw_order_end(&run->order, item->sequence, name, why.status ? why.message : NULL, &err))
            set_fatal(run, &err);
        free(item);
    }
    end_thread(run);
    return NULL;
}

/* While files are not in memory, the disk is busy with those that the workers will come to next: the queue
 * is as far ahead as this thread is. Where everything is in memory that would only cost time. */
static void read_ahead(struct run *run, const char *path) {
    if (atomic_load(&run->ahead) == 0) return;
    atomic_fetch_sub(&run->ahead, 1); /* no other thread takes any */
    mw_input_ahead(path);
}

/* Hands a file to the workers. */
static enum mw_status send_file(struct walker *walker, const char *path, size_t below,
                                const struct mw_text *content, struct mw_error *err) {
    const struct mw_survey_events *events = &walker->run->survey->events;
    if (atomic_load(&walker->run->stop)) return mw_error_set(err, MW_IO, "stopped");
    walker->source_files++;
    if (events->list) {
        events->list(events->context, path);
        return MW_OK;
    }
    size_t size = strlen(path) + 1;
    struct item *item = malloc(sizeof *item + size);
    if (!item) return mw_error_memory(err);
    item->sequence = walker->sequence++;
    item->source = walker->source;
    item->below = below;
    item->content = content;
    memcpy(item->path, path, size);
    if (!content) read_ahead(walker->run, path);
    mw_queue_push(&walker->run->queue, item);
    return MW_OK;
}

static enum mw_status on_file(void *context, const char *path, size_t below, struct mw_error *err) {
    return send_file(context, path, below, NULL, err);
}

static enum mw_status on_failed(void *context, const char *path, size_t below,
                                const struct mw_error *why, struct mw_error *err) {
    struct walker *walker = context;
    walker->source_files++;
    walker->counts.complete = false;
    const char *document_path = path[below] ? path + below : "."; /* the source itself */
    enum mw_status status =
        mw_places_add(&walker->counts.failures, walker->source, document_path, why->message, err);
    if (status) return status;
    return mw_order_end(&walker->run->order, walker->sequence++, path, why->message, err);
}

static enum mw_status on_loop(void *context, const char *path, size_t below, struct mw_error *err) {
    struct walker *walker = context;
    return mw_places_add(&walker->counts.findings[MW_SYMLINK_LOOP], walker->source, path + below,
                         NULL, err);
}

static void on_skipped(void *context, const char *path, const char *why) {
    struct walker *walker = context;
    const struct mw_survey_events *events = &walker->run->survey->events;
    walker->counts.skipped_files++;
    if (events->skipped) events->skipped(events->context, path, why);
}

/* What a file must have to be a mask of a directory. */
static void add_conditions(const struct mw_walk_rules *rules, struct mw_text *text) {
    mw_text_print(text, "masks end in ");
    mw_format_add_suffixes(text);
    for (size_t i = 0; i < rules->include_count; i++)
        mw_text_print(text, "%s'%s'",
                      i ? " or " : ", and their whole path below the source matches --include ",
                      rules->include[i]);
}

static enum mw_status refuse_directory(const struct mw_survey *survey, const char *path,
                                       uint64_t skipped, struct mw_error *err) {
    struct mw_text conditions = {0};
    const char *hint = skipped && !survey->events.skipped ? " (-v says why)" : "";
    add_conditions(&survey->rules, &conditions);
    enum mw_status status =
        conditions.failed
            ? mw_error_memory(err)
            : mw_error_set(err, MW_USAGE, "%s: no mask in it: %" PRIu64 " other file%s%s; %s", path,
                           skipped, skipped == 1 ? "" : "s", hint, conditions.data);
    mw_text_free(&conditions);
    return status;
}

static enum mw_status walk_directory(struct walker *walker, const char *path,
                                     struct mw_error *err) {
    const struct mw_survey *survey = walker->run->survey;
    struct mw_walk_events events = {walker, on_file, on_failed, on_loop, on_skipped};
    uint64_t skipped = walker->counts.skipped_files;
    enum mw_status status = mw_walk(path, &survey->rules, &events, err);
    if (status || walker->source_files) return status;
    return refuse_directory(survey, path, walker->counts.skipped_files - skipped, err);
}

static enum mw_status walk_source(struct walker *walker, const struct mw_source *source,
                                  struct mw_error *err) {
    switch (source->kind) {
    case MW_SOURCE_DIRECTORY: return walk_directory(walker, source->path, err);
    case MW_SOURCE_FILE: return send_file(walker, source->path, 0, NULL, err);
    case MW_SOURCE_STDIN: return send_file(walker, source->path, 0, &source->content, err);
    default: return MW_OK;
    }
}

static enum mw_status walk_list(struct walker *walker, struct mw_error *err) {
    const struct mw_survey *survey = walker->run->survey;
    struct mw_list *list = NULL;
    const char *path;
    enum mw_status status = mw_list_open(&list, survey->list_path, survey->list_null, err);
    while (!status && !(status = mw_list_next(list, &path, err)) && path) {
        status = mw_list_check_path(list, path, survey->sources, survey->source_count, err);
        if (!status) status = send_file(walker, path, 0, NULL, err);
    }
    mw_list_close(list);
    if (status || walker->source_files) return status;
    return mw_error_set(err, MW_USAGE, "%s: the list is empty", mw_source_name(survey->list_path));
}

static enum mw_status walk_all(struct walker *walker, struct mw_error *err) {
    const struct mw_survey *survey = walker->run->survey;
    bool several = survey->source_count + (survey->list_path != NULL) > 1;
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < survey->source_count && !status; i++) {
        walker->source = several ? (uint32_t)i + 1 : 0;
        walker->source_files = 0;
        status = walk_source(walker, &survey->sources[i], err);
    }
    if (status || !survey->list_path) return status;
    walker->source = several ? (uint32_t)survey->source_count + 1 : 0;
    walker->source_files = 0;
    return walk_list(walker, err);
}

static void *walk(void *context) {
    struct walker *walker = context;
    if (walk_all(walker, &walker->err)) set_fatal(walker->run, &walker->err);
    mw_queue_close(&walker->run->queue);
    end_thread(walker->run);
    return NULL;
}

static enum mw_status run_init(struct run *run, struct mw_survey *survey, struct mw_error *err) {
    *run = (struct run){.survey = survey, .limits = survey->limits, .err = err};
    run->limits.idle = &run->queue.idle;
    pthread_condattr_t monotonic;
    pthread_mutex_init(&run->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&run->finished, &monotonic);
    pthread_condattr_destroy(&monotonic);
    atomic_init(&run->stop, false);
    atomic_init(&run->ahead, 0);
    enum mw_status status = mw_order_init(&run->order, WINDOW_ITEMS, err);
    run->order.failure = survey->events.failure;
    run->order.context = survey->events.context;
    return status ? status : mw_queue_init(&run->queue, QUEUE_ITEMS, err);
}

static void run_free(struct run *run) {
    mw_queue_free(&run->queue);
    mw_order_free(&run->order);
    pthread_mutex_destroy(&run->lock);
    pthread_cond_destroy(&run->finished);
}

/* Starts a thread. Returns 0, or the number of the error. */
static int start(struct run *run, pthread_t *thread, void *(*body)(void *), void *context) {
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
static void wait_for_threads(struct run *run) {
    const struct mw_survey_events *events = &run->survey->events;
    struct timespec until;
    pthread_mutex_lock(&run->lock);
    while (run->running > 0) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += PROGRESS_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        int woken = pthread_cond_timedwait(&run->finished, &run->lock, &until);
        if (woken == ETIMEDOUT && events->progress) {
            struct mw_progress now = run->progress;
            pthread_mutex_unlock(&run->lock);
            events->progress(events->context, &now);
            pthread_mutex_lock(&run->lock);
        }
    }
    pthread_mutex_unlock(&run->lock);
}

/* Starts as many workers as there are jobs, or as the system allows. Returns how many. */
static unsigned start_workers(struct run *run, struct worker *workers, unsigned jobs,
                              struct mw_error *err) {
    unsigned started = 0;
    for (; started < jobs; started++) {
        struct worker *worker = &workers[started];
        worker->run = run;
        mw_counts_init(&worker->counts);
        enum mw_status status =
            mw_reader_init(&worker->reader, run->survey->labels, &run->limits, err);
        worker->reader.inspection = &worker->inspection;
        worker->reader.inspect_only = run->survey->inspect;
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
static void walk_here(struct walker *walker) {
    pthread_mutex_lock(&walker->run->lock);
    walker->run->running++;
    pthread_mutex_unlock(&walker->run->lock);
    walk(walker);
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

static enum mw_status run_threads(struct run *run, struct worker *workers,
                                  struct mw_counts *counts) {
    struct walker walker = {.run = run};
    struct mw_error own = {.status = MW_OK};
    mw_counts_init(&walker.counts);
    unsigned started = start_workers(run, workers, run->survey->jobs, &own);
    bool walking = started > 0 && start(run, &walker.thread, walk, &walker) == 0;
    if (started > 0 && !walking) walk_here(&walker);
    wait_for_threads(run);
    for (unsigned i = 0; i < started; i++) pthread_join(workers[i].thread, NULL);
    if (walking) pthread_join(walker.thread, NULL);
    if (started == 0) set_fatal(run, &own);
    enum mw_status merged = merge_workers(workers, started, &run->survey->inspection, counts, &own);
    if (!merged) merged = mw_counts_merge(counts, &walker.counts, &own);
    mw_counts_free(&walker.counts);
    if (merged) set_fatal(run, &own);
    return run->fatal;
}

static bool has_masks(const struct mw_survey *survey) {
    for (size_t i = 0; i < survey->source_count; i++)
        if (survey->sources[i].kind != MW_SOURCE_DOCUMENT) return true;
    return survey->list_path != NULL;
}

enum mw_status mw_survey_run(struct mw_survey *survey, struct mw_counts *counts,
                             struct mw_error *err) {
    enum mw_status status = MW_OK;
    if (has_masks(survey)) {
        struct run run;
        struct worker *workers = calloc(survey->jobs, sizeof *workers);
        if (!workers) return mw_error_memory(err);
        status = run_init(&run, survey, err);
        if (!status) status = run_threads(&run, workers, counts);
        survey->inspection.partial = !survey->inspect && counts->masks > 0;
        run_free(&run);
        free(workers);
    }
    return status ? status : mw_counts_finish(counts, survey->labels, err);
}
