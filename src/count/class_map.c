#include "count/class_map.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/text.h"

enum mw_status mw_class_map_error(struct mw_error *err, struct mw_position position,
                                  const char *format, ...) {
    char message[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return mw_error_set(err, MW_USAGE, "line %u, column %u: %s", position.line, position.column,
                        message);
}

struct mw_map_class *mw_class_map_add(struct mw_class_map *map, struct mw_position position) {
    if ((map->count & (map->count - 1)) == 0) { /* grow at powers of two */
        size_t capacity = map->count ? 2 * map->count : 1;
        struct mw_map_class *classes = realloc(map->classes, capacity * sizeof *classes);
        if (!classes) return NULL;
        map->classes = classes;
    }
    map->classes[map->count] =
        (struct mw_map_class){.id = (uint32_t)map->count, .colour = -1, .position = position};
    return &map->classes[map->count++];
}

enum mw_status mw_class_map_name(struct mw_map_class *entry, const char *name, size_t length,
                                 struct mw_error *err) {
    if (length == 0) return mw_class_map_error(err, entry->position, "a class without a name");
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return mw_class_map_error(err, entry->position, "a control character in a name");
    entry->name = strndup(name, length);
    return entry->name ? MW_OK : mw_error_memory(err);
}

void mw_class_map_free(struct mw_class_map *map) {
    for (size_t i = 0; i < map->count; i++) {
        free(map->classes[i].name);
        mw_ranges_free(&map->classes[i].values);
    }
    free(map->classes);
    *map = (struct mw_class_map){0};
}

static enum mw_status check_text(const char *text, size_t length, struct mw_error *err) {
    const char *zero = memchr(text, '\0', length);
    if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        return mw_class_map_error(err, (struct mw_position){1, 1},
                                  "UTF-16, not UTF-8: save the file as UTF-8");
    if (zero) return mw_class_map_error(err, mw_text_position(text, zero), "a NUL byte");
    size_t valid = mw_utf8_valid_length(text, length);
    if (valid == length) return MW_OK;
    return mw_class_map_error(err, mw_text_position(text, text + valid), "not UTF-8");
}

/* "name:r,g,b:", as in labelmap.txt. */
static bool is_labelmap_line(const char *line) {
    int64_t number;
    const char *next = line + strcspn(line, ":\n");
    for (int i = 0; i < 3; i++) {
        if (*next != (i ? ',' : ':')) return false;
        next++;
        if (i == 0 && *next == ':') return true; /* no colour */
        if (!mw_integer_parse(&next, &number)) return false;
    }
    return *next == ':' || *next == '\n' || *next == '\r' || *next == '\0';
}

/* "r g b name". */
static bool is_colour_line(const char *line) {
    int64_t number;
    for (int i = 0; i < 3; i++) {
        line += strspn(line, " \t");
        if (!mw_integer_parse(&line, &number)) return false;
        if (*line != ' ' && *line != '\t') return false;
    }
    line += strspn(line, " \t");
    return *line != '\0' && *line != '\r' && *line != '\n';
}

/* Whether a cell of a header, up to a separator, is `word` in any case, blanks and quotes aside. */
static bool is_cell(const char *cell, size_t length, const char *word) {
    size_t before = strspn(cell, " \t\"");
    if (before > length) before = length;
    cell += before;
    length -= before;
    while (length && strchr(" \t\r\"", cell[length - 1])) length--;
    return strlen(word) == length && strncasecmp(cell, word, length) == 0;
}

/* A line of cells that has r, g, b (or red, green, blue) side by side: the header of a table of colours,
 * though perhaps not name,r,g,b. */
static bool is_header_line(const char *line) {
    static const char *const words[2][3] = {{"r", "g", "b"}, {"red", "green", "blue"}};
    size_t found[2] = {0, 0}, length;
    for (;; line += length + 1) {
        length = strcspn(line, ",;\t\n");
        for (int i = 0; i < 2; i++) {
            found[i] = is_cell(line, length, words[i][found[i]]) ? found[i] + 1 : 0;
            if (found[i] == 3) return true;
        }
        if (line[length] == '\0' || line[length] == '\n') return false;
    }
}

/* The form of a text, by its first character or its first line that is neither blank nor a
 * comment. */
static const struct mw_class_map_form *recognise(const char *text) {
    const char *line = text;
    for (;;) {
        line += strspn(line, " \t\r\n");
        if (*line != '#') break;
        if (strncmp(line, "# label:color_rgb", 17) == 0) return &mw_form_labelmap;
        line += strcspn(line, "\n");
    }
    if (*line == '{' || *line == '[') return &mw_form_json;
    if (is_header_line(line)) return &mw_form_csv;
    if (is_labelmap_line(line)) return &mw_form_labelmap;
    return is_colour_line(line) ? &mw_form_colours : &mw_form_names;
}

static int compare_ids(const void *a, const void *b) {
    const struct mw_map_class *left = *(struct mw_map_class *const *)a;
    const struct mw_map_class *right = *(struct mw_map_class *const *)b;
    return left->id < right->id ? -1 : left->id > right->id;
}

static int compare_names(const void *a, const void *b) {
    const struct mw_map_class *left = *(struct mw_map_class *const *)a;
    const struct mw_map_class *right = *(struct mw_map_class *const *)b;
    return strcmp(left->name, right->name);
}

static int compare_colours(const void *a, const void *b) {
    const struct mw_map_class *left = *(struct mw_map_class *const *)a;
    const struct mw_map_class *right = *(struct mw_map_class *const *)b;
    return left->colour < right->colour ? -1 : left->colour > right->colour;
}

static bool has_id(const struct mw_map_class *entry) {
    return !entry->ignore;
}

static bool has_name(const struct mw_map_class *entry) {
    return entry->name != NULL;
}

static bool has_colour(const struct mw_map_class *entry) {
    return entry->colour >= 0;
}

/* What must not stand twice in a map. */
static const struct unique {
    const char *what;
    bool (*has)(const struct mw_map_class *entry);
    int (*compare)(const void *a, const void *b);
} uniques[] = {
    {"id", has_id, compare_ids},
    {"name", has_name, compare_names},
    {"colour", has_colour, compare_colours},
};

static enum mw_status stands_twice(const char *what, const struct mw_map_class *a,
                                   const struct mw_map_class *b, struct mw_error *err) {
    bool in_order =
        a->position.line < b->position.line ||
        (a->position.line == b->position.line && a->position.column < b->position.column);
    const struct mw_map_class *first = in_order ? a : b, *second = in_order ? b : a;
    return mw_class_map_error(err, second->position, "the same %s as on line %u, column %u", what,
                              first->position.line, first->position.column);
}

/* `sorted` has room for all classes. */
static enum mw_status check_unique(const struct mw_class_map *map, const struct unique *unique,
                                   const struct mw_map_class **sorted, struct mw_error *err) {
    size_t count = 0;
    for (size_t i = 0; i < map->count; i++)
        if (unique->has(&map->classes[i])) sorted[count++] = &map->classes[i];
    qsort(sorted, count, sizeof *sorted, unique->compare);
    for (size_t i = 1; i < count; i++)
        if (unique->compare(&sorted[i - 1], &sorted[i]) == 0)
            return stands_twice(unique->what, sorted[i - 1], sorted[i], err);
    return MW_OK;
}

static enum mw_status check_map(const struct mw_class_map *map, struct mw_error *err) {
    const struct mw_position start = {1, 1};
    size_t classes = 0;
    for (size_t i = 0; i < map->count; i++) classes += !map->classes[i].ignore;
    if (classes == 0) return mw_class_map_error(err, start, "no class in it");
    if (classes > MW_MAX_CLASSES)
        return mw_class_map_error(err, start, "more than %d classes", MW_MAX_CLASSES);
    const struct mw_map_class **sorted = malloc(map->count * sizeof *sorted);
    if (!sorted) return mw_error_memory(err);
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < sizeof uniques / sizeof uniques[0] && !status; i++)
        status = check_unique(map, &uniques[i], sorted, err);
    free(sorted);
    return status;
}

