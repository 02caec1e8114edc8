#include "cli/apply.h"

#include <stdlib.h>
#include <string.h>

#include "cli/values.h"
#include "write/findings_writer.h"
#include "write/record.h"

static enum mw_status add_word(struct mw_words *words, const char *word, struct mw_error *err) {
    const char **list = realloc(words->list, (words->count + 1) * sizeof *list);
    if (!list) return mw_error_memory(err);
    words->list = list;
    list[words->count++] = word;
    return MW_OK;
}

static const char *const when_words[] = {"auto", "always", "never"};
static const char *const sandbox_words[] = {"auto", "require", "off"};
enum { WHEN_WORDS = 3, SANDBOX_WORDS = 3 };

static const char *const list_words[] = {"class-maps", "checks"};
static const char *const decoder_words[] = {"fast", "reference"};

const char *mw_decoder_word(size_t number) {
    return number < 2 ? decoder_words[number] : NULL;
}

const char *mw_list_word(size_t number) {
    return number < 2 ? list_words[number] : NULL;
}

const char *mw_when_word(size_t number) {
    return number < WHEN_WORDS ? when_words[number] : NULL;
}

const char *mw_sandbox_word(size_t number) {
    return number < SANDBOX_WORDS ? sandbox_words[number] : NULL;
}

const char *mw_normalize_word(size_t number) {
    return number < mw_normalize_count ? mw_normalize_names[number] : NULL;
}

const char *mw_zero_class_word(size_t number) {
    return number < mw_zero_class_count ? mw_zero_class_names[number] : NULL;
}

const char *mw_scheme_word(size_t number) {
    if (number == mw_scheme_count) return "all";
    return number < mw_scheme_count ? mw_schemes[number].name : NULL;
}

const char *mw_sampling_word(size_t number) {
    return number < mw_sampler_count ? mw_samplers[number].name : NULL;
}

const char *mw_writer_word(size_t number) {
    return number < mw_writer_count ? mw_writers[number]->name : NULL;
}

const char *mw_report_word(size_t number) {
    return number < mw_findings_writer_count ? mw_findings_writers[number]->name : NULL;
}

/* One function for each option that is more than a flag. */

enum mw_status mw_apply_files_from(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    if (settings->files_from) return mw_error_set(err, MW_USAGE, "--files-from is given twice");
    settings->files_from = value;
    return MW_OK;
}

enum mw_status mw_apply_include(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    return add_word(&settings->include, value, err);
}

enum mw_status mw_apply_exclude(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    return add_word(&settings->exclude, value, err);
}

enum mw_status mw_apply_sample(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    if (settings->sample) return mw_error_set(err, MW_USAGE, "--sample is given twice");
    settings->sample = value;
    return mw_subset_parse(&settings->subset, value, err);
}

enum mw_status mw_apply_list(struct mw_settings *settings, const char *value,
                             struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("list", value, list_words, 2, &number, err);
    if (!status) settings->list = list_words[number];
    return status;
}

const char *mw_explain_word(size_t number) {
    if (number == mw_check_count) return "all";
    return number < mw_check_count ? mw_checks[number].name : NULL;
}

enum mw_status mw_apply_check(struct mw_settings *settings, const char *value,
                              struct mw_error *err) {
    return mw_check_rules_add(&settings->checks, value, err);
}

enum mw_status mw_apply_rules(struct mw_settings *settings, const char *value,
                              struct mw_error *err) {
    return add_word(&settings->rule_files, value, err);
}

enum mw_status mw_apply_baseline(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    if (settings->baseline) return mw_error_set(err, MW_USAGE, "--baseline is given twice");
    settings->baseline = value;
    return MW_OK;
}

enum mw_status mw_apply_images(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    if (settings->images) return mw_error_set(err, MW_USAGE, "--images is given twice");
    settings->images = value;
    return MW_OK;
}

enum mw_status mw_apply_image_name(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    enum mw_status status = mw_image_name_check(value, err);
    return status ? status : add_word(&settings->image_names, value, err);
}

/* Once, however often it is named. */
static enum mw_status add_explained(struct mw_settings *settings, const struct mw_check *check,
                                    struct mw_error *err) {
    for (size_t i = 0; i < settings->explain.count; i++)
        if (settings->explain.list[i] == check->name) return MW_OK;
    return add_word(&settings->explain, check->name, err);
}

static enum mw_status refuse_check(const char *name, size_t length, struct mw_error *err) {
    struct mw_text word = {0};
    mw_text_add(&word, name, length);
    enum mw_status status = word.failed
                                ? mw_error_memory(err)
                                : mw_error_unknown(err, "--explain", word.data, &mw_checks[0].name,
                                                   mw_check_count, sizeof mw_checks[0], ", all");
    mw_text_free(&word);
    return status;
}

