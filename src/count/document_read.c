/* Reading a document back, strictly: what is missing, of the wrong type, out of range or
 * contradicts itself is refused with its key. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/json.h"
#include "count/document.h"
#include "count/document_fields.h"

enum mw_status mw_document_parse_ranges(const cJSON *object, const char *key, struct mw_ranges *set,
                                        struct mw_error *err) {
    const cJSON *list, *item;
    enum mw_status status = mw_json_array(object, key, &list, err);
    if (status) return status;
    cJSON_ArrayForEach(item, list) {
        struct mw_range range;
        if (!mw_json_range(item, &range.first, &range.last))
            return mw_error_set(err, MW_USAGE, "\"%s\" is not a list of integers and pairs", key);
        if ((status = mw_ranges_add(set, range, err))) return status;
    }
    return MW_OK;
}

static enum mw_status parse_binary(const cJSON *object, struct mw_labels *labels,
                                   struct mw_error *err) {
    const cJSON *item;
    enum mw_status status = mw_json_member(object, "binary", &item, err);
    if (status || cJSON_IsNull(item)) return status;
    if (mw_json_is_integer(item, &labels->threshold)) {
        labels->binary = MW_BINARY_THRESHOLD;
        return MW_OK;
    }
    if (!cJSON_IsString(item) || strcmp(item->valuestring, "nonzero") != 0)
        return mw_error_set(err, MW_USAGE,
                            "\"binary\" is neither null, \"nonzero\" nor an integer");
    labels->binary = MW_BINARY_NONZERO;
    return MW_OK;
}

/* One of two words; *second tells which. */
static enum mw_status parse_choice(const cJSON *object, const char *key, const char *first_word,
                                   const char *second_word, bool *second, struct mw_error *err) {
    const char *word;
    enum mw_status status = mw_json_string(object, key, &word, err);
    if (status) return status;
    *second = strcmp(word, second_word) == 0;
    if (*second || strcmp(word, first_word) == 0) return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"%s\" is neither \"%s\" nor \"%s\"", key, first_word,
                        second_word);
}

static enum mw_status parse_encoding(const cJSON *object, struct mw_labels *labels,
                                     struct mw_error *err) {
    const char *kind, *name;
    uint64_t divisor;
    enum mw_status status = mw_json_string(object, "kind", &kind, err);
    if (!status) status = mw_json_string(object, "encoding", &name, err);
    if (status) return status;
    size_t encoding = 0;
    while (encoding < mw_encoding_count && strcmp(mw_encodings[encoding].name, name) != 0)
        encoding++;
    if (encoding < mw_encoding_count) labels->encoding = (enum mw_encoding)encoding;
    if (encoding == mw_encoding_count || strcmp(kind, mw_labels_kind(labels)) != 0)
        return mw_error_set(err, MW_USAGE,
                            "\"labels\" has settings that this version does not know");
    if (labels->encoding != MW_ENCODING_INSTANCE) return MW_OK;
    status = mw_json_unsigned(object, "divisor", &divisor, err);
    if (!status && (divisor < 2 || divisor > UINT32_MAX))
        status = mw_error_set(err, MW_USAGE, "\"divisor\" is out of range");
    if (status) return status;
    labels->divisor = (uint32_t)divisor;
    return parse_choice(object, "small_values", "class", "divide", &labels->divide_small, err);
}

static enum mw_status parse_rule(const cJSON *item, struct mw_rules *rules, struct mw_error *err) {
    const cJSON *first = cJSON_GetArrayItem(item, 0), *second = cJSON_GetArrayItem(item, 1);
    const cJSON *third = cJSON_GetArrayItem(item, 2);
    bool rest = cJSON_IsString(first) && strcmp(first->valuestring, "*") == 0;
    const cJSON *target = rest ? second : third;
    struct mw_rule rule = {.to = MW_TO_IGNORED};
    if (!target || cJSON_GetArraySize(item) != (rest ? 2 : 3) ||
        !(cJSON_IsNull(target) || mw_json_is_integer(target, &rule.to)) ||
        (!rest && (!mw_json_is_integer(first, &rule.first) ||
                   !mw_json_is_integer(second, &rule.last) || rule.first > rule.last)))
        return mw_error_set(err, MW_USAGE,
                            "\"map\" and \"values\" hold [first, last, to] and [\"*\", to]");
    if (!rest) return mw_rules_add(rules, rule, err);
    rules->has_rest = true;
    rules->rest = rule.to;
    return MW_OK;
}

