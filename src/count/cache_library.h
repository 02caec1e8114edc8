/* cache_library: SQLite, which is loaded when there is a cache. */
#ifndef MW_COUNT_CACHE_LIBRARY_H
#define MW_COUNT_CACHE_LIBRARY_H

#include <sqlite3.h>

#include "base/error.h"

/* Every function of SQLite that is called: mw_sqlite.step is sqlite3_step. */
#define MW_SQLITE_FUNCTIONS(X)                                                                     \
    X(bind_int64)                                                                                  \
    X(bind_text)                                                                                   \
    X(busy_timeout)                                                                                \
    X(close)                                                                                       \
    X(column_bytes)                                                                                \
    X(column_int64)                                                                                \
    X(column_text)                                                                                 \
    X(db_filename)                                                                                 \
    X(db_readonly)                                                                                 \
    X(errmsg)                                                                                      \
    X(exec)                                                                                        \
    X(extended_errcode)                                                                            \
    X(finalize)                                                                                    \
    X(get_autocommit)                                                                              \
    X(libversion)                                                                                  \
    X(open_v2)                                                                                     \
    X(prepare_v2)                                                                                  \
    X(randomness)                                                                                  \
    X(reset)                                                                                       \
    X(step)                                                                                        \
    X(system_errno)

/* Each function by its name; its type is that of sqlite3.h. */
#define MW_SQLITE_FIELD(name)                                                                      \
    __typeof__(sqlite3_##name) *name; /* NOLINT(bugprone-macro-parentheses) */
extern struct mw_sqlite_library { MW_SQLITE_FUNCTIONS(MW_SQLITE_FIELD) } mw_sqlite;
#undef MW_SQLITE_FIELD

/* Loads SQLite unless it is there; nothing of mw_sqlite may be called before. Opens files. Any thread. Errors:
 * MW_REFUSED, the system has no SQLite that fits; the same at every call. */
MW_MUST_CHECK enum mw_status mw_sqlite_load(struct mw_error *err);

#endif
