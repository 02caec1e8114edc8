/* interrupt: a signal leaves no half-written file behind. */
#ifndef MW_CLI_INTERRUPT_H
#define MW_CLI_INTERRUPT_H

#include <stdbool.h>

/* Most temporary files at a time. */
enum { MW_INTERRUPT_FILES = 32 };

/* A closed pipe becomes a write error, so that a standard error nobody reads does not end the run.
 * From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT remove the temporary files, clear the progress line if there
 * is one, and end the process as they would have. Signals that were ignored stay ignored. */
void mw_interrupt_install(bool progress);

/* Holds signals back while a temporary file is made or renamed. */
void mw_interrupt_hold(void);

/* Lets them through again; `gone` is a file that is not to be removed any more, `made` one that is, NULL for
 * none. It must stay valid until it is gone. */
void mw_interrupt_release(const char *gone, const char *made);

/* Standard output was closed by its reader: ends the process by SIGPIPE, as is usual, unless that
 * was ignored when the program began. */
void mw_interrupt_broken_pipe(void);

#endif
