/* Blocks are read in spans (tiff_spans), decoded (tiff_deflate, lzw, packbits) and counted run by run
 * (runs).
 *
 * - What is uncompressed is counted where it was read.
 * - LZW of single bytes is counted without being decoded (lzw).
 * - Short blocks that come again are counted once (tiff_repeats). */
#include "read/tiff_blocks.h"

#include <stdlib.h>
#include <string.h>
#include <tiff.h>

#include "read/packbits.h"
#include "read/tiff_deflate.h"

/* --- Memory ---------------------------------------------------------------------------------- */

void mw_tiff_counter_free(struct mw_tiff_counter *counter) {
    mw_tiff_spans_free(&counter->spans);
    mw_inflater_free(&counter->inflater);
    mw_edges_free(&counter->edges);
    mw_tally_free(&counter->tally);
    free(counter->decoded.bytes);
}

/* Bins of the tally for pixels of `size` bytes; 0: it takes them for colours. */
static size_t dense_values(size_t size) {
    return size > 2 ? 0 : size == 2 ? MW_TALLY_DENSE : 256;
}

enum mw_status mw_tiff_counter_begin(struct mw_tiff_counter *counter,
                                     const struct mw_tiff_code *code, struct mw_input *input,
                                     struct mw_error *err) {
    counter->code = code;
    counter->input = input;
    counter->runs =
        (struct mw_runs){code->kernels, &counter->tally, counter->positions, code->pixel};
    memset(counter->partial, 0, sizeof counter->partial);
    memset(counter->repeats.list, 0, sizeof counter->repeats.list);
    mw_tiff_spans_begin(&counter->spans);
    return mw_tally_begin(&counter->tally, dense_values(code->pixel.size), code->max_values, err);
}

/* --- Counting -------------------------------------------------------------------------------- */

/* Bytes of the whole pixels of a row, of packed ones without the last byte if it is not full. */
static size_t used_bytes(const struct mw_tiff_code *code, uint32_t width) {
    return code->per_byte > 1 ? width / code->per_byte : width * code->pixel.size;
}

static void count_bytes(const struct mw_tiff_counter *counter, const unsigned char *bytes,
                        size_t size, size_t row, uint64_t times) {
    if (size == 0) return;
    if (counter->code->differences) mw_runs_differences(&counter->runs, bytes, size, row, times);
    else mw_runs_values(&counter->runs, bytes, size, times);
}

/* Rows that are used whole are one long row. */
static void count_rows(struct mw_tiff_counter *counter, const struct mw_tiff_block *block,
                       const unsigned char *bytes, uint64_t times) {
    const struct mw_tiff_code *code = counter->code;
    size_t row = code->row_bytes, used = used_bytes(code, block->width);
    if (used == row) {
        count_bytes(counter, bytes, row * block->height, row, times);
        return;
    }
    for (uint32_t y = 0; y < block->height; y++, bytes += row) {
        count_bytes(counter, bytes, used, used, times);
        if (block->width % code->per_byte) counter->partial[bytes[used]] += times;
    }
}

/* Bytes need not be written to be counted when a pixel is a byte, as it is, and all of them count. */
static bool counts_bytes(const struct mw_tiff_code *code, const struct mw_tiff_block *block) {
    return !code->differences && code->pixel.size == 1 && block->width % code->per_byte == 0 &&
           used_bytes(code, block->width) == code->row_bytes &&
           block->height * code->row_bytes == block->size;
}

static bool count_codes(struct mw_tiff_counter *counter, const struct mw_tiff_block *block,
                        const unsigned char *in, uint64_t times) {
    uint32_t sums[256];
    if (!mw_lzw_count(&counter->lzw, in, block->length, block->size, sums)) return false;
    for (unsigned i = 0; i < 256; i++) counter->tally.dense[i] += sums[i] * times;
    return true;
}

/* --- Decoding -------------------------------------------------------------------------------- */

static enum mw_status decode(struct mw_tiff_counter *counter, const struct mw_tiff_block *block,
                             const unsigned char *in, bool *plain, struct mw_error *err) {
    enum mw_status status = mw_inflate_reserve(&counter->decoded, block->size, 0, err);
    if (status) return status;
    unsigned char *out = counter->decoded.bytes;
    if (counter->code->compression == COMPRESSION_LZW)
        *plain = mw_lzw_decode(&counter->lzw, in, block->length, out, block->size);
    else if (counter->code->compression == COMPRESSION_PACKBITS)
        *plain = mw_packbits_decode(in, block->length, out, block->size);
    else status = mw_tiff_inflate(&counter->inflater, in, block->length, out, block->size, err);
    return status;
}

