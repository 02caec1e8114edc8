/* LZW.
 *
 * A code stands for a string. The first 256 are the single bytes; 256 clears the table and 257 ends the
 * stream; from 258 on each code that is read adds one more string: the one before it and the first byte
 * of the one that was just read. The string before it was written just before this one, so that the new
 * string lies in the output already, from the start of the one before up to and including the first
 * byte of this one:
 *
 *     ... a b c | d e f g ...       read "abc", then "defg": the new code is "abcd"
 *         \_____/ ^
 *
 * So a code is a place in the output and a length, and decoding is copying. That holds even for a code
 * that is used in the very moment in which it is made, as every run of one value does: its last byte is
 * the first one that it writes.
 *
 * Codes have 9 bits at first and one more as soon as the table holds 511, 1023 and 2047 strings; that is
 * one string earlier than would be needed.
 *
 * What is not plain is left to libtiff, which is asked after each `false`: streams that do not begin with
 * a clear code (those with the bits of a byte reversed, of before 1992, are among them), that fill the
 * table without clearing it, or whose last string is longer than the block. */
#include "read/lzw.h"

#include <string.h>

#include "base/bytes.h"

enum { CLEAR = 256, FIRST = 258, LONGER = 256 /* one byte longer, in mw_lzw.strings */ };

/* --- Codes ----------------------------------------------------------------------------------- */

/* The codes of a stream, high bits first. */
struct codes {
    const unsigned char *in;
    uint64_t at, end; /* bits */
    unsigned width;   /* of a code, bits */
    unsigned next;    /* the code that comes next into the table */
    unsigned limit;   /* the code with which `width` grows, or the table is full */
};

/* Four bytes hold a code of 12 bits wherever within the first one it begins. Returns a code that is in
 * no table when the stream has ended. */
static inline unsigned next_code(struct codes *codes) {
    uint32_t word = mw_big_endian_32(codes->in + codes->at / 8);
    unsigned shift = 32 - codes->width - codes->at % 8;
    codes->at += codes->width;
    if (codes->at > codes->end) return MW_LZW_STRINGS + 1;
    return word >> shift & ((1U << codes->width) - 1);
}

/* Returns false when the table is full. */
static bool widen(struct codes *codes) {
    if (codes->width == 12) return false;
    codes->width++;
    codes->limit = codes->width < 12 ? (1U << codes->width) - 1 : MW_LZW_STRINGS + 1;
    return true;
}

/* The code `next` is in the table now. Returns false when the table is full. */
static inline bool grow(struct codes *codes) {
    return ++codes->next < codes->limit || widen(codes);
}

/* Empties the table and returns the code behind the clear codes: a single byte, or the stream is not
 * plain. */
static inline unsigned restart(struct codes *codes) {
    unsigned code;
    codes->width = 9;
    codes->limit = 511;
    codes->next = FIRST;
    do code = next_code(codes);
    while (code == CLEAR);
    return code;
}

static bool begin(struct mw_lzw *lzw, struct codes *codes) {
    for (unsigned i = 0; lzw->strings[0] == 0 && i < 256; i++) lzw->bytes[i] = (unsigned char)i;
    for (unsigned i = 0; lzw->strings[0] == 0 && i < 256; i++) lzw->length[i] = 1;
    for (unsigned i = 256; lzw->strings[0] == 0 && i-- > 0;) lzw->strings[i] = LONGER + i;
    codes->width = 9;
    return next_code(codes) == CLEAR;
}

/* --- Decoding -------------------------------------------------------------------------------- */

/* Copies in steps of MW_LZW_ROOM bytes, more than is asked for: what is too much is overwritten by the
 * next string. Then the last byte once more, which may be the first one that was written. */
static inline void copy(unsigned char *out, const unsigned char *from, size_t size) {
    for (size_t i = 0; i < size; i += MW_LZW_ROOM) {
        unsigned char step[MW_LZW_ROOM];
        memcpy(step, from + i, MW_LZW_ROOM);
        memcpy(out + i, step, MW_LZW_ROOM);
    }
    out[size - 1] = from[size - 1];
}

