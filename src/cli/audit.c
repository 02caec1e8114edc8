#include "cli/audit.h"

#include <math.h>
#include <string.h>

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

enum mw_status mw_audit_judge(struct mw_audit *audit, const struct mw_settings *settings,
                              const struct mw_counts *counts, struct mw_findings *findings,
                              struct mw_error *err) {
    enum mw_status status = mw_watch_conclude(&audit->watch, err);
    struct mw_check_view view = {counts, &settings->labels,
                                 settings->baseline ? &audit->baseline : NULL, audit->watch.sights};
    return status ? status : mw_check_rules_judge(&settings->checks, &view, findings, err);
}

void mw_audit_free(struct mw_audit *audit) {
    mw_document_free(&audit->baseline);
    mw_watch_free(&audit->watch);
}

void mw_checks_list(struct mw_text *text) {
    for (size_t i = 0; i < mw_check_count; i++)
        mw_text_print(text, "%-18s %s\n", mw_checks[i].name, mw_checks[i].quantity);
}

static void print_limit(const struct mw_check *check, struct mw_text *text) {
    if (check->unit == MW_CHECK_FIXED) return;
    mw_text_print(text, "  LIMIT     the %s allowed, %s", check->at_least ? "least" : "most",
                  mw_check_unit_words[check->unit]);
    if (isnan(check->standard)) mw_text_print(text, "\n");
    else mw_text_print(text, "; standard: %g\n", check->standard);
}

static void explain(const struct mw_check *check, struct mw_text *text) {
    bool fixed = check->unit == MW_CHECK_FIXED, optional = !isnan(check->standard);
    const struct mw_check_operand *operand = check->operand;
    mw_text_print(text, "%s%s%s%s%s\n", check->name, check->per_class ? "[:CLASS]" : "",
                  operand ? ":" : "", operand ? operand->word : "",
                  fixed      ? ""
                  : optional ? "[=LIMIT]"
                             : "=LIMIT");
    mw_text_print(text, "  measures  %s\n", check->quantity);
    if (check->per_class)
        mw_text_print(text, "  CLASS     its name or number; without: each class\n");
    if (operand) mw_text_print(text, "  %-9s %s\n", operand->word, operand->words);
    print_limit(check, text);
    if (check->wants_classes) mw_text_print(text, "  needs     --classes or --class-map\n");
    if (check->wants_baseline) mw_text_print(text, "  needs     --baseline\n");
    if (check->wants_images) mw_text_print(text, "  needs     --images\n");
    if (check->not_of_sample) mw_text_print(text, "  needs     all masks, so not with --sample\n");
    if (check->implied)
        mw_text_print(text, "  implied   by %s\n",
                      !check->wants_images ? "any other rule"
                      : check->wants_all_masks
                          ? "--images, where every source is a directory or an archive"
                          : "--images");
    if (check->look) mw_text_print(text, "  looks at  the masks themselves, so not at documents\n");
    mw_text_print(text, "  why       %s\n", check->why);
}

void mw_checks_explain(const char *name, struct mw_text *text) {
    bool all = strcmp(name, "all") == 0;
    for (size_t i = 0; i < mw_check_count; i++) {
        if (!all && strcmp(mw_checks[i].name, name) != 0) continue;
        mw_text_print(text, "%s", all && i ? "\n" : "");
        explain(&mw_checks[i], text);
    }
}
