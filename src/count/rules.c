#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
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

enum mw_status mw_rules_add(struct mw_rules *rules, struct mw_rule rule, struct mw_error *err) {
    size_t place = rule_place(rules, rule.first), count = rules->count;
    if (place < count && rules->rules[place].first <= rule.last)
        return mw_error_set(err, MW_USAGE, "the value %" PRId64 " is mapped twice",
                            rule.first > rules->rules[place].first ? rule.first
                                                                   : rules->rules[place].first);
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

/* What a document can hold. */
static bool parse_value(const char **next, int64_t *value) {
    return mw_integer_parse(next, value) && mw_json_fits(*value);
}

/* The right side of a rule: an integer or "ignore". */
static bool parse_target(const char **next, int64_t *to) {
    if (strncmp(*next, "ignore", 6) == 0) {
        *next += 6;
        *to = MW_TO_IGNORED;
        return true;
    }
    return parse_value(next, to);
}

/* One FROM=TO. False when it is not one. */
static bool parse_rule(const char **next, struct mw_rule *rule, bool *rest) {
    *rest = **next == '*';
    if (*rest) ++*next;
    else if (!parse_value(next, &rule->first)) return false;
    rule->last = rule->first;
    if (!*rest && **next == '-') {
        ++*next;
        if (!parse_value(next, &rule->last) || rule->last < rule->first) return false;
    }
    if (**next != '=') return false;
    ++*next;
    return parse_target(next, &rule->to);
}

enum mw_status mw_rules_parse(struct mw_rules *rules, const char *text, struct mw_error *err) {
    const char *next = text;
    for (;;) {
        struct mw_rule rule = {0};
        enum mw_status status = MW_OK;
        bool rest;
        if (!parse_rule(&next, &rule, &rest)) break;
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
