/* processors: how many threads are worth while here. */
#ifndef MW_CLI_PROCESSORS_H
#define MW_CLI_PROCESSORS_H

/* The processors that this process may use, by its affinity and by the limits of its control
 * groups (version 2 and 1), rounded up; at least 1. */
unsigned mw_processors(void);

/* `jobs`, or as many as may have a file open at the same time; at least 1. */
unsigned mw_jobs_possible(unsigned jobs);

#endif
