/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines and tokens of a catalogue file, with their places. */
#ifndef MSGTABLE_SCANNER_H
#define MSGTABLE_SCANNER_H

#include <glib.h>

#include "msgtable.h"

struct scanner {
    const char *text;
    size_t length, next; /* of the file; where the next line starts */
    const char *line;    /* current line, not terminated */
    size_t size, at;     /* its length; octets of it consumed */
    unsigned number;     /* from 1 */
    const char *file;
    struct msgt_error *error;
};

/* Goes to the next line that is neither empty nor a comment. False at the end of the file. */
bool scanner_line(struct scanner *scanner);

/* Whether the line is UTF-8 that can be seen. Fails where it is not. */
bool scanner_readable(struct scanner *scanner);

/* True when nothing but blanks is left of the line. */
bool scanner_done(struct scanner *scanner);

/* Next run of non-blanks; length 0 at the end of the line. */
GString *scanner_word(struct scanner *scanner);
/* A name: lower-case letters, digits and underscores, a letter first. NULL with the error filled. */
GString *scanner_name(struct scanner *scanner, const char *what);
/* A number from 0 to MAX. */
bool scanner_number(struct scanner *scanner, const char *what, unsigned max, unsigned *number);
/* A quoted string, escapes resolved, valid UTF-8. NULL with the error filled. */
GString *scanner_string(struct scanner *scanner, const char *what);
/* True when a quoted string comes next. */
bool scanner_at_string(struct scanner *scanner);
/* The rest of the line without blanks around it. NULL with the error filled when there is none. */
GString *scanner_rest(struct scanner *scanner, const char *what);

/* Column, from 1, of the next token. */
unsigned scanner_column(struct scanner *scanner);
/* Fills the error with a place in the current line. Always false. */
G_GNUC_PRINTF(3, 4) bool scanner_fail(struct scanner *scanner, unsigned column, const char *format, ...);

#endif
