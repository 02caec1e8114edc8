/* A block that begins where the last one ended will be followed by more of them: then as much is read as
 * makes the read cheap, 256 KiB, which the second cache holds. Others are read as they are. */
#include "read/tiff_spans.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    SPAN = MW_INPUT_WINDOW, /* bytes that are read past the window of the input */
    GAP = 64,               /* bytes that may lie between a block and the next */
};

void mw_tiff_spans_free(struct mw_tiff_spans *spans) {
    free(spans->buffer.bytes);
    *spans = (struct mw_tiff_spans){0};
}

void mw_tiff_spans_begin(struct mw_tiff_spans *spans) {
    spans->length = 0;
    spans->next = 0;
}

const unsigned char *mw_tiff_spans_peek(const struct mw_tiff_spans *spans, uint64_t offset,
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
                                 uint64_t offset, size_t length, const unsigned char **bytes,
                                 struct mw_error *err) {
    bool follows = offset >= spans->next && offset - spans->next <= GAP;
    spans->next = offset + length;
    if ((*bytes = mw_tiff_spans_peek(spans, offset, length))) return MW_OK;
    size_t kept = keep_tail(spans, offset), more = length - kept;
    uint64_t left = input->size - offset - kept;
    if (follows && more < SPAN) more = left < SPAN ? (size_t)left : SPAN;
    enum mw_status status = mw_inflate_reserve(&spans->buffer, kept + more, kept, err);
    if (!status)
        status = mw_input_read(input, offset + kept, spans->buffer.bytes + kept, more, err);
    spans->length = status ? 0 : kept + more;
    if (status) return status;
    assert(spans->buffer.bytes); /* there is room */
    memset(spans->buffer.bytes + spans->length, 0, MW_INFLATE_ROOM);
    *bytes = spans->buffer.bytes;
    return MW_OK;
}
