#include "audit/guess.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/guess_view.h"

/* What masks may hold, the more special before the more general: the first that fits is the guess.
 * A new one is one more row here and its function in one of guess_*.c. */
static const struct kind {
    const char *name;
    bool colour; /* for masks of colours; else for those of one value a pixel */
    mw_guess_fits *fits;
} kinds[] = {
    {"mixed", true, mw_fits_mixed},
    {"rgb, a class map's colours", true, mw_fits_known_colours},
    {"ade20k", true, mw_fits_ade20k},
    {"rgb with blended edges", true, mw_fits_blended_colours},
    {"rgb", true, mw_fits_colours},
    {"no masks", true, mw_fits_picture},
    {"no classes", false, mw_fits_nothing},
    {"no masks, channels last", false, mw_fits_channels_last},
    {"planes", false, mw_fits_planes},
    {"no masks, several bands", false, mw_fits_bands},
    {"binary", false, mw_fits_binary},
    {"binary, high", false, mw_fits_binary_high},
    {"binary with blended edges", false, mw_fits_blended},
    {"spread ids", false, mw_fits_scaled},
    {"spread ids with blended edges", false, mw_fits_blended_tones},
    {"colours turned grey", false, mw_fits_grey_colours},
    {"no masks", false, mw_fits_grey_picture},
    {"index, a class map's label ids", false, mw_fits_label_ids},
    {"instance, divisor 1000", false, mw_fits_instance_1000},
    {"instance, divisor 256", false, mw_fits_instance_256},
    {"index, a class map's palette", false, mw_fits_palette},
    {"index from 1", false, mw_fits_from_one},
    {"index with void", false, mw_fits_void},
    {"instance ids", false, mw_fits_instance_ids},
    {"index with one class more", false, mw_fits_one_more},
    {"index", false, mw_fits_index},
};

/* --- What the rows look at ------------------------------------------------------------------- */

/* Whether all masks name the value as nodata. */
static bool is_nodata(const struct mw_inspection *facts, int64_t value) {
    for (size_t i = 0; i < facts->nodata.count; i++)
        if (facts->nodata.list[i].key == value) return facts->nodata.list[i].masks == facts->masks;
    return false;
}

static void look_at_layouts(struct mw_view *view) {
    const struct mw_kinds *layouts = &view->facts->layouts;
    view->all_colour = layouts->count > 0;
    view->all_palette = layouts->count > 0;
    for (size_t i = 0; i < layouts->count; i++) {
        struct mw_seen_layout layout = mw_seen_layout(layouts->list[i].key);
        if (layout.bits > view->bits) view->bits = layout.bits;
        view->any_colour = view->any_colour || layout.is_colour;
        view->all_colour = view->all_colour && layout.is_colour;
        view->any_float = view->any_float || layout.float_bits;
        view->any_plural = view->any_plural || layout.is_plural;
        view->all_palette = view->all_palette && layout.has_palette;
    }
}

static void look_at_values(struct mw_view *view) {
    const struct mw_values *values = &view->facts->values;
    view->count = 0;
    view->pixels = 0;
    view->highest = -1;
    for (size_t i = 0; i < values->count; i++) {
        const struct mw_value *value = &values->list[i];
        bool number = !value->is_colour && value->value >= 0 &&
                      (view->count_nodata || !is_nodata(view->facts, value->value));
        if (!number && !(value->is_colour && view->all_colour)) continue;
        view->list[view->count++] = value;
        view->pixels += value->pixels;
        view->highest = value->value;
    }
}

/* What writers of datasets choose for it. 255 is so common that nothing else is asked of it. */
static bool is_voids_number(int64_t value) {
    static const int64_t numbers[] = {99, 250, 254, 255, 65535};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (numbers[i] == value) return true;
    return false;
}

bool mw_looks_like_void(int64_t value, uint64_t count, int64_t highest) {
    if (!is_voids_number(value) || count == 0) return false;
    if (count == 1 && highest == 0) return false; /* rather a binary mask */
    if (value == 255 ? highest >= 200 : 2 * highest >= value) return false;
    return 2 * count >= (uint64_t)highest + 1;
}

/* Few pixels in many masks. Where classes were declared, what they do not explain. */
static bool may_be_void(const struct mw_view *view, size_t place) {
    const struct mw_value *value = view->list[place];
    int64_t highest = place ? view->list[place - 1]->value : -1;
    if (view->labels)
        return is_voids_number(value->value) && !mw_view_knows(view, value->value) &&
               (value->value == 255 || 2 * highest < value->value);
    bool minor = value->pixels <= view->pixels / 4 && value->masks >= view->facts->masks / 4;
    return (value->value == 255 || minor) && mw_looks_like_void(value->value, place, highest);
}

