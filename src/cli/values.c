#include "cli/values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum mw_status mw_value_number(const char *option, const char *value, int64_t least, int64_t most,
                               int64_t *number, struct mw_error *err) {
    const char *end = value;
    if (mw_integer_parse(&end, number) && *end == '\0' && *number >= least && *number <= most)
        return MW_OK;
    return mw_error_set(err, MW_USAGE,
                        "--%s: '%s' is not a whole number from %" PRId64 " to %" PRId64, option,
                        value, least, most);
}

enum mw_status mw_value_word(const char *option, const char *value, const char *const *words,
                             size_t count, unsigned *number, struct mw_error *err) {
    for (*number = 0; *number < count; ++*number)
        if (strcmp(words[*number], value) == 0) return MW_OK;
    char what[32];
    snprintf(what, sizeof what, "--%s", option);
    return mw_error_unknown(err, what, value, words, count, sizeof *words, "");
}

enum mw_status mw_value_positive(const char *option, const char *value, double *bound,
                                 struct mw_error *err) {
    if (mw_real_parse(value, bound) && *bound > 0) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--%s: '%s' is not a number above 0", option, value);
}
