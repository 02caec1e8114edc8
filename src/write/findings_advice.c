/* How advice is told: a table, the statements with their sources, and Python to paste; and in short. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "write/advice.h"
#include "write/findings_writer.h"

enum { ROWS_SHOWN = 16, COLUMNS = 96, MIN_WIDTH = 16 };

static const struct {
    unsigned size;
    const char *title;
} batches[] = {{4, "B=4"}, {8, "B=8"}, {16, "B=16"}, {32, "B=32"}};
enum { BATCHES = sizeof batches / sizeof batches[0] };

/* A class that occurs, by share. */
struct rank {
    double share;
    size_t place; /* in mw_counts.classes */
};

/* The most frequent first; of equals, the least id. */
static int rank_compare(const void *a, const void *b) {
    const struct rank *left = a, *right = b;
    if (left->share != right->share) return left->share > right->share ? -1 : 1;
    return left->place < right->place ? -1 : left->place > right->place;
}

/* Batches that the dataset can fill. */
static size_t batches_shown(uint64_t masks) {
    size_t shown = 0;
    while (shown < BATCHES && batches[shown].size <= masks) shown++;
    return shown;
}

/* Columns hold shares of one kind: of the loss of all classes, or, of pos-weight and of planes, of each
 * class's own loss. */
static bool is_shown(const struct mw_advice *advice, const struct mw_weights *weights) {
    return weights->has_shares &&
           (advice->multi || weights->request.scheme->is_pos_weight == advice->pos_weight);
}

static int column_width(const struct mw_weights *weights) {
    size_t length = strlen(weights->request.text);
    return (int)(length > MIN_WIDTH ? length : MIN_WIDTH);
}

static void add_header(const struct mw_advice *advice, size_t shown, struct mw_text *out) {
    const struct mw_report *report = advice->report;
    mw_text_print(out, "%5s  %10s  %12s", "class", "masks", "unweighted");
    for (size_t i = 0; i < report->weight_count; i++)
        if (is_shown(advice, &report->weights[i]))
            mw_text_print(out, "  %*s", column_width(&report->weights[i]),
                          report->weights[i].request.text);
    for (size_t i = 0; i < shown; i++) mw_text_print(out, "  %6s", batches[i].title);
    mw_text_print(out, "  name\n");
}

static void add_row(const struct mw_advice *advice, size_t place, size_t shown,
                    struct mw_text *out) {
    const struct mw_report *report = advice->report;
    uint32_t id = report->counts->classes[place].id;
    const char *name = mw_labels_name(report->labels, id);
    struct mw_presence presence = mw_presence_of(report->counts, &advice->weights->options, place);
    mw_text_print(out, "%5" PRIu32 "  %10" PRIu64 "  %10.4g %%", id, presence.with,
                  100 * advice->weights->fraction[place]);
    for (size_t i = 0; i < report->weight_count; i++)
        if (is_shown(advice, &report->weights[i]))
            mw_text_print(out, "  %*.4g %%", column_width(&report->weights[i]) - 2,
                          100 * report->weights[i].weight_share[place]);
    for (size_t i = 0; i < shown; i++)
        mw_text_print(out, "  %6.3g", mw_presence_missing(&presence, batches[i].size));
    mw_text_print(out, name ? "  " : "");
    if (name) mw_text_add_printable(out, name);
    mw_text_print(out, "\n");
}

static void add_rows(const struct mw_advice *advice, const struct rank *ranks, size_t count,
                     size_t shown, struct mw_text *out) {
    size_t head = count > ROWS_SHOWN ? ROWS_SHOWN / 2 : count;
    for (size_t i = 0; i < count; i++) {
        if (i >= head && i < count - head) continue;
        add_row(advice, ranks[i].place, shown, out);
        if (i == head - 1 && head < count)
            mw_text_print(out, "  ... and %zu more classes\n", count - 2 * head);
    }
}

