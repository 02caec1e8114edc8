/* Python to paste. Signatures: PyTorch, torch.nn; Keras, losses.SparseCategoricalCrossentropy(ignore_class)
 * and TensorFlow, nn.weighted_cross_entropy_with_logits; MMSegmentation, CrossEntropyLoss and BaseDecodeHead. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "write/advice.h"

enum { LISTED = 64, VOID = 255 };

static bool fits_float(double value) {
    return value == 0 || (fabs(value) <= FLT_MAX && fabs(value) >= FLT_MIN);
}

/* Why there is nothing to paste, or NULL. */
static const char *why_not(const struct mw_advice *advice) {
    const struct mw_counts *counts = advice->report->counts;
    size_t last = counts->class_count - 1;
    if (advice->upside_down) return "these weights are not for a loss";
    if (advice->extremes.present == 1 && !advice->multi) return "there is nothing to balance";
    if (counts->classes[last].id != last)
        return "a list of weights needs the class ids 0 to K-1; --format list says how to get there";
    for (size_t i = 0; i <= last; i++)
        if (!fits_float(advice->weights->class_weight[i]))
            return "a weight does not fit in a 32-bit float: use --normalize";
    return NULL;
}

/* The only value that is left out, by the settings and not by what a mask says of itself, if masks hold it as it is
 * and it is no class; else -1. */
static int64_t only_void(const struct mw_advice *advice) {
    const struct mw_labels *labels = advice->report->labels;
    const struct mw_ranges *ignore = &labels->ignore;
    int64_t classes = (int64_t)advice->report->counts->class_count;
    bool stored = labels->encoding == MW_ENCODING_INDEX && !labels->map.count &&
                  !labels->map.has_rest && !labels->reduce_zero;
    bool by_masks = labels->transparent_ignored ||
                    advice->report->counts->findings[MW_NODATA_IGNORED].count;
    if (!stored || by_masks || ignore->count != 1) return -1;
    int64_t first = ignore->ranges[0].first;
    bool fits = first == ignore->ranges[0].last && first >= classes && first <= UINT16_MAX;
    return fits ? first : -1;
}

/* What stands for left-out pixels in a target: this value, else 255, or the first that is no class. */
static uint64_t void_value(const struct mw_advice *advice) {
    size_t classes = advice->report->counts->class_count;
    int64_t only = only_void(advice);
    if (only >= 0) return (uint64_t)only;
    return classes <= VOID ? VOID : classes;
}

/* Says what has to be done to masks that leave out other values, too. */
static void add_void_note(const struct mw_advice *advice, struct mw_text *out) {
    bool only = only_void(advice) >= 0 && advice->report->counts->unknown_pixels == 0;
    if (!advice->left_out || only) return;
    mw_text_print(out, "# map every value that is left out to %" PRIu64 " in the target\n",
                  void_value(advice));
}

/* Of pos_weight, a class without a logit is left out. */
static bool omits(const struct mw_advice *advice, size_t place) {
    if (!advice->pos_weight) return false;
    if (advice->two) return place != advice->foreground;
    return mw_report_omits(advice->report, advice->report->counts->classes[place].id);
}

static void add_weight(const struct mw_advice *advice, size_t place, struct mw_text *out) {
    char digits[MW_REAL_SIZE];
    uint32_t id = advice->report->counts->classes[place].id;
    const char *name = mw_labels_name(advice->report->labels, id);
    if (omits(advice, place)) return;
    mw_text_print(out, "    %s,  # %" PRIu32,
                  mw_real_format(advice->weights->class_weight[place], digits), id);
    if (name) mw_text_print(out, " ");
    if (name) mw_text_add_printable(out, name);
    mw_text_print(out, "\n");
}

static void add_list(const struct mw_advice *advice, const char *variable, struct mw_text *out) {
    size_t count = advice->weights->count;
    const char *more = advice->pos_weight && advice->report->foreground_only ? " --foreground-only"
                                                                             : "";
    if (count > LISTED) {
        mw_text_print(out,
                      "import json\n\n"
                      "%s = json.load(open(\"weights.json\"))  # --scheme %s%s --format list\n",
                      variable, advice->weights->request.text, more);
        return;
    }
    mw_text_print(out, "%s = [  # %s\n", variable, advice->weights->request.text);
    for (size_t i = 0; i < count; i++) add_weight(advice, i, out);
    mw_text_print(out, "]\n");
}

/* CrossEntropyLoss: a target of class ids. */
static void add_class_weights(const struct mw_advice *advice, struct mw_text *out) {
    size_t classes = advice->weights->count;
    uint64_t left_out = void_value(advice);
    char ignore_index[48] = "", ignore_class[48] = "", head[48] = "", zeros[48] = "";
    if (advice->left_out) {
        snprintf(ignore_index, sizeof ignore_index, ", ignore_index=%" PRIu64, left_out);
        snprintf(ignore_class, sizeof ignore_class, ", ignore_class=%" PRIu64, left_out);
        snprintf(head, sizeof head, "ignore_index=%" PRIu64 ", ", left_out);
        snprintf(zeros, sizeof zeros, " + [0.0] * %" PRIu64, left_out + 1 - classes);
    }
    mw_text_print(out, "# target [B, H, W]: class ids 0 to %zu", classes - 1);
    if (advice->left_out) mw_text_print(out, "; left-out pixels: %" PRIu64, left_out);
    mw_text_print(out, "\n");
    add_void_note(advice, out);
    add_list(advice, "weights", out);
    mw_text_print(out,
                  "\n# PyTorch\nimport torch\n\n"
                  "loss = torch.nn.CrossEntropyLoss(weight=torch.tensor(weights)%s)\n",
                  ignore_index);
    mw_text_print(out,
                  "\n# Keras: class_weight is not for masks, so each pixel has its sample_weight\n"
                  "import tensorflow as tf\n\n"
                  "table = tf.constant(weights%s)\n"
                  "loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True%s)\n\n\n"
                  "def add_weights(image, target):  # dataset.map(add_weights)\n"
                  "    return image, target, tf.gather(table, tf.cast(target, tf.int32))\n",
                  zeros, ignore_class);
    mw_text_print(out, "\n\n# MMSegmentation\n");
    if (advice->left_out)
        mw_text_print(out,
                      "# 1.x fails where a left-out pixel meets class_weight: its issue 3734\n");
    mw_text_print(out,
                  "loss_decode = dict(type=\"CrossEntropyLoss\", class_weight=weights, "
                  "avg_non_ignore=True)\n"
                  "model = dict(decode_head=dict(num_classes=%zu, %sloss_decode=loss_decode))\n",
                  classes, head);
}

