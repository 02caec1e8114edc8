#include "write/inspection.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KINDS_SHOWN = 8, VALUES_SHOWN = 64 };

static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

void mw_inspection_add_value(const struct mw_inspection *facts, const struct mw_value *value,
                             struct mw_text *text) {
    bool stands_in = facts->nodata_text[0] && !value->is_colour && value->value == INT32_MIN;
    if (stands_in) mw_text_print(text, "%s", facts->nodata_text);
    else if (value->is_colour && value->value < 0) mw_text_print(text, "beyond the palette");
    else if (!value->is_colour) mw_text_print(text, "%" PRId64, value->value);
    else
        mw_text_print(text, "#%06" PRIX64 "%s", value->value & 0xffffff,
                      value->value >> 24 ? " (rounded from 16 bits)" : "");
}

static void add_layout(int64_t key, struct mw_text *text) {
    struct mw_seen_layout layout = mw_seen_layout(key);
    mw_text_print(text, "%s, ", layout.format->name);
    mw_seen_layout_describe(&layout, text);
}

static void add_size(int64_t key, struct mw_text *text) {
    struct mw_seen_size size = mw_seen_size(key);
    mw_text_print(text, "%" PRIu32 " x %" PRIu32 " pixels", size.width, size.height);
}

static void add_number(int64_t key, struct mw_text *text) {
    mw_text_print(text, "%" PRId64, key);
}

/* The kinds with the most masks, most first, then by key. Returns how many. */
static size_t rank_kinds(const struct mw_kinds *kinds, const struct mw_kind *ranked[KINDS_SHOWN]) {
    size_t kept = 0;
    for (size_t i = 0; i < kinds->count; i++) {
        const struct mw_kind *kind = &kinds->list[i];
        if (kept == KINDS_SHOWN && kind->masks <= ranked[kept - 1]->masks) continue;
        size_t place = kept < KINDS_SHOWN ? kept++ : kept - 1;
        for (; place > 0 && kind->masks > ranked[place - 1]->masks; place--)
            ranked[place] = ranked[place - 1];
        ranked[place] = kind;
    }
    return kept;
}

/* A line for each of the most frequent kinds, and one for how many more there are. `what` has them: a
 * "mask". */
static void add_kinds(const char *head, const struct mw_kinds *kinds, const char *what,
                      void (*add)(int64_t key, struct mw_text *text), struct mw_text *text) {
    const struct mw_kind *ranked[KINDS_SHOWN];
    size_t shown = rank_kinds(kinds, ranked);
    for (size_t i = 0; i < shown; i++) {
        mw_text_print(text, "%-9s ", i ? "" : head);
        add(ranked[i]->key, text);
        mw_text_print(text, ": %" PRIu64 " %s%s\n", ranked[i]->masks, what,
                      plural(ranked[i]->masks));
    }
    if (shown < kinds->count)
        mw_text_print(text, "%-9s and %s%zu more\n", "", kinds->more ? "more than " : "",
                      kinds->count - shown);
}

static void add_nodata(const struct mw_inspection *facts, const char *what, struct mw_text *text) {
    if (!facts->nodata_text[0]) add_kinds("nodata", &facts->nodata, what, add_number, text);
    else mw_text_print(text, "%-9s %s\n", "nodata", facts->nodata_text);
}

static void add_masks(const struct mw_inspection_report *report, const char *what,
                      struct mw_text *text) {
    const struct mw_inspection *facts = report->facts;
    uint64_t failed = report->counts->failures.count, skipped = report->counts->skipped_files;
    mw_text_print(text, "%ss%*s %" PRIu64 " in %" PRIu64 " file%s", what, 8 - (int)strlen(what), "",
                  facts->masks, facts->files, plural(facts->files));
    if (facts->most_masks > 1 && facts->fewest_masks == facts->most_masks)
        mw_text_print(text, ", %" PRIu64 " each", facts->most_masks);
    else if (facts->most_masks > 1)
        mw_text_print(text, ", %" PRIu64 " to %" PRIu64 " each", facts->fewest_masks,
                      facts->most_masks);
    mw_text_print(text, "\n");
    if (failed)
        mw_text_print(text, "%-9s %" PRIu64 " file%s, which could not be read\n", "failed", failed,
                      plural(failed));
    if (skipped)
        mw_text_print(text, "%-9s %" PRIu64 " other file%s (-v says why)\n", "skipped", skipped,
                      plural(skipped));
}

static void add_palette(const struct mw_seen_palette *palette, struct mw_text *text) {
    if (palette->entries == 0) return;
    uint32_t index = mw_palette_conflict(palette);
    mw_text_print(text, "%-9s %" PRIu32 " colours", "palette", palette->entries);
    if (index < MW_PALETTE_ENTRIES)
        mw_text_print(text,
                      ", not the same in all masks: index %" PRIu32 " is #%06" PRIX32
                      " and #%06" PRIX32,
                      index, palette->least[index] - 1, palette->largest[index] - 1);
    else if (palette->several)
        mw_text_print(text, ", the same in all masks for every index that occurs");
    mw_text_print(text, "\n");
}

