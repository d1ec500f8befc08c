/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a matcher looked at on its way through the templates of a message: fields, and the gaps between them. What it does in a gap is certain when it
 * would do the same in front of any other field, so that the octets of the gap alone lead it to that field.
 */
#ifndef MSGTABLE_TRACE_H
#define MSGTABLE_TRACE_H

#include "take.h"

enum { TRACE_BARS = 8 };

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
    unsigned count;   /* fields behind the matcher; the last stretch has none */
    unsigned certain; /* so many gaps are */
    struct stretch stretches[MSGT_VALUES_MAX + 1];
};

void trace_start(struct trace *trace, const struct matcher *m);

/* The literal is looked for at AT. */
void trace_literal(struct trace *trace, const struct matcher *m, const struct text_ref *literal, const uint8_t *at);

/* An op that is no literal was tried at AT; TO is what take_fn said. COUNT values were in front of it. */
void trace_op(struct trace *trace, const struct matcher *m, const struct op *op, const uint8_t *at, const uint8_t *to, uint16_t count);

/* The matcher goes back to where it had COUNT fields behind it. */
void trace_back(struct trace *trace, unsigned count);

#endif
