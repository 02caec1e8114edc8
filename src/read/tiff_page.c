#include "read/tiff_page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "read/tiff_library.h"

enum { TAG_GDAL_NODATA = 42113 }; /* GDAL: the value of missing pixels, as text */

#define LOSSY "is lossy: label values may have changed; export the masks with LZW or Deflate"
#define MAYBE_LOSSY                                                                                \
    "may be lossy: label values may have changed; export the masks with LZW or Deflate"

/* Compressions that libtiff may know. `why` says what is wrong with those that are refused. */
static const struct codec {
    uint16_t code;
    const char *name;
    const char *why; /* NULL: keeps values exactly, allowed */
} codecs[] = {
    {COMPRESSION_NONE, "none", NULL},
    {COMPRESSION_LZW, "LZW", NULL},
    {COMPRESSION_ADOBE_DEFLATE, "Deflate", NULL},
    {COMPRESSION_DEFLATE, "Deflate", NULL},
    {COMPRESSION_PACKBITS, "PackBits", NULL},
    {COMPRESSION_ZSTD, "ZSTD", NULL},
    {COMPRESSION_LZMA, "LZMA", NULL},
    {COMPRESSION_CCITTRLE, "CCITT RLE", NULL},
    {COMPRESSION_CCITTRLEW, "CCITT RLE/W", NULL},
    {COMPRESSION_CCITTFAX3, "CCITT Group 3", NULL},
    {COMPRESSION_CCITTFAX4, "CCITT Group 4", NULL},
    {COMPRESSION_OJPEG, "old JPEG", LOSSY},
    {COMPRESSION_JPEG, "JPEG", LOSSY},
    {COMPRESSION_WEBP, "WebP", MAYBE_LOSSY},
    {COMPRESSION_LERC, "LERC", MAYBE_LOSSY},
    {COMPRESSION_JP2000, "JPEG 2000", MAYBE_LOSSY},
    {COMPRESSION_JXL, "JPEG XL", MAYBE_LOSSY},
};

static enum mw_status check_codec(TIFF *tiff, struct mw_error *err) {
    uint16_t code = COMPRESSION_NONE;
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &code);
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        if (codecs[i].code != code) continue;
        if (codecs[i].why)
            return mw_error_set(err, MW_REFUSED, "%s compression %s", codecs[i].name,
                                codecs[i].why);
        if (mw_tiff.IsCODECConfigured(code)) return MW_OK;
        return mw_error_set(err, MW_REFUSED, "libtiff was built without %s compression",
                            codecs[i].name);
    }
    return mw_error_set(err, MW_REFUSED, "TIFF compression %u is not known", (unsigned)code);
}

/* The tags that decide how a sample is read. */
struct samples {
    uint16_t per_pixel, bits, format, photometric, planar, extra;
    bool has_alpha;
};

static struct samples read_samples(TIFF *tiff) {
    struct samples samples = {
        1, 1, SAMPLEFORMAT_UINT, PHOTOMETRIC_MINISBLACK, PLANARCONFIG_CONTIG, 0, false};
    uint16_t *types = NULL;
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples.per_pixel);
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &samples.bits);
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &samples.format);
    mw_tiff.GetField(tiff, TIFFTAG_PHOTOMETRIC, &samples.photometric);
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &samples.planar);
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &samples.extra, &types);
    samples.has_alpha = samples.extra > 0 && types &&
                        (types[0] == EXTRASAMPLE_ASSOCALPHA || types[0] == EXTRASAMPLE_UNASSALPHA);
    return samples;
}

static bool is_colour(const struct samples *samples) {
    return samples->photometric == PHOTOMETRIC_RGB && samples->per_pixel >= 3 &&
           samples->format == SAMPLEFORMAT_UINT && (samples->bits == 8 || samples->bits == 16);
}

