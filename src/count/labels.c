#include "count/labels.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct mw_encoding_kind mw_encodings[] = {
    [MW_ENCODING_INDEX] = {"index", "a pixel is the class id", false, false},
    [MW_ENCODING_RGB] = {"rgb", "a pixel is the class's colour in the class map", true, false},
    [MW_ENCODING_ADE20K] = {"ade20k", "R / 10 * 256 + G of an RGB pixel is the class id", true,
                            false},
    [MW_ENCODING_INSTANCE] = {"instance", "a pixel is class * divisor + instance", false, false},
    [MW_ENCODING_PLANES] = {"planes", "each channel or page is a yes-no plane of one class", false,
                            true},
};
const size_t mw_encoding_count = sizeof mw_encodings / sizeof mw_encodings[0];

const char *const mw_nodata_names[] = {"auto", "use", "count"};

bool mw_labels_declares(const struct mw_labels *labels, int64_t id, uint32_t *place) {
    if (id < 0 || id > UINT32_MAX) return false;
    if (!labels->ids) {
        *place = (uint32_t)id;
        return id < labels->classes;
    }
    uint32_t low = 0, high = labels->classes;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (labels->ids[middle] < id) low = middle + 1;
        else high = middle;
    }
    *place = low;
    return low < labels->classes && labels->ids[low] == id;
}

uint32_t mw_labels_id(const struct mw_labels *labels, uint32_t place) {
    return labels->ids ? labels->ids[place] : place;
}

const char *mw_labels_name(const struct mw_labels *labels, uint32_t id) {
    uint32_t place;
    return labels->names && mw_labels_declares(labels, id, &place) ? labels->names[place] : NULL;
}

bool mw_labels_multi(const struct mw_labels *labels) {
    return mw_encodings[labels->encoding].multi_label;
}

const char *mw_labels_kind(const struct mw_labels *labels) {
    return mw_labels_multi(labels) ? "multi-label" : "single-label";
}

/* 0 is no; 1, and what writers make of "true", the largest value of 8 or 16 bits, is yes. */
static struct mw_label answer(const struct mw_labels *labels, int64_t value) {
    bool yes = value == 1 || value == UINT8_MAX || value == UINT16_MAX;
    if (value < 0) return (struct mw_label){MW_LABEL_UNKNOWN, 0};
    if (labels->binary == MW_BINARY_NONZERO) yes = value != 0;
    if (labels->binary == MW_BINARY_THRESHOLD) yes = value >= labels->threshold;
    if (!yes && value && !labels->binary) return (struct mw_label){MW_LABEL_UNKNOWN, 0};
    return (struct mw_label){MW_LABEL_CLASS, yes};
}

static int64_t decode(const struct mw_labels *labels, int64_t sample) {
    if (labels->encoding == MW_ENCODING_ADE20K)
        return (sample >> 16) / 10 * 256 + (sample >> 8 & 0xff);
    if (labels->encoding != MW_ENCODING_INSTANCE || sample < 0) return sample;
    return sample < labels->divisor && !labels->divide_small ? sample : sample / labels->divisor;
}

struct mw_label mw_labels_classify(const struct mw_labels *labels, int64_t sample) {
    static const struct mw_label ignored = {MW_LABEL_IGNORED, 0}, unknown = {MW_LABEL_UNKNOWN, 0};
    uint32_t place;
    if (mw_encodings[labels->encoding].colour && (sample < 0 || sample > 0xffffff)) return unknown;
    int64_t to, value = decode(labels, sample);
    if (mw_rules_find(&labels->map, value, &to)) value = to;
    if (value == MW_TO_IGNORED) return ignored;
    if (labels->reduce_zero) {
        if (value == 0 || value == 255) return ignored;
        value--;
    }
    if (labels->ignore.count && mw_ranges_contain(&labels->ignore, value)) return ignored;
    if (mw_labels_multi(labels)) return answer(labels, value);
    bool mapped = labels->values.count > 0;
    if (mapped && mw_rules_find(&labels->values, value, &to)) {
        if (to == MW_TO_IGNORED) return ignored;
        return (struct mw_label){MW_LABEL_CLASS, (uint32_t)to};
    }
    if (value < 0 || mapped) return unknown;
    if (labels->binary == MW_BINARY_NONZERO) value = value != 0;
    if (labels->binary == MW_BINARY_THRESHOLD) value = value >= labels->threshold;
    if (value > UINT32_MAX || (labels->classes && !mw_labels_declares(labels, value, &place)))
        return unknown;
    return (struct mw_label){MW_LABEL_CLASS, (uint32_t)value};
}

