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
    uint32_t id;
    for (uint64_t next = 0; mw_counts_next_class(a, b, next, &id); next = (uint64_t)id + 1)
        sum += term(mw_counts_fraction_of(a, id) / all_a, mw_counts_fraction_of(b, id) / all_b);
    return fmin(fmax(sum, 0), 1); /* rounding may lead outside */
}
