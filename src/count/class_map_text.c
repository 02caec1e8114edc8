/* The plain text forms of class maps. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "count/class_map.h"

/* One line of a text, without its line end. */
struct line {
    const char *text; /* not terminated */
    size_t length;    /* bytes */
    unsigned number;  /* from 1 */
};

/* Takes the next line from `*rest`; false at the end. */
static bool next_line(const char **rest, struct line *line) {
    if (**rest == '\0') return false;
    line->text = *rest;
    line->length = strcspn(*rest, "\n");
    line->number++;
    *rest += line->length + ((*rest)[line->length] == '\n');
    if (line->length && line->text[line->length - 1] == '\r') line->length--;
    return true;
}

static struct mw_position at(const struct line *line, const char *place) {
    struct mw_position position = {line->number, 1};
    for (const char *s = line->text; s < place; s++) position.column += (*s & 0xc0) != 0x80;
    return position;
}

static bool is_blank(const struct line *line) {
    return line->length == 0 || strspn(line->text, " \t") >= line->length;
}

/* Reads a number from 0 to 255, with blanks around it, at `*next`. */
static enum mw_status parse_component(const struct line *line, const char **next, int64_t *value,
                                      struct mw_error *err) {
    *next += strspn(*next, " \t");
    const char *start = *next;
    if (!mw_integer_parse(next, value) || *value < 0 || *value > 255)
        return mw_class_map_error(err, at(line, start),
                                  "a colour component is a number from 0 to "
                                  "255");
    *next += strspn(*next, " \t");
    return MW_OK;
}

/* Reads "r,g,b" or "r g b" at `*next`. */
static enum mw_status parse_colour(const struct line *line, const char **next, char separator,
                                   int64_t *colour, struct mw_error *err) {
    *colour = 0;
    for (int i = 0; i < 3; i++) {
        int64_t component;
        if (i && separator != ' ') {
            if (**next != separator)
                return mw_class_map_error(err, at(line, *next), "a '%c' is missing", separator);
            ++*next;
        }
        enum mw_status status = parse_component(line, next, &component, err);
        if (status) return status;
        *colour = *colour << 8 | component;
    }
    return MW_OK;
}

static enum mw_status add_class(struct mw_class_map *map, const struct line *line,
                                const char *place, struct mw_map_class **entry,
                                struct mw_error *err) {
    *entry = mw_class_map_add(map, at(line, place));
    return *entry ? MW_OK : mw_error_memory(err);
}

/* "#RRGGBB" */
static bool is_hex_colour(const char *text) {
    if (*text++ != '#') return false;
    size_t digits = strspn(text, "0123456789abcdefABCDEF");
    return digits == 6 && !isalnum((unsigned char)text[digits]);
}

/* Three numbers from 0 to 255 with commas, semicolons or blanks between them. */
static bool is_triple(const char *text, const char *end) {
    for (int i = 0; i < 3; i++) {
        int64_t component;
        size_t between = strspn(text, " \t,;");
        text += i ? between : 0;
        bool number = text < end && (i == 0 || between) && isdigit((unsigned char)*text) &&
                      mw_integer_parse(&text, &component) && component <= 255;
        if (!number) return false;
    }
    return text >= end || !(isalnum((unsigned char)*text) || *text == '.');
}

/* Where a colour stands in a line, NULL: nowhere. */
static const char *find_colour(const struct line *line) {
    const char *end = line->text + line->length;
    for (const char *s = line->text; s < end; s++) {
        bool begins = s == line->text || !(isalnum((unsigned char)s[-1]) || s[-1] == '.');
        if (begins && (is_hex_colour(s) || is_triple(s, end))) return s;
    }
    return NULL;
}

/* Where a number stands in a line as its first or last column, NULL: nowhere. */
static const char *find_number(const struct line *line) {
    const char *end = line->text + line->length, *last = end;
    size_t digits = strspn(line->text, "0123456789");
    if (digits && digits + 1 < line->length && strchr(" \t:,;", line->text[digits]))
        return line->text;
    while (last > line->text && isdigit((unsigned char)last[-1])) last--;
    return last < end && last > line->text && strchr("\t:,;", last[-1]) ? last : NULL;
}

