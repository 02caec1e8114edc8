/* JUnit's XML: a test case for each finding, which fails where the run does: at severity error; and one for
 * each file that could not be counted. */
#include <inttypes.h>
#include <string.h>

#include "write/findings_writer.h"

/* U+FFFE and U+FFFF, which XML 1.0 has not. */
static bool is_no_xml(const char *character) {
    return strncmp(character, "\xef\xbf\xbe", 3) == 0 || strncmp(character, "\xef\xbf\xbf", 3) == 0;
}

/* Appends text for an attribute or between tags; '?' for what XML cannot hold, and for what is not to be
 * shown. */
static void add_xml(struct mw_text *out, const char *text) {
    for (size_t size; *text; text += size ? size : 1) {
        size = mw_utf8_printable(text);
        if (*text == '&') mw_text_print(out, "&amp;");
        else if (*text == '<') mw_text_print(out, "&lt;");
        else if (*text == '>') mw_text_print(out, "&gt;");
        else if (*text == '"') mw_text_print(out, "&quot;");
        else if (size == 0 || is_no_xml(text)) mw_text_add(out, "?", 1);
        else mw_text_add(out, text, size);
    }
}

/* No time: the same masks give the same report. Readers that want one get 0. */
static void begin_case(struct mw_text *out) {
    mw_text_print(out, "    <testcase classname=\"maskweight\" time=\"0\" name=\"");
}

static void add_path(const struct mw_report *report, const struct mw_place *place,
                     struct mw_text *out) {
    mw_findings_add_escaped(report, place, add_xml, out);
}

/* One error for each file of the list, where that is not allowed. */
static void add_failures(const struct mw_report *report, const struct mw_shown *shown,
                         struct mw_text *out) {
    const struct mw_place_list *failures = shown->first;
    for (size_t i = 0; i < failures->kept; i++) {
        const struct mw_place *place = &failures->places[i];
        const char *message = place->message ? place->message : "";
        begin_case(out);
        add_path(report, place, out);
        mw_text_print(out, "\">\n      <error type=\"%s\" message=\"", shown->code);
        add_xml(out, message);
        mw_text_print(out, "\">");
        add_xml(out, message);
        mw_text_print(out, "</error>\n    </testcase>\n");
    }
}

/* A line for each place. */
static void add_places(const struct mw_report *report, const struct mw_shown *shown,
                       struct mw_text *out) {
    uint64_t more = mw_shown_more(shown);
    for (size_t i = 0; i < shown->first->kept; i++) {
        const struct mw_place *place = &shown->first->places[i];
        const char *detail = mw_shown_detail(report, shown, place);
        mw_text_add(out, "\n", 1);
        add_path(report, place, out);
        if (detail) mw_text_add(out, ": ", 2);
        if (detail) add_xml(out, detail);
    }
    if (more) mw_text_print(out, "\nand %" PRIu64 " more", more);
}

/* Jenkins shows the attribute as the error, and the text as its details; GitLab shows the text alone. */
static void add_finding(const struct mw_report *report, const struct mw_shown *shown,
                        struct mw_text *out) {
    bool passes = shown->severity != MW_SEVERITY_ERROR;
    begin_case(out);
    add_xml(out, shown->rule ? shown->rule : shown->code);
    mw_text_print(out, "\">\n");
    if (passes) {
        mw_text_print(out, "      <system-out>");
        if (shown->severity == MW_WARNING) mw_text_print(out, "warning: ");
    } else {
        mw_text_print(out, "      <failure type=\"%s\" message=\"",
                      mw_severity_name(shown->severity));
        add_xml(out, shown->message);
        mw_text_print(out, "\">");
    }
    mw_shown_add(shown, add_xml, out);
    add_places(report, shown, out);
    mw_text_print(out, "</%s>\n    </testcase>\n", passes ? "system-out" : "failure");
}

static void add_suite(struct mw_text *out, const char *element, size_t tests, size_t failures,
                      size_t errors) {
    mw_text_print(
        out, "<%s name=\"maskweight\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"0\">\n",
        element, tests, failures, errors);
}

/* Rules that are kept are tests that pass. Returns how many there are; `out` may be NULL. */
static size_t add_kept_rules(const struct mw_findings *findings, struct mw_text *out) {
    size_t kept = 0;
    for (size_t i = 0; i < findings->rule_count; i++) {
        if (findings->rules[i].broken) continue;
        kept++;
        if (!out) continue;
        begin_case(out);
        add_xml(out, findings->rules[i].rule);
        mw_text_print(out, "\"/>\n");
    }
    return kept;
}

/* Readers take a suite without a test for a mistake. */
static void add_nothing(struct mw_text *out) {
    begin_case(out);
    mw_text_print(out, "no-findings\"/>\n");
}

/* Whether the first row tells of files that failed, which are errors of their own. */
static bool has_errors(const struct mw_report *report, struct mw_shown *failed) {
    return report->counts->failures.count > 0 && mw_findings_shown(report, 0, failed) &&
           failed->severity == MW_SEVERITY_ERROR;
}

/* Rows that are tests: of files that failed without a rule there is one for each instead. */
static bool is_test(const struct mw_report *report, size_t number, const struct mw_shown *shown) {
    return number > 0 || report->counts->failures.count == 0 || shown->rule;
}

static enum mw_status write_junit(const struct mw_report *report, struct mw_text *out,
                                  struct mw_error *err) {
    size_t findings = 0, failing = 0;
    struct mw_shown shown, failed;
    bool errors = has_errors(report, &failed);
    size_t listed = errors ? failed.first->kept : 0;
    (void)err;
    for (size_t i = 0; mw_findings_shown(report, i, &shown); i++) {
        if (!is_test(report, i, &shown)) continue;
        findings++;
        failing += shown.severity == MW_SEVERITY_ERROR;
    }
    size_t tests = findings + listed + add_kept_rules(report->findings, NULL), none = tests == 0;
    mw_text_print(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    add_suite(out, "testsuites", tests + none, failing, listed);
    mw_text_print(out, "  ");
    add_suite(out, "testsuite", tests + none, failing, listed);
    if (none) add_nothing(out);
    if (errors) add_failures(report, &failed, out);
    for (size_t i = 0; mw_findings_shown(report, i, &shown); i++)
        if (is_test(report, i, &shown)) add_finding(report, &shown, out);
    add_kept_rules(report->findings, out);
    if (errors && failed.count > listed)
        mw_text_print(out, "    <system-out>and %" PRIu64 " more files that failed</system-out>\n",
                      failed.count - listed);
    mw_text_print(out, "  </testsuite>\n</testsuites>\n");
    return MW_OK;
}

const struct mw_writer mw_writer_junit = {
    .name = "junit",
    .summary =
        "JUnit XML, which most CI systems show: a test case for each finding and failed file",
    .write = write_junit,
};
