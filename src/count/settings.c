/* Label settings that meet: those of this run and those of documents. One table. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "count/labels.h"

static enum mw_status copy_ranges(struct mw_ranges *to, const struct mw_ranges *from,
                                  struct mw_error *err) {
    mw_ranges_free(to);
    enum mw_status status = MW_OK;
    for (size_t i = 0; !status && i < from->count; i++)
        status = mw_ranges_add(to, from->ranges[i], err);
    return status;
}

static void describe_encoding(const struct mw_labels *labels, struct mw_text *text) {
    mw_text_print(text, "--encoding %s", mw_encodings[labels->encoding].name);
    if (labels->encoding != MW_ENCODING_INSTANCE) return;
    mw_text_print(text, " --divisor %" PRIu32 " --small-values %s", labels->divisor,
                  labels->divide_small ? "divide" : "class");
}

static bool equal_encoding(const struct mw_labels *a, const struct mw_labels *b) {
    if (a->encoding != b->encoding || a->encoding != MW_ENCODING_INSTANCE)
        return a->encoding == b->encoding;
    return (a->divisor ? a->divisor : 1000) == (b->divisor ? b->divisor : 1000) &&
           a->divide_small == b->divide_small;
}

static enum mw_status copy_encoding(struct mw_labels *to, const struct mw_labels *from,
                                    struct mw_error *err) {
    (void)err;
    to->encoding = from->encoding;
    to->divisor = from->divisor;
    to->divide_small = from->divide_small;
    return MW_OK;
}

static void describe_map(const struct mw_labels *labels, struct mw_text *text) {
    bool none = labels->map.count == 0 && !labels->map.has_rest;
    mw_text_print(text, none ? "no --map" : "--map ");
    if (!none) mw_rules_print(&labels->map, text);
}

static bool equal_map(const struct mw_labels *a, const struct mw_labels *b) {
    return mw_rules_equal(&a->map, &b->map);
}

static enum mw_status copy_map(struct mw_labels *to, const struct mw_labels *from,
                               struct mw_error *err) {
    return mw_rules_copy(&to->map, &from->map, err);
}

static void describe_reduce_zero(const struct mw_labels *labels, struct mw_text *text) {
    mw_text_print(text, "%s--reduce-zero-label", labels->reduce_zero ? "" : "no ");
}

static bool equal_reduce_zero(const struct mw_labels *a, const struct mw_labels *b) {
    return a->reduce_zero == b->reduce_zero;
}

static enum mw_status copy_reduce_zero(struct mw_labels *to, const struct mw_labels *from,
                                       struct mw_error *err) {
    (void)err;
    to->reduce_zero = from->reduce_zero;
    return MW_OK;
}

static void describe_ignore(const struct mw_labels *labels, struct mw_text *text) {
    mw_text_print(text, labels->ignore.count ? "--ignore-index " : "no --ignore-index");
    if (labels->ignore.count) mw_ranges_print(&labels->ignore, text);
}

static bool equal_ignore(const struct mw_labels *a, const struct mw_labels *b) {
    return mw_ranges_equal(&a->ignore, &b->ignore);
}

static enum mw_status copy_ignore(struct mw_labels *to, const struct mw_labels *from,
                                  struct mw_error *err) {
    return copy_ranges(&to->ignore, &from->ignore, err);
}

static void describe_binary(const struct mw_labels *labels, struct mw_text *text) {
    if (labels->binary == MW_BINARY_OFF) mw_text_print(text, "no --binary");
    else if (labels->binary == MW_BINARY_NONZERO) mw_text_print(text, "--binary");
    else mw_text_print(text, "--threshold %" PRId64, labels->threshold);
}

static bool equal_binary(const struct mw_labels *a, const struct mw_labels *b) {
    return a->binary == b->binary &&
           (a->binary != MW_BINARY_THRESHOLD || a->threshold == b->threshold);
}

static enum mw_status copy_binary(struct mw_labels *to, const struct mw_labels *from,
                                  struct mw_error *err) {
    (void)err;
    to->binary = from->binary;
    to->threshold = from->threshold;
    return MW_OK;
}

static void describe_classes(const struct mw_labels *labels, struct mw_text *text) {
    if (labels->ids || labels->values.count) mw_text_print(text, "the classes of a class map");
    else if (labels->classes) mw_text_print(text, "--classes %" PRIu32, labels->classes);
    else mw_text_print(text, "undeclared classes");
}

static bool equal_classes(const struct mw_labels *a, const struct mw_labels *b) {
    if (a->classes != b->classes || !mw_rules_equal(&a->values, &b->values)) return false;
    for (uint32_t i = 0; i < a->classes; i++)
        if (mw_labels_id(a, i) != mw_labels_id(b, i)) return false;
    return true;
}

static enum mw_status copy_classes(struct mw_labels *to, const struct mw_labels *from,
                                   struct mw_error *err) {
    to->classes = from->classes;
    if (from->ids) {
        size_t size = from->classes * sizeof *to->ids;
        to->ids = malloc(size);
        if (!to->ids) return mw_error_memory(err);
        memcpy(to->ids, from->ids, size);
    }
    return mw_rules_copy(&to->values, &from->values, err);
}

static void describe_background(const struct mw_labels *labels, struct mw_text *text) {
    mw_text_print(text, "--background ");
    mw_ranges_print(&labels->background, text);
}

static bool equal_background(const struct mw_labels *a, const struct mw_labels *b) {
    return mw_ranges_equal(&a->background, &b->background);
}

static enum mw_status copy_background(struct mw_labels *to, const struct mw_labels *from,
                                      struct mw_error *err) {
    return copy_ranges(&to->background, &from->background, err);
}

static void describe_unknown(const struct mw_labels *labels, struct mw_text *text) {
    mw_text_print(text, "--unknown %s", labels->unknown == MW_UNKNOWN_ERROR ? "error" : "ignore");
}

static bool equal_unknown(const struct mw_labels *a, const struct mw_labels *b) {
    return a->unknown == b->unknown;
}

static enum mw_status copy_unknown(struct mw_labels *to, const struct mw_labels *from,
                                   struct mw_error *err) {
    (void)err;
    to->unknown = from->unknown;
    return MW_OK;
}

static void describe_nodata(const struct mw_labels *labels, struct mw_text *text) {
    mw_text_print(text, "--nodata %s", mw_nodata_names[labels->nodata]);
}

static bool equal_nodata(const struct mw_labels *a, const struct mw_labels *b) {
    return a->nodata == b->nodata;
}

static enum mw_status copy_nodata(struct mw_labels *to, const struct mw_labels *from,
                                  struct mw_error *err) {
    (void)err;
    to->nodata = from->nodata;
    return MW_OK;
}

static void describe_alpha(const struct mw_labels *labels, struct mw_text *text) {
    mw_text_print(text, "--alpha %s", labels->transparent_ignored ? "use" : "ignore");
}

static bool equal_alpha(const struct mw_labels *a, const struct mw_labels *b) {
    return a->transparent_ignored == b->transparent_ignored;
}

static enum mw_status copy_alpha(struct mw_labels *to, const struct mw_labels *from,
                                 struct mw_error *err) {
    (void)err;
    to->transparent_ignored = from->transparent_ignored;
    return MW_OK;
}

/* Names may be added, so none agree with any. */
static bool equal_names(const struct mw_labels *a, const struct mw_labels *b) {
    if (!a->names || !b->names) return true;
    for (uint32_t i = 0; i < a->classes && i < b->classes; i++)
        if (strcmp(a->names[i], b->names[i]) != 0) return false;
    return true;
}

