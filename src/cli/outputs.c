#include "cli/outputs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/interrupt.h"
#include "read/format.h"
#include "read/image.h"

static bool same_file(const char *path, const struct stat *target) {
    struct stat info;
    return path && stat(path, &info) == 0 && info.st_dev == target->st_dev &&
           info.st_ino == target->st_ino;
}

static bool is_source(const struct mw_settings *settings, const struct stat *target) {
    for (size_t i = 0; i < settings->sources.count; i++)
        if (same_file(settings->sources.list[i], target)) return true;
    return false;
}

/* What a file is that an option names to be read, or NULL. */
static const char *what_is_read(const struct mw_settings *settings, const struct stat *target) {
    if (same_file(settings->class_map, target)) return "the class map";
    if (same_file(settings->files_from, target)) return "the list of files";
    if (same_file(settings->baseline, target)) return "the baseline";
    if (same_file(settings->cache, target)) return "the cache";
    for (size_t i = 0; i < settings->rule_files.count; i++)
        if (same_file(settings->rule_files.list[i], target)) return "a file of rules";
    return NULL;
}

/* A header is enough to know one. */
static bool is_image(const struct mw_settings *settings, const char *path) {
    struct mw_image image;
    struct mw_error ignored;
    return settings->images && mw_image_read(&image, path, &ignored) == MW_OK;
}

/* Only a document may replace an earlier one that is a source. */
static enum mw_status check(const struct mw_settings *settings, struct mw_output_option name,
                            const char *path, struct mw_error *err) {
    bool document = strcmp(name.option, "--output") == 0, is_mask = false;
    struct stat target;
    if (!path || strcmp(path, "-") == 0) return MW_OK;
    if (stat(path, &target) != 0)
        return errno == ENOENT ? MW_OK : mw_error_system(err, errno, "%s", path);
    if (!S_ISREG(target.st_mode)) return MW_OK;
    const char *what = what_is_read(settings, &target);
    if (!what && mw_format_is_mask(path, &is_mask, err)) {
        mw_error_prefix(err, "%s%s: %s", name.option, name.report, path);
        return err->status;
    }
    if (is_mask) what = "a mask";
    else if (!what && is_image(settings, path)) what = "an image";
    else if (!what && !document && is_source(settings, &target)) what = "a source";
    if (!what) return MW_OK;
    return mw_error_set(err, MW_USAGE, "%s%s: %s is %s; a %s would replace it", name.option,
                        name.report, path, what, *name.report ? "report" : "document");
}

static struct mw_output_option report_name(const struct mw_settings *settings, size_t number) {
    return (struct mw_output_option){"--report ", settings->reports[number].writer->name};
}

static enum mw_status check_sampling_files(const struct mw_settings *settings,
                                           struct mw_error *err) {
    struct mw_output_option name = {"--sampling-files", ""};
    enum mw_status status = MW_OK;
    for (int i = 0; settings->sampling_files && i < 2 && !status; i++) {
        struct mw_text path = {0};
        mw_text_print(&path, "%s/%s", settings->sampling_files, mw_sampling_file_names[i]);
        status = path.failed ? mw_error_memory(err) : check(settings, name, path.data, err);
        mw_text_free(&path);
    }
    return status;
}

enum mw_status mw_outputs_check(const struct mw_settings *settings, struct mw_error *err) {
    struct mw_output_option document = {"--output", ""}, records = {"--per-mask", ""};
    enum mw_status status = check(settings, document, settings->output, err);
    if (!status) status = check(settings, records, settings->per_mask, err);
    if (!status) status = check_sampling_files(settings, err);
    for (size_t i = 0; i < settings->report_count && !status; i++)
        status = check(settings, report_name(settings, i), settings->reports[i].path, err);
    return status;
}

/* One file cannot be two of them. */
static enum mw_status refuse_same(const struct mw_outputs *outputs, struct mw_error *err) {
    for (size_t i = 0; i < outputs->count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct mw_output_option *name = &outputs->names[i], *other = &outputs->names[j];
            if (mw_output_same(outputs->list[i], outputs->list[j]))
                return mw_error_set(err, MW_USAGE,
                                    "%s%s: %s is written by %s%s too; name another file",
                                    name->option, name->report, mw_output_name(outputs->list[i]),
                                    other->option, other->report);
        }
    return MW_OK;
}

static void add_output(struct mw_outputs *outputs, struct mw_output_option name,
                       const struct mw_output *output) {
    outputs->names[outputs->count] = name;
    outputs->list[outputs->count++] = output;
}

