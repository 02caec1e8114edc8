/* document: the JSON form of label settings and counts, written and read back. Version 1. */
#ifndef MW_COUNT_DOCUMENT_H
#define MW_COUNT_DOCUMENT_H

#include <cJSON.h>

#include "base/error.h"
#include "count/counts.h"
#include "count/labels.h"

enum { MW_DOCUMENT_SCHEMA = 1 };

/* What a document holds beyond the weights. */
struct mw_document {
    struct mw_labels labels;
    struct mw_counts counts;
};

/* Adds "labels", "dataset" and "classes" to a document; `counts` is finished. False when memory ran
 * out. */
bool mw_document_add_counts(cJSON *root, const struct mw_labels *labels,
                            const struct mw_counts *counts);

/* Adds "labels" alone. False when memory ran out. */
bool mw_document_add_labels(cJSON *root, const struct mw_labels *labels);

/* Adds an array of the places that a list keeps: {"source", "path", "error", "share"}. */
bool mw_document_add_places(cJSON *parent, const char *key, const struct mw_place_list *list);

/* Reads a document that maskweight wrote: `length` bytes, followed by a NUL. Weights and findings
 * about counts and weights are passed over: they are made again. Errors: MW_USAGE with the key that
 * is wrong, MW_NO_MEMORY. Free it with mw_document_free in any case. */
MW_MUST_CHECK enum mw_status mw_document_parse(struct mw_document *document, const char *text,
                                               size_t length, struct mw_error *err);
/* The same from a file of at most `limit` bytes, 0: 2^30; every message names the path. Errors: also
 * MW_IO, MW_LIMIT. */
MW_MUST_CHECK enum mw_status mw_document_read(struct mw_document *document, const char *path,
                                              size_t limit, struct mw_error *err);
void mw_document_free(struct mw_document *document);

#endif
