#include "audit/findings.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "audit/guess.h"
#include "weigh/advice.h"

enum mw_status mw_findings_add(struct mw_findings *findings, const struct mw_finding *finding,
                               struct mw_text *message, struct mw_error *err) {
    struct mw_finding *list = realloc(findings->list, (findings->count + 1) * sizeof *list);
    if (list) findings->list = list;
    if (!list || message->failed) {
        mw_text_free(message);
        return mw_error_memory(err);
    }
    list[findings->count] = *finding;
    list[findings->count++].message = message->data;
    return MW_OK;
}

enum mw_status mw_findings_tell(struct mw_findings *findings, enum mw_finding_code code,
                                uint64_t count, struct mw_text *message, struct mw_error *err) {
    struct mw_finding finding = {
        .code = code, .severity = mw_finding_kinds[code].severity, .count = count};
    return mw_findings_add(findings, &finding, message, err);
}

struct mw_finding *mw_findings_broken(const struct mw_findings *findings,
                                      enum mw_finding_code code) {
    for (size_t i = 0; i < findings->count; i++)
        if (findings->list[i].code == code) return &findings->list[i];
    return NULL;
}

bool mw_findings_repeat(const struct mw_findings *findings, const struct mw_finding *finding) {
    return finding->code == MW_UNKNOWN_LABEL && mw_findings_broken(findings, MW_UNKNOWN_LABELS);
}

bool mw_findings_fail(const struct mw_findings *findings) {
    for (size_t i = 0; i < findings->rule_count; i++)
        if (findings->rules[i].broken && findings->rules[i].severity == MW_SEVERITY_ERROR)
            return true;
    return false;
}

static enum mw_status add_mask_findings(struct mw_findings *findings,
                                        const struct mw_counts *counts, struct mw_error *err) {
    for (unsigned code = 0; code < MW_MASK_FINDINGS; code++) {
        const struct mw_place_list *places = &counts->findings[code];
        if (places->count == 0) continue;
        struct mw_text text = {0};
        mw_text_print(&text, "%s", mw_finding_kinds[code].meaning);
        enum mw_status status = mw_findings_tell(findings, code, places->count, &text, err);
        if (status) return status;
        findings->list[findings->count - 1].first = places;
    }
    return MW_OK;
}

/* NULL for a class that does not occur. */
static const struct mw_class_counts *find_class(const struct mw_counts *counts, uint32_t id) {
    const struct mw_class_counts *row = mw_counts_find(counts, id);
    return row && row->all.pixels > 0 ? row : NULL;
}

/* Exactly the ids 0 and 255. */
static enum mw_status look_for_binary(struct mw_findings *findings, const struct mw_counts *counts,
                                      const struct mw_labels *labels, struct mw_error *err) {
    const struct mw_class_counts *high = find_class(counts, 255);
    size_t present = 0;
    for (size_t i = 0; i < counts->class_count; i++) present += counts->classes[i].all.pixels > 0;
    if (mw_labels_multi(labels) || labels->binary || present != 2 || !high ||
        !find_class(counts, 0))
        return MW_OK;
    struct mw_text text = {0};
    mw_text_print(&text,
                  "the values are exactly 0 and 255: a binary mask? then use --binary, which "
                  "makes them classes 0 and 1");
    return mw_findings_tell(findings, MW_LOOKS_BINARY, high->all.masks, &text, err);
}

