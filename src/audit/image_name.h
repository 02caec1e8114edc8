/* image_name: patterns FROM=TO, from the name of a mask to that of its image. */
#ifndef MW_AUDIT_IMAGE_NAME_H
#define MW_AUDIT_IMAGE_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Whether a pattern is FROM=TO, with at least one '*' in FROM and none beside another, '/' in TO only where FROM has
 * one, and as many '*' in TO; or none there, but "{1}" and the like, each of which stands for one '*' of FROM.
 * Errors: MW_USAGE, with what is wrong and what to write. */
MW_MUST_CHECK enum mw_status mw_image_name_check(const char *pattern, struct mw_error *err);

/* If FROM matches a path, or, where it has no '/', its file name, appends the path of the image: TO, behind the first
 * `directory` bytes of the path where FROM has no '/'. `any_suffix`: TO has none. Of a pattern that was checked. */
bool mw_image_name_derive(const char *pattern, const char *path, size_t directory,
                          struct mw_text *out, bool *any_suffix);

/* Whether a path could be that of an image, by TO. */
bool mw_image_name_fits(const char *pattern, const char *path);

/* What is behind the last '/' of a path. */
const char *mw_base_name(const char *path);

/* The suffix of an image, with its dot; else NULL. */
const char *mw_image_suffix(const char *name);

#endif
