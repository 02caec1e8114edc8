/* inspection: what masks hold, before anybody says what it means. Facts that merge, and nothing
 * else; audit/guess reads them. */
#ifndef MW_COUNT_INSPECTION_H
#define MW_COUNT_INSPECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "count/histogram.h"
#include "count/labels.h"
#include "count/values.h"
#include "read/format.h"

/* Distinct layouts, sizes and nodata values kept, each. */
enum { MW_KINDS_KEPT = 4096, MW_NODATA_TEXT = 32, MW_PALETTE_ENTRIES = 256 };

/* One kind of something, as a number, and how many masks are of it. */
struct mw_kind {
    int64_t key;
    uint64_t masks; /* at least 1 */
};

/* The least MW_KINDS_KEPT kinds of all that were added. Zeroed is empty. */
struct mw_kinds {
    struct mw_kind *list; /* [count], by key */
    size_t count;
    bool more; /* there were others */
};

/* How samples are stored, out of the key of a kind. */
struct mw_seen_layout {
    const struct mw_format *format;
    uint32_t bits;       /* of a sample, as it is counted */
    uint32_t float_bits; /* of a stored sample in floating point, else 0 */
    uint32_t channels;
    bool is_signed, is_colour, has_alpha, has_palette;
    bool is_plural; /* mw_layout_is_plural */
};
struct mw_seen_layout mw_seen_layout(int64_t key);

/* The key of a layout, without its format: that of the first one stands there. */
int64_t mw_layout_key(const struct mw_layout *layout);

/* A layout with that key. */
struct mw_layout mw_layout_of_key(int64_t key);

/* Appends how samples are stored, but for the format: "8-bit palette indices". */
void mw_seen_layout_describe(const struct mw_seen_layout *layout, struct mw_text *text);

/* Width and height in pixels, out of the key of a kind. */
struct mw_seen_size {
    uint32_t width, height;
};
struct mw_seen_size mw_seen_size(int64_t key);

/* The palette of the first mask that has one. */
struct mw_seen_palette {
    uint32_t colours[MW_PALETTE_ENTRIES]; /* 0xRRGGBB by index */
    uint32_t entries;                     /* 0: no mask has a palette */
    struct mw_mask_name *first;           /* or NULL */
    bool several;                         /* masks have different ones */
    /* Of all masks, by an index that pixels have: its least and largest colour, plus one; 0 when no
     * pixel has it. */
    uint32_t least[MW_PALETTE_ENTRIES], largest[MW_PALETTE_ENTRIES];
};

/* The first index that pixels have, and that has not the same colour in all masks; else
 * MW_PALETTE_ENTRIES. */
uint32_t mw_palette_conflict(const struct mw_seen_palette *palette);

/* Zeroed is empty. */
struct mw_inspection {
    uint64_t files;
    uint64_t masks;
    uint64_t pixels;
    uint64_t fewest_masks;  /* in a file, 0 without files */
    uint64_t most_masks;    /* in a file */
    uint64_t binary_masks;  /* of which every value is 0 or the largest, or 1 */
    uint64_t plane_files;   /* of several masks, all binary and of one size */
    uint64_t one_hot_files; /* those in which as many pixels are set as one plane has */
    bool partial;           /* other masks were counted: what occurs nowhere here may do so there */
    struct mw_kinds layouts, sizes, nodata;
    char nodata_text[MW_NODATA_TEXT]; /* the least text that INT32_MIN stands in for, or "" */
    struct mw_seen_palette palette;
    struct mw_values values;  /* all */
    struct mw_values unknown; /* of mw_inspection_add_unknown: those that are no class */
};

/* Adds one mask, complete in `histogram`. Errors: MW_OVERFLOW, MW_NO_MEMORY; `inspection` is then
 * unusable, here and below. */
MW_MUST_CHECK enum mw_status mw_inspection_add_mask(struct mw_inspection *inspection,
                                                    const struct mw_histogram *histogram,
                                                    const struct mw_format *format,
                                                    const char *path, uint32_t page,
                                                    struct mw_error *err);

/* The same for a mask that failed, and which of its values are no class to `labels`. */
MW_MUST_CHECK enum mw_status
mw_inspection_add_unknown(struct mw_inspection *inspection, const struct mw_histogram *histogram,
                          const struct mw_format *format, const struct mw_labels *labels,
                          const char *path, uint32_t page, struct mw_error *err);

/* The masks added so far to an inspection that was empty are those of one file. */
void mw_inspection_end_file(struct mw_inspection *inspection);

/* Adds all of `from`. Commutative and associative. */
MW_MUST_CHECK enum mw_status mw_inspection_merge(struct mw_inspection *into,
                                                 const struct mw_inspection *from,
                                                 struct mw_error *err);

void mw_inspection_free(struct mw_inspection *inspection);

#endif
