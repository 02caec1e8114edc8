#include "audit/sight.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "count/inspection.h"

/* Adds a place with what is wrong there, which is freed. */
static enum mw_status add_place(struct mw_place_list *places, uint32_t source, const char *path,
                                struct mw_text *why, struct mw_error *err) {
    enum mw_status status = why->failed ? mw_error_memory(err)
                                        : mw_places_add(places, source, path, why->data, err);
    mw_text_free(why);
    return status;
}

/* A mask breaks the rule. `why` is what is wrong with it; which page it is of several is put before. */
static enum mw_status add_mask(struct mw_place_list *places, const struct mw_file_facts *facts,
                               const struct mw_mask_facts *mask, struct mw_text *why,
                               struct mw_error *err) {
    struct mw_text text = {0};
    if (facts->count > 1) mw_text_print(&text, "number %" PRIu32 ": ", mask->page);
    mw_text_print(&text, "%s", why->data ? why->data : "");
    text.failed |= why->failed;
    mw_text_free(why);
    return add_place(places, facts->file->source, facts->file->document_path, &text, err);
}

static enum mw_status add_file(struct mw_sight *sight, const struct mw_file_facts *facts,
                               const char *why, struct mw_error *err) {
    return mw_places_add(&sight->places, facts->file->source, facts->file->document_path, why, err);
}

/* --- size --------------------------------------------------------------------------------------- */

/* One number of a size: N, /N or *. */
struct extent {
    uint32_t number; /* 0: any */
    bool multiple;
};

static bool parse_extent(const char **text, struct extent *extent) {
    *extent = (struct extent){0, false};
    if (**text == '*') {
        ++*text;
        return true;
    }
    extent->multiple = **text == '/';
    if (extent->multiple) ++*text;
    uint64_t number = 0;
    const char *start = *text;
    while (**text >= '0' && **text <= '9' && number <= UINT32_MAX)
        number = number * 10 + (uint64_t)(*(*text)++ - '0');
    extent->number = (uint32_t)number;
    return *text > start && number > 0 && number <= UINT32_MAX;
}

/* Reads one size of a list, and the comma behind it. */
static bool parse_size(const char **text, struct extent size[2]) {
    if (!parse_extent(text, &size[0])) return false;
    size[1] = size[0];
    if (**text == 'x') {
        ++*text;
        if (!parse_extent(text, &size[1])) return false;
    }
    if (**text == '\0') return true;
    return *(*text)++ == ',' && **text;
}

static bool fits(struct extent extent, uint32_t pixels) {
    if (extent.number == 0) return true;
    return extent.multiple ? pixels % extent.number == 0 : pixels == extent.number;
}

bool mw_sizes_valid(const char *operand) {
    struct extent size[2];
    bool valid = *operand != '\0';
    while (valid && *operand) valid = parse_size(&operand, size);
    return valid;
}

bool mw_sizes_allow(const char *sizes, uint32_t width, uint32_t height) {
    struct extent size[2];
    while (*sizes && parse_size(&sizes, size))
        if (fits(size[0], width) && fits(size[1], height)) return true;
    return false;
}

enum mw_status mw_look_size(struct mw_sight *sight, const char *operand,
                            const struct mw_file_facts *facts, const struct mw_pair *pair,
                            struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)pair;
    for (size_t i = 0; i < facts->count && !status; i++) {
        const struct mw_mask_facts *mask = &facts->masks[i];
        if (mw_sizes_allow(operand, mask->width, mask->height)) continue;
        struct mw_text why = {0};
        mw_text_print(&why, "%" PRIu32 " x %" PRIu32 " pixels, not %s", mask->width, mask->height,
                      operand);
        status = add_mask(&sight->places, facts, mask, &why, err);
    }
    return status;
}

bool mw_breaks_size(const char *operand, const struct mw_file *file, const struct mw_mask *mask,
                    const struct mw_pair *pair) {
    (void)file;
    (void)pair;
    return !mw_sizes_allow(operand, mask->layout.width, mask->layout.height);
}

/* --- name --------------------------------------------------------------------------------------- */

enum { GLOB_SIZE = 1024 }; /* bytes, with the NUL that ends each glob for fnmatch */

