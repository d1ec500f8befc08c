/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table that still grows: the arrays of table.h as GArrays, the pool with each string once, and the names seen so far. */
#ifndef MSGTABLE_BUILDER_H
#define MSGTABLE_BUILDER_H

#include <glib.h>

#include "table.h"

/* Where something was declared, for messages to the author. */
struct place {
    uint32_t file; /* index of the file, or BUILTIN_FILE */
    uint32_t line, column;
};

#define BUILTIN_FILE UINT32_MAX

struct builder {
#define X(type, name) GArray *name;
    TABLE_ARRAYS(X)
#undef X
    GHashTable *strings;  /* GBytes → offset in the pool */
    GHashTable *names[4]; /* by enum builder_space: name → index + 1 */
    GHashTable *ids;      /* message ID → index + 1 */
    /* Places, parallel to the arrays. */
    GArray *field_places, *enum_places, *group_places, *message_places, *template_places, *example_places;
    GHashTable *declared; /* names that this load declared: those of the table below may be restated once */
    uint32_t base_messages, base_fields; /* how many came with the table below */
};

enum builder_space { SPACE_FIELD, SPACE_ENUM, SPACE_GROUP, SPACE_PIECE };

/* Copies BASE, which may be NULL. */
struct builder *builder_new(const struct msgt_table *base);
void builder_free(struct builder *builder);

/* Offset of the octets in the pool; the same octets get the same offset. They hold no NUL. */
uint32_t builder_string(struct builder *builder, const char *octets, size_t length);
struct text_ref builder_text(struct builder *builder, const char *octets, size_t length);
static inline const char *builder_at(const struct builder *builder, uint32_t offset)
{
    return builder->pool->data + offset;
}

/* Index of a name in its space, or -1. */
int builder_find(const struct builder *builder, enum builder_space space, const char *name);
/* Notes that this load declares the name; false when it did so before. */
bool builder_restate(struct builder *builder, enum builder_space space, const char *name);
/* Declares a name as the index of the next row of its array. */
void builder_declare(struct builder *builder, enum builder_space space, const char *name, uint32_t index);

/* A table of its own, messages sorted by ID; where an ID occurs twice the later one counts. */
struct msgt_table *builder_finish(struct builder *builder);

#endif
