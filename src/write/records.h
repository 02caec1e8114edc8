/* records: the lines of all masks, on their way to a file that is replaced as a whole. */
#ifndef MW_WRITE_RECORDS_H
#define MW_WRITE_RECORDS_H

#include "base/error.h"
#include "base/text.h"
#include "count/counts.h"
#include "count/record.h"
#include "weigh/sampling.h"
#include "write/output.h"
#include "write/record.h"
#include "write/spool.h"

/* Zeroed: nobody wants lines, and most calls do nothing. What needs all masks, such as sample weights, is
 * made from the spool, where there is one: lines are then written at the end. */
struct mw_records {
    const struct mw_record_format *format; /* of the lines; NULL: none are wanted */
    struct mw_record_style style;
    struct mw_sampling sampling;
    struct mw_output output;
    struct mw_spool spool; /* of all masks, if it is open */
    struct mw_text buffer; /* not yet written */
};

/* Opens the file before any work is done, in the format of its name. Errors: those of
 * mw_record_format_find and mw_output_open. */
MW_MUST_CHECK enum mw_status mw_records_open(struct mw_records *records, const char *path,
                                             const struct mw_output_guard *guard,
                                             struct mw_error *err);

/* Sets the style, once the labels are resolved. Errors: those of mw_record_format_check. */
MW_MUST_CHECK enum mw_status mw_records_begin(struct mw_records *records,
                                              const struct mw_record_style *style,
                                              struct mw_error *err);

/* Appends what is kept of a mask to `text`. Any thread, several at once. */
void mw_records_render(const struct mw_records *records, const struct mw_record *record,
                       struct mw_text *text);

/* Takes what was rendered; one thread at a time. Writes in large pieces. Errors: MW_IO,
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_records_take(struct mw_records *records,
                                             const struct mw_text *rendered, struct mw_error *err);

/* All masks are counted: writes what is left, to the disk. Reads the spool once. Errors: MW_IO,
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status
mw_records_finish(struct mw_records *records, const struct mw_counts *counts, struct mw_error *err);

/* Makes the file visible. Errors: MW_IO. */
MW_MUST_CHECK enum mw_status mw_records_reveal(struct mw_records *records, struct mw_error *err);

/* Releases everything; what was not published leaves nothing. */
void mw_records_close(struct mw_records *records);

#endif
