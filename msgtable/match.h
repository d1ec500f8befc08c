/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ops of a message's templates against a text. */
#ifndef MSGTABLE_MATCH_H
#define MSGTABLE_MATCH_H

#include "literal.h"

/* NULs that stand behind the text: no literal holds one, and no class of octets. So most of what reads a text need not ask where it ends. */
enum { MATCH_PADDING = 16 };

/* Where a template was left. */
struct failure {
    const uint8_t *reach; /* what is in front of it made sense */
    const uint8_t *start; /* of the element that did not match */
    const struct op *op;  /* that element; NULL: none was left yet */
    bool ended;           /* the text was over */
};

struct matcher {
    const struct msgt_table *table;
    struct text text; /* padded, and less one final dot */
    bool dot;         /* there was one */
    uint32_t base;    /* of the text in the datagram */
    uint16_t count;
    bool empty;       /* no template fits: a text, word or name may be missing where what comes next stands in its place */
    bool thorough;    /* still none: look closely where each is left */
    bool stopped;
    struct msgt_value *values; /* COUNT of them are filled, MSGT_VALUES_MAX have room */
    const uint8_t *led;  /* behind the literal that led the last field to its end, or NULL */
    struct failure best; /* of the template that runs */
    const struct failure *stop_at; /* keep the values in front of this failure */
};

/* The first of COUNT templates, at most TEMPLATES_MAX, that consumes the text, with its values; COUNT when none does. */
uint32_t match_first(struct matcher *m, const struct template_row *templates, uint32_t count);

/* A thorough matcher on one template: m->best is where it is left, or, with m->stop_at, the values are those in front of that. */
void match_closely(struct matcher *m, const struct template_row *row);

#endif
