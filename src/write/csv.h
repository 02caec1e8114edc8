/* csv: cells as RFC 4180 has them. */
#ifndef MW_WRITE_CSV_H
#define MW_WRITE_CSV_H

#include <stdbool.h>

#include "base/text.h"

/* Appends a text cell, in quotes where it needs them. `safe`: with an apostrophe before what a spreadsheet
 * may take for a formula. */
void mw_csv_add_cell(struct mw_text *out, const char *cell, bool safe);

#endif
