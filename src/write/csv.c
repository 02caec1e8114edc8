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

static enum mw_status write_csv(const struct mw_report *report, struct mw_text *out,
                                struct mw_error *err) {
    const struct mw_counts *counts = report->counts;
    char digits[MW_REAL_SIZE];
    bool multi = mw_labels_multi(report->labels);
    (void)err;
    mw_text_print(out, "id,name,pixels,masks,mask_pixels%s,fraction", multi ? ",valid_pixels" : "");
    for (size_t i = 0; i < report->weight_count; i++) {
        mw_text_add(out, ",", 1);
        mw_csv_add_cell(out, report->weights[i].request.text, false);
    }
    mw_text_add(out, "\n", 1);
    for (size_t i = 0; i < counts->class_count; i++) {
        const struct mw_class_counts *row = &counts->classes[i];
        const char *name = mw_labels_name(report->labels, row->id);
        mw_text_print(out, "%" PRIu32 ",", row->id);
        mw_csv_add_cell(out, name ? name : "", report->csv_safe);
        mw_text_print(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, row->all.pixels, row->all.masks,
                      row->all.mask_pixels);
        if (multi) mw_text_print(out, ",%" PRIu64, row->all.valid_pixels);
        mw_text_print(out, ",%s", mw_real_format(mw_counts_fraction(counts, row), digits));
        for (size_t j = 0; j < report->weight_count; j++)
            mw_text_print(out, ",%s", mw_real_format(report->weights[j].class_weight[i], digits));
        mw_text_add(out, "\n", 1);
    }
    return MW_OK;
}

const struct mw_writer mw_writer_csv = {
    .name = "csv",
    .summary = "one line a class, one column a scheme",
    .write = write_csv,
};
