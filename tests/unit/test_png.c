/* PNG the fast way and through libpng: masks are drawn at random, filtered at random and packed by hand,
 * without any library, and their pixels are counted while they are drawn. Every way to decode has to find
 * just these. */
#include "support.h"

#include "count/histogram.h"
#include "count/labels.h"
#include "read/format.h"
#include "read/kernels.h"
#include "read/png_edges.h"

enum { WIDEST = 152, HIGHEST = 40, LARGEST = 1 << 17, SIGNATURE_AND_IHDR = 8 + 25 };

struct kind {
    uint32_t colour, bits, channels;
};

static const struct kind kinds[] = {
    {0, 1, 1}, {0, 2, 1},  {0, 4, 1}, {0, 8, 1},  {0, 16, 1}, {3, 1, 1}, {3, 2, 1},  {3, 4, 1},
    {3, 8, 1}, {4, 16, 2}, {4, 8, 2}, {2, 16, 3}, {2, 8, 3},  {6, 8, 4}, {6, 16, 4},
};

/* --- Drawing ---------------------------------------------------------------------------------- */

struct drawing {
    uint64_t random;
    struct kind kind;
    uint32_t width, height;
    bool interlaced;
    uint32_t noise;       /* of 1000 pixels that are anything */
    uint32_t filters;     /* bits 1 << filter: which of them are used */
    uint64_t samples[16]; /* the pixels that regions are made of, all channels in one number */
    uint8_t at[HIGHEST][WIDEST]; /* the number of a pixel */
    uint8_t file[LARGEST];       /* the file */
    size_t size;                 /* its bytes */
    struct mw_histogram expected;
};

/* A pixel of any value, its bytes the first one highest. */
static uint64_t any_pixel(struct drawing *drawing) {
    uint64_t pixel = 0, wide = drawing->kind.bits == 16;
    for (uint32_t i = 0; i < drawing->kind.channels; i++) {
        uint64_t sample =
            random_below(&drawing->random, (size_t)1 << (wide ? 8 : drawing->kind.bits));
        if (random_below(&drawing->random, 4) == 0) sample = 0; /* alpha too */
        if (wide && drawing->kind.channels >= 3) sample *= 257;
        else if (wide) sample = sample << 8 | random_below(&drawing->random, 256);
        pixel = pixel << (wide ? 16 : 8) | sample;
    }
    return pixel;
}

/* Regions whose borders wander from row to row, and noise. */
static void draw(struct drawing *drawing) {
    for (size_t i = 0; i < COUNT(drawing->samples); i++) drawing->samples[i] = any_pixel(drawing);
    for (uint32_t y = 0; y < drawing->height; y++) {
        size_t border = random_below(&drawing->random, 9), what = 0;
        bool fresh = y == 0 || random_below(&drawing->random, 8) == 0;
        for (uint32_t x = 0; x < drawing->width; x++) {
            if (fresh && (x == 0 || random_below(&drawing->random, 12) == 0))
                what = random_below(&drawing->random, 6);
            size_t from = x + (border == 0 && x + 1 < drawing->width) - (border == 1 && x > 0);
            drawing->at[y][x] = (uint8_t)(fresh ? what : drawing->at[y - 1][from]);
            if (random_below(&drawing->random, 1000) < drawing->noise)
                drawing->at[y][x] =
                    (uint8_t)random_below(&drawing->random, COUNT(drawing->samples));
        }
    }
}

/* --- Packing ---------------------------------------------------------------------------------- */

static void put_32(uint8_t *out, uint32_t value) {
    for (int i = 0; i < 4; i++) out[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* PNG, annex D, bit by bit. */
static uint32_t crc_of(const uint8_t *bytes, size_t size) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ UINT32_C(0xedb88320) : crc >> 1;
    }
    return ~crc;
}

