#define _GNU_SOURCE /* memmem */
#include "audit/image_name.h"

#include <string.h>
#include <strings.h>

#include "read/image.h"

enum { STARS = 8 }; /* on each side, at most */

/* One side of a pattern, with a '*' at least; or, of a TO, with a "{1}" for what the first '*' stands for. */
struct side {
    const char *text;
    size_t length;
    bool whole;    /* it has a '/' */
    bool numbered; /* it has "{1}" and the like, and no '*' */
};

/* What a '*' stands for. */
struct part {
    const char *text;
    size_t length;
};

static struct side side_of(const char *text, size_t length) {
    return (struct side){
        .text = text, .length = length, .whole = memchr(text, '/', length) != NULL};
}

/* The length of a "{1}" to "{8}" at `text`, else 0. */
static size_t number_length(const char *text) {
    return text[0] == '{' && text[1] >= '1' && text[1] <= '0' + STARS && text[2] == '}' ? 3 : 0;
}

static bool has_number(const char *text) {
    while (*text && !number_length(text)) text++;
    return *text;
}

static struct side from_of(const char *pattern) {
    return side_of(pattern, strcspn(pattern, "="));
}

static struct side to_of(const char *pattern) {
    const char *to = strchr(pattern, '=') + 1;
    struct side side = side_of(to, strlen(to));
    side.numbered = has_number(to);
    return side;
}

/* Where the next '*' or number of a side is, and how long that; NULL: there is none. */
static const char *next_star(const struct side *side, const char *text, size_t *length) {
    const char *end = side->text + side->length;
    for (*length = 1; text < end; text++) {
        if (!side->numbered && *text == '*') return text;
        if (side->numbered && (*length = number_length(text))) return text;
    }
    return NULL;
}

/* Which '*' of FROM number `place` in a TO stands for, both from 0. */
static size_t part_number(const struct side *to, const char *star, size_t place) {
    return to->numbered ? (size_t)(star[1] - '1') : place;
}

static size_t count_stars(const struct side *side) {
    size_t count = 0, length;
    const char *star = next_star(side, side->text, &length);
    for (; star; star = next_star(side, star + length, &length)) count++;
    return count;
}

const char *mw_base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *mw_image_suffix(const char *name) {
    const char *dot = strrchr(mw_base_name(name), '.');
    for (size_t i = 0; dot && mw_image_suffixes[i]; i++)
        if (strcasecmp(dot + 1, mw_image_suffixes[i]) == 0) return dot;
    return NULL;
}

/* Takes what a '*' stands for; false: its number has stood for something else. */
static bool take_part(struct part *part, const char *text, size_t length) {
    if (part->text && (part->length != length || memcmp(part->text, text, length) != 0))
        return false;
    *part = (struct part){text, length};
    return true;
}

/* Whether `length` bytes of `name` are a side, and with which parts for each '*': all but the last as short as
 * can be. */
static bool matches(const struct side *side, const char *name, size_t length,
                    struct part parts[STARS]) {
    const char *end = side->text + side->length, *name_end = name + length;
    size_t size;
    const char *star = next_star(side, side->text, &size);
    size_t fixed = (size_t)(star - side->text);
    memset(parts, 0, STARS * sizeof *parts);
    if (length < fixed || memcmp(name, side->text, fixed) != 0) return false;
    name += fixed;
    for (size_t i = 0; star; i++) {
        const char *text = star + size;
        struct part *part = &parts[part_number(side, star, i)];
        star = next_star(side, text, &size);
        fixed = (size_t)((star ? star : end) - text);
        size_t left = (size_t)(name_end - name);
        if (left < fixed) return false;
        const char *found = star ? memmem(name, left, text, fixed) : name_end - fixed;
        if (!found || memcmp(found, text, fixed) != 0) return false;
        if (!take_part(part, name, (size_t)(found - name))) return false;
        name = found + fixed;
    }
    return true;
}

