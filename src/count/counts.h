/* counts: what is known of a dataset. Exact integers that merge by addition, and nothing else. */
#ifndef MW_COUNT_COUNTS_H
#define MW_COUNT_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/finding.h"
#include "count/digest.h"
#include "count/labels.h"
#include "count/mask.h"
#include "count/shard.h"
#include "count/subset.h"

/* Totals of one class over a set of masks. */
struct mw_class_tally {
    uint64_t pixels;              /* n_c: pixels of the class */
    uint64_t masks;               /* m_c: masks that contain it */
    uint64_t mask_pixels;         /* I_c: pixels that carry a class in those masks */
    uint64_t mask_ignored_pixels; /* ignored pixels of those masks */
    /* Of multi-label masks only, else 0: */
    uint64_t valid_pixels; /* that say yes or no to the class */
    uint64_t planes;       /* masks that have a plane for it */
};

struct mw_class_counts {
    uint32_t id;
    struct mw_class_tally all;
    struct mw_class_tally in_empty_masks; /* the part of `all` that lies in empty masks */
};

/* Set up with mw_counts_init. */
struct mw_counts {
    uint64_t files;                       /* counted */
    uint64_t masks;                       /* images in those files */
    uint64_t empty_masks;                 /* whose classes are all background */
    uint64_t ignored_masks;               /* without a pixel that carries a class */
    uint64_t pixels;                      /* N: pixels that carry a class; of planes: that say
                                             yes or no, in all of them */
    uint64_t ignored_pixels;              /* left out by the label settings */
    uint64_t unknown_pixels;              /* of values that are no class (--unknown ignore) */
    uint64_t empty_pixels;                /* the part of `pixels` in empty masks */
    uint64_t empty_ignored_pixels;        /* the part of `ignored_pixels` in empty masks */
    uint64_t ignored_mask_ignored_pixels; /* the part of `ignored_pixels` in ignored masks */
    uint64_t skipped_files;               /* seen in directories and passed over */
    bool complete;                        /* nothing failed */
    struct mw_digest digest;              /* of the paths of the files counted */
    struct mw_shards shards;              /* which part of a dataset this is */
    struct mw_subset subset;              /* the files that were counted, where not all were */
    struct mw_counts *groups;        /* [MW_SUBSET_GROUPS], the numbers of those files by group;
                                             NULL: none are there */
    struct mw_class_counts *classes; /* [class_count]; by id after mw_counts_finish */
    size_t class_count;
    size_t class_capacity;
    uint32_t *index; /* [index_capacity], open addressing: place in `classes` plus one */
    size_t index_capacity;
    struct mw_place_list findings[MW_MASK_FINDINGS]; /* files in which something was seen */
    struct mw_place_list failures;                   /* files that could not be counted */
    struct mw_place_list first_empty;                /* masks whose classes are all background */
    struct mw_place_list most_ignored; /* masks with ignored pixels, by their share of the mask */
};

void mw_counts_init(struct mw_counts *counts);

/* Says how many places the lists hold (MW_FINDING_PLACES without it; of failures not less than MW_FAILURE_PLACES),
 * while these are empty. */
void mw_counts_limit_places(struct mw_counts *counts, size_t limit);
void mw_counts_free(struct mw_counts *counts);

/* What f_c is a share of: the pixels that carry a class; of planes, those that say yes or no to it. `row`
 * NULL: a class that is not there. */
uint64_t mw_counts_total(const struct mw_counts *counts, const struct mw_class_counts *row);

/* f_c: the share of a class in the pixels that carry one; of planes, in those that say yes or no to
 * it. 0 without such pixels. */
double mw_counts_fraction(const struct mw_counts *counts, const struct mw_class_counts *row);

/* The counts of a class of finished counts, or NULL. */
const struct mw_class_counts *mw_counts_find(const struct mw_counts *counts, uint32_t id);

/* f_c of finished counts by id, 0 for a class that is not there. */
double mw_counts_fraction_of(const struct mw_counts *counts, uint32_t id);

/* The least class id from `from` on in either of two finished counts; false behind the last. */
bool mw_counts_next_class(const struct mw_counts *a, const struct mw_counts *b, uint64_t from,
                          uint32_t *id);

/* Sets all counts to zero and keeps the memory. */
void mw_counts_clear(struct mw_counts *counts);

/* The counts of a class, added with zeros if it is new; NULL when memory runs out. The pointer
 * holds until the next call. */
struct mw_class_counts *mw_counts_class(struct mw_counts *counts, uint32_t id);

/* Adds one mask. Errors: MW_OVERFLOW, MW_NO_MEMORY; `counts` is then unusable. */
MW_MUST_CHECK enum mw_status mw_counts_add_mask(struct mw_counts *counts,
                                                const struct mw_mask *mask,
                                                const struct mw_labels *labels,
                                                struct mw_error *err);

/* Adds all of `from`; its lists of places are moved, its numbers stay. Commutative and associative.
 * Shards of both must be of one dataset (mw_shards_merge), and samples equal (mw_subset_equal).
 * Errors: MW_OVERFLOW, MW_NO_MEMORY; `into` is then unusable. */
MW_MUST_CHECK enum mw_status mw_counts_merge(struct mw_counts *into, struct mw_counts *from,
                                             struct mw_error *err);

/* Adds the numbers of a part, whose places stay, to those of a group. Errors: MW_OVERFLOW, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_counts_add_group(struct mw_counts *counts, unsigned group,
                                                 const struct mw_counts *part,
                                                 struct mw_error *err);

/* Adds the declared classes that do not occur and sorts by id. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_counts_finish(struct mw_counts *counts,
                                              const struct mw_labels *labels, struct mw_error *err);

#endif
