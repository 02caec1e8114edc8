#include "cli/audit.h"

#include "base/bytes.h"

/* Of a file of rules, in bytes. */
enum { RULES_LIMIT = 1 << 24 };

static enum mw_status read_rules(struct mw_check_rules *rules, const char *path, size_t limit,
                                 struct mw_error *err) {
    struct mw_text content = {0};
    enum mw_status status = mw_bytes_slurp_path(path, limit ? limit : RULES_LIMIT, &content, err);
    if (!status) {
        status = mw_check_rules_parse(rules, path, content.data ? content.data : "", content.length,
                                      err);
    }
    mw_text_free(&content);
    return status;
}

/* What is compared has to be a whole. */
static enum mw_status refuse_partial(const struct mw_document *baseline, struct mw_error *err) {
    if (baseline->counts.shards.count)
        return mw_error_set(err, MW_USAGE,
                            "it is a part of a dataset: merge the shards and compare with that");
    if (mw_subset_active(&baseline->counts.subset))
        return mw_error_set(err, MW_USAGE,
                            "it is a sample (--sample): count all masks and compare with that");
    if (baseline->counts.complete) return MW_OK;
    return mw_error_set(err, MW_USAGE,
                        "it is incomplete, since masks failed: count them again and compare with "
                        "that");
}

static enum mw_status read_baseline(struct mw_document *baseline, const char *path, size_t limit,
                                    struct mw_error *err) {
    enum mw_status status = mw_document_read(baseline, path, limit, err);
    if (!status && (status = refuse_partial(baseline, err))) mw_error_prefix(err, "%s", path);
    if (status) mw_error_prefix(err, "--baseline");
    return status;
}

enum mw_status mw_audit_read(struct mw_audit *audit, struct mw_settings *settings,
                             struct mw_error *err) {
    enum mw_status status = MW_OK;
    size_t limit = (size_t)settings->limits.max_text;
    for (size_t i = 0; i < settings->rule_files.count && !status; i++)
        status = read_rules(&settings->checks, settings->rule_files.list[i], limit, err);
    if (!status && settings->baseline)
        status = read_baseline(&audit->baseline, settings->baseline, limit, err);
    if (status || !mw_settings_audit(settings)) return status;
    if (!(settings->labels.given & MW_SET_UNKNOWN)) settings->labels.unknown = MW_UNKNOWN_IGNORE;
    return MW_OK;
}

static struct mw_check_scope scope_of(const struct mw_settings *settings,
                                      const struct mw_survey *survey, bool sampled) {
    struct mw_check_scope scope = {.labels = &settings->labels,
                                   .has_baseline = settings->baseline != NULL,
                                   .has_images = settings->images != NULL,
                                   .sampled = sampled,
                                   .one_by_one = survey->list_path != NULL};
    for (size_t i = 0; i < survey->source_count; i++) {
        const struct mw_source *source = &survey->sources[i];
        if (source->kind == MW_SOURCE_DOCUMENT) scope.document = mw_source_name(source->path);
        else if (source->kind != MW_SOURCE_DIRECTORY && source->kind != MW_SOURCE_ARCHIVE)
            scope.one_by_one = true;
    }
    return scope;
}

static enum mw_status begin_watch(struct mw_watch *watch, struct mw_settings *settings,
                                  struct mw_survey *survey, struct mw_error *err) {
    struct mw_check_wants wants = mw_check_rules_want(&settings->checks);
    survey->gather_unknown = wants.unknown && settings->labels.unknown == MW_UNKNOWN_IGNORE;
    if (!wants.masks) return MW_OK;
    watch->pairing = (struct mw_pairing){.directory = settings->images,
                                         .patterns = settings->image_names.list,
                                         .pattern_count = settings->image_names.count,
                                         .sources = survey->sources,
                                         .source_count = survey->source_count};
    survey->digests = wants.digests;
    survey->palettes = wants.palettes;
    return mw_watch_begin(watch, &settings->checks, (size_t)settings->limits.max_places, err);
}

enum mw_status mw_audit_resolve(struct mw_audit *audit, struct mw_settings *settings,
                                struct mw_survey *survey, bool sampled, struct mw_error *err) {
    if (!mw_settings_audit(settings)) return MW_OK;
    enum mw_status status = MW_OK;
    if (settings->baseline)
        status =
            mw_labels_compare(&settings->labels, &audit->baseline.labels, settings->baseline, err);
    struct mw_check_scope scope = scope_of(settings, survey, sampled);
    if (!status) status = mw_check_rules_resolve(&settings->checks, &scope, err);
    return status ? status : begin_watch(&audit->watch, settings, survey, err);
}

/* Where no mask has an image, it is rather the pattern that is wrong. */
static enum mw_status add_pattern(const struct mw_pairing *pairing, struct mw_findings *findings,
                                  struct mw_error *err) {
    struct mw_finding *missing = mw_findings_broken(findings, MW_MISSING_IMAGES);
    struct mw_text hint = {0};
    if (!missing || missing->first->kept == 0 || pairing->found) return MW_OK;
    enum mw_status status = mw_pairing_guess(pairing, missing->first, &hint, err);
    if (status) mw_text_free(&hint);
    missing->hint = hint.data;
    return status;
}

enum mw_status mw_audit_judge(struct mw_audit *audit, const struct mw_settings *settings,
                              const struct mw_counts *counts, struct mw_findings *findings,
                              struct mw_error *err) {
    enum mw_status status = mw_watch_conclude(&audit->watch, err);
    struct mw_check_view view = {counts, &settings->labels,
                                 settings->baseline ? &audit->baseline : NULL, audit->watch.sights};
    if (!status) status = mw_check_rules_judge(&settings->checks, &view, findings, err);
    return status ? status : add_pattern(&audit->watch.pairing, findings, err);
}

void mw_audit_free(struct mw_audit *audit) {
    mw_document_free(&audit->baseline);
    mw_watch_free(&audit->watch);
}
