#include "write/sampling_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/json.h"

enum {
    BY_MASK,
    BY_CLASS,
    BUFFERED = 64 * 1024,   /* bytes, before they are written */
    GATHERED = 8 * 1 << 20, /* bytes of classes that are gathered in one pass */
};

const char *const mw_sampling_file_names[2] = {"sample_class_stats.json",
                                               "samples_with_class.json"};

enum mw_status mw_sampling_files_open(struct mw_sampling_files *files, const char *directory,
                                      const struct mw_output_guard *guard, struct mw_error *err) {
    files->wanted = true;
    for (int i = 0; i < 2; i++) {
        struct mw_text path = {0};
        mw_text_print(&path, "%s/%s", directory, mw_sampling_file_names[i]);
        if (path.failed) return mw_error_memory(err);
        files->paths[i] = path.data;
        enum mw_status status = mw_output_open(&files->outputs[i], path.data, guard, err);
        if (status) return status;
    }
    return MW_OK;
}

/* Writes the text in pieces of BUFFERED bytes at least, and clears it. */
static enum mw_status flush(struct mw_output *output, struct mw_text *text, size_t least,
                            struct mw_error *err) {
    if (text->failed) return mw_error_memory(err);
    if (text->length < least) return MW_OK;
    enum mw_status status = mw_bytes_write(output->fd, text->data, text->length, err);
    if (status) mw_error_prefix(err, "%s", output->path);
    mw_text_clear(text);
    return status;
}

/* The format knows a mask by its file, and a file by a string. */
static enum mw_status check_entry(const struct mw_spool_entry *entry, struct mw_error *err) {
    struct mw_text path = {0};
    bool utf8 = mw_utf8_valid(entry->path, strlen(entry->path));
    if (utf8 && entry->page == 1) return MW_OK;
    mw_text_add_path(&path, entry->path);
    enum mw_status status =
        path.failed ? mw_error_memory(err)
        : utf8      ? mw_error_set(err, MW_USAGE,
                                   "--sampling-files: %s has several masks, and the files have a "
                                        "place for one",
                                   path.data)
                    : mw_error_set(err, MW_USAGE,
                                   "--sampling-files: %s is not UTF-8, and the files can name no "
                                        "other path",
                                   path.data);
    mw_text_free(&path);
    return status;
}

/* Each of these is for every class of every mask: none of them formats. */
static void add_words(struct mw_text *out, const char *words) {
    mw_text_add(out, words, strlen(words));
}

/* "ID": */
static void add_key(uint32_t id, struct mw_text *out) {
    add_words(out, "\"");
    mw_text_add_unsigned(out, id);
    add_words(out, "\": ");
}

/* --- By mask ------------------------------------------------------------------------------------ */

/* Place of a class in the counts. */
static size_t place_of(const struct mw_counts *counts, uint32_t id) {
    return (size_t)(mw_counts_find(counts, id) - counts->classes);
}

/* Adds to `bytes` [class_count] about what the entry will take in the other file. */
static void add_bytes(const struct mw_spool_entry *entry, const struct mw_counts *counts,
                      uint64_t *bytes) {
    enum { AROUND = 32 }; /* brackets, quotes, digits */
    for (size_t i = 0; i < entry->class_count; i++)
        bytes[place_of(counts, mw_spool_class(entry, i).id)] += strlen(entry->path) + AROUND;
}

static void add_mask(const struct mw_spool_entry *entry, bool first, struct mw_text *out) {
    add_words(out, first ? "{\"file\": " : ",\n{\"file\": ");
    mw_json_print_string(out, entry->path);
    for (size_t i = 0; i < entry->class_count; i++) {
        struct mw_class_pixels row = mw_spool_class(entry, i);
        add_words(out, ", ");
        add_key(row.id, out);
        mw_text_add_unsigned(out, row.pixels);
    }
    mw_text_add(out, "}", 1);
}

static enum mw_status write_by_mask(struct mw_output *output, struct mw_spool *spool,
                                    const struct mw_counts *counts, uint64_t *bytes,
                                    struct mw_text *out, struct mw_error *err) {
    struct mw_spool_entry entry;
    bool more, first = true;
    enum mw_status status = mw_spool_rewind(spool, err);
    mw_text_print(out, "[\n");
    while (!status && !(status = mw_spool_next(spool, &entry, &more, err)) && more) {
        if (entry.failed) continue;
        if ((status = check_entry(&entry, err))) return status;
        add_mask(&entry, first, out);
        add_bytes(&entry, counts, bytes);
        first = false;
        status = flush(output, out, BUFFERED, err);
    }
    mw_text_print(out, "\n]\n");
    return status ? status : flush(output, out, 0, err);
}

/* --- By class ----------------------------------------------------------------------------------- */

/* Classes that follow each other: what one pass over the masks gathers. */
struct range {
    size_t first, end;    /* places in the counts */
    struct mw_text *list; /* [end - first]; that of a single class is written as it grows */
    struct mw_text path;  /* of the entry at hand, as JSON */
};

/* As many classes as may be held, or one. */
static size_t range_end(const uint64_t *bytes, size_t first, size_t count) {
    size_t end = first + 1;
    for (uint64_t sum = bytes[first]; end < count && sum + bytes[end] <= GATHERED; end++)
        sum += bytes[end];
    return end;
}

