/* The library for other programs: the settings of the command line, without the command line. */
#include "maskweight.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/class_maps.h"
#include "cli/options.h"
#include "cli/processors.h"
#include "count/document_fields.h"
#include "count/survey.h"
#include "weigh/estimate.h"

#define SAME(name) ((int)MASKWEIGHT_##name == (int)MW_##name)
_Static_assert(SAME(OK) && SAME(USAGE) && SAME(NO_MEMORY) && SAME(IO) && SAME(BROKEN) &&
                   SAME(REFUSED) && SAME(LIMIT) && SAME(LABEL) && SAME(OVERFLOW),
               "the statuses of maskweight.h are those of base/error.h");

struct maskweight {
    struct mw_settings settings;
    struct mw_counts counts;
    bool counted;   /* mw_count was called */
    char **strings; /* [string_count], which the settings point to */
    size_t string_count;
    struct mw_error err;
};

const char *mw_version(void) {
    return MW_VERSION;
}

struct maskweight *mw_new(void) {
    struct maskweight *mw = calloc(1, sizeof *mw);
    if (!mw) return NULL;
    mw_settings_init(&mw->settings);
    mw_counts_init(&mw->counts);
    return mw;
}

void mw_free(struct maskweight *mw) {
    if (!mw) return;
    mw_settings_free(&mw->settings);
    mw_counts_free(&mw->counts);
    for (size_t i = 0; i < mw->string_count; i++) free(mw->strings[i]);
    free(mw->strings);
    free(mw);
}

const char *mw_message(const struct maskweight *mw) {
    return mw->err.message;
}

/* A copy of a text that lives as long as the handle; NULL when memory ran out. */
static const char *keep(struct maskweight *mw, const char *text) {
    char **strings = realloc(mw->strings, (mw->string_count + 1) * sizeof *strings);
    if (!strings) return NULL;
    mw->strings = strings;
    strings[mw->string_count] = strdup(text);
    return strings[mw->string_count] ? strings[mw->string_count++] : NULL;
}

/* Options of these groups that a library has no use for. */
static bool is_offered(const struct mw_option *option) {
    static const char *const offered[] = {"jobs", "keep-going", "decoder"};
    static const char *const withheld[] = {"list-files", "inspect", "scheme", "foreground-only"};
    for (size_t i = 0; i < sizeof withheld / sizeof withheld[0]; i++)
        if (strcmp(option->name, withheld[i]) == 0) return false;
    for (size_t i = 0; i < sizeof offered / sizeof offered[0]; i++)
        if (strcmp(option->name, offered[i]) == 0) return true;
    return option->group == MW_GROUP_MASKS || option->group == MW_GROUP_LABELS ||
           option->group == MW_GROUP_WEIGHTS || strncmp(option->name, "max-", 4) == 0;
}

int mw_set(struct maskweight *mw, const char *option, const char *value) {
    const struct mw_option *found = NULL;
    for (size_t i = 0; i < mw_option_count; i++)
        if (strcmp(mw_options[i].name, option) == 0) found = &mw_options[i];
    if (!found || !is_offered(found))
        return (int)mw_error_set(&mw->err, MW_USAGE, "the library has no option '%s'", option);
    if (!found->argument != !value)
        return (int)mw_error_set(&mw->err, MW_USAGE, "--%s %s", option,
                                 value ? "takes no argument" : "needs an argument");
    const char *kept = value ? keep(mw, value) : NULL;
    if (value && !kept) return (int)mw_error_memory(&mw->err);
    if (mw->counted && found->group != MW_GROUP_WEIGHTS)
        return (int)mw_error_set(&mw->err, MW_USAGE,
                                 "--%s says what is counted, and the masks are counted", option);
    return (int)found->apply(&mw->settings, kept, &mw->err);
}

/* Masks that failed, shards that are missing, or that there is no mask. A shard is counted for its own sake. */
static enum mw_status check_counts(struct maskweight *mw) {
    const struct mw_place_list *failures = &mw->counts.failures;
    if (failures->count && !mw->settings.keep_going)
        return mw_error_set(&mw->err, MW_USAGE,
                            "%" PRIu64 " of %" PRIu64 " files could not be counted, first %s: %s",
                            failures->count, failures->count + mw->counts.files,
                            failures->places[0].path, failures->places[0].message);
    if (!mw->settings.shard_count && !mw->settings.keep_going) {
        enum mw_status status = mw_shards_check_missing(&mw->counts.shards, "", &mw->err);
        if (status) return status;
    }
    if (mw->counts.masks || mw->counts.shards.count) return MW_OK;
    return mw_error_set(&mw->err, MW_USAGE, "no mask was counted");
}

