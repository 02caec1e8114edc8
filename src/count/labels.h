/* labels: what a sample means. Sample -> reduce zero -> ignore -> binary -> class -> background. */
#ifndef MW_COUNT_LABELS_H
#define MW_COUNT_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Most classes that can be declared, and most distinct values of one mask. */
enum { MW_MAX_CLASSES = 1 << 20 };

struct mw_range {
    int64_t first, last; /* both included */
};

/* A set of integers: ranges in order that neither meet nor overlap. Zeroed is empty. */
struct mw_ranges {
    struct mw_range *ranges; /* [count] */
    size_t count;
};

/* Reads a list such as "255" or "0,250-255,-1". Errors: MW_USAGE, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_ranges_parse(struct mw_ranges *set, const char *text,
                                             struct mw_error *err);
/* Adds first..last. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_ranges_add(struct mw_ranges *set, struct mw_range range,
                                           struct mw_error *err);
bool mw_ranges_contain(const struct mw_ranges *set, int64_t value);
bool mw_ranges_equal(const struct mw_ranges *a, const struct mw_ranges *b);
/* Appends the set as mw_ranges_parse reads it; "none" when empty. */
void mw_ranges_print(const struct mw_ranges *set, struct mw_text *text);
void mw_ranges_free(struct mw_ranges *set);

enum mw_binary {
    MW_BINARY_OFF,
    MW_BINARY_NONZERO,  /* not 0 is class 1 */
    MW_BINARY_THRESHOLD /* `threshold` and above is class 1, else 0 */
};

enum mw_unknown {
    MW_UNKNOWN_ERROR, /* a value that is no class makes its mask fail */
    MW_UNKNOWN_IGNORE /* it is left out and counted in unknown_pixels */
};

/* Bits of mw_labels.given: which settings somebody fixed. */
enum mw_setting {
    MW_SET_CLASSES = 1,
    MW_SET_REDUCE_ZERO = 2,
    MW_SET_IGNORE = 4,
    MW_SET_BINARY = 8,
    MW_SET_BACKGROUND = 16,
    MW_SET_UNKNOWN = 32,
    MW_SET_NAMES = 64
};

/* The label settings of a run. Zeroed, then mw_labels_resolve: every value is its own class, 0 is
 * background. */
struct mw_labels {
    unsigned given;              /* enum mw_setting bits: fixed, here or by a document */
    unsigned inherited;          /* those of `given` that a document fixed */
    uint32_t classes;            /* declared classes 0..classes-1; 0: those that occur */
    bool reduce_zero;            /* 0 and 255 are ignored, every other value minus one */
    struct mw_ranges ignore;     /* values left out of everything, as they are after reduce_zero */
    enum mw_binary binary;       /* classes 0 and 1 only */
    int64_t threshold;           /* of MW_BINARY_THRESHOLD */
    struct mw_ranges background; /* class ids that are not foreground */
    enum mw_unknown unknown;
    char **names; /* [classes], or NULL */
};

enum mw_label_kind { MW_LABEL_CLASS, MW_LABEL_IGNORED, MW_LABEL_UNKNOWN };

struct mw_label {
    enum mw_label_kind kind;
    uint32_t id; /* of MW_LABEL_CLASS */
};

/* What one stored value stands for. Negative values are never classes: they are ignored or unknown.
 * Pure. */
struct mw_label mw_labels_classify(const struct mw_labels *labels, int64_t sample);

/* Fills in the defaults that depend on other settings and checks that the settings fit together.
 * Errors: MW_USAGE, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_labels_resolve(struct mw_labels *labels, struct mw_error *err);

/* Takes over from an earlier document (`earlier`, resolved) what was not given here, and refuses
 * what was given and differs; documents among themselves likewise, in any order. `highest` is the
 * largest class id of that document: declaring here the classes of a document that declared none is
 * allowed when they cover it. Errors: MW_USAGE (the
 * difference is named), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_labels_inherit(struct mw_labels *labels,
                                               const struct mw_labels *earlier, int64_t highest,
                                               struct mw_error *err);

/* Reads class names, one a line (UTF-8, no empty line, no name twice), and declares that many
 * classes. `path` is for messages. Errors: MW_IO, MW_USAGE with the line, MW_LIMIT, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_labels_read_names(struct mw_labels *labels, const char *path,
                                                  struct mw_error *err);

/* The name of a class, or NULL. */
const char *mw_labels_name(const struct mw_labels *labels, uint32_t id);

void mw_labels_free(struct mw_labels *labels);

#endif
