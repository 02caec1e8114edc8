#include <string.h>

#include "cli/apply.h"
#include "cli/values.h"

static const char *const small_words[] = {"class", "divide"};
static const char *const alpha_words[] = {"ignore", "use"};
static const char *const unknown_words[] = {"error", "ignore"};
enum { UNKNOWN_WORDS = 2 };

const char *mw_small_word(size_t number) {
    return number < 2 ? small_words[number] : NULL;
}

const char *mw_alpha_word(size_t number) {
    return number < 2 ? alpha_words[number] : NULL;
}

const char *mw_nodata_word(size_t number) {
    return number < MW_NODATA_NAMES ? mw_nodata_names[number] : NULL;
}

const char *mw_encoding_word(size_t number) {
    return number < mw_encoding_count ? mw_encodings[number].name : NULL;
}

const char *mw_unknown_word(size_t number) {
    return number < UNKNOWN_WORDS ? unknown_words[number] : NULL;
}

enum mw_status mw_apply_classes(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    int64_t number;
    enum mw_status status = mw_value_number("classes", value, 1, MW_MAX_CLASSES, &number, err);
    if (status) return status;
    settings->labels.classes = (uint32_t)number;
    settings->labels.given |= MW_SET_CLASSES;
    return MW_OK;
}

enum mw_status mw_apply_class_map(struct mw_settings *settings, const char *value,
                                  struct mw_error *err) {
    if (settings->class_map) return mw_error_set(err, MW_USAGE, "--class-map is given twice");
    settings->class_map = value;
    return MW_OK;
}

enum mw_status mw_apply_encoding(struct mw_settings *settings, const char *value,
                                 struct mw_error *err) {
    settings->labels.given |= MW_SET_ENCODING;
    for (size_t i = 0; i < mw_encoding_count; i++) {
        settings->labels.encoding = (enum mw_encoding)i;
        if (strcmp(mw_encodings[i].name, value) == 0) return MW_OK;
    }
    return mw_error_unknown(err, "--encoding", value, &mw_encodings[0].name, mw_encoding_count,
                            sizeof mw_encodings[0], "");
}

enum mw_status mw_apply_divisor(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    int64_t number;
    enum mw_status status = mw_value_number("divisor", value, 2, UINT32_MAX, &number, err);
    if (!status) settings->labels.divisor = (uint32_t)number;
    return status;
}

enum mw_status mw_apply_small_values(struct mw_settings *settings, const char *value,
                                     struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("small-values", value, small_words, 2, &number, err);
    settings->small_values = status ? NULL : small_words[number];
    return status;
}

enum mw_status mw_apply_alpha(struct mw_settings *settings, const char *value,
                              struct mw_error *err) {
    unsigned number;
    enum mw_status status = mw_value_word("alpha", value, alpha_words, 2, &number, err);
    settings->labels.transparent_ignored = number == 1;
    settings->labels.given |= MW_SET_ALPHA;
    return status;
}

enum mw_status mw_apply_nodata(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("nodata", value, mw_nodata_names, MW_NODATA_NAMES, &number, err);
    settings->labels.nodata = (enum mw_nodata)number;
    settings->labels.given |= MW_SET_NODATA;
    return status;
}

enum mw_status mw_apply_map(struct mw_settings *settings, const char *value, struct mw_error *err) {
    settings->labels.given |= MW_SET_MAP;
    enum mw_status status = mw_rules_parse(&settings->labels.map, value, err);
    if (status) mw_error_prefix(err, "--map");
    return status;
}

enum mw_status mw_apply_ignore(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    settings->labels.given |= MW_SET_IGNORE;
    enum mw_status status = mw_ranges_parse(&settings->labels.ignore, value, err);
    if (status) mw_error_prefix(err, "--ignore-index");
    return status;
}

enum mw_status mw_apply_background(struct mw_settings *settings, const char *value,
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

enum mw_status mw_apply_reduce_zero(struct mw_settings *settings, const char *value,
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

enum mw_status mw_apply_binary(struct mw_settings *settings, const char *value,
                               struct mw_error *err) {
    (void)value;
    return set_binary(settings, MW_BINARY_NONZERO, err);
}

enum mw_status mw_apply_threshold(struct mw_settings *settings, const char *value,
                                  struct mw_error *err) {
    enum mw_status status =
        mw_value_number("threshold", value, 1, UINT32_MAX, &settings->labels.threshold, err);
    return status ? status : set_binary(settings, MW_BINARY_THRESHOLD, err);
}

enum mw_status mw_apply_unknown(struct mw_settings *settings, const char *value,
                                struct mw_error *err) {
    unsigned number;
    enum mw_status status =
        mw_value_word("unknown", value, unknown_words, UNKNOWN_WORDS, &number, err);
    settings->labels.unknown = number == 0 ? MW_UNKNOWN_ERROR : MW_UNKNOWN_IGNORE;
    settings->labels.given |= MW_SET_UNKNOWN;
    return status;
}
