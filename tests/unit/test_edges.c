/* Edges against zlib: every stream that zlib's encoder makes, with all its strategies, of bytes that are
 * flat, periodic or noise, comes back as the bytes it was made of; and no stream is taken that zlib's decoder
 * does not take. */
#include "support.h"

#include <zlib.h>

#include "read/edges.h"

enum { LARGEST = 400000, ROOM = 150000 };

struct stream {
    uint64_t random;
    unsigned char bytes[LARGEST], zlib[2 * LARGEST], made[LARGEST + 300];
    size_t size, zlib_size, made_size;
    size_t given, piece; /* compressed bytes that were handed out; how many at most at once */
};

/* --- Streams ---------------------------------------------------------------------------------- */

enum content { FLAT, RUNS, ROWS, PERIODIC, NOISE, CONTENTS };

/* `size` bytes; ROWS are copies of what stands 1000 or 32768 bytes before, with a change here and there. */
static void draw(struct stream *stream, enum content content, size_t size) {
    size_t period = 1 + random_below(&stream->random, 9), left = 0;
    size_t row = random_below(&stream->random, 2) ? 1000 : 32768;
    unsigned char byte = 0;
    stream->size = size;
    for (size_t i = 0; i < size; i++) {
        bool copies = (content == ROWS && i >= row) || (content == PERIODIC && i >= period);
        if (left-- == 0) {
            byte = (unsigned char)random_below(&stream->random, content == FLAT ? 2 : 256);
            left = random_below(&stream->random, content == NOISE ? 2 : 500);
            stream->bytes[i] = byte;
        } else {
            stream->bytes[i] = !copies ? byte : stream->bytes[i - (content == ROWS ? row : period)];
        }
    }
}

static void deflate_it(struct stream *stream, int level, int strategy, int memory) {
    z_stream zlib = {0};
    assert_int_equal(deflateInit2(&zlib, level, Z_DEFLATED, 15, memory, strategy), Z_OK);
    zlib.next_in = stream->bytes;
    zlib.avail_in = (uInt)stream->size;
    zlib.next_out = stream->zlib;
    zlib.avail_out = sizeof stream->zlib;
    assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
    stream->zlib_size = zlib.total_out;
    deflateEnd(&zlib);
}

/* --- Both decoders ---------------------------------------------------------------------------- */

/* Fills stream->made. Returns whether zlib takes the stream, all of it. */
static bool zlib_takes(struct stream *stream) {
    z_stream zlib = {0};
    if (inflateInit2(&zlib, -15) != Z_OK) fail();
    zlib.next_in = stream->zlib + 2;
    zlib.avail_in = stream->zlib_size < 2 ? 0 : (uInt)(stream->zlib_size - 2);
    zlib.next_out = stream->made;
    zlib.avail_out = sizeof stream->made;
    bool good = inflate(&zlib, Z_FINISH) == Z_STREAM_END && zlib.avail_in == 4;
    stream->made_size = zlib.total_out;
    inflateEnd(&zlib);
    return good;
}

static enum mw_status give(void *context, unsigned char *out, size_t room, size_t *got,
                           struct mw_error *err) {
    struct stream *stream = context;
    size_t left = stream->zlib_size - stream->given;
    (void)err;
    if (room > left) room = left;
    if (room > stream->piece) room = stream->piece;
    memcpy(out, stream->zlib + stream->given, room);
    stream->given += room;
    *got = room;
    return MW_OK;
}

/* Compares the bytes from `from` on, position `at` of the list, with those that are wanted. */
static void check_bytes(const struct mw_edges *edges, uint32_t at, const unsigned char *wanted) {
    size_t i = mw_edges_behind(edges, at);
    for (; at < edges->made; at++, wanted++) {
        while (i < edges->count && mw_edge_position(edges->list[i]) <= at) i++;
        if (mw_edge_byte(edges->list[i - 1]) != *wanted) fail_msg("byte %u of the list", at);
    }
    for (size_t k = 1; k < edges->count; k++)
        if (edges->list[k] / 256 <= edges->list[k - 1] / 256) fail_msg("edge %zu", k);
}

enum answer { TAKEN, REFUSED, FULL };

/* Inflates in steps of all sizes, with forgetting, and compares with the bytes in `wanted`, [size]. */
static enum answer take_edges(struct stream *stream, struct mw_edges *edges,
                              const unsigned char *wanted, size_t size, uint32_t *adler) {
    struct mw_edges_source source = {stream, give};
    struct mw_error err;
    size_t done = 0;    /* bytes compared */
    uint32_t start = 0; /* where the next one stands in the list */
    stream->given = 0;
    if (mw_edges_begin(edges, ROOM, &source, &err)) return REFUSED;
    do {
        uint32_t step = (uint32_t)random_below(&stream->random, edges->made % 3 ? 100000 : 300);
        if (mw_edges_next(edges, start + 1 + step, &err)) return REFUSED;
        if (edges->made == start && edges->phase != MW_EDGES_ENDED) return FULL;
        if (edges->made - start > size - done) fail_msg("more bytes than zlib makes");
        check_bytes(edges, start, wanted + done);
        done += edges->made - start;
        mw_edges_forget(edges, edges->made);
        start = edges->made;
    } while (edges->phase != MW_EDGES_ENDED);
    if (mw_edges_end(edges, adler, &err)) return REFUSED;
    if (done != size) fail_msg("%zu bytes, not %zu", done, size);
    return TAKEN;
}

