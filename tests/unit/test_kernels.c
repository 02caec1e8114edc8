/* Where bytes change: every kernel against the plainest loop. And the checksum and the tally that are
 * made from what they find. */
#include "support.h"

#include "read/adler.h"
#include "read/kernels.h"
#include "read/tally.h"

enum { LONGEST = 4500, SHORT = 200 }; /* bytes; several batches of blocks, and a few blocks */

/* Two inputs with room behind them, which is full of changes that nobody may see. */
struct inputs {
    unsigned char a[LONGEST + 64 + MW_KERNEL_ROOM], b[LONGEST + 64 + MW_KERNEL_ROOM];
    unsigned char bytes[LONGEST + 64 + MW_KERNEL_ROOM];
    uint32_t found[LONGEST + MW_KERNEL_ROOM], wanted[LONGEST];
};

/* Of 1000 bytes `changes` are unlike the byte of the other input, and as many are not 0. */
static void fill_inputs(struct inputs *inputs, uint64_t *random, size_t changes) {
    for (size_t i = 0; i < sizeof inputs->a; i++) {
        inputs->a[i] = (unsigned char)random_next(random);
        inputs->b[i] = inputs->a[i];
        if (random_below(random, 1000) < changes)
            inputs->b[i] ^= (unsigned char)(1 + random_below(random, 255));
        inputs->bytes[i] = 0;
        if (random_below(random, 1000) < changes)
            inputs->bytes[i] = (unsigned char)(1 + random_below(random, 255));
    }
}

static void check_found(const struct inputs *inputs, const char *what, size_t found, size_t wanted,
                        size_t size) {
    if (found == wanted && memcmp(inputs->found, inputs->wanted, wanted * sizeof(uint32_t)) == 0)
        return;
    fail_msg("%s: %zu positions, not %zu, in %zu bytes", what, found, wanted, size);
}

static void check_kernels(const struct mw_kernels *kernels, struct inputs *inputs, size_t place,
                          size_t size) {
    const unsigned char *a = inputs->a + place, *b = inputs->b + (place * 7 + 3) % 64;
    const unsigned char *bytes = inputs->bytes + (place * 5 + 1) % 64;
    size_t wanted = 0;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0) inputs->wanted[wanted++] = (uint32_t)i;
    check_found(inputs, kernels->name, kernels->nonzero(bytes, size, inputs->found), wanted, size);
    wanted = 0;
    for (size_t i = 0; i < size; i++)
        if (a[i] != b[i]) inputs->wanted[wanted++] = (uint32_t)i;
    check_found(inputs, kernels->name, kernels->differ(a, b, size, inputs->found), wanted, size);
    wanted = 0;
    for (size_t i = 0; i < size; i++)
        if (a[i] != inputs->b[place + i] || bytes[i] != 0) inputs->wanted[wanted++] = (uint32_t)i;
    check_found(inputs, kernels->name,
                kernels->either(bytes, a, inputs->b + place, size, inputs->found), wanted, size);
}

TEST(kernels_find_every_change_at_every_length_and_alignment) {
    static const size_t changes[] = {0, 1, 20, 200, 1000};
    static struct inputs inputs;
    uint64_t random = 1;
    for (size_t k = 0; k < mw_kernels_count; k++) {
        if (!mw_kernels[k]->works()) continue;
        for (size_t i = 0; i < COUNT(changes); i++) {
            fill_inputs(&inputs, &random, changes[i]);
            for (size_t size = 0; size <= SHORT; size++)
                for (size_t place = 0; place < 64; place += 1 + size % 3)
                    check_kernels(mw_kernels[k], &inputs, place, size);
            for (size_t size = LONGEST - 130; size <= LONGEST; size++)
                check_kernels(mw_kernels[k], &inputs, size % 64, size);
        }
    }
}

TEST(kernels_are_found_by_name_and_the_best_of_them_work) {
    bool best = false;
    for (size_t k = 0; k < mw_kernels_count; k++) {
        bool works = mw_kernels[k]->works();
        assert_ptr_equal(mw_kernels_find(mw_kernels[k]->name), works ? mw_kernels[k] : NULL);
        if (works && !best) assert_ptr_equal(mw_kernels_best(), mw_kernels[k]);
        best = best || works;
    }
    assert_true(mw_kernels[mw_kernels_count - 1]->works());
    assert_null(mw_kernels_find("none"));
}

/* --- The checksum ----------------------------------------------------------------------------- */

