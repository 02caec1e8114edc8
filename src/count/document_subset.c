/* "sample" of a document: {"fraction", "masks", "last_hash", "taken", "seen", "groups"}. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "count/document_fields.h"

/* The integers of a class in a group, behind its id. */
static const size_t tally_fields[] = {
    offsetof(struct mw_class_tally, pixels),
    offsetof(struct mw_class_tally, masks),
    offsetof(struct mw_class_tally, mask_pixels),
    offsetof(struct mw_class_tally, mask_ignored_pixels),
    offsetof(struct mw_class_tally, valid_pixels), /* these two of multi-label masks only */
    offsetof(struct mw_class_tally, planes),
};
enum { TALLY_FIELDS = sizeof tally_fields / sizeof tally_fields[0], SINGLE_LABEL_FIELDS = 4 };

static int field_count(bool multi_label) {
    return multi_label ? TALLY_FIELDS : SINGLE_LABEL_FIELDS;
}

static bool add_tally(cJSON *list, const struct mw_class_tally *tally, bool multi_label) {
    bool ok = true;
    for (int i = 0; i < field_count(multi_label) && ok; i++)
        ok = mw_json_add_unsigned(list, NULL,
                                  *(const uint64_t *)((const char *)tally + tally_fields[i]));
    return ok;
}

static bool add_class(cJSON *classes, const struct mw_class_counts *row, bool multi_label) {
    cJSON *list = cJSON_CreateArray();
    bool ok = mw_json_add_unsigned(list, NULL, row->id) &&
              add_tally(list, &row->all, multi_label) &&
              add_tally(list, &row->in_empty_masks, multi_label);
    return mw_json_add(classes, NULL, list) && ok;
}

static bool add_group(cJSON *groups, unsigned number, const struct mw_counts *group,
                      bool multi_label) {
    if (group->files == 0) return true;
    cJSON *object = cJSON_CreateObject(), *classes = cJSON_CreateArray();
    bool ok = mw_json_add_unsigned(object, "group", number) &&
              mw_document_add_fields(object, group, mw_group_field_count);
    for (size_t i = 0; i < group->class_count && ok; i++)
        ok = add_class(classes, &group->classes[i], multi_label);
    ok = mw_json_add(object, "classes", classes) && ok;
    return mw_json_add(groups, NULL, object) && ok;
}

/* What was asked for; the other is null. */
static bool add_asked(cJSON *object, const struct mw_subset *subset) {
    return subset->most ? mw_json_add(object, "fraction", cJSON_CreateNull()) &&
                              mw_json_add_unsigned(object, "masks", subset->most)
                        : mw_json_add_real(object, "fraction", subset->share) &&
                              mw_json_add(object, "masks", cJSON_CreateNull());
}

bool mw_document_add_subset(cJSON *root, const struct mw_counts *counts, bool multi_label) {
    const struct mw_subset *subset = &counts->subset;
    char last[17];
    if (!mw_subset_active(subset)) return true;
    cJSON *object = cJSON_CreateObject(), *groups = cJSON_CreateArray();
    snprintf(last, sizeof last, "%016" PRIx64, subset->last);
    bool ok = add_asked(object, subset) &&
              mw_json_add(object, "last_hash", cJSON_CreateString(last)) &&
              mw_json_add_unsigned(object, "taken", subset->taken) &&
              mw_json_add_unsigned(object, "seen", subset->seen);
    for (unsigned i = 0; counts->groups && i < MW_SUBSET_GROUPS && ok; i++)
        ok = add_group(groups, i, &counts->groups[i], multi_label);
    ok = mw_json_add(object, "groups", groups) && ok;
    return mw_json_add(root, "sample", object) && ok;
}

static enum mw_status parse_tally(const cJSON **item, struct mw_class_tally *tally,
                                  bool multi_label, struct mw_error *err) {
    for (int i = 0; i < field_count(multi_label); i++, *item = (*item)->next) {
        int64_t value;
        if (!*item || !mw_json_is_integer(*item, &value) || value < 0)
            return mw_error_set(err, MW_USAGE, "\"classes\" of a group are no lists of counts");
        *(uint64_t *)((char *)tally + tally_fields[i]) = (uint64_t)value;
    }
    return MW_OK;
}

