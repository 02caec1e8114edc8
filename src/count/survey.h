/* survey: all sources -> counts. One thread walks, `jobs` threads decode and count. */
#ifndef MW_COUNT_SURVEY_H
#define MW_COUNT_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "count/cache.h"
#include "count/counts.h"
#include "count/inspection.h"
#include "count/labels.h"
#include "count/record.h"
#include "read/format.h"
#include "read/source.h"
#include "read/walk.h"

struct mw_progress {
    uint64_t files; /* counted or failed */
    uint64_t read;  /* of these; the others came out of the cache */
    uint64_t masks; /* counted */
    uint64_t bytes; /* of the files counted or failed */
    uint64_t failures;
    char directory[256]; /* of the file finished last; cut at the front when it is longer */
};

/* What a survey tells while it runs. Any of them may be NULL. */
struct mw_survey_events {
    void *context;
    /* A file that could not be counted, as reached, in the order of the walk. One at a time. */
    void (*failure)(void *context, const char *path, const char *message);
    /* A file that is no candidate. From the walking thread, in no order. */
    void (*skipped)(void *context, const char *path, const char *why);
    /* From the calling thread, about ten times a second. */
    void (*progress)(void *context, const struct mw_progress *progress);
    /* With this set nothing is counted: each mask's path in the order of the walk. */
    void (*list)(void *context, const char *path);
    /* Each mask that was counted, and each file or directory that could not be: what is appended to
     * `text` is handed to `records`. */
    mw_record_render *render;
    /* What was rendered of one file, whole, in the order of the walk. One at a time. An error ends the
     * survey. */
    enum mw_status (*records)(void *context, const struct mw_text *records, struct mw_error *err);
    /* Each file before it is read, and once all is told of it; `leave` frees file->known. */
    mw_file_meet *meet;
    void (*leave)(void *context, struct mw_file *file);
    /* Each file, counted or not. */
    mw_file_watch *watch;
};

struct mw_survey {
    struct mw_source *sources; /* [source_count], resolved */
    size_t source_count;
    const char *list_path; /* --files-from, or NULL: one more source, after the others */
    bool list_null;        /* its paths end in NUL */
    struct mw_walk_rules rules;
    struct mw_labels *labels;
    struct mw_limits limits;
    uint32_t shard, shard_count; /* only the masks of this shard, from 1; 0, 0: all */
    struct mw_subset subset;     /* of these, only those that it takes */
    unsigned jobs;               /* at least 1 */
    struct mw_cache *cache;      /* NULL: none; open, and begun for `labels` */
    double verify;               /* the share of the masks in it that are read and compared */
    bool digests;                /* `watch` gets those of the bytes of files */
    bool palettes;               /* `watch` gets those of masks */
    bool gather_unknown; /* masks with unknown values are inspected though these are left out */
    struct mw_inspection inspection; /* what masks with unknown values hold; free it afterwards */
    bool inspect; /* what all masks hold instead; of the counts only files, masks and findings */
    struct mw_progress progress; /* in the end */
    struct mw_survey_events events;
};

/* Reads the documents among the sources, adds their counts to `counts`, and lets `labels` inherit
 * their settings; then resolves `labels`. Errors: MW_USAGE with the document's path, MW_OVERFLOW,
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status
mw_survey_read_documents(struct mw_survey *survey, struct mw_counts *counts, struct mw_error *err);

/* Adds every mask of the sources that are no documents, or of those the ones of a shard, and finishes
 * `counts`. All paths are walked, but files of other shards are not opened. Files that cannot be
 * counted are told, listed in counts->failures, and leave the rest untouched. For a number of masks
 * (mw_subset.most) the sources are walked twice. The result does not
 * depend on `jobs`. Memory: per job one row, strip or tile, 1 MiB and the records of a file; the names of
 * the directories being walked; and MW_ORDER_BYTES of records. Errors: MW_USAGE (a source without a mask, a broken
 * list, one that is to be walked twice and is a pipe), MW_OVERFLOW,
 * MW_NO_MEMORY, MW_IO (no thread), those of the event `records` and of the cache, MW_BROKEN (the cache contradicts
 * itself or a mask). */
MW_MUST_CHECK enum mw_status mw_survey_run(struct mw_survey *survey, struct mw_counts *counts,
                                           struct mw_error *err);

/* Appends the path of a place as it was reached: below its source, where that is a directory of this
 * run, any bytes. Documents come from other runs, whose sources are not known. */
void mw_survey_add_reached(const struct mw_survey *survey, const struct mw_place *place,
                           struct mw_text *text);

/* Finds where the value number `place` of survey->inspection.unknown stands first, by decoding the
 * mask in which it was seen first again. False when it cannot be found any more. */
bool mw_survey_locate_unknown(const struct mw_survey *survey, size_t place, uint32_t *x,
                              uint32_t *y);

#endif
