/* The full document: settings, counts, weights, findings, failures. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "count/document.h"
#include "write/report.h"

static bool add_parameters(cJSON *object, const struct mw_scheme_request *request) {
    cJSON *parameters = cJSON_CreateObject();
    bool ok = parameters != NULL;
    for (size_t i = 0; i < MW_PARAMETERS && request->scheme->parameters[i].name && ok; i++) {
        const struct mw_parameter *parameter = &request->scheme->parameters[i];
        double value = request->values[i];
        ok = parameter->choices[0]
                 ? mw_json_add(parameters, parameter->name,
                               cJSON_CreateString(parameter->choices[value == 0 ? 0 : 1]))
                 : mw_json_add_real(parameters, parameter->name, value);
    }
    return mw_json_add(object, "parameters", parameters) && ok;
}

static bool add_bound(cJSON *object, const char *key, double bound) {
    return isnan(bound) ? mw_json_add(object, key, cJSON_CreateNull())
                        : mw_json_add_real(object, key, bound);
}

static bool add_reals(cJSON *object, const char *key, const double *values, size_t count) {
    cJSON *array = cJSON_CreateArray();
    bool ok = array != NULL;
    for (size_t i = 0; i < count && ok; i++) ok = mw_json_add_real(array, NULL, values[i]);
    return mw_json_add(object, key, array) && ok;
}

/* [low, high], or null. */
static bool add_interval(cJSON *parent, const char *key, struct mw_interval interval) {
    if (!mw_interval_known(interval)) return mw_json_add(parent, key, cJSON_CreateNull());
    cJSON *pair = cJSON_CreateArray();
    bool ok = mw_json_add_real(pair, NULL, interval.low) &&
              mw_json_add_real(pair, NULL, interval.high);
    return mw_json_add(parent, key, pair) && ok;
}

/* Each fraction is the last member of its class. */
static bool add_fraction_intervals(cJSON *root, const struct mw_estimates *estimates) {
    cJSON *object = cJSON_GetObjectItemCaseSensitive(root, "classes")->child;
    bool ok = true;
    for (size_t i = 0; i < estimates->classes && ok; i++, object = object->next)
        ok = add_interval(object, "fraction_interval", estimates->fractions[i]);
    return ok;
}

static bool add_weight_intervals(cJSON *object, const struct mw_estimates *estimates,
                                 size_t scheme) {
    cJSON *array = cJSON_CreateArray();
    bool ok = array != NULL;
    for (size_t i = 0; i < estimates->classes && ok; i++)
        ok = add_interval(array, NULL, mw_estimate_of_weight(estimates, scheme, i));
    return mw_json_add(object, "class_weight_interval", array) && ok;
}

static bool add_weights(cJSON *array, const struct mw_report *report, size_t scheme) {
    const struct mw_weights *weights = &report->weights[scheme];
    const struct mw_estimates *estimates = mw_report_estimates(report);
    const struct mw_weigh_options *options = &weights->options;
    cJSON *object = cJSON_CreateObject();
    bool ok =
        mw_json_add(object, "scheme", cJSON_CreateString(weights->request.scheme->name)) &&
        add_parameters(object, &weights->request) &&
        mw_json_add(object, "normalize",
                    cJSON_CreateString(mw_normalize_names[options->normalize])) &&
        mw_json_add(object, "zero_class",
                    cJSON_CreateString(mw_zero_class_names[options->zero_class])) &&
        add_bound(object, "min_weight", options->min_weight) &&
        add_bound(object, "max_weight", options->max_weight) &&
        mw_json_add(object, "skip_empty", cJSON_CreateBool(options->skip_empty)) &&
        mw_json_add(object, "ignored_in_total", cJSON_CreateBool(options->ignored_in_total)) &&
        add_reals(object, "class_weight", weights->class_weight, weights->count) &&
        (!estimates || add_weight_intervals(object, estimates, scheme)) &&
        (weights->has_shares
             ? add_reals(object, "weight_share", weights->weight_share, weights->count)
             : mw_json_add(object, "weight_share", cJSON_CreateNull()));
    return mw_json_add(array, NULL, object) && ok;
}

