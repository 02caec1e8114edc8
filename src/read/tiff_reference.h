/* tiff_reference: the pixels of a TIFF through libtiff alone. */
#ifndef MW_READ_TIFF_REFERENCE_H
#define MW_READ_TIFF_REFERENCE_H

#include "read/tiff_grid.h"

/* Hands over block `index` of the page at hand, whose grid is known. Errors: MW_BROKEN, MW_LIMIT,
 * MW_REFUSED, MW_NO_MEMORY, those of the client. */
MW_MUST_CHECK enum mw_status mw_tiff_reference_block(struct mw_tiff_reader *reader, uint32_t index);

/* Hands over all of them. */
MW_MUST_CHECK enum mw_status mw_tiff_reference_blocks(struct mw_tiff_reader *reader);

void mw_tiff_reference_free(struct mw_tiff_reader *reader);

#endif
