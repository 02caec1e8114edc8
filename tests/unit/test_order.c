/* Failures are told in the order of the walk, though many threads find them. */
#include "support.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/order.h"

enum { ITEMS = 400, THREADS = 4, WINDOW = 8 };

/* What was told, as "path: message" lines, and whether two were told at once. */
struct told {
    struct mw_text text;
    atomic_int inside;
    bool at_once;
};

static void on_failure(void *context, const char *path, const char *message) {
    struct told *told = context;
    if (atomic_fetch_add(&told->inside, 1) != 0) told->at_once = true;
    mw_text_print(&told->text, "%s: %s\n", path, message);
    atomic_fetch_sub(&told->inside, 1);
}

static void start(struct mw_order *order, struct told *told, uint64_t capacity) {
    struct mw_error err;
    assert_ok(mw_order_init(order, capacity, &err), &err);
    order->failure = on_failure;
    order->context = told;
}

static void end(struct mw_order *order, uint64_t sequence, const char *path, const char *message) {
    struct mw_error err;
    assert_ok(mw_order_end(order, sequence, path, message, NULL, &err), &err);
}

TEST(failures_wait_for_what_comes_before_them) {
    struct told told = {.at_once = false};
    struct mw_order order;
    start(&order, &told, 4);
    end(&order, 2, "c", "broken");
    end(&order, 1, "b", NULL);
    assert_string_equal(text_of(&told.text), "");
    end(&order, 0, "a", "empty");
    assert_string_equal(text_of(&told.text), "a: empty\nc: broken\n");
    end(&order, 4, "e", "late");
    end(&order, 3, "d", NULL);
    assert_string_equal(text_of(&told.text), "a: empty\nc: broken\ne: late\n");
    mw_order_free(&order);
    mw_text_free(&told.text);
}

TEST(nobody_has_to_listen) {
    struct mw_order order;
    struct mw_error err;
    assert_ok(mw_order_init(&order, 2, &err), &err);
    end(&order, 1, "b", "broken");
    end(&order, 0, "a", "broken");
    mw_order_free(&order);
}

/* --- Many threads ---------------------------------------------------------------------------- */

struct shared {
    struct mw_order order;
    atomic_size_t next; /* item to take */
};

static bool fails(size_t item) {
    return item % 3 != 1;
}

/* Takes items in order, as workers do, and ends them whenever. */
static void *work(void *argument) {
    struct shared *shared = argument;
    for (size_t item; (item = atomic_fetch_add(&shared->next, 1)) < ITEMS;) {
        char path[32];
        struct mw_error err;
        snprintf(path, sizeof path, "%zu", item);
        if (item % 7 == 0) sched_yield();
        if (mw_order_end(&shared->order, item, path, fails(item) ? "broken" : NULL, NULL, &err))
            return shared;
    }
    return NULL;
}

TEST(many_threads_tell_in_order_and_one_at_a_time) {
    struct mw_text wanted = {0};
    for (size_t item = 0; item < ITEMS; item++)
        if (fails(item)) mw_text_print(&wanted, "%zu: broken\n", item);
    for (uint64_t capacity = 1; capacity <= WINDOW; capacity *= 2) {
        struct told told = {.at_once = false};
        struct shared shared = {.next = 0};
        pthread_t threads[THREADS];
        start(&shared.order, &told, capacity);
        for (size_t i = 0; i < THREADS; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, work, &shared), 0);
        for (size_t i = 0; i < THREADS; i++) {
            void *failed;
            assert_int_equal(pthread_join(threads[i], &failed), 0);
            assert_null(failed);
        }
        assert_string_equal(text_of(&told.text), text_of(&wanted));
        assert_false(told.at_once);
        mw_order_free(&shared.order);
        mw_text_free(&told.text);
    }
    mw_text_free(&wanted);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_wait_for_what_comes_before_them),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(many_threads_tell_in_order_and_one_at_a_time),
    };
    return RUN_TESTS(tests);
}