/* Decodes up to the next clear code. Returns where it stopped, NULL when the stream is not plain. */
static unsigned char *decode_table(struct mw_lzw *lzw, struct codes *codes, unsigned char *out,
                                   const unsigned char *end) {
    unsigned code = restart(codes);
    if (code >= CLEAR) return NULL;
    *out = (unsigned char)code;
    const unsigned char *before = out++;
    uint32_t length = 1; /* of `before` */
    while (out < end) {
        lzw->table.string[codes->next] = before;
        lzw->length[codes->next] = length + 1;
        code = next_code(codes);
        if (code == CLEAR) return out;
        if (code > codes->next || !grow(codes)) return NULL;
        length = lzw->length[code];
        if (length == 0 || length > (size_t)(end - out)) return NULL;
        copy(out, lzw->table.string[code], length);
        before = out;
        out += length;
    }
    return out;
}

bool mw_lzw_decode(struct mw_lzw *lzw, const unsigned char *in, size_t length, unsigned char *out,
                   size_t size) {
    struct codes codes = {.in = in, .end = 8 * (uint64_t)length};
    const unsigned char *end = out + size;
    if (!begin(lzw, &codes)) return false;
    for (unsigned i = 0; i < 256; i++) lzw->table.string[i] = lzw->bytes + i;
    while (out && out < end) out = decode_table(lzw, &codes, out, end);
    return out != NULL;
}

/* --- Counting -------------------------------------------------------------------------------- */

/* A histogram does not need the strings. Let a code be used n times: then its last byte is in the output
 * n times more, and so is all that its prefix stands for. So only uses are counted, and when the table
 * is cleared they are pushed down, the youngest code first, since a prefix is older than its code:
 *
 *     uses[last byte] += n;  uses[prefix] += n;
 *
 * until only the single bytes are left. Example: 300 pixels of 7 are the codes 7, 258 = "7 7", 259 =
 * "7 7 7", ... up to 281, each once: 25 codes are looked at instead of 300 pixels. */
static void push_down(struct mw_lzw *lzw, unsigned next) {
    uint32_t *uses = lzw->table.code.uses;
    for (unsigned code = next; code-- > FIRST;) {
        uint32_t times = uses[code];
        uses[lzw->table.code.last[code]] += times;
        uses[lzw->table.code.prefix[code]] += times;
    }
}

/* Counts up to the next clear code, `*left` bytes at most. Returns false when the stream is not plain. The
 * codes are read from a copy, which stays in registers whatever is written to the table. */
static bool count_table(struct mw_lzw *lzw, struct codes *codes, size_t *left) {
    struct codes here = *codes;
    unsigned code = restart(&here);
    if (code >= CLEAR) return false;
    lzw->table.code.uses[code]++;
    uint32_t string = lzw->strings[code]; /* the one before */
    size_t room = *left - 1;
    while (room > 0) {
        unsigned next = here.next;
        lzw->strings[next] = string + LONGER;
        lzw->table.code.uses[next] = 0;
        lzw->table.code.prefix[next] = (uint16_t)code;
        code = next_code(&here);
        string = lzw->strings[code];
        size_t length = string / LONGER; /* 0: a clear or end */
        if (code > next || length - 1 >= room || !grow(&here)) {
            if (code == CLEAR) break;
            return false;
        }
        lzw->table.code.last[next] = (unsigned char)string;
        lzw->table.code.uses[code]++;
        room -= length;
    }
    push_down(lzw, here.next);
    *codes = here;
    *left = room;
    return true;
}

bool mw_lzw_count(struct mw_lzw *lzw, const unsigned char *in, size_t length, size_t size,
                  uint32_t sums[256]) {
    struct codes codes = {.in = in, .end = 8 * (uint64_t)length};
    bool plain = begin(lzw, &codes);
    memset(lzw->table.code.uses, 0, CLEAR * sizeof *lzw->table.code.uses);
    while (plain && size > 0) plain = count_table(lzw, &codes, &size);
    memcpy(sums, lzw->table.code.uses, 256 * sizeof *sums);
    return plain;
}
