/* The bounded queue, by one thread and by many. */
#include "support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/queue.h"

static int items[64]; /* whose addresses are queued */

TEST(items_come_out_in_the_order_in_which_they_went_in) {
    struct mw_queue queue;
    struct mw_error err;
    assert_ok(mw_queue_init(&queue, 5, &err), &err);
    size_t in = 0, out = 0;
    for (size_t round = 0; round < 20; round++) { /* the ring wraps many times */
        for (size_t i = 0; i < 1 + round % 5; i++) mw_queue_push(&queue, &items[in++ % 64]);
        while (out < in) assert_ptr_equal(mw_queue_pop(&queue), &items[out++ % 64]);
    }
    mw_queue_free(&queue);
}

TEST(a_closed_queue_gives_what_it_holds_and_then_nothing) {
    struct mw_queue queue;
    struct mw_error err;
    assert_ok(mw_queue_init(&queue, 4, &err), &err);
    mw_queue_push(&queue, &items[0]);
    mw_queue_push(&queue, &items[1]);
    mw_queue_close(&queue);
    assert_ptr_equal(mw_queue_pop(&queue), &items[0]);
    assert_ptr_equal(mw_queue_pop(&queue), &items[1]);
    assert_null(mw_queue_pop(&queue));
    assert_null(mw_queue_pop(&queue));
    mw_queue_free(&queue);
}

TEST(freeing_a_zeroed_queue_is_allowed) {
    struct mw_queue queue = {0};
    mw_queue_free(&queue);
}

static void nap(void) {
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

/* --- Waiting --------------------------------------------------------------------------------- */

struct shared {
    struct mw_queue queue;
    atomic_size_t pushed, popped;
    atomic_size_t seen[COUNT(items)];
};

static void *push_all(void *argument) {
    struct shared *shared = argument;
    for (size_t i = 0; i < COUNT(items); i++) {
        mw_queue_push(&shared->queue, &items[i]);
        atomic_fetch_add(&shared->pushed, 1);
    }
    return NULL;
}

static void *pop_all(void *argument) {
    struct shared *shared = argument;
    for (const int *item; (item = mw_queue_pop(&shared->queue));) {
        atomic_fetch_add(&shared->seen[item - items], 1);
        atomic_fetch_add(&shared->popped, 1);
    }
    return NULL;
}

/* A producer without a consumer fills the queue and waits. */
TEST(a_full_queue_makes_the_producer_wait) {
    struct shared shared = {.pushed = 0};
    struct mw_error err;
    pthread_t producer;
    assert_ok(mw_queue_init(&shared.queue, 3, &err), &err);
    assert_int_equal(pthread_create(&producer, NULL, push_all, &shared), 0);
    nap();
    assert_true(atomic_load(&shared.pushed) <= 3);
    for (size_t i = 0; i < COUNT(items); i++)
        assert_ptr_equal(mw_queue_pop(&shared.queue), &items[i]);
    assert_int_equal(pthread_join(producer, NULL), 0);
    assert_int_equal(atomic_load(&shared.pushed), COUNT(items));
    mw_queue_free(&shared.queue);
}

/* They stay idle when they are sent away. */
TEST(threads_that_wait_are_idle) {
    struct shared shared = {.pushed = 0};
    struct mw_error err;
    pthread_t consumers[3];
    assert_ok(mw_queue_init(&shared.queue, 2, &err), &err);
    assert_int_equal(atomic_load(&shared.queue.idle), 0);
    for (size_t i = 0; i < COUNT(consumers); i++)
        assert_int_equal(pthread_create(&consumers[i], NULL, pop_all, &shared), 0);
    for (int i = 0; i < 500 && atomic_load(&shared.queue.idle) < 3; i++) nap();
    assert_int_equal(atomic_load(&shared.queue.idle), 3);
    push_all(&shared);
    mw_queue_close(&shared.queue);
    for (size_t i = 0; i < COUNT(consumers); i++)
        assert_int_equal(pthread_join(consumers[i], NULL), 0);
    assert_int_equal(atomic_load(&shared.queue.idle), 3);
    mw_queue_free(&shared.queue);
    assert_ok(mw_queue_init(&shared.queue, 2, &err), &err);
    mw_queue_push(&shared.queue, &items[0]);
    assert_ptr_equal(mw_queue_pop(&shared.queue), &items[0]);
    assert_int_equal(atomic_load(&shared.queue.idle), 0); /* at work */
    mw_queue_free(&shared.queue);
}

TEST(closing_wakes_every_consumer) {
    enum { CONSUMERS = 4 };
    struct shared shared = {.pushed = 0};
    struct mw_error err;
    pthread_t consumers[CONSUMERS];
    assert_ok(mw_queue_init(&shared.queue, 2, &err), &err);
    for (size_t i = 0; i < CONSUMERS; i++)
        assert_int_equal(pthread_create(&consumers[i], NULL, pop_all, &shared), 0);
    nap();
    mw_queue_close(&shared.queue);
    for (size_t i = 0; i < CONSUMERS; i++) assert_int_equal(pthread_join(consumers[i], NULL), 0);
    assert_int_equal(atomic_load(&shared.popped), 0);
    mw_queue_free(&shared.queue);
}

/* --- Many producers and consumers ------------------------------------------------------------ */

static void check_threads(size_t capacity, size_t producers, size_t consumers) {
    struct shared shared = {.pushed = 0};
    struct mw_error err;
    pthread_t threads[16];
    assert_true(producers + consumers <= COUNT(threads));
    assert_ok(mw_queue_init(&shared.queue, capacity, &err), &err);
    for (size_t i = 0; i < producers + consumers; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, i < producers ? push_all : pop_all, &shared), 0);
    for (size_t i = 0; i < producers; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    mw_queue_close(&shared.queue);
    for (size_t i = producers; i < producers + consumers; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(atomic_load(&shared.popped), producers * COUNT(items));
    for (size_t i = 0; i < COUNT(items); i++)
        assert_int_equal(atomic_load(&shared.seen[i]), producers);
    mw_queue_free(&shared.queue);
}

TEST(every_item_is_taken_exactly_once) {
    for (int round = 0; round < 20; round++) {
        check_threads(1, 1, 1);
        check_threads(1, 4, 4);
        check_threads(3, 2, 8);
        check_threads(64, 8, 2);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_the_order_in_which_they_went_in),
        cmocka_unit_test(a_closed_queue_gives_what_it_holds_and_then_nothing),
        cmocka_unit_test(freeing_a_zeroed_queue_is_allowed),
        cmocka_unit_test(a_full_queue_makes_the_producer_wait),
        cmocka_unit_test(threads_that_wait_are_idle),
        cmocka_unit_test(closing_wakes_every_consumer),
        cmocka_unit_test(every_item_is_taken_exactly_once),
    };
    return RUN_TESTS(tests);
}
