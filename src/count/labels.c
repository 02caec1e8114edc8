#include "count/labels.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct mw_label mw_labels_classify(const struct mw_labels *labels, int64_t sample) {
    static const struct mw_label ignored = {MW_LABEL_IGNORED, 0}, unknown = {MW_LABEL_UNKNOWN, 0};
    if (labels->reduce_zero) {
        if (sample == 0 || sample == 255) return ignored;
        sample--;
    }
    if (labels->ignore.count && mw_ranges_contain(&labels->ignore, sample)) return ignored;
    if (sample < 0) return unknown;
    if (labels->binary == MW_BINARY_NONZERO) sample = sample != 0;
    if (labels->binary == MW_BINARY_THRESHOLD) sample = sample >= labels->threshold;
    if (labels->classes && sample >= labels->classes) return unknown;
    return (struct mw_label){MW_LABEL_CLASS, (uint32_t)sample};
}

static enum mw_status resolve_background(struct mw_labels *labels, struct mw_error *err) {
    if (!(labels->given & MW_SET_BACKGROUND) && !labels->reduce_zero && !labels->background.count)
        return mw_ranges_add(&labels->background, (struct mw_range){0, 0}, err);
    if (labels->background.count == 0) return MW_OK;
    int64_t least = labels->background.ranges[0].first;
    int64_t most = labels->background.ranges[labels->background.count - 1].last;
    if (least < 0)
        return mw_error_set(err, MW_USAGE, "--background: %" PRId64 " is no class id", least);
    if (labels->classes && most >= labels->classes)
        return mw_error_set(err, MW_USAGE,
                            "--background: %" PRId64 " is not one of the classes 0 to %" PRIu32,
                            most, labels->classes - 1);
    return MW_OK;
}

enum mw_status mw_labels_resolve(struct mw_labels *labels, struct mw_error *err) {
    if (labels->binary != MW_BINARY_OFF) {
        if (labels->classes == 0) labels->classes = 2;
        if (labels->classes != 2)
            return mw_error_set(err, MW_USAGE,
                                "--binary and --threshold make 2 classes, but %" PRIu32
                                " are declared",
                                labels->classes);
    }
    return resolve_background(labels, err);
}

static void describe(const struct mw_labels *labels, unsigned setting, struct mw_text *text) {
    if (setting == MW_SET_CLASSES) {
        if (labels->classes) mw_text_print(text, "--classes %" PRIu32, labels->classes);
        else mw_text_print(text, "undeclared classes");
    } else if (setting == MW_SET_REDUCE_ZERO) {
        mw_text_print(text, "%s--reduce-zero-label", labels->reduce_zero ? "" : "no ");
    } else if (setting == MW_SET_IGNORE) {
        mw_text_print(text, "--ignore-index ");
        mw_ranges_print(&labels->ignore, text);
    } else if (setting == MW_SET_BINARY) {
        if (labels->binary == MW_BINARY_OFF) mw_text_print(text, "no --binary");
        else if (labels->binary == MW_BINARY_NONZERO) mw_text_print(text, "--binary");
        else mw_text_print(text, "--threshold %" PRId64, labels->threshold);
    } else if (setting == MW_SET_BACKGROUND) {
        mw_text_print(text, "--background ");
        mw_ranges_print(&labels->background, text);
    } else if (setting == MW_SET_UNKNOWN) {
        mw_text_print(text, "--unknown %s",
                      labels->unknown == MW_UNKNOWN_ERROR ? "error" : "ignore");
    }
}

static bool names_equal(const struct mw_labels *a, const struct mw_labels *b) {
    if (!a->names || !b->names) return true; /* names may be added */
    for (uint32_t i = 0; i < a->classes && i < b->classes; i++)
        if (strcmp(a->names[i], b->names[i]) != 0) return false;
    return true;
}

static bool setting_equal(const struct mw_labels *a, const struct mw_labels *b, unsigned setting) {
    switch (setting) {
    case MW_SET_CLASSES: return a->classes == b->classes;
    case MW_SET_REDUCE_ZERO: return a->reduce_zero == b->reduce_zero;
    case MW_SET_IGNORE: return mw_ranges_equal(&a->ignore, &b->ignore);
    case MW_SET_BINARY:
        return a->binary == b->binary &&
               (a->binary != MW_BINARY_THRESHOLD || a->threshold == b->threshold);
    case MW_SET_BACKGROUND: return mw_ranges_equal(&a->background, &b->background);
    case MW_SET_UNKNOWN: return a->unknown == b->unknown;
    default: return names_equal(a, b);
    }
}

