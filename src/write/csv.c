/* One line a class, one column a scheme; RFC 4180 with '\n'. */
#include "write/csv.h"

#include <inttypes.h>
#include <string.h>

#include "write/report.h"

/* Whether a spreadsheet may take a text for a formula. */
static bool looks_like_formula(const char *text) {
    text += strspn(text, " ");
    return *text && strchr("=+-@\t\r\n", *text);
}

void mw_csv_add_cell(struct mw_text *out, const char *cell, bool safe) {
    const char *guard = safe && looks_like_formula(cell) ? "'" : "";
    if (!cell[strcspn(cell, ",\"\r\n")]) {
        mw_text_add(out, guard, strlen(guard));
        mw_text_add(out, cell, strlen(cell));
        return;
    }
    mw_text_print(out, "\"%s", guard);
    for (; *cell; cell++) mw_text_add(out, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
    mw_text_add(out, "\"", 1);
}

/* Two cells, which are empty where there is no interval. */
static void add_interval(struct mw_text *out, struct mw_interval interval) {
    char low[MW_REAL_SIZE] = "", high[MW_REAL_SIZE] = "";
    if (mw_interval_known(interval)) {
        mw_real_format(interval.low, low);
        mw_real_format(interval.high, high);
    }
    mw_text_print(out, ",%s,%s", low, high);
}

/* The column of a scheme, or of an end of its intervals. */
static void add_heading(struct mw_text *out, const char *scheme, const char *end) {
    struct mw_text cell = {0};
    mw_text_print(&cell, "%s%s", scheme, end);
    mw_text_add(out, ",", 1);
    if (cell.failed) out->failed = true;
    else mw_csv_add_cell(out, cell.data, false);
    mw_text_free(&cell);
}

static void add_header(const struct mw_report *report, struct mw_text *out) {
    bool sampled = mw_report_estimates(report) != NULL;
    mw_text_print(out, "id,name,pixels,masks,mask_pixels%s,fraction%s",
                  mw_labels_multi(report->labels) ? ",valid_pixels" : "",
                  sampled ? ",fraction_low,fraction_high" : "");
    for (size_t i = 0; i < report->weight_count; i++) {
        add_heading(out, report->weights[i].request.text, "");
        if (sampled) add_heading(out, report->weights[i].request.text, "_low");
        if (sampled) add_heading(out, report->weights[i].request.text, "_high");
    }
    mw_text_add(out, "\n", 1);
}

static enum mw_status write_csv(const struct mw_report *report, struct mw_text *out,
                                struct mw_error *err) {
    const struct mw_counts *counts = report->counts;
    char digits[MW_REAL_SIZE];
    bool multi = mw_labels_multi(report->labels);
    (void)err;
    const struct mw_estimates *estimates = mw_report_estimates(report);
    add_header(report, out);
    for (size_t i = 0; i < counts->class_count; i++) {
        const struct mw_class_counts *row = &counts->classes[i];
        const char *name = mw_labels_name(report->labels, row->id);
        mw_text_print(out, "%" PRIu32 ",", row->id);
        mw_csv_add_cell(out, name ? name : "", report->csv_safe);
        mw_text_print(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, row->all.pixels, row->all.masks,
                      row->all.mask_pixels);
        if (multi) mw_text_print(out, ",%" PRIu64, row->all.valid_pixels);
        mw_text_print(out, ",%s", mw_real_format(mw_counts_fraction(counts, row), digits));
        if (estimates) add_interval(out, estimates->fractions[i]);
        for (size_t j = 0; j < report->weight_count; j++) {
            mw_text_print(out, ",%s", mw_real_format(report->weights[j].class_weight[i], digits));
            if (estimates) add_interval(out, mw_estimate_of_weight(estimates, j, i));
        }
        mw_text_add(out, "\n", 1);
    }
    return MW_OK;
}

const struct mw_writer mw_writer_csv = {
    .name = "csv",
    .summary = "one line a class, one column a scheme",
    .write = write_csv,
};