enum mw_status mw_class_map_parse(struct mw_class_map *map, const char *text, size_t length,
                                  struct mw_error *err) {
    size_t mark = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* byte order */
    text += mark;
    enum mw_status status = check_text(text, length - mark, err);
    if (status) return status;
    status = recognise(text)->parse(map, text, err);
    return status ? status : check_map(map, err);
}

static int compare_declared(const void *a, const void *b) {
    const struct mw_map_class *left = *(const struct mw_map_class *const *)a;
    const struct mw_map_class *right = *(const struct mw_map_class *const *)b;
    if (left->ignore != right->ignore) return left->ignore ? 1 : -1; /* classes first */
    return left->id < right->id ? -1 : left->id > right->id;
}

/* Ids, names and background of the classes, which are sorted by id. */
static enum mw_status declare_classes(struct mw_labels *labels,
                                      const struct mw_map_class *const *sorted, uint32_t count,
                                      struct mw_error *err) {
    labels->ids = calloc(count ? count : 1, sizeof *labels->ids);
    labels->names = calloc(count ? count : 1, sizeof *labels->names);
    if (!labels->ids || !labels->names) return mw_error_memory(err);
    labels->classes = count;
    bool background_given = labels->given & MW_SET_BACKGROUND;
    for (uint32_t i = 0; i < count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%" PRIu32, sorted[i]->id);
        labels->ids[i] = sorted[i]->id;
        labels->names[i] = strdup(sorted[i]->name ? sorted[i]->name : number);
        if (!labels->names[i]) return mw_error_memory(err);
        struct mw_range id = {sorted[i]->id, sorted[i]->id};
        enum mw_status status = MW_OK;
        if (sorted[i]->background && !background_given)
            status = mw_ranges_add(&labels->background, id, err);
        if (status) return status;
    }
    if (count > 0 && labels->ids[count - 1] == count - 1) { /* 0 to count - 1: the usual case */
        free(labels->ids);
        labels->ids = NULL;
    }
    return MW_OK;
}