static bool is_first(const struct mw_counts *counts, size_t place) {
    while (place > 0)
        if (counts->classes[--place].all.pixels) return false;
    return true;
}

/* ["PATH", PIXELS] */
static void add_sample(const struct mw_text *path, uint64_t pixels, struct mw_text *out) {
    add_words(out, "[");
    mw_text_add(out, path->data, path->length);
    add_words(out, ", ");
    mw_text_add_unsigned(out, pixels);
    add_words(out, "]");
}

/* Adds what an entry says of the classes of the range. */
static void add_entry(const struct mw_spool_entry *entry, const struct mw_counts *counts,
                      struct range *range) {
    mw_text_clear(&range->path);
    mw_json_print_string(&range->path, entry->path);
    for (size_t i = 0; i < entry->class_count; i++) {
        struct mw_class_pixels row = mw_spool_class(entry, i);
        size_t place = place_of(counts, row.id);
        if (place < range->first || place >= range->end) continue;
        struct mw_text *text = &range->list[place - range->first];
        if (text->capacity) {
            add_words(text, ",\n");
        } else {
            add_words(text, is_first(counts, place) ? "{\n" : ",\n");
            add_key(row.id, text);
            add_words(text, "[\n");
        }
        add_sample(&range->path, row.pixels, text);
    }
}

static enum mw_status gather(struct mw_output *output, struct mw_spool *spool,
                             const struct mw_counts *counts, struct range *range,
                             struct mw_error *err) {
    struct mw_spool_entry entry;
    bool more, alone = range->end - range->first == 1;
    enum mw_status status = mw_spool_rewind(spool, err);
    while (!status && !(status = mw_spool_next(spool, &entry, &more, err)) && more) {
        add_entry(&entry, counts, range);
        if (range->path.failed) return mw_error_memory(err);
        if (alone) status = flush(output, range->list, BUFFERED, err);
    }
    for (size_t i = 0; i < range->end - range->first && !status; i++) {
        struct mw_text *text = &range->list[i];
        if (text->capacity) mw_text_add(text, "\n]", 2);
        status = flush(output, text, 0, err);
    }
    return status;
}

static enum mw_status write_range(struct mw_output *output, struct mw_spool *spool,
                                  const struct mw_counts *counts, struct range *range,
                                  struct mw_error *err) {
    size_t count = range->end - range->first;
    range->list = calloc(count, sizeof *range->list);
    if (!range->list) return mw_error_memory(err);
    enum mw_status status = gather(output, spool, counts, range, err);
    for (size_t i = 0; i < count; i++) mw_text_free(&range->list[i]);
    free(range->list);
    mw_text_free(&range->path);
    return status;
}

static enum mw_status write_by_class(struct mw_output *output, struct mw_spool *spool,
                                     const struct mw_counts *counts, const uint64_t *bytes,
                                     struct mw_text *out, struct mw_error *err) {
    enum mw_status status = MW_OK;
    size_t count = counts->class_count;
    for (size_t first = 0, end; first < count && !status; first = end) {
        end = range_end(bytes, first, count);
        struct range range = {.first = first, .end = end};
        status = write_range(output, spool, counts, &range, err);
    }
    mw_text_add(out, is_first(counts, count) ? "{}\n" : "\n}\n", 3);
    return status ? status : flush(output, out, 0, err);
}

/* --- Both --------------------------------------------------------------------------------------- */

static enum mw_status write_both(struct mw_sampling_files *files, struct mw_spool *spool,
                                 const struct mw_counts *counts, uint64_t *bytes,
                                 struct mw_error *err) {
    struct mw_text out = {0};
    struct mw_output *outputs = files->outputs;
    enum mw_status status = write_by_mask(&outputs[BY_MASK], spool, counts, bytes, &out, err);
    if (!status) status = mw_output_write(&outputs[BY_MASK], &out, err);
    if (!status) status = write_by_class(&outputs[BY_CLASS], spool, counts, bytes, &out, err);
    if (!status) status = mw_output_write(&outputs[BY_CLASS], &out, err);
    mw_text_free(&out);
    return status;
}

enum mw_status mw_sampling_files_write(struct mw_sampling_files *files, struct mw_spool *spool,
                                       const struct mw_counts *counts, struct mw_error *err) {
    if (!files->wanted) return MW_OK;
    uint64_t *bytes = calloc(counts->class_count + 1, sizeof *bytes);
    if (!bytes) return mw_error_memory(err);
    enum mw_status status = write_both(files, spool, counts, bytes, err);
    free(bytes);
    return status;
}

enum mw_status mw_sampling_files_reveal(struct mw_sampling_files *files, struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (int i = 0; i < 2 && files->wanted && !status; i++)
        status = mw_output_reveal(&files->outputs[i], err);
    return status;
}

void mw_sampling_files_close(struct mw_sampling_files *files) {
    for (int i = 0; i < 2 && files->wanted; i++) {
        if (files->paths[i]) mw_output_close(&files->outputs[i]);
        free(files->paths[i]);
    }
    *files = (struct mw_sampling_files){.wanted = false};
}
