#include "weigh/sampling.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static double inverse(const struct mw_counts *counts, const struct mw_class_counts *row,
                      double threshold) {
    (void)threshold;
    return 1 / mw_counts_fraction(counts, row);
}

static double repeat_factor(const struct mw_counts *counts, const struct mw_class_counts *row,
                            double threshold) {
    double share = (double)row->all.masks / (double)counts->masks;
    return fmax(1, sqrt(threshold / share));
}

const struct mw_sampler mw_samplers[] = {
    {
        .name = "inverse",
        .formula = "max of 1 / f over the classes in the mask, f: share of the pixels",
        .source = "inverse frequency of the rarest class present",
        .without = 0,
        .value = inverse,
    },
    {
        .name = "repeat-factor",
        .formula = "max of max(1, sqrt(t / f)) over the classes in the mask, f: share of the masks",
        .source = "LVIS, Gupta et al. 2019",
        .threshold = 0.001,
        .without = 1,
        .value = repeat_factor,
    },
};
const size_t mw_sampler_count = sizeof mw_samplers / sizeof mw_samplers[0];

static enum mw_status find(const char *text, size_t length, const struct mw_sampler **sampler,
                           struct mw_error *err) {
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1),
             text);
    for (size_t i = 0; i < mw_sampler_count; i++) {
        *sampler = &mw_samplers[i];
        if (strcmp(mw_samplers[i].name, word) == 0) return MW_OK;
    }
    return mw_error_unknown(err, "--sampling", word, &mw_samplers[0].name, mw_sampler_count,
                            sizeof mw_samplers[0], "");
}

enum mw_status mw_sampling_parse(struct mw_sampling *sampling, const char *text,
                                 struct mw_error *err) {
    size_t length = strcspn(text, ":");
    enum mw_status status = find(text, length, &sampling->sampler, err);
    if (status) return status;
    const char *name = sampling->sampler->name, *rest = text + length;
    sampling->threshold = sampling->sampler->threshold;
    if (!*rest) return MW_OK;
    if (sampling->threshold == 0)
        return mw_error_set(err, MW_USAGE, "--sampling %s: it has no parameters", name);
    if (strncmp(rest, ":t=", 3) == 0 && mw_real_parse(rest + 3, &sampling->threshold) &&
        sampling->threshold > 0 && sampling->threshold <= 1)
        return MW_OK;
    return mw_error_set(err, MW_USAGE,
                        "--sampling %s: '%s' is not t=NUMBER with a number above 0 and up to 1",
                        name, rest + 1);
}
