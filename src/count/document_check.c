/* Numbers of a document that contradict each other. */
#include <inttypes.h>

#include "count/document_fields.h"

/* A part may hold no mask, and may be incomplete because parts are missing; all masks of an audit may have failed. */
static enum mw_status check_dataset(const struct mw_counts *counts, struct mw_error *err) {
    bool part = counts->shards.count > 0;
    bool possible =
        counts->empty_masks + counts->ignored_masks <= counts->masks &&
        counts->empty_pixels <= counts->pixels &&
        (counts->empty_masks > 0) == (counts->empty_pixels > 0) &&
        counts->empty_ignored_pixels + counts->ignored_mask_ignored_pixels <=
            counts->ignored_pixels &&
        counts->files <= counts->masks &&
        (counts->masks > 0 || part || counts->failures.count > 0) &&
        (counts->complete == (counts->failures.count == 0) || (part && !counts->complete));
    if (possible) return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"dataset\" contradicts itself");
}

/* Every path that fell to these shards was counted or has failed. */
static enum mw_status check_shards(const struct mw_counts *counts, struct mw_error *err) {
    const struct mw_shards *shards = &counts->shards;
    const struct mw_path_set counted = {counts->files, counts->digest};
    bool all = mw_shards_whole(shards) || shards->paths.count == shards->all_paths.count;
    if (shards->count == 0) return MW_OK;
    if (shards->paths.count <= shards->all_paths.count &&
        shards->paths.count == counts->files + counts->failures.count &&
        (counts->failures.count || mw_path_set_equal(&shards->paths, &counted)) &&
        (!all || mw_path_set_equal(&shards->paths, &shards->all_paths)))
        return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"shard\" contradicts the document");
}

static bool is_part(const struct mw_class_tally *part, const struct mw_class_tally *whole) {
    return part->pixels <= whole->pixels && part->masks <= whole->masks &&
           part->mask_pixels <= whole->mask_pixels &&
           part->mask_ignored_pixels <= whole->mask_ignored_pixels &&
           part->valid_pixels <= whole->valid_pixels && part->planes <= whole->planes;
}

static bool is_tally(const struct mw_class_tally *tally, bool multi_label) {
    return (tally->masks > 0) == (tally->pixels > 0) && tally->masks <= tally->pixels &&
           tally->pixels <= tally->mask_pixels &&
           (!multi_label ||
            (tally->mask_pixels <= tally->valid_pixels && tally->masks <= tally->planes));
}

static bool is_possible(const struct mw_class_counts *counts, const struct mw_counts *dataset,
                        bool multi_label) {
    const struct mw_class_tally *all = &counts->all, *empty = &counts->in_empty_masks;
    if (!is_part(empty, all) || !is_tally(all, multi_label) || !is_tally(empty, multi_label))
        return false;
    struct mw_class_tally rest = {all->pixels - empty->pixels,
                                  all->masks - empty->masks,
                                  all->mask_pixels - empty->mask_pixels,
                                  all->mask_ignored_pixels - empty->mask_ignored_pixels,
                                  all->valid_pixels - empty->valid_pixels,
                                  all->planes - empty->planes};
    return is_tally(&rest, multi_label) && all->masks <= dataset->masks &&
           empty->masks <= dataset->empty_masks && all->planes <= dataset->masks &&
           rest.masks <= dataset->masks - dataset->empty_masks &&
           all->mask_pixels <= dataset->pixels &&
           all->mask_ignored_pixels <= dataset->ignored_pixels;
}

/* The part of "pixels" that a class accounts for. */
static uint64_t share_of(const struct mw_class_tally *tally, bool multi_label) {
    return multi_label ? tally->valid_pixels : tally->pixels;
}

static enum mw_status check_sums(const struct mw_document *document, struct mw_error *err) {
    const struct mw_counts *counts = &document->counts;
    bool multi = mw_labels_multi(&document->labels);
    uint64_t sum = 0, empty_sum = 0; /* no overflow: each is at most "pixels" */
    for (size_t i = 0; i < counts->class_count; i++) {
        const struct mw_class_counts *row = &counts->classes[i];
        if (!is_possible(row, counts, multi) || share_of(&row->all, multi) > counts->pixels - sum)
            return mw_error_set(err, MW_USAGE, "class %" PRIu32 " contradicts the document",
                                row->id);
        sum += share_of(&row->all, multi);
        empty_sum += share_of(&row->in_empty_masks, multi);
    }
    if (sum == counts->pixels && empty_sum == counts->empty_pixels) return MW_OK;
    return mw_error_set(err, MW_USAGE, "the pixels of the classes do not add up to \"pixels\"");
}

/* Whether a class that stored values become is one of the declared ones. */
static bool is_declared(const struct mw_labels *labels, int64_t to) {
    uint32_t place;
    return to == MW_TO_IGNORED || mw_labels_declares(labels, to, &place);
}

static enum mw_status check_values(const struct mw_labels *labels, struct mw_error *err) {
    bool declared = !labels->values.has_rest || is_declared(labels, labels->values.rest);
    for (size_t i = 0; i < labels->values.count && declared; i++)
        declared = is_declared(labels, labels->values.rules[i].to);
    if (declared) return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"values\" become classes that are not declared");
}

enum mw_status mw_document_check(const struct mw_document *document, struct mw_error *err) {
    const struct mw_labels *labels = &document->labels;
    enum mw_status status = check_dataset(&document->counts, err);
    if (!status) status = check_shards(&document->counts, err);
    if (!status) status = check_sums(document, err);
    if (status) return status;
    if (labels->classes && document->counts.class_count != labels->classes)
        return mw_error_set(err, MW_USAGE, "\"classes\" are not the declared ones");
    for (uint32_t i = 0; labels->names && i < labels->classes; i++)
        if (!labels->names[i])
            return mw_error_set(err, MW_USAGE, "class %" PRIu32 " has no name", i);
    return check_values(labels, err);
}
