/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a matcher looked at on its way through the templates of a message: fields, and the gaps between them. Octets of gaps lead a matcher to the same
 * fields whatever these are, but for what was tried with a field and then given up: templates, and optional pieces. That these do not fit once more
 * takes another try: they are the guards of the way.
 */
#ifndef MSGTABLE_TRACE_H
#define MSGTABLE_TRACE_H

#include "take.h"

enum { TRACE_BARS = 8, TRACE_PIECES = 4 };

/* A gap, and the field behind it. */
struct stretch {
    const uint8_t *from;
    const uint8_t *examined; /* the octets in front of it were looked at */
    struct bar {
        const uint8_t *at; /* an octet that is another one than WANTED: that was looked at, and no more of it */
        uint8_t wanted;
    } bars[TRACE_BARS];
    unsigned bar_count;
    uint16_t first_value; /* of the gap */
    uint16_t value;       /* of the field, if it has one */
    const struct op *op;  /* of the field, whose octets and delimiters are [at, to) */
    const uint8_t *at, *to;
};

struct trace {
    unsigned count;  /* fields behind the matcher; the last stretch has none */
    bool none;       /* there was none where one should be */
    uint32_t guards; /* templates that were given up, a bit for each: what led to that is not, or no longer, in a gap */
    uint32_t early;  /* those that others share ops with, and that were given up in front of the last of these */
    uint8_t left[TEMPLATES_MAX]; /* in front of the gap where each was given up there were so many fields */
    struct piece {
        const struct op *op; /* OP_OPTIONAL */
        const uint8_t *at;
        unsigned fields; /* in front of it */
    } piece, pieces[TRACE_PIECES]; /* the last one; those of this template that were given up in such a way */
    unsigned piece_count; /* may be more than there is room for */
    struct stretch stretches[MSGT_VALUES_MAX + 1];
};

void trace_start(struct trace *trace, const struct matcher *m);

/* A template begins, behind COUNT fields of what it shares with others. TEMPLATE is given up, EARLY or not. */
void trace_begin(struct trace *trace, unsigned count);
void trace_give_up(struct trace *trace, uint32_t template, bool early);

/* The same for an optional piece of the template, at AT. */
void trace_begin_piece(struct trace *trace, const struct op *op, const uint8_t *at);
void trace_give_up_piece(struct trace *trace);

/* The literal is looked for at AT. */
void trace_literal(struct trace *trace, const struct matcher *m, const struct text_ref *literal, const uint8_t *at);

/* An op that is no literal was tried at AT; TO is what take_fn said. COUNT values were in front of it. */
void trace_op(struct trace *trace, const struct matcher *m, const struct op *op, const uint8_t *at, const uint8_t *to, uint16_t count);

#endif
