#include "audit/sight.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum mw_status mw_sight_add_place(struct mw_place_list *places, uint32_t source, const char *path,
                                  struct mw_text *why, struct mw_error *err) {
    enum mw_status status = why->failed ? mw_error_memory(err)
                                        : mw_places_add(places, source, path, why->data, err);
    mw_text_free(why);
    return status;
}

enum mw_status mw_sight_add_mask(struct mw_place_list *places, const struct mw_file_facts *facts,
                                 const struct mw_mask_facts *mask, struct mw_text *why,
                                 struct mw_error *err) {
    struct mw_text text = {0};
    if (facts->count > 1) mw_text_print(&text, "number %" PRIu32 ": ", mask->page);
    mw_text_print(&text, "%s", why->data ? why->data : "");
    text.failed |= why->failed;
    mw_text_free(why);
    return mw_sight_add_place(places, facts->file->source, facts->file->document_path, &text, err);
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
        status = mw_sight_add_mask(&sight->places, facts, mask, &why, err);
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
    return mw_file_has_name(file) && !mw_names_allow(operand, mw_file_below(file));
}

enum mw_status mw_look_name(struct mw_sight *sight, const char *operand,
                            const struct mw_file_facts *facts, const struct mw_pair *pair,
                            struct mw_error *err) {
    if (facts->failed || !mw_breaks_name(operand, facts->file, NULL, pair)) return MW_OK;
    struct mw_text why = {0};
    mw_text_print(&why, "no name as %s", operand);
    return mw_sight_add_place(&sight->places, facts->file->source, facts->file->document_path, &why,
                              err);
}

void mw_sight_free(struct mw_sight *sight) {
    mw_places_clear(&sight->places);
    mw_sight_free_kinds(sight);
    mw_sight_free_files(sight);
    *sight = (struct mw_sight){0};
}
