/* findings: what the counts and the weights tell a user to look at. */
#ifndef MW_AUDIT_FINDINGS_H
#define MW_AUDIT_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/finding.h"
#include "base/text.h"
#include "count/counts.h"
#include "weigh/estimate.h"
#include "weigh/weigh.h"

struct mw_finding {
    enum mw_finding_code code;
    enum mw_severity severity; /* of its kind, or what a rule says */
    char *message;
    char *hint;     /* what it probably is and what to try, which documents do not hold:
                                          they could not be merged; or NULL */
    uint64_t count; /* files, masks or classes concerned */
    const struct mw_place_list *first; /* the first files, in the counts; or NULL */
    const char *rule;                  /* that is broken, as written; NULL: it is of no rule */
    double measured, limit;            /* of the rule */
};

/* What became of one rule of an audit. */
struct mw_judgement {
    const char *rule; /* as written */
    enum mw_severity severity;
    bool broken;
};

/* Zeroed is empty. */
struct mw_findings {
    struct mw_finding
        *list; /* [count], in the order of mw_finding_kinds, then of the weights or rules */
    size_t count;
    struct mw_judgement *rules; /* [rule_count], every rule of an audit */
    size_t rule_count;
};

/* Whether a broken rule tells the same of the same masks: only documents, which are sources later, have both. */
bool mw_findings_repeat(const struct mw_findings *findings, const struct mw_finding *finding);

/* The finding of a broken rule of that code, or NULL. */
struct mw_finding *mw_findings_broken(const struct mw_findings *findings,
                                      enum mw_finding_code code);

/* Whether a rule of severity error is broken. */
bool mw_findings_fail(const struct mw_findings *findings);

/* Adds one finding, and takes over the text of its message. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_findings_add(struct mw_findings *findings,
                                             const struct mw_finding *finding,
                                             struct mw_text *message, struct mw_error *err);
/* The same, of the severity that findings of this code have, and without places. */
MW_MUST_CHECK enum mw_status mw_findings_tell(struct mw_findings *findings,
                                              enum mw_finding_code code, uint64_t count,
                                              struct mw_text *message, struct mw_error *err);

/* Makes the findings of finished counts and of `weight_count` schemes. Places stay in `counts`.
 * Errors: MW_NO_MEMORY. Free it with mw_findings_free in any case. */
MW_MUST_CHECK enum mw_status mw_findings_make(struct mw_findings *findings,
                                              const struct mw_counts *counts,
                                              const struct mw_labels *labels,
                                              const struct mw_weights *weights, size_t weight_count,
                                              struct mw_error *err);

/* Adds that the weights are estimates, and how far they may be off, where not all masks were counted. Errors:
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status
mw_findings_estimates(struct mw_findings *findings, const struct mw_counts *counts,
                      const struct mw_labels *labels, const struct mw_weights *weights,
                      const struct mw_estimates *estimates, struct mw_error *err);
void mw_findings_free(struct mw_findings *findings);

#endif
