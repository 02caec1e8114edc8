#include "cli/inspect.h"

#include <inttypes.h>
#include <string.h>

#include "audit/guess.h"
#include "cli/class_maps.h"
#include "write/inspection.h"

enum { UNKNOWN_SHOWN = 10 };

/* A class map for the colours on standard input, or, where that is read already, as bash has it. */
static void add_class_map(const struct mw_guess *guess, bool stdin_taken, struct mw_text *before,
                          struct mw_text *text) {
    struct mw_text lines = {0};
    for (const char *line = guess->colours.data; *line;) {
        int length = (int)strcspn(line, "\n");
        mw_text_print(&lines, " '%.*s'", length, line);
        line += length + 1;
    }
    before->failed = before->failed || lines.failed;
    if (!lines.failed && stdin_taken)
        mw_text_print(text, " --class-map <(printf '%%s\\n'%s)", lines.data);
    else if (!lines.failed) {
        mw_text_print(before, "printf '%%s\\n'%s | ", lines.data);
        mw_text_print(text, " --class-map /dev/stdin");
    }
    mw_text_free(&lines);
}

static void add_option(const char *name, const char *value, struct mw_text *text) {
    mw_text_print(text, " --%s ", name);
    mw_text_add_shell(text, value);
}

static void add_limits(const struct mw_limits *given, const struct mw_limits *standard,
                       struct mw_text *text) {
    const struct {
        const char *option;
        uint64_t given, standard;
    } limits[] = {
        {"max-pixels", given->max_pixels, standard->max_pixels},
        {"max-row-bytes", given->max_row_bytes, standard->max_row_bytes},
        {"max-metadata", given->max_directory, standard->max_directory},
        {"max-pages", given->max_pages, standard->max_pages},
        {"max-member", given->max_member, standard->max_member},
        {"max-members", given->max_members, standard->max_members},
        {"max-values", given->max_values, standard->max_values},
        {"max-text", given->max_text, standard->max_text},
        {"max-places", given->max_places, standard->max_places},
        {"max-seconds", given->max_seconds, standard->max_seconds},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (limits[i].given != limits[i].standard)
            mw_text_print(text, " --%s %" PRIu64, limits[i].option, limits[i].given);
}

/* The options that say which masks: the suggested command counts those that were inspected. */
static void add_which_masks(const struct mw_settings *settings, struct mw_text *text) {
    for (size_t i = 0; i < settings->include.count; i++)
        add_option("include", settings->include.list[i], text);
    for (size_t i = 0; i < settings->exclude.count; i++)
        add_option("exclude", settings->exclude.list[i], text);
    if (settings->follow) mw_text_print(text, " --follow");
    if (settings->shard_count)
        mw_text_print(text, " --shard %" PRIu32 "/%" PRIu32, settings->shard,
                      settings->shard_count);
    if (settings->sample) add_option("sample", settings->sample, text);
    add_limits(&settings->limits, &mw_limits_default, text);
    if (settings->files_from) add_option("files-from", settings->files_from, text);
    if (settings->null) mw_text_print(text, " --null");
}

static bool takes_stdin(const struct mw_settings *settings) {
    bool taken = settings->files_from && strcmp(settings->files_from, "-") == 0;
    for (size_t i = 0; i < settings->sources.count; i++)
        taken = taken || strcmp(settings->sources.list[i], "-") == 0;
    return taken;
}

static void add_sources(const struct mw_settings *settings, struct mw_text *text) {
    bool dash = false;
    for (size_t i = 0; i < settings->sources.count; i++)
        dash = dash || (settings->sources.list[i][0] == '-' && settings->sources.list[i][1]);
    if (dash) mw_text_print(text, " --");
    for (size_t i = 0; i < settings->sources.count; i++) {
        mw_text_print(text, " ");
        mw_text_add_shell(text, settings->sources.list[i]);
    }
}

static void add_command(const struct mw_settings *settings, const struct mw_guess *guess,
                        struct mw_text *command) {
    struct mw_text options = {0};
    mw_guess_print_options(guess, &options);
    if (guess->colours.length) add_class_map(guess, takes_stdin(settings), command, &options);
    add_which_masks(settings, &options);
    add_sources(settings, &options);
    mw_text_print(command, "maskweight");
    if (options.failed) command->failed = true;
    else mw_text_add(command, options.data, options.length);
    mw_text_free(&options);
}

enum mw_status mw_inspect_write(const struct mw_settings *settings, const struct mw_survey *survey,
                                const struct mw_counts *counts, struct mw_text *text,
                                struct mw_error *err) {
    struct mw_known_maps maps = {0};
    struct mw_guess guess = {0};
    struct mw_text command = {0};
    enum mw_status status = mw_class_maps_read(&maps, err);
    if (!status) status = mw_guess_make(&guess, &survey->inspection, NULL, &maps, err);
    if (!status) {
        guess.keep_going = guess.keep_going || !counts->complete;
        add_command(settings, &guess, &command);
        struct mw_inspection_report report = {&survey->inspection, counts, &guess, command.data};
        if (!command.failed) mw_inspection_write(&report, text);
        if (command.failed || text->failed) status = mw_error_memory(err);
    }
    mw_text_free(&command);
    mw_guess_free(&guess);
    mw_known_maps_free(&maps);
    return status;
}

/* "value 255 is no class: 40 pixels in 3 masks, first in a.png at x 1, y 2" */
static enum mw_status tell_value(const struct mw_terminal *terminal, const struct mw_survey *survey,
                                 size_t place, struct mw_error *err) {
    const struct mw_inspection *facts = &survey->inspection;
    const struct mw_value *value = &facts->unknown.list[place];
    struct mw_text line = {0};
    uint32_t x, y;
    mw_text_print(&line, value->is_colour ? "colour " : "value ");
    mw_inspection_add_value(facts, value, &line);
    mw_text_print(&line, " is no class: %" PRIu64 " pixel%s in %" PRIu64 " mask%s, first in ",
                  value->pixels, value->pixels == 1 ? "" : "s", value->masks,
                  value->masks == 1 ? "" : "s");
    mw_text_add_path(&line, value->first->path);
    if (value->first->page)
        mw_text_print(&line, " %s %" PRIu32, value->first->part, value->first->page + 1);
    if (mw_survey_locate_unknown(survey, place, &x, &y))
        mw_text_print(&line, " at x %" PRIu32 ", y %" PRIu32, x, y);
    enum mw_status status = line.failed ? mw_error_memory(err) : MW_OK;
    if (!status) mw_terminal_note(terminal, line.data);
    mw_text_free(&line);
    return status;
}

/* One mask and few values are told by its failure already. */
static enum mw_status tell_values(const struct mw_terminal *terminal,
                                  const struct mw_survey *survey, struct mw_error *err) {
    const struct mw_values *unknown = &survey->inspection.unknown;
    size_t places[UNKNOWN_SHOWN], shown = mw_values_rank(unknown, places, UNKNOWN_SHOWN);
    enum mw_status status = MW_OK;
    if (survey->inspection.masks == 1 && unknown->count <= MW_UNKNOWN_SHOWN) return MW_OK;
    for (size_t i = 0; i < shown && !status; i++)
        status = tell_value(terminal, survey, places[i], err);
    if (status || shown == unknown->count) return status;
    struct mw_text line = {0};
    mw_text_print(&line, "and %s%zu values more that are no class",
                  unknown->more ? "more than " : "", unknown->count - shown);
    if (line.failed) status = mw_error_memory(err);
    else mw_terminal_note(terminal, line.data);
    mw_text_free(&line);
    return status;
}

static void add_guess(const struct mw_guess *guess, struct mw_text *line) {
    if (guess->name) {
        mw_text_print(line, "probably %s%s", guess->why.data, guess->useless ? "" : "; try");
        mw_guess_print_options(guess, line);
    } else {
        mw_text_print(line, "no known encoding explains all of these: --inspect shows what the "
                            "masks hold");
    }
}

enum mw_status mw_inspect_tell_unknown(const struct mw_terminal *terminal,
                                       const struct mw_survey *survey, char **hint,
                                       struct mw_error *err) {
    struct mw_text line = {0};
    struct mw_known_maps maps = {0};
    struct mw_guess guess = {0};
    if (survey->inspection.unknown.count == 0) return MW_OK;
    enum mw_status status = tell_values(terminal, survey, err);
    if (!status) status = mw_class_maps_read(&maps, err);
    if (!status) status = mw_guess_make(&guess, &survey->inspection, survey->labels, &maps, err);
    if (!status) add_guess(&guess, &line);
    if (!status && line.failed) status = mw_error_memory(err);
    if (!status) mw_terminal_note(terminal, line.data);
    if (hint && !status) *hint = line.data;
    else mw_text_free(&line);
    mw_guess_free(&guess);
    mw_known_maps_free(&maps);
    return status;
}