/* Counts are integers, the rest are reals; what has no end is null. */
static bool add_measure(cJSON *object, const char *key, double value) {
    if (!isfinite(value)) return mw_json_add(object, key, cJSON_CreateNull());
    return value == floor(value) && value < (double)MW_JSON_MAX_INTEGER
               ? mw_json_add_unsigned(object, key, (uint64_t)value)
               : mw_json_add_real(object, key, value);
}

/* What became of each rule. */
static bool add_rules(cJSON *root, const struct mw_findings *findings) {
    cJSON *array = cJSON_CreateArray();
    bool ok = array != NULL;
    for (size_t i = 0; i < findings->rule_count && ok; i++) {
        const struct mw_judgement *rule = &findings->rules[i];
        cJSON *object = cJSON_CreateObject();
        ok =
            mw_json_add(object, "rule", cJSON_CreateString(rule->rule)) &&
            mw_json_add(object, "severity", cJSON_CreateString(mw_severity_name(rule->severity))) &&
            mw_json_add(object, "broken", cJSON_CreateBool(rule->broken));
        ok = mw_json_add(array, NULL, object) && ok;
    }
    return mw_json_add(root, "rules", array) && ok;
}

static bool add_finding(cJSON *array, const struct mw_finding *finding) {
    static const struct mw_place_list none = {0};
    const struct mw_finding_kind *kind = &mw_finding_kinds[finding->code];
    cJSON *object = cJSON_CreateObject();
    bool ok =
        mw_json_add(object, "code", cJSON_CreateString(kind->code)) &&
        mw_json_add(object, "severity", cJSON_CreateString(mw_severity_name(finding->severity))) &&
        mw_json_add(object, "message", cJSON_CreateString(finding->message)) &&
        mw_json_add_unsigned(object, "count", finding->count) &&
        mw_document_add_places(object, "first", finding->first ? finding->first : &none);
    if (finding->rule && ok)
        ok = mw_json_add(object, "rule", cJSON_CreateString(finding->rule)) &&
             add_measure(object, "measured", finding->measured) &&
             add_measure(object, "limit", finding->limit);
    return mw_json_add(array, NULL, object) && ok;
}

static bool add_all(cJSON *root, const struct mw_report *report) {
    bool ok = mw_json_add(root, "maskweight", cJSON_CreateString(MW_VERSION)) &&
              mw_json_add_unsigned(root, "schema", MW_DOCUMENT_SCHEMA) &&
              mw_json_add(root, "complete", cJSON_CreateBool(report->counts->complete)) &&
              mw_document_add_counts(root, report->labels, report->counts);
    const struct mw_estimates *estimates = mw_report_estimates(report);
    if (estimates) ok = ok && add_fraction_intervals(root, estimates);
    cJSON *weights = cJSON_CreateArray(), *findings = cJSON_CreateArray();
    for (size_t i = 0; i < report->weight_count && ok; i++) ok = add_weights(weights, report, i);
    ok = mw_json_add(root, "weights", weights) && ok;
    for (size_t i = 0; i < report->findings->count && ok; i++)
        ok = add_finding(findings, &report->findings->list[i]);
    ok = mw_json_add(root, "findings", findings) && ok;
    if (report->findings->rule_count) ok = ok && add_rules(root, report->findings);
    return ok && mw_document_add_places(root, "failures", &report->counts->failures);
}

static enum mw_status write_json(const struct mw_report *report, struct mw_text *out,
                                 struct mw_error *err) {
    cJSON *root = cJSON_CreateObject();
    return mw_json_print(root, add_all(root, report), out, err);
}

const struct mw_writer mw_writer_json = {
    .name = "json",
    .summary = "everything: settings, counts, weights, findings; a source for a later run",
    .write = write_json,
};
