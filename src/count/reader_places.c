#include "count/reader_places.h"

#include <inttypes.h>
#include <string.h>

void mw_reader_note_unknown(struct mw_reader *reader, uint32_t channel) {
    struct mw_mask *mask = &reader->mask;
    const struct mw_place_list *known = &reader->totals->findings[MW_UNKNOWN_LABEL];
    if (!mw_places_want(known, 0, reader->file->document_path)) return;
    if (reader->unknown_planes++) return; /* the first plane stands for the others */
    mw_mask_locate_unknown(mask, &reader->input, reader->format, reader->limits, reader->labels,
                           reader->page, channel);
    if (mask->multi_label) mw_text_print(&reader->unknown, "plane %zu: ", mask->count);
    mw_mask_describe_unknown(mask, reader->labels, &reader->unknown);
}

/* Adds the mask to a list of the file, with what is said of it; `kept`: what the list will be merged with. */
static enum mw_status add(const struct mw_reader *reader, struct mw_place_list *list,
                          const struct mw_place_list *kept, double share, const char *what,
                          struct mw_error *err) {
    struct mw_text text = {0};
    if (!mw_places_want(kept, share, reader->file->document_path)) {
        list->count++;
        return MW_OK;
    }
    mw_text_print(&text, "number %" PRIu32 ": %s", mw_reader_number(reader), what);
    struct mw_place place = {.share = share,
                             .source = reader->file->source,
                             .path = (char *)reader->file->document_path, /* copied */
                             .message = text.data};
    enum mw_status status = text.failed ? mw_error_memory(err)
                                        : mw_places_add_place(list, &place, err);
    mw_text_free(&text);
    return status;
}

static enum mw_status add_unknown(struct mw_reader *reader, struct mw_error *err) {
    unsigned more = reader->unknown_planes > 1 ? reader->unknown_planes - 1 : 0;
    if (more) mw_text_print(&reader->unknown, "; and in %u more planes", more);
    enum mw_status status = reader->unknown.failed
                                ? mw_error_memory(err)
                                : add(reader, &reader->counts.findings[MW_UNKNOWN_LABEL],
                                      &reader->totals->findings[MW_UNKNOWN_LABEL], 0,
                                      reader->unknown.data, err);
    mw_text_clear(&reader->unknown);
    reader->unknown_planes = 0;
    return status;
}

static enum mw_status add_ignored(const struct mw_reader *reader, struct mw_counts *counts,
                                  struct mw_error *err) {
    const struct mw_mask *mask = &reader->mask;
    double share = mw_mask_ignored_share(mask);
    struct mw_text text = {0};
    mw_text_print(&text, "%.3g %% of its pixels are ignored (%" PRIu64 ")", 100 * share,
                  mask->ignored_pixels);
    enum mw_status status = text.failed ? mw_error_memory(err)
                                        : add(reader, &counts->most_ignored,
                                              &reader->totals->most_ignored, share, text.data, err);
    mw_text_free(&text);
    return status;
}

enum mw_status mw_reader_add_places(struct mw_reader *reader, struct mw_error *err) {
    const struct mw_mask *mask = &reader->mask;
    struct mw_counts *counts = &reader->counts;
    enum mw_status status = mask->unknown_pixels ? add_unknown(reader, err) : MW_OK;
    if (!status && mw_mask_is_empty(mask, reader->labels))
        status = add(reader, &counts->first_empty, &reader->totals->first_empty, 0,
                     "no pixel is foreground", err);
    return status || !mask->ignored_pixels ? status : add_ignored(reader, counts, err);
}

static void drop_number(struct mw_place_list *list) {
    for (size_t i = 0; i < list->kept; i++) {
        char *message = list->places[i].message;
        const char *what = strchr(message, ':') + 2; /* behind "number 1: " */
        memmove(message, what, strlen(what) + 1);
    }
}

void mw_reader_end_places(struct mw_reader *reader) {
    struct mw_counts *counts = &reader->counts;
    if (counts->masks != 1) return;
    drop_number(&counts->findings[MW_UNKNOWN_LABEL]);
    drop_number(&counts->first_empty);
    drop_number(&counts->most_ignored);
}
