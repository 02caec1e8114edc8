#include "write/findings_writer.h"

#include <string.h>

/* A new report is one more name in each of these two lists. */
extern const struct mw_writer mw_writer_text, mw_writer_junit, mw_writer_sarif, mw_writer_github,
    mw_writer_markdown, mw_writer_advice;
const struct mw_writer *const mw_findings_writers[] = {
    &mw_writer_text,   &mw_writer_junit,    &mw_writer_sarif,
    &mw_writer_github, &mw_writer_markdown, &mw_writer_advice,
};
const size_t mw_findings_writer_count = sizeof mw_findings_writers / sizeof mw_findings_writers[0];

enum mw_status mw_findings_writer_find(const char *name, size_t length,
                                       const struct mw_writer **writer, struct mw_error *err) {
    const char *names[sizeof mw_findings_writers / sizeof mw_findings_writers[0]];
    for (size_t i = 0; i < mw_findings_writer_count; i++) {
        names[i] = mw_findings_writers[i]->name;
        *writer = mw_findings_writers[i];
        if (strlen(names[i]) == length && strncmp(name, names[i], length) == 0) return MW_OK;
    }
    struct mw_text word = {0};
    mw_text_add(&word, name, length);
    enum mw_status status = word.failed
                                ? mw_error_memory(err)
                                : mw_error_unknown(err, "--report", word.data, names,
                                                   mw_findings_writer_count, sizeof names[0], "");
    mw_text_free(&word);
    return status;
}

enum mw_status mw_findings_write(const struct mw_report *report, const struct mw_writer *writer,
                                 struct mw_text *out, struct mw_error *err) {
    enum mw_status status = writer->write(report, out, err);
    return !status && out->failed ? mw_error_memory(err) : status;
}

/* The place of the finding that files could not be counted, which only an audit makes; behind the last if
 * there is none. */
static size_t find_unreadable(const struct mw_findings *findings) {
    size_t place = 0;
    while (place < findings->count && findings->list[place].code != MW_UNREADABLE) place++;
    return place;
}

/* In an audit the rule `unreadable` says how bad they are; where it is kept, they are no more than told. */
static void show_failures(const struct mw_report *report, struct mw_shown *shown) {
    const struct mw_place_list *failures = &report->counts->failures;
    const struct mw_findings *findings = report->findings;
    size_t place = find_unreadable(findings);
    bool broken = place < findings->count;
    *shown = (struct mw_shown){.code = MW_FAILED_FILE,
                               .severity = MW_SEVERITY_ERROR,
                               .message = failures->count == 1 ? "a file could not be counted"
                                                               : "files could not be counted",
                               .count = failures->count,
                               .first = failures};
    if (findings->rule_count == 0) return;
    shown->code = mw_finding_kinds[MW_UNREADABLE].code;
    shown->severity = broken ? findings->list[place].severity : MW_INFO;
    if (!broken) return;
    shown->message = findings->list[place].message;
    shown->rule = findings->list[place].rule;
}

/* Whether a finding is a row for itself. */
static bool is_row(const struct mw_report *report, const struct mw_finding *finding) {
    bool told = report->counts->failures.count > 0 && finding->code == MW_UNREADABLE; /* first */
    return !told && !mw_findings_repeat(report->findings, finding);
}

bool mw_findings_shown(const struct mw_report *report, size_t number, struct mw_shown *shown) {
    static const struct mw_place_list none = {0};
    const struct mw_findings *findings = report->findings;
    bool failures = report->counts->failures.count > 0;
    if (failures && number == 0) {
        show_failures(report, shown);
        return true;
    }
    size_t place = 0;
    for (size_t row = failures; place < findings->count; place++)
        if (is_row(report, &findings->list[place]) && row++ == number) break;
    if (place == findings->count) return false;
    const struct mw_finding *finding = &findings->list[place];
    *shown = (struct mw_shown){mw_finding_kinds[finding->code].code,
                               finding->rule,
                               finding->severity,
                               finding->message,
                               finding->hint,
                               finding->count,
                               finding->first ? finding->first : &none};
    return true;
}

uint64_t mw_shown_more(const struct mw_shown *shown) {
    bool cut = shown->first->kept > 0 && shown->count > shown->first->kept;
    return cut ? shown->count - shown->first->kept : 0;
}

const char *mw_shown_detail(const struct mw_report *report, const struct mw_shown *shown,
                            const struct mw_place *place) {
    return shown->first == &report->counts->failures ? NULL : place->message;
}

void mw_shown_add(const struct mw_shown *shown, void (*add)(struct mw_text *out, const char *text),
                  struct mw_text *out) {
    add(out, shown->message);
    if (!shown->hint) return;
    add(out, "; ");
    add(out, shown->hint);
}

bool mw_shown_has_head(const struct mw_shown *shown) {
    return shown->rule && shown->first->kept && shown->first->places[0].message;
}

const char *mw_shown_message(const struct mw_shown *shown, const struct mw_place *place) {
    return place->message ? place->message : shown->message;
}

void mw_findings_add_path(const struct mw_report *report, const struct mw_place *place,
                          struct mw_text *out) {
    struct mw_text path = {0};
    mw_survey_add_reached(report->survey, place, &path);
    if (path.failed) out->failed = true;
    else mw_text_add_path(out, path.data);
    mw_text_free(&path);
}

void mw_findings_add_file(const struct mw_report *report, const struct mw_place *place,
                          struct mw_text *file, struct mw_text *member) {
    size_t archive = mw_sources_archive_length(
        report->survey->sources, report->survey->source_count, place->source, place->path);
    mw_survey_add_reached(report->survey, place, file);
    if (archive == 0 || file->failed) return;
    mw_text_add_path(member, file->data + archive + 1);
    file->data[archive] = '\0';
    file->length = archive;
}

void mw_findings_add_escaped(const struct mw_report *report, const struct mw_place *place,
                             void (*add)(struct mw_text *out, const char *text),
                             struct mw_text *out) {
    struct mw_text path = {0};
    mw_findings_add_path(report, place, &path);
    if (path.failed) out->failed = true;
    else add(out, path.data);
    mw_text_free(&path);
}
