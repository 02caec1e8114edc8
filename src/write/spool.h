/* spool: what is known of each mask, kept on disk until all masks are known. */
#ifndef MW_WRITE_SPOOL_H
#define MW_WRITE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "count/record.h"
#include "write/output.h"

/* An unnamed file, which the system removes with the process. Zeroed: there is none. */
struct mw_spool {
    bool open;
    int fd;
    char *directory;       /* in which it was made; for messages */
    uint64_t bytes;        /* written */
    uint64_t next;         /* place of the next entry to read */
    struct mw_input input; /* of the entries read */
    struct mw_text entry;  /* read last */
};

/* One entry; what it points to holds until the next one is read. */
struct mw_spool_entry {
    const char *line; /* [line_length], as it was rendered */
    size_t line_length;
    const char *path;    /* as reached */
    bool failed;         /* the file could not be counted */
    uint32_t page;       /* of the mask in its file, from 1 */
    size_t class_count;  /* classes with pixels */
    const char *classes; /* see mw_spool_class */
};

/* Makes the file beside an open output. Errors: MW_IO, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_spool_open(struct mw_spool *spool, const struct mw_output *beside,
                                           struct mw_error *err);

/* Makes the line that ends `text`, from its byte `start` on, an entry. Any thread. */
void mw_spool_render(const struct mw_record *record, size_t start, struct mw_text *text);

/* Writes entries. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_spool_write(struct mw_spool *spool, const struct mw_text *entries,
                                            struct mw_error *err);

/* Goes back to the first entry, once all are written. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_spool_rewind(struct mw_spool *spool, struct mw_error *err);

/* Reads the next entry; *more is false behind the last. Errors: MW_IO, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_spool_next(struct mw_spool *spool, struct mw_spool_entry *entry,
                                           bool *more, struct mw_error *err);

/* A class of an entry, by number: its id and its pixels, at least 1. */
struct mw_class_pixels mw_spool_class(const struct mw_spool_entry *entry, size_t number);

void mw_spool_close(struct mw_spool *spool);

#endif
