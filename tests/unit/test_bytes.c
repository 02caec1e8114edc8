/* What a file holds, through the window and whole. */
#define _GNU_SOURCE /* mincore */
#include "support.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "base/bytes.h"

static char directory[PATH_SIZE];

/* Larger than three windows, and no multiple of one. */
static unsigned char content[3 * MW_INPUT_WINDOW + 12345];
static char large[PATH_SIZE], small[PATH_SIZE], empty[PATH_SIZE];

static int setup(void **state) {
    uint64_t seed = 1;
    (void)state;
    for (size_t i = 0; i < sizeof content; i++) content[i] = (unsigned char)random_next(&seed);
    make_directory(directory);
    write_file(large, directory, "large", content, sizeof content);
    write_file(small, directory, "small", content, 100);
    write_file(empty, directory, "empty", content, 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    remove_directory(directory);
    return 0;
}

/* --- Input ----------------------------------------------------------------------------------- */

static void check_read(struct mw_input *input, uint64_t offset, size_t length) {
    struct mw_error err;
    unsigned char *out = malloc(length ? length : 1);
    assert_non_null(out);
    assert_ok(mw_input_read(input, offset, out, length, &err), &err);
    assert_memory_equal(out, content + offset, length);
    free(out);
}

TEST(reads_at_any_offset_equal_memory) {
    struct mw_input input = {0};
    struct mw_error err;
    uint64_t seed = 2;
    assert_ok(mw_input_open(&input, large, &err), &err);
    assert_int_equal(input.size, sizeof content);
    for (int round = 0; round < 3000; round++) {
        static const size_t most[] = {
            1, 16, 5000, MW_INPUT_WINDOW - 1, MW_INPUT_WINDOW, MW_INPUT_WINDOW + 1, sizeof content};
        size_t length = random_below(&seed, most[round % (round % 50 ? 3 : COUNT(most))] + 1);
        check_read(&input, random_below(&seed, sizeof content - length + 1), length);
    }
    mw_input_free(&input);
}

TEST(reads_in_order_and_across_the_window_equal_memory) {
    struct mw_input input = {0};
    struct mw_error err;
    assert_ok(mw_input_open(&input, large, &err), &err);
    for (size_t offset = 0; offset + 997 <= sizeof content; offset += 997)
        check_read(&input, offset, 997);
    static const size_t lengths[] = {2, 4096, MW_INPUT_WINDOW - 1, MW_INPUT_WINDOW,
                                     2 * MW_INPUT_WINDOW};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        check_read(&input, 0, 1);
        check_read(&input, MW_INPUT_WINDOW - 1, lengths[i]); /* over the edge */
        check_read(&input, sizeof content - lengths[i], lengths[i]);
        check_read(&input, 0, lengths[i]); /* and back */
    }
    mw_input_free(&input);
}

TEST(memory_reads_as_a_file_does) {
    struct mw_input input = {0};
    uint64_t seed = 3;
    mw_input_memory(&input, content, sizeof content);
    for (int round = 0; round < 200; round++) {
        size_t length = random_below(&seed, 100000);
        check_read(&input, random_below(&seed, sizeof content - length + 1), length);
    }
    mw_input_free(&input);
}

static void check_truncated(struct mw_input *input, uint64_t size) {
    struct mw_error err;
    unsigned char out[200];
    assert_fails(mw_input_read(input, size, out, 1, &err), MW_BROKEN, NULL, &err);
    assert_fails(mw_input_read(input, 0, out, (size_t)size + 1, &err), MW_BROKEN, NULL, &err);
    assert_fails(mw_input_read(input, size + 1, out, 0, &err), MW_BROKEN, NULL, &err);
    assert_fails(mw_input_read(input, UINT64_MAX, out, 1, &err), MW_BROKEN, NULL, &err);
    assert_fails(mw_input_read(input, UINT64_MAX - 3, out, 100, &err), MW_BROKEN, NULL, &err);
    assert_ok(mw_input_read(input, size, out, 0, &err), &err);
    assert_ok(mw_input_read(input, 0, out, (size_t)size, &err), &err);
}

