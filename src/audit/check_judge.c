/* Rules against counts: one finding for each rule that is broken. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/checks.h"

enum { CLASSES_SHOWN = 8 };

/* NaN, which says nothing, breaks a rule. */
static bool breaks(const struct mw_check_rule *rule, double measured) {
    return rule->check->at_least ? !(measured >= rule->limit) : !(measured <= rule->limit);
}

/* Whole numbers in full, the rest to four digits: the document has them all. */
static const char *format_number(double value, char out[MW_REAL_SIZE]) {
    bool whole = value == floor(value) && fabs(value) < 1e15;
    snprintf(out, MW_REAL_SIZE, whole ? "%.0f" : "%.4g", value);
    return out;
}

/* Of shares, which messages tell in percent. */
static double scale_of(const struct mw_check *check) {
    return check->unit == MW_CHECK_SHARE ? 100 : 1;
}

static const char *sign_of(const struct mw_check *check) {
    return check->unit == MW_CHECK_SHARE ? " %" : "";
}

/* In full where it would look like the limit. */
static void print_measured(struct mw_text *text, const struct mw_check_rule *rule, double value) {
    char shown[MW_REAL_SIZE], limit[MW_REAL_SIZE];
    double scale = scale_of(rule->check);
    format_number(scale * value, shown);
    if (strcmp(shown, format_number(scale * rule->limit, limit)) == 0)
        mw_real_format(scale * value, shown);
    mw_text_print(text, "%s%s", shown, sign_of(rule->check));
}

static void print_limit(struct mw_text *text, const struct mw_check_rule *rule) {
    char limit[MW_REAL_SIZE];
    const struct mw_check *check = rule->check;
    if (check->unit == MW_CHECK_FIXED) return;
    mw_text_print(text, "; limit: at %s %s%s", check->at_least ? "least" : "most",
                  format_number(scale_of(check) * rule->limit, limit), sign_of(check));
}

/* The places of masks that a rule is about, or NULL. `sight`: what it saw, or NULL. */
static const struct mw_place_list *places_of(const struct mw_check *check,
                                             const struct mw_counts *counts,
                                             const struct mw_sight *sight) {
    switch (check->code) {
    case MW_UNREADABLE: return &counts->failures;
    case MW_UNKNOWN_LABELS: return &counts->findings[MW_UNKNOWN_LABEL];
    case MW_MAX_EMPTY: return &counts->first_empty;
    case MW_MAX_IGNORED: return &counts->most_ignored;
    default: return sight ? &sight->places : NULL;
    }
}

static enum mw_status add_finding(struct mw_findings *findings, const struct mw_check_rule *rule,
                                  const struct mw_check_view *view, const struct mw_sight *sight,
                                  double measured, uint64_t count, struct mw_text *message,
                                  struct mw_error *err) {
    struct mw_finding finding = {.code = rule->check->code,
                                 .severity = rule->severity,
                                 .count = count,
                                 .first = places_of(rule->check, view->counts, sight),
                                 .rule = rule->text,
                                 .measured = measured,
                                 .limit = rule->limit};
    if (finding.first) finding.count = finding.first->count;
    print_limit(message, rule);
    return mw_findings_add(findings, &finding, message, err);
}

static enum mw_status judge_whole(const struct mw_check_rule *rule,
                                  const struct mw_check_view *view, const struct mw_sight *sight,
                                  struct mw_findings *findings, bool *broken,
                                  struct mw_error *err) {
    const struct mw_check *check = rule->check;
    double measured = sight ? (double)sight->places.count : check->measure(view, 0);
    *broken = breaks(rule, measured);
    if (!*broken) return MW_OK;
    struct mw_text text = {0};
    mw_text_print(&text, "%s: ", mw_finding_kinds[check->code].meaning);
    print_measured(&text, rule, measured);
    if (sight && check->tell) check->tell(sight, &text);
    return add_finding(findings, rule, view, sight, measured, 1, &text, err);
}

/* A rule that is measured class by class. */
struct tally {
    const struct mw_check_rule *rule;
    const struct mw_check_view *view;
    struct mw_text classes; /* those that break it */
    uint64_t count;
    double worst;
};

