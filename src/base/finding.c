#define _GNU_SOURCE /* strverscmp */
#include "base/finding.h"

#include <stdlib.h>
#include <string.h>

const struct mw_finding_kind mw_finding_kinds[MW_FINDING_CODES] = {
    [MW_TRAILING_DATA] = {"trailing-data", MW_WARNING,
                          "bytes follow the end of the image (they are not read)"},
    [MW_PALETTE_INDEX] = {"palette-index-out-of-range", MW_WARNING,
                          "pixels have an index beyond the palette (counted as stored)"},
    [MW_MIN_IS_WHITE] = {"min-is-white", MW_WARNING,
                         "MinIsWhite: 0 is shown white; values are counted as stored, so check "
                         "that 0 is the background"},
    [MW_SUFFIX_MISMATCH] = {"suffix-mismatch", MW_INFO,
                            "the content is of another format than the suffix says (counted)"},
    [MW_LOOKS_LOSSY] = {"looks-lossy", MW_WARNING,
                        "a binary mask with many grey values between: probably saved as JPEG or "
                        "resized with interpolation once; --threshold 128 may recover it"},
    [MW_IGNORED_MASK] = {"ignored-mask", MW_INFO, "no pixel carries a class"},
    [MW_UNKNOWN_LABEL] = {"unknown-label", MW_WARNING,
                          "pixels have a value that is no class (they are counted as unknown)"},
    [MW_SYMLINK_LOOP] = {"symlink-loop", MW_WARNING,
                         "a symbolic link leads back to a directory above it (not entered again)"},
    [MW_NODATA_IGNORED] =
        {"nodata-ignored", MW_INFO,
         "the value that the file names as nodata is ignored, though no setting says so"},
    [MW_LOOKS_BINARY] =
        {"looks-binary", MW_WARNING,
         "the classes that occur are exactly 0 and 255: probably binary masks, for --binary"},
    [MW_LOOKS_LIKE_IGNORE_INDEX] =
        {"looks-like-ignore-index", MW_WARNING,
         "255 occurs beside small ids that leave few gaps: probably void, for --ignore-index 255"},
    [MW_PLANES_DIFFER] = {"planes-differ", MW_WARNING,
                          "masks have different numbers of planes; --classes refuses those that "
                          "have another than it says"},
    [MW_NOTHING_TO_WEIGH] = {"nothing-to-weigh", MW_WARNING,
                             "no class occurs, so every weight follows --zero-class"},
    [MW_ABSENT_CLASS] = {"absent-class", MW_WARNING,
                         "declared classes never occur; their weight follows --zero-class"},
    [MW_WEIGHS_FREQUENT_UP] =
        {"weighs-frequent-classes-up", MW_WARNING,
         "a scheme gives the most frequent class a larger weight than the rarest"},
    [MW_UNIFORM_WEIGHTS] =
        {"uniform-weights", MW_WARNING,
         "the weights of a scheme differ by less than 1 %, though the pixels of the classes differ "
         "by more than 10 %"},
    [MW_ESTIMATED_WEIGHTS] =
        {"estimated-weights", MW_WARNING,
         "not all masks were counted (--sample), so weights are estimates; the "
         "formats json, csv and table have their intervals"},
    [MW_FEW_SAMPLED_MASKS] =
        {"few-sampled-masks", MW_WARNING,
         "classes are in fewer than 50 masks of the sample: nothing can be said about how far their "
         "fractions and weights are from those of all masks; take a larger sample"},
    [MW_NOT_JUDGED] = {"not-judged", MW_WARNING,
                       "a rule that nobody asked for cannot be judged by a sample (--sample)"},
    [MW_UNREADABLE] = {"unreadable", MW_SEVERITY_ERROR, "files could not be counted"},
    [MW_UNKNOWN_LABELS] = {"unknown-labels", MW_SEVERITY_ERROR,
                           "pixels have a value that is no class"},
    [MW_MISSING_CLASSES] = {"missing-classes", MW_SEVERITY_ERROR, "declared classes never occur"},
    [MW_MIN_PIXELS] = {"min-pixels", MW_SEVERITY_ERROR, "classes have too few pixels"},
    [MW_MIN_MASKS] = {"min-masks", MW_SEVERITY_ERROR, "classes occur in too few masks"},
    [MW_MIN_FRACTION] = {"min-fraction", MW_SEVERITY_ERROR,
                         "classes have too small a share of the pixels"},
    [MW_MAX_IMBALANCE] = {"max-imbalance", MW_SEVERITY_ERROR,
                          "the most frequent class has too many times the pixels of the rarest"},
    [MW_MAX_EMPTY] = {"max-empty", MW_SEVERITY_ERROR, "too many masks have no foreground"},
    [MW_MAX_IGNORED] = {"max-ignored", MW_SEVERITY_ERROR, "too many pixels are ignored"},
    [MW_LOST_CLASSES] = {"lost-classes", MW_SEVERITY_ERROR,
                         "classes of the baseline do not occur any more"},
    [MW_NEW_CLASSES] = {"new-classes", MW_SEVERITY_ERROR,
                        "classes occur that did not occur in the baseline"},
    [MW_MAX_DRIFT] = {"max-drift", MW_SEVERITY_ERROR,
                      "shares of classes differ too much from the baseline"},
    [MW_MAX_DIVERGENCE] = {"max-divergence", MW_SEVERITY_ERROR,
                           "the shares of all classes together differ too much from the baseline"},
    [MW_REMOVED_MASKS] = {"removed-masks", MW_SEVERITY_ERROR,
                          "there are fewer masks than in the baseline"},
    [MW_SIZE] = {"size", MW_SEVERITY_ERROR, "masks have a size that is not allowed"},
    [MW_ENCODING] = {"encoding", MW_SEVERITY_ERROR, "masks are stored in another way than others"},
    [MW_NAME] = {"name", MW_SEVERITY_ERROR, "files have a name that is not allowed"},
    [MW_DUPLICATES] = {"duplicates", MW_SEVERITY_ERROR,
                       "files with foreground have the same bytes as another one"},
    [MW_MISSING_IMAGES] = {"missing-images", MW_SEVERITY_ERROR, "masks have no image"},
    [MW_MISSING_MASKS] = {"missing-masks", MW_SEVERITY_ERROR, "images have no mask"},
    [MW_IMAGE_SIZE] = {"image-size", MW_SEVERITY_ERROR, "masks have not the size of their image"},
    [MW_IMAGE_ORIENTATION] = {"image-orientation", MW_WARNING,
                              "images are turned or mirrored by their EXIF orientation, which some "
                              "loaders apply and others do not"},
};

