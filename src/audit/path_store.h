/* path_store: many paths in little memory: of each only what it has not in common with the one before. */
#ifndef MW_AUDIT_PATH_STORE_H
#define MW_AUDIT_PATH_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Zeroed is empty. */
struct mw_path_store {
    unsigned char *bytes; /* [size], one path after the other */
    size_t size, capacity;
    size_t *starts;   /* [count / MW_PATH_BLOCK], where each block of paths begins */
    uint32_t count;   /* paths */
    char *last;       /* the one added last */
    size_t last_size; /* bytes that it may have */
};

/* Paths of a block: the first of it stands in full. */
enum { MW_PATH_BLOCK = 64 };

/* Adds a path, whose number is the count before, and a number that is kept with it. Cost: for paths in order, few
 * bytes. Errors: MW_NO_MEMORY, also for more than 2^32 - 1 paths. */
MW_MUST_CHECK enum mw_status mw_path_store_add(struct mw_path_store *store, const char *path,
                                               size_t number, struct mw_error *err);

/* Puts path number `place` into `path`, which is emptied first, and its number into `number`. Errors:
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_path_store_get(const struct mw_path_store *store, uint32_t place,
                                               struct mw_text *path, size_t *number,
                                               struct mw_error *err);

void mw_path_store_free(struct mw_path_store *store);

#endif
