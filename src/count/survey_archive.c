/* The part of the walk that goes through archives. */
#include <stdlib.h>
#include <string.h>

#include "count/survey_run.h"
#include "read/archive.h"

/* Bytes of members that may wait for a worker or be counted: more only if a single member is larger. */
enum { HELD_MOST = 64 << 20 };

/* An archive being walked. */
struct walk {
    struct mw_survey_walker *walker;
    struct mw_archive *archive;
    const char *path;    /* of the archive, as reached */
    struct mw_text name; /* of the member at hand, as reached: "shard.tar:000.png" */
};

static void hold(struct mw_survey_run *run, uint64_t bytes) {
    pthread_mutex_lock(&run->lock);
    while (run->held > 0 && run->held + bytes > HELD_MOST)
        pthread_cond_wait(&run->released, &run->lock);
    run->held += bytes;
    pthread_mutex_unlock(&run->lock);
}

/* Reads a member, unless it falls to another shard or is not in the sample. What is wrong with it is told as its failure. */
static enum mw_status read_member(struct walk *walk, struct mw_text *bytes, bool *failed,
                                  struct mw_error *err) {
    struct mw_survey_walker *walker = walk->walker;
    const struct mw_survey *survey = walker->run->survey;
    struct mw_error why;
    *failed = false;
    if (survey->events.list || walker->choosing ||
        !mw_shards_hold(&walker->counts.shards, walk->name.data) ||
        !mw_subset_holds(&walker->counts.subset, walk->name.data))
        return MW_OK;
    enum mw_status status = mw_archive_read(walk->archive, survey->limits.max_member, bytes, &why);
    if (status == MW_NO_MEMORY) *err = why;
    if (status == MW_OK || status == MW_NO_MEMORY) return status;
    *failed = true;
    (void)mw_subset_take(&walker->counts.subset, walk->name.data);
    return mw_survey_fail(walker, walk->name.data, walk->name.data, &why, err);
}

/* Hands a member to the workers. */
static enum mw_status send(struct walk *walk, struct mw_error *err) {
    struct mw_survey_walker *walker = walk->walker;
    struct mw_text bytes = {0};
    bool failed;
    enum mw_status status = read_member(walk, &bytes, &failed, err);
    if (!status && !failed) {
        hold(walker->run, bytes.length);
        status = mw_survey_send(walker, walk->name.data, 0, NULL, &bytes, err);
    }
    mw_text_free(&bytes);
    return status;
}

static enum mw_status take(struct walk *walk, const struct mw_member *member,
                           struct mw_error *err) {
    const char *why = mw_walk_reason_to_skip(&walk->walker->run->survey->rules, member->name);
    if (!why) why = member->why;
    mw_text_clear(&walk->name);
    mw_text_print(&walk->name, "%s:%s", walk->path, member->name);
    if (walk->name.failed) return mw_error_memory(err);
    if (!why) return send(walk, err);
    mw_survey_skip(walk->walker, walk->name.data, 0, why);
    return MW_OK;
}

/* What is wrong with the archive, *why, ends it, and not the survey. */
static enum mw_status walk_members(struct walk *walk, const struct mw_text *head,
                                   struct mw_error *why, struct mw_error *err) {
    struct mw_member member;
    uint64_t members = walk->walker->run->survey->limits.max_members;
    enum mw_status status = MW_OK;
    enum mw_status broken = head ? mw_archive_open_stdin(&walk->archive, head, why)
                                 : mw_archive_open(&walk->archive, walk->path, why);
    while (!broken && !status) {
        if (atomic_load(&walk->walker->run->stop)) return mw_error_set(err, MW_IO, "stopped");
        broken = mw_archive_next(walk->archive, members, &member, why);
        if (broken || !member.name) break;
        status = take(walk, &member, err);
    }
    if (broken == MW_NO_MEMORY) *err = *why;
    if (status || broken == MW_NO_MEMORY) return err->status;
    return MW_OK;
}

enum mw_status mw_survey_walk_archive(struct mw_survey_walker *walker, const char *path,
                                      const struct mw_text *head, struct mw_error *err) {
    struct walk walk = {.walker = walker, .path = path};
    struct mw_error why = {.status = MW_OK};
    uint64_t files = walker->source_files,
             skipped = walker->source_skipped; /* of a list before it */
    walker->member = strlen(path) + 1;
    enum mw_status status = walk_members(&walk, head, &why, err);
    walker->member = 0;
    mw_archive_close(walk.archive);
    mw_text_free(&walk.name);
    if (status) return status;
    if (why.status) return mw_survey_fail(walker, path, path, &why, err);
    if (walker->source_files > files) return MW_OK;
    return mw_survey_refuse(walker->run->survey, path, walker->source_skipped - skipped, err);
}
