#include "cli/options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const mw_option_groups[MW_GROUP_COUNT] = {
    "Which masks", "What a sample means", "Weights", "Document", "Running",
};

static enum mw_status add_word(struct mw_words *words, const char *word, struct mw_error *err) {
    const char **list = realloc(words->list, (words->count + 1) * sizeof *list);
    if (!list) return mw_error_memory(err);
    words->list = list;
    list[words->count++] = word;
    return MW_OK;
}

/* A whole number from `least` to `most`. */
static enum mw_status parse_number(const char *option, const char *value, int64_t least,
                                   int64_t most, int64_t *number, struct mw_error *err) {
    const char *end = value;
    if (mw_integer_parse(&end, number) && *end == '\0' && *number >= least && *number <= most)
        return MW_OK;
    return mw_error_set(err, MW_USAGE,
                        "--%s: '%s' is not a whole number from %" PRId64 " to %" PRId64, option,
                        value, least, most);
}

/* One of a list of words. */
static enum mw_status parse_word(const char *option, const char *value, const char *const *words,
                                 size_t count, unsigned *number, struct mw_error *err) {
    for (*number = 0; *number < count; ++*number)
        if (strcmp(words[*number], value) == 0) return MW_OK;
    char what[32];
    snprintf(what, sizeof what, "--%s", option);
    return mw_error_unknown(err, what, value, words, count, sizeof *words);
}

static const char *const when_words[] = {"auto", "always", "never"};
static const char *const unknown_words[] = {"error", "ignore"};
enum { WHEN_WORDS = 3, UNKNOWN_WORDS = 2 };

static const char *when_word(size_t number) {
    return number < WHEN_WORDS ? when_words[number] : NULL;
}

static const char *unknown_word(size_t number) {
    return number < UNKNOWN_WORDS ? unknown_words[number] : NULL;
}

static const char *normalize_word(size_t number) {
    return number < mw_normalize_count ? mw_normalize_names[number] : NULL;
}

static const char *zero_class_word(size_t number) {
    return number < mw_zero_class_count ? mw_zero_class_names[number] : NULL;
}

static const char *scheme_word(size_t number) {
    if (number == mw_scheme_count) return "all";
    return number < mw_scheme_count ? mw_schemes[number].name : NULL;
}

static const char *writer_word(size_t number) {
    return number < mw_writer_count ? mw_writers[number]->name : NULL;
}

/* One function for each option that is more than a flag. */

static enum mw_status apply_files_from(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    if (settings->files_from) return mw_error_set(err, MW_USAGE, "--files-from is given twice");
    settings->files_from = value;
    return MW_OK;
}

static enum mw_status apply_include(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    return add_word(&settings->include, value, err);
}

static enum mw_status apply_exclude(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    return add_word(&settings->exclude, value, err);
}

static enum mw_status apply_classes(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    int64_t number;
    enum mw_status status = parse_number("classes", value, 1, MW_MAX_CLASSES, &number, err);
    if (status) return status;
    settings->labels.classes = (uint32_t)number;
    settings->labels.given |= MW_SET_CLASSES;
    return MW_OK;
}

static enum mw_status apply_class_map(struct mw_settings *settings, const char *value,
                                      struct mw_error *err) {
    if (settings->class_map) return mw_error_set(err, MW_USAGE, "--class-map is given twice");
    settings->class_map = value;
    return MW_OK;
}

static enum mw_status apply_ignore(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    settings->labels.given |= MW_SET_IGNORE;
    enum mw_status status = mw_ranges_parse(&settings->labels.ignore, value, err);
    if (status) mw_error_prefix(err, "--ignore-index");
    return status;
}

static enum mw_status apply_background(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    settings->labels.given |= MW_SET_BACKGROUND;
    if (strcmp(value, "none") == 0) return MW_OK;
    enum mw_status status = mw_ranges_parse(&settings->labels.background, value, err);
    if (status) mw_error_prefix(err, "--background");
    return status;
}

static enum mw_status apply_reduce_zero(struct mw_settings *settings, const char *value,
                                        struct mw_error *err) {
    (void)value;
    (void)err;
    settings->labels.reduce_zero = true;
    settings->labels.given |= MW_SET_REDUCE_ZERO;
    return MW_OK;
}

