#define _GNU_SOURCE /* preadv2 */
#include "base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PAST_WINDOW = 64 * 1024 }; /* bytes that are read where they are wanted */

int mw_bytes_open(const char *path, int flags) {
    int fd;
    do fd = open(path, flags, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static int64_t nanoseconds(struct timespec time) {
    return (int64_t)((uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec);
}

static struct mw_file_state state_of(const struct stat *info) {
    return (struct mw_file_state){.size = (uint64_t)info->st_size,
                                  .inode = info->st_ino,
                                  .modified_ns = nanoseconds(info->st_mtim),
                                  .changed_ns = nanoseconds(info->st_ctim)};
}

bool mw_file_state_of(const char *path, struct mw_file_state *state) {
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) return false;
    *state = state_of(&info);
    return true;
}

bool mw_file_state_equal(const struct mw_file_state *a, const struct mw_file_state *b) {
    return a->size == b->size && a->inode == b->inode && a->modified_ns == b->modified_ns &&
           a->changed_ns == b->changed_ns;
}

/* For reading, without waiting for whoever would write to a FIFO. */
static int open_input(const char *path) {
    return mw_bytes_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

enum mw_status mw_input_open(struct mw_input *input, const char *path, struct mw_error *err) {
    int fd = open_input(path);
    if (fd < 0) return mw_error_system(err, errno, "cannot open");
    struct stat info;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (fstat(fd, &info) != 0) {
        int reason = errno;
        close(fd);
        return mw_error_system(err, reason, "cannot stat");
    }
    if (!S_ISREG(info.st_mode)) {
        close(fd);
        if (S_ISDIR(info.st_mode))
            return mw_error_set(err, MW_REFUSED, "a directory, not a mask: name it as a source");
        return mw_error_set(err, MW_REFUSED, "not a regular file");
    }
    if (!input->window_size) input->window_size = MW_INPUT_WINDOW;
    if (!input->window && !(input->window = malloc(input->window_size))) {
        close(fd);
        return mw_error_memory(err);
    }
    input->fd = fd;
    input->opened++;
    input->memory = NULL;
    input->size = (uint64_t)info.st_size;
    input->state = state_of(&info);
    input->opened_ns = nanoseconds(now);
    input->window_length = 0;
    input->seconds = 0;
    return MW_OK;
}

void mw_input_limit_time(struct mw_input *input, unsigned seconds) {
    input->seconds = seconds;
    clock_gettime(CLOCK_MONOTONIC, &input->until);
    input->until.tv_sec += seconds;
}

static bool is_late(const struct mw_input *input) {
    struct timespec now;
    if (!input->seconds) return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > input->until.tv_sec ||
           (now.tv_sec == input->until.tv_sec && now.tv_nsec >= input->until.tv_nsec);
}

void mw_input_memory(struct mw_input *input, const void *bytes, size_t size) {
    input->memory = bytes;
    input->size = size;
    input->window_length = 0;
    input->seconds = 0;
}

enum mw_status mw_input_view(struct mw_input *view, const struct mw_input *of,
                             struct mw_error *err) {
    view->window_size = MW_INPUT_WINDOW;
    view->window = malloc(view->window_size);
    if (!view->window) return mw_error_memory(err);
    view->is_view = true;
    view->fd = of->fd;
    view->memory = of->memory;
    view->seconds = of->seconds;
    view->until = of->until;
    view->size = of->size;
    return MW_OK;
}

/* Reads what is in the page cache; if nothing is, notes that and waits for the disk. One file of eight is
 * enough to know, and the others cost no more than before. */
static ssize_t read_some(struct mw_input *input, uint64_t offset, unsigned char *out,
                         size_t length) {
    struct iovec piece = {out, length};
    if (input->opened % 8 == 1 && !input->cannot_say) {
        ssize_t n = preadv2(input->fd, &piece, 1, (off_t)offset, RWF_NOWAIT);
        if (n >= 0) return n;
        if (errno == EAGAIN) input->waited = true;
        else input->cannot_say = true;
    }
    return pread(input->fd, out, length, (off_t)offset);
}

/* Reads up to `length` bytes; *got is less only at the end of the file. */
static enum mw_status read_at(struct mw_input *input, uint64_t offset, unsigned char *out,
                              size_t length, size_t *got, struct mw_error *err) {
    *got = 0;
    while (*got < length) {
        ssize_t n = read_some(input, offset + *got, out + *got, length - *got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return mw_error_system(err, errno, "cannot read");
        if (n == 0) break;
        *got += (size_t)n;
    }
    return MW_OK;
}

void mw_input_ahead(const char *path) {
    enum { BEGINNING = 1 << 20 };
    int fd = open_input(path);
    if (fd < 0) return;
    posix_fadvise(fd, 0, BEGINNING, POSIX_FADV_WILLNEED);
    close(fd);
}

static enum mw_status truncated(const struct mw_input *input, struct mw_error *err) {
    if (input->size == 0) return mw_error_set(err, MW_BROKEN, "the file is empty");
    return mw_error_set(err, MW_BROKEN, "the file ends too early, after %llu bytes",
                        (unsigned long long)input->size);
}

static enum mw_status fill_window(struct mw_input *input, uint64_t offset, struct mw_error *err) {
    input->window_offset = offset;
    input->window_length = 0;
    uint64_t left = input->size - offset;
    size_t length = left < input->window_size ? (size_t)left : input->window_size;
    return read_at(input, offset, input->window, length, &input->window_length, err);
}

enum mw_status mw_input_read(struct mw_input *input, uint64_t offset, void *out, size_t length,
                             struct mw_error *err) {
    if (offset > input->size || length > input->size - offset) return truncated(input, err);
    if (length == 0) return MW_OK;
    if (is_late(input))
        return mw_error_set(err, MW_LIMIT, "it takes longer than --max-seconds %u", input->seconds);
    if (input->memory) {
        memcpy(out, input->memory + offset, length);
        return MW_OK;
    }
    bool inside = offset >= input->window_offset &&
                  offset + length <= input->window_offset + input->window_length;
    if (!inside && (length >= PAST_WINDOW || length > input->window_size)) {
        size_t got;
        enum mw_status status = read_at(input, offset, out, length, &got, err);
        return status ? status : got < length ? truncated(input, err) : MW_OK;
    }
    if (!inside) {
        enum mw_status status = fill_window(input, offset, err);
        if (status) return status;
        if (input->window_length < length) return truncated(input, err);
    }
    memcpy(out, input->window + (offset - input->window_offset), length);
    return MW_OK;
}

enum mw_status mw_input_check(const struct mw_input *input, struct mw_error *err) {
    struct stat info;
    if (input->memory) return MW_OK;
    if (fstat(input->fd, &info) != 0) return mw_error_system(err, errno, "cannot stat");
    struct mw_file_state now = state_of(&info);
    if (now.size == input->size && now.modified_ns == input->state.modified_ns) return MW_OK;
    return mw_error_set(err, MW_IO, "the file changed while it was read: count it again");
}

bool mw_input_is_settled(const struct mw_input *input) {
    enum { COARSE_NS = 2000000000 };
    const struct mw_file_state *state = &input->state;
    struct stat info;
    if (input->memory || fstat(input->fd, &info) != 0) return false;
    struct mw_file_state now = state_of(&info);
    int64_t last = state->modified_ns > state->changed_ns ? state->modified_ns : state->changed_ns;
    return mw_file_state_equal(&now, state) && last < input->opened_ns - COARSE_NS;
}

void mw_input_close(struct mw_input *input) {
    if (!input->memory && !input->is_view && input->window && input->fd > 0) close(input->fd);
    input->fd = 0;
    input->memory = NULL;
    input->size = 0;
    input->window_length = 0;
}

void *mw_input_scratch(struct mw_input *input, size_t size, void (*free_scratch)(void *scratch)) {
    if (input->free_scratch == free_scratch) return input->scratch;
    if (input->free_scratch) input->free_scratch(input->scratch);
    input->scratch = calloc(1, size);
    input->free_scratch = input->scratch ? free_scratch : NULL;
    return input->scratch;
}

void mw_input_free(struct mw_input *input) {
    mw_input_close(input);
    free(input->window);
    input->window = NULL;
    if (input->free_scratch) input->free_scratch(input->scratch);
    input->scratch = NULL;
    input->free_scratch = NULL;
}

enum mw_status mw_bytes_slurp(int fd, size_t limit, struct mw_text *text, struct mw_error *err) {
    enum { STEP = 64 * 1024 };
    char *step = malloc(STEP);
    if (!step) return mw_error_memory(err);
    enum mw_status status = MW_OK;
    for (;;) {
        ssize_t n = read(fd, step, STEP);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) status = mw_error_system(err, errno, "cannot read");
        if (n < 0) break;
        if (text->length > limit || (size_t)n > limit - text->length) {
            status = mw_error_set(err, MW_LIMIT, "more than %zu bytes (--max-text)", limit);
            break;
        }
        if (n == 0) break;
        mw_text_add(text, step, (size_t)n);
        if (text->failed) {
            status = mw_error_memory(err);
            break;
        }
    }
    free(step);
    return status;
}

enum mw_status mw_bytes_slurp_path(const char *path, size_t limit, struct mw_text *text,
                                   struct mw_error *err) {
    int fd = mw_bytes_open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return mw_error_system(err, errno, "%s", path);
    enum mw_status status = mw_bytes_slurp(fd, limit, text, err);
    close(fd);
    if (status) mw_error_prefix(err, "%s", path);
    return status;
}

enum mw_status mw_bytes_write(int fd, const void *bytes, size_t length, struct mw_error *err) {
    const char *next = bytes;
    while (length > 0) {
        ssize_t n = write(fd, next, length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return mw_error_system(err, errno, "cannot write");
        next += n;
        length -= (size_t)n;
    }
    return MW_OK;
}
