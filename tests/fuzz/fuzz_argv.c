/* mw_settings_parse: a command line, one word a line. It opens and writes nothing; what is wrong is said
 * in one line, and the same words come to the same end. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"
#include "fuzz.h"

enum { MOST = 64 }; /* words */

/* The words of a text, which are cut apart in it, behind the program's name. Returns how many. */
static int split(char *text, char *argv[MOST + 1]) {
    static char name[] = "maskweight";
    int argc = 0;
    argv[argc++] = name;
    for (char *end; argc < MOST; text = end + 1) {
        argv[argc++] = text;
        if (!(end = strchr(text, '\n'))) break;
        *end = '\0';
    }
    argv[argc] = NULL;
    return argc;
}

static enum mw_status parse(const uint8_t *bytes, size_t size, struct mw_error *err) {
    struct mw_settings settings;
    char *text = fuzz_string(bytes, size), *argv[MOST + 1];
    int argc = split(text, argv);
    optind = 0; /* as glibc is told to begin again */
    enum mw_status status = mw_settings_parse(&settings, argc, argv, err);
    fuzz_check_error(status, err);
    if (status == MW_OK && !mw_settings_print_only(&settings)) {
        REQUIRE(settings.sources.count > 0 || settings.files_from);
        REQUIRE(settings.writer && settings.limits.max_pixels > 0 && settings.jobs <= 1024);
        err->status = mw_settings_choose_schemes(&settings, err);
        fuzz_check_error(err->status, err);
        REQUIRE(err->status || settings.scheme_count > 0 || settings.all_schemes);
    }
    mw_settings_free(&settings);
    free(text);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct mw_error first = {0}, second = {0};
    REQUIRE(parse(bytes, size, &first) == parse(bytes, size, &second));
    REQUIRE(strcmp(first.message, second.message) == 0);
    return 0;
}
