/* A table to read, with bars; also the summary on a terminal. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "write/advice.h"
#include "write/report.h"

enum { BAR_COLUMNS = 20, NAME_COLUMNS = 24, ROWS_SHOWN = 64, SCHEMES_SHOWN = 3 };

/* An integer with a comma between thousands. */
static void add_grouped(struct mw_text *out, uint64_t value, int width) {
    char digits[24], grouped[32];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, value), used = 0;
    for (size_t i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) grouped[used++] = ',';
        grouped[used++] = digits[i];
    }
    grouped[used] = '\0';
    mw_text_print(out, "%*s", width, grouped);
}

/* A name in exactly `width` columns. */
static void add_name(struct mw_text *out, const char *name, size_t width) {
    size_t columns = 0, bytes = 0;
    while (name[bytes] && columns < width) {
        do bytes++;
        while (((unsigned char)name[bytes] & 0xc0) == 0x80);
        columns++;
    }
    mw_text_add(out, name, bytes);
    mw_text_print(out, "%*s", (int)(width - columns), "");
}

static size_t name_width(const struct mw_report *report) {
    size_t width = 0;
    for (size_t i = 0; i < report->counts->class_count; i++) {
        const char *name = mw_labels_name(report->labels, report->counts->classes[i].id);
        size_t columns = name ? mw_utf8_columns(name) : 0;
        if (columns > width) width = columns;
    }
    return width > NAME_COLUMNS ? NAME_COLUMNS : width;
}

static size_t schemes_shown(const struct mw_report *report) {
    bool cut = report->summary && report->weight_count > SCHEMES_SHOWN;
    return cut ? SCHEMES_SHOWN : report->weight_count;
}

enum { SHARE_INTERVAL_COLUMNS = 15, WEIGHT_INTERVAL_COLUMNS = 18 };
static const char interval_heading[] = "95 % interval";

/* "1.21 - 1.34" in a column, "-" where there is none. `format` is that of one end. */
static void add_interval(struct mw_text *out, struct mw_interval interval, int digits, int width,
                         double unit) {
    char cell[64] = "-";
    if (mw_interval_known(interval) && digits)
        snprintf(cell, sizeof cell, "%.*g - %.*g", digits, unit * interval.low, digits,
                 unit * interval.high);
    else if (mw_interval_known(interval))
        snprintf(cell, sizeof cell, "%.2f - %.2f %%", unit * interval.low, unit * interval.high);
    mw_text_print(out, "  %*s", width, cell);
}

static void add_header(const struct mw_report *report, size_t names, struct mw_text *out) {
    mw_text_print(out, "%5s  ", "class");
    if (names) {
        add_name(out, "name", names < 4 ? 4 : names);
        mw_text_print(out, "  ");
    }
    bool sampled = mw_report_estimates(report) != NULL;
    mw_text_print(out, "%15s  %8s", "pixels", "share");
    if (sampled) mw_text_print(out, "  %*s", SHARE_INTERVAL_COLUMNS, interval_heading);
    mw_text_print(out, "  %-*s  %9s", BAR_COLUMNS, "", "masks");
    for (size_t i = 0; i < schemes_shown(report); i++) {
        mw_text_print(out, "  %16.16s", report->weights[i].request.text);
        if (sampled) mw_text_print(out, "  %*s", WEIGHT_INTERVAL_COLUMNS, interval_heading);
        if (report->weights[i].has_shares) mw_text_print(out, "  %7s", "of loss");
    }
    mw_text_print(out, "\n");
}

