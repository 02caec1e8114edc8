/* png_reference: PNG decoded by libpng alone. */
#ifndef MW_READ_PNG_REFERENCE_H
#define MW_READ_PNG_REFERENCE_H

#include "read/format.h"

/* mw_format.reference of PNG. */
MW_MUST_CHECK enum mw_status mw_png_reference(struct mw_input *input,
                                              const struct mw_limits *limits,
                                              const struct mw_sink *sink, struct mw_error *err);

#endif
