/* Workflow commands of GitHub Actions, which become annotations. A step may have ten of each kind. */
#include <inttypes.h>

#include "write/findings_writer.h"

enum { ANNOTATIONS = 9 };

static const char *command(enum mw_severity severity) {
    static const char *const names[] = {"notice", "warning", "error"};
    return names[severity];
}

/* Escaped as the runner reads it back; '?' for other control characters and what is not UTF-8. */
static void add_escaped(struct mw_text *out, const char *text, bool property) {
    for (size_t size; *text; text += size ? size : 1) {
        bool special = *text == '%' || *text == '\n' || *text == '\r';
        size = mw_utf8_printable(text);
        if (special || (property && (*text == ':' || *text == ',')))
            mw_text_print(out, "%%%02X", (unsigned)*text);
        else if (size == 0) mw_text_add(out, "?", 1);
        else mw_text_add(out, text, size);
    }
}

static void add_message(struct mw_text *out, const char *text) {
    add_escaped(out, text, false);
}

/* `place` NULL: of the whole. The first place of a rule also says what the rule does. A member of an archive stands at the archive, and in the message. */
static void add_annotation(const struct mw_report *report, const struct mw_shown *shown,
                           const struct mw_place *place, struct mw_text *out) {
    bool head = mw_shown_has_head(shown) && place == shown->first->places;
    struct mw_text file = {0}, member = {0};
    if (place) mw_findings_add_file(report, place, &file, &member);
    out->failed = out->failed || file.failed || member.failed;
    mw_text_print(out, "::%s ", command(shown->severity));
    if (file.data) {
        mw_text_print(out, "file=");
        add_escaped(out, file.data, true);
        mw_text_print(out, ",");
    }
    mw_text_print(out, "title=%s::", shown->code);
    if (member.data) {
        add_message(out, member.data);
        mw_text_print(out, ": ");
    }
    if (place) add_message(out, mw_shown_message(shown, place));
    if (head) mw_text_print(out, " (");
    if (!place || head) mw_shown_add(shown, add_message, out);
    if (head) mw_text_print(out, ")");
    mw_text_add(out, "\n", 1);
    mw_text_free(&file);
    mw_text_free(&member);
}

/* How many annotations a row could be. */
static size_t annotations_kept(const struct mw_shown *shown) {
    return shown->first->kept ? shown->first->kept : 1;
}

/* Annotations number `round` of all rows of a severity. Returns whether any has more. */
static bool add_round(const struct mw_report *report, enum mw_severity severity, size_t round,
                      size_t *annotations, struct mw_text *out) {
    struct mw_shown shown;
    bool more = false;
    for (size_t i = 0; mw_findings_shown(report, i, &shown); i++) {
        size_t kept = annotations_kept(&shown);
        more = more || round + 1 < kept;
        if (shown.severity != severity || round >= kept || *annotations == ANNOTATIONS) continue;
        const struct mw_place *place = shown.first->kept ? &shown.first->places[round] : NULL;
        add_annotation(report, &shown, place, out);
        ++*annotations;
    }
    return more;
}

/* The worst first, and every row once before any a second time. */
static size_t add_annotations(const struct mw_report *report, struct mw_text *out) {
    static const enum mw_severity order[] = {MW_SEVERITY_ERROR, MW_WARNING, MW_INFO};
    size_t annotations = 0;
    bool more = true;
    for (size_t round = 0; more && annotations < ANNOTATIONS; round++)
        for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
            more = add_round(report, order[i], round, &annotations, out);
    return annotations;
}

/* What has no annotation, and where it is. */
static void add_rest(const struct mw_report *report, size_t annotations, struct mw_text *out) {
    uint64_t findings = 0, masks = 0, most = 0;
    struct mw_shown shown;
    for (size_t i = 0; mw_findings_shown(report, i, &shown); i++) {
        findings++;
        masks += shown.first->kept ? shown.count : 1;
        if (mw_shown_more(&shown) && shown.count > most) most = shown.count;
    }
    masks -= annotations; /* of each finding the first, then of each the second */
    findings -= findings < annotations ? findings : annotations;
    if (masks == 0) return;
    mw_text_print(out, "; not annotated: ");
    if (findings)
        mw_text_print(out, "%" PRIu64 " finding%s and ", findings, findings == 1 ? "" : "s");
    mw_text_print(out, "%" PRIu64 " place%s; the document has them", masks, masks == 1 ? "" : "s");
    if (most) mw_text_print(out, ", with --max-places %" PRIu64 " all of them", most);
}

static void add_summary(const struct mw_report *report, size_t annotations, struct mw_text *out) {
    uint64_t found[3] = {0};
    struct mw_shown shown;
    for (size_t i = 0; mw_findings_shown(report, i, &shown); i++) found[shown.severity]++;
    mw_text_print(out, "::notice title=maskweight::");
    mw_text_print(out, "%" PRIu64 " error%s, %" PRIu64 " warning%s, %" PRIu64 " info",
                  found[MW_SEVERITY_ERROR], found[MW_SEVERITY_ERROR] == 1 ? "" : "s",
                  found[MW_WARNING], found[MW_WARNING] == 1 ? "" : "s", found[MW_INFO]);
    if (report->counts->failures.count)
        mw_text_print(out, "; files that could not be counted: %" PRIu64,
                      report->counts->failures.count);
    add_rest(report, annotations, out);
    mw_text_add(out, "\n", 1);
}

static enum mw_status write_github(const struct mw_report *report, struct mw_text *out,
                                   struct mw_error *err) {
    size_t annotations = add_annotations(report, out);
    (void)err;
    if (annotations) add_summary(report, annotations, out);
    else mw_text_print(out, "maskweight: no findings\n"); /* in the log only */
    return MW_OK;
}

const struct mw_writer mw_writer_github = {
    .name = "github",
    .summary = "annotations for GitHub Actions, at most nine and a summary",
    .write = write_github,
};