static enum mw_status set_binary(struct mw_settings *settings, enum mw_binary binary,
                                 struct mw_error *err) {
    if (settings->labels.binary != MW_BINARY_OFF && settings->labels.binary != binary)
        return mw_error_set(err, MW_USAGE, "--binary and --threshold exclude each other");
    settings->labels.binary = binary;
    settings->labels.given |= MW_SET_BINARY;
    return MW_OK;
}

static enum mw_status apply_binary(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    (void)value;
    return set_binary(settings, MW_BINARY_NONZERO, err);
}

static enum mw_status apply_threshold(struct mw_settings *settings, const char *value,
                                      struct mw_error *err) {
    enum mw_status status =
        parse_number("threshold", value, 1, UINT32_MAX, &settings->labels.threshold, err);
    return status ? status : set_binary(settings, MW_BINARY_THRESHOLD, err);
}

static enum mw_status apply_unknown(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        parse_word("unknown", value, unknown_words, UNKNOWN_WORDS, &number, err);
    settings->labels.unknown = number == 0 ? MW_UNKNOWN_ERROR : MW_UNKNOWN_IGNORE;
    settings->labels.given |= MW_SET_UNKNOWN;
    return status;
}

static enum mw_status add_scheme(struct mw_settings *settings,
                                 const struct mw_scheme_request *request, struct mw_error *err) {
    size_t count = settings->scheme_count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(settings->schemes[i].text, request->text) == 0)
            return mw_error_set(err, MW_USAGE, "--scheme %s is given twice", request->text);
    struct mw_scheme_request *list = realloc(settings->schemes, (count + 1) * sizeof *list);
    if (!list) return mw_error_memory(err);
    settings->schemes = list;
    list[settings->scheme_count++] = *request;
    return MW_OK;
}

static enum mw_status apply_scheme(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    struct mw_scheme_request request;
    enum mw_status status = MW_OK;
    if (strcmp(value, "all") != 0) {
        status = mw_scheme_parse(&request, value, err);
        return status ? status : add_scheme(settings, &request, err);
    }
    for (size_t i = 0; i < mw_scheme_count && !status; i++) {
        mw_scheme_standard(&request, &mw_schemes[i]);
        status = add_scheme(settings, &request, err);
    }
    return status;
}

static enum mw_status apply_normalize(struct mw_settings *settings, const char *value,
                                      struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        parse_word("normalize", value, mw_normalize_names, mw_normalize_count, &number, err);
    settings->weigh.normalize = (enum mw_normalize)number;
    return status;
}

static enum mw_status apply_zero_class(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        parse_word("zero-class", value, mw_zero_class_names, mw_zero_class_count, &number, err);
    settings->weigh.zero_class = (enum mw_zero_class)number;
    return status;
}

static enum mw_status parse_bound(const char *option, const char *value, double *bound,
                                  struct mw_error *err) {
    if (mw_real_parse(value, bound) && *bound > 0) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--%s: '%s' is not a number above 0", option, value);
}

static enum mw_status apply_min_weight(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    return parse_bound("min-weight", value, &settings->weigh.min_weight, err);
}

static enum mw_status apply_max_weight(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    return parse_bound("max-weight", value, &settings->weigh.max_weight, err);
}

static enum mw_status apply_format(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    return mw_writer_find(value, &settings->writer, err);
}

static enum mw_status apply_output(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    if (settings->output) return mw_error_set(err, MW_USAGE, "--output is given twice");
    settings->output = value;
    return MW_OK;
}

static enum mw_status apply_jobs(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    int64_t number;
    enum mw_status status = parse_number("jobs", value, 1, 1024, &number, err);
    if (!status) settings->jobs = (unsigned)number;
    return status;
}

static enum mw_status apply_max_pixels(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    int64_t number;
    enum mw_status status = parse_number("max-pixels", value, 1, INT64_MAX, &number, err);
    if (!status) settings->limits.max_pixels = (uint64_t)number;
    return status;
}

