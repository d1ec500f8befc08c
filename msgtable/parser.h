/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state in which a catalogue file is read: shared by catalog.c, catalog_dictionary.c and catalog_message.c, nothing else. */
#ifndef MSGTABLE_PARSER_H
#define MSGTABLE_PARSER_H

#include "builder.h"
#include "scanner.h"

/* A string that may go on in the next line, and where it belongs when it is complete. */
enum long_string { LONG_NONE, LONG_ABOUT, LONG_ACTION, LONG_NOTE };

struct parser {
    struct builder *builder;
    struct scanner scanner;
    uint32_t file;
    enum msgt_lang lang;
    bool first;       /* no statement was read yet */
    uint32_t last_id; /* of this file, for the order */
    int message, enumeration, piece; /* the one that is open, or -1 */
    uint16_t lines;   /* text statements of the open message */
    enum long_string open;
    uint32_t open_row;
    GString *string;
};

#define ROW(array, type, index) (&g_array_index(p->builder->array, struct type##_row, index))

/* Each parse_… reads what follows its keyword. False with the error filled. */
bool parse_field(struct parser *p);
bool parse_enum(struct parser *p);
bool parse_value(struct parser *p);
bool parse_group(struct parser *p);
bool parse_piece(struct parser *p);
bool parse_or(struct parser *p);
bool parse_message(struct parser *p);
bool parse_text(struct parser *p);
bool parse_example(struct parser *p);
bool parse_values(struct parser *p);
bool parse_info(struct parser *p);
bool parse_related(struct parser *p);
bool parse_note(struct parser *p);
bool parse_about(struct parser *p);
bool parse_action(struct parser *p);

struct place parser_place(const struct parser *p, unsigned column);
void parser_close_blocks(struct parser *p);
/* Stores the text that was open, if any. */
void parser_close_string(struct parser *p);
bool parser_open_string(struct parser *p, enum long_string open, uint32_t row);
bool parser_append_string(struct parser *p);
/* A quoted string as an offset in the pool. */
bool parser_string(struct parser *p, const char *what, uint32_t *offset);
/* A name that is there already. */
bool parser_named(struct parser *p, enum builder_space space, const char *what, GString **name, int *index);
bool parser_known_field(struct parser *p, uint16_t *field);

#endif
