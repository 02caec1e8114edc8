/* The statements. In the sources: n pixels of the class, N of all, w its weight, m of M masks have it. */
#include "write/advice.h"

#include <inttypes.h>
#include <math.h>

enum { BATCH = 8, SMALL_BATCH = 4 };

static const double EVEN = 1.5, RARE = 0.1, EXTREME = 100;

static double fraction_of(const struct mw_advice *advice, size_t place) {
    return advice->weights->fraction[place];
}

/* "class 3 (car)" */
static void add_class(const struct mw_advice *advice, size_t place, struct mw_text *out) {
    uint32_t id = advice->report->counts->classes[place].id;
    const char *name = mw_labels_name(advice->report->labels, id);
    mw_text_print(out, "class %" PRIu32, id);
    if (!name) return;
    mw_text_print(out, " (");
    mw_text_add_printable(out, name);
    mw_text_print(out, ")");
}

static void add_percent(struct mw_text *out, double share) {
    mw_text_print(out, "%.4g %%", 100 * share);
}

/* A factor, in 4 digits; never as 3.333e+04, while it can be read at all. */
static void add_factor(struct mw_text *out, double value) {
    mw_text_print(out, value >= 9999.5 && value < 1e15 ? "%.0f" : "%.4g", value);
}

static const char *scheme_of(const struct mw_advice *advice) {
    return advice->weights->request.text;
}

/* The batch that sentences speak of: at most as large as the dataset; 0: the dataset is too small. */
static unsigned batch_of(const struct mw_advice *advice) {
    uint64_t masks =
        mw_presence_of(advice->report->counts, &advice->weights->options, advice->rarest).masks;
    if (masks < SMALL_BATCH) return 0;
    return masks < BATCH ? SMALL_BATCH : BATCH;
}

/* --- One class, or classes that weigh alike --------------------------------------------------- */

static bool is_one_class(const struct mw_advice *advice) {
    return advice->extremes.present == 1 && !advice->multi;
}

static void say_one_class(const struct mw_advice *advice, struct mw_text *out) {
    mw_text_print(out, "Only ");
    add_class(advice, advice->extremes.most, out);
    mw_text_print(out, " occurs: there is nothing to balance.");
}

/* Whether the weights, too, are nearly those of no weighing: alike, and of pos_weight near 1. */
static bool has_even_weights(const struct mw_advice *advice) {
    const double *weight = advice->weights->class_weight;
    const struct mw_extremes *extremes = &advice->extremes;
    if (advice->pos_weight)
        return weight[extremes->heaviest] < EVEN && weight[extremes->lightest] * EVEN > 1;
    return extremes->heaviest_to_lightest < EVEN;
}

static bool is_even(const struct mw_advice *advice) {
    return advice->extremes.present > 1 && !advice->multi && advice->extremes.ratio < EVEN &&
           has_even_weights(advice);
}

static void say_even(const struct mw_advice *advice, struct mw_text *out) {
    if (advice->extremes.ratio >= 1.005)
        mw_text_print(out,
                      "The classes are nearly even, %.3g to 1 between the most frequent and the "
                      "rarest: weights change little.",
                      advice->extremes.ratio);
    else mw_text_print(out, "The classes are even: weights change little.");
}

/* --- Shares of the loss ----------------------------------------------------------------------- */

static bool has_class_weights(const struct mw_advice *advice) {
    return advice->extremes.present > 1 && !advice->multi && !advice->pos_weight;
}

static void say_loss_share(const struct mw_advice *advice, struct mw_text *out) {
    size_t most = advice->extremes.most, least = advice->extremes.least;
    mw_text_print(out, "Without weights ");
    add_class(advice, most, out);
    mw_text_print(out, " makes up ");
    add_percent(out, fraction_of(advice, most));
    mw_text_print(out, " of the loss and ");
    add_class(advice, least, out);
    mw_text_print(out, " ");
    add_percent(out, fraction_of(advice, least));
    mw_text_print(out, "; under %s ", scheme_of(advice));
    add_percent(out, advice->weights->weight_share[most]);
    mw_text_print(out, " and ");
    add_percent(out, advice->weights->weight_share[least]);
    mw_text_print(out, ".");
}

static bool has_positive_share(const struct mw_advice *advice) {
    return advice->pos_weight && !is_one_class(advice);
}

