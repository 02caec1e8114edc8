/* What a sample of the masks says about its weights. */
#include <inttypes.h>

#include "audit/findings.h"

static void add_class(const struct mw_labels *labels, uint32_t id, struct mw_text *text) {
    const char *name = mw_labels_name(labels, id);
    mw_text_print(text, "%" PRIu32, id);
    if (name) mw_text_print(text, " (%s)", name);
}

/* The weight that may be furthest off, as a share of itself. */
struct widest {
    double relative; /* 0: there is no interval */
    size_t scheme, place;
};

static struct widest find_widest(const struct mw_estimates *estimates) {
    struct widest widest = {0};
    for (size_t j = 0; j < estimates->schemes; j++)
        for (size_t i = 0; i < estimates->classes; i++) {
            struct mw_interval interval = mw_estimate_of_weight(estimates, j, i);
            if (!mw_interval_known(interval) || mw_interval_relative(interval) <= widest.relative)
                continue;
            widest = (struct widest){mw_interval_relative(interval), j, i};
        }
    return widest;
}

static enum mw_status tell_estimates(struct mw_findings *findings, const struct mw_counts *counts,
                                     const struct mw_labels *labels,
                                     const struct mw_weights *weights,
                                     const struct mw_estimates *estimates, struct mw_error *err) {
    struct widest widest = find_widest(estimates);
    struct mw_text text = {0};
    mw_text_print(&text,
                  "the weights are estimates from a sample of %" PRIu64 " of %" PRIu64 " files",
                  counts->subset.taken, counts->subset.seen);
    if (widest.relative > 0) {
        mw_text_print(&text,
                      ": with 95 %% confidence all that have an interval are within %.2g %%, ",
                      100 * widest.relative);
        mw_text_print(&text, "the widest being that of class ");
        add_class(labels, counts->classes[widest.place].id, &text);
        if (estimates->schemes > 1)
            mw_text_print(&text, " under %s", weights[widest.scheme].request.text);
    }
    return mw_findings_tell(findings, MW_ESTIMATED_WEIGHTS, counts->subset.taken, &text, err);
}

static bool is_in_few(const struct mw_class_counts *row) {
    return row->all.masks > 0 && row->all.masks < MW_ESTIMATE_LEAST_MASKS;
}

static enum mw_status tell_few(struct mw_findings *findings, const struct mw_counts *counts,
                               const struct mw_labels *labels, struct mw_error *err) {
    enum { CLASSES_SHOWN = 8 };
    struct mw_text text = {0};
    uint64_t few = 0;
    for (size_t i = 0; i < counts->class_count; i++) few += is_in_few(&counts->classes[i]);
    if (few == 0) return MW_OK;
    mw_text_print(&text, few == 1 ? "class " : "classes ");
    size_t shown = 0;
    for (size_t i = 0; i < counts->class_count && shown < CLASSES_SHOWN; i++) {
        if (!is_in_few(&counts->classes[i])) continue;
        mw_text_print(&text, "%s", shown++ ? ", " : "");
        add_class(labels, counts->classes[i].id, &text);
    }
    if (shown < few) mw_text_print(&text, " and %" PRIu64 " more", few - shown);
    mw_text_print(&text,
                  " %s in fewer than %d masks of the sample, so nothing is said about how far "
                  "the estimate is off: take a larger sample",
                  few == 1 ? "is" : "are", MW_ESTIMATE_LEAST_MASKS);
    return mw_findings_tell(findings, MW_FEW_SAMPLED_MASKS, few, &text, err);
}

/* More masks were asked for than there are. */
static enum mw_status tell_whole(struct mw_findings *findings, const struct mw_counts *counts,
                                 struct mw_error *err) {
    struct mw_finding finding = {
        .code = MW_ESTIMATED_WEIGHTS, .severity = MW_INFO, .count = counts->subset.taken};
    struct mw_text text = {0};
    mw_text_print(&text, "the sample is all %" PRIu64 " files: nothing is estimated",
                  counts->subset.seen);
    return mw_findings_add(findings, &finding, &text, err);
}

enum mw_status mw_findings_estimates(struct mw_findings *findings, const struct mw_counts *counts,
                                     const struct mw_labels *labels,
                                     const struct mw_weights *weights,
                                     const struct mw_estimates *estimates, struct mw_error *err) {
    if (!estimates->fractions || estimates->schemes == 0) return MW_OK;
    if (!mw_subset_estimates(&counts->subset)) return tell_whole(findings, counts, err);
    enum mw_status status = tell_estimates(findings, counts, labels, weights, estimates, err);
    return status ? status : tell_few(findings, counts, labels, err);
}
