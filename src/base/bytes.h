/* bytes: what a file holds, read at any offset through one reused window, or whole. */
#ifndef MW_BASE_BYTES_H
#define MW_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"

/* An integer of four bytes, the highest first. */
static inline uint32_t mw_big_endian_32(const unsigned char bytes[4]) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* An integer of eight bytes, the lowest first. */
static inline uint64_t mw_little_endian_64(const unsigned char bytes[8]) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* What tells whether a file is still the one that was read, times since 1970. */
struct mw_file_state {
    uint64_t size; /* bytes */
    uint64_t inode;
    int64_t modified_ns; /* nanoseconds: its content */
    int64_t changed_ns;  /* the same: its content, name, rights or links */
};

/* The state of a file, links followed. False: there is none, or it is no regular file. */
bool mw_file_state_of(const char *path, struct mw_file_state *state);
bool mw_file_state_equal(const struct mw_file_state *a, const struct mw_file_state *b);

/* Standard size of the window in bytes: a mask smaller than this costs one read. */
#define MW_INPUT_WINDOW ((size_t)256 * 1024)

/* An open file, or bytes in memory. Zeroed is closed. One thread at a time. The window and
 * the scratch survive mw_input_close, so that one input serves many files. */
struct mw_input {
    int fd;                      /* open file; unused when `memory` is set */
    const unsigned char *memory; /* [size], not owned; NULL for a file */
    bool is_view;                /* the file is open for another input */
    unsigned opened;             /* files so far */
    bool waited;     /* set when bytes of a file were not in the page cache; reset it at will */
    bool cannot_say; /* the file system does not tell */
    uint64_t size;   /* bytes */
    struct mw_file_state state;          /* of the file, at its opening */
    int64_t opened_ns;                   /* when that was, nanoseconds since 1970 */
    unsigned seconds;                    /* that may pass; 0: any number */
    struct timespec until;               /* when they have passed, on the monotonic clock */
    size_t window_size;                  /* bytes; 0 before the first file: MW_INPUT_WINDOW */
    unsigned char *window;               /* [window_size] */
    uint64_t window_offset;              /* place of window[0] in the file */
    size_t window_length;                /* bytes of the window that are filled */
    void *scratch;                       /* what a decoder keeps from file to file; or NULL */
    void (*free_scratch)(void *scratch); /* releases it, and tells whose it is */
};

/* open(2), again when a signal interrupts it; a file that it makes follows the umask. Returns a
 * descriptor, or -1 with errno. */
int mw_bytes_open(const char *path, int flags);

/* Opens a regular file; never blocks on a FIFO or device. Errors: MW_IO, MW_REFUSED (not a regular
 * file), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_input_open(struct mw_input *input, const char *path,
                                           struct mw_error *err);

/* Reads from `size` bytes that stay the caller's. */
void mw_input_memory(struct mw_input *input, const void *bytes, size_t size);

/* From now on, reading fails once so many seconds have passed; 0: it never does. Whatever a decoder does,
 * it has to read. Files that are opened later keep no limit of an earlier one. */
void mw_input_limit_time(struct mw_input *input, unsigned seconds);

/* Reads what `of` reads, for another thread and as long as that is open. `view` is zeroed; free it with
 * mw_input_free, which closes nothing. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_input_view(struct mw_input *view, const struct mw_input *of,
                                           struct mw_error *err);

/* Copies exactly `length` bytes at `offset` to `out`. Errors: MW_IO; MW_BROKEN when the file ends
 * before that; MW_LIMIT when its time has passed. */
MW_MUST_CHECK enum mw_status mw_input_read(struct mw_input *input, uint64_t offset, void *out,
                                           size_t length, struct mw_error *err);

/* Checks that the file is as it was when it was opened: what was read may be half of the old file and
 * half of a new one. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_input_check(const struct mw_input *input, struct mw_error *err);

/* Whether a file that passed mw_input_check would be told from any later one: nothing about it changed since it was
 * opened, and nothing had within the two seconds before, in which a coarse clock gives two states one time. */
bool mw_input_is_settled(const struct mw_input *input);

/* What a decoder keeps from file to file: `size` bytes, zeroed at first and whenever another decoder's
 * stood there, which is released. `free_scratch` releases it. NULL when memory runs out. */
void *mw_input_scratch(struct mw_input *input, size_t size, void (*free_scratch)(void *scratch));

/* Asks the system to read the beginning of a file that will be opened soon, and does not wait for it. What
 * goes wrong will be told when it is opened. */
void mw_input_ahead(const char *path);

/* Closes the file and keeps the window. */
void mw_input_close(struct mw_input *input);

/* Closes the file, releases the window and the scratch. */
void mw_input_free(struct mw_input *input);

/* Appends everything that is left in `fd` to `text`. Errors: MW_IO, MW_NO_MEMORY, MW_LIMIT (that makes more
 * than `limit` bytes: the message names --max-text). */
MW_MUST_CHECK enum mw_status mw_bytes_slurp(int fd, size_t limit, struct mw_text *text,
                                            struct mw_error *err);

/* Appends a whole file to `text`; the errors name the path. Pipes and devices are read too. */
MW_MUST_CHECK enum mw_status mw_bytes_slurp_path(const char *path, size_t limit,
                                                 struct mw_text *text, struct mw_error *err);

/* Writes all of `length` bytes to `fd`. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_bytes_write(int fd, const void *bytes, size_t length,
                                            struct mw_error *err);

#endif
