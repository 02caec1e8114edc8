/* archive: the files in a tar or zip archive, one after the other, and never unpacked to disk.
 *
 * A tar may be packed by gzip, zstd, xz or bzip2. What a checksum says is checked up to the end of the
 * archive, and a tar must have the mark of its end: one that was cut between two files looks whole
 * otherwise. */
#ifndef MW_READ_ARCHIVE_H
#define MW_READ_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Bytes that mw_archive_matches looks at. */
enum { MW_ARCHIVE_HEAD = 512 };

/* Whether a file that begins with these bytes is an archive, or packed as archives are. */
bool mw_archive_matches(const void *head, size_t length);

/* Whether a file name ends as that of an archive does (any case). */
bool mw_archive_by_suffix(const char *name);

struct mw_archive;

/* A file in an archive. */
struct mw_member {
    const char *name; /* its path in the archive, without "./"; holds until the next one */
    const char *why;  /* why it has no bytes of its own ("a link"); NULL: it has */
};

/* Opens an archive. Errors: those of mw_input_open and mw_archive_load, MW_BROKEN (no archive). */
MW_MUST_CHECK enum mw_status mw_archive_open(struct mw_archive **archive, const char *path,
                                             struct mw_error *err);

/* The same on standard input, of which `head`, which stays the caller's, was read already. */
MW_MUST_CHECK enum mw_status mw_archive_open_stdin(struct mw_archive **archive,
                                                   const struct mw_text *head,
                                                   struct mw_error *err);

/* The next file, in the order of the archive; its `name` is NULL at the end, when all checksums were
 * right. Directories are passed over, and count towards `limit`. Errors: MW_LIMIT, it is one more than
 * that; MW_BROKEN, MW_IO, MW_NO_MEMORY; there is no next one after an error. */
MW_MUST_CHECK enum mw_status mw_archive_next(struct mw_archive *archive, uint64_t limit,
                                             struct mw_member *member, struct mw_error *err);

/* Appends the bytes of the file at hand. Errors: MW_LIMIT, it has more than `limit`; MW_BROKEN,
 * MW_REFUSED, MW_IO, MW_NO_MEMORY. The next file can be asked for in any case. */
MW_MUST_CHECK enum mw_status mw_archive_read(struct mw_archive *archive, uint64_t limit,
                                             struct mw_text *bytes, struct mw_error *err);

void mw_archive_close(struct mw_archive *archive);

/* Writes the version of libarchive: "libarchive 3.6.2". */
void mw_archive_library(char *out, size_t size);

#endif