static enum mw_status parse_rules(const cJSON *object, const char *key, struct mw_rules *rules,
                                  struct mw_error *err) {
    const cJSON *list, *item;
    enum mw_status status = mw_json_member(object, key, &list, err);
    if (status || cJSON_IsNull(list)) return status;
    status = mw_json_array(object, key, &list, err);
    if (status) return status;
    cJSON_ArrayForEach(item, list) if ((status = parse_rule(item, rules, err))) return status;
    return MW_OK;
}

static enum mw_status parse_nodata(const cJSON *object, struct mw_labels *labels,
                                   struct mw_error *err) {
    const char *word;
    enum mw_status status = mw_json_string(object, "nodata", &word, err);
    for (int i = 0; i < MW_NODATA_NAMES && !status; i++) {
        if (strcmp(word, mw_nodata_names[i]) != 0) continue;
        labels->nodata = (enum mw_nodata)i;
        return MW_OK;
    }
    return status ? status : mw_error_set(err, MW_USAGE, "\"nodata\" is not auto, use or count");
}

static enum mw_status parse_labels(const cJSON *root, struct mw_labels *labels,
                                   struct mw_error *err) {
    const cJSON *object;
    bool declared = false;
    uint64_t classes = 0;
    enum mw_status status = mw_json_member(root, "labels", &object, err);
    if (!status) status = parse_encoding(object, labels, err);
    if (!status) status = mw_json_bool(object, "declared", &declared, err);
    if (!status && declared) status = mw_json_unsigned(object, "classes", &classes, err);
    if (!status && declared && (classes == 0 || classes > MW_MAX_CLASSES))
        status = mw_error_set(err, MW_USAGE, "\"classes\" is not from 1 to %d", MW_MAX_CLASSES);
    labels->classes = (uint32_t)classes;
    labels->given = MW_SET_BACKGROUND;
    bool ignore_unknown = false;
    if (!status) status = parse_rules(object, "values", &labels->values, err);
    if (!status) status = parse_rules(object, "map", &labels->map, err);
    if (!status) status = mw_json_bool(object, "reduce_zero_label", &labels->reduce_zero, err);
    if (!status) status = mw_document_parse_ranges(object, "ignore_index", &labels->ignore, err);
    if (!status) status = mw_document_parse_ranges(object, "background", &labels->background, err);
    if (!status) status = parse_binary(object, labels, err);
    if (!status) status = parse_choice(object, "unknown", "error", "ignore", &ignore_unknown, err);
    labels->unknown = ignore_unknown ? MW_UNKNOWN_IGNORE : MW_UNKNOWN_ERROR;
    if (!status) status = parse_nodata(object, labels, err);
    if (!status)
        status = parse_choice(object, "alpha", "ignore", "use", &labels->transparent_ignored, err);
    return status;
}

enum mw_status mw_document_parse_paths(const cJSON *object, const char *key,
                                       struct mw_path_set *paths, struct mw_error *err) {
    const cJSON *item;
    const char *hex;
    enum mw_status status = mw_json_member(object, key, &item, err);
    if (!status) status = mw_json_string(item, "digest", &hex, err);
    if (!status) status = mw_json_unsigned(item, "count", &paths->count, err);
    if (status) return status;
    if (mw_digest_parse(hex, &paths->digest)) return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"digest\" is not 32 hexadecimal digits");
}

