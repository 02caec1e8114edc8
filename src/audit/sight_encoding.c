/* The rule that all masks are stored in one way: depth, colour type, palette. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/sight.h"
#include "count/inspection.h"

/* Kinds of one layout that a kind is compared with before it is one of its own. */
enum { COMPARED = 64 };

static void describe(const struct mw_sight_kind *kind, struct mw_text *text) {
    struct mw_seen_layout seen = mw_seen_layout(kind->layout);
    mw_seen_layout_describe(&seen, text);
}

/* The first index at which two palettes have different colours, or that behind the shorter one. */
static uint32_t first_difference(const struct mw_sight_kind *a, const struct mw_sight_kind *b) {
    uint32_t both = a->entries < b->entries ? a->entries : b->entries, i = 0;
    while (i < both && a->palette[i] == b->palette[i]) i++;
    return i;
}

/* By layout, then palette. */
static int key_compare(const struct mw_sight_kind *a, const struct mw_sight_kind *b) {
    if (a->layout != b->layout) return a->layout < b->layout ? -1 : 1;
    if (a->entries != b->entries) return a->entries < b->entries ? -1 : 1;
    uint32_t i = first_difference(a, b);
    if (i == a->entries) return 0;
    return a->palette[i] < b->palette[i] ? -1 : 1;
}

static void kind_free(struct mw_sight_kind *kind) {
    mw_places_clear(&kind->places);
    free(kind->palette);
    free(kind);
}

/* A copy of a key; NULL when memory runs out. */
static struct mw_sight_kind *kind_new(const struct mw_sight_kind *key, size_t limit) {
    struct mw_sight_kind *kind = malloc(sizeof *kind);
    size_t size = key->entries * sizeof *key->palette;
    if (!kind) return NULL;
    *kind = (struct mw_sight_kind){
        .layout = key->layout, .entries = key->entries, .places = {.limit = limit}};
    if (size && !(kind->palette = malloc(size))) {
        kind_free(kind);
        return NULL;
    }
    if (size) memcpy(kind->palette, key->palette, size);
    return kind;
}

/* The kind of a key, made if it is new; NULL when memory runs out. */
static struct mw_sight_kind *find_kind(struct mw_sight *sight, const struct mw_sight_kind *key) {
    size_t low = 0, high = sight->kind_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = key_compare(sight->kinds[middle], key);
        if (order == 0) return sight->kinds[middle];
        if (order < 0) low = middle + 1;
        else high = middle;
    }
    if ((sight->kind_count & (sight->kind_count - 1)) == 0) { /* grow at powers of two */
        size_t capacity = sight->kind_count ? 2 * sight->kind_count : 1;
        struct mw_sight_kind **kinds = realloc(sight->kinds, capacity * sizeof(*kinds));
        if (!kinds) return NULL;
        sight->kinds = kinds;
    }
    struct mw_sight_kind *kind = kind_new(key, sight->places.limit);
    if (!kind) return NULL;
    memmove(&sight->kinds[low + 1], &sight->kinds[low],
            (sight->kind_count++ - low) * sizeof(*sight->kinds));
    return sight->kinds[low] = kind;
}

enum mw_status mw_look_encoding(struct mw_sight *sight, const char *operand,
                                const struct mw_file_facts *facts, const struct mw_pair *pair,
                                struct mw_error *err) {
    enum mw_status status = MW_OK;
    (void)operand;
    (void)pair;
    for (size_t i = 0; i < facts->count && !status; i++) {
        const struct mw_mask_facts *mask = &facts->masks[i];
        struct mw_sight_kind key = {
            .layout = mask->layout, .palette = mask->palette, .entries = mask->palette_entries};
        struct mw_sight_kind *kind = find_kind(sight, &key);
        struct mw_text why = {0};
        if (!kind) return mw_error_memory(err);
        describe(kind, &why);
        status = mw_sight_add_mask(&kind->places, facts, mask, &why, err);
    }
    return status;
}

/* Whether no index has different colours in both: one palette may be longer. */
static bool are_alike(const struct mw_sight_kind *a, const struct mw_sight_kind *b) {
    uint32_t both = a->entries < b->entries ? a->entries : b->entries;
    return a->layout == b->layout && first_difference(a, b) == both;
}

/* Most masks first, then by the key. */
static int kind_compare(const void *a, const void *b) {
    const struct mw_sight_kind *left = *(struct mw_sight_kind *const *)a;
    const struct mw_sight_kind *right = *(struct mw_sight_kind *const *)b;
    if (left->places.count != right->places.count)
        return left->places.count > right->places.count ? -1 : 1;
    return key_compare(left, right);
}