static enum mw_status apply_progress(struct mw_settings *settings, const char *value,
                                     struct mw_error *err) {
    unsigned number;
    enum mw_status status = parse_word("progress", value, when_words, WHEN_WORDS, &number, err);
    settings->progress = (enum mw_when)number;
    return status;
}

static enum mw_status apply_color(struct mw_settings *settings, const char *value,
                                  struct mw_error *err) {
    unsigned number;
    enum mw_status status = parse_word("color", value, when_words, WHEN_WORDS, &number, err);
    settings->color = (enum mw_when)number;
    return status;
}

/* Options that only set a flag. */
#define FLAG(function, statement)                                                                  \
    static enum mw_status function(struct mw_settings *settings, const char *value,                \
                                   struct mw_error *err) {                                         \
        (void)value;                                                                               \
        (void)err;                                                                                 \
        statement;                                                                                 \
        return MW_OK;                                                                              \
    }
FLAG(apply_null, settings->null = true)
FLAG(apply_follow, settings->follow = true)
FLAG(apply_list_files, settings->list_files = true)
FLAG(apply_skip_empty, settings->weigh.skip_empty = true)
FLAG(apply_ignored_in_total, settings->weigh.ignored_in_total = true)
FLAG(apply_foreground_only, settings->foreground_only = true)
FLAG(apply_keep_going, settings->keep_going = true)
FLAG(apply_quiet, settings->quiet++)
FLAG(apply_verbose, settings->verbose++)
FLAG(apply_help, settings->help = true)
FLAG(apply_version, settings->version = true)

