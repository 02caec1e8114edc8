#include "count/document.h"

#include <stddef.h>

#include "base/json.h"
#include "count/document_fields.h"

bool mw_document_add_ranges(cJSON *parent, const char *key, const struct mw_ranges *set) {
    cJSON *list = cJSON_CreateArray();
    bool ok = list != NULL;
    for (size_t i = 0; i < set->count && ok; i++) {
        struct mw_range range = set->ranges[i];
        if (range.first == range.last) {
            ok = mw_json_add_integer(list, NULL, range.first);
            continue;
        }
        cJSON *pair = cJSON_CreateArray();
        ok = mw_json_add_integer(pair, NULL, range.first) &&
             mw_json_add_integer(pair, NULL, range.last);
        ok = mw_json_add(list, NULL, pair) && ok;
    }
    return mw_json_add(parent, key, list) && ok;
}

/* [first, last, to] or ["*", to]; `to` is null for what is left out. */
static bool add_rule(cJSON *list, bool rest, const struct mw_rule *rule) {
    cJSON *array = cJSON_CreateArray();
    bool ok = rest ? mw_json_add(array, NULL, cJSON_CreateString("*"))
                   : mw_json_add_integer(array, NULL, rule->first) &&
                         mw_json_add_integer(array, NULL, rule->last);
    ok = ok && (rule->to == MW_TO_IGNORED ? mw_json_add(array, NULL, cJSON_CreateNull())
                                          : mw_json_add_integer(array, NULL, rule->to));
    return mw_json_add(list, NULL, array) && ok;
}

static bool add_rules(cJSON *parent, const char *key, const struct mw_rules *rules) {
    if (rules->count == 0 && !rules->has_rest) return mw_json_add(parent, key, cJSON_CreateNull());
    cJSON *list = cJSON_CreateArray();
    bool ok = list != NULL;
    for (size_t i = 0; i < rules->count && ok; i++) ok = add_rule(list, false, &rules->rules[i]);
    struct mw_rule rest = {.to = rules->rest};
    if (rules->has_rest) ok = ok && add_rule(list, true, &rest);
    return mw_json_add(parent, key, list) && ok;
}

static bool add_encoding(cJSON *object, const struct mw_labels *labels) {
    bool ok =
        mw_json_add(object, "kind", cJSON_CreateString(mw_labels_kind(labels))) &&
        mw_json_add(object, "encoding", cJSON_CreateString(mw_encodings[labels->encoding].name));
    if (labels->encoding != MW_ENCODING_INSTANCE) return ok;
    return ok && mw_json_add_unsigned(object, "divisor", labels->divisor) &&
           mw_json_add(object, "small_values",
                       cJSON_CreateString(labels->divide_small ? "divide" : "class"));
}

bool mw_document_add_labels(cJSON *root, const struct mw_labels *labels) {
    cJSON *object = cJSON_CreateObject();
    bool ok = add_encoding(object, labels) &&
              mw_json_add(object, "declared", cJSON_CreateBool(labels->classes > 0));
    ok = ok && (labels->classes ? mw_json_add_unsigned(object, "classes", labels->classes)
                                : mw_json_add(object, "classes", cJSON_CreateNull()));
    ok = ok && add_rules(object, "values", &labels->values) &&
         add_rules(object, "map", &labels->map) &&
         mw_json_add(object, "reduce_zero_label", cJSON_CreateBool(labels->reduce_zero)) &&
         mw_document_add_ranges(object, "ignore_index", &labels->ignore);
    if (labels->binary == MW_BINARY_THRESHOLD)
        ok = ok && mw_json_add_integer(object, "binary", labels->threshold);
    else
        ok = ok && mw_json_add(object, "binary",
                               labels->binary ? cJSON_CreateString("nonzero") : cJSON_CreateNull());
    const char *unknown = labels->unknown == MW_UNKNOWN_ERROR ? "error" : "ignore";
    ok = ok && mw_document_add_ranges(object, "background", &labels->background) &&
         mw_json_add(object, "unknown", cJSON_CreateString(unknown)) &&
         mw_json_add(object, "nodata", cJSON_CreateString(mw_nodata_names[labels->nodata])) &&
         mw_json_add(object, "alpha",
                     cJSON_CreateString(labels->transparent_ignored ? "use" : "ignore"));
    return mw_json_add(root, "labels", object) && ok;
}

const struct mw_dataset_field mw_dataset_fields[] = {
    {NULL, "files", offsetof(struct mw_counts, files)},
    {NULL, "masks", offsetof(struct mw_counts, masks)},
    {NULL, "empty_masks", offsetof(struct mw_counts, empty_masks)},
    {NULL, "ignored_masks", offsetof(struct mw_counts, ignored_masks)},
    {NULL, "pixels", offsetof(struct mw_counts, pixels)},
    {NULL, "ignored_pixels", offsetof(struct mw_counts, ignored_pixels)},
    {NULL, "unknown_pixels", offsetof(struct mw_counts, unknown_pixels)},
    {"in_empty_masks", "pixels", offsetof(struct mw_counts, empty_pixels)},
    {"in_empty_masks", "ignored_pixels", offsetof(struct mw_counts, empty_ignored_pixels)},
    {"in_ignored_masks", "ignored_pixels", offsetof(struct mw_counts, ignored_mask_ignored_pixels)},
    {NULL, "skipped_files", offsetof(struct mw_counts, skipped_files)},
    {NULL, "failed_files", offsetof(struct mw_counts, failures.count)},
};
const size_t mw_dataset_field_count = sizeof mw_dataset_fields / sizeof mw_dataset_fields[0];
const size_t mw_group_field_count = sizeof mw_dataset_fields / sizeof mw_dataset_fields[0] -
                                    2; /* no file skipped or failed */

