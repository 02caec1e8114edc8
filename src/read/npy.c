/* NumPy arrays (NPY 1.0 to 3.0): whole numbers of two dimensions, or stacks of masks in three. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/format.h"

enum { HEADER_LIMIT = 65536, CHUNK_BYTES = 65536 };

struct npy_reader {
    struct mw_input *input;
    const struct mw_sink *sink;
    struct mw_error *err;
    uint64_t data;  /* offset of the first element */
    uint64_t masks; /* 1, or those of a stack */
    unsigned size;  /* bytes of an element */
    char kind;      /* 'u', 'i' or 'b' */
    bool swapped;   /* the elements are not in the machine's byte order */
    bool fortran;   /* the first index varies fastest */
    struct mw_layout layout;
    unsigned char buffer[CHUNK_BYTES];
};

static const unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

static bool npy_matches(const unsigned char head[MW_HEAD_SIZE], size_t length) {
    return length >= 8 && memcmp(head, magic, sizeof magic) == 0 && head[6] >= 1 && head[6] <= 3;
}

static enum mw_status refuse_header(struct npy_reader *reader, const char *what) {
    return mw_error_set(reader->err, MW_BROKEN, "damaged NPY: %s in the header", what);
}

/* The text behind "'key':" in the header, or NULL. */
static const char *find_value(const char *header, const char *key) {
    const char *place = strstr(header, key);
    if (!place) return NULL;
    place += strlen(key);
    while (*place == ' ' || *place == ':') place++;
    return place;
}

/* "'<u2'": byte order, kind, bytes. */
static enum mw_status parse_type(struct npy_reader *reader, const char *text) {
    int64_t size;
    const uint16_t one = 1;
    bool little = *(const unsigned char *)&one == 1;
    if (!text || (*text != '\'' && *text != '"')) return refuse_header(reader, "no 'descr'");
    if (!text[1] || !text[2]) return refuse_header(reader, "an unknown 'descr'");
    char order = text[1];
    reader->kind = text[2];
    const char *digits = text + 3;
    if (!strchr("<>|=", order) || !mw_integer_parse(&digits, &size))
        return refuse_header(reader, "an unknown 'descr'");
    reader->size = (unsigned)size;
    reader->swapped = size > 1 && ((order == '<' && !little) || (order == '>' && little));
    bool known = (reader->kind == 'b' && size == 1) ||
                 (strchr("ui", reader->kind) && (size == 1 || size == 2 || size == 4)) ||
                 (reader->kind == 'i' && size == 8);
    if (known) return MW_OK;
    return mw_error_set(reader->err, MW_REFUSED,
                        "elements of type %.*s: save the masks as whole numbers (u1, u2, u4, i1, "
                        "i2, i4, i8 or bool)",
                        (int)strcspn(text, ","), text);
}

/* "(H, W)" or "(N, H, W)". */
static enum mw_status parse_shape(struct npy_reader *reader, const char *text) {
    int64_t shape[4] = {0};
    int dimensions = 0;
    if (!text || *text++ != '(') return refuse_header(reader, "no 'shape'");
    text += strspn(text, " ");
    while (*text != ')' && dimensions < 4) {
        if (!mw_integer_parse(&text, &shape[dimensions++])) break;
        text += strspn(text, "L, ");
    }
    if (*text != ')' || dimensions < 2 || dimensions > 3)
        return mw_error_set(reader->err, MW_REFUSED,
                            "an array of %d dimensions: a mask has two, a stack of masks three",
                            dimensions);
    const int64_t *last = &shape[dimensions - 2];
    reader->masks = dimensions == 3 ? (uint64_t)shape[0] : 1;
    if (shape[0] < 0 || last[0] <= 0 || last[1] <= 0 || reader->masks == 0)
        return mw_error_set(reader->err, MW_BROKEN, "the array is empty");
    if (last[0] > UINT32_MAX || last[1] > UINT32_MAX)
        return mw_error_set(reader->err, MW_LIMIT,
                            "the array has more than 2^32 - 1 rows or columns");
    reader->layout.height = (uint32_t)last[0];
    reader->layout.width = (uint32_t)last[1];
    return MW_OK;
}

static enum mw_status parse_header(struct npy_reader *reader, const char *header) {
    enum mw_status status = parse_type(reader, find_value(header, "'descr'"));
    if (!status) status = parse_shape(reader, find_value(header, "'shape'"));
    if (status) return status;
    const char *order = find_value(header, "'fortran_order'");
    if (!order) return refuse_header(reader, "no 'fortran_order'");
    reader->fortran = strncmp(order, "True", 4) == 0;
    if (!reader->fortran && strncmp(order, "False", 5) != 0)
        return refuse_header(reader, "an unknown 'fortran_order'");
    reader->layout.bits = reader->size == 8 ? 32 : 8 * reader->size;
    reader->layout.channels = 1;
    reader->layout.is_signed = reader->kind == 'i';
    return MW_OK;
}

static enum mw_status read_header(struct npy_reader *reader) {
    unsigned char start[12];
    enum mw_status status = mw_input_read(reader->input, 0, start, 10, reader->err);
    bool wide = !status && start[6] > 1;
    if (!status && wide) status = mw_input_read(reader->input, 0, start, 12, reader->err);
    if (status) return status;
    uint32_t length = start[8] | (uint32_t)start[9] << 8;
    if (wide) length |= (uint32_t)start[10] << 16 | (uint32_t)start[11] << 24;
    if (length >= HEADER_LIMIT) return refuse_header(reader, "too much");
    char *header = calloc(1, (size_t)length + 1);
    if (!header) return mw_error_memory(reader->err);
    reader->data = wide ? 12 : 10;
    status = mw_input_read(reader->input, reader->data, header, length, reader->err);
    reader->data += length;
    if (!status) status = parse_header(reader, header);
    free(header);
    return status;
}

