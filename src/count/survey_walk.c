/* The thread that walks: sources -> files, handed to the workers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "count/survey_run.h"
#include "read/archive.h"

/* While files are not in memory, the disk is busy with those that the workers will come to next: the queue
 * is as far ahead as this thread is. Where everything is in memory that would only cost time. */
static void read_ahead(struct mw_survey_run *run, const char *path) {
    if (atomic_load(&run->ahead) == 0) return;
    atomic_fetch_sub(&run->ahead, 1); /* no other thread takes any */
    mw_input_ahead(path);
}

static void push_waiting(struct mw_survey_walker *walker) {
    if (walker->first) mw_queue_push(&walker->run->queue, walker->first);
    walker->first = walker->last = NULL;
    walker->waiting = 0;
}

/* Files reach the queue in the order of the walk. */
static void hand_over(struct mw_survey_walker *walker, struct mw_survey_item *item) {
    enum { TOGETHER = 32, SMALL = 4096 }; /* bytes: a large entry is work enough for itself */
    bool known = item->entry && item->entry->count && item->entry->text.length < SMALL;
    if (!known) push_waiting(walker);
    if (walker->last) walker->last->next = item;
    else walker->first = item;
    walker->last = item;
    if (!known || ++walker->waiting == TOGETHER) push_waiting(walker);
}

enum mw_status mw_survey_send(struct mw_survey_walker *walker, const char *path, size_t below,
                              const struct mw_text *content, struct mw_text *own,
                              struct mw_error *err) {
    const struct mw_survey_events *events = &walker->run->survey->events;
    if (atomic_load(&walker->run->stop)) return mw_error_set(err, MW_IO, "stopped");
    walker->source_files++;
    if (walker->choosing)
        return mw_least_hashes_add(walker->choosing, mw_subset_hash(path + below), err);
    if (!mw_shards_take(&walker->counts.shards, path + below)) return MW_OK;
    if (!mw_subset_take(&walker->counts.subset, path + below)) return MW_OK;
    if (events->list) {
        events->list(events->context, path);
        return MW_OK;
    }
    size_t size = strlen(path) + 1;
    struct mw_cache_entry *entry = NULL;
    enum mw_status status =
        content || own ? MW_OK : mw_survey_find_cached(walker, path, below, &entry, err);
    struct mw_survey_item *item = status ? NULL : malloc(sizeof *item + size);
    if (!item) mw_cache_entry_free(entry);
    if (!item) return status ? status : mw_error_memory(err);
    item->entry = entry;
    item->next = NULL;
    item->sequence = walker->sequence++;
    item->source = walker->source;
    item->below = below;
    item->member = walker->member;
    item->own = own ? *own : (struct mw_text){0};
    item->content = own ? &item->own : content;
    if (own) *own = (struct mw_text){0};
    memcpy(item->path, path, size);
    if (!item->content && !(entry && entry->count)) read_ahead(walker->run, path);
    hand_over(walker, item);
    return MW_OK;
}

static enum mw_status on_file(void *context, const char *path, size_t below, struct mw_error *err) {
    return mw_survey_send(context, path, below, NULL, NULL, err);
}

/* Whether the walk that chose the masks told of it: what failed there is a failure even if it does not fail
 * again, since the choice was made without it. */
static bool is_told(const struct mw_survey_walker *walker, const char *document_path) {
    return walker->counts.subset.most && !walker->choosing &&
           mw_places_hold(&walker->counts.failures, walker->source, document_path);
}

enum mw_status mw_survey_fail(struct mw_survey_walker *walker, const char *path,
                              const char *document_path, const struct mw_error *why,
                              struct mw_error *err) {
    walker->source_files++;
    struct mw_shards *shards = &walker->counts.shards;
    bool ours = walker->choosing
                    ? mw_shards_hold(shards, document_path) /* the second walk takes it */
                    : mw_shards_take(shards, document_path);
    if (!ours || is_told(walker, document_path)) return MW_OK;
    walker->counts.complete = false;
    push_waiting(walker); /* what is told after them would wait for them */
    struct mw_file file = {.source = walker->source, .path = path, .document_path = document_path};
    struct mw_text records = {0};
    enum mw_status status =
        mw_places_add(&walker->counts.failures, walker->source, document_path, why->message, err);
    if (!status) status = mw_survey_record_failure(walker->run, &file, why->message, &records, err);
    if (!status)
        status = mw_order_end(&walker->run->order, walker->sequence++, path, why->message, &records,
                              err);
    mw_text_free(&records);
    return status;
}

static enum mw_status on_failed(void *context, const char *path, size_t below,
                                const struct mw_error *why, struct mw_error *err) {
    struct mw_survey_walker *walker = context;
    const char *document_path = path[below] ? path + below : "."; /* the source itself */
    return mw_survey_fail(walker, path, document_path, why, err);
}

static enum mw_status on_loop(void *context, const char *path, size_t below, struct mw_error *err) {
    struct mw_survey_walker *walker = context;
    if (walker->choosing || !mw_shards_hold(&walker->counts.shards, path + below)) return MW_OK;
    return mw_places_add(&walker->counts.findings[MW_SYMLINK_LOOP], walker->source, path + below,
                         NULL, err);
}

void mw_survey_skip(struct mw_survey_walker *walker, const char *path, size_t below,
                    const char *why) {
    const struct mw_survey_events *events = &walker->run->survey->events;
    walker->source_skipped++;
    if (walker->choosing || !mw_shards_hold(&walker->counts.shards, path + below)) return;
    walker->counts.skipped_files++;
    if (events->skipped) events->skipped(events->context, path, why);
}

