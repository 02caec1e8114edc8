#include "count/mask.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mw_status mw_mask_add_class(struct mw_mask *mask, struct mw_class_pixels entry,
                                 struct mw_error *err) {
    if (mask->count == mask->capacity) {
        size_t capacity = mask->capacity ? 2 * mask->capacity : 64;
        struct mw_class_pixels *classes = realloc(mask->classes, capacity * sizeof *classes);
        if (!classes) return mw_error_memory(err);
        mask->classes = classes;
        mask->capacity = capacity;
    }
    mask->classes[mask->count++] = entry;
    return MW_OK;
}

static enum mw_status add_class(struct mw_mask *mask, uint32_t id, uint64_t pixels,
                                struct mw_error *err) {
    if (!mask->count || mask->classes[mask->count - 1].id != id)
        return mw_mask_add_class(mask, (struct mw_class_pixels){.id = id, .pixels = pixels}, err);
    mask->classes[mask->count - 1].pixels += pixels;
    return MW_OK;
}

/* Keeps the values with the most pixels, then the smaller value. */
static void add_unknown(struct mw_mask *mask, int64_t value, uint64_t pixels) {
    struct mw_unknown_value *list = mask->unknown;
    size_t kept = mask->unknown_values < MW_UNKNOWN_SHOWN ? (size_t)mask->unknown_values
                                                          : MW_UNKNOWN_SHOWN;
    size_t place = kept;
    while (place > 0 && (list[place - 1].pixels < pixels ||
                         (list[place - 1].pixels == pixels && list[place - 1].value > value)))
        place--;
    mask->unknown_values++;
    if (place == MW_UNKNOWN_SHOWN) return;
    if (kept == MW_UNKNOWN_SHOWN) kept--;
    memmove(list + place + 1, list + place, (kept - place) * sizeof *list);
    list[place] = (struct mw_unknown_value){.value = value, .pixels = pixels};
}

static int class_compare(const void *a, const void *b) {
    const struct mw_class_pixels *left = a, *right = b;
    return left->id < right->id ? -1 : left->id > right->id;
}

/* Puts the classes in order of id and joins those that several values stand for. */
static void sort_classes(struct mw_mask *mask) {
    size_t kept = 0;
    bool sorted = true;
    for (size_t i = 1; i < mask->count && sorted; i++)
        sorted = mask->classes[i - 1].id < mask->classes[i].id;
    if (sorted) return;
    qsort(mask->classes, mask->count, sizeof *mask->classes, class_compare);
    for (size_t i = 0; i < mask->count; i++) {
        if (kept && mask->classes[kept - 1].id == mask->classes[i].id)
            mask->classes[kept - 1].pixels += mask->classes[i].pixels;
        else mask->classes[kept++] = mask->classes[i];
    }
    mask->count = kept;
}

bool mw_looks_lossy(const uint64_t pixels_of[256]) {
    uint64_t total = 0, near_0 = 0, near_255 = 0;
    unsigned between = 0, just_below = 0;
    for (unsigned value = 240; value < 255; value++) just_below += pixels_of[value] > 0;
    if (just_below < 3) return false; /* almost every mask ends here */
    for (unsigned value = 0; value < 256; value++) {
        uint64_t pixels = pixels_of[value];
        total += pixels;
        if (value < 16) near_0 += pixels;
        if (value >= 240) near_255 += pixels;
        if (value > 0 && value < 255) between += pixels > 0;
    }
    return near_0 && between >= 16 && near_0 + near_255 >= total / 10 * 8 &&
           near_255 >= total - near_0 - near_255;
}

void mw_mask_begin(struct mw_mask *mask, const struct mw_layout *layout, bool multi_label) {
    struct mw_class_pixels *classes = mask->classes;
    size_t capacity = mask->capacity;
    *mask = (struct mw_mask){
        .layout = *layout, .multi_label = multi_label, .classes = classes, .capacity = capacity};
}