static void swap_bytes(unsigned char *bytes, unsigned size) {
    for (unsigned i = 0; i < size / 2; i++) {
        unsigned char byte = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = byte;
    }
}

/* Brings `count` elements of the buffer into the machine's byte order, and 64-bit ones to 32. */
static enum mw_status convert(struct npy_reader *reader, size_t count) {
    for (size_t i = 0; reader->swapped && i < count; i++)
        swap_bytes(reader->buffer + i * reader->size, reader->size);
    for (size_t i = 0; reader->size == 8 && i < count; i++) {
        int64_t wide;
        memcpy(&wide, reader->buffer + i * 8, 8);
        int32_t narrow = (int32_t)wide;
        if (narrow != wide)
            return mw_error_set(reader->err, MW_REFUSED, "the value %" PRId64 " needs 64 bits",
                                wide);
        memcpy(reader->buffer + i * 4, &narrow, 4);
    }
    return MW_OK;
}

/* Places of elements `first` to `first + count - 1` of a mask, for a sink that asks: by rows, or by
 * columns in Fortran order, one by one. */
static void send(const struct npy_reader *reader, uint64_t first, size_t count) {
    const struct mw_sink *sink = reader->sink;
    uint32_t width = reader->layout.width, height = reader->layout.height;
    size_t bytes = reader->layout.bits / 8;
    if (!sink->at) {
        sink->pixels(sink->context, reader->buffer, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t place = first + i;
        uint32_t x = (uint32_t)(reader->fortran ? place / height : place % width);
        uint32_t y = (uint32_t)(reader->fortran ? place % height : place / width);
        sink->at(sink->context, x, y, 1);
        sink->pixels(sink->context, reader->buffer + i * bytes, 1);
    }
}

/* Keeps every `masks`-th element of the buffer, from `skip` on. */
static size_t keep_one_mask(struct npy_reader *reader, size_t count, size_t skip) {
    size_t kept = 0;
    for (size_t i = skip; i < count; i += reader->masks, kept++)
        memmove(reader->buffer + kept * reader->size, reader->buffer + i * reader->size,
                reader->size);
    return kept;
}

/* One mask. In Fortran order the masks of a stack lie element by element side by side, so that each
 * one is picked from all of the file. */
static enum mw_status read_mask(struct npy_reader *reader, uint64_t mask) {
    uint64_t pixels = (uint64_t)reader->layout.width * reader->layout.height, sent = 0;
    bool mixed = reader->fortran && reader->masks > 1;
    uint64_t elements = mixed ? pixels * reader->masks : pixels, done = 0;
    uint64_t start = reader->data + (mixed ? 0 : mask * pixels * reader->size);
    while (done < elements) {
        size_t count = CHUNK_BYTES / reader->size;
        if (count > elements - done) count = (size_t)(elements - done);
        enum mw_status status = mw_input_read(reader->input, start + done * reader->size,
                                              reader->buffer, count * reader->size, reader->err);
        if (status) return status;
        uint64_t phase = (mask + reader->masks - done % reader->masks) % reader->masks;
        size_t kept = mixed ? keep_one_mask(reader, count, (size_t)phase) : count;
        status = convert(reader, kept);
        if (status) return status;
        if (kept) send(reader, sent, kept);
        sent += kept;
        done += count;
    }
    return MW_OK;
}

static enum mw_status read_masks(struct npy_reader *reader, const struct mw_limits *limits) {
    const struct mw_sink *sink = reader->sink;
    const struct mw_layout *layout = &reader->layout;
    enum mw_status status = mw_layout_check(layout, 0, limits, reader->err);
    if (!status && reader->masks > limits->max_pages)
        status = mw_error_set(reader->err, MW_LIMIT,
                              "more masks in a stack than --max-pages %" PRIu32, limits->max_pages);
    uint64_t pixels = (uint64_t)layout->width * layout->height;
    for (uint64_t mask = 0; mask < reader->masks && !status; mask++) {
        reader->layout.page = (uint32_t)mask;
        status = sink->begin(sink->context, layout, reader->err);
        if (!status) status = read_mask(reader, mask);
        if (!status && mask + 1 == reader->masks &&
            reader->data + pixels * reader->masks * reader->size < reader->input->size)
            sink->note(sink->context, MW_TRAILING_DATA);
        if (!status) status = sink->end(sink->context, reader->err);
        if (status && reader->masks > 1)
            mw_error_prefix(reader->err, "%s %" PRIu64, sink->planes ? "plane" : "mask", mask + 1);
    }
    return status;
}

static enum mw_status npy_decode(struct mw_input *input, const struct mw_limits *limits,
                                 const struct mw_sink *sink, struct mw_error *err) {
    struct npy_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return mw_error_memory(err);
    reader->input = input;
    reader->sink = sink;
    reader->err = err;
    enum mw_status status = read_header(reader);
    if (!status) status = read_masks(reader, limits);
    free(reader);
    return status;
}

const struct mw_format mw_format_npy = {
    .name = "NPY",
    .suffixes = {"npy", NULL},
    .part = "mask",
    .is_array = true,
    .matches = npy_matches,
    .decode = npy_decode,
};
