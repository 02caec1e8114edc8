/* The documents among the sources: their counts are added, their settings inherited. */
#include <inttypes.h>
#include <stdlib.h>

#include "count/document.h"
#include "count/survey_parts.h"

/* What a document holds, short. Two with the same paths and the same numbers are copies; the same
 * paths alone may be two directories with files of the same names. */
struct identity {
    uint64_t files; /* 0: no document */
    struct mw_digest paths;
    struct mw_digest numbers; /* of all counts, written as text */
};

static int64_t highest_class(const struct mw_counts *counts) {
    size_t count = counts->class_count; /* read in order of id */
    return count ? (int64_t)counts->classes[count - 1].id : -1;
}

static enum mw_status identify(struct identity *identity, const struct mw_counts *counts,
                               struct mw_error *err) {
    struct mw_text text = {0};
    mw_text_print(&text, "%" PRIu64 " %" PRIu64 " %" PRIu64, counts->masks, counts->pixels,
                  counts->ignored_pixels);
    for (size_t i = 0; i < counts->class_count; i++) {
        const struct mw_class_counts *row = &counts->classes[i];
        if (row->all.pixels == 0) continue; /* perhaps declared in one of them only */
        mw_text_print(&text, ",%" PRIu32 " %" PRIu64 " %" PRIu64 " %" PRIu64, row->id,
                      row->all.pixels, row->all.masks, row->all.mask_pixels);
    }
    if (!text.failed)
        *identity = (struct identity){counts->files, counts->digest, mw_digest_path(text.data)};
    bool failed = text.failed;
    mw_text_free(&text);
    return failed ? mw_error_memory(err) : MW_OK;
}

/* Refuses the document with the number `last` if an earlier one is a copy of it. */
static enum mw_status refuse_copy(const struct mw_survey *survey, const struct identity *identities,
                                  size_t last, struct mw_error *err) {
    const struct identity *own = &identities[last];
    for (size_t i = 0; i < last && own->files; i++)
        if (identities[i].files == own->files && mw_digest_equal(identities[i].paths, own->paths) &&
            mw_digest_equal(identities[i].numbers, own->numbers))
            return mw_error_set(
                err, MW_USAGE,
                "%s and %s hold the same counts of files with the same paths: they "
                "would count twice; leave one out (were they different masks, count "
                "both sets in one run)",
                mw_source_name(survey->sources[i].path),
                mw_source_name(survey->sources[last].path));
    return MW_OK;
}

/* What failed in the run that wrote a document is told again. */
static void tell_failures(const struct mw_survey *survey, const char *name,
                          const struct mw_place_list *failures) {
    const struct mw_survey_events *events = &survey->events;
    struct mw_error told;
    for (size_t i = 0; events->failure && i < failures->kept; i++) {
        const struct mw_place *place = &failures->places[i];
        if (!place->message) continue;
        mw_error_set(&told, MW_USAGE, "%s (failed when %s was written)", place->message, name);
        events->failure(events->context, place->path, told.message);
    }
}

static enum mw_status parse(struct mw_document *document, struct mw_source *source, size_t limit,
                            struct mw_error *err) {
    if (source->real) return mw_document_read(document, source->path, limit, err);
    enum mw_status status =
        mw_document_parse(document, source->content.data, source->content.length, err);
    mw_text_free(&source->content);
    if (status) mw_error_prefix(err, "%s", mw_source_name(source->path));
    return status;
}

/* What is kept of the documents read so far, to be compared with those that follow. */
struct earlier {
    struct identity *identities; /* [source_count] */
    struct mw_shards *parts;     /* [source_count] */
    const char *first;           /* name of the first document */
    struct mw_subset subset;     /* its sample */
};

/* All documents, and the masks that are counted beside them, are sampled alike. */
static enum mw_status compare_subset(const struct mw_survey *survey, struct earlier *earlier,
                                     const char *name, const struct mw_subset *subset,
                                     struct mw_error *err) {
    const struct mw_subset *asked = &survey->subset;
    if (asked->most || (mw_subset_active(asked) && !mw_survey_has_masks(survey)))
        return mw_error_set(err, MW_USAGE,
                            "%s: a document holds counts; there are no masks to choose from "
                            "(--sample%s)",
                            name, mw_survey_has_masks(survey) ? " with a number of masks" : "");
    if (mw_survey_has_masks(survey)) return mw_survey_check_subset(name, subset, NULL, asked, err);
    if (!earlier->first) {
        earlier->first = name;
        earlier->subset = *subset;
    }
    return mw_survey_check_subset(name, subset, earlier->first, &earlier->subset, err);
}

/* `counts` has those of the documents before it. */
static enum mw_status compare(struct mw_survey *survey, size_t number, struct earlier *earlier,
                              struct mw_document *document, const struct mw_counts *counts,
                              struct mw_error *err) {
    const char *name = mw_source_name(survey->sources[number].path);
    enum mw_status status = identify(&earlier->identities[number], &document->counts, err);
    if (!status)
        status = mw_labels_inherit(survey->labels, &document->labels,
                                   highest_class(&document->counts), name, err);
    if (!status) status = compare_subset(survey, earlier, name, &document->counts.subset, err);
    if (!status) status = mw_shards_merge(&earlier->parts[number], &document->counts.shards, err);
    if (!status)
        status = mw_survey_check_part(survey, earlier->parts, &counts->shards, number, err);
    return status ? status : refuse_copy(survey, earlier->identities, number, err);
}

static enum mw_status add_document(struct mw_survey *survey, size_t number, struct earlier *earlier,
                                   struct mw_counts *counts, struct mw_error *err) {
    struct mw_document document = {0};
    const char *name = mw_source_name(survey->sources[number].path);
    enum mw_status status =
        parse(&document, &survey->sources[number], (size_t)survey->limits.max_text, err);
    if (!status) status = compare(survey, number, earlier, &document, counts, err);
    if (!status) {
        tell_failures(survey, name, &document.counts.failures);
        status = mw_counts_merge(counts, &document.counts, err);
        if (status) mw_error_prefix(err, "%s", name);
    }
    mw_document_free(&document);
    return status;
}

static void earlier_free(struct earlier *earlier, size_t count) {
    for (size_t i = 0; earlier->parts && i < count; i++) mw_shards_free(&earlier->parts[i]);
    free(earlier->parts);
    free(earlier->identities);
}

enum mw_status mw_survey_read_documents(struct mw_survey *survey, struct mw_counts *counts,
                                        struct mw_error *err) {
    size_t count = survey->source_count;
    struct earlier earlier = {.identities = calloc(count + 1, sizeof *earlier.identities),
                              .parts = calloc(count + 1, sizeof *earlier.parts)};
    enum mw_status status = MW_OK;
    if (!earlier.identities || !earlier.parts) {
        earlier_free(&earlier, 0);
        return mw_error_memory(err);
    }
    for (size_t i = 0; i < count && !status; i++)
        if (survey->sources[i].kind == MW_SOURCE_DOCUMENT)
            status = add_document(survey, i, &earlier, counts, err);
    if (!status) status = mw_survey_finish_parts(survey, counts, err);
    earlier_free(&earlier, count);
    return status ? status : mw_labels_resolve(survey->labels, err);
}
