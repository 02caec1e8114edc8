/* archive_library: libarchive, which is loaded when the first archive is seen. */
#ifndef MW_READ_ARCHIVE_LIBRARY_H
#define MW_READ_ARCHIVE_LIBRARY_H

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdbool.h>

#include "base/error.h"

/* Every function of libarchive that is called: mw_archives.read_new is archive_read_new. */
#define MW_ARCHIVE_FUNCTIONS(X)                                                                    \
    X(entry_filetype)                                                                              \
    X(entry_hardlink)                                                                              \
    X(entry_is_data_encrypted)                                                                     \
    X(entry_size)                                                                                  \
    X(entry_pathname)                                                                              \
    X(entry_pathname_utf8)                                                                         \
    X(error_string)                                                                                \
    X(read_data)                                                                                   \
    X(read_free)                                                                                   \
    X(read_header_position)                                                                        \
    X(read_new)                                                                                    \
    X(read_next_header)                                                                            \
    X(read_open1)                                                                                  \
    X(read_set_callback_data)                                                                      \
    X(read_set_format_option)                                                                      \
    X(read_set_read_callback)                                                                      \
    X(read_set_seek_callback)                                                                      \
    X(read_support_filter_bzip2)                                                                   \
    X(read_support_filter_xz)                                                                      \
    X(read_support_filter_zstd)                                                                    \
    X(read_support_format_raw)                                                                     \
    X(read_support_format_tar)                                                                     \
    X(read_support_format_zip_seekable)                                                            \
    X(version_string)

/* Each function by its name; its type is that of archive.h. */
#define MW_ARCHIVE_FIELD(name)                                                                     \
    __typeof__(archive_##name) *name; /* NOLINT(bugprone-macro-parentheses) */
extern struct mw_archive_library { MW_ARCHIVE_FUNCTIONS(MW_ARCHIVE_FIELD) } mw_archives;
#undef MW_ARCHIVE_FIELD

/* Once libarchive is loaded, a locale whose text is UTF-8, or 0. libarchive converts names that a zip holds
 * as UTF-8 to the locale of the thread, and composes their letters (NFC); in "C" they would have no name. */
extern locale_t mw_archives_locale;

/* Loads libarchive unless it is there; nothing of mw_archives may be called before. Opens files. Any
 * thread. Errors: MW_REFUSED, the system has no libarchive that fits; the same at every call. */
MW_MUST_CHECK enum mw_status mw_archive_load(struct mw_error *err);

/* Says why libarchive refused something. Returns MW_BROKEN, MW_REFUSED or MW_NO_MEMORY. */
enum mw_status mw_archives_refuse(struct archive *by, struct mw_error *err);

/* Before the first call for an archive and after the last. */
void mw_archives_enter(void);
void mw_archives_leave(void);

/* Whether a thread is between these two. Where libarchive finds no memory it may end the process, with a status of
 * its own and a line on standard error: "Fatal Internal Error in libarchive: Out of memory". */
bool mw_archives_inside(void);

#endif
