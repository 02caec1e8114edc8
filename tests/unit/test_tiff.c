/* The parts of the TIFF decoder: LZW, PackBits and the counting of runs, against the plainest way of
 * doing the same. */
#include "support.h"

#include "read/lzw.h"
#include "read/packbits.h"
#include "read/runs.h"

enum { ROOM = 1024, MOST = 40000 };

/* --- LZW --------------------------------------------------------------------------------------- */

static unsigned char stream[2 * MOST + ROOM], out[MOST + ROOM], wanted[MOST + ROOM];
static size_t stream_bits;

static void put_code(unsigned code, unsigned width) {
    for (unsigned i = width; i-- > 0; stream_bits++)
        if (code >> i & 1) stream[stream_bits / 8] |= (unsigned char)(128 >> stream_bits % 8);
}

/* Encodes by searching the table for the longest string, as the specification tells it. */
static size_t encode(const unsigned char *bytes, size_t size) {
    static size_t start[4096], length[4096];
    unsigned next = 258, width = 9;
    memset(stream, 0, sizeof stream);
    stream_bits = 0;
    put_code(256, width);
    for (size_t i = 0, used; i < size; i += used) {
        unsigned code = bytes[i];
        used = 1;
        for (unsigned j = 258; j < next; j++)
            if (length[j] > used && length[j] <= size - i &&
                memcmp(bytes + start[j], bytes + i, length[j]) == 0) {
                code = j;
                used = length[j];
            }
        put_code(code, width);
        start[next] = i;
        length[next++] = used + 1;
        if (next == 512 || next == 1024 || next == 2048) width++;
        if (next < 4094 || i + used >= size) continue;
        put_code(256, width);
        next = 258;
        width = 9;
    }
    put_code(257, width);
    return (stream_bits + 7) / 8;
}

/* Runs of a few values, `kind` of them short. */
static void make_bytes(size_t size, unsigned kind) {
    unsigned random = kind * 2654435769U + 1;
    for (size_t i = 0, run; i < size; i += run) {
        random = random * 1103515245U + 12345;
        run = 1 + (random >> 16) % (kind % 2 ? 4 : 300);
        if (run > size - i) run = size - i;
        memset(wanted + i, (int)(random >> 8 & (kind % 3 ? 7 : 255)), run);
    }
}

TEST(lzw_gives_back_what_was_encoded_and_counts_it_without_decoding) {
    static struct mw_lzw lzw;
    for (unsigned kind = 0; kind < 24; kind++) {
        size_t size = kind < 12 ? kind + 1 : MOST - kind;
        make_bytes(size, kind);
        size_t length = encode(wanted, size);
        uint32_t sums[256], plain[256] = {0};
        assert_true(mw_lzw_decode(&lzw, stream, length, out, size));
        assert_memory_equal(out, wanted, size);
        assert_true(mw_lzw_count(&lzw, stream, length, size, sums));
        for (size_t i = 0; i < size; i++) plain[wanted[i]]++;
        assert_memory_equal(sums, plain, sizeof sums);
        assert_false(mw_lzw_decode(&lzw, stream, length, out, size + 1));
        assert_false(mw_lzw_count(&lzw, stream, length, size + 1, sums));
        for (size_t cut = 0; cut + 2 < length; cut += 1 + length / 50) {
            assert_false(mw_lzw_decode(&lzw, stream, cut, out, size));
            assert_false(mw_lzw_count(&lzw, stream, cut, size, sums));
        }
    }
}

/* --- PackBits ---------------------------------------------------------------------------------- */

TEST(packbits_takes_runs_and_copies_and_nothing_that_does_not_fit) {
    static const unsigned char in[] = {128, 254, 7,   2, 1,
                                       2,   3,   129, 9}; /* 7 7 7 1 2 3, 128 nines */
    for (size_t size = 0; size < 140; size++) {
        bool fits = size == 0 || size == 3 || size == 6 || size == 134;
        assert_int_equal(mw_packbits_decode(in, sizeof in, out, size), fits);
    }
    assert_memory_equal(out, "\7\7\7\1\2\3\11\11", 8);
    for (size_t cut = 0; cut < sizeof in; cut++)
        assert_false(mw_packbits_decode(in, cut, out, 134));
}

