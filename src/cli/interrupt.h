/* interrupt: a signal leaves no half-written file behind. */
#ifndef MW_CLI_INTERRUPT_H
#define MW_CLI_INTERRUPT_H

#include <stdbool.h>

/* A closed pipe becomes a write error, so that a standard error nobody reads does not end the run.
 * From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT remove the temporary file, clear the progress line if there
 * is one, and end the process as they would have. Signals that were ignored stay ignored. */
void mw_interrupt_install(bool progress);

/* Holds signals back while the temporary file is made or renamed. */
void mw_interrupt_hold(void);

/* Lets them through again; `temporary` is the file to remove, NULL for none. It must stay valid
 * until the next hold. */
void mw_interrupt_release(const char *temporary);

/* Standard output was closed by its reader: ends the process by SIGPIPE, as is usual, unless that
 * was ignored when the program began. */
void mw_interrupt_broken_pipe(void);

#endif