static void on_skipped(void *context, const char *path, size_t below, const char *why) {
    mw_survey_skip(context, path, below, why);
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

enum mw_status mw_survey_refuse(const struct mw_survey *survey, const char *path, uint64_t skipped,
                                struct mw_error *err) {
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

static enum mw_status walk_directory(struct mw_survey_walker *walker, const char *path,
                                     struct mw_error *err) {
    const struct mw_survey *survey = walker->run->survey;
    struct mw_walk_events events = {walker, on_file, on_failed, on_loop, on_skipped};
    struct mw_cache *cache = survey->events.list || walker->choosing ? NULL : survey->cache;
    enum mw_status status = cache ? mw_cache_enter(cache, walker->real, err) : MW_OK;
    if (!status) status = mw_walk(path, &survey->rules, &events, err);
    /* A directory without masks may be a mount point without its file system. */
    if (!status && cache && walker->source_files) status = mw_cache_leave(cache, err);
    if (status || walker->source_files) return status;
    return mw_survey_refuse(survey, path, walker->source_skipped, err);
}

static enum mw_status walk_source(struct mw_survey_walker *walker, const struct mw_source *source,
                                  struct mw_error *err) {
    walker->real = source->real;
    switch (source->kind) {
    case MW_SOURCE_DIRECTORY: return walk_directory(walker, source->path, err);
    case MW_SOURCE_ARCHIVE:
        return mw_survey_walk_archive(walker, source->path, source->real ? NULL : &source->content,
                                      err);
    case MW_SOURCE_FILE: return mw_survey_send(walker, source->path, 0, NULL, NULL, err);
    case MW_SOURCE_STDIN:
        return mw_survey_send(walker, source->path, 0, &source->content, NULL, err);
    default: return MW_OK;
    }
}

static enum mw_status walk_list(struct mw_survey_walker *walker, struct mw_error *err) {
    const struct mw_survey *survey = walker->run->survey;
    struct mw_list *list = NULL;
    const char *path;
    enum mw_status status = mw_list_open(&list, survey->list_path, survey->list_null, err);
    while (!status && !(status = mw_list_next(list, &path, err)) && path) {
        status = mw_list_check_path(list, path, survey->sources, survey->source_count, err);
        if (status) break;
        if (mw_archive_by_suffix(path)) status = mw_survey_walk_archive(walker, path, NULL, err);
        else status = mw_survey_send(walker, path, 0, NULL, NULL, err);
    }
    mw_list_close(list);
    if (status || walker->source_files) return status;
    return mw_error_set(err, MW_USAGE, "%s: the list is empty", mw_source_name(survey->list_path));
}

static enum mw_status walk_all(struct mw_survey_walker *walker, struct mw_error *err) {
    const struct mw_survey *survey = walker->run->survey;
    bool several = survey->source_count + (survey->list_path != NULL) > 1;
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < survey->source_count && !status; i++) {
        walker->source = several ? (uint32_t)i + 1 : 0;
        walker->source_files = walker->source_skipped = 0;
        status = walk_source(walker, &survey->sources[i], err);
    }
    if (status || !survey->list_path) return status;
    walker->source = several ? (uint32_t)survey->source_count + 1 : 0;
    walker->source_files = 0;
    walker->real = NULL;
    return walk_list(walker, err);
}

/* What is walked twice must not be gone the second time. */
static enum mw_status check_twice(const struct mw_survey *survey, struct mw_error *err) {
    struct stat list;
    const char *gone = NULL;
    for (size_t i = 0; i < survey->source_count; i++)
        if (survey->sources[i].kind == MW_SOURCE_ARCHIVE && !survey->sources[i].real)
            gone = survey->sources[i].path;
    if (survey->list_path && (strcmp(survey->list_path, "-") == 0 ||
                              (stat(survey->list_path, &list) == 0 && !S_ISREG(list.st_mode))))
        gone = survey->list_path;
    if (!gone) return MW_OK;
    return mw_error_set(err, MW_USAGE,
                        "%s: a number of masks (--sample) is chosen in a first pass, and this can "
                        "be read only once: make it a file, or ask for a share of the masks",
                        mw_source_name(gone));
}

/* Finds up to which hash masks are taken, of all shards. */
static enum mw_status choose(struct mw_survey_walker *walker, struct mw_error *err) {
    struct mw_subset *subset = &walker->counts.subset;
    struct mw_least_hashes least = {.most = subset->most};
    enum mw_status status = check_twice(walker->run->survey, err);
    walker->choosing = &least;
    walker->counts.failures.limit = SIZE_MAX; /* is_told looks for each of them */
    if (!status) status = walk_all(walker, err);
    walker->choosing = NULL;
    mw_places_sort(&walker->counts.failures);
    if (!status) subset->last = mw_least_hashes_last(&least);
    free(least.hashes);
    return status;
}

static enum mw_status walk_chosen(struct mw_survey_walker *walker, struct mw_error *err) {
    const struct mw_survey *survey = walker->run->survey;
    walker->counts.subset = survey->subset;
    enum mw_status status =
        mw_shards_begin(&walker->counts.shards, survey->shard, survey->shard_count, err);
    if (!status && survey->subset.most) status = choose(walker, err);
    return status ? status : walk_all(walker, err);
}

void *mw_survey_walk(void *context) {
    struct mw_survey_walker *walker = context;
    if (walk_chosen(walker, &walker->err)) mw_survey_end(walker->run, &walker->err);
    push_waiting(walker);
    mw_queue_close(&walker->run->queue);
    mw_survey_leave(walker->run);
    return NULL;
}
