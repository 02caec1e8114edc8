/* output: where a document goes: standard output, or a file that is replaced as a whole. */
#ifndef MW_WRITE_OUTPUT_H
#define MW_WRITE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "read/walk.h"

/* Calls around the moments in which the temporary file comes into being, is renamed or removed: nobody
 * who removes temporary files when the process must end may do so between them. */
struct mw_output_guard {
    void (*hold)(void);
    void (*release)(void);
};

/* A regular file is written beside its target and renamed over it. A device, pipe or standard
 * output is written directly. */
struct mw_output {
    const char *path;    /* as named; NULL: standard output */
    char *target;        /* the file that is replaced, links followed; NULL: none is */
    char *temporary;     /* beside it */
    bool made;           /* the temporary file is there, and ours to remove */
    int fd;              /* -1 once closed */
    struct mw_text text; /* what is to be written */
    struct mw_output_guard guard;
    struct mw_file_id directory; /* of the target */
    struct mw_file_id files[2];  /* [file_count], the temporary file and the old target */
    size_t file_count;
};

/* Opens the output before any work is done. A file that may not be written is not replaced either.
 * `path` NULL or "-" is standard output. `guard` may be NULL. Errors: MW_IO, MW_USAGE (a directory), MW_NO_MEMORY; messages name the path. */
MW_MUST_CHECK enum mw_status mw_output_open(struct mw_output *output, const char *path,
                                            const struct mw_output_guard *guard,
                                            struct mw_error *err);

/* The directory in which a file is replaced; the caller's to free. NULL when memory runs out. */
char *mw_output_directory(const struct mw_output *output);

/* Whether two open outputs would replace the same file, old or new. */
bool mw_output_same(const struct mw_output *a, const struct mw_output *b);

/* Writes the whole text, to the disk where a file is replaced, and closes. What is written directly is
 * visible from here on. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_output_write(struct mw_output *output, struct mw_error *err);

/* Makes what was written visible: rename, fsync of the directory. On an error an old file is as it
 * was. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_output_publish(struct mw_output *output, struct mw_error *err);

/* Releases everything, and removes the temporary file of an output that was not published. */
void mw_output_close(struct mw_output *output);

#endif
