/* Where no mask has an image: a guess at the pattern that pairs them. */
#include <stdlib.h>
#include <string.h>

#include "audit/pairing.h"
#include "read/walk.h"

enum { IMAGES = 64, MASKS = 8, SEEDS = 3 };

/* The first images of the directory. */
struct names {
    char *list[IMAGES]; /* [count], below the directory */
    size_t count;
};

static enum mw_status on_image(void *context, const char *path, size_t below,
                               struct mw_error *err) {
    struct names *names = context;
    if (names->count == IMAGES) return mw_error_set(err, MW_REFUSED, "enough");
    names->list[names->count] = strdup(path + below);
    return names->list[names->count++] ? MW_OK : mw_error_memory(err);
}

static enum mw_status list_images(const char *directory, struct names *names,
                                  struct mw_error *err) {
    struct mw_walk_events events = {.context = names, .file = on_image};
    struct mw_walk_rules rules = {.suffixes = mw_image_suffixes, .follow = true};
    enum mw_status status = mw_walk(directory, &rules, &events, err);
    return status == MW_REFUSED ? MW_OK : status;
}

/* A name in two: its stem, and its suffix with the dot. */
struct name {
    const char *stem;
    size_t length;
    const char *suffix;
};

static struct name name_of(const char *path) {
    const char *base = mw_base_name(path), *dot = strrchr(base, '.');
    if (!dot || dot == base) dot = base + strlen(base);
    return (struct name){base, (size_t)(dot - base), dot};
}

/* The longest text that is in both stems. */
struct core {
    size_t mask, image; /* where it begins in each */
    size_t length;
};

static struct core find_core(const struct name *mask, const struct name *image) {
    struct core core = {0};
    for (size_t i = 0; i < mask->length; i++)
        for (size_t j = 0; j < image->length; j++) {
            size_t length = 0;
            while (i + length < mask->length && j + length < image->length &&
                   mask->stem[i + length] == image->stem[j + length])
                length++;
            if (length > core.length) core = (struct core){i, j, length};
        }
    return core;
}

/* The pattern that makes one name of the other: what both share becomes the '*'. */
static void add_pattern(const struct name *mask, const struct name *image, const struct core *core,
                        struct mw_text *pattern) {
    size_t mask_end = core->mask + core->length, image_end = core->image + core->length;
    mw_text_add(pattern, mask->stem, core->mask);
    mw_text_print(pattern, "*");
    mw_text_add(pattern, mask->stem + mask_end, mask->length - mask_end);
    mw_text_print(pattern, "%s=", mask->suffix);
    mw_text_add(pattern, image->stem, core->image);
    mw_text_print(pattern, "*");
    mw_text_add(pattern, image->stem + image_end, image->length - image_end);
}

/* The mask at a place, as the survey would meet it. */
static struct mw_file file_of(const struct mw_pairing *pairing, const struct mw_place *place) {
    size_t number = place->source ? place->source - 1 : 0;
    bool below = number < pairing->source_count &&
                 (pairing->sources[number].kind == MW_SOURCE_DIRECTORY ||
                  pairing->sources[number].kind == MW_SOURCE_ARCHIVE);
    size_t archive = mw_sources_archive_length(pairing->sources, pairing->source_count,
                                               place->source, place->path);
    return (struct mw_file){.source = place->source,
                            .path = below ? "" : place->path,
                            .document_path = place->path,
                            .member = archive ? archive + 1 : 0};
}

