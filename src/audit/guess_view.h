/* guess_view: what the rows of the table of guesses look at. For guess*.c only. */
#ifndef MW_AUDIT_GUESS_VIEW_H
#define MW_AUDIT_GUESS_VIEW_H

#include "audit/guess.h"

struct mw_view {
    const struct mw_inspection *facts;
    const struct mw_labels *labels; /* NULL: nothing was said */
    const struct mw_known_maps *maps;
    const struct mw_value **list; /* [count], by value: neither negative nor nodata */
    size_t count;
    size_t ids;        /* of these, those before the ones that look like void */
    uint64_t pixels;   /* of these */
    int64_t highest;   /* the last of these, or -1 */
    uint32_t bits;     /* of the widest layout */
    bool any_colour;   /* a mask has colours */
    bool all_colour;   /* all have */
    bool any_float;    /* a mask is in floating point */
    bool any_plural;   /* a mask has several values a pixel that are no colour */
    bool all_palette;  /* all have palettes */
    bool count_nodata; /* nodata is in the list after all */
};

/* Whether an encoding is what the masks hold; says in `guess` why, and what to do. A `guess` that is
 * turned down may be left half filled: it is emptied. */
typedef enum mw_status mw_guess_fits(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                     struct mw_error *err);

/* Rows for masks of one value a pixel. */
mw_guess_fits mw_fits_nothing, mw_fits_channels_last, mw_fits_planes, mw_fits_bands, mw_fits_binary,
    mw_fits_binary_high, mw_fits_blended, mw_fits_scaled, mw_fits_blended_tones,
    mw_fits_grey_colours, mw_fits_grey_picture, mw_fits_label_ids, mw_fits_instance_1000,
    mw_fits_instance_256, mw_fits_palette, mw_fits_from_one, mw_fits_void, mw_fits_instance_ids,
    mw_fits_one_more, mw_fits_index;
/* Rows for colours. */
mw_guess_fits mw_fits_mixed, mw_fits_known_colours, mw_fits_ade20k, mw_fits_blended_colours,
    mw_fits_colours, mw_fits_picture;

/* The number of the value in the list, or NULL. */
const struct mw_value *mw_view_find(const struct mw_view *view, int64_t value);

/* Whether classes were declared, and to these settings a value is a class or ignored. */
bool mw_view_knows(const struct mw_view *view, int64_t value);

/* Suggests to ignore a stored value, which --reduce-zero-label has lowered by one. Errors:
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_guess_ignore(const struct mw_view *view, struct mw_guess *guess,
                                             int64_t value, struct mw_error *err);

/* Takes over the settings of a known map, by colour or by value. False when it cannot be read so.
 * Free `labels` with mw_labels_free in any case. */
bool mw_known_map_read(const struct mw_known_map *known, bool by_colour, struct mw_labels *labels);

#endif
