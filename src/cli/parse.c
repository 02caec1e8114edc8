/* The command line, by getopt_long from the table of options. */
#include <assert.h>
#include <ctype.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options.h"
#include "cli/processors.h"

enum { FIRST_VALUE = 256 }; /* getopt's value of the first row: above every letter */

static int argument_of(const struct mw_option *option) {
    if (option->optional) return optional_argument;
    return option->argument ? required_argument : no_argument;
}

static struct option *make_long_options(void) {
    struct option *list = calloc(mw_option_count + 1, sizeof *list);
    for (size_t i = 0; list && i < mw_option_count; i++)
        list[i] = (struct option){mw_options[i].name, argument_of(&mw_options[i]), NULL,
                                  FIRST_VALUE + (int)i};
    return list;
}

/* ":" first, so that a missing argument is told apart from an unknown option. */
static void make_letters(char *letters) {
    *letters++ = ':';
    for (size_t i = 0; i < mw_option_count; i++) {
        if (!mw_options[i].letter) continue;
        *letters++ = mw_options[i].letter;
        if (mw_options[i].argument) *letters++ = ':';
    }
    *letters = '\0';
}

static const struct mw_option *find_option(int value) {
    if (value >= FIRST_VALUE) return &mw_options[value - FIRST_VALUE];
    for (size_t i = 0; i < mw_option_count; i++)
        if (mw_options[i].letter == value) return &mw_options[i];
    return NULL;
}

/* The option that getopt found; it knows none but ours. */
static const struct mw_option *found_option(int value) {
    const struct mw_option *option = find_option(value);
    assert(option);
    return option;
}

static enum mw_status missing_argument(int value, struct mw_error *err) {
    const struct mw_option *option = found_option(value);
    return mw_error_set(err, MW_USAGE, "--%s needs %s", option->name, option->argument);
}

/* An option where another one's argument should be: the argument was forgotten. What begins so all
 * the same is written behind an equals sign. */
static bool is_option(const char *word) {
    if (word[0] != '-' || !word[1]) return false;
    if (word[1] == '-') return word[2] != '\0';
    return find_option(word[1]) && (isalpha((unsigned char)word[1]) || !word[2]);
}

static enum mw_status swallowed_option(const struct mw_option *option, const char *word,
                                       struct mw_error *err) {
    return mw_error_set(err, MW_USAGE,
                        "--%s needs %s, and '%s' is an option; if it is meant, write --%s=%s",
                        option->name, option->argument, word, option->name, word);
}

/* Ends the message about an unknown option if an argument is rather a file. */
static void hint_at_file(int argc, char **argv, struct mw_error *err) {
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-' || !argv[i][1] || access(argv[i], F_OK) != 0) continue;
        char message[sizeof err->message];
        memcpy(message, err->message, sizeof message);
        mw_error_set(err, MW_USAGE, "%s; the file of that name is ./%s, or follows --", message,
                     argv[i]);
        return;
    }
}

/* `word` is what getopt stumbled over; `letter` is not 0 when it was a short option. */
static enum mw_status unknown_option(const char *word, int letter, struct mw_error *err) {
    if (letter < 0 || (letter > '~' && letter < FIRST_VALUE))
        return mw_error_set(err, MW_USAGE, "an option letter that is not ASCII; try --help");
    if (letter > 0 && letter < FIRST_VALUE && !find_option(letter))
        return mw_error_set(err, MW_USAGE, "-%c is not an option; try --help", letter);
    char name[64];
    while (*word == '-') word++;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    for (size_t i = 0; i < mw_option_count; i++)
        if (strcmp(mw_options[i].name, name) == 0)
            return mw_error_set(err, MW_USAGE, "--%s takes no argument", name);
    const char *nearest =
        mw_text_nearest(name, &mw_options[0].name, mw_option_count, sizeof mw_options[0]);
    if (nearest)
        return mw_error_set(err, MW_USAGE, "--%s is not an option; did you mean --%s?", name,
                            nearest);
    return mw_error_set(err, MW_USAGE, "--%s is not an option; try --help", name);
}

/* What getopt found: `value`, optarg and optopt. */
static enum mw_status take_option(struct mw_settings *settings, int argc, char **argv, int value,
                                  struct mw_error *err) {
    if (value == ':') return missing_argument(optopt, err);
    if (value == '?') {
        enum mw_status status = unknown_option(argv[optind - 1], optopt, err);
        hint_at_file(argc, argv, err);
        return status;
    }
    const struct mw_option *option = found_option(value);
    if (optarg && optarg == argv[optind - 1] && is_option(optarg))
        return swallowed_option(option, optarg, err);
    return option->apply(settings, optarg, err);
}

