/* outputs: every file that a run writes. */
#ifndef MW_CLI_OUTPUTS_H
#define MW_CLI_OUTPUTS_H

#include "base/error.h"
#include "cli/options.h"
#include "count/cache.h"
#include "write/output.h"
#include "write/records.h"
#include "write/sampling_files.h"

/* The document, the records, two of sampling, and at most MW_MAX_REPORTS reports. */
enum { MW_OUTPUTS = 4 + MW_MAX_REPORTS };

struct mw_report_output {
    struct mw_output output;
    struct mw_text text;
};

/* What an output is called on the command line. */
struct mw_output_option {
    const char *option; /* "--output" */
    const char *report; /* of --report, "" else */
};

/* Zeroed but for document.fd, which is -1. */
struct mw_outputs {
    struct mw_output document;
    struct mw_records records; /* of --per-mask */
    struct mw_sampling_files sampling_files;
    struct mw_report_output reports[MW_MAX_REPORTS]; /* [report_count], as in the settings */
    size_t report_count;
    const struct mw_output *list[MW_OUTPUTS];  /* [count], all of them, opened or not */
    struct mw_output_option names[MW_OUTPUTS]; /* [count] */
    size_t count;
    struct mw_file_id
        files[2 * MW_OUTPUTS + MW_CACHE_FILES]; /* [file_count]: being written, so never a source */
    size_t file_count;
};

/* Refuses to replace what the run reads, and masks in general. Earlier documents may be replaced: they are
 * read before. Errors: MW_USAGE, MW_IO; messages name the option and the path. */
MW_MUST_CHECK enum mw_status mw_outputs_check(const struct mw_settings *settings,
                                              struct mw_error *err);

/* Opens what the settings ask for; the cache (NULL: none) is open, and no source either; a signal that ends the process from now on leaves no temporary file. Errors:
 * those of mw_output_open, MW_USAGE (two are the same file). */
MW_MUST_CHECK enum mw_status mw_outputs_open(struct mw_outputs *outputs,
                                             const struct mw_settings *settings,
                                             const struct mw_cache *cache, struct mw_error *err);

/* Writes everything but the document to the disk, once all masks are counted and the texts of the reports are
 * there. Errors: those of mw_records_finish, mw_sampling_files_write and mw_output_write. */
MW_MUST_CHECK enum mw_status mw_outputs_write(struct mw_outputs *outputs,
                                              const struct mw_counts *counts, struct mw_error *err);

/* Makes that visible, after the document. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_outputs_reveal(struct mw_outputs *outputs, struct mw_error *err);

/* Writes and makes visible the reports alone, where no document may be. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_outputs_reports(struct mw_outputs *outputs, struct mw_error *err);

/* Releases everything; what was not published leaves nothing. */
void mw_outputs_close(struct mw_outputs *outputs);

#endif
