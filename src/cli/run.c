#include "cli/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/class_maps.h"
#include "cli/help.h"
#include "cli/inspect.h"
#include "cli/interrupt.h"
#include "cli/processors.h"
#include "cli/run_job.h"
#include "cli/sandbox.h"
#include "count/class_map.h"

/* Prints what the masks hold, and which command line would count them. */
static enum mw_status inspect(struct mw_job *job) {
    const struct mw_labels *labels = &job->settings->labels;
    enum mw_status status = mw_run_count(job);
    if (!status) status = mw_run_check_counts(job);
    if (!status)
        status = mw_findings_make(&job->findings, &job->counts, labels, job->weights, 0, &job->err);
    if (status) return status;
    mw_terminal_findings(&job->terminal, &job->findings, &job->survey);
    status = mw_inspect_write(job->settings, &job->survey, &job->counts, &job->document, &job->err);
    return status ? status : mw_output_publish(&job->outputs.document, &job->document, &job->err);
}

/* Prints the paths of the masks, and which directories could not be read. */
static enum mw_status list_files(struct mw_job *job) {
    enum mw_status status = mw_run_count(job);
    if (!status) status = mw_run_refuse_documents(job, "list");
    if (job->paths.failed) return job->err.status ? job->err.status : mw_error_memory(&job->err);
    struct mw_error listing = job->err;
    mw_run_flush_paths(job);
    if (job->paths.failed) return job->err.status;
    job->err = listing;
    if (!status && !job->counts.complete)
        return mw_error_set(&job->err, MW_IO, "the list is incomplete");
    return status ? status : mw_output_publish(&job->outputs.document, &job->document, &job->err);
}

/* A closed standard output is noticed before the work is done. */
static enum mw_status check_stdout(struct mw_job *job) {
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

static void job_free(struct mw_job *job) {
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
static enum mw_status enter_sandbox(struct mw_job *job) {
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

static void explain(const struct mw_words *names, struct mw_text *text) {
    for (size_t i = 0; i < names->count; i++) {
        if (i) mw_text_print(text, "\n");
        mw_check_explain(mw_check_find(names->list[i], strlen(names->list[i])), text);
    }
}

/* What options ask for that print something instead of counting. */
static enum mw_status print(struct mw_job *job) {
    const struct mw_settings *settings = job->settings;
    struct mw_text *text = &job->document;
    enum mw_status status = MW_OK;
    if (settings->help) mw_help_print(text);
    else if (settings->version) mw_version_print(text);
    else if (settings->explain.count) explain(&settings->explain, text);
    else if (strcmp(settings->list, "checks") == 0)
        for (size_t i = 0; i < mw_check_count; i++) mw_check_list(&mw_checks[i], text);
    else status = mw_class_maps_list(text, &job->err);
    if (!status && text->failed) status = mw_error_memory(&job->err);
    return status ? status : mw_output_publish(&job->outputs.document, text, &job->err);
}

static enum mw_status run(struct mw_job *job) {
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
    return settings->list_files ? list_files(job) : mw_run_document(job);
}

enum mw_exit mw_run(struct mw_settings *settings) {
    struct mw_job job = {.settings = settings, .outputs = {.document = {.fd = -1}}};
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
