#define _GNU_SOURCE /* realpath */
#include "audit/pairing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "read/walk.h"

/* --- Names -------------------------------------------------------------------------------------- */

/* Appends the name of the image below the directory; nothing where no pattern matches. Of what is named for
 * itself the file name counts. Returns whether any suffix may follow. */
static bool derive(const struct mw_pairing *pairing, const struct mw_file *file,
                   struct mw_text *out) {
    const char *path = mw_file_below(file), *base = mw_base_name(path);
    bool named = file->path == path, any_suffix = false;
    size_t directory = named ? 0 : (size_t)(base - path);
    if (pairing->pattern_count == 0) {
        const char *dot = strrchr(base, '.');
        mw_text_add(out, path, directory);
        mw_text_add(out, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
        return true;
    }
    for (size_t i = 0; i < pairing->pattern_count; i++)
        if (mw_image_name_derive(pairing->patterns[i], path, directory, out, &any_suffix)) break;
    return any_suffix;
}

/* Whether an image could be that of a mask by its name. */
static bool is_derived(const struct mw_pairing *pairing, const char *path) {
    for (size_t i = 0; i < pairing->pattern_count; i++)
        if (mw_image_name_fits(pairing->patterns[i], path)) return true;
    return pairing->pattern_count == 0;
}

/* --- One mask ----------------------------------------------------------------------------------- */

/* The part of a canonical path below the directory, or NULL. */
static const char *below(const struct mw_pairing *pairing, const char *real) {
    size_t length = strlen(pairing->real);
    if (length == 1) length = 0; /* the root */
    bool inside = strncmp(real, pairing->real, length) == 0 && real[length] == '/';
    return inside ? real + length + 1 : NULL;
}

/* Where the mask lies below the directory of the images, it is no image itself. */
static enum mw_status place_mask(const struct mw_pairing *pairing, const struct mw_file *file,
                                 struct mw_text *out, struct mw_error *err) {
    size_t number = file->source ? file->source - 1 : 0;
    bool known = number < pairing->source_count;
    struct mw_text joined = {0};
    char *resolved = NULL;
    if (!known) resolved = realpath(file->path, NULL);
    if (!known && !resolved && errno == ENOMEM) return mw_error_memory(err);
    const char *real = known ? pairing->sources[number].real : resolved;
    if (known && real && pairing->sources[number].kind == MW_SOURCE_DIRECTORY) {
        mw_text_print(&joined, "%s/%s", real[1] ? real : "", file->document_path);
        real = joined.data;
    }
    const char *part = real ? below(pairing, real) : NULL;
    if (part) mw_text_add(out, part, strlen(part));
    bool failed = joined.failed || out->failed;
    mw_text_free(&joined);
    free(resolved);
    return failed ? mw_error_memory(err) : MW_OK;
}

/* Appends a path below the directory as it is reached. */
static void add_reached(const struct mw_pairing *pairing, const char *part, struct mw_text *out) {
    size_t length = strlen(pairing->directory);
    bool slash = length && pairing->directory[length - 1] == '/';
    mw_text_print(out, "%s%s%s", pairing->directory, slash ? "" : "/", part);
}

static enum mw_status set_missing(const struct mw_pairing *pairing, struct mw_pair *pair,
                                  const char *rest, struct mw_error *err) {
    struct mw_text reached = {0};
    add_reached(pairing, pair->path.data, &reached);
    bool failed = reached.failed;
    if (!failed) mw_error_set(&pair->why, MW_REFUSED, "no image %s%s", reached.data, rest);
    mw_text_free(&reached);
    return failed ? mw_error_memory(err) : MW_OK;
}

static bool is_link(const char *path) {
    struct stat info;
    return lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
}

/* Tries one path below the directory. */
static enum mw_status try_path(const struct mw_pairing *pairing, struct mw_pair *pair,
                               struct mw_error *err) {
    struct mw_text reached = {0};
    if (pair->mask.data && pair->path.data && strcmp(pair->mask.data, pair->path.data) == 0)
        return MW_OK; /* the mask itself */
    add_reached(pairing, pair->path.data ? pair->path.data : "", &reached);
    if (reached.failed || pair->path.failed) {
        mw_text_free(&reached);
        return mw_error_memory(err);
    }
    enum mw_status status = mw_image_read(&pair->image, reached.data, &pair->why);
    bool absent = status == MW_IO && (pair->why.number == ENOENT || pair->why.number == ENOTDIR);
    bool dangling = absent && is_link(reached.data);
    if (dangling)
        mw_error_set(&pair->why, MW_IO,
                     "a symbolic link to what is not there; fetch what it leads to");
    if (!absent || dangling) pair->state = status ? MW_PAIR_BROKEN : MW_PAIR_FOUND;
    if (pair->state == MW_PAIR_BROKEN) mw_error_prefix(&pair->why, "%s", reached.data);
    mw_text_free(&reached);
    return status == MW_NO_MEMORY ? mw_error_memory(err) : MW_OK;
}

static void cut(struct mw_text *text, size_t length) {
    text->length = length;
    if (text->data) text->data[length] = '\0';
}

/* Bit i of `capitals`: the letter i is one. */
static void add_suffix(struct mw_text *text, const char *suffix, unsigned capitals) {
    mw_text_add(text, ".", 1);
    for (; *suffix; suffix++, capitals >>= 1) {
        char letter = (char)(capitals & 1 ? *suffix - 'a' + 'A' : *suffix);
        mw_text_add(text, &letter, 1);
    }
}

/* Tries every suffix in small letters and in capitals, or in any mixture. */
static enum mw_status try_suffixes(const struct mw_pairing *pairing, struct mw_pair *pair,
                                   bool mixed, struct mw_error *err) {
    size_t length = pair->path.length;
    for (size_t i = 0; mw_image_suffixes[i]; i++) {
        unsigned all = (1u << strlen(mw_image_suffixes[i])) - 1;
        for (unsigned capitals = mixed; capitals <= all - mixed; capitals += mixed ? 1 : all) {
            cut(&pair->path, length);
            add_suffix(&pair->path, mw_image_suffixes[i], capitals);
            enum mw_status status = try_path(pairing, pair, err);
            if (status || pair->state != MW_PAIR_MISSING) return status;
        }
    }
    cut(&pair->path, length);
    return MW_OK;
}

/* In small letters or capitals, as nearly all are, then mixed: there is no other way to find a name in any
 * case of letters than to list the directory, once for each mask. */
static enum mw_status try_any_suffix(const struct mw_pairing *pairing, struct mw_pair *pair,
                                     struct mw_error *err) {
    enum mw_status status = try_suffixes(pairing, pair, false, err);
    if (!status && pair->state == MW_PAIR_MISSING) status = try_suffixes(pairing, pair, true, err);
    if (status || pair->state != MW_PAIR_MISSING) return status;
    return set_missing(pairing, pair, ".* (jpg, jpeg, png, tif or tiff)", err);
}

enum mw_status mw_pairing_find(const struct mw_pairing *pairing, const struct mw_file *file,
                               struct mw_pair *pair, struct mw_error *err) {
    if (!pairing->directory || !mw_file_has_name(file)) return MW_OK;
    pair->state = MW_PAIR_MISSING;
    enum mw_status status = place_mask(pairing, file, &pair->mask, err);
    if (status) return status;
    bool any_suffix = derive(pairing, file, &pair->path);
    if (pair->path.failed) return mw_error_memory(err);
    if (pair->path.length == 0) {
        mw_error_set(&pair->why, MW_REFUSED, "no --image-name matches its name");
        return MW_OK;
    }
    if (mw_image_suffix(pair->path.data))
        status = try_path(pairing, pair, err); /* a.jpg of a.jpg.png */
    if (status || pair->state != MW_PAIR_MISSING) return status;
    return any_suffix ? try_any_suffix(pairing, pair, err) : set_missing(pairing, pair, "", err);
}

void mw_pair_free(struct mw_pair *pair) {
    mw_text_free(&pair->path);
    mw_text_free(&pair->mask);
}

/* --- All images --------------------------------------------------------------------------------- */

enum mw_status mw_pairing_begin(struct mw_pairing *pairing, struct mw_error *err) {
    struct stat info;
    if (!pairing->directory) return MW_OK;
    pairing->real = realpath(pairing->directory, NULL);
    if (!pairing->real || stat(pairing->real, &info) != 0)
        return mw_error_system(err, errno, "--images: %s", pairing->directory);
    if (S_ISDIR(info.st_mode)) return MW_OK;
    return mw_error_set(err, MW_USAGE, "--images: %s is no directory", pairing->directory);
}

static enum mw_status claim(struct mw_pairing *pairing, const struct mw_text *path,
                            struct mw_error *err) {
    if (path->failed) return mw_error_memory(err);
    if (path->length == 0) return MW_OK;
    if (pairing->claim_count == pairing->claim_capacity) {
        size_t capacity = pairing->claim_capacity ? 2 * pairing->claim_capacity : 256;
        struct mw_digest *claims = realloc(pairing->claims, capacity * sizeof *claims);
        if (!claims) return mw_error_memory(err);
        pairing->claims = claims;
        pairing->claim_capacity = capacity;
    }
    pairing->claims[pairing->claim_count++] = mw_digest_path(path->data);
    return MW_OK;
}

/* An image but for its suffix. A slash ends it, so that it is the name of no file. */
static void name_any_suffix(const char *path, struct mw_text *name) {
    const char *suffix = mw_image_suffix(path);
    mw_text_add(name, path, suffix ? (size_t)(suffix - path) : strlen(path));
    mw_text_add(name, "/", 1);
}

enum mw_status mw_pairing_claim(struct mw_pairing *pairing, const struct mw_pair *pair,
                                struct mw_error *err) {
    bool there = pair->state == MW_PAIR_FOUND || pair->state == MW_PAIR_BROKEN;
    struct mw_text any = {0};
    pairing->found += there;
    if (there) name_any_suffix(pair->path.data, &any);
    enum mw_status status = there ? claim(pairing, &pair->path, err) : MW_OK;
    if (!status) status = claim(pairing, &any, err);
    mw_text_free(&any);
    return status ? status : claim(pairing, &pair->mask, err);
}

static int digest_compare(const void *a, const void *b) {
    return mw_digest_compare(*(const struct mw_digest *)a, *(const struct mw_digest *)b);
}

struct rest {
    const struct mw_pairing *pairing;
    struct mw_place_list *unclaimed;
};

static bool is_claimed(const struct mw_pairing *pairing, const char *path) {
    struct mw_digest digest = mw_digest_path(path);
    return pairing->claim_count &&
           bsearch(&digest, pairing->claims, pairing->claim_count, sizeof digest, digest_compare);
}

/* Whether a mask has an image of the same name with another suffix. */
static enum mw_status has_twin(const struct mw_pairing *pairing, const char *path, bool *twin,
                               struct mw_error *err) {
    struct mw_text name = {0};
    name_any_suffix(path, &name);
    if (name.failed) return mw_error_memory(err);
    *twin = is_claimed(pairing, name.data);
    mw_text_free(&name);
    return MW_OK;
}

static enum mw_status on_image(void *context, const char *path, size_t start,
                               struct mw_error *err) {
    const struct rest *rest = context;
    const struct mw_pairing *pairing = rest->pairing;
    if (is_claimed(pairing, path + start) || !is_derived(pairing, path + start)) return MW_OK;
    bool twin = false;
    enum mw_status status = has_twin(pairing, path + start, &twin, err);
    const char *why = twin ? "no mask: that of this name is paired with an image of another suffix"
                           : "no mask";
    return status ? status : mw_places_add(rest->unclaimed, MW_NO_SOURCE, path, why, err);
}

/* What one entry hides must not keep the rest from being judged. */
static enum mw_status on_failed(void *context, const char *path, size_t start,
                                const struct mw_error *why, struct mw_error *err) {
    const struct rest *rest = context;
    size_t length = strlen(path);
    bool directory = length && path[length - 1] == '/';
    if (!directory && (!mw_image_suffix(path + start) || is_claimed(rest->pairing, path + start) ||
                       !is_derived(rest->pairing, path + start)))
        return MW_OK;
    struct mw_text text = {0};
    mw_text_print(&text, "%s; %s", why->message,
                  directory ? "make it readable, or move it elsewhere"
                            : "fetch what the link leads to, or remove the link");
    enum mw_status status =
        text.failed ? mw_error_memory(err)
                    : mw_places_add(rest->unclaimed, MW_NO_SOURCE, path, text.data, err);
    mw_text_free(&text);
    return status;
}

static enum mw_status on_loop(void *context, const char *path, size_t start, struct mw_error *err) {
    (void)context;
    (void)path;
    (void)start;
    (void)err;
    return MW_OK;
}

static void on_skipped(void *context, const char *path, size_t start, const char *why) {
    (void)context;
    (void)path;
    (void)start;
    (void)why;
}

enum mw_status mw_pairing_rest(struct mw_pairing *pairing, struct mw_place_list *unclaimed,
                               struct mw_error *err) {
    struct rest rest = {pairing, unclaimed};
    struct mw_walk_events events = {&rest, on_image, on_failed, on_loop, on_skipped};
    struct mw_walk_rules rules = {.suffixes = mw_image_suffixes, .follow = true};
    if (pairing->claim_count)
        qsort(pairing->claims, pairing->claim_count, sizeof *pairing->claims, digest_compare);
    return mw_walk(pairing->directory, &rules, &events, err);
}

void mw_pairing_free(struct mw_pairing *pairing) {
    free(pairing->real);
    free(pairing->claims);
    *pairing = (struct mw_pairing){0};
}