/* Copies the next glob, and goes behind it and the '|'. */
static bool next_glob(const char **globs, char out[GLOB_SIZE]) {
    size_t length = strcspn(*globs, "|");
    bool last = (*globs)[length] == '\0';
    if (length == 0 || length >= GLOB_SIZE || (!last && !(*globs)[length + 1])) return false;
    memcpy(out, *globs, length);
    out[length] = '\0';
    *globs += length + !last;
    return true;
}

/* Behind the bracket that closes the one at `glob`; NULL: none does. */
static const char *behind_bracket(const char *glob) {
    glob++;
    if (*glob == '!' || *glob == '^') glob++;
    const char *close = *glob ? strchr(glob + 1, ']') : NULL; /* one that comes first is meant */
    return close ? close + 1 : NULL;
}

/* Whether brackets are closed and something follows each backslash: else fnmatch matches nothing, or a bracket that
 * was not meant. */
static bool is_closed(const char *glob) {
    while (glob && *glob) {
        if (*glob == '[') glob = behind_bracket(glob);
        else if (*glob != '\\') glob++;
        else glob = glob[1] ? glob + 2 : NULL;
    }
    return glob != NULL;
}

bool mw_names_valid(const char *operand) {
    char glob[GLOB_SIZE];
    bool valid = *operand != '\0';
    while (valid && *operand) valid = next_glob(&operand, glob) && is_closed(glob);
    return valid;
}

bool mw_names_allow(const char *globs, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char glob[GLOB_SIZE];
    while (*globs && next_glob(&globs, glob))
        if (fnmatch(glob, strchr(glob, '/') ? path : name, 0) == 0) return true;
    return false;
}

bool mw_breaks_name(const char *operand, const struct mw_file *file, const struct mw_mask *mask,
                    const struct mw_pair *pair) {
    (void)mask;
    (void)pair;
    return mw_file_has_name(file) && !mw_names_allow(operand, file->document_path);
}

enum mw_status mw_look_name(struct mw_sight *sight, const char *operand,
                            const struct mw_file_facts *facts, const struct mw_pair *pair,
                            struct mw_error *err) {
    if (facts->failed || !mw_breaks_name(operand, facts->file, NULL, pair)) return MW_OK;
    struct mw_text why = {0};
    mw_text_print(&why, "no name as %s", operand);
    return add_place(&sight->places, facts->file->source, facts->file->document_path, &why, err);
}

/* --- encoding ----------------------------------------------------------------------------------- */

static void describe(int64_t layout, struct mw_text *text) {
    struct mw_seen_layout seen = mw_seen_layout(layout);
    mw_seen_layout_describe(&seen, text);
}

/* The kind of a layout, made if it is new; NULL when memory runs out. */
static struct mw_sight_kind *find_kind(struct mw_sight *sight, int64_t layout) {
    for (size_t i = 0; i < sight->kind_count; i++)
        if (sight->kinds[i].layout == layout) return &sight->kinds[i];
    struct mw_sight_kind *kinds = realloc(sight->kinds, (sight->kind_count + 1) * sizeof *kinds);
    if (!kinds) return NULL;
    sight->kinds = kinds;
    kinds[sight->kind_count] =
        (struct mw_sight_kind){.layout = layout, .places = {.limit = sight->places.limit}};
    return &kinds[sight->kind_count++];
}

enum mw_status mw_look_encoding(struct mw_sight *sight, const char *operand,
                                const struct mw_file_facts *facts, const struct mw_pair *pair,
                                struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)operand;
    (void)pair;
    for (size_t i = 0; i < facts->count && !status; i++) {
        struct mw_sight_kind *kind = find_kind(sight, facts->masks[i].layout);
        struct mw_text why = {0};
        if (!kind) return mw_error_memory(err);
        describe(kind->layout, &why);
        status = add_mask(&kind->places, facts, &facts->masks[i], &why, err);
    }
    return status;
}

/* Most masks first, then by the key. */
static int kind_compare(const void *a, const void *b) {
    const struct mw_sight_kind *left = a, *right = b;
    if (left->places.count != right->places.count)
        return left->places.count > right->places.count ? -1 : 1;
    return left->layout < right->layout ? -1 : left->layout > right->layout;
}