bool mw_document_add_paths(cJSON *parent, const char *key, const struct mw_path_set *paths) {
    cJSON *object = cJSON_CreateObject();
    char digest[MW_DIGEST_SIZE];
    mw_digest_print(paths->digest, digest);
    bool ok = mw_json_add_unsigned(object, "count", paths->count) &&
              mw_json_add(object, "digest", cJSON_CreateString(digest));
    return mw_json_add(parent, key, object) && ok;
}

static bool add_most_ignored(cJSON *dataset, const struct mw_place_list *masks) {
    cJSON *object = cJSON_CreateObject();
    bool ok = mw_json_add_unsigned(object, "masks", masks->count) &&
              mw_document_add_places(object, "first", masks);
    return mw_json_add(dataset, "most_ignored", object) && ok;
}

bool mw_document_add_fields(cJSON *object, const struct mw_counts *counts, size_t count) {
    bool ok = object != NULL;
    for (size_t i = 0; i < count && ok; i++) {
        const struct mw_dataset_field *field = &mw_dataset_fields[i];
        cJSON *parent = object;
        if (field->part) parent = cJSON_GetObjectItemCaseSensitive(object, field->part);
        if (!parent) parent = cJSON_AddObjectToObject(object, field->part);
        uint64_t value = *(const uint64_t *)((const char *)counts + field->offset);
        ok = mw_json_add_unsigned(parent, field->key, value);
    }
    return ok;
}

static bool add_dataset(cJSON *root, const struct mw_counts *counts) {
    cJSON *object = cJSON_CreateObject();
    bool ok = mw_document_add_fields(object, counts, mw_dataset_field_count);
    cJSON *empty = cJSON_GetObjectItemCaseSensitive(object, "in_empty_masks");
    ok = ok && mw_document_add_places(empty, "first", &counts->first_empty) &&
         add_most_ignored(object, &counts->most_ignored);
    struct mw_path_set paths = {counts->files, counts->digest};
    ok = ok && mw_document_add_paths(object, "paths", &paths);
    return mw_json_add(root, "dataset", object) && ok;
}

static bool add_tally(cJSON *object, const struct mw_class_tally *tally, bool multi_label) {
    return mw_json_add_unsigned(object, "pixels", tally->pixels) &&
           mw_json_add_unsigned(object, "masks", tally->masks) &&
           mw_json_add_unsigned(object, "mask_pixels", tally->mask_pixels) &&
           mw_json_add_unsigned(object, "mask_ignored_pixels", tally->mask_ignored_pixels) &&
           (!multi_label || (mw_json_add_unsigned(object, "valid_pixels", tally->valid_pixels) &&
                             mw_json_add_unsigned(object, "planes", tally->planes)));
}

static bool add_class(cJSON *list, const struct mw_class_counts *class_counts,
                      const struct mw_labels *labels, double fraction) {
    const char *name = mw_labels_name(labels, class_counts->id);
    bool multi = mw_labels_multi(labels);
    cJSON *object = cJSON_CreateObject(), *empty = cJSON_CreateObject();
    bool ok = mw_json_add_unsigned(object, "id", class_counts->id) &&
              mw_json_add(object, "name", name ? cJSON_CreateString(name) : cJSON_CreateNull()) &&
              add_tally(object, &class_counts->all, multi);
    ok = add_tally(empty, &class_counts->in_empty_masks, multi) && ok;
    ok = mw_json_add(object, "in_empty_masks", empty) && ok;
    ok = mw_json_add_real(object, "fraction", fraction) && ok;
    return mw_json_add(list, NULL, object) && ok;
}

bool mw_document_add_counts(cJSON *root, const struct mw_labels *labels,
                            const struct mw_counts *counts) {
    bool ok = mw_document_add_shard(root, &counts->shards) &&
              mw_document_add_subset(root, counts, mw_labels_multi(labels)) &&
              mw_document_add_labels(root, labels) && add_dataset(root, counts);
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < counts->class_count && ok; i++)
        ok = add_class(list, &counts->classes[i], labels,
                       mw_counts_fraction(counts, &counts->classes[i]));
    return mw_json_add(root, "classes", list) && ok;
}

bool mw_document_add_places(cJSON *parent, const char *key, const struct mw_place_list *list) {
    cJSON *array = cJSON_CreateArray();
    bool ok = array != NULL;
    for (size_t i = 0; i < list->kept && ok; i++) {
        const struct mw_place *place = &list->places[i];
        cJSON *object = cJSON_CreateObject();
        if (place->source && place->source != MW_NO_SOURCE)
            ok = mw_json_add_unsigned(object, "source", place->source);
        ok = ok && mw_json_add_path(object, place->path);
        if (place->message)
            ok = ok && mw_json_add(object, "error", cJSON_CreateString(place->message));
        if (place->share > 0) ok = ok && mw_json_add_real(object, "share", place->share);
        ok = mw_json_add(array, NULL, object) && ok;
    }
    return mw_json_add(parent, key, array) && ok;
}