const struct mw_option mw_options[] = {
    {"files-from", 0, "FILE", MW_GROUP_MASKS,
     "Count the masks whose paths stand in FILE, one a line (- is standard input).", NULL, true,
     apply_files_from},
    {"null", '0', NULL, MW_GROUP_MASKS,
     "Paths end in a NUL byte, in the list that --files-from reads and in what --list-files "
     "prints.",
     NULL, false, apply_null},
    {"include", 0, "GLOB", MW_GROUP_MASKS,
     "In directories, count only masks whose path below the source matches GLOB; '*' also matches "
     "'/'. Repeatable: one match is enough.",
     NULL, false, apply_include},
    {"exclude", 0, "GLOB", MW_GROUP_MASKS,
     "In directories, leave out what matches GLOB; a directory that matches is not entered. "
     "Repeatable.",
     NULL, false, apply_exclude},
    {"follow", 'L', NULL, MW_GROUP_MASKS, "Follow symbolic links met in directories.", NULL, false,
     apply_follow},
    {"list-files", 0, NULL, MW_GROUP_MASKS,
     "Print the paths of the masks that would be counted, and count nothing.", NULL, false,
     apply_list_files},

    {"classes", 'n', "N", MW_GROUP_LABELS,
     "The classes are 0 to N-1; any other value is unknown. Without it the classes are the values "
     "that occur.",
     NULL, false, apply_classes},
    {"class-map", 'c', "FILE", MW_GROUP_LABELS,
     "Read the names of the classes from FILE, one a line: the first is class 0. Declares that "
     "many classes.",
     NULL, true, apply_class_map},
    {"ignore-index", 0, "LIST", MW_GROUP_LABELS,
     "Leave these values out of everything: integers and ranges, as in 255 or 0,250-255. "
     "Repeatable.",
     NULL, false, apply_ignore},
    {"background", 0, "LIST", MW_GROUP_LABELS,
     "These classes are background, or 'none' is. A mask with no other class is an empty mask. "
     "Standard: 0; none with --reduce-zero-label.",
     NULL, false, apply_background},
    {"reduce-zero-label", 0, NULL, MW_GROUP_LABELS,
     "0 and 255 become ignored and every other value is lowered by one, as in MMSegmentation; "
     "before --ignore-index.",
     NULL, false, apply_reduce_zero},
    {"binary", 0, NULL, MW_GROUP_LABELS,
     "0 is class 0 and every other value that is not ignored is class 1.", NULL, false,
     apply_binary},
    {"threshold", 0, "T", MW_GROUP_LABELS,
     "T and every value above it is class 1, the others are class 0.", NULL, false,
     apply_threshold},
    {"unknown", 0, "WHAT", MW_GROUP_LABELS,
     "A value that is no class is an 'error', which makes its mask fail, or is left out: 'ignore'. "
     "Standard: error.",
     unknown_word, false, apply_unknown},

    {"scheme", 's', "NAME", MW_GROUP_WEIGHTS,
     "Weigh by this scheme; parameters follow as in enet:c=1.1,power=2. Repeatable; 'all' is every "
     "one. Standard: balanced.",
     scheme_word, false, apply_scheme},
    {"normalize", 0, "MODE", MW_GROUP_WEIGHTS,
     "Scale the weights of the classes that occur: their sum, mean, min or max is 1, or "
     "'pixel-mean', the mean over all pixels. Never pos-weight. Standard: none.",
     normalize_word, false, apply_normalize},
    {"zero-class", 0, "POLICY", MW_GROUP_WEIGHTS,
     "The weight of a class without pixels: zero, one, the max of the others, the scheme's "
     "'formula' where that is finite, or an error. Standard: zero.",
     zero_class_word, false, apply_zero_class},
    {"min-weight", 0, "X", MW_GROUP_WEIGHTS, "Raise smaller weights to X, before --normalize.",
     NULL, false, apply_min_weight},
    {"max-weight", 0, "X", MW_GROUP_WEIGHTS, "Lower larger weights to X, before --normalize.", NULL,
     false, apply_max_weight},
    {"skip-empty", 0, NULL, MW_GROUP_WEIGHTS,
     "Weigh without the masks that have no foreground pixel. The counts still hold them.", NULL,
     false, apply_skip_empty},
    {"ignored-in-total", 0, NULL, MW_GROUP_WEIGHTS,
     "Count ignored pixels in the totals of the formulas, as some published weights do. Never for "
     "pos-weight.",
     NULL, false, apply_ignored_in_total},
    {"foreground-only", 0, NULL, MW_GROUP_WEIGHTS,
     "Leave background classes out of list, npy, yaml and keras.", NULL, false,
     apply_foreground_only},

    {"format", 'f', "NAME", MW_GROUP_DOCUMENT, "Write the document as NAME. Standard: json.",
     writer_word, false, apply_format},
    {"output", 'o', "FILE", MW_GROUP_DOCUMENT,
     "Write to FILE instead of standard output. FILE is replaced as a whole when all is done.",
     NULL, true, apply_output},

    {"jobs", 'j', "N", MW_GROUP_RUNNING,
     "Count with N threads. Standard: the processors this process may use. The document is the "
     "same for any N.",
     NULL, false, apply_jobs},
    {"keep-going", 0, NULL, MW_GROUP_RUNNING,
     "Write a document, marked incomplete, even if some masks cannot be counted; exit status 3.",
     NULL, false, apply_keep_going},
    {"max-pixels", 0, "N", MW_GROUP_RUNNING,
     "Refuse masks of more than N pixels. Standard: 17179869184 (2^34).", NULL, false,
     apply_max_pixels},
    {"progress", 0, "WHEN", MW_GROUP_RUNNING,
     "Show progress on standard error: auto (on a terminal), always or never.", when_word, false,
     apply_progress},
    {"quiet", 'q', NULL, MW_GROUP_RUNNING,
     "No progress and no summary; given twice, no warnings either.", NULL, false, apply_quiet},
    {"verbose", 'v', NULL, MW_GROUP_RUNNING,
     "Also say which files are skipped and why, and findings that are no warnings.", NULL, false,
     apply_verbose},
    {"color", 0, "WHEN", MW_GROUP_RUNNING,
     "Colour messages: auto (on a terminal, unless NO_COLOR is set), always or never.", when_word,
     false, apply_color},
    {"help", 'h', NULL, MW_GROUP_RUNNING, "Show this help.", NULL, false, apply_help},
    {"version", 'V', NULL, MW_GROUP_RUNNING, "Show the versions of the program and its libraries.",
     NULL, false, apply_version},
};
const size_t mw_option_count = sizeof mw_options / sizeof mw_options[0];