static void gather_files(struct mw_outputs *outputs, const struct mw_cache *cache) {
    struct stat info;
    for (int i = 0; cache && i < MW_CACHE_FILES; i++)
        if (stat(mw_cache_file(cache, i), &info) == 0)
            outputs->files[outputs->file_count++] = (struct mw_file_id){info.st_dev, info.st_ino};

    for (size_t i = 0; i < outputs->count; i++)
        for (size_t j = 0; j < outputs->list[i]->file_count; j++)
            outputs->files[outputs->file_count++] = outputs->list[i]->files[j];
}

static enum mw_status open_reports(struct mw_outputs *outputs, const struct mw_settings *settings,
                                   const struct mw_output_guard *guard, struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < settings->report_count && !status; i++) {
        struct mw_output *output = &outputs->reports[i].output;
        add_output(outputs, report_name(settings, i), output);
        outputs->report_count++;
        status = mw_output_open(output, settings->reports[i].path, guard, err);
    }
    return status;
}

/* What needs all masks goes through a spool beside one of the files. */
static enum mw_status open_spool(struct mw_outputs *outputs, const struct mw_settings *settings,
                                 struct mw_error *err) {
    struct mw_records *records = &outputs->records;
    const struct mw_output *beside = settings->per_mask ? &records->output
                                                        : &outputs->sampling_files.outputs[0];
    records->sampling = settings->sampling;
    if (!settings->sampling.sampler && !settings->sampling_files) return MW_OK;
    return mw_spool_open(&records->spool, beside, err);
}

enum mw_status mw_outputs_open(struct mw_outputs *outputs, const struct mw_settings *settings,
                               const struct mw_cache *cache, struct mw_error *err) {
    static const struct mw_output_guard guard = {mw_interrupt_hold, mw_interrupt_release};
    struct mw_sampling_files *sampling = &outputs->sampling_files;
    add_output(outputs, (struct mw_output_option){"--output", ""}, &outputs->document);
    add_output(outputs, (struct mw_output_option){"--per-mask", ""}, &outputs->records.output);
    for (int i = 0; i < 2; i++)
        add_output(outputs, (struct mw_output_option){"--sampling-files", ""},
                   &sampling->outputs[i]);
    enum mw_status status = mw_output_open(&outputs->document, settings->output, &guard, err);
    if (!status && settings->per_mask)
        status = mw_records_open(&outputs->records, settings->per_mask, &guard, err);
    if (!status && settings->sampling_files)
        status = mw_sampling_files_open(sampling, settings->sampling_files, &guard, err);
    if (!status) status = open_reports(outputs, settings, &guard, err);
    if (!status) status = refuse_same(outputs, err);
    if (!status) status = open_spool(outputs, settings, err);
    gather_files(outputs, cache);
    return status;
}

/* Those that replace a file first: the others are visible as soon as they are written. */
static enum mw_status write_reports(struct mw_outputs *outputs, struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (int direct = 0; direct < 2; direct++)
        for (size_t i = 0; i < outputs->report_count && !status; i++) {
            struct mw_report_output *report = &outputs->reports[i];
            if ((report->output.target == NULL) == direct)
                status = mw_output_write(&report->output, &report->text, err);
        }
    return status;
}

static enum mw_status reveal_reports(struct mw_outputs *outputs, struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < outputs->report_count && !status; i++)
        status = mw_output_reveal(&outputs->reports[i].output, err);
    return status;
}

enum mw_status mw_outputs_write(struct mw_outputs *outputs, const struct mw_counts *counts,
                                struct mw_error *err) {
    struct mw_records *records = &outputs->records;
    enum mw_status status = mw_records_finish(records, counts, err);
    if (!status)
        status = mw_sampling_files_write(&outputs->sampling_files, &records->spool, counts, err);
    return status ? status : write_reports(outputs, err);
}

enum mw_status mw_outputs_reveal(struct mw_outputs *outputs, struct mw_error *err) {
    enum mw_status status = mw_records_reveal(&outputs->records, err);
    if (!status) status = mw_sampling_files_reveal(&outputs->sampling_files, err);
    return status ? status : reveal_reports(outputs, err);
}

enum mw_status mw_outputs_reports(struct mw_outputs *outputs, struct mw_error *err) {
    enum mw_status status = write_reports(outputs, err);
    return status ? status : reveal_reports(outputs, err);
}

void mw_outputs_close(struct mw_outputs *outputs) {
    mw_output_close(&outputs->document);
    mw_records_close(&outputs->records);
    mw_sampling_files_close(&outputs->sampling_files);
    for (size_t i = 0; i < outputs->report_count; i++) {
        mw_output_close(&outputs->reports[i].output);
        mw_text_free(&outputs->reports[i].text);
    }
}