int64_t mw_mask_value(const struct mw_layout *layout, bool by_colour, int64_t value) {
    if (!by_colour || layout->is_colour) return value;
    if (layout->palette)
        return value < layout->palette_entries ? (int64_t)layout->palette[value] : -1;
    return value * 0x010101;
}

static enum mw_status check_nodata(const struct mw_layout *layout, const struct mw_labels *labels,
                                   struct mw_error *err) {
    uint32_t place;
    if (!layout->has_nodata || labels->nodata != MW_NODATA_AUTO) return MW_OK;
    bool multi = mw_labels_multi(labels), by_colour = mw_encodings[labels->encoding].colour;
    int64_t value = multi ? layout->nodata_sample
                          : mw_mask_value(layout, by_colour, layout->nodata);
    struct mw_label label = mw_labels_classify(labels, value);
    if (label.kind != MW_LABEL_CLASS) return MW_OK;
    if (multi)
        return mw_error_set(err, MW_REFUSED,
                            "its nodata value %" PRId64 " also says %s in a plane: say --nodata "
                            "use (leave it out) or --nodata count",
                            value, label.id ? "yes" : "no");
    bool background = mw_ranges_contain(&labels->background, label.id);
    if (!background && !mw_labels_declares(labels, label.id, &place)) return MW_OK;
    return mw_error_set(err, MW_REFUSED,
                        "its nodata value %" PRId64 " is also %s: say --nodata use (leave it out) "
                        "or --nodata count",
                        layout->is_colour ? layout->nodata_sample : layout->nodata,
                        background ? "the background" : "a declared class");
}

enum mw_status mw_mask_check_layout(const struct mw_layout *layout, const struct mw_labels *labels,
                                    struct mw_error *err) {
    const struct mw_encoding_kind *encoding = &mw_encodings[labels->encoding];
    if (encoding->multi_label) return check_nodata(layout, labels, err);
    if (mw_layout_is_plural(layout))
        return mw_error_set(err, MW_REFUSED,
                            "%" PRIu32 " samples per pixel: a mask needs one value or one RGB "
                            "colour per pixel; if each is a yes-no plane of one class, use "
                            "--encoding planes",
                            layout->channels);
    if (layout->is_colour && !encoding->colour)
        return mw_error_set(err, MW_REFUSED,
                            "RGB%s colours, and a mask needs one value per pixel: use --encoding "
                            "rgb with a class map that has the colours",
                            layout->has_alpha ? "A" : "");
    bool grey_8 = layout->bits == 8 && !layout->is_signed;
    if (encoding->colour && !layout->is_colour && !layout->palette && !grey_8)
        return mw_error_set(err, MW_REFUSED,
                            "%" PRIu32 "-bit values, not colours as --encoding %s needs",
                            layout->bits, encoding->name);
    return check_nodata(layout, labels, err);
}

/* Whether all pixels of a stored value are transparent: by a palette entry or a colour key. */
static bool is_clear(const struct mw_layout *layout, const struct mw_labels *labels,
                     int64_t value) {
    if (!labels->transparent_ignored) return false;
    if (layout->palette) return value < layout->palette_alphas && !layout->palette_alpha[value];
    return layout->has_clear && value == layout->clear;
}

