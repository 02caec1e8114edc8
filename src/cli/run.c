#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/audit.h"
#include "cli/class_maps.h"
#include "cli/help.h"
#include "cli/inspect.h"
#include "cli/interrupt.h"
#include "cli/outputs.h"
#include "cli/processors.h"
#include "cli/sandbox.h"
#include "cli/shard.h"
#include "cli/terminal.h"
#include "count/class_map.h"
#include "count/survey.h"
#include "read/kernels.h"
#include "write/findings_writer.h"
#include "write/report.h"

/* Everything that one run holds. */
struct job {
    struct mw_settings *settings;
    struct mw_terminal terminal;
    struct mw_outputs outputs;
    struct mw_cache *cache; /* NULL: none */
    struct mw_survey survey;
    struct mw_counts counts;
    struct mw_weights *weights; /* [settings->scheme_count] */
    struct mw_estimates estimates;
    struct mw_findings findings;
    struct mw_audit audit;
    struct mw_text document;
    struct mw_text paths; /* of --list-files, not yet written */
    uint64_t failures;    /* met, told or not */
    struct mw_error err;
};

/* One wrong setting makes every mask fail in the same way: the first failures tell it. */
enum { FAILURES_TOLD = 10 };

static void on_failure(void *context, const char *path, const char *message) {
    struct job *job = context;
    if (job->failures++ < FAILURES_TOLD || job->terminal.verbose)
        mw_terminal_failure(&job->terminal, path, message);
}

static void on_skipped(void *context, const char *path, const char *why) {
    mw_terminal_skipped(&((struct job *)context)->terminal, path, why);
}

static void on_progress(void *context, const struct mw_progress *progress) {
    mw_terminal_progress(&((struct job *)context)->terminal, progress);
}

static void on_mask(void *context, const struct mw_record *record, struct mw_text *text) {
    mw_records_render(&((struct job *)context)->outputs.records, record, text);
}

static enum mw_status on_records(void *context, const struct mw_text *lines, struct mw_error *err) {
    return mw_records_take(&((struct job *)context)->outputs.records, lines, err);
}

enum { PATHS_BUFFERED = 64 * 1024 };

/* Writes paths in large pieces; an error stays in job->paths.failed and err. */
static void flush_paths(struct job *job) {
    if (!job->paths.failed && job->paths.length &&
        mw_bytes_write(job->outputs.document.fd, job->paths.data, job->paths.length, &job->err)) {
        mw_error_prefix(&job->err, "standard output");
        job->paths.failed = true;
    }
    if (!job->paths.failed) mw_text_clear(&job->paths);
}

static void on_list(void *context, const char *path) {
    struct job *job = context;
    mw_text_add(&job->paths, path, strlen(path));
    mw_text_add(&job->paths, job->settings->null ? "" : "\n", 1);
    if (job->paths.length >= PATHS_BUFFERED) flush_paths(job);
}

