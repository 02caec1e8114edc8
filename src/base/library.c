/* All functions are found at once, and a library is never unloaded: what the loader does for a library that
 * is linked, only later. RELRO, which protects the table of what is linked, cannot protect these
 * tables. */
#include "base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* glibc may end a process that runs out of memory within dlopen, without a word of ours. So there has to be
 * enough for the loader's tables and for the library, three times over. */
static bool has_room(void) {
    void *volatile room = malloc(4 << 20); /* volatile: or the compiler leaves the call out */
    bool got = room;
    free(room);
    return got;
}

static enum mw_status find_functions(const struct mw_library *library, void *handle,
                                     struct mw_error *err) {
    for (size_t i = 0; i < library->count; i++) {
        void *address = dlsym(handle, library->functions[i].name);
        if (!address)
            return mw_error_set(err, MW_REFUSED, "%s is too old, it has no %s: install %s or later",
                                library->file, library->functions[i].name, library->oldest);
        memcpy(library->functions[i].place, &address, sizeof address);
    }
    return MW_OK;
}

static enum mw_status load(const struct mw_library *library, struct mw_error *err) {
    if (!has_room()) return mw_error_memory(err);
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return mw_error_set(err, MW_REFUSED, "%s: install it (in Debian the package %s): %s",
                            library->needed, library->package, dlerror());
    enum mw_status status = find_functions(library, handle, err);
    if (status || !library->prepare || library->prepare()) return status;
    return mw_error_memory(err);
}

enum mw_status mw_library_load(struct mw_library *library, struct mw_error *err) {
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock);
    if (!library->tried) library->failure.status = load(library, &library->failure);
    library->tried = true;
    enum mw_status status = library->failure.status;
    if (status) *err = library->failure;
    pthread_mutex_unlock(&lock);
    return status;
}
