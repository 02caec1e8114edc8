#include "count/inspection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static size_t kind_place(const struct mw_kinds *kinds, int64_t key) {
    size_t low = 0, high = kinds->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kinds->list[middle].key < key) low = middle + 1;
        else high = middle;
    }
    return low;
}

static enum mw_status add_kind(struct mw_kinds *kinds, int64_t key, uint64_t masks,
                               struct mw_error *err) {
    size_t place = kind_place(kinds, key);
    if (place < kinds->count && kinds->list[place].key == key) {
        kinds->list[place].masks += masks;
        return MW_OK;
    }
    if (kinds->count == MW_KINDS_KEPT) {
        kinds->more = true;
        if (place == kinds->count) return MW_OK;
        kinds->count--;
    }
    if ((kinds->count & (kinds->count - 1)) == 0) { /* grow at powers of two */
        size_t capacity = kinds->count ? 2 * kinds->count : 1;
        struct mw_kind *list = realloc(kinds->list, capacity * sizeof *list);
        if (!list) return mw_error_memory(err);
        kinds->list = list;
    }
    memmove(&kinds->list[place + 1], &kinds->list[place],
            (kinds->count - place) * sizeof *kinds->list);
    kinds->list[place] = (struct mw_kind){key, masks};
    kinds->count++;
    return MW_OK;
}

static enum mw_status merge_kinds(struct mw_kinds *into, const struct mw_kinds *from,
                                  struct mw_error *err) {
    enum mw_status status = MW_OK;
    into->more = into->more || from->more;
    for (size_t i = 0; i < from->count && !status; i++)
        status = add_kind(into, from->list[i].key, from->list[i].masks, err);
    return status;
}

int64_t mw_layout_key(const struct mw_layout *layout) {
    uint64_t key = (uint64_t)layout->bits << 32 | (uint64_t)layout->float_bits << 24;
    uint64_t channels = layout->channels < 255 ? layout->channels : 255;
    return (int64_t)(key | channels << 8 | (uint64_t)layout->is_signed << 3 |
                     (uint64_t)layout->is_colour << 2 | (uint64_t)layout->has_alpha << 1 |
                     (layout->palette_entries > 0));
}

struct mw_layout mw_layout_of_key(int64_t key) {
    return (struct mw_layout){.bits = key >> 32 & 0xff,
                              .float_bits = key >> 24 & 0xff,
                              .channels = key >> 8 & 0xff,
                              .is_signed = key >> 3 & 1,
                              .is_colour = key >> 2 & 1,
                              .has_alpha = key >> 1 & 1,
                              .palette_entries = key & 1};
}

static int64_t layout_key(const struct mw_layout *layout, const struct mw_format *format) {
    int64_t number = 0;
    while (number + 1 < (int64_t)mw_format_count && mw_formats[number] != format) number++;
    return number << 40 | mw_layout_key(layout);
}

struct mw_seen_layout mw_seen_layout(int64_t key) {
    struct mw_layout layout = mw_layout_of_key(key);
    return (struct mw_seen_layout){
        .format = mw_formats[key >> 40],
        .bits = layout.bits,
        .float_bits = layout.float_bits,
        .channels = layout.channels,
        .is_signed = layout.is_signed,
        .is_colour = layout.is_colour,
        .has_alpha = layout.has_alpha,
        .has_palette = key & 1,
        .is_plural = mw_layout_is_plural(&layout),
    };
}

void mw_seen_layout_describe(const struct mw_seen_layout *layout, struct mw_text *text) {
    const char *what = layout->float_bits    ? "floating point, whole numbers"
                       : layout->has_palette ? "palette indices"
                       : layout->is_colour   ? "RGB"
                       : layout->is_signed   ? "signed integers"
                                             : "values";
    mw_text_print(text, "%" PRIu32 "-bit %s%s",
                  layout->float_bits ? layout->float_bits : layout->bits, what,
                  layout->has_alpha ? " with alpha" : "");
    if (layout->is_plural) mw_text_print(text, ", %" PRIu32 " a pixel", layout->channels);
}

struct mw_seen_size mw_seen_size(int64_t key) {
    return (struct mw_seen_size){(uint32_t)(key >> 32), (uint32_t)(key & 0xffffffff)};
}

