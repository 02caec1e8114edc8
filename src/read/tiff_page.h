/* tiff_page: what one TIFF directory says about its pixels. */
#ifndef MW_READ_TIFF_PAGE_H
#define MW_READ_TIFF_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tiffio.h>

#include "read/format.h"

struct mw_tiff_page {
    struct mw_layout layout; /* as the pixels are handed over */
    unsigned stored_bits;    /* of a sample in the file */
    unsigned planes;         /* more than 1: each sample of a pixel is stored apart */
    double missing;          /* of floating point: nodata that is no 32-bit integer, perhaps NaN */
    bool has_missing;
    char nodata_text[32];
    bool min_is_white;
    uint32_t palette[256];
};

/* Reads the directory at hand. Errors: MW_REFUSED, with what cannot be read exactly. */
MW_MUST_CHECK enum mw_status mw_tiff_page_read(struct mw_tiff_page *page, TIFF *tiff,
                                               struct mw_error *err);

/* Turns `count` floating-point samples into 32-bit integers, in place. Errors: MW_REFUSED, with the
 * first one that is not a whole number of 32 bits. */
MW_MUST_CHECK enum mw_status mw_tiff_page_round(const struct mw_tiff_page *page, void *samples,
                                                size_t count, struct mw_error *err);

#endif
