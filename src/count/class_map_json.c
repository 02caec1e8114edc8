/* The JSON forms of class maps. */
#include <cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_places.h"
#include "base/text.h"
#include "count/class_map.h"

/* What the functions below share. */
struct json_map {
    struct mw_class_map *map;
    struct mw_json_places places;
    struct mw_error *err;
};

static struct mw_position position_of(struct json_map *json, const cJSON *item) {
    return mw_json_position(&json->places, item);
}

static enum mw_status parse_colour(struct json_map *json, const cJSON *item, int64_t *colour) {
    *colour = 0;
    if (cJSON_IsString(item) && strlen(item->valuestring) == 7 && item->valuestring[0] == '#' &&
        strspn(item->valuestring + 1, "0123456789abcdefABCDEF") == 6) {
        *colour = strtol(item->valuestring + 1, NULL, 16);
        return MW_OK;
    }
    int64_t components[3];
    bool three = cJSON_IsArray(item) && cJSON_GetArraySize(item) == 3;
    for (int i = 0; i < 3 && three; i++)
        three = mw_json_is_integer(cJSON_GetArrayItem(item, i), &components[i]) &&
                components[i] >= 0 && components[i] <= 255;
    if (three) {
        *colour = components[0] << 16 | components[1] << 8 | components[2];
        return MW_OK;
    }
    return mw_class_map_error(json->err, position_of(json, item),
                              "a colour is [r, g, b] from 0 to 255, or \"#RRGGBB\"");
}

static enum mw_status add_named(struct json_map *json, const cJSON *name,
                                struct mw_position position, struct mw_map_class **entry) {
    if (!cJSON_IsString(name))
        return mw_class_map_error(json->err, position, "a class name is a string");
    *entry = mw_class_map_add(json->map, position);
    if (!*entry) return mw_error_memory(json->err);
    return mw_class_map_name(*entry, name->valuestring, strlen(name->valuestring), json->err);
}

/* ["road", "car"]; the first is class 0. */
static enum mw_status parse_name_list(struct json_map *json, const cJSON *list) {
    const cJSON *name;
    cJSON_ArrayForEach(name, list) {
        struct mw_map_class *entry = NULL;
        enum mw_status status = add_named(json, name, position_of(json, name), &entry);
        if (status) return status;
    }
    return MW_OK;
}

/* {"0": "road", "1": "car"} */
static enum mw_status parse_id_to_name(struct json_map *json, const cJSON *object) {
    const cJSON *name;
    cJSON_ArrayForEach(name, object) {
        struct mw_map_class *entry = NULL;
        struct mw_position position = position_of(json, name);
        const char *end = name->string;
        int64_t id;
        if (!mw_integer_parse(&end, &id) || *end || id < 0 || id > UINT32_MAX)
            return mw_class_map_error(json->err, position, "the key '%s' is no class id",
                                      name->string);
        enum mw_status status = add_named(json, name, position, &entry);
        if (status || !entry) return status;
        entry->id = (uint32_t)id;
    }
    return MW_OK;
}

/* [[128, 64, 128], ...], one for each class in order of the list. */
static enum mw_status parse_palette(struct json_map *json, const cJSON *list) {
    const struct mw_position position = mw_json_value_position(&json->places, list);
    const cJSON *colour;
    size_t index = 0;
    if (!cJSON_IsArray(list))
        return mw_class_map_error(json->err, position, "the colours are not a list");
    if ((size_t)cJSON_GetArraySize(list) != json->map->count)
        return mw_class_map_error(json->err, position, "%d colours for %zu classes",
                                  cJSON_GetArraySize(list), json->map->count);
    cJSON_ArrayForEach(colour, list) {
        enum mw_status status = parse_colour(json, colour, &json->map->classes[index++].colour);
        if (status) return status;
    }
    return MW_OK;
}

/* Source values of one class: integers and [first, last] pairs. */
static enum mw_status parse_values(struct json_map *json, struct mw_map_class *entry,
                                   const cJSON *list) {
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        struct mw_range range;
        if (!mw_json_range(item, &range.first, &range.last))
            return mw_class_map_error(json->err, position_of(json, list),
                                      "\"values\" holds integers and [first, last] pairs");
        enum mw_status status = mw_ranges_add(&entry->values, range, json->err);
        if (status) return status;
    }
    return MW_OK;
}

/* One key of a class in our own form. */
static enum mw_status parse_own_key(struct json_map *json, struct mw_map_class *entry,
                                    const cJSON *item) {
    const char *key = item->string;
    int64_t id;
    if (strcmp(key, "id") == 0 && mw_json_is_integer(item, &id) && id >= 0 && id <= UINT32_MAX) {
        entry->id = (uint32_t)id;
        return MW_OK;
    }
    if (strcmp(key, "name") == 0 && cJSON_IsString(item))
        return mw_class_map_name(entry, item->valuestring, strlen(item->valuestring), json->err);
    if (strcmp(key, "color") == 0) return parse_colour(json, item, &entry->colour);
    if (strcmp(key, "values") == 0 && cJSON_IsArray(item)) return parse_values(json, entry, item);
    if (strcmp(key, "ignore") == 0 && cJSON_IsBool(item)) {
        entry->ignore = cJSON_IsTrue(item);
        return MW_OK;
    }
    if (strcmp(key, "background") == 0 && cJSON_IsBool(item)) {
        entry->background = cJSON_IsTrue(item);
        return MW_OK;
    }
    return mw_class_map_error(
        json->err, position_of(json, item),
        "\"%s\" is not one of id, name, color, values, ignore, background, or "
        "of the wrong type",
        key);
}

