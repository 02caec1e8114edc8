/* library: a shared library that is loaded when it is needed, and not before: loading takes longer than
 * counting a small mask. */
#ifndef MW_BASE_LIBRARY_H
#define MW_BASE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct mw_library_function {
    const char *name;
    void *place; /* of the pointer to the function */
};

struct mw_library {
    const char *file; /* that of one interface: "libtiff.so.6" */
    const char
        *needed; /* what a message says when it is missing: "TIFF cannot be read without libtiff" */
    const char *package;                         /* that holds it, in Debian */
    const char *oldest;                          /* version that has all functions: "libtiff 4.5" */
    const struct mw_library_function *functions; /* [count] */
    size_t count;
    bool (*prepare)(
        void); /* called once it is loaded; false: memory runs out; NULL: nothing to do */
    /* Of mw_library_load, zeroed before: */
    bool tried;
    struct mw_error failure; /* of the one attempt */
};

/* Loads the library unless it is there, and finds its functions, which stay for good. Opens files: a program
 * that is about to lose the file system calls it first. Any thread. Errors, the same at every call:
 * MW_REFUSED, the system has none that fits; MW_NO_MEMORY. */
MW_MUST_CHECK enum mw_status mw_library_load(struct mw_library *library, struct mw_error *err);

#endif
