#define _GNU_SOURCE /* O_PATH, syscall, dl_iterate_phdr */
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cli/class_maps.h"
#include "read/walk.h"

/* The kernel's interface, which grows: the system's header may be older than its kernel. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 }; /* on every architecture */
enum { ASK_VERSION = 1, PATH_BENEATH = 1 };
enum {
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIRECTORY = 1 << 3,
    REMOVE_FILE = 1 << 5,
    MAKE_FILE = 1 << 8,
    FILES_1 = (1 << 13) - 1, /* all that version 1 knows */
    FILES_2 = 1 << 13,       /* moving between directories */
    TRUNCATE = 1 << 14,      /* from version 3 on */
    OF_A_FILE = WRITE_FILE | READ_FILE | TRUNCATE,
    FILES_5 = 1 << 15, /* ioctl of devices */
    NET_4 = 3,         /* binding and connecting TCP */
    SCOPED_6 = 3,      /* abstract sockets, signals */
};

struct ruleset {
    uint64_t files, net, scoped; /* what is forbidden, but for the rules */
};

struct path_rule {
    uint64_t allowed;
    int32_t directory;
} __attribute__((packed));

/* What the C library and the sanitizers read late. */
static const char *const system_paths[] = {
    "/lib",  "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    "/proc",
#endif
};

static int create_ruleset(long version) {
    struct ruleset rules = {.files = FILES_1};
    if (version >= 2) rules.files |= FILES_2;
    if (version >= 3) rules.files |= TRUNCATE;
    if (version >= 4) rules.net = NET_4;
    if (version >= 5) rules.files |= FILES_5;
    if (version >= 6) rules.scoped = SCOPED_6;
    size_t size = version < 4 ? 8 : version < 6 ? 16 : sizeof rules; /* what the version knows */
    int fd = (int)syscall(CREATE_RULESET, &rules, size, 0);
    if (fd >= 0) fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

/* Allows `allowed` at and below a path. */
static enum mw_status allow(int ruleset, const char *path, uint64_t allowed, struct mw_error *err) {
    struct stat info;
    struct path_rule rule = {.allowed = allowed};
    rule.directory = mw_bytes_open(path, O_PATH | O_CLOEXEC);
    if (rule.directory < 0) return mw_error_system(err, errno, "%s", path);
    bool done = fstat(rule.directory, &info) == 0;
    if (done && !S_ISDIR(info.st_mode)) rule.allowed &= OF_A_FILE;
    if (done && rule.allowed) done = syscall(ADD_RULE, ruleset, PATH_BENEATH, &rule, 0) == 0;
    if (!done && errno == EBADFD) done = true; /* a pipe, as in /dev/fd/63: never forbidden */
    int reason = errno;
    close(rule.directory);
    return done ? MW_OK : mw_error_system(err, reason, "%s", path);
}

/* A path that is not there stays forbidden: whoever needs it says so. */
static enum mw_status allow_reading(int ruleset, const char *path, struct mw_error *err) {
    if (!path || strcmp(path, "-") == 0) return MW_OK;
    enum mw_status status = allow(ruleset, path, READ_FILE | READ_DIRECTORY, err);
    return status && err->number == ENOENT ? MW_OK : status;
}

/* The directories of the libraries that are loaded, and those that the environment adds: libtiff and its
 * codecs, which may be loaded later, lie in one of them where not in those of the system. */
struct libraries {
    int ruleset;
    enum mw_status status;
    struct mw_error *err;
};

static void allow_directory(struct libraries *libraries, const char *path, size_t length) {
    char *directory = length ? strndup(path, length) : NULL;
    if (length && !directory) libraries->status = mw_error_memory(libraries->err);
    else if (directory)
        libraries->status = allow_reading(libraries->ruleset, directory, libraries->err);
    free(directory);
}

/* Whether a path lies below one of the system's, which may be read anyway. */
static bool is_of_the_system(const char *path) {
    for (size_t i = 0; i < sizeof system_paths / sizeof system_paths[0]; i++) {
        size_t length = strlen(system_paths[i]);
        if (strncmp(path, system_paths[i], length) == 0 && path[length] == '/')
            return !strstr(path, "/../");
    }
    return false;
}

static int allow_library(struct dl_phdr_info *info, size_t size, void *context) {
    struct libraries *libraries = context;
    const char *slash = strrchr(info->dlpi_name, '/');
    (void)size;
    if (slash && !is_of_the_system(info->dlpi_name))
        allow_directory(libraries, info->dlpi_name, (size_t)(slash - info->dlpi_name));
    return libraries->status != MW_OK;
}

static enum mw_status allow_libraries(int ruleset, struct mw_error *err) {
    struct libraries libraries = {ruleset, MW_OK, err};
    dl_iterate_phdr(allow_library, &libraries);
    const char *path = getenv("LD_LIBRARY_PATH");
    while (path && *path && !libraries.status) {
        size_t length = strcspn(path, ":;");
        allow_directory(&libraries, path, length);
        path += length + (path[length] != '\0');
    }
    return libraries.status;
}

static enum mw_status allow_sources(int ruleset, const struct mw_settings *settings,
                                    struct mw_error *err) {
    const struct mw_words *sources = &settings->sources;
    bool anywhere = settings->follow || settings->files_from;
    enum mw_status status = anywhere ? allow_reading(ruleset, "/", err) : MW_OK;
    for (size_t i = 0; i < sources->count && !status; i++)
        status = allow_reading(ruleset, sources->list[i], err);
    return status;
}

/* Images are often links into a store, as those of DVC and git-annex. A link may lead anywhere, so that the first
 * one opens all: rules for each target would not be narrower against a dataset that wants more. The directory is
 * walked again when all masks are known, for the images that none of them has: to walk it once, the names of all
 * images would have to be kept. */
static enum mw_status allow_images(int ruleset, const char *directory, struct mw_error *err) {
    bool linked = false;
    if (!directory) return MW_OK;
    enum mw_status status = mw_walk_find_link(directory, &linked, err);
    return status ? status : allow_reading(ruleset, linked ? "/" : directory, err);
}

static enum mw_status allow_class_maps(int ruleset, const struct mw_settings *settings,
                                       struct mw_error *err) {
    struct mw_text directory = {0};
    enum mw_status status = allow_reading(ruleset, settings->class_map, err);
    if (!status && mw_class_maps_directory(&directory))
        status = allow_reading(ruleset, directory.data, err);
    if (!status && directory.failed) status = mw_error_memory(err);
    mw_text_free(&directory);
    return status;
}

/* The temporary file takes the place of the target, or is removed; then the directory is synced. */
static enum mw_status allow_replacing(int ruleset, const struct mw_output *output,
                                      struct mw_error *err) {
    if (!output->temporary) return MW_OK;
    char *directory = mw_output_directory(output);
    enum mw_status status =
        directory ? allow(ruleset, directory, READ_DIRECTORY | REMOVE_FILE | MAKE_FILE, err)
                  : mw_error_memory(err);
    free(directory);
    return status;
}

/* The database is open; its journal is opened for each transaction. */
static enum mw_status allow_cache(int ruleset, long version, const struct mw_cache *cache,
                                  struct mw_error *err) {
    uint64_t allowed = READ_FILE | WRITE_FILE | (version >= 3 ? TRUNCATE : 0);
    enum mw_status status = MW_OK;
    for (int i = 0; cache && i < MW_CACHE_FILES && !status; i++) {
        status = allow(ruleset, mw_cache_file(cache, i), allowed, err);
        if (status && err->number == ENOENT) status = MW_OK;
    }
    return status;
}

static enum mw_status allow_all(int ruleset, const struct mw_settings *settings,
                                const struct mw_output *const *outputs, size_t output_count,
                                struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < sizeof system_paths / sizeof system_paths[0] && !status; i++)
        status = allow_reading(ruleset, system_paths[i], err);
    if (!status) status = allow_libraries(ruleset, err);
    if (!status) status = allow_sources(ruleset, settings, err);
    if (!status) status = allow_class_maps(ruleset, settings, err);
    if (!status) status = allow_reading(ruleset, settings->baseline, err);
    if (!status) status = allow_images(ruleset, settings->images, err);
    for (size_t i = 0; i < settings->rule_files.count && !status; i++)
        status = allow_reading(ruleset, settings->rule_files.list[i], err);
    for (size_t i = 0; i < output_count && !status; i++)
        status = allow_replacing(ruleset, outputs[i], err);
    return status;
}

