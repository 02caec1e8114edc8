#include "read/tiff_library.h"

#include "base/library.h"

struct mw_tiff_library mw_tiff;

/* ISO C has no cast from a pointer to data to one to a function; POSIX says that their bytes agree. */
#define FIND(name) {"TIFF" #name, &mw_tiff.name},
static const struct mw_library_function functions[] = {MW_TIFF_FUNCTIONS(FIND)};

/* Every libtiff since 4.5, the oldest one that has TIFFClientOpenExt, is of this interface. */
static struct mw_library library = {
    .file = "libtiff.so.6",
    .needed = "TIFF cannot be read without libtiff",
    .package = "libtiff6",
    .oldest = "libtiff 4.5",
    .functions = functions,
    .count = sizeof functions / sizeof functions[0],
};

enum mw_status mw_tiff_load(struct mw_error *err) {
    return mw_library_load(&library, err);
}
