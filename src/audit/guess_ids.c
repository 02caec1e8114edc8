/* Guesses about ids: which classes there are, and what is left out beside them. */
#include <inttypes.h>

#include "audit/guess_view.h"

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

/* Whether a map reads label ids of which some stand for others, as Cityscapes' for its train ids. */
static bool reads_label_ids(const struct mw_view *view, const struct mw_known_map *known) {
    const struct mw_values *values = &view->facts->values, *unknown = &view->facts->unknown;
    struct mw_labels labels;
    bool fits = mw_known_map_read(known, false, &labels) && labels.values.count &&
                labels.classes == view->labels->classes;
    bool another = false; /* an unknown value is a class to the map */
    for (size_t i = 0; fits && i < values->count; i++)
        fits = mw_labels_classify(&labels, values->list[i].value).kind != MW_LABEL_UNKNOWN;
    for (size_t i = 0; fits && i < unknown->count; i++)
        another = another ||
                  mw_labels_classify(&labels, unknown->list[i].value).kind == MW_LABEL_CLASS;
    mw_labels_free(&labels);
    return fits && another;
}

enum mw_status mw_fits_label_ids(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                 struct mw_error *err) {
    const struct mw_labels *labels = view->labels;
    (void)err;
    if (!labels || !labels->classes || labels->ids || labels->values.count) return MW_OK;
    for (size_t i = 0; i < view->maps->count && !*fits; i++) {
        *fits = reads_label_ids(view, &view->maps->list[i]);
        guess->class_map = view->maps->list[i].name;
    }
    if (*fits)
        mw_text_print(&guess->why,
                      "%s from %" PRId64 " to %" PRId64 " of which the class map %s makes %" PRIu32
                      " classes, in place of --classes",
                      noun(view), view->list[0]->value, view->highest, guess->class_map,
                      labels->classes);
    return MW_OK;
}

/* All that is unknown is void or negative. */
static bool only_void_is_unknown(const struct mw_view *view) {
    const struct mw_values *unknown = &view->facts->unknown;
    int64_t least = view->ids < view->count ? view->list[view->ids]->value : INT64_MAX;
    for (size_t i = 0; i < unknown->count; i++)
        if (unknown->list[i].value >= 0 && unknown->list[i].value < least) return false;
    return true;
}

/* "254 and 255" */
static void print_void(const struct mw_view *view, struct mw_text *text) {
    for (size_t i = view->ids; i < view->count; i++)
        mw_text_print(text, "%s%" PRId64, i > view->ids ? " and " : "", view->list[i]->value);
}

static enum mw_status ignore_void(const struct mw_view *view, struct mw_guess *guess,
                                  struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = view->ids; i < view->count && !status; i++)
        status = mw_guess_ignore(view, guess, view->list[i]->value, err);
    return status;
}

enum mw_status mw_fits_void(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                            struct mw_error *err) {
    size_t ids = view->ids;
    bool has_void = ids < view->count;
    bool rather_binary = has_void && ids == 1 && view->list[0]->value == 0;
    *fits = view->labels ? only_void_is_unknown(view) && !rather_binary : has_void;
    if (!*fits) return MW_OK;
    if (ids && has_void)
        mw_text_print(&guess->why, "%s from %" PRId64 " to %" PRId64 ", and ", noun(view),
                      view->list[0]->value, view->list[ids - 1]->value);
    print_void(view, &guess->why);
    mw_text_print(&guess->why,
                  has_void ? " for void: ignored" : "negative values are no classes: ignored");
    enum mw_status status = ignore_void(view, guess, err);
    const struct mw_values *values = &view->facts->values;
    for (size_t i = 0; i < values->count && values->list[i].value < 0 && !status; i++)
        status = mw_guess_ignore(view, guess, values->list[i].value, err);
    return status;
}

/* Where classes were declared, the last id is one of those that are unknown. */
enum mw_status mw_fits_from_one(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                struct mw_error *err) {
    size_t ids = view->ids;
    *fits = ids >= 2 && view->list[0]->value == 1 && view->list[ids - 1]->value == (int64_t)ids &&
            !view->facts->partial && !(view->labels && view->labels->reduce_zero) &&
            !mw_view_knows(view, (int64_t)ids);
    if (!*fits) return MW_OK;
    guess->labels.reduce_zero = true;
    guess->labels.given |= MW_SET_REDUCE_ZERO;
    bool missing = mw_values_find(&view->facts->values, false, 0) != NULL;
    mw_text_print(&guess->why,
                  "%s from 1 to %zu, and 0 %s: --reduce-zero-label makes them 0 to %zu", noun(view),
                  ids, missing ? "is nodata" : "never occurs", ids - 1);
    if (ids == view->count) return MW_OK;
    mw_text_print(&guess->why, "; ");
    print_void(view, &guess->why);
    mw_text_print(&guess->why, " for void: ignored");
    return ignore_void(view, guess, err);
}

/* Only when classes were declared: the value behind the last one. */
enum mw_status mw_fits_one_more(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                struct mw_error *err) {
    const struct mw_labels *labels = view->labels;
    const struct mw_values *unknown = &view->facts->unknown;
    (void)err;
    *fits = labels && labels->classes && !labels->ids && !labels->values.count &&
            unknown->count == 1 && unknown->list[0].value == labels->classes;
    if (!*fits) return MW_OK;
    guess->labels.classes = labels->classes + 1;
    guess->labels.given |= MW_SET_CLASSES;
    mw_text_print(
        &guess->why,
        "ids from 0 to %" PRIu32 ", which are %" PRIu32 " classes (were they 1 to %" PRIu32
        ": --reduce-zero-label; were %" PRIu32 " void: --ignore-index %" PRIu32 ")",
        labels->classes, labels->classes + 1, labels->classes, labels->classes, labels->classes);
    return MW_OK;
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
    int64_t least = view->list[0]->value;
    bool dense = view->highest - least + 1 == (int64_t)view->count;
    mw_text_print(&guess->why, "%s from %" PRId64 " to %" PRId64, noun(view), least, view->highest);
    if (dense) mw_text_print(&guess->why, ", all of which occur");
    else mw_text_print(&guess->why, ", of which %zu occur", view->count);
    if (view->facts->nodata.count) mw_text_print(&guess->why, "; nodata is ignored");
    if (!labels) return MW_OK;
    guess->labels.classes = (uint32_t)view->highest + 1;
    guess->labels.given |= MW_SET_CLASSES;
    return MW_OK;
}
