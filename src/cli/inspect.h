/* inspect: what --inspect prints, and what is said behind masks that failed. */
#ifndef MW_CLI_INSPECT_H
#define MW_CLI_INSPECT_H

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "count/survey.h"

/* Appends the text of --inspect for what a survey found. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inspect_write(const struct mw_settings *settings,
                                              const struct mw_survey *survey,
                                              const struct mw_counts *counts, struct mw_text *text,
                                              struct mw_error *err);

/* Tells all unknown values of a survey, those with the most pixels first, and what the masks
 * probably hold; that also becomes `hint`, to be freed, which may be NULL. Nothing when there are none. Errors:
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_inspect_tell_unknown(const struct mw_terminal *terminal,
                                                     const struct mw_survey *survey, char **hint,
                                                     struct mw_error *err);

#endif
