/* values: stored values, how many pixels and masks they have, and the first mask of each. */
#ifndef MW_COUNT_VALUES_H
#define MW_COUNT_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "count/histogram.h"
#include "count/labels.h"

/* Distinct values kept; a 16-bit mask has no more. */
enum { MW_VALUES_KEPT = 65536 };

/* A mask by its name, shared by the values that were first seen in it. */
struct mw_mask_name {
    unsigned references;
    uint32_t page;    /* mw_layout.page */
    const char *part; /* mw_format.part */
    char path[];      /* as reached */
};

struct mw_value {
    bool is_colour;             /* `value` is 0xRRGGBB; with bit 24 set, of 16 bits and rounded */
    int64_t value;              /* as stored */
    uint64_t pixels;            /* at least 1 */
    uint64_t masks;             /* at least 1 */
    struct mw_mask_name *first; /* the least path in byte order, then the least page */
};

/* The least MW_VALUES_KEPT values of all that were added: what is kept has its whole pixels and
 * masks, in any order of adding. Zeroed is empty. */
struct mw_values {
    struct mw_value *list; /* [count], numbers before colours, then by value */
    size_t count;
    size_t capacity;
    bool more; /* there were others */
};

/* Adds what occurs in one mask, by way of `labels` only those values that are no class (NULL: all).
 * Errors: MW_OVERFLOW, MW_NO_MEMORY; `values` is then unusable. */
MW_MUST_CHECK enum mw_status mw_values_add_mask(struct mw_values *values,
                                                const struct mw_histogram *histogram,
                                                const struct mw_labels *labels,
                                                struct mw_mask_name *name, struct mw_error *err);

/* Adds all of `from`. Commutative and associative. Errors: those above. */
MW_MUST_CHECK enum mw_status mw_values_merge(struct mw_values *into, const struct mw_values *from,
                                             struct mw_error *err);

/* The value, or NULL. */
const struct mw_value *mw_values_find(const struct mw_values *values, bool is_colour,
                                      int64_t value);

/* Writes the places of the `limit` values with the most pixels, most first, then by value. Returns
 * how many there are. */
size_t mw_values_rank(const struct mw_values *values, size_t *places, size_t limit);

void mw_values_free(struct mw_values *values);

/* A name with one reference, or NULL when memory runs out. */
struct mw_mask_name *mw_mask_name_new(const char *path, uint32_t page, const char *part);
/* Less than 0 when `a` comes first. */
int mw_mask_name_compare(const struct mw_mask_name *a, const struct mw_mask_name *b);
struct mw_mask_name *mw_mask_name_share(struct mw_mask_name *name);
/* Gives one reference back; NULL is accepted. */
void mw_mask_name_release(struct mw_mask_name *name);

#endif
