/* order: what many threads find is told in the order of the walk: failures, and text of any kind. */
#ifndef MW_BASE_ORDER_H
#define MW_BASE_ORDER_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* How an item ended, kept until all before it have ended. */
struct mw_outcome {
    bool done;
    char *path;    /* of a failure; else NULL */
    char *message; /* of a failure; else NULL */
    struct mw_text records;
};

/* Items have the sequence numbers 0, 1, 2, ... At most `capacity` of them end before an earlier one
 * has ended, and their records are at most MW_ORDER_BYTES together, but for those of the last. */
enum { MW_ORDER_BYTES = 16 << 20 };

struct mw_order {
    pthread_mutex_t lock;
    pthread_cond_t moved;      /* `next` went on */
    struct mw_outcome *window; /* [capacity], by sequence modulo capacity */
    uint64_t capacity;
    uint64_t next; /* sequence of the first item that has not ended */
    /* Told of each failure, in order, one at a time. May be NULL. */
    void (*failure)(void *context, const char *path, const char *message);
    /* Handed the records of each item that has some, in order, one at a time. May be NULL. After an
     * error it is not called again. */
    enum mw_status (*records)(void *context, const struct mw_text *records, struct mw_error *err);
    void *context;
    size_t held; /* bytes of records in the window */
};

/* Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_order_init(struct mw_order *order, uint64_t capacity,
                                           struct mw_error *err);
/* No thread may use it any more. */
void mw_order_free(struct mw_order *order);

/* Says that an item has ended; `message` is NULL unless it failed. `records` are moved away; NULL: none.
 * Every item must be said once. Waits until the window reaches it. Any thread. Errors: MW_NO_MEMORY
 * (the failure is not told); those of `records`, once. */
MW_MUST_CHECK enum mw_status mw_order_end(struct mw_order *order, uint64_t sequence,
                                          const char *path, const char *message,
                                          struct mw_text *records, struct mw_error *err);

#endif
