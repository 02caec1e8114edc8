/* help: --help and --version, from the tables. */
#ifndef MW_CLI_HELP_H
#define MW_CLI_HELP_H

#include "base/text.h"

void mw_help_print(struct mw_text *text);
void mw_version_print(struct mw_text *text);

#endif
