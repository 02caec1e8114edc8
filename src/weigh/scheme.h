/* scheme: the formulas that turn a class's counts into its weight. One table; a new scheme is one
 * new row in schemes.c. */
#ifndef MW_WEIGH_SCHEME_H
#define MW_WEIGH_SCHEME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* What a formula may use, for one class. All of it comes from exact counts. */
struct mw_class_term {
    double pixels;    /* n_c, pixels of the class */
    double total;     /* N, pixels that carry a class; of a plane, that say yes or no to it */
    double classes;   /* K, number of classes */
    double masks;     /* m_c, masks that contain the class */
    double frequency; /* g_c = n_c / I_c, I_c: pixels of the masks that contain the class */
    double median_frequency; /* median of g over the classes that occur */
};

enum { MW_PARAMETERS = 2 };

struct mw_parameter {
    const char *name;
    const char
        *choices[2];   /* the words it may be (its value is their number), or NULLs: a number */
    double standard;   /* value when not given */
    double above;      /* a number must be above this */
    double below;      /* and below this */
    const char *range; /* the same in words */
};

struct mw_scheme {
    const char *name;
    const char *alias;                             /* another name that is understood, or NULL */
    const char *formula;                           /* as text */
    const char *source;                            /* whose definition it is */
    struct mw_parameter parameters[MW_PARAMETERS]; /* those without a name are not there */
    /* Weight of a class; infinite or NaN where the formula has no value. `values` runs parallel to
     * `parameters`. Pure. */
    double (*weight)(const struct mw_class_term *term, const double values[MW_PARAMETERS]);
    bool is_pos_weight; /* multiplies the positives of one class: never normalised, no void in N */
    bool single_label;  /* has no meaning where pixels carry several classes */
    bool needs_second;  /* with the second choice of parameter 0, parameter 1 must be given */
};

extern const struct mw_scheme mw_schemes[];
extern const size_t mw_scheme_count;

/* A scheme as it was asked for. */
struct mw_scheme_request {
    const struct mw_scheme *scheme;
    const char *text; /* as written: "enet:c=1.1" */
    double values[MW_PARAMETERS];
};

/* Reads NAME[:KEY=VALUE,...]. `text` must outlive the request. Errors: MW_USAGE, with the nearest
 * right name. */
MW_MUST_CHECK enum mw_status mw_scheme_parse(struct mw_scheme_request *request, const char *text,
                                             struct mw_error *err);

/* Whether two requests, however they are written, give the same weights. */
bool mw_scheme_same(const struct mw_scheme_request *a, const struct mw_scheme_request *b);

/* The scheme of a table row with its standard parameters. */
void mw_scheme_standard(struct mw_scheme_request *request, const struct mw_scheme *scheme);

#endif
