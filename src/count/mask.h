/* mask: one label image, counted and labelled: its histogram as the settings read it. */
#ifndef MW_COUNT_MASK_H
#define MW_COUNT_MASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "count/histogram.h"
#include "count/labels.h"
#include "read/format.h"

/* Unknown values that a mask remembers to name them. */
enum { MW_UNKNOWN_SHOWN = 5 };

struct mw_class_pixels {
    uint32_t id;     /* class */
    uint64_t pixels; /* that carry it: at least 1, but in a plane */
    /* Of a plane only: */
    uint64_t valid_pixels;   /* that say yes or no to the class */
    uint64_t ignored_pixels; /* left out */
};

struct mw_unknown_value {
    int64_t value;   /* as stored */
    uint64_t pixels; /* at least 1 */
    bool found;      /* whether x and y are known */
    uint32_t x, y;   /* column and row of its first pixel in reading order */
};

/* Zeroed is empty; reused for one mask after the other. */
struct mw_mask {
    struct mw_layout layout;         /* of the page at hand */
    bool multi_label;                /* `classes` are planes: those of every page */
    struct mw_class_pixels *classes; /* [count], by id */
    size_t count;
    size_t capacity;
    uint64_t pixels;         /* that carry a class; of planes, that say yes or no, in all of them */
    uint64_t ignored_pixels; /* left out by --ignore-index or --reduce-zero-label; in all planes */
    uint64_t unknown_pixels; /* whose value is no class; in all planes */
    /* Of the mask, or of the plane at hand: */
    struct mw_unknown_value unknown[MW_UNKNOWN_SHOWN]; /* those with the most pixels come first */
    uint64_t unknown_values;                           /* how many distinct ones there are */
    bool looks_lossy;                                  /* MW_LOOKS_LOSSY */
    bool nodata_ignored;                               /* MW_NODATA_IGNORED */
};

/* What a stored value says in a mask of this layout. `by_colour`: a colour, 0xRRGGBB, by way of the
 * palette where there is one; a grey is the colour of three equal components; -1 for an index beyond
 * the palette. Else the value itself. */
int64_t mw_mask_value(const struct mw_layout *layout, bool by_colour, int64_t value);

/* Refuses a layout that the encoding cannot read: colours where ids are wanted, or the reverse; and a
 * nodata value that is also a class. Errors: MW_REFUSED. */
MW_MUST_CHECK enum mw_status mw_mask_check_layout(const struct mw_layout *layout,
                                                  const struct mw_labels *labels,
                                                  struct mw_error *err);

/* Empties the mask for one of this layout, and adds a class to it, the least id first: for those that were
 * labelled before. Errors: MW_NO_MEMORY. */
void mw_mask_begin(struct mw_mask *mask, const struct mw_layout *layout, bool multi_label);
MW_MUST_CHECK enum mw_status mw_mask_add_class(struct mw_mask *mask, struct mw_class_pixels entry,
                                               struct mw_error *err);

/* Begins a mask of planes: empties it. */
void mw_mask_begin_planes(struct mw_mask *mask);

/* Adds the next plane of a mask of planes, from its complete histogram. Planes stand for the classes
 * in order of id. Errors: MW_LABEL (there are more planes than declared classes; 1 and another value
 * that means yes in one plane), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_mask_add_plane(struct mw_mask *mask,
                                               const struct mw_histogram *histogram,
                                               const struct mw_labels *labels,
                                               struct mw_error *err);

/* Fills `mask` from a complete histogram. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_mask_label(struct mw_mask *mask,
                                           const struct mw_histogram *histogram,
                                           const struct mw_labels *labels, struct mw_error *err);

/* Whether pixels of the mask carry a class, or say yes or no, and none carries a class that is not
 * background. */
bool mw_mask_is_empty(const struct mw_mask *mask, const struct mw_labels *labels);

/* Of all pixels of the mask, those that are left out by the label settings; 0 to 1. */
double mw_mask_ignored_share(const struct mw_mask *mask);

/* Finds the first place of each remembered unknown value by decoding the file again. `page` is
 * mw_layout.page; `channel` that of the sample in a pixel, of planes. What cannot
 * be found stays unfound. */
void mw_mask_locate_unknown(struct mw_mask *mask, struct mw_input *input,
                            const struct mw_format *format, const struct mw_limits *limits,
                            const struct mw_labels *labels, uint32_t page, uint32_t channel);

/* Appends the unknown values, their pixels and places: "value 9 is no class (0 to 3): 1 pixel". */
void mw_mask_describe_unknown(const struct mw_mask *mask, const struct mw_labels *labels,
                              struct mw_text *text);

/* Sets `err` to the same, and what to do. Returns MW_LABEL. */
enum mw_status mw_mask_refuse_unknown(const struct mw_mask *mask, const struct mw_labels *labels,
                                      struct mw_error *err);

/* Whether pixels by 8-bit value are those of two classes that went through JPEG or a smooth resize:
 * most are near 0 or near 255, more near 255 than between, with many other values, and several of
 * them just below 255. */
bool mw_looks_lossy(const uint64_t pixels_of[256]);

void mw_mask_free(struct mw_mask *mask);

#endif
