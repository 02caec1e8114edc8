#include <inttypes.h>
#include <stdlib.h>

#include "cli/inspect.h"
#include "cli/run_job.h"
#include "cli/shard.h"
#include "write/findings_writer.h"
#include "write/report.h"

/* Where no document may be written. */
static const char *what_was(const struct mw_job *job) {
    return job->settings->report_count ? "only reports were" : "nothing was";
}

static enum mw_status refuse_nothing(struct mw_job *job) {
    return mw_error_set(&job->err, MW_USAGE, "no mask could be %s: %s written",
                        job->settings->inspect ? "read" : "counted", what_was(job));
}

enum mw_status mw_run_check_counts(struct mw_job *job) {
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

/* What broken rules probably come from, before these are told. */
static enum mw_status tell_hints(struct mw_job *job) {
    struct mw_finding *missing = mw_findings_broken(&job->findings, MW_MISSING_IMAGES);
    struct mw_finding *unknown = mw_findings_broken(&job->findings, MW_UNKNOWN_LABELS);
    if (missing && missing->hint) mw_terminal_note(&job->terminal, missing->hint);
    if (!unknown) return MW_OK;
    return mw_inspect_tell_unknown(&job->terminal, &job->survey, &unknown->hint, &job->err);
}

static enum mw_status weigh(struct mw_job *job) {
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
    if (!status)
        status = mw_audit_judge(&job->audit, settings, &job->counts, &job->findings, &job->err);
    return status ? status : tell_hints(job);
}

static struct mw_report make_report(const struct mw_job *job) {
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
static enum mw_status write_findings(struct mw_job *job, const struct mw_report *report) {
    const struct mw_settings *settings = job->settings;
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < settings->report_count && !status; i++)
        status = mw_findings_write(report, settings->reports[i].writer,
                                   &job->outputs.reports[i].text, &job->err);
    return status;
}

static enum mw_status publish(struct mw_job *job) {
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
static enum mw_status report_failures(struct mw_job *job) {
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

enum mw_status mw_run_document(struct mw_job *job) {
    enum mw_status status = mw_run_count(job);
    if (!status)
        status =
            mw_shard_check_missing(job->settings, &job->terminal, &job->counts.shards, &job->err);
    if (status) return status;
    status = mw_run_check_counts(job);
    if (status) return job->counts.failures.count ? report_failures(job) : status;
    if (job->settings->shard_count) job->settings->scheme_count = 0; /* the whole is weighed */
    status = weigh(job);
    if (status) return status;
    /* Masks that all fail are no dataset, even where a rule allows that many. */
    bool nothing = job->counts.masks == 0 && job->counts.shards.count == 0;
    return nothing && !mw_findings_fail(&job->findings) ? refuse_nothing(job) : publish(job);
}
