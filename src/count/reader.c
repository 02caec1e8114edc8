#include "count/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "count/reader_places.h"
#include "count/shard.h"

enum mw_status mw_reader_init(struct mw_reader *reader, const struct mw_labels *labels,
                              const struct mw_limits *limits, struct mw_error *err) {
    *reader = (struct mw_reader){.labels = labels, .limits = limits};
    mw_counts_init(&reader->counts);
    mw_counts_limit_places(&reader->counts, (size_t)limits->max_places);
    return mw_histogram_init(&reader->histogram, MW_DENSE_BINS, limits->max_values, err);
}

/* Masks of one file mostly have one palette, which they share. */
static void drop_facts(struct mw_reader *reader) {
    for (size_t i = 0; i < reader->facts_count; i++)
        if (i == 0 || reader->facts[i].palette != reader->facts[i - 1].palette)
            free(reader->facts[i].palette);
    reader->facts_count = 0;
}

void mw_reader_free(struct mw_reader *reader) {
    mw_input_free(&reader->input);
    mw_histogram_free(&reader->histogram);
    mw_planes_free(&reader->planes);
    mw_mask_free(&reader->mask);
    mw_counts_free(&reader->counts);
    mw_inspection_free(&reader->in_file);
    mw_text_free(&reader->records);
    mw_text_free(&reader->unknown);
    drop_facts(reader);
    free(reader->facts);
    mw_cache_entry_free(reader->fresh);
}

static void on_note(void *context, enum mw_finding_code code) {
    struct mw_reader *reader = context;
    reader->notes |= 1U << code;
    reader->mask_notes |= 1U << code;
}

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    struct mw_reader *reader = context;
    reader->page = layout->page;
    reader->histogram.skip_transparent = reader->labels->transparent_ignored;
    mw_histogram_begin(&reader->histogram, layout);
    return mw_mask_check_layout(layout, reader->labels, err);
}

static void on_pixels(void *context, const void *samples, size_t count) {
    mw_histogram_pixels(&((struct mw_reader *)context)->histogram, samples, count);
}

static void on_run(void *context, uint32_t pattern, uint64_t count) {
    mw_histogram_run(&((struct mw_reader *)context)->histogram, pattern, count);
}

static void note_palette(struct mw_reader *reader) {
    const struct mw_layout *layout = &reader->histogram.layout;
    if (layout->palette_entries == 0 || layout->bits > 8) return;
    for (size_t value = layout->palette_entries; value < (size_t)1 << layout->bits; value++)
        if (reader->histogram.dense[value]) on_note(reader, MW_PALETTE_INDEX);
}

/* Unknown values end the file, unless they are to be left out. */
static enum mw_status check_unknown(struct mw_reader *reader, uint32_t channel,
                                    struct mw_error *err) {
    struct mw_mask *mask = &reader->mask;
    bool left_out = reader->labels->unknown == MW_UNKNOWN_IGNORE;
    enum mw_status status = MW_OK;
    if (mask->unknown_values == 0) return MW_OK;
    if (reader->inspection && !mask->multi_label && (!left_out || reader->gather_unknown))
        status = mw_inspection_add_unknown(reader->inspection, &reader->histogram, reader->format,
                                           reader->labels, reader->file->path, reader->page, err);
    if (left_out && !status) mw_reader_note_unknown(reader, channel);
    if (left_out || status) return status;
    mw_mask_locate_unknown(mask, &reader->input, reader->format, reader->limits, reader->labels,
                           reader->page, channel);
    return mw_mask_refuse_unknown(mask, reader->labels, err);
}

static void add_record(struct mw_reader *reader) {
    if (!reader->render) return;
    struct mw_record record = {.file = reader->file,
                               .mask = &reader->mask,
                               .page = mw_reader_number(reader),
                               .notes = reader->mask_notes};
    reader->render(reader->render_context, &record, &reader->records);
}

static enum mw_status add_to_entry(struct mw_reader *reader, struct mw_error *err) {
    const struct mw_mask *mask = &reader->mask;
    if (!reader->fresh) return MW_OK;
    return mw_cache_entry_add_mask(reader->fresh, mask, mw_mask_is_empty(mask, reader->labels),
                                   mw_reader_number(reader), reader->mask_notes, err);
}