/* Lines most of which hold something that names have not are no list of names, but one of the other forms
 * gone wrong. */
static enum mw_status check_no(const char *(*find)(const struct line *line), const char *text,
                               const char *message, struct mw_error *err) {
    struct line line = {0};
    struct mw_position first = {0, 0};
    unsigned found = 0;
    while (next_line(&text, &line)) {
        const char *place = find(&line);
        if (place && found++ == 0) first = at(&line, place);
    }
    return found <= line.number / 2 ? MW_OK : mw_class_map_error(err, first, "%s", message);
}

static enum mw_status check_names(const char *text, struct mw_error *err) {
    enum mw_status status =
        check_no(find_colour, text,
                 "looks like a colour, but a list of names has none: begin the file "
                 "with the header name,r,g,b, or write lines such as 128 64 128 road",
                 err);
    if (status) return status;
    return check_no(
        find_number, text,
        "looks like a class id, but a list of names has none, its first line is class 0: "
        "write ids as JSON, {\"7\": \"road\"}",
        err);
}

static enum mw_status parse_names(struct mw_class_map *map, const char *text,
                                  struct mw_error *err) {
    struct line line = {0};
    enum mw_status status = check_names(text, err);
    while (!status && next_line(&text, &line)) {
        struct mw_map_class *entry;
        if (is_blank(&line))
            return mw_class_map_error(err, at(&line, line.text),
                                      "an empty line: every line is the name of a class");
        status = add_class(map, &line, line.text, &entry, err);
        if (!status) status = mw_class_map_name(entry, line.text, line.length, err);
    }
    return status;
}

static size_t trimmed_length(const char *text, const char *end) {
    while (end > text && (end[-1] == ' ' || end[-1] == '\t')) end--;
    return (size_t)(end - text);
}

static enum mw_status parse_colours(struct mw_class_map *map, const char *text,
                                    struct mw_error *err) {
    struct line line = {0};
    enum mw_status status = MW_OK;
    while (!status && next_line(&text, &line)) {
        struct mw_map_class *entry;
        const char *next = line.text, *end = line.text + line.length;
        if (is_blank(&line) || *next == '#') continue;
        status = add_class(map, &line, line.text, &entry, err);
        if (!status) status = parse_colour(&line, &next, ' ', &entry->colour, err);
        if (!status && next < end && next[-1] != ' ' && next[-1] != '\t')
            status = mw_class_map_error(err, at(&line, next), "a blank is missing");
        if (!status) status = mw_class_map_name(entry, next, trimmed_length(next, end), err);
    }
    return status;
}

/* "name:r,g,b:parts:actions"; the colour may be left out. */
static enum mw_status parse_labelmap(struct mw_class_map *map, const char *text,
                                     struct mw_error *err) {
    struct line line = {0};
    enum mw_status status = MW_OK;
    while (!status && next_line(&text, &line)) {
        struct mw_map_class *entry;
        const char *end = line.text + line.length;
        if (is_blank(&line) || *line.text == '#') continue;
        const char *colon = memchr(line.text, ':', line.length);
        if (!colon)
            return mw_class_map_error(err, at(&line, end), "a ':' is missing behind the name");
        const char *next = colon + 1;
        status = add_class(map, &line, line.text, &entry, err);
        if (!status) status = mw_class_map_name(entry, line.text, (size_t)(colon - line.text), err);
        if (!status && next < end && *next != ':')
            status = parse_colour(&line, &next, ',', &entry->colour, err);
        if (!status && next < end && *next != ':')
            status = mw_class_map_error(err, at(&line, next), "a ':' is missing behind the colour");
    }
    return status;
}

