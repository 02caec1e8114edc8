#define _GNU_SOURCE /* realpath */
#include "write/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"

static void remember(struct mw_output *output, const struct stat *info) {
    output->files[output->file_count++] = (struct mw_file_id){info->st_dev, info->st_ino};
}

/* Directory part of the target, with its slash; its length is 0 for the working directory. */
static size_t directory_length(const char *target) {
    const char *slash = strrchr(target, '/');
    return slash ? (size_t)(slash - target) + 1 : 0;
}

/* ".NAME.PID.N.tmp" beside the target; a long name is cut so that the new one fits. */
static bool name_temporary(struct mw_output *output, int attempt) {
    enum { NAME_KEPT = 200 };
    struct mw_text name = {0};
    size_t directory = directory_length(output->target);
    mw_text_add(&name, output->target, directory);
    mw_text_print(&name, ".%.*s.%ld.%d.tmp", NAME_KEPT, output->target + directory, (long)getpid(),
                  attempt);
    free(output->temporary);
    output->temporary = name.data;
    if (name.failed) mw_text_free(&name);
    return !name.failed && name.data;
}

static void hold_none(void) {
}

static void release_none(const char *gone, const char *made) {
    (void)gone;
    (void)made;
}

static const struct mw_output_guard no_guard = {hold_none, release_none};

/* False with errno when the file cannot be made. */
static bool create_temporary(struct mw_output *output) {
    output->guard.hold();
    output->fd =
        mw_bytes_open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
    int reason = errno;
    output->guard.release(NULL, output->fd >= 0 ? output->temporary : NULL);
    errno = reason;
    return output->fd >= 0;
}

static enum mw_status open_temporary(struct mw_output *output, const struct stat *old,
                                     struct mw_error *err) {
    enum { ATTEMPTS = 100 };
    for (int attempt = 0; attempt < ATTEMPTS && output->fd < 0; attempt++) {
        if (!name_temporary(output, attempt)) {
            output->temporary = NULL;
            return mw_error_memory(err);
        }
        if (!create_temporary(output) && errno != EEXIST) break;
    }
    if (output->fd < 0) {
        int reason = errno;
        free(output->temporary); /* not ours to remove */
        output->temporary = NULL;
        return mw_error_system(err, reason, "%s: cannot create it", output->path);
    }
    struct stat info;
    if (fstat(output->fd, &info) == 0) remember(output, &info);
    if (old && fchmod(output->fd, old->st_mode & 07777) != 0)
        return mw_error_system(err, errno, "%s", output->path);
    return MW_OK;
}

/* The open descriptor that a path names, or -1. To replace its file would take away what others write there,
 * and to open it again would write over what they wrote. */
static int named_descriptor(const char *path) {
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    int64_t number;
    if (strcmp(path, "/dev/stdout") == 0) return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0) return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t length = strlen(folders[i]);
        const char *end = path + length;
        if (strncmp(path, folders[i], length) == 0 && mw_integer_parse(&end, &number) && !*end &&
            number >= 0 && number <= INT_MAX)
            return (int)number;
    }
    return -1;
}

