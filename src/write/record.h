/* record: one line for every mask. The table of formats: a new one is one row in record.c. */
#ifndef MW_WRITE_RECORD_H
#define MW_WRITE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/checks.h"
#include "base/error.h"
#include "base/text.h"
#include "count/labels.h"
#include "count/record.h"

/* What is the same for all lines of a file. */
struct mw_record_style {
    const struct mw_labels *labels;     /* resolved */
    const struct mw_check_rules *rules; /* of which lines tell */
    bool several;                       /* sources: lines say which */
    bool csv_safe;                      /* no cell of csv looks like a formula */
    bool weighted;                      /* lines end in a sample weight */
};

struct mw_record_format {
    const char *name;
    const char *suffixes[2]; /* of file names, with the dot; or NULL */
    bool needs_classes;      /* the columns are those of the declared classes */
    /* Appends what stands before the first line. */
    void (*begin)(const struct mw_record_style *style, struct mw_text *out);
    /* Appends a line without its end. */
    void (*add)(const struct mw_record_style *style, const struct mw_record *record,
                struct mw_text *out);
    /* Appends the end of a line. `weight`: the sample weight as text; NULL: none. */
    void (*end)(const struct mw_record_style *style, const char *weight, struct mw_text *out);
};

/* The format that a file name asks for. Errors: MW_USAGE with the suffixes that are possible. */
MW_MUST_CHECK enum mw_status mw_record_format_find(const char *path,
                                                   const struct mw_record_format **format,
                                                   struct mw_error *err);

/* Refuses a format that needs declared classes where there are none. Errors: MW_USAGE. */
MW_MUST_CHECK enum mw_status mw_record_format_check(const struct mw_record_format *format,
                                                    const struct mw_labels *labels,
                                                    struct mw_error *err);

#endif
