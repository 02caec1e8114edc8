/* watch: all rules that look at masks, while these are counted. */
#ifndef MW_AUDIT_WATCH_H
#define MW_AUDIT_WATCH_H

#include <pthread.h>

#include "audit/checks.h"
#include "audit/pairing.h"

/* Zeroed looks at nothing. */
struct mw_watch {
    const struct mw_check_rules *rules; /* resolved */
    struct mw_pairing pairing;          /* set before mw_watch_begin */
    struct mw_sight *sights;            /* [rules->count], what each rule saw */
    pthread_mutex_t lock;               /* guards the sights and the claims of the pairing */
};

/* Begins to look; each rule keeps `max_places` places. Errors: those of mw_pairing_begin. */
MW_MUST_CHECK enum mw_status mw_watch_begin(struct mw_watch *watch,
                                            const struct mw_check_rules *rules, size_t max_places,
                                            struct mw_error *err);

/* Finds the image of a file, as a mw_file_meet whose context is the watch: file->known becomes a struct mw_pair, or stays
 * NULL where nobody looks for images. mw_watch_leave frees it. */
MW_MUST_CHECK enum mw_status mw_watch_meet(const struct mw_watch *watch, struct mw_file *file,
                                           struct mw_error *err);
void mw_watch_leave(struct mw_file *file);

/* Looks at a file that was met, as a mw_file_watch whose context is the watch. */
MW_MUST_CHECK enum mw_status mw_watch_file(struct mw_watch *watch,
                                           const struct mw_file_facts *facts, struct mw_error *err);

/* All files were seen. Errors: those of mw_sight_conclude. */
MW_MUST_CHECK enum mw_status mw_watch_conclude(struct mw_watch *watch, struct mw_error *err);

void mw_watch_free(struct mw_watch *watch);

#endif
