/* checks: rules that a dataset must keep, for an audit in CI. One table; a new check is one new row in
 * checks.c and, in base/finding.c, the finding that a broken rule is. */
#ifndef MW_AUDIT_CHECKS_H
#define MW_AUDIT_CHECKS_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/findings.h"
#include "audit/sight.h"
#include "base/error.h"
#include "count/counts.h"
#include "count/document.h"
#include "count/labels.h"

/* What a check measures. */
struct mw_check_view {
    const struct mw_counts *counts; /* finished */
    const struct mw_labels *labels;
    const struct mw_document *baseline; /* earlier counts; NULL without */
    const struct mw_sight
        *sights; /* [count of the rules], what they saw; NULL: there is no rule that
                                           looks at masks */
};

/* What follows the colon of a rule that is about no class. */
struct mw_check_operand {
    const char *word;    /* for it: "SIZES" */
    const char *words;   /* what it must be, with examples */
    const char *example; /* one of it */
    bool (*valid)(const char *operand);
};

enum mw_check_unit {
    MW_CHECK_NUMBER, /* a whole number, from 0 */
    MW_CHECK_SHARE,  /* from 0 to 1, also written as a percentage, as which messages tell it */
    MW_CHECK_BITS,   /* from 0 to 1 */
    MW_CHECK_RATIO,  /* at least 1 */
    MW_CHECK_FIXED   /* the limit cannot be chosen */
};

/* What a limit must be, by unit. */
extern const char *const mw_check_unit_words[];

struct mw_check {
    const char *name;
    enum mw_finding_code code; /* of the finding; its kind has the severity */
    enum mw_check_unit unit;
    double standard; /* the limit where none is given; NaN: it must be given */
    bool at_least;   /* what is measured must be at least the limit; else at most */
    bool per_class;  /* measured for each class, or for the one that the rule names */
    const struct mw_check_operand *operand; /* that a rule must have; NULL: none */
    bool wants_classes;                     /* they must be declared */
    bool wants_baseline;
    bool wants_images;   /* --images */
    bool wants_digests;  /* of the bytes of files */
    bool wants_palettes; /* of masks */
    bool implied; /* every audit has it, with its standard limit; if it wants images, every one
                             with images */
    bool wants_all_masks; /* it is not implied where masks are named one by one */
    bool not_of_sample;   /* what some masks say is nothing about all of them */
    const char *quantity; /* what is measured */
    const char *why;      /* what breaks without it, and what to do */
    /* The quantity, of the class `id` if it is per class. Pure. NULL: how many places were seen. */
    double (*measure)(const struct mw_check_view *view, uint32_t id);
    mw_sight_look *look;         /* at each file; NULL: the counts say all */
    mw_sight_breaks *breaks;     /* of one mask; NULL: that cannot be said of one alone */
    mw_sight_conclude *conclude; /* once all files were seen; NULL: nothing is left to be done */
    mw_sight_tell *tell;         /* what the message of a finding also says; NULL: nothing */
};

extern const struct mw_check mw_checks[];
extern const size_t mw_check_count;

/* The check whose name is the first `length` bytes of `name`, or NULL. */
const struct mw_check *mw_check_find(const char *name, size_t length);

/* Appends how a rule of the check is written, and what mw_check_describe says. */
void mw_check_explain(const struct mw_check *check, struct mw_text *text);

/* Appends what a check measures, what it needs, and why: a line each. */
void mw_check_describe(const struct mw_check *check, struct mw_text *text);

/* Appends a line: the name, its unit, its limit where none is given, and what it measures. */
void mw_check_list(const struct mw_check *check, struct mw_text *text);

/* A check as it was asked for. */
struct mw_check_rule {
    const struct mw_check *check;
    char *text; /* as written: "min-masks:car=50" */
    char
        *origin; /* how messages name it: "--check min-masks:car=50", or with its file and number */
    char *
        subject; /* what follows the colon: a class or its number, or an operand; NULL: nothing, and
                      every class */
    uint32_t id; /* of that class, once resolved */
    double limit;
    enum mw_severity severity; /* of the finding, if it is broken */
    bool implied;              /* nobody asked for it: where it cannot be judged, that is told */
};

/* Zeroed is empty. */
struct mw_check_rules {
    struct mw_check_rule *list; /* [count] */
    size_t count;
};

/* Adds NAME[:CLASS][=LIMIT], or NAME:OPERAND. A limit that can be no class may follow the colon, too: "max-drift:0.05".
 * Errors: MW_USAGE (with the nearest name, or what the limit must be; a rule
 * that is there already), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_check_rules_add(struct mw_check_rules *rules, const char *text,
                                                struct mw_error *err);

/* Adds the rules of a JSON text of `length` bytes, followed by a NUL: an array of rules as text, or of
 * objects {"check", "class" or "allowed", "limit", "severity"} of which only the first member is needed. Errors:
 * MW_USAGE with the path and the number of the rule, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_check_rules_parse(struct mw_check_rules *rules, const char *path,
                                                  const char *text, size_t length,
                                                  struct mw_error *err);

/* What there is to judge. */
struct mw_check_scope {
    const struct mw_labels *labels; /* resolved */
    bool has_baseline, has_images;
    bool sampled;         /* not all masks are counted (--sample) */
    bool one_by_one;      /* masks are named one by one, so that there may be others */
    const char *document; /* a document among the sources; NULL: there is none */
};

/* Once the labels are known: adds what is implied, and finds the classes that rules name. Errors:
 * MW_USAGE (a class that is not declared, a rule that a sample cannot keep, a baseline that is missing or not asked for, images that are
 * missing, a rule about masks where there is a document), MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_check_rules_resolve(struct mw_check_rules *rules,
                                                    const struct mw_check_scope *scope,
                                                    struct mw_error *err);

/* What rules want to see, one at least. */
struct mw_check_wants {
    bool masks;    /* each of them */
    bool digests;  /* of the bytes of files */
    bool palettes; /* of masks */
    bool unknown;  /* values, to say what they probably are */
};
struct mw_check_wants mw_check_rules_want(const struct mw_check_rules *rules);

/* Judges the counts by every rule: adds a finding for each that is broken, in the order of the rules, and
 * to findings->rules what became of each. Places stay in the counts. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_check_rules_judge(const struct mw_check_rules *rules,
                                                  const struct mw_check_view *view,
                                                  struct mw_findings *findings,
                                                  struct mw_error *err);

void mw_check_rules_free(struct mw_check_rules *rules);

#endif
