#include "read/png_rows.h"

#include <stdlib.h>
#include <string.h>

#include "read/png_unfilter.h"

uint64_t mw_png_row_bytes(const struct mw_layout *layout, uint32_t width) {
    return ((uint64_t)width * layout->channels * layout->bits + 7) / 8;
}

static void free_rows(struct mw_png_rows *rows) {
    free(rows->memory);
    free(rows->changes.positions);
    rows->memory = rows->above = rows->zeros = NULL;
    rows->changes.positions = NULL;
}

void mw_png_rows_free(struct mw_png_rows *rows) {
    free_rows(rows);
    mw_tally_free(&rows->tally);
    *rows = (struct mw_png_rows){0};
}

/* The longest row, in bytes, whose changes are listed: a list can be four times as large. */
enum { LONGEST = 1 << 20 };

static enum mw_status make_room(struct mw_png_rows *rows, size_t size, struct mw_error *err) {
    if (rows->memory && size <= rows->capacity) return MW_OK;
    size_t listed = size < LONGEST ? size : LONGEST;
    free_rows(rows);
    rows->capacity = size;
    rows->memory = calloc(1, 1 + size + MW_KERNEL_ROOM + 1 + listed + MW_KERNEL_ROOM);
    rows->changes.positions = malloc((listed + MW_KERNEL_ROOM) * sizeof *rows->changes.positions);
    if (rows->memory && rows->changes.positions) {
        rows->above = rows->memory + 1;
        rows->zeros = rows->above + size + MW_KERNEL_ROOM + 1;
        return MW_OK;
    }
    free_rows(rows);
    return mw_error_memory(err);
}

/* Bins of the tally that the layout needs; 0: it counts colours. */
static size_t dense_values(const struct mw_layout *layout) {
    return layout->is_colour ? 0 : layout->bits == 16 ? MW_TALLY_DENSE : MW_CHANGES_LOST + 256;
}

enum mw_status mw_png_rows_begin(struct mw_png_rows *rows, const struct mw_layout *layout,
                                 const struct mw_limits *limits, const struct mw_sink *sink,
                                 struct mw_error *err) {
    rows->sink = sink;
    rows->layout = *layout;
    rows->step = layout->bits < 8 ? 1 : (size_t)layout->channels * layout->bits / 8;
    rows->changes.kernels = limits->kernels ? limits->kernels : mw_kernels_best();
    rows->changes.tally = &rows->tally;
    rows->changes.adler = mw_adler_start();
    enum mw_status status = make_room(rows, (size_t)mw_png_row_bytes(layout, layout->width), err);
    return status ? status
                  : mw_tally_begin(&rows->tally, dense_values(layout), limits->max_values, err);
}

void mw_png_rows_pass(struct mw_png_rows *rows, uint32_t width) {
    rows->width = width;
    rows->size = (size_t)mw_png_row_bytes(&rows->layout, width);
    memset(rows->above, 0, rows->size + MW_KERNEL_ROOM);
}

/* Whether changes can be counted: values and colours of one to three bytes, and packed values when no
 * byte is partly filled; in rows that are not too long. */
bool mw_png_rows_have_changes(const struct mw_png_rows *rows) {
    const struct mw_layout *layout = &rows->layout;
    if (rows->size > LONGEST) return false;
    if (layout->bits < 8) return (uint64_t)rows->width * layout->bits % 8 == 0;
    return !layout->has_alpha && rows->step <= 3;
}

/* Unfilters the rows in place and hands over their pixels. Returns the last row. */
static unsigned char *hand_over(struct mw_png_rows *rows, unsigned char *filtered, size_t count) {
    unsigned char *above = rows->above;
    mw_adler_add_bytes(&rows->changes.adler, filtered, count * (rows->size + 1));
    mw_adler_reduce(&rows->changes.adler);
    for (size_t y = 0; y < count; y++) {
        unsigned char *row = filtered + y * (rows->size + 1) + 1;
        mw_png_unfilter(row[-1], row, above, rows->size, rows->step);
        rows->sink->pixels(rows->sink->context, row, rows->width);
        above = row;
    }
    return above;
}

static enum mw_status check_filters(const struct mw_png_rows *rows, const unsigned char *filtered,
                                    size_t count, struct mw_error *err) {
    for (size_t y = 0; y < count; y++) {
        unsigned filter = filtered[y * (rows->size + 1)];
        if (filter >= MW_PNG_FILTERS)
            return mw_error_set(err, MW_BROKEN, "damaged image data: there is no filter %u",
                                filter);
    }
    return MW_OK;
}

enum mw_status mw_png_rows_count(struct mw_png_rows *rows, unsigned char *filtered, size_t count,
                                 struct mw_error *err) {
    enum mw_status status = check_filters(rows, filtered, count, err);
    if (status || count == 0) return status;
    unsigned char *last =
        mw_png_rows_have_changes(rows)
            ? mw_changes_count(&rows->changes, rows->step, rows->size, rows->above, filtered, count)
            : hand_over(rows, filtered, count);
    if (last != rows->above) memcpy(rows->above, last, rows->size);
    return mw_tally_check(&rows->tally, err);
}

enum mw_status mw_png_rows_count_edges(struct mw_png_rows *rows, const struct mw_edges *edges,
                                       uint32_t start, size_t count, struct mw_error *err) {
    if (!mw_changes_count_edges(&rows->changes, rows->step, rows->size, rows->above, rows->zeros,
                                edges, start, count))
        return mw_error_set(err, MW_BROKEN, "damaged image data: there is no such filter");
    return mw_tally_check(&rows->tally, err);
}

uint32_t mw_png_rows_adler(struct mw_png_rows *rows) {
    return mw_adler_reduce(&rows->changes.adler);
}

/* --- Handing over what was counted ------------------------------------------------------------ */

/* Adds to the sums of 256 bytes what they lost, which is summed up apart. */
static void add_lost(uint64_t *sums) {
    for (size_t byte = 0; byte < 256; byte++) sums[byte] += sums[MW_CHANGES_LOST + byte];
}

/* A byte of packed samples stands for each of them. */
static void spread_packed(uint64_t sums[256], unsigned bits) {
    uint64_t samples[16] = {0};
    for (unsigned byte = 0; byte < 256; byte++)
        for (unsigned shift = 0; shift < 8 && sums[byte]; shift += bits)
            samples[byte >> shift & ((1U << bits) - 1)] += sums[byte];
    memset(sums, 0, 256 * sizeof *sums);
    memcpy(sums, samples, sizeof samples);
}

void mw_png_rows_end(struct mw_png_rows *rows) {
    const struct mw_layout *layout = &rows->layout;
    size_t dense = dense_values(layout);
    if (layout->bits <= 8 && !layout->is_colour) {
        dense = 256;
        add_lost(rows->tally.dense);
    }
    if (layout->bits < 8) spread_packed(rows->tally.dense, layout->bits);
    mw_tally_send(&rows->tally, dense, rows->sink);
}
