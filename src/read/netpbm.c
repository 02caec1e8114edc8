/* Raw netpbm: PGM (P5), PPM (P6) and PAM (P7); several images in a file are several masks. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "read/format.h"

enum { HEADER_BYTES = 4096 };

struct pnm_reader {
    struct mw_input *input;
    const struct mw_limits *limits;
    const struct mw_sink *sink;
    struct mw_error *err;
    uint64_t offset;  /* of the next byte */
    uint64_t maximum; /* largest sample value */
    struct mw_layout layout;
    char header[HEADER_BYTES + 1]; /* NUL-terminated */
    unsigned char *row;
};

static bool pnm_matches(const unsigned char head[MW_HEAD_SIZE], size_t length) {
    return length >= 3 && head[0] == 'P' && head[1] >= '5' && head[1] <= '7' &&
           (head[2] == '\n' || head[2] == ' ' || head[2] == '\t' || head[2] == '\r' ||
            head[2] == '#');
}

static enum mw_status broken(struct pnm_reader *reader, const char *what) {
    return mw_error_set(reader->err, MW_BROKEN, "damaged netpbm: %s", what);
}

/* Passes blanks and comments. */
static const char *skip(const char *text) {
    for (;;) {
        text += strspn(text, " \t\r\n");
        if (*text != '#') return text;
        text += strcspn(text, "\n");
    }
}

static bool read_number(const char **text, int64_t most, uint64_t *value) {
    int64_t number;
    *text = skip(*text);
    if (!mw_integer_parse(text, &number) || number < 1 || number > most) return false;
    *value = (uint64_t)number;
    return true;
}

/* "P5 WIDTH HEIGHT MAXVAL" and one blank. */
static enum mw_status read_simple(struct pnm_reader *reader, const char **text) {
    uint64_t width, height;
    bool colour = (*text)[1] == '6';
    *text += 2;
    if (!read_number(text, UINT32_MAX, &width) || !read_number(text, UINT32_MAX, &height) ||
        !read_number(text, 65535, &reader->maximum) || !strchr(" \t\r\n", **text) || !**text)
        return broken(reader, "its header is no width, height and maximum");
    ++*text;
    reader->layout = (struct mw_layout){.width = (uint32_t)width,
                                        .height = (uint32_t)height,
                                        .channels = colour ? 3 : 1,
                                        .is_colour = colour};
    return MW_OK;
}

/* Lines "WIDTH 4", "TUPLTYPE RGB_ALPHA", ... up to "ENDHDR". */
static enum mw_status read_pam(struct pnm_reader *reader, const char **text) {
    static const char *const keys[] = {"WIDTH", "HEIGHT", "DEPTH", "MAXVAL"};
    uint64_t values[4] = {0};
    *text += 2;
    for (;;) {
        *text = skip(*text);
        if (strncmp(*text, "ENDHDR\n", 7) == 0) break;
        size_t word = strcspn(*text, " \t\n"), key = 0;
        while (key < 4 && (strlen(keys[key]) != word || strncmp(*text, keys[key], word) != 0))
            key++;
        *text += word;
        if (key < 4 && !read_number(text, key == 3 ? 65535 : UINT32_MAX, &values[key]))
            return broken(reader, "a number is missing in its header");
        *text += strcspn(*text, "\n");
        if (!**text) return broken(reader, "its header has no end");
    }
    *text += 7;
    if (!values[0] || !values[1] || !values[2] || !values[3])
        return broken(reader, "its header is incomplete");
    if (values[2] > 4)
        return mw_error_set(reader->err, MW_REFUSED,
                            "%" PRIu64 " samples per pixel: PAM has 4 at most here; save planes as "
                            "one image behind the other, or as TIFF",
                            values[2]);
    reader->maximum = values[3];
    reader->layout = (struct mw_layout){.width = (uint32_t)values[0],
                                        .height = (uint32_t)values[1],
                                        .channels = (uint32_t)values[2],
                                        .is_colour = values[2] >= 3,
                                        .has_alpha = values[2] % 2 == 0};
    return MW_OK;
}

static enum mw_status read_header(struct pnm_reader *reader) {
    uint64_t left = reader->input->size - reader->offset;
    size_t length = left < HEADER_BYTES ? (size_t)left : HEADER_BYTES;
    enum mw_status status =
        mw_input_read(reader->input, reader->offset, reader->header, length, reader->err);
    if (status) return status;
    reader->header[length] = '\0';
    const char *text = reader->header;
    status = text[1] == '7' ? read_pam(reader, &text) : read_simple(reader, &text);
    reader->offset += (uint64_t)(text - reader->header);
    reader->layout.bits = reader->maximum > 255 ? 16 : 8;
    reader->layout.big_endian = true;
    return status;
}