/* Says of each mask of a kind how it differs. Where two kinds are equally frequent, none is that of most. */
static enum mw_status tell_difference(const struct mw_sight *sight, struct mw_place_list *places,
                                      struct mw_error *err) {
    const struct mw_sight_kind *first = &sight->kinds[0];
    bool tie = first->places.count == sight->kinds[1].places.count;
    for (size_t i = 0; i < places->kept; i++) {
        struct mw_text text = {0};
        mw_text_print(&text, "%s, ", places->places[i].message);
        if (!tie) mw_text_print(&text, "unlike most masks");
        else {
            mw_text_print(&text, "not ");
            describe(first->layout, &text);
            mw_text_print(&text, " as %" PRIu64 " of the masks", first->places.count);
        }
        if (text.failed) {
            mw_text_free(&text);
            return mw_error_memory(err);
        }
        free(places->places[i].message);
        places->places[i].message = text.data;
    }
    return MW_OK;
}

/* What is not of the kind of most masks breaks the rule. The counts of all kinds stay for the message. */
enum mw_status mw_conclude_encoding(struct mw_sight *sight, struct mw_pairing *pairing,
                                    struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)pairing;
    if (sight->kind_count)
        qsort(sight->kinds, sight->kind_count, sizeof *sight->kinds, kind_compare);
    for (size_t i = 1; i < sight->kind_count && !status; i++) {
        uint64_t count = sight->kinds[i].places.count;
        status = tell_difference(sight, &sight->kinds[i].places, err);
        if (!status) status = mw_places_merge(&sight->places, &sight->kinds[i].places, err);
        sight->kinds[i].places.count = count;
    }
    return status;
}

void mw_tell_encodings(const struct mw_sight *sight, struct mw_text *text) {
    enum { KINDS_SHOWN = 6 };
    for (size_t i = 0; i < sight->kind_count && i < KINDS_SHOWN; i++) {
        mw_text_print(text, "%s%" PRIu64 " ", i ? ", " : " (", sight->kinds[i].places.count);
        describe(sight->kinds[i].layout, text);
    }
    if (sight->kind_count > KINDS_SHOWN)
        mw_text_print(text, " and %zu more", sight->kind_count - KINDS_SHOWN);
    mw_text_print(text, "%s", sight->kind_count ? ")" : "");
}

/* --- duplicates --------------------------------------------------------------------------------- */

static bool has_foreground(const struct mw_file_facts *facts) {
    for (size_t i = 0; i < facts->count; i++)
        if (facts->masks[i].has_foreground) return true;
    return false;
}

/* The bytes of files are compared, not their pixels: they are read in any case, while pixels are counted
 * without being laid out in order, and would have to be decoded again. A mask that was copied is found; one
 * that was stored anew, perhaps with another date in it, is not. Empty masks are alike by nature. */
enum mw_status mw_look_duplicate(struct mw_sight *sight, const char *operand,
                                 const struct mw_file_facts *facts, const struct mw_pair *pair,
                                 struct mw_error *err) {
    (void)operand;
    (void)pair;
    const struct mw_file *file = facts->file;
    if (!has_foreground(facts)) return MW_OK;
    if (sight->file_count == sight->file_capacity) {
        size_t capacity = sight->file_capacity ? 2 * sight->file_capacity : 256;
        struct mw_sight_file *files = realloc(sight->files, capacity * sizeof *files);
        if (!files) return mw_error_memory(err);
        sight->files = files;
        sight->file_capacity = capacity;
    }
    char *path = strdup(file->path);
    if (!path) return mw_error_memory(err);
    sight->files[sight->file_count++] =
        (struct mw_sight_file){.digest = facts->digest,
                               .source = file->source,
                               .below = (size_t)(file->document_path - file->path),
                               .path = path};
    return MW_OK;
}

/* By digest; of one digest by place. */
static int file_compare(const void *a, const void *b) {
    const struct mw_sight_file *left = a, *right = b;
    int order = mw_digest_compare(left->digest, right->digest);
    if (!order) order = strcmp(left->path + left->below, right->path + right->below);
    return order ? order : left->source < right->source ? -1 : left->source > right->source;
}

enum mw_status mw_conclude_duplicates(struct mw_sight *sight, struct mw_pairing *pairing,
                                      struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)pairing;
    if (sight->file_count == 0) return MW_OK;
    qsort(sight->files, sight->file_count, sizeof *sight->files, file_compare);
    const struct mw_sight_file *first = &sight->files[0];
    for (size_t i = 1; i < sight->file_count && !status; i++) {
        const struct mw_sight_file *file = &sight->files[i];
        if (!mw_digest_equal(first->digest, file->digest)) {
            first = file;
            continue;
        }
        struct mw_text why = {0};
        mw_text_print(&why, "the same bytes as %s", first->path);
        status = add_place(&sight->places, file->source, file->path + file->below, &why, err);
    }
    return status;
}