static enum mw_status add_table(const struct mw_advice *advice, struct mw_text *out,
                                struct mw_error *err) {
    const struct mw_weights *weights = advice->weights;
    struct rank *ranks = malloc(weights->present * sizeof *ranks);
    size_t count = 0;
    if (!ranks) return mw_error_memory(err);
    for (size_t i = 0; i < weights->count; i++)
        if (weights->pixels[i] > 0) ranks[count++] = (struct rank){weights->fraction[i], i};
    qsort(ranks, count, sizeof *ranks, rank_compare);
    uint64_t masks =
        mw_presence_of(advice->report->counts, &weights->options, advice->rarest).masks;
    size_t shown = batches_shown(masks);
    mw_text_print(out, advice->pos_weight || advice->multi
                           ? "Share of the positives in each class's own loss"
                           : "Share of the loss of each class");
    if (shown) mw_text_print(out, "; masks without it in a random batch of B");
    mw_text_print(out, "\n\n");
    add_header(advice, shown, out);
    add_rows(advice, ranks, count, shown, out);
    free(ranks);
    return MW_OK;
}

/* The bytes of `text` that go on one line of `room` columns: up to a space, where there is one. */
static size_t line_length(const char *text, size_t room) {
    size_t columns = 0, space = 0, i = 0;
    for (; text[i] && columns <= room; i++) {
        if (text[i] == ' ') space = i;
        columns += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    if (!text[i] && columns <= room) return i;
    return space ? space : strcspn(text, " ");
}

/* Appends text in lines of at most COLUMNS, the first behind `first`, the others behind `next`. */
static void add_wrapped(struct mw_text *out, const char *first, const char *next,
                        const char *text) {
    const char *margin = first;
    while (*text) {
        size_t length = line_length(text, COLUMNS - strlen(margin));
        mw_text_print(out, "%s%.*s\n", margin, (int)length, text);
        text += length + (text[length] == ' ');
        margin = next;
    }
}

static void add_statements(const struct mw_advice *advice, struct mw_text *out) {
    for (size_t i = 0; i < mw_statement_count; i++) {
        const struct mw_statement *statement = &mw_statements[i];
        struct mw_text said = {0};
        if (!statement->holds(advice)) continue;
        mw_text_print(&said, "%s: ", statement->name);
        statement->say(advice, &said);
        mw_text_print(out, "\n");
        if (said.failed) out->failed = true;
        else add_wrapped(out, "", "    ", said.data);
        mw_text_clear(&said);
        mw_text_print(&said, "[%s]", statement->source);
        if (said.failed) out->failed = true;
        else add_wrapped(out, "    ", "    ", said.data);
        mw_text_free(&said);
    }
}

static enum mw_status write_advice(const struct mw_report *report, struct mw_text *out,
                                   struct mw_error *err) {
    struct mw_advice advice;
    bool possible;
    enum mw_status status = mw_advice_init(&advice, report, &possible, err);
    if (status) return status;
    mw_text_print(out, "maskweight: advice\n\n");
    if (!possible) {
        mw_text_print(out, "None: nothing was weighed.\n");
        return MW_OK;
    }
    status = add_table(&advice, out, err);
    if (status) return status;
    mw_text_print(out, "\nFor the scheme %s:\n", advice.weights->request.text);
    add_statements(&advice, out);
    mw_text_print(out, "\n");
    mw_snippets_add(&advice, out);
    return MW_OK;
}

const struct mw_writer mw_writer_advice = {
    .name = "advice",
    .summary =
        "what the numbers mean for training, and the weights of the first scheme as Python to "
        "paste (PyTorch, Keras, MMSegmentation)",
    .write = write_advice,
};

void mw_advice_add_summary(const struct mw_report *report, struct mw_text *out) {
    struct mw_advice advice;
    struct mw_error err;
    bool possible;
    if (mw_advice_init(&advice, report, &possible, &err)) out->failed = true;
    if (out->failed || !possible) return;
    for (size_t i = 0; i < mw_statement_count; i++) {
        struct mw_text said = {0};
        if (!mw_statements[i].brief || !mw_statements[i].holds(&advice)) continue;
        mw_statements[i].say(&advice, &said);
        if (said.failed) out->failed = true;
        else add_wrapped(out, "advice: ", "        ", said.data);
        mw_text_free(&said);
    }
    mw_text_print(out, "more advice, and the weights as Python to paste: --report advice=FILE\n");
}