static enum mw_status copy_ranges(struct mw_ranges *to, const struct mw_ranges *from,
                                  struct mw_error *err) {
    mw_ranges_free(to);
    enum mw_status status = MW_OK;
    for (size_t i = 0; !status && i < from->count; i++)
        status = mw_ranges_add(to, from->ranges[i], err);
    return status;
}

static enum mw_status copy_names(struct mw_labels *to, const struct mw_labels *from,
                                 struct mw_error *err) {
    if (to->names || !from->names) return MW_OK;
    to->names = calloc(from->classes, sizeof *to->names);
    if (!to->names) return mw_error_memory(err);
    for (uint32_t i = 0; i < from->classes; i++)
        if (!(to->names[i] = strdup(from->names[i]))) return mw_error_memory(err);
    return MW_OK;
}

static enum mw_status copy_setting(struct mw_labels *to, const struct mw_labels *from,
                                   unsigned setting, struct mw_error *err) {
    switch (setting) {
    case MW_SET_CLASSES: to->classes = from->classes; return MW_OK;
    case MW_SET_REDUCE_ZERO: to->reduce_zero = from->reduce_zero; return MW_OK;
    case MW_SET_IGNORE: return copy_ranges(&to->ignore, &from->ignore, err);
    case MW_SET_BINARY:
        to->binary = from->binary;
        to->threshold = from->threshold;
        return MW_OK;
    case MW_SET_BACKGROUND: return copy_ranges(&to->background, &from->background, err);
    case MW_SET_UNKNOWN: to->unknown = from->unknown; return MW_OK;
    default: return copy_names(to, from, err);
    }
}

static enum mw_status refuse_names(const struct mw_labels *labels, const struct mw_labels *earlier,
                                   struct mw_error *err) {
    uint32_t id = 0;
    while (strcmp(labels->names[id], earlier->names[id]) == 0) id++;
    return mw_error_set(err, MW_USAGE, "class %" PRIu32 " is '%s' there and '%s' %s", id,
                        earlier->names[id], labels->names[id],
                        labels->inherited & MW_SET_NAMES ? "in another document" : "here");
}

static enum mw_status refuse_difference(const struct mw_labels *labels,
                                        const struct mw_labels *earlier, unsigned setting,
                                        struct mw_error *err) {
    struct mw_text text = {0};
    if (setting == MW_SET_NAMES) return refuse_names(labels, earlier, err);
    mw_text_print(&text, "was counted with ");
    describe(earlier, setting, &text);
    mw_text_print(&text, ", and %s ",
                  labels->inherited & setting ? "another document with" : "this run says");
    describe(labels, setting, &text);
    enum mw_status status = text.failed ? mw_error_memory(err)
                                        : mw_error_set(err, MW_USAGE, "%s", text.data);
    mw_text_free(&text);
    return status;
}

enum mw_status mw_labels_inherit(struct mw_labels *labels, const struct mw_labels *earlier,
                                 int64_t highest, struct mw_error *err) {
    for (unsigned setting = MW_SET_CLASSES; setting <= MW_SET_NAMES; setting <<= 1) {
        enum mw_status status = MW_OK;
        bool covered = setting == MW_SET_CLASSES && earlier->classes == 0 && labels->classes &&
                       !(labels->inherited & setting) && highest < labels->classes;
        if (!(labels->given & setting) || (setting == MW_SET_NAMES && !labels->names)) {
            status = copy_setting(labels, earlier, setting, err);
            labels->inherited |= setting;
        } else if (!setting_equal(labels, earlier, setting) && !covered)
            status = refuse_difference(labels, earlier, setting, err);
        if (status) return status;
        labels->given |= setting;
    }
    return MW_OK;
}

const char *mw_labels_name(const struct mw_labels *labels, uint32_t id) {
    return labels->names && id < labels->classes ? labels->names[id] : NULL;
}

void mw_labels_free(struct mw_labels *labels) {
    mw_ranges_free(&labels->ignore);
    mw_ranges_free(&labels->background);
    for (uint32_t i = 0; labels->names && i < labels->classes; i++) free(labels->names[i]);
    free(labels->names);
    *labels = (struct mw_labels){0};
}
