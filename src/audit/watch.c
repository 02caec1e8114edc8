#include "audit/watch.h"

#include <stdlib.h>

enum mw_status mw_watch_begin(struct mw_watch *watch, const struct mw_check_rules *rules,
                              size_t max_places, struct mw_error *err) {
    watch->sights = calloc(rules->count ? rules->count : 1, sizeof *watch->sights);
    if (!watch->sights) return mw_error_memory(err);
    for (size_t i = 0; i < rules->count; i++) watch->sights[i].places.limit = max_places;
    watch->rules = rules;
    pthread_mutex_init(&watch->lock, NULL);
    return mw_pairing_begin(&watch->pairing, err);
}

static enum mw_status look(struct mw_watch *watch, const struct mw_file_facts *facts,
                           const struct mw_pair *pair, struct mw_error *err) {
    enum mw_status status = mw_pairing_claim(&watch->pairing, pair, err);
    for (size_t i = 0; i < watch->rules->count && !status; i++) {
        const struct mw_check_rule *rule = &watch->rules->list[i];
        if (rule->check->look)
            status = rule->check->look(&watch->sights[i], rule->subject, facts, pair, err);
    }
    return status;
}

enum mw_status mw_watch_meet(const struct mw_watch *watch, struct mw_file *file,
                             struct mw_error *err) {
    if (!watch->pairing.directory) return MW_OK;
    struct mw_pair *pair = calloc(1, sizeof *pair);
    if (!pair) return mw_error_memory(err);
    file->known = pair;
    return mw_pairing_find(&watch->pairing, file, pair, err);
}

void mw_watch_leave(struct mw_file *file) {
    if (file->known) mw_pair_free(file->known);
    free(file->known);
    file->known = NULL;
}

enum mw_status mw_watch_file(struct mw_watch *watch, const struct mw_file_facts *facts,
                             struct mw_error *err) {
    static const struct mw_pair none = {.state = MW_PAIR_NONE};
    const struct mw_pair *pair = facts->file->known ? facts->file->known : &none;
    pthread_mutex_lock(&watch->lock);
    enum mw_status status = look(watch, facts, pair, err);
    pthread_mutex_unlock(&watch->lock);
    return status;
}

enum mw_status mw_watch_conclude(struct mw_watch *watch, struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = 0; watch->rules && i < watch->rules->count && !status; i++) {
        const struct mw_check *check = watch->rules->list[i].check;
        if (check->conclude) status = check->conclude(&watch->sights[i], &watch->pairing, err);
        mw_places_sort(&watch->sights[i].places);
    }
    return status;
}

void mw_watch_free(struct mw_watch *watch) {
    for (size_t i = 0; watch->rules && i < watch->rules->count; i++)
        mw_sight_free(&watch->sights[i]);
    if (watch->rules) pthread_mutex_destroy(&watch->lock);
    free(watch->sights);
    mw_pairing_free(&watch->pairing);
    *watch = (struct mw_watch){0};
}
