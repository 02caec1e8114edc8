/* Guesses about masks of one value a pixel. */
#include <inttypes.h>
#include <string.h>

#include "audit/guess_view.h"
#include "count/mask.h"

static const struct mw_value *first_of(const struct mw_view *view) {
    return view->list[0];
}

static enum mw_status ignore_value(struct mw_guess *guess, int64_t value, struct mw_error *err) {
    guess->labels.given |= MW_SET_IGNORE;
    return mw_ranges_add(&guess->labels.ignore, (struct mw_range){value, value}, err);
}

static void make_binary(struct mw_guess *guess) {
    guess->labels.binary = MW_BINARY_NONZERO;
    guess->labels.given |= MW_SET_BINARY;
}

enum mw_status mw_fits_nothing(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                               struct mw_error *err) {
    (void)err;
    *fits = !view->labels && view->count == 0;
    guess->useless = true;
    mw_text_print(&guess->why, "no value that could be a class: only negative ones or nodata");
    return MW_OK;
}

/* A volume of binary masks is stored alike; but planes exclude each other pixel by pixel more often
 * than not, and files of a dataset have the same number of them. */
enum mw_status mw_fits_planes(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                              struct mw_error *err) {
    const struct mw_inspection *facts = view->facts;
    (void)err;
    *fits = !view->labels && facts->files > 0 && facts->plane_files == facts->files &&
            facts->fewest_masks == facts->most_masks &&
            (facts->files > 1 || facts->one_hot_files == 1 || view->any_plural);
    if (!*fits) return MW_OK;
    guess->labels.encoding = MW_ENCODING_PLANES;
    guess->labels.given |= MW_SET_ENCODING;
    mw_text_print(&guess->why, "%" PRIu64 " binary planes a file, one a class%s", facts->most_masks,
                  facts->one_hot_files == facts->files ? ": their pixels add up to one plane"
                  : view->any_plural                   ? ""
                                     : " (or a volume of binary masks: then --binary)");
    return MW_OK;
}

enum mw_status mw_fits_bands(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                             struct mw_error *err) {
    (void)err;
    *fits = view->any_plural && !view->labels;
    guess->useless = true;
    mw_text_print(&guess->why,
                  "several values a pixel that are neither colours nor all binary: an image of "
                  "several bands (of probabilities: --encoding planes --threshold T)");
    return MW_OK;
}

enum mw_status mw_fits_binary(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                              struct mw_error *err) {
    (void)err;
    *fits = view->highest <= 1 && !view->labels;
    if (view->count == 2) mw_text_print(&guess->why, "the values are 0 and 1: classes as they are");
    else
        mw_text_print(&guess->why, "every pixel is %" PRId64 ": name more masks",
                      view->count ? view->highest : 0);
    return MW_OK;
}

enum mw_status mw_fits_binary_high(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                   struct mw_error *err) {
    int64_t largest = ((int64_t)1 << (view->bits < 32 ? view->bits : 8)) - 1;
    (void)err;
    *fits = view->count == 2 && first_of(view)->value == 0 &&
            (view->highest == 255 || view->highest == largest);
    if (!*fits) return MW_OK;
    make_binary(guess);
    mw_text_print(&guess->why,
                  "the values are exactly 0 and %" PRId64 ": --binary makes them 0 "
                  "and 1",
                  view->highest);
    return MW_OK;
}

/* Many rare values between two frequent ones that mark out the range. */
static bool has_rare_between(const struct mw_view *view) {
    const struct mw_value *low = view->list[0], *high = view->list[view->count - 1];
    uint64_t ends = low->pixels < high->pixels ? low->pixels : high->pixels, between = 0;
    int64_t sum = 0, spread = high->value - low->value;
    size_t count = view->count - 2;
    for (size_t i = 1; i + 1 < view->count; i++) {
        if (view->list[i]->pixels > ends / 10) return false;
        between += view->list[i]->pixels;
        sum += view->list[i]->value - low->value;
    }
    int64_t mean = sum / (int64_t)count, most = view->list[view->count - 2]->value - low->value;
    return between < view->pixels / 5 && mean > spread * 3 / 8 && mean < spread * 5 / 8 &&
           most > spread / 2;
}

static bool is_lossy(const struct mw_view *view) {
    uint64_t pixels_of[256] = {0};
    for (size_t i = 0; i < view->count; i++)
        pixels_of[view->list[i]->value] = view->list[i]->pixels;
    return mw_looks_lossy(pixels_of);
}