enum mw_status mw_mask_label(struct mw_mask *mask, const struct mw_histogram *histogram,
                             const struct mw_labels *labels, struct mw_error *err) {
    int64_t value;
    uint64_t pixels;
    bool nodata = histogram->layout.has_nodata && labels->nodata != MW_NODATA_COUNT;
    bool by_colour = mw_encodings[labels->encoding].colour;
    mw_mask_begin(mask, &histogram->layout, false);
    mask->ignored_pixels = histogram->transparent;
    for (size_t cursor = 0; mw_histogram_next(histogram, &cursor, &value, &pixels);) {
        bool is_nodata = nodata && value == histogram->layout.nodata;
        bool missing = is_nodata || is_clear(&histogram->layout, labels, value);
        enum mw_status status = MW_OK;
        value = mw_mask_value(&histogram->layout, by_colour, value);
        struct mw_label label = mw_labels_classify(labels, value);
        if (missing || label.kind == MW_LABEL_IGNORED) {
            mask->ignored_pixels += pixels;
            mask->nodata_ignored |= is_nodata && label.kind != MW_LABEL_IGNORED;
        } else if (label.kind == MW_LABEL_UNKNOWN) {
            mask->unknown_pixels += pixels;
            add_unknown(mask, value, pixels);
        } else {
            mask->pixels += pixels;
            status = add_class(mask, label.id, pixels, err);
        }
        if (status) return status;
    }
    sort_classes(mask);
    const struct mw_layout *layout = &histogram->layout;
    mask->looks_lossy = layout->bits == 8 && !layout->is_signed && !layout->is_colour &&
                        mw_looks_lossy(histogram->dense);
    return MW_OK;
}

void mw_mask_begin_planes(struct mw_mask *mask) {
    mw_mask_begin(mask, &(struct mw_layout){0}, true);
}

/* One value says yes, after --map, so that a void label of 255 beside a 1 is not taken for it. */
static enum mw_status check_yes(const struct mw_labels *labels, int64_t value, int64_t *yes,
                                struct mw_error *err) {
    int64_t to;
    if (labels->binary) return MW_OK;
    if (mw_rules_find(&labels->map, value, &to)) value = to;
    if (*yes < 0) *yes = value;
    if (*yes == value) return MW_OK;
    return mw_error_set(err, MW_LABEL,
                        "both %" PRId64 " and %" PRId64 " say yes: leave out the one that is void "
                        "with --ignore-index, or say --binary",
                        *yes, value);
}

enum mw_status mw_mask_add_plane(struct mw_mask *mask, const struct mw_histogram *histogram,
                                 const struct mw_labels *labels, struct mw_error *err) {
    const struct mw_layout *layout = &histogram->layout;
    bool nodata = layout->has_nodata && labels->nodata != MW_NODATA_COUNT;
    int64_t value, yes = -1;
    uint64_t pixels, unknown = 0;
    if (labels->classes && mask->count == labels->classes)
        return mw_error_set(err, MW_LABEL, "more planes than the %" PRIu32 " declared classes",
                            labels->classes);
    struct mw_class_pixels plane = {.id = (uint32_t)mask->count};
    if (labels->classes) plane.id = mw_labels_id(labels, plane.id);
    mask->layout = *layout;
    mask->unknown_values = 0;
    for (size_t cursor = 0; mw_histogram_next(histogram, &cursor, &value, &pixels);) {
        enum mw_status status = MW_OK;
        struct mw_label label = mw_labels_classify(labels, value);
        if ((nodata && value == layout->nodata) || label.kind == MW_LABEL_IGNORED) {
            plane.ignored_pixels += pixels;
        } else if (label.kind == MW_LABEL_UNKNOWN) {
            unknown += pixels;
            add_unknown(mask, value, pixels);
        } else {
            plane.valid_pixels += pixels;
            if (label.id) plane.pixels += pixels;
            if (label.id) status = check_yes(labels, value, &yes, err);
        }
        if (status) return status;
    }
    mask->pixels += plane.valid_pixels;
    mask->ignored_pixels += plane.ignored_pixels;
    mask->unknown_pixels += unknown;
    return mw_mask_add_class(mask, plane, err);
}

bool mw_mask_is_empty(const struct mw_mask *mask, const struct mw_labels *labels) {
    for (size_t i = 0; i < mask->count; i++)
        if (mask->classes[i].pixels && !mw_ranges_contain(&labels->background, mask->classes[i].id))
            return false;
    return mask->pixels > 0;
}

double mw_mask_ignored_share(const struct mw_mask *mask) {
    double all = (double)mask->pixels + (double)mask->ignored_pixels + (double)mask->unknown_pixels;
    return all > 0 ? (double)mask->ignored_pixels / all : 0;
}

