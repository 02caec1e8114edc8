#include "base/queue.h"

#include <stdlib.h>

enum mw_status mw_queue_init(struct mw_queue *queue, size_t capacity, struct mw_error *err) {
    *queue = (struct mw_queue){.capacity = capacity};
    atomic_init(&queue->idle, 0);
    queue->items = calloc(capacity, sizeof *queue->items);
    if (!queue->items) return mw_error_memory(err);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    return MW_OK;
}

void mw_queue_free(struct mw_queue *queue) {
    if (!queue->items) return;
    pthread_mutex_destroy(&queue->lock);
    pthread_cond_destroy(&queue->not_empty);
    pthread_cond_destroy(&queue->not_full);
    free(queue->items);
    queue->items = NULL;
}

/* Who waits for room sleeps until half of the queue is free: to wake it for each place costs more than
 * counting a small mask. */
void mw_queue_push(struct mw_queue *queue, void *item) {
    pthread_mutex_lock(&queue->lock);
    while (queue->count == queue->capacity) pthread_cond_wait(&queue->not_full, &queue->lock);
    queue->items[(queue->first + queue->count++) % queue->capacity] = item;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->lock);
}

void *mw_queue_pop(struct mw_queue *queue) {
    void *item = NULL;
    pthread_mutex_lock(&queue->lock);
    bool waits = queue->count == 0;
    if (waits) atomic_fetch_add(&queue->idle, 1);
    while (queue->count == 0 && !queue->closed) pthread_cond_wait(&queue->not_empty, &queue->lock);
    if (queue->count > 0) {
        if (waits) atomic_fetch_sub(&queue->idle, 1);
        item = queue->items[queue->first];
        queue->first = (queue->first + 1) % queue->capacity;
        queue->count--;
        if (queue->count == queue->capacity / 2) pthread_cond_broadcast(&queue->not_full);
    }
    pthread_mutex_unlock(&queue->lock);
    return item;
}

void mw_queue_close(struct mw_queue *queue) {
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->not_empty);
    pthread_mutex_unlock(&queue->lock);
}