static void look_for_void(struct mw_view *view) {
    view->ids = view->count;
    for (size_t place = view->count; place > 0; place--) {
        if (!is_voids_number(view->list[place - 1]->value)) return;
        if (may_be_void(view, place - 1)) view->ids = place - 1;
    }
}

/* Writers of binary masks call 0, and sometimes 1, nodata: one value alone makes no labels. */
static enum mw_status look(struct mw_view *view, struct mw_error *err) {
    size_t size = view->facts->values.count;
    view->list = calloc(size ? size : 1, sizeof(const struct mw_value *));
    if (!view->list) return mw_error_memory(err);
    look_at_layouts(view);
    look_at_values(view);
    look_for_void(view);
    if (view->count > 1 || view->facts->values.count != 2 || view->all_colour) return MW_OK;
    view->count_nodata = true;
    look_at_values(view);
    look_for_void(view);
    if (view->count == 2) return MW_OK;
    view->count_nodata = false;
    look_at_values(view);
    look_for_void(view);
    return MW_OK;
}

const struct mw_value *mw_view_find(const struct mw_view *view, int64_t value) {
    size_t low = 0, high = view->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (view->list[middle]->value < value) low = middle + 1;
        else high = middle;
    }
    return low < view->count && view->list[low]->value == value ? view->list[low] : NULL;
}

bool mw_known_map_read(const struct mw_known_map *known, bool by_colour, struct mw_labels *labels) {
    struct mw_error ignored; /* a map that cannot be read so is none */
    *labels = (struct mw_labels){.encoding = by_colour ? MW_ENCODING_RGB : MW_ENCODING_INDEX};
    return mw_labels_declare(labels, &known->map, by_colour, &ignored) == MW_OK;
}

bool mw_view_knows(const struct mw_view *view, int64_t value) {
    return view->labels && mw_labels_classify(view->labels, value).kind != MW_LABEL_UNKNOWN;
}

/* --- Whether a guess explains what was unknown ----------------------------------------------- */

/* The settings of the run with those of the guess in place of them. What it points to belongs to
 * the two. */
static struct mw_labels joined(const struct mw_labels *labels, const struct mw_labels *guess) {
    struct mw_labels trial = *labels;
    unsigned given = guess->given;
    if (given & MW_SET_ENCODING) {
        trial.encoding = guess->encoding;
        trial.divisor = guess->divisor;
        trial.divide_small = guess->divide_small;
    }
    if (given & MW_SET_MAP) trial.map = guess->map;
    if (given & MW_SET_REDUCE_ZERO) trial.reduce_zero = true;
    if (given & MW_SET_IGNORE) trial.ignore = guess->ignore;
    if (given & MW_SET_CLASSES) trial.classes = guess->classes;
    if (given & MW_SET_BINARY) {
        trial.binary = guess->binary;
        trial.threshold = guess->threshold;
    }
    return trial;
}

static bool explains(const struct mw_guess *guess, const struct mw_view *view) {
    const struct mw_values *unknown = &view->facts->unknown;
    struct mw_labels trial = joined(view->labels, &guess->labels);
    if (guess->class_map || guess->useless) return true;
    if (guess->colours.length) return false;
    if (trial.binary && (trial.classes > 2 || trial.ids || trial.values.count)) return false;
    for (size_t i = 0; i < unknown->count; i++)
        if (mw_labels_classify(&trial, unknown->list[i].value).kind == MW_LABEL_UNKNOWN)
            return false;
    return true;
}

/* --- What goes with any guess ---------------------------------------------------------------- */

enum mw_status mw_guess_ignore(const struct mw_view *view, struct mw_guess *guess, int64_t value,
                               struct mw_error *err) {
    bool lowered = guess->labels.reduce_zero || (view->labels && view->labels->reduce_zero);
    if (lowered && value == 255) return MW_OK; /* ignored already */
    if (lowered) value--;
    guess->labels.given |= MW_SET_IGNORE;
    return mw_ranges_add(&guess->labels.ignore, (struct mw_range){value, value}, err);
}

/* Negative values are never classes. */
static enum mw_status leave_out_negative(const struct mw_view *view, struct mw_guess *guess,
                                         struct mw_error *err) {
    const struct mw_values *values = &view->facts->values;
    bool before = guess->labels.given & MW_SET_MAP || guess->class_map;
    for (size_t i = 0; i < values->count && !before && values->list[i].value < 0; i++) {
        int64_t value = values->list[i].value;
        if (is_nodata(view->facts, value) || mw_view_knows(view, value)) continue;
        enum mw_status status = mw_guess_ignore(view, guess, value, err);
        if (status) return status;
    }
    return MW_OK;
}