TEST(reading_beyond_the_end_is_an_error) {
    struct mw_input input = {0};
    struct mw_error err;
    assert_ok(mw_input_open(&input, small, &err), &err);
    check_truncated(&input, 100);
    mw_input_close(&input);
    assert_ok(mw_input_open(&input, empty, &err), &err);
    check_truncated(&input, 0);
    mw_input_close(&input);
    mw_input_memory(&input, content, 100);
    check_truncated(&input, 100);
    mw_input_memory(&input, NULL, 0);
    check_truncated(&input, 0);
    mw_input_free(&input);
}

/* A file that shrinks while it is read ends too early; it gives no bytes of another place. */
TEST(a_file_that_shrinks_is_an_error) {
    struct mw_input input = {0};
    struct mw_error err;
    unsigned char *out = malloc(sizeof content);
    char path[PATH_SIZE];
    assert_non_null(out);
    write_file(path, directory, "shrinks", content, sizeof content);
    assert_ok(mw_input_open(&input, path, &err), &err);
    check_read(&input, 0, 100);
    assert_int_equal(truncate(path, 1000), 0);
    assert_fails(mw_input_read(&input, 2 * MW_INPUT_WINDOW, out, 100, &err), MW_BROKEN, "early",
                 &err);
    assert_fails(mw_input_read(&input, 0, out, sizeof content, &err), MW_BROKEN, "early", &err);
    check_read(&input, 900, 100);
    assert_fails(mw_input_read(&input, 950, out, 100, &err), MW_BROKEN, "early", &err);
    mw_input_free(&input);
    free(out);
}

/* One input serves many files, and nothing of one is read from another. */
TEST(an_input_is_reused) {
    struct mw_input input = {0};
    struct mw_error err;
    char other[PATH_SIZE];
    unsigned char byte;
    write_file(other, directory, "other", "other", 5);
    for (int round = 0; round < 2000; round++) { /* more than a process may have files open */
        assert_ok(mw_input_open(&input, round % 2 ? other : small, &err), &err);
        assert_ok(mw_input_read(&input, 0, &byte, 1, &err), &err);
        assert_int_equal(byte, round % 2 ? 'o' : content[0]);
        mw_input_close(&input);
    }
    mw_input_free(&input);
    mw_input_free(&input);
}

TEST(what_is_no_regular_file_is_refused_without_waiting) {
    struct mw_input input = {0};
    struct mw_error err;
    char pipe_path[PATH_SIZE], gone[PATH_SIZE];
    join_path(pipe_path, directory, "pipe");
    join_path(gone, directory, "gone");
    assert_int_equal(mkfifo(pipe_path, 0666), 0);
    alarm(10); /* a test that waits for the other end of the pipe ends here */
    assert_fails(mw_input_open(&input, pipe_path, &err), MW_REFUSED, "regular", &err);
    alarm(0);
    assert_fails(mw_input_open(&input, directory, &err), MW_REFUSED, "directory", &err);
    assert_fails(mw_input_open(&input, "/dev/null", &err), MW_REFUSED, "regular", &err);
    assert_fails(mw_input_open(&input, gone, &err), MW_IO, "No such file", &err);
    mw_input_free(&input);
}

/* --- Whole files ----------------------------------------------------------------------------- */

TEST(a_whole_file_is_appended) {
    struct mw_text text = {0};
    struct mw_error err;
    mw_text_add(&text, "before", 6);
    assert_ok(mw_bytes_slurp_path(large, 6 + sizeof content, &text, &err), &err);
    assert_int_equal(text.length, 6 + sizeof content);
    assert_memory_equal(text.data, "before", 6);
    assert_memory_equal(text.data + 6, content, sizeof content);
    mw_text_free(&text);
    assert_ok(mw_bytes_slurp_path(empty, 0, &text, &err), &err);
    assert_int_equal(text.length, 0);
    mw_text_free(&text);
}

TEST(a_file_larger_than_the_limit_is_refused_by_name) {
    struct mw_text text = {0};
    struct mw_error err;
    assert_fails(mw_bytes_slurp_path(large, sizeof content - 1, &text, &err), MW_LIMIT, large,
                 &err);
    mw_text_free(&text);
    assert_fails(mw_bytes_slurp_path(small, 99, &text, &err), MW_LIMIT, small, &err);
    mw_text_free(&text);
    assert_ok(mw_bytes_slurp_path(small, 100, &text, &err), &err);
    mw_text_free(&text);
}