/* Gives the last of the facts the palette of the mask. */
static enum mw_status add_palette(struct mw_reader *reader, struct mw_error *err) {
    const struct mw_layout *layout = &reader->mask.layout;
    struct mw_mask_facts *facts = &reader->facts[reader->facts_count - 1];
    size_t size = layout->palette_entries * sizeof *facts->palette;
    if (reader->mask.multi_label || !layout->palette || size == 0) return MW_OK;
    bool same = reader->facts_count > 1 && facts[-1].palette_entries == layout->palette_entries &&
                memcmp(facts[-1].palette, layout->palette, size) == 0;
    facts->palette = same ? facts[-1].palette : malloc(size);
    if (!facts->palette) return mw_error_memory(err);
    facts->palette_entries = layout->palette_entries;
    if (!same) memcpy(facts->palette, layout->palette, size);
    return MW_OK;
}

static enum mw_status add_facts(struct mw_reader *reader, struct mw_error *err) {
    const struct mw_mask *mask = &reader->mask;
    if (!reader->watch) return MW_OK;
    if (reader->facts_count == reader->facts_capacity) {
        size_t capacity = reader->facts_capacity ? 2 * reader->facts_capacity : 4;
        struct mw_mask_facts *facts = realloc(reader->facts, capacity * sizeof *facts);
        if (!facts) return mw_error_memory(err);
        reader->facts = facts;
        reader->facts_capacity = capacity;
    }
    reader->facts[reader->facts_count++] = (struct mw_mask_facts){
        .page = mw_reader_number(reader),
        .width = mask->layout.width,
        .height = mask->layout.height,
        .layout = mw_layout_key(&mask->layout),
        .has_foreground = mask->pixels > 0 && !mw_mask_is_empty(mask, reader->labels),
    };
    return reader->palettes ? add_palette(reader, err) : MW_OK;
}

/* Adds a complete mask to the counts of the file. */
static enum mw_status add_mask(struct mw_reader *reader, struct mw_error *err) {
    const struct mw_mask *mask = &reader->mask;
    if (mask->looks_lossy) on_note(reader, MW_LOOKS_LOSSY);
    if (mask->nodata_ignored) on_note(reader, MW_NODATA_IGNORED);
    if (mask->pixels == 0) on_note(reader, MW_IGNORED_MASK);
    if (mask->unknown_pixels) reader->mask_notes |= 1U << MW_UNKNOWN_LABEL;
    add_record(reader);
    enum mw_status status = add_to_entry(reader, err);
    if (!status) status = add_facts(reader, err);
    if (!status) status = mw_reader_add_places(reader, err);
    reader->mask_notes = reader->file_notes;
    return status ? status : mw_counts_add_mask(&reader->counts, mask, reader->labels, err);
}

static enum mw_status on_end(void *context, struct mw_error *err) {
    struct mw_reader *reader = context;
    enum mw_status status = mw_histogram_end(&reader->histogram, err);
    if (!status) status = mw_mask_label(&reader->mask, &reader->histogram, reader->labels, err);
    if (!status) status = check_unknown(reader, 0, err);
    if (status) return status;
    note_palette(reader);
    return add_mask(reader, err);
}

/* Every page of a file of planes has the same size. */
static enum mw_status on_begin_planes(void *context, const struct mw_layout *layout,
                                      struct mw_error *err) {
    struct mw_reader *reader = context;
    const struct mw_layout *last = &reader->planes.layout;
    reader->page = layout->page;
    if (reader->mask.count && (layout->width != last->width || layout->height != last->height))
        return mw_error_set(err, MW_REFUSED,
                            "%" PRIu32 " x %" PRIu32 " pixels after a plane of %" PRIu32 " x "
                            "%" PRIu32 ": the planes of one mask have one size",
                            layout->width, layout->height, last->width, last->height);
    enum mw_status status = mw_mask_check_layout(layout, reader->labels, err);
    return status ? status
                  : mw_planes_begin(&reader->planes, layout, reader->limits->max_values, err);
}

static void on_pixels_planes(void *context, const void *samples, size_t count) {
    mw_planes_pixels(&((struct mw_reader *)context)->planes, samples, count);
}

static void on_run_planes(void *context, uint32_t pattern, uint64_t count) {
    mw_planes_run(&((struct mw_reader *)context)->planes, pattern, count);
}

