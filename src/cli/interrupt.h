/* interrupt: a signal leaves no half-written file behind. */
#ifndef MW_CLI_INTERRUPT_H
#define MW_CLI_INTERRUPT_H

#include <stdbool.h>
#include <stddef.h>

#include "write/output.h"

/* A closed pipe becomes a write error, so that a standard error nobody reads does not end the run.
 * From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT remove the temporary files, clear the progress line if
 * there is one, and end the process as they would have. Signals that were ignored stay ignored. */
void mw_interrupt_install(bool progress);

/* The outputs [count] whose temporary files are removed. They must stay where they are until the next
 * call; 0 ends it. Called before the first of them is opened and after the last is closed. */
void mw_interrupt_watch(const struct mw_output *outputs, size_t count);

/* Holds signals back while a temporary file is made, renamed or removed, and lets them through again. */
void mw_interrupt_hold(void);
void mw_interrupt_release(void);

/* Standard output was closed by its reader: ends the process by SIGPIPE, as is usual, unless that
 * was ignored when the program began. */
void mw_interrupt_broken_pipe(void);

#endif
