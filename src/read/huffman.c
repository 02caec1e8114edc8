#include "read/huffman.h"

#include <string.h>

enum { END_OF_BLOCK = 256, FIRST_LENGTH = 257, LENGTHS = 29, DISTANCES = 30, LENGTH_BITS = 7 };

/* RFC 1951, section 3.2.5: the least length or distance of a symbol, and the bits that are added. */
static const uint16_t length_base[LENGTHS] = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                              15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                              67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[LENGTHS] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                              2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t distance_base[DISTANCES] = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};

/* --- What a symbol means: its entry but for the word -------------------------------------------- */

static uint32_t literal_entry(size_t symbol) {
    if (symbol < END_OF_BLOCK) return (uint32_t)symbol << 16 | MW_HUFFMAN_LITERAL;
    if (symbol == END_OF_BLOCK) return MW_HUFFMAN_END | MW_HUFFMAN_LEAVE;
    symbol -= FIRST_LENGTH;
    if (symbol >= LENGTHS) return MW_HUFFMAN_LEAVE;
    return (uint32_t)length_base[symbol] << 16 | length_extra[symbol];
}

static uint32_t distance_entry(size_t symbol) {
    if (symbol >= DISTANCES) return MW_HUFFMAN_LEAVE;
    return (uint32_t)distance_base[symbol] << 16 | (symbol < 4 ? 0 : (uint32_t)symbol / 2 - 1);
}

static uint32_t plain_entry(size_t symbol) {
    return (uint32_t)symbol << 16;
}

/* --- Tables ------------------------------------------------------------------------------------ */

/* All symbols in the order of their words: those without one first, then by length, then by symbol. */
struct words {
    uint16_t symbols[MW_HUFFMAN_LITERALS];
    uint16_t counts[MW_HUFFMAN_MOST_BITS + 1]; /* words of each length */
    unsigned longest;                          /* bits; 0: there are none */
    bool complete;                             /* no sequence of bits is left over */
};

/* Returns false where there are more words than their lengths allow. */
static bool sort_words(struct words *words, const uint8_t *lengths, size_t symbols) {
    uint16_t next[MW_HUFFMAN_MOST_BITS + 1];
    uint32_t left = 1; /* words of this length that are not taken by shorter ones */
    memset(words->counts, 0, sizeof words->counts);
    for (size_t i = 0; i < symbols; i++) words->counts[lengths[i]]++;
    words->longest = 0;
    next[0] = 0;
    for (unsigned bits = 1; bits <= MW_HUFFMAN_MOST_BITS; bits++) {
        next[bits] = next[bits - 1] + words->counts[bits - 1];
        if (words->counts[bits]) words->longest = bits;
        if (2 * left < words->counts[bits]) return false;
        left = 2 * left - words->counts[bits];
    }
    words->complete = left == 0;
    for (size_t i = 0; i < symbols; i++) words->symbols[next[lengths[i]]++] = (uint16_t)i;
    return true;
}

/* The word behind another of as many bits. Words come from the stream with their first bit lowest, so
 * that to count up is to carry downwards from the highest. */
static uint32_t next_word(uint32_t word, unsigned bits) {
    uint32_t ones = (UINT32_C(1) << bits) - 1;
    if (word == ones) return word;
    uint32_t carry = UINT32_C(1) << (31 - (unsigned)__builtin_clz(word ^ ones));
    return (word & (carry - 1)) | carry;
}

static uint32_t with_word(uint32_t entry, unsigned bits) {
    return entry + bits + (bits << 8);
}

/* Fills the entries of a table that a word stands at the start of. */
static void fill(uint32_t *table, size_t size, uint32_t word, unsigned bits, uint32_t entry) {
    for (size_t i = word; i < size; i += (size_t)1 << bits) table[i] = entry;
}

/* Words that fit the index: the table doubles from length to length, so that most entries are written
 * by memcpy. Returns the word after the last. */
static uint32_t fill_first(uint32_t *table, unsigned index, const struct words *words,
                           uint32_t (*meaning)(size_t symbol), const uint16_t **symbol) {
    uint32_t word = 0;
    table[0] = MW_HUFFMAN_LEAVE;
    for (unsigned bits = 1; bits <= index; bits++) {
        size_t half = (size_t)1 << (bits - 1);
        memcpy(table + half, table, half * sizeof *table);
        for (unsigned i = 0; i < words->counts[bits]; i++, (*symbol)++) {
            table[word] = with_word(meaning(**symbol), bits);
            word = next_word(word, bits);
        }
    }
    return word;
}

