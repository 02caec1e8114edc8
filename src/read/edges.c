#include "read/edges.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/bytes.h"
#include "read/inflate.h"

enum {
    PIECE = 64 * 1024,   /* compressed bytes at a time */
    HEADER_BYTES = 1024, /* more than the header of a block has */
    MARGIN = 16,         /* bytes that a token may have to be taken from */
    LONGEST = 258,       /* bytes that a token makes */
    SIDE = 8,            /* edges that are copied at once */
    INDEX_BYTES = 64,    /* output between two entries of `before` */
    INDEX_REACH = 5,     /* entries that a token can pass */
    BEYOND = 1 << 30,    /* an edge behind all others */
    CODE_LENGTHS = 19,
    WORTH_JOINING = 8000, /* compressed bytes that follow: joined entries pay off */
};

static enum mw_status refused(struct mw_error *err) {
    return mw_error_set(err, MW_BROKEN, "damaged image data: it cannot be inflated");
}

/* --- Memory ------------------------------------------------------------------------------------- */

void mw_edges_free(struct mw_edges *edges) {
    free(edges->list);
    free(edges->before);
    free(edges->bytes);
    *edges = (struct mw_edges){0};
}

static bool make_room(struct mw_edges *edges, uint32_t room) {
    if (!edges->bytes && !(edges->bytes = malloc(PIECE + MARGIN))) return false;
    if (edges->list && room <= edges->room) return true;
    free(edges->list);
    free(edges->before);
    edges->room = room;
    edges->most = room / 4 + LONGEST;
    edges->list = calloc(edges->most + LONGEST + (size_t)2 * SIDE, sizeof *edges->list);
    edges->before =
        malloc(((size_t)room / INDEX_BYTES + (size_t)2 * INDEX_REACH) * sizeof *edges->before);
    if (edges->list && edges->before) return true;
    free(edges->list);
    edges->list = NULL;
    return false;
}

/* --- Compressed bytes --------------------------------------------------------------------------- */

/* Moves what is left to the front and fills the rest. Behind the last byte follow zeros, so that a token
 * can be taken without asking how much there is; if it took too much is seen afterwards. */
static enum mw_status fill(struct mw_edges *edges, struct mw_error *err) {
    size_t got = 1;
    edges->filled -= edges->next;
    memmove(edges->bytes, edges->bytes + edges->next, edges->filled);
    edges->next = 0;
    while (edges->filled < PIECE && got > 0) {
        enum mw_status status = edges->source.read(
            edges->source.context, edges->bytes + edges->filled, PIECE - edges->filled, &got, err);
        if (status) return status;
        edges->filled += got;
    }
    edges->exhausted = got == 0;
    memset(edges->bytes + edges->filled, 0, MARGIN);
    return MW_OK;
}

/* Makes sure that `size` bytes can be taken, where so many are left. */
static enum mw_status need(struct mw_edges *edges, size_t size, struct mw_error *err) {
    if (edges->exhausted || edges->filled - edges->next >= size) return MW_OK;
    return fill(edges, err);
}

/* Gives back whole bytes that were taken but not used. Returns false where more was used than there is. */
static bool settle(struct mw_edges *edges) {
    edges->next -= edges->bit_count / 8;
    edges->bit_count %= 8;
    edges->bits &= (UINT64_C(1) << edges->bit_count) - 1;
    return edges->next <= edges->filled;
}

/* The next bits, at most 32, lowest first; behind the end they are zeros, which `settle` notices. */
static uint32_t peek(struct mw_edges *edges, unsigned count) {
    while (edges->bit_count < count) {
        uint64_t byte = edges->next < edges->filled ? edges->bytes[edges->next] : 0;
        edges->next++;
        edges->bits |= byte << edges->bit_count;
        edges->bit_count += 8;
    }
    return (uint32_t)(edges->bits & ((UINT64_C(1) << count) - 1));
}

static uint32_t take(struct mw_edges *edges, unsigned count) {
    uint32_t value = peek(edges, count);
    edges->bits >>= count;
    edges->bit_count -= count;
    return value;
}

