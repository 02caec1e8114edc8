/* Guesses about masks of one value a pixel. */
#include <inttypes.h>

#include "audit/guess_view.h"

static void make_binary(struct mw_guess *guess) {
    guess->labels.binary = MW_BINARY_NONZERO;
    guess->labels.given |= MW_SET_BINARY;
}

/* A picture of so many values, of which none has one pixel in so many. */
enum { PICTURE_VALUES = 100, PICTURE_SHARE = 25 };

enum mw_status mw_fits_nothing(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                               struct mw_error *err) {
    (void)err;
    *fits = !view->labels && view->count == 0;
    guess->useless = true;
    mw_text_print(&guess->why, "no value that could be a class: only negative ones or nodata");
    return MW_OK;
}

/* Of label masks with many classes, too, a few have most of the pixels. */
enum mw_status mw_fits_grey_picture(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                    struct mw_error *err) {
    (void)err;
    *fits = view->count >= PICTURE_VALUES;
    for (size_t i = 0; *fits && i < view->count; i++)
        *fits = view->list[i]->pixels <= view->pixels / PICTURE_SHARE;
    if (!*fits) return MW_OK;
    guess->useless = true;
    mw_text_print(&guess->why,
                  "%s%zu values up to %" PRId64
                  ", none of them in more than %d %% of the pixels: a "
                  "picture or measured values rather than label masks",
                  view->facts->values.more ? "more than " : "", view->count, view->highest,
                  100 / PICTURE_SHARE);
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
    *fits = view->count == 2 && view->list[0]->value == 0 &&
            (view->highest == 255 || view->highest == largest);
    if (!*fits) return MW_OK;
    make_binary(guess);
    mw_text_print(&guess->why,
                  "the values are exactly 0 and %" PRId64 ": --binary makes them 0 "
                  "and 1",
                  view->highest);
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
