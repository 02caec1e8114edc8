#include "write/report.h"

#include <inttypes.h>
#include <string.h>

/* A new format is one more name in each of these two lists. */
extern const struct mw_writer mw_writer_list, mw_writer_npy, mw_writer_lut, mw_writer_keras,
    mw_writer_yaml;
const struct mw_writer *const mw_writers[] = {
    &mw_writer_json, &mw_writer_csv,   &mw_writer_list, &mw_writer_npy,
    &mw_writer_lut,  &mw_writer_keras, &mw_writer_yaml, &mw_writer_table,
};
const size_t mw_writer_count = sizeof mw_writers / sizeof mw_writers[0];

enum mw_status mw_writer_find(const char *name, const struct mw_writer **writer,
                              struct mw_error *err) {
    const char *names[sizeof mw_writers / sizeof mw_writers[0]];
    for (size_t i = 0; i < mw_writer_count; i++) {
        names[i] = mw_writers[i]->name;
        *writer = mw_writers[i];
        if (strcmp(name, names[i]) == 0) return MW_OK;
    }
    return mw_error_unknown(err, "--format", name, names, mw_writer_count, sizeof names[0], "");
}

const struct mw_estimates *mw_report_estimates(const struct mw_report *report) {
    return report->estimates && report->estimates->fractions ? report->estimates : NULL;
}

bool mw_report_omits(const struct mw_report *report, uint32_t id) {
    return report->foreground_only && mw_ranges_contain(&report->labels->background, id);
}

/* Ids shown of those that have gaps. */
enum { IDS_SHOWN = 6 };

/* The --map that closes the gaps: each id in the wrong place to its place. */
static void add_closing_map(const struct mw_counts *counts, struct mw_text *text) {
    const char *separator = "--map ";
    size_t shown = 0;
    for (size_t i = 0; i < counts->class_count && shown <= IDS_SHOWN; i++) {
        uint32_t id = counts->classes[i].id;
        if (id == i) continue;
        if (shown++ == IDS_SHOWN) mw_text_print(text, ",...");
        else mw_text_print(text, "%s%" PRIu32 "=%zu", separator, id, i);
        separator = ",";
    }
}

/* What makes the ids dense, most likely first. */
static void add_gap_remedy(const struct mw_report *report, struct mw_text *text) {
    const struct mw_counts *counts = report->counts;
    size_t count = counts->class_count;
    bool high = counts->classes[count - 1].id == 255;
    if (report->labels->classes) {
        mw_text_print(text, "number the classes of the class map 0 to %zu", count - 1);
        return;
    }
    mw_text_print(text, "count with ");
    if (high && count == 2 && counts->classes[0].id == 0) mw_text_print(text, "--binary, ");
    else if (high) mw_text_print(text, "--ignore-index 255 if that is void, ");
    add_closing_map(counts, text);
    mw_text_print(text,
                  " to close the gaps, or --classes %" PRIu64
                  " if the others are classes that happen not to occur (--zero-class weighs them)",
                  (uint64_t)counts->classes[count - 1].id + 1);
}

static enum mw_status check_dense(const struct mw_report *report, const struct mw_writer *writer,
                                  struct mw_error *err) {
    const struct mw_counts *counts = report->counts;
    size_t count = counts->class_count;
    if (count == 0 || counts->classes[count - 1].id == count - 1) return MW_OK;
    struct mw_text ids = {0}, remedy = {0};
    for (size_t i = 0; i < count && i < IDS_SHOWN; i++)
        mw_text_print(&ids, "%s%" PRIu32, i ? ", " : "", counts->classes[i].id);
    if (count > IDS_SHOWN) mw_text_print(&ids, ", ... %" PRIu32, counts->classes[count - 1].id);
    add_gap_remedy(report, &remedy);
    enum mw_status status =
        ids.failed || remedy.failed
            ? mw_error_memory(err)
            : mw_error_set(err, MW_USAGE,
                           "--format %s needs the class ids 0 to K-1, and these are %s: %s",
                           writer->name, ids.data, remedy.data);
    mw_text_free(&ids);
    mw_text_free(&remedy);
    return status;
}

enum mw_status mw_report_write(const struct mw_report *report, const struct mw_writer *writer,
                               struct mw_text *out, struct mw_error *err) {
    if (writer->needs_weights && report->weights[0].present == 0)
        return mw_error_set(err, MW_USAGE,
                            "%s, so there is nothing to weigh (--format json holds "
                            "the counts)",
                            report->weights[0].options.skip_empty ? "no mask has foreground"
                                                                  : "no pixel carries a class");
    size_t omitted = 0, count = report->counts->class_count;
    for (size_t i = 0; i < count; i++)
        omitted += mw_report_omits(report, report->counts->classes[i].id);
    if (omitted == count && count > 0)
        return mw_error_set(err, MW_USAGE,
                            "--foreground-only: every class is background (--background)");
    enum mw_status status = writer->dense ? check_dense(report, writer, err) : MW_OK;
    if (!status) status = writer->write(report, out, err);
    return !status && out->failed ? mw_error_memory(err) : status;
}

void mw_report_add_list(const struct mw_report *report, struct mw_text *out) {
    char digits[MW_REAL_SIZE];
    const char *separator = "";
    mw_text_add(out, "[", 1);
    for (size_t i = 0; i < report->counts->class_count; i++) {
        if (mw_report_omits(report, report->counts->classes[i].id)) continue;
        mw_text_print(out, "%s%s", separator,
                      mw_real_format(report->weights[0].class_weight[i], digits));
        separator = ", ";
    }
    mw_text_add(out, "]", 1);
}
