/* sampling_files: the two files that rare class sampling reads: DAFormer, Hoyer et al. 2022, and those that
 * took it over (HRDA, MIC).
 *
 *     sample_class_stats.json     [{"file": PATH, "CLASS": PIXELS, ...}, ...], one for each mask
 *     samples_with_class.json     {"CLASS": [[PATH, PIXELS], ...], ...}
 *
 * Of a class only the masks that contain it are there. The trainers compare the last component of PATH with
 * the names of their masks. */
#ifndef MW_WRITE_SAMPLING_FILES_H
#define MW_WRITE_SAMPLING_FILES_H

#include "base/error.h"
#include "base/text.h"
#include "count/counts.h"
#include "write/output.h"
#include "write/spool.h"

/* Zeroed: nobody wants them, and every call does nothing. */
extern const char *const mw_sampling_file_names[2];

struct mw_sampling_files {
    char *paths[2];
    struct mw_output outputs[2]; /* by mask, by class */
    bool wanted;
};

/* Opens both in a directory. Errors: those of mw_output_open. */
MW_MUST_CHECK enum mw_status mw_sampling_files_open(struct mw_sampling_files *files,
                                                    const char *directory,
                                                    const struct mw_output_guard *guard,
                                                    struct mw_error *err);

/* Writes both to the disk. Reads the spool once, and once more for each 8 MiB of samples_with_class.json.
 * `counts` are finished. Errors: MW_USAGE (two masks in one file, a path that is not UTF-8: the format has
 * no place for them), MW_IO, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_sampling_files_write(struct mw_sampling_files *files,
                                                     struct mw_spool *spool,
                                                     const struct mw_counts *counts,
                                                     struct mw_error *err);

/* Makes both visible. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_sampling_files_reveal(struct mw_sampling_files *files,
                                                      struct mw_error *err);

/* Releases everything; what was not published leaves nothing. */
void mw_sampling_files_close(struct mw_sampling_files *files);

#endif
