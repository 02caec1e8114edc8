#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

void fuzz_fail(const char *file, int line, const char *law) {
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, law);
    abort();
}

void fuzz_check_error(enum mw_status status, const struct mw_error *err) {
    if (status == MW_OK) return;
    REQUIRE(err->status == status && err->message[0] != '\0');
    for (const char *s = err->message; *s; s++) REQUIRE((unsigned char)*s >= 0x20 && *s != 0x7f);
    REQUIRE(mw_utf8_valid(err->message, strlen(err->message)));
}

char *fuzz_string(const uint8_t *bytes, size_t size) {
    char *text = malloc(size + 1);
    REQUIRE(text);
    if (size) memcpy(text, bytes, size);
    text[size] = '\0';
    return text;
}

static bool add_findings(cJSON *root, const struct mw_counts *counts) {
    cJSON *list = cJSON_CreateArray();
    bool ok = list != NULL;
    for (size_t i = 0; i < MW_MASK_FINDINGS && ok; i++) {
        cJSON *object = cJSON_CreateObject();
        ok = mw_json_add(object, "code", cJSON_CreateString(mw_finding_kinds[i].code)) &&
             mw_json_add_unsigned(object, "count", counts->findings[i].count) &&
             mw_document_add_places(object, "first", &counts->findings[i]);
        ok = mw_json_add(list, NULL, object) && ok;
    }
    return mw_json_add(root, "findings", list) && ok;
}

char *fuzz_document_text(const struct mw_labels *labels, const struct mw_counts *counts) {
    cJSON *root = cJSON_CreateObject();
    bool ok = mw_json_add(root, "maskweight", cJSON_CreateString("fuzz")) &&
              mw_json_add_unsigned(root, "schema", MW_DOCUMENT_SCHEMA) &&
              mw_json_add(root, "complete", cJSON_CreateBool(counts->complete)) &&
              mw_document_add_counts(root, labels, counts) && add_findings(root, counts) &&
              mw_document_add_places(root, "failures", &counts->failures);
    REQUIRE(ok);
    char *text = cJSON_PrintUnformatted(root);
    REQUIRE(text);
    cJSON_Delete(root);
    return text;
}