static uint32_t sample_at(const struct pnm_reader *reader, size_t index) {
    const unsigned char *row = reader->row;
    return reader->layout.bits == 8 ? row[index]
                                    : (uint32_t)row[2 * index] << 8 | row[2 * index + 1];
}

/* No branch in the loop, so that it costs little. */
static uint32_t largest_sample(const struct pnm_reader *reader, size_t samples) {
    uint32_t largest = 0;
    if (reader->layout.bits == 8) {
        unsigned char most = 0;
        for (size_t i = 0; i < samples; i++) most = reader->row[i] > most ? reader->row[i] : most;
        return most;
    }
    for (size_t i = 0; i < samples; i++) {
        uint32_t sample = sample_at(reader, i);
        largest = sample > largest ? sample : largest;
    }
    return largest;
}

/* The format knows no sample above the maximum. */
static enum mw_status check_row(const struct pnm_reader *reader, uint32_t y) {
    const struct mw_layout *layout = &reader->layout;
    size_t samples = (size_t)layout->width * layout->channels, place = 0;
    bool full = reader->maximum == (1U << layout->bits) - 1;
    if (full || largest_sample(reader, samples) <= reader->maximum) return MW_OK;
    while (sample_at(reader, place) <= reader->maximum) place++;
    return mw_error_set(reader->err, MW_BROKEN,
                        "damaged netpbm: the sample %" PRIu32 " at x %" PRIu32 ", y %" PRIu32
                        " is above %" PRIu64 ", the maximum in its header",
                        sample_at(reader, place), (uint32_t)(place / layout->channels), y,
                        reader->maximum);
}

static enum mw_status read_rows(struct pnm_reader *reader) {
    const struct mw_layout *layout = &reader->layout;
    const struct mw_sink *sink = reader->sink;
    uint64_t row_bytes = (uint64_t)layout->width * layout->channels * layout->bits / 8;
    enum mw_status status = mw_layout_check(layout, row_bytes, reader->limits, reader->err);
    if (status) return status;
    if (row_bytes == 0) return broken(reader, "its rows are empty");
    reader->row = malloc((size_t)row_bytes);
    if (!reader->row) return mw_error_memory(reader->err);
    status = sink->begin(sink->context, layout, reader->err);
    for (uint32_t y = 0; y < layout->height && !status; y++) {
        status = mw_input_read(reader->input, reader->offset, reader->row, (size_t)row_bytes,
                               reader->err);
        if (!status) status = check_row(reader, y);
        if (status) break;
        if (sink->at) sink->at(sink->context, 0, y, 1);
        sink->pixels(sink->context, reader->row, layout->width);
        reader->offset += row_bytes;
    }
    free(reader->row);
    return status;
}

/* Whether another image follows; *trailing if something else does. */
static bool another_follows(struct pnm_reader *reader, bool *trailing) {
    unsigned char head[MW_HEAD_SIZE] = {0};
    struct mw_error ignored;
    uint64_t left = reader->input->size - reader->offset;
    size_t length = left < MW_HEAD_SIZE ? (size_t)left : MW_HEAD_SIZE;
    *trailing = false;
    if (length == 0) return false;
    bool image = !mw_input_read(reader->input, reader->offset, head, length, &ignored) &&
                 pnm_matches(head, length);
    *trailing = !image;
    return image;
}

static enum mw_status pnm_decode(struct mw_input *input, const struct mw_limits *limits,
                                 const struct mw_sink *sink, struct mw_error *err) {
    struct pnm_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return mw_error_memory(err);
    *reader = (struct pnm_reader){.input = input, .limits = limits, .sink = sink, .err = err};
    enum mw_status status;
    uint32_t images = 0;
    bool more, trailing = false;
    do {
        status = ++images > limits->max_pages
                     ? mw_error_set(err, MW_LIMIT,
                                    "more images in a file than --max-pages %" PRIu32,
                                    limits->max_pages)
                     : read_header(reader);
        reader->layout.page = images - 1;
        if (!status) status = read_rows(reader);
        more = !status && another_follows(reader, &trailing);
        if (!status && trailing) sink->note(sink->context, MW_TRAILING_DATA);
        if (!status) status = sink->end(sink->context, err);
        if (status && images > 1) mw_error_prefix(err, "image %" PRIu32, images);
    } while (!status && more);
    free(reader);
    return status;
}

const struct mw_format mw_format_netpbm = {
    .name = "netpbm",
    .suffixes = {"pgm", "ppm", "pam", NULL},
    .part = "image",
    .matches = pnm_matches,
    .decode = pnm_decode,
};
