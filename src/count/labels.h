/* labels: what a sample means. Sample -> map -> reduce zero -> ignore -> binary -> class ->
 * background. */
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
    bool colours; /* a value was written as a colour */
};

/* Reads an integer that a document can hold, or a colour as #RRGGBB; *colour is set for the latter
 * and else left alone. On success *text is behind it. */
MW_MUST_CHECK bool mw_sample_parse(const char **text, int64_t *value, bool *colour);

/* Reads a list such as "255" or "0,250-255,-1" or "#FF00FF". Errors: MW_USAGE, MW_NO_MEMORY. */
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

/* What a rule may make of a value, beside another value: leave it out. */
#define MW_TO_IGNORED INT64_MIN

/* The values from `first` to `last` become `to`. */
struct mw_rule {
    int64_t first, last;
    int64_t to; /* or MW_TO_IGNORED */
};

/* A map from values to values: rules in order that do not overlap, and one for the rest. */
struct mw_rules {
    struct mw_rule *rules; /* [count] */
    size_t count;
    bool has_rest; /* every other value becomes `rest`; else it stays as it is */
    int64_t rest;  /* or MW_TO_IGNORED */
    bool colours;  /* a value was written as a colour */
};

/* Reads "0=255,11-33=1,#FF00FF=#000000,*=ignore". Errors: MW_USAGE (also a value that is mapped twice),
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_rules_parse(struct mw_rules *rules, const char *text,
                                            struct mw_error *err);
/* Neighbours that become the same are one rule. Errors: MW_USAGE (a value that is mapped twice),
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_rules_add(struct mw_rules *rules, struct mw_rule rule,
                                          struct mw_error *err);
/* The rule that holds for a value, the rest included; false when there is none. */
bool mw_rules_find(const struct mw_rules *rules, int64_t value, int64_t *to);
/* Drops what says nothing: values that become what the rest becomes or, without a rest, themselves. Only
 * once all rules are added: what is mapped twice would not be seen. */
void mw_rules_normalize(struct mw_rules *rules);
/* Whether they are written alike: normalize both before. */
bool mw_rules_equal(const struct mw_rules *a, const struct mw_rules *b);
/* Appends the rules as mw_rules_parse reads them; "none" when there are none. */
void mw_rules_print(const struct mw_rules *rules, struct mw_text *text);
MW_MUST_CHECK enum mw_status mw_rules_copy(struct mw_rules *to, const struct mw_rules *from,
                                           struct mw_error *err);
void mw_rules_free(struct mw_rules *rules);

enum mw_binary {
    MW_BINARY_OFF,
    MW_BINARY_NONZERO,  /* not 0 is class 1 */
    MW_BINARY_THRESHOLD /* `threshold` and above is class 1, else 0 */
};

enum mw_unknown {
    MW_UNKNOWN_ERROR, /* a value that is no class makes its mask fail */
    MW_UNKNOWN_IGNORE /* it is left out and counted in unknown_pixels */
};

/* What a stored pixel says. Rows of mw_encodings. */
enum mw_encoding {
    MW_ENCODING_INDEX,    /* the class id */
    MW_ENCODING_RGB,      /* the colour of the class, 0xRRGGBB, as the class map has it */
    MW_ENCODING_ADE20K,   /* R / 10 * 256 + G, as in the ADE20K full dataset */
    MW_ENCODING_INSTANCE, /* class * divisor + instance, as in Cityscapes and KITTI */
    MW_ENCODING_PLANES    /* each sample says yes or no to one class */
};

struct mw_encoding_kind {
    const char *name;
    const char *summary;
    bool colour;      /* the value of a pixel is 0xRRGGBB */
    bool multi_label; /* pixels carry several classes or none: all pages of a file are one mask */
};
extern const struct mw_encoding_kind mw_encodings[];
extern const size_t mw_encoding_count;

enum mw_nodata {
    MW_NODATA_AUTO, /* ignored; an error where it is the background or a declared class */
    MW_NODATA_USE,  /* ignored */
    MW_NODATA_COUNT /* a value like any other */
};
extern const char *const mw_nodata_names[];
enum { MW_NODATA_NAMES = 3 };

