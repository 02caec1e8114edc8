/* PNG through libpng's row interface, without any of its conversions: what png.c is held against,
 * and what tells where in a mask a value stands. */
#include "read/png_reference.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/png_transparency.h"

enum { HEADER_BYTES = 1 << 20 };

static const char transparency[] = "tRNS";

/* All state of one decode, outside the frames that longjmp unwinds. */
struct png_reader {
    struct mw_input *input;
    uint64_t offset; /* of the next byte to read */
    const struct mw_limits *limits;
    const struct mw_sink *sink;
    struct mw_error *err;
    enum mw_status status; /* why libpng was left */
    bool out_of_memory;    /* one of its allocations failed */
    char warning[64];      /* what libpng said last: often the reason of the error that follows */
    png_structp png;
    png_infop info;
    uint32_t palette[PNG_MAX_PALETTE_LENGTH];
    unsigned char *row; /* [row_bytes] */
    size_t row_bytes;
};

/* Leaves libpng with a status whose message is already set. */
static void leave(struct png_reader *reader, enum mw_status status) {
    reader->status = status;
    png_longjmp(reader->png, 1);
}

static PNG_NORETURN void on_error(png_structp png, png_const_charp message) {
    struct png_reader *reader = png_get_error_ptr(png);
    bool reason = reader->warning[0] != '\0';
    reader->status = mw_error_set(reader->err, MW_BROKEN, "damaged PNG: %s%s%s%s", message,
                                  reason ? " (" : "", reader->warning, reason ? ")" : "");
    png_longjmp(png, 1);
}

/* What matters is an error already: benign errors are switched to errors. */
static void on_warning(png_structp png, png_const_charp message) {
    struct png_reader *reader = png_get_error_ptr(png);
    snprintf(reader->warning, sizeof reader->warning, "%s", message);
}

static void on_read(png_structp png, png_bytep out, size_t length) {
    struct png_reader *reader = png_get_io_ptr(png);
    enum mw_status status = mw_input_read(reader->input, reader->offset, out, length, reader->err);
    if (status) leave(reader, status);
    reader->offset += length;
}

/* Label values do not depend on ancillary chunks: they are skipped unparsed. That of transparency is
 * kept as it is, so that one that is malformed is no error. */
static void skip_ancillary_chunks(png_structp png) {
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_ALWAYS, (png_const_bytep)transparency, 1);
    png_set_chunk_cache_max(png, 0);
}

/* Of the first chunk before the image data. */
static void read_transparency(struct png_reader *reader, struct mw_layout *layout) {
    png_unknown_chunkp chunks = NULL;
    int count = png_get_unknown_chunks(reader->png, reader->info, &chunks);
    for (int i = 0; i < count; i++) {
        if (memcmp(chunks[i].name, transparency, sizeof transparency) != 0) continue;
        if (chunks[i].size > PNG_MAX_PALETTE_LENGTH) continue;
        mw_png_transparency(layout, chunks[i].data, chunks[i].size);
        return;
    }
}

static void read_palette(struct png_reader *reader, struct mw_layout *layout) {
    png_colorp palette = NULL;
    int entries = 0;
    png_get_PLTE(reader->png, reader->info, &palette, &entries);
    for (int i = 0; i < entries && i < PNG_MAX_PALETTE_LENGTH; i++)
        reader->palette[i] = (uint32_t)palette[i].red << 16 | (uint32_t)palette[i].green << 8 |
                             palette[i].blue;
    layout->palette = reader->palette;
    layout->palette_entries = (uint32_t)entries;
}

static void read_header(struct png_reader *reader, struct mw_layout *layout) {
    png_structp png = reader->png;
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_benign_errors(png, 0);
    png_set_chunk_malloc_max(png, 0);
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
    png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON); /* some encoders claim less */
    skip_ancillary_chunks(png);
    png_read_info(png, reader->info);
    int colour = png_get_color_type(png, reader->info);
    *layout = (struct mw_layout){
        .width = png_get_image_width(png, reader->info),
        .height = png_get_image_height(png, reader->info),
        .bits = png_get_bit_depth(png, reader->info),
        .channels = png_get_channels(png, reader->info),
        .is_colour = colour == PNG_COLOR_TYPE_RGB || colour == PNG_COLOR_TYPE_RGB_ALPHA,
        .has_alpha = colour & PNG_COLOR_MASK_ALPHA,
        .big_endian = true,
    };
    if (colour == PNG_COLOR_TYPE_PALETTE) read_palette(reader, layout);
    read_transparency(reader, layout);
}

