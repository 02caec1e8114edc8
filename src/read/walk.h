/* walk: the masks below a directory, in the byte order of their paths, without holding more names
 * than those of the directories being walked. */
#ifndef MW_READ_WALK_H
#define MW_READ_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* What tells one file from any other. */
struct mw_file_id {
    dev_t device;
    ino_t inode;
};

/* Which files of a directory are masks. Patterns are fnmatch(3) globs on the path below the source,
 * in which '*' also matches '/'. */
struct mw_walk_rules {
    const char *const *include; /* [include_count]; none: every path */
    size_t include_count;
    const char *const *exclude; /* [exclude_count]; a directory that matches is not entered */
    size_t exclude_count;
    const char *const
        *suffixes; /* of files that are wanted, in any case of letters; NULL ends; NULL:
                                        those of the formats of masks */
    bool follow;   /* enter and count through symbolic links */
    const struct mw_file_id *output; /* [output_count], files being written: never input */
    size_t output_count;
};

/* Why a file of an archive, by its path there, is no mask by these rules; NULL: it is one. A directory that
 * is hidden or excluded hides and excludes what is below it. */
const char *mw_walk_reason_to_skip(const struct mw_walk_rules *rules, const char *path);

/* What the walk tells. `path` is the path as reached; from `below` on it is the path below the
 * source. The strings hold during the call. A status other than MW_OK ends the walk. All but `file` may be NULL. */
struct mw_walk_events {
    void *context;
    enum mw_status (*file)(void *context, const char *path, size_t below, struct mw_error *err);
    /* A directory or link that cannot be read; `why` says it. */
    enum mw_status (*failed)(void *context, const char *path, size_t below,
                             const struct mw_error *why, struct mw_error *err);
    /* A link that leads back to a directory above it. */
    enum mw_status (*loop)(void *context, const char *path, size_t below, struct mw_error *err);
    /* A file that is no candidate, and why. */
    void (*skipped)(void *context, const char *path, size_t below, const char *why);
};

/* Walks one directory. Directories are ordered as if their names ended in '/'. Errors: what an
 * event returned, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_walk(const char *directory, const struct mw_walk_rules *rules,
                                     const struct mw_walk_events *events, struct mw_error *err);

/* Whether there is a symbolic link below a directory, as far as its directories can be read. Errors:
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_walk_find_link(const char *directory, bool *found,
                                               struct mw_error *err);

#endif
