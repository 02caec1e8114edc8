/* outputs: everything that a run writes: the document, and reports beside it. All or nothing, as far as a
 * file system can: what is to be replaced is checked and opened before any work is done, and
 * replaced when everything was written. */
#ifndef MW_CLI_OUTPUTS_H
#define MW_CLI_OUTPUTS_H

#include <stddef.h>

#include "base/error.h"
#include "cli/options.h"
#include "write/output.h"

/* Zeroed is none. */
struct mw_outputs {
    struct mw_output *list; /* [count]: the document's, then one for each of settings->reports */
    size_t count;
    struct mw_file_id *files; /* [file_count], temporary and old files: never input */
    size_t file_count;
};

/* Opens the outputs that the settings ask for; from then on a signal removes their temporary files. What the
 * run reads, masks in general, and a file that is named for two outputs are refused. Close them
 * with mw_outputs_close in any case. Errors: MW_USAGE, MW_IO, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_outputs_open(struct mw_outputs *outputs,
                                             const struct mw_settings *settings,
                                             struct mw_error *err);

/* Gives up the output of the document: its old file stays as it is. */
void mw_outputs_drop_document(struct mw_outputs *outputs);

/* Writes the text of each output that was not given up, files first, and then replaces the files, that of
 * the document first. An error before the first is replaced leaves all as they were. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_outputs_publish(struct mw_outputs *outputs, struct mw_error *err);

/* Releases everything, and removes the temporary files of what was not published. */
void mw_outputs_close(struct mw_outputs *outputs);

#endif