static void add_chunk(struct drawing *drawing, const char *type, const uint8_t *data, size_t size) {
    uint8_t *chunk = drawing->file + drawing->size;
    assert_true(drawing->size + size + 12 <= LARGEST);
    put_32(chunk, (uint32_t)size);
    memcpy(chunk + 4, type, 4);
    if (size) memcpy(chunk + 8, data, size);
    put_32(chunk + 8 + size, crc_of(chunk + 4, size + 4));
    drawing->size += size + 12;
}

/* A zlib stream of blocks that are stored as they are. Returns its size. */
static size_t store_stream(struct drawing *drawing, uint8_t *out, const uint8_t *rows,
                           size_t size) {
    size_t made = 2;
    uint32_t a = 1, b = 0;
    out[0] = 0x78;
    out[1] = 1;
    for (size_t at = 0, length; at < size; at += length) {
        length = 1 + random_below(&drawing->random, 5000);
        if (length > size - at) length = size - at;
        out[made++] = at + length == size;
        out[made++] = (uint8_t)length;
        out[made++] = (uint8_t)(length >> 8);
        out[made++] = (uint8_t)~length;
        out[made++] = (uint8_t)(~length >> 8);
        memcpy(out + made, rows + at, length);
        made += length;
    }
    for (size_t i = 0; i < size; i++) {
        a = (a + rows[i]) % 65521;
        b = (b + a) % 65521;
    }
    put_32(out + made, b << 16 | a);
    return made + 4;
}

/* PNG, section 9.4. */
static int paeth(int a, int b, int c) {
    int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);
    if (pa <= pb && pa <= pc) return a;
    return pb <= pc ? b : c;
}

/* Filters a row, the one above it known, into `out`, filter byte first. */
static void filter_row(struct drawing *drawing, uint8_t *out, const uint8_t *row,
                       const uint8_t *above, size_t size) {
    size_t step = (drawing->kind.bits * drawing->kind.channels + 7) / 8;
    unsigned filter;
    do filter = (unsigned)random_below(&drawing->random, 5);
    while (!(drawing->filters >> filter & 1));
    out[0] = (uint8_t)filter;
    for (size_t i = 0; i < size; i++) {
        int a = i < step ? 0 : row[i - step], b = above[i], c = i < step ? 0 : above[i - step];
        int predicted[5] = {0, a, b, (a + b) / 2, paeth(a, b, c)};
        out[1 + i] = (uint8_t)(row[i] - predicted[filter]);
    }
}

static void count_pixel(struct drawing *drawing, uint64_t pixel) {
    const struct kind *kind = &drawing->kind;
    uint64_t wide = kind->bits == 16, alpha = pixel & (wide ? 0xffff : 0xff);
    if (kind->channels % 2 == 0) {
        if (alpha == 0) {
            drawing->expected.transparent++;
            return;
        }
        pixel >>= wide ? 16 : 8;
    }
    if (kind->channels >= 3 && wide)
        pixel = (pixel >> 32 & 0xff) << 16 | (pixel >> 16 & 0xff) << 8 | (pixel & 0xff);
    mw_histogram_run(&drawing->expected, (uint32_t)pixel, 1);
}

/* Writes the rows of one pass, filtered. Returns their bytes. */
static size_t pack_pass(struct drawing *drawing, uint8_t *out, uint32_t x0, uint32_t y0,
                        uint32_t dx, uint32_t dy) {
    uint32_t bits = drawing->kind.bits * drawing->kind.channels;
    uint8_t rows[2][WIDEST * 8 + 1] = {{0}};
    uint32_t width = drawing->width <= x0 ? 0 : (drawing->width - x0 + dx - 1) / dx;
    size_t size = ((size_t)width * bits + 7) / 8, made = 0;
    for (uint32_t y = y0, turn = 0; width > 0 && y < drawing->height; y += dy, turn ^= 1) {
        uint8_t *row = rows[turn];
        memset(row, bits < 8 ? (int)random_below(&drawing->random, 256) : 0, size); /* padding */
        for (uint32_t i = 0; i < width; i++) {
            uint64_t pixel = drawing->samples[drawing->at[y][x0 + i * dx]];
            for (uint32_t bit = 0; bit < bits; bit++) {
                size_t place = (size_t)i * bits + bit;
                uint8_t mask = (uint8_t)(128 >> place % 8);
                row[place / 8] &= (uint8_t)~mask;
                if (pixel >> (bits - 1 - bit) & 1) row[place / 8] |= mask;
            }
            count_pixel(drawing, pixel);
        }
        filter_row(drawing, out + made, row, rows[turn ^ 1], size);
        made += size + 1;
    }
    return made;
}

