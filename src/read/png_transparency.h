/* png_transparency: what the tRNS chunk of a PNG says. */
#ifndef MW_READ_PNG_TRANSPARENCY_H
#define MW_READ_PNG_TRANSPARENCY_H

#include <stddef.h>

#include "read/format.h"

/* Takes the `length` bytes of the chunk into a layout that has everything else: the alphas of a palette,
 * or the grey or colour that is transparent. Of 16 bits, only a colour that one of 8 bits equals: others
 * are no classes. Bytes that are not what the chunk holds are passed over. `data` must outlive the
 * layout. */
void mw_png_transparency(struct mw_layout *layout, const unsigned char *data, size_t length);

#endif
