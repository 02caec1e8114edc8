/* record: what a survey tells of every single mask, and of every file that could not be counted. */
#ifndef MW_COUNT_RECORD_H
#define MW_COUNT_RECORD_H

#include <stdint.h>
#include <string.h>

#include <stdbool.h>

#include "base/text.h"
#include "count/cache_entry.h"
#include "count/digest.h"
#include "count/mask.h"

/* What a file is called, and where its bytes are when they do not come from a file. */
struct mw_file {
    uint32_t source;           /* number of the source, 0 when there is only one */
    const char *path;          /* as reached */
    const char *document_path; /* as documents hold it */
    size_t member;             /* where in that the path in an archive begins; 0: of no archive */
    const struct mw_text *content; /* NULL, or the bytes */
    void *known;                   /* what the event `meet` left here, or NULL */
    struct mw_cache_entry *entry; /* what a cache holds of it, maybe no mask; NULL: there is none */
};

/* A mask of standard input has no name. Members of archives have one. */
static inline bool mw_file_has_name(const struct mw_file *file) {
    return strcmp(file->path, "-") != 0;
}

/* The path in an archive of a file that stands in one; else that which documents hold. */
static inline const char *mw_file_below(const struct mw_file *file) {
    return file->document_path + file->member;
}

struct mw_record {
    const struct mw_file *file;
    const struct mw_mask *mask; /* NULL: the file could not be counted */
    uint32_t page;              /* of the mask in its file, from 1 */
    unsigned notes;    /* bits 1 << enum mw_finding_code of the mask, and of its file by its name */
    const char *error; /* why not; else NULL */
};

/* What is told of each mask of a file, whatever its pixels say. */
struct mw_mask_facts {
    uint32_t page;            /* of the mask in its file, from 1 */
    uint32_t width, height;   /* pixels */
    int64_t layout;           /* how its samples are stored: a key of mw_layout_key */
    uint32_t *palette;        /* [palette_entries], 0xRRGGBB by index */
    uint32_t palette_entries; /* 0 without a palette */
    bool has_foreground;      /* it is no empty and no ignored mask */
};

/* A file that was counted as a whole, or that could not be. */
struct mw_file_facts {
    const struct mw_file *file;
    bool failed;
    const struct mw_mask_facts *masks; /* [count]; none of a file that failed */
    size_t count;
    struct mw_digest digest; /* of its bytes, where that was asked for */
};

/* Sees a file before it is read, and may leave what it knows of it in file->known. Any thread, several at once.
 * Errors: MW_NO_MEMORY, which ends the survey. */
typedef enum mw_status mw_file_meet(void *context, struct mw_file *file, struct mw_error *err);

/* Looks at a file. Any thread, several at once. Errors: MW_NO_MEMORY, which ends the survey. */
typedef enum mw_status mw_file_watch(void *context, const struct mw_file_facts *facts,
                                     struct mw_error *err);

/* Appends to `text` what is kept of a record. Any thread, several at once. */
typedef void mw_record_render(void *context, const struct mw_record *record, struct mw_text *text);

#endif