static void say_positive_share(const struct mw_advice *advice, struct mw_text *out) {
    size_t place = advice->foreground;
    mw_text_print(out, "Without pos_weight the positives of ");
    add_class(advice, place, out);
    mw_text_print(out, " make up ");
    add_percent(out, fraction_of(advice, place));
    mw_text_print(out, " of the loss of this class; under %s ", scheme_of(advice));
    add_percent(out, advice->weights->weight_share[place]);
    mw_text_print(out, ".");
}

static bool is_upside_down(const struct mw_advice *advice) {
    return advice->upside_down;
}

static void say_upside_down(const struct mw_advice *advice, struct mw_text *out) {
    const struct mw_weights *weights = advice->weights;
    size_t most = advice->extremes.most, least = advice->extremes.least;
    mw_text_print(out, "%s weighs frequent classes up: ", scheme_of(advice));
    add_class(advice, most, out);
    mw_text_print(out, " %.4g, ", weights->class_weight[most]);
    add_class(advice, least, out);
    mw_text_print(out, " %.4g. As a loss weight use %s.", weights->class_weight[least],
                  advice->multi ? "pos-weight" : "balanced, median-frequency or enet");
}

/* --- Batches ---------------------------------------------------------------------------------- */

static struct mw_presence rarest_presence(const struct mw_advice *advice) {
    return mw_presence_of(advice->report->counts, &advice->weights->options, advice->rarest);
}

static bool misses_masks(const struct mw_advice *advice) {
    struct mw_presence presence = rarest_presence(advice);
    return batch_of(advice) && presence.with < presence.masks;
}

/* A class in at most a quarter of the masks can be drawn twice as often: sqrt(t / f) = 2. */
static void add_sampling(const struct mw_advice *advice, const struct mw_presence *presence,
                         struct mw_text *out) {
    if (advice->weights->options.skip_empty || 4 * presence->fraction > 1) return;
    mw_text_print(
        out,
        " Counting the masks with --per-mask FILE --sampling repeat-factor:t=%.4g gives masks "
        "with it the sample weight 2.",
        4 * presence->fraction);
}

static void say_batch(const struct mw_advice *advice, struct mw_text *out) {
    struct mw_presence presence = rarest_presence(advice);
    unsigned batch = batch_of(advice);
    mw_text_print(out, "In a random batch of %u whole masks %.3g on average are without ", batch,
                  mw_presence_missing(&presence, batch));
    add_class(advice, advice->rarest, out);
    mw_text_print(out,
                  ", which %" PRIu64 " of %" PRIu64
                  " have; %.3g %% of such batches have no mask with it.",
                  presence.with, presence.masks, 100 * mw_presence_none(&presence, batch));
    add_sampling(advice, &presence, out);
}

/* --- What losses make of weights -------------------------------------------------------------- */

static bool has_scale(const struct mw_advice *advice) {
    return has_class_weights(advice) && !advice->upside_down;
}

static void say_scale(const struct mw_advice *advice, struct mw_text *out) {
    double mean = mw_weights_pixel_mean(advice->weights);
    double ratio = advice->extremes.heaviest_to_lightest;
    mw_text_print(
        out, "CrossEntropyLoss (mean) of PyTorch divides by the weights of the batch's pixels: "
             "only their ratios count there, ");
    if (ratio < 1.0005) mw_text_print(out, "and all weights are the same. ");
    else {
        mw_text_print(out, "at most ");
        add_factor(out, ratio);
        mw_text_print(out, " to 1. ");
    }
    mw_text_print(out, "In Keras and MMSegmentation 0.x, which divide by the number of pixels, the "
                       "scale counts, too: were every pixel's loss equal, the loss would be ");
    if (fabs(mean - 1) < 0.005) mw_text_print(out, "as large as without weights.");
    else {
        add_factor(out, mean);
        mw_text_print(out, " times as large as without weights; --normalize pixel-mean keeps it.");
    }
}

static bool has_sigmoid(const struct mw_advice *advice) {
    double fraction = advice->extremes.present ? fraction_of(advice, advice->foreground) : 0;
    return (advice->two || advice->multi || advice->pos_weight) && fraction > 0 && fraction < 1;
}

