/* guess: what the values of masks probably mean, and which options read them so. Only facts that
 * were gathered are looked at; a guess says why. */
#ifndef MW_AUDIT_GUESS_H
#define MW_AUDIT_GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "count/class_map.h"
#include "count/inspection.h"
#include "count/labels.h"

/* A class map that --class-map takes by name. */
struct mw_known_map {
    char *name;
    struct mw_class_map map;
};

struct mw_known_maps {
    struct mw_known_map *list; /* [count] */
    size_t count;
};

void mw_known_maps_free(struct mw_known_maps *maps);

/* Zeroed is none. */
struct mw_guess {
    const char *name;        /* of the encoding; NULL: nothing fits */
    struct mw_text why;      /* a phrase */
    struct mw_labels labels; /* the settings that are suggested: those of `given` */
    const char *class_map;   /* the name of a known one; or NULL */
    struct mw_text colours;  /* lines "r g b name" of a class map that is needed, or empty */
    bool keep_going;         /* --keep-going is needed */
    bool useless;            /* no option makes labels of these masks */
};

/* The first row of the table of guesses that fits. `labels` NULL: nothing was said about the masks.
 * Else these were the settings, `facts` are of the masks that failed, facts->unknown is what they do not
 * explain, and only a guess that explains all of it fits; there may be none. `maps` must outlive the guess. Errors: MW_NO_MEMORY.
 * Free it with mw_guess_free in any case. */
MW_MUST_CHECK enum mw_status mw_guess_make(struct mw_guess *guess,
                                           const struct mw_inspection *facts,
                                           const struct mw_labels *labels,
                                           const struct mw_known_maps *maps, struct mw_error *err);
void mw_guess_free(struct mw_guess *guess);

/* Appends the options that are suggested, each with a blank before it; nothing for a class map of
 * colours, which is the caller's to place. */
void mw_guess_print_options(const struct mw_guess *guess, struct mw_text *text);

/* Whether a value is one that datasets have for void, and looks like it beside `count` smaller ids of
 * which `highest` is the largest. */
bool mw_looks_like_void(int64_t value, uint64_t count, int64_t highest);

#endif