const char *mw_severity_name(enum mw_severity severity) {
    static const char *const names[] = {"info", "warning", "error"};
    return names[severity];
}

static int file_compare(const void *left, const void *right) {
    const struct mw_place *a = left, *b = right;
    if (a->share != b->share) return a->share > b->share ? -1 : 1;
    int order = strcmp(a->path, b->path);
    if (order) return order;
    return a->source < b->source ? -1 : a->source > b->source;
}

/* Of one file by the message: number 2 before number 10. */
static int place_compare(const void *left, const void *right) {
    const struct mw_place *a = left, *b = right;
    int order = file_compare(a, b);
    if (order) return order;
    if (!a->message || !b->message) return (a->message != NULL) - (b->message != NULL);
    return strverscmp(a->message, b->message);
}

static void place_free(struct mw_place *place) {
    free(place->path);
    free(place->message);
}

void mw_places_sort(struct mw_place_list *list) {
    if (list->sorted < list->kept)
        qsort(list->places, list->kept, sizeof *list->places, place_compare);
    while (list->kept > list->limit) place_free(&list->places[--list->kept]);
    list->sorted = list->kept;
}

/* Adds a place, whose strings now belong to the list, or drops it. Sorting when as many places have come out of
 * order as are sorted costs no more than sorting all once. */
static enum mw_status list_insert(struct mw_place_list *list, struct mw_place place,
                                  struct mw_error *err) {
    bool full = list->sorted >= list->limit;
    if (list->limit == 0 || (full && place_compare(&list->places[list->limit - 1], &place) <= 0)) {
        place_free(&place);
        return MW_OK;
    }
    if ((list->kept & (list->kept - 1)) == 0) { /* grow at powers of two */
        size_t capacity = list->kept ? 2 * list->kept : 1;
        struct mw_place *places = realloc(list->places, capacity * sizeof *places);
        if (!places) {
            place_free(&place);
            return mw_error_memory(err);
        }
        list->places = places;
    }
    list->places[list->kept++] = place;
    bool ordered =
        list->sorted + 1 == list->kept &&
        (list->sorted == 0 || place_compare(&list->places[list->sorted - 1], &place) <= 0);
    if (ordered) list->sorted++;
    else if (list->kept - list->sorted > list->sorted) mw_places_sort(list);
    return MW_OK;
}

bool mw_places_hold(const struct mw_place_list *list, uint32_t source, const char *path) {
    const struct mw_place wanted = {.source = source, .path = (char *)path}; /* only compared */
    if (list->sorted && bsearch(&wanted, list->places, list->sorted, sizeof wanted, file_compare))
        return true;
    for (size_t i = list->sorted; i < list->kept; i++)
        if (file_compare(&list->places[i], &wanted) == 0) return true;
    return false;
}

bool mw_places_want(const struct mw_place_list *list, double share, const char *path) {
    if (list->sorted < list->limit) return true;
    if (list->limit == 0) return false;
    const struct mw_place *last = &list->places[list->limit - 1];
    return share != last->share ? share > last->share : strcmp(path, last->path) <= 0;
}

enum mw_status mw_places_add_place(struct mw_place_list *list, const struct mw_place *place,
                                   struct mw_error *err) {
    list->count++;
    if (!mw_places_want(list, place->share, place->path)) return MW_OK;
    struct mw_place copy = *place;
    copy.path = strdup(place->path);
    copy.message = place->message ? strdup(place->message) : NULL;
    if (!copy.path || (place->message && !copy.message)) {
        place_free(&copy);
        return mw_error_memory(err);
    }
    return list_insert(list, copy, err);
}

enum mw_status mw_places_add(struct mw_place_list *list, uint32_t source, const char *path,
                             const char *message, struct mw_error *err) {
    struct mw_place place = {
        .source = source, .path = (char *)path, .message = (char *)message}; /* copied */
    return mw_places_add_place(list, &place, err);
}

enum mw_status mw_places_merge(struct mw_place_list *into, struct mw_place_list *from,
                               struct mw_error *err) {
    enum mw_status status = MW_OK;
    into->count += from->count;
    if (from->limit < into->limit) into->limit = from->limit;
    for (size_t i = 0; i < from->kept; i++) {
        enum mw_status inserted = list_insert(into, from->places[i], err);
        if (inserted) status = inserted;
    }
    from->kept = 0;
    mw_places_clear(from);
    return status;
}

void mw_places_clear(struct mw_place_list *list) {
    for (size_t i = 0; i < list->kept; i++) place_free(&list->places[i]);
    free(list->places);
    *list = (struct mw_place_list){.limit = list->limit};
}
