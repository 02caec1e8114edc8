/* The documents among the sources: their counts are added, their settings inherited. */
#include "count/document.h"
#include "count/survey.h"

static int64_t highest_class(const struct mw_counts *counts) {
    size_t count = counts->class_count; /* read in order of id */
    return count ? (int64_t)counts->classes[count - 1].id : -1;
}

static enum mw_status add_document(struct mw_survey *survey, const struct mw_source *source,
                                   struct mw_counts *counts, struct mw_error *err) {
    struct mw_document document;
    enum mw_status status =
        mw_document_parse(&document, source->content.data, source->content.length, err);
    if (!status)
        status = mw_labels_inherit(survey->labels, &document.labels,
                                   highest_class(&document.counts), err);
    if (!status) status = mw_counts_merge(counts, &document.counts, err);
    if (status) mw_error_prefix(err, "%s", source->real ? source->path : "standard input");
    mw_document_free(&document);
    return status;
}

enum mw_status mw_survey_read_documents(struct mw_survey *survey, struct mw_counts *counts,
                                        struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < survey->source_count && !status; i++)
        if (survey->sources[i].kind == MW_SOURCE_DOCUMENT)
            status = add_document(survey, &survey->sources[i], counts, err);
    return status ? status : mw_labels_resolve(survey->labels, err);
}