/* Leaves out the bits up to the next byte. */
static bool align(struct mw_edges *edges) {
    bool good = settle(edges);
    edges->bits = 0;
    edges->bit_count = 0;
    return good;
}

/* --- The list ----------------------------------------------------------------------------------- */

size_t mw_edges_behind(const struct mw_edges *edges, uint32_t position) {
    size_t i = edges->before[position / INDEX_BYTES];
    while (mw_edge_position(edges->list[i]) <= position) i++;
    return i;
}

uint32_t mw_edges_forget(struct mw_edges *edges, uint32_t position) {
    uint32_t reach = edges->made > MW_EDGES_WINDOW ? edges->made - MW_EDGES_WINDOW : 0;
    uint32_t bytes = (position < reach ? position : reach) / INDEX_BYTES * INDEX_BYTES;
    uint32_t skip = bytes / INDEX_BYTES;
    if (bytes == 0) return 0;
    size_t first = mw_edges_behind(edges, bytes) - 1; /* becomes the edge at 0 */
    edges->made -= bytes;
    edges->count -= first;
    edges->list[0] = mw_edge_byte(edges->list[first]);
    for (size_t i = 1; i < edges->count; i++)
        edges->list[i] = edges->list[first + i] - (mw_edge)(bytes << 8);
    edges->list[edges->count] = BEYOND;
    for (size_t i = 0; i <= edges->made / INDEX_BYTES; i++) {
        uint32_t before = edges->before[i + skip];
        edges->before[i] = before > first ? before - (uint32_t)first : 0;
    }
    return bytes;
}

/* --- Blocks ------------------------------------------------------------------------------------- */

typedef uint32_t four __attribute__((vector_size(16)));

/* Registers of the loop over the tokens of a block. */
struct state {
    const unsigned char *in;
    uint64_t bits;
    unsigned bit_count;
    mw_edge *list;
    uint32_t *before;
    size_t count;
    uint32_t made;
    unsigned last; /* the byte before; 256: there is none */
};

static inline void refill(struct state *s) {
    s->bits |= mw_little_endian_64(s->in) << s->bit_count;
    s->in += (63 - s->bit_count) >> 3;
    s->bit_count |= 56;
}

static inline void use(struct state *s, unsigned count) {
    s->bits >>= count;
    s->bit_count -= count;
}

static inline void add_edge(struct state *s, unsigned byte) {
    s->list[s->count] = (mw_edge)(s->made << 8 | byte);
    s->count += byte != s->last;
    s->last = byte;
}

static inline void add_literal(struct state *s, unsigned byte) {
    s->before[s->made / INDEX_BYTES + 1] = (uint32_t)s->count;
    add_edge(s, byte);
    s->made++;
}

/* A token begins before every multiple of 64 that it passes. */
static inline void set_before(struct state *s) {
    uint32_t count = (uint32_t)s->count, *before = s->before + s->made / INDEX_BYTES + 1;
    const four all = {count, count, count, count};
    memcpy(before, &all, sizeof all);
    before[4] = count;
}

/* How many of eight edges, which ascend, are before `end`. */
static inline size_t count_before(const mw_edge *edges, mw_edge end) {
#ifdef __SSE2__
    const __m128i *side = (const __m128i *)(const void *)edges;
    __m128i limit = _mm_set1_epi32(end);
    __m128i low = _mm_cmplt_epi32(_mm_loadu_si128(side), limit);
    __m128i high = _mm_cmplt_epi32(_mm_loadu_si128(side + 1), limit);
    unsigned bits = (unsigned)_mm_movemask_epi8(_mm_packs_epi32(low, high)); /* two for each */
    return (size_t)__builtin_ctz(~bits) / 2;
#else
    size_t count = 0;
    while (count < SIDE && edges[count] < end) count++;
    return count;
#endif
}

/* Copies the edges from `from` on that are before `end`, moved by `distance`; they are among those that
 * were there. Eight are copied at once, needed or not: of those that were not the next edges take the
 * place. */