static enum mw_status parse_digest(const cJSON *dataset, struct mw_counts *counts,
                                   struct mw_error *err) {
    struct mw_path_set paths;
    enum mw_status status = mw_document_parse_paths(dataset, "paths", &paths, err);
    if (status) return status;
    if (paths.count != counts->files)
        return mw_error_set(err, MW_USAGE, "\"count\" of \"paths\" is not \"files\"");
    counts->digest = paths.digest;
    return MW_OK;
}

enum mw_status mw_document_parse_fields(const cJSON *object, struct mw_counts *counts, size_t count,
                                        struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = 0; !status && i < count; i++) {
        const struct mw_dataset_field *field = &mw_dataset_fields[i];
        const cJSON *parent = object;
        if (field->part) status = mw_json_member(object, field->part, &parent, err);
        uint64_t *value = (uint64_t *)((char *)counts + field->offset);
        if (!status) status = mw_json_unsigned(parent, field->key, value, err);
    }
    return status;
}

/* Of a place that has one. */
static enum mw_status parse_share(const cJSON *object, double *share, struct mw_error *err) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, "share");
    if (!item) return MW_OK;
    *share = cJSON_IsNumber(item) ? item->valuedouble : 0;
    if (*share > 0 && *share <= 1) return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"share\" is not above 0 and at most 1");
}

static enum mw_status parse_places(const cJSON *parent, const char *key, struct mw_place_list *list,
                                   struct mw_error *err) {
    const cJSON *array, *object;
    uint64_t count = list->count;
    enum mw_status status = mw_json_array(parent, key, &array, err);
    if (status) return status;
    list->limit = SIZE_MAX; /* all that it has */
    cJSON_ArrayForEach(object, array) {
        char *path = NULL;
        uint64_t source = 0;
        const cJSON *error = cJSON_GetObjectItemCaseSensitive(object, "error");
        if (cJSON_GetObjectItemCaseSensitive(object, "source"))
            status = mw_json_unsigned(object, "source", &source, err);
        if (!status && source > UINT32_MAX)
            status = mw_error_set(err, MW_USAGE, "\"source\" is out of range");
        struct mw_place place = {.source = (uint32_t)source,
                                 .message = cJSON_GetStringValue(error)};
        if (!status) status = parse_share(object, &place.share, err);
        if (!status) status = mw_json_path(object, &path, err);
        place.path = path;
        if (!status) status = mw_places_add_place(list, &place, err);
        free(path);
        if (status) return status;
    }
    if (list->kept > count)
        return mw_error_set(err, MW_USAGE, "\"%s\" has more entries than its count", key);
    mw_places_sort(list);
    list->count = count; /* the full count stands beside the places that were kept */
    if (list->kept < count) list->limit = list->kept;
    return MW_OK;
}

/* The first masks of which something is counted. Documents that are merged must have them all. */
static enum mw_status parse_first_masks(const cJSON *dataset, struct mw_counts *counts,
                                        struct mw_error *err) {
    const cJSON *part;
    enum mw_status status = mw_json_member(dataset, "in_empty_masks", &part, err);
    counts->first_empty.count = counts->empty_masks;
    if (!status) status = parse_places(part, "first", &counts->first_empty, err);
    if (!status) status = mw_json_member(dataset, "most_ignored", &part, err);
    if (!status) status = mw_json_unsigned(part, "masks", &counts->most_ignored.count, err);
    if (!status && counts->most_ignored.count > counts->masks)
        status = mw_error_set(err, MW_USAGE, "\"most_ignored\" has more masks than there are");
    return status ? status : parse_places(part, "first", &counts->most_ignored, err);
}

static enum mw_status parse_dataset(const cJSON *root, struct mw_counts *counts,
                                    struct mw_error *err) {
    const cJSON *dataset;
    enum mw_status status = mw_json_member(root, "dataset", &dataset, err);
    if (!status) status = mw_document_parse_fields(dataset, counts, mw_dataset_field_count, err);
    if (!status) status = parse_first_masks(dataset, counts, err);
    return status ? status : parse_digest(dataset, counts, err);
}