static void add_torch_bce(const struct mw_advice *advice, const char *argument,
                          struct mw_text *out) {
    mw_text_print(out, "\n# PyTorch\nimport torch\n\n");
    if (!advice->left_out) {
        mw_text_print(out,
                      "loss = torch.nn.BCEWithLogitsLoss(%s=torch.tensor(%s).view(-1, 1, 1))\n",
                      argument, advice->pos_weight ? "pos_weight" : "weights");
        return;
    }
    mw_text_print(
        out,
        "bce = torch.nn.BCEWithLogitsLoss(%s=torch.tensor(%s).view(-1, 1, 1), "
        "reduction=\"none\")\n\n\n"
        "def loss(logits, target, known):  # known, as target: 0.0 where it is left out, else 1.0\n"
        "    return (bce(logits, target) * known).sum() / known.sum().clamp(min=1)\n",
        argument, advice->pos_weight ? "pos_weight" : "weights");
}

/* Why the pos_weight of this list is not for MMSegmentation, whose target are class ids and whose only logit
 * stands for class 1, or NULL. */
static const char *why_not_mmseg(const struct mw_advice *advice) {
    if (advice->two)
        return advice->foreground == 1
                   ? NULL
                   : "its only logit stands for class 1, and the foreground is class 0";
    for (size_t i = 0; i < advice->weights->count; i++)
        if (omits(advice, i))
            return "it has a logit for every class, so the list must not be --foreground-only";
    return NULL;
}

static void add_pos_weight_mmseg(const struct mw_advice *advice, struct mw_text *out) {
    const char *why = why_not_mmseg(advice);
    if (advice->multi) return; /* it knows one class a pixel */
    if (why) {
        mw_text_print(out, "\n\n# Not for MMSegmentation: %s\n", why);
        return;
    }
    mw_text_print(out, "\n\n# MMSegmentation, whose target are class ids\n");
    add_void_note(advice, out);
    mw_text_print(out,
                  "loss_decode = dict(type=\"CrossEntropyLoss\", use_sigmoid=True, "
                  "avg_non_ignore=True,\n"
                  "                   class_weight=[[[weight]] for weight in pos_weight])\n"
                  "model = dict(decode_head=dict(num_classes=%zu, %s",
                  advice->weights->count, advice->two ? "out_channels=1, " : "");
    if (advice->left_out) mw_text_print(out, "ignore_index=%" PRIu64 ", ", void_value(advice));
    mw_text_print(out, "loss_decode=loss_decode))\n");
}

/* BCEWithLogitsLoss: a plane of yes and no for each logit. */
static void add_pos_weight(const struct mw_advice *advice, struct mw_text *out) {
    mw_text_print(out,
                  "# target, as the logits [B, %s, H, W]: 1.0 where a pixel is of the class, else "
                  "0.0\n",
                  advice->two ? "1" : "K");
    add_list(advice, "pos_weight", out);
    add_torch_bce(advice, "pos_weight", out);
    mw_text_print(out,
                  "\n\n# Keras: target and logits are [B, H, W, %s] there%s\n"
                  "import tensorflow as tf\n\n\n"
                  "def keras_loss(target, logits):\n"
                  "    return tf.nn.weighted_cross_entropy_with_logits(\n"
                  "        tf.cast(target, logits.dtype), logits, tf.constant(pos_weight, "
                  "logits.dtype))\n",
                  advice->two ? "1" : "K",
                  advice->left_out ? "; left-out pixels: a sample_weight of 0.0 of that shape"
                                   : "");
    add_pos_weight_mmseg(advice, out);
}

/* Weights of whole planes, positives and negatives alike. */
static void add_plane_weights(const struct mw_advice *advice, struct mw_text *out) {
    mw_text_print(out,
                  "# target, as the logits [B, K, H, W]: 1.0 where a pixel is of the class, else "
                  "0.0\n");
    add_list(advice, "weights", out);
    add_torch_bce(advice, "weight", out);
}

void mw_snippets_add(const struct mw_advice *advice, struct mw_text *out) {
    const char *why = why_not(advice);
    if (why) {
        mw_text_print(out, "Nothing to paste: %s.\n", why);
        return;
    }
    mw_text_print(out, "To paste:\n\n```python\n");
    if (advice->pos_weight) add_pos_weight(advice, out);
    else if (advice->multi) add_plane_weights(advice, out);
    else add_class_weights(advice, out);
    mw_text_print(out, "```\n");
}
