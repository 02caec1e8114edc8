/* png_edges: a PNG counted by the edges of its image data (edges.h), in blocks of rows. */
#ifndef MW_READ_PNG_EDGES_H
#define MW_READ_PNG_EDGES_H

#include "base/error.h"
#include "read/edges.h"
#include "read/png_chunks.h"
#include "read/png_rows.h"

/* Counts the image data of a PNG that is not interlaced, of a pass for which mw_png_rows_have_changes.
 * Errors: those of mw_png_data; MW_BROKEN, whatever the reason: another way has to say it, or to succeed; MW_LIMIT,
 * MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_png_count_edges(struct mw_png *png, struct mw_png_rows *rows,
                                                struct mw_edges *edges, struct mw_error *err);

#endif
