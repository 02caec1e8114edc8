/* sandbox: what a run may do once it knows its command line, so that a file that takes control of a
 * decoder gains little. Linux's Landlock. */
#ifndef MW_CLI_SANDBOX_H
#define MW_CLI_SANDBOX_H

#include "base/error.h"
#include "cli/options.h"
#include "count/cache.h"
#include "write/output.h"

/* Takes from this thread, and from those that it starts later, for good: writing, making and executing
 * files; removing and renaming any but those in the directories of the outputs; reading files other than
 * the sources, what options name, and system libraries; TCP (Linux 6.7), signals and abstract sockets
 * of other processes (6.12). Links to be followed and lists of paths lead anywhere: with --follow,
 * --files-from, and a symbolic link below the directory of --images, reading is not restricted.
 *
 * `outputs` [output_count] are open already: their own files are not affected. The files of the `cache`, NULL for none,
 * may be written. Where the kernel offers no Landlock, *missing
 * is the reason, NULL otherwise; --sandbox require makes that an error. Errors: MW_USAGE, MW_IO (a
 * source that cannot be opened), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_sandbox_enter(const struct mw_settings *settings,
                                              const struct mw_output *const *outputs,
                                              size_t output_count, const struct mw_cache *cache,
                                              const char **missing, struct mw_error *err);

#endif
