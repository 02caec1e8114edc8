/* json_places: where the members of a JSON text stand, which cJSON does not keep. */
#ifndef MW_BASE_JSON_PLACES_H
#define MW_BASE_JSON_PLACES_H

#include <cJSON.h>

#include "base/error.h"
#include "base/text.h"

struct mw_json_places {
    const char *text;
    const char *reached;         /* the place asked for last, */
    struct mw_position position; /* and where it is */
};

/* Notes the places of everything in `root`, which mw_json_parse made of `text`: afterwards `valueint`
 * of each item is the byte at which it begins, with its key where it has one. The text must outlive
 * `places`. Errors: MW_USAGE with line and column when an object has a key twice, of which readers of
 * JSON disagree which one counts; MW_NO_MEMORY. O(n log n) of the text. */
MW_MUST_CHECK enum mw_status mw_json_places_note(struct mw_json_places *places, const char *text,
                                                 cJSON *root, struct mw_error *err);

/* Where an item begins, with its key where it has one. Asking in the order of the text is linear in
 * all. */
struct mw_position mw_json_position(struct mw_json_places *places, const cJSON *item);

/* Where the value of an item begins. */
struct mw_position mw_json_value_position(struct mw_json_places *places, const cJSON *item);

#endif
