#include "audit/checks.h"

#include <math.h>

#include "audit/divergence.h"

/* Measures of the whole. */

static double measure_failures(const struct mw_check_view *view, uint32_t id) {
    (void)id;
    return (double)view->counts->failures.count;
}

static double measure_unknown(const struct mw_check_view *view, uint32_t id) {
    (void)id;
    return (double)view->counts->unknown_pixels;
}

static double share(uint64_t part, uint64_t whole) {
    return whole ? (double)part / (double)whole : 0;
}

static double measure_empty(const struct mw_check_view *view, uint32_t id) {
    (void)id;
    return share(view->counts->empty_masks, view->counts->masks);
}

static double measure_ignored(const struct mw_check_view *view, uint32_t id) {
    const struct mw_counts *counts = view->counts;
    (void)id;
    return share(counts->ignored_pixels,
                 counts->pixels + counts->ignored_pixels + counts->unknown_pixels);
}

/* Of the classes that occur; 1 where fewer than two do. A quotient of counts, not of rounded shares: what
 * is a whole number stays one. */
static double measure_imbalance(const struct mw_check_view *view, uint32_t id) {
    const struct mw_class_counts *most = NULL, *least = NULL;
    (void)id;
    for (size_t i = 0; i < view->counts->class_count; i++) {
        const struct mw_class_counts *row = &view->counts->classes[i];
        double fraction = mw_counts_fraction(view->counts, row);
        if (fraction == 0) continue;
        if (!most || fraction > mw_counts_fraction(view->counts, most)) most = row;
        if (!least || fraction < mw_counts_fraction(view->counts, least)) least = row;
    }
    if (!most) return 1;
    double ratio = (double)most->all.pixels / (double)least->all.pixels;
    if (most->all.valid_pixels)
        ratio *= (double)least->all.valid_pixels / (double)most->all.valid_pixels;
    return ratio;
}

static double measure_divergence(const struct mw_check_view *view, uint32_t id) {
    (void)id;
    return mw_divergence(view->counts, &view->baseline->counts);
}

static double measure_removed(const struct mw_check_view *view, uint32_t id) {
    uint64_t now = view->counts->masks, before = view->baseline->counts.masks;
    (void)id;
    return before > now ? (double)(before - now) : 0;
}

/* Measures of one class. */

static double pixels_of(const struct mw_counts *counts, uint32_t id) {
    const struct mw_class_counts *row = mw_counts_find(counts, id);
    return row ? (double)row->all.pixels : 0;
}

static double measure_pixels(const struct mw_check_view *view, uint32_t id) {
    return pixels_of(view->counts, id);
}

static double measure_masks(const struct mw_check_view *view, uint32_t id) {
    const struct mw_class_counts *row = mw_counts_find(view->counts, id);
    return row ? (double)row->all.masks : 0;
}

static double measure_fraction(const struct mw_check_view *view, uint32_t id) {
    return mw_counts_fraction_of(view->counts, id);
}

static double measure_lost(const struct mw_check_view *view, uint32_t id) {
    return pixels_of(view->counts, id) > 0 ? 0 : pixels_of(&view->baseline->counts, id);
}

static double measure_new(const struct mw_check_view *view, uint32_t id) {
    return pixels_of(&view->baseline->counts, id) > 0 ? 0 : pixels_of(view->counts, id);
}

/* 1 where there are no pixels, of which any share is 0. */
static double total_of(const struct mw_counts *counts, uint32_t id) {
    uint64_t total = mw_counts_total(counts, mw_counts_find(counts, id));
    return total ? (double)total : 1;
}

/* One quotient of whole numbers: a difference of shares would be rounded three times. */
static double measure_drift(const struct mw_check_view *view, uint32_t id) {
    long double now = total_of(view->counts, id), before = total_of(&view->baseline->counts, id);
    long double there = pixels_of(view->counts, id) * before;
    long double here = pixels_of(&view->baseline->counts, id) * now;
    return (double)(fabsl(there - here) / (now * before));
}

const char *const mw_check_unit_words[] = {"a whole number from 0",
                                           "a share from 0 to 1, or a percentage",
                                           "bits, from 0 to 1", "at least 1", ""};

static const struct mw_check_operand sizes = {
    "SIZES",
    "sizes with commas between them: WIDTHxHEIGHT or one number for both; a number may be /N, a multiple of "
    "N, or *, any: 512x512,/32 or 2048x*",
    "512x512", mw_sizes_valid};

static const struct mw_check_operand names = {
    "GLOB",
    "a glob with every [ closed, or several with | between them, matched with the file name, or with the "
    "path below the source where a glob has a '/': *_mask.png|*_mask.tif",
    "*_mask.png", mw_names_valid};

