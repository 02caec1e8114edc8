/* shard: what a run says about the shard that it counts, and about those that it merges. */
#ifndef MW_CLI_SHARD_H
#define MW_CLI_SHARD_H

#include "cli/options.h"
#include "cli/terminal.h"
#include "count/shard.h"

/* Tells with --verbose which variable of the environment said which shard this is, if one did. */
void mw_shard_tell(const struct mw_settings *settings, const struct mw_terminal *terminal);

/* Names the shards that are missing where parts were merged: an error, with --keep-going a line. Errors:
 * MW_USAGE, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_shard_check_missing(const struct mw_settings *settings,
                                                    const struct mw_terminal *terminal,
                                                    const struct mw_shards *shards,
                                                    struct mw_error *err);

#endif
