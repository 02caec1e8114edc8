#include "base/order.h"

#include <stdlib.h>
#include <string.h>

enum mw_status mw_order_init(struct mw_order *order, uint64_t capacity, struct mw_error *err) {
    *order = (struct mw_order){.capacity = capacity};
    order->window = calloc(capacity, sizeof *order->window);
    if (!order->window) return mw_error_memory(err);
    pthread_mutex_init(&order->lock, NULL);
    pthread_cond_init(&order->moved, NULL);
    return MW_OK;
}

void mw_order_free(struct mw_order *order) {
    if (!order->window) return;
    pthread_mutex_destroy(&order->lock);
    pthread_cond_destroy(&order->moved);
    free(order->window);
    order->window = NULL;
}

/* Tells what has ended, as far as no earlier item is missing. */
static void advance(struct mw_order *order) {
    struct mw_outcome *outcome;
    while ((outcome = &order->window[order->next % order->capacity])->done) {
        if (outcome->message && order->failure)
            order->failure(order->context, outcome->path, outcome->message);
        free(outcome->path);
        free(outcome->message);
        *outcome = (struct mw_outcome){0};
        order->next++;
    }
    pthread_cond_broadcast(&order->moved);
}

enum mw_status mw_order_end(struct mw_order *order, uint64_t sequence, const char *path,
                            const char *message, struct mw_error *err) {
    struct mw_outcome outcome = {.done = true};
    bool kept = true;
    if (message) {
        outcome.path = strdup(path);
        outcome.message = strdup(message);
        kept = outcome.path && outcome.message;
    }
    if (!kept) {
        free(outcome.path);
        free(outcome.message);
        outcome = (struct mw_outcome){.done = true};
    }
    pthread_mutex_lock(&order->lock);
    while (sequence >= order->next + order->capacity)
        pthread_cond_wait(&order->moved, &order->lock);
    order->window[sequence % order->capacity] = outcome;
    if (sequence == order->next) advance(order);
    pthread_mutex_unlock(&order->lock);
    return kept ? MW_OK : mw_error_memory(err);
}
