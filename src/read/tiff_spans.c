/* Of blocks that follow each other as much is read at once as makes the read cheap and stays in the second
 * cache. */
#include "read/tiff_spans.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SPAN = 256 * 1024 }; /* bytes */

void mw_tiff_spans_free(struct mw_tiff_spans *spans) {
    free(spans->buffer.bytes);
    *spans = (struct mw_tiff_spans){0};
}

void mw_tiff_spans_begin(struct mw_tiff_spans *spans) {
    spans->length = 0;
}

/* The bytes of a block if they are in memory, else NULL. */
static const unsigned char *peek(const struct mw_tiff_spans *spans, uint64_t offset,
                                 size_t length) {
    if (offset < spans->offset || offset - spans->offset > spans->length) return NULL;
    size_t at = (size_t)(offset - spans->offset);
    return length <= spans->length - at ? spans->buffer.bytes + at : NULL;
}

/* Moves what is known from `offset` on to the front. Returns how much that is. */
static size_t keep_tail(struct mw_tiff_spans *spans, uint64_t offset) {
    size_t kept = 0;
    if (offset >= spans->offset && offset - spans->offset < spans->length) {
        size_t at = (size_t)(offset - spans->offset);
        kept = spans->length - at;
        assert(spans->buffer.bytes); /* it holds `length` bytes */
        memmove(spans->buffer.bytes, spans->buffer.bytes + at, kept);
    }
    spans->offset = offset;
    spans->length = kept;
    return kept;
}

enum mw_status mw_tiff_spans_get(struct mw_tiff_spans *spans, struct mw_input *input,
                                 uint64_t offset, size_t length, uint64_t ahead,
                                 const unsigned char **bytes, struct mw_error *err) {
    if ((*bytes = peek(spans, offset, length))) return MW_OK;
    size_t kept = keep_tail(spans, offset), size = SPAN;
    if (ahead - offset < size) size = (size_t)(ahead - offset);
    if (size < length) size = length;
    enum mw_status status = mw_inflate_reserve(&spans->buffer, size, kept, err);
    if (!status)
        status = mw_input_read(input, offset + kept, spans->buffer.bytes + kept, size - kept, err);
    spans->length = status ? 0 : size;
    if (status) return status;
    assert(spans->buffer.bytes); /* there is room */
    memset(spans->buffer.bytes + size, 0, MW_INFLATE_ROOM);
    *bytes = spans->buffer.bytes;
    return MW_OK;
}