static enum mw_status explain_one(struct mw_settings *settings, const char *name, size_t length,
                                  struct mw_error *err) {
    const struct mw_check *check = mw_check_find(name, length);
    bool all = length == 3 && strncmp(name, "all", length) == 0;
    enum mw_status status = MW_OK;
    if (!check && !all) return refuse_check(name, length, err);
    if (check) return add_explained(settings, check, err);
    for (size_t i = 0; i < mw_check_count && !status; i++)
        status = add_explained(settings, &mw_checks[i], err);
    return status;
}

enum mw_status mw_apply_explain(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    for (;; value++) {
        size_t length = strcspn(value, ",");
        enum mw_status status = explain_one(settings, value, length, err);
        value += length;
        if (status || !*value) return status;
    }
}

static enum mw_status add_scheme(struct mw_settings *settings,
                                 const struct mw_scheme_request *request, struct mw_error *err) {
    size_t count = settings->scheme_count;
    for (size_t i = 0; i < count; i++) {
        const char *earlier = settings->schemes[i].text;
        if (!mw_scheme_same(&settings->schemes[i], request)) continue;
        if (strcmp(earlier, request->text) == 0)
            return mw_error_set(err, MW_USAGE, "--scheme %s is given twice", earlier);
        return mw_error_set(err, MW_USAGE, "--scheme %s is given twice: %s is the same", earlier,
                            request->text);
    }
    struct mw_scheme_request *list = realloc(settings->schemes, (count + 1) * sizeof *list);
    if (!list) return mw_error_memory(err);
    settings->schemes = list;
    list[settings->scheme_count++] = *request;
    return MW_OK;
}

enum mw_status mw_apply_scheme(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    struct mw_scheme_request request;
    enum mw_status status = MW_OK;
    if (strcmp(value, "all") != 0) {
        status = mw_scheme_parse(&request, value, err);
        return status ? status : add_scheme(settings, &request, err);
    }
    settings->all_schemes = true;
    for (size_t i = 0; i < mw_scheme_count && !status; i++) {
        mw_scheme_standard(&request, &mw_schemes[i]);
        status = add_scheme(settings, &request, err);
    }
    return status;
}

enum mw_status mw_apply_normalize(struct mw_settings *settings, const char *value,
                                  struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("normalize", value, mw_normalize_names, mw_normalize_count, &number, err);
    settings->weigh.normalize = (enum mw_normalize)number;
    return status;
}

enum mw_status mw_apply_zero_class(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("zero-class", value, mw_zero_class_names, mw_zero_class_count, &number, err);
    settings->weigh.zero_class = (enum mw_zero_class)number;
    return status;
}

enum mw_status mw_apply_min_weight(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    return mw_value_positive("min-weight", value, &settings->weigh.min_weight, err);
}

enum mw_status mw_apply_max_weight(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    return mw_value_positive("max-weight", value, &settings->weigh.max_weight, err);
}

enum mw_status mw_apply_format(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    return mw_writer_find(value, &settings->writer, err);
}

enum mw_status mw_apply_output(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    if (settings->output) return mw_error_set(err, MW_USAGE, "--output is given twice");
    if (!*value) return mw_error_set(err, MW_USAGE, "--output needs the name of a file");
    settings->output = value;
    return MW_OK;
}

enum mw_status mw_apply_per_mask(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    const struct mw_record_format *format;
    if (settings->per_mask) return mw_error_set(err, MW_USAGE, "--per-mask is given twice");
    settings->per_mask = value;
    return mw_record_format_find(value, &format, err);
}

enum mw_status mw_apply_sampling(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    if (settings->sampling.sampler) return mw_error_set(err, MW_USAGE, "--sampling is given twice");
    return mw_sampling_parse(&settings->sampling, value, err);
}

enum mw_status mw_apply_sampling_files(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    if (settings->sampling_files)
        return mw_error_set(err, MW_USAGE, "--sampling-files is given twice");
    if (!*value) return mw_error_set(err, MW_USAGE, "--sampling-files needs a directory");
    settings->sampling_files = value;
    return MW_OK;
}

/* NAME or NAME=FILE. */
enum mw_status mw_apply_report(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    struct mw_report_request request = {0};
    size_t length = strcspn(value, "=");
    enum mw_status status = mw_findings_writer_find(value, length, &request.writer, err);
    if (status) return status;
    if (value[length]) request.path = value + length + 1;
    if (request.path && !*request.path)
        return mw_error_set(err, MW_USAGE, "--report %s needs the name of a file", value);
    if (request.path && strcmp(request.path, "-") == 0) request.path = NULL;
    size_t count = settings->report_count;
    if (count == MW_MAX_REPORTS)
        return mw_error_set(err, MW_USAGE, "--report is given more than %d times", MW_MAX_REPORTS);
    struct mw_report_request *list = realloc(settings->reports, (count + 1) * sizeof *list);
    if (!list) return mw_error_memory(err);
    settings->reports = list;
    list[settings->report_count++] = request;
    return MW_OK;
}