static enum mw_status on_end_planes(void *context, struct mw_error *err) {
    struct mw_reader *reader = context;
    const struct mw_planes *planes = &reader->planes;
    for (size_t i = 0; i < planes->count; i++) {
        enum mw_status status = mw_histogram_end(&planes->histograms[i], err);
        if (!status)
            status = mw_mask_add_plane(&reader->mask, &planes->histograms[i], reader->labels, err);
        if (!status) status = check_unknown(reader, (uint32_t)i, err);
        if (status == MW_LABEL && planes->count > 1) mw_error_prefix(err, "channel %zu", i + 1);
        if (status) return status;
    }
    return MW_OK;
}

/* A file of planes is one mask. */
static enum mw_status finish_planes(struct mw_reader *reader, struct mw_error *err) {
    const struct mw_labels *labels = reader->labels;
    if (labels->classes && reader->mask.count != labels->classes)
        return mw_error_set(err, MW_LABEL, "%zu planes, and %" PRIu32 " classes are declared",
                            reader->mask.count, labels->classes);
    return add_mask(reader, err);
}

/* Several values of a pixel are inspected one by one. */
static enum mw_status on_begin_inspect(void *context, const struct mw_layout *layout,
                                       struct mw_error *err) {
    struct mw_reader *reader = context;
    reader->page = layout->page;
    mw_histogram_begin(&reader->histogram, layout);
    return mw_layout_is_plural(layout)
               ? mw_planes_begin(&reader->planes, layout, reader->limits->max_values, err)
               : MW_OK;
}

static void on_pixels_inspect(void *context, const void *samples, size_t count) {
    struct mw_reader *reader = context;
    if (mw_layout_is_plural(&reader->histogram.layout))
        mw_planes_pixels(&reader->planes, samples, count);
    else mw_histogram_pixels(&reader->histogram, samples, count);
}

static void on_run_inspect(void *context, uint32_t pattern, uint64_t count) {
    struct mw_reader *reader = context;
    if (mw_layout_is_plural(&reader->histogram.layout))
        mw_planes_run(&reader->planes, pattern, count);
    else mw_histogram_run(&reader->histogram, pattern, count);
}

static enum mw_status inspect(struct mw_reader *reader, struct mw_histogram *histogram,
                              struct mw_error *err) {
    enum mw_status status = mw_histogram_end(histogram, err);
    if (status) return status;
    histogram->layout.channels = reader->histogram.layout.channels; /* as the file has it */
    reader->counts.masks++;
    return mw_inspection_add_mask(&reader->in_file, histogram, reader->format, reader->file->path,
                                  reader->page, err);
}

static enum mw_status on_end_inspect(void *context, struct mw_error *err) {
    struct mw_reader *reader = context;
    enum mw_status status = MW_OK;
    bool plural = mw_layout_is_plural(&reader->histogram.layout);
    for (size_t i = 0; plural && i < reader->planes.count && !status; i++)
        status = inspect(reader, &reader->planes.histograms[i], err);
    if (!plural) status = inspect(reader, &reader->histogram, err);
    if (!status && !plural) note_palette(reader);
    return status;
}

static enum mw_status decode(struct mw_reader *reader, const struct mw_file *file,
                             struct mw_error *err) {
    static const struct mw_sink single = {
        .begin = on_begin, .pixels = on_pixels, .run = on_run, .end = on_end, .note = on_note};
    static const struct mw_sink multi = {.planes = true,
                                         .begin = on_begin_planes,
                                         .pixels = on_pixels_planes,
                                         .run = on_run_planes,
                                         .end = on_end_planes,
                                         .note = on_note};
    static const struct mw_sink facts = {.begin = on_begin_inspect,
                                         .pixels = on_pixels_inspect,
                                         .run = on_run_inspect,
                                         .end = on_end_inspect,
                                         .note = on_note};
    bool planes = mw_labels_multi(reader->labels) && !reader->inspect_only;
    struct mw_sink sink = reader->inspect_only ? facts : planes ? multi : single;
    sink.context = reader;
    enum mw_status status = mw_format_detect(&reader->input, &reader->format, err);
    if (status) return status;
    const struct mw_format *promised = mw_format_by_suffix(file->path);
    if (promised && promised != reader->format) on_note(reader, MW_SUFFIX_MISMATCH);
    reader->file_notes = reader->notes;
    struct mw_limits limits = *reader->limits;
    if (planes) mw_mask_begin_planes(&reader->mask);
    if (planes) limits.reference = true; /* a run says one value for all samples of a pixel */
    status = mw_format_decode(reader->format, &reader->input, &limits, &sink, err);
    return !status && planes ? finish_planes(reader, err) : status;
}

