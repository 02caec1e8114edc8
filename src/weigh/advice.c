#include "weigh/advice.h"

#include <math.h>

struct mw_extremes mw_extremes_find(const struct mw_weights *weights) {
    struct mw_extremes found = {0};
    const double *share = weights->fraction, *weight = weights->class_weight;
    for (size_t i = 0; i < weights->count; i++) {
        if (weights->pixels[i] == 0) continue;
        if (found.present++ == 0) found.most = found.least = found.heaviest = found.lightest = i;
        if (share[i] > share[found.most]) found.most = i;
        if (share[i] < share[found.least]) found.least = i;
        if (weight[i] > weight[found.heaviest]) found.heaviest = i;
        if (weight[i] < weight[found.lightest]) found.lightest = i;
    }
    if (found.present == 0) return found;
    found.ratio = share[found.most] / share[found.least];
    found.heaviest_to_lightest = weight[found.heaviest] / weight[found.lightest];
    return found;
}

bool mw_extremes_upside_down(const struct mw_extremes *extremes, const struct mw_weights *weights) {
    return extremes->ratio > 1 &&
           weights->class_weight[extremes->most] > weights->class_weight[extremes->least];
}

struct mw_presence mw_presence_of(const struct mw_counts *counts,
                                  const struct mw_weigh_options *options, size_t place) {
    const struct mw_class_counts *row = &counts->classes[place];
    struct mw_presence presence = {.masks = counts->masks, .with = row->all.masks};
    if (options->skip_empty) {
        presence.masks -= counts->empty_masks + counts->ignored_masks;
        presence.with -= row->in_empty_masks.masks;
    }
    if (presence.masks) presence.fraction = (double)presence.with / (double)presence.masks;
    return presence;
}

double mw_presence_missing(const struct mw_presence *presence, unsigned batch) {
    return batch * (double)(presence->masks - presence->with) / (double)presence->masks;
}

double mw_presence_none(const struct mw_presence *presence, unsigned batch) {
    uint64_t without = presence->masks - presence->with;
    double share = 1;
    if (batch > without) return 0;
    for (unsigned i = 0; i < batch; i++)
        share *= (double)(without - i) / (double)(presence->masks - i);
    return share;
}

size_t mw_presence_rarest(const struct mw_weights *weights, const struct mw_counts *counts) {
    size_t rarest = 0;
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < weights->count; i++) {
        if (weights->pixels[i] == 0) continue;
        uint64_t with = mw_presence_of(counts, &weights->options, i).with;
        if (with >= least) continue;
        least = with;
        rarest = i;
    }
    return rarest;
}

struct mw_left_out mw_left_out_of(const struct mw_counts *counts,
                                  const struct mw_weigh_options *options) {
    struct mw_left_out found = {.pixels = counts->ignored_pixels + counts->unknown_pixels,
                                .of_all = options->skip_empty && counts->unknown_pixels > 0};
    uint64_t pixels = counts->pixels;
    if (options->skip_empty && !found.of_all) {
        found.pixels -= counts->empty_ignored_pixels + counts->ignored_mask_ignored_pixels;
        pixels -= counts->empty_pixels;
    }
    if (found.pixels)
        found.fraction = (double)found.pixels / ((double)found.pixels + (double)pixels);
    return found;
}

double mw_weights_pixel_mean(const struct mw_weights *weights) {
    double sum = 0, weighted = 0;
    for (size_t i = 0; i < weights->count; i++) {
        sum += (double)weights->pixels[i];
        weighted += (double)weights->pixels[i] * weights->class_weight[i];
    }
    return sum > 0 ? weighted / sum : 0;
}

double mw_pos_weight(double fraction) {
    return (1 - fraction) / fraction;
}

double mw_initial_bias(double fraction, double pos_weight) {
    return log(pos_weight * fraction / (1 - fraction));
}

enum mw_status mw_scheme_spread(const char *name, const struct mw_weights *like,
                                const struct mw_counts *counts, double *spread,
                                struct mw_error *err) {
    struct mw_scheme_request request;
    struct mw_weights weights = {0};
    struct mw_weigh_options options = like->options;
    options.normalize = MW_NORMALIZE_NONE;
    options.zero_class = MW_ZERO_CLASS_ZERO;
    options.min_weight = options.max_weight = NAN;
    enum mw_status status = mw_scheme_parse(&request, name, err);
    if (!status) status = mw_weigh(&weights, &request, &options, counts, err);
    if (!status) *spread = mw_extremes_find(&weights).heaviest_to_lightest;
    mw_weights_free(&weights);
    return status;
}

size_t mw_foreground_of_two(const struct mw_counts *counts, const struct mw_labels *labels) {
    bool first = mw_ranges_contain(&labels->background, counts->classes[0].id);
    bool second = mw_ranges_contain(&labels->background, counts->classes[1].id);
    return second && !first ? 0 : 1;
}
