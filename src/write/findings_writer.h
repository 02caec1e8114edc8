/* findings_writer: what --report writes beside the document: the findings, and the files that could not be
 * counted, as the tools of a CI read them. A new report is one struct mw_writer in a file of its own
 * and one row in findings_writer.c. */
#ifndef MW_WRITE_FINDINGS_WRITER_H
#define MW_WRITE_FINDINGS_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/finding.h"
#include "write/report.h"

/* The reports. They hold any number of schemes, none too. */
extern const struct mw_writer *const mw_findings_writers[];
extern const size_t mw_findings_writer_count;

/* The report whose name is the first `length` bytes of `name`. Errors: MW_USAGE, with the nearest right
 * name. */
MW_MUST_CHECK enum mw_status mw_findings_writer_find(const char *name, size_t length,
                                                     const struct mw_writer **writer,
                                                     struct mw_error *err);

/* Appends a report; report->survey says how places were reached. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_findings_write(const struct mw_report *report,
                                               const struct mw_writer *writer, struct mw_text *out,
                                               struct mw_error *err);

/* The code under which reports tell of files that could not be counted, and what it means. */
#define MW_FAILED_FILE "failed-file"
#define MW_FAILED_FILE_MEANING                                                                     \
    "a file could not be read or counted; without --keep-going no document is written"

/* One row of a report: a finding, or all files that could not be counted. */
struct mw_shown {
    const char *code;
    const char *rule; /* that is broken, as written; NULL: it is of no rule */
    enum mw_severity severity;
    const char *message;               /* of places that have none */
    const char *hint;                  /* what it probably is and what to try, or NULL */
    uint64_t count;                    /* files, masks or classes */
    const struct mw_place_list *first; /* never NULL; empty where there is no place */
};

/* Row number `number` of a report; false behind the last. Failed files are the first row, where there are
 * any; findings follow in their order. */
bool mw_findings_shown(const struct mw_report *report, size_t number, struct mw_shown *shown);

/* How many of a row's files or masks are in no place; 0 where there is no place at all. */
uint64_t mw_shown_more(const struct mw_shown *shown);

/* What a row that is told as one says of one of its places; NULL: nothing, since files that failed are told
 * one by one. */
const char *mw_shown_detail(const struct mw_report *report, const struct mw_shown *shown,
                            const struct mw_place *place);

/* Appends the message of a row and its hint by way of `add`. */
void mw_shown_add(const struct mw_shown *shown, void (*add)(struct mw_text *out, const char *text),
                  struct mw_text *out);

/* Whether the message of a row is that of a rule, which its places do not say: they have their own. */
bool mw_shown_has_head(const struct mw_shown *shown);

/* What is wrong with one place of a row. */
const char *mw_shown_message(const struct mw_shown *shown, const struct mw_place *place);

/* Appends the path of a place as it was reached and as a person may read it. */
void mw_findings_add_path(const struct mw_report *report, const struct mw_place *place,
                          struct mw_text *out);

/* Appends to `file` the path of the file at a place, as it was reached; and to `member`, where that is an
 * archive, the name in it. */
void mw_findings_add_file(const struct mw_report *report, const struct mw_place *place,
                          struct mw_text *file, struct mw_text *member);

/* The same as mw_findings_add_path by way of `add`, which appends a text and escapes what has a meaning in the report. */
void mw_findings_add_escaped(const struct mw_report *report, const struct mw_place *place,
                             void (*add)(struct mw_text *out, const char *text),
                             struct mw_text *out);

#endif
