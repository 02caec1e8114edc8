/* A small dataset, worked out by hand, for the tests of what is made of counts. */
#ifndef MW_TESTS_DATASET_H
#define MW_TESTS_DATASET_H

#include "made.h"

/* Four declared classes; 0 is background, 3 never occurs.
 *
 *   mask        0    1    2   ignored   what it is
 *   a          50   10    0      5
 *   b          10    0   30      0
 *   c          60    0    0      5      empty
 *   d           0    0    0     40      ignored
 *   sum       120   10   30     50      N = 160 */
static const struct made_mask dataset[] = {
    {.pixels = {50, 10, 0}, .ignored = 5},
    {.pixels = {10, 0, 30}},
    {.pixels = {60, 0, 0}, .ignored = 5},
    {.ignored = 40},
};

enum { CLASSES = 4, PRESENT = 3 };

static struct mw_labels labels;
static struct mw_counts counts;

static int make_dataset(void **state) {
    (void)state;
    labels = made_labels(CLASSES);
    make_counts(&counts, &labels, dataset, COUNT(dataset));
    return 0;
}

static int free_dataset(void **state) {
    (void)state;
    mw_counts_free(&counts);
    mw_labels_free(&labels);
    return 0;
}

#endif
