#include "read/png_edges.h"

#include "read/inflate.h"

enum {
    BLOCK = 256 * 1024, /* bytes of rows at a time, unless a row is longer: what a cache holds */
    DENSE = 8,          /* bytes for an edge, below which there are too many */
    SLACK = 1024,       /* more than a token makes, and what is left of 64 bytes */
};

/* The rows of an image, as positions of a list of edges. */
struct progress {
    uint32_t stride; /* bytes of a row, its filter included */
    uint32_t most;   /* rows at a time */
    uint32_t left;   /* rows */
    uint32_t start;  /* position of the next one */
};

static enum mw_status give_up(struct mw_error *err) {
    return mw_error_set(err, MW_BROKEN, "damaged image data: not to be had by its edges");
}

/* Counts the rows that are complete in the list, and forgets them. */
static enum mw_status count_rows(struct mw_png_rows *rows, struct mw_edges *edges,
                                 struct progress *progress, struct mw_error *err) {
    uint32_t complete = (edges->made - progress->start) / progress->stride;
    if (complete == 0 || edges->count > SLACK + edges->made / DENSE) return give_up(err);
    if (complete > progress->most) complete = progress->most;
    if (complete > progress->left) complete = progress->left;
    enum mw_status status = mw_png_rows_count_edges(rows, edges, progress->start, complete, err);
    if (status) return status;
    progress->left -= complete;
    progress->start += complete * progress->stride;
    progress->start -= mw_edges_forget(edges, progress->start);
    return MW_OK;
}

/* Nothing more may be made, and the checksum has to be right. */
static enum mw_status end(struct mw_png_rows *rows, struct mw_edges *edges, uint32_t start,
                          struct mw_error *err) {
    uint32_t adler;
    enum mw_status status = mw_edges_next(edges, start + 1, err);
    if (status) return status;
    if (edges->made != start) return give_up(err);
    if ((status = mw_edges_end(edges, &adler, err))) return status;
    return mw_inflate_check(adler, mw_png_rows_adler(rows), err);
}

static enum mw_status next_bytes(void *context, unsigned char *out, size_t room, size_t *got,
                                 struct mw_error *err) {
    return mw_png_data(context, out, room, got, err);
}

enum mw_status mw_png_count_edges(struct mw_png *png, struct mw_png_rows *rows,
                                  struct mw_edges *edges, struct mw_error *err) {
    const struct mw_edges_source source = {png, next_bytes};
    struct progress progress = {.stride = (uint32_t)rows->size + 1, .left = png->height};
    progress.most = progress.stride < BLOCK ? BLOCK / progress.stride : 1;
    if (progress.most > MW_CHANGES_EDGE_ROWS) progress.most = MW_CHANGES_EDGE_ROWS;
    uint32_t room = MW_EDGES_WINDOW + SLACK + (progress.most + 1) * progress.stride;
    enum mw_status status = mw_edges_begin(edges, room, &source, err);
    while (!status && progress.left > 0) {
        uint32_t rows_wanted = progress.left < progress.most ? progress.left : progress.most;
        status = mw_edges_next(edges, progress.start + rows_wanted * progress.stride, err);
        if (!status) status = count_rows(rows, edges, &progress, err);
    }
    return status ? status : end(rows, edges, progress.start, err);
}