/* Bits of mw_labels.given: which settings somebody fixed. */
enum mw_setting {
    MW_SET_ENCODING = 1,
    MW_SET_MAP = 2,
    MW_SET_REDUCE_ZERO = 4,
    MW_SET_IGNORE = 8,
    MW_SET_BINARY = 16,
    MW_SET_CLASSES = 32,
    MW_SET_BACKGROUND = 64,
    MW_SET_UNKNOWN = 128,
    MW_SET_NODATA = 256,
    MW_SET_ALPHA = 512,
    MW_SET_NAMES = 1024
};

/* The label settings of a run. Zeroed, then mw_labels_resolve: every value is its own class, 0 is
 * background. */
struct mw_labels {
    unsigned given;     /* enum mw_setting bits: fixed, here or by a document */
    unsigned inherited; /* those of `given` that a document fixed */
    enum mw_encoding encoding;
    uint32_t divisor;            /* of MW_ENCODING_INSTANCE, at least 2 */
    bool divide_small;           /* values below the divisor are divided, too; else they are ids */
    enum mw_nodata nodata;       /* what becomes of the value that a file names as nodata */
    bool transparent_ignored;    /* pixels with alpha 0 are ignored; else alpha is not looked at */
    struct mw_rules map;         /* --map: before all that follows */
    bool reduce_zero;            /* 0 and 255 are ignored, every other value minus one */
    struct mw_ranges ignore;     /* values left out of everything, as they are after reduce_zero */
    enum mw_binary binary;       /* classes 0 and 1 only */
    int64_t threshold;           /* of MW_BINARY_THRESHOLD */
    uint32_t classes;            /* how many are declared; 0: those that occur */
    uint32_t *ids;               /* [classes], ascending; NULL: 0 to classes - 1 */
    struct mw_rules values;      /* stored value to class id; none: a value is its id */
    struct mw_ranges background; /* class ids that are not foreground */
    enum mw_unknown unknown;
    char **names; /* [classes], parallel to the ids; or NULL */
    /* The documents that fixed what is inherited, and the names; for messages. NULL: none. */
    const char *settings_from, *names_from;
};

enum mw_label_kind { MW_LABEL_CLASS, MW_LABEL_IGNORED, MW_LABEL_UNKNOWN };

struct mw_label {
    enum mw_label_kind kind;
    uint32_t id; /* of MW_LABEL_CLASS */
};

/* What one stored value stands for; of a colour encoding, one colour: what is none is unknown; of
 * planes, class 1 for yes and class 0 for no. Negative values are never classes: they are ignored or
 * unknown. Pure. */
struct mw_label mw_labels_classify(const struct mw_labels *labels, int64_t sample);

/* Whether a pixel may carry several classes. */
bool mw_labels_multi(const struct mw_labels *labels);

/* "single-label" or "multi-label". */
const char *mw_labels_kind(const struct mw_labels *labels);

/* Fills in the defaults that depend on other settings and checks that the settings fit together.
 * Errors: MW_USAGE, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_labels_resolve(struct mw_labels *labels, struct mw_error *err);

/* Takes over from an earlier document (`earlier`, resolved) what was not given here, and refuses
 * what was given and differs; documents among themselves likewise, in any order. `highest` is the
 * largest class id of that document: declaring here the classes of a document that declared none is
 * allowed when they cover it. `name` is what messages call the document; it must outlive `labels`.
 * Errors: MW_USAGE (the difference, where it is and what to do), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_labels_inherit(struct mw_labels *labels,
                                               const struct mw_labels *earlier, int64_t highest,
                                               const char *name, struct mw_error *err);

/* Whether counts under two resolved settings can be compared class by class: they say the same of what is
 * left out and of binary masks, and where both name the same number of classes, they name them alike. Errors: MW_USAGE with the
 * difference, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_labels_compare(const struct mw_labels *labels,
                                               const struct mw_labels *earlier, const char *name,
                                               struct mw_error *err);

/* Whether an id is one of the declared classes; *place is its number among them. */
bool mw_labels_declares(const struct mw_labels *labels, int64_t id, uint32_t *place);

/* The declared class with this number. */
uint32_t mw_labels_id(const struct mw_labels *labels, uint32_t place);

/* The name of a class, or NULL. */
const char *mw_labels_name(const struct mw_labels *labels, uint32_t id);

void mw_labels_free(struct mw_labels *labels);

#endif
