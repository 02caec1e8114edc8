#include "count/cache_library.h"

#include "base/library.h"

struct mw_sqlite_library mw_sqlite;

#define FIND(name) {"sqlite3_" #name, &mw_sqlite.name},
static const struct mw_library_function functions[] = {MW_SQLITE_FUNCTIONS(FIND)};

/* Every SQLite 3 is of this interface. */
static struct mw_library library = {
    .file = "libsqlite3.so.0",
    .needed = "there is no cache without SQLite",
    .package = "libsqlite3-0",
    .oldest = "SQLite 3.38",
    .functions = functions,
    .count = sizeof functions / sizeof functions[0],
};

enum mw_status mw_sqlite_load(struct mw_error *err) {
    return mw_library_load(&library, err);
}