const struct mw_check mw_checks[] = {
    {.name = "unreadable",
     .code = MW_UNREADABLE,
     .unit = MW_CHECK_NUMBER,
     .implied = true,
     .quantity = "files that could not be counted",
     .why =
         "A loader fails on them in the middle of an epoch, or skips them without a word. Each is named "
         "with its reason: write it again, or leave it out with --exclude.",
     .measure = measure_failures},
    {.name = "unknown-labels",
     .code = MW_UNKNOWN_LABELS,
     .unit = MW_CHECK_NUMBER,
     .implied = true,
     .quantity = "pixels whose value is no class",
     .why =
         "A loss fails on them or reads beyond its classes. A void label belongs to --ignore-index; others "
         "show a mask of another kind, or a class map that is not the right one.",
     .measure = measure_unknown},
    {.name = "missing-classes",
     .code = MW_MISSING_CLASSES,
     .unit = MW_CHECK_FIXED,
     .standard = 1,
     .at_least = true,
     .per_class = true,
     .wants_classes = true,
     .not_of_sample = true,
     .quantity = "pixels, which must not be 0",
     .why =
         "A class without a pixel cannot be learnt, and its weight is no number or a guess (--zero-class).",
     .measure = measure_pixels},
    {.name = "min-pixels",
     .code = MW_MIN_PIXELS,
     .unit = MW_CHECK_NUMBER,
     .standard = NAN,
     .at_least = true,
     .per_class = true,
     .not_of_sample = true,
     .quantity = "pixels",
     .why =
         "The weight of a class of few pixels is large and follows from the borders of a few objects.",
     .measure = measure_pixels},
    {.name = "min-masks",
     .code = MW_MIN_MASKS,
     .unit = MW_CHECK_NUMBER,
     .standard = NAN,
     .at_least = true,
     .per_class = true,
     .not_of_sample = true,
     .quantity = "masks with the class",
     .why =
         "A class that is in few masks is in one split only, or in few batches of an epoch: weigh the "
         "sampling of masks, not the loss alone.",
     .measure = measure_masks},
    {.name = "min-fraction",
     .code = MW_MIN_FRACTION,
     .unit = MW_CHECK_SHARE,
     .standard = NAN,
     .at_least = true,
     .per_class = true,
     .quantity = "share of the pixels",
     .why =
         "Below some thousandths a plain loss can be small without the class being found at all.",
     .measure = measure_fraction},
    {.name = "max-imbalance",
     .code = MW_MAX_IMBALANCE,
     .unit = MW_CHECK_RATIO,
     .standard = NAN,
     .quantity = "largest share of a class that occurs over the smallest",
     .why =
         "Weights like inverse and balanced spread as far. Above some hundreds a single pixel can turn a "
         "step: prefer enet, log or --max-weight.",
     .measure = measure_imbalance},
    {.name = "max-empty",
     .code = MW_MAX_EMPTY,
     .unit = MW_CHECK_SHARE,
     .standard = NAN,
     .quantity = "share of masks without foreground",
     .why =
         "Batches without foreground teach background only. Sample such masks more rarely, or weigh "
         "without them (--skip-empty).",
     .measure = measure_empty},
    {.name = "max-ignored",
     .code = MW_MAX_IGNORED,
     .unit = MW_CHECK_SHARE,
     .standard = NAN,
     .quantity = "share of pixels that are ignored",
     .why = "Nothing is learnt from them; many of them show a wrong --ignore-index or --nodata.",
     .measure = measure_ignored},
    {.name = "lost-classes",
     .code = MW_LOST_CLASSES,
     .unit = MW_CHECK_FIXED,
     .per_class = true,
     .wants_baseline = true,
     .not_of_sample = true,
     .quantity = "pixels in the baseline, and none now",
     .why =
         "What was trained on the baseline knows the class. Its masks were removed, or labelled otherwise.",
     .measure = measure_lost},
    {.name = "new-classes",
     .code = MW_NEW_CLASSES,
     .unit = MW_CHECK_FIXED,
     .per_class = true,
     .wants_baseline = true,
     .quantity = "pixels, and none in the baseline",
     .why =
         "What was trained on the baseline has no output for the class: a new label, or a wrong one.",
     .measure = measure_new},
    {.name = "max-drift",
     .code = MW_MAX_DRIFT,
     .unit = MW_CHECK_SHARE,
     .standard = 0.05,
     .per_class = true,
     .wants_baseline = true,
     .quantity = "difference of the share from the baseline",
     .why =
         "Weights of the baseline do not fit any more; a validation set that differs so misleads.",
     .measure = measure_drift},
    {.name = "max-divergence",
     .code = MW_MAX_DIVERGENCE,
     .unit = MW_CHECK_BITS,
     .standard = NAN,
     .wants_baseline = true,
     .quantity = "Jensen-Shannon divergence from the baseline, in bits",
     .why =
         "One number for all classes: 0 where all shares are the same, 1 where no class is in both.",
     .measure = measure_divergence},
    {.name = "removed-masks",
     .code = MW_REMOVED_MASKS,
     .unit = MW_CHECK_NUMBER,
     .wants_baseline = true,
     .not_of_sample = true,
     .quantity = "masks fewer than in the baseline",
     .why = "A directory that was not fetched, or a pattern that matches less than it did.",
     .measure = measure_removed},
    {.name = "size",
     .code = MW_SIZE,
     .unit = MW_CHECK_FIXED,
     .operand = &sizes,
     .quantity = "masks of another size than those allowed",
     .why =
         "A batch needs one size, and an encoder with strides a multiple of their product; a mask of "
         "another size is resized by the loader, perhaps with interpolation, which makes up labels.",
     .look = mw_look_size,
     .breaks = mw_breaks_size},
    {.name = "encoding",
     .code = MW_ENCODING,
     .unit = MW_CHECK_NUMBER,
     .wants_palettes = true,
     .quantity = "masks of which depth, palette or colour type are not those of most",
     .why =
         "Loaders turn a palette into colours, scale 1-bit masks, or cut 16 bits to 8: what is right for "
         "most masks is wrong for the others. A palette that gives an index another colour shows that "
         "classes were numbered in another way, as happens where a program stores only the colours that "
         "occur; one that is longer and begins with the same colours is the same. PNG and TIFF that are "
         "stored alike are alike; the rule 'name' tells file types apart. Keeps each palette that differs "
         "in memory.",
     .look = mw_look_encoding,
     .conclude = mw_conclude_encoding,
     .tell = mw_tell_encodings},
    {.name = "name",
     .code = MW_NAME,
     .unit = MW_CHECK_FIXED,
     .operand = &names,
     .quantity = "files of which the name matches no glob",
     .why =
         "A loader that lists files by a pattern leaves such a mask out without a word, or takes an image "
         "for a mask. Several rules of this kind must all be kept.",
     .look = mw_look_name,
     .breaks = mw_breaks_name},
    {.name = "duplicates",
     .code = MW_DUPLICATES,
     .unit = MW_CHECK_NUMBER,
     .wants_digests = true,
     .not_of_sample = true,
     .quantity = "files with foreground that have the same bytes as an earlier one",
     .why =
         "A mask that was copied under another name teaches an image the labels of another, counts twice, or "
         "stands in two splits. Files are compared by a hash of 128 bits (XXH3), so that a mask that was "
         "stored anew with the same pixels is not found. Empty masks, which are alike by nature, are left "
         "out. Keeps 24 bytes of each file in memory, and of its path what the one before has not.",
     .look = mw_look_duplicate,
     .conclude = mw_conclude_duplicates},
    {.name = "missing-images",
     .code = MW_MISSING_IMAGES,
     .unit = MW_CHECK_NUMBER,
     .wants_images = true,
     .implied = true,
     .quantity = "masks without an image",
     .why =
         "A loader that goes by the masks fails on it, or pairs all that follow with a wrong one. Where the "
         "names differ by rule, say how with --image-name.",
     .look = mw_look_missing_image,
     .breaks = mw_breaks_missing_image},
    {.name = "missing-masks",
     .code = MW_MISSING_MASKS,
     .unit = MW_CHECK_NUMBER,
     .wants_images = true,
     .implied = true,
     .wants_all_masks = true,
     .not_of_sample = true,
     .quantity = "images without a mask",
     .why =
         "They are not trained on, or pair all that follow with a wrong mask. A mask that is excluded, or "
         "was not named, is one that an image misses; where masks are named one by one, the rule must be "
         "asked for. Keeps 32 bytes of each mask in memory.",
     .look = mw_look_nothing,
     .conclude = mw_conclude_missing_masks},
    {.name = "image-size",
     .code = MW_IMAGE_SIZE,
     .unit = MW_CHECK_NUMBER,
     .wants_images = true,
     .implied = true,
     .quantity = "masks that have not the size of their image, or whose image cannot be read",
     .why =
         "Such a mask was drawn for another image, or for one that was scaled. Only the header of the image "
         "is read. If its EXIF orientation turns it, the mask may have either size.",
     .look = mw_look_image_size,
     .breaks = mw_breaks_image_size},
    {.name = "image-orientation",
     .code = MW_IMAGE_ORIENTATION,
     .unit = MW_CHECK_NUMBER,
     .wants_images = true,
     .implied = true,
     .quantity = "masks whose image has an EXIF orientation that turns or mirrors it",
     .why =
         "Programs to draw masks and some loaders (OpenCV) turn such an image, others (Pillow, TensorFlow, "
         "torchvision) do not unless told: mask and image may not lie on each other, even where their "
         "sizes agree. Turn the pixels and drop the tag, as jpegtran and exiftran do without loss.",
     .look = mw_look_image_orientation,
     .breaks = mw_breaks_image_orientation},
};
const size_t mw_check_count = sizeof mw_checks / sizeof mw_checks[0];
