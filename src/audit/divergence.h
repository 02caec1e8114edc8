/* divergence: how far the classes of two datasets are apart. */
#ifndef MW_AUDIT_DIVERGENCE_H
#define MW_AUDIT_DIVERGENCE_H

#include "count/counts.h"

/* The Jensen-Shannon divergence of the class fractions, with logarithms of base 2: from 0, all the same,
 * to 1, no class in both. JS(p, q) = H((p + q) / 2) - (H(p) + H(q)) / 2 with H Shannon's entropy (Lin,
 * "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37(1),
 * 1991, equation 4.1 with equal weights). Symmetric. Both finished; NaN where one has no pixel that
 * carries a class. Of multi-label counts the classes are no distribution: their shares are divided by
 * their sum. */
double mw_divergence(const struct mw_counts *a, const struct mw_counts *b);

#endif