static enum mw_status parse_class(const cJSON *list, struct mw_counts *group, bool multi_label,
                                  struct mw_error *err) {
    const cJSON *item = cJSON_IsArray(list) ? list->child : NULL;
    struct mw_class_counts row = {0};
    size_t last = group->class_count;
    int64_t id;
    if (!item || !mw_json_is_integer(item, &id) || id < 0 || id > UINT32_MAX ||
        (last && id <= (int64_t)group->classes[last - 1].id))
        return mw_error_set(err, MW_USAGE, "\"classes\" of a group are not in order of id");
    row.id = (uint32_t)id;
    item = item->next;
    enum mw_status status = parse_tally(&item, &row.all, multi_label, err);
    if (!status) status = parse_tally(&item, &row.in_empty_masks, multi_label, err);
    if (!status && item)
        status = mw_error_set(err, MW_USAGE, "\"classes\" of a group have too many counts");
    if (status) return status;
    struct mw_class_counts *kept = mw_counts_class(group, row.id);
    if (!kept) return mw_error_memory(err);
    *kept = row;
    return MW_OK;
}

static enum mw_status parse_group(const cJSON *object, struct mw_counts *counts, bool multi_label,
                                  int64_t *last, struct mw_error *err) {
    static const struct mw_counts none = {.complete = true};
    const cJSON *classes, *list;
    uint64_t number;
    enum mw_status status = mw_json_unsigned(object, "group", &number, err);
    if (!status && (number >= MW_SUBSET_GROUPS || (int64_t)number <= *last))
        status = mw_error_set(err, MW_USAGE, "\"group\" is not from 0 to %d in order",
                              MW_SUBSET_GROUPS - 1);
    if (!status) status = mw_counts_add_group(counts, (unsigned)number, &none, err);
    if (status) return status;
    *last = (int64_t)number;
    struct mw_counts *group = &counts->groups[number];
    status = mw_document_parse_fields(object, group, mw_group_field_count, err);
    if (!status) status = mw_json_array(object, "classes", &classes, err);
    if (status) return status;
    cJSON_ArrayForEach(list,
                       classes) if ((status = parse_class(list, group, multi_label, err))) break;
    return status;
}

static enum mw_status parse_asked(const cJSON *object, struct mw_subset *subset,
                                  struct mw_error *err) {
    const cJSON *share, *most;
    const char *hex;
    enum mw_status status = mw_json_member(object, "fraction", &share, err);
    if (!status) status = mw_json_member(object, "masks", &most, err);
    if (!status && cJSON_IsNull(share))
        status = mw_json_unsigned(object, "masks", &subset->most, err);
    else if (!status) subset->share = cJSON_IsNumber(share) ? share->valuedouble : 0;
    if (!status) status = mw_json_string(object, "last_hash", &hex, err);
    if (status) return status;
    if (strlen(hex) != 16 || strspn(hex, "0123456789abcdef") != 16)
        return mw_error_set(err, MW_USAGE, "\"last_hash\" is not 16 hexadecimal digits");
    subset->last = strtoull(hex, NULL, 16);
    bool a_share = subset->share >= 1e-12 && subset->share < 1 && cJSON_IsNull(most);
    if (a_share ? subset->last == mw_subset_last(subset->share)
                : subset->most >= 2 && subset->most <= (uint64_t)MW_SUBSET_MOST)
        return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"fraction\", \"masks\" and \"last_hash\" contradict");
}

enum mw_status mw_document_parse_subset(const cJSON *root, struct mw_counts *counts,
                                        bool multi_label, struct mw_error *err) {
    const cJSON *groups, *object = cJSON_GetObjectItemCaseSensitive(root, "sample");
    int64_t last = -1;
    if (!object) return MW_OK;
    enum mw_status status = parse_asked(object, &counts->subset, err);
    if (!status) status = mw_json_unsigned(object, "taken", &counts->subset.taken, err);
    if (!status) status = mw_json_unsigned(object, "seen", &counts->subset.seen, err);
    if (!status) status = mw_json_array(object, "groups", &groups, err);
    for (const cJSON *item = status ? NULL : groups->child; item && !status; item = item->next)
        status = parse_group(item, counts, multi_label, &last, err);
    if (status) mw_error_prefix(err, "\"sample\"");
    return status;
}