/* For tests and for those who look for a fault: which kernels count. */
static enum mw_status choose_kernels(struct job *job) {
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

static enum mw_status prepare(struct job *job) {
    struct mw_settings *settings = job->settings;
    struct mw_survey *survey = &job->survey;
    const struct mw_words *sources = &settings->sources;
    mw_settings_survey(settings, survey);
    survey->source_count = sources->count;
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

/* Documents have no masks to look at. */
static enum mw_status refuse_documents(struct job *job, const char *what) {
    for (size_t i = 0; i < job->survey.source_count; i++)
        if (job->survey.sources[i].kind == MW_SOURCE_DOCUMENT)
            return mw_error_set(&job->err, MW_USAGE,
                                "%s: a document holds counts; there are no masks to %s",
                                mw_source_name(job->survey.sources[i].path), what);
    return MW_OK;
}

/* The labels are resolved: what a line of records looks like is known. */
static enum mw_status begin_records(struct job *job) {
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
    return mw_watch_meet(&((struct job *)context)->audit.watch, file, err);
}

static void on_leaving(void *context, struct mw_file *file) {
    (void)context;
    mw_watch_leave(file);
}

static enum mw_status on_file(void *context, const struct mw_file_facts *facts,
                              struct mw_error *err) {
    return mw_watch_file(&((struct job *)context)->audit.watch, facts, err);
}

static enum mw_status resolve_audit(struct job *job) {
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

static enum mw_status begin_cache(struct job *job) {
    job->survey.cache = job->cache;
    job->survey.verify = job->settings->cache_verify;
    return mw_cache_begin(job->cache, MW_VERSION, job->survey.labels, &job->survey.limits,
                          &job->err);
}

/* What is wrong with the cache, and with --verbose what it was good for. */
static void tell_cache(const struct job *job) {
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

static enum mw_status count(struct job *job) {
    enum mw_status status = prepare(job);
    if (!status && job->settings->inspect) status = refuse_documents(job, "inspect");
    if (!status && job->settings->shard_count) status = refuse_documents(job, "divide");
    if (!status) mw_shard_tell(job->settings, &job->terminal);
    if (!status && job->survey.events.render)
        status = refuse_documents(job, job->settings->per_mask ? "tell of one by one (--per-mask)"
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
    if (!status && !job->settings->inspect)
        status = mw_inspect_tell_unknown(&job->terminal, &job->survey, &job->err);
    return status;
}

/* Where no document may be written. */
static const char *what_was(const struct job *job) {
    return job->settings->report_count ? "only reports were" : "nothing was";
}

static enum mw_status refuse_nothing(struct job *job) {
    return mw_error_set(&job->err, MW_USAGE, "no mask could be %s: %s written",
                        job->settings->inspect ? "read" : "counted", what_was(job));
}

/* Whether what was counted may be published. Of a shard, also that there is nothing. */
static enum mw_status check_counts(struct job *job) {
    const struct mw_counts *counts = &job->counts;
    uint64_t failed = counts->failures.count;
    bool inspecting = job->settings->inspect;
    bool part = counts->shards.count > 0 && !inspecting;
    bool judged = mw_settings_audit(job->settings); /* `unreadable` is a rule */
    if (counts->masks == 0 && failed && judged && !job->settings->writer->needs_weights)
        return MW_OK;
    if (counts->masks == 0 && failed && !part) return refuse_nothing(job);
    if (counts->masks == 0 && counts->subset.seen && !part)
        return mw_error_set(&job->err, MW_USAGE,
                            "--sample %s took none of %" PRIu64 " files: take a larger share",
                            job->settings->sample, counts->subset.seen);
    if (counts->masks == 0 && !part) return mw_error_set(&job->err, MW_USAGE, "no mask was found");
    if (counts->complete || job->settings->keep_going || judged || inspecting) return MW_OK;
    return mw_error_set(&job->err, MW_USAGE,
                        "%" PRIu64 " of %" PRIu64 " files could not be counted: %s written "
                        "(--keep-going writes what could be counted)",
                        failed, failed + counts->files, what_was(job));
}

static enum mw_status weigh(struct job *job) {
    const struct mw_settings *settings = job->settings;
    enum mw_status status = MW_OK;
    job->weights = calloc(settings->scheme_count + 1, sizeof *job->weights);
    if (!job->weights) return mw_error_memory(&job->err);
    struct mw_weigh_options options = settings->weigh;
    options.observed = settings->labels.classes == 0;
    options.multi_label = mw_labels_multi(&settings->labels);
    for (size_t i = 0; i < settings->scheme_count && !status; i++)
        status =
            mw_weigh(&job->weights[i], &settings->schemes[i], &options, &job->counts, &job->err);
    if (!status)
        status = mw_estimate(&job->estimates, &job->counts, job->weights, settings->scheme_count,
                             &job->err);
    if (!status)
        status = mw_findings_make(&job->findings, &job->counts, &settings->labels, job->weights,
                                  settings->scheme_count, &job->err);
    if (!status)
        status = mw_findings_estimates(&job->findings, &job->counts, &settings->labels,
                                       job->weights, &job->estimates, &job->err);
    if (status) return status;
    return mw_audit_judge(&job->audit, settings, &job->counts, &job->findings, &job->err);
}

static struct mw_report make_report(const struct job *job) {
    const struct mw_settings *settings = job->settings;
    return (struct mw_report){
        .labels = &settings->labels,
        .counts = &job->counts,
        .weights = job->weights,
        .weight_count = job->weights ? settings->scheme_count : 0,
        .estimates = &job->estimates,
        .findings = &job->findings,
        .survey = &job->survey,
        .foreground_only = settings->foreground_only,
        .csv_safe = settings->csv_safe,
    };
}

/* What --report asks for. */
static enum mw_status write_findings(struct job *job, const struct mw_report *report) {
    const struct mw_settings *settings = job->settings;
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < settings->report_count && !status; i++)
        status = mw_findings_write(report, settings->reports[i].writer,
                                   &job->outputs.reports[i].text, &job->err);
    return status;
}

static enum mw_status publish(struct job *job) {
    struct mw_report report = make_report(job);
    enum mw_status status =
        mw_report_write(&report, job->settings->writer, &job->document, &job->err);
    if (!status) status = write_findings(job, &report);
    mw_terminal_findings(&job->terminal, &job->findings, &job->survey);
    if (!status) status = mw_outputs_write(&job->outputs, &job->counts, &job->err);
    if (!status) status = mw_output_publish(&job->outputs.document, &job->document, &job->err);
    if (!status) status = mw_outputs_reveal(&job->outputs, &job->err);
    if (!status) mw_terminal_summary(&job->terminal, &report);
    return status;
}

/* No document may be published, but which masks failed is what --report is for. */
static enum mw_status report_failures(struct job *job) {
    struct mw_error why = job->err;
    enum mw_status status = mw_findings_make(&job->findings, &job->counts, &job->settings->labels,
                                             job->weights, 0, &job->err);
    struct mw_report report = make_report(job);
    if (!status) status = write_findings(job, &report);
    if (!status) status = mw_outputs_reports(&job->outputs, &job->err);
    if (status) return status;
    job->err = why;
    return why.status;
}

/* Counts, weighs, writes. */
static enum mw_status make_document(struct job *job) {
    enum mw_status status = count(job);
    if (!status)
        status =
            mw_shard_check_missing(job->settings, &job->terminal, &job->counts.shards, &job->err);
    if (status) return status;
    status = check_counts(job);
    if (status) return job->counts.failures.count ? report_failures(job) : status;
    if (job->settings->shard_count) job->settings->scheme_count = 0; /* the whole is weighed */
    status = weigh(job);
    if (status) return status;
    /* Masks that all fail are no dataset, even where a rule allows that many. */
    bool nothing = job->counts.masks == 0 && job->counts.shards.count == 0;
    return nothing && !mw_findings_fail(&job->findings) ? refuse_nothing(job) : publish(job);
}

/* Prints what the masks hold, and which command line would count them. */
static enum mw_status inspect(struct job *job) {
    const struct mw_labels *labels = &job->settings->labels;
    enum mw_status status = count(job);
    if (!status) status = check_counts(job);
    if (!status)
        status = mw_findings_make(&job->findings, &job->counts, labels, job->weights, 0, &job->err);
    if (status) return status;
    mw_terminal_findings(&job->terminal, &job->findings, &job->survey);
    status = mw_inspect_write(job->settings, &job->survey, &job->counts, &job->document, &job->err);
    return status ? status : mw_output_publish(&job->outputs.document, &job->document, &job->err);
}

/* Prints the paths of the masks, and which directories could not be read. */
static enum mw_status list_files(struct job *job) {
    enum mw_status status = count(job);
    if (!status) status = refuse_documents(job, "list");
    if (job->paths.failed) return job->err.status ? job->err.status : mw_error_memory(&job->err);
    struct mw_error listing = job->err;
    flush_paths(job);
    if (job->paths.failed) return job->err.status;
    job->err = listing;
    if (!status && !job->counts.complete)
        return mw_error_set(&job->err, MW_IO, "the list is incomplete");
    return status ? status : mw_output_publish(&job->outputs.document, &job->document, &job->err);
}

/* A closed standard output is noticed before the work is done. */
static enum mw_status check_stdout(struct job *job) {
    const struct mw_settings *settings = job->settings;
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    bool document = !settings->inspect && !settings->list_files &&
                    !mw_settings_print_only(settings);
    if (document && settings->writer->binary && !job->outputs.document.path &&
        isatty(STDOUT_FILENO))
        return mw_error_set(&job->err, MW_USAGE,
                            "--format %s is binary, and standard output is a terminal: write to a "
                            "file with -o FILE",
                            settings->writer->name);
    if (job->outputs.document.path || (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)) return MW_OK;
    return mw_error_system(&job->err, EBADF, "standard output");
}

static void job_free(struct job *job) {
    mw_cache_close(job->cache);
    mw_outputs_close(&job->outputs);
    mw_sources_free(job->survey.sources, job->survey.source_count);
    mw_counts_free(&job->counts);
    mw_inspection_free(&job->survey.inspection);
    for (size_t i = 0; job->weights && i < job->settings->scheme_count; i++)
        mw_weights_free(&job->weights[i]);
    free(job->weights);
    mw_estimates_free(&job->estimates);
    mw_findings_free(&job->findings);
    mw_audit_free(&job->audit);
    mw_text_free(&job->document);
    mw_text_free(&job->paths);
}

/* From here on what is read may be hostile. */
static enum mw_status enter_sandbox(struct job *job) {
    const char *missing;
    struct mw_settings *settings = job->settings;
    if (!settings->jobs) settings->jobs = mw_processors(); /* reads files of the system */
    enum mw_status status = mw_sandbox_enter(settings, job->outputs.list, job->outputs.count,
                                             job->cache, &missing, &job->err);
    if (missing && !status && job->terminal.verbose) {
        struct mw_error note;
        mw_error_set(&note, MW_USAGE, "no sandbox: %s", missing);
        mw_terminal_note(&job->terminal, note.message);
    }
    return status;
}

/* What samples mean is what --inspect finds out: it can be added to a command line that failed. */
static void forget_labels(struct mw_settings *settings) {
    mw_labels_free(&settings->labels);
    settings->class_map = NULL;
}

/* Without counts there is nothing to judge, and nothing to write of each mask. */
static void forget_counting(struct mw_settings *settings) {
    mw_check_rules_free(&settings->checks);
    settings->rule_files.count = 0;
    settings->baseline = settings->images = NULL;
    settings->per_mask = settings->sampling_files = settings->cache = NULL;
    settings->report_count = 0;
    settings->sampling.sampler = NULL;
}

/* What options ask for that print something instead of counting. */
static enum mw_status print(struct job *job) {
    const struct mw_settings *settings = job->settings;
    struct mw_text *text = &job->document;
    enum mw_status status = MW_OK;
    if (settings->help) mw_help_print(text);
    else if (settings->version) mw_version_print(text);
    else if (settings->explain) mw_checks_explain(settings->explain, text);
    else if (strcmp(settings->list, "checks") == 0) mw_checks_list(text);
    else status = mw_class_maps_list(text, &job->err);
    if (!status && text->failed) status = mw_error_memory(&job->err);
    return status ? status : mw_output_publish(&job->outputs.document, text, &job->err);
}

static enum mw_status run(struct job *job) {
    struct mw_settings *settings = job->settings;
    enum mw_status status = MW_OK;
    if (settings->cache && !settings->inspect && !settings->list_files)
        status = mw_cache_open(&job->cache, settings->cache, &job->err);
    if (!status) status = mw_outputs_check(settings, &job->err);
    if (settings->inspect) forget_labels(settings);
    if (settings->inspect || settings->list_files) forget_counting(settings);
    if (!status) status = mw_outputs_open(&job->outputs, settings, job->cache, &job->err);
    if (!status) status = check_stdout(job);
    if (!status && !mw_settings_print_only(settings)) status = enter_sandbox(job);
    if (!status && settings->class_map)
        status = mw_class_map_read(&settings->labels, settings->class_map,
                                   (size_t)settings->limits.max_text, &job->err);
    if (!status) status = mw_audit_read(&job->audit, settings, &job->err);
    if (status) return status;
    if (mw_settings_print_only(settings)) return print(job);
    if (settings->inspect) return inspect(job);
    return settings->list_files ? list_files(job) : make_document(job);
}

enum mw_exit mw_run(struct mw_settings *settings) {
    struct job job = {.settings = settings, .outputs = {.document = {.fd = -1}}};
    if (mw_settings_print_only(settings)) settings->output = NULL;
    if (mw_settings_print_only(settings)) forget_counting(settings);
    mw_counts_init(&job.counts);
    mw_terminal_init(&job.terminal, settings);
    mw_interrupt_install(job.terminal.progress);
    enum mw_status status = run(&job);
    /* Of masks that failed an audit judges, but not of shards that are missing. */
    bool judged = job.findings.rule_count && job.counts.shards.count == 0;
    bool complete = job.counts.complete || judged;
    bool broken = mw_findings_fail(&job.findings);
    job_free(&job);
    if (status && job.err.number == EPIPE) mw_interrupt_broken_pipe();
    if (status) {
        mw_terminal_error(&job.terminal, job.err.message);
        return MW_EXIT_ERROR;
    }
    if (broken) return MW_EXIT_BROKEN;
    return complete ? MW_EXIT_DONE : MW_EXIT_INCOMPLETE;
}
