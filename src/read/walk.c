#define _GNU_SOURCE /* d_type */
#include "read/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"
#include "read/format.h"

struct walk {
    const struct mw_walk_rules *rules;
    const struct mw_walk_events *events;
    struct mw_text path; /* as reached */
    size_t below;        /* where the path below the source begins */
    struct mw_error *err;
};

/* The names kept of one directory: strings one after the other in blocks that never move, those of
 * directories with a '/' at the end, so that sorting the strings sorts the paths. */
struct names {
    struct block *blocks; /* the newest first */
    const char **list;    /* [count] */
    size_t count;
    size_t capacity;
};

struct block {
    struct block *next;
    size_t size; /* of `bytes` */
    size_t used;
    char bytes[];
};

/* A directory being walked. */
struct frame {
    struct frame *parent;
    struct mw_file_id id;
    struct names names;
    size_t next;   /* of the names */
    size_t length; /* of its path, with the '/' at the end */
};

enum { FIRST_BLOCK = 1024, NEXT_BLOCK = 16384 }; /* bytes; a name has 255 at most */

static void names_free(struct names *names) {
    while (names->blocks) {
        struct block *next = names->blocks->next;
        free(names->blocks);
        names->blocks = next;
    }
    free(names->list);
}

static bool names_add(struct names *names, const char *name, bool directory) {
    size_t length = strlen(name);
    if (!names->blocks || names->blocks->size - names->blocks->used < length + 2) {
        size_t size = (names->blocks ? NEXT_BLOCK : FIRST_BLOCK) + length;
        struct block *block = malloc(sizeof *block + size);
        if (!block) return false;
        *block = (struct block){.next = names->blocks, .size = size};
        names->blocks = block;
    }
    if (names->count == names->capacity) {
        size_t capacity = names->capacity ? 2 * names->capacity : 64;
        const char **list = realloc(names->list, capacity * sizeof *list);
        if (!list) return false;
        names->list = list;
        names->capacity = capacity;
    }
    char *place = names->blocks->bytes + names->blocks->used;
    memcpy(place, name, length);
    if (directory) place[length++] = '/';
    place[length++] = '\0';
    names->blocks->used += length;
    names->list[names->count++] = place;
    return true;
}

static int name_compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool matches_any(const char *const *globs, size_t count, const char *path) {
    for (size_t i = 0; i < count; i++)
        if (fnmatch(globs[i], path, 0) == 0) return true;
    return false;
}

/* Whether a directory of a path, which ends at one of its slashes, or the path itself is excluded. */
static bool is_excluded(const struct mw_walk_rules *rules, const char *path) {
    struct mw_text above = {0};
    bool excluded = matches_any(rules->exclude, rules->exclude_count, path);
    for (const char *slash = strchr(path, '/'); slash && !excluded && rules->exclude_count;
         slash = strchr(slash + 1, '/')) {
        mw_text_clear(&above);
        mw_text_add(&above, path, (size_t)(slash - path));
        excluded = above.failed || matches_any(rules->exclude, rules->exclude_count, above.data);
    }
    mw_text_free(&above);
    return excluded;
}

const char *mw_walk_reason_to_skip(const struct mw_walk_rules *rules, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (path[0] == '.' || strstr(path, "/.")) return "hidden";
    if (is_excluded(rules, path)) return "excluded";
    if (!mw_format_by_suffix(name)) return "no suffix of a mask format";
    if (rules->include_count && !matches_any(rules->include, rules->include_count, path))
        return "not included";
    return NULL;
}

static bool same_file(struct mw_file_id a, struct mw_file_id b) {
    return a.device == b.device && a.inode == b.inode;
}

