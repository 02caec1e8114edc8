/* audit: --check, --rules, --baseline and --images. */
#ifndef MW_CLI_AUDIT_H
#define MW_CLI_AUDIT_H

#include "audit/checks.h"
#include "audit/watch.h"
#include "cli/options.h"

/* Zeroed is an audit without rules. */
struct mw_audit {
    struct mw_document baseline;
    struct mw_watch watch; /* of the rules that look at masks */
};

/* Reads the files of rules and the baseline; with a rule, unknown values are left to the rules.
 * Errors: MW_USAGE and others, with the file's path. Free it with mw_audit_free in any case. */
MW_MUST_CHECK enum mw_status mw_audit_read(struct mw_audit *audit, struct mw_settings *settings,
                                           struct mw_error *err);

/* Once the labels are known and before masks are read: whether the rules and the baseline fit them and the
 * sources, of which `sampled` says that not all masks are counted. Tells the survey what the rules look at. Errors: MW_USAGE, MW_IO, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_audit_resolve(struct mw_audit *audit, struct mw_settings *settings,
                                              struct mw_survey *survey, bool sampled,
                                              struct mw_error *err);

/* Judges finished counts by the rules. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_audit_judge(struct mw_audit *audit,
                                            const struct mw_settings *settings,
                                            const struct mw_counts *counts,
                                            struct mw_findings *findings, struct mw_error *err);

void mw_audit_free(struct mw_audit *audit);

#endif