TEST(a_file_that_cannot_be_read_is_named) {
    struct mw_text text = {0};
    struct mw_error err;
    assert_fails(mw_bytes_slurp_path("no/such/file", 10, &text, &err), MW_IO, "no/such/file", &err);
    assert_fails(mw_bytes_slurp_path(directory, 10, &text, &err), MW_IO, directory, &err);
    mw_text_free(&text);
}

/* --- Writing --------------------------------------------------------------------------------- */

TEST(what_is_written_is_read_back) {
    struct mw_text text = {0};
    struct mw_error err;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_ok(mw_bytes_write(ends[1], content, 4000, &err), &err);
    assert_ok(mw_bytes_write(ends[1], content, 0, &err), &err);
    close(ends[1]);
    assert_ok(mw_bytes_slurp(ends[0], 4000, &text, &err), &err);
    close(ends[0]);
    assert_int_equal(text.length, 4000);
    assert_memory_equal(text.data, content, 4000);
    mw_text_free(&text);
}

TEST(a_full_disk_is_an_error) {
    struct mw_error err;
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0) {
        print_message("skipped: there is no /dev/full\n");
        skip();
    }
    assert_fails(mw_bytes_write(fd, "x", 1, &err), MW_IO, "cannot write", &err);
    close(fd);
}

/* --- Several threads, and the page cache ------------------------------------------------------ */

TEST(a_view_reads_the_same_and_closes_nothing) {
    struct mw_input input = {0}, view = {0};
    struct mw_error err;
    assert_ok(mw_input_open(&input, large, &err), &err);
    assert_ok(mw_input_view(&view, &input, &err), &err);
    check_read(&view, 5, 1000);
    check_read(&input, 700000, 50);
    check_read(&view, 1000, MW_INPUT_WINDOW + 7);
    mw_input_free(&view);
    check_read(&input, 3, sizeof content - 3);
    mw_input_close(&input);
    mw_input_memory(&input, content, sizeof content);
    assert_ok(mw_input_view(&view, &input, &err), &err);
    check_read(&view, 12, 34567);
    mw_input_free(&view);
    mw_input_free(&input);
}

/* Whether the first page of a file is in the page cache. */
static bool is_cached(const char *path) {
    unsigned char pages[1] = {0};
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    void *map = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
    assert_ptr_not_equal(map, MAP_FAILED);
    assert_int_equal(mincore(map, 1, pages), 0);
    munmap(map, 1);
    close(fd);
    return pages[0] & 1;
}

static void drop(const char *path) {
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    fsync(fd);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
}

TEST(an_input_says_whether_it_waited_for_the_disk) {
    struct mw_input input = {0};
    struct mw_error err;
    drop(small);
    bool cached = is_cached(small);
    assert_ok(mw_input_open(&input, small, &err), &err);
    check_read(&input, 0, 100);
    if (input.cannot_say || cached) print_message("skipped: this file system does not tell\n");
    else assert_true(input.waited);
    mw_input_free(&input);
    input = (struct mw_input){0};
    assert_ok(mw_input_open(&input, small, &err), &err);
    check_read(&input, 0, 100);
    assert_false(input.waited);
    mw_input_free(&input);
}

TEST(what_is_asked_for_ahead_comes_into_memory) {
    drop(small);
    mw_input_ahead(small);
    for (int i = 0; i < 500 && !is_cached(small); i++)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    assert_true(is_cached(small));
    mw_input_ahead("/nothing/here");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_at_any_offset_equal_memory),
        cmocka_unit_test(reads_in_order_and_across_the_window_equal_memory),
        cmocka_unit_test(memory_reads_as_a_file_does),
        cmocka_unit_test(reading_beyond_the_end_is_an_error),
        cmocka_unit_test(a_file_that_shrinks_is_an_error),
        cmocka_unit_test(an_input_is_reused),
        cmocka_unit_test(what_is_no_regular_file_is_refused_without_waiting),
        cmocka_unit_test(a_whole_file_is_appended),
        cmocka_unit_test(a_file_larger_than_the_limit_is_refused_by_name),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(a_view_reads_the_same_and_closes_nothing),
        cmocka_unit_test(an_input_says_whether_it_waited_for_the_disk),
        cmocka_unit_test(what_is_asked_for_ahead_comes_into_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
