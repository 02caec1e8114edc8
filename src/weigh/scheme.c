#include "weigh/scheme.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void mw_scheme_standard(struct mw_scheme_request *request, const struct mw_scheme *scheme) {
    *request = (struct mw_scheme_request){.scheme = scheme, .text = scheme->name};
    for (size_t i = 0; i < MW_PARAMETERS; i++) request->values[i] = scheme->parameters[i].standard;
}

bool mw_scheme_same(const struct mw_scheme_request *a, const struct mw_scheme_request *b) {
    bool same = a->scheme == b->scheme;
    for (size_t i = 0; i < MW_PARAMETERS; i++) same = same && a->values[i] == b->values[i];
    return same;
}

static bool name_is(const char *name, const char *text, size_t length) {
    return name && strlen(name) == length && memcmp(name, text, length) == 0;
}

static const struct mw_scheme *find_scheme(const char *text, size_t length) {
    for (size_t i = 0; i < mw_scheme_count; i++)
        if (name_is(mw_schemes[i].name, text, length) || name_is(mw_schemes[i].alias, text, length))
            return &mw_schemes[i];
    return NULL;
}

static enum mw_status unknown_scheme(const char *text, size_t length, struct mw_error *err) {
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1),
             text);
    return mw_error_unknown(err, "--scheme", word, &mw_schemes[0].name, mw_scheme_count,
                            sizeof mw_schemes[0], ", all");
}

static enum mw_status parse_choice(const struct mw_scheme *scheme,
                                   const struct mw_parameter *parameter, const char *word,
                                   double *value, struct mw_error *err) {
    for (int i = 0; i < 2; i++) {
        if (strcmp(parameter->choices[i], word) != 0) continue;
        *value = i;
        return MW_OK;
    }
    return mw_error_set(err, MW_USAGE, "--scheme %s: '%s' must be '%s' or '%s', not '%s'",
                        scheme->name, parameter->name, parameter->choices[0], parameter->choices[1],
                        word);
}

static enum mw_status parse_number(const struct mw_scheme *scheme,
                                   const struct mw_parameter *parameter, const char *word,
                                   double *value, struct mw_error *err) {
    if (mw_real_parse(word, value) && *value > parameter->above && *value < parameter->below)
        return MW_OK;
    return mw_error_set(err, MW_USAGE, "--scheme %s: '%s' must be %s, not '%s'", scheme->name,
                        parameter->name, parameter->range, word);
}

static enum mw_status unknown_parameter(const struct mw_scheme *scheme, const char *key,
                                        struct mw_error *err) {
    const struct mw_parameter *parameters = scheme->parameters;
    if (!parameters[0].name)
        return mw_error_set(err, MW_USAGE, "--scheme %s: it has no parameters, so not '%s'",
                            scheme->name, key);
    return mw_error_set(err, MW_USAGE, "--scheme %s: there is no '%s'; it has %s%s%s", scheme->name,
                        key, parameters[0].name, parameters[1].name ? " and " : "",
                        parameters[1].name ? parameters[1].name : "");
}

/* One KEY=VALUE. */
static enum mw_status parse_parameter(struct mw_scheme_request *request, char *word,
                                      unsigned *given, struct mw_error *err) {
    const struct mw_scheme *scheme = request->scheme;
    char *equals = strchr(word, '=');
    if (!equals)
        return mw_error_set(err, MW_USAGE, "--scheme %s: '%s' is not KEY=VALUE", scheme->name,
                            word);
    *equals = '\0';
    for (size_t i = 0; i < MW_PARAMETERS; i++) {
        const struct mw_parameter *parameter = &scheme->parameters[i];
        if (!parameter->name || strcmp(parameter->name, word) != 0) continue;
        if (*given >> i & 1)
            return mw_error_set(err, MW_USAGE, "--scheme %s: '%s' is given twice", scheme->name,
                                word);
        *given |= 1U << i;
        double *value = &request->values[i];
        return parameter->choices[0] ? parse_choice(scheme, parameter, equals + 1, value, err)
                                     : parse_number(scheme, parameter, equals + 1, value, err);
    }
    return unknown_parameter(scheme, word, err);
}

static enum mw_status check_required(const struct mw_scheme_request *request, unsigned given,
                                     struct mw_error *err) {
    const struct mw_scheme *scheme = request->scheme;
    const struct mw_parameter *parameters = scheme->parameters;
    if (!scheme->needs_second || given >> 1 & 1 || request->values[0] == 0) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--scheme %s:%s=%s needs %s=NUMBER", scheme->name,
                        parameters[0].name, parameters[0].choices[1], parameters[1].name);
}

enum mw_status mw_scheme_parse(struct mw_scheme_request *request, const char *text,
                               struct mw_error *err) {
    size_t length = strcspn(text, ":");
    const struct mw_scheme *scheme = find_scheme(text, length);
    if (!scheme) return unknown_scheme(text, length, err);
    mw_scheme_standard(request, scheme);
    request->text = text;
    unsigned given = 0;
    char word[64];
    for (const char *next = text + length; *next; next += length) {
        length = strcspn(++next, ",");
        if (length >= sizeof word)
            return mw_error_set(err, MW_USAGE, "--scheme %s: '%s' is too long", scheme->name, next);
        memcpy(word, next, length);
        word[length] = '\0';
        enum mw_status status = parse_parameter(request, word, &given, err);
        if (status) return status;
    }
    return check_required(request, given, err);
}
