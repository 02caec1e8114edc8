/* Class names from a plain list, one a line. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "count/labels.h"

enum { NAMES_LIMIT = 16 << 20 };

struct line {
    const char *text; /* not terminated */
    size_t length;    /* bytes, without CR */
    uint32_t number;  /* from 1 */
};

static enum mw_status check_line(const struct line *line, struct mw_error *err) {
    const char *what = NULL;
    if (line->length == 0) what = "an empty line: every line is the name of a class";
    else if (!mw_utf8_valid(line->text, line->length)) what = "not UTF-8";
    for (size_t i = 0; i < line->length && !what; i++)
        if ((unsigned char)line->text[i] < 0x20 || line->text[i] == 0x7f)
            what = "a control character in a class name";
    if (!what && line->number > MW_MAX_CLASSES) what = "too many classes";
    if (!what) return MW_OK;
    return mw_error_set(err, MW_USAGE, "line %" PRIu32 ": %s", line->number, what);
}

static enum mw_status add_name(struct mw_labels *labels, const struct line *line,
                               struct mw_error *err) {
    uint32_t count = labels->classes;
    if ((count & (count - 1)) == 0) { /* grow at powers of two */
        char **names = realloc(labels->names, (count ? 2 * (size_t)count : 1) * sizeof *names);
        if (!names) return mw_error_memory(err);
        labels->names = names;
    }
    labels->names[count] = strndup(line->text, line->length);
    if (!labels->names[count]) return mw_error_memory(err);
    labels->classes++;
    return MW_OK;
}

static int name_compare(const void *a, const void *b) {
    return strcmp(**(char **const *)a, **(char **const *)b);
}

/* Sorts pointers to the names, so that a name's place in the list stays known. */
static enum mw_status check_unique(const struct mw_labels *labels, struct mw_error *err) {
    uint32_t count = labels->classes;
    char ***sorted = malloc((count ? count : 1) * sizeof *sorted);
    if (!sorted) return mw_error_memory(err);
    for (uint32_t i = 0; i < count; i++) sorted[i] = &labels->names[i];
    qsort(sorted, count, sizeof *sorted, name_compare);
    enum mw_status status = MW_OK;
    for (uint32_t i = 1; i < count && !status; i++)
        if (strcmp(*sorted[i - 1], *sorted[i]) == 0)
            status = mw_error_set(err, MW_USAGE, "the name '%s' stands on lines %td and %td",
                                  *sorted[i], sorted[i - 1] - labels->names + 1,
                                  sorted[i] - labels->names + 1);
    free(sorted);
    return status;
}

static enum mw_status parse_names(struct mw_labels *labels, const char *text, size_t length,
                                  struct mw_error *err) {
    enum mw_status status = MW_OK;
    const char *end = text + length;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) text += 3; /* byte order mark */
    for (uint32_t number = 1; !status && text < end; number++) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;
        struct line line = {text, (size_t)(stop - text), number};
        if (line.length && line.text[line.length - 1] == '\r') line.length--;
        status = check_line(&line, err);
        if (!status) status = add_name(labels, &line, err);
        text = newline ? newline + 1 : end;
    }
    if (!status && labels->classes == 0)
        status = mw_error_set(err, MW_USAGE, "no class name in it");
    return status ? status : check_unique(labels, err);
}

enum mw_status mw_labels_read_names(struct mw_labels *labels, const char *path,
                                    struct mw_error *err) {
    struct mw_text text = {0};
    uint32_t declared = labels->given & MW_SET_CLASSES ? labels->classes : 0;
    labels->classes = 0;
    enum mw_status status = mw_bytes_slurp_path(path, NAMES_LIMIT, &text, err);
    if (!status) {
        status = parse_names(labels, text.data ? text.data : "", text.length, err);
        if (status) mw_error_prefix(err, "%s", path);
    }
    mw_text_free(&text);
    if (!status && declared && declared != labels->classes)
        status = mw_error_set(err, MW_USAGE,
                              "%s names %" PRIu32 " classes, --classes says %" PRIu32, path,
                              labels->classes, declared);
    labels->given |= MW_SET_CLASSES | MW_SET_NAMES;
    return status;
}
