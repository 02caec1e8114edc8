#include "cli/help.h"

#include <cJSON.h>
#include <math.h>
#include <string.h>

#include "cli/options.h"
#include "count/cache.h"
#include "read/archive.h"
#include "read/format.h"
#include "write/findings_writer.h"

enum { LINE = 80, INDENT = 26 };

/* Appends words, broken into lines of LINE columns of which the first begins at `column`. */
static void add_wrapped(struct mw_text *text, const char *words, size_t column) {
    while (*words) {
        size_t length = strcspn(words, " ");
        if (column > INDENT && column + 1 + length > LINE) {
            mw_text_print(text, "\n%*s", INDENT, "");
            column = INDENT;
        }
        mw_text_print(text, "%s%.*s", column > INDENT ? " " : "", (int)length, words);
        column += length + (column > INDENT);
        words += length + (words[length] == ' ');
    }
    mw_text_print(text, "\n");
}

/* A line that begins with `head`, which is released. */
static void add_entry(struct mw_text *text, struct mw_text *head, const char *words) {
    size_t width = head->length;
    text->failed = text->failed || head->failed;
    if (!text->failed) mw_text_add(text, head->data, width);
    mw_text_free(head);
    if (width + 1 > INDENT) mw_text_print(text, "\n%*s", INDENT, "");
    else mw_text_print(text, "%*s", (int)(INDENT - width), "");
    add_wrapped(text, words, INDENT);
}

static void add_option(struct mw_text *text, const struct mw_option *option) {
    struct mw_text head = {0};
    if (option->letter) mw_text_print(&head, "  -%c, --%s", option->letter, option->name);
    else mw_text_print(&head, "      --%s", option->name);
    if (option->argument)
        mw_text_print(&head, option->optional ? "[=%s]" : " %s", option->argument);
    add_entry(text, &head, option->help);
}

static void add_scheme(struct mw_text *text, const struct mw_scheme *scheme) {
    struct mw_text head = {0}, words = {0};
    mw_text_print(&head, "  %s", scheme->name);
    mw_text_print(&words, "%s.", scheme->formula);
    for (size_t i = 0; i < MW_PARAMETERS && scheme->parameters[i].name; i++) {
        const struct mw_parameter *parameter = &scheme->parameters[i];
        char digits[MW_REAL_SIZE];
        mw_text_print(&words, " %s=%s%s", parameter->name,
                      parameter->choices[0] ? parameter->choices[0]
                                            : mw_real_format(parameter->standard, digits),
                      i + 1 < MW_PARAMETERS && scheme->parameters[i + 1].name ? "," : ".");
    }
    mw_text_print(&words, " %s", scheme->source);
    text->failed = text->failed || words.failed;
    add_entry(text, &head, words.data ? words.data : "");
    mw_text_free(&words);
}

static void add_writer(struct mw_text *text, const struct mw_writer *writer) {
    struct mw_text head = {0};
    mw_text_print(&head, "  %s", writer->name);
    add_entry(text, &head, writer->summary);
}

static void add_check(struct mw_text *text, const struct mw_check *check) {
    struct mw_text head = {0}, words = {0};
    mw_text_print(&head, "  %s", check->name);
    mw_text_print(&words, "%s%s", check->quantity,
                  check->per_class ? ", of each class or one" : "");
    if (check->operand)
        mw_text_print(&words, ", as in %s:%s", check->name, check->operand->example);
    if (check->unit != MW_CHECK_FIXED && !isnan(check->standard))
        mw_text_print(&words, "; standard limit: %g", check->standard);
    text->failed = text->failed || words.failed;
    add_entry(text, &head, words.data ? words.data : "");
    mw_text_free(&words);
}

static const char usage[] =
    "\n"
    "Usage: maskweight [OPTION]... SOURCE...\n"
    "\n"
    "A SOURCE is a directory of masks (with all below it), a mask, a tar or zip archive, a\n"
    "JSON document that maskweight wrote earlier (its counts are added), or - for one of\n"
    "the latter three on standard input.\n"
    "\n"
    "Examples:\n"
    "  maskweight --inspect masks                (first: what is this, and how is it counted?)\n"
    "  maskweight train/masks -o train.json\n"
    "  maskweight train.json --scheme enet --scheme log:c=0.15 --format csv\n"
    "  maskweight masks --ignore-index 255 --scheme median-frequency --format list\n"
    "  maskweight masks --binary --scheme pos-weight --foreground-only --format npy -o pos.npy\n"
    "  maskweight part-*.json --format table\n"
    "  maskweight masks -n 19 --check missing-classes --check max-empty=20% > /dev/null\n"
    "  find masks -name '*_label.png' -print0 | maskweight --files-from - --null\n";

static const char exit_statuses[] = "\nExit status:\n"
                                    "  0  done\n"
                                    "  1  written, but a rule of --check or --rules is broken\n"
                                    "  2  error: no document was written\n"
                                    "  3  written, but incomplete (--keep-going)\n"
                                    "  128 + n  ended by signal n\n";

static void add_introduction(struct mw_text *text) {
    mw_text_print(text, "maskweight counts the pixels of every class in label masks, exactly, and "
                        "turns the\ncounts into class weights. It reads masks in ");
    mw_format_add_names(text);
    mw_text_print(text, ".\n");
}

void mw_help_print(struct mw_text *text) {
    add_introduction(text);
    mw_text_print(text, "%s", usage);
    for (int group = 0; group < MW_GROUP_COUNT; group++) {
        mw_text_print(text, "\n%s:\n", mw_option_groups[group]);
        for (size_t i = 0; i < mw_option_count; i++)
            if ((int)mw_options[i].group == group) add_option(text, &mw_options[i]);
    }
    mw_text_print(text, "\nSchemes (n pixels of the class, N of all K classes):\n");
    for (size_t i = 0; i < mw_scheme_count; i++) add_scheme(text, &mw_schemes[i]);
    mw_text_print(text, "\nFormats:\n");
    for (size_t i = 0; i < mw_writer_count; i++) add_writer(text, mw_writers[i]);
    mw_text_print(text, "\nChecks:\n");
    for (size_t i = 0; i < mw_check_count; i++) add_check(text, &mw_checks[i]);
    mw_text_print(text, "\nReports:\n");
    for (size_t i = 0; i < mw_findings_writer_count; i++) add_writer(text, mw_findings_writers[i]);
    mw_text_print(text, "%s", exit_statuses);
}

void mw_version_print(struct mw_text *text) {
    mw_text_print(text, "maskweight %s\n", MW_VERSION);
    for (size_t i = 0; i < mw_format_count; i++) {
        char library[64];
        if (!mw_formats[i]->library) continue;
        mw_formats[i]->library(library, sizeof library);
        mw_text_print(text, "%s, ", library);
    }
    char archives[64], cache[64];
    mw_archive_library(archives, sizeof archives);
    mw_cache_library(cache, sizeof cache);
    mw_text_print(text, "%s, %s, cJSON %s\n", archives, cache, cJSON_Version());
}