static void judge_class(struct tally *tally, uint32_t id) {
    const struct mw_check *check = tally->rule->check;
    double measured = check->measure(tally->view, id);
    if (!breaks(tally->rule, measured)) return;
    bool worse = check->at_least ? measured < tally->worst : measured > tally->worst;
    if (tally->count++ == 0 || worse) tally->worst = measured;
    if (tally->count > CLASSES_SHOWN) return;
    const char *name = mw_labels_name(tally->view->labels, id);
    if (!name && tally->view->baseline) name = mw_labels_name(&tally->view->baseline->labels, id);
    mw_text_print(&tally->classes, "%s", tally->count > 1 ? ", " : "");
    print_measured(&tally->classes, tally->rule, measured);
    mw_text_print(&tally->classes, " of class %" PRIu32, id);
    if (name) mw_text_print(&tally->classes, " (%s)", name);
}

/* The classes of these counts and those of the baseline, each once. */
static void judge_all(struct tally *tally) {
    const struct mw_counts *now = tally->view->counts;
    const struct mw_counts *before =
        tally->rule->check->wants_baseline ? &tally->view->baseline->counts : now;
    uint32_t id;
    for (uint64_t next = 0; mw_counts_next_class(now, before, next, &id); next = (uint64_t)id + 1)
        judge_class(tally, id);
}

static enum mw_status judge_classes(const struct mw_check_rule *rule,
                                    const struct mw_check_view *view, struct mw_findings *findings,
                                    bool *broken, struct mw_error *err) {
    struct tally tally = {.rule = rule, .view = view};
    if (rule->subject) judge_class(&tally, rule->id);
    else judge_all(&tally);
    *broken = tally.count > 0;
    if (!*broken) return MW_OK;
    struct mw_text text = {0};
    mw_text_print(&text, "%s: %s", mw_finding_kinds[rule->check->code].meaning,
                  tally.classes.data ? tally.classes.data : "");
    if (tally.count > CLASSES_SHOWN)
        mw_text_print(&text, " and %" PRIu64 " more", tally.count - CLASSES_SHOWN);
    text.failed = text.failed || tally.classes.failed;
    mw_text_free(&tally.classes);
    return add_finding(findings, rule, view, NULL, tally.worst, tally.count, &text, err);
}

/* Of all masks, where some were not taken. Rules that are asked for are refused then. */
static bool is_judged(const struct mw_check_rule *rule, const struct mw_counts *counts) {
    return !(rule->check->not_of_sample && mw_subset_estimates(&counts->subset));
}

static enum mw_status tell_unjudged(const struct mw_check_rule *rule, struct mw_findings *findings,
                                    struct mw_error *err) {
    struct mw_text text = {0};
    mw_text_print(&text,
                  "%s is not judged: a sample (--sample) says nothing about the masks that it did "
                  "not take",
                  rule->text);
    return mw_findings_tell(findings, MW_NOT_JUDGED, 1, &text, err);
}

enum mw_status mw_check_rules_judge(const struct mw_check_rules *rules,
                                    const struct mw_check_view *view, struct mw_findings *findings,
                                    struct mw_error *err) {
    enum mw_status status = MW_OK;
    if (rules->count == 0) return MW_OK;
    findings->rules = calloc(rules->count, sizeof *findings->rules);
    if (!findings->rules) return mw_error_memory(err);
    for (size_t i = 0; i < rules->count && !status; i++) {
        const struct mw_check_rule *rule = &rules->list[i];
        const struct mw_sight *sight = rule->check->look ? &view->sights[i] : NULL;
        bool broken = false;
        if (!is_judged(rule, view->counts)) {
            status = tell_unjudged(rule, findings, err);
            continue;
        }
        status = rule->check->per_class ? judge_classes(rule, view, findings, &broken, err)
                                        : judge_whole(rule, view, sight, findings, &broken, err);
        findings->rules[findings->rule_count++] =
            (struct mw_judgement){rule->text, rule->severity, broken};
    }
    return status;
}
