/* Guesses about masks of instances, with a class or without. */
#include <inttypes.h>

#include "audit/guess_view.h"

/* What the values are when they are split by a divisor. */
struct split {
    size_t large;      /* values that are not below the divisor */
    int64_t last;      /* the largest class */
    int64_t remainder; /* the largest instance */
    int64_t instances; /* the largest of each class, added up */
};

static struct split split_by(const struct mw_view *view, int64_t divisor) {
    struct split split = {0};
    for (size_t i = 0; i < view->count; i++) {
        int64_t value = view->list[i]->value;
        if (value < divisor) continue;
        split.large++;
        split.last = value / divisor;
        bool largest = i + 1 == view->count || view->list[i + 1]->value / divisor > split.last;
        if (largest) split.instances += value % divisor;
        if (value % divisor > split.remainder) split.remainder = value % divisor;
    }
    return split;
}

static void make_instance(struct mw_guess *guess, uint32_t divisor, const char *whose) {
    guess->labels.encoding = MW_ENCODING_INSTANCE;
    guess->labels.divisor = divisor;
    guess->labels.divide_small = divisor != 1000;
    guess->labels.given |= MW_SET_ENCODING;
    mw_text_print(&guess->why, "class * %" PRIu32 " + instance, as in %s", divisor, whose);
}

enum mw_status mw_fits_instance_1000(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                     struct mw_error *err) {
    struct split split = split_by(view, 1000);
    (void)err;
    *fits = view->bits >= 16 && split.large && split.last < 256 &&
            (split.remainder < 256 || split.instances <= 2 * (int64_t)split.large);
    for (size_t i = 0; *fits && i < view->count; i++)
        *fits = view->list[i]->value < 256 || view->list[i]->value >= 1000;
    if (*fits) make_instance(guess, 1000, "Cityscapes");
    return MW_OK;
}

enum mw_status mw_fits_instance_256(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                    struct mw_error *err) {
    struct split split = split_by(view, 256);
    (void)err;
    *fits = view->bits >= 16 && split.large >= 8 && split.last < 256 && split.remainder < 128 &&
            view->count - split.large <= 1;
    if (*fits) make_instance(guess, 256, "KITTI and Mapillary");
    return MW_OK;
}

/* Ids of objects have gaps, or are many, and lie on a background. */
enum mw_status mw_fits_instance_ids(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                    struct mw_error *err) {
    const struct mw_value *zero = mw_view_find(view, 0);
    size_t few = view->labels ? 4 : 16; /* declared classes that do not fit are a sign as well */
    bool gaps = view->count >= few && 2 * view->count < (uint64_t)view->highest + 1;
    (void)err;
    *fits = view->bits >= 16 && !view->any_float && zero && zero->pixels >= view->pixels / 5 &&
            (gaps || view->count > 256);
    if (!*fits) return MW_OK;
    guess->useless = view->labels && (view->labels->classes != 2 || view->labels->ids);
    mw_text_print(&guess->why,
                  "%zu values up to %" PRId64 " on a background of 0 in %" PRIu32
                  " bits: instance ids, an object each, with no class in them",
                  view->count, view->highest, view->bits);
    if (guess->useless) return MW_OK;
    guess->labels.binary = MW_BINARY_NONZERO;
    guess->labels.given |= MW_SET_BINARY;
    mw_text_print(&guess->why, "; --binary counts objects against background");
    return MW_OK;
}
