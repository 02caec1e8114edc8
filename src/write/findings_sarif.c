/* SARIF 2.1.0 (OASIS): a rule for each kind of finding, one result for each finding. */
#include <inttypes.h>
#include <string.h>

#include "audit/checks.h"
#include "base/json.h"
#include "write/findings_writer.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static const char *level(enum mw_severity severity) {
    static const char *const names[] = {"note", "warning", "error"};
    return names[severity];
}

/* {"text": ...} without a link (3.11.6). */
static bool add_text(cJSON *object, const char *key, const char *plain) {
    struct mw_text text = {0};
    cJSON *item = cJSON_CreateObject();
    for (const char *s = plain; *s; s++) {
        if (strchr("[]\\", *s)) mw_text_add(&text, "\\", 1);
        mw_text_add(&text, s, 1);
    }
    bool ok = !text.failed &&
              mw_json_add(item, "text", cJSON_CreateString(text.data ? text.data : ""));
    mw_text_free(&text);
    return mw_json_add(object, key, item) && ok;
}

/* The same with nothing in it that a screen could act on. */
static bool add_message(cJSON *object, const char *key, const char *message) {
    struct mw_text printable = {0};
    mw_text_add_printable(&printable, message);
    bool ok = !printable.failed && add_text(object, key, printable.data ? printable.data : "");
    mw_text_free(&printable);
    return ok;
}

/* What --explain says of a check; of other findings their meaning says what to do. */
static bool add_help(cJSON *rule, const struct mw_check *check, const char *meaning) {
    struct mw_text text = {0};
    if (check) mw_check_describe(check, &text);
    else mw_text_print(&text, "%s", meaning);
    bool ok = !text.failed && add_text(rule, "help", text.data);
    mw_text_free(&text);
    return ok;
}

/* GitHub's code scanning wants all of these, and texts of at most 1,024 characters. */
static bool add_rule(cJSON *rules, const char *code, enum mw_severity severity,
                     const char *meaning) {
    const struct mw_check *check = mw_check_find(code, strlen(code));
    cJSON *rule = cJSON_CreateObject(), *configuration = cJSON_CreateObject();
    bool ok = mw_json_add(rule, "id", cJSON_CreateString(code)) &&
              add_text(rule, "shortDescription", meaning) &&
              add_text(rule, "fullDescription", check ? check->why : meaning) &&
              add_help(rule, check, meaning);
    ok = mw_json_add(configuration, "level", cJSON_CreateString(level(severity))) && ok;
    ok = mw_json_add(rule, "defaultConfiguration", configuration) && ok;
    return mw_json_add(rules, NULL, rule) && ok;
}

/* All that there are, so that a rule's index is its place in mw_finding_kinds; failed files are last. */
static bool add_rules(cJSON *driver) {
    cJSON *rules = cJSON_CreateArray();
    bool ok = rules != NULL;
    for (size_t i = 0; i < MW_FINDING_CODES && ok; i++)
        ok = add_rule(rules, mw_finding_kinds[i].code, mw_finding_kinds[i].severity,
                      mw_finding_kinds[i].meaning);
    ok = ok && add_rule(rules, MW_FAILED_FILE, MW_SEVERITY_ERROR, MW_FAILED_FILE_MEANING);
    return mw_json_add(driver, "rules", rules) && ok;
}

static size_t rule_index(const char *code) {
    size_t i = 0;
    while (i < MW_FINDING_CODES && strcmp(mw_finding_kinds[i].code, code) != 0) i++;
    return i;
}

/* RFC 3986: a relative reference, but for absolute paths. */
static void add_uri(struct mw_text *text, const char *path) {
    if (path[0] == '/') mw_text_print(text, "file://");
    for (; *path; path++) {
        bool plain = (*path >= 'a' && *path <= 'z') || (*path >= 'A' && *path <= 'Z') ||
                     (*path >= '0' && *path <= '9') || strchr("-._~/", *path);
        if (plain) mw_text_add(text, path, 1);
        else mw_text_print(text, "%%%02X", (unsigned)(unsigned char)*path);
    }
}

/* `message`: what is wrong there, or NULL. */
static bool add_location(cJSON *locations, const char *path, const char *message) {
    struct mw_text uri = {0};
    cJSON *location = cJSON_CreateObject(), *physical = cJSON_CreateObject();
    cJSON *artifact = cJSON_CreateObject(), *region = cJSON_CreateObject();
    add_uri(&uri, path);
    bool ok = !uri.failed &&
              mw_json_add(artifact, "uri", cJSON_CreateString(uri.data ? uri.data : ""));
    mw_text_free(&uri);
    ok = mw_json_add(physical, "artifactLocation", artifact) && ok;
    ok = mw_json_add_unsigned(region, "startLine", 1) && ok; /* GitHub wants a line of any file */
    ok = mw_json_add(physical, "region", region) && ok;
    ok = mw_json_add(location, "physicalLocation", physical) && ok;
    if (message) ok = ok && add_message(location, "message", message);
    return mw_json_add(locations, NULL, location) && ok;
}

