/* Rules as they are written: NAME[:CLASS][=LIMIT], or NAME:OPERAND. */
#include <cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/checks.h"
#include "base/json.h"

static void rule_free(struct mw_check_rule *rule) {
    free(rule->text);
    free(rule->origin);
    free(rule->subject);
}

static bool same_subject(const struct mw_check_rule *a, const struct mw_check_rule *b) {
    if (!a->subject || !b->subject) return a->subject == b->subject;
    return strcmp(a->subject, b->subject) == 0;
}

/* Takes over the rule, whose strings are malloc'ed or NULL for want of memory. */
static enum mw_status append(struct mw_check_rules *rules, struct mw_check_rule rule,
                             struct mw_error *err) {
    bool complete = rule.text && rule.origin;
    for (size_t i = 0; complete && i < rules->count; i++) {
        const struct mw_check_rule *earlier = &rules->list[i];
        if (earlier->check != rule.check || !same_subject(earlier, &rule)) continue;
        mw_error_set(err, MW_USAGE, "--check %s: %s is a rule already", rule.text, earlier->text);
        rule_free(&rule);
        return err->status;
    }
    struct mw_check_rule *list = complete ? realloc(rules->list, (rules->count + 1) * sizeof *list)
                                          : NULL;
    if (!list) {
        rule_free(&rule);
        return mw_error_memory(err);
    }
    rules->list = list;
    list[rules->count++] = rule;
    return MW_OK;
}

static bool unit_allows(enum mw_check_unit unit, double value) {
    switch (unit) {
    case MW_CHECK_NUMBER: return value >= 0 && value == floor(value);
    case MW_CHECK_SHARE:
    case MW_CHECK_BITS: return value >= 0 && value <= 1;
    case MW_CHECK_RATIO: return value >= 1;
    default: return false;
    }
}

/* A number, or a percentage where that is possible. */
static bool parse_limit(const struct mw_check *check, const char *text, double *limit) {
    char digits[MW_REAL_SIZE];
    size_t length = strlen(text);
    bool percent = check->unit == MW_CHECK_SHARE && length && text[length - 1] == '%';
    if (length >= sizeof digits) return false;
    memcpy(digits, text, length + 1);
    if (percent) digits[length - 1] = '\0';
    if (!mw_real_parse(digits, limit)) return false;
    if (percent) *limit /= 100;
    return unit_allows(check->unit, *limit);
}

/* Sets the limit of a rule from its text, which may be NULL. */
static enum mw_status set_limit(struct mw_check_rule *rule, const char *text,
                                struct mw_error *err) {
    const struct mw_check *check = rule->check;
    rule->limit = check->standard;
    if (!text && isnan(check->standard))
        return mw_error_set(err, MW_USAGE, "--check %s needs a limit, as in %s=%s: %s", check->name,
                            check->name,
                            check->unit == MW_CHECK_SHARE  ? "0.5"
                            : check->unit == MW_CHECK_BITS ? "0.1"
                                                           : "100",
                            mw_check_unit_words[check->unit]);
    if (!text) return MW_OK;
    if (check->unit == MW_CHECK_FIXED)
        return mw_error_set(err, MW_USAGE, "--check %s takes no limit, so not '%s'", check->name,
                            text);
    if (parse_limit(check, text, &rule->limit)) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--check %s: the limit must be %s, not '%s'", check->name,
                        mw_check_unit_words[check->unit], text);
}

/* Whether what follows the colon is what the check wants there. */
static enum mw_status check_subject(const struct mw_check *check, const char *subject, bool limited,
                                    struct mw_error *err) {
    const struct mw_check_operand *operand = check->operand;
    if (operand && !subject)
        return mw_error_set(err, MW_USAGE, "--check %s needs %s, as in %s:%s: %s", check->name,
                            operand->word, check->name, operand->example, operand->words);
    if (operand && !operand->valid(subject))
        return mw_error_set(err, MW_USAGE, "--check %s: %s must be %s, not '%s'", check->name,
                            operand->word, operand->words, subject);
    if (operand || !subject) return MW_OK;
    if (!check->per_class)
        return mw_error_set(err, MW_USAGE, "--check %s is about all %s, so not about '%s'%s",
                            check->name, check->look ? "masks" : "classes", subject,
                            limited ? "" : " (a limit follows '=')");
    if (*subject) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--check %s: no class follows the colon", check->name);
}

/* A rule in its parts; `subject`, `limit` and `severity` may be NULL. */
struct parts {
    const char *place; /* where the rule stands: "--check", or its file and number */
    const char *text, *name, *subject, *limit;
    const enum mw_severity *severity;
};