enum mw_status mw_fits_blended(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                               struct mw_error *err) {
    (void)err;
    bool wide = view->bits == 8 && view->count >= 5 && view->highest >= 240 &&
                view->highest <= 255 && first_of(view)->value < 16 && !view->facts->palette.entries;
    bool lossy = wide && is_lossy(view);
    *fits = lossy || (wide && has_rare_between(view));
    if (!*fits) return MW_OK;
    guess->labels.binary = MW_BINARY_THRESHOLD;
    guess->labels.threshold = 128;
    guess->labels.given |= MW_SET_BINARY;
    mw_text_print(
        &guess->why,
        "%zu grey values between two frequent ones near 0 and 255: a binary mask that was "
        "saved as JPEG or resized smoothly once; --threshold 128 may recover it",
        view->count - 2);
    return MW_OK;
}

/* 0, 85, 170, 255: ids that were spread for display. */
enum mw_status mw_fits_scaled(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                              struct mw_error *err) {
    int64_t last = (int64_t)view->count - 1;
    *fits = view->count >= 3 && view->count <= 32 && view->highest == 255;
    for (int64_t i = 0; *fits && i <= last; i++) {
        int64_t wanted = i * 255 / last, value = view->list[i]->value;
        *fits = value == wanted || value == wanted + (i * 255 % last != 0);
    }
    if (!*fits) return MW_OK;
    guess->labels.given |= MW_SET_MAP;
    for (int64_t i = 1; i <= last; i++) {
        int64_t value = view->list[i]->value;
        enum mw_status status =
            mw_rules_add(&guess->labels.map, (struct mw_rule){value, value, i}, err);
        if (status) return status;
    }
    mw_text_print(&guess->why,
                  "%zu values in equal steps from 0 to 255: ids that were spread to be seen; --map "
                  "takes them back",
                  view->count);
    return MW_OK;
}

