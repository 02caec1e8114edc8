/* A summary in GitHub's Markdown: findings, failed files and classes as tables. */
#include <inttypes.h>
#include <string.h>

#include "write/findings_writer.h"

enum { FAILURES_SHOWN = 100, CLASSES_SHOWN = 256 };

static size_t at_most(size_t limit, size_t count) {
    return count < limit ? count : limit;
}

/* Appends text of a cell: nothing in it is markup, a link or a formula, and it ends no cell. */
static void add_escaped(struct mw_text *out, const char *text) {
    for (size_t size; *text; text += size ? size : 1) {
        size = mw_utf8_printable(text);
        if (size == 0) mw_text_add(out, "?", 1);
        else if (*text == '&') mw_text_print(out, "&amp;");
        else if (*text == '<') mw_text_print(out, "&lt;");
        else if (strchr("\\`*_[]|~$#!>@", *text)) mw_text_print(out, "\\%c", *text);
        else mw_text_add(out, text, size);
    }
}

static void add_path(const struct mw_report *report, const struct mw_place *place,
                     struct mw_text *out) {
    mw_findings_add_escaped(report, place, add_escaped, out);
}

static void add_totals(const struct mw_report *report, struct mw_text *out) {
    const struct mw_counts *counts = report->counts;
    mw_text_print(out,
                  "%" PRIu64 " mask%s counted in %" PRIu64 " file%s, %" PRIu64 " empty; %" PRIu64
                  " pixels, %" PRIu64 " ignored.",
                  counts->masks, counts->masks == 1 ? "" : "s", counts->files,
                  counts->files == 1 ? "" : "s", counts->empty_masks, counts->pixels,
                  counts->ignored_pixels);
    if (counts->failures.count)
        mw_text_print(out, " **%" PRIu64 " file%s could not be counted.**", counts->failures.count,
                      counts->failures.count == 1 ? "" : "s");
    mw_text_print(out, "\n");
}

static void add_first(const struct mw_report *report, const struct mw_shown *shown,
                      struct mw_text *out) {
    const struct mw_place_list *first = shown->first;
    size_t listed = at_most(report->survey->limits.max_places, first->kept);
    for (size_t i = 0; i < listed; i++) {
        const char *detail = mw_shown_detail(report, shown, &first->places[i]);
        if (i) mw_text_print(out, ", ");
        add_path(report, &first->places[i], out);
        if (detail) mw_text_print(out, " (");
        if (detail) add_escaped(out, detail);
        if (detail) mw_text_print(out, ")");
    }
    if (listed && shown->count > listed)
        mw_text_print(out, " and %" PRIu64 " more", shown->count - listed);
}

static void add_findings(const struct mw_report *report, struct mw_text *out) {
    struct mw_shown shown;
    mw_text_print(out, "\n### Findings\n\n");
    if (!mw_findings_shown(report, 0, &shown)) {
        mw_text_print(out, "None.\n");
        return;
    }
    mw_text_print(out, "| severity | code | message | count | first masks |\n"
                       "|---|---|---|--:|---|\n");
    for (size_t i = 0; mw_findings_shown(report, i, &shown); i++) {
        mw_text_print(out, "| %s | `%s` | ", mw_severity_name(shown.severity), shown.code);
        mw_shown_add(&shown, add_escaped, out);
        mw_text_print(out, " | %" PRIu64 " | ", shown.count);
        add_first(report, &shown, out);
        mw_text_print(out, " |\n");
    }
}

static void add_failures(const struct mw_report *report, struct mw_text *out) {
    const struct mw_place_list *failures = &report->counts->failures;
    size_t listed = at_most(FAILURES_SHOWN, failures->kept);
    if (failures->count == 0) return;
    mw_text_print(out, "\n### Failed files\n\n| file | error |\n|---|---|\n");
    for (size_t i = 0; i < listed; i++) {
        const struct mw_place *place = &failures->places[i];
        mw_text_print(out, "| ");
        add_path(report, place, out);
        mw_text_print(out, " | ");
        add_escaped(out, place->message ? place->message : "");
        mw_text_print(out, " |\n");
    }
    if (failures->count > listed)
        mw_text_print(out, "\nand %" PRIu64 " more\n", failures->count - listed);
}

static void add_class(const struct mw_report *report, size_t index, struct mw_text *out) {
    const struct mw_class_counts *row = &report->counts->classes[index];
    const char *name = mw_labels_name(report->labels, row->id);
    mw_text_print(out, "| %" PRIu32 " | ", row->id);
    add_escaped(out, name ? name : "");
    mw_text_print(out, " | %" PRIu64 " | %.6g | %" PRIu64 " |", row->all.pixels,
                  mw_counts_fraction(report->counts, row), row->all.masks);
    for (size_t i = 0; i < report->weight_count; i++)
        mw_text_print(out, " %.6g |", report->weights[i].class_weight[index]);
    mw_text_print(out, "\n");
}

static void add_classes(const struct mw_report *report, struct mw_text *out) {
    size_t count = report->counts->class_count, listed = at_most(CLASSES_SHOWN, count);
    if (count == 0) return;
    mw_text_print(out, "\n### Classes\n\n| id | name | pixels | fraction | masks |");
    for (size_t i = 0; i < report->weight_count; i++) {
        mw_text_print(out, " ");
        add_escaped(out, report->weights[i].request.text);
        mw_text_print(out, " |");
    }
    mw_text_print(out, "\n|--:|---|--:|--:|--:|");
    for (size_t i = 0; i < report->weight_count; i++) mw_text_print(out, "--:|");
    mw_text_print(out, "\n");
    for (size_t i = 0; i < listed; i++) add_class(report, i, out);
    if (count > listed) mw_text_print(out, "\nand %zu more\n", count - listed);
}

static enum mw_status write_markdown(const struct mw_report *report, struct mw_text *out,
                                     struct mw_error *err) {
    (void)err;
    mw_text_print(out, "## maskweight\n\n");
    add_totals(report, out);
    add_findings(report, out);
    add_failures(report, out);
    add_classes(report, out);
    return MW_OK;
}

const struct mw_writer mw_writer_markdown = {
    .name = "markdown",
    .summary = "tables of findings, failed files and classes, for the summary of a CI job",
    .write = write_markdown,
};
