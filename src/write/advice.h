/* advice: what the numbers mean for training, in words. One table; a new statement is one new row in
 * advice.c. */
#ifndef MW_WRITE_ADVICE_H
#define MW_WRITE_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "weigh/advice.h"
#include "write/report.h"

/* What statements speak of: the first scheme of a report. */
struct mw_advice {
    const struct mw_report *report;
    const struct mw_weights *weights;
    struct mw_extremes extremes;
    size_t rarest;     /* place of the class in the fewest masks */
    size_t foreground; /* place of the class that a sigmoid is advised on */
    bool multi;        /* pixels carry several classes */
    bool two;          /* pixels carry one of two classes */
    bool pos_weight;   /* the scheme weighs positives against negatives */
    bool upside_down;  /* the scheme weighs frequent classes up */
    bool left_out;     /* the label settings can leave out pixels, or did */
    double enet, log;  /* spread of the weights of these schemes */
};

/* *possible is false where nothing was weighed: there is no advice. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_advice_init(struct mw_advice *advice,
                                            const struct mw_report *report, bool *possible,
                                            struct mw_error *err);

struct mw_statement {
    const char *name;
    const char *when;   /* the condition, in words */
    const char *source; /* whose definition or finding it is */
    bool (*holds)(const struct mw_advice *advice);
    void (*say)(const struct mw_advice *advice, struct mw_text *out); /* sentences, of one line */
    bool brief;                                                       /* also in the summary */
};

extern const struct mw_statement mw_statements[];
extern const size_t mw_statement_count;

/* Appends the brief statements, for the end of the summary; nothing where there is no advice. */
void mw_advice_add_summary(const struct mw_report *report, struct mw_text *out);

/* Appends Python to paste, or why there is none. */
void mw_snippets_add(const struct mw_advice *advice, struct mw_text *out);

#endif
