/* report: everything a document can show, and the table of document formats. A new format is one
 * struct mw_writer in a file of its own and one row in report.c. */
#ifndef MW_WRITE_REPORT_H
#define MW_WRITE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/findings.h"
#include "base/error.h"
#include "base/text.h"
#include "count/counts.h"
#include "count/labels.h"
#include "count/survey.h"
#include "weigh/estimate.h"
#include "weigh/weigh.h"

#define MW_VERSION "0.1.0"

struct mw_report {
    const struct mw_labels *labels;
    const struct mw_counts *counts;   /* finished */
    const struct mw_weights *weights; /* [weight_count], at least one */
    size_t weight_count;
    const struct mw_estimates *estimates; /* NULL: the same as zeroed */
    const struct mw_findings *findings;
    const struct mw_survey *survey; /* how places were reached; for reports only */
    bool summary;                   /* cut what is too long to read */
    bool foreground_only;           /* leave background classes out of the dense formats */
    bool csv_safe;                  /* no cell of csv looks like a formula */
};

struct mw_writer {
    const char *name;
    const char *summary; /* what it is, for whom */
    bool needs_weights;  /* is nothing without a class that occurs */
    bool single;         /* holds one scheme only */
    bool binary;         /* nothing for a terminal */
    bool dense;          /* a class's place is its id: needs the ids 0 to K-1 */
    /* Appends the document. Errors: MW_USAGE (it cannot hold this report), MW_NO_MEMORY. */
    enum mw_status (*write)(const struct mw_report *report, struct mw_text *out,
                            struct mw_error *err);
};

/* The formats; the first is the standard one. */
extern const struct mw_writer *const mw_writers[];
extern const size_t mw_writer_count;

extern const struct mw_writer mw_writer_json, mw_writer_csv;
extern const struct mw_writer mw_writer_table; /* also the summary on a terminal */

/* The writer of that name. Errors: MW_USAGE, with the nearest right name. */
MW_MUST_CHECK enum mw_status mw_writer_find(const char *name, const struct mw_writer **writer,
                                            struct mw_error *err);

/* Writes a document, after checking that the format can hold it. Errors: those of the writer;
 * MW_USAGE for class ids with gaps in a dense format, and where nothing is left to write. */
MW_MUST_CHECK enum mw_status mw_report_write(const struct mw_report *report,
                                             const struct mw_writer *writer, struct mw_text *out,
                                             struct mw_error *err);

/* The intervals, or NULL where all masks were counted. */
const struct mw_estimates *mw_report_estimates(const struct mw_report *report);

/* Whether a class is left out of a dense document. */
bool mw_report_omits(const struct mw_report *report, uint32_t id);

/* Appends the weights of the only scheme as "[1.0, 2.0]". */
void mw_report_add_list(const struct mw_report *report, struct mw_text *out);

#endif
