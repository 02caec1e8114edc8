/* Rules about the images of masks. */
#include <inttypes.h>

#include "audit/sight.h"

static enum mw_status add_file(struct mw_sight *sight, const struct mw_file_facts *facts,
                               const char *why, struct mw_error *err) {
    return mw_places_add(&sight->places, facts->file->source, facts->file->document_path, why, err);
}

enum mw_status mw_look_missing_image(struct mw_sight *sight, const char *operand,
                                     const struct mw_file_facts *facts, const struct mw_pair *pair,
                                     struct mw_error *err) {
    (void)operand;
    return pair->state == MW_PAIR_MISSING ? add_file(sight, facts, pair->why.message, err) : MW_OK;
}

/* Turned by its orientation, an image has its width and height exchanged. Which of the two sizes a mask has
 * depends on the program that it was drawn with, and which one is right on the loader: the rule about
 * orientation tells of such an image in either case, so that any of the two is allowed here. */
static bool has_size(const struct mw_image *image, uint32_t width, uint32_t height) {
    bool turned = image->orientation >= 5;
    return (width == image->width && height == image->height) ||
           (turned && width == image->height && height == image->width);
}

enum mw_status mw_look_image_size(struct mw_sight *sight, const char *operand,
                                  const struct mw_file_facts *facts, const struct mw_pair *pair,
                                  struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)operand;
    if (pair->state == MW_PAIR_BROKEN) return add_file(sight, facts, pair->why.message, err);
    for (size_t i = 0; pair->state == MW_PAIR_FOUND && i < facts->count && !status; i++) {
        const struct mw_mask_facts *mask = &facts->masks[i];
        if (has_size(&pair->image, mask->width, mask->height)) continue;
        struct mw_text why = {0};
        mw_text_print(
            &why, "%" PRIu32 " x %" PRIu32 " pixels, and the image %s %" PRIu32 " x %" PRIu32,
            mask->width, mask->height, pair->path.data, pair->image.width, pair->image.height);
        status = mw_sight_add_mask(&sight->places, facts, mask, &why, err);
    }
    return status;
}

enum mw_status mw_look_image_orientation(struct mw_sight *sight, const char *operand,
                                         const struct mw_file_facts *facts,
                                         const struct mw_pair *pair, struct mw_error *err) {
    (void)operand;
    if (pair->state != MW_PAIR_FOUND || pair->image.orientation == 1) return MW_OK;
    struct mw_text why = {0};
    mw_text_print(&why, "the image %s has orientation %" PRIu32, pair->path.data,
                  pair->image.orientation);
    return mw_sight_add_place(&sight->places, facts->file->source, facts->file->document_path, &why,
                              err);
}

bool mw_breaks_missing_image(const char *operand, const struct mw_file *file,
                             const struct mw_mask *mask, const struct mw_pair *pair) {
    (void)operand;
    (void)file;
    (void)mask;
    return pair && pair->state == MW_PAIR_MISSING;
}

bool mw_breaks_image_size(const char *operand, const struct mw_file *file,
                          const struct mw_mask *mask, const struct mw_pair *pair) {
    (void)operand;
    (void)file;
    if (!pair || pair->state != MW_PAIR_FOUND) return pair && pair->state == MW_PAIR_BROKEN;
    return !has_size(&pair->image, mask->layout.width, mask->layout.height);
}

bool mw_breaks_image_orientation(const char *operand, const struct mw_file *file,
                                 const struct mw_mask *mask, const struct mw_pair *pair) {
    (void)operand;
    (void)file;
    (void)mask;
    return pair && pair->state == MW_PAIR_FOUND && pair->image.orientation != 1;
}

enum mw_status mw_look_nothing(struct mw_sight *sight, const char *operand,
                               const struct mw_file_facts *facts, const struct mw_pair *pair,
                               struct mw_error *err) {
    (void)sight;
    (void)operand;
    (void)facts;
    (void)pair;
    (void)err;
    return MW_OK;
}

enum mw_status mw_conclude_missing_masks(struct mw_sight *sight, struct mw_pairing *pairing,
                                         struct mw_error *err) {
    return mw_pairing_rest(pairing, &sight->places, err);
}