static enum mw_status check_background(const struct mw_labels *labels, struct mw_error *err) {
    for (size_t i = 0; i < labels->background.count; i++) {
        struct mw_range range = labels->background.ranges[i];
        uint32_t place;
        for (int64_t id = range.first; id <= range.last; id++) {
            if (labels->classes ? mw_labels_declares(labels, id, &place) : id >= 0) {
                if (!labels->classes) break; /* the rest of the range is not negative either */
                continue;
            }
            if (labels->classes && !labels->ids)
                return mw_error_set(err, MW_USAGE,
                                    "--background: %" PRId64 " is not one of the classes 0 to "
                                    "%" PRIu32,
                                    id, labels->classes - 1);
            return mw_error_set(err, MW_USAGE, "--background: %" PRId64 " is no class id", id);
        }
    }
    return MW_OK;
}

static enum mw_status resolve_background(struct mw_labels *labels, struct mw_error *err) {
    uint32_t place;
    bool given = labels->given & MW_SET_BACKGROUND || labels->background.count;
    bool zero = labels->classes == 0 || mw_labels_declares(labels, 0, &place);
    if (!given && !labels->reduce_zero && zero && !mw_labels_multi(labels))
        return mw_ranges_add(&labels->background, (struct mw_range){0, 0}, err);
    return check_background(labels, err);
}

static enum mw_status check_binary(struct mw_labels *labels, struct mw_error *err) {
    if (labels->classes == 0) labels->classes = 2;
    if (labels->classes != 2)
        return mw_error_set(err, MW_USAGE,
                            "--binary and --threshold make 2 classes, but %" PRIu32 " are declared",
                            labels->classes);
    if (labels->ids || labels->values.count)
        return mw_error_set(err, MW_USAGE,
                            "--binary and --threshold make the classes 0 and 1, but others are "
                            "declared");
    return MW_OK;
}

static enum mw_status check_planes(const struct mw_labels *labels, struct mw_error *err) {
    if (labels->reduce_zero)
        return mw_error_set(err, MW_USAGE,
                            "--reduce-zero-label is for class ids, and --encoding planes has none");
    if (labels->transparent_ignored)
        return mw_error_set(err, MW_USAGE,
                            "--alpha use is for one label per pixel; with --encoding planes alpha "
                            "is a plane like the others");
    if (labels->values.count)
        return mw_error_set(err, MW_USAGE,
                            "--encoding planes takes the classes in order of id: use a class map "
                            "without stored values and ignored classes");
    return MW_OK;
}

/* Class ids are no colours, and values are only where pixels are. */
static enum mw_status check_colours(const struct mw_labels *labels, struct mw_error *err) {
    if (labels->background.colours)
        return mw_error_set(err, MW_USAGE, "--background takes class ids, not colours");
    if (labels->encoding == MW_ENCODING_RGB || !(labels->map.colours || labels->ignore.colours))
        return MW_OK;
    return mw_error_set(err, MW_USAGE, "%s takes colours as #RRGGBB with --encoding rgb only",
                        labels->map.colours ? "--map" : "--ignore-index");
}

enum mw_status mw_labels_resolve(struct mw_labels *labels, struct mw_error *err) {
    enum mw_status status = check_colours(labels, err);
    if (status) return status;
    mw_rules_normalize(&labels->map);
    if (labels->encoding == MW_ENCODING_INSTANCE && labels->divisor == 0) labels->divisor = 1000;
    if (labels->encoding == MW_ENCODING_RGB && labels->values.count == 0)
        return mw_error_set(err, MW_USAGE,
                            "--encoding rgb needs a --class-map that has the colours");
    if (mw_labels_multi(labels)) status = check_planes(labels, err);
    else if (labels->binary != MW_BINARY_OFF) status = check_binary(labels, err);
    return status ? status : resolve_background(labels, err);
}

void mw_labels_free(struct mw_labels *labels) {
    mw_rules_free(&labels->map);
    mw_rules_free(&labels->values);
    mw_ranges_free(&labels->ignore);
    mw_ranges_free(&labels->background);
    for (uint32_t i = 0; labels->names && i < labels->classes; i++) free(labels->names[i]);
    free(labels->names);
    free(labels->ids);
    *labels = (struct mw_labels){0};
}
