/* Failures are told in the order of the walk, though many threads find them. */
#include "support.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

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

/* --- Records ---------------------------------------------------------------------------------- */

static enum mw_status on_records(void *context, const struct mw_text *records,
                                 struct mw_error *err) {
    struct told *told = context;
    if (strcmp(records->data, "full") == 0) return mw_error_set(err, MW_IO, "full");
    mw_text_add(&told->text, records->data, records->length);
    return MW_OK;
}

static enum mw_status end_with(struct mw_order *order, uint64_t sequence, const char *records,
                               struct mw_error *err) {
    struct mw_text text = {0};
    mw_text_print(&text, "%s", records);
    enum mw_status status = mw_order_end(order, sequence, "x", NULL, &text, err);
    assert_null(text.data); /* moved away */
    return status;
}

TEST(records_come_in_order_until_one_cannot_be_taken) {
    struct told told = {.at_once = false};
    struct mw_order order;
    struct mw_error err;
    start(&order, &told, 4);
    order.records = on_records;
    assert_int_equal(end_with(&order, 2, "c", &err), MW_OK);
    assert_int_equal(end_with(&order, 1, "b", &err), MW_OK);
    assert_int_equal(order.held, 2);
    assert_string_equal(text_of(&told.text), "");
    assert_int_equal(end_with(&order, 0, "a", &err), MW_OK);
    assert_string_equal(text_of(&told.text), "abc");
    assert_int_equal(order.held, 0);
    assert_int_equal(end_with(&order, 4, "e", &err), MW_OK);
    assert_int_equal(end_with(&order, 3, "full", &err), MW_IO);
    assert_string_equal(err.message, "full");
    assert_int_equal(end_with(&order, 5, "f", &err), MW_OK); /* nobody is told any more */
    assert_string_equal(text_of(&told.text), "abc");
    mw_order_free(&order);
    mw_text_free(&told.text);
}

/* What one thread brings too early, while another has yet to bring what comes first. */
struct early {
    struct mw_order *order;
    atomic_bool ended;
};

enum { LARGE = MW_ORDER_BYTES / 2 + 1 };

static struct mw_text large_text(void) {
    struct mw_text text = {0};
    while (text.length < LARGE) mw_text_add(&text, "0123456789abcdef", 16);
    return text;
}

static void *bring_second(void *argument) {
    struct early *early = argument;
    struct mw_error err;
    struct mw_text text = large_text();
    void *failed = mw_order_end(early->order, 2, "x", NULL, &text, &err) ? early : NULL;
    atomic_store(&early->ended, true);
    return failed;
}

TEST(large_records_wait_for_what_comes_before_them) {
    struct mw_order order;
    struct mw_error err;
    struct early early = {.order = &order};
    struct mw_text text = large_text();
    pthread_t thread;
    void *failed;
    assert_ok(mw_order_init(&order, 8, &err), &err);
    assert_ok(mw_order_end(&order, 1, "x", NULL, &text, &err), &err);
    assert_int_equal(pthread_create(&thread, NULL, bring_second, &early), 0);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    assert_false(atomic_load(&early.ended));
    assert_true(order.held <= MW_ORDER_BYTES);
    assert_int_equal(end_with(&order, 0, "first", &err), MW_OK);
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    assert_int_equal(order.held, 0);
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
        cmocka_unit_test(records_come_in_order_until_one_cannot_be_taken),
        cmocka_unit_test(large_records_wait_for_what_comes_before_them),
        cmocka_unit_test(many_threads_tell_in_order_and_one_at_a_time),
    };
    return RUN_TESTS(tests);
}
