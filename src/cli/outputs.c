#include "cli/outputs.h"

#include <errno.h>
#include <sys/stat.h>

#include "cli/interrupt.h"
#include "read/format.h"

static bool same_file(const char *path, const struct stat *target) {
    struct stat info;
    return path && stat(path, &info) == 0 && info.st_dev == target->st_dev &&
           info.st_ino == target->st_ino;
}

static enum mw_status check(const struct mw_settings *settings, const char *option,
                            const char *path, struct mw_error *err) {
    struct stat target;
    const char *what = NULL;
    bool is_mask = false;
    if (!path) return MW_OK;
    if (stat(path, &target) != 0)
        return errno == ENOENT ? MW_OK : mw_error_system(err, errno, "%s", path);
    if (!S_ISREG(target.st_mode)) return MW_OK;
    if (same_file(settings->class_map, &target)) what = "the class map";
    else if (same_file(settings->files_from, &target)) what = "the list of files";
    else if (same_file(settings->baseline, &target)) what = "the baseline";
    else {
        enum mw_status status = mw_format_is_mask(path, &is_mask, err);
        if (status) {
            mw_error_prefix(err, "%s: %s", option, path);
            return status;
        }
    }
    if (is_mask) what = "a mask";
    if (!what) return MW_OK;
    return mw_error_set(err, MW_USAGE, "%s: %s is %s; a document would replace it", option, path,
                        what);
}

enum mw_status mw_outputs_check(const struct mw_settings *settings, struct mw_error *err) {
    enum mw_status status = check(settings, "--output", settings->output, err);
    return status ? status : check(settings, "--per-mask", settings->per_mask, err);
}

/* One file cannot be two of them. */
static enum mw_status refuse_same(const struct mw_outputs *outputs, struct mw_error *err) {
    for (size_t i = 0; i < MW_OUTPUTS; i++)
        for (size_t j = 0; j < i; j++)
            if (mw_output_same(outputs->list[i], outputs->list[j]))
                return mw_error_set(err, MW_USAGE,
                                    "%s is the same file as %s, and both are written",
                                    outputs->list[i]->path, outputs->list[j]->path);
    return MW_OK;
}

static void gather_files(struct mw_outputs *outputs) {
    for (size_t i = 0; i < MW_OUTPUTS; i++)
        for (size_t j = 0; j < outputs->list[i]->file_count; j++)
            outputs->files[outputs->file_count++] = outputs->list[i]->files[j];
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
                               struct mw_error *err) {
    static const struct mw_output_guard guard = {mw_interrupt_hold, mw_interrupt_release};
    struct mw_sampling_files *sampling = &outputs->sampling_files;
    outputs->list[0] = &outputs->document;
    outputs->list[1] = &outputs->records.output;
    outputs->list[2] = &sampling->outputs[0];
    outputs->list[3] = &sampling->outputs[1];
    enum mw_status status = mw_output_open(&outputs->document, settings->output, &guard, err);
    if (!status && settings->per_mask)
        status = mw_records_open(&outputs->records, settings->per_mask, &guard, err);
    if (!status && settings->sampling_files)
        status = mw_sampling_files_open(sampling, settings->sampling_files, &guard, err);
    if (!status) status = refuse_same(outputs, err);
    if (!status) status = open_spool(outputs, settings, err);
    gather_files(outputs);
    return status;
}

enum mw_status mw_outputs_write(struct mw_outputs *outputs, const struct mw_counts *counts,
                                struct mw_error *err) {
    struct mw_records *records = &outputs->records;
    enum mw_status status = mw_records_finish(records, counts, err);
    if (status) return status;
    return mw_sampling_files_write(&outputs->sampling_files, &records->spool, counts, err);
}

enum mw_status mw_outputs_reveal(struct mw_outputs *outputs, struct mw_error *err) {
    enum mw_status status = mw_records_reveal(&outputs->records, err);
    return status ? status : mw_sampling_files_reveal(&outputs->sampling_files, err);
}

void mw_outputs_close(struct mw_outputs *outputs) {
    mw_output_close(&outputs->document);
    mw_records_close(&outputs->records);
    mw_sampling_files_close(&outputs->sampling_files);
}
