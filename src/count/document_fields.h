/* document_fields: the integers of "dataset", in one table for the writer and the reader. */
#ifndef MW_COUNT_DOCUMENT_FIELDS_H
#define MW_COUNT_DOCUMENT_FIELDS_H

#include <stddef.h>

struct mw_dataset_field {
    const char *part; /* object inside "dataset"; NULL: "dataset" itself */
    const char *key;
    size_t offset; /* of a uint64_t in struct mw_counts */
};

/* In the order of the document. */
extern const struct mw_dataset_field mw_dataset_fields[];
extern const size_t mw_dataset_field_count;

#endif
