#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/inspect.h"
#include "cli/run_job.h"
#include "cli/shard.h"
#include "read/kernels.h"

/* One wrong setting makes every mask fail in the same way: the first failures tell it. */
enum { FAILURES_TOLD = 10 };

static void on_failure(void *context, const char *path, const char *message) {
    struct mw_job *job = context;
    if (job->failures++ < FAILURES_TOLD || job->terminal.verbose)
        mw_terminal_failure(&job->terminal, path, message);
}

static void on_skipped(void *context, const char *path, const char *why) {
    mw_terminal_skipped(&((struct mw_job *)context)->terminal, path, why);
}

static void on_progress(void *context, const struct mw_progress *progress) {
    mw_terminal_progress(&((struct mw_job *)context)->terminal, progress);
}

static void on_mask(void *context, const struct mw_record *record, struct mw_text *text) {
    mw_records_render(&((struct mw_job *)context)->outputs.records, record, text);
}

static enum mw_status on_records(void *context, const struct mw_text *lines, struct mw_error *err) {
    return mw_records_take(&((struct mw_job *)context)->outputs.records, lines, err);
}

enum { PATHS_BUFFERED = 64 * 1024 };

void mw_run_flush_paths(struct mw_job *job) {
    if (!job->paths.failed && job->paths.length &&
        mw_bytes_write(job->outputs.document.fd, job->paths.data, job->paths.length, &job->err)) {
        mw_error_prefix(&job->err, "standard output");
        job->paths.failed = true;
    }
    if (!job->paths.failed) mw_text_clear(&job->paths);
}

static void on_list(void *context, const char *path) {
    struct mw_job *job = context;
    mw_text_add(&job->paths, path, strlen(path));
    mw_text_add(&job->paths, job->settings->null ? "" : "\n", 1);
    if (job->paths.length >= PATHS_BUFFERED) mw_run_flush_paths(job);
}

/* For tests and for those who look for a fault: which kernels count. */
static enum mw_status choose_kernels(struct mw_job *job) {
    const char *name = getenv("MASKWEIGHT_KERNELS");
    struct mw_text known = {0};
    if (!name || !*name) return MW_OK;
    if ((job->survey.limits.kernels = mw_kernels_find(name))) return MW_OK;
    for (size_t i = 0; i < mw_kernels_count; i++)
        if (mw_kernels[i]->works()) mw_text_print(&known, ", %s", mw_kernels[i]->name);
    enum mw_status status =
        known.failed
            ? mw_error_memory(&job->err)
            : mw_error_set(&job->err, MW_USAGE,
                           "MASKWEIGHT_KERNELS: there are no %s on this processor, but: %s", name,
                           known.data + 2);
    mw_text_free(&known);
    return status;
}

static enum mw_status prepare(struct mw_job *job) {
    struct mw_settings *settings = job->settings;
    struct mw_survey *survey = &job->survey;
    const struct mw_words *sources = &settings->sources;
    mw_settings_survey(settings, survey);
    survey->source_count = sources->count;
    mw_counts_limit_places(&job->counts, (size_t)settings->limits.max_places);
    survey->rules.output = job->outputs.files;
    survey->rules.output_count = job->outputs.file_count;
    survey->events = (struct mw_survey_events){.context = job,
                                               .failure = on_failure,
                                               .skipped = job->terminal.verbose ? on_skipped : NULL,
                                               .progress = on_progress};
    if (settings->list_files) survey->events.list = on_list;
    if (settings->per_mask || settings->sampling_files) {
        survey->events.render = on_mask;
        survey->events.records = on_records;
    }
    survey->inspect = settings->inspect;
    enum mw_status status = choose_kernels(job);
    if (status) return status;
    if (settings->files_from && strcmp(settings->files_from, "-") == 0)
        for (size_t i = 0; i < sources->count; i++)
            if (strcmp(sources->list[i], "-") == 0)
                return mw_error_set(&job->err, MW_USAGE, "standard input (-) is named twice");
    return mw_sources_resolve(sources->list, sources->count, (size_t)job->settings->limits.max_text,
                              &survey->sources, &job->err);
}