enum mw_status mw_apply_cache(struct mw_settings *settings, const char *value,
                              struct mw_error *err) {
    if (settings->cache) return mw_error_set(err, MW_USAGE, "--cache is given twice");
    if (!*value) return mw_error_set(err, MW_USAGE, "--cache needs the name of a file");
    settings->cache = value;
    return MW_OK;
}

enum mw_status mw_apply_cache_verify(struct mw_settings *settings, const char *value,
                                     struct mw_error *err) {
    settings->cache_verify = 0.01;
    if (!value) return MW_OK;
    enum mw_status status = mw_value_positive("cache-verify", value, &settings->cache_verify, err);
    if (status || settings->cache_verify <= 1) return status;
    return mw_error_set(err, MW_USAGE, "--cache-verify: %s is more than 1, which is every mask",
                        value);
}

enum mw_status mw_apply_jobs(struct mw_settings *settings, const char *value,
                             struct mw_error *err) {
    int64_t number;
    enum mw_status status = mw_value_number("jobs", value, 1, 1024, &number, err);
    if (!status) settings->jobs = (unsigned)number;
    return status;
}

/* Options that set a limit. */
#define LIMIT(function, option, limit, most)                                                       \
    enum mw_status function(struct mw_settings *settings, const char *value,                       \
                            struct mw_error *err) {                                                \
        int64_t number;                                                                            \
        enum mw_status status = mw_value_number(option, value, 1, most, &number, err);             \
        if (!status) settings->limits.limit = number;                                              \
        return status;                                                                             \
    }
LIMIT(mw_apply_max_pixels, "max-pixels", max_pixels, INT64_MAX)
LIMIT(mw_apply_max_row_bytes, "max-row-bytes", max_row_bytes, INT64_MAX)
LIMIT(mw_apply_max_metadata, "max-metadata", max_directory, INT64_MAX)
LIMIT(mw_apply_max_pages, "max-pages", max_pages, UINT32_MAX)
LIMIT(mw_apply_max_member, "max-member", max_member, INT64_MAX)
LIMIT(mw_apply_max_members, "max-members", max_members, INT64_MAX)
LIMIT(mw_apply_max_values, "max-values", max_values, UINT32_MAX)
LIMIT(mw_apply_max_text, "max-text", max_text, PTRDIFF_MAX)
LIMIT(mw_apply_max_places, "max-places", max_places, UINT32_MAX)
LIMIT(mw_apply_max_seconds, "max-seconds", max_seconds, INT32_MAX)

enum mw_status mw_apply_decoder(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("decoder", value, decoder_words, 2, &number, err);
    if (!status) settings->limits.reference = number == 1;
    return status;
}

enum mw_status mw_apply_sandbox(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("sandbox", value, sandbox_words, SANDBOX_WORDS, &number, err);
    settings->sandbox = (enum mw_sandbox)number;
    return status;
}

enum mw_status mw_apply_progress(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("progress", value, when_words, WHEN_WORDS, &number, err);
    settings->progress = (enum mw_when)number;
    return status;
}

enum mw_status mw_apply_color(struct mw_settings *settings, const char *value,
                              struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("color", value, when_words, WHEN_WORDS, &number, err);
    settings->color = (enum mw_when)number;
    return status;
}

/* Options that only set a flag. */
#define FLAG(function, statement)                                                                  \
    enum mw_status function(struct mw_settings *settings, const char *value,                       \
                            struct mw_error *err) {                                                \
        (void)value;                                                                               \
        (void)err;                                                                                 \
        statement;                                                                                 \
        return MW_OK;                                                                              \
    }
FLAG(mw_apply_null, settings->null = true)
FLAG(mw_apply_follow, settings->follow = true)
FLAG(mw_apply_list_files, settings->list_files = true)
FLAG(mw_apply_inspect, settings->inspect = true)
FLAG(mw_apply_skip_empty, settings->weigh.skip_empty = true)
FLAG(mw_apply_ignored_in_total, settings->weigh.ignored_in_total = true)
FLAG(mw_apply_foreground_only, settings->foreground_only = true)
FLAG(mw_apply_csv_safe, settings->csv_safe = true)
FLAG(mw_apply_keep_going, settings->keep_going = true)
FLAG(mw_apply_quiet, settings->quiet++)
FLAG(mw_apply_verbose, settings->verbose++)
FLAG(mw_apply_help, settings->help = true)
FLAG(mw_apply_version, settings->version = true)
