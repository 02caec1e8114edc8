/* text: growing strings, numbers that read back exactly, safe names, the nearest word. */
#ifndef MW_BASE_TEXT_H
#define MW_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A growing byte string; zeroed is empty. `data` always ends in a NUL that `length` leaves out.
 * When memory runs out, `failed` stays set and what follows is dropped: check it once, at the end. */
struct mw_text {
    char *data;
    size_t length;   /* bytes */
    size_t capacity; /* bytes */
    bool failed;
};

void mw_text_free(struct mw_text *text);
void mw_text_clear(struct mw_text *text);
void mw_text_add(struct mw_text *text, const void *bytes, size_t length);
void mw_text_print(struct mw_text *text, const char *format, ...) MW_PRINTF(2, 3);

/* Appends a path as a person may read it on a terminal: as it is when every character can be
 * printed, else in the shell's $'...' quoting, so that it can be pasted back. */
void mw_text_add_path(struct mw_text *text, const char *path);

/* Appends a word so that a shell reads it as one word: as it is when it needs no quotes, else in
 * '...', else, when a character cannot be printed, in $'...'. */
void mw_text_add_shell(struct mw_text *text, const char *word);

/* Appends a path as documents hold it: as it is when it is UTF-8, else with U+FFFD in place of every byte
 * that is not ASCII. Returns whether it is UTF-8. */
bool mw_text_add_readable(struct mw_text *text, const char *path);

/* Appends the decimal digits of a number. */
void mw_text_add_unsigned(struct mw_text *text, uint64_t value);
/* Appends a message with '?' for each byte of what a terminal could act on and of what is not UTF-8. */
void mw_text_add_printable(struct mw_text *text, const char *message);

/* Appends `length` bytes in base64 (RFC 4648, padded). */
void mw_text_add_base64(struct mw_text *text, const void *bytes, size_t length);

/* How many of `length` bytes, from the first on, are whole characters of UTF-8 (no overlong forms, no
 * surrogates); and whether all are. */
size_t mw_utf8_valid_length(const char *bytes, size_t length);
bool mw_utf8_valid(const char *bytes, size_t length);

/* Whether a string begins as a command does that the runners of GitHub and Azure obey wherever it stands in
 * a line of a log: "##[", "##vso[". */
bool mw_text_is_command(const char *text);

/* Bytes of the character at the beginning of a string; 0 when it is not UTF-8, or is a control
 * character, a line separator, a mark that changes the direction of text or the first of a command. */
size_t mw_utf8_printable(const char *text);

/* Columns that `text` takes on a screen when every character is one column wide. */
size_t mw_utf8_columns(const char *text);

/* Where something stands in a text: a line and a character of it, from 1. */
struct mw_position {
    unsigned line, column;
};

/* Moves a position on by the bytes from `from` up to `to`. */
void mw_position_advance(struct mw_position *position, const char *from, const char *to);

/* The position of the byte at `place` in a text. */
struct mw_position mw_text_position(const char *text, const char *place);

/* Longest result of mw_real_format with its NUL. */
#define MW_REAL_SIZE 32

/* Writes the shortest decimal that reads back as the same double, always with a decimal point
 * ("0.1", "2.0", "1.0e-05"). `value` must be finite, and LC_NUMERIC the one a program starts with.
 * Returns `out`. */
char *mw_real_format(double value, char out[MW_REAL_SIZE]);

/* Reads a whole string as a finite decimal number. */
MW_MUST_CHECK bool mw_real_parse(const char *text, double *value);

/* Reads an integer from `*text` and moves `*text` behind it. */
MW_MUST_CHECK bool mw_integer_parse(const char **text, int64_t *value);

/* The entry of a table that is nearest to `word` (letters wrong, missing, added or exchanged, at most
 * one in three; case does not matter), or NULL when none is near. `names` is the first of `count`
 * `const char *`, `stride` bytes apart: the name fields of an array of structs. NULL names are passed over. */
const char *mw_text_nearest(const char *word, const void *names, size_t count, size_t stride);

/* Sets "<what>: '<word>' is unknown" with the nearest name of such a table, or with all of them and
 * `more` behind them. Returns MW_USAGE. */
enum mw_status mw_error_unknown(struct mw_error *err, const char *what, const char *word,
                                const void *names, size_t count, size_t stride, const char *more);

#endif