/* "599 pixels, first at x 47, y 76" */
static void describe_extent(const struct mw_unknown_value *unknown, struct mw_text *text) {
    mw_text_print(text, "%" PRIu64 " %s", unknown->pixels,
                  unknown->pixels == 1 ? "pixel" : "pixels");
    if (unknown->found)
        mw_text_print(text, ", first at x %" PRIu32 ", y %" PRIu32, unknown->x, unknown->y);
}

/* A value, or a colour as #RRGGBB. */
static void describe_value(const struct mw_layout *layout, int64_t value, bool by_colour,
                           struct mw_text *text) {
    if (layout->nodata_text && value == layout->nodata)
        mw_text_print(text, "%s", layout->nodata_text);
    else if (by_colour && value < 0) mw_text_print(text, "of an index beyond the palette");
    else if (!by_colour) mw_text_print(text, "%" PRId64, value);
    else
        mw_text_print(text, "#%06" PRIX64 "%s", value & 0xffffff,
                      value >> 24 ? " (rounded from 16 bits)" : "");
}

static void describe_unknown(const struct mw_mask *mask, const char *classes, bool by_colour,
                             struct mw_text *text) {
    if (mask->unknown_values == 1) {
        mw_text_print(text, by_colour ? "colour " : "value ");
        describe_value(&mask->layout, mask->unknown[0].value, by_colour, text);
        mw_text_print(text, " is %s: ", classes);
        describe_extent(&mask->unknown[0], text);
        return;
    }
    mw_text_print(text, "%" PRIu64 " %s are %s: ", mask->unknown_values,
                  by_colour ? "colours" : "values", classes);
    for (size_t i = 0; i < mask->unknown_values && i < MW_UNKNOWN_SHOWN; i++) {
        mw_text_print(text, "%s", i ? ", " : "");
        describe_value(&mask->layout, mask->unknown[i].value, by_colour, text);
        mw_text_print(text, " (");
        describe_extent(&mask->unknown[i], text);
        mw_text_print(text, ")");
    }
    if (mask->unknown_values > MW_UNKNOWN_SHOWN) mw_text_print(text, ", ...");
}

static const char *remedy(const struct mw_mask *mask, const struct mw_labels *labels) {
    int64_t first = mask->unknown[0].value;
    if (labels->encoding == MW_ENCODING_RGB && first >= 0 && first <= 0xffffff)
        return "add it to the class map, or leave it out with --unknown ignore";
    if (mask->multi_label && first < 0) return "--ignore-index leaves it out";
    if (mask->multi_label)
        return "--binary makes all that is not 0 a yes, --ignore-index leaves a value out";
    return NULL;
}

void mw_mask_describe_unknown(const struct mw_mask *mask, const struct mw_labels *labels,
                              struct mw_text *text) {
    char classes[64] = "no class";
    bool by_colour = mw_encodings[labels->encoding].colour;
    if (mask->multi_label)
        snprintf(classes, sizeof classes, "neither no (0) nor yes (1, 255 or 65535)");
    else if (labels->classes && !labels->ids && !labels->values.count)
        snprintf(classes, sizeof classes, "no class (0 to %" PRIu32 ")", labels->classes - 1);
    describe_unknown(mask, classes, by_colour, text);
}

enum mw_status mw_mask_refuse_unknown(const struct mw_mask *mask, const struct mw_labels *labels,
                                      struct mw_error *err) {
    struct mw_text text = {0};
    mw_mask_describe_unknown(mask, labels, &text);
    const char *hint = remedy(mask, labels);
    if (hint) mw_text_print(&text, "; %s", hint);
    enum mw_status status = text.failed ? mw_error_memory(err)
                                        : mw_error_set(err, MW_LABEL, "%s", text.data);
    mw_text_free(&text);
    return status;
}

void mw_mask_free(struct mw_mask *mask) {
    free(mask->classes);
    *mask = (struct mw_mask){0};
}