/* 255, and otherwise ids below 200 of which at least half occur. */
static enum mw_status look_for_ignore_index(struct mw_findings *findings,
                                            const struct mw_counts *counts,
                                            const struct mw_labels *labels, struct mw_error *err) {
    size_t count = counts->class_count;
    const struct mw_class_counts *high = find_class(counts, 255);
    if (mw_labels_multi(labels) || labels->classes || labels->binary || !high || count < 2)
        return MW_OK;
    if (counts->classes[count - 1].id != 255) return MW_OK;
    uint32_t second = counts->classes[count - 2].id;
    if (!mw_looks_like_void(255, count - 1, second)) return MW_OK;
    struct mw_text text = {0};
    mw_text_print(&text,
                  "class 255 (%.2f %% of the pixels) stands beside the ids 0 to %" PRIu32
                  ": a void label? then leave it out with --ignore-index 255",
                  100 * (double)high->all.pixels / (double)counts->pixels, second);
    return mw_findings_tell(findings, MW_LOOKS_LIKE_IGNORE_INDEX, high->all.masks, &text, err);
}

/* Multi-label masks of which not all have a plane for every class. */
static enum mw_status look_for_planes(struct mw_findings *findings, const struct mw_counts *counts,
                                      const struct mw_labels *labels, struct mw_error *err) {
    size_t count = counts->class_count;
    const struct mw_class_counts *last = count ? &counts->classes[count - 1] : NULL;
    if (!mw_labels_multi(labels) || !last || last->all.planes == counts->masks) return MW_OK;
    struct mw_text text = {0};
    mw_text_print(
        &text,
        "masks have different numbers of planes, at most %zu: --classes %zu refuses those "
        "with fewer",
        count, count);
    return mw_findings_tell(findings, MW_PLANES_DIFFER, counts->masks - last->all.planes, &text,
                            err);
}

/* Ids listed in a message before it says how many more there are. */
enum { IDS_SHOWN = 8 };

/* Classes without pixels in what is weighed. */
static enum mw_status look_for_absent(struct mw_findings *findings, const struct mw_counts *counts,
                                      const struct mw_labels *labels,
                                      const struct mw_weights *weights, struct mw_error *err) {
    struct mw_text text = {0};
    uint64_t absent = weights->count - weights->present, listed = 0;
    bool seen = false; /* one of them occurs in empty masks */
    if (absent == 0) return MW_OK;
    mw_text_print(&text, "class%s ", absent == 1 ? "" : "es");
    for (size_t i = 0; i < counts->class_count; i++) {
        if (weights->pixels[i] > 0) continue;
        seen = seen || counts->classes[i].all.pixels > 0;
        const char *name = mw_labels_name(labels, counts->classes[i].id);
        if (listed == IDS_SHOWN) continue;
        mw_text_print(&text, "%s%" PRIu32, listed++ ? ", " : "", counts->classes[i].id);
        if (name) mw_text_print(&text, " (%s)", name);
    }
    if (absent > IDS_SHOWN) mw_text_print(&text, " and %" PRIu64 " more", absent - IDS_SHOWN);
    const char *how = absent == 1 ? "never occurs" : "never occur";
    if (mw_subset_estimates(&counts->subset))
        how = absent == 1 ? "does not occur in the sample" : "do not occur in the sample";
    if (seen) how = "without a pixel outside of empty masks";
    mw_text_print(&text, " %s: the weight follows --zero-class %s", how,
                  mw_zero_class_names[weights->options.zero_class]);
    return mw_findings_tell(findings, MW_ABSENT_CLASS, absent, &text, err);
}

static enum mw_status look_for_nothing(struct mw_findings *findings,
                                       const struct mw_weights *weights, struct mw_error *err) {
    struct mw_text text = {0};
    if (weights->present > 0) return MW_OK;
    mw_text_print(&text, "%s: every weight follows --zero-class %s",
                  weights->options.skip_empty ? "no mask has foreground"
                                              : "no pixel carries a class",
                  mw_zero_class_names[weights->options.zero_class]);
    return mw_findings_tell(findings, MW_NOTHING_TO_WEIGH, weights->count, &text, err);
}