/* What 0 stands for is none. */
static void take_used_colours(struct mw_seen_palette *into, const struct mw_seen_palette *from) {
    for (size_t i = 0; i < MW_PALETTE_ENTRIES; i++) {
        uint32_t least = from->least[i];
        if (least && (!into->least[i] || least < into->least[i])) into->least[i] = least;
        if (from->largest[i] > into->largest[i]) into->largest[i] = from->largest[i];
    }
}

uint32_t mw_palette_conflict(const struct mw_seen_palette *palette) {
    uint32_t index = 0;
    while (index < MW_PALETTE_ENTRIES && palette->least[index] == palette->largest[index]) index++;
    return index;
}

/* The first one counts; of equal names, as when a file is named twice, the colours are the same. */
static void take_palette(struct mw_seen_palette *into, const struct mw_seen_palette *from) {
    if (from->entries == 0) return;
    bool same = into->entries == from->entries &&
                memcmp(into->colours, from->colours, from->entries * sizeof *from->colours) == 0;
    bool several = from->several || into->several || (into->entries && !same);
    struct mw_seen_palette used = *into;
    take_used_colours(&used, from);
    if (into->entries == 0 || mw_mask_name_compare(from->first, into->first) < 0) {
        mw_mask_name_release(into->first);
        *into = *from;
        mw_mask_name_share(into->first);
    }
    into->several = several;
    memcpy(into->least, used.least, sizeof used.least);
    memcpy(into->largest, used.largest, sizeof used.largest);
}

static void add_palette(struct mw_inspection *inspection, const struct mw_histogram *histogram,
                        struct mw_mask_name *name) {
    const struct mw_layout *layout = &histogram->layout;
    struct mw_seen_palette seen = {.entries = layout->palette_entries, .first = name};
    if (seen.entries > MW_PALETTE_ENTRIES) seen.entries = MW_PALETTE_ENTRIES;
    if (seen.entries) memcpy(seen.colours, layout->palette, seen.entries * sizeof *seen.colours);
    for (uint32_t i = 0; i < seen.entries; i++)
        if (histogram->dense[i]) seen.least[i] = seen.largest[i] = seen.colours[i] + 1;
    take_palette(&inspection->palette, &seen);
}

static void take_nodata_text(struct mw_inspection *inspection, const char *text) {
    bool first = text[0] &&
                 (!inspection->nodata_text[0] || strcmp(text, inspection->nodata_text) < 0);
    if (!first) return;
    size_t length = strnlen(text, MW_NODATA_TEXT - 1);
    memcpy(inspection->nodata_text, text, length);
    inspection->nodata_text[length] = '\0';
}

/* Besides nodata: 0 for no and, for yes, 1 (then 255 is void), 255 or the largest that a sample can
 * hold. */
static bool is_binary(const struct mw_histogram *histogram) {
    const struct mw_layout *layout = &histogram->layout;
    int64_t value, largest = ((int64_t)1 << layout->bits) - 1;
    bool has_1 = false, has_255 = false, has_largest = false;
    uint64_t pixels;
    if (layout->is_colour) return false;
    for (size_t cursor = 0; mw_histogram_next(histogram, &cursor, &value, &pixels);) {
        if (value == 0 || (layout->has_nodata && value == layout->nodata)) continue;
        if (value == 1) has_1 = true;
        else if (value == 255) has_255 = true;
        else if (value == largest) has_largest = true;
        else return false;
    }
    return !has_largest || (!has_1 && !has_255);
}

static enum mw_status add_facts(struct mw_inspection *inspection,
                                const struct mw_histogram *histogram,
                                const struct mw_format *format, struct mw_error *err) {
    const struct mw_layout *layout = &histogram->layout;
    int64_t size = (int64_t)((uint64_t)layout->width << 32 | layout->height);
    inspection->masks++;
    inspection->pixels += (uint64_t)layout->width * layout->height;
    inspection->binary_masks += is_binary(histogram);
    enum mw_status status = add_kind(&inspection->layouts, layout_key(layout, format), 1, err);
    if (!status) status = add_kind(&inspection->sizes, size, 1, err);
    if (status || !layout->has_nodata) return status;
    if (layout->nodata_text) take_nodata_text(inspection, layout->nodata_text);
    int64_t value = layout->is_colour ? layout->nodata_sample : layout->nodata;
    return add_kind(&inspection->nodata, value, 1, err);
}

