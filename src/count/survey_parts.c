#include "count/survey_parts.h"

#include <inttypes.h>
#include <string.h>

static const char *name_of(const struct mw_survey *survey, size_t number) {
    return mw_source_name(survey->sources[number].path);
}

static bool is_document(const struct mw_survey *survey, size_t number) {
    return survey->sources[number].kind == MW_SOURCE_DOCUMENT;
}

bool mw_survey_has_masks(const struct mw_survey *survey) {
    for (size_t i = 0; i < survey->source_count; i++)
        if (!is_document(survey, i)) return true;
    return survey->list_path != NULL;
}

/* A source that is no part of the dataset, or NULL. */
static const char *find_other(const struct mw_survey *survey, const struct mw_shards *parts,
                              size_t last) {
    for (size_t i = 0; i < survey->source_count; i++)
        if (!is_document(survey, i) || (i < last && parts[i].count == 0)) return name_of(survey, i);
    return survey->list_path ? mw_source_name(survey->list_path) : NULL;
}

/* The first part before `last`. */
static size_t find_first(const struct mw_shards *parts, size_t last) {
    size_t first = 0;
    while (first < last && parts[first].count == 0) first++;
    return first;
}

static enum mw_status refuse_mixture(const char *part, const char *other, struct mw_error *err) {
    return mw_error_set(err, MW_USAGE,
                        "%s is a part of a dataset (--shard), and %s is not: merge the parts "
                        "first, and add their document to others then",
                        part, other);
}

static enum mw_status refuse_twice(const struct mw_survey *survey, const struct mw_shards *parts,
                                   size_t last, struct mw_error *err) {
    struct mw_text held = {0};
    size_t earlier = 0;
    while (earlier < last && !mw_shards_overlap(&parts[earlier], &parts[last])) earlier++;
    mw_shards_print_held(&parts[last], &held);
    enum mw_status status =
        held.failed ? mw_error_memory(err)
                    : mw_error_set(err, MW_USAGE,
                                   "%s and %s hold the same shard (%s holds %s of %" PRIu32
                                   "): leave one out",
                                   name_of(survey, earlier), name_of(survey, last),
                                   name_of(survey, last), held.data, parts[last].count);
    mw_text_free(&held);
    return status;
}

enum mw_status mw_survey_check_part(const struct mw_survey *survey, const struct mw_shards *parts,
                                    const struct mw_shards *held, size_t last,
                                    struct mw_error *err) {
    const struct mw_shards *part = &parts[last];
    const char *name = name_of(survey, last);
    if (part->count == 0)
        return held->count ? refuse_mixture(name_of(survey, find_first(parts, last)), name, err)
                           : MW_OK;
    const char *other = find_other(survey, parts, last);
    if (other) return refuse_mixture(name, other, err);
    if (held->count == 0) return MW_OK;
    const char *first = name_of(survey, find_first(parts, last));
    if (held->count != part->count)
        return mw_error_set(err, MW_USAGE,
                            "%s is one of %" PRIu32 " shards, and %s one of %" PRIu32
                            ": count all with one --shard K/N",
                            first, held->count, name, part->count);
    if (!mw_path_set_equal(&held->all_paths, &part->all_paths))
        return mw_error_set(
            err, MW_USAGE,
            "%s is a part of %" PRIu64 " paths, and %s of %" PRIu64
            " that are not the same: the dataset, the choice of masks, or how "
            "archives and lists were written changed between them; count all shards "
            "again",
            first, held->all_paths.count, name, part->all_paths.count);
    return mw_shards_overlap(held, part) ? refuse_twice(survey, parts, last, err) : MW_OK;
}

enum mw_status mw_survey_check_subset(const char *name, const struct mw_subset *subset,
                                      const char *other, const struct mw_subset *wanted,
                                      struct mw_error *err) {
    struct mw_text ours = {0}, theirs = {0};
    if (mw_subset_equal(subset, wanted)) return MW_OK;
    mw_subset_print(subset, &ours);
    mw_subset_print(wanted, &theirs);
    bool alike = !ours.failed && !theirs.failed && strcmp(ours.data, theirs.data) == 0;
    enum mw_status status =
        ours.failed || theirs.failed
            ? mw_error_memory(err)
            : mw_error_set(err, MW_USAGE,
                           "%s counts %s%s, and %s %s%s: their sum would stand for neither: count "
                           "both with the same --sample SHARE, or without it",
                           name, mw_subset_active(subset) ? "a sample of " : "", ours.data,
                           other ? other : "this run",
                           mw_subset_active(wanted) ? "a sample of " : "",
                           alike ? "as many out of others" : theirs.data);
    mw_text_free(&ours);
    mw_text_free(&theirs);
    return status;
}

/* All sources are parts: no other kind was let through. */
static enum mw_status refuse_sum(const struct mw_survey *survey, const struct mw_shards *shards,
                                 struct mw_error *err) {
    struct mw_text names = {0};
    enum { NAMES_SHOWN = 8 };
    for (size_t i = 0; i < survey->source_count && i < NAMES_SHOWN; i++)
        mw_text_print(&names, "%s%s", i ? ", " : "", name_of(survey, i));
    if (survey->source_count > NAMES_SHOWN)
        mw_text_print(&names, " and %zu more", survey->source_count - NAMES_SHOWN);
    enum mw_status status =
        names.failed ? mw_error_memory(err)
                     : mw_error_set(err, MW_USAGE,
                                    "%s: together they hold %" PRIu64 " paths, which are not the "
                                    "%" PRIu64 " of all shards: one of them was changed; count "
                                    "all shards again",
                                    names.data, shards->paths.count, shards->all_paths.count);
    mw_text_free(&names);
    return status;
}

enum mw_status mw_survey_finish_parts(const struct mw_survey *survey, struct mw_counts *counts,
                                      struct mw_error *err) {
    struct mw_shards *shards = &counts->shards;
    if (shards->count == 0) return MW_OK;
    if (!mw_shards_whole(shards)) {
        counts->complete = false;
        return MW_OK;
    }
    if (!mw_path_set_equal(&shards->paths, &shards->all_paths))
        return refuse_sum(survey, shards, err);
    mw_shards_free(shards);
    return MW_OK;
}