static void say_pos_weight(const struct mw_advice *advice, struct mw_text *out) {
    mw_text_print(out, advice->two
                           ? "With one logit, `weight` of BCEWithLogitsLoss rescales the whole "
                             "loss and balances nothing; "
                           : "`weight` of BCEWithLogitsLoss rescales all of a class's loss, "
                             "positives and negatives alike; ");
    mw_text_print(out, "`pos_weight` balances: negatives / positives, ");
    add_factor(out, mw_pos_weight(fraction_of(advice, advice->foreground)));
    mw_text_print(out, " for ");
    add_class(advice, advice->foreground, out);
    mw_text_print(out, ".");
}

static bool is_rare_foreground(const struct mw_advice *advice) {
    return has_sigmoid(advice) && fraction_of(advice, advice->foreground) < RARE;
}

static void say_bias(const struct mw_advice *advice, struct mw_text *out) {
    double fraction = fraction_of(advice, advice->foreground);
    double weight = advice->weights->class_weight[advice->foreground];
    mw_text_print(out, "Begin a sigmoid for ");
    add_class(advice, advice->foreground, out);
    mw_text_print(out, ", %.3g of the pixels, with the bias log(p / (1 - p)) = %.4g", fraction,
                  mw_initial_bias(fraction, 1));
    if (advice->pos_weight && weight > 0)
        mw_text_print(out, " without pos_weight; with the one of %s it is %.4g", scheme_of(advice),
                      round(1e6 * mw_initial_bias(fraction, weight)) / 1e6 + 0.0);
    else mw_text_print(out, ", if it is trained without pos_weight");
    mw_text_print(out, ".");
}

static bool is_extreme(const struct mw_advice *advice) {
    const struct mw_extremes *extremes = &advice->extremes;
    if (advice->upside_down || extremes->present == 0) return false;
    if (advice->pos_weight) return advice->weights->class_weight[extremes->heaviest] > EXTREME;
    return extremes->present > 1 && extremes->heaviest_to_lightest > EXTREME;
}

static void say_extreme(const struct mw_advice *advice, struct mw_text *out) {
    const struct mw_weights *weights = advice->weights;
    size_t heaviest = advice->extremes.heaviest, lightest = advice->extremes.lightest;
    bool whole_planes = advice->multi && !advice->pos_weight;
    mw_text_print(out, "Under %s %s of ", scheme_of(advice),
                  whole_planes ? "the whole loss" : "a pixel");
    add_class(advice, heaviest, out);
    mw_text_print(out, whole_planes ? ", positives and negatives, counts as much as "
                                    : ", mislabelled or not, counts as much as ");
    if (advice->pos_weight) {
        add_factor(out, weights->class_weight[heaviest]);
        mw_text_print(out, " others: cap it, as with --max-weight 100.");
        return;
    }
    add_factor(out, advice->extremes.heaviest_to_lightest);
    mw_text_print(out, whole_planes ? " times that of " : " of ");
    add_class(advice, lightest, out);
    mw_text_print(out, ". Over 100 to 1 prefer enet (here %.3g to 1), log (%.3g to 1) or a cap",
                  advice->enet, advice->log);
    if (weights->options.normalize == MW_NORMALIZE_NONE) {
        mw_text_print(out, ": --max-weight ");
        add_factor(out, EXTREME * weights->class_weight[lightest]);
        mw_text_print(out, " is 100 to 1");
    } else mw_text_print(out, " (--max-weight)");
    mw_text_print(out, ".");
}

/* Of planes: everywhere a positive, and positives count nothing. */
static bool is_everywhere(const struct mw_advice *advice, size_t place) {
    return advice->weights->pixels[place] > 0 && fraction_of(advice, place) == 1 &&
           advice->weights->class_weight[place] == 0;
}

static size_t count_everywhere(const struct mw_advice *advice) {
    size_t found = 0;
    for (size_t i = 0; i < advice->weights->count; i++) found += is_everywhere(advice, i);
    return found;
}

static bool has_everywhere(const struct mw_advice *advice) {
    return advice->multi && advice->pos_weight && count_everywhere(advice) > 0;
}

static void say_everywhere(const struct mw_advice *advice, struct mw_text *out) {
    size_t first = 0, found = count_everywhere(advice);
    while (!is_everywhere(advice, first)) first++;
    mw_text_print(out, "Every pixel is of ");
    add_class(advice, first, out);
    if (found > 1) mw_text_print(out, " and of %zu more", found - 1);
    mw_text_print(out,
                  ": the pos_weight is 0 and with it the loss, so nothing is learnt of %s. "
                  "--min-weight 1 keeps the loss.",
                  found > 1 ? "them" : "it");
}

