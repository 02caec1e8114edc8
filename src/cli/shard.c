#include "cli/shard.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/apply.h"
#include "count/launcher.h"

/* Digits alone, up to the most shards that there can be; *text is then behind them. */
static bool parse_number(const char **text, uint32_t *number) {
    uint32_t value = 0;
    const char *digits = *text;
    while (**text >= '0' && **text <= '9' && value <= MW_MAX_SHARDS)
        value = 10 * value + (uint32_t)(*(*text)++ - '0');
    *number = value;
    return *text > digits && value >= 1 && value <= MW_MAX_SHARDS;
}

static enum mw_status refuse_value(const char *value, struct mw_error *err) {
    return mw_error_set(err, MW_USAGE,
                        "--shard: '%s' is neither K/N with 1 <= K <= N <= %d, as in 3/12, nor "
                        "auto or auto/N",
                        value, MW_MAX_SHARDS);
}

static enum mw_status find_auto(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    const struct mw_launcher *launcher;
    const char *text = value + strlen("auto");
    uint32_t given = 0;
    if (*text && (*text++ != '/' || !parse_number(&text, &given) || *text))
        return refuse_value(value, err);
    enum mw_status status =
        mw_launcher_find(getenv, given, &settings->shard, &settings->shard_count, &launcher, err);
    if (!status) settings->shard_from = launcher->index;
    return status;
}

enum mw_status mw_apply_shard(struct mw_settings *settings, const char *value,
                              struct mw_error *err) {
    const char *text = value;
    uint32_t index, count;
    if (settings->shard_count) return mw_error_set(err, MW_USAGE, "--shard is given twice");
    if (strncmp(value, "auto", strlen("auto")) == 0) return find_auto(settings, value, err);
    if (!parse_number(&text, &index) || *text++ != '/' || !parse_number(&text, &count) || *text ||
        index > count)
        return refuse_value(value, err);
    settings->shard = index;
    settings->shard_count = count;
    return MW_OK;
}

static int width_of(uint32_t number) {
    int width = 1;
    while (number /= 10) width++;
    return width;
}

/* What stands behind a percent sign; false when that has no meaning. */
static bool add_field(const struct mw_settings *settings, char letter, struct mw_text *name) {
    int width = width_of(settings->shard_count);
    switch (letter) {
    case 'k': mw_text_print(name, "%0*" PRIu32, width, settings->shard); return true;
    case 'n': mw_text_print(name, "%" PRIu32, settings->shard_count); return true;
    case '%': mw_text_print(name, "%%"); return true;
    default: return false;
    }
}

/* Replaces *name, the argument of an option; *made is what is to be freed. */
static enum mw_status name_shard(const struct mw_settings *settings, const char *option,
                                 const char **name, char **made, struct mw_error *err) {
    struct mw_text text = {0};
    if (!*name) return MW_OK;
    for (const char *next = *name; *next; next++) {
        size_t plain = strcspn(next, "%");
        mw_text_add(&text, next, plain);
        next += plain;
        if (!*next) break;
        if (add_field(settings, *++next, &text)) continue;
        mw_text_free(&text);
        return mw_error_set(err, MW_USAGE,
                            "--%s: '%s': with --shard, %% begins %%k (the shard's number), %%n "
                            "(how many there are) or %%%% (a percent sign)",
                            option, *name);
    }
    if (text.failed) {
        mw_text_free(&text);
        return mw_error_memory(err);
    }
    *name = *made = text.data;
    return MW_OK;
}

enum mw_status mw_settings_name_shard(struct mw_settings *settings, struct mw_error *err) {
    if (settings->shard_count == 0) return MW_OK;
    enum mw_status status =
        name_shard(settings, "output", &settings->output, &settings->output_named, err);
    if (status) return status;
    return name_shard(settings, "cache", &settings->cache, &settings->cache_named, err);
}

void mw_shard_tell(const struct mw_settings *settings, const struct mw_terminal *terminal) {
    struct mw_error note;
    if (!settings->shard_from || !terminal->verbose) return;
    mw_error_set(&note, MW_USAGE, "shard %" PRIu32 " of %" PRIu32 ", as %s says", settings->shard,
                 settings->shard_count, settings->shard_from);
    mw_terminal_note(terminal, note.message);
}

enum mw_status mw_shard_check_missing(const struct mw_settings *settings,
                                      const struct mw_terminal *terminal,
                                      const struct mw_shards *shards, struct mw_error *err) {
    struct mw_error told;
    if (settings->shard_count) return MW_OK;
    enum mw_status status = mw_shards_check_missing(
        shards,
        settings->keep_going ? "" : "; nothing was written (--keep-going writes the others)",
        &told);
    if (status == MW_USAGE && settings->keep_going) {
        mw_terminal_note(terminal, told.message);
        return MW_OK;
    }
    if (status) *err = told;
    return status;
}
