/* Guesses about masks of colours. */
#include <inttypes.h>

#include "audit/guess_view.h"

enum { MOST_COLOURS = 256, MOST_FREQUENT = 64, RARE = 1000 /* one pixel in so many */ };

static bool is_exact(const struct mw_value *value) {
    return value->value <= 0xffffff;
}

enum mw_status mw_fits_mixed(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                             struct mw_error *err) {
    (void)err;
    *fits = !view->all_colour && !view->labels;
    guess->keep_going = true;
    mw_text_print(&guess->why,
                  "masks of colours among masks of one value a pixel, which cannot be counted "
                  "together: name them apart (--include); what follows counts those of one value");
    return MW_OK;
}

static void make_rgb(struct mw_guess *guess) {
    guess->labels.encoding = MW_ENCODING_RGB;
    guess->labels.given |= MW_SET_ENCODING;
}

static bool has_all_colours(const struct mw_view *view, const struct mw_known_map *known) {
    struct mw_labels labels;
    size_t i = 0;
    bool usable = mw_known_map_read(known, true, &labels);
    while (usable && i < view->count &&
           mw_labels_classify(&labels, view->list[i]->value).kind != MW_LABEL_UNKNOWN)
        i++;
    mw_labels_free(&labels);
    return usable && i == view->count;
}

/* Of several maps that have all colours, the smallest. */
enum mw_status mw_fits_known_colours(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                     struct mw_error *err) {
    const struct mw_known_map *best = NULL;
    (void)err;
    for (size_t i = 0; i < view->maps->count; i++) {
        const struct mw_known_map *known = &view->maps->list[i];
        if (best && known->map.count >= best->map.count) continue;
        if (has_all_colours(view, known)) best = known;
    }
    *fits = best && view->count >= 2 && view->all_colour;
    if (!*fits) return MW_OK;
    make_rgb(guess);
    guess->class_map = best->name;
    mw_text_print(&guess->why, "%zu colours, all of them of the class map %s", view->count,
                  best->name);
    return MW_OK;
}

/* Red in steps of ten up to 150 is the high part of the class, blue counts instances. */
enum mw_status mw_fits_ade20k(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                              struct mw_error *err) {
    int64_t red_seen = -1;
    bool reds_differ = false, blues_differ = false;
    (void)err;
    *fits = view->count >= 8;
    for (size_t i = 0; *fits && i < view->count; i++) {
        int64_t colour = view->list[i]->value, red = colour >> 16;
        *fits = is_exact(view->list[i]) && red % 10 == 0 && red <= 150;
        reds_differ = reds_differ || (red_seen >= 0 && red != red_seen);
        blues_differ = blues_differ || (i && colour >> 8 == view->list[i - 1]->value >> 8);
        red_seen = red;
    }
    *fits = *fits && reds_differ && blues_differ && !view->labels;
    if (!*fits) return MW_OK;
    guess->labels.encoding = MW_ENCODING_ADE20K;
    guess->labels.given |= MW_SET_ENCODING;
    mw_text_print(&guess->why, "red in steps of 10: R / 10 * 256 + G is the class and blue the "
                               "instance, as in the ADE20K full dataset");
    return MW_OK;
}

static void add_colour(struct mw_guess *guess, int64_t colour, size_t number) {
    mw_text_print(&guess->colours, "%d %d %d class-%zu\n", (int)(colour >> 16 & 0xff),
                  (int)(colour >> 8 & 0xff), (int)(colour & 0xff), number);
}

/* A class map of the colours with at least `least` pixels. Without black, no class is background. */
static void add_class_map(const struct mw_view *view, struct mw_guess *guess, uint64_t least) {
    size_t number = 0;
    bool black = view->list[0]->value == 0;
    make_rgb(guess);
    for (size_t i = 0; i < view->count; i++)
        if (view->list[i]->pixels >= least) add_colour(guess, view->list[i]->value, number++);
    if (!black) guess->labels.given |= MW_SET_BACKGROUND;
}

/* A few frequent colours, and at least twice as many rare ones between them. */
enum mw_status mw_fits_blended_colours(const struct mw_view *view, struct mw_guess *guess,
                                       bool *fits, struct mw_error *err) {
    uint64_t least = view->pixels / RARE + 1, covered = 0;
    size_t frequent = 0;
    bool exact = true;
    (void)err;
    for (size_t i = 0; i < view->count; i++) {
        if (view->list[i]->pixels < least) continue;
        exact = exact && is_exact(view->list[i]);
        covered += view->list[i]->pixels;
        frequent++;
    }
    *fits = exact && !view->labels && frequent >= 2 && frequent <= MOST_FREQUENT &&
            view->count >= 3 * frequent && covered >= view->pixels / 10 * 9;
    if (!*fits) return MW_OK;
    add_class_map(view, guess, least);
    guess->labels.unknown = MW_UNKNOWN_IGNORE;
    guess->labels.given |= MW_SET_UNKNOWN;
    mw_text_print(&guess->why,
                  "%zu frequent colours and %zu rare ones: edges were blended, by a smooth resize "
                  "or JPEG; the rare ones are ignored",
                  frequent, view->count - frequent);
    return MW_OK;
}

enum mw_status mw_fits_colours(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                               struct mw_error *err) {
    (void)err;
    *fits = view->count <= MOST_COLOURS && view->count > 0 && !view->labels;
    for (size_t i = 0; *fits && i < view->count; i++) *fits = is_exact(view->list[i]);
    if (!*fits) return MW_OK;
    add_class_map(view, guess, 1);
    mw_text_print(&guess->why, "%zu colour%s, a class each: a class map has to name them",
                  view->count, view->count == 1 ? "" : "s");
    return MW_OK;
}

enum mw_status mw_fits_picture(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                               struct mw_error *err) {
    (void)err;
    *fits = !view->labels;
    guess->useless = true;
    mw_text_print(&guess->why, "%s%zu colours: pictures rather than label masks",
                  view->facts->values.more ? "more than " : "", view->count);
    return MW_OK;
}
