/* pairing: which image belongs to a mask, by its name, and which images belong to none. */
#ifndef MW_AUDIT_PAIRING_H
#define MW_AUDIT_PAIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/image_name.h"
#include "base/error.h"
#include "base/finding.h"
#include "base/text.h"
#include "count/digest.h"
#include "count/record.h"
#include "read/image.h"
#include "read/source.h"

/* Set up with mw_pairing_begin; zeroed is without images. */
struct mw_pairing {
    const char *directory;       /* of the images, as named; NULL: none */
    const char *const *patterns; /* [pattern_count], FROM=TO */
    size_t pattern_count;
    const struct mw_source *sources; /* [source_count], of the masks */
    size_t source_count;
    char *real; /* canonical path of the directory */
    struct mw_digest
        *claims; /* [claim_count], of paths below the directory: the image of each mask, with
                                 and without its suffix, and masks that lie there; 16 bytes each */
    size_t claim_count, claim_capacity;
    uint64_t found; /* masks with an image */
};

enum mw_pair_state {
    MW_PAIR_NONE,    /* nobody looks for images, or the mask has no name */
    MW_PAIR_FOUND,   /* and read */
    MW_PAIR_BROKEN,  /* found, but not read: `why` */
    MW_PAIR_MISSING, /* `why` */
};

/* The image of one mask. Zeroed is none. */
struct mw_pair {
    enum mw_pair_state state;
    struct mw_text
        path; /* below the directory, of what was found or would be the image; empty where the
                            name leads to none */
    struct mw_text mask; /* of the mask, where it lies below the directory itself */
    struct mw_image image;
    struct mw_error why;
};

/* Resolves the directory. Links below it are followed. Errors: MW_IO, MW_USAGE (it is none), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_pairing_begin(struct mw_pairing *pairing, struct mw_error *err);

/* Finds the image of a mask and reads its header: with the first pattern whose FROM matches, what each '*' stood
 * for, the first ones for as little as can be, is put into TO. Without patterns the image has the name of the mask and a suffix of its own. Where TO
 * has no suffix of an image, each is tried, in the order of mw_image_suffixes, but first none if the name
 * ends in one as it is. Where FROM has no '/', it is
 * matched with the file name, and the image lies in the same sub-directory; else with the path below the
 * source. Any thread. Free the pair in any case. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_pairing_find(const struct mw_pairing *pairing,
                                             const struct mw_file *file, struct mw_pair *pair,
                                             struct mw_error *err);

/* The image of that pair has a mask. One thread at a time. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_pairing_claim(struct mw_pairing *pairing,
                                              const struct mw_pair *pair, struct mw_error *err);

/* Adds every image of the directory that no pair has claimed, and that could be an image by a TO, to
 * `unclaimed`; and what cannot be read there. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_pairing_rest(struct mw_pairing *pairing,
                                             struct mw_place_list *unclaimed, struct mw_error *err);

/* Where no mask has an image: appends why that may be, with a name of each side and, where one pairs the first masks
 * at `missing`, of which there is one at least, the pattern to try. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_pairing_guess(const struct mw_pairing *pairing,
                                              const struct mw_place_list *missing,
                                              struct mw_text *text, struct mw_error *err);

void mw_pair_free(struct mw_pair *pair);
void mw_pairing_free(struct mw_pairing *pairing);

#endif
