/* run: from settings to a published document. */
#ifndef MW_CLI_RUN_H
#define MW_CLI_RUN_H

#include "cli/options.h"

enum mw_exit {
    MW_EXIT_DONE = 0,
    MW_EXIT_BROKEN = 1,    /* written, but a rule is broken */
    MW_EXIT_ERROR = 2,     /* no document was written */
    MW_EXIT_INCOMPLETE = 3 /* written without the masks that failed */
};

/* Does what the settings ask for and returns the exit status. What is to be said was said on
 * standard error. */
enum mw_exit mw_run(struct mw_settings *settings);

#endif
