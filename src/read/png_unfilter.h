/* png_unfilter: the five filters of PNG undone, row by row (PNG, section 9). */
#ifndef MW_READ_PNG_UNFILTER_H
#define MW_READ_PNG_UNFILTER_H

#include <stddef.h>

#include "base/error.h"

enum mw_png_filter {
    MW_PNG_NONE,
    MW_PNG_SUB,
    MW_PNG_UP,
    MW_PNG_AVERAGE,
    MW_PNG_PAETH,
    MW_PNG_FILTERS
};

/* What Paeth predicts from the byte at the left, the one above, and the one above that at the left:
 * whichever is nearest to left + above - corner, in this order where two are equally near. */
static inline unsigned mw_png_paeth(unsigned left, unsigned above, unsigned corner) {
    int to_left = (int)above - (int)corner, to_above = (int)left - (int)corner;
    int to_corner = to_left + to_above;
    to_left = to_left < 0 ? -to_left : to_left;
    to_above = to_above < 0 ? -to_above : to_above;
    to_corner = to_corner < 0 ? -to_corner : to_corner;
    if (to_left <= to_above && to_left <= to_corner) return left;
    return to_above <= to_corner ? above : corner;
}

/* Undoes a filter in place: row is [size], above [size] the row above it, `step` the bytes of a
 * pixel, at least 1. */
void mw_png_unfilter(enum mw_png_filter filter, unsigned char *row, const unsigned char *above,
                     size_t size, size_t step);

#endif