/* Copies the text between quotes at `*next` to `cell`, and moves `*next` behind them. */
static enum mw_status parse_quoted(const struct line *line, const char **next, struct mw_text *cell,
                                   struct mw_error *err) {
    const char *start = (*next)++, *end = line->text + line->length;
    for (;; ++*next) {
        if (*next >= end) return mw_class_map_error(err, at(line, start), "a '\"' is not closed");
        if (**next == '"' && *++*next != '"') break;
        mw_text_add(cell, *next, 1);
    }
    *next += strspn(*next, " \t");
    return MW_OK;
}

/* Copies one CSV cell (RFC 4180), without the blanks around it, to `cell` and moves `*next` behind it. */
static enum mw_status parse_cell(const struct line *line, const char **next, char separator,
                                 struct mw_text *cell, struct mw_error *err) {
    const char *end = line->text + line->length;
    mw_text_clear(cell);
    *next += strspn(*next, " \t");
    if (**next == '"') return parse_quoted(line, next, cell, err);
    const char *stop = *next < end ? memchr(*next, separator, (size_t)(end - *next)) : NULL;
    if (!stop) stop = end;
    mw_text_add(cell, *next, trimmed_length(*next, stop));
    *next = stop;
    return MW_OK;
}

static enum mw_status parse_csv_row(struct mw_class_map *map, const struct line *line,
                                    char separator, struct mw_text *cell, struct mw_error *err) {
    struct mw_map_class *entry;
    const char *next = line->text, *end = line->text + line->length;
    enum mw_status status = add_class(map, line, line->text, &entry, err);
    if (!status) status = parse_cell(line, &next, separator, cell, err);
    if (!status && cell->failed) status = mw_error_memory(err);
    if (!status) status = mw_class_map_name(entry, cell->data ? cell->data : "", cell->length, err);
    if (!status && (next >= end || *next != separator))
        status = mw_class_map_error(err, at(line, next), "a '%c' is missing", separator);
    next++;
    if (!status) status = parse_colour(line, &next, separator, &entry->colour, err);
    if (!status && next < end)
        status = mw_class_map_error(err, at(line, next), "text behind the colour");
    return status;
}

/* name,r,g,b in any case, with blanks around the words, or with semicolons: *separator tells. */
static enum mw_status parse_csv_header(const struct line *line, char *separator,
                                       struct mw_error *err) {
    static const char *const words[] = {"name", "r", "g", "b"};
    const char *next = line->text, *end = line->text + line->length;
    *separator = memchr(line->text, ';', line->length) ? ';' : ',';
    for (size_t i = 0; i < 4; i++) {
        size_t length = strlen(words[i]);
        next += strspn(next, " \t");
        if (strncasecmp(next, words[i], length) != 0 || isalnum((unsigned char)next[length])) break;
        next += length;
        next += strspn(next, " \t");
        if (next >= end && i == 3) return MW_OK;
        if (next >= end || *next != *separator || i == 3) break;
        next++;
    }
    return mw_class_map_error(err, at(line, next),
                              "the header is not name,r,g,b: these four columns, in this order");
}

static enum mw_status parse_csv(struct mw_class_map *map, const char *text, struct mw_error *err) {
    struct line line = {.text = text};
    struct mw_text cell = {0};
    char separator;
    do
        if (!next_line(&text, &line)) break;
    while (is_blank(&line) || *line.text == '#');
    enum mw_status status = parse_csv_header(&line, &separator, err);
    while (!status && next_line(&text, &line))
        if (!is_blank(&line)) status = parse_csv_row(map, &line, separator, &cell, err);
    mw_text_free(&cell);
    return status;
}

const struct mw_class_map_form mw_form_names = {
    .name = "names",
    .example = "road",
    .parse = parse_names,
};

const struct mw_class_map_form mw_form_colours = {
    .name = "colour list (CamVid, SegNet)",
    .example = "128 64 128 road",
    .parse = parse_colours,
};

const struct mw_class_map_form mw_form_labelmap = {
    .name = "labelmap.txt (CVAT, Datumaro)",
    .example = "road:128,64,128::",
    .parse = parse_labelmap,
};

const struct mw_class_map_form mw_form_csv = {
    .name = "class_dict.csv",
    .example = "name,r,g,b",
    .parse = parse_csv,
};
