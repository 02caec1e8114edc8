#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/values.h"

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

static const char *const when_words[] = {"auto", "always", "never"};
static const char *const sandbox_words[] = {"auto", "require", "off"};
static const char *const unknown_words[] = {"error", "ignore"};
enum { WHEN_WORDS = 3, SANDBOX_WORDS = 3, UNKNOWN_WORDS = 2 };

static const char *const small_words[] = {"class", "divide"};
static const char *const alpha_words[] = {"ignore", "use"};
static const char *const list_words[] = {"class-maps"};
static const char *const decoder_words[] = {"fast", "reference"};

static const char *small_word(size_t number) {
    return number < 2 ? small_words[number] : NULL;
}

static const char *alpha_word(size_t number) {
    return number < 2 ? alpha_words[number] : NULL;
}

static const char *decoder_word(size_t number) {
    return number < 2 ? decoder_words[number] : NULL;
}

static const char *list_word(size_t number) {
    return number < 1 ? list_words[number] : NULL;
}

static const char *nodata_word(size_t number) {
    return number < MW_NODATA_NAMES ? mw_nodata_names[number] : NULL;
}

static const char *encoding_word(size_t number) {
    return number < mw_encoding_count ? mw_encodings[number].name : NULL;
}

static const char *when_word(size_t number) {
    return number < WHEN_WORDS ? when_words[number] : NULL;
}