static enum mw_status copy_names(struct mw_labels *to, const struct mw_labels *from,
                                 struct mw_error *err) {
    if (to->names || !from->names || to->classes != from->classes) return MW_OK;
    to->names = calloc(from->classes, sizeof *to->names);
    if (!to->names) return mw_error_memory(err);
    for (uint32_t i = 0; i < from->classes; i++)
        if (!(to->names[i] = strdup(from->names[i]))) return mw_error_memory(err);
    return MW_OK;
}

static const struct setting {
    enum mw_setting bit;
    void (*describe)(const struct mw_labels *labels, struct mw_text *text); /* NULL: names */
    bool (*equal)(const struct mw_labels *a, const struct mw_labels *b);
    enum mw_status (*copy)(struct mw_labels *to, const struct mw_labels *from,
                           struct mw_error *err);
} settings[] = {
    {MW_SET_ENCODING, describe_encoding, equal_encoding, copy_encoding},
    {MW_SET_MAP, describe_map, equal_map, copy_map},
    {MW_SET_REDUCE_ZERO, describe_reduce_zero, equal_reduce_zero, copy_reduce_zero},
    {MW_SET_IGNORE, describe_ignore, equal_ignore, copy_ignore},
    {MW_SET_BINARY, describe_binary, equal_binary, copy_binary},
    {MW_SET_CLASSES, describe_classes, equal_classes, copy_classes},
    {MW_SET_BACKGROUND, describe_background, equal_background, copy_background},
    {MW_SET_UNKNOWN, describe_unknown, equal_unknown, copy_unknown},
    {MW_SET_NODATA, describe_nodata, equal_nodata, copy_nodata},
    {MW_SET_ALPHA, describe_alpha, equal_alpha, copy_alpha},
    {MW_SET_NAMES, NULL, equal_names, copy_names},
};

