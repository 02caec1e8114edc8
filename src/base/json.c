#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool mw_json_fits(int64_t value) {
    int64_t most = (int64_t)MW_JSON_MAX_INTEGER;
    return value >= -most && value <= most;
}

bool mw_json_add(cJSON *parent, const char *key, cJSON *item) {
    bool added =
        parent && item &&
        (key ? cJSON_AddItemToObject(parent, key, item) : cJSON_AddItemToArray(parent, item));
    if (!added) cJSON_Delete(item);
    return added;
}

bool mw_json_add_unsigned(cJSON *parent, const char *key, uint64_t value) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    return mw_json_add(parent, key, cJSON_CreateRaw(digits));
}

bool mw_json_add_integer(cJSON *parent, const char *key, int64_t value) {
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    return mw_json_add(parent, key, cJSON_CreateRaw(digits));
}

bool mw_json_add_real(cJSON *parent, const char *key, double value) {
    char digits[MW_REAL_SIZE];
    return mw_json_add(parent, key, cJSON_CreateRaw(mw_real_format(value, digits)));
}

enum mw_status mw_json_print(cJSON *root, bool ok, struct mw_text *out, struct mw_error *err) {
    char *text = ok ? cJSON_Print(root) : NULL;
    cJSON_Delete(root);
    if (!text) return mw_error_memory(err);
    mw_text_add(out, text, strlen(text));
    mw_text_add(out, "\n", 1);
    cJSON_free(text);
    return MW_OK;
}

bool mw_json_add_path(cJSON *object, const char *path) {
    struct mw_text readable = {0}, bytes = {0};
    bool utf8 = mw_text_add_readable(&readable, path);
    if (!utf8) mw_text_add_base64(&bytes, path, strlen(path));
    bool ok = !readable.failed && !bytes.failed &&
              mw_json_add(object, "path", cJSON_CreateString(readable.data)) &&
              (utf8 || mw_json_add(object, "path_bytes", cJSON_CreateString(bytes.data)));
    mw_text_free(&readable);
    mw_text_free(&bytes);
    return ok;
}

void mw_json_print_string(struct mw_text *text, const char *string) {
    mw_text_add(text, "\"", 1);
    while (*string) {
        size_t plain = 0;
        while ((unsigned char)string[plain] >= 0x20 && string[plain] != '"' &&
               string[plain] != '\\')
            plain++;
        mw_text_add(text, string, plain);
        string += plain;
        if (!*string) break;
        if ((unsigned char)*string < 0x20) mw_text_print(text, "\\u%04x", (unsigned)*string);
        else mw_text_print(text, "\\%c", *string);
        string++;
    }
    mw_text_add(text, "\"", 1);
}

/* The first "\\u0000" in a text, at which cJSON would cut the string; NULL if there is none. */
static const char *find_escaped_nul(const char *text) {
    for (const char *found = text; (found = strstr(found, "\\u0000")); found++) {
        const char *first = found; /* of the backslashes before it */
        while (first > text && first[-1] == '\\') first--;
        if ((found - first) % 2 == 0) return found;
    }
    return NULL;
}

/* The first control character that JSON does not know as a blank, though cJSON does; NULL: none. */
static const char *find_control(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 && !strchr("\t\r\n", *text)) return text;
    return NULL;
}

static enum mw_status not_json(const char *text, const char *place, const char *what,
                               struct mw_error *err) {
    struct mw_position position = mw_text_position(text, place);
    return mw_error_set(err, MW_USAGE, "line %u, column %u: not JSON%s", position.line,
                        position.column, what);
}

enum mw_status mw_json_parse(const char *text, size_t length, cJSON **root, struct mw_error *err) {
    const char *end = NULL, *wrong_byte = memchr(text, '\0', length);
    size_t valid = mw_utf8_valid_length(text, length);
    *root = NULL;
    if (wrong_byte) return not_json(text, wrong_byte, ": a NUL byte", err);
    if (valid < length) return not_json(text, text + valid, ": not UTF-8", err);
    if ((wrong_byte = find_escaped_nul(text)))
        return not_json(text, wrong_byte, ": a NUL in a string", err);
    if ((wrong_byte = find_control(text)))
        return not_json(text, wrong_byte, ": a control character", err);
    errno = 0;
    *root = cJSON_ParseWithLengthOpts(text, length + 1, &end, 1);
    if (!*root && errno == ENOMEM) return mw_error_memory(err); /* cJSON does not tell */
    return *root ? MW_OK : not_json(text, end ? end : text, "", err);
}

