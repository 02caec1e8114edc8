/* terminal: what a person sees on standard error: progress, warnings, failures, the summary. */
#ifndef MW_CLI_TERMINAL_H
#define MW_CLI_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "cli/options.h"
#include "count/survey.h"
#include "write/report.h"

struct mw_terminal {
    bool progress; /* show progress */
    bool color;    /* colour messages */
    bool summary;  /* a summary at the end */
    bool warnings; /* show warnings */
    bool verbose;  /* show what is no warning, too */
    struct timespec start;
};

/* Decides from the options, from whether standard error is a terminal, and from NO_COLOR,
 * CLICOLOR_FORCE and TERM. */
void mw_terminal_init(struct mw_terminal *terminal, const struct mw_settings *settings);

/* One line "maskweight: <message>". Any thread. A standard error that cannot be written is not an
 * error. */
void mw_terminal_error(const struct mw_terminal *terminal, const char *message);

/* The line of a file that could not be counted, or was passed over. */
void mw_terminal_failure(const struct mw_terminal *terminal, const char *path, const char *message);
/* How many more files failed than were told. */
void mw_terminal_more_failures(const struct mw_terminal *terminal, uint64_t count);
void mw_terminal_skipped(const struct mw_terminal *terminal, const char *path, const char *why);

/* A line "maskweight: <message>" that belongs to the failures before it. */
void mw_terminal_note(const struct mw_terminal *terminal, const char *message);

/* Writes the progress line over the last one, and removes it. */
void mw_terminal_progress(const struct mw_terminal *terminal, const struct mw_progress *progress);
void mw_terminal_clear(const struct mw_terminal *terminal);

/* A line for each finding that is to be shown. `survey` tells how its first file was reached. */
void mw_terminal_findings(const struct mw_terminal *terminal, const struct mw_findings *findings,
                          const struct mw_survey *survey);

/* The table, if there is to be a summary. */
void mw_terminal_summary(const struct mw_terminal *terminal, const struct mw_report *report);

#endif
