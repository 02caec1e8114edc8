/* cache_entry: what a cache holds of one file: enough to count it again without opening it. */
#ifndef MW_COUNT_CACHE_ENTRY_H
#define MW_COUNT_CACHE_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "count/digest.h"
#include "count/mask.h"

/* One mask, labelled. */
struct mw_cached_mask {
    uint32_t page;                                   /* mw_record.page */
    uint32_t width, height;                          /* pixels */
    int64_t layout;                                  /* a key of mw_layout_key */
    bool empty;                                      /* mw_mask_is_empty */
    uint64_t pixels, ignored_pixels, unknown_pixels; /* as in struct mw_mask */
    unsigned notes;                                  /* mw_record.notes */
    int64_t checksum;                                /* of an entry of the database */
    size_t histogram, length; /* where in the entry's text its pixels by class stand: JSON,
                                 {"0":120,"7":8}; of planes, {"0":[yes,valid,ignored]} */
};

struct mw_cache_entry {
    struct mw_file_state state; /* of the file when it was counted */
    bool has_digest;
    struct mw_digest digest;      /* of its bytes */
    unsigned notes;               /* bits 1 << enum mw_finding_code of the file */
    struct mw_cached_mask *masks; /* [count], pages ascending; none: it is not in the cache */
    size_t count, capacity;
    struct mw_text text;         /* the path, a NUL, and then the histograms */
    bool vanished;               /* its file is no more, under any settings */
    struct mw_cache_entry *next; /* of a list */
};

/* An entry of a path without masks; NULL when memory runs out. Free it with mw_cache_entry_free. */
struct mw_cache_entry *mw_cache_entry_make(const char *path);
void mw_cache_entry_free(struct mw_cache_entry *entry);

/* The absolute path of the file. */
const char *mw_cache_entry_path(const struct mw_cache_entry *entry);

/* Forgets the masks. */
void mw_cache_entry_clear(struct mw_cache_entry *entry);

/* A new mask of the entry, zeroed; NULL when memory runs out. The pointer holds until the next call. */
struct mw_cached_mask *mw_cache_entry_add(struct mw_cache_entry *entry);

/* Adds a mask that was counted. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_cache_entry_add_mask(struct mw_cache_entry *entry,
                                                     const struct mw_mask *mask, bool empty,
                                                     uint32_t page, unsigned notes,
                                                     struct mw_error *err);

/* Fills `mask` as it was when it was counted. `number` is that of the mask in the entry, which is of the database. Errors:
 * MW_BROKEN (what is kept of it contradicts itself or its checksum), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_cache_entry_mask(const struct mw_cache_entry *entry, size_t number,
                                                 bool multi_label, struct mw_mask *mask,
                                                 struct mw_error *err);

/* XXH3 (64 bits) of all that is kept of one mask and its file: what was damaged or changed by hand is not
 * counted. The same on every machine. */
int64_t mw_cache_entry_checksum(const struct mw_cache_entry *entry,
                                const struct mw_cached_mask *mask);

/* Whether the same was counted, whenever that was. */
bool mw_cache_entry_equal(const struct mw_cache_entry *a, const struct mw_cache_entry *b);

#endif
