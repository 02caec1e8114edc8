/* inspection: what masks hold and what it probably means, as text to read. */
#ifndef MW_WRITE_INSPECTION_H
#define MW_WRITE_INSPECTION_H

#include "audit/guess.h"
#include "base/text.h"
#include "count/counts.h"
#include "count/inspection.h"

struct mw_inspection_report {
    const struct mw_inspection *facts;
    const struct mw_counts *counts; /* files that failed or were passed over */
    const struct mw_guess *guess;
    const char *command; /* the command line that is suggested */
};

/* Appends the text. Running out of memory is told by text->failed. */
void mw_inspection_write(const struct mw_inspection_report *report, struct mw_text *text);

/* Appends a value as people read it: a number, a colour as #RRGGBB, or the nodata text that it
 * stands in for. */
void mw_inspection_add_value(const struct mw_inspection *facts, const struct mw_value *value,
                             struct mw_text *text);

#endif
