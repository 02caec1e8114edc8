#include "count/cache_library.h"

#include <pthread.h>

#include "base/library.h"

struct mw_sqlite_library mw_sqlite;
static struct mw_error failure; /* of the one attempt */

#define FIND(name) {"sqlite3_" #name, &mw_sqlite.name},
static const struct mw_library_function functions[] = {MW_SQLITE_FUNCTIONS(FIND)};

/* Every SQLite 3 is of this interface. */
static const struct mw_library library = {
    .file = "libsqlite3.so.0",
    .needed = "there is no cache without SQLite",
    .package = "libsqlite3-0",
    .oldest = "SQLite 3.38",
    .functions = functions,
    .count = sizeof functions / sizeof functions[0],
};

static void load(void) {
    failure.status = mw_library_load(&library, &failure);
}

enum mw_status mw_sqlite_load(struct mw_error *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (failure.status) *err = failure;
    return failure.status;
}
