/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trace.h"

static struct stretch *here(struct trace *trace) { return &trace->stretches[trace->count]; }

static void enter(struct trace *trace, const uint8_t *from, uint16_t first_value)
{
    struct stretch *stretch = here(trace);
    stretch->from = stretch->examined = from;
    stretch->bar_count = 0;
    stretch->first_value = first_value;
}

void trace_start(struct trace *trace, const struct matcher *m)
{
    trace->count = 0;
    trace->guards = trace->early = 0;
    memset(trace->left, 0, sizeof trace->left);
    enter(trace, m->text.start, 0);
}

void trace_begin(struct trace *trace, unsigned count)
{
    for (unsigned i = 0; i < TEMPLATES_MAX; i++)
        trace->guards |= (uint32_t)(trace->left[i] > count) << i;
    trace->count = count;
    trace->none = false;
    trace->piece_count = 0;
}

void trace_give_up(struct trace *trace, uint32_t template, bool early)
{
    trace->early |= (uint32_t)early << template;
    trace->left[template] = (uint8_t)trace->count;
    trace->guards |= (uint32_t)(trace->none || trace->piece_count) << template;
}

void trace_begin_piece(struct trace *trace, const struct op *op, const uint8_t *at) { trace->piece = (struct piece){op, at, trace->count}; }

void trace_give_up_piece(struct trace *trace)
{
    if (trace->count == trace->piece.fields && !trace->none)
        return;
    if (trace->piece_count < TRACE_PIECES)
        trace->pieces[trace->piece_count] = trace->piece;
    trace->piece_count++;
    trace->count = trace->piece.fields;
    trace->none = false;
}

static void examine(struct trace *trace, const uint8_t *end)
{
    if (here(trace)->examined < end)
        here(trace)->examined = end;
}

static void add_bar(struct trace *trace, const uint8_t *at, uint8_t wanted)
{
    struct stretch *stretch = here(trace);
    for (unsigned i = 0; i < stretch->bar_count; i++)
        if (stretch->bars[i].at == at && stretch->bars[i].wanted == wanted)
            return;
    if (stretch->bar_count == TRACE_BARS)
        examine(trace, at + 1);
    else
        stretch->bars[stretch->bar_count++] = (struct bar){at, wanted};
}

/* That an octet is no blank, where a literal ends or one is missing, is not written down: no field behind a gap starts with a blank, nor does one in
 * front of it end with one (trail.c). */
void trace_literal(struct trace *trace, const struct matcher *m, const struct text_ref *literal, const uint8_t *at)
{
    const uint8_t *wanted = literal_difference(&m->text, literal, &at);
    examine(trace, at);
    if (wanted && *wanted > ' ')
        add_bar(trace, at, *wanted);
}

static void trace_field(struct trace *trace, const struct matcher *m, const struct op *op, const uint8_t *at, const uint8_t *to, uint16_t count)
{
    struct stretch *stretch = here(trace);
    if (!to) {
        trace->none = true;
        return;
    }
    stretch->op = op;
    stretch->at = at;
    stretch->to = to;
    stretch->value = count;
    trace->count++;
    enter(trace, to, m->count);
    if (op->leads && m->led)
        trace_literal(trace, m, &op[1].text, to);
}

/* Blanks and one dot are forgiven; behind them is an octet that should not be there. */
static void trace_end(struct trace *trace, const uint8_t *at)
{
    const uint8_t *end = behind_blanks(at);
    examine(trace, (*end == '.' ? behind_blanks(end + 1) : end) + 1);
}

void trace_op(struct trace *trace, const struct matcher *m, const struct op *op, const uint8_t *at, const uint8_t *to, uint16_t count)
{
    if (op->kind == OP_FIELD)
        trace_field(trace, m, op, at, to, count);
    else if (op->kind == OP_WORDS)
        for (uint32_t i = 0; i < op->count; i++)
            trace_literal(trace, m, texts_of(m, op) + i, at);
    else if (op->kind == OP_PAIRS)
        trace->piece_count = TRACE_PIECES + 1; /* no two lists are alike */
    else if (op->kind == OP_END && !to)
        trace_end(trace, at);
}