/* --- images ------------------------------------------------------------------------------------- */

enum mw_status mw_look_missing_image(struct mw_sight *sight, const char *operand,
                                     const struct mw_file_facts *facts, const struct mw_pair *pair,
                                     struct mw_error *err) {
    (void)operand;
    return pair->state == MW_PAIR_MISSING ? add_file(sight, facts, pair->why.message, err) : MW_OK;
}

/* Turned by its orientation, an image has its width and height exchanged. Which of the two sizes a mask has
 * depends on the program that it was drawn with, and which one is right on the loader: the rule about
 * orientation tells of such an image in either case, so that any of the two is allowed here. */
static bool has_size(const struct mw_image *image, uint32_t width, uint32_t height) {
    bool turned = image->orientation >= 5;
    return (width == image->width && height == image->height) ||
           (turned && width == image->height && height == image->width);
}

enum mw_status mw_look_image_size(struct mw_sight *sight, const char *operand,
                                  const struct mw_file_facts *facts, const struct mw_pair *pair,
                                  struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)operand;
    if (pair->state == MW_PAIR_BROKEN) return add_file(sight, facts, pair->why.message, err);
    for (size_t i = 0; pair->state == MW_PAIR_FOUND && i < facts->count && !status; i++) {
        const struct mw_mask_facts *mask = &facts->masks[i];
        if (has_size(&pair->image, mask->width, mask->height)) continue;
        struct mw_text why = {0};
        mw_text_print(
            &why, "%" PRIu32 " x %" PRIu32 " pixels, and the image %s %" PRIu32 " x %" PRIu32,
            mask->width, mask->height, pair->path.data, pair->image.width, pair->image.height);
        status = add_mask(&sight->places, facts, mask, &why, err);
    }
    return status;
}

enum mw_status mw_look_image_orientation(struct mw_sight *sight, const char *operand,
                                         const struct mw_file_facts *facts,
                                         const struct mw_pair *pair, struct mw_error *err) {
    (void)operand;
    if (pair->state != MW_PAIR_FOUND || pair->image.orientation == 1) return MW_OK;
    struct mw_text why = {0};
    mw_text_print(&why, "the image %s has orientation %" PRIu32, pair->path.data,
                  pair->image.orientation);
    return add_place(&sight->places, facts->file->source, facts->file->document_path, &why, err);
}

bool mw_breaks_missing_image(const char *operand, const struct mw_file *file,
                             const struct mw_mask *mask, const struct mw_pair *pair) {
    (void)operand;
    (void)file;
    (void)mask;
    return pair && pair->state == MW_PAIR_MISSING;
}

bool mw_breaks_image_size(const char *operand, const struct mw_file *file,
                          const struct mw_mask *mask, const struct mw_pair *pair) {
    (void)operand;
    (void)file;
    if (!pair || pair->state != MW_PAIR_FOUND) return pair && pair->state == MW_PAIR_BROKEN;
    return !has_size(&pair->image, mask->layout.width, mask->layout.height);
}

bool mw_breaks_image_orientation(const char *operand, const struct mw_file *file,
                                 const struct mw_mask *mask, const struct mw_pair *pair) {
    (void)operand;
    (void)file;
    (void)mask;
    return pair && pair->state == MW_PAIR_FOUND && pair->image.orientation != 1;
}

enum mw_status mw_look_nothing(struct mw_sight *sight, const char *operand,
                               const struct mw_file_facts *facts, const struct mw_pair *pair,
                               struct mw_error *err) {
    (void)sight;
    (void)operand;
    (void)facts;
    (void)pair;
    (void)err;
    return MW_OK;
}

enum mw_status mw_conclude_missing_masks(struct mw_sight *sight, struct mw_pairing *pairing,
                                         struct mw_error *err) {
    return mw_pairing_rest(pairing, &sight->places, err);
}

void mw_sight_free(struct mw_sight *sight) {
    mw_places_clear(&sight->places);
    for (size_t i = 0; i < sight->kind_count; i++) mw_places_clear(&sight->kinds[i].places);
    for (size_t i = 0; i < sight->file_count; i++) free(sight->files[i].path);
    free(sight->kinds);
    free(sight->files);
    *sight = (struct mw_sight){0};
}
