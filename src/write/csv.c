/* One line a class, one column a scheme; RFC 4180 with '\n'. */
#include <inttypes.h>
#include <string.h>

#include "write/report.h"

/* A text cell, quoted where it has to be. */
static void add_cell(struct mw_text *out, const char *cell) {
    if (!cell[strcspn(cell, ",\"\r\n")]) {
        mw_text_add(out, cell, strlen(cell));
        return;
    }
    mw_text_add(out, "\"", 1);
    for (; *cell; cell++) mw_text_add(out, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
    mw_text_add(out, "\"", 1);
}

static enum mw_status write_csv(const struct mw_report *report, struct mw_text *out,
                                struct mw_error *err) {
    const struct mw_counts *counts = report->counts;
    char digits[MW_REAL_SIZE];
    (void)err;
    mw_text_print(out, "id,name,pixels,masks,mask_pixels,fraction");
    for (size_t i = 0; i < report->weight_count; i++) {
        mw_text_add(out, ",", 1);
        add_cell(out, report->weights[i].request.text);
    }
    mw_text_add(out, "\n", 1);
    for (size_t i = 0; i < counts->class_count; i++) {
        const struct mw_class_counts *row = &counts->classes[i];
        const char *name = mw_labels_name(report->labels, row->id);
        double total = counts->pixels ? (double)counts->pixels : 1;
        mw_text_print(out, "%" PRIu32 ",", row->id);
        add_cell(out, name ? name : "");
        mw_text_print(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%s", row->all.pixels,
                      row->all.masks, row->all.mask_pixels,
                      mw_real_format((double)row->all.pixels / total, digits));
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
