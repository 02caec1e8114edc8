/* document_fields: what the writer and the reader of documents share. */
#ifndef MW_COUNT_DOCUMENT_FIELDS_H
#define MW_COUNT_DOCUMENT_FIELDS_H

#include <stddef.h>

#include "base/error.h"
#include "count/document.h"

/* An integer of "dataset". */
struct mw_dataset_field {
    const char *part; /* object inside "dataset"; NULL: "dataset" itself */
    const char *key;
    size_t offset; /* of a uint64_t in struct mw_counts */
};

/* In the order of the document. */
extern const struct mw_dataset_field mw_dataset_fields[];
extern const size_t mw_dataset_field_count;

/* Refuses numbers that no dataset can have. Errors: MW_USAGE. */
MW_MUST_CHECK enum mw_status mw_document_check(const struct mw_document *document,
                                               struct mw_error *err);

#endif
