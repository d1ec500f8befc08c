/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue's statements → a builder. The grammar is in catalog/README.md. */
#ifndef MSGTABLE_CATALOG_H
#define MSGTABLE_CATALOG_H

#include "builder.h"

/* Bounds: a catalogue comes from a user's folder, too. */
enum {
    CATALOG_FILE_MAX = 16 << 20, /* octets of one file */
    CATALOG_MESSAGES_MAX = 60000,
    CATALOG_POOL_MAX = 64 << 20, /* octets of all strings, the pieces of templates expanded */
    CATALOG_ROWS_MAX = 1 << 21,  /* ops of all templates, and texts */
};

/* Reads the statements of one text. FILE is its index for places, NAME its name for errors. */
bool catalog_parse(struct builder *builder, uint32_t file, const char *name, const char *text, size_t length,
                   struct msgt_error *error);

/* Parses the files in their order. */
bool catalog_read_files(struct builder *builder, const char *const *files, size_t count, struct msgt_error *error);

/* Checks what only the whole catalogue shows: each example decodes to the end, each text has an example that decodes by it, each
 * field is used, each message is complete. Looks at what was added to the base only. */
bool catalog_verify(const struct builder *builder, const struct msgt_table *table, const char *const *files,
                    struct msgt_error *error);

/* Checks that every text of every message, field and group stands in each language; the place is where it stands in English. */
bool catalog_verify_languages(const struct builder *builder, const struct msgt_table *table, const char *const *files,
                              struct msgt_error *error);

/* As msgt_load() without a base, and each text has to stand in each language. */
struct msgt_table *catalog_load_whole(const char *const *files, size_t count, struct msgt_error *error);

#endif
