/* advice: what counts and one scheme's weights mean for training, in figures. */
#ifndef MW_WEIGH_ADVICE_H
#define MW_WEIGH_ADVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "count/counts.h"
#include "count/labels.h"
#include "weigh/weigh.h"

/* The classes that stand out among those that occur in what is weighed. */
struct mw_extremes {
    size_t present;              /* classes that occur; the rest is 0 where none does */
    size_t most, least;          /* places of the largest and the smallest share */
    double ratio;                /* of these shares, at least 1 */
    size_t heaviest, lightest;   /* places of the largest and the smallest weight */
    double heaviest_to_lightest; /* of these weights; infinite where the smallest is 0 */
};

struct mw_extremes mw_extremes_find(const struct mw_weights *weights);

/* Whether the most frequent class weighs more than the rarest. */
bool mw_extremes_upside_down(const struct mw_extremes *extremes, const struct mw_weights *weights);

/* How a class is met in training when masks are drawn evenly. */
struct mw_presence {
    uint64_t masks;  /* M, masks in what is weighed */
    uint64_t with;   /* m_c, those that contain the class */
    double fraction; /* m_c / M */
};

/* The presence of the class at a place. */
struct mw_presence mw_presence_of(const struct mw_counts *counts,
                                  const struct mw_weigh_options *options, size_t place);

/* Masks without the class in a batch of B that is drawn without replacement, as a shuffled epoch does:
 * B (1 - m / M), the mean of the hypergeometric distribution. `batch`: B, at most M. */
double mw_presence_missing(const struct mw_presence *presence, unsigned batch);

/* The share of such batches in which no mask has the class: C(M - m, B) / C(M, B). Takes B steps. */
double mw_presence_none(const struct mw_presence *presence, unsigned batch);

/* The place of the class that occurs in the fewest masks, among those that occur at all. */
size_t mw_presence_rarest(const struct mw_weights *weights, const struct mw_counts *counts);

/* The pixels without a class, ignored and unknown ones, among those of the masks that are weighed. */
struct mw_left_out {
    uint64_t pixels;
    double fraction; /* of these and the pixels that carry a class */
    bool
        of_all; /* of all masks, also those that are not weighed: it is not counted in which unknown
                        pixels are */
};

struct mw_left_out mw_left_out_of(const struct mw_counts *counts,
                                  const struct mw_weigh_options *options);

/* sum n w / sum n: the mean of the loss, were every pixel's loss 1. 0 where nothing occurs. */
double mw_weights_pixel_mean(const struct mw_weights *weights);

/* Negatives by positives of a class whose share is `fraction`: PyTorch, BCEWithLogitsLoss(pos_weight). */
double mw_pos_weight(double fraction);

/* The bias of a sigmoid that begins with the mean of what it is to predict: log(p / (1 - p)), Lin et al.
 * 2017 (arXiv:1708.02002), section 4.1, with p the share of the positives in the loss: of weight
 * `pos_weight` against 1 of the negatives. */
double mw_initial_bias(double fraction, double pos_weight);

/* How far a scheme of that name spreads the classes: its largest weight by its smallest, with standard
 * parameters, neither clipped nor normalised. Errors: those of mw_weigh. */
MW_MUST_CHECK enum mw_status mw_scheme_spread(const char *name, const struct mw_weights *like,
                                              const struct mw_counts *counts, double *spread,
                                              struct mw_error *err);

/* The class that a single logit stands for: of two classes the one that is not background, else the
 * second. */
size_t mw_foreground_of_two(const struct mw_counts *counts, const struct mw_labels *labels);

#endif
