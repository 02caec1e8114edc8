#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Leaves nothing that a terminal could act on: control characters and what is not UTF-8 become '?'.
 * Cutting a long message may have split its last character. */
static void make_printable(char *text) {
    size_t size;
    for (; *text; text += size) {
        size = mw_utf8_printable(text);
        if (size == 0) {
            *text = '?';
            size = 1;
        }
    }
}

enum mw_status mw_error_set(struct mw_error *err, enum mw_status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    make_printable(err->message);
    err->status = status;
    err->number = 0;
    return status;
}

enum mw_status mw_error_system(struct mw_error *err, int error_number, const char *format, ...) {
    char reason[128];
    if (strerror_r(error_number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", error_number);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    size_t length = strlen(err->message);
    snprintf(err->message + length, sizeof err->message - length, ": %s", reason);
    make_printable(err->message);
    err->status = error_number == ENOMEM ? MW_NO_MEMORY : MW_IO;
    err->number = error_number;
    return err->status;
}

enum mw_status mw_error_memory(struct mw_error *err) {
    return mw_error_set(err, MW_NO_MEMORY, "out of memory");
}

void mw_error_prefix(struct mw_error *err, const char *format, ...) {
    char prefix[sizeof err->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);
    size_t length = strlen(prefix), old = strlen(err->message);
    if (length + 2 >= sizeof err->message) return;
    if (old > sizeof err->message - length - 3) old = sizeof err->message - length - 3;
    memmove(err->message + length + 2, err->message, old);
    err->message[length + 2 + old] = '\0';
    memcpy(err->message, prefix, length);
    err->message[length] = ':';
    err->message[length + 1] = ' ';
    make_printable(err->message);
}
