/* format: the interface between the files that hold masks and whoever counts their pixels.
 *
 * A histogram does not depend on the order of the pixels, so a decoder hands them over in any order
 * and without coordinates. A new format is one struct mw_format in a file of its own and one row in
 * format.c. */
#ifndef MW_READ_FORMAT_H
#define MW_READ_FORMAT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/finding.h"

/* How the samples of one mask are stored. */
struct mw_layout {
    uint32_t page;   /* its number in the file, from 0; of TIFF, that of its directory */
    uint32_t width;  /* pixels */
    uint32_t height; /* pixels */
    uint32_t bits;   /* of a sample: 1, 2, 4, 8, 16 or 32; below 8, packed, high bits first */
    uint32_t
        channels;   /* samples of a pixel: the label, or red, green, blue; then what is skipped */
    bool is_colour; /* the first three samples are red, green and blue, of 8 or 16 bits */
    bool has_alpha; /* the sample behind the label or the colour is alpha; 0 is transparent */
    bool is_signed; /* two's complement */
    uint32_t float_bits; /* of a stored sample in floating point, handed over in `bits`; else 0 */
    bool big_endian;     /* byte order of 16-bit samples; false: the machine's */
    const uint32_t *palette;  /* [palette_entries], 0xRRGGBB by index; holds until `end` */
    uint32_t palette_entries; /* colours of the palette; 0 without one */
    const unsigned char
        *palette_alpha; /* [palette_alphas], by index; the others are opaque; as long */
    uint32_t palette_alphas;
    bool has_clear;          /* the file names a value of pixels that are transparent */
    int64_t clear;           /* that value, of a pixel */
    bool has_nodata;         /* the file names a value, which samples can hold, for missing data */
    int64_t nodata;          /* that value, of a pixel: of colours, of three such components */
    int64_t nodata_sample;   /* that value, of each sample */
    const char *nodata_text; /* what `nodata` stands in for, where that is no integer; or NULL */
};

/* Where a decoder sends what it finds in a file. For each mask: `begin`, then any number of
 * `pixels` and `run`, then `end`. No call may come after one that failed. */
struct mw_sink {
    void *context; /* handed to every call */
    bool planes;   /* the masks of a file are planes of one, for messages */

    /* A mask begins. The decoder passes an error on. */
    enum mw_status (*begin)(void *context, const struct mw_layout *layout, struct mw_error *err);

    /* The place of the next `pixels` or `run`: column x, row y, and columns from one pixel to the
     * next. NULL when the sink does not ask for places. */
    void (*at)(void *context, uint32_t x, uint32_t y, uint32_t step);

    /* `count` whole pixels as stored; packed ones begin on a byte. */
    void (*pixels)(void *context, const void *samples, size_t count);

    /* `count` pixels of one stored value, its bits in the low bits of `pattern`; or of one colour of
     * 8 bits without alpha, 0xRRGGBB. */
    void (*run)(void *context, uint32_t pattern, uint64_t count);

    /* All pixels of the mask were handed over and its checksums were right. */
    enum mw_status (*end)(void *context, struct mw_error *err);

    /* Something to tell about the file. */
    void (*note)(void *context, enum mw_finding_code code);
};

/* What a file may cost; a larger one is MW_LIMIT. And how it is decoded. */
struct mw_limits {
    uint64_t max_pixels;    /* of one mask */
    uint64_t max_row_bytes; /* of one decoded row or tile, and of one allocation of libtiff */
    uint64_t max_directory; /* bytes read for the directories of one TIFF */
    uint32_t max_pages;     /* of one TIFF, masks of an NPY stack, images of a netpbm file */
    uint64_t max_member;    /* bytes of a file in an archive */
    uint64_t max_members;   /* files and directories of an archive */
    uint32_t max_values;    /* distinct values of one mask: what has more is no label mask */
    uint32_t max_seconds;   /* for one file, held against the clock whenever more of it is read; 0:
                               any time */
    uint64_t max_text;      /* bytes of a document, class map or list of rules, or of what comes on
                               standard input; 0: 2^30, and 2^24 for class maps and rules */
    uint64_t max_places;    /* masks that a finding names: no cost of a file, but of all together */
    uint64_t max_whole;     /* bytes of a PNG, inflated or not, or of a strip or tile of a TIFF,
                               that are held in memory as a whole;
                               what is larger streams: slower, and no error */
    uint32_t flat_from; /* bytes of a PNG for each of its file, or of a strip or tile of a TIFF for
                               each of its stream, from which on Deflate is inflated into edges */
    bool reference;     /* decode through the format's own library alone */
    const struct mw_kernels *kernels; /* that the fast way uses; NULL: the processor's best */
    atomic_int *idle; /* threads that have nothing to do: a large TIFF may start others in their
                         place; NULL: none */
};

