/* Where unknown values stand. Counting knows no coordinates; this decodes the file once more and
 * asks for them, which only a mask that fails has to pay for. */
#include "count/mask.h"

struct search {
    struct mw_mask *mask;
    struct mw_layout layout;
    uint32_t page;    /* to search: mw_layout.page */
    uint32_t channel; /* of planes: the sample to search */
    uint32_t x, y, step;
    const struct mw_labels *labels;
};

static enum mw_status on_begin(void *context, const struct mw_layout *layout,
                               struct mw_error *err) {
    struct search *search = context;
    (void)err;
    search->layout = *layout;
    return MW_OK;
}

static void on_at(void *context, uint32_t x, uint32_t y, uint32_t step) {
    struct search *search = context;
    search->x = x;
    search->y = y;
    search->step = step;
}

/* Keeps the place if it comes before the one known: rows from the top, columns from the left. */
static void offer(struct search *search, int64_t value, uint32_t x) {
    struct mw_mask *mask = search->mask;
    for (size_t i = 0; i < mask->unknown_values && i < MW_UNKNOWN_SHOWN; i++) {
        struct mw_unknown_value *unknown = &mask->unknown[i];
        if (unknown->value != value) continue;
        bool earlier = search->y < unknown->y || (search->y == unknown->y && x < unknown->x);
        if (unknown->found && !earlier) continue;
        unknown->found = true;
        unknown->x = x;
        unknown->y = search->y;
    }
}

static int64_t value_of(const struct search *search, uint32_t pattern) {
    int64_t value = mw_layout_value(&search->layout, pattern);
    return mw_mask_value(&search->layout, mw_encodings[search->labels->encoding].colour, value);
}

static void on_pixels(void *context, const void *samples, size_t count) {
    struct search *search = context;
    bool planes = mw_labels_multi(search->labels);
    if (search->layout.page != search->page) return;
    for (size_t i = 0; i < count; i++) {
        uint32_t pattern = planes ? mw_layout_sample(&search->layout, samples, i, search->channel)
                                  : mw_layout_pattern(&search->layout, samples, i);
        if (search->labels->transparent_ignored &&
            mw_layout_transparent(&search->layout, samples, i))
            continue;
        offer(search, value_of(search, pattern), search->x + (uint32_t)i * search->step);
    }
}

static void on_run(void *context, uint32_t pattern, uint64_t count) {
    struct search *search = context;
    if (count && search->layout.page == search->page)
        offer(search, value_of(search, pattern), search->x);
}

static enum mw_status on_end(void *context, struct mw_error *err) {
    (void)context;
    (void)err;
    return MW_OK;
}

static void on_note(void *context, enum mw_finding_code code) {
    (void)context;
    (void)code;
}

void mw_mask_locate_unknown(struct mw_mask *mask, struct mw_input *input,
                            const struct mw_format *format, const struct mw_limits *limits,
                            const struct mw_labels *labels, uint32_t page, uint32_t channel) {
    struct search search = {.mask = mask, .page = page, .channel = channel, .labels = labels};
    struct mw_sink sink = {.context = &search,
                           .begin = on_begin,
                           .at = on_at,
                           .pixels = on_pixels,
                           .run = on_run,
                           .end = on_end,
                           .note = on_note};
    struct mw_error ignored; /* the mask decoded a moment ago: its failure is told already */
    enum mw_status status = mw_format_decode(format, input, limits, &sink, &ignored);
    (void)status;
}