/* Moves the file's counts to the totals. */
static enum mw_status commit(struct mw_reader *reader, const struct mw_file *file,
                             struct mw_counts *totals, struct mw_error *err) {
    mw_reader_end_places(reader);
    reader->counts.files = 1;
    reader->counts.digest = mw_digest_path(file->document_path);
    enum mw_status status = MW_OK;
    if (reader->grouped)
        status =
            mw_counts_add_group(totals, mw_subset_group(file->document_path), &reader->counts, err);
    if (!status) status = mw_counts_merge(totals, &reader->counts, err);
    if (!status && reader->inspect_only) {
        mw_inspection_end_file(&reader->in_file);
        status = mw_inspection_merge(reader->inspection, &reader->in_file, err);
    }
    for (unsigned code = 0; code < MW_MASK_FINDINGS && !status; code++)
        if (reader->notes >> code & 1)
            status = mw_places_add(&totals->findings[code], file->source, file->document_path, NULL,
                                   err);
    return status;
}

/* Everything about the file is known: it was read as a whole, or `failed`. */
static enum mw_status watch(struct mw_reader *reader, bool failed, struct mw_digest digest,
                            struct mw_error *err) {
    if (!reader->watch) return MW_OK;
    struct mw_file_facts facts = {.file = reader->file,
                                  .failed = failed,
                                  .masks = reader->facts,
                                  .count = failed ? 0 : reader->facts_count,
                                  .digest = digest};
    return reader->watch(reader->watch_context, &facts, err);
}

static void drop_entry(struct mw_reader *reader) {
    mw_cache_entry_free(reader->fresh);
    reader->fresh = NULL;
}

/* Pages that do not ascend would come in another order out of the cache. */
static bool pages_ascend(const struct mw_cache_entry *entry) {
    for (size_t i = 1; i < entry->count; i++)
        if (entry->masks[i - 1].page >= entry->masks[i].page) return false;
    return entry->count > 0;
}

/* The file was read as a whole. */
static void finish_entry(struct mw_reader *reader, const struct mw_digest *digest) {
    struct mw_cache_entry *entry = reader->fresh;
    if (!entry) return;
    entry->state = reader->input.state;
    entry->notes = reader->notes;
    entry->has_digest = reader->digests;
    entry->digest = *digest;
    if (!pages_ascend(entry) || !mw_input_is_settled(&reader->input)) drop_entry(reader);
}

/* Reads the file, and counts it for itself. */
static enum mw_status read_file(struct mw_reader *reader, const struct mw_file *file,
                                uint64_t *bytes, struct mw_digest *digest, struct mw_error *err) {
    enum mw_status status = MW_OK;
    if (file->content) mw_input_memory(&reader->input, file->content->data, file->content->length);
    else status = mw_input_open(&reader->input, file->path, err);
    if (status) return status;
    mw_input_limit_time(&reader->input, reader->limits->max_seconds);
    *bytes = reader->input.size;
    status = decode(reader, file, err);
    if (!status && reader->digests) status = mw_digest_bytes(&reader->input, digest, err);
    if (!status) status = mw_input_check(&reader->input, err);
    if (!status) finish_entry(reader, digest);
    else drop_entry(reader);
    mw_input_close(&reader->input);
    return !status && reader->records.failed ? mw_error_memory(err) : status;
}

/* Whether a mask has values that are no class, and has to be decoded for them: to fail, or to say where the values
 * stand and what they probably are. */
static bool needs_unknown(const struct mw_reader *reader, const struct mw_file *file) {
    const struct mw_cache_entry *entry = file->entry;
    const struct mw_place_list *known = &reader->totals->findings[MW_UNKNOWN_LABEL];
    for (size_t i = 0; i < entry->count; i++)
        if (entry->masks[i].unknown_pixels)
            return reader->labels->unknown == MW_UNKNOWN_ERROR || reader->gather_unknown ||
                   mw_places_want(known, 0, file->document_path);
    return false;
}