static const char *sandbox_word(size_t number) {
    return number < SANDBOX_WORDS ? sandbox_words[number] : NULL;
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
    enum mw_status status = mw_value_number("classes", value, 1, MW_MAX_CLASSES, &number, err);
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

static enum mw_status apply_encoding(struct mw_settings *settings, const char *value,
                                     struct mw_error *err) {
    settings->labels.given |= MW_SET_ENCODING;
    for (size_t i = 0; i < mw_encoding_count; i++) {
        settings->labels.encoding = (enum mw_encoding)i;
        if (strcmp(mw_encodings[i].name, value) == 0) return MW_OK;
    }
    return mw_error_unknown(err, "--encoding", value, &mw_encodings[0].name, mw_encoding_count,
                            sizeof mw_encodings[0], "");
}

static enum mw_status apply_divisor(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    int64_t number;
    enum mw_status status = mw_value_number("divisor", value, 2, UINT32_MAX, &number, err);
    if (!status) settings->labels.divisor = (uint32_t)number;
    return status;
}

static enum mw_status apply_small_values(struct mw_settings *settings, const char *value,
                                         struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("small-values", value, small_words, 2, &number, err);
    settings->small_values = status ? NULL : small_words[number];
    return status;
}

static enum mw_status apply_alpha(struct mw_settings *settings, const char *value,
                                  struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("alpha", value, alpha_words, 2, &number, err);
    settings->labels.transparent_ignored = number == 1;
    settings->labels.given |= MW_SET_ALPHA;
    return status;
}

static enum mw_status apply_nodata(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("nodata", value, mw_nodata_names, MW_NODATA_NAMES, &number, err);
    settings->labels.nodata = (enum mw_nodata)number;
    settings->labels.given |= MW_SET_NODATA;
    return status;
}

static enum mw_status apply_map(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    settings->labels.given |= MW_SET_MAP;
    enum mw_status status = mw_rules_parse(&settings->labels.map, value, err);
    if (status) mw_error_prefix(err, "--map");
    return status;
}

static enum mw_status apply_list(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    unsigned number;
    settings->list_class_maps = true;
    return mw_value_word("list", value, list_words, 1, &number, err);
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
    bool none = strcmp(value, "none") == 0;
    if (settings->labels.given & MW_SET_BACKGROUND && (none || !settings->labels.background.count))
        return mw_error_set(err, MW_USAGE,
                            "--background none and other classes exclude each other");
    settings->labels.given |= MW_SET_BACKGROUND;
    if (none) return MW_OK;
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
        mw_value_number("threshold", value, 1, UINT32_MAX, &settings->labels.threshold, err);
    return status ? status : set_binary(settings, MW_BINARY_THRESHOLD, err);
}

static enum mw_status apply_unknown(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("unknown", value, unknown_words, UNKNOWN_WORDS, &number, err);
    settings->labels.unknown = number == 0 ? MW_UNKNOWN_ERROR : MW_UNKNOWN_IGNORE;
    settings->labels.given |= MW_SET_UNKNOWN;
    return status;
}

static enum mw_status add_scheme(struct mw_settings *settings,
                                 const struct mw_scheme_request *request, struct mw_error *err) {
    size_t count = settings->scheme_count;
    for (size_t i = 0; i < count; i++) {
        const char *earlier = settings->schemes[i].text;
        if (!mw_scheme_same(&settings->schemes[i], request)) continue;
        if (strcmp(earlier, request->text) == 0)
            return mw_error_set(err, MW_USAGE, "--scheme %s is given twice", earlier);
        return mw_error_set(err, MW_USAGE, "--scheme %s is given twice: %s is the same", earlier,
                            request->text);
    }
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
    settings->all_schemes = true;
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
        mw_value_word("normalize", value, mw_normalize_names, mw_normalize_count, &number, err);
    settings->weigh.normalize = (enum mw_normalize)number;
    return status;
}

static enum mw_status apply_zero_class(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("zero-class", value, mw_zero_class_names, mw_zero_class_count, &number, err);
    settings->weigh.zero_class = (enum mw_zero_class)number;
    return status;
}

static enum mw_status apply_min_weight(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    return mw_value_positive("min-weight", value, &settings->weigh.min_weight, err);
}

static enum mw_status apply_max_weight(struct mw_settings *settings, const char *value,
                                       struct mw_error *err) {
    return mw_value_positive("max-weight", value, &settings->weigh.max_weight, err);
}

static enum mw_status apply_format(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    return mw_writer_find(value, &settings->writer, err);
}

static enum mw_status apply_output(struct mw_settings *settings, const char *value,
                                   struct mw_error *err) {
    if (settings->output) return mw_error_set(err, MW_USAGE, "--output is given twice");
    if (!*value) return mw_error_set(err, MW_USAGE, "--output needs the name of a file");
    settings->output = value;
    return MW_OK;
}

static enum mw_status apply_jobs(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    int64_t number;
    enum mw_status status = mw_value_number("jobs", value, 1, 1024, &number, err);
    if (!status) settings->jobs = (unsigned)number;
    return status;
}

/* Options that set a limit. */
#define LIMIT(function, option, limit, most)                                                       \
    static enum mw_status function(struct mw_settings *settings, const char *value,                \
                                   struct mw_error *err) {                                         \
        int64_t number;                                                                            \
        enum mw_status status = mw_value_number(option, value, 1, most, &number, err);             \
        if (!status) settings->limits.limit = number;                                              \
        return status;                                                                             \
    }
LIMIT(apply_max_pixels, "max-pixels", max_pixels, INT64_MAX)
LIMIT(apply_max_row_bytes, "max-row-bytes", max_row_bytes, INT64_MAX)
LIMIT(apply_max_metadata, "max-metadata", max_directory, INT64_MAX)
LIMIT(apply_max_pages, "max-pages", max_pages, UINT32_MAX)

static enum mw_status apply_decoder(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("decoder", value, decoder_words, 2, &number, err);
    if (!status) settings->limits.reference = number == 1;
    return status;
}

static enum mw_status apply_sandbox(struct mw_settings *settings, const char *value,
                                    struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("sandbox", value, sandbox_words, SANDBOX_WORDS, &number, err);
    settings->sandbox = (enum mw_sandbox)number;
    return status;
}

static enum mw_status apply_progress(struct mw_settings *settings, const char *value,
                                     struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("progress", value, when_words, WHEN_WORDS, &number, err);
    settings->progress = (enum mw_when)number;
    return status;
}

static enum mw_status apply_color(struct mw_settings *settings, const char *value,
                                  struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("color", value, when_words, WHEN_WORDS, &number, err);
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
FLAG(apply_inspect, settings->inspect = true)
FLAG(apply_skip_empty, settings->weigh.skip_empty = true)
FLAG(apply_ignored_in_total, settings->weigh.ignored_in_total = true)
FLAG(apply_foreground_only, settings->foreground_only = true)
FLAG(apply_csv_safe, settings->csv_safe = true)
FLAG(apply_keep_going, settings->keep_going = true)
FLAG(apply_quiet, settings->quiet++)
FLAG(apply_verbose, settings->verbose++)
FLAG(apply_help, settings->help = true)
FLAG(apply_version, settings->version = true)

const struct mw_option mw_options[] = {
    {.name = "files-from",
     .argument = "FILE",
     .group = MW_GROUP_MASKS,
     .help = "Count the masks whose paths stand in FILE, one a line (- is standard input). A "
             "carriage return at the end of a line is no part of the path, unless a file has that "
             "name.",
     .names_file = true,
     .apply = apply_files_from},
    {.name = "null",
     .letter = '0',
     .group = MW_GROUP_MASKS,
     .help = "Paths end in a NUL byte, in the list that --files-from reads and in what "
             "--list-files prints.",
     .apply = apply_null},
    {.name = "include",
     .argument = "GLOB",
     .group = MW_GROUP_MASKS,
     .help = "In directories, count only masks whose path below the source matches GLOB; '*' "
             "also matches '/'. Repeatable: one match is enough.",
     .repeatable = true,
     .apply = apply_include},
    {.name = "exclude",
     .argument = "GLOB",
     .group = MW_GROUP_MASKS,
     .help = "In directories, leave out what matches GLOB; a directory that matches is not "
             "entered. Repeatable.",
     .repeatable = true,
     .apply = apply_exclude},
    {.name = "follow",
     .letter = 'L',
     .group = MW_GROUP_MASKS,
     .help = "Follow symbolic links met in directories.",
     .apply = apply_follow},
    {.name = "list-files",
     .group = MW_GROUP_MASKS,
     .help = "Print the paths of the masks that would be counted, and count nothing.",
     .apply = apply_list_files},
    {.name = "inspect",
     .group = MW_GROUP_MASKS,
     .help =
         "Print what the masks hold and what that probably means, with the command line that "
         "would count them, and count nothing. What other options say about samples, "
         "weights and the document has no effect. Run this first on masks that somebody handed over.",
     .apply = apply_inspect},

    {.name = "classes",
     .letter = 'n',
     .argument = "N",
     .group = MW_GROUP_LABELS,
     .help = "The classes are 0 to N-1; any other value is unknown. Without it the classes "
             "are the values that occur.",
     .apply = apply_classes},
    {.name = "class-map",
     .letter = 'c',
     .argument = "FILE",
     .group = MW_GROUP_LABELS,
     .help = "Read the classes from FILE: names, colours, ids, and the values that stand for them. "
             "Many forms are understood (see the manual page); the simplest is one name a line. "
             "Or the name of a map that came with the program (--list class-maps).",
     .listed = "class-maps",
     .names_file = true,
     .apply = apply_class_map},
    {.name = "encoding",
     .argument = "NAME",
     .group = MW_GROUP_LABELS,
     .help =
         "What a pixel says: 'index', the class id; 'rgb', the colour of the class in the class "
         "map; 'ade20k', R / 10 * 256 + G; 'instance', class * divisor + instance; 'planes', each "
         "channel or page says yes or no to one class. Standard: index.",
     .word = encoding_word,
     .apply = apply_encoding},
    {.name = "divisor",
     .argument = "N",
     .group = MW_GROUP_LABELS,
     .help =
         "Of --encoding instance: 1000, as in Cityscapes, unless N is given; 256 is KITTI's and "
         "Mapillary's.",
     .apply = apply_divisor},
    {.name = "small-values",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help = "Of --encoding instance: values below the divisor are a 'class' themselves, or are "
             "divided like the others: 'divide'. Standard: class for 1000, else divide.",
     .word = small_word,
     .apply = apply_small_values},
    {.name = "alpha",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help =
         "Of masks with an alpha channel or, in PNG, transparent palette entries or one transparent "
         "colour: 'ignore' that, or 'use' it: transparent pixels are left out. Standard: ignore.",
     .word = alpha_word,
     .apply = apply_alpha},
    {.name = "nodata",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help =
         "The value that a GeoTIFF names as nodata: 'use' it, which leaves it out, or 'count' it "
         "like any other. Standard: 'auto', which is use, and an error where the value is also "
         "the background or a declared class.",
     .word = nodata_word,
     .apply = apply_nodata},
    {.name = "map",
     .argument = "LIST",
     .group = MW_GROUP_LABELS,
     .help = "Change values before all that follows, as in 0=255,11-33=1,*=ignore; with --encoding "
             "rgb also colours, as in #FF0000=#000000. Repeatable.",
     .repeatable = true,
     .apply = apply_map},
    {.name = "ignore-index",
     .argument = "LIST",
     .group = MW_GROUP_LABELS,
     .help = "Leave these values out of everything: integers and ranges, as in 255 or "
             "0,250-255; with --encoding rgb also colours, as in #FF0000. Repeatable.",
     .repeatable = true,
     .apply = apply_ignore},
    {.name = "background",
     .argument = "LIST",
     .group = MW_GROUP_LABELS,
     .help = "These classes are background, or 'none' is. A mask with no other class is an "
             "empty mask. Repeatable. Standard: 0; none with --reduce-zero-label.",
     .repeatable = true,
     .apply = apply_background},
    {.name = "reduce-zero-label",
     .group = MW_GROUP_LABELS,
     .help = "0 and 255 become ignored and every other value is lowered by one, as in "
             "MMSegmentation; before --ignore-index.",
     .apply = apply_reduce_zero},
    {.name = "binary",
     .group = MW_GROUP_LABELS,
     .help = "0 is class 0 and every other value that is not ignored is class 1.",
     .apply = apply_binary},
    {.name = "threshold",
     .argument = "T",
     .group = MW_GROUP_LABELS,
     .help = "T and every value above it is class 1, the others are class 0.",
     .apply = apply_threshold},
    {.name = "unknown",
     .argument = "WHAT",
     .group = MW_GROUP_LABELS,
     .help = "A value that is no class is an 'error', which makes its mask fail, or is left "
             "out: 'ignore'. Standard: error.",
     .word = unknown_word,
     .apply = apply_unknown},

    {.name = "scheme",
     .letter = 's',
     .argument = "NAME",
     .group = MW_GROUP_WEIGHTS,
     .help = "Weigh by this scheme, one of those under Schemes below; parameters follow as in "
             "enet:c=1.1,power=2. Repeatable; 'all' is every one. Standard: balanced.",
     .word = scheme_word,
     .repeatable = true,
     .apply = apply_scheme},
    {.name = "normalize",
     .argument = "MODE",
     .group = MW_GROUP_WEIGHTS,
     .help = "Scale the weights of the classes that occur: their sum, mean, min or max is 1, "
             "or 'pixel-mean', the mean over all pixels. Never pos-weight. Standard: none.",
     .word = normalize_word,
     .apply = apply_normalize},
    {.name = "zero-class",
     .argument = "POLICY",
     .group = MW_GROUP_WEIGHTS,
     .help = "The weight of a class without pixels: zero, one, the max of the others, the "
             "scheme's 'formula' where that is finite, or an error. Standard: zero.",
     .word = zero_class_word,
     .apply = apply_zero_class},
    {.name = "min-weight",
     .argument = "X",
     .group = MW_GROUP_WEIGHTS,
     .help = "Raise smaller weights to X, before --normalize.",
     .apply = apply_min_weight},
    {.name = "max-weight",
     .argument = "X",
     .group = MW_GROUP_WEIGHTS,
     .help = "Lower larger weights to X, before --normalize.",
     .apply = apply_max_weight},
    {.name = "skip-empty",
     .group = MW_GROUP_WEIGHTS,
     .help = "Weigh without the masks that have no foreground pixel. The counts still hold "
             "them.",
     .apply = apply_skip_empty},
    {.name = "ignored-in-total",
     .group = MW_GROUP_WEIGHTS,
     .help = "Count ignored pixels in the totals of the formulas, as some published weights "
             "do. Never for pos-weight.",
     .apply = apply_ignored_in_total},
    {.name = "foreground-only",
     .group = MW_GROUP_WEIGHTS,
     .help = "Leave background classes out of list, npy, yaml and keras.",
     .apply = apply_foreground_only},

    {.name = "format",
     .letter = 'f',
     .argument = "NAME",
     .group = MW_GROUP_DOCUMENT,
     .help = "Write the document as NAME, one of those under Formats below. Standard: json.",
     .word = writer_word,
     .apply = apply_format},
    {.name = "csv-safe",
     .group = MW_GROUP_DOCUMENT,
     .help = "In csv, put an apostrophe before class names that a spreadsheet would take for a "
             "formula: those that begin with = + - @ or a control character.",
     .apply = apply_csv_safe},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .group = MW_GROUP_DOCUMENT,
     .help = "Write to FILE (- is standard output). It is replaced as a whole when all is "
             "done.",
     .names_file = true,
     .apply = apply_output},

    {.name = "jobs",
     .letter = 'j',
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Count with N threads. Standard: the processors this process may use. The "
             "document is the same for any N.",
     .apply = apply_jobs},
    {.name = "keep-going",
     .group = MW_GROUP_RUNNING,
     .help = "Write a document, marked incomplete, even if some masks cannot be counted; "
             "exit status 3.",
     .apply = apply_keep_going},
    {.name = "max-pixels",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse masks of more than N pixels. Standard: 17179869184 (2^34).",
     .apply = apply_max_pixels},
    {.name = "max-row-bytes",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse masks with a row, strip or tile of more than N bytes, decoded. Standard: "
             "268435456 (256 MiB).",
     .apply = apply_max_row_bytes},
    {.name = "max-metadata",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse TIFF files whose directories have more than N bytes. Standard: 33554432 "
             "(32 MiB).",
     .apply = apply_max_metadata},
    {.name = "max-pages",
     .argument = "N",
     .group = MW_GROUP_RUNNING,
     .help = "Refuse files of more than N pages or images. Standard: 65536.",
     .apply = apply_max_pages},
    {.name = "sandbox",
     .argument = "WHEN",
     .group = MW_GROUP_RUNNING,
     .help =
         "Give up all rights that the run does not need, such as writing files, before anything "
         "is read: auto (as far as the kernel can), require (or stop) or off.",
     .word = sandbox_word,
     .apply = apply_sandbox},
    {.name = "decoder",
     .argument = "WHICH",
     .group = MW_GROUP_RUNNING,
     .help = "Decode PNG and TIFF the fast way, or by libpng and libtiff alone, the reference that "
             "it is tested against: slower, same counts.",
     .word = decoder_word,
     .apply = apply_decoder},
    {.name = "progress",
     .argument = "WHEN",
     .group = MW_GROUP_RUNNING,
     .help = "Show progress on standard error: auto (on a terminal), always or never.",
     .word = when_word,
     .apply = apply_progress},
    {.name = "quiet",
     .letter = 'q',
     .group = MW_GROUP_RUNNING,
     .help = "No progress and no summary; given twice, no warnings either.",
     .repeatable = true,
     .apply = apply_quiet},
    {.name = "verbose",
     .letter = 'v',
     .group = MW_GROUP_RUNNING,
     .help = "Name every file that fails, not only the first ten; also say which files are skipped "
             "and why, and findings that are no warnings.",
     .repeatable = true,
     .apply = apply_verbose},
    {.name = "color",
     .argument = "WHEN",
     .group = MW_GROUP_RUNNING,
     .help = "Colour messages: auto (on a terminal, unless NO_COLOR is set), always or "
             "never.",
     .word = when_word,
     .apply = apply_color},
    {.name = "list",
     .argument = "WHAT",
     .group = MW_GROUP_RUNNING,
     .help = "List the 'class-maps' that came with the program.",
     .word = list_word,
     .apply = apply_list},
    {.name = "help",
     .letter = 'h',
     .group = MW_GROUP_RUNNING,
     .help = "Show this help.",
     .apply = apply_help},
    {.name = "version",
     .letter = 'V',
     .group = MW_GROUP_RUNNING,
     .help = "Show the versions of the program and its libraries.",
     .apply = apply_version},
};
const size_t mw_option_count = sizeof mw_options / sizeof mw_options[0];
