/* mw_check_rules_parse and mw_check_rules_add: what is taken can be held against classes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/checks.h"
#include "fuzz.h"

/* Against classes without names and against those that occur: found, or refused in one line. */
static void check_taken(struct mw_check_rules *rules) {
    struct mw_labels labels = {.classes = 3};
    struct mw_check_scope scope = {.labels = &labels, .has_baseline = true, .has_images = true};
    struct mw_error err = {0};
    for (size_t i = 0; i < rules->count; i++) {
        REQUIRE(rules->list[i].check);
        REQUIRE(rules->list[i].limit >= 0 || isnan(rules->list[i].limit));
    }
    enum mw_status status = mw_check_rules_resolve(rules, &scope, &err);
    fuzz_check_error(status, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct mw_check_rules file = {0}, option = {0};
    struct mw_error err = {0};
    char *text = fuzz_string(bytes, size);
    enum mw_status status = mw_check_rules_parse(&file, "rules", text, size, &err);
    fuzz_check_error(status, &err);
    if (status == MW_OK) check_taken(&file);
    status = mw_check_rules_add(&option, text, &err);
    fuzz_check_error(status, &err);
    if (status == MW_OK) REQUIRE(option.count == 1);
    if (status == MW_OK) check_taken(&option);
    mw_check_rules_free(&file);
    mw_check_rules_free(&option);
    free(text);
    return 0;
}
