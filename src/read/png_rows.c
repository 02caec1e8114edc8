#include "read/png_rows.h"

#include <stdlib.h>
#include <string.h>

#include "read/png_unfilter.h"

uint64_t mw_png_row_bytes(const struct mw_layout *layout, uint32_t width) {
    return ((uint64_t)width * layout->channels * layout->bits + 7) / 8;
}

void mw_png_rows_free(struct mw_png_rows *rows) {
    free(rows->above);
    *rows = (struct mw_png_rows){0};
}

static enum mw_status make_room(struct mw_png_rows *rows, size_t size, struct mw_error *err) {
    if (size <= rows->capacity) return MW_OK;
    free(rows->above);
    rows->capacity = 0;
    if (!(rows->above = calloc(1, size + 2 * MW_PNG_ROOM))) return mw_error_memory(err);
    rows->capacity = size;
    return MW_OK;
}

enum mw_status mw_png_rows_begin(struct mw_png_rows *rows, const struct mw_layout *layout,
                                 const struct mw_limits *limits, const struct mw_sink *sink,
                                 struct mw_error *err) {
    (void)limits;
    rows->sink = sink;
    rows->layout = *layout;
    rows->step = layout->bits < 8 ? 1 : (size_t)layout->channels * layout->bits / 8;
    return make_room(rows, (size_t)mw_png_row_bytes(layout, layout->width), err);
}

void mw_png_rows_pass(struct mw_png_rows *rows, uint32_t width) {
    rows->width = width;
    rows->size = (size_t)mw_png_row_bytes(&rows->layout, width);
    memset(rows->above, 0, rows->size + 2 * MW_PNG_ROOM);
}

static enum mw_status no_such_filter(unsigned filter, struct mw_error *err) {
    return mw_error_set(err, MW_BROKEN, "damaged image data: there is no filter %u", filter);
}

enum mw_status mw_png_rows_count(struct mw_png_rows *rows, unsigned char *filtered, size_t count,
                                 struct mw_error *err) {
    const unsigned char *above = rows->above + MW_PNG_ROOM;
    for (size_t y = 0; y < count; y++) {
        unsigned char *row = filtered + y * (rows->size + 1) + 1;
        if (row[-1] >= MW_PNG_FILTERS) return no_such_filter(row[-1], err);
        mw_png_unfilter(row[-1], row, above, rows->size, rows->step);
        rows->sink->pixels(rows->sink->context, row, rows->width);
        above = row;
    }
    memmove(rows->above + MW_PNG_ROOM, above, rows->size);
    return MW_OK;
}

enum mw_status mw_png_rows_end(struct mw_png_rows *rows, struct mw_error *err) {
    (void)rows;
    (void)err;
    return MW_OK;
}