static enum mw_status wrong(const char *key, const char *what, struct mw_error *err) {
    return mw_error_set(err, MW_USAGE, "\"%s\" %s", key, what);
}

enum mw_status mw_json_member(const cJSON *object, const char *key, const cJSON **item,
                              struct mw_error *err) {
    *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!*item) return wrong(key, "is missing", err);
    for (const cJSON *next = (*item)->next; next; next = next->next)
        if (next->string && strcmp(next->string, key) == 0) return wrong(key, "stands twice", err);
    return MW_OK;
}

bool mw_json_is_integer(const cJSON *item, int64_t *value) {
    double limit = (double)MW_JSON_MAX_INTEGER;
    if (!cJSON_IsNumber(item) || !(item->valuedouble >= -limit && item->valuedouble <= limit))
        return false;
    *value = (int64_t)item->valuedouble;
    return (double)*value == item->valuedouble;
}

bool mw_json_range(const cJSON *item, int64_t *first, int64_t *last) {
    if (mw_json_is_integer(item, first)) {
        *last = *first;
        return true;
    }
    return cJSON_IsArray(item) && cJSON_GetArraySize(item) == 2 &&
           mw_json_is_integer(cJSON_GetArrayItem(item, 0), first) &&
           mw_json_is_integer(cJSON_GetArrayItem(item, 1), last) && *first <= *last;
}

enum mw_status mw_json_unsigned(const cJSON *object, const char *key, uint64_t *value,
                                struct mw_error *err) {
    const cJSON *item;
    int64_t number = 0;
    enum mw_status status = mw_json_member(object, key, &item, err);
    if (status) return status;
    if (!mw_json_is_integer(item, &number) || number < 0)
        return wrong(key, "is not a whole number from 0 to 2^53 - 1", err);
    *value = (uint64_t)number;
    return MW_OK;
}

enum mw_status mw_json_bool(const cJSON *object, const char *key, bool *value,
                            struct mw_error *err) {
    const cJSON *item;
    enum mw_status status = mw_json_member(object, key, &item, err);
    if (status) return status;
    *value = cJSON_IsTrue(item);
    return cJSON_IsBool(item) ? MW_OK : wrong(key, "is neither true nor false", err);
}

enum mw_status mw_json_string(const cJSON *object, const char *key, const char **value,
                              struct mw_error *err) {
    const cJSON *item;
    enum mw_status status = mw_json_member(object, key, &item, err);
    if (status) return status;
    *value = cJSON_GetStringValue(item);
    return *value ? MW_OK : wrong(key, "is not a string", err);
}

enum mw_status mw_json_array(const cJSON *object, const char *key, const cJSON **value,
                             struct mw_error *err) {
    enum mw_status status = mw_json_member(object, key, value, err);
    if (status) return status;
    return cJSON_IsArray(*value) ? MW_OK : wrong(key, "is not an array", err);
}

static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Decodes padded base64 into a malloc'ed string; NULL when it is not base64, holds a NUL, or memory
 * is out. */
static char *base64_decode(const char *text) {
    size_t length = strlen(text), digits = strcspn(text, "="), out = 0;
    bool sound = length > 0 && length % 4 == 0 && length - digits <= 2 &&
                 strspn(text + digits, "=") == length - digits;
    char *bytes = sound ? malloc(length / 4 * 3 + 1) : NULL;
    uint32_t bits = 0; /* those read and not yet written are the low ones */
    for (size_t i = 0; bytes && i < digits; i++) {
        int digit = base64_digit(text[i]);
        sound = sound && digit >= 0;
        bits = bits << 6 | (uint32_t)(digit & 63);
        unsigned pending = (unsigned)(6 * (i + 1) - 8 * out);
        if (pending >= 8) bytes[out++] = (char)(bits >> (pending - 8) & 0xff);
    }
    if (!bytes) return NULL;
    bytes[out] = '\0';
    if (sound && strlen(bytes) == out) return bytes;
    free(bytes);
    return NULL;
}

enum mw_status mw_json_path(const cJSON *object, char **path, struct mw_error *err) {
    const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(object, "path_bytes");
    const char *readable;
    *path = NULL;
    if (bytes) {
        *path = cJSON_IsString(bytes) ? base64_decode(bytes->valuestring) : NULL;
        return *path ? MW_OK : wrong("path_bytes", "is not base64", err);
    }
    enum mw_status status = mw_json_string(object, "path", &readable, err);
    if (status) return status;
    *path = strdup(readable);
    return *path ? MW_OK : mw_error_memory(err);
}
