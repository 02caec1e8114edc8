/* tiff_library: libtiff, which is loaded when the first TIFF is seen.
 *
 * libtiff brings a dozen libraries of its codecs with it, and loading them takes longer than counting a
 * small mask (figures in tests/bench/README.md). A run that meets no TIFF does without them. */
#ifndef MW_READ_TIFF_LIBRARY_H
#define MW_READ_TIFF_LIBRARY_H

#include <tiffio.h>

#include "base/error.h"

/* Every function of libtiff that is called: mw_tiff.Close is TIFFClose. */
#define MW_TIFF_FUNCTIONS(X)                                                                       \
    X(ClientOpenExt)                                                                               \
    X(Close)                                                                                       \
    X(CurrentDirOffset)                                                                            \
    X(FieldDataType)                                                                               \
    X(FieldPassCount)                                                                              \
    X(FindField)                                                                                   \
    X(GetField)                                                                                    \
    X(GetFieldDefaulted)                                                                           \
    X(GetStrileByteCount)                                                                          \
    X(GetStrileOffset)                                                                             \
    X(GetVersion)                                                                                  \
    X(IsBigEndian)                                                                                 \
    X(IsBigTIFF)                                                                                   \
    X(IsCODECConfigured)                                                                           \
    X(IsTiled)                                                                                     \
    X(LastDirectory)                                                                               \
    X(NumberOfStrips)                                                                              \
    X(NumberOfTiles)                                                                               \
    X(OpenOptionsAlloc)                                                                            \
    X(OpenOptionsFree)                                                                             \
    X(OpenOptionsSetErrorHandlerExtR)                                                              \
    X(OpenOptionsSetMaxSingleMemAlloc)                                                             \
    X(OpenOptionsSetWarningHandlerExtR)                                                            \
    X(ReadDirectory)                                                                               \
    X(ReadEncodedStrip)                                                                            \
    X(ReadEncodedTile)                                                                             \
    X(ReadScanline)                                                                                \
    X(ScanlineSize64)                                                                              \
    X(TileRowSize64)                                                                               \
    X(TileSize64)                                                                                  \
    X(VStripSize64)

/* Each function by its name; its type is that of tiffio.h. */
#define MW_TIFF_FIELD(name) __typeof__(TIFF##name) *name; /* NOLINT(bugprone-macro-parentheses) */
extern struct mw_tiff_library { MW_TIFF_FUNCTIONS(MW_TIFF_FIELD) } mw_tiff;
#undef MW_TIFF_FIELD

/* Loads libtiff unless it is there; nothing of mw_tiff may be called before. Opens files: a program that
 * is about to lose the file system calls it first. Any thread. Errors: MW_REFUSED, the system has no
 * libtiff that fits; the same at every call. */
MW_MUST_CHECK enum mw_status mw_tiff_load(struct mw_error *err);

#endif
