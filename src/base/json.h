/* json: what cJSON lacks: exact integers and reals, paths of any bytes, strict reading. */
#ifndef MW_BASE_JSON_H
#define MW_BASE_JSON_H

#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* Largest integer that every JSON reader keeps exactly: 2^53 - 1. */
#define MW_JSON_MAX_INTEGER ((UINT64_C(1) << 53) - 1)

/* Whether an integer is one of these, negative or not. */
bool mw_json_fits(int64_t value);

/* Writing. Each adds one item to an object under `key`, or to an array when `key` is NULL, and
 * returns false when memory ran out or `parent` is NULL. */
bool mw_json_add(cJSON *parent, const char *key, cJSON *item);
bool mw_json_add_unsigned(cJSON *parent, const char *key, uint64_t value);
bool mw_json_add_integer(cJSON *parent, const char *key, int64_t value);
bool mw_json_add_real(cJSON *parent, const char *key, double value);

/* Appends the text of a whole document and a line feed, and deletes it; false in `ok` says that it could not be
 * made. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_json_print(cJSON *root, bool ok, struct mw_text *out,
                                           struct mw_error *err);

/* Adds "path", and where that is not UTF-8 also "path_bytes" (base64 of the bytes). */
bool mw_json_add_path(cJSON *object, const char *path);

/* Appends a string of UTF-8 with its quotes, for JSON that is too long for a tree in memory. */
void mw_json_print_string(struct mw_text *text, const char *string);

/* Reading. Each fails with MW_USAGE and a message that names the key. */

/* Parses one whole JSON text of `length` bytes, followed by a NUL. Errors: MW_USAGE with line and
 * column. */
MW_MUST_CHECK enum mw_status mw_json_parse(const char *text, size_t length, cJSON **root,
                                           struct mw_error *err);
/* A member of an object; it must be there. */
MW_MUST_CHECK enum mw_status mw_json_member(const cJSON *object, const char *key,
                                            const cJSON **item, struct mw_error *err);
/* A whole number from 0 to 2^53 - 1. */
MW_MUST_CHECK enum mw_status mw_json_unsigned(const cJSON *object, const char *key, uint64_t *value,
                                              struct mw_error *err);
MW_MUST_CHECK enum mw_status mw_json_bool(const cJSON *object, const char *key, bool *value,
                                          struct mw_error *err);
MW_MUST_CHECK enum mw_status mw_json_string(const cJSON *object, const char *key,
                                            const char **value, struct mw_error *err);
MW_MUST_CHECK enum mw_status mw_json_array(const cJSON *object, const char *key,
                                           const cJSON **value, struct mw_error *err);
/* What mw_json_add_path wrote; the result is malloc'ed. */
MW_MUST_CHECK enum mw_status mw_json_path(const cJSON *object, char **path, struct mw_error *err);

/* Whether an item is an integer or a pair [first, last] with first <= last. */
bool mw_json_range(const cJSON *item, int64_t *first, int64_t *last);

/* Whether a number is whole and within +-(2^53 - 1); *value is it. */
bool mw_json_is_integer(const cJSON *item, int64_t *value);

#endif