static inline void copy_apart(struct state *s, size_t from, size_t there, mw_edge end,
                              mw_edge distance) {
    size_t copied;
    do {
        mw_edge edges[SIDE];
        memcpy(edges, s->list + from, sizeof edges);
        copied = count_before(s->list + from, end);
        if (copied > there - from) copied = there - from;
        for (int i = 0; i < SIDE; i++) edges[i] += distance;
        memcpy(s->list + s->count, edges, sizeof edges);
        s->count += copied;
        from += copied;
    } while (copied == SIDE);
}

/* The same where the copy goes on in what it has just made. */
static void copy_overlapping(struct state *s, size_t from, mw_edge end, mw_edge distance) {
    s->list[s->count] = BEYOND;
    for (; s->list[from] < end; from++) {
        s->list[s->count++] = s->list[from] + distance;
        s->list[s->count] = BEYOND;
    }
}

static inline void add_copy(struct state *s, uint32_t length, uint32_t distance) {
    uint32_t from = s->made - distance;
    mw_edge behind = (mw_edge)((from + 1) << 8), end = (mw_edge)((from + length) << 8);
    size_t i = s->before[from / INDEX_BYTES], passed;
    size_t there = s->count;
    do i += passed = count_before(s->list + i, behind);
    while (passed == SIDE && i < there);
    if (i > there) i = there;
    set_before(s);
    add_edge(s, mw_edge_byte(s->list[i - 1]));
    if (length <= distance) copy_apart(s, i, there, end, (mw_edge)(distance << 8));
    else copy_overlapping(s, i, end, (mw_edge)(distance << 8));
    s->last = mw_edge_byte(s->list[s->count - 1]);
    s->made += length;
}

static inline uint32_t look_up(struct state *s, const uint32_t *table, unsigned index) {
    uint32_t entry = table[s->bits & ((1U << index) - 1)];
    if (entry & MW_HUFFMAN_SECOND)
        entry = table[mw_huffman_value(entry) +
                      (s->bits >> index & ((1U << mw_huffman_word(entry)) - 1))];
    return entry;
}

/* The value of an entry, with the bits added that follow its word. */
static inline uint32_t take_value(struct state *s, uint32_t entry) {
    uint64_t taken = s->bits & ((UINT64_C(1) << mw_huffman_take(entry)) - 1);
    use(s, mw_huffman_take(entry));
    return mw_huffman_value(entry) + (uint32_t)(taken >> mw_huffman_word(entry));
}

static inline void take_literals(struct state *s, uint32_t entry) {
    unsigned bytes = mw_huffman_value(entry);
    use(s, mw_huffman_take(entry));
    add_literal(s, bytes & 255);
    if (entry & MW_HUFFMAN_PAIR) add_literal(s, bytes >> 8);
}

static inline void add_run(struct state *s, uint32_t length) {
    set_before(s);
    s->made += length;
}

/* A length and a distance. Returns false where that is none. */
static inline bool take_copy(struct state *s, const struct mw_huffman *huffman, uint32_t entry) {
    uint32_t length = take_value(s, entry);
    entry = look_up(s, huffman->distances, MW_HUFFMAN_DISTANCE_BITS);
    uint32_t distance = take_value(s, entry);
    if ((entry & MW_HUFFMAN_LEAVE) || distance > s->made) return false;
    if (distance == 1) add_run(s, length);
    else add_copy(s, length, distance);
    return true;
}

enum outcome { GOES_ON, BLOCK_ENDED, DAMAGED };

/* Tokens, until `until` bytes are made, or the list is full, or no token can be taken before `safe`. One
 * refill is enough for a token: its words and what is added to them have at most 15 + 5 + 15 + 13 bits. */
