/* "shard" of a document: {"index", "count", "paths", "all_paths"}. */
#include "base/json.h"
#include "count/document_fields.h"

/* A number, or where documents were merged a list. */
static bool add_index(cJSON *object, const struct mw_ranges *held) {
    bool one = held->count == 1 && held->ranges[0].first == held->ranges[0].last;
    return one ? mw_json_add_integer(object, "index", held->ranges[0].first)
               : mw_document_add_ranges(object, "index", held);
}

bool mw_document_add_shard(cJSON *root, const struct mw_shards *shards) {
    if (shards->count == 0) return true;
    cJSON *object = cJSON_CreateObject();
    bool ok = add_index(object, &shards->held) &&
              mw_json_add_unsigned(object, "count", shards->count) &&
              mw_document_add_paths(object, "paths", &shards->paths) &&
              mw_document_add_paths(object, "all_paths", &shards->all_paths);
    return mw_json_add(root, "shard", object) && ok;
}

static enum mw_status parse_index(const cJSON *object, struct mw_shards *shards,
                                  struct mw_error *err) {
    const cJSON *item;
    int64_t index;
    struct mw_ranges *held = &shards->held;
    enum mw_status status = mw_json_member(object, "index", &item, err);
    if (status) return status;
    if (mw_json_is_integer(item, &index))
        status = mw_ranges_add(held, (struct mw_range){index, index}, err);
    else status = mw_document_parse_ranges(object, "index", held, err);
    if (status) return status;
    if (held->count && held->ranges[0].first >= 1 &&
        held->ranges[held->count - 1].last <= (int64_t)shards->count)
        return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"index\" is not from 1 to \"count\"");
}

enum mw_status mw_document_parse_shard(const cJSON *root, struct mw_shards *shards,
                                       struct mw_error *err) {
    uint64_t count;
    const cJSON *object = cJSON_GetObjectItemCaseSensitive(root, "shard");
    if (!object) return MW_OK;
    enum mw_status status = mw_json_unsigned(object, "count", &count, err);
    if (!status && (count == 0 || count > MW_MAX_SHARDS))
        status = mw_error_set(err, MW_USAGE, "\"count\" is not from 1 to %d", MW_MAX_SHARDS);
    if (!status) shards->count = (uint32_t)count;
    if (!status) status = parse_index(object, shards, err);
    if (!status) status = mw_document_parse_paths(object, "paths", &shards->paths, err);
    if (!status) status = mw_document_parse_paths(object, "all_paths", &shards->all_paths, err);
    if (status) mw_error_prefix(err, "\"shard\"");
    return status;
}