enum mw_status mw_run_refuse_documents(struct mw_job *job, const char *what) {
    for (size_t i = 0; i < job->survey.source_count; i++)
        if (job->survey.sources[i].kind == MW_SOURCE_DOCUMENT)
            return mw_error_set(&job->err, MW_USAGE,
                                "%s: a document holds counts; there are no masks to %s",
                                mw_source_name(job->survey.sources[i].path), what);
    return MW_OK;
}

/* The labels are resolved: what a line of records looks like is known. */
static enum mw_status begin_records(struct mw_job *job) {
    const struct mw_survey *survey = &job->survey;
    struct mw_record_style style = {
        .labels = survey->labels,
        .rules = &job->settings->checks,
        .several = survey->source_count + (survey->list_path != NULL) > 1,
        .csv_safe = job->settings->csv_safe,
        .weighted = job->settings->sampling.sampler != NULL,
    };
    return mw_records_begin(&job->outputs.records, &style, &job->err);
}

static enum mw_status on_meeting(void *context, struct mw_file *file, struct mw_error *err) {
    return mw_watch_meet(&((struct mw_job *)context)->audit.watch, file, err);
}

static void on_leaving(void *context, struct mw_file *file) {
    (void)context;
    mw_watch_leave(file);
}

static enum mw_status on_file(void *context, const struct mw_file_facts *facts,
                              struct mw_error *err) {
    return mw_watch_file(&((struct mw_job *)context)->audit.watch, facts, err);
}

static enum mw_status resolve_audit(struct mw_job *job) {
    struct mw_survey *survey = &job->survey;
    bool sampled = job->settings->sample || mw_subset_active(&job->counts.subset);
    enum mw_status status =
        mw_audit_resolve(&job->audit, job->settings, survey, sampled, &job->err);
    if (!job->audit.watch.rules) return status;
    survey->events.meet = on_meeting;
    survey->events.leave = on_leaving;
    survey->events.watch = on_file;
    return status;
}

static enum mw_status begin_cache(struct mw_job *job) {
    job->survey.cache = job->cache;
    job->survey.verify = job->settings->cache_verify;
    return mw_cache_begin(job->cache, MW_VERSION, job->survey.labels, &job->survey.limits,
                          &job->err);
}

/* What is wrong with the cache, and with --verbose what it was good for. */
static void tell_cache(const struct mw_job *job) {
    const struct mw_progress *progress = &job->survey.progress;
    struct mw_error note;
    if (mw_cache_note(job->cache) && job->terminal.warnings)
        mw_terminal_note(&job->terminal, mw_cache_note(job->cache));
    if (!job->terminal.verbose) return;
    mw_error_set(&note, MW_USAGE,
                 "%s: %" PRIu64 " files taken from the cache, %" PRIu64 " read, %" PRIu64
                 " that are no more removed",
                 job->settings->cache, progress->files - progress->read, progress->read,
                 mw_cache_vanished(job->cache));
    mw_terminal_note(&job->terminal, note.message);
}

enum mw_status mw_run_count(struct mw_job *job) {
    enum mw_status status = prepare(job);
    if (!status && job->settings->inspect) status = mw_run_refuse_documents(job, "inspect");
    if (!status && job->settings->shard_count) status = mw_run_refuse_documents(job, "divide");
    if (!status) mw_shard_tell(job->settings, &job->terminal);
    if (!status && job->survey.events.render)
        status = mw_run_refuse_documents(job, job->settings->per_mask
                                                  ? "tell of one by one (--per-mask)"
                                                  : "sample (--sampling-files)");
    if (!status) status = mw_survey_read_documents(&job->survey, &job->counts, &job->err);
    if (!status && job->cache) status = begin_cache(job);
    if (!status) status = mw_settings_choose_schemes(job->settings, &job->err);
    if (!status) status = begin_records(job);
    if (!status) status = resolve_audit(job);
    if (!status) status = mw_survey_run(&job->survey, &job->counts, &job->err);
    mw_terminal_clear(&job->terminal);
    if (!status && job->cache) tell_cache(job);
    if (job->failures > FAILURES_TOLD && !job->terminal.verbose)
        mw_terminal_more_failures(&job->terminal, job->failures - FAILURES_TOLD);
    bool judged = job->survey.gather_unknown; /* they are told if the rule is broken */
    if (!status && !job->settings->inspect && !judged)
        status = mw_inspect_tell_unknown(&job->terminal, &job->survey, NULL, &job->err);
    return status;
}
