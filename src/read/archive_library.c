#include "read/archive_library.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "base/library.h"

struct mw_archive_library mw_archives;
locale_t mw_archives_locale;

#define FIND(name) {"archive_" #name, &mw_archives.name},
static const struct mw_library_function functions[] = {MW_ARCHIVE_FUNCTIONS(FIND)};

static atomic_int inside; /* calls of libarchive's users that have begun and not ended */

/* A system without this locale refuses names in zips that are not ASCII. */
static bool make_locale(void) {
    mw_archives_locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    return mw_archives_locale || errno != ENOMEM;
}

/* Every libarchive 3 is of this interface. */
static struct mw_library library = {
    .file = "libarchive.so.13",
    .needed = "archives cannot be read without libarchive",
    .package = "libarchive13",
    .oldest = "libarchive 3.4",
    .functions = functions,
    .count = sizeof functions / sizeof functions[0],
    .prepare = make_locale,
};

void mw_archives_enter(void) {
    atomic_fetch_add(&inside, 1);
}

void mw_archives_leave(void) {
    atomic_fetch_sub(&inside, 1);
}

bool mw_archives_inside(void) {
    return atomic_load(&inside) > 0;
}

enum mw_status mw_archives_refuse(struct archive *by, struct mw_error *err) {
    const char *why = mw_archives.error_string(by);
    if (!why || strstr(why, "memory") || strstr(why, "allocate")) return mw_error_memory(err);
    if (strstr(why, "Unrecognized archive format"))
        return mw_error_set(err, MW_REFUSED, "no tar or zip archive, packed or not");
    return mw_error_set(err, MW_BROKEN, "damaged archive: %s", why);
}

enum mw_status mw_archive_load(struct mw_error *err) {
    return mw_library_load(&library, err);
}
