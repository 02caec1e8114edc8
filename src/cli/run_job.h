/* run_job: what one run holds, shared by the files of run. */
#ifndef MW_CLI_RUN_JOB_H
#define MW_CLI_RUN_JOB_H

#include "cli/audit.h"
#include "cli/outputs.h"
#include "cli/terminal.h"
#include "count/survey.h"

/* Everything that one run holds. */
struct mw_job {
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

/* Each writes its error to job->err. */

/* Reads the sources into job->counts and tells of what fails (run_count.c). */
MW_MUST_CHECK enum mw_status mw_run_count(struct mw_job *job);

/* Documents have no masks to look at: MW_USAGE where one is a source, with what cannot be done to them. */
MW_MUST_CHECK enum mw_status mw_run_refuse_documents(struct mw_job *job, const char *what);

/* Writes the paths of --list-files in large pieces; an error stays in job->paths.failed and job->err. */
void mw_run_flush_paths(struct mw_job *job);

/* Whether what was counted may be published; MW_USAGE. Of a shard, also that there is nothing (run_document.c). */
MW_MUST_CHECK enum mw_status mw_run_check_counts(struct mw_job *job);

/* Counts, weighs, judges, writes. */
MW_MUST_CHECK enum mw_status mw_run_document(struct mw_job *job);

#endif
