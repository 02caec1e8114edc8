/* mw_class_map_parse: an error stands at a place in the text; what is accepted reads back as the same
 * from our own form, and can be declared. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "count/class_map.h"
#include "fuzz.h"

/* Takes a number behind a word. */
static int64_t take(const char **next, const char *word) {
    int64_t number = -1;
    REQUIRE(strncmp(*next, word, strlen(word)) == 0);
    *next += strlen(word);
    REQUIRE(mw_integer_parse(next, &number) && number >= 1);
    return number;
}

/* "line L, column C: ..." within the text. */
static void check_place(const char *text, size_t size, const struct mw_error *err) {
    const char *next = err->message;
    int64_t lines = 1, line = take(&next, "line "), column = take(&next, ", column ");
    for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
    REQUIRE(strncmp(next, ": ", 2) == 0 && next[2] != '\0');
    REQUIRE(line <= lines && column <= (int64_t)size + 1);
}

static void add_values(cJSON *object, const struct mw_ranges *set) {
    cJSON *list = cJSON_AddArrayToObject(object, "values");
    for (size_t i = 0; i < set->count; i++) {
        cJSON *pair = cJSON_CreateArray();
        REQUIRE(mw_json_add_integer(pair, NULL, set->ranges[i].first));
        REQUIRE(mw_json_add_integer(pair, NULL, set->ranges[i].last));
        REQUIRE(mw_json_add(list, NULL, pair));
    }
}

static void add_class(cJSON *list, const struct mw_map_class *entry) {
    char colour[8];
    cJSON *object = cJSON_CreateObject();
    if (entry->name) cJSON_AddStringToObject(object, "name", entry->name);
    if (entry->ignore) cJSON_AddTrueToObject(object, "ignore");
    else REQUIRE(mw_json_add_unsigned(object, "id", entry->id));
    if (entry->background) cJSON_AddTrueToObject(object, "background");
    snprintf(colour, sizeof colour, "#%06X", (unsigned)(entry->colour & 0xffffff));
    if (entry->colour >= 0) cJSON_AddStringToObject(object, "color", colour);
    if (entry->values.count) add_values(object, &entry->values);
    REQUIRE(mw_json_add(list, NULL, object));
}

/* The map in our own form: cJSON_free it. */
static char *own_form(const struct mw_class_map *map) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddNumberToObject(root, "maskweight_class_map", 1);
    cJSON *list = cJSON_AddArrayToObject(root, "classes");
    for (size_t i = 0; i < map->count; i++) add_class(list, &map->classes[i]);
    char *text = cJSON_PrintUnformatted(root);
    REQUIRE(text);
    cJSON_Delete(root);
    return text;
}

static void check_again(const struct mw_class_map *map) {
    struct mw_class_map again = {0};
    struct mw_error err = {0};
    char *text = own_form(map);
    REQUIRE(mw_class_map_parse(&again, text, strlen(text), &err) == MW_OK);
    char *second = own_form(&again);
    REQUIRE(strcmp(text, second) == 0);
    cJSON_free(text);
    cJSON_free(second);
    mw_class_map_free(&again);
}

/* Every class of the map is declared, and every stored value of a class is read as that class. */
static void check_declared(const struct mw_class_map *map, bool by_colour) {
    struct mw_labels labels = {.encoding = by_colour ? MW_ENCODING_RGB : MW_ENCODING_INDEX};
    struct mw_error err = {0};
    uint32_t place;
    enum mw_status status = mw_labels_declare(&labels, map, by_colour, &err);
    fuzz_check_error(status, &err);
    if (!status) status = mw_labels_resolve(&labels, &err);
    for (size_t i = 0; i < map->count && !status; i++) {
        const struct mw_map_class *entry = &map->classes[i];
        int64_t value = by_colour             ? entry->colour
                        : entry->values.count ? entry->values.ranges[0].first
                                              : (int64_t)entry->id;
        if (entry->ignore) continue;
        REQUIRE(mw_labels_declares(&labels, entry->id, &place));
        struct mw_label label = mw_labels_classify(&labels, value);
        REQUIRE(value < 0 || (label.kind == MW_LABEL_CLASS && label.id == entry->id));
    }
    mw_labels_free(&labels);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct mw_class_map map = {0};
    struct mw_error err = {0};
    char *text = fuzz_string(bytes, size);
    enum mw_status status = mw_class_map_parse(&map, text, size, &err);
    fuzz_check_error(status, &err);
    if (status) {
        check_place(text, size, &err);
    } else {
        check_again(&map);
        check_declared(&map, false);
        check_declared(&map, true);
    }
    mw_class_map_free(&map);
    free(text);
    return 0;
}
