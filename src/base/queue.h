/* queue: a bounded queue of pointers between threads. */
#ifndef MW_BASE_QUEUE_H
#define MW_BASE_QUEUE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct mw_queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty;
    pthread_cond_t not_full;
    void **items;    /* [capacity], a ring */
    size_t capacity; /* items */
    size_t first;    /* place of the oldest item */
    size_t count;    /* items held */
    bool closed;     /* nothing more will be pushed */
    atomic_int idle; /* threads that wait in mw_queue_pop, or that it has sent away */
};

/* Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_queue_init(struct mw_queue *queue, size_t capacity,
                                           struct mw_error *err);
/* No thread may use the queue any more. What it still holds is the caller's. */
void mw_queue_free(struct mw_queue *queue);

/* Waits while the queue is full, and then until half of it is free. Any thread. */
void mw_queue_push(struct mw_queue *queue, void *item);

/* Waits for an item; NULL when the queue is closed and empty. Any thread. */
void *mw_queue_pop(struct mw_queue *queue);

/* Says that nothing more will be pushed. */
void mw_queue_close(struct mw_queue *queue);

#endif