/* Without planes a pixel is valid where it carries a class, which "pixels" of the dataset says. */
static enum mw_status refuse_planes(const cJSON *object, struct mw_error *err) {
    static const char *const keys[] = {"valid_pixels", "planes"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (cJSON_GetObjectItemCaseSensitive(object, keys[i]))
            return mw_error_set(err, MW_USAGE,
                                "a class has \"%s\", and \"kind\" is \"single-label\"", keys[i]);
    return MW_OK;
}

static enum mw_status parse_tally(const cJSON *object, bool multi_label,
                                  struct mw_class_tally *tally, struct mw_error *err) {
    enum mw_status status = mw_json_unsigned(object, "pixels", &tally->pixels, err);
    if (!status) status = mw_json_unsigned(object, "masks", &tally->masks, err);
    if (!status) status = mw_json_unsigned(object, "mask_pixels", &tally->mask_pixels, err);
    if (!status)
        status = mw_json_unsigned(object, "mask_ignored_pixels", &tally->mask_ignored_pixels, err);
    if (!status && !multi_label) return refuse_planes(object, err);
    if (!status) status = mw_json_unsigned(object, "valid_pixels", &tally->valid_pixels, err);
    if (!status) status = mw_json_unsigned(object, "planes", &tally->planes, err);
    return status;
}

/* `place` is the number of the class among those of the document. */
static enum mw_status parse_name(const cJSON *object, struct mw_labels *labels, size_t place,
                                 struct mw_error *err) {
    const cJSON *name;
    enum mw_status status = mw_json_member(object, "name", &name, err);
    if (status || cJSON_IsNull(name)) return status;
    if (!cJSON_IsString(name) || place >= labels->classes)
        return mw_error_set(err, MW_USAGE, "\"name\" of class number %zu is wrong", place);
    if (!labels->names) labels->names = calloc(labels->classes, sizeof *labels->names);
    if (!labels->names || !(labels->names[place] = strdup(name->valuestring)))
        return mw_error_memory(err);
    return MW_OK;
}

/* The ids of the declared classes are those of the document. */
static enum mw_status parse_id(struct mw_labels *labels, size_t place, uint32_t id,
                               struct mw_error *err) {
    if (place >= labels->classes || (!labels->ids && id == place)) return MW_OK;
    if (!labels->ids) {
        labels->ids = calloc(labels->classes, sizeof *labels->ids);
        if (!labels->ids) return mw_error_memory(err);
        for (size_t i = 0; i < place; i++) labels->ids[i] = (uint32_t)i;
    }
    labels->ids[place] = id;
    return MW_OK;
}

static enum mw_status parse_class(const cJSON *object, struct mw_document *document,
                                  int64_t *last_id, struct mw_error *err) {
    const cJSON *empty;
    uint64_t id = 0;
    bool multi = mw_labels_multi(&document->labels);
    struct mw_class_counts parsed = {0};
    enum mw_status status = mw_json_unsigned(object, "id", &id, err);
    if (!status && (id > UINT32_MAX || (int64_t)id <= *last_id))
        status = mw_error_set(err, MW_USAGE, "\"classes\" are not in order of id");
    *last_id = (int64_t)id;
    parsed.id = (uint32_t)id;
    if (!status) status = parse_tally(object, multi, &parsed.all, err);
    if (!status) status = mw_json_member(object, "in_empty_masks", &empty, err);
    if (!status) status = parse_tally(empty, multi, &parsed.in_empty_masks, err);
    size_t place = document->counts.class_count;
    if (!status) status = parse_id(&document->labels, place, parsed.id, err);
    if (!status) status = parse_name(object, &document->labels, place, err);
    if (status) return status;
    struct mw_class_counts *kept = mw_counts_class(&document->counts, parsed.id);
    if (!kept) return mw_error_memory(err);
    *kept = parsed;
    return MW_OK;
}

static enum mw_status parse_classes(const cJSON *root, struct mw_document *document,
                                    struct mw_error *err) {
    const cJSON *list, *object;
    int64_t last_id = -1;
    enum mw_status status = mw_json_array(root, "classes", &list, err);
    if (status) return status;
    cJSON_ArrayForEach(
        object, list) if ((status = parse_class(object, document, &last_id, err))) return status;
    status = mw_labels_resolve(&document->labels, err); /* also declares the two of "binary" */
    return status ? status : mw_document_check(document, err);
}

static enum mw_status parse_findings(const cJSON *root, struct mw_counts *counts,
                                     struct mw_error *err) {
    const cJSON *list, *object;
    enum mw_status status = mw_json_array(root, "findings", &list, err);
    if (status) return status;
    cJSON_ArrayForEach(object, list) {
        const char *code;
        if ((status = mw_json_string(object, "code", &code, err))) return status;
        for (size_t i = 0; i < MW_MASK_FINDINGS; i++) {
            if (strcmp(code, mw_finding_kinds[i].code) != 0) continue;
            status = mw_json_unsigned(object, "count", &counts->findings[i].count, err);
            if (!status) status = parse_places(object, "first", &counts->findings[i], err);
            if (status) return status;
        }
    }
    return MW_OK;
}

static enum mw_status parse_head(const cJSON *root, struct mw_counts *counts,
                                 struct mw_error *err) {
    uint64_t schema;
    if (!cJSON_GetObjectItemCaseSensitive(root, "maskweight"))
        return mw_error_set(err, MW_USAGE,
                            "JSON, but not a document that maskweight wrote: only what --format "
                            "json wrote is a source");
    enum mw_status status = mw_json_unsigned(root, "schema", &schema, err);
    if (!status && schema != MW_DOCUMENT_SCHEMA)
        status = mw_error_set(err, MW_USAGE, "schema %" PRIu64 ", and this version reads schema %d",
                              schema, MW_DOCUMENT_SCHEMA);
    return status ? status : mw_json_bool(root, "complete", &counts->complete, err);
}

enum mw_status mw_document_parse(struct mw_document *document, const char *text, size_t length,
                                 struct mw_error *err) {
    cJSON *root;
    *document = (struct mw_document){0};
    mw_counts_init(&document->counts);
    enum mw_status status = mw_json_parse(text, length, &root, err);
    if (!status) status = parse_head(root, &document->counts, err);
    if (!status) status = mw_document_parse_shard(root, &document->counts.shards, err);
    if (!status) status = parse_labels(root, &document->labels, err);
    if (!status)
        status = mw_document_parse_subset(root, &document->counts,
                                          mw_labels_multi(&document->labels), err);
    if (!status) status = parse_dataset(root, &document->counts, err);
    if (!status) status = parse_classes(root, document, err);
    if (!status) status = parse_findings(root, &document->counts, err);
    if (!status) status = parse_places(root, "failures", &document->counts.failures, err);
    /* shards that are missing are missing no more once documents are merged */
    document->counts.complete = document->counts.failures.count == 0;
    cJSON_Delete(root);
    return status;
}

enum { STANDARD_LIMIT = 1 << 30 };

enum mw_status mw_document_read(struct mw_document *document, const char *path, size_t limit,
                                struct mw_error *err) {
    struct mw_text content = {0};
    enum mw_status status =
        mw_bytes_slurp_path(path, limit ? limit : STANDARD_LIMIT, &content, err);
    if (!status && (status = mw_document_parse(document, content.data ? content.data : "",
                                               content.length, err)))
        mw_error_prefix(err, "%s", path);
    mw_text_free(&content);
    return status;
}

void mw_document_free(struct mw_document *document) {
    mw_labels_free(&document->labels);
    mw_counts_free(&document->counts);
}
