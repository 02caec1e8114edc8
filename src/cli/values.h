/* values: arguments of options, checked. Messages begin with the option's name. */
#ifndef MW_CLI_VALUES_H
#define MW_CLI_VALUES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Reads a whole number from `least` to `most`. Errors: MW_USAGE. */
MW_MUST_CHECK enum mw_status mw_value_number(const char *option, const char *value, int64_t least,
                                             int64_t most, int64_t *number, struct mw_error *err);

/* Finds a word in a list; *number is its place. Errors: MW_USAGE with the nearest word. */
MW_MUST_CHECK enum mw_status mw_value_word(const char *option, const char *value,
                                           const char *const *words, size_t count, unsigned *number,
                                           struct mw_error *err);

/* Reads a number above 0. Errors: MW_USAGE. */
MW_MUST_CHECK enum mw_status mw_value_positive(const char *option, const char *value,
                                               double *number, struct mw_error *err);

#endif
