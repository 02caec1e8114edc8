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

static void outcome_free(struct mw_outcome *outcome) {
    free(outcome->path);
    free(outcome->message);
    mw_text_free(&outcome->records);
    *outcome = (struct mw_outcome){0};
}

static enum mw_status tell(struct mw_order *order, const struct mw_outcome *outcome,
                           struct mw_error *err) {
    enum mw_status status = MW_OK;
    if (outcome->message && order->failure)
        order->failure(order->context, outcome->path, outcome->message);
    if (outcome->records.length && order->records)
        status = order->records(order->context, &outcome->records, err);
    if (status) order->records = NULL;
    return status;
}

/* Tells what has ended, as far as no earlier item is missing. */
static enum mw_status advance(struct mw_order *order, struct mw_error *err) {
    enum mw_status status = MW_OK;
    struct mw_outcome *outcome;
    while ((outcome = &order->window[order->next % order->capacity])->done) {
        if (tell(order, outcome, err)) status = err->status;
        order->held -= outcome->records.length;
        outcome_free(outcome);
        order->next++;
    }
    pthread_cond_broadcast(&order->moved);
    return status;
}

/* The item that all others wait for is never held back. */
static bool must_wait(const struct mw_order *order, uint64_t sequence, size_t bytes) {
    if (sequence == order->next) return false;
    return sequence >= order->next + order->capacity ||
           (order->held && order->held + bytes > MW_ORDER_BYTES);
}

enum mw_status mw_order_end(struct mw_order *order, uint64_t sequence, const char *path,
                            const char *message, struct mw_text *records, struct mw_error *err) {
    struct mw_outcome outcome = {.done = true};
    enum mw_status status = MW_OK;
    bool kept = true;
    if (message) {
        outcome.path = strdup(path);
        outcome.message = strdup(message);
        kept = outcome.path && outcome.message;
    }
    if (!kept) {
        outcome_free(&outcome);
        outcome.done = true;
    }
    if (records) {
        outcome.records = *records;
        *records = (struct mw_text){0};
    }
    pthread_mutex_lock(&order->lock);
    while (must_wait(order, sequence, outcome.records.length))
        pthread_cond_wait(&order->moved, &order->lock);
    order->held += outcome.records.length;
    order->window[sequence % order->capacity] = outcome;
    if (sequence == order->next) status = advance(order, err);
    pthread_mutex_unlock(&order->lock);
    return kept ? status : mw_error_memory(err);
}