/* --- What is not there ------------------------------------------------------------------------ */

static bool has_absent(const struct mw_advice *advice) {
    return advice->extremes.present < advice->weights->count;
}

static void say_absent(const struct mw_advice *advice, struct mw_text *out) {
    const struct mw_weights *weights = advice->weights;
    size_t first = 0, absent = weights->count - advice->extremes.present;
    while (weights->pixels[first] > 0) first++;
    mw_text_print(out, "Nothing can be learnt of ");
    add_class(advice, first, out);
    if (absent > 1) mw_text_print(out, " and %zu more, which have", absent - 1);
    else mw_text_print(out, ", which has");
    mw_text_print(out, " no pixel in what is weighed; the weight %.4g is no measurement.",
                  weights->class_weight[first]);
}

static bool has_left_out(const struct mw_advice *advice) {
    return mw_left_out_of(advice->report->counts, &advice->weights->options).pixels > 0;
}

static void say_left_out(const struct mw_advice *advice, struct mw_text *out) {
    struct mw_left_out left_out = mw_left_out_of(advice->report->counts, &advice->weights->options);
    add_percent(out, left_out.fraction);
    mw_text_print(
        out, " of the pixels%s are left out of these numbers: leave them out of the loss, too, ",
        left_out.of_all ? " of all masks, skipped ones too," : "");
    mw_text_print(out, advice->pos_weight || advice->multi
                           ? "by a mask, because BCEWithLogitsLoss has no ignore_index."
                           : "with ignore_index.");
}

static bool has_void_masks(const struct mw_advice *advice) {
    return advice->report->counts->ignored_masks > 0 && has_class_weights(advice) &&
           !advice->weights->options.skip_empty;
}

static void say_void_masks(const struct mw_advice *advice, struct mw_text *out) {
    const struct mw_counts *counts = advice->report->counts;
    mw_text_print(out,
                  "%" PRIu64 " of %" PRIu64 " masks have no pixel with a class: in a batch of "
                  "nothing else CrossEntropyLoss (mean) is NaN. Leave them out.",
                  counts->ignored_masks, counts->masks);
}

static bool is_estimated(const struct mw_advice *advice) {
    return mw_subset_estimates(&advice->report->counts->subset);
}

static void say_estimated(const struct mw_advice *advice, struct mw_text *out) {
    const struct mw_subset *subset = &advice->report->counts->subset;
    mw_text_print(out,
                  "%" PRIu64 " of %" PRIu64 " files were counted (--sample): all that follows is "
                  "estimated; --format table has the intervals.",
                  subset->taken, subset->seen);
}

static bool is_incomplete(const struct mw_advice *advice) {
    return advice->report->counts->failures.count > 0;
}

static void say_incomplete(const struct mw_advice *advice, struct mw_text *out) {
    uint64_t failed = advice->report->counts->failures.count;
    mw_text_print(out, "%" PRIu64 " file%s could not be counted: nothing that follows is about %s.",
                  failed, failed == 1 ? "" : "s", failed == 1 ? "it" : "them");
}