/* --- Runs -------------------------------------------------------------------------------------- */

static const struct mw_pixel pixels[] = {{1, true},  {2, false}, {2, true},
                                         {3, false}, {4, false}, {4, true}};

static uint32_t value_at(struct mw_pixel pixel, const unsigned char *bytes) {
    uint32_t value = 0;
    for (size_t i = 0; i < pixel.size; i++)
        value = value << 8 | bytes[pixel.is_little && pixel.size != 3 ? pixel.size - 1 - i : i];
    return value;
}

/* What a pixel of differences is, once its left neighbour is known. */
static uint32_t sum_of(struct mw_pixel pixel, uint32_t left, uint32_t difference) {
    if (pixel.size != 3) return (left + difference) & (UINT32_MAX >> (32 - 8 * pixel.size));
    return (((left & 0xff00ff) + (difference & 0xff00ff)) & 0xff00ff) |
           (((left & 0xff00) + (difference & 0xff00)) & 0xff00);
}

static void check_runs(const struct mw_kernels *kernels, struct mw_pixel pixel, size_t rows,
                       size_t width, bool differences) {
    static uint32_t positions[MW_RUNS_POSITIONS];
    struct mw_tally tally = {0}, plain = {0};
    struct mw_runs runs = {kernels, &tally, positions, pixel};
    struct mw_error err;
    size_t row = width * pixel.size, size = rows * row;
    assert_ok(mw_tally_begin(&tally, pixel.size > 2 ? 0 : MW_TALLY_DENSE, 1 << 20, &err), &err);
    assert_ok(mw_tally_begin(&plain, pixel.size > 2 ? 0 : MW_TALLY_DENSE, 1 << 20, &err), &err);
    for (size_t i = 0; i < rows * width; i++) {
        static uint32_t left;
        uint32_t value = value_at(pixel, wanted + i * pixel.size);
        left = differences && i % width ? sum_of(pixel, left, value) : value;
        if (pixel.size < 3) plain.dense[left] += 3;
        else *mw_tally_colour(&plain, left) += 3;
    }
    if (differences) mw_runs_differences(&runs, wanted, size, row, 3);
    else mw_runs_values(&runs, wanted, size, 3);
    if (pixel.size < 3) assert_memory_equal(tally.dense, plain.dense, (size_t)MW_TALLY_DENSE * 8);
    for (size_t i = 0; i < plain.capacity && pixel.size > 2; i++)
        if (plain.entries[i].used)
            assert_int_equal(*mw_tally_colour(&tally, plain.entries[i].key), plain.entries[i].sum);
    mw_tally_free(&tally);
    mw_tally_free(&plain);
}

TEST(runs_are_counted_as_pixel_by_pixel_by_every_kernel) {
    static const size_t sizes[][2] = {{1, 1}, {1, 7000}, {3, 65}, {70, 40}, {500, 16}};
    for (size_t k = 0; k < mw_kernels_count; k++)
        for (size_t p = 0; mw_kernels[k]->works() && p < COUNT(pixels); p++)
            for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
                make_bytes(MOST, (unsigned)(i % 7));
                check_runs(mw_kernels[k], pixels[p], sizes[i / 2][0], sizes[i / 2][1], i % 2);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lzw_gives_back_what_was_encoded_and_counts_it_without_decoding),
        cmocka_unit_test(packbits_takes_runs_and_copies_and_nothing_that_does_not_fit),
        cmocka_unit_test(runs_are_counted_as_pixel_by_pixel_by_every_kernel),
    };
    return RUN_TESTS(tests);
}
