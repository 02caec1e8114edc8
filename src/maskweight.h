/* maskweight: exact pixel counts of label masks, and class weights from them, as a library.
 *
 *     struct maskweight *mw = mw_new();
 *     const char *sources[] = {"train/masks"};
 *     double weights[19];
 *     if (mw_set(mw, "classes", "19") || mw_set(mw, "ignore-index", "255") ||
 *         mw_count(mw, sources, 1) || mw_weights(mw, "enet", weights, NULL, NULL))
 *         puts(mw_message(mw));
 *     mw_free(mw);
 *
 * Options, sources, keys and schemes are those of the program: maskweight(1) explains them. The library prints
 * nothing, does not end the process (libarchive may, where memory runs out), reads no environment but for the shard
 * 'auto', and keeps no state but in handles; a handle may be used by one thread at a time. Strings that are handed in are copied. Until version 1.0 the functions may change, and with
 * them the number in the name of the shared object. */
#ifndef MASKWEIGHT_H
#define MASKWEIGHT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MASKWEIGHT_API __attribute__((visibility("default")))
#else
#define MASKWEIGHT_API
#endif

/* What functions return. */
enum maskweight_status {
    MASKWEIGHT_OK = 0,
    MASKWEIGHT_USAGE, /* an option, source, scheme or key that is wrong; masks that failed; no mask */
    MASKWEIGHT_NO_MEMORY, /* an allocation failed */
    MASKWEIGHT_IO,        /* the operating system refused to open or read */
    MASKWEIGHT_BROKEN,    /* damaged content */
    MASKWEIGHT_REFUSED,   /* sound content that is no label mask */
    MASKWEIGHT_LIMIT,     /* larger than a limit allows */
    MASKWEIGHT_LABEL,     /* a value is no class */
    MASKWEIGHT_OVERFLOW   /* a count does not fit in 64 bits */
};

struct maskweight; /* settings, and what was counted by them */

/* The version of the library: "0.1.0". */
MASKWEIGHT_API const char *mw_version(void);

/* A handle without settings; NULL when memory ran out. Free it with mw_free, which takes NULL too. */
MASKWEIGHT_API struct maskweight *mw_new(void);
MASKWEIGHT_API void mw_free(struct maskweight *mw);

/* One line about the call that failed last; "" before any did. It holds until the next call. */
MASKWEIGHT_API const char *mw_message(const struct maskweight *mw);

/* Sets an option of the program, by its long name without dashes: those that say which masks are counted, what
 * a sample means and how is weighed, and jobs, keep-going, decoder and the limits (max-...). `value`: NULL for an
 * option without argument. Options that say how is weighed may be set anew before each mw_weights; the others
 * are refused once mw_count was called. Errors: MASKWEIGHT_USAGE, MASKWEIGHT_NO_MEMORY. */
MASKWEIGHT_API int mw_set(struct maskweight *mw, const char *option, const char *value);

/* Counts `sources` [count]: directories, masks, archives, documents. Once for each handle. Masks that cannot be
 * counted are an error that names the first of them, and so are shards that are missing among documents, unless
 * keep-going is set: then they are left out, and "failed_files" and "complete" of mw_total say so. Errors: any. Cost: `jobs` threads, by default one for each processor that
 * is on-line. */
MASKWEIGHT_API int mw_count(struct maskweight *mw, const char *const *sources, size_t count);

/* Classes: the declared ones, else those that occur; 0 before mw_count. */
MASKWEIGHT_API size_t mw_class_count(const struct maskweight *mw);

/* The name of the class at a place, from 0; NULL where it has none. */
MASKWEIGHT_API const char *mw_class_name(const struct maskweight *mw, size_t place);

/* One integer of each class, in order of id, to `values` [mw_class_count]. `key`: "id", "pixels", "masks",
 * "mask_pixels", "mask_ignored_pixels", "valid_pixels" or "planes" (pixels, or masks). Errors: MASKWEIGHT_USAGE. */
MASKWEIGHT_API int mw_counts(struct maskweight *mw, const char *key, uint64_t *values);

/* One integer of all masks: a key of "dataset" in the document, such as "files", "masks", "pixels" or
 * "failed_files"; or "complete": 1 where nothing failed and no shard is missing, else 0. Errors: MASKWEIGHT_USAGE. */
MASKWEIGHT_API int mw_total(struct maskweight *mw, const char *key, uint64_t *value);

/* The weight of each class to `weights` [mw_class_count], by a scheme as the program names it: "enet:c=1.1".
 * low, high [mw_class_count], or NULL: the ends of its 95 % interval where only a sample was counted, NaN where
 * there is none; the weight itself where all masks were counted. Errors: MASKWEIGHT_USAGE, MASKWEIGHT_NO_MEMORY. */
MASKWEIGHT_API int mw_weights(struct maskweight *mw, const char *scheme, double *weights,
                              double *low, double *high);

#ifdef __cplusplus
}
#endif

#endif