static enum outcome run(struct state *s, const struct mw_huffman *huffman,
                        const unsigned char *safe, uint32_t until, size_t most) {
    while (s->in < safe && s->made < until && s->count < most) {
        refill(s);
        uint32_t entry = look_up(s, huffman->literals, MW_HUFFMAN_LITERAL_BITS);
        if (entry & MW_HUFFMAN_LITERAL) {
            take_literals(s, entry);
        } else if (entry & MW_HUFFMAN_RUN) {
            use(s, mw_huffman_take(entry));
            add_run(s, mw_huffman_value(entry));
        } else if (entry & MW_HUFFMAN_LEAVE) {
            use(s, mw_huffman_take(entry));
            return entry & MW_HUFFMAN_END ? BLOCK_ENDED : DAMAGED;
        } else if (!take_copy(s, huffman, entry)) {
            return DAMAGED;
        }
    }
    return GOES_ON;
}

static void enter(const struct mw_edges *edges, struct state *s) {
    *s = (struct state){.in = edges->bytes + edges->next,
                        .bits = edges->bits,
                        .bit_count = edges->bit_count,
                        .list = edges->list,
                        .before = edges->before,
                        .count = edges->count,
                        .made = edges->made,
                        .last = edges->count ? mw_edge_byte(edges->list[edges->count - 1]) : 256};
}

static void leave(struct mw_edges *edges, const struct state *s) {
    edges->next = (size_t)(s->in - edges->bytes);
    edges->bits = s->bits;
    edges->bit_count = s->bit_count & 63;
    edges->count = s->count;
    edges->made = s->made;
}

static enum mw_status coded(struct mw_edges *edges, uint32_t until, struct mw_error *err) {
    struct state s;
    enum mw_status status = need(edges, MARGIN, err);
    if (status) return status;
    enter(edges, &s);
    /* Eight bytes are loaded at once, up to eight ahead of those that are used. */
    const unsigned char *safe = edges->bytes;
    if (edges->exhausted) safe += edges->filled + MARGIN / 2;
    else if (edges->filled > MARGIN / 2) safe += edges->filled - MARGIN / 2;
    enum outcome outcome = run(&s, &edges->huffman, safe, until, edges->most);
    leave(edges, &s);
    if (outcome == DAMAGED || !settle(edges)) return refused(err);
    if (outcome == BLOCK_ENDED) edges->phase = edges->last_block ? MW_EDGES_ENDED : MW_EDGES_HEADER;
    return MW_OK;
}

/* A block whose bytes stand there as they are. */
static enum mw_status stored(struct mw_edges *edges, uint32_t until, struct mw_error *err) {
    struct state s;
    enum mw_status status = need(edges, 1, err);
    if (status) return status;
    if (edges->next == edges->filled) return refused(err);
    enter(edges, &s);
    while (edges->stored > 0 && edges->next < edges->filled && s.made < until &&
           s.count < edges->most) {
        add_literal(&s, edges->bytes[edges->next++]);
        edges->stored--;
    }
    edges->count = s.count;
    edges->made = s.made;
    if (edges->stored == 0) edges->phase = edges->last_block ? MW_EDGES_ENDED : MW_EDGES_HEADER;
    return MW_OK;
}

/* --- Headers of blocks --------------------------------------------------------------------------- */

static bool stored_header(struct mw_edges *edges) {
    if (!align(edges)) return false;
    uint32_t length = take(edges, 16), inverted = take(edges, 16);
    edges->stored = length;
    edges->phase = MW_EDGES_STORED;
    return length == (inverted ^ 0xffff);
}

/* The lengths of the words are words themselves: 0 to 15 is a length, 16 the last one 3 to 6 times
 * again, 17 and 18 are 3 to 10 and 11 to 138 symbols that have none (RFC 1951, section 3.2.7). */
static bool read_lengths(struct mw_edges *edges, const uint32_t *table, uint8_t *lengths,
                         size_t count) {
    for (size_t i = 0, times; i < count; i += times) {
        uint32_t entry = table[peek(edges, 7)];
        unsigned symbol = mw_huffman_value(entry);
        take(edges, mw_huffman_take(entry));
        times = symbol < 16    ? 1
                : symbol == 16 ? 3 + take(edges, 2)
                : symbol == 17 ? 3 + take(edges, 3)
                               : 11 + take(edges, 7);
        if (times > count - i || (symbol == 16 && i == 0)) return false;
        memset(lengths + i, (int)(symbol < 16 ? symbol : symbol == 16 ? lengths[i - 1] : 0), times);
    }
    return true;
}