static enum mw_status add_parts(struct mw_check_rules *rules, const struct parts *parts,
                                struct mw_error *err) {
    const char *subject = parts->subject;
    struct mw_check_rule rule = {.check = mw_check_find(parts->name, strlen(parts->name))};
    if (!rule.check)
        return mw_error_unknown(err, "--check", parts->name, &mw_checks[0].name, mw_check_count,
                                sizeof mw_checks[0], "");
    enum mw_status status = check_subject(rule.check, subject, parts->limit != NULL, err);
    if (!status) status = set_limit(&rule, parts->limit, err);
    if (status) return status;
    struct mw_text origin = {0};
    mw_text_print(&origin, "%s %s", parts->place, parts->text);
    rule.severity = parts->severity ? *parts->severity
                                    : mw_finding_kinds[rule.check->code].severity;
    rule.text = strdup(parts->text);
    rule.origin = origin.data;
    rule.subject = subject ? strdup(subject) : NULL;
    if (subject && !rule.subject) {
        rule_free(&rule);
        return mw_error_memory(err);
    }
    return append(rules, rule, err);
}

/* Whether what follows the colon is the limit: of a check that is about no class, and where it is a share with a
 * point or a percent sign, which is no number of a class. */
static bool is_limit(const struct mw_check *check, const char *subject) {
    double limit;
    bool could_be = !check->per_class || strpbrk(subject, ".%");
    return could_be && !check->operand && parse_limit(check, subject, &limit);
}

/* The class is what stands between the first colon and the last equals sign: names may hold both. Of a check
 * that takes no limit it is all behind the colon, as operands are; of one that may have none, a file of
 * rules is clearer. */
static enum mw_status add_text(struct mw_check_rules *rules, const char *place, const char *text,
                               struct mw_error *err) {
    char *name = strdup(text), *limit = NULL;
    if (!name) return mw_error_memory(err);
    char *subject = strchr(name, ':');
    if (subject) *subject++ = '\0';
    const struct mw_check *check = subject ? mw_check_find(name, strlen(name)) : NULL;
    if (!check || check->unit != MW_CHECK_FIXED) limit = strrchr(subject ? subject : name, '=');
    if (limit) *limit++ = '\0';
    else if (check && is_limit(check, subject)) {
        limit = subject;
        subject = NULL;
    }
    struct parts parts = {
        .place = place, .text = text, .name = name, .subject = subject, .limit = limit};
    enum mw_status status = add_parts(rules, &parts, err);
    free(name);
    return status;
}

enum mw_status mw_check_rules_add(struct mw_check_rules *rules, const char *text,
                                  struct mw_error *err) {
    return add_text(rules, "--check", text, err);
}

static enum mw_status parse_severity(const cJSON *item, enum mw_severity *severity,
                                     struct mw_error *err) {
    const char *word = cJSON_GetStringValue(item);
    for (int i = MW_INFO; word && i <= MW_SEVERITY_ERROR; i++) {
        *severity = (enum mw_severity)i;
        if (strcmp(mw_severity_name(*severity), word) == 0) return MW_OK;
    }
    return mw_error_set(err, MW_USAGE, "\"severity\" must be \"error\", \"warning\" or \"info\"");
}

/* "class", "allowed" and "limit" may be numbers: they are appended as text. */
static bool print_value(struct mw_text *text, const cJSON *item) {
    char digits[MW_REAL_SIZE];
    int64_t whole;
    if (mw_json_is_integer(item, &whole)) mw_text_print(text, "%" PRId64, whole);
    else if (cJSON_IsNumber(item))
        mw_text_print(text, "%s", mw_real_format(item->valuedouble, digits));
    else if (cJSON_IsString(item)) mw_text_print(text, "%s", item->valuestring);
    else return false;
    return true;
}

static enum mw_status check_keys(const cJSON *object, struct mw_error *err) {
    static const char *const keys[] = {"check", "class", "allowed", "limit", "severity"};
    enum { KEYS = sizeof keys / sizeof keys[0] };
    for (const cJSON *item = object->child; item; item = item->next) {
        size_t i = 0;
        while (i < KEYS && strcmp(keys[i], item->string) != 0) i++;
        if (i == KEYS)
            return mw_error_unknown(err, "a rule", item->string, keys, KEYS, sizeof keys[0], "");
        const cJSON *first;
        enum mw_status status = mw_json_member(object, item->string, &first, err);
        if (status) return status; /* it stands twice */
    }
    return MW_OK;
}

