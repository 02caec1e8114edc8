#include "read/tiff_grid.h"

static enum mw_status impossible(struct mw_tiff_reader *reader) {
    return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: impossible size");
}

static uint32_t steps(uint32_t length, uint32_t step) {
    return (length - 1) / step + 1;
}

static void read_tiles(TIFF *tiff, struct mw_tiff_grid *grid) {
    mw_tiff.GetField(tiff, TIFFTAG_TILEWIDTH, &grid->width);
    mw_tiff.GetField(tiff, TIFFTAG_TILELENGTH, &grid->height);
    grid->row_bytes = mw_tiff.TileRowSize64(tiff);
    grid->size = mw_tiff.TileSize64(tiff);
}

static void read_strips(TIFF *tiff, const struct mw_layout *layout, struct mw_tiff_grid *grid) {
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &grid->height);
    if (grid->height == 0 || grid->height > layout->height) grid->height = layout->height;
    grid->width = layout->width;
    grid->row_bytes = mw_tiff.ScanlineSize64(tiff);
    grid->size = mw_tiff.VStripSize64(tiff, grid->height);
}

enum mw_status mw_tiff_grid_read(struct mw_tiff_reader *reader) {
    const struct mw_layout *layout = &reader->page.layout;
    struct mw_tiff_grid *grid = &reader->grid;
    *grid = (struct mw_tiff_grid){.tiled = mw_tiff.IsTiled(reader->tiff)};
    if (grid->tiled) read_tiles(reader->tiff, grid);
    else read_strips(reader->tiff, layout, grid);
    if (grid->width == 0 || grid->height == 0 || grid->row_bytes == 0) return impossible(reader);
    if (grid->tiled && grid->size == 0) return impossible(reader);
    uint64_t down = steps(layout->height, grid->height);
    grid->across = steps(layout->width, grid->width);
    if (down * grid->across > UINT32_MAX) return impossible(reader);
    grid->count = (uint32_t)(down * grid->across);
    return MW_OK;
}

struct mw_tiff_region mw_tiff_grid_region(const struct mw_tiff_reader *reader, uint32_t index) {
    const struct mw_layout *layout = &reader->page.layout;
    const struct mw_tiff_grid *grid = &reader->grid;
    struct mw_tiff_region region = {index % grid->across * grid->width,
                                    index / grid->across * grid->height, grid->width, grid->height};
    if (layout->width - region.x < region.width) region.width = layout->width - region.x;
    if (layout->height - region.y < region.height) region.height = layout->height - region.y;
    return region;
}

uint64_t mw_tiff_grid_bytes(const struct mw_tiff_grid *grid, const struct mw_tiff_region *region) {
    return grid->tiled ? grid->size : region->height * grid->row_bytes;
}

/* --- Sparse files ---------------------------------------------------------------------------- */

/* An integer of the file as its header says: 2, 4 or 8 bytes. */
static uint64_t stored_integer(const struct mw_tiff_reader *reader, const uint8_t *bytes,
                               int size) {
    uint64_t value = 0;
    for (int i = 0; i < size; i++)
        value = value << 8 | bytes[mw_tiff.IsBigEndian(reader->tiff) ? i : size - 1 - i];
    return value;
}

/* Bytes of a value of a type; 0 where it is none that writers give to what is looked for here. */
static int size_of(uint64_t type) {
    return type == TIFF_SHORT ? 2 : type == TIFF_LONG ? 4 : type == TIFF_LONG8 ? 8 : 0;
}

/* Finds what the directory at hand stores under a tag: *count values, 0 without the tag, and *first, if it is
 * the only one. False when it cannot be read. */
static bool find_stored(const struct mw_tiff_reader *reader, uint16_t tag, uint64_t *count,
                        uint64_t *first) {
    bool big = mw_tiff.IsBigTIFF(reader->tiff);
    int head_size = big ? 8 : 2, entry_size = big ? 20 : 12, word = big ? 8 : 4;
    uint64_t offset = mw_tiff.CurrentDirOffset(reader->tiff);
    uint8_t entry[20];
    struct mw_error ignored;
    *count = *first = 0;
    if (mw_input_read(reader->client.input, offset, entry, (size_t)head_size, &ignored))
        return false;
    uint64_t entries = stored_integer(reader, entry, head_size);
    offset += (uint64_t)head_size;
    for (uint64_t i = 0; i < entries; i++, offset += (uint64_t)entry_size) {
        if (mw_input_read(reader->client.input, offset, entry, (size_t)entry_size, &ignored))
            return false;
        if (stored_integer(reader, entry, 2) != tag) continue;
        int size = size_of(stored_integer(reader, entry + 2, 2));
        *count = stored_integer(reader, entry + 4, word);
        *first = stored_integer(reader, entry + 4 + word, size);
        return true;
    }
    return true;
}

/* Of an uncompressed page in one strip libtiff makes many small ones, so that it need not hold the whole.
 * The lists of such a file have one value each; it may name no place, as GDAL writes it. */
static bool is_one_sparse_strip(const struct mw_tiff_reader *reader) {
    uint64_t count, height;
    if (reader->grid.tiled || reader->page.planes > 1) return false;
    if (mw_tiff.GetStrileOffset(reader->tiff, 0) != 0) return false;
    return find_stored(reader, TIFFTAG_ROWSPERSTRIP, &count, &height) &&
           (count == 0 || height >= reader->page.layout.height);
}

/* Whether a list has fewer values than there are blocks: libtiff fills it with zeros and says nothing. */
static bool is_short(const struct mw_tiff_reader *reader, uint16_t tag, uint64_t wanted) {
    uint64_t count, first;
    return !find_stored(reader, tag, &count, &first) || count < wanted;
}

static bool lists_are_short(const struct mw_tiff_reader *reader) {
    bool tiled = reader->grid.tiled;
    uint32_t wanted = tiled ? mw_tiff.NumberOfTiles(reader->tiff)
                            : mw_tiff.NumberOfStrips(reader->tiff);
    if (is_one_sparse_strip(reader)) wanted = 1;
    return is_short(reader, tiled ? TIFFTAG_TILEOFFSETS : TIFFTAG_STRIPOFFSETS, wanted) ||
           is_short(reader, tiled ? TIFFTAG_TILEBYTECOUNTS : TIFFTAG_STRIPBYTECOUNTS, wanted);
}

enum mw_status mw_tiff_grid_sparse(struct mw_tiff_reader *reader, uint32_t index, bool *sparse) {
    const char *blocks = reader->grid.tiled ? "tiles" : "strips";
    *sparse = false;
    if (mw_tiff.GetStrileOffset(reader->tiff, index) != 0) return MW_OK;
    if (!reader->grid.lists_checked && lists_are_short(reader))
        return mw_error_set(reader->err, MW_BROKEN, "damaged TIFF: the list of %s is too short",
                            blocks);
    reader->grid.lists_checked = true;
    *sparse = mw_tiff.GetStrileByteCount(reader->tiff, index) == 0;
    if (*sparse) return MW_OK;
    return mw_error_set(reader->err, MW_BROKEN,
                        "damaged TIFF: the list of %s names no place for one", blocks);
}

uint32_t mw_tiff_grid_fill(const struct mw_layout *layout) {
    if (layout->is_colour) return layout->has_nodata ? (uint32_t)layout->nodata : 0;
    uint64_t mask = (UINT64_C(1) << layout->bits) - 1;
    return layout->has_nodata ? (uint32_t)((uint64_t)layout->nodata & mask) : 0;
}