static void add_row(const struct mw_report *report, size_t index, size_t names,
                    struct mw_text *out) {
    const struct mw_class_counts *row = &report->counts->classes[index];
    double share = mw_counts_fraction(report->counts, row);
    const char *name = mw_labels_name(report->labels, row->id);
    char bar[BAR_COLUMNS + 1] = "";
    size_t filled = (size_t)(share * BAR_COLUMNS + 0.5);
    memset(bar, '#', filled == 0 && row->all.pixels ? 1 : filled);
    mw_text_print(out, "%5" PRIu32 "  ", row->id);
    if (names) {
        add_name(out, name ? name : "", names < 4 ? 4 : names);
        mw_text_print(out, "  ");
    }
    add_grouped(out, row->all.pixels, 15);
    const struct mw_estimates *estimates = mw_report_estimates(report);
    mw_text_print(out, "  %6.2f %%", 100 * share);
    if (estimates) add_interval(out, estimates->fractions[index], 0, SHARE_INTERVAL_COLUMNS, 100);
    mw_text_print(out, "  %-*s  ", BAR_COLUMNS, bar);
    add_grouped(out, row->all.masks, 9);
    for (size_t i = 0; i < schemes_shown(report); i++) {
        const struct mw_weights *weights = &report->weights[i];
        mw_text_print(out, "  %16.6g", weights->class_weight[index]);
        if (estimates)
            add_interval(out, mw_estimate_of_weight(estimates, i, index), 4,
                         WEIGHT_INTERVAL_COLUMNS, 1);
        if (weights->has_shares)
            mw_text_print(out, "  %5.0f %%", 100 * weights->weight_share[index]);
    }
    mw_text_print(out, "\n");
}

static void add_imbalance(const struct mw_report *report, struct mw_text *out) {
    const struct mw_counts *counts = report->counts;
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < counts->class_count; i++) {
        if (counts->classes[i].all.pixels == 0) continue;
        double share = mw_counts_fraction(counts, &counts->classes[i]);
        least = fmin(least, share);
        most = fmax(most, share);
    }
    if (most == 0) return;
    mw_text_print(out, "imbalance: the most frequent class has %.4g times the %s of the rarest\n",
                  most / least, mw_labels_multi(report->labels) ? "share" : "pixels");
}

static void add_totals(const struct mw_report *report, struct mw_text *out) {
    const struct mw_counts *counts = report->counts;
    add_grouped(out, counts->masks, 0);
    mw_text_print(out, " mask%s", counts->masks == 1 ? "" : "s");
    if (counts->files != counts->masks) {
        mw_text_print(out, " in ");
        add_grouped(out, counts->files, 0);
        mw_text_print(out, " file%s", counts->files == 1 ? "" : "s");
    }
    mw_text_print(out, ", ");
    add_grouped(out, counts->empty_masks, 0);
    mw_text_print(out, " empty, ");
    add_grouped(out, counts->pixels, 0);
    mw_text_print(out, mw_labels_multi(report->labels) ? " pixels in planes, " : " pixels, ");
    add_grouped(out, counts->ignored_pixels, 0);
    mw_text_print(out, " ignored");
    if (counts->unknown_pixels) {
        mw_text_print(out, ", ");
        add_grouped(out, counts->unknown_pixels, 0);
        mw_text_print(out, " unknown");
    }
    if (counts->failures.count) {
        mw_text_print(out, "; ");
        add_grouped(out, counts->failures.count, 0);
        mw_text_print(out, " failed");
    }
    mw_text_print(out, "\n");
}

static void add_sample(const struct mw_report *report, struct mw_text *out) {
    const struct mw_subset *subset = &report->counts->subset;
    if (!mw_report_estimates(report)) return;
    if (!mw_subset_estimates(subset)) {
        mw_text_print(out, "a sample of all files: nothing is estimated\n");
        return;
    }
    mw_text_print(out, "a sample: ");
    add_grouped(out, subset->taken, 0);
    mw_text_print(out, " of ");
    add_grouped(out, subset->seen, 0);
    mw_text_print(out, " files; no interval (-) for a class in fewer than %d masks of it\n",
                  MW_ESTIMATE_LEAST_MASKS);
}

static enum mw_status write_table(const struct mw_report *report, struct mw_text *out,
                                  struct mw_error *err) {
    size_t names = name_width(report), count = report->counts->class_count;
    size_t shown = report->summary ? ROWS_SHOWN : count;
    (void)err;
    add_header(report, names, out);
    for (size_t i = 0; i < count && i < shown; i++) add_row(report, i, names, out);
    if (count > shown) mw_text_print(out, "  ... and %zu more classes\n", count - shown);
    if (report->weight_count > schemes_shown(report))
        mw_text_print(out, "the first %d of %zu schemes are shown\n", SCHEMES_SHOWN,
                      report->weight_count);
    add_totals(report, out);
    add_sample(report, out);
    add_imbalance(report, out);
    if (report->summary) mw_advice_add_summary(report, out);
    return MW_OK;
}

const struct mw_writer mw_writer_table = {
    .name = "table",
    .summary = "to read: classes with bars, weights, and each class's share of the loss",
    .write = write_table,
};
