/* The JSON forms of class maps. */
#include <cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "count/class_map.h"

/* cJSON keeps no positions, so places are found by walking the text again: only for values that the
 * parser has accepted, so every string is closed and every bracket matched. */

static const char *skip_blanks(const char *s) {
    return s + strspn(s, " \t\r\n");
}

static const char *skip_string(const char *s) {
    for (s++; *s && *s != '"'; s++) s += *s == '\\' && s[1];
    return s + (*s == '"');
}

static const char *skip_value(const char *s) {
    size_t depth = 0;
    do {
        s = skip_blanks(s);
        if (*s == '"') s = skip_string(s);
        else if (*s == '{' || *s == '[') depth++, s++;
        else if (*s == '}' || *s == ']') depth--, s++;
        else if (*s == ',' || *s == ':') s++;
        else s += strcspn(s, ",:]}{[\" \t\r\n");
    } while (depth > 0 && *s);
    return s;
}

/* The member number `index` of the object or array at `s`: its key, or its value. */
static const char *member_place(const char *s, size_t index) {
    bool object = *(s = skip_blanks(s)) == '{';
    for (s = skip_blanks(s + 1); index > 0 && *s && *s != ']' && *s != '}'; index--) {
        if (object) s = skip_blanks(skip_blanks(skip_string(s)) + 1);
        s = skip_blanks(skip_value(s));
        s = skip_blanks(s + (*s == ','));
    }
    return s;
}

/* What the functions below share. */
struct json_map {
    struct mw_class_map *map;
    const char *text;
    struct mw_error *err;
};

static size_t index_in_parent(const cJSON *parent, const cJSON *item) {
    size_t index = 0;
    for (const cJSON *child = parent->child; child && child != item; child = child->next) index++;
    return index;
}

/* Position of `item`, a member of `parent`, a value at `place`; its key where it has one. */
static struct mw_position position_in(const struct json_map *json, const char *place,
                                      const cJSON *parent, const cJSON *item) {
    return mw_class_map_position(json->text, member_place(place, index_in_parent(parent, item)));
}

/* Place of the value of `key` in the object at `place`. */
static const char *value_place(const char *place, const cJSON *object, const cJSON *item) {
    const char *key = member_place(place, index_in_parent(object, item));
    return skip_blanks(skip_blanks(skip_string(key)) + 1);
}

static enum mw_status parse_colour(const cJSON *item, struct mw_position position, int64_t *colour,
                                   struct mw_error *err) {
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
    return mw_class_map_error(err, position, "a colour is [r, g, b] from 0 to 255, or \"#RRGGBB\"");
}

static enum mw_status add_named(const struct json_map *json, const cJSON *name,
                                struct mw_position position, struct mw_map_class **entry) {
    if (!cJSON_IsString(name))
        return mw_class_map_error(json->err, position, "a class name is a string");
    *entry = mw_class_map_add(json->map, position);
    if (!*entry) return mw_error_memory(json->err);
    return mw_class_map_name(*entry, name->valuestring, strlen(name->valuestring), json->err);
}

/* ["road", "car"]; the first is class 0. */
static enum mw_status parse_name_list(const struct json_map *json, const char *place,
                                      const cJSON *list) {
    const cJSON *name;
    cJSON_ArrayForEach(name, list) {
        struct mw_map_class *entry = NULL;
        enum mw_status status = add_named(json, name, position_in(json, place, list, name), &entry);
        if (status) return status;
    }
    return MW_OK;
}