/* Appends a side with what each '*' or number stands for. */
static void fill(const struct side *side, const struct part *parts, struct mw_text *out) {
    const char *text = side->text;
    size_t size, place = 0;
    for (const char *star; (star = next_star(side, text, &size)); text = star + size) {
        const struct part *part = &parts[part_number(side, star, place++)];
        mw_text_add(out, text, (size_t)(star - text));
        mw_text_add(out, part->text, part->length);
    }
    mw_text_add(out, text, (size_t)(side->text + side->length - text));
}

/* Whether a TO ends in the suffix of an image. */
static bool has_suffix(const struct side *to) {
    const char *text = to->text, *star;
    size_t size;
    while ((star = next_star(to, text, &size))) text = star + size;
    return mw_image_suffix(text) != NULL;
}

/* What is wrong with one side for itself, or NULL. */
static const char *fault_of_side(const struct side *side) {
    if (memmem(side->text, side->length, "**", 2)) return "two * beside each other: one is enough";
    if (count_stars(side) == 0)
        return "no *, which stands for what the names of mask and image share";
    return count_stars(side) > STARS ? "more than 8 *" : NULL;
}

static enum mw_status check_numbers(const char *pattern, const struct side *to, size_t stars,
                                    struct mw_error *err) {
    size_t length;
    const char *star = next_star(to, to->text, &length);
    if (memchr(to->text, '*', to->length))
        return mw_error_set(err, MW_USAGE,
                            "--image-name '%s': TO has both * and {%c}: write one or the other",
                            pattern, star[1]);
    for (; star; star = next_star(to, star + length, &length))
        if (part_number(to, star, 0) >= stars)
            return mw_error_set(err, MW_USAGE, "--image-name '%s': {%c} in TO, and FROM has %zu *",
                                pattern, star[1], stars);
    return MW_OK;
}

enum mw_status mw_image_name_check(const char *pattern, struct mw_error *err) {
    if (!strchr(pattern, '='))
        return mw_error_set(err, MW_USAGE,
                            "--image-name '%s': no =: write FROM=TO, as in '*_mask.png=*.jpg'",
                            pattern);
    struct side from = from_of(pattern), to = to_of(pattern);
    size_t stars = count_stars(&from), filled = count_stars(&to);
    const char *fault = fault_of_side(&from);
    if (fault) return mw_error_set(err, MW_USAGE, "--image-name '%s': FROM has %s", pattern, fault);
    fault = fault_of_side(&to);
    if (fault)
        return mw_error_set(err, MW_USAGE, "--image-name '%s': TO has %s%s", pattern, fault,
                            filled ? "" : "; {1} to {8} stand for the * of FROM, too");
    if (to.numbered && check_numbers(pattern, &to, stars, err)) return MW_USAGE;
    if (!to.numbered && stars != filled)
        return mw_error_set(
            err, MW_USAGE,
            "--image-name '%s': FROM has %zu * and TO %zu: write as many, or {1} to "
            "{%zu} in TO for those of FROM",
            pattern, stars, filled, stars);
    if (from.whole || !to.whole) return MW_OK;
    return mw_error_set(err, MW_USAGE,
                        "--image-name '%s': TO has a / and FROM has none: leave it out, since the "
                        "directory stays, or match whole paths, as in "
                        "'*/masks/*.png=*/images/*.jpg'",
                        pattern);
}

bool mw_image_name_derive(const char *pattern, const char *path, size_t directory,
                          struct mw_text *out, bool *any_suffix) {
    struct side from = from_of(pattern), to = to_of(pattern);
    const char *subject = from.whole ? path : mw_base_name(path);
    struct part parts[STARS];
    if (!matches(&from, subject, strlen(subject), parts)) return false;
    if (!from.whole) mw_text_add(out, path, directory);
    fill(&to, parts, out);
    *any_suffix = !has_suffix(&to);
    return true;
}

bool mw_image_name_fits(const char *pattern, const char *path) {
    struct side to = to_of(pattern);
    const char *subject = from_of(pattern).whole ? path : mw_base_name(path);
    const char *suffix = mw_image_suffix(path);
    struct part ignored[STARS];
    size_t whole = strlen(subject);
    if (!has_suffix(&to)) whole -= suffix ? strlen(suffix) : whole;
    return matches(&to, subject, whole, ignored);
}
