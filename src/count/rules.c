#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "count/labels.h"

/* Place of the first rule that ends at or behind `value`. */
static size_t rule_place(const struct mw_rules *rules, int64_t value) {
    size_t low = 0, high = rules->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rules->rules[middle].last < value) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Lets the rule before `place`, or the one there, stand for a neighbour with the same target too. */
static bool extend(struct mw_rules *rules, size_t place, const struct mw_rule *rule) {
    struct mw_rule *after = place < rules->count ? &rules->rules[place] : NULL;
    struct mw_rule *before = place ? &rules->rules[place - 1] : NULL;
    if (after && (after->to != rule->to || after->first - 1 != rule->last)) after = NULL;
    if (before && (before->to != rule->to || before->last != rule->first - 1)) before = NULL;
    if (after) after->first = before ? before->first : rule->first;
    else if (before) before->last = rule->last;
    if (!after || !before) return after || before;
    memmove(before, after, (rules->count - place) * sizeof *after);
    rules->count--;
    return true;
}

enum mw_status mw_rules_add(struct mw_rules *rules, struct mw_rule rule, struct mw_error *err) {
    size_t place = rule_place(rules, rule.first), count = rules->count;
    if (place < count && rules->rules[place].first <= rule.last)
        return mw_error_set(err, MW_USAGE, "the value %" PRId64 " is mapped twice",
                            rule.first > rules->rules[place].first ? rule.first
                                                                   : rules->rules[place].first);
    if (extend(rules, place, &rule)) return MW_OK;
    if ((count & (count - 1)) == 0) { /* grow at powers of two */
        struct mw_rule *list = realloc(rules->rules, (count ? 2 * count : 1) * sizeof *list);
        if (!list) return mw_error_memory(err);
        rules->rules = list;
    }
    memmove(rules->rules + place + 1, rules->rules + place, (count - place) * sizeof rule);
    rules->rules[place] = rule;
    rules->count++;
    return MW_OK;
}

/* The right side of a rule: a value or "ignore". */
static bool parse_target(const char **next, int64_t *to, bool *colour) {
    if (strncmp(*next, "ignore", 6) == 0) {
        *next += 6;
        *to = MW_TO_IGNORED;
        return true;
    }
    return mw_sample_parse(next, to, colour);
}

/* One FROM=TO. False when it is not one. */
static bool parse_rule(const char **next, struct mw_rule *rule, bool *rest, bool *colour) {
    *rest = **next == '*';
    if (*rest) ++*next;
    else if (!mw_sample_parse(next, &rule->first, colour)) return false;
    rule->last = rule->first;
    if (!*rest && **next == '-') {
        ++*next;
        if (!mw_sample_parse(next, &rule->last, colour) || rule->last < rule->first) return false;
    }
    if (**next != '=') return false;
    ++*next;
    return parse_target(next, &rule->to, colour);
}

enum mw_status mw_rules_parse(struct mw_rules *rules, const char *text, struct mw_error *err) {
    const char *next = text;
    for (;;) {
        struct mw_rule rule = {0};
        enum mw_status status = MW_OK;
        bool rest;
        if (!parse_rule(&next, &rule, &rest, &rules->colours)) break;
        if (!rest) status = mw_rules_add(rules, rule, err);
        else if (rules->has_rest)
            status = mw_error_set(err, MW_USAGE, "the rest (*) is mapped twice");
        if (status) return status;
        if (rest) {
            rules->has_rest = true;
            rules->rest = rule.to;
        }
        if (*next == '\0') return MW_OK;
        if (*next++ != ',') break;
    }
    return mw_error_set(err, MW_USAGE,
                        "'%s' is not a list of FROM=TO (as 0=255, 11-33=1, *=ignore) with integers "
                        "from -(2^53 - 1) to 2^53 - 1",
                        text);
}

bool mw_rules_find(const struct mw_rules *rules, int64_t value, int64_t *to) {
    size_t place = rule_place(rules, value);
    if (place < rules->count && rules->rules[place].first <= value) {
        *to = rules->rules[place].to;
        return true;
    }
    *to = rules->rest;
    return rules->has_rest;
}

void mw_rules_normalize(struct mw_rules *rules) {
    size_t kept = 0;
    for (size_t i = 0; i < rules->count; i++) {
        const struct mw_rule *rule = &rules->rules[i];
        bool stays = !rules->has_rest && rule->first == rule->last && rule->to == rule->first;
        bool like_rest = rules->has_rest && rule->to == rules->rest;
        if (!stays && !like_rest) rules->rules[kept++] = *rule;
    }
    rules->count = kept;
}

bool mw_rules_equal(const struct mw_rules *a, const struct mw_rules *b) {
    if (a->count != b->count || a->has_rest != b->has_rest) return false;
    if (a->has_rest && a->rest != b->rest) return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct mw_rule *left = &a->rules[i], *right = &b->rules[i];
        if (left->first != right->first || left->last != right->last || left->to != right->to)
            return false;
    }
    return true;
}

static void print_target(int64_t to, struct mw_text *text) {
    if (to == MW_TO_IGNORED) mw_text_print(text, "=ignore");
    else mw_text_print(text, "=%" PRId64, to);
}

void mw_rules_print(const struct mw_rules *rules, struct mw_text *text) {
    if (rules->count == 0 && !rules->has_rest) mw_text_print(text, "none");
    for (size_t i = 0; i < rules->count; i++) {
        const struct mw_rule *rule = &rules->rules[i];
        mw_text_print(text, "%s%" PRId64, i ? "," : "", rule->first);
        if (rule->last > rule->first) mw_text_print(text, "-%" PRId64, rule->last);
        print_target(rule->to, text);
    }
    if (!rules->has_rest) return;
    mw_text_print(text, "%s*", rules->count ? "," : "");
    print_target(rules->rest, text);
}

enum mw_status mw_rules_copy(struct mw_rules *to, const struct mw_rules *from,
                             struct mw_error *err) {
    mw_rules_free(to);
    to->has_rest = from->has_rest;
    to->rest = from->rest;
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < from->count && !status; i++)
        status = mw_rules_add(to, from->rules[i], err);
    return status;
}

void mw_rules_free(struct mw_rules *rules) {
    free(rules->rules);
    *rules = (struct mw_rules){0};
}
