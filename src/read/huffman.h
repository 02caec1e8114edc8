/* huffman: the codes of deflate (RFC 1951, sections 3.2.1 to 3.2.7), as tables.
 *
 * A code gives each symbol a word of 1 to 15 bits, none of which begins another. A table is indexed by
 * the next bits of the stream: its entry says which symbol they begin with and how many of them it
 * takes. A word that is longer than the index leads to a second table, indexed by the bits behind. */
#ifndef MW_READ_HUFFMAN_H
#define MW_READ_HUFFMAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MW_HUFFMAN_LITERALS = 288,    /* symbols: bytes, the end of a block, lengths */
    MW_HUFFMAN_DISTANCES = 32,    /* symbols; the last two of both are reserved */
    MW_HUFFMAN_LITERAL_BITS = 11, /* index of the first table */
    MW_HUFFMAN_DISTANCE_BITS = 8,
    MW_HUFFMAN_MOST_BITS = 15, /* of a word */
};

/* An entry. The fields of its 32 bits:
 *
 *     0 to 5    bits to take from the stream: those of the word, and those behind it that are added to
 *               the value
 *     8 to 11   bits of the word alone; of the index of a second table
 *     16 to 31  the byte, the least length, the least distance; where a second table begins
 *
 * and what kind it is: a length or a distance when none of these is set. */
enum {
    MW_HUFFMAN_PAIR = 1 << 6,     /* with LITERAL: two bytes, the second one in the higher half */
    MW_HUFFMAN_RUN = 1 << 7,      /* a length, complete, and the distance 1 behind it */
    MW_HUFFMAN_SECOND = 1 << 12,  /* with LEAVE: a second table */
    MW_HUFFMAN_END = 1 << 13,     /* with LEAVE: the block ends */
    MW_HUFFMAN_LITERAL = 1 << 14, /* a byte of output */
    MW_HUFFMAN_LEAVE = 1 << 15,   /* a second table, the end, or no word */
};

static inline unsigned mw_huffman_take(uint32_t entry) {
    return entry & 63;
}

static inline unsigned mw_huffman_word(uint32_t entry) {
    return entry >> 8 & 15;
}

static inline unsigned mw_huffman_value(uint32_t entry) {
    return entry >> 16;
}

/* Second tables are all as large as the longest word wants. Each holds two words at least. */
enum {
    MW_HUFFMAN_LITERAL_ROOM = (1 << MW_HUFFMAN_LITERAL_BITS) +
                              MW_HUFFMAN_LITERALS / 2 *
                                  (1 << (MW_HUFFMAN_MOST_BITS - MW_HUFFMAN_LITERAL_BITS)),
    MW_HUFFMAN_DISTANCE_ROOM = (1 << MW_HUFFMAN_DISTANCE_BITS) +
                               MW_HUFFMAN_DISTANCES / 2 *
                                   (1 << (MW_HUFFMAN_MOST_BITS - MW_HUFFMAN_DISTANCE_BITS)),
};

struct mw_huffman {
    uint32_t literals[MW_HUFFMAN_LITERAL_ROOM];
    uint32_t distances[MW_HUFFMAN_DISTANCE_ROOM];
    bool fixed; /* they are those of a block with fixed codes */
};

/* Sets both tables to the fixed codes. */
void mw_huffman_fixed(struct mw_huffman *huffman);

/* Sets both tables from the lengths of the words, in bits; 0: the symbol has none. `lengths` is
 * [literals + distances]. Returns false where this is not a complete code; distances may have one word of
 * one bit, or none. */
bool mw_huffman_set(struct mw_huffman *huffman, const uint8_t *lengths, size_t literals,
                    size_t distances);

/* Joins two symbols in one entry of the first table of literals where the words of both fit its index: two
 * literals, as PAIR, and a length with the distance 1, as RUN. The tokens of a mask are not much else. Cost:
 * that of some hundred tokens. */
void mw_huffman_join(struct mw_huffman *huffman);

/* The code in which the lengths of the others are written: symbols 0 to 18, words of up to 7 bits.
 * `table` is [128], the value of an entry its symbol. Returns false where it is not complete. */
bool mw_huffman_lengths(uint32_t table[128], const uint8_t lengths[19]);

#endif
