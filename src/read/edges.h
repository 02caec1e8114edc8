/* edges: a zlib stream (RFC 1950, 1951) inflated into the places where its bytes change.
 *
 * A mask is flat: of a hundred bytes of a filtered row about one differs from the byte before it. Such a
 * place is an edge, and a list of edges, each a position and the byte that begins there, says the same
 * as the bytes do. The tokens of deflate are easily undone in that form:
 *
 *     literal            one edge, or none where the byte is the one before it
 *     length, distance   a copy of what stands `distance` bytes back: the byte there, and then the edges
 *                        of the next `length` bytes with the distance added to them. A distance of 1
 *                        repeats the last byte, which is no edge at all.
 *
 * Example: AAAABBAAAABB, as literal A, length 3 distance 1, literals B B, length 6 distance 6, is the
 * list 0:A, 4:B and then, as the copy begins with the byte at 0 and has the edge at 4 in it, 6:A, 10:B.
 *
 * So no byte is written, and whoever counts pixels, which is done by what changes, need not look for it.
 *
 * Where a stream is not flat its list would be longer than its bytes. Therefore this part does the
 * streams that it is good at, and refuses others without saying why: there is another way for them
 * (inflate), which also says what is wrong with a damaged one. */
#ifndef MW_READ_EDGES_H
#define MW_READ_EDGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "read/huffman.h"

/* An edge: position * 256 + byte. */
typedef int32_t mw_edge;

static inline uint32_t mw_edge_position(mw_edge edge) {
    return (uint32_t)edge >> 8;
}

static inline unsigned char mw_edge_byte(mw_edge edge) {
    return (unsigned char)edge;
}

enum {
    MW_EDGES_WINDOW = 32768,    /* bytes that a copy can reach back */
    MW_EDGES_LARGEST = 1 << 22, /* positions are less than this */
};

/* Where compressed bytes come from: copies at most `room` of them to `out`; *got is 0 behind the last. */
struct mw_edges_source {
    void *context;
    enum mw_status (*read)(void *context, unsigned char *out, size_t room, size_t *got,
                           struct mw_error *err);
};

/* One stream. A thread keeps one of these from stream to stream. Zeroed is empty. */
struct mw_edges {
    mw_edge *list;        /* [count], ascending, the first at position 0; then one behind all */
    size_t count, most;   /* edges; how many there may be */
    uint32_t made;        /* bytes that the list stands for */
    uint32_t room;        /* bytes that it may stand for, but for one token */
    uint32_t *before;     /* [made / 64 + 1]: so many edges, or more, stand before byte 64 * i */
    unsigned char *bytes; /* compressed ones */
    size_t next, filled;  /* bytes of these that were taken, that there are */
    bool exhausted;       /* there are no more */
    uint64_t bits;        /* taken, but not yet used */
    unsigned bit_count;
    enum mw_edges_phase { MW_EDGES_HEADER, MW_EDGES_STORED, MW_EDGES_CODED, MW_EDGES_ENDED } phase;
    bool last_block;
    bool join_always; /* however short the block: for tests */
    uint32_t stored;  /* bytes that are left of a stored block */
    struct mw_edges_source source;
    struct mw_huffman huffman;
};

void mw_edges_free(struct mw_edges *edges);

/* Begins a stream; the list will be asked to hold up to `room` bytes, and a token more: less than
 * MW_EDGES_LARGEST. Errors: those of the source, MW_BROKEN, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_edges_begin(struct mw_edges *edges, uint32_t room,
                                            const struct mw_edges_source *source,
                                            struct mw_error *err);

/* Inflates until the list stands for `until` bytes, at most `room`, or somewhat more; or for less where
 * the stream ends or the list is full. Errors: those of the source, MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_edges_next(struct mw_edges *edges, uint32_t until,
                                           struct mw_error *err);

/* The first edge behind a byte, as its place in the list. The byte is that of the edge before. Cost: that
 * of the edges of a token. */
size_t mw_edges_behind(const struct mw_edges *edges, uint32_t position);

/* Forgets bytes at the front of the list: as many as `position` allows and no copy can reach. Returns how
 * many: all positions are less by that. */
uint32_t mw_edges_forget(struct mw_edges *edges, uint32_t position);

/* Checks that the stream ended and nothing follows it; *adler is the checksum at its end, which is not
 * compared. Errors: those of the source, MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_edges_end(struct mw_edges *edges, uint32_t *adler,
                                          struct mw_error *err);

#endif
