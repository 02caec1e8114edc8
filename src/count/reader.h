/* reader: one file -> counts, whole or not at all. A worker keeps one and reuses it. */
#ifndef MW_COUNT_READER_H
#define MW_COUNT_READER_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"
#include "count/counts.h"
#include "count/histogram.h"
#include "count/inspection.h"
#include "count/labels.h"
#include "count/mask.h"
#include "count/planes.h"
#include "count/record.h"
#include "read/format.h"

struct mw_reader {
    const struct mw_labels *labels; /* resolved */
    const struct mw_limits *limits;
    struct mw_input input;
    struct mw_histogram histogram; /* of the mask at hand */
    struct mw_planes planes;       /* of the page at hand, where the labels are planes */
    struct mw_mask mask;           /* the mask at hand, labelled */
    struct mw_counts counts;       /* of the file at hand */
    const struct mw_format *format;
    uint32_t page;       /* mw_layout.page of the mask or plane at hand */
    unsigned notes;      /* bits 1 << enum mw_finding_code */
    unsigned mask_notes; /* the same, of the mask at hand, and of the file before its first mask */
    unsigned file_notes; /* the latter alone */

    /* Set after mw_reader_init: NULL, or what the masks that fail for unknown values hold. */
    struct mw_inspection *inspection;
    bool inspect_only;            /* instead: what all masks hold, whatever `labels` say */
    const struct mw_file *file;   /* at hand */
    struct mw_inspection in_file; /* of the file at hand, with inspect_only */

    /* Set after mw_reader_init: NULL, or what is told of each mask. */
    mw_record_render *render;
    void *render_context;
    struct mw_text records; /* of the file at hand */

    /* Set after mw_reader_init: NULL, or who looks at each file. */
    mw_file_watch *watch;
    void *watch_context;
    bool digests;        /* of the bytes of files are wanted */
    bool palettes;       /* of masks are wanted */
    bool gather_unknown; /* masks with unknown values are inspected though these are left out */
    bool grouped;        /* set after mw_reader_init: files also join their group */
    struct mw_mask_facts *facts; /* [facts_count], of the file at hand */
    size_t facts_count;
    size_t facts_capacity;

    const struct mw_counts *totals; /* that the file at hand will be added to */
    struct mw_text
        unknown; /* what is said of unknown values of the mask at hand that are left out */
    unsigned unknown_planes; /* planes with them */

    /* Of files that have an entry in a cache. Set after mw_reader_init: the share of them that are read
     * all the same, by the hash of their paths. */
    double verify;
    struct mw_cache_entry
        *fresh;        /* what was read of the file at hand, for the cache to take; or NULL */
    bool read;         /* the file at hand was */
    bool recalled;     /* the entry of the file at hand holds what the file holds */
    bool contradicted; /* set for good: an entry is not what the file holds */
};

/* Which mask of its file the one at hand is, from 1. */
static inline uint32_t mw_reader_number(const struct mw_reader *reader) {
    return reader->mask.multi_label ? 1 : reader->page + 1;
}

/* Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_reader_init(struct mw_reader *reader,
                                            const struct mw_labels *labels,
                                            const struct mw_limits *limits, struct mw_error *err);
void mw_reader_free(struct mw_reader *reader);

/* Adds all masks of a file to `totals`, or leaves `totals` as it is. A file that is as its entry says is not
 * opened; of another one that can be told from any later one, reader->fresh is the new entry. The file is looked at in either case,
 * unless what is wrong is ours. With inspect_only, only files,
 * masks and findings, and what the masks hold to the inspection. *bytes is the file's size, 0
 * when it could not be opened. Errors: those of mw_input_open, mw_format_detect,
 * mw_format.decode and mw_file_watch, MW_LABEL, MW_OVERFLOW; MW_BROKEN with reader->contradicted; with MW_NO_MEMORY and MW_OVERFLOW
 * `totals` is unusable. */
MW_MUST_CHECK enum mw_status mw_reader_count(struct mw_reader *reader, const struct mw_file *file,
                                             struct mw_counts *totals, uint64_t *bytes,
                                             struct mw_error *err);

#endif