enum mw_status mw_inspection_add_unknown(struct mw_inspection *inspection,
                                         const struct mw_histogram *histogram,
                                         const struct mw_format *format,
                                         const struct mw_labels *labels, const char *path,
                                         uint32_t page, struct mw_error *err) {
    struct mw_mask_name *name = mw_mask_name_new(path, page, format->part);
    if (!name) return mw_error_memory(err);
    enum mw_status status = add_facts(inspection, histogram, format, err);
    if (!status) add_palette(inspection, histogram, name);
    if (!status) status = mw_values_add_mask(&inspection->values, histogram, NULL, name, err);
    if (!status && labels)
        status = mw_values_add_mask(&inspection->unknown, histogram, labels, name, err);
    mw_mask_name_release(name);
    return status;
}

enum mw_status mw_inspection_add_mask(struct mw_inspection *inspection,
                                      const struct mw_histogram *histogram,
                                      const struct mw_format *format, const char *path,
                                      uint32_t page, struct mw_error *err) {
    return mw_inspection_add_unknown(inspection, histogram, format, NULL, path, page, err);
}

static uint64_t pixels_of(const struct mw_inspection *inspection, int64_t sample) {
    const struct mw_value *value = mw_values_find(&inspection->values, false, sample);
    return value ? value->pixels : 0;
}

/* Of the masks of one file, the pixels that are missing in a plane: void, which 255 is beside 1, and
 * nodata, unless nothing but that says yes. */
static uint64_t count_left_out(const struct mw_inspection *inspection) {
    uint64_t left_out = pixels_of(inspection, 1) ? pixels_of(inspection, 255) : 0;
    for (size_t i = 0; i < inspection->nodata.count; i++) {
        int64_t nodata = inspection->nodata.list[i].key;
        bool told = nodata == 255 && left_out;
        bool all = pixels_of(inspection, nodata) + pixels_of(inspection, 0) == inspection->pixels;
        if (nodata > 1 && !told && !all) left_out += pixels_of(inspection, nodata);
    }
    return left_out;
}

void mw_inspection_end_file(struct mw_inspection *inspection) {
    uint64_t masks = inspection->masks, left_out = count_left_out(inspection);
    uint64_t set = inspection->pixels - pixels_of(inspection, 0) - left_out;
    bool planes = masks > 1 && inspection->binary_masks == masks && inspection->sizes.count == 1;
    inspection->files = 1;
    inspection->fewest_masks = inspection->most_masks = masks;
    inspection->plane_files = planes;
    inspection->one_hot_files = planes && set > 0 && set == (inspection->pixels - left_out) / masks;
}

enum mw_status mw_inspection_merge(struct mw_inspection *into, const struct mw_inspection *from,
                                   struct mw_error *err) {
    if (into->pixels > UINT64_MAX - from->pixels)
        return mw_error_set(err, MW_OVERFLOW, "a count does not fit in 64 bits");
    if (from->files && (!into->files || from->fewest_masks < into->fewest_masks))
        into->fewest_masks = from->fewest_masks;
    if (from->most_masks > into->most_masks) into->most_masks = from->most_masks;
    into->files += from->files;
    into->masks += from->masks;
    into->pixels += from->pixels;
    into->binary_masks += from->binary_masks;
    into->plane_files += from->plane_files;
    into->one_hot_files += from->one_hot_files;
    take_palette(&into->palette, &from->palette);
    take_nodata_text(into, from->nodata_text);
    enum mw_status status = merge_kinds(&into->layouts, &from->layouts, err);
    if (!status) status = merge_kinds(&into->sizes, &from->sizes, err);
    if (!status) status = merge_kinds(&into->nodata, &from->nodata, err);
    if (!status) status = mw_values_merge(&into->values, &from->values, err);
    if (!status) status = mw_values_merge(&into->unknown, &from->unknown, err);
    return status;
}

void mw_inspection_free(struct mw_inspection *inspection) {
    free(inspection->layouts.list);
    free(inspection->sizes.list);
    free(inspection->nodata.list);
    mw_mask_name_release(inspection->palette.first);
    mw_values_free(&inspection->values);
    mw_values_free(&inspection->unknown);
    *inspection = (struct mw_inspection){0};
}