/* After an error the rest is read on, for --color. */
static enum mw_status parse_options(struct mw_settings *settings, int argc, char **argv,
                                    const struct option *long_options, struct mw_error *err) {
    char letters[2 * 64];
    int value;
    struct mw_error later;
    enum mw_status status = MW_OK;
    make_letters(letters);
    opterr = 0;
    while ((value = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
        enum mw_status taken = take_option(settings, argc, argv, value, status ? &later : err);
        if (!status) status = taken;
    }
    return status;
}

/* Standard output holds the document or one report. */
static enum mw_status check_reports(const struct mw_settings *settings, struct mw_error *err) {
    bool document = !settings->output || strcmp(settings->output, "-") == 0;
    const char *taken = NULL; /* the report that standard output holds */
    if (settings->inspect) return MW_OK;
    if (settings->report_count && settings->list_files)
        return mw_error_set(err, MW_USAGE, "--report and --list-files exclude each other");
    for (size_t i = 0; i < settings->report_count; i++) {
        const char *name = settings->reports[i].writer->name;
        if (settings->reports[i].path) continue;
        if (document)
            return mw_error_set(err, MW_USAGE,
                                "--report %s: standard output holds the document: write the report "
                                "to a file with --report %s=FILE, or the document with -o FILE",
                                name, name);
        if (taken)
            return mw_error_set(err, MW_USAGE,
                                "--report %s: standard output holds the report %s: write one of "
                                "them to a file, as in --report %s=FILE",
                                name, taken, name);
        taken = name;
    }
    return MW_OK;
}

/* What no single option can know. */
static enum mw_status check_together(const struct mw_settings *settings, struct mw_error *err) {
    const struct mw_weigh_options *weigh = &settings->weigh;
    const struct mw_writer *writer = settings->writer;
    if (weigh->min_weight > weigh->max_weight)
        return mw_error_set(err, MW_USAGE, "--min-weight %g is above --max-weight %g",
                            weigh->min_weight, weigh->max_weight);
    if (settings->null && !settings->files_from && !settings->list_files)
        return mw_error_set(err, MW_USAGE, "--null is for --files-from and --list-files");
    if (writer->single && settings->scheme_count > 1)
        return mw_error_set(err, MW_USAGE,
                            "--format %s holds one scheme, and %zu are asked for: use json or csv, "
                            "or one --scheme",
                            writer->name, settings->scheme_count);
    if (settings->labels.encoding != MW_ENCODING_INSTANCE &&
        (settings->labels.divisor || settings->small_values))
        return mw_error_set(err, MW_USAGE,
                            "--divisor and --small-values are for --encoding instance");
    if (settings->foreground_only && !writer->dense)
        return mw_error_set(err, MW_USAGE,
                            "--foreground-only is for the formats list, npy, yaml and keras; %s "
                            "holds every class",
                            writer->name);
    if (settings->shard_count && writer != &mw_writer_json)
        return mw_error_set(err, MW_USAGE,
                            "--shard makes a part, which only --format json can hold: use "
                            "--format %s when the parts are merged",
                            writer->name);
    if (settings->shard_count && mw_settings_audit(settings))
        return mw_error_set(err, MW_USAGE,
                            "--check, --rules, --baseline and --images judge the whole: give them "
                            "when the shards are merged; but rules that look at masks (size, "
                            "encoding, name, duplicates, --images) in a run over all masks without "
                            "--shard");
    if (settings->list_files && mw_settings_audit(settings))
        return mw_error_set(err, MW_USAGE,
                            "--list-files counts nothing that --check, --rules, --baseline or "
                            "--images could judge: leave them out");
    if (settings->image_names.count && !settings->images)
        return mw_error_set(err, MW_USAGE, "--image-name is for --images");
    if (settings->shard_count && settings->sampling.sampler)
        return mw_error_set(
            err, MW_USAGE, "--sampling needs the counts of the whole, which --shard does not have");
    if (settings->sample && (settings->sampling.sampler || settings->sampling_files))
        return mw_error_set(
            err, MW_USAGE,
            "--sampling and --sampling-files are about every mask that is trained on, "
            "and --sample counts some: leave it out");
    if (settings->csv_safe && writer != &mw_writer_csv && !settings->per_mask)
        return mw_error_set(err, MW_USAGE, "--csv-safe is for --format csv and --per-mask");
    if (settings->sampling.sampler && !settings->per_mask)
        return mw_error_set(err, MW_USAGE, "--sampling is a column of --per-mask FILE");
    if (settings->cache_verify > 0 && !settings->cache)
        return mw_error_set(err, MW_USAGE, "--cache-verify is for --cache FILE");
    if (settings->inspect && settings->list_files)
        return mw_error_set(err, MW_USAGE, "--inspect and --list-files exclude each other");
    return check_reports(settings, err);
}

bool mw_settings_print_only(const struct mw_settings *settings) {
    return settings->help || settings->version || settings->list || settings->explain.count;
}

static enum mw_status add_default_scheme(struct mw_settings *settings, struct mw_error *err) {
    settings->schemes = calloc(1, sizeof *settings->schemes);
    if (!settings->schemes) return mw_error_memory(err);
    settings->scheme_count = 1;
    bool multi = mw_labels_multi(&settings->labels);
    return mw_scheme_parse(settings->schemes, multi ? "pos-weight" : "balanced", err);
}

/* Of all schemes those that have a meaning for multi-label masks. */
static void drop_single_label(struct mw_settings *settings) {
    size_t kept = 0;
    for (size_t i = 0; i < settings->scheme_count; i++)
        if (!settings->schemes[i].scheme->single_label)
            settings->schemes[kept++] = settings->schemes[i];
    settings->scheme_count = kept;
}

enum mw_status mw_settings_choose_schemes(struct mw_settings *settings, struct mw_error *err) {
    bool all_pos_weight = true;
    enum mw_status status = settings->scheme_count ? MW_OK : add_default_scheme(settings, err);
    if (status) return status;
    if (settings->all_schemes && mw_labels_multi(&settings->labels)) drop_single_label(settings);
    for (size_t i = 0; i < settings->scheme_count; i++)
        all_pos_weight = all_pos_weight && settings->schemes[i].scheme->is_pos_weight;
    if (all_pos_weight && settings->weigh.normalize != MW_NORMALIZE_NONE)
        return mw_error_set(err, MW_USAGE, "pos-weight is never normalised: leave out --normalize");
    return MW_OK;
}

/* Cityscapes: 1000, and smaller values are classes. KITTI, Mapillary: 256, and all are divided. */
static void resolve_instance(struct mw_settings *settings) {
    struct mw_labels *labels = &settings->labels;
    if (labels->encoding != MW_ENCODING_INSTANCE) return;
    labels->divide_small = settings->small_values ? strcmp(settings->small_values, "divide") == 0
                                                  : labels->divisor && labels->divisor != 1000;
    if (!labels->divisor) labels->divisor = 1000;
}

void mw_settings_init(struct mw_settings *settings) {
    *settings = (struct mw_settings){
        .weigh = {.min_weight = NAN, .max_weight = NAN},
        .writer = mw_writers[0],
        .limits = mw_limits_default,
    };
}

enum mw_status mw_settings_finish(struct mw_settings *settings, struct mw_error *err) {
    resolve_instance(settings);
    return check_together(settings, err);
}

void mw_settings_survey(struct mw_settings *settings, struct mw_survey *survey) {
    *survey = (struct mw_survey){
        .list_path = settings->files_from,
        .list_null = settings->null,
        .rules = {.include = settings->include.list,
                  .include_count = settings->include.count,
                  .exclude = settings->exclude.list,
                  .exclude_count = settings->exclude.count,
                  .follow = settings->follow},
        .labels = &settings->labels,
        .limits = settings->limits,
        .shard = settings->shard,
        .shard_count = settings->shard_count,
        .subset = settings->subset,
        .jobs = mw_jobs_possible(settings->jobs),
    };
}

enum mw_status mw_settings_parse(struct mw_settings *settings, int argc, char **argv,
                                 struct mw_error *err) {
    mw_settings_init(settings);
    struct option *long_options = make_long_options();
    if (!long_options) return mw_error_memory(err);
    enum mw_status status = parse_options(settings, argc, argv, long_options, err);
    free(long_options);
    if (status) return status;
    settings->sources.list = (const char **)&argv[optind];
    settings->sources.count = (size_t)(argc - optind);
    if (mw_settings_print_only(settings)) return MW_OK;
    if (settings->sources.count == 0 && !settings->files_from)
        return mw_error_set(err, MW_USAGE,
                            "no source: name a directory of masks, a mask or an earlier document; "
                            "try --help");
    status = mw_settings_finish(settings, err);
    return status ? status : mw_settings_name_shard(settings, err);
}

bool mw_settings_audit(const struct mw_settings *settings) {
    return settings->checks.count || settings->rule_files.count || settings->baseline ||
           settings->images;
}

void mw_settings_free(struct mw_settings *settings) {
    free(settings->rule_files.list);
    free(settings->image_names.list);
    free(settings->explain.list);
    mw_check_rules_free(&settings->checks);
    free(settings->include.list);
    free(settings->exclude.list);
    free(settings->schemes);
    free(settings->output_named);
    free(settings->cache_named);
    free(settings->reports);
    mw_labels_free(&settings->labels);
}
