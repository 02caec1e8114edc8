/* Guesses about several values a pixel, side by side or one page behind the other. */
#include <inttypes.h>
#include <string.h>

#include "audit/guess_view.h"

/* The last dimension of such an array is rather that of channels than the width of a mask. */
enum { MOST_CHANNELS = 64, LEAST_RATIO = 4 };

/* All arrays are far larger in the first two dimensions than in the last. */
static bool is_channels_last(const struct mw_inspection *facts) {
    const struct mw_kinds *layouts = &facts->layouts, *sizes = &facts->sizes;
    for (size_t i = 0; i < layouts->count; i++)
        if (!mw_seen_layout(layouts->list[i].key).format->is_array) return false;
    for (size_t i = 0; i < sizes->count; i++) {
        struct mw_seen_size size = mw_seen_size(sizes->list[i].key);
        if (size.width > MOST_CHANNELS || size.height < LEAST_RATIO * size.width) return false;
        if (facts->fewest_masks < (uint64_t)LEAST_RATIO * size.width) return false;
    }
    return sizes->count > 0;
}

enum mw_status mw_fits_channels_last(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                     struct mw_error *err) {
    (void)err;
    *fits = !view->labels && is_channels_last(view->facts);
    if (!*fits) return MW_OK;
    struct mw_seen_size size = mw_seen_size(view->facts->sizes.list[0].key);
    guess->useless = true;
    mw_text_print(&guess->why,
                  "arrays of (H, W, C), as %" PRIu64 " x %" PRIu32 " x %" PRIu32
                  ", are read as H masks of W rows: if the last dimension is that of channels, "
                  "save numpy.moveaxis(array, -1, 0)",
                  view->facts->most_masks, size.height, size.width);
    return MW_OK;
}

/* Planes of 0 and 1 may hold 255 for void. */
static bool has_void(const struct mw_view *view) {
    return mw_view_find(view, 1) && mw_view_find(view, 255);
}

static void explain_planes(const struct mw_view *view, struct mw_guess *guess) {
    const struct mw_inspection *facts = view->facts;
    mw_text_print(&guess->why, "%" PRIu64 " binary planes a file, one a class", facts->most_masks);
    if (has_void(view)) mw_text_print(&guess->why, ", with 255 for void");
    if (facts->one_hot_files == facts->files)
        mw_text_print(&guess->why, ": their pixels add up to one plane");
    else if (!view->any_plural && mw_view_find(view, 1))
        mw_text_print(&guess->why, " (or a volume of binary masks: then without --encoding)");
    else if (!view->any_plural)
        mw_text_print(&guess->why, " (or a volume of binary masks: then --binary)");
}

/* A volume of binary masks is stored alike; but planes exclude each other pixel by pixel more often
 * than not, and files of a dataset have the same number of them. */
enum mw_status mw_fits_planes(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                              struct mw_error *err) {
    const struct mw_inspection *facts = view->facts;
    *fits = !view->labels && facts->files > 0 && facts->plane_files == facts->files &&
            facts->fewest_masks == facts->most_masks &&
            (facts->files > 1 || facts->one_hot_files == 1 || view->any_plural);
    if (!*fits) return MW_OK;
    guess->labels.encoding = MW_ENCODING_PLANES;
    guess->labels.given |= MW_SET_ENCODING;
    explain_planes(view, guess);
    return has_void(view) ? mw_guess_ignore(view, guess, 255, err) : MW_OK;
}

enum mw_status mw_fits_bands(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                             struct mw_error *err) {
    (void)err;
    *fits = view->any_plural && !view->labels;
    guess->useless = true;
    mw_text_print(&guess->why,
                  "several values a pixel that are neither colours nor all binary: an image of "
                  "several bands (of probabilities: --encoding planes --threshold T)");
    return MW_OK;
}
