/* error: what went wrong, as a status and one line of text that the caller owns. */
#ifndef MW_BASE_ERROR_H
#define MW_BASE_ERROR_H

#define MW_MUST_CHECK __attribute__((warn_unused_result))
#define MW_PRINTF(place, first) __attribute__((format(printf, place, first)))

enum mw_status {
    MW_OK = 0,
    MW_USAGE,     /* wrong options, settings that contradict each other, no mask at all */
    MW_NO_MEMORY, /* an allocation failed */
    MW_IO,        /* the operating system refused to open, read or write */
    MW_BROKEN,    /* damaged content */
    MW_REFUSED,   /* sound content that is not a label mask, or not one that can be read exactly */
    MW_LIMIT,     /* larger than a limit allows */
    MW_LABEL,     /* a sample value is no class */
    MW_OVERFLOW   /* a count does not fit in 64 bits */
};

struct mw_error {
    enum mw_status status;
    int number;         /* errno of a failed system call, else 0 */
    char message[1536]; /* one line, no newline; longer ones are cut */
};

/* Sets `err` to a printf-style message and returns `status`, so that a function can end with
 * `return mw_error_set(err, MW_IO, ...)`. What a terminal could act on, and what is not UTF-8, is
 * replaced by '?'. */
enum mw_status mw_error_set(struct mw_error *err, enum mw_status status, const char *format, ...)
    MW_PRINTF(3, 4);

/* The same for a failed system call: "<message>: <text of error_number>". */
enum mw_status mw_error_system(struct mw_error *err, int error_number, const char *format, ...)
    MW_PRINTF(3, 4);

/* Sets "out of memory" and returns MW_NO_MEMORY. */
enum mw_status mw_error_memory(struct mw_error *err);

/* Puts "<prefix>: " before the message that is there. */
void mw_error_prefix(struct mw_error *err, const char *format, ...) MW_PRINTF(2, 3);

#endif
