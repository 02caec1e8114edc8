/* reader_places: the masks that rules about a whole dataset name. Counts keep the first of them. For reader.c only. */
#ifndef MW_COUNT_READER_PLACES_H
#define MW_COUNT_READER_PLACES_H

#include "count/reader.h"

/* Notes what the mask at hand has of unknown values; those of the last plane, if it is of planes. Decodes the mask again
 * to say where they are, if it is among the first. */
void mw_reader_note_unknown(struct mw_reader *reader, uint32_t channel);

/* Adds the mask at hand to the lists of the file's counts: that of unknown values, of empty masks, and of those with
 * ignored pixels. Errors: MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_reader_add_places(struct mw_reader *reader, struct mw_error *err);

/* All masks of the file were added: the only one needs no number. */
void mw_reader_end_places(struct mw_reader *reader);

#endif