/* Pillow's convert("L"): ITU-R 601 in 16-bit fixed point. */
static uint8_t luma(int64_t colour) {
    uint32_t red = colour >> 16 & 0xff, green = colour >> 8 & 0xff, blue = colour & 0xff;
    return (uint8_t)((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
}

/* Class by grey value: MW_TO_IGNORED for void, -1 for none, -2 for several. */
static void grey_classes(const struct mw_class_map *map, int64_t class_of[256]) {
    for (int i = 0; i < 256; i++) class_of[i] = -1;
    for (size_t i = 0; i < map->count; i++) {
        const struct mw_map_class *entry = &map->classes[i];
        if (entry->colour < 0) continue;
        int64_t *place = &class_of[luma(entry->colour)];
        *place = *place != -1 ? -2 : entry->ignore ? MW_TO_IGNORED : (int64_t)entry->id;
    }
}

static bool is_grey_of(const struct mw_view *view, const struct mw_class_map *map,
                       const int64_t class_of[256]) {
    if (view->count < 3 || view->highest < (int64_t)map->count || view->highest > 255) return false;
    for (size_t i = 0; i < view->count; i++)
        if (class_of[view->list[i]->value] == -1) return false;
    return true;
}

enum mw_status mw_fits_grey_colours(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                    struct mw_error *err) {
    int64_t class_of[256];
    const struct mw_known_map *known = NULL;
    for (size_t i = 0; i < view->maps->count && !known; i++) {
        grey_classes(&view->maps->list[i].map, class_of);
        if (is_grey_of(view, &view->maps->list[i].map, class_of)) known = &view->maps->list[i];
    }
    *fits = known && view->bits == 8 && !view->facts->palette.entries;
    if (!*fits) return MW_OK;
    mw_text_print(&guess->why,
                  "grey values of the colours of the class map %s: a palette or RGB mask was "
                  "converted to grey",
                  known->name);
    for (size_t i = 0; i < view->count; i++) {
        int64_t value = view->list[i]->value, to = class_of[value];
        if (to == -2) {
            mw_text_print(&guess->why,
                          "; several classes have the grey %" PRId64
                          ", so convert the original again",
                          value);
            guess->useless = true;
            return MW_OK;
        }
        guess->labels.given |= MW_SET_MAP;
        enum mw_status status =
            mw_rules_add(&guess->labels.map, (struct mw_rule){value, value, to}, err);
        if (status) return status;
    }
    mw_text_print(&guess->why, "; --map gives them their ids back, but better count the original");
    return MW_OK;
}

/* Whether the palette has, at each value, the colour of the class that the map reads there. */
static bool palette_agrees(const struct mw_view *view, const struct mw_known_map *known) {
    struct mw_labels labels, colours;
    size_t same = 0, i = 0;
    bool usable = mw_known_map_read(known, false, &labels);
    usable = mw_known_map_read(known, true, &colours) && usable;
    for (; usable && i < view->count; i++) {
        int64_t value = view->list[i]->value;
        if (value >= view->facts->palette.entries) break;
        struct mw_label by_value = mw_labels_classify(&labels, value);
        struct mw_label by_colour =
            mw_labels_classify(&colours, view->facts->palette.colours[value]);
        if (by_value.kind == MW_LABEL_UNKNOWN || by_value.kind != by_colour.kind) break;
        if (by_value.kind == MW_LABEL_CLASS && by_value.id != by_colour.id) break;
        same++;
    }
    mw_labels_free(&labels);
    mw_labels_free(&colours);
    return same >= 2 && i == view->count;
}

enum mw_status mw_fits_palette(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                               struct mw_error *err) {
    bool same = view->all_palette && !view->facts->palette.several;
    (void)err;
    for (size_t i = 0; i < view->maps->count && same && !*fits; i++) {
        *fits = palette_agrees(view, &view->maps->list[i]);
        guess->class_map = view->maps->list[i].name;
    }
    if (*fits)
        mw_text_print(&guess->why, "palette indices as ids, with the colours of the class map %s",
                      guess->class_map);
    return MW_OK;
}

/* What the values are called: "palette indices as ids", say. */
static const char *noun(const struct mw_view *view) {
    if (view->all_palette) return "palette indices as ids";
    return view->any_float ? "ids as whole numbers in floating point" : "ids";
}

/* All that is unknown is 255 or negative. */
static bool only_void_is_unknown(const struct mw_view *view) {
    const struct mw_values *unknown = &view->facts->unknown;
    for (size_t i = 0; i < unknown->count; i++)
        if (unknown->list[i].value >= 0 && unknown->list[i].value != 255) return false;
    return true;
}

enum mw_status mw_fits_void(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                            struct mw_error *err) {
    bool has_255 = view->labels ? mw_values_find(&view->facts->unknown, false, 255) != NULL
                                : mw_view_find(view, 255) != NULL;
    size_t count = view->count - (view->count && view->highest == 255);
    int64_t highest = count ? view->list[count - 1]->value : -1;
    bool rather_binary = has_255 && count == 1 && highest == 0;
    if (view->labels) *fits = only_void_is_unknown(view) && !rather_binary;
    else *fits = has_255 && view->highest == 255 && mw_looks_like_void(count, highest);
    if (!*fits) return MW_OK;
    if (has_255)
        mw_text_print(&guess->why, "%s from %" PRId64 " to %" PRId64 ", and 255 for void: left out",
                      noun(view), count ? first_of(view)->value : 0, highest);
    else mw_text_print(&guess->why, "negative values are no classes: left out");
    enum mw_status status = has_255 ? ignore_value(guess, 255, err) : MW_OK;
    const struct mw_values *values = &view->facts->values;
    for (size_t i = 0; i < values->count && values->list[i].value < 0 && !status; i++)
        status = ignore_value(guess, values->list[i].value, err);
    return status;
}

enum mw_status mw_fits_from_one(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                struct mw_error *err) {
    size_t count = view->count - (view->count && view->highest == 255);
    (void)err;
    *fits = count >= 2 && first_of(view)->value == 1 &&
            view->list[count - 1]->value == (int64_t)count && !view->facts->partial &&
            !(view->labels && view->labels->reduce_zero);
    if (!*fits) return MW_OK;
    guess->labels.reduce_zero = true;
    guess->labels.given |= MW_SET_REDUCE_ZERO;
    mw_text_print(&guess->why,
                  "%s from 1 to %zu, and 0 never occurs: --reduce-zero-label makes them 0 to %zu",
                  noun(view), count, count - 1);
    return MW_OK;
}

/* Only when classes were declared: the value behind the last one. */
enum mw_status mw_fits_one_more(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                struct mw_error *err) {
    const struct mw_labels *labels = view->labels;
    const struct mw_values *unknown = &view->facts->unknown;
    *fits = labels && labels->classes && !labels->ids && !labels->values.count &&
            unknown->count == 1 && unknown->list[0].value == labels->classes;
    if (!*fits) return MW_OK;
    mw_text_print(&guess->why,
                  "one value behind the last class: one more class (--classes %" PRIu32 "), ids "
                  "that begin with 1 (--reduce-zero-label) or a void label, which is left out",
                  labels->classes + 1);
    return ignore_value(guess, labels->classes, err);
}

enum mw_status mw_fits_index(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                             struct mw_error *err) {
    const struct mw_labels *labels = view->labels;
    (void)err;
    *fits = view->count > 0;
    if (labels)
        *fits = labels->classes && !labels->ids && !labels->values.count && view->highest < 256 &&
                2 * (int64_t)view->count > view->highest;
    if (!*fits) return MW_OK;
    int64_t least = first_of(view)->value;
    bool dense = view->highest - least + 1 == (int64_t)view->count;
    mw_text_print(&guess->why, "%s from %" PRId64 " to %" PRId64, noun(view), least, view->highest);
    if (dense) mw_text_print(&guess->why, ", all of which occur");
    else mw_text_print(&guess->why, ", of which %zu occur", view->count);
    if (view->facts->nodata.count) mw_text_print(&guess->why, "; nodata is left out");
    if (!labels) return MW_OK;
    guess->labels.classes = (uint32_t)view->highest + 1;
    guess->labels.given |= MW_SET_CLASSES;
    return MW_OK;
}
