#include "write/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Before each entry; then the line, the path with its NUL, and the classes. Written and read by one
 * process. */
struct head {
    uint64_t line_length, path_size;
    uint32_t page, failed;
    uint64_t class_count;
};

struct stored_class {
    uint64_t id, pixels;
};

/* ".maskweight.PID.N.tmp" in the directory; unlinked at once. */
static enum mw_status make_file(struct mw_spool *spool, const struct mw_output_guard *guard,
                                struct mw_error *err) {
    enum { ATTEMPTS = 100 };
    struct mw_text name = {0};
    spool->fd = -1;
    errno = EEXIST;
    guard->hold(); /* a signal in between would leave it */
    for (int i = 0; i < ATTEMPTS && spool->fd < 0 && errno == EEXIST && !name.failed; i++) {
        mw_text_clear(&name);
        mw_text_print(&name, "%s/.maskweight.%ld.%d.tmp", spool->directory, (long)getpid(), i);
        if (name.failed) break;
        spool->fd = mw_bytes_open(name.data, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
    }
    int reason = errno;
    if (spool->fd >= 0) unlink(name.data);
    guard->release(NULL, NULL);
    bool failed = name.failed;
    mw_text_free(&name);
    if (failed) return mw_error_memory(err);
    if (spool->fd < 0)
        return mw_error_system(err, reason, "%s: cannot make a temporary file", spool->directory);
    return MW_OK;
}

enum mw_status mw_spool_open(struct mw_spool *spool, const struct mw_output *beside,
                             struct mw_error *err) {
    spool->directory = mw_output_directory(beside);
    if (!spool->directory) return mw_error_memory(err);
    enum mw_status status = make_file(spool, &beside->guard, err);
    spool->open = status == MW_OK;
    return status;
}

static void add_classes(const struct mw_mask *mask, struct head *head, struct mw_text *text) {
    for (size_t i = 0; i < mask->count; i++) {
        struct stored_class stored = {mask->classes[i].id, mask->classes[i].pixels};
        if (stored.pixels == 0) continue; /* a plane that says no */
        mw_text_add(text, &stored, sizeof stored);
        head->class_count++;
    }
}

void mw_spool_render(const struct mw_record *record, size_t start, struct mw_text *text) {
    struct head head = {.page = record->page, .failed = record->error != NULL};
    head.line_length = text->length - start;
    head.path_size = strlen(record->file->path) + 1;
    mw_text_add(text, &head, sizeof head); /* room for it */
    if (text->failed) return;
    char *entry = text->data + start;
    memmove(entry + sizeof head, entry, (size_t)head.line_length);
    mw_text_add(text, record->file->path, (size_t)head.path_size);
    if (record->mask) add_classes(record->mask, &head, text);
    if (!text->failed) memcpy(text->data + start, &head, sizeof head);
}

static enum mw_status prefixed(const struct mw_spool *spool, enum mw_status status,
                               struct mw_error *err) {
    if (status && status != MW_NO_MEMORY)
        mw_error_prefix(err, "%s: a temporary file", spool->directory);
    return status;
}

enum mw_status mw_spool_write(struct mw_spool *spool, const struct mw_text *entries,
                              struct mw_error *err) {
    spool->bytes += entries->length;
    return prefixed(spool, mw_bytes_write(spool->fd, entries->data, entries->length, err), err);
}

enum mw_status mw_spool_rewind(struct mw_spool *spool, struct mw_error *err) {
    struct mw_input written = {.fd = spool->fd, .size = spool->bytes};
    spool->next = 0;
    return spool->input.window ? MW_OK : mw_input_view(&spool->input, &written, err);
}

/* The next `length` bytes, behind what is in the entry. */
static enum mw_status read_more(struct mw_spool *spool, uint64_t length, struct mw_error *err) {
    struct mw_text *entry = &spool->entry;
    char piece[4096];
    enum mw_status status = MW_OK;
    while (length > 0 && !status) {
        size_t some = length < sizeof piece ? (size_t)length : sizeof piece;
        status = mw_input_read(&spool->input, spool->next, piece, some, err);
        if (!status) mw_text_add(entry, piece, some);
        spool->next += some;
        length -= some;
    }
    return status ? prefixed(spool, status, err) : entry->failed ? mw_error_memory(err) : MW_OK;
}

enum mw_status mw_spool_next(struct mw_spool *spool, struct mw_spool_entry *entry, bool *more,
                             struct mw_error *err) {
    struct head head;
    *more = spool->next < spool->bytes;
    if (!*more) return MW_OK;
    mw_text_clear(&spool->entry);
    enum mw_status status = read_more(spool, sizeof head, err);
    if (status) return status;
    memcpy(&head, spool->entry.data, sizeof head);
    mw_text_clear(&spool->entry);
    uint64_t classes = head.class_count * sizeof(struct stored_class);
    status = read_more(spool, head.line_length + head.path_size + classes, err);
    if (status) return status;
    const char *line = spool->entry.data, *path = line + head.line_length;
    *entry = (struct mw_spool_entry){.line = line,
                                     .line_length = (size_t)head.line_length,
                                     .path = path,
                                     .failed = head.failed,
                                     .page = head.page,
                                     .class_count = (size_t)head.class_count,
                                     .classes = path + head.path_size};
    return MW_OK;
}

struct mw_class_pixels mw_spool_class(const struct mw_spool_entry *entry, size_t number) {
    struct stored_class stored;
    memcpy(&stored, entry->classes + number * sizeof stored, sizeof stored);
    return (struct mw_class_pixels){.id = (uint32_t)stored.id, .pixels = stored.pixels};
}

void mw_spool_close(struct mw_spool *spool) {
    if (spool->open) close(spool->fd);
    mw_input_free(&spool->input);
    mw_text_free(&spool->entry);
    free(spool->directory);
    *spool = (struct mw_spool){0};
}