const struct mw_statement mw_statements[] = {
    {.name = "incomplete",
     .when = "files could not be counted",
     .source = "the failures of the document",
     .holds = is_incomplete,
     .say = say_incomplete,
     .brief = true},
    {.name = "estimated",
     .when = "the counts are of a sample",
     .source = "--sample",
     .holds = is_estimated,
     .say = say_estimated,
     .brief = true},
    {.name = "one-class",
     .when = "one class occurs",
     .source = "the counts",
     .holds = is_one_class,
     .say = say_one_class,
     .brief = true},
    {.name = "loss-share",
     .when = "pixels carry one of several classes, and the scheme weighs classes",
     .source = "n / N and n w / sum of n w, were the loss of every pixel equal",
     .holds = has_class_weights,
     .say = say_loss_share,
     .brief = true},
    {.name = "positive-share",
     .when = "the scheme is pos-weight",
     .source = "n / N and n w / (n w + N - n), were the loss of every pixel equal",
     .holds = has_positive_share,
     .say = say_positive_share,
     .brief = true},
    {.name = "even",
     .when =
         "the most frequent class has less than 1.5 times the pixels of the rarest, and the weights "
         "differ by less than that, or a pos_weight from 1",
     .source = "the counts; the limit is a rule of thumb",
     .holds = is_even,
     .say = say_even,
     .brief = true},
    {.name = "upside-down",
     .when = "the most frequent class weighs more than the rarest",
     .source = "the weights",
     .holds = is_upside_down,
     .say = say_upside_down}, /* not brief: it is a warning, too */
    {.name = "extreme",
     .when = "weights differ by a factor above 100, or a pos_weight is above 100",
     .source =
         "bounded weights: Paszke et al. 2016 (arXiv:1606.02147), section 5.2; the limit is a "
         "rule of thumb",
     .holds = is_extreme,
     .say = say_extreme,
     .brief = true},
    {.name = "everywhere",
     .when = "pixels carry several classes, one is in every pixel, and its pos_weight is 0",
     .source = "negatives / positives is 0; PyTorch, BCEWithLogitsLoss(pos_weight)",
     .holds = has_everywhere,
     .say = say_everywhere},
    {.name = "batch",
     .when = "there are at least 4 masks, and some are without a class that occurs",
     .source =
         "drawn without replacement: B (1 - m / M), and C(M - m, B) / C(M, B); repeat factors: "
         "LVIS",
     .holds = misses_masks,
     .say = say_batch,
     .brief = true},
    {.name = "scale",
     .when = "pixels carry one of several classes, and the scheme weighs rare ones up",
     .source = "PyTorch, CrossEntropyLoss, reduction=\"mean\"; Keras, reduction="
               "\"sum_over_batch_size\"; MMSegmentation 0.x, weight_reduce_loss (1.x divides as "
               "PyTorch does)",
     .holds = has_scale,
     .say = say_scale},
    {.name = "pos-weight",
     .when = "there are two classes, or pixels carry several, or the scheme is pos-weight",
     .source = "PyTorch, BCEWithLogitsLoss(weight, pos_weight)",
     .holds = has_sigmoid,
     .say = say_pos_weight},
    {.name = "bias",
     .when = "the same, and the foreground has less than a tenth of the pixels",
     .source =
         "Lin et al. 2017 (arXiv:1708.02002), section 4.1; with pos_weight w log(w p / (1 - p))",
     .holds = is_rare_foreground,
     .say = say_bias},
    {.name = "absent",
     .when = "a class has no pixel in what is weighed",
     .source = "--zero-class",
     .holds = has_absent,
     .say = say_absent},
    {.name = "left-out",
     .when = "pixels are ignored or unknown in what is weighed",
     .source = "PyTorch, CrossEntropyLoss(ignore_index), BCEWithLogitsLoss",
     .holds = has_left_out,
     .say = say_left_out},
    {.name = "void-masks",
     .when = "masks have no pixel with a class, and the scheme weighs classes",
     .source = "0 / 0: pytorch/pytorch#70348",
     .holds = has_void_masks,
     .say = say_void_masks},
};
const size_t mw_statement_count = sizeof mw_statements / sizeof mw_statements[0];

static bool can_leave_out(const struct mw_report *report) {
    const struct mw_counts *counts = report->counts;
    return counts->ignored_pixels + counts->unknown_pixels > 0 ||
           report->labels->ignore.count > 0 || report->labels->reduce_zero;
}

enum mw_status mw_advice_init(struct mw_advice *advice, const struct mw_report *report,
                              bool *possible, struct mw_error *err) {
    *possible = report->weight_count > 0 && report->weights[0].present > 0;
    if (!*possible) return MW_OK;
    const struct mw_weights *weights = &report->weights[0];
    bool multi = mw_labels_multi(report->labels);
    *advice = (struct mw_advice){.report = report,
                                 .weights = weights,
                                 .extremes = mw_extremes_find(weights),
                                 .rarest = mw_presence_rarest(weights, report->counts),
                                 .multi = multi,
                                 .two = !multi && weights->count == 2 && weights->present == 2,
                                 .pos_weight = weights->request.scheme->is_pos_weight,
                                 .left_out = can_leave_out(report)};
    advice->upside_down = !advice->pos_weight &&
                          mw_extremes_upside_down(&advice->extremes, weights);
    advice->foreground = advice->two ? mw_foreground_of_two(report->counts, report->labels)
                                     : advice->extremes.least;
    enum mw_status status = mw_scheme_spread("enet", weights, report->counts, &advice->enet, err);
    return status ? status : mw_scheme_spread("log", weights, report->counts, &advice->log, err);
}
