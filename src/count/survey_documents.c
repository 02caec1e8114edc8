/* The documents among the sources: their counts are added, their settings inherited. */
#include "base/bytes.h"
#include "count/document.h"
#include "count/survey.h"

static int64_t highest_class(const struct mw_counts *counts) {
    size_t count = counts->class_count; /* read in order of id */
    return count ? (int64_t)counts->classes[count - 1].id : -1;
}

/* What failed in the run that wrote a document is told again. */
static void tell_failures(const struct mw_survey *survey, const struct mw_place_list *failures) {
    const struct mw_survey_events *events = &survey->events;
    for (size_t i = 0; events->failure && i < failures->kept; i++)
        if (failures->places[i].message)
            events->failure(events->context, failures->places[i].path, failures->places[i].message);
}

static enum mw_status add_document(struct mw_survey *survey, struct mw_source *source,
                                   struct mw_counts *counts, struct mw_error *err) {
    struct mw_document document = {0};
    bool standard = source->real == NULL;
    enum mw_status status = MW_OK;
    if (!standard)
        status = mw_bytes_slurp_path(source->path, MW_DOCUMENT_LIMIT, &source->content, err);
    if (status) return status;
    status = mw_document_parse(&document, source->content.data, source->content.length, err);
    mw_text_free(&source->content);
    if (!status)
        status = mw_labels_inherit(survey->labels, &document.labels,
                                   highest_class(&document.counts), err);
    if (!status) tell_failures(survey, &document.counts.failures);
    if (!status) status = mw_counts_merge(counts, &document.counts, err);
    if (status) mw_error_prefix(err, "%s", standard ? "standard input" : source->path);
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
