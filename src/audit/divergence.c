#include "audit/divergence.h"

#include <math.h>

static double sum_of_fractions(const struct mw_counts *counts) {
    double sum = 0;
    for (size_t i = 0; i < counts->class_count; i++)
        sum += mw_counts_fraction(counts, &counts->classes[i]);
    return sum;
}

/* What one class adds: half of p log(p / m) + q log(q / m), where m is their mean. */
static double term(double p, double q) {
    double mean = (p + q) / 2, sum = 0;
    if (p > 0) sum += p * log2(p / mean);
    if (q > 0) sum += q * log2(q / mean);
    return sum / 2;
}

double mw_divergence(const struct mw_counts *a, const struct mw_counts *b) {
    double all_a = sum_of_fractions(a), all_b = sum_of_fractions(b), sum = 0;
    if (all_a == 0 || all_b == 0) return NAN;
    size_t i = 0, j = 0;
    while (i < a->class_count || j < b->class_count) {
        const struct mw_class_counts *left = i < a->class_count ? &a->classes[i] : NULL;
        const struct mw_class_counts *right = j < b->class_count ? &b->classes[j] : NULL;
        bool takes_left = left && (!right || left->id <= right->id);
        bool takes_right = right && (!left || right->id <= left->id);
        sum += term(takes_left ? mw_counts_fraction(a, left) / all_a : 0,
                    takes_right ? mw_counts_fraction(b, right) / all_b : 0);
        i += takes_left;
        j += takes_right;
    }
    return fmin(fmax(sum, 0), 1); /* rounding may lead outside */
}
