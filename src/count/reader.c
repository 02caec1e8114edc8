#include "count/reader.h"

#include <stdlib.h>
#include <string.h>

enum mw_status mw_reader_init(struct mw_reader *reader, const struct mw_labels *labels,
                              const struct mw_limits *limits, struct mw_error *err) {
    *reader = (struct mw_reader){.labels = labels, .limits = limits};
    mw_counts_init(&reader->counts);
    return mw_histogram_init(&reader->histogram, err);
}

void mw_reader_free(struct mw_reader *reader) {
    mw_input_free(&reader->input);
    mw_histogram_free(&reader->histogram);
    mw_mask_free(&reader->mask);
    mw_counts_free(&reader->counts);
}

static void on_note(void *context, enum mw_finding_code code) {
    struct mw_reader *reader = context;
    reader->notes |= 1U << code;
}

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    struct mw_reader *reader = context;
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

static enum mw_status on_end(void *context, struct mw_error *err) {
    struct mw_reader *reader = context;
    struct mw_mask *mask = &reader->mask;
    enum mw_status status = mw_histogram_end(&reader->histogram, err);
    if (!status) status = mw_mask_label(mask, &reader->histogram, reader->labels, err);
    if (status) return status;
    if (mask->unknown_values && reader->labels->unknown == MW_UNKNOWN_ERROR) {
        mw_mask_locate_unknown(mask, &reader->input, reader->format, reader->limits, reader->labels,
                               reader->page);
        return mw_mask_refuse_unknown(mask, reader->labels, err);
    }
    note_palette(reader);
    if (mask->looks_lossy) on_note(reader, MW_LOOKS_LOSSY);
    if (mask->count == 0) on_note(reader, MW_IGNORED_MASK);
    if (mask->unknown_pixels) on_note(reader, MW_UNKNOWN_LABEL);
    reader->page++;
    return mw_counts_add_mask(&reader->counts, mask, reader->labels, err);
}

static enum mw_status decode(struct mw_reader *reader, const struct mw_file *file,
                             struct mw_error *err) {
    struct mw_sink sink = {reader, on_begin, NULL, on_pixels, on_run, on_end, on_note};
    enum mw_status status = mw_format_detect(&reader->input, &reader->format, err);
    if (status) return status;
    const struct mw_format *promised = mw_format_by_suffix(file->path);
    if (promised && promised != reader->format) on_note(reader, MW_SUFFIX_MISMATCH);
    return mw_format_decode(reader->format, &reader->input, reader->limits, &sink, err);
}

/* Moves the file's counts to the totals. */
static enum mw_status commit(struct mw_reader *reader, const struct mw_file *file,
                             struct mw_counts *totals, struct mw_error *err) {
    reader->counts.files = 1;
    reader->counts.digest = mw_digest_path(file->document_path);
    enum mw_status status = mw_counts_merge(totals, &reader->counts, err);
    for (unsigned code = 0; code < MW_MASK_FINDINGS && !status; code++)
        if (reader->notes >> code & 1)
            status = mw_places_add(&totals->findings[code], file->source, file->document_path, NULL,
                                   err);
    return status;
}

enum mw_status mw_reader_count(struct mw_reader *reader, const struct mw_file *file,
                               struct mw_counts *totals, uint64_t *bytes, struct mw_error *err) {
    enum mw_status status = MW_OK;
    mw_counts_clear(&reader->counts);
    reader->page = 0;
    reader->notes = 0;
    *bytes = 0;
    if (file->content) mw_input_memory(&reader->input, file->content->data, file->content->length);
    else status = mw_input_open(&reader->input, file->path, err);
    if (status) return status;
    *bytes = reader->input.size;
    status = decode(reader, file, err);
    mw_input_close(&reader->input);
    return status ? status : commit(reader, file, totals, err);
}
