/* What a check is, in words. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit/checks.h"

static void print_limit(const struct mw_check *check, struct mw_text *text) {
    if (check->unit == MW_CHECK_FIXED) return;
    mw_text_print(text, "  LIMIT     the %s allowed, %s", check->at_least ? "least" : "most",
                  mw_check_unit_words[check->unit]);
    if (isnan(check->standard)) mw_text_print(text, "\n");
    else mw_text_print(text, "; standard: %g\n", check->standard);
}

static void print_needs(const struct mw_check *check, struct mw_text *text) {
    if (check->wants_classes) mw_text_print(text, "  needs     --classes or --class-map\n");
    if (check->wants_baseline) mw_text_print(text, "  needs     --baseline\n");
    if (check->wants_images) mw_text_print(text, "  needs     --images\n");
    if (check->not_of_sample) mw_text_print(text, "  needs     all masks, so not with --sample\n");
    if (check->implied)
        mw_text_print(text, "  implied   by %s\n",
                      !check->wants_images ? "any other rule"
                      : check->wants_all_masks
                          ? "--images, where every source is a directory or an archive"
                          : "--images");
    if (check->look) mw_text_print(text, "  looks at  the masks themselves, so not at documents\n");
}

void mw_check_describe(const struct mw_check *check, struct mw_text *text) {
    const struct mw_check_operand *operand = check->operand;
    mw_text_print(text, "  measures  %s\n", check->quantity);
    if (check->per_class)
        mw_text_print(text, "  CLASS     its name or number; without: each class\n");
    if (operand) mw_text_print(text, "  %-9s %s\n", operand->word, operand->words);
    print_limit(check, text);
    print_needs(check, text);
    mw_text_print(text, "  why       %s\n", check->why);
}

void mw_check_explain(const struct mw_check *check, struct mw_text *text) {
    bool fixed = check->unit == MW_CHECK_FIXED, optional = !isnan(check->standard);
    const struct mw_check_operand *operand = check->operand;
    mw_text_print(text, "%s%s%s%s%s\n", check->name, check->per_class ? "[:CLASS]" : "",
                  operand ? ":" : "", operand ? operand->word : "",
                  fixed      ? ""
                  : optional ? "[=LIMIT]"
                             : "=LIMIT");
    mw_check_describe(check, text);
}

void mw_check_list(const struct mw_check *check, struct mw_text *text) {
    static const char *const units[] = {"number", "share", "bits", "ratio", "-"};
    char limit[32];
    if (check->operand) snprintf(limit, sizeof limit, ":%s", check->operand->word);
    else if (check->unit == MW_CHECK_FIXED) snprintf(limit, sizeof limit, "-");
    else if (isnan(check->standard))
        snprintf(limit, sizeof limit, "at %s LIMIT", check->at_least ? "least" : "most");
    else
        snprintf(limit, sizeof limit, "at %s %g", check->at_least ? "least" : "most",
                 check->standard);
    mw_text_print(text, "%-18s %-7s %-15s %s\n", check->name, units[check->unit], limit,
                  check->quantity);
}

const struct mw_check *mw_check_find(const char *name, size_t length) {
    for (size_t i = 0; i < mw_check_count; i++)
        if (strlen(mw_checks[i].name) == length && strncmp(mw_checks[i].name, name, length) == 0)
            return &mw_checks[i];
    return NULL;
}
