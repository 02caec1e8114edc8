/* output: where a document goes: standard output, or a file that is replaced as a whole. */
#ifndef MW_WRITE_OUTPUT_H
#define MW_WRITE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "read/walk.h"

/* Calls around the moments in which a temporary file comes into being or is renamed: `hold`, then
 * `release` with the file that is not to be removed any more if the process must end, and the one that is
 * from now on; NULL for none. */
struct mw_output_guard {
    void (*hold)(void);
    void (*release)(const char *gone, const char *made);
};

/* A regular file is written beside its target and renamed over it. A device, a pipe, standard
 * output and an open descriptor (/dev/stdout, /dev/fd/3) are written directly. */
struct mw_output {
    const char *path; /* as named; NULL: standard output */
    char *target;     /* the file that is replaced, links followed; NULL: none is */
    char *temporary;  /* beside it */
    int fd;           /* -1 once closed */
    struct mw_output_guard guard;
    struct mw_file_id files[2]; /* [file_count], the temporary file and the old target */
    size_t file_count;
};

/* Opens the output before any work is done. A file that may not be written is not replaced either.
 * `path` NULL or "-" is standard output. `guard` may be NULL. Errors: MW_IO, MW_USAGE (a directory), MW_NO_MEMORY; messages name the path. */
MW_MUST_CHECK enum mw_status mw_output_open(struct mw_output *output, const char *path,
                                            const struct mw_output_guard *guard,
                                            struct mw_error *err);

/* The directory of a file that is written, links followed where it is replaced; the caller's to free. NULL when memory runs out. */
char *mw_output_directory(const struct mw_output *output);

/* Its path as named, or "standard output". */
const char *mw_output_name(const struct mw_output *output);

/* Whether two open outputs replace the same file, be it there or not, or write into the same file or pipe. */
bool mw_output_same(const struct mw_output *a, const struct mw_output *b);

/* Writes the whole document, or the rest of it, to the disk: write, fsync, close. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_output_write(struct mw_output *output,
                                             const struct mw_text *document, struct mw_error *err);

/* Makes what was written visible: rename, fsync of the directory. On an error an old file is as it was.
 * Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_output_reveal(struct mw_output *output, struct mw_error *err);

/* Both. */
MW_MUST_CHECK enum mw_status
mw_output_publish(struct mw_output *output, const struct mw_text *document, struct mw_error *err);

/* Releases everything, and removes the temporary file of an output that was not published. */
void mw_output_close(struct mw_output *output);

#endif