static enum mw_status check_samples(const struct samples *samples, struct mw_error *err) {
    unsigned bits = samples->bits;
    if (is_colour(samples)) return MW_OK;
    if (samples->photometric == PHOTOMETRIC_YCBCR)
        return mw_error_set(err, MW_REFUSED, "YCbCr colours are not labels");
    if (samples->format == SAMPLEFORMAT_IEEEFP && (bits == 32 || bits == 64)) return MW_OK;
    if (samples->format == SAMPLEFORMAT_IEEEFP)
        return mw_error_set(err, MW_REFUSED, "floating-point samples of %u bits", bits);
    if (samples->format > SAMPLEFORMAT_VOID)
        return mw_error_set(err, MW_REFUSED, "complex samples are not labels");
    if (bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 32) return MW_OK;
    return mw_error_set(err, MW_REFUSED,
                        "%u bits per sample: only 1, 2, 4, 8, 16 and 32 can be counted", bits);
}

/* Fax codes are made for one bit a pixel; of more libtiff makes what was in memory before. */
static enum mw_status check_fax(TIFF *tiff, const struct samples *samples, struct mw_error *err) {
    uint16_t code = COMPRESSION_NONE;
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &code);
    bool fax = code == COMPRESSION_CCITTRLE || code == COMPRESSION_CCITTRLEW ||
               code == COMPRESSION_CCITTFAX3 || code == COMPRESSION_CCITTFAX4;
    if (!fax || (samples->bits == 1 && samples->per_pixel == 1)) return MW_OK;
    return mw_error_set(err, MW_REFUSED, "CCITT compression of more than one bit a pixel");
}

/* Components of 16 bits; some writers store 8-bit ones without scaling them. */
static void read_palette(struct mw_tiff_page *page, TIFF *tiff) {
    uint16_t *red, *green, *blue, largest = 0;
    if (!mw_tiff.GetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue)) return;
    uint32_t entries = 1U << page->layout.bits;
    for (uint32_t i = 0; i < entries; i++) largest |= red[i] | green[i] | blue[i];
    unsigned shift = largest > 255 ? 8 : 0;
    for (uint32_t i = 0; i < entries; i++)
        page->palette[i] = (uint32_t)red[i] >> shift << 16 | (uint32_t)green[i] >> shift << 8 |
                           (uint32_t)blue[i] >> shift;
    page->layout.palette = page->palette;
    page->layout.palette_entries = entries;
}

static bool is_int32(double value) {
    return value >= INT32_MIN && value <= INT32_MAX && value == floor(value);
}

/* A number, or "nan", "inf" or "-inf" as GDAL writes them. */
static bool parse_nodata(const char *text, double *value) {
    const char *word = text + (*text == '-' || *text == '+');
    *value = *text == '-' ? -INFINITY : INFINITY;
    if (strcasecmp(word, "inf") == 0 || strcasecmp(word, "infinity") == 0) return true;
    if (strcasecmp(word, "nan") != 0) return mw_real_parse(text, value);
    *value = NAN;
    return true;
}

/* GDAL's nodata value where a sample can hold it. A colour is missing when all its components are. */
static void read_nodata(struct mw_tiff_page *page, TIFF *tiff) {
    const TIFFField *field = mw_tiff.FindField(tiff, TAG_GDAL_NODATA, TIFF_ANY);
    uint32_t count = 0;
    const char *text = NULL;
    double value = 0;
    if (!field || mw_tiff.FieldDataType(field) != TIFF_ASCII || !mw_tiff.FieldPassCount(field) ||
        !mw_tiff.GetField(tiff, TAG_GDAL_NODATA, &count, &text) || !text)
        return;
    char *copy = page->nodata_text;
    memcpy(copy, text, count < sizeof page->nodata_text ? count : sizeof page->nodata_text - 1);
    copy[strcspn(copy, " ")] = '\0';
    if (!parse_nodata(copy, &value) || (!isfinite(value) && !page->layout.float_bits)) return;
    page->has_missing = page->layout.float_bits && !is_int32(value);
    if (page->has_missing) { /* INT32_MIN stands in for it */
        page->missing = value;
        page->layout.nodata_text = copy;
        value = INT32_MIN;
    }
    double span = ldexp(1, (int)page->layout.bits), least = page->layout.is_signed ? -span / 2 : 0;
    if (value < least || value >= least + span || value != floor(value)) return;
    struct mw_layout *layout = &page->layout;
    layout->has_nodata = true;
    layout->nodata_sample = layout->nodata = (int64_t)value;
    if (!layout->is_colour) return;
    uint32_t component = (uint32_t)layout->nodata,
             low = layout->bits == 16 ? component >> 8 : component;
    bool exact = layout->bits == 8 || component % 257 == 0;
    layout->nodata = low * 0x010101 | (exact ? 0 : 1 << 24);
}

