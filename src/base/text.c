#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void mw_text_free(struct mw_text *text) {
    free(text->data);
    *text = (struct mw_text){0};
}

void mw_text_clear(struct mw_text *text) {
    text->length = 0;
    text->failed = false;
    if (text->data) text->data[0] = '\0';
}

static bool text_reserve(struct mw_text *text, size_t more) {
    if (text->failed) return false;
    if (more < text->capacity - text->length) return true;
    size_t capacity = text->capacity ? text->capacity : 256;
    while (capacity <= text->length + more && capacity < SIZE_MAX / 4) capacity *= 2;
    char *data = capacity > text->length + more ? realloc(text->data, capacity) : NULL;
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void mw_text_add(struct mw_text *text, const void *bytes, size_t length) {
    if (!text_reserve(text, length)) return;
    if (length) memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void mw_text_print(struct mw_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || !text_reserve(text, (size_t)length)) {
        text->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

/* Length of the UTF-8 character at `s` (1 to 4), 0 if there is none; its code point in *code. */
static size_t utf8_character(const unsigned char *s, size_t length, uint32_t *code) {
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (s[0] < 0x80) {
        *code = s[0];
        return 1;
    }
    size_t size = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || size > length) return 0;
    uint32_t value = s[0] & (0x7fU >> size);
    for (size_t i = 1; i < size; i++) {
        if ((s[i] & 0xc0) != 0x80) return 0;
        value = value << 6 | (s[i] & 0x3f);
    }
    if (value < least[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return 0;
    *code = value;
    return size;
}

size_t mw_utf8_valid_length(const char *bytes, size_t length) {
    const unsigned char *s = (const unsigned char *)bytes;
    uint32_t code;
    size_t valid = 0, size;
    while (valid < length && (size = utf8_character(s + valid, length - valid, &code)))
        valid += size;
    return valid;
}

bool mw_utf8_valid(const char *bytes, size_t length) {
    return mw_utf8_valid_length(bytes, length) == length;
}

void mw_position_advance(struct mw_position *position, const char *from, const char *to) {
    for (; from < to; from++) {
        position->column = *from == '\n' ? 1 : position->column + ((*from & 0xc0) != 0x80);
        position->line += *from == '\n';
    }
}

struct mw_position mw_text_position(const char *text, const char *place) {
    struct mw_position position = {1, 1};
    mw_position_advance(&position, text, place);
    return position;
}

size_t mw_utf8_columns(const char *text) {
    size_t columns = 0;
    for (; *text; text++) columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

bool mw_text_is_command(const char *text) {
    return strncmp(text, "##[", 3) == 0 || strncmp(text, "##vso[", 6) == 0;
}

size_t mw_utf8_printable(const char *text) {
    uint32_t code;
    if (mw_text_is_command(text)) return 0;
    size_t length = strnlen(text, 4);
    size_t size = length ? utf8_character((const unsigned char *)text, length, &code) : 0;
    if (size == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0)) return 0;
    bool directs = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                   code == 0x200e || code == 0x200f || code == 0x61c;
    return directs || code == 0x2028 || code == 0x2029 ? 0 : size;
}

static bool path_is_plain(const char *path) {
    size_t size;
    if (!*path) return false;
    for (; *path; path += size)
        if (!(size = mw_utf8_printable(path))) return false;
    return true;
}

void mw_text_add_path(struct mw_text *text, const char *path) {
    if (path_is_plain(path)) {
        mw_text_add(text, path, strlen(path));
        return;
    }
    mw_text_print(text, "$'");
    for (const unsigned char *s = (const unsigned char *)path; *s; s++) {
        bool command = mw_text_is_command((const char *)s);
        if (*s == '\n') mw_text_print(text, "\\n");
        else if (*s == '\t') mw_text_print(text, "\\t");
        else if (*s == '\'' || *s == '\\') mw_text_print(text, "\\%c", *s);
        else if (command || *s < 0x20 || *s >= 0x7f) mw_text_print(text, "\\x%02x", *s);
        else mw_text_add(text, s, 1);
    }
    mw_text_print(text, "'");
}

void mw_text_add_shell(struct mw_text *text, const char *word) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "_@%+=:,./-";
    if (word[0] && word[strspn(word, plain)] == '\0') {
        mw_text_add(text, word, strlen(word));
    } else if (!path_is_plain(word)) {
        mw_text_add_path(text, word);
    } else {
        mw_text_print(text, "'");
        for (; *word; word++) {
            if (*word == '\'') mw_text_print(text, "'\\''");
            else mw_text_add(text, word, 1);
        }
        mw_text_print(text, "'");
    }
}

bool mw_text_add_readable(struct mw_text *text, const char *path) {
    size_t length = strlen(path);
    bool utf8 = mw_utf8_valid(path, length);
    if (utf8) mw_text_add(text, path, length);
    for (; !utf8 && *path; path++) {
        if ((unsigned char)*path < 0x80) mw_text_add(text, path, 1);
        else mw_text_add(text, "\xef\xbf\xbd", 3);
    }
    return utf8;
}

void mw_text_add_unsigned(struct mw_text *text, uint64_t value) {
    char digits[20], *first = digits + sizeof digits;
    do *--first = (char)('0' + value % 10);
    while (value /= 10);
    mw_text_add(text, first, (size_t)(digits + sizeof digits - first));
}

void mw_text_add_printable(struct mw_text *text, const char *message) {
    for (size_t size; *message; message += size) {
        size = mw_utf8_printable(message);
        mw_text_add(text, size ? message : "?", size ? size : 1);
        if (size == 0) size = 1;
    }
}

void mw_text_add_base64(struct mw_text *text, const void *bytes, size_t length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *s = bytes;
    for (; length > 0; s += 3) {
        uint32_t group = (uint32_t)s[0] << 16;
        if (length > 1) group |= (uint32_t)s[1] << 8;
        if (length > 2) group |= s[2];
        char out[4] = {digits[group >> 18], digits[group >> 12 & 63], '=', '='};
        if (length > 1) out[2] = digits[group >> 6 & 63];
        if (length > 2) out[3] = digits[group & 63];
        mw_text_add(text, out, 4);
        length -= length < 3 ? length : 3;
    }
}

/* Digits behind the first one that a value needs. Any decimal of up to DBL_DIG digits is that of its double,
 * so that of a shorter one the others are zeros; but a value with a leading zero bit holds fewer. */
static int real_digits(double value, char out[MW_REAL_SIZE]) {
    int digits = value > -DBL_MIN && value < DBL_MIN ? 0 : DBL_DIG - 1;
    do snprintf(out, MW_REAL_SIZE, "%.*e", digits, value);
    while (strtod(out, NULL) != value && ++digits < DBL_DECIMAL_DIG);
    const char *last = strchr(out, 'e');
    while (digits > 0 && last && *--last == '0') digits--;
    return digits;
}

char *mw_real_format(double value, char out[MW_REAL_SIZE]) {
    int digits = real_digits(value, out), exponent = 0;
    snprintf(out, MW_REAL_SIZE, "%.*e", digits, value);
    const char *e = strchr(out, 'e');
    if (e) exponent = (int)strtol(e + 1, NULL, 10);
    if (exponent >= -4 && exponent < 16) { /* as people write it */
        int decimals = digits > exponent ? digits - exponent : 1;
        snprintf(out, MW_REAL_SIZE, "%.*f", decimals, value);
        return out;
    }
    size_t length = strlen(out), mantissa = strcspn(out, "e");
    if (strchr(out, '.')) return out;
    memmove(out + mantissa + 2, out + mantissa, length - mantissa + 1);
    out[mantissa] = '.';
    out[mantissa + 1] = '0';
    return out;
}

bool mw_real_parse(const char *text, double *value) {
    char *end;
    if (!text[0] || text[strspn(text, "+-.0123456789eE")])
        return false; /* no hexadecimal, no nan */
    errno = 0;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

bool mw_integer_parse(const char **text, int64_t *value) {
    const char *digits = *text + (**text == '-');
    if (*digits < '0' || *digits > '9') return false;
    char *end;
    errno = 0;
    long long result = strtoll(*text, &end, 10);
    if (errno) return false;
    *value = result;
    *text = end;
    return true;
}

enum { WORD_LONGEST = 48 };

static bool letters_differ(char a, char b) {
    return tolower((unsigned char)a) != tolower((unsigned char)b);
}

/* Damerau-Levenshtein distance (optimal string alignment) of two short words, whatever their case. */
static size_t word_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t rows[3][WORD_LONGEST + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= b_length; j++) last[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = last[j - 1] + letters_differ(a[i - 1], b[j - 1]);
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && !letters_differ(a[i - 1], b[j - 2]) &&
                           !letters_differ(a[i - 2], b[j - 1]);
            if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
            now[j] = best;
        }
        size_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_length];
}

static const char *table_name(const void *names, size_t index, size_t stride) {
    const char *name;
    memcpy(&name, (const char *)names + index * stride, sizeof name);
    return name;
}

const char *mw_text_nearest(const char *word, const void *names, size_t count, size_t stride) {
    size_t length = strlen(word);
    if (length == 0 || length > WORD_LONGEST) return NULL;
    const char *nearest = NULL;
    size_t least = length < 3 ? 2 : length / 3 + 1; /* one mistake in three letters */
    for (size_t i = 0; i < count; i++) {
        const char *name = table_name(names, i, stride);
        if (!name || strlen(name) > WORD_LONGEST) continue;
        size_t distance = word_distance(word, length, name, strlen(name));
        bool begins = length >= 3 && strncasecmp(name, word, length) == 0;
        if (begins) distance = distance ? 1 : 0;
        bool shorter = nearest && distance == least && strlen(name) < strlen(nearest);
        if ((distance >= least && !shorter) || distance >= strlen(name)) continue;
        least = distance;
        nearest = name;
    }
    return nearest;
}

enum mw_status mw_error_unknown(struct mw_error *err, const char *what, const char *word,
                                const void *names, size_t count, size_t stride, const char *more) {
    const char *nearest = mw_text_nearest(word, names, count, stride);
    if (nearest)
        return mw_error_set(err, MW_USAGE, "%s: '%s' is unknown; did you mean '%s'?", what, word,
                            nearest);
    struct mw_text list = {0};
    for (size_t i = 0; i < count; i++) {
        const char *name = table_name(names, i, stride);
        if (name) mw_text_print(&list, "%s%s", list.length ? ", " : "", name);
    }
    mw_text_print(&list, "%s", more);
    enum mw_status status = MW_USAGE;
    if (list.failed) status = mw_error_memory(err);
    else mw_error_set(err, MW_USAGE, "%s: '%s' is unknown; there are: %s", what, word, list.data);
    mw_text_free(&list);
    return status;
}
