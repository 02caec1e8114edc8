/* launcher: what starts many runs at once, and tells each of them by its environment which one it is. */
#ifndef MW_COUNT_LAUNCHER_H
#define MW_COUNT_LAUNCHER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A kind of environment. Each name is that of a variable that holds a whole number; NULL: there is
 * none. */
struct mw_launcher {
    const char *name;  /* for messages */
    const char *index; /* which of the runs this is */
    int64_t base;      /* the least index, where `first` is not set */
    const char *first; /* the least index */
    const char *last;  /* the greatest index */
    const char *step;  /* from one index to the next; not set: 1 */
    const char *count; /* how many runs there are */
    const char *none;  /* what `index` holds outside of an array; NULL: it is not set there */
};

/* In the order in which they are looked for: a job array before the ranks of one of its jobs. */
extern const struct mw_launcher mw_launchers[];
extern const size_t mw_launcher_count;

/* The value of a variable, or NULL, as getenv(3). */
typedef char *mw_environment(const char *name);

/* Which shard of how many this run is: that of the first launcher whose index is set.
 *
 * given     N where the user said it, else 0: needed where the environment does not, and then equal.
 * index     from 1 to *count
 * launcher  the one that told it
 *
 * Errors: MW_USAGE: no launcher, no N or another one, indices that are no row of numbers with equal
 * steps, a variable that holds something else. */
MW_MUST_CHECK enum mw_status mw_launcher_find(mw_environment *environment, uint32_t given,
                                              uint32_t *index, uint32_t *count,
                                              const struct mw_launcher **launcher,
                                              struct mw_error *err);

#endif