/* *reason is 0, or why there is no sandbox. */
static enum mw_status enter(const struct mw_settings *settings,
                            const struct mw_output *const *outputs, size_t output_count,
                            const struct mw_cache *cache, int *reason, struct mw_error *err) {
    long version = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
    int ruleset = version > 0 ? create_ruleset(version) : -1;
    *reason = ruleset < 0 ? errno : 0;
    if (ruleset < 0) return MW_OK;
    enum mw_status status = allow_all(ruleset, settings, outputs, output_count, err);
    if (!status) status = allow_cache(ruleset, version, cache, err);
    if (!status &&
        (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(RESTRICT_SELF, ruleset, 0) != 0))
        *reason = errno;
    close(ruleset);
    return status;
}

static const char *reason_text(int reason) {
    switch (reason) {
    case ENOSYS: return "the kernel has no Landlock";
    case EOPNOTSUPP: return "Landlock is switched off in the kernel";
    case E2BIG: return "too many Landlock sandboxes are around this process already";
    default: return "Landlock is not permitted here";
    }
}

enum mw_status mw_sandbox_enter(const struct mw_settings *settings,
                                const struct mw_output *const *outputs, size_t output_count,
                                const struct mw_cache *cache, const char **missing,
                                struct mw_error *err) {
    int reason = 0;
    *missing = NULL;
    if (settings->sandbox == MW_SANDBOX_OFF) return MW_OK;
    enum mw_status status = enter(settings, outputs, output_count, cache, &reason, err);
    if (status || !reason) return status;
    *missing = reason_text(reason);
    if (settings->sandbox == MW_SANDBOX_AUTO) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--sandbox require: %s; --sandbox auto goes on without one",
                        *missing);
}