/* Longer ones. */
static void fill_second(uint32_t *table, unsigned index, const struct words *words,
                        uint32_t (*meaning)(size_t symbol), uint32_t word, const uint16_t *symbol) {
    size_t first = (size_t)1 << index, second = first, size = (size_t)1 << (words->longest - index);
    uint32_t *at = NULL;
    size_t begun = first; /* the entry of the first table that leads to `at`; none yet */
    for (unsigned bits = index + 1; bits <= words->longest; bits++)
        for (unsigned i = 0; i < words->counts[bits]; i++, symbol++) {
            size_t entry = word & (first - 1);
            if (entry != begun) {
                table[entry] = (uint32_t)second << 16 | MW_HUFFMAN_LEAVE | MW_HUFFMAN_SECOND |
                               (words->longest - index) << 8;
                at = table + second;
                second += size;
                begun = entry;
            }
            fill(at, size, word >> index, bits - index, with_word(meaning(*symbol), bits));
            word = next_word(word, bits);
        }
}

static void fill_table(uint32_t *table, unsigned index, const struct words *words,
                       uint32_t (*meaning)(size_t symbol)) {
    const uint16_t *symbol = words->symbols + words->counts[0];
    uint32_t word = fill_first(table, index, words, meaning, &symbol);
    if (words->longest > index) fill_second(table, index, words, meaning, word, symbol);
}

/* --- The three codes --------------------------------------------------------------------------- */

static bool set_literals(struct mw_huffman *huffman, const uint8_t *lengths, size_t symbols) {
    struct words words;
    if (!sort_words(&words, lengths, symbols) || !words.complete) return false;
    fill_table(huffman->literals, MW_HUFFMAN_LITERAL_BITS, &words, literal_entry);
    return true;
}

static bool set_distances(struct mw_huffman *huffman, const uint8_t *lengths, size_t symbols) {
    struct words words;
    if (!sort_words(&words, lengths, symbols) || (!words.complete && words.longest > 1))
        return false;
    fill_table(huffman->distances, MW_HUFFMAN_DISTANCE_BITS, &words, distance_entry);
    return true;
}

bool mw_huffman_lengths(uint32_t table[128], const uint8_t lengths[19]) {
    struct words words;
    if (!sort_words(&words, lengths, 19) || !words.complete) return false;
    fill_table(table, LENGTH_BITS, &words, plain_entry);
    return true;
}

bool mw_huffman_set(struct mw_huffman *huffman, const uint8_t *lengths, size_t literals,
                    size_t distances) {
    huffman->fixed = false;
    return set_literals(huffman, lengths, literals) &&
           set_distances(huffman, lengths + literals, distances);
}

void mw_huffman_fixed(struct mw_huffman *huffman) {
    uint8_t lengths[MW_HUFFMAN_LITERALS + MW_HUFFMAN_DISTANCES];
    if (huffman->fixed) return;
    memset(lengths, 8, 144);
    memset(lengths + 144, 9, 112);
    memset(lengths + 256, 7, 24);
    memset(lengths + 280, 8, 8);
    memset(lengths + MW_HUFFMAN_LITERALS, 5, MW_HUFFMAN_DISTANCES);
    huffman->fixed = mw_huffman_set(huffman, lengths, MW_HUFFMAN_LITERALS, MW_HUFFMAN_DISTANCES);
}

/* --- Joined symbols ---------------------------------------------------------------------------- */

/* The entry for a literal and what follows it. */
static uint32_t join_literal(uint32_t entry, uint32_t next) {
    unsigned take = mw_huffman_take(entry) + mw_huffman_take(next);
    if (!(next & MW_HUFFMAN_LITERAL) || take > MW_HUFFMAN_LITERAL_BITS) return entry;
    return mw_huffman_value(next) << 24 | mw_huffman_value(entry) << 16 | MW_HUFFMAN_LITERAL |
           MW_HUFFMAN_PAIR | take;
}

/* The entry for a length and the distance that follows it; `index` are their bits. */
static uint32_t join_length(uint32_t entry, uint32_t distance, uint32_t index) {
    unsigned take = mw_huffman_take(entry) + mw_huffman_take(distance);
    bool is_one = !(distance & MW_HUFFMAN_LEAVE) && mw_huffman_value(distance) == 1;
    if (!is_one || take > MW_HUFFMAN_LITERAL_BITS) return entry;
    uint32_t added = (index & ((1U << mw_huffman_take(entry)) - 1)) >> mw_huffman_word(entry);
    return (mw_huffman_value(entry) + added) << 16 | MW_HUFFMAN_RUN | take;
}

/* Of what follows an entry so many bits are known as the index has more than the entry takes. Others are
 * seen as 0, and an entry that takes them is not joined. */
void mw_huffman_join(struct mw_huffman *huffman) {
    enum {
        SIZE = 1 << MW_HUFFMAN_LITERAL_BITS,
        DISTANCE_MASK = (1 << MW_HUFFMAN_DISTANCE_BITS) - 1
    };
    uint32_t single[SIZE];
    memcpy(single, huffman->literals, sizeof single);
    for (uint32_t i = 0; i < SIZE; i++) {
        uint32_t entry = single[i], behind = i >> mw_huffman_take(entry);
        if (entry & MW_HUFFMAN_LEAVE) continue;
        huffman->literals[i] =
            entry & MW_HUFFMAN_LITERAL
                ? join_literal(entry, single[behind])
                : join_length(entry, huffman->distances[behind & DISTANCE_MASK], i);
    }
}
