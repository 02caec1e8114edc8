/* Numbers of a document that contradict each other. */
#include <inttypes.h>

#include "count/document_fields.h"

/* Of a dataset, or of a group of it. */
static bool are_totals(const struct mw_counts *counts) {
    return counts->empty_masks + counts->ignored_masks <= counts->masks &&
           counts->empty_pixels <= counts->pixels &&
           (counts->empty_masks > 0) == (counts->empty_pixels > 0) &&
           counts->empty_ignored_pixels + counts->ignored_mask_ignored_pixels <=
               counts->ignored_pixels &&
           counts->files <= counts->masks;
}

/* A part may hold no mask, and may be incomplete because parts are missing; all masks of an audit may
 * have failed. */
static enum mw_status check_dataset(const struct mw_counts *counts, struct mw_error *err) {
    bool part = counts->shards.count > 0;
    bool possible =
        are_totals(counts) && (counts->masks > 0 || part || counts->failures.count > 0) &&
        (counts->complete == (counts->failures.count == 0) || (part && !counts->complete));
    if (possible) return MW_OK;
    return mw_error_set(err, MW_USAGE, "\"dataset\" contradicts itself");
}

/* Whether every path that fell to these shards was counted or has failed; of a sample, that was not more. */
static bool are_accounted_for(const struct mw_counts *counts) {
    const struct mw_path_set *paths = &counts->shards.paths;
    const struct mw_path_set counted = {counts->files, counts->digest};
    if (mw_subset_active(&counts->subset))
        return counts->subset.seen <= paths->count &&
               counts->files + counts->failures.count <= paths->count;
    return paths->count == counts->files + counts->failures.count &&
           (counts->failures.count || mw_path_set_equal(paths, &counted));
}

static enum mw_status check_shards(const struct mw_counts *counts, struct mw_error *err) {
    const struct mw_shards *shards = &counts->shards;
    bool all = mw_shards_whole(shards) || shards->paths.count == shards->all_paths.count;
    if (shards->count == 0) return MW_OK;
    if (shards->paths.count <= shards->all_paths.count && are_accounted_for(counts) &&
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

/* Of a dataset, or of a group of it. */
static enum mw_status check_sums(const struct mw_counts *counts, bool multi, struct mw_error *err) {
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

static bool equal_tallies(const struct mw_class_tally *a, const struct mw_class_tally *b) {
    return is_part(a, b) && is_part(b, a);
}

static bool equal_classes(const struct mw_counts *a, const struct mw_counts *b) {
    for (size_t i = 0; i < a->class_count; i++) {
        const struct mw_class_counts *row = &a->classes[i], *other = mw_counts_find(b, row->id);
        if (!other || !equal_tallies(&row->all, &other->all) ||
            !equal_tallies(&row->in_empty_masks, &other->in_empty_masks))
            return false;
    }
    return a->class_count == b->class_count;
}

static bool equal_totals(const struct mw_counts *a, const struct mw_counts *b) {
    for (size_t i = 0; i < mw_group_field_count; i++) {
        size_t offset = mw_dataset_fields[i].offset;
        if (*(const uint64_t *)((const char *)a + offset) !=
            *(const uint64_t *)((const char *)b + offset))
            return false;
    }
    return true;
}

/* All groups together, each of which is possible by itself, are the dataset. */
static enum mw_status check_groups(const struct mw_document *document, struct mw_error *err) {
    const struct mw_counts *counts = &document->counts;
    bool multi = mw_labels_multi(&document->labels);
    struct mw_counts sum;
    mw_counts_init(&sum);
    enum mw_status status = MW_OK;
    for (unsigned i = 0; counts->groups && i < MW_SUBSET_GROUPS && !status; i++) {
        struct mw_counts *group = &counts->groups[i];
        status = are_totals(group) ? check_sums(group, multi, err)
                                   : mw_error_set(err, MW_USAGE, "it contradicts itself");
        if (!status) status = mw_counts_merge(&sum, group, err);
        if (status == MW_USAGE) mw_error_prefix(err, "group %u", i);
    }
    if (!status) status = mw_counts_finish(&sum, &document->labels, err);
    if (!status && (!equal_totals(&sum, counts) || !equal_classes(&sum, counts)))
        status = mw_error_set(err, MW_USAGE, "the groups do not add up to the document");
    if (status == MW_USAGE) mw_error_prefix(err, "\"sample\"");
    mw_counts_free(&sum);
    return status;
}

/* What was taken was counted or has failed. */
static enum mw_status check_subset(const struct mw_document *document, struct mw_error *err) {
    const struct mw_counts *counts = &document->counts;
    const struct mw_subset *subset = &counts->subset;
    if (!mw_subset_active(subset)) return MW_OK;
    if (counts->files > subset->taken || subset->taken > subset->seen ||
        subset->taken - counts->files > counts->failures.count)
        return mw_error_set(err, MW_USAGE, "\"sample\" contradicts the document");
    return check_groups(document, err);
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
    if (!status) status = check_sums(&document->counts, mw_labels_multi(labels), err);
    if (!status) status = check_subset(document, err);
    if (status) return status;
    if (labels->classes && document->counts.class_count != labels->classes)
        return mw_error_set(err, MW_USAGE, "\"classes\" are not the declared ones");
    for (uint32_t i = 0; labels->names && i < labels->classes; i++)
        if (!labels->names[i])
            return mw_error_set(err, MW_USAGE, "class %" PRIu32 " has no name", i);
    return check_values(labels, err);
}
