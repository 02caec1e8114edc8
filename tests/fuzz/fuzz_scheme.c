/* mw_scheme_parse: what it accepts is in range, and reads the same when it is written out. */
#include <stdlib.h>

#include "fuzz.h"
#include "weigh/scheme.h"

static void write_request(const struct mw_scheme_request *request, struct mw_text *text) {
    mw_text_print(text, "%s", request->scheme->name);
    for (size_t i = 0; i < MW_PARAMETERS; i++) {
        const struct mw_parameter *parameter = &request->scheme->parameters[i];
        double value = request->values[i];
        char number[MW_REAL_SIZE];
        if (!parameter->name) continue;
        mw_text_print(text, "%s%s=", i ? "," : ":", parameter->name);
        if (parameter->choices[0]) REQUIRE(value == 0 || value == 1);
        else REQUIRE(value > parameter->above && value < parameter->below);
        mw_text_print(text, "%s",
                      parameter->choices[0] ? parameter->choices[value != 0]
                                            : mw_real_format(value, number));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct mw_scheme_request request, again;
    struct mw_error err = {0};
    struct mw_text text = {0};
    char *input = fuzz_string(bytes, size);
    enum mw_status status = mw_scheme_parse(&request, input, &err);
    fuzz_check_error(status, &err);
    if (status == MW_OK) {
        write_request(&request, &text);
        REQUIRE(mw_scheme_parse(&again, text.data, &err) == MW_OK);
        REQUIRE(again.scheme == request.scheme);
        for (size_t i = 0; i < MW_PARAMETERS; i++) REQUIRE(again.values[i] == request.values[i]);
    }
    mw_text_free(&text);
    free(input);
    return 0;
}