static bool is_output(const struct walk *walk, int directory, const struct dirent *entry) {
    for (size_t i = 0; i < walk->rules->output_count; i++) {
        struct stat info;
        if (walk->rules->output[i].inode != entry->d_ino) continue;
        if (fstatat(directory, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        struct mw_file_id id = {info.st_dev, info.st_ino};
        if (same_file(id, walk->rules->output[i])) return true;
    }
    return false;
}

static const char link_reason[] = "a symbolic link, not followed without --follow";

enum entry_kind { ENTRY_FILE, ENTRY_DIRECTORY, ENTRY_LINK, ENTRY_OTHER, ENTRY_BROKEN };

static enum entry_kind kind_of_mode(mode_t mode) {
    if (S_ISREG(mode)) return ENTRY_FILE;
    if (S_ISDIR(mode)) return ENTRY_DIRECTORY;
    return S_ISLNK(mode) ? ENTRY_LINK : ENTRY_OTHER;
}

/* ENTRY_BROKEN leaves the reason in errno. */
static enum entry_kind entry_kind(const struct walk *walk, int directory,
                                  const struct dirent *entry) {
    struct stat info;
    switch (entry->d_type) {
    case DT_REG: return ENTRY_FILE;
    case DT_DIR: return ENTRY_DIRECTORY;
    case DT_LNK:
    case DT_UNKNOWN: break;
    default: return ENTRY_OTHER;
    }
    int flags = walk->rules->follow ? 0 : AT_SYMLINK_NOFOLLOW;
    if (fstatat(directory, entry->d_name, &info, flags) != 0) return ENTRY_BROKEN;
    return kind_of_mode(info.st_mode);
}

static bool has_suffix(const struct mw_walk_rules *rules, const char *name) {
    const char *dot = strrchr(name, '.');
    if (!rules->suffixes) return mw_format_by_suffix(name) != NULL;
    for (size_t i = 0; dot && rules->suffixes[i]; i++)
        if (strcasecmp(dot + 1, rules->suffixes[i]) == 0) return true;
    return false;
}

/* Why an entry is passed over, or NULL. */
static const char *reason_to_skip(const struct walk *walk, const char *name, enum entry_kind kind) {
    const struct mw_walk_rules *rules = walk->rules;
    const char *below = walk->path.data + walk->below;
    if (name[0] == '.') return "hidden";
    if (kind == ENTRY_LINK) return link_reason;
    if (matches_any(rules->exclude, rules->exclude_count, below)) return "excluded";
    if (kind == ENTRY_DIRECTORY || kind == ENTRY_BROKEN) return NULL;
    if (!has_suffix(rules, name)) return "no suffix of a mask format";
    if (rules->include_count && !matches_any(rules->include, rules->include_count, below))
        return "not included";
    return kind == ENTRY_OTHER ? "not a regular file" : NULL;
}

static enum mw_status tell_failure(struct walk *walk, int error_number, const char *what) {
    struct mw_error why;
    if (!walk->events->failed) return MW_OK;
    if (mw_error_system(&why, error_number, "%s", what) == MW_NO_MEMORY) {
        *walk->err = why;
        return why.status;
    }
    return walk->events->failed(walk->events->context, walk->path.data, walk->below, &why,
                                walk->err);
}

/* Decides about one entry; `walk->path` is its path. */
static enum mw_status take_entry(struct walk *walk, int directory, const struct dirent *entry,
                                 struct names *names) {
    if (is_output(walk, directory, entry)) return MW_OK;
    enum entry_kind kind = entry_kind(walk, directory, entry);
    int error_number = errno;
    const char *why = reason_to_skip(walk, entry->d_name, kind);
    if (why) {
        if (kind != ENTRY_DIRECTORY && walk->events->skipped)
            walk->events->skipped(walk->events->context, walk->path.data, walk->below, why);
        return MW_OK;
    }
    if (kind == ENTRY_BROKEN) return tell_failure(walk, error_number, "cannot follow it");
    return names_add(names, entry->d_name, kind == ENTRY_DIRECTORY) ? MW_OK
                                                                    : mw_error_memory(walk->err);
}

static void path_cut(struct mw_text *path, size_t length) {
    path->length = length;
    path->data[length] = '\0';
}

static enum mw_status read_names(struct walk *walk, DIR *stream, struct names *names) {
    size_t length = walk->path.length;
    enum mw_status status = MW_OK;
    while (!status) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (!entry && errno) status = tell_failure(walk, errno, "cannot read the directory");
        if (!entry) break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        mw_text_add(&walk->path, entry->d_name, strlen(entry->d_name));
        if (walk->path.failed) status = mw_error_memory(walk->err);
        else status = take_entry(walk, dirfd(stream), entry, names);
        path_cut(&walk->path, length);
    }
    if (names->count) qsort(names->list, names->count, sizeof *names->list, name_compare);
    return status;
}

static enum mw_status tell_loop(struct walk *walk) {
    const struct mw_walk_events *events = walk->events;
    if (!events->loop) return MW_OK;
    return events->loop(events->context, walk->path.data, walk->below, walk->err);
}

static bool is_loop(const struct frame *frame) {
    for (const struct frame *above = frame->parent; above; above = above->parent)
        if (same_file(above->id, frame->id)) return true;
    return false;
}

/* Opens the directory at walk->path and reads its names; nothing is kept of what it holds but for
 * them. */
static enum mw_status open_directory(struct walk *walk, struct frame *frame) {
    struct stat info;
    DIR *stream;
    do stream = opendir(walk->path.data);
    while (!stream && errno == EINTR);
    if (!stream) return tell_failure(walk, errno, "cannot open the directory");
    enum mw_status status = MW_OK;
    bool known = fstat(dirfd(stream), &info) == 0;
    if (known) frame->id = (struct mw_file_id){info.st_dev, info.st_ino};
    if (!known) status = tell_failure(walk, errno, "cannot open the directory");
    else if (is_loop(frame)) status = tell_loop(walk);
    else status = read_names(walk, stream, &frame->names);
    closedir(stream);
    return status;
}

static void leave_directory(struct frame **top) {
    struct frame *left = *top;
    *top = left->parent;
    names_free(&left->names);
    free(left);
}

/* walk->path ends in '/'. One that cannot be opened is told, and is one without names. */
static enum mw_status enter_directory(struct walk *walk, struct frame **top) {
    struct frame *frame = calloc(1, sizeof *frame);
    if (!frame) return mw_error_memory(walk->err);
    frame->parent = *top;
    frame->length = walk->path.length;
    *top = frame;
    return open_directory(walk, frame);
}

/* A file or a directory whose name is the next in the directory on top. */
static enum mw_status take_name(struct walk *walk, struct frame **top, const char *name) {
    mw_text_add(&walk->path, name, strlen(name));
    if (walk->path.failed) return mw_error_memory(walk->err);
    if (walk->path.data[walk->path.length - 1] == '/') return enter_directory(walk, top);
    return walk->events->file(walk->events->context, walk->path.data, walk->below, walk->err);
}

/* Without recursion: paths may be as deep as the system takes them, the stacks of threads are small. */
static enum mw_status walk_tree(struct walk *walk) {
    struct frame *top = NULL;
    enum mw_status status = enter_directory(walk, &top);
    while (top && !status) {
        path_cut(&walk->path, top->length);
        if (top->next == top->names.count) leave_directory(&top);
        else status = take_name(walk, &top, top->names.list[top->next++]);
    }
    while (top) leave_directory(&top);
    return status;
}

enum mw_status mw_walk(const char *directory, const struct mw_walk_rules *rules,
                       const struct mw_walk_events *events, struct mw_error *err) {
    struct walk walk = {.rules = rules, .events = events, .err = err};
    size_t length = strlen(directory);
    mw_text_add(&walk.path, directory, length);
    if (length == 0 || directory[length - 1] != '/') mw_text_add(&walk.path, "/", 1);
    walk.below = walk.path.length;
    enum mw_status status = walk.path.failed ? mw_error_memory(err) : walk_tree(&walk);
    mw_text_free(&walk.path);
    return status;
}

/* --- Links -------------------------------------------------------------------------------------- */

static void note_link(void *context, const char *path, size_t below, const char *why) {
    bool *found = context;
    (void)path;
    (void)below;
    *found = *found || why == link_reason;
}

/* The first file behind a link ends the walk. */
static enum mw_status stop_if_found(void *context, const char *path, size_t below,
                                    struct mw_error *err) {
    const bool *found = context;
    (void)path;
    (void)below;
    return *found ? mw_error_set(err, MW_REFUSED, "found") : MW_OK;
}

enum mw_status mw_walk_find_link(const char *directory, bool *found, struct mw_error *err) {
    struct mw_walk_rules rules = {0};
    struct mw_walk_events events = {
        .context = found, .file = stop_if_found, .loop = stop_if_found, .skipped = note_link};
    *found = false;
    enum mw_status status = mw_walk(directory, &rules, &events, err);
    return *found && status != MW_NO_MEMORY ? MW_OK : status;
}
