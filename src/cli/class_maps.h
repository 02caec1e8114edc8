/* class_maps: the class maps that come with the program. */
#ifndef MW_CLI_CLASS_MAPS_H
#define MW_CLI_CLASS_MAPS_H

#include "audit/guess.h"
#include "base/error.h"
#include "base/text.h"

/* Replaces `path` by the directory of those class maps; false when there is none, or no memory. */
bool mw_class_maps_directory(struct mw_text *path);

/* Appends the path of the class map that --class-map names: a file, or else one that came with the
 * program. Errors: MW_USAGE with the nearest name. */
MW_MUST_CHECK enum mw_status mw_class_map_find(const char *name, struct mw_text *path,
                                               struct mw_error *err);

/* Declares the classes of the class map that --class-map names, of `limit` bytes at most. Errors: those of
 * mw_class_map_find and mw_labels_read_class_map. */
MW_MUST_CHECK enum mw_status mw_class_map_read(struct mw_labels *labels, const char *name,
                                               size_t limit, struct mw_error *err);

/* Appends a line for each class map that came with the program: its name and its source. Errors:
 * MW_IO when their directory cannot be found. */
MW_MUST_CHECK enum mw_status mw_class_maps_list(struct mw_text *text, struct mw_error *err);

/* Reads every class map that came with the program. Without their directory, and where one cannot be
 * read, there are fewer. Errors: MW_NO_MEMORY. Free it with mw_known_maps_free in any case. */
MW_MUST_CHECK enum mw_status mw_class_maps_read(struct mw_known_maps *maps, struct mw_error *err);

#endif
