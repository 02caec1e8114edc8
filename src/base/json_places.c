#include "base/json_places.h"

#include <stdlib.h>
#include <string.h>

/* The parser has accepted the text: every string is closed and every bracket matched. */

static const char *skip_blanks(const char *s) {
    return s + strspn(s, " \t\r\n");
}

static const char *skip_string(const char *s) {
    for (s++; *s != '"'; s++) s += *s == '\\';
    return s + 1;
}

static const char *skip_key(const char *s) {
    return skip_blanks(skip_blanks(skip_string(s)) + 1);
}

/* The end of a value that has no members. */
static const char *skip_value(const char *s) {
    if (*s == '"') return skip_string(s);
    if (*s == '{' || *s == '[') return skip_blanks(s + 1) + 1;
    return s + strcspn(s, ",]} \t\r\n");
}

/* Going on from the place before makes asking for all of them in order cheap. */
static struct mw_position position_at(struct mw_json_places *places, const char *place) {
    if (place < places->reached) {
        places->reached = places->text;
        places->position = (struct mw_position){1, 1};
    }
    mw_position_advance(&places->position, places->reached, place);
    places->reached = place;
    return places->position;
}

struct mw_position mw_json_position(struct mw_json_places *places, const cJSON *item) {
    return position_at(places, places->text + item->valueint);
}

struct mw_position mw_json_value_position(struct mw_json_places *places, const cJSON *item) {
    const char *place = places->text + item->valueint;
    return position_at(places, item->string ? skip_key(place) : place);
}

static int compare_keys(const void *a, const void *b) {
    const cJSON *left = *(cJSON *const *)a, *right = *(cJSON *const *)b;
    int order = strcmp(left->string, right->string);
    if (order) return order;
    return left->valueint < right->valueint ? -1 : left->valueint > right->valueint;
}

/* The first member that has the key of one before it, which is *before; NULL: there is none. `list`
 * has room for all `count` members. */
static const cJSON *find_repeated(const cJSON *object, const cJSON **list, size_t count,
                                  const cJSON **before) {
    const cJSON *item, *repeated = NULL;
    size_t listed = 0;
    cJSON_ArrayForEach(item, object) list[listed++] = item;
    qsort(list, count, sizeof *list, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(list[i - 1]->string, list[i]->string) != 0) continue;
        if (repeated && repeated->valueint < list[i]->valueint) continue;
        *before = list[i - 1];
        repeated = list[i];
    }
    return repeated;
}

static enum mw_status check_keys(struct mw_json_places *places, const cJSON *object,
                                 struct mw_error *err) {
    if (!cJSON_IsObject(object)) return MW_OK;
    size_t count = (size_t)cJSON_GetArraySize(object);
    const cJSON **list = malloc(count * sizeof *list), *before = NULL;
    if (!list) return mw_error_memory(err);
    const cJSON *repeated = find_repeated(object, list, count, &before);
    free(list);
    if (!repeated) return MW_OK;
    struct mw_position first = mw_json_position(places, before);
    struct mw_position second = mw_json_position(places, repeated);
    return mw_error_set(err, MW_USAGE,
                        "line %u, column %u: the key \"%s\" stands twice: as on line %u, column %u",
                        second.line, second.column, repeated->string, first.line, first.column);
}

enum mw_status mw_json_places_note(struct mw_json_places *places, const char *text, cJSON *root,
                                   struct mw_error *err) {
    cJSON *parents[CJSON_NESTING_LIMIT + 1], *item = root;
    size_t depth = 0;
    const char *s = skip_blanks(text);
    *places = (struct mw_json_places){text, text, {1, 1}};
    for (;;) {
        item->valueint = (int)(s - text);
        if (item->string) s = skip_key(s);
        if (item->child) {
            parents[depth++] = item;
            item = item->child;
            s = skip_blanks(s + 1);
            continue;
        }
        s = skip_value(s);
        for (; !item->next && depth > 0; s = skip_blanks(s) + 1) {
            item = parents[--depth];
            enum mw_status status = check_keys(places, item, err);
            if (status) return status;
        }
        if (!item->next) return MW_OK;
        item = item->next;
        s = skip_blanks(skip_blanks(s) + 1);
    }
}
