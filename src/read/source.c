#define _GNU_SOURCE /* realpath */
#include "read/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "read/archive.h"

/* Most bytes of what comes on standard input: 1 GiB. */
#define STDIN_LIMIT ((size_t)1 << 30)

static const char byte_order_mark[] = "\xef\xbb\xbf";
enum { MARK_LENGTH = sizeof byte_order_mark - 1 };

static bool begins_with_mark(const char *bytes, size_t length) {
    return length >= MARK_LENGTH && memcmp(bytes, byte_order_mark, MARK_LENGTH) == 0;
}

const char *mw_source_name(const char *path) {
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static bool begins_as_document(const char *bytes, size_t length) {
    size_t i = begins_with_mark(bytes, length) ? MARK_LENGTH : 0;
    while (i < length && strchr(" \t\r\n", bytes[i]) && bytes[i]) i++;
    return i < length && bytes[i] == '{';
}

/* Reads up to `size` bytes; *length is less at the end. */
static enum mw_status read_head(int fd, char *head, size_t size, size_t *length,
                                struct mw_error *err) {
    *length = 0;
    while (*length < size) {
        ssize_t n = read(fd, head + *length, size - *length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return mw_error_system(err, errno, "cannot read");
        if (n == 0) break;
        *length += (size_t)n;
    }
    return MW_OK;
}

static enum mw_source_kind kind_of(const struct mw_source *source, const char *head, size_t length,
                                   enum mw_source_kind mask) {
    if (begins_as_document(head, length)) return MW_SOURCE_DOCUMENT;
    bool archive = mw_archive_matches(head, length) || mw_archive_by_suffix(source->path);
    return archive ? MW_SOURCE_ARCHIVE : mask;
}

/* All of it, but of an archive only the beginning. */
static enum mw_status read_stdin(struct mw_source *source, size_t limit, struct mw_error *err) {
    char head[MW_ARCHIVE_HEAD];
    size_t length;
    enum mw_status status = read_head(STDIN_FILENO, head, sizeof head, &length, err);
    if (!status) {
        source->kind = kind_of(source, head, length, MW_SOURCE_STDIN);
        mw_text_add(&source->content, head, length);
        if (source->content.failed) status = mw_error_memory(err);
    }
    if (!status && source->kind != MW_SOURCE_ARCHIVE)
        status = mw_bytes_slurp(STDIN_FILENO, limit ? limit : STDIN_LIMIT, &source->content, err);
    if (status) mw_error_prefix(err, "standard input");
    return status;
}

/* Whether a file is a document, an archive or a mask: by its first bytes. */
static enum mw_status look_inside(struct mw_source *source, struct mw_error *err) {
    char head[MW_ARCHIVE_HEAD];
    size_t length;
    int fd = mw_bytes_open(source->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return mw_error_system(err, errno, "%s", source->path);
    enum mw_status status = read_head(fd, head, sizeof head, &length, err);
    close(fd);
    if (status) mw_error_prefix(err, "%s", source->path);
    else source->kind = kind_of(source, head, length, MW_SOURCE_FILE);
    return status;
}

static enum mw_status resolve(struct mw_source *source, size_t limit, struct mw_error *err) {
    struct stat info;
    if (strcmp(source->path, "-") == 0) return read_stdin(source, limit, err);
    if (source->path[0] == '\0') return mw_error_set(err, MW_USAGE, "a source has an empty name");
    if (stat(source->path, &info) != 0) return mw_error_system(err, errno, "%s", source->path);
    source->real = realpath(source->path, NULL);
    if (!source->real) return mw_error_system(err, errno, "%s", source->path);
    if (S_ISDIR(info.st_mode)) {
        source->kind = MW_SOURCE_DIRECTORY;
        return MW_OK;
    }
    if (!S_ISREG(info.st_mode))
        return mw_error_set(err, MW_USAGE,
                            "%s: neither a directory nor a regular file (use - to read a pipe)",
                            source->path);
    return look_inside(source, err);
}

static bool is_inside(const struct mw_source *inner, const struct mw_source *outer) {
    if (!inner->real || !outer->real) return !inner->real && !outer->real;
    size_t length = strlen(outer->real);
    if (strncmp(inner->real, outer->real, length) != 0) return false;
    return inner->real[length] == '\0' || inner->real[length] == '/' ||
           outer->real[length - 1] == '/';
}

static enum mw_status check_overlap(const struct mw_source *sources, size_t count,
                                    struct mw_error *err) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct mw_source *a = &sources[j], *b = &sources[i];
            if (is_inside(a, b) && is_inside(b, a))
                return mw_error_set(err, MW_USAGE, "%s and %s are the same source", a->path,
                                    b->path);
            const struct mw_source *inner = is_inside(a, b) ? a : is_inside(b, a) ? b : NULL;
            if (inner)
                return mw_error_set(err, MW_USAGE, "%s is inside %s: its masks would count twice",
                                    inner->path, inner == a ? b->path : a->path);
        }
    return MW_OK;
}

enum mw_status mw_sources_resolve(const char *const *paths, size_t count, size_t limit,
                                  struct mw_source **sources, struct mw_error *err) {
    enum mw_status status = MW_OK;
    *sources = calloc(count ? count : 1, sizeof **sources);
    if (!*sources) return mw_error_memory(err);
    size_t from_stdin = 0;
    for (size_t i = 0; i < count && !status; i++) {
        (*sources)[i].path = paths[i];
        from_stdin += strcmp(paths[i], "-") == 0;
        if (from_stdin > 1) return mw_error_set(err, MW_USAGE, "standard input (-) is named twice");
        status = resolve(&(*sources)[i], limit, err);
    }
    return status ? status : check_overlap(*sources, count, err);
}

void mw_sources_free(struct mw_source *sources, size_t count) {
    for (size_t i = 0; sources && i < count; i++) {
        free(sources[i].real);
        mw_text_free(&sources[i].content);
    }
    free(sources);
}

size_t mw_sources_archive_length(const struct mw_source *sources, size_t count, uint32_t number,
                                 const char *path) {
    size_t i = number ? number - 1 : 0;
    if (i >= count || sources[i].kind != MW_SOURCE_ARCHIVE) return 0;
    size_t length = strlen(sources[i].path);
    return strncmp(path, sources[i].path, length) == 0 && path[length] == ':' ? length : 0;
}

struct mw_list {
    int fd;
    const char *name; /* for messages */
    int delimiter;
    uint64_t number;     /* of the line, from 1 */
    char line[PATH_MAX]; /* the system takes no longer one */
    size_t at, filled;   /* of the buffer: the next byte; how many there are */
    char buffer[64 * 1024];
};

enum mw_status mw_list_open(struct mw_list **list, const char *path, bool null,
                            struct mw_error *err) {
    bool standard = strcmp(path, "-") == 0;
    struct mw_list *opened = calloc(1, sizeof *opened);
    *list = opened;
    if (!opened) return mw_error_memory(err);
    opened->name = mw_source_name(path);
    opened->delimiter = null ? '\0' : '\n';
    opened->fd = standard ? STDIN_FILENO : mw_bytes_open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    if (opened->fd < 0) return mw_error_system(err, errno, "%s", path);
    struct stat info;
    if (fstat(opened->fd, &info) == 0 && S_ISDIR(info.st_mode))
        return mw_error_set(err, MW_USAGE, "%s: a directory, not a list: name it as a source",
                            path);
    return MW_OK;
}

static bool exists(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0;
}

/* Lists written on Windows: cuts the carriage return and the mark, unless they belong to a name. */
static size_t cut_foreign(struct mw_list *list, size_t length) {
    char *line = list->line;
    bool marked = list->number == 1 && begins_with_mark(line, length);
    bool returned = length > 0 && line[length - 1] == '\r';
    if (list->delimiter != '\n' || (!marked && !returned) || exists(line)) return length;
    if (returned) line[--length] = '\0';
    if (!marked) return length;
    length -= MARK_LENGTH;
    memmove(line, line + MARK_LENGTH, length + 1);
    return length;
}

/* Fills the buffer again; nothing is in it at the end of the list. */
static enum mw_status refill(struct mw_list *list, struct mw_error *err) {
    ssize_t n;
    do n = read(list->fd, list->buffer, sizeof list->buffer);
    while (n < 0 && errno == EINTR);
    if (n < 0) return mw_error_system(err, errno, "%s", list->name);
    list->at = 0;
    list->filled = (size_t)n;
    return MW_OK;
}

static enum mw_status too_long(const struct mw_list *list, struct mw_error *err) {
    return mw_error_set(err, MW_USAGE, "%s: line %llu is longer than a path can be, %zu bytes%s",
                        list->name, (unsigned long long)list->number, sizeof list->line - 1,
                        list->delimiter ? " (--null where a NUL ends each path)" : "");
}

/* Reads a line, without its delimiter; it has a number unless the list has ended. */
static enum mw_status read_line(struct mw_list *list, size_t *length, struct mw_error *err) {
    uint64_t number = list->number + 1;
    enum mw_status status = MW_OK;
    bool ended = false;
    for (*length = 0; !ended && !status;) {
        if (list->at == list->filled) status = refill(list, err);
        if (status || list->filled == 0) break;
        list->number = number;
        const char *begin = list->buffer + list->at;
        const char *end = memchr(begin, list->delimiter, list->filled - list->at);
        size_t part = end ? (size_t)(end - begin) : list->filled - list->at;
        if (part >= sizeof list->line - *length) return too_long(list, err);
        memcpy(list->line + *length, begin, part);
        *length += part;
        ended = end != NULL;
        list->at += part + ended;
    }
    list->line[*length] = '\0';
    return status;
}

enum mw_status mw_list_next(struct mw_list *list, const char **path, struct mw_error *err) {
    uint64_t number = list->number;
    size_t length;
    *path = NULL;
    enum mw_status status = read_line(list, &length, err);
    if (status || list->number == number) return status;
    length = cut_foreign(list, length);
    if (length == 0)
        return mw_error_set(err, MW_USAGE,
                            "%s: line %llu is empty: every line is the path of a mask", list->name,
                            (unsigned long long)list->number);
    if (strlen(list->line) != length)
        return mw_error_set(err, MW_USAGE, "%s: line %llu holds a NUL byte: use --null", list->name,
                            (unsigned long long)list->number);
    *path = list->line;
    return MW_OK;
}

enum mw_status mw_list_check_path(const struct mw_list *list, const char *path,
                                  const struct mw_source *sources, size_t count,
                                  struct mw_error *err) {
    struct mw_source entry = {.path = path};
    enum mw_status status = MW_OK;
    if (count > 0) entry.real = realpath(path, NULL);
    for (size_t i = 0; i < count && entry.real && !status; i++)
        if (sources[i].real && is_inside(&entry, &sources[i]))
            status = mw_error_set(
                err, MW_USAGE, "%s: line %llu: %s is part of the source %s: it would count twice",
                list->name, (unsigned long long)list->number, path, sources[i].path);
    free(entry.real);
    return status;
}

void mw_list_close(struct mw_list *list) {
    if (!list) return;
    if (list->fd > STDIN_FILENO) close(list->fd);
    free(list);
}