static enum mw_status refuse_names(const struct mw_labels *labels, const struct mw_labels *earlier,
                                   const char *name, struct mw_error *err) {
    uint32_t place = 0;
    while (strcmp(labels->names[place], earlier->names[place]) == 0) place++;
    const char *other = labels->names_from ? labels->names_from : "the class map of this run";
    return mw_error_set(err, MW_USAGE,
                        "%s: class %" PRIu32 " has the name '%s', and '%s' in %s: count again with "
                        "one class map%s",
                        name, mw_labels_id(labels, place), earlier->names[place],
                        labels->names[place], other,
                        labels->names_from ? "" : ", or leave --class-map out");
}

static enum mw_status refuse_difference(const struct mw_labels *labels,
                                        const struct mw_labels *earlier,
                                        const struct setting *setting, const char *name,
                                        struct mw_error *err) {
    struct mw_text text = {0};
    bool inherited = labels->inherited & setting->bit;
    if (!setting->describe) return refuse_names(labels, earlier, name, err);
    mw_text_print(&text, "%s: was counted with ", name);
    setting->describe(earlier, &text);
    if (inherited) mw_text_print(&text, ", and %s with ", labels->settings_from);
    else mw_text_print(&text, ", and this run says ");
    setting->describe(labels, &text);
    mw_text_print(&text, inherited ? ": count one of them again with the options of the other"
                                   : ": leave that out, or count the masks again with it");
    enum mw_status status = text.failed ? mw_error_memory(err)
                                        : mw_error_set(err, MW_USAGE, "%s", text.data);
    mw_text_free(&text);
    return status;
}

/* A class map given for a document that was counted through one may say less: the same ids, but not
 * the colours or values that stood for them. Then it adds names. */
static bool adds_names_only(const struct mw_labels *labels, const struct mw_labels *earlier) {
    if (!labels->names || labels->values.count || labels->classes != earlier->classes) return false;
    for (uint32_t i = 0; i < labels->classes; i++)
        if (mw_labels_id(labels, i) != mw_labels_id(earlier, i)) return false;
    return true;
}

static bool covers(const struct mw_labels *labels, const struct mw_labels *earlier,
                   int64_t highest) {
    bool enough = mw_labels_multi(earlier) ? highest + 1 == labels->classes /* a plane for each */
                                           : highest < labels->classes;
    return earlier->classes == 0 && !labels->ids && !labels->values.count && enough;
}

enum mw_status mw_labels_inherit(struct mw_labels *labels, const struct mw_labels *earlier,
                                 int64_t highest, const char *name, struct mw_error *err) {
    if (!labels->settings_from) labels->settings_from = name;
    mw_rules_normalize(&labels->map); /* that of `earlier`, which is resolved, is already */
    bool named = labels->names != NULL;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        const struct setting *setting = &settings[i];
        enum mw_status status = MW_OK;
        bool ours = setting->bit == MW_SET_CLASSES && labels->classes &&
                    !(labels->inherited & setting->bit);
        if (!(labels->given & setting->bit) || (setting->bit == MW_SET_NAMES && !labels->names)) {
            status = setting->copy(labels, earlier, err);
            labels->inherited |= setting->bit;
        } else if (ours && adds_names_only(labels, earlier)) {
            status = mw_rules_copy(&labels->values, &earlier->values, err);
        } else if (!setting->equal(labels, earlier) &&
                   !(ours && covers(labels, earlier, highest))) {
            status = refuse_difference(labels, earlier, setting, name, err);
        }
        if (status) return status;
        labels->given |= setting->bit;
    }
    if (labels->names && !named) labels->names_from = name;
    return MW_OK;
}

enum mw_status mw_labels_compare(const struct mw_labels *labels, const struct mw_labels *earlier,
                                 const char *name, struct mw_error *err) {
    if (mw_labels_multi(labels) != mw_labels_multi(earlier))
        return mw_error_set(err, MW_USAGE, "%s: is %s, and this run is %s", name,
                            mw_labels_kind(earlier), mw_labels_kind(labels));
    unsigned compared = MW_SET_REDUCE_ZERO | MW_SET_IGNORE | MW_SET_BINARY;
    if (labels->names && earlier->names && labels->classes == earlier->classes)
        compared |= MW_SET_NAMES;
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (settings[i].bit & compared && !settings[i].equal(labels, earlier))
            return refuse_difference(labels, earlier, &settings[i], name, err);
    return MW_OK;
}