static enum mw_status add_value(struct mw_labels *labels, const struct mw_map_class *entry,
                                struct mw_range range, struct mw_error *err) {
    struct mw_rule rule = {range.first, range.last, entry->ignore ? MW_TO_IGNORED : entry->id};
    enum mw_status status = mw_rules_add(&labels->values, rule, err);
    if (status == MW_USAGE)
        mw_error_prefix(err, "line %u, column %u", entry->position.line, entry->position.column);
    return status;
}

/* The stored values of one class: its colour, its values, or its id. */
static enum mw_status add_values(struct mw_labels *labels, const struct mw_map_class *entry,
                                 bool by_colour, struct mw_error *err) {
    enum mw_status status = MW_OK;
    if (by_colour && entry->colour < 0 && entry->ignore) return MW_OK;
    if (by_colour && entry->colour < 0)
        return mw_class_map_error(err, entry->position,
                                  "a class without a colour, which "
                                  "--encoding rgb needs");
    if (by_colour)
        return add_value(labels, entry, (struct mw_range){entry->colour, entry->colour}, err);
    for (size_t i = 0; i < entry->values.count && !status; i++)
        status = add_value(labels, entry, entry->values.ranges[i], err);
    if (status || entry->values.count || entry->ignore) return status;
    return add_value(labels, entry, (struct mw_range){entry->id, entry->id}, err);
}

/* Whether values are needed at all: not when every class stands for its own id. */
static bool needs_values(const struct mw_class_map *map, bool by_colour) {
    if (by_colour) return true;
    for (size_t i = 0; i < map->count; i++)
        if (map->classes[i].ignore || map->classes[i].values.count) return true;
    return false;
}

enum mw_status mw_labels_declare(struct mw_labels *labels, const struct mw_class_map *map,
                                 bool by_colour, struct mw_error *err) {
    const struct mw_map_class **sorted = malloc((map->count ? map->count : 1) * sizeof *sorted);
    if (!sorted) return mw_error_memory(err);
    uint32_t count = 0, declared = labels->given & MW_SET_CLASSES ? labels->classes : 0;
    for (size_t i = 0; i < map->count; i++) {
        sorted[i] = &map->classes[i];
        count += !map->classes[i].ignore;
    }
    qsort(sorted, map->count, sizeof *sorted, compare_declared);
    labels->classes = 0;
    enum mw_status status = MW_OK;
    if (declared && declared != count)
        status = mw_error_set(err, MW_USAGE, "it has %" PRIu32 " classes, --classes says %" PRIu32,
                              count, declared);
    if (!status) status = declare_classes(labels, sorted, count, err);
    for (size_t i = 0; i < map->count && !status && needs_values(map, by_colour); i++)
        status = add_values(labels, sorted[i], by_colour, err);
    labels->given |= MW_SET_CLASSES | MW_SET_NAMES;
    if (map->says_background) labels->given |= MW_SET_BACKGROUND;
    free(sorted);
    return status;
}

enum { STANDARD_LIMIT = 16 << 20 };

enum mw_status mw_labels_read_class_map(struct mw_labels *labels, const char *path, size_t limit,
                                        struct mw_error *err) {
    struct mw_text text = {0};
    struct mw_class_map map = {0};
    enum mw_status status = mw_bytes_slurp_path(path, limit ? limit : STANDARD_LIMIT, &text, err);
    if (!status) {
        status = mw_class_map_parse(&map, text.data ? text.data : "", text.length, err);
        if (!status)
            status = mw_labels_declare(labels, &map, labels->encoding == MW_ENCODING_RGB, err);
        if (status) mw_error_prefix(err, "%s", path);
    }
    mw_class_map_free(&map);
    mw_text_free(&text);
    return status;
}