/* A member of an archive stands at the archive, and in the message. */
static bool add_place(cJSON *locations, const struct mw_report *report,
                      const struct mw_place *place) {
    struct mw_text path = {0}, message = {0};
    mw_findings_add_file(report, place, &path, &message);
    if (place->message) mw_text_print(&message, "%s%s", message.data ? ": " : "", place->message);
    bool ok = !path.failed && !message.failed && add_location(locations, path.data, message.data);
    mw_text_free(&path);
    mw_text_free(&message);
    return ok;
}

/* What is found in the whole stands at the first source: GitHub refuses files with a result that has no
 * place. */
static const char *whole(const struct mw_survey *survey) {
    return survey->source_count ? survey->sources[0].path : survey->list_path;
}

/* A location more would be one to change too (3.27.12): all but the first are related. */
static bool add_locations(cJSON *result, const struct mw_report *report,
                          const struct mw_shown *shown) {
    cJSON *locations = cJSON_CreateArray(), *related = NULL;
    const char *all = whole(report->survey);
    size_t kept = shown->first->kept;
    bool ok = locations != NULL;
    if (kept) ok = ok && add_place(locations, report, &shown->first->places[0]);
    else if (all) ok = ok && add_location(locations, all, NULL);
    ok = mw_json_add(result, "locations", locations) && ok;
    if (kept < 2) return ok;
    related = cJSON_CreateArray();
    for (size_t i = 1; i < kept && ok; i++)
        ok = add_place(related, report, &shown->first->places[i]);
    return mw_json_add(result, "relatedLocations", related) && ok;
}

/* Viewers show the message of the result, not that of its location. */
static bool add_result_message(cJSON *result, const struct mw_report *report,
                               const struct mw_shown *shown) {
    struct mw_text text = {0}, file = {0}, member = {0};
    const struct mw_place *first = shown->first->kept ? shown->first->places : NULL;
    mw_shown_add(shown, mw_text_add_printable, &text);
    if (first) mw_findings_add_file(report, first, &file, &member);
    if (member.data || (first && first->message))
        mw_text_print(&text, "; %s%s%s%s", shown->count > 1 ? "first: " : "",
                      member.data ? member.data : "", member.data && first->message ? ": " : "",
                      first->message ? first->message : "");
    if (first && shown->count > 1) mw_text_print(&text, " (%" PRIu64 " in all)", shown->count);
    bool ok = !text.failed && !file.failed && !member.failed &&
              add_message(result, "message", text.data);
    mw_text_free(&text);
    mw_text_free(&file);
    mw_text_free(&member);
    return ok;
}

static bool add_result(cJSON *results, const struct mw_report *report,
                       const struct mw_shown *shown) {
    cJSON *result = cJSON_CreateObject(), *properties = cJSON_CreateObject();
    bool ok = mw_json_add(result, "ruleId", cJSON_CreateString(shown->code)) &&
              mw_json_add_unsigned(result, "ruleIndex", rule_index(shown->code)) &&
              mw_json_add(result, "level", cJSON_CreateString(level(shown->severity))) &&
              add_result_message(result, report, shown) && add_locations(result, report, shown);
    ok = mw_json_add_unsigned(properties, "count", shown->count) && ok;
    ok = mw_json_add(result, "properties", properties) && ok;
    return mw_json_add(results, NULL, result) && ok;
}

static bool add_run(cJSON *runs, const struct mw_report *report) {
    cJSON *run = cJSON_CreateObject(), *tool = cJSON_CreateObject();
    cJSON *driver = cJSON_CreateObject(), *results = cJSON_CreateArray();
    struct mw_shown shown;
    bool ok = mw_json_add(driver, "name", cJSON_CreateString("maskweight")) &&
              mw_json_add(driver, "version", cJSON_CreateString(MW_VERSION)) && add_rules(driver);
    ok = mw_json_add(tool, "driver", driver) && ok;
    ok = mw_json_add(run, "tool", tool) && ok;
    for (size_t i = 0; ok && mw_findings_shown(report, i, &shown); i++)
        ok = add_result(results, report, &shown);
    ok = mw_json_add(run, "results", results) && ok;
    return mw_json_add(runs, NULL, run) && ok;
}

static enum mw_status write_sarif(const struct mw_report *report, struct mw_text *out,
                                  struct mw_error *err) {
    cJSON *root = cJSON_CreateObject(), *runs = cJSON_CreateArray();
    bool ok = mw_json_add(root, "$schema", cJSON_CreateString(SCHEMA)) &&
              mw_json_add(root, "version", cJSON_CreateString("2.1.0")) && add_run(runs, report);
    ok = mw_json_add(root, "runs", runs) && ok;
    return mw_json_print(root, ok, out, err);
}

const struct mw_writer mw_writer_sarif = {
    .name = "sarif",
    .summary = "SARIF 2.1.0, for code scanning: a result for each finding, with its masks",
    .write = write_sarif,
};
