/* sight: what one rule about single masks has seen so far. */
#ifndef MW_AUDIT_SIGHT_H
#define MW_AUDIT_SIGHT_H

#include <stddef.h>
#include <stdint.h>

#include "audit/pairing.h"
#include "audit/path_store.h"
#include "base/error.h"
#include "base/finding.h"
#include "base/text.h"
#include "count/record.h"

/* Masks that are stored in one way. */
struct mw_sight_kind {
    int64_t layout;              /* a key of mw_layout_key */
    uint32_t *palette;           /* [entries], 0xRRGGBB by index */
    uint32_t entries;            /* 0 without a palette */
    struct mw_place_list places; /* all of them */
};

/* A file that others may equal: 24 bytes. */
struct mw_sight_file {
    struct mw_digest digest; /* of its bytes */
    uint32_t source;
    uint32_t path; /* its number in the store */
};

/* Zeroed but for the limits of its places is empty. */
struct mw_sight {
    struct mw_place_list places; /* that break the rule */
    struct mw_sight_kind *
        *kinds; /* [kind_count], by layout and palette; at the end, most masks first */
    size_t kind_count;
    struct mw_sight_file *files; /* [file_count], in no order */
    size_t file_count, file_capacity;
    struct mw_path_store
        paths; /* of these as reached, each with where the path of documents begins */
};

/* Looks at a file and its image; `operand` is what follows the colon of the rule, or NULL. One thread at a
 * time. Errors: MW_NO_MEMORY. */
typedef enum mw_status mw_sight_look(struct mw_sight *sight, const char *operand,
                                     const struct mw_file_facts *facts, const struct mw_pair *pair,
                                     struct mw_error *err);

/* Whether a single mask breaks the rule, as far as that can be said before all files were seen. `pair` NULL: nobody
 * looks for images. Any thread. */
typedef bool mw_sight_breaks(const char *operand, const struct mw_file *file,
                             const struct mw_mask *mask, const struct mw_pair *pair);

/* All files were seen: what breaks the rule is put into `places`. Errors: those of mw_pairing_rest. */
typedef enum mw_status mw_sight_conclude(struct mw_sight *sight, struct mw_pairing *pairing,
                                         struct mw_error *err);

/* Appends what else there is to say. */
typedef void mw_sight_tell(const struct mw_sight *sight, struct mw_text *text);

/* Adds a place with what is wrong there, which is freed. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_sight_add_place(struct mw_place_list *places, uint32_t source,
                                                const char *path, struct mw_text *why,
                                                struct mw_error *err);

/* Adds a mask that breaks the rule. `why` is what is wrong with it, and is freed; which mask it is of several of its
 * file is put before. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_sight_add_mask(struct mw_place_list *places,
                                               const struct mw_file_facts *facts,
                                               const struct mw_mask_facts *mask,
                                               struct mw_text *why, struct mw_error *err);

void mw_sight_free(struct mw_sight *sight);
void mw_sight_free_kinds(struct mw_sight *sight);
void mw_sight_free_files(struct mw_sight *sight);

/* Rows of the table of checks, in sight*.c, and what they say. The operands: */
bool mw_sizes_valid(const char *operand);
bool mw_names_valid(const char *operand);

/* Whether a size is allowed: SIZES is a list of WIDTHxHEIGHT, divided by commas, or of one number for both;
 * a number is N, /N for every multiple of it, or *. */
bool mw_sizes_allow(const char *sizes, uint32_t width, uint32_t height);

/* Whether a name is allowed: GLOBS are globs as of --include, divided by '|'. One without '/' is matched with
 * the file name, else with the path below the source. */
bool mw_names_allow(const char *globs, const char *path);

mw_sight_look mw_look_size, mw_look_name, mw_look_encoding, mw_look_duplicate;
mw_sight_look mw_look_missing_image, mw_look_image_size, mw_look_image_orientation;
mw_sight_look mw_look_nothing; /* of what is seen at the end alone */
mw_sight_breaks mw_breaks_size, mw_breaks_name;
mw_sight_breaks mw_breaks_missing_image, mw_breaks_image_size, mw_breaks_image_orientation;
mw_sight_conclude mw_conclude_encoding, mw_conclude_duplicates, mw_conclude_missing_masks;
mw_sight_tell mw_tell_encodings;

#endif
