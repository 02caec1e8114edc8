/* sampling: how often a mask is drawn in training. One table; a new one is one new row in sampling.c. */
#ifndef MW_WEIGH_SAMPLING_H
#define MW_WEIGH_SAMPLING_H

#include <stddef.h>

#include "base/error.h"
#include "count/counts.h"

/* The weight of a mask is the largest value of the classes that it contains. */
struct mw_sampler {
    const char *name;
    const char *formula; /* as text */
    const char *source;  /* whose definition it is */
    double threshold;    /* standard value of t; 0: it has none */
    double without;      /* the weight of a mask without any class */
    /* The value of a class that occurs. Pure. */
    double (*value)(const struct mw_counts *counts, const struct mw_class_counts *row,
                    double threshold);
};

extern const struct mw_sampler mw_samplers[];
extern const size_t mw_sampler_count;

/* A sampler as it was asked for. Zeroed: none. */
struct mw_sampling {
    const struct mw_sampler *sampler;
    double threshold; /* t */
};

/* Reads NAME[:t=NUMBER]. Errors: MW_USAGE, with the nearest right name. */
MW_MUST_CHECK enum mw_status mw_sampling_parse(struct mw_sampling *sampling, const char *text,
                                               struct mw_error *err);

#endif