static enum mw_status open_descriptor(struct mw_output *output, int named, struct mw_error *err) {
    struct stat info;
    output->fd = fcntl(named, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (output->fd < 0) return mw_error_system(err, errno, "%s", output->path);
    if (fstat(output->fd, &info) == 0 && S_ISREG(info.st_mode)) remember(output, &info);
    return MW_OK;
}

static enum mw_status open_direct(struct mw_output *output, struct mw_error *err) {
    output->fd = mw_bytes_open(output->path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    return output->fd < 0 ? mw_error_system(err, errno, "%s", output->path) : MW_OK;
}

enum mw_status mw_output_open(struct mw_output *output, const char *path,
                              const struct mw_output_guard *guard, struct mw_error *err) {
    struct stat info;
    *output = (struct mw_output){.fd = STDOUT_FILENO, .guard = guard ? *guard : no_guard};
    if (!path || strcmp(path, "-") == 0) return MW_OK;
    output->path = path;
    output->fd = -1;
    int named = named_descriptor(path);
    if (named >= 0) return open_descriptor(output, named, err);
    bool exists = stat(path, &info) == 0;
    if (!exists && errno != ENOENT) return mw_error_system(err, errno, "%s", path);
    if (exists && S_ISDIR(info.st_mode))
        return mw_error_set(err, MW_USAGE, "%s: a directory; name a file in it", path);
    if (exists && !S_ISREG(info.st_mode)) return open_direct(output, err);
    if (!exists && lstat(path, &info) == 0)
        return mw_error_set(err, MW_USAGE, "%s: a symbolic link that leads nowhere", path);
    if (exists && access(path, W_OK) != 0) return mw_error_system(err, errno, "%s", path);
    output->target = exists ? realpath(path, NULL) : strdup(path);
    if (!output->target) return mw_error_system(err, errno, "%s", path);
    if (exists) remember(output, &info);
    return open_temporary(output, exists ? &info : NULL, err);
}

char *mw_output_directory(const struct mw_output *output) {
    const char *file = output->target ? output->target : output->path;
    size_t length = directory_length(file);
    return length ? strndup(file, length) : strdup(".");
}

/* The file that is written or replaced, where there is one already. */
static bool identify(const struct mw_output *output, struct stat *file) {
    if (output->target) return stat(output->target, file) == 0;
    return output->fd > STDIN_FILENO && fstat(output->fd, file) == 0; /* 0: none was opened */
}

/* What is written directly is the same only where bytes would mix: not on terminals or /dev/null. */
static bool same_file(const struct mw_output *a, const struct mw_output *b) {
    struct stat one, other;
    return identify(a, &one) && identify(b, &other) && one.st_dev == other.st_dev &&
           one.st_ino == other.st_ino && (S_ISREG(one.st_mode) || S_ISFIFO(one.st_mode));
}

/* Files that are not there yet, in one directory by one name. */
static bool same_place(const struct mw_output *a, const struct mw_output *b) {
    const char *name = a->target + directory_length(a->target);
    if (strcmp(name, b->target + directory_length(b->target)) != 0) return false;
    struct stat one, other;
    char *first = mw_output_directory(a), *second = mw_output_directory(b);
    bool same = first && second && stat(first, &one) == 0 && stat(second, &other) == 0 &&
                one.st_dev == other.st_dev && one.st_ino == other.st_ino;
    free(first);
    free(second);
    return same;
}

bool mw_output_same(const struct mw_output *a, const struct mw_output *b) {
    if (a->target && b->target) return same_place(a, b);
    return same_file(a, b);
}

/* Makes the rename durable; a file system that cannot is not an error. */
static void sync_directory(const struct mw_output *output) {
    char *directory = mw_output_directory(output);
    int fd = directory ? mw_bytes_open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(directory);
}

const char *mw_output_name(const struct mw_output *output) {
    return output->path ? output->path : "standard output";
}

enum mw_status mw_output_write(struct mw_output *output, const struct mw_text *document,
                               struct mw_error *err) {
    enum mw_status status = mw_bytes_write(output->fd, document->data, document->length, err);
    if (status) {
        mw_error_prefix(err, "%s", mw_output_name(output));
        return status;
    }
    if (output->target && fsync(output->fd) != 0)
        return mw_error_system(err, errno, "%s: cannot write", mw_output_name(output));
    int fd = output->fd;
    output->fd = -1;
    if (close(fd) == 0) return MW_OK;
    return mw_error_system(err, errno, "%s: cannot write", mw_output_name(output));
}

enum mw_status mw_output_reveal(struct mw_output *output, struct mw_error *err) {
    if (!output->target) return MW_OK;
    output->guard.hold();
    bool renamed = rename(output->temporary, output->target) == 0;
    int reason = errno;
    output->guard.release(renamed ? output->temporary : NULL, NULL);
    if (!renamed)
        return mw_error_system(err, reason, "%s: cannot replace it", mw_output_name(output));
    free(output->temporary);
    output->temporary = NULL;
    sync_directory(output);
    return MW_OK;
}

enum mw_status mw_output_publish(struct mw_output *output, const struct mw_text *document,
                                 struct mw_error *err) {
    enum mw_status status = mw_output_write(output, document, err);
    return status ? status : mw_output_reveal(output, err);
}

void mw_output_close(struct mw_output *output) {
    if (output->fd > STDERR_FILENO) close(output->fd);
    if (output->temporary) {
        output->guard.hold();
        unlink(output->temporary);
        output->guard.release(output->temporary, NULL);
    }
    free(output->temporary);
    free(output->target);
    *output = (struct mw_output){.fd = -1};
}