/* A rule from its members; `subject_item` and `limit_item` may be NULL. */
static enum mw_status add_members(struct mw_check_rules *rules, const char *place, const char *name,
                                  const cJSON *subject_item, const cJSON *limit_item,
                                  const enum mw_severity *severity, struct mw_error *err) {
    struct mw_text text = {0}, subject = {0}, limit = {0};
    enum mw_status status;
    if ((subject_item && !print_value(&subject, subject_item)) ||
        (limit_item && !print_value(&limit, limit_item))) {
        status =
            mw_error_set(err, MW_USAGE, "\"class\", \"allowed\" and \"limit\" are text or numbers");
    } else {
        mw_text_print(&text, "%s%s%s%s%s", name, subject_item ? ":" : "",
                      subject_item ? subject.data : "", limit_item ? "=" : "",
                      limit_item ? limit.data : "");
        bool failed = text.failed || subject.failed || limit.failed;
        struct parts parts = {.place = place,
                              .text = text.data,
                              .name = name,
                              .subject = subject_item ? subject.data : NULL,
                              .limit = limit_item ? limit.data : NULL,
                              .severity = severity};
        status = failed ? mw_error_memory(err) : add_parts(rules, &parts, err);
    }
    mw_text_free(&text);
    mw_text_free(&subject);
    mw_text_free(&limit);
    return status;
}

static enum mw_status add_object(struct mw_check_rules *rules, const char *place,
                                 const cJSON *object, struct mw_error *err) {
    const cJSON *severity_item = cJSON_GetObjectItemCaseSensitive(object, "severity");
    const char *name;
    enum mw_severity severity;
    enum mw_status status = check_keys(object, err);
    if (!status) status = mw_json_string(object, "check", &name, err);
    if (!status && severity_item) status = parse_severity(severity_item, &severity, err);
    if (status) return status;
    const struct mw_check *check = mw_check_find(name, strlen(name));
    const char *key = check && check->operand ? "allowed" : "class";
    const char *other = check && check->operand ? "class" : "allowed";
    if (check && cJSON_GetObjectItemCaseSensitive(object, other))
        return mw_error_set(err, MW_USAGE, "\"%s\" is nothing that %s has%s", other, name,
                            check->operand ? ", but \"allowed\"" : "");
    return add_members(rules, place, name, cJSON_GetObjectItemCaseSensitive(object, key),
                       cJSON_GetObjectItemCaseSensitive(object, "limit"),
                       severity_item ? &severity : NULL, err);
}

/* A rule of a file, and where it stands before what is wrong with it. */
static enum mw_status add_item(struct mw_check_rules *rules, const char *path, int number,
                               const cJSON *item, struct mw_error *err) {
    struct mw_text place = {0};
    enum mw_status status;
    mw_text_print(&place, "%s: rule %d:", path, number);
    if (place.failed) status = mw_error_memory(err);
    else if (cJSON_IsString(item)) status = add_text(rules, place.data, item->valuestring, err);
    else if (cJSON_IsObject(item)) status = add_object(rules, place.data, item, err);
    else status = mw_error_set(err, MW_USAGE, "a rule is text or an object");
    if (status) mw_error_prefix(err, "%s: rule %d", path, number);
    mw_text_free(&place);
    return status;
}

enum mw_status mw_check_rules_parse(struct mw_check_rules *rules, const char *path,
                                    const char *text, size_t length, struct mw_error *err) {
    cJSON *root = NULL;
    enum mw_status status = mw_json_parse(text, length, &root, err);
    if (!status && !cJSON_IsArray(root))
        status = mw_error_set(err, MW_USAGE, "rules are a JSON array, as in [\"min-masks=50\"]");
    if (status) mw_error_prefix(err, "%s", path);
    int number = 0;
    for (const cJSON *item = root ? root->child : NULL; item && !status; item = item->next)
        status = add_item(rules, path, ++number, item, err);
    cJSON_Delete(root);
    return status;
}

