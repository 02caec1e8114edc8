/* source: what the user named: directories, files, standard input, a list of paths. */
#ifndef MW_READ_SOURCE_H
#define MW_READ_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum mw_source_kind {
    MW_SOURCE_DIRECTORY,
    MW_SOURCE_FILE,
    MW_SOURCE_ARCHIVE, /* a tar or zip; of standard input the beginning is in `content` */
    MW_SOURCE_STDIN,   /* its bytes are in `content` */
    MW_SOURCE_DOCUMENT /* a document written earlier */
};

struct mw_source {
    const char *path; /* as named; "-" is standard input */
    enum mw_source_kind kind;
    char *real;             /* canonical path; NULL for standard input */
    struct mw_text content; /* what came on standard input */
};

/* What a message calls a source or list that was named so: "-" is "standard input". */
const char *mw_source_name(const char *path);

/* Finds out what each of `count` paths is and refuses paths that are missing, equal to or inside
 * another one. Standard input is read, at most `limit` bytes of it, 0: 2^30. The result is malloc'ed; free it with
 * mw_sources_free in any case. Errors: MW_USAGE, MW_IO, MW_LIMIT, MW_NO_MEMORY; messages name the
 * path. */
MW_MUST_CHECK enum mw_status mw_sources_resolve(const char *const *paths, size_t count,
                                                size_t limit, struct mw_source **sources,
                                                struct mw_error *err);
void mw_sources_free(struct mw_source *sources, size_t count);

/* How many bytes of a path, as documents hold it, are that of the archive `number`, from 1, or 0 when there is
 * only one source; ":" and the member follow. 0 for other paths and sources, and for the archive itself. */
size_t mw_sources_archive_length(const struct mw_source *sources, size_t count, uint32_t number,
                                 const char *path);

/* Reads paths from a list, one after the other. */
struct mw_list;

/* Opens a list of paths ("-": standard input) that end in newlines, or in NULs. Errors: MW_IO,
 * MW_USAGE (a directory). */
MW_MUST_CHECK enum mw_status mw_list_open(struct mw_list **list, const char *path, bool null,
                                          struct mw_error *err);
/* The next path in *path, NULL at the end; it holds until the next call. A carriage return at the end
 * of a line and a byte order mark before the first are not part of the path, unless a file has that
 * name. Errors: MW_IO; MW_USAGE with the line: an empty one, one longer
 * than PATH_MAX, a NUL in a list of lines. */
MW_MUST_CHECK enum mw_status mw_list_next(struct mw_list *list, const char **path,
                                          struct mw_error *err);
/* Refuses the path read last if one of the sources holds it already. Errors: MW_USAGE with the
 * line. */
MW_MUST_CHECK enum mw_status mw_list_check_path(const struct mw_list *list, const char *path,
                                                const struct mw_source *sources, size_t count,
                                                struct mw_error *err);
void mw_list_close(struct mw_list *list);

#endif
