#define _GNU_SOURCE /* realpath */
#include "write/output.h"

#include <errno.h>
#include <fcntl.h>
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

static const struct mw_output_guard no_guard = {hold_none, hold_none};

/* False with errno when the file cannot be made. */
static bool create_temporary(struct mw_output *output) {
    output->guard.hold();
    output->fd =
        mw_bytes_open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
    int reason = errno;
    output->made = output->fd >= 0;
    output->guard.release();
    errno = reason;
    return output->made;
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
        return mw_error_system(err, reason, "%s: cannot create it", output->path);
    }
    struct stat info;
    if (fstat(output->fd, &info) == 0) remember(output, &info);
    if (old && fchmod(output->fd, old->st_mode & 07777) != 0)
        return mw_error_system(err, errno, "%s", output->path);
    return MW_OK;
}

static enum mw_status know_directory(struct mw_output *output, struct mw_error *err) {
    struct stat info;
    char *directory = mw_output_directory(output);
    if (!directory) return mw_error_memory(err);
    int reason = stat(directory, &info) == 0 ? 0 : errno;
    free(directory);
    if (reason) return mw_error_system(err, reason, "%s: cannot create it", output->path);
    output->directory = (struct mw_file_id){info.st_dev, info.st_ino};
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
    enum mw_status status = know_directory(output, err);
    return status ? status : open_temporary(output, exists ? &info : NULL, err);
}

char *mw_output_directory(const struct mw_output *output) {
    size_t length = directory_length(output->target);
    return length ? strndup(output->target, length) : strdup(".");
}

bool mw_output_same(const struct mw_output *a, const struct mw_output *b) {
    return a->target && b->target && a->directory.device == b->directory.device &&
           a->directory.inode == b->directory.inode &&
           strcmp(a->target + directory_length(a->target),
                  b->target + directory_length(b->target)) == 0;
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

static const char *output_name(const struct mw_output *output) {
    return output->path ? output->path : "standard output";
}

enum mw_status mw_output_write(struct mw_output *output, struct mw_error *err) {
    const char *name = output_name(output);
    enum mw_status status = mw_bytes_write(output->fd, output->text.data, output->text.length, err);
    if (status) {
        mw_error_prefix(err, "%s", name);
        return status;
    }
    if (output->target && fsync(output->fd) != 0)
        return mw_error_system(err, errno, "%s: cannot write", name);
    int fd = output->fd;
    output->fd = -1;
    return close(fd) == 0 ? MW_OK : mw_error_system(err, errno, "%s: cannot write", name);
}

enum mw_status mw_output_publish(struct mw_output *output, struct mw_error *err) {
    if (!output->made) return MW_OK;
    output->guard.hold();
    bool renamed = rename(output->temporary, output->target) == 0;
    int reason = errno;
    output->made = !renamed;
    output->guard.release();
    if (!renamed) return mw_error_system(err, reason, "%s: cannot replace it", output->path);
    sync_directory(output);
    return MW_OK;
}

void mw_output_close(struct mw_output *output) {
    if (output->fd > STDERR_FILENO) close(output->fd);
    if (output->made) {
        output->guard.hold();
        unlink(output->temporary);
        output->made = false;
        output->guard.release();
    }
    free(output->temporary);
    free(output->target);
    mw_text_free(&output->text);
    *output = (struct mw_output){.fd = -1};
}