static void check_taken(struct stream *stream, struct mw_edges *edges, const char *how) {
    uint32_t adler = 0;
    if (take_edges(stream, edges, stream->bytes, stream->size, &adler) != TAKEN)
        fail_msg("%s, %zu bytes: refused", how, stream->size);
    assert_int_equal(adler, adler32(1, stream->bytes, (uInt)stream->size));
}

TEST(every_stream_of_zlib_comes_back) {
    static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 257, 258, 300, 5000, 33000, 70000, LARGEST};
    static const int strategies[] = {Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE,
                                     Z_FIXED};
    static struct stream stream = {.random = 1};
    struct mw_edges edges = {0};
    for (size_t i = 0; i < COUNT(sizes) * CONTENTS; i++) {
        enum content content = i % CONTENTS;
        draw(&stream, content, sizes[i / CONTENTS]);
        if (content == NOISE && stream.size > 30000) continue; /* the list would be full */
        for (size_t s = 0; s < COUNT(strategies); s++) {
            stream.piece = random_below(&stream.random, 2) ? LARGEST : 1 + i % 9;
            edges.join_always = random_below(&stream.random, 2);
            deflate_it(&stream, 1 + (int)random_below(&stream.random, 9), strategies[s],
                       1 + (int)random_below(&stream.random, 9));
            check_taken(&stream, &edges, "a strategy");
        }
        deflate_it(&stream, 0, Z_DEFAULT_STRATEGY, 9);
        check_taken(&stream, &edges, "stored");
    }
    mw_edges_free(&edges);
}

/* What is not refused is what zlib makes of it: of streams that end too early, or in which a byte is
 * changed. */
TEST(no_stream_is_taken_that_zlib_refuses) {
    static struct stream stream = {.random = 2};
    struct mw_edges edges = {0};
    size_t taken = 0, refused = 0;
    for (size_t round = 0; round < 3000; round++) {
        draw(&stream, round % CONTENTS, 20 + random_below(&stream.random, 3000));
        deflate_it(&stream, 1 + (int)round % 9, round % 7 ? Z_DEFAULT_STRATEGY : Z_FIXED, 9);
        stream.piece = 1 + random_below(&stream.random, 4000);
        edges.join_always = round % 2;
        size_t at = 2 + random_below(&stream.random, stream.zlib_size - 2);
        if (round % 4 == 0) stream.zlib_size = at;
        else stream.zlib[at] ^= (unsigned char)(1 << round % 8);
        bool good = zlib_takes(&stream);
        uint32_t adler;
        enum answer answer = take_edges(&stream, &edges, stream.made, stream.made_size, &adler);
        if (answer == TAKEN && !good) fail_msg("round %zu: zlib refuses it", round);
        if (answer == REFUSED && good) fail_msg("round %zu: zlib takes it", round);
        taken += answer == TAKEN;
        refused += answer == REFUSED;
    }
    assert_true(taken > 100 && refused > 100);
    mw_edges_free(&edges);
}

/* The example of edges.h. */
TEST(a_copy_is_the_byte_at_its_start_and_the_edges_in_it) {
    static struct stream stream = {.random = 3, .size = 12, .piece = 100};
    struct mw_edges edges = {0};
    struct mw_error err;
    memcpy(stream.bytes, "AAAABBAAAABB", 12);
    deflate_it(&stream, 9, Z_FIXED, 9);
    assert_ok(mw_edges_begin(&edges, 100, &(struct mw_edges_source){&stream, give}, &err), &err);
    assert_ok(mw_edges_next(&edges, 13, &err), &err);
    assert_int_equal(edges.count, 4);
    assert_int_equal(edges.list[0], 0 << 8 | 'A');
    assert_int_equal(edges.list[1], 4 << 8 | 'B');
    assert_int_equal(edges.list[2], 6 << 8 | 'A');
    assert_int_equal(edges.list[3], 10 << 8 | 'B');
    mw_edges_free(&edges);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stream_of_zlib_comes_back),
        cmocka_unit_test(no_stream_is_taken_that_zlib_refuses),
        cmocka_unit_test(a_copy_is_the_byte_at_its_start_and_the_edges_in_it),
    };
    return RUN_TESTS(tests);
}
