/* Runs a fuzz target on every file in the directories that are named, and says so in TAP: the
 * corpus with any compiler. A file that ends in .b64 is base64 of the input. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "fuzz.h"

static unsigned number; /* of the inputs so far */

static int base64_digit(char c) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *place = c ? strchr(digits, c) : NULL;
    return place ? (int)(place - digits) : -1;
}

static void decode_base64(struct mw_text *text) {
    uint32_t bits = 0;
    unsigned pending = 0;
    size_t length = 0;
    for (size_t i = 0; i < text->length; i++) {
        int digit = base64_digit(text->data[i]);
        if (digit < 0) continue;
        bits = bits << 6 | (uint32_t)digit;
        pending += 6;
        if (pending < 8) continue;
        pending -= 8;
        text->data[length++] = (char)(bits >> pending & 0xff);
    }
    text->length = length;
}

/* A sanitizer sees a read beyond the last byte. */
static void replay(const struct mw_text *text) {
    uint8_t *copy = malloc(text->length ? text->length : 1);
    REQUIRE(copy);
    if (text->length) memcpy(copy, text->data, text->length);
    LLVMFuzzerTestOneInput(copy, text->length);
    free(copy);
}

static void replay_file(const char *path) {
    struct mw_text text = {0};
    struct mw_error err;
    const char *dot = strrchr(path, '.');
    REQUIRE(mw_bytes_slurp_path(path, (size_t)64 << 20, &text, &err) == MW_OK);
    if (dot && strcmp(dot, ".b64") == 0) decode_base64(&text);
    replay(&text);
    mw_text_free(&text);
    printf("ok %u - %s\n", ++number, path);
    fflush(stdout); /* the input after the last one is the one that failed */
}

static void replay_directory(const char *path) {
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    REQUIRE(count >= 0);
    for (int i = 0; i < count; i++) {
        char below[4096];
        snprintf(below, sizeof below, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') replay_file(below);
        free(entries[i]);
    }
    free(entries);
}

int main(int argc, char **argv) {
    fuzz_all_settings = true;
    for (int i = 1; i < argc; i++) replay_directory(argv[i]);
    printf("1..%u\n", number);
    return number == 0;
}
