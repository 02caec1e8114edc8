/* processors: how many threads are worth while here. */
#ifndef MW_CLI_PROCESSORS_H
#define MW_CLI_PROCESSORS_H

/* The processors that this process may use, by its affinity and by the limits of its control
 * groups (version 2 and 1), rounded up; at least 1. */
unsigned mw_processors(void);

#endif
