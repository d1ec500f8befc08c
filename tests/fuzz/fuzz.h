/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzz target is one file with LLVMFuzzerTestOneInput(). It is linked with libFuzzer, or with replay.c, which hands it the files
 * of a corpus. What a target demands of the code stands in CHECK(): a condition that fails ends the program, in every build.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(condition) \
    do { \
        if (!(condition)) \
            fuzz_fail(__FILE__, __LINE__, #condition); \
    } while (0)

_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/* Reads every octet, so that a sanitizer sees those that are not there. */
void fuzz_touch(const void *octets, size_t length);

/* The octets as a file in memory, by a path valid until the next call with the same SLOT (0 or 1). */
const char *fuzz_file(unsigned slot, const uint8_t *octets, size_t length);

/* Standard output goes into memory from now on; fuzz_output() hands out what was written since, and forgets it. */
void fuzz_catch_output(void);
void fuzz_output(struct buffer *output);

/* ---- invariants.c ---- */

/* Whole lines of UTF-8 without a character that a terminal would act on, hide or turn around. */
void prove_text(const struct buffer *output);
/* The same with tabs between cells: every line has as many as the first. */
void prove_tsv(const struct buffer *output);
/* Each line is one JSON value (RFC 8259), and safe as text. */
void prove_json(const struct buffer *output);

#endif