static void sort_kinds(struct mw_sight *sight) {
    if (sight->kind_count)
        qsort(sight->kinds, sight->kind_count, sizeof(*sight->kinds), kind_compare);
}

/* Puts `more` into `kind`, which keeps the longer palette. */
static enum mw_status join(struct mw_sight_kind *kind, struct mw_sight_kind *more,
                           struct mw_error *err) {
    if (more->entries > kind->entries) {
        uint32_t *palette = kind->palette;
        kind->palette = more->palette;
        kind->entries = more->entries;
        more->palette = palette;
    }
    enum mw_status status = mw_places_merge(&kind->places, &more->places, err);
    kind_free(more);
    return status;
}

/* Joins kinds that are alike, the most frequent first. */
static enum mw_status join_alike(struct mw_sight *sight, struct mw_error *err) {
    enum mw_status status = MW_OK;
    size_t kept = 0;
    sort_kinds(sight);
    for (size_t i = 0; i < sight->kind_count; i++) {
        struct mw_sight_kind *kind = sight->kinds[i];
        size_t at = 0;
        while (at < kept && at < COMPARED && !are_alike(sight->kinds[at], kind)) at++;
        if (at == kept || at == COMPARED || status) sight->kinds[kept++] = kind;
        else status = join(sight->kinds[at], kind, err);
    }
    sight->kind_count = kept;
    sort_kinds(sight);
    return status;
}

/* How the masks of a kind are stored, `stored` in words, and how the first kind is. */
static void describe_difference(const struct mw_sight_kind *first, const struct mw_sight_kind *kind,
                                const char *stored, bool tie, struct mw_text *text) {
    if (kind->layout == first->layout) {
        uint32_t entry = first_difference(first, kind);
        mw_text_print(text,
                      "palette entry %" PRIu32 " is #%06" PRIX32 ", not #%06" PRIX32
                      " as in other masks",
                      entry, kind->palette[entry], first->palette[entry]);
    } else if (tie) {
        mw_text_print(text, "%s, not ", stored);
        describe(first, text);
        mw_text_print(text, " as %" PRIu64 " of the masks", first->places.count);
    } else {
        mw_text_print(text, "%s, unlike most masks", stored);
    }
}

/* Says of each mask of a kind how it differs. Where two kinds are equally frequent, none is that of most. */
static enum mw_status tell_difference(const struct mw_sight *sight,
                                      const struct mw_sight_kind *kind, struct mw_error *err) {
    const struct mw_sight_kind *first = sight->kinds[0];
    bool tie = first->places.count == sight->kinds[1]->places.count;
    for (size_t i = 0; i < kind->places.kept; i++) {
        struct mw_place *place = &kind->places.places[i];
        struct mw_text text = {0};
        describe_difference(first, kind, place->message, tie, &text);
        if (text.failed) {
            mw_text_free(&text);
            return mw_error_memory(err);
        }
        free(place->message);
        place->message = text.data;
    }
    return MW_OK;
}

/* What is not of the kind of most masks breaks the rule. The counts of all kinds stay for the message. */
enum mw_status mw_conclude_encoding(struct mw_sight *sight, struct mw_pairing *pairing,
                                    struct mw_error *err) {
    (void)pairing;
    enum mw_status status = join_alike(sight, err);
    for (size_t i = 1; i < sight->kind_count && !status; i++) {
        struct mw_sight_kind *kind = sight->kinds[i];
        uint64_t count = kind->places.count;
        status = tell_difference(sight, kind, err);
        if (!status) status = mw_places_merge(&sight->places, &kind->places, err);
        kind->places.count = count;
    }
    return status;
}

void mw_tell_encodings(const struct mw_sight *sight, struct mw_text *text) {
    enum { KINDS_SHOWN = 6 };
    for (size_t i = 0; i < sight->kind_count && i < KINDS_SHOWN; i++) {
        const struct mw_sight_kind *kind = sight->kinds[i];
        mw_text_print(text, "%s%" PRIu64 " ", i ? ", " : " (", kind->places.count);
        describe(kind, text);
        for (size_t j = 0; j < i; j++)
            if (sight->kinds[j]->layout == kind->layout) {
                mw_text_print(text, " of other colours");
                break;
            }
    }
    if (sight->kind_count > KINDS_SHOWN)
        mw_text_print(text, " and %zu more", sight->kind_count - KINDS_SHOWN);
    mw_text_print(text, "%s", sight->kind_count ? ")" : "");
}

void mw_sight_free_kinds(struct mw_sight *sight) {
    for (size_t i = 0; i < sight->kind_count; i++) kind_free(sight->kinds[i]);
    free(sight->kinds);
}
