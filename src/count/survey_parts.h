/* survey_parts: the documents among the sources that are parts of one dataset, and samples. */
#ifndef MW_COUNT_SURVEY_PARTS_H
#define MW_COUNT_SURVEY_PARTS_H

#include "count/survey.h"

/* Whether there is a source beside documents. */
bool mw_survey_has_masks(const struct mw_survey *survey);

/* Refuses document number `last` where it and the documents before it cannot be one dataset: parts
 * beside what is none, other numbers of shards, other paths in all, a shard that is there already.
 * parts: [source_count], the shards of the documents up to `last`; held: those before it, merged.
 * Errors: MW_USAGE, with the documents' names; MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_survey_check_part(const struct mw_survey *survey,
                                                  const struct mw_shards *parts,
                                                  const struct mw_shards *held, size_t last,
                                                  struct mw_error *err);

/* Refuses a document that was sampled in another way than `other`, which is the first document or, where that
 * is NULL, this run. Errors: MW_USAGE, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status
mw_survey_check_subset(const char *name, const struct mw_subset *subset, const char *other,
                       const struct mw_subset *wanted, struct mw_error *err);

/* What all parts together are: the dataset, which is no part any more, or incomplete counts. Errors:
 * MW_USAGE, when their paths are not all paths. */
MW_MUST_CHECK enum mw_status mw_survey_finish_parts(const struct mw_survey *survey,
                                                    struct mw_counts *counts, struct mw_error *err);

#endif
