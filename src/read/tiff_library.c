/* All functions are found at once, and the library is never unloaded: what the loader does for a library
 * that is linked, only later. RELRO, which protects the table of what is linked, cannot protect this
 * one; libtiff keeps pointers to the functions of its codecs in writable memory in any case. */
#include "read/tiff_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Every libtiff since 4.5, the oldest one that has TIFFClientOpenExt, is of this interface. */
#define FILE_NAME "libtiff.so.6"

struct mw_tiff_library mw_tiff;
static struct mw_error failure; /* of the one attempt */

/* ISO C has no cast from a pointer to data to one to a function; POSIX says that their bytes agree. */
#define FIND(name) {"TIFF" #name, &mw_tiff.name},
static const struct {
    const char *name;
    void *place; /* of the pointer to the function */
} functions[] = {MW_TIFF_FUNCTIONS(FIND)};

static enum mw_status find_functions(void *library) {
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        void *address = dlsym(library, functions[i].name);
        if (!address)
            return mw_error_set(&failure, MW_REFUSED,
                                "%s is too old, it has no %s: install libtiff 4.5 or later",
                                FILE_NAME, functions[i].name);
        memcpy(functions[i].place, &address, sizeof address);
    }
    return MW_OK;
}

/* glibc may end a process that runs out of memory within dlopen, without a word of ours. So there has to be
 * enough for the loader's tables and for the library, three times over. */
static bool has_room(void) {
    void *volatile room = malloc(4 << 20); /* volatile: or the compiler leaves the call out */
    bool got = room;
    free(room);
    return got;
}

static void load(void) {
    if (!has_room()) {
        failure.status = mw_error_memory(&failure);
        return;
    }
    void *library = dlopen(FILE_NAME, RTLD_NOW | RTLD_LOCAL);
    if (library) failure.status = find_functions(library);
    else
        failure.status =
            mw_error_set(&failure, MW_REFUSED,
                         "TIFF cannot be read without libtiff: install it (in Debian the "
                         "package libtiff6): %s",
                         dlerror());
}

enum mw_status mw_tiff_load(struct mw_error *err) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (failure.status) *err = failure;
    return failure.status;
}