/* Hands over every row. Without interlace handling libpng delivers the seven Adam7 passes as rows
 * of their own widths, each pixel once. */
static void read_rows(struct png_reader *reader, const struct mw_layout *layout) {
    const struct mw_sink *sink = reader->sink;
    bool interlaced = png_get_interlace_type(reader->png, reader->info) == PNG_INTERLACE_ADAM7;
    for (int pass = 0; pass < (interlaced ? 7 : 1); pass++) {
        uint32_t width = interlaced ? PNG_PASS_COLS(layout->width, pass) : layout->width;
        uint32_t height = interlaced ? PNG_PASS_ROWS(layout->height, pass) : layout->height;
        uint32_t x = interlaced ? PNG_PASS_START_COL(pass) : 0;
        uint32_t x_step = interlaced ? PNG_PASS_COL_OFFSET(pass) : 1;
        for (uint32_t row = 0; width > 0 && row < height; row++) {
            png_read_row(reader->png, reader->row, NULL);
            uint32_t y = interlaced ? PNG_ROW_FROM_PASS_ROW(row, pass) : row;
            if (sink->at) sink->at(sink->context, x, y, x_step);
            sink->pixels(sink->context, reader->row, width);
        }
    }
}

/* Everything that may longjmp; the caller has called setjmp. */
static void read_image(struct png_reader *reader) {
    struct mw_layout layout;
    enum mw_status status;
    read_header(reader, &layout);
    reader->row_bytes = png_get_rowbytes(reader->png, reader->info);
    if ((status = mw_layout_check(&layout, reader->row_bytes, reader->limits, reader->err)))
        leave(reader, status);
    reader->row = malloc(reader->row_bytes);
    if (!reader->row) leave(reader, mw_error_memory(reader->err));
    png_start_read_image(reader->png);
    if ((status = reader->sink->begin(reader->sink->context, &layout, reader->err)))
        leave(reader, status);
    read_rows(reader, &layout);
    png_read_end(reader->png, reader->info);
    if (reader->offset < reader->input->size)
        reader->sink->note(reader->sink->context, MW_TRAILING_DATA);
    if ((status = reader->sink->end(reader->sink->context, reader->err))) leave(reader, status);
}

/* libpng's allocations, so that their failure is told apart from a damaged file. Before the rows it
 * needs little, but would take what a chunk says that it is long, whether or not the file is. */
static png_voidp on_malloc(png_structp png, png_alloc_size_t size) {
    struct png_reader *reader = png_get_mem_ptr(png);
    if (!reader->row && size > HEADER_BYTES)
        leave(reader, mw_error_set(reader->err, MW_BROKEN,
                                   "damaged PNG: a %s chunk that says it has %zu bytes",
                                   transparency, (size_t)size));
    void *memory = malloc(size);
    if (!memory) reader->out_of_memory = true;
    return memory;
}

static void on_free(png_structp png, png_voidp memory) {
    (void)png;
    free(memory);
}

/* Comes back here by longjmp or from read_image. No local of this function changes between. */
static void read_or_leave(struct png_reader *reader) {
    if (setjmp(png_jmpbuf(reader->png)) == 0) read_image(reader);
}

enum mw_status mw_png_reference(struct mw_input *input, const struct mw_limits *limits,
                                const struct mw_sink *sink, struct mw_error *err) {
    struct png_reader reader = {
        .input = input, .limits = limits, .sink = sink, .err = err, .status = MW_OK};
    reader.png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning,
                                          &reader, on_malloc, on_free);
    if (!reader.png) return mw_error_memory(err);
    reader.info = png_create_info_struct(reader.png);
    if (reader.info) {
        png_set_read_fn(reader.png, &reader, on_read);
        read_or_leave(&reader);
    }
    if (!reader.info || reader.out_of_memory) reader.status = mw_error_memory(err);
    free(reader.row);
    png_destroy_read_struct(&reader.png, &reader.info, NULL);
    return reader.status;
}
