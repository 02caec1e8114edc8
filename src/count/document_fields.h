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
/* The first of them: those that a group of a sample has, too. */
extern const size_t mw_group_field_count;

/* The first `count` of those fields, as members of an object. */
bool mw_document_add_fields(cJSON *object, const struct mw_counts *counts, size_t count);
MW_MUST_CHECK enum mw_status mw_document_parse_fields(const cJSON *object, struct mw_counts *counts,
                                                      size_t count, struct mw_error *err);

/* A set of integers: a list of integers and, for ranges, [first, last]. */
bool mw_document_add_ranges(cJSON *parent, const char *key, const struct mw_ranges *set);
MW_MUST_CHECK enum mw_status mw_document_parse_ranges(const cJSON *object, const char *key,
                                                      struct mw_ranges *set, struct mw_error *err);

/* A set of paths: {"count", "digest"}. */
bool mw_document_add_paths(cJSON *parent, const char *key, const struct mw_path_set *paths);
MW_MUST_CHECK enum mw_status mw_document_parse_paths(const cJSON *object, const char *key,
                                                     struct mw_path_set *paths,
                                                     struct mw_error *err);

/* "shard", of a document that is a part of a dataset: only there is it in the document. */
bool mw_document_add_shard(cJSON *root, const struct mw_shards *shards);
MW_MUST_CHECK enum mw_status mw_document_parse_shard(const cJSON *root, struct mw_shards *shards,
                                                     struct mw_error *err);

/* "sample", of a document that does not count all masks: only there is it in the document. */
bool mw_document_add_subset(cJSON *root, const struct mw_counts *counts, bool multi_label);
MW_MUST_CHECK enum mw_status mw_document_parse_subset(const cJSON *root, struct mw_counts *counts,
                                                      bool multi_label, struct mw_error *err);

/* Refuses numbers that no dataset can have. Errors: MW_USAGE. */
MW_MUST_CHECK enum mw_status mw_document_check(const struct mw_document *document,
                                               struct mw_error *err);

#endif