/* Whether a palette is wanted, which an entry does not have. */
static bool needs_palette(const struct mw_reader *reader, const struct mw_cache_entry *entry) {
    for (size_t i = 0; i < entry->count && reader->palettes; i++)
        if (mw_layout_of_key(entry->masks[i].layout).palette_entries) return true;
    return false;
}

/* Whether the entry is of the file as it is now, and says all that is asked. */
static bool is_current(const struct mw_reader *reader, const struct mw_file *file) {
    const struct mw_cache_entry *entry = file->entry;
    struct mw_file_state state;
    if (!entry || !entry->count || (reader->digests && !entry->has_digest)) return false;
    if (needs_palette(reader, entry) || needs_unknown(reader, file)) return false;
    return mw_file_state_of(file->path, &state) && mw_file_state_equal(&state, &entry->state);
}

/* Counts the file for itself out of its entry. */
static enum mw_status recall(struct mw_reader *reader, const struct mw_cache_entry *entry,
                             uint64_t *bytes, struct mw_digest *digest, struct mw_error *err) {
    enum mw_status status = MW_OK;
    *bytes = entry->state.size;
    *digest = entry->digest;
    for (size_t i = 0; i < entry->count && !status; i++) {
        reader->page = entry->masks[i].page - 1;
        reader->mask_notes = reader->file_notes = entry->masks[i].notes;
        status = mw_cache_entry_mask(entry, i, mw_labels_multi(reader->labels), &reader->mask, err);
        reader->contradicted = reader->contradicted || status == MW_BROKEN;
        if (!status) status = add_mask(reader, err);
    }
    reader->notes = entry->notes;
    return !status && reader->records.failed ? mw_error_memory(err) : status;
}

static bool is_verified(const struct mw_reader *reader, const struct mw_file *file) {
    const double most = 18446744073709551616.0; /* 2^64 */
    return reader->verify > 0 && (double)mw_shard_hash(file->document_path) < reader->verify * most;
}

/* Reads the file, though its entry is there, and compares. */
static enum mw_status verify(struct mw_reader *reader, const struct mw_file *file, uint64_t *bytes,
                             struct mw_digest *digest, struct mw_error *err) {
    enum mw_status status = read_file(reader, file, bytes, digest, err);
    if (status || !reader->fresh) return status;
    bool same_file = mw_file_state_equal(&reader->fresh->state, &file->entry->state);
    reader->recalled = same_file && mw_cache_entry_equal(reader->fresh, file->entry);
    if (reader->recalled) drop_entry(reader);
    if (reader->recalled || !same_file) return MW_OK;
    reader->contradicted = true;
    return mw_error_set(err, MW_BROKEN, "the cache contradicts it");
}

/* By its entry, or by reading it. */
static enum mw_status count_file(struct mw_reader *reader, const struct mw_file *file,
                                 uint64_t *bytes, struct mw_digest *digest, struct mw_error *err) {
    bool current = is_current(reader, file), verified = current && is_verified(reader, file);
    drop_entry(reader);
    reader->recalled = current && !verified;
    reader->read = !reader->recalled;
    if (reader->recalled) return recall(reader, file->entry, bytes, digest, err);
    if (file->entry && !(reader->fresh = mw_cache_entry_make(mw_cache_entry_path(file->entry))))
        return mw_error_memory(err);
    return verified ? verify(reader, file, bytes, digest, err)
                    : read_file(reader, file, bytes, digest, err);
}

enum mw_status mw_reader_count(struct mw_reader *reader, const struct mw_file *file,
                               struct mw_counts *totals, uint64_t *bytes, struct mw_error *err) {
    struct mw_digest digest = {0, 0};
    struct mw_error watching;
    mw_counts_clear(&reader->counts);
    mw_inspection_free(&reader->in_file);
    reader->file = file;
    mw_text_clear(&reader->records);
    reader->notes = reader->mask_notes = 0;
    drop_facts(reader);
    reader->totals = totals;
    mw_text_clear(&reader->unknown);
    reader->unknown_planes = 0;
    *bytes = 0;
    enum mw_status status = count_file(reader, file, bytes, &digest, err);
    if (reader->contradicted || status == MW_NO_MEMORY || status == MW_OVERFLOW) return status;
    if (watch(reader, status != MW_OK, digest, &watching)) {
        *err = watching;
        return watching.status;
    }
    return status ? status : commit(reader, file, totals, err);
}
