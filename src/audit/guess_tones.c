/* Guesses about masks whose edges were blended: a few frequent values, and rare ones between. */
#include <inttypes.h>
#include <string.h>

#include "audit/guess_view.h"
#include "count/mask.h"

enum {
    MOST_TONES = 16,
    LEAST_STEP = 16, /* from one tone to the next: nearer ones are rather ids */
    RARE = 10        /* a tone has this many times the pixels of any other value, at least */
};

/* The frequent values, by value. */
struct tones {
    const struct mw_value *list[MOST_TONES + 1]; /* with room for one that is rare */
    size_t count;                                /* 0: there are none */
};

/* The values with the most pixels, most first, until those behind are rare. */
static void rank_tones(const struct mw_view *view, struct tones *tones) {
    size_t kept = 0;
    for (size_t i = 0; i < view->count; i++) {
        uint64_t pixels = view->list[i]->pixels;
        if (kept > MOST_TONES && pixels <= tones->list[kept - 1]->pixels) continue;
        size_t place = kept > MOST_TONES ? kept - 1 : kept++;
        for (; place > 0 && pixels > tones->list[place - 1]->pixels; place--)
            tones->list[place] = tones->list[place - 1];
        tones->list[place] = view->list[i];
    }
    for (size_t i = 2; i < kept && !tones->count; i++)
        if (tones->list[i]->pixels <= tones->list[i - 1]->pixels / RARE) tones->count = i;
}

static void sort_tones(struct tones *tones) {
    for (size_t i = 1; i < tones->count; i++) {
        const struct mw_value *tone = tones->list[i];
        size_t place = i;
        for (; place > 0 && tones->list[place - 1]->value > tone->value; place--)
            tones->list[place] = tones->list[place - 1];
        tones->list[place] = tone;
    }
}

/* They mark out the range, in steps that leave room for what lies between. */
static bool are_apart(const struct mw_view *view, const struct tones *tones) {
    const struct mw_value *last = tones->count ? tones->list[tones->count - 1] : NULL;
    if (!last || tones->list[0] != view->list[0] || last != view->list[view->count - 1])
        return false;
    for (size_t i = 1; i < tones->count; i++)
        if (tones->list[i]->value - tones->list[i - 1]->value < LEAST_STEP) return false;
    return true;
}

/* Many, of few pixels, that lie around the middle between one tone and the next. */
static bool has_rare_between(const struct mw_view *view, const struct tones *tones) {
    size_t rare = view->count - tones->count, next = 0;
    uint64_t pixels = 0;
    double sum = 0, least = 1, most = 0;
    for (size_t i = 0; i < view->count; i++) {
        const struct mw_value *value = view->list[i];
        if (next < tones->count && value == tones->list[next]) {
            next++;
            continue;
        }
        int64_t low = tones->list[next - 1]->value, high = tones->list[next]->value;
        double place = (double)(value->value - low) / (double)(high - low);
        pixels += value->pixels;
        sum += place;
        if (place < least) least = place;
        if (place > most) most = place;
    }
    return rare >= tones->count && pixels < view->pixels / 5 && least < 0.5 && most > 0.5 &&
           sum > 0.375 * (double)rare && sum < 0.625 * (double)rare;
}

static bool find_tones(const struct mw_view *view, struct tones *tones) {
    *tones = (struct tones){.count = 0};
    if (view->count < 5 || view->facts->palette.entries) return false;
    rank_tones(view, tones);
    sort_tones(tones);
    return are_apart(view, tones) && has_rare_between(view, tones);
}

static bool is_lossy(const struct mw_view *view) {
    uint64_t pixels_of[256] = {0};
    if (view->bits != 8 || view->highest < 240 || view->highest > 255 || view->list[0]->value >= 16)
        return false;
    if (view->facts->palette.entries) return false;
    for (size_t i = 0; i < view->count; i++)
        pixels_of[view->list[i]->value] = view->list[i]->pixels;
    return mw_looks_lossy(pixels_of);
}

enum mw_status mw_fits_blended(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                               struct mw_error *err) {
    struct tones tones;
    bool lossy = view->count >= 5 && is_lossy(view);
    (void)err;
    *fits = lossy || (find_tones(view, &tones) && tones.count == 2);
    if (!*fits) return MW_OK;
    int64_t low = lossy ? 0 : tones.list[0]->value, high = lossy ? 255 : tones.list[1]->value;
    guess->labels.binary = MW_BINARY_THRESHOLD;
    guess->labels.threshold = low + (high - low + 1) / 2;
    guess->labels.given |= MW_SET_BINARY;
    mw_text_print(&guess->why,
                  "%zu rare values between two frequent ones %s %" PRId64 " and %" PRId64
                  ": a binary mask that was saved as JPEG or resized smoothly once; --threshold "
                  "%" PRId64 " may recover it",
                  view->count - 2, lossy ? "near" : "of", low, high, guess->labels.threshold);
    return MW_OK;
}

enum mw_status mw_fits_blended_tones(const struct mw_view *view, struct mw_guess *guess, bool *fits,
                                     struct mw_error *err) {
    struct tones tones;
    *fits = find_tones(view, &tones);
    if (!*fits) return MW_OK;
    guess->labels.given |= MW_SET_MAP;
    guess->labels.map.has_rest = true;
    guess->labels.map.rest = MW_TO_IGNORED;
    for (size_t i = 0; i < tones.count; i++) {
        int64_t value = tones.list[i]->value;
        enum mw_status status =
            mw_rules_add(&guess->labels.map, (struct mw_rule){value, value, (int64_t)i}, err);
        if (status) return status;
    }
    mw_text_print(&guess->why,
                  "%zu frequent values and %zu rare ones between them: edges were blended, by a "
                  "smooth resize or JPEG; the rare ones are ignored",
                  tones.count, view->count - tones.count);
    return MW_OK;
}
