#include "write/records.h"

#include <stdlib.h>

#include "base/bytes.h"

enum { BUFFERED = 64 * 1024 }; /* bytes, before they are written */

enum mw_status mw_records_open(struct mw_records *records, const char *path,
                               const struct mw_output_guard *guard, struct mw_error *err) {
    enum mw_status status = mw_record_format_find(path, &records->format, err);
    return status ? status : mw_output_open(&records->output, path, guard, err);
}

enum mw_status mw_records_begin(struct mw_records *records, const struct mw_record_style *style,
                                struct mw_error *err) {
    records->style = *style;
    if (!records->format) return MW_OK;
    if (!records->spool.open) records->format->begin(style, &records->buffer);
    return mw_record_format_check(records->format, style->labels, err);
}

void mw_records_render(const struct mw_records *records, const struct mw_record *record,
                       struct mw_text *text) {
    const struct mw_record_format *format = records->format;
    size_t start = text->length;
    if (format) format->add(&records->style, record, text);
    if (records->spool.open) mw_spool_render(record, start, text);
    else if (format) format->end(&records->style, NULL, text);
}

static enum mw_status write_buffer(struct mw_records *records, struct mw_error *err) {
    struct mw_text *buffer = &records->buffer;
    if (buffer->failed) return mw_error_memory(err);
    enum mw_status status = mw_bytes_write(records->output.fd, buffer->data, buffer->length, err);
    if (status) mw_error_prefix(err, "%s", records->output.path);
    mw_text_clear(buffer);
    return status;
}

static enum mw_status spool_buffer(struct mw_records *records, struct mw_error *err) {
    if (records->buffer.failed) return mw_error_memory(err);
    enum mw_status status = mw_spool_write(&records->spool, &records->buffer, err);
    mw_text_clear(&records->buffer);
    return status;
}

enum mw_status mw_records_take(struct mw_records *records, const struct mw_text *rendered,
                               struct mw_error *err) {
    mw_text_add(&records->buffer, rendered->data, rendered->length);
    if (records->buffer.failed) return mw_error_memory(err);
    if (records->buffer.length < BUFFERED) return MW_OK;
    return records->spool.open ? spool_buffer(records, err) : write_buffer(records, err);
}

/* --- The second pass ---------------------------------------------------------------------------- */

/* The value of a class as a number, to compare, and as text, to write. */
struct class_value {
    double number;
    char text[MW_REAL_SIZE];
};

static void set_value(struct class_value *value, double number) {
    value->number = number;
    mw_real_format(number, value->text);
}

/* One for each class, and behind the last that of a mask without any. NULL when memory runs out. */
static struct class_value *make_values(const struct mw_sampling *sampling,
                                       const struct mw_counts *counts) {
    struct class_value *values = calloc(counts->class_count + 1, sizeof *values);
    if (!values) return NULL;
    for (size_t i = 0; i < counts->class_count; i++)
        if (counts->classes[i].all.pixels)
            set_value(&values[i],
                      sampling->sampler->value(counts, &counts->classes[i], sampling->threshold));
    set_value(&values[counts->class_count], sampling->sampler->without);
    return values;
}

static const char *weight_of(const struct mw_spool_entry *entry, const struct mw_counts *counts,
                             const struct class_value *values) {
    const struct class_value *largest = NULL;
    if (entry->failed) return NULL;
    for (size_t i = 0; i < entry->class_count; i++) {
        const struct mw_class_counts *row = mw_counts_find(counts, mw_spool_class(entry, i).id);
        const struct class_value *value = &values[row - counts->classes];
        if (!largest || value->number > largest->number) largest = value;
    }
    return largest ? largest->text : values[counts->class_count].text;
}

static enum mw_status write_lines(struct mw_records *records, const struct mw_counts *counts,
                                  const struct class_value *values, struct mw_error *err) {
    const struct mw_record_style *style = &records->style;
    struct mw_text *buffer = &records->buffer;
    struct mw_spool_entry entry;
    bool more;
    enum mw_status status = mw_spool_rewind(&records->spool, err);
    records->format->begin(style, buffer);
    while (!status && !(status = mw_spool_next(&records->spool, &entry, &more, err)) && more) {
        mw_text_add(buffer, entry.line, entry.line_length);
        records->format->end(style, values ? weight_of(&entry, counts, values) : NULL, buffer);
        if (buffer->length >= BUFFERED) status = write_buffer(records, err);
    }
    return status;
}

static enum mw_status second_pass(struct mw_records *records, const struct mw_counts *counts,
                                  struct mw_error *err) {
    struct class_value *values = NULL;
    if (records->sampling.sampler && !(values = make_values(&records->sampling, counts)))
        return mw_error_memory(err);
    enum mw_status status = write_lines(records, counts, values, err);
    free(values);
    return status;
}

enum mw_status mw_records_finish(struct mw_records *records, const struct mw_counts *counts,
                                 struct mw_error *err) {
    enum mw_status status = records->spool.open ? spool_buffer(records, err) : MW_OK;
    if (status || !records->format) return status;
    if (records->spool.open) status = second_pass(records, counts, err);
    if (!status && records->buffer.failed) status = mw_error_memory(err);
    return status ? status : mw_output_write(&records->output, &records->buffer, err);
}

enum mw_status mw_records_reveal(struct mw_records *records, struct mw_error *err) {
    return records->format ? mw_output_reveal(&records->output, err) : MW_OK;
}

void mw_records_close(struct mw_records *records) {
    if (records->format) mw_output_close(&records->output);
    mw_spool_close(&records->spool);
    mw_text_free(&records->buffer);
    records->format = NULL;
}
