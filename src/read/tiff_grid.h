/* tiff_grid: one TIFF while it is read, and the strips or tiles that its pixels are stored in. */
#ifndef MW_READ_TIFF_GRID_H
#define MW_READ_TIFF_GRID_H

#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

#include "read/tiff_client.h"
#include "read/tiff_page.h"

/* The blocks, that is strips or tiles, of a page, row by row of blocks. Of separate planes each has
 * these, one plane behind the other. */
struct mw_tiff_grid {
    bool tiled;
    uint32_t width, height; /* of a block, pixels; the last strip may be lower */
    uint32_t across, count; /* blocks in a row of blocks; in a plane */
    uint64_t row_bytes;     /* of a decoded block's row; of one plane */
    uint64_t size;          /* bytes of a decoded block; 0: more than fit an integer */
    bool lists_checked;     /* the page's lists of strips or tiles are complete */
};

/* A rectangle of the mask: a block without what reaches over the edges. */
struct mw_tiff_region {
    uint32_t x, y, width, height; /* pixels */
};

struct mw_tiff_reader {
    struct mw_tiff_client client;
    const struct mw_sink *sink;
    struct mw_error *err;
    TIFF *tiff;
    struct mw_tiff_page page; /* the page at hand */
    struct mw_tiff_grid grid; /* its blocks */
    unsigned char *buffer; /* a strip, row or tile of libtiff; of separate planes, of each plane */
    uint64_t buffer_size;  /* bytes */
    unsigned char *joined; /* one row of whole pixels, where those in `buffer` are not */
    uint64_t joined_size;  /* bytes */
};

/* Finds out how the page at hand is stored; its layout is known. Errors: MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_tiff_grid_read(struct mw_tiff_reader *reader);

/* The part of the mask that block `index` of a plane holds. */
struct mw_tiff_region mw_tiff_grid_region(const struct mw_tiff_reader *reader, uint32_t index);

/* The bytes of a decoded block: a tile has all of its rows, a strip those of the region. */
uint64_t mw_tiff_grid_bytes(const struct mw_tiff_grid *grid, const struct mw_tiff_region *region);

/* Whether block `index` of all planes is left out of the file, as GDAL does in sparse ones. A list of
 * blocks that is too short looks alike and is an error. Errors: MW_BROKEN. */
MW_MUST_CHECK enum mw_status mw_tiff_grid_sparse(struct mw_tiff_reader *reader, uint32_t index,
                                                 bool *sparse);

/* The pattern of the pixels that a sparse file leaves out, as mw_sink.run takes it: nodata, else 0. */
uint32_t mw_tiff_grid_fill(const struct mw_layout *layout);

#endif
