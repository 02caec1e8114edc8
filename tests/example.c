/* A second, small program on the library, as others write it: balanced weights of the sources that are named.
 *
 *     example [--option[=VALUE]]... SOURCE...
 *
 * It knows maskweight.h alone; a test builds it against an installed copy. */
#include <inttypes.h>
#include <maskweight.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int set_option(struct maskweight *mw, const char *argument) {
    char name[64];
    size_t length = strcspn(argument, "=");
    snprintf(name, sizeof name, "%.*s", (int)length, argument);
    return mw_set(mw, name, argument[length] ? argument + length + 1 : NULL);
}

static int print_weights(struct maskweight *mw) {
    size_t count = mw_class_count(mw);
    uint64_t *ids = calloc(count + 1, sizeof *ids), *pixels = calloc(count + 1, sizeof *pixels);
    double *weights = calloc(count + 1, sizeof *weights);
    int status = ids && pixels && weights ? MASKWEIGHT_OK : MASKWEIGHT_NO_MEMORY;
    if (!status) status = mw_counts(mw, "id", ids);
    if (!status) status = mw_counts(mw, "pixels", pixels);
    if (!status) status = mw_weights(mw, "balanced", weights, NULL, NULL);
    for (size_t i = 0; i < count && !status; i++)
        printf("%" PRIu64 "\t%" PRIu64 "\t%.6g\n", ids[i], pixels[i], weights[i]);
    free(ids);
    free(pixels);
    free(weights);
    return status;
}

int main(int count, char **arguments) {
    struct maskweight *mw = mw_new();
    int status = mw ? MASKWEIGHT_OK : MASKWEIGHT_NO_MEMORY, next = 1;
    for (; next < count && strncmp(arguments[next], "--", 2) == 0 && !status; next++)
        status = set_option(mw, arguments[next] + 2);
    if (!status)
        status = mw_count(mw, (const char *const *)&arguments[next], (size_t)(count - next));
    if (!status) status = print_weights(mw);
    if (status) fprintf(stderr, "example: %s\n", mw ? mw_message(mw) : "out of memory");
    mw_free(mw);
    return status ? 1 : 0;
}