/* RFC 1950, section 8.2, word for word. */
static uint32_t adler_by_hand(uint32_t adler, const unsigned char *bytes, size_t size) {
    uint32_t a = adler & 0xffff, b = adler >> 16;
    for (size_t i = 0; i < size; i++) {
        a = (a + bytes[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

TEST(the_checksum_of_bytes_and_runs_is_that_of_the_bytes) {
    static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 480, 4000};
    static struct inputs inputs;
    uint64_t random = 2;
    struct mw_adler adler = mw_adler_start();
    uint32_t wanted = 1;
    for (size_t i = 0; i < 40 * COUNT(sizes); i++) {
        size_t size = sizes[i % COUNT(sizes)];
        unsigned char byte = (unsigned char)random_below(&random, 256);
        fill_inputs(&inputs, &random, 100);
        mw_adler_add_bytes(&adler, inputs.a, size);
        wanted = adler_by_hand(wanted, inputs.a, size);
        memset(inputs.a, byte, size);
        mw_adler_add_run(&adler, byte, size);
        wanted = adler_by_hand(wanted, inputs.a, size);
        if (i % 3 == 0) assert_int_equal(mw_adler_reduce(&adler), wanted);
    }
    assert_int_equal(mw_adler_reduce(&adler), wanted);
    assert_int_equal(mw_adler_reduce(&adler), wanted);
}

/* 2^28 - 1 bytes of 255: the sums come near 2^64 and do not pass it. */
TEST(the_checksum_of_many_bytes_does_not_overflow) {
    struct mw_adler adler = mw_adler_start();
    uint64_t size = (1 << 28) - 1, a = 1, b = 0;
    mw_adler_add_run(&adler, 255, size);
    for (uint64_t i = 0; i < size; i++) {
        a += 255;
        if (a >= 65521) a -= 65521;
        b += a; /* less than 2^44 */
    }
    assert_int_equal(mw_adler_reduce(&adler), b % 65521 << 16 | a);
}

/* --- The tally of colours ---------------------------------------------------------------------- */

TEST(a_tally_keeps_every_colour_apart_and_takes_back) {
    enum { COLOURS = 5000 };
    struct mw_tally tally = {0};
    struct mw_error err;
    for (int round = 0; round < 2; round++) { /* the second one begins empty */
        assert_ok(mw_tally_begin(&tally, 0, 1 << 20, &err), &err);
        for (uint32_t i = 0; i < 3 * COLOURS; i++)
            *mw_tally_colour(&tally, i % COLOURS * 3331) += i % COLOURS + 5;
        for (uint32_t i = 0; i < COLOURS; i++) *mw_tally_colour(&tally, i * 3331) -= 15;
        for (uint32_t i = 0; i < COLOURS; i++)
            assert_int_equal(*mw_tally_colour(&tally, i * 3331), 3 * i);
        assert_int_equal(tally.used, COLOURS);
        assert_ok(mw_tally_check(&tally, &err), &err);
    }
    mw_tally_free(&tally);
}

TEST(a_tally_of_too_many_colours_fails_and_stays_small) {
    enum { MOST_COLOURS = 1 << 20 };
    struct mw_tally tally = {0};
    struct mw_error err;
    assert_ok(mw_tally_begin(&tally, 0, 1 << 20, &err), &err);
    for (uint32_t i = 0; i <= MOST_COLOURS; i++) *mw_tally_colour(&tally, i) += 1;
    assert_ok(mw_tally_check(&tally, &err), &err); /* one more: 0 may stand for no pixel */
    for (uint32_t i = 0; i < 1 << 23; i++) *mw_tally_colour(&tally, i) += 1;
    assert_fails(mw_tally_check(&tally, &err), MW_LIMIT, "more than 1048576 distinct values", &err);
    assert_true(tally.capacity <= (size_t)4 * MOST_COLOURS);
    assert_ok(mw_tally_begin(&tally, 256, 1 << 20, &err), &err);
    assert_ok(mw_tally_check(&tally, &err), &err);
    mw_tally_free(&tally);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels_find_every_change_at_every_length_and_alignment),
        cmocka_unit_test(kernels_are_found_by_name_and_the_best_of_them_work),
        cmocka_unit_test(the_checksum_of_bytes_and_runs_is_that_of_the_bytes),
        cmocka_unit_test(the_checksum_of_many_bytes_does_not_overflow),
        cmocka_unit_test(a_tally_keeps_every_colour_apart_and_takes_back),
        cmocka_unit_test(a_tally_of_too_many_colours_fails_and_stays_small),
    };
    return RUN_TESTS(tests);
}
