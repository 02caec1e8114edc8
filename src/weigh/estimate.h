/* estimate: how far the fractions and weights of a sample may be from those of all masks. */
#ifndef MW_WEIGH_ESTIMATE_H
#define MW_WEIGH_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "count/counts.h"
#include "weigh/weigh.h"

/* Below so many masks with the class there is no interval. */
enum { MW_ESTIMATE_LEAST_MASKS = 50 };

/* An interval with a confidence of 95 %; NaN: there is none. */
struct mw_interval {
    double low, high;
};

/* Zeroed: all masks were counted. Parallel to mw_counts.classes and to the weights. */
struct mw_estimates {
    size_t classes, schemes;
    struct mw_interval *fractions; /* [classes]; NULL: all masks were counted */
    struct mw_interval *weights;   /* [schemes * classes] */
};

bool mw_interval_known(struct mw_interval interval);

/* By how much the value it is around may be wrong, as a share of it: the high end by the middle, less one. The
 * middle is the geometric one. */
double mw_interval_relative(struct mw_interval interval);

/* The interval of the weight that a scheme gives a class. */
struct mw_interval mw_estimate_of_weight(const struct mw_estimates *estimates, size_t scheme,
                                         size_t place);

/* Finds the intervals of finished counts of a sample, by the delete-a-group jackknife (Kott 2001, "The
 * delete-a-group jackknife", Journal of Official Statistics 17, 521-526; Wolter 2007, "Introduction to Variance
 * Estimation", chapter 4): with G = 32 groups of masks, everything is weighed anew without each group in turn,
 * and of a value v that becomes v_g without group g,
 *
 *     se^2 = (1 - taken / seen) (G - 1) / G * sum over g of (ln v_g - ln v)^2,
 *     v exp(-t se) to v exp(t se), t = 2.0395: the 97.5 % quantile of Student's t with G - 1 degrees of freedom.
 *
 * On the scale of the logarithm a weight of N / n and a fraction of n / N have one interval, and neither end is
 * below 0. The first factor is the finite population correction: what is estimated are these masks, not those
 * that might be. K stays that of the sample. Each group is taken to be a random one, which the hash of a path
 * is; masks of which the paths are equal fall to one. Does nothing where all masks were counted. Errors:
 * MW_NO_MEMORY. Cost: G times that of the weights. Free it with mw_estimates_free in any case. */
MW_MUST_CHECK enum mw_status mw_estimate(struct mw_estimates *estimates,
                                         const struct mw_counts *counts,
                                         const struct mw_weights *weights, size_t weight_count,
                                         struct mw_error *err);
void mw_estimates_free(struct mw_estimates *estimates);

#endif
