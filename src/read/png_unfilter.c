#include "read/png_unfilter.h"

static void undo_sub(unsigned char *row, size_t size, size_t step) {
    for (size_t i = step; i < size; i++) row[i] = (unsigned char)(row[i] + row[i - step]);
}

static void undo_up(unsigned char *row, const unsigned char *above, size_t size) {
    for (size_t i = 0; i < size; i++) row[i] = (unsigned char)(row[i] + above[i]);
}

/* Left of the first pixel everything is 0. */
static void undo_average(unsigned char *row, const unsigned char *above, size_t size, size_t step) {
    for (size_t i = 0; i < size; i++) {
        unsigned left = i < step ? 0 : row[i - step];
        row[i] = (unsigned char)(row[i] + (left + above[i]) / 2);
    }
}

static void undo_paeth(unsigned char *row, const unsigned char *above, size_t size, size_t step) {
    for (size_t i = 0; i < size; i++) {
        unsigned left = i < step ? 0 : row[i - step], corner = i < step ? 0 : above[i - step];
        row[i] = (unsigned char)(row[i] + mw_png_paeth(left, above[i], corner));
    }
}

void mw_png_unfilter(enum mw_png_filter filter, unsigned char *row, const unsigned char *above,
                     size_t size, size_t step) {
    switch (filter) {
    case MW_PNG_SUB: undo_sub(row, size, step); break;
    case MW_PNG_UP: undo_up(row, above, size); break;
    case MW_PNG_AVERAGE: undo_average(row, above, size, step); break;
    case MW_PNG_PAETH: undo_paeth(row, above, size, step); break;
    default: break;
    }
}
