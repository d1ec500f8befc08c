/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table as it lies in memory: flat arrays that refer to each other by index, and to text by offset into one pool.
 *
 *     messages ──► templates ──► ops ──► texts ──► pool
 *        │                        └────► fields ──► groups ──► group parts
 *        └──► examples, related, infos, notes, codings ──► enums ──► meanings
 *
 * Offset 0 of the pool is the empty string. What a message owns of an array is a slice: first index and count.
 */
#ifndef MSGTABLE_TABLE_H
#define MSGTABLE_TABLE_H

#include "msgtable.h"

struct slice {
    uint32_t first;
    uint32_t count;
};

enum { LITERAL_HEAD = 8 };

/* A literal: octets in the pool, also NUL-terminated. What a matcher asks for first stands beside them. */
struct text_ref {
    uint32_t offset;
    uint32_t compact; /* the same without optional blanks, as most devices write it */
    uint16_t length, compact_length;
    uint8_t first;    /* octet */
    uint8_t open;     /* 1: ends with a blank: further blanks belong to it */
    uint16_t unused;
    uint8_t head[LITERAL_HEAD], mask[LITERAL_HEAD]; /* what compact starts with, and 0xff for each of its octets */
};

enum op_kind {
    OP_END,      /* the text must be at its end */
    OP_LITERAL,  /* texts[at]; ' ' is a run of blanks, OP_OPTIONAL_BLANKS one that may be empty */
    OP_FIELD,    /* field; ends where one of texts[at … at+count) matches */
    OP_WORDS,    /* one of texts[at … at+count); kept as field unless that is MSGT_NONE */
    OP_OPTIONAL, /* the piece ends in front of op number at, counted from this one */
    OP_PAIRS,    /* a list, by COUNT keys that stand from op number at on, counted from this one (pairs.h) */
};

enum { OP_OPTIONAL_BLANKS = 0x01 };

struct op {
    uint8_t kind;
    uint8_t type;  /* of the field: enum msgt_type */
    uint8_t open;  /* delimiter that may stand in front of the value, or 0 */
    uint8_t close;
    bool last : 1;   /* the template may end behind this field */
    bool blanks : 1; /* blanks may come in front of a stop that does not start with them */
    bool blank : 1;  /* a stop may start with a blank */
    bool leads : 1;  /* the only stop is all of the literal op behind this field */
    bool numeric : 1; /* an address, no name or mask */
    uint8_t start;   /* all stops start with this octet, or with a blank; 0: they start in several ways */
    uint16_t field;
    uint32_t at;
    uint32_t count;
    struct text_ref text; /* texts[at] once more, so that nearly all that a matcher reads lies in a row */
};

enum { TEMPLATES_MAX = 32 }; /* of one message */

struct template_row {
    struct slice ops;
    uint32_t source; /* pool: the template as written, pieces expanded */
    uint16_t line;   /* which text statement of the message it comes from */
    uint16_t form;   /* which combination of the forms of its pieces */
    uint16_t like;   /* an earlier template of the message that starts with the same ops, or itself; counted within the message */
    uint16_t shared; /* how many; 0 when that is itself and none starts like it */
};

struct field_row {
    uint32_t name, ecs;
    uint32_t label[MSGT_LANGS];
    uint16_t type, group, values, unused;
};

struct meaning_row {
    uint32_t code;
    uint32_t meaning[MSGT_LANGS];
};

struct enum_row {
    uint32_t name;
    struct slice meanings;
};

struct group_row {
    uint32_t name;
    uint32_t label[MSGT_LANGS];
    struct slice parts;
};

/* A field of a group with the punctuation in front of it, and, for the last part, behind it. */
struct part_row {
    uint32_t before, after;
    uint32_t field;
};

/* A named part of templates: kept for files that are loaded on top. */
struct piece_row {
    uint32_t name;
    struct slice forms;
};

/* In one message FIELD is coded by an enumeration. */
struct coding_row {
    uint16_t field, values;
};

struct note_row {
    uint32_t field;
    uint32_t text[MSGT_LANGS];
};

struct message_row {
    uint32_t id;
    uint8_t severity, severities; /* of the reference; bits of all that are documented */
    uint32_t title[MSGT_LANGS], about[MSGT_LANGS], action[MSGT_LANGS];
    struct slice templates, examples, related, infos, notes, codings;
};

/* An ID is a class, its first three digits, and a number within the class. There is one row for each class. */
enum { CLASSES = 1000, CLASS_NUMBERS = 1000 };
struct class_row {
    uint32_t first;        /* slot, of the number LEAST; a slot is the index of a message plus one, 0 for none */
    uint16_t least, count; /* numbers that have slots */
};

/* One line for each array: what the loader grows, mkcatalog prints and the tests compare. */
#define TABLE_ARRAYS(X)              \
    X(char, pool)                    \
    X(struct text_ref, texts)        \
    X(struct op, ops)                \
    X(struct template_row, templates) \
    X(struct field_row, fields)      \
    X(struct meaning_row, meanings)  \
    X(struct enum_row, enums)        \
    X(struct group_row, groups)      \
    X(struct part_row, parts)        \
    X(struct coding_row, codings)    \
    X(struct piece_row, pieces)      \
    X(uint32_t, forms)               \
    X(struct note_row, notes)        \
    X(uint32_t, examples)            \
    X(uint32_t, related)             \
    X(uint16_t, infos)               \
    X(struct class_row, classes)     \
    X(uint16_t, slots)               \
    X(struct message_row, messages)

enum { TABLE_PADDING = 16 }; /* NULs at the end of the pool: a literal may be read that far beyond its end */

struct msgt_table {
#define X(type, name) const type *name;
    TABLE_ARRAYS(X)
#undef X
#define X(type, name) uint32_t name##_count;
    TABLE_ARRAYS(X)
#undef X
    bool loaded; /* on the heap */
};

static inline const char *table_text(const struct msgt_table *table, uint32_t offset) { return table->pool + offset; }

/* Decodes BODY, a part of the record's message, by the templates of the record's message_index. MEMORY may be NULL. Used by msgt_decode(). */
void decode_text(struct msgt_memory *memory, const struct msgt_table *table, const uint8_t *datagram, struct msgt_span body, unsigned flags,
                 struct msgt_record *record);

#endif