static enum mw_status parse_own_class(struct json_map *json, const cJSON *object) {
    struct mw_position position = position_of(json, object);
    if (!cJSON_IsObject(object))
        return mw_class_map_error(json->err, position, "a class is an object");
    struct mw_map_class *entry = mw_class_map_add(json->map, position);
    if (!entry) return mw_error_memory(json->err);
    const cJSON *item;
    bool has_id = false;
    cJSON_ArrayForEach(item, object) {
        enum mw_status status = parse_own_key(json, entry, item);
        if (status) return status;
        has_id = has_id || strcmp(item->string, "id") == 0;
    }
    if (!has_id && !entry->ignore)
        return mw_class_map_error(json->err, position, "a class without \"id\"");
    if (entry->ignore && entry->values.count == 0 && entry->colour < 0)
        return mw_class_map_error(json->err, position,
                                  "what is ignored needs \"values\" or a \"color\"");
    return MW_OK;
}

/* {"maskweight_class_map": 1, "source": "...", "classes": [{...}, ...]} */
static enum mw_status parse_own(struct json_map *json, const cJSON *root) {
    const cJSON *item, *classes = NULL;
    cJSON_ArrayForEach(item, root) {
        int64_t version;
        bool known = strcmp(item->string, "source") == 0 && cJSON_IsString(item);
        if (strcmp(item->string, "maskweight_class_map") == 0)
            known = mw_json_is_integer(item, &version) && version == 1;
        if (strcmp(item->string, "classes") == 0 && cJSON_IsArray(item)) classes = item;
        if (!known && item != classes)
            return mw_class_map_error(json->err, position_of(json, item),
                                      "\"%s\" is unknown or of the wrong type", item->string);
    }
    if (!classes)
        return mw_class_map_error(json->err, position_of(json, root), "\"classes\" is missing");
    json->map->says_background = true;
    cJSON_ArrayForEach(item, classes) {
        enum mw_status status = parse_own_class(json, item);
        if (status) return status;
    }
    return MW_OK;
}

/* Keys of objects that only one form has. */
static const char *const names_keys[] = {
    "classes",   /* MMSegmentation */
    "CLASSES",   /* the same, older */
    "label_map", /* dataset_meta.json, Datumaro */
    "labels",    /* the same, with a list */
    "id2label",  /* config.json, Hugging Face */
};
static const char *const colours_keys[] = {"palette", "PALETTE", "segmentation_colors"};

static bool is_one_of(const char *key, const char *const *keys, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i], key) == 0) return true;
    return false;
}

/* Takes `item` for what is wanted once. */
static enum mw_status take(struct json_map *json, const cJSON *item, const char *what,
                           const cJSON **taken) {
    if (*taken)
        return mw_class_map_error(json->err, position_of(json, item),
                                  "the %s stand under \"%s\" already: leave that or \"%s\" out",
                                  what, (*taken)->string, item->string);
    *taken = item;
    return MW_OK;
}

/* Names under one key, colours under another, which may be missing. */
static enum mw_status find_lists(struct json_map *json, const cJSON *root, const cJSON **names,
                                 const cJSON **colours) {
    const cJSON *item;
    cJSON_ArrayForEach(item, root) {
        enum mw_status status = MW_OK;
        bool list = cJSON_IsArray(item) || cJSON_IsObject(item);
        if (list && is_one_of(item->string, names_keys, sizeof names_keys / sizeof *names_keys))
            status = take(json, item, "classes", names);
        if (!cJSON_IsNull(item) &&
            is_one_of(item->string, colours_keys, sizeof colours_keys / sizeof *colours_keys))
            status = take(json, item, "colours", colours);
        if (status) return status;
    }
    return MW_OK;
}

static enum mw_status parse_root(struct json_map *json, const cJSON *root) {
    const cJSON *names = NULL, *colours = NULL;
    if (cJSON_IsArray(root)) return parse_name_list(json, root);
    if (cJSON_GetObjectItemCaseSensitive(root, "maskweight_class_map"))
        return parse_own(json, root);
    enum mw_status status = find_lists(json, root, &names, &colours);
    if (status) return status;
    if (!names) return parse_id_to_name(json, root);
    status = cJSON_IsArray(names) ? parse_name_list(json, names) : parse_id_to_name(json, names);
    return status || !colours ? status : parse_palette(json, colours);
}

static enum mw_status parse_json(struct mw_class_map *map, const char *text, struct mw_error *err) {
    struct json_map json = {.map = map, .err = err};
    cJSON *root;
    enum mw_status status = mw_json_parse(text, strlen(text), &root, err);
    if (!status) status = mw_json_places_note(&json.places, text, root, err);
    if (!status) status = parse_root(&json, root);
    cJSON_Delete(root);
    return status;
}

const struct mw_class_map_form mw_form_json = {
    .name = "JSON",
    .example = "{\"0\": \"road\"}",
    .parse = parse_json,
};
