#include "write/records.h"

#include "base/bytes.h"

enum { BUFFERED = 64 * 1024 }; /* bytes, before they are written */

enum mw_status mw_records_open(struct mw_records *records, const char *path,
                               const struct mw_output_guard *guard, struct mw_error *err) {
    enum mw_status status = mw_record_format_find(path, &records->format, err);
    return status ? status : mw_output_open(&records->output, path, guard, err);
}

enum mw_status mw_records_begin(struct mw_records *records, const struct mw_record_style *style,
                                struct mw_error *err) {
    if (!records->format) return MW_OK;
    records->style = *style;
    records->format->begin(style, &records->buffer);
    return mw_record_format_check(records->format, style->labels, err);
}

void mw_records_render(const struct mw_records *records, const struct mw_record *record,
                       struct mw_text *text) {
    records->format->add(&records->style, record, text);
    records->format->end(&records->style, NULL, text);
}

enum mw_status mw_records_take(struct mw_records *records, const struct mw_text *lines,
                               struct mw_error *err) {
    struct mw_text *buffer = &records->buffer;
    mw_text_add(buffer, lines->data, lines->length);
    if (buffer->failed) return mw_error_memory(err);
    if (buffer->length < BUFFERED) return MW_OK;
    enum mw_status status = mw_bytes_write(records->output.fd, buffer->data, buffer->length, err);
    if (status) mw_error_prefix(err, "%s", records->output.path);
    mw_text_clear(buffer);
    return status;
}

enum mw_status mw_records_finish(struct mw_records *records, struct mw_error *err) {
    if (!records->format) return MW_OK;
    if (records->buffer.failed) return mw_error_memory(err);
    return mw_output_write(&records->output, &records->buffer, err);
}

enum mw_status mw_records_reveal(struct mw_records *records, struct mw_error *err) {
    return records->format ? mw_output_reveal(&records->output, err) : MW_OK;
}

void mw_records_close(struct mw_records *records) {
    if (records->format) mw_output_close(&records->output);
    mw_text_free(&records->buffer);
    records->format = NULL;
}
