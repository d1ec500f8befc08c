/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One op of a template against the text of a message. */
#ifndef MSGTABLE_TAKE_H
#define MSGTABLE_TAKE_H

#include "literal.h"

/* NULs that stand behind the text: no literal holds one, and no class of octets. So most of what reads a text need not ask where it ends. */
enum { MATCH_PADDING = 48 };

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

/* What takes an op returns what is behind it in the text, its values kept, or NULL. */
typedef const uint8_t *take_fn(struct matcher *m, const struct op *op, const uint8_t *at);

/* What takes an op that is no optional piece. One jump for both its kind and its type: the processor guesses it better than two. */
__attribute__((visibility("hidden"))) extern take_fn *const takes[][MSGT_TYPES];

/* Notes where OP is left: what is in front of REACH made sense. Returns NULL. */
const uint8_t *take_fail(struct matcher *m, const struct op *op, const uint8_t *start, const uint8_t *reach, bool ended);

/* Keeps [FROM, TO) as the value of a field; false when it does not read as one. Blanks around a value are not part of it, unless delimiters say that they are. */
bool take_value(struct matcher *m, const struct op *op, const uint8_t *from, const uint8_t *to);

/* A literal, with note of where it is left. */
take_fn take_literal_closely;

static inline const struct text_ref *texts_of(const struct matcher *m, const struct op *op) { return m->table->texts + op->at; }

/* What may come behind a field stands at AT; m->led then is behind it, unless the text may end with the field. The second way: also behind blanks. */
bool take_stops_at(struct matcher *m, const struct op *op, const uint8_t *at);
bool take_stops_behind(struct matcher *m, const struct op *op, const uint8_t *at);

static inline bool is_delimited(const struct op *op, const uint8_t *at) { return *at == op->open && op->open; }

static inline const uint8_t *behind_blanks(const uint8_t *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* The slot for the next value with its place filled, of the kind text. There is one: no template has more values (pattern.c). */
static inline struct msgt_value *take_place(const struct matcher *m, uint16_t field, const uint8_t *from, size_t length)
{
    struct msgt_value *value = &m->values[m->count];
    value->offset = m->base + (uint32_t)(from - m->text.start);
    value->length = (uint32_t)length;
    value->field = field;
    value->kind = MSGT_KIND_TEXT;
    return value;
}

#endif
