/* The schemes. In the formulas: n pixels of the class, N of all classes, K classes, f = n / N. */
#include <math.h>

#include "weigh/scheme.h"

enum { OF_FIRST, OF_SECOND }; /* values of a parameter with two choices */

/* The share itself: a statistic, and the wrong direction for a loss. */
static double weight_fraction(const struct mw_class_term *term, const double *values) {
    (void)values;
    return term->pixels / term->total;
}

/* (N / n)^power. Inverse class frequency; power 0.5 is the square-root variant. */
static double weight_inverse(const struct mw_class_term *term, const double *values) {
    return pow(term->total / term->pixels, values[0]);
}

/* max(ln(c N / n), 1): the recipe known as create_class_weight among Keras users (mu = c = 0.15).
 * of=fraction: max(ln(c n / N), 1), the same recipe read literally. */
static double weight_log(const struct mw_class_term *term, const double *values) {
    double ratio = values[0] == OF_FIRST ? term->total / term->pixels : term->pixels / term->total;
    double logarithm = log(values[1] * ratio);
    return logarithm > 1 || isnan(logarithm) ? logarithm : 1;
}

/* N / (K n): scikit-learn, compute_class_weight("balanced"): n_samples / (n_classes * bincount). */
static double weight_balanced(const struct mw_class_term *term, const double *values) {
    (void)values;
    return term->total / (term->classes * term->pixels);
}

/* median(g) / g, g = n / I: Eigen and Fergus 2015 (arXiv:1411.4734), section 6.3.2; SegNet. */
static double weight_median_frequency(const struct mw_class_term *term, const double *values) {
    (void)values;
    return term->median_frequency / term->frequency;
}

/* (1 / ln(c + f))^power: Paszke et al. 2016 (ENet, arXiv:1606.02147), section 5.2, c = 1.02. */
static double weight_enet(const struct mw_class_term *term, const double *values) {
    return pow(1 / log(values[0] + term->pixels / term->total), values[1]);
}

/* (1 - beta) / (1 - beta^k): Cui et al. 2019 (arXiv:1901.05555), equation 2 and section 4;
 * k is the number of masks or of pixels of the class. 1 - beta^k without cancellation. */
static double weight_effective(const struct mw_class_term *term, const double *values) {
    double samples = values[0] == OF_FIRST ? term->masks : term->pixels;
    return (1 - values[1]) / -expm1(samples * log(values[1]));
}

/* (1 / n)^power: generalised Dice, Sudre et al. 2017 (arXiv:1707.03237), section 2, w = 1 / n^2
 * (there for each sample). */
static double weight_dice(const struct mw_class_term *term, const double *values) {
    return pow(1 / term->pixels, values[0]);
}

/* (N - n) / n: PyTorch, BCEWithLogitsLoss(pos_weight): negatives over positives. */
static double weight_pos_weight(const struct mw_class_term *term, const double *values) {
    (void)values;
    return (term->total - term->pixels) / term->pixels;
}

#define NUMBER_ABOVE_0 .above = 0, .below = INFINITY, .range = "a number above 0"

const struct mw_scheme mw_schemes[] = {
    {.name = "fraction",
     .formula = "n / N",
     .source = "the share itself: a statistic; as a loss weight it is upside down",
     .weight = weight_fraction},
    {.name = "inverse",
     .alias = "inv",
     .formula = "(N / n)^power",
     .source = "inverse class frequency; power=0.5 is the square-root variant",
     .parameters = {{.name = "power", .standard = 1, NUMBER_ABOVE_0}},
     .weight = weight_inverse},
    {.name = "log",
     .formula = "max(ln(c N / n), 1)",
     .source = "the Keras recipe create_class_weight (c=0.15 there); of=fraction: "
               "max(ln(c n / N), 1), which weighs frequent classes up and needs c",
     .parameters = {{.name = "of", .choices = {"ratio", "fraction"}},
                    {.name = "c", .standard = 1, NUMBER_ABOVE_0}},
     .weight = weight_log,
     .needs_second = true},
    {.name = "balanced",
     .formula = "N / (K n)",
     .source = "scikit-learn, compute_class_weight(\"balanced\")",
     .weight = weight_balanced,
     .single_label = true},
    {.name = "median-frequency",
     .alias = "mfb",
     .formula = "median(g) / g, g = n / pixels of the masks with the class",
     .source = "Eigen and Fergus 2015; SegNet",
     .weight = weight_median_frequency},
    {.name = "enet",
     .formula = "(1 / ln(c + n / N))^power",
     .source = "Paszke et al. 2016, c=1.02; c=1.10: ERFNet, ESPNet",
     .parameters = {{.name = "c",
                     .standard = 1.02,
                     .above = 1,
                     .below = INFINITY,
                     .range = "a number above 1"},
                    {.name = "power", .standard = 1, NUMBER_ABOVE_0}},
     .weight = weight_enet},
    {.name = "effective",
     .formula = "(1 - beta) / (1 - beta^k), k = masks with the class",
     .source = "Cui et al. 2019 (normalised there: --normalize mean); of=pixels: k = n",
     .parameters = {{.name = "of", .choices = {"masks", "pixels"}},
                    {.name = "beta",
                     .standard = 0.999,
                     .above = 0,
                     .below = 1,
                     .range = "a number between 0 and 1"}},
     .weight = weight_effective},
    {.name = "dice",
     .formula = "(1 / n)^power",
     .source = "generalised Dice, Sudre et al. 2017, power=2 (there for each sample)",
     .parameters = {{.name = "power", .standard = 2, NUMBER_ABOVE_0}},
     .weight = weight_dice,
     .single_label = true},
    {.name = "pos-weight",
     .alias = "pos_weight",
     .formula = "(N - n) / n",
     .source = "PyTorch, BCEWithLogitsLoss(pos_weight=); never normalised",
     .weight = weight_pos_weight,
     .is_pos_weight = true},
};
const size_t mw_scheme_count = sizeof mw_schemes / sizeof mw_schemes[0];