static enum mw_status look_for_upside_down(struct mw_findings *findings,
                                           const struct mw_counts *counts,
                                           const struct mw_weights *weights, struct mw_error *err) {
    struct mw_extremes extremes = mw_extremes_find(weights);
    if (!mw_extremes_upside_down(&extremes, weights)) return MW_OK;
    double most = weights->class_weight[extremes.most];
    double least = weights->class_weight[extremes.least];
    struct mw_text text = {0};
    mw_text_print(&text,
                  "%s weighs frequent classes up: class %" PRIu32 " (%.3g %% of the pixels) gets "
                  "%.3g times the weight of class %" PRIu32 " (%.3g %%); as a loss weight use "
                  "%s, inverse, median-frequency or enet",
                  weights->request.text, counts->classes[extremes.most].id,
                  100 * weights->fraction[extremes.most], most / least,
                  counts->classes[extremes.least].id, 100 * weights->fraction[extremes.least],
                  weights->options.multi_label ? "pos-weight" : "balanced");
    return mw_findings_tell(findings, MW_WEIGHS_FREQUENT_UP, extremes.present, &text, err);
}

/* What may make them differ, from the parameters of the scheme. */
static void add_other_parameters(const struct mw_scheme_request *request, struct mw_text *text) {
    for (size_t i = 0; i < MW_PARAMETERS && request->scheme->parameters[i].name; i++) {
        const struct mw_parameter *parameter = &request->scheme->parameters[i];
        if (parameter->choices[0] && request->scheme->needs_second) continue; /* upside down */
        if (parameter->choices[0]) {
            mw_text_print(text, "%s=%s, ", parameter->name,
                          parameter->choices[request->values[i] == 0 ? 1 : 0]);
        } else {
            char digits[MW_REAL_SIZE];
            mw_text_print(text, "a %s other than %s, ", parameter->name,
                          mw_real_format(request->values[i], digits));
        }
    }
}

/* Weights within 1 % of each other though the classes differ by more than 10 %. */
static enum mw_status look_for_uniform(struct mw_findings *findings,
                                       const struct mw_weights *weights, struct mw_error *err) {
    struct mw_extremes extremes = mw_extremes_find(weights);
    double spread = extremes.heaviest_to_lightest;
    if (extremes.ratio <= 1.1 || !(spread <= 1.01)) return MW_OK;
    struct mw_text text = {0};
    mw_text_print(&text,
                  "%s weighs all classes alike (within %.2g %%), though their pixels differ by a "
                  "factor of %.3g: it changes nothing; use ",
                  weights->request.text, fmax(100 * (spread - 1), 0.01), extremes.ratio);
    add_other_parameters(&weights->request, &text);
    mw_text_print(&text, "%sanother scheme",
                  weights->request.scheme->parameters[0].name ? "or " : "");
    return mw_findings_tell(findings, MW_UNIFORM_WEIGHTS, extremes.present, &text, err);
}

enum mw_status mw_findings_make(struct mw_findings *findings, const struct mw_counts *counts,
                                const struct mw_labels *labels, const struct mw_weights *weights,
                                size_t weight_count, struct mw_error *err) {
    enum mw_status status = add_mask_findings(findings, counts, err);
    if (!status) status = look_for_binary(findings, counts, labels, err);
    if (!status) status = look_for_ignore_index(findings, counts, labels, err);
    if (!status) status = look_for_planes(findings, counts, labels, err);
    if (!status && weight_count) status = look_for_nothing(findings, &weights[0], err);
    if (!status && weight_count && weights[0].present)
        status = look_for_absent(findings, counts, labels, &weights[0], err);
    for (size_t i = 0; i < weight_count && !status; i++)
        status = look_for_upside_down(findings, counts, &weights[i], err);
    for (size_t i = 0; i < weight_count && !status; i++)
        status = look_for_uniform(findings, &weights[i], err);
    return status;
}

void mw_findings_free(struct mw_findings *findings) {
    for (size_t i = 0; i < findings->count; i++) {
        free(findings->list[i].message);
        free(findings->list[i].hint);
    }
    free(findings->list);
    free(findings->rules);
    *findings = (struct mw_findings){0};
}