static size_t pack_rows(struct drawing *drawing, uint8_t *out) {
    static const uint32_t passes[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                          {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    size_t made = 0;
    if (!drawing->interlaced) return pack_pass(drawing, out, 0, 0, 1, 1);
    for (size_t i = 0; i < 7; i++)
        made +=
            pack_pass(drawing, out + made, passes[i][0], passes[i][1], passes[i][2], passes[i][3]);
    return made;
}

static void write_png(struct drawing *drawing) {
    static uint8_t rows[LARGEST], stream[LARGEST], palette[768];
    uint8_t header[13] = {0};
    const struct kind *kind = &drawing->kind;
    struct mw_layout layout = {.width = drawing->width,
                               .height = drawing->height,
                               .bits = kind->bits,
                               .channels = kind->channels,
                               .is_colour = kind->channels >= 3};
    mw_histogram_begin(&drawing->expected, &layout);
    memcpy(drawing->file, "\x89PNG\r\n\x1a\n", 8);
    drawing->size = 8;
    put_32(header, drawing->width);
    put_32(header + 4, drawing->height);
    header[8] = (uint8_t)kind->bits;
    header[9] = (uint8_t)kind->colour;
    header[12] = drawing->interlaced;
    add_chunk(drawing, "IHDR", header, sizeof header);
    if (kind->colour == 3) add_chunk(drawing, "PLTE", palette, (size_t)3 << kind->bits);
    size_t size = store_stream(drawing, stream, rows, pack_rows(drawing, rows)), piece;
    for (size_t at = 0; at < size; at += piece) {
        piece = 1 + random_below(&drawing->random, 3000);
        if (piece > size - at) piece = size - at;
        add_chunk(drawing, "IDAT", stream + at, piece);
    }
    add_chunk(drawing, "IEND", NULL, 0);
}

/* --- Decoding --------------------------------------------------------------------------------- */

static struct mw_histogram found;

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    (void)context;
    (void)err;
    mw_histogram_begin(&found, layout);
    return MW_OK;
}

static void on_pixels(void *context, const void *samples, size_t count) {
    (void)context;
    mw_histogram_pixels(&found, samples, count);
}

static void on_run(void *context, uint32_t pattern, uint64_t count) {
    (void)context;
    assert_true(count > 0 && count < UINT64_C(1) << 32);
    mw_histogram_run(&found, pattern, count);
}

static enum mw_status on_end(void *context, struct mw_error *err) {
    (void)context;
    return mw_histogram_end(&found, err);
}

static void on_note(void *context, enum mw_finding_code code) {
    (void)context;
    fail_msg("note %d", (int)code);
}

static enum mw_status decode(const struct drawing *drawing, struct mw_input *input,
                             const struct mw_limits *limits, struct mw_error *err) {
    struct mw_sink sink = {NULL, false, on_begin, NULL, on_pixels, on_run, on_end, on_note};
    const struct mw_format *format = mw_format_by_suffix("a.png");
    found.skip_transparent = true;
    mw_input_memory(input, drawing->file, drawing->size);
    enum mw_status status = mw_format_decode(format, input, limits, &sink, err);
    mw_input_close(input);
    return status;
}

static uint64_t pixels_of(const struct mw_histogram *histogram, int64_t wanted) {
    int64_t value;
    uint64_t pixels;
    for (size_t cursor = 0; mw_histogram_next(histogram, &cursor, &value, &pixels);)
        if (value == wanted) return pixels;
    return 0;
}

/* mw_histogram_end has checked that nothing else is there. */
static void check(const struct drawing *drawing, struct mw_input *input,
                  const struct mw_limits *limits, const char *how) {
    struct mw_error err = {.status = MW_OK};
    int64_t value;
    uint64_t pixels;
    if (decode(drawing, input, limits, &err)) fail_msg("%s: %s", how, err.message);
    if (err.status) fail_msg("%s: not failed, but told: %s", how, err.message);
    bool same = found.transparent == drawing->expected.transparent;
    for (size_t cursor = 0; mw_histogram_next(&drawing->expected, &cursor, &value, &pixels);)
        same = same && pixels_of(&found, value) == pixels;
    if (same) return;
    fail_msg("%s: colour type %u, %u bits, %u x %u, filters %x", how, drawing->kind.colour,
             drawing->kind.bits, drawing->width, drawing->height, drawing->filters);
}

static void check_all_ways(const struct drawing *drawing, struct mw_input *input) {
    struct mw_limits limits = mw_limits_default;
    for (size_t k = 0; k < mw_kernels_count; k++) {
        limits.kernels = mw_kernels_find(mw_kernels[k]->name);
        limits.max_whole = mw_limits_default.max_whole;
        limits.flat_from = UINT32_MAX;
        check(drawing, input, &limits, mw_kernels[k]->name);
        limits.max_whole = 0;
        check(drawing, input, &limits, "in blocks");
        limits.flat_from = 0;
        check(drawing, input, &limits, "by edges");
    }
    limits.reference = true;
    check(drawing, input, &limits, "reference");
}

static void next_drawing(struct drawing *drawing, size_t number) {
    static const uint32_t filters[] = {31,    1,      2,          4,     8,     16,
                                       2 | 4, 4 | 16, 2 | 4 | 16, 1 | 4, 8 | 16};
    static const uint32_t noise[] = {0, 5, 100, 1000};
    drawing->kind = kinds[number % COUNT(kinds)];
    drawing->interlaced = number % 4 == 3;
    drawing->filters = filters[number / COUNT(kinds) % COUNT(filters)];
    drawing->noise = noise[random_below(&drawing->random, COUNT(noise))];
    drawing->width = 1 + (uint32_t)random_below(&drawing->random, WIDEST);
    drawing->height = 1 + (uint32_t)random_below(&drawing->random, HIGHEST);
    if (number % 5 == 0) drawing->width = (drawing->width + 7) / 8 * 8; /* whole bytes */
    draw(drawing);
    write_png(drawing);
}

TEST(every_way_to_decode_finds_the_pixels_that_were_drawn) {
    static struct drawing drawing = {.random = 7};
    struct mw_input input = {0};
    struct mw_error err;
    assert_ok(mw_histogram_init(&found, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    assert_ok(mw_histogram_init(&drawing.expected, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    for (size_t number = 0; number < COUNT(kinds) * 11 * 4; number++) {
        next_drawing(&drawing, number);
        check_all_ways(&drawing, &input);
    }
    mw_input_free(&input);
    mw_histogram_free(&found);
    mw_histogram_free(&drawing.expected);
}

/* Where edges are refused the bytes are counted, and nobody would notice. */
static void check_edges(const struct drawing *drawing, struct mw_input *input,
                        struct mw_png_rows *rows, struct mw_edges *edges) {
    const struct mw_sink sink = {NULL, false, on_begin, NULL, on_pixels, on_run, on_end, on_note};
    struct mw_layout layout = {.width = drawing->width,
                               .height = drawing->height,
                               .bits = drawing->kind.bits,
                               .channels = drawing->kind.channels,
                               .is_colour = drawing->kind.colour == 2,
                               .has_alpha = drawing->kind.colour & 4};
    struct mw_png png;
    struct mw_error err;
    mw_input_memory(input, drawing->file, drawing->size);
    assert_ok(mw_png_open(&png, input, &err), &err);
    assert_ok(mw_png_rows_begin(rows, &layout, &mw_limits_default, &sink, &err), &err);
    mw_png_rows_pass(rows, drawing->width);
    if (mw_png_rows_have_changes(rows))
        assert_ok(mw_png_count_edges(&png, rows, edges, &err), &err);
}

TEST(flat_images_are_counted_by_their_edges) {
    static struct drawing drawing = {.random = 9};
    static struct mw_edges edges;
    struct mw_png_rows rows = {0};
    struct mw_input input = {0};
    struct mw_error err;
    assert_ok(mw_histogram_init(&drawing.expected, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    for (size_t number = 0; number < COUNT(kinds) * 11 * 2; number++) {
        next_drawing(&drawing, number);
        bool flat = drawing.noise <= 5 && drawing.kind.bits <= 8;
        if (flat && !drawing.interlaced) check_edges(&drawing, &input, &rows, &edges);
    }
    mw_edges_free(&edges);
    mw_png_rows_free(&rows);
    mw_input_free(&input);
    mw_histogram_free(&drawing.expected);
}

/* Any change of a byte that matters is noticed: by a CRC-32, or where that is mended by the Adler-32. */
TEST(no_way_to_decode_takes_a_file_in_which_a_byte_is_changed) {
    static struct drawing drawing = {.random = 8};
    struct mw_input input = {0};
    struct mw_error err;
    assert_ok(mw_histogram_init(&found, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    assert_ok(mw_histogram_init(&drawing.expected, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    for (size_t number = 0; number < COUNT(kinds); number++) {
        struct mw_limits limits = mw_limits_default;
        next_drawing(&drawing, number);
        for (size_t at = 8; at < drawing.size; at += 1 + drawing.size / 200) {
            limits.reference = at % 3 == 0;
            limits.max_whole = at % 3 == 1 ? 0 : mw_limits_default.max_whole;
            limits.flat_from = at % 2 ? 0 : UINT32_MAX;
            uint8_t byte = drawing.file[at];
            drawing.file[at] ^= (uint8_t)(1 + random_below(&drawing.random, 255));
            if (!decode(&drawing, &input, &limits, &err)) fail_msg("byte %zu", at);
            drawing.file[at] = byte;
        }
        check_all_ways(&drawing, &input);
    }
    mw_input_free(&input);
    mw_histogram_free(&found);
    mw_histogram_free(&drawing.expected);
}

/* The header of a chunk does not cost the memory that it speaks of. */
TEST(a_chunk_that_says_it_is_huge_is_refused_before_it_is_read) {
    static struct drawing drawing = {.random = 9};
    static const uint8_t header[] = {0x70, 0, 0, 0, 't', 'R', 'N', 'S', 1, 2, 3};
    struct mw_input input = {0};
    struct mw_limits limits = mw_limits_default;
    struct mw_error err;
    assert_ok(mw_histogram_init(&found, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    assert_ok(mw_histogram_init(&drawing.expected, MW_DENSE_BINS, MW_MAX_CLASSES, &err), &err);
    next_drawing(&drawing, 0);
    drawing.size = SIGNATURE_AND_IHDR;
    memcpy(drawing.file + drawing.size, header, sizeof header);
    drawing.size += sizeof header;
    assert_int_equal(decode(&drawing, &input, &limits, &err), MW_BROKEN);
    limits.reference = true;
    assert_int_equal(decode(&drawing, &input, &limits, &err), MW_BROKEN);
    assert_non_null(strstr(err.message, "a tRNS chunk that says it has 1879048"));
    mw_input_free(&input);
    mw_histogram_free(&found);
    mw_histogram_free(&drawing.expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_decode_finds_the_pixels_that_were_drawn),
        cmocka_unit_test(flat_images_are_counted_by_their_edges),
        cmocka_unit_test(no_way_to_decode_takes_a_file_in_which_a_byte_is_changed),
        cmocka_unit_test(a_chunk_that_says_it_is_huge_is_refused_before_it_is_read),
    };
    return RUN_TESTS(tests);
}
