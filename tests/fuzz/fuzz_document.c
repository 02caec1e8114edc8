/* mw_document_parse: what it accepts is written again and reads back as the same. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

static void check_again(const struct mw_document *document) {
    struct mw_document again;
    struct mw_error err = {0};
    char *text = fuzz_document_text(&document->labels, &document->counts);
    REQUIRE(mw_document_parse(&again, text, strlen(text), &err) == MW_OK);
    char *second = fuzz_document_text(&again.labels, &again.counts);
    REQUIRE(strcmp(text, second) == 0);
    cJSON_free(text);
    cJSON_free(second);
    mw_document_free(&again);
}

/* No stored value becomes a class that the document does not have. */
static void check_values(const struct mw_labels *labels) {
    uint32_t place;
    for (size_t i = 0; i < labels->values.count; i++) {
        struct mw_label label = mw_labels_classify(labels, labels->values.rules[i].first);
        if (label.kind == MW_LABEL_CLASS && labels->classes)
            REQUIRE(mw_labels_declares(labels, label.id, &place));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct mw_document document;
    struct mw_error err = {0};
    char *text = fuzz_string(bytes, size);
    enum mw_status status = mw_document_parse(&document, text, size, &err);
    fuzz_check_error(status, &err);
    if (status == MW_OK) {
        check_again(&document);
        check_values(&document.labels);
    }
    mw_document_free(&document);
    free(text);
    return 0;
}