/* {"0": "road", "1": "car"} */
static enum mw_status parse_id_to_name(const struct json_map *json, const char *place,
                                       const cJSON *object) {
    const cJSON *name;
    cJSON_ArrayForEach(name, object) {
        struct mw_map_class *entry = NULL;
        struct mw_position position = position_in(json, place, object, name);
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
static enum mw_status parse_palette(const struct json_map *json, const char *place,
                                    const cJSON *list) {
    const struct mw_position position = mw_class_map_position(json->text, place);
    const cJSON *colour;
    size_t index = 0;
    if (!cJSON_IsArray(list))
        return mw_class_map_error(json->err, position, "the colours are not a list");
    if ((size_t)cJSON_GetArraySize(list) != json->map->count)
        return mw_class_map_error(json->err, position, "%d colours for %zu classes",
                                  cJSON_GetArraySize(list), json->map->count);
    cJSON_ArrayForEach(colour, list) {
        enum mw_status status = parse_colour(colour, position_in(json, place, list, colour),
                                             &json->map->classes[index++].colour, json->err);
        if (status) return status;
    }
    return MW_OK;
}

/* Source values of one class: integers and [first, last] pairs. */
static enum mw_status parse_values(const struct json_map *json, struct mw_map_class *entry,
                                   const cJSON *list, struct mw_position position) {
    const cJSON *item;
    cJSON_ArrayForEach(item, list) {
        struct mw_range range;
        if (!mw_json_range(item, &range.first, &range.last))
            return mw_class_map_error(json->err, position,
                                      "\"values\" holds integers and [first, last] pairs");
        enum mw_status status = mw_ranges_add(&entry->values, range, json->err);
        if (status) return status;
    }
    return MW_OK;
}

/* One key of a class in our own form. */
static enum mw_status parse_own_key(const struct json_map *json, struct mw_map_class *entry,
                                    const cJSON *item, struct mw_position position) {
    const char *key = item->string;
    int64_t id;
    if (strcmp(key, "id") == 0 && mw_json_is_integer(item, &id) && id >= 0 && id <= UINT32_MAX) {
        entry->id = (uint32_t)id;
        return MW_OK;
    }
    if (strcmp(key, "name") == 0 && cJSON_IsString(item) && !entry->name)
        return mw_class_map_name(entry, item->valuestring, strlen(item->valuestring), json->err);
    if (strcmp(key, "color") == 0) return parse_colour(item, position, &entry->colour, json->err);
    if (strcmp(key, "values") == 0 && cJSON_IsArray(item))
        return parse_values(json, entry, item, position);
    if (strcmp(key, "ignore") == 0 && cJSON_IsBool(item)) {
        entry->ignore = cJSON_IsTrue(item);
        return MW_OK;
    }
    if (strcmp(key, "background") == 0 && cJSON_IsBool(item)) {
        entry->background = cJSON_IsTrue(item);
        return MW_OK;
    }
    return mw_class_map_error(
        json->err, position,
        "\"%s\" is not one of id, name, color, values, ignore, background, or "
        "of the wrong type",
        key);
}

static enum mw_status parse_own_class(const struct json_map *json, const char *place,
                                      const cJSON *object) {
    struct mw_position position = mw_class_map_position(json->text, place);
    if (!cJSON_IsObject(object))
        return mw_class_map_error(json->err, position, "a class is an object");
    struct mw_map_class *entry = mw_class_map_add(json->map, position);
    if (!entry) return mw_error_memory(json->err);
    const cJSON *item;
    bool has_id = false;
    cJSON_ArrayForEach(item, object) {
        enum mw_status status =
            parse_own_key(json, entry, item, position_in(json, place, object, item));
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
static enum mw_status parse_own(const struct json_map *json, const char *place, const cJSON *root) {
    const cJSON *item, *classes = NULL;
    cJSON_ArrayForEach(item, root) {
        int64_t version;
        struct mw_position position = position_in(json, place, root, item);
        bool known = strcmp(item->string, "source") == 0 && cJSON_IsString(item);
        if (strcmp(item->string, "maskweight_class_map") == 0)
            known = mw_json_is_integer(item, &version) && version == 1;
        if (strcmp(item->string, "classes") == 0 && cJSON_IsArray(item)) classes = item;
        if (!known && item != classes)
            return mw_class_map_error(json->err, position, "\"%s\" is unknown or of the wrong type",
                                      item->string);
    }
    if (!classes)
        return mw_class_map_error(json->err, mw_class_map_position(json->text, place),
                                  "\"classes\" is missing");
    json->map->says_background = true;
    const char *list = value_place(place, root, classes);
    cJSON_ArrayForEach(item, classes) {
        const char *where = member_place(list, index_in_parent(classes, item));
        enum mw_status status = parse_own_class(json, where, item);
        if (status) return status;
    }
    return MW_OK;
}

static const cJSON *find(const cJSON *root, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(root, key);
}

/* Names under one key, colours under another, which may be missing. */
static enum mw_status parse_lists(const struct json_map *json, const char *place, const cJSON *root,
                                  const char *names_key, const char *colours_key) {
    const cJSON *names = find(root, names_key), *colours = find(root, colours_key);
    const char *names_place = value_place(place, root, names);
    enum mw_status status = cJSON_IsArray(names) ? parse_name_list(json, names_place, names)
                                                 : parse_id_to_name(json, names_place, names);
    if (status || !colours || cJSON_IsNull(colours)) return status;
    return parse_palette(json, value_place(place, root, colours), colours);
}

/* Forms of objects by a key that only they have. */
static const struct object_form {
    const char *names, *colours;
} object_forms[] = {
    {"classes", "palette"},               /* MMSegmentation */
    {"CLASSES", "PALETTE"},               /* the same, older */
    {"label_map", "segmentation_colors"}, /* dataset_meta.json, Datumaro */
    {"labels", "segmentation_colors"},    /* the same, with a list */
    {"id2label", "palette"},              /* config.json, Hugging Face */
};

static enum mw_status parse_root(const struct json_map *json, const cJSON *root) {
    const char *place = skip_blanks(json->text);
    if (cJSON_IsArray(root)) return parse_name_list(json, place, root);
    if (find(root, "maskweight_class_map")) return parse_own(json, place, root);
    for (size_t i = 0; i < sizeof object_forms / sizeof object_forms[0]; i++) {
        const cJSON *names = find(root, object_forms[i].names);
        if (cJSON_IsArray(names) || cJSON_IsObject(names))
            return parse_lists(json, place, root, object_forms[i].names, object_forms[i].colours);
    }
    return parse_id_to_name(json, place, root);
}

static enum mw_status parse_json(struct mw_class_map *map, const char *text, struct mw_error *err) {
    struct json_map json = {map, text, err};
    cJSON *root;
    enum mw_status status = mw_json_parse(text, strlen(text), &root, err);
    if (!status) status = parse_root(&json, root);
    cJSON_Delete(root);
    return status;
}

const struct mw_class_map_form mw_form_json = {
    .name = "JSON",
    .example = "{\"0\": \"road\"}",
    .parse = parse_json,
};
