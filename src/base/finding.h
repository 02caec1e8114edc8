/* finding: what a user should know about a dataset though it could be counted, and where. */
#ifndef MW_BASE_FINDING_H
#define MW_BASE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum mw_severity { MW_INFO, MW_WARNING, MW_SEVERITY_ERROR };

/* Rows of mw_finding_kinds. The first MW_MASK_FINDINGS are seen while one file is read; they are
 * part of the counts and merge with them. The others are made from the merged counts; those from
 * MW_CHECK_FINDINGS on are rules that are broken (audit/checks.h). */
enum mw_finding_code {
    MW_TRAILING_DATA,
    MW_PALETTE_INDEX,
    MW_MIN_IS_WHITE,
    MW_SUFFIX_MISMATCH,
    MW_LOOKS_LOSSY,
    MW_IGNORED_MASK,
    MW_UNKNOWN_LABEL,
    MW_SYMLINK_LOOP,
    MW_NODATA_IGNORED,
    MW_MASK_FINDINGS,
    MW_LOOKS_BINARY = MW_MASK_FINDINGS,
    MW_LOOKS_LIKE_IGNORE_INDEX,
    MW_PLANES_DIFFER,
    MW_NOTHING_TO_WEIGH,
    MW_ABSENT_CLASS,
    MW_WEIGHS_FREQUENT_UP,
    MW_UNIFORM_WEIGHTS,
    MW_ESTIMATED_WEIGHTS,
    MW_FEW_SAMPLED_MASKS,
    MW_NOT_JUDGED,
    MW_CHECK_FINDINGS,
    MW_UNREADABLE = MW_CHECK_FINDINGS,
    MW_UNKNOWN_LABELS,
    MW_MISSING_CLASSES,
    MW_MIN_PIXELS,
    MW_MIN_MASKS,
    MW_MIN_FRACTION,
    MW_MAX_IMBALANCE,
    MW_MAX_EMPTY,
    MW_MAX_IGNORED,
    MW_LOST_CLASSES,
    MW_NEW_CLASSES,
    MW_MAX_DRIFT,
    MW_MAX_DIVERGENCE,
    MW_REMOVED_MASKS,
    MW_SIZE,
    MW_ENCODING,
    MW_NAME,
    MW_DUPLICATES,
    MW_MISSING_IMAGES,
    MW_MISSING_MASKS,
    MW_IMAGE_SIZE,
    MW_IMAGE_ORIENTATION,
    MW_FINDING_CODES
};

struct mw_finding_kind {
    const char *code; /* stable name, as in documents */
    enum mw_severity severity;
    const char *meaning; /* what it means and what to do; of a mask finding, also its message */
};

extern const struct mw_finding_kind mw_finding_kinds[MW_FINDING_CODES];

/* "info", "warning" or "error". */
const char *mw_severity_name(enum mw_severity severity);

/* One path, and for a failure what was wrong with it. */
struct mw_place {
    double share; /* of a mask, by which places are ordered before their paths; 0: by these alone */
    uint32_t source; /* number of the source, from 1; 0 when there is only one; or MW_NO_SOURCE */
    char *path;      /* as documents hold it; any bytes */
    char *message;   /* NULL, or what was wrong */
};

/* Of a file that is in no source: its path is as it was reached. */
#define MW_NO_SOURCE UINT32_MAX

/* How often something was seen, and where first: the largest shares, then the least paths in byte order.
 * Merging two lists and cutting the result is associative. Zeroed but for `limit` is empty. */
struct mw_place_list {
    uint64_t count;          /* how often, kept or not */
    struct mw_place *places; /* [kept], of which the first `sorted` are by share, path, source and
                                message; all are, and no more than `limit`, after mw_places_sort */
    size_t kept, sorted;
    size_t limit; /* most places kept */
};

/* Places kept of a finding where nothing else is said, and of the failures at least. */
enum { MW_FINDING_PLACES = 8, MW_FAILURE_PLACES = 1000 };

/* Counts one more; keeps copies of the strings if the path is among the least. Memory: two times the limit
 * at most. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_places_add(struct mw_place_list *list, uint32_t source,
                                           const char *path, const char *message,
                                           struct mw_error *err);
/* The same of a copy of this place. */
MW_MUST_CHECK enum mw_status
mw_places_add_place(struct mw_place_list *list, const struct mw_place *place, struct mw_error *err);

/* Whether a place without a share is kept. Cost: log(sorted), and the places that are not sorted yet. */
bool mw_places_hold(const struct mw_place_list *list, uint32_t source, const char *path);

/* Whether a place of that share and path may be among the first: no message is needed of others. */
bool mw_places_want(const struct mw_place_list *list, double share, const char *path);

/* Adds all of `from`, which is left empty. The limit becomes the smaller of the two, since of what one of
 * them did not keep nobody knows the order. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_places_merge(struct mw_place_list *into, struct mw_place_list *from,
                                             struct mw_error *err);

/* Puts the places in order and drops those beyond the limit: before they are read. */
void mw_places_sort(struct mw_place_list *list);

/* Releases the places; `limit` stays. */
void mw_places_clear(struct mw_place_list *list);

#endif
