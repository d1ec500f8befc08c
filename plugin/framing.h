/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the messages of a TCP stream start and end (RFC 6587, section 3.4):
 *
 *     "150 <166>…"    the length in front
 *     "<166>…\n"      a line feed behind, or a NUL
 *     "<166>…<166>…"  nothing: the next header ends a message
 *
 * A capture starts anywhere, and loses segments. So a header is looked for, too, where nothing says that one starts.
 */
#ifndef FTD_FRAMING_H
#define FTD_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What ends a piece. */
enum piece_end {
    PIECE_COUNTED, /* its length, which may reach behind the octets */
    PIECE_LINE,    /* line feed or NUL, which belong to it */
    PIECE_GLUED,   /* the header of the next message */
    PIECE_REST,    /* the length field of the next message: the piece is what a lost segment left of one */
    PIECE_OPEN,    /* nothing yet: all octets */
    PIECE_LENGTH,  /* nothing yet: so far it is no more than a length field */
    PIECE_ENDS
};

struct piece {
    enum piece_end end;
    size_t skip;   /* octets of the length field */
    size_t length; /* of the message behind it, with what ends it */
};

/* What stands first. LENGTH is at least 1. */
struct piece framing_piece(const uint8_t *octets, size_t length);

static inline bool framing_is_end(uint8_t octet) { return octet == '\n' || octet == 0; }

/* What looks like a message of ours: a tag in the same line behind what only a header has. */
struct header {
    size_t length; /* up to and with the tag; 0: there is none */
    bool pri;      /* starts with a priority */
};

/* A header that starts with the octets. */
struct header framing_header(const uint8_t *octets, size_t length);

/* The first header, or better the first with a priority, that starts a line or stands behind a length field. *AT is where that line or field starts. */
struct header framing_find(const uint8_t *octets, size_t length, size_t *at);

#endif
