#include "cli/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/interrupt.h"

/* What an output is called on the command line. */
struct named {
    const char *option; /* "--output", "--report" */
    const char *name;   /* of a report; "" */
    const char *path;   /* NULL: standard output */
};

static struct named name_output(const struct mw_settings *settings, size_t number) {
    if (number == 0) return (struct named){"--output", "", settings->output};
    const struct mw_report_request *request = &settings->reports[number - 1];
    return (struct named){"--report ", request->writer->name, request->path};
}

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

/* What the run reads, and masks in general, are not replaced. Earlier documents are, by a document: they
 * are read before. */
static enum mw_status check_target(const struct mw_settings *settings, size_t number,
                                   struct mw_error *err) {
    struct named output = name_output(settings, number);
    struct stat target;
    const char *what = NULL;
    bool is_mask = false;
    if (!output.path || strcmp(output.path, "-") == 0) return MW_OK;
    if (stat(output.path, &target) != 0)
        return errno == ENOENT ? MW_OK : mw_error_system(err, errno, "%s", output.path);
    if (!S_ISREG(target.st_mode)) return MW_OK;
    enum mw_status status = mw_format_is_mask(output.path, &is_mask, err);
    if (status) {
        mw_error_prefix(err, "%s%s: %s", output.option, output.name, output.path);
        return status;
    }
    if (same_file(settings->class_map, &target)) what = "the class map";
    else if (same_file(settings->files_from, &target)) what = "the list of files";
    else if (is_mask) what = "a mask";
    else if (number > 0 && is_source(settings, &target)) what = "a source";
    if (!what) return MW_OK;
    return mw_error_set(err, MW_USAGE, "%s%s: %s is %s; a %s would replace it", output.option,
                        output.name, output.path, what, number > 0 ? "report" : "document");
}

static enum mw_status check_others(const struct mw_outputs *outputs,
                                   const struct mw_settings *settings, size_t number,
                                   struct mw_error *err) {
    struct named output = name_output(settings, number);
    for (size_t i = 0; i < number; i++) {
        struct named other = name_output(settings, i);
        if (mw_output_same(&outputs->list[i], &outputs->list[number]))
            return mw_error_set(err, MW_USAGE, "%s%s: %s is written by %s%s too; name another file",
                                output.option, output.name, output.path, other.option, other.name);
    }
    return MW_OK;
}

static enum mw_status open_all(struct mw_outputs *outputs, const struct mw_settings *settings,
                               struct mw_error *err) {
    static const struct mw_output_guard guard = {mw_interrupt_hold, mw_interrupt_release};
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < outputs->count && !status; i++) status = check_target(settings, i, err);
    for (size_t i = 0; i < outputs->count && !status; i++) {
        struct mw_output *output = &outputs->list[i];
        status = mw_output_open(output, name_output(settings, i).path, &guard, err);
        if (!status) status = check_others(outputs, settings, i, err);
        for (size_t j = 0; j < output->file_count; j++)
            outputs->files[outputs->file_count++] = output->files[j];
    }
    return status;
}

/* A closed standard output is noticed before the work is done. */
static enum mw_status check_stdout(const struct mw_outputs *outputs, struct mw_error *err) {
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) return MW_OK;
    for (size_t i = 0; i < outputs->count; i++)
        if (!outputs->list[i].path) return mw_error_system(err, EBADF, "standard output");
    return MW_OK;
}

enum mw_status mw_outputs_open(struct mw_outputs *outputs, const struct mw_settings *settings,
                               struct mw_error *err) {
    size_t count = 1 + settings->report_count;
    size_t files = sizeof outputs->list->files / sizeof outputs->list->files[0];
    *outputs = (struct mw_outputs){.list = calloc(count, sizeof *outputs->list),
                                   .files = calloc(count * files, sizeof *outputs->files)};
    if (!outputs->list || !outputs->files) return mw_error_memory(err);
    outputs->count = count;
    for (size_t i = 0; i < count; i++) outputs->list[i].fd = -1;
    mw_interrupt_watch(outputs->list, count);
    enum mw_status status = open_all(outputs, settings, err);
    return status ? status : check_stdout(outputs, err);
}

void mw_outputs_drop_document(struct mw_outputs *outputs) {
    mw_output_close(&outputs->list[0]);
}

enum mw_status mw_outputs_publish(struct mw_outputs *outputs, struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (int direct = 0; direct <= 1; direct++)
        for (size_t i = 0; i < outputs->count && !status; i++) {
            struct mw_output *output = &outputs->list[i];
            if (output->fd >= 0 && output->made == !direct) status = mw_output_write(output, err);
        }
    for (size_t i = 0; i < outputs->count && !status; i++)
        status = mw_output_publish(&outputs->list[i], err);
    return status;
}

void mw_outputs_close(struct mw_outputs *outputs) {
    for (size_t i = 0; i < outputs->count; i++) mw_output_close(&outputs->list[i]);
    mw_interrupt_watch(NULL, 0);
    free(outputs->list);
    free(outputs->files);
    *outputs = (struct mw_outputs){0};
}