/* Whether a Deflate block is so flat that its edges are less work than its bytes. */
static bool is_flat(const struct mw_tiff_code *code, const struct mw_tiff_block *block) {
    return mw_tiff_is_deflate(code->compression) &&
           block->size >= (uint64_t)code->flat_from * block->length;
}

/* Counts a block that is not *plain not at all. */
static enum mw_status count_compressed(struct mw_tiff_counter *counter,
                                       const struct mw_tiff_block *block, const unsigned char *in,
                                       uint64_t times, bool *plain, struct mw_error *err) {
    bool is_lzw = counter->code->compression == COMPRESSION_LZW;
    if (counts_bytes(counter->code, block) && is_lzw) {
        *plain = count_codes(counter, block, in, times);
        return MW_OK;
    }
    if (counts_bytes(counter->code, block) && is_flat(counter->code, block) &&
        mw_tiff_count_edges(&counter->edges, in, block->length, block->size, times,
                            counter->tally.dense))
        return MW_OK;
    enum mw_status status = decode(counter, block, in, plain, err);
    if (!status && *plain) count_rows(counter, block, counter->decoded.bytes, times);
    return status;
}

/* Counts what came again of the block at a place. It was plain the first time. */
static enum mw_status count_repeats(struct mw_tiff_counter *counter, size_t place,
                                    struct mw_error *err) {
    struct mw_tiff_repeat *repeat = &counter->repeats.list[place];
    uint64_t times = repeat->times;
    bool plain = true;
    repeat->times = 0;
    if (times == 0) return MW_OK;
    return count_compressed(counter, &repeat->block,
                            mw_tiff_repeats_bytes(&counter->repeats, place), times, &plain, err);
}

/* A block is counted when it comes first, so that what is wrong with it is found in order. */
static enum mw_status count_short(struct mw_tiff_counter *counter,
                                  const struct mw_tiff_block *block, const unsigned char *in,
                                  bool *plain, struct mw_error *err) {
    size_t place = mw_tiff_repeats_place(in, block->length);
    if (mw_tiff_repeats_equal(&counter->repeats, place, block, in)) {
        counter->repeats.list[place].times++;
        return MW_OK;
    }
    enum mw_status status = count_compressed(counter, block, in, 1, plain, err);
    if (!status && *plain) status = count_repeats(counter, place, err);
    if (!status && *plain) mw_tiff_repeats_keep(&counter->repeats, place, block, in);
    return status;
}

enum mw_status mw_tiff_counter_add(struct mw_tiff_counter *counter,
                                   const struct mw_tiff_block *block, uint64_t ahead, bool *plain,
                                   struct mw_error *err) {
    const unsigned char *in;
    *plain = true;
    enum mw_status status = mw_tiff_spans_get(&counter->spans, counter->input, block->offset,
                                              block->length, ahead, &in, err);
    if (status) return status;
    if (counter->code->compression == COMPRESSION_NONE) {
        count_rows(counter, block, in, 1);
        return MW_OK;
    }
    return block->length <= MW_REPEAT_BYTES ? count_short(counter, block, in, plain, err)
                                            : count_compressed(counter, block, in, 1, plain, err);
}

/* --- Sums ------------------------------------------------------------------------------------ */

enum mw_status mw_tiff_counter_end(struct mw_tiff_counter *counter, struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t place = 0; place < MW_REPEATS && !status; place++)
        status = count_repeats(counter, place, err);
    return status;
}

void mw_tiff_counter_merge(struct mw_tiff_counter *into, const struct mw_tiff_counter *from) {
    mw_tally_merge(&into->tally, &from->tally, dense_values(into->code->pixel.size));
    for (size_t i = 0; i < 256; i++) into->partial[i] += from->partial[i];
}

/* A byte of packed pixels stands for each of them; the last byte of a row for its first ones. */
static void send_packed(const struct mw_tiff_counter *counter, const struct mw_sink *sink) {
    const struct mw_tiff_code *code = counter->code;
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned i = 0; i < code->per_byte; i++) {
            uint32_t value = byte >> (8 - code->bits - i * code->bits) & ((1U << code->bits) - 1);
            uint64_t pixels = counter->tally.dense[byte] +
                              (i < code->last ? counter->partial[byte] : 0);
            if (pixels) sink->run(sink->context, value, pixels);
        }
}

enum mw_status mw_tiff_counter_send(const struct mw_tiff_counter *counter,
                                    const struct mw_sink *sink, struct mw_error *err) {
    enum mw_status status = mw_tally_check(&counter->tally, err);
    if (status) return status;
    if (counter->code->per_byte > 1) send_packed(counter, sink);
    else mw_tally_send(&counter->tally, dense_values(counter->code->pixel.size), sink);
    return MW_OK;
}