/* The id of a class that a rule names, by its name or by its number. */
static enum mw_status find_class(struct mw_check_rule *rule, const struct mw_labels *labels,
                                 struct mw_error *err) {
    const char *name = rule->subject;
    for (uint32_t i = 0; labels->names && i < labels->classes; i++) {
        rule->id = mw_labels_id(labels, i);
        if (strcmp(labels->names[i], name) == 0) return MW_OK;
    }
    int64_t id;
    bool colour = false;
    uint32_t place;
    const char *end = name;
    bool numeric = mw_sample_parse(&end, &id, &colour) && !*end && !colour;
    if (numeric && id >= 0 && id <= UINT32_MAX) {
        rule->id = (uint32_t)id;
        if (!labels->classes || mw_labels_declares(labels, id, &place)) return MW_OK;
    }
    if (labels->names)
        return mw_error_unknown(err, rule->origin, name, labels->names, labels->classes,
                                sizeof labels->names[0], "");
    if (numeric && !labels->ids)
        return mw_error_set(err, MW_USAGE, "%s: '%s' is no class: the classes are 0 to %" PRIu32,
                            rule->origin, name, labels->classes - 1);
    return mw_error_set(err, MW_USAGE,
                        "%s: '%s' is no class: write its number, or give the names with "
                        "--class-map",
                        rule->origin, name);
}

static enum mw_status resolve_rule(struct mw_check_rule *rule, const struct mw_check_scope *scope,
                                   struct mw_error *err) {
    const struct mw_check *check = rule->check;
    if (check->wants_baseline && !scope->has_baseline)
        return mw_error_set(err, MW_USAGE,
                            "%s compares with an earlier document: name it with --baseline",
                            rule->origin);
    if (check->wants_images && !scope->has_images)
        return mw_error_set(err, MW_USAGE,
                            "%s is about the images of the masks: name their directory with "
                            "--images",
                            rule->origin);
    if (check->look && scope->document)
        return mw_error_set(err, MW_USAGE,
                            "%s: a document holds counts; there are no masks to look at (%s): keep "
                            "that rule in a run of its own over the masks themselves",
                            scope->document, rule->text);
    if (check->not_of_sample && scope->sampled && !rule->implied)
        return mw_error_set(err, MW_USAGE,
                            "%s is about all masks, and a sample (--sample) says nothing "
                            "about the others: leave one of the two out",
                            rule->origin);
    if (check->wants_classes && !scope->labels->classes)
        return mw_error_set(err, MW_USAGE, "%s needs declared classes: --classes or --class-map",
                            rule->origin);
    return check->per_class && rule->subject ? find_class(rule, scope->labels, err) : MW_OK;
}

static bool has_check(const struct mw_check_rules *rules, const struct mw_check *check) {
    for (size_t i = 0; i < rules->count; i++)
        if (rules->list[i].check == check) return true;
    return false;
}

/* Whether an audit has a check that nobody asked for. */
static bool is_implied(const struct mw_check *check, const struct mw_check_scope *scope) {
    const struct mw_labels *labels = scope->labels;
    bool chosen = labels->given & ~labels->inherited & MW_SET_UNKNOWN;
    if (check->code == MW_UNKNOWN_LABELS && chosen) return false;
    if (check->wants_images && !scope->has_images) return false;
    return check->implied && !(check->wants_all_masks && scope->one_by_one);
}

enum mw_status mw_check_rules_resolve(struct mw_check_rules *rules,
                                      const struct mw_check_scope *scope, struct mw_error *err) {
    enum mw_status status = MW_OK;
    bool compares = false;
    for (size_t i = 0; i < mw_check_count && !status; i++)
        if (is_implied(&mw_checks[i], scope) && !has_check(rules, &mw_checks[i])) {
            status = mw_check_rules_add(rules, mw_checks[i].name, err);
            if (!status) rules->list[rules->count - 1].implied = true;
        }
    for (size_t i = 0; i < rules->count && !status; i++) {
        compares = compares || rules->list[i].check->wants_baseline;
        status = resolve_rule(&rules->list[i], scope, err);
    }
    if (status || compares || !scope->has_baseline) return status;
    return mw_error_set(err, MW_USAGE,
                        "--baseline without a rule that compares with it, such as --check "
                        "max-drift=0.05 (--list checks)");
}

struct mw_check_wants mw_check_rules_want(const struct mw_check_rules *rules) {
    struct mw_check_wants wants = {0};
    for (size_t i = 0; i < rules->count; i++) {
        const struct mw_check *check = rules->list[i].check;
        wants.masks |= check->look != NULL;
        wants.digests |= check->wants_digests;
        wants.palettes |= check->wants_palettes;
        wants.unknown |= check->code == MW_UNKNOWN_LABELS;
    }
    return wants;
}

void mw_check_rules_free(struct mw_check_rules *rules) {
    for (size_t i = 0; i < rules->count; i++) rule_free(&rules->list[i]);
    free(rules->list);
    *rules = (struct mw_check_rules){0};
}