static int compare_places(const void *a, const void *b) {
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return left < right ? -1 : left > right;
}

/* Widths of the columns of a table of values. */
struct columns {
    int value, pixels, masks;
    bool palette; /* there is a column for the palette's colour */
};

static int width_of(uint64_t number) {
    int width = 1;
    for (; number >= 10; number /= 10) width++;
    return width;
}

static int at_least(int width, int least) {
    return width > least ? width : least;
}

static struct columns measure(const struct mw_inspection *facts, const char *what,
                              const size_t *places, size_t count) {
    struct columns columns = {.value = 5, .pixels = 6, .masks = (int)strlen(what) + 1};
    struct mw_text cell = {0};
    columns.palette = facts->palette.entries > 0 && !facts->palette.several;
    for (size_t i = 0; i < count; i++) {
        const struct mw_value *value = &facts->values.list[places[i]];
        mw_text_clear(&cell);
        mw_inspection_add_value(facts, value, &cell);
        columns.value = at_least(columns.value, (int)cell.length);
        columns.pixels = at_least(columns.pixels, width_of(value->pixels));
        columns.masks = at_least(columns.masks, width_of(value->masks));
    }
    mw_text_free(&cell);
    return columns;
}

static void add_palette_colour(const struct mw_seen_palette *palette, const struct mw_value *value,
                               struct mw_text *text) {
    bool inside = !value->is_colour && value->value >= 0 && value->value < palette->entries;
    if (inside) mw_text_print(text, "  #%06" PRIX32, palette->colours[value->value]);
    else mw_text_print(text, "  %7s", "");
}

static void add_row(const struct mw_inspection *facts, const struct columns *columns,
                    const struct mw_value *value, struct mw_text *text) {
    struct mw_text cell = {0};
    mw_inspection_add_value(facts, value, &cell);
    mw_text_print(text, "%*s", columns->value, cell.failed ? "" : cell.data);
    text->failed = text->failed || cell.failed;
    mw_text_free(&cell);
    if (columns->palette) add_palette_colour(&facts->palette, value, text);
    mw_text_print(text, "  %*" PRIu64 "  %8.4f %%  %*" PRIu64 "  ", columns->pixels, value->pixels,
                  100 * (double)value->pixels / (double)facts->pixels, columns->masks,
                  value->masks);
    mw_text_add_path(text, value->first->path);
    if (value->first->page)
        mw_text_print(text, " %s %" PRIu32, value->first->part, value->first->page + 1);
    mw_text_print(text, "\n");
}

/* The values with the most pixels, in order of value. */
static void add_values(const struct mw_inspection *facts, const char *what, struct mw_text *text) {
    const struct mw_values *values = &facts->values;
    size_t places[VALUES_SHOWN], shown = mw_values_rank(values, places, VALUES_SHOWN);
    qsort(places, shown, sizeof *places, compare_places);
    struct columns columns = measure(facts, what, places, shown);
    mw_text_print(text, "%-9s %s%zu of %" PRIu64 " pixels%s\n\n", "values",
                  values->more ? "more than " : "", values->count, facts->pixels,
                  shown < values->count ? "; those with the most pixels:" : "");
    mw_text_print(text, "%*s%s  %*s  %10s  %*ss  %s\n", columns.value, "value",
                  columns.palette ? "  colour " : "", columns.pixels, "pixels", "share",
                  columns.masks - 1, what, "first in");
    for (size_t i = 0; i < shown; i++) add_row(facts, &columns, &values->list[places[i]], text);
}

void mw_inspection_write(const struct mw_inspection_report *report, struct mw_text *text) {
    const struct mw_inspection *facts = report->facts;
    const struct mw_guess *guess = report->guess;
    const char *what = mw_labels_multi(&guess->labels) ? "plane" : "mask";
    add_masks(report, what, text);
    add_kinds("samples", &facts->layouts, what, add_layout, text);
    add_kinds("size", &facts->sizes, what, add_size, text);
    add_palette(&facts->palette, text);
    add_nodata(facts, what, text);
    add_values(facts, what, text);
    mw_text_print(text, "\n%-9s %s: %s\n", "encoding", guess->name ? guess->name : "unknown",
                  guess->why.data ? guess->why.data : "nothing that is known fits");
    if (guess->colours.length)
        mw_text_print(text, "\nA class map of these colours, for names to be put in:\n%s",
                      guess->colours.data);
    if (guess->useless) mw_text_print(text, "\nNothing to try.\n");
    else mw_text_print(text, "\nTry: %s\n", report->command);
}
