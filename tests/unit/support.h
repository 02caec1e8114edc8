/* support: what the unit tests share. Include it first. */
#ifndef TESTS_UNIT_SUPPORT_H
#define TESTS_UNIT_SUPPORT_H

#ifndef _XOPEN_SOURCE
#define _XOPEN_SOURCE 700 /* nftw */
#endif

/* cmocka.h needs these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

/* A test; its name is the law that it proves. */
#define TEST(name) static void name(void **state __attribute__((unused)))

#define RUN_TESTS(tests) cmocka_run_group_tests(tests, NULL, NULL)

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* --- Statuses -------------------------------------------------------------------------------- */

/* Every message is one line that a terminal cannot act on. */
static inline bool is_one_line(const char *message) {
    for (const char *s = message; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f) return false;
    return message[0] != '\0';
}

static inline void check_status(enum mw_status status, enum mw_status wanted, const char *part,
                                const struct mw_error *err, const char *file, int line) {
    if (status != wanted) {
        print_error("%s:%d: status %d, not %d; message: %s\n", file, line, (int)status, (int)wanted,
                    status ? err->message : "(none)");
        _fail(file, line);
    }
    if (status == MW_OK) return;
    if (err->status != status || !is_one_line(err->message)) {
        print_error("%s:%d: not one line, or of another status: %s\n", file, line, err->message);
        _fail(file, line);
    }
    if (part && !strstr(err->message, part)) {
        print_error("%s:%d: '%s' is not in: %s\n", file, line, part, err->message);
        _fail(file, line);
    }
}

#define assert_ok(call, err) check_status(call, MW_OK, NULL, err, __FILE__, __LINE__)

/* The call fails with this status, and its message holds `part` (NULL: whatever it says). */
#define assert_fails(call, status, part, err)                                                      \
    check_status(call, status, part, err, __FILE__, __LINE__)

/* --- Numbers --------------------------------------------------------------------------------- */

static inline void check_near(double value, double wanted, double tolerance, const char *file,
                              int line) {
    if (fabs(value - wanted) <= tolerance * fmax(fabs(wanted), 1e-300)) return;
    print_error("%s:%d: %.17g is not %.17g\n", file, line, value, wanted);
    _fail(file, line);
}

/* Equal but for the rounding of a few operations. */
#define assert_near(value, wanted) check_near(value, wanted, 1e-12, __FILE__, __LINE__)

#define assert_within(value, wanted, relative)                                                     \
    check_near(value, wanted, relative, __FILE__, __LINE__)

/* SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every machine. */
static inline uint64_t random_next(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A number from 0 to `below` - 1. */
static inline size_t random_below(uint64_t *state, size_t below) {
    return (size_t)(random_next(state) % below);
}

/* --- Files ----------------------------------------------------------------------------------- */

enum { PATH_SIZE = 512 };

/* Makes an empty directory; its path is in `out`. */
static inline void make_directory(char out[PATH_SIZE]) {
    const char *base = getenv("TMPDIR");
    snprintf(out, PATH_SIZE, "%s/maskweight-test-XXXXXX", base && *base ? base : "/tmp");
    assert_non_null(mkdtemp(out));
}

static inline int remove_entry(const char *path, const struct stat *info, int kind,
                               struct FTW *place) {
    (void)info;
    (void)kind;
    (void)place;
    return remove(path);
}

/* Removes a directory with everything in it; links are not followed. */
static inline void remove_directory(const char *path) {
    assert_int_equal(nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void join_path(char out[PATH_SIZE], const char *directory, const char *name) {
    int length = snprintf(out, PATH_SIZE, "%s/%s", directory, name);
    assert_true(length > 0 && length < PATH_SIZE);
}

/* Writes a file into a directory; its path is in `out`. */
static inline void write_file(char out[PATH_SIZE], const char *directory, const char *name,
                              const void *bytes, size_t length) {
    join_path(out, directory, name);
    FILE *file = fopen(out, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

/* --- Text ------------------------------------------------------------------------------------ */

static inline const char *text_of(const struct mw_text *text) {
    assert_false(text->failed);
    return text->data ? text->data : "";
}

#endif