static enum mw_status count(struct maskweight *mw, const char *const *sources,
                            size_t source_count) {
    struct mw_settings *settings = &mw->settings;
    struct mw_survey survey;
    enum mw_status status = MW_OK;
    if (!settings->jobs) settings->jobs = mw_processors();
    if (settings->class_map)
        status = mw_class_map_read(&settings->labels, settings->class_map,
                                   (size_t)settings->limits.max_text, &mw->err);
    if (!status) status = mw_settings_finish(settings, &mw->err);
    if (status) return status;
    mw_settings_survey(settings, &survey);
    survey.source_count = source_count;
    mw_counts_limit_places(&mw->counts, (size_t)settings->limits.max_places);
    status = mw_sources_resolve(sources, source_count, (size_t)settings->limits.max_text,
                                &survey.sources, &mw->err);
    if (!status) status = mw_survey_read_documents(&survey, &mw->counts, &mw->err);
    if (!status) status = mw_survey_run(&survey, &mw->counts, &mw->err);
    mw_inspection_free(&survey.inspection);
    mw_sources_free(survey.sources, source_count);
    return status ? status : check_counts(mw);
}

int mw_count(struct maskweight *mw, const char *const *sources, size_t source_count) {
    if (mw->counted)
        return (int)mw_error_set(&mw->err, MW_USAGE, "a handle counts once: take a new one");
    mw->counted = true;
    enum mw_status status = count(mw, sources, source_count);
    if (status) mw_counts_clear(&mw->counts); /* nothing is half counted */
    return (int)status;
}

size_t mw_class_count(const struct maskweight *mw) {
    return mw->counts.class_count;
}

const char *mw_class_name(const struct maskweight *mw, size_t place) {
    if (place >= mw->counts.class_count) return NULL;
    return mw_labels_name(&mw->settings.labels, mw->counts.classes[place].id);
}

int mw_counts(struct maskweight *mw, const char *key, uint64_t *values) {
    static const struct {
        const char *key;
        size_t offset;
    } fields[] = {
        {"pixels", offsetof(struct mw_class_counts, all.pixels)},
        {"masks", offsetof(struct mw_class_counts, all.masks)},
        {"mask_pixels", offsetof(struct mw_class_counts, all.mask_pixels)},
        {"mask_ignored_pixels", offsetof(struct mw_class_counts, all.mask_ignored_pixels)},
        {"valid_pixels", offsetof(struct mw_class_counts, all.valid_pixels)},
        {"planes", offsetof(struct mw_class_counts, all.planes)},
    };
    size_t place = 0, count_of_fields = sizeof fields / sizeof fields[0];
    bool id = strcmp(key, "id") == 0;
    while (!id && place < count_of_fields && strcmp(fields[place].key, key) != 0) place++;
    if (place == count_of_fields)
        return (int)mw_error_unknown(&mw->err, "counts of a class", key, &fields[0].key,
                                     count_of_fields, sizeof fields[0], ", id");
    for (size_t i = 0; i < mw->counts.class_count; i++) {
        const struct mw_class_counts *row = &mw->counts.classes[i];
        values[i] = id ? row->id : *(const uint64_t *)((const char *)row + fields[place].offset);
    }
    return MASKWEIGHT_OK;
}

int mw_total(struct maskweight *mw, const char *key, uint64_t *value) {
    if (strcmp(key, "complete") == 0) {
        *value = mw->counts.complete && mw->counts.shards.count == 0;
        return MASKWEIGHT_OK;
    }
    for (size_t i = 0; i < mw_dataset_field_count; i++) {
        const struct mw_dataset_field *field = &mw_dataset_fields[i];
        if (field->part || strcmp(field->key, key) != 0) continue;
        *value = *(const uint64_t *)((const char *)&mw->counts + field->offset);
        return MASKWEIGHT_OK;
    }
    return (int)mw_error_unknown(&mw->err, "totals", key, &mw_dataset_fields[0].key,
                                 mw_dataset_field_count, sizeof mw_dataset_fields[0], ", complete");
}

static void copy_intervals(const struct mw_estimates *estimates, const struct mw_weights *weights,
                           double *low, double *high) {
    for (size_t i = 0; i < weights->count; i++) {
        struct mw_interval interval = {weights->class_weight[i], weights->class_weight[i]};
        if (estimates->fractions) interval = mw_estimate_of_weight(estimates, 0, i);
        if (low) low[i] = interval.low;
        if (high) high[i] = interval.high;
    }
}

int mw_weights(struct maskweight *mw, const char *scheme, double *values, double *low,
               double *high) {
    struct mw_scheme_request request;
    struct mw_weights weights = {0};
    struct mw_estimates estimates = {0};
    struct mw_weigh_options options = mw->settings.weigh;
    options.observed = mw->settings.labels.classes == 0;
    options.multi_label = mw_labels_multi(&mw->settings.labels);
    enum mw_status status = mw_scheme_parse(&request, scheme, &mw->err);
    if (!status && mw->settings.shard_count)
        status = mw_error_set(&mw->err, MW_USAGE, "a shard is not weighed: count all of them");
    if (!status) status = mw_weigh(&weights, &request, &options, &mw->counts, &mw->err);
    if (!status) status = mw_estimate(&estimates, &mw->counts, &weights, 1, &mw->err);
    for (size_t i = 0; i < weights.count && !status; i++) values[i] = weights.class_weight[i];
    if (!status) copy_intervals(&estimates, &weights, low, high);
    mw_estimates_free(&estimates);
    mw_weights_free(&weights);
    return (int)status;
}