enum mw_status mw_tiff_page_read(struct mw_tiff_page *page, TIFF *tiff, struct mw_error *err) {
    struct samples samples = read_samples(tiff);
    enum mw_status status = check_codec(tiff, err);
    if (!status) status = check_samples(&samples, err);
    if (!status) status = check_fax(tiff, &samples, err);
    if (status) return status;
    bool colour = is_colour(&samples), separate = samples.planar == PLANARCONFIG_SEPARATE;
    bool is_float = samples.format == SAMPLEFORMAT_IEEEFP;
    bool unpacked = samples.per_pixel > 1 && samples.bits < 8;
    uint32_t bits = unpacked ? 8 : samples.bits;
    *page = (struct mw_tiff_page){
        .layout = {.bits = is_float ? 32 : bits,
                   .channels = samples.per_pixel,
                   .is_colour = colour,
                   .has_alpha = samples.has_alpha &&
                                (colour ? samples.per_pixel > 3 : samples.per_pixel == 2),
                   .float_bits = is_float ? samples.bits : 0,
                   .is_signed = is_float || samples.format == SAMPLEFORMAT_INT},
        .stored_bits = samples.bits,
        .planes = separate ? samples.per_pixel : 1,
        .min_is_white = samples.photometric == PHOTOMETRIC_MINISWHITE,
    };
    uint32_t depth = 1;
    mw_tiff.GetFieldDefaulted(tiff, TIFFTAG_IMAGEDEPTH, &depth);
    if (depth != 1) return mw_error_set(err, MW_REFUSED, "a volume (ImageDepth), not a mask");
    mw_tiff.GetField(tiff, TIFFTAG_IMAGEWIDTH, &page->layout.width);
    mw_tiff.GetField(tiff, TIFFTAG_IMAGELENGTH, &page->layout.height);
    if (samples.photometric == PHOTOMETRIC_PALETTE && samples.per_pixel == 1 && samples.bits <= 8)
        read_palette(page, tiff);
    read_nodata(page, tiff);
    return MW_OK;
}

static bool is_missing(const struct mw_tiff_page *page, double value) {
    if (isnan(page->missing)) return isnan(value);
    return page->layout.float_bits == 32 ? (float)value == (float)page->missing
                                         : value == page->missing;
}

enum mw_status mw_tiff_page_round(const struct mw_tiff_page *page, void *samples, size_t count,
                                  struct mw_error *err) {
    char *bytes = samples;
    for (size_t i = 0; i < count; i++) {
        double value;
        float narrow;
        if (page->layout.float_bits == 64) {
            memcpy(&value, bytes + i * 8, 8);
        } else {
            memcpy(&narrow, bytes + i * 4, 4);
            value = narrow;
        }
        bool missing = page->has_missing && is_missing(page, value);
        if (!missing && !is_int32(value))
            return mw_error_set(err, MW_REFUSED,
                                "the floating-point value %.9g is not a whole number of 32 bits",
                                value);
        int32_t whole = missing ? INT32_MIN : (int32_t)value;
        memcpy(bytes + i * 4, &whole, 4);
    }
    return MW_OK;
}