static bool dynamic_header(struct mw_edges *edges) {
    static const unsigned char order[CODE_LENGTHS] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                      11, 4,  12, 3, 13, 2, 14, 1, 15};
    uint8_t code[CODE_LENGTHS] = {0}, lengths[MW_HUFFMAN_LITERALS + MW_HUFFMAN_DISTANCES];
    uint32_t table[128];
    size_t literals = 257 + take(edges, 5), distances = 1 + take(edges, 5);
    size_t count = 4 + take(edges, 4);
    if (literals > 286 || distances > 30) return false;
    for (size_t i = 0; i < count; i++) code[order[i]] = (uint8_t)take(edges, 3);
    edges->phase = MW_EDGES_CODED;
    return mw_huffman_lengths(table, code) &&
           read_lengths(edges, table, lengths, literals + distances) &&
           mw_huffman_set(&edges->huffman, lengths, literals, distances);
}

static bool read_header(struct mw_edges *edges) {
    edges->last_block = take(edges, 1);
    unsigned type = take(edges, 2);
    if (type == 0) return stored_header(edges);
    if (type == 2) {
        if (!dynamic_header(edges)) return false;
        if (edges->join_always || edges->filled >= edges->next + WORTH_JOINING)
            mw_huffman_join(&edges->huffman);
        return true;
    }
    mw_huffman_fixed(&edges->huffman);
    edges->phase = MW_EDGES_CODED;
    return type == 1;
}

static enum mw_status header(struct mw_edges *edges, struct mw_error *err) {
    enum mw_status status = need(edges, HEADER_BYTES, err);
    if (status) return status;
    return read_header(edges) && settle(edges) ? MW_OK : refused(err);
}

/* --- Streams ------------------------------------------------------------------------------------ */

enum mw_status mw_edges_begin(struct mw_edges *edges, uint32_t room,
                              const struct mw_edges_source *source, struct mw_error *err) {
    assert(room + LONGEST < MW_EDGES_LARGEST); /* so that a position fits an edge */
    if (!make_room(edges, room)) return mw_error_memory(err);
    edges->source = *source;
    edges->count = edges->next = edges->filled = 0;
    edges->made = edges->bit_count = 0;
    edges->bits = 0;
    edges->before[0] = 0;
    edges->exhausted = false;
    edges->phase = MW_EDGES_HEADER;
    enum mw_status status = need(edges, MW_ZLIB_HEADER, err);
    if (status) return status;
    if (edges->filled < MW_ZLIB_HEADER || !mw_zlib_header_is_good(edges->bytes))
        return refused(err);
    edges->next = MW_ZLIB_HEADER;
    return MW_OK;
}

enum mw_status mw_edges_next(struct mw_edges *edges, uint32_t until, struct mw_error *err) {
    enum mw_status status = MW_OK;
    while (!status && edges->made < until && edges->count < edges->most) {
        if (edges->phase == MW_EDGES_HEADER) status = header(edges, err);
        else if (edges->phase == MW_EDGES_STORED) status = stored(edges, until, err);
        else if (edges->phase == MW_EDGES_CODED) status = coded(edges, until, err);
        else break;
    }
    edges->list[edges->count] = BEYOND;
    return status;
}

enum mw_status mw_edges_end(struct mw_edges *edges, uint32_t *adler, struct mw_error *err) {
    if (edges->phase != MW_EDGES_ENDED || !align(edges)) return refused(err);
    enum mw_status status = need(edges, MW_ZLIB_CHECKSUM + 1, err);
    if (status) return status;
    if (edges->filled - edges->next != MW_ZLIB_CHECKSUM) return refused(err);
    *adler = mw_big_endian_32(edges->bytes + edges->next);
    return MW_OK;
}
