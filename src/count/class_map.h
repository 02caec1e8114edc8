/* class_map: the classes that a file declares: ids, names, colours, and the stored values that stand
 * for them. Its forms are recognised by content; each ends in the same struct. */
#ifndef MW_COUNT_CLASS_MAP_H
#define MW_COUNT_CLASS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "count/labels.h"

struct mw_map_class {
    uint32_t id;
    char *name;              /* UTF-8, not empty; NULL: none */
    int64_t colour;          /* 0xRRGGBB, or -1: none */
    struct mw_ranges values; /* stored values that stand for it; empty: its id */
    bool ignore;             /* its pixels are left out: it is no class and has no id */
    bool background;
    struct mw_position position; /* where it is declared */
};

/* Zeroed is empty. */
struct mw_class_map {
    struct mw_map_class *classes; /* [count], in the order of the file */
    size_t count;
    bool says_background; /* the classes that are not marked as background are not */
};

/* A form of class map. `parse` gets the whole text, NUL-terminated and known to be UTF-8. */
struct mw_class_map_form {
    const char *name;    /* as the manual page calls it */
    const char *example; /* what it looks like */
    enum mw_status (*parse)(struct mw_class_map *map, const char *text, struct mw_error *err);
};

/* Plain text forms: names, colour list, labelmap.txt, class_dict.csv. */
extern const struct mw_class_map_form mw_form_names, mw_form_colours, mw_form_labelmap, mw_form_csv;
/* All JSON forms; which one is decided by the keys. */
extern const struct mw_class_map_form mw_form_json;

/* Reads a class map: `length` bytes, followed by a NUL. Errors: MW_USAGE with line and column (an
 * id, name, colour or value that stands twice; a number out of range; not UTF-8; text that belongs
 * to nothing), MW_NO_MEMORY. Free it with mw_class_map_free in any case. */
MW_MUST_CHECK enum mw_status mw_class_map_parse(struct mw_class_map *map, const char *text,
                                                size_t length, struct mw_error *err);
void mw_class_map_free(struct mw_class_map *map);

/* Makes the classes of a map the declared ones. `by_colour`: a stored value is a colour, 0xRRGGBB.
 * Errors: MW_USAGE (a class without a colour), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_labels_declare(struct mw_labels *labels,
                                               const struct mw_class_map *map, bool by_colour,
                                               struct mw_error *err);

/* Reads a class map from a file of at most `limit` bytes, 0: 2^24, and makes its classes the declared
 * ones; by colour where the labels' encoding is rgb. Errors: those above, MW_IO, MW_LIMIT; messages begin
 * with the path. */
MW_MUST_CHECK enum mw_status mw_labels_read_class_map(struct mw_labels *labels, const char *path,
                                                      size_t limit, struct mw_error *err);

/* For the forms. Adds a class without name, colour and values; NULL when memory runs out. */
struct mw_map_class *mw_class_map_add(struct mw_class_map *map, struct mw_position position);

/* Sets MW_USAGE with "line L, column C: " before a message. */
enum mw_status mw_class_map_error(struct mw_error *err, struct mw_position position,
                                  const char *format, ...) MW_PRINTF(3, 4);

/* Gives a class the name of `length` bytes. Errors: MW_USAGE (empty, a control character),
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_class_map_name(struct mw_map_class *entry, const char *name,
                                               size_t length, struct mw_error *err);

#endif