/* 2^34 pixels, 256 MiB, 32 MiB, 65,536 pages, 1 GiB, 2^27 members, 2^20 values, any time, 8 masks, 32 MiB, 45, the fast way. */
extern const struct mw_limits mw_limits_default;

/* Bytes that mw_format.matches looks at. */
enum { MW_HEAD_SIZE = 16 };

struct mw_format {
    const char *name;        /* as messages name it: "PNG" */
    const char *suffixes[4]; /* lower case, without dot; NULL ends */

    const char *part; /* what messages call one of several masks in a file: "page" */
    bool is_array;    /* nothing says which dimension of three is which */

    /* Whether a file that begins with these `length` bytes (zeros follow) is of this format. */
    bool (*matches)(const unsigned char head[MW_HEAD_SIZE], size_t length);

    /* Decodes every mask of the file into the sink, reading everything up to the end of the image
     * and checking every checksum. Errors: those of mw_input_read and of the sink, MW_BROKEN,
     * MW_REFUSED, MW_LIMIT, MW_NO_MEMORY. Thread-safe for separate inputs. */
    enum mw_status (*decode)(struct mw_input *input, const struct mw_limits *limits,
                             const struct mw_sink *sink, struct mw_error *err);

    /* The same through the format's own library, pixel by pixel. NULL: `decode` is that. */
    enum mw_status (*reference)(struct mw_input *input, const struct mw_limits *limits,
                                const struct mw_sink *sink, struct mw_error *err);

    /* Writes the names and versions of the libraries behind it: "libpng 1.6.39". NULL: there is
     * none. */
    void (*library)(char *out, size_t size);
};

/* The formats, in the order in which they are tried. */
extern const struct mw_format *const mw_formats[];
extern const size_t mw_format_count;

/* Finds the format of an open file by its content. Errors: those of mw_input_read; MW_REFUSED with
 * what the file is instead, where that is known. */
MW_MUST_CHECK enum mw_status
mw_format_detect(struct mw_input *input, const struct mw_format **format, struct mw_error *err);

/* Decodes every mask of the file into the sink, through `reference` when the limits say so, else
 * through `decode`. Errors: those of mw_format.decode. */
MW_MUST_CHECK enum mw_status mw_format_decode(const struct mw_format *format,
                                              struct mw_input *input,
                                              const struct mw_limits *limits,
                                              const struct mw_sink *sink, struct mw_error *err);

/* Appends the suffixes of all formats: ".png, .tif, .tiff". */
void mw_format_add_suffixes(struct mw_text *text);

/* Appends the names of all formats: "PNG, TIFF and NPY". */
void mw_format_add_names(struct mw_text *text);

/* The format that a file name promises by its suffix (any case), or NULL. */
const struct mw_format *mw_format_by_suffix(const char *name);

/* Whether a file holds a mask: its header is that of one. Errors: MW_IO, MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_format_is_mask(const char *path, bool *is_mask,
                                               struct mw_error *err);

/* Whether a pixel holds several values that are no colour and no alpha. */
bool mw_layout_is_plural(const struct mw_layout *layout);

/* Checks a mask's size against the limits before anything of it is decoded. Errors: MW_LIMIT. */
MW_MUST_CHECK enum mw_status mw_layout_check(const struct mw_layout *layout, uint64_t row_bytes,
                                             const struct mw_limits *limits, struct mw_error *err);

#endif