/* How many of the masks have an image by a pattern. */
static enum mw_status count_pairs(const struct mw_pairing *pairing, const char *pattern,
                                  const struct mw_place_list *missing, size_t *pairs,
                                  struct mw_error *err) {
    const struct mw_pairing tried = {.directory = pairing->directory,
                                     .patterns = &pattern,
                                     .pattern_count = 1,
                                     .sources = pairing->sources,
                                     .source_count = pairing->source_count,
                                     .real = pairing->real};
    enum mw_status status = MW_OK;
    *pairs = 0;
    for (size_t i = 0; i < missing->kept && i < MASKS && !status; i++) {
        struct mw_file file = file_of(pairing, &missing->places[i]);
        struct mw_pair pair = {0};
        status = mw_pairing_find(&tried, &file, &pair, err);
        *pairs += pair.state == MW_PAIR_FOUND || pair.state == MW_PAIR_BROKEN;
        mw_pair_free(&pair);
    }
    return status;
}

/* The best pattern so far. */
struct best {
    struct mw_text pattern;
    size_t pairs, core;
};

/* Of one mask alone, one of the names must be in the other: what two names share may be chance. */
static bool is_likely(size_t pairs, size_t tried, const struct core *core, const struct name *mask,
                      const struct name *image) {
    bool inside = core->length == mask->length || core->length == image->length;
    return 2 * pairs >= tried && (pairs > 1 || (pairs == 1 && inside));
}

static enum mw_status try_names(const struct mw_pairing *pairing, const char *mask_path,
                                const char *image_path, const struct mw_place_list *missing,
                                struct best *best, struct mw_error *err) {
    struct name mask = name_of(mask_path), image = name_of(image_path);
    struct core core = find_core(&mask, &image);
    struct mw_text pattern = {0};
    struct mw_error fault;
    size_t pairs = 0, tried = missing->kept < MASKS ? missing->kept : MASKS;
    if (core.length == 0) return MW_OK;
    add_pattern(&mask, &image, &core, &pattern);
    enum mw_status status = pattern.failed ? mw_error_memory(err) : MW_OK;
    bool sound = !status && !mw_image_name_check(pattern.data, &fault);
    if (sound) status = count_pairs(pairing, pattern.data, missing, &pairs, err);
    bool better = pairs > best->pairs || (pairs == best->pairs && core.length > best->core);
    if (!status && sound && better && is_likely(pairs, tried, &core, &mask, &image)) {
        mw_text_free(&best->pattern);
        *best = (struct best){pattern, pairs, core.length};
    } else {
        mw_text_free(&pattern);
    }
    return status;
}

static enum mw_status find_best(const struct mw_pairing *pairing, const struct names *images,
                                const struct mw_place_list *missing, struct best *best,
                                struct mw_error *err) {
    enum mw_status status = MW_OK;
    for (size_t i = 0; i < missing->kept && i < SEEDS; i++) {
        struct mw_file mask = file_of(pairing, &missing->places[i]);
        for (size_t j = 0; j < images->count && !status; j++)
            status = try_names(pairing, mw_file_below(&mask), images->list[j], missing, best, err);
    }
    return status;
}

enum mw_status mw_pairing_guess(const struct mw_pairing *pairing,
                                const struct mw_place_list *missing, struct mw_text *text,
                                struct mw_error *err) {
    struct names images = {0};
    struct best best = {0};
    enum mw_status status = list_images(pairing->directory, &images, err);
    if (!status) status = find_best(pairing, &images, missing, &best, err);
    mw_text_print(text, "no mask has an image: ");
    if (images.count == 0) {
        mw_text_print(text, "there is none (jpg, jpeg, png, tif or tiff) in ");
        mw_text_add_path(text, pairing->directory);
    } else {
        mw_text_print(text, "the first mask is ");
        mw_text_add_path(text, missing->places[0].path);
        mw_text_print(text, ", and the first image ");
        mw_text_add_path(text, images.list[0]);
        mw_text_print(text, best.pattern.data
                                ? "; try --image-name "
                                : "; say with --image-name what the image of a mask is called");
        if (best.pattern.data) mw_text_add_shell(text, best.pattern.data);
    }
    for (size_t i = 0; i < images.count; i++) free(images.list[i]);
    mw_text_free(&best.pattern);
    return !status && text->failed ? mw_error_memory(err) : status;
}