/* A nodata value that would be the background, or one of two classes, is an error until somebody
 * says what it is. */
static void settle_nodata(const struct mw_view *view, struct mw_guess *guess) {
    const struct mw_kinds *nodata = &view->facts->nodata;
    struct mw_labels *labels = &guess->labels;
    bool class_map = guess->class_map != NULL || labels->binary || mw_labels_multi(labels);
    if (view->labels || labels->reduce_zero) return;
    if (view->any_colour && nodata->count) { /* it may be the colour of a class */
        labels->nodata = MW_NODATA_USE;
        labels->given |= MW_SET_NODATA;
        return;
    }
    for (size_t i = 0; i < nodata->count; i++) {
        struct mw_label label = mw_labels_classify(labels, nodata->list[i].key);
        if (label.kind != MW_LABEL_CLASS || (label.id != 0 && !class_map)) continue;
        labels->nodata = view->count_nodata ? MW_NODATA_COUNT : MW_NODATA_USE;
        labels->given |= MW_SET_NODATA;
    }
}

/* Each file may have numbered its colours by itself. */
static void warn_of_palettes(const struct mw_view *view, struct mw_guess *guess) {
    if (mw_palette_conflict(&view->facts->palette) == MW_PALETTE_ENTRIES) return;
    mw_text_print(&guess->why,
                  "; but the palettes differ, so that an index may be several classes: "
                  "--encoding rgb with a class map counts by colour");
}

enum mw_status mw_guess_make(struct mw_guess *guess, const struct mw_inspection *facts,
                             const struct mw_labels *labels, const struct mw_known_maps *maps,
                             struct mw_error *err) {
    struct mw_view view = {.facts = facts, .labels = labels, .maps = maps};
    enum mw_status status = look(&view, err);
    bool found = false;
    bool colour = view.any_colour || (labels && mw_encodings[labels->encoding].colour);
    *guess = (struct mw_guess){0};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !status && !found; i++) {
        if (kinds[i].colour != colour) continue;
        status = kinds[i].fits(&view, guess, &found, err);
        if (!status && found && !colour && !guess->useless)
            status = leave_out_negative(&view, guess, err);
        found = found && !status && (!labels || explains(guess, &view));
        if (!found) mw_guess_free(guess);
        else guess->name = kinds[i].name;
    }
    if (found) settle_nodata(&view, guess);
    if (found && !colour) warn_of_palettes(&view, guess);
    free(view.list);
    if (!status && (guess->why.failed || guess->colours.failed)) status = mw_error_memory(err);
    return status;
}

void mw_guess_print_options(const struct mw_guess *guess, struct mw_text *text) {
    const struct mw_labels *labels = &guess->labels;
    unsigned given = labels->given;
    if (given & MW_SET_ENCODING)
        mw_text_print(text, " --encoding %s", mw_encodings[labels->encoding].name);
    if (labels->divisor && labels->divisor != 1000)
        mw_text_print(text, " --divisor %" PRIu32, labels->divisor);
    if (guess->class_map) mw_text_print(text, " --class-map %s", guess->class_map);
    if (given & MW_SET_MAP) {
        mw_text_print(text, " --map ");
        mw_rules_print(&labels->map, text);
    }
    if (given & MW_SET_REDUCE_ZERO) mw_text_print(text, " --reduce-zero-label");
    if (given & MW_SET_IGNORE) {
        mw_text_print(text, " --ignore-index ");
        mw_ranges_print(&labels->ignore, text);
    }
    if (labels->binary == MW_BINARY_NONZERO) mw_text_print(text, " --binary");
    if (labels->binary == MW_BINARY_THRESHOLD)
        mw_text_print(text, " --threshold %" PRId64, labels->threshold);
    if (given & MW_SET_CLASSES) mw_text_print(text, " --classes %" PRIu32, labels->classes);
    if (given & MW_SET_BACKGROUND) mw_text_print(text, " --background none");
    if (given & MW_SET_NODATA) mw_text_print(text, " --nodata %s", mw_nodata_names[labels->nodata]);
    if (given & MW_SET_UNKNOWN) mw_text_print(text, " --unknown ignore");
    if (guess->keep_going) mw_text_print(text, " --keep-going");
}

void mw_guess_free(struct mw_guess *guess) {
    mw_text_free(&guess->why);
    mw_text_free(&guess->colours);
    mw_labels_free(&guess->labels);
    *guess = (struct mw_guess){0};
}

void mw_known_maps_free(struct mw_known_maps *maps) {
    for (size_t i = 0; i < maps->count; i++) {
        free(maps->list[i].name);
        mw_class_map_free(&maps->list[i].map);
    }
    free(maps->list);
    *maps = (struct mw_known_maps){0};
}
