/* fuzz: what the fuzz targets share. A target is one function of an input; it ends the program when a
 * law does not hold. libFuzzer calls it (make fuzz), and replay.c with the corpus (make check). */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "count/document.h"
#include "read/format.h"

/* The target. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Ends the program with a message unless a law holds. */
#define REQUIRE(law) ((law) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #law))
void fuzz_fail(const char *file, int line, const char *law) __attribute__((noreturn));

/* A status and its message fit together: a message is one line that a terminal cannot act on. */
void fuzz_check_error(enum mw_status status, const struct mw_error *err);

/* The input as a string of exactly `size` bytes and a NUL, malloc'ed. */
char *fuzz_string(const uint8_t *bytes, size_t size);

/* The document that holds these settings and counts, as text: cJSON_free it. */
char *fuzz_document_text(const struct mw_labels *labels, const struct mw_counts *counts);

/* Whether masks are counted with all label settings; else with one that the input chooses, which is
 * four times as fast. Set by replay.c. */
extern bool fuzz_all_settings;

/* The laws of a mask decoder, for input of this format: its sink is called in order and sees every
 * pixel of a mask once; a file counts whole or not at all; twice the same. */
void fuzz_masks(const struct mw_format *format, const uint8_t *bytes, size_t size);

#endif
