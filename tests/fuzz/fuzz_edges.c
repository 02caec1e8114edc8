/* Edges against zlib: a stream that is taken is one that zlib takes, and stands for the same bytes; one
 * that zlib takes is taken, unless it has too many edges. The first byte of an input chooses how many
 * compressed bytes are given at once and whether words are joined; the others are a stream without its checksum, which is not compared. */
#include <string.h>
#include <zlib.h>

#include "fuzz.h"
#include "read/edges.h"

enum { LARGEST = 1 << 20, ROOM = 200000 };

struct pieces {
    const uint8_t *bytes;
    size_t size, piece;
};

static enum mw_status give(void *context, unsigned char *out, size_t room, size_t *got,
                           struct mw_error *err) {
    struct pieces *pieces = context;
    (void)err;
    *got = pieces->size < pieces->piece ? pieces->size : pieces->piece;
    if (*got > room) *got = room;
    memcpy(out, pieces->bytes, *got);
    pieces->bytes += *got;
    pieces->size -= *got;
    return MW_OK;
}

/* Returns whether zlib takes the stream, with 4 bytes behind it; *made is what it makes of it. */
static bool zlib_takes(const uint8_t *bytes, size_t size, uint8_t *out, size_t *made) {
    z_stream zlib = {0};
    REQUIRE(inflateInit2(&zlib, -15) == Z_OK);
    zlib.next_in = (unsigned char *)bytes;
    zlib.avail_in = (uInt)size;
    zlib.next_out = out;
    zlib.avail_out = LARGEST;
    int result = inflate(&zlib, Z_FINISH);
    bool good = result == Z_STREAM_END && zlib.avail_in == 4;
    *made = result == Z_BUF_ERROR && zlib.avail_out == 0 ? SIZE_MAX : zlib.total_out;
    inflateEnd(&zlib);
    return good;
}

static void compare(const struct mw_edges *edges, uint32_t at, const uint8_t *wanted) {
    size_t i = mw_edges_behind(edges, at);
    for (; at < edges->made; at++, wanted++) {
        while (i < edges->count && mw_edge_position(edges->list[i]) <= at) i++;
        REQUIRE(mw_edge_byte(edges->list[i - 1]) == *wanted);
    }
}

enum answer { TAKEN, REFUSED, FULL };

static enum answer take_edges(struct mw_edges *edges, struct pieces pieces, const uint8_t *wanted,
                              size_t size) {
    const struct mw_edges_source source = {&pieces, give};
    struct mw_error err;
    size_t done = 0;
    uint32_t start = 0, adler;
    enum mw_status status = mw_edges_begin(edges, ROOM, &source, &err);
    while (!status && edges->phase != MW_EDGES_ENDED) {
        status = mw_edges_next(edges, start + 1 + (uint32_t)(done % 1000), &err);
        if (status) break;
        if (edges->made == start && edges->phase != MW_EDGES_ENDED) return FULL;
        if (edges->made - start > size - done) return FULL; /* more than zlib was asked for */
        compare(edges, start, wanted + done);
        done += edges->made - start;
        mw_edges_forget(edges, edges->made);
        start = edges->made;
    }
    if (!status) status = mw_edges_end(edges, &adler, &err);
    fuzz_check_error(status, &err);
    REQUIRE(status || done == size);
    return status ? REFUSED : TAKEN;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static uint8_t out[LARGEST], stream[LARGEST];
    static struct mw_edges edges;
    size_t made;
    if (size < 1 || size > LARGEST - 6) return 0;
    stream[0] = 0x78;
    stream[1] = 0x9c;
    memcpy(stream + 2, bytes + 1, size - 1);
    memset(stream + 2 + (size - 1), 0, 4);
    edges.join_always = bytes[0] & 1;
    bool good = zlib_takes(stream + 2, size - 1 + 4, out, &made);
    if (made == SIZE_MAX) return 0;
    struct pieces pieces = {stream, 2 + size - 1 + 4, 1 + (size_t)bytes[0] * bytes[0]};
    enum answer answer = take_edges(&edges, pieces, out, made);
    REQUIRE(answer == FULL || good == (answer == TAKEN));
    return 0;
}
