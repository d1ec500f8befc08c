/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each op moves forward through the text; the only way back is out of an optional piece that does not match as a whole, and pieces do
 * not nest. So the work is bounded by templates × ops × octets, with the first two fixed by the catalogue.
 */
#include "match.h"

/* Where a template stands behind the ops that others start with, too. */
struct checkpoint {
    uint32_t owner; /* template, counted within the message; UINT32_MAX: none yet */
    const uint8_t *at;
    uint16_t count;
    unsigned fields; /* of the trace */
    struct msgt_value values[MSGT_VALUES_MAX];
};

SELDOM static void save(const struct matcher *m, const uint8_t *at, uint32_t owner, const struct trace *trace, struct checkpoint *checkpoint)
{
    checkpoint->owner = trace && trace->piece_count ? UINT32_MAX : owner; /* pieces that it gave up would have to be told again */
    checkpoint->at = at;
    checkpoint->count = m->count;
    checkpoint->fields = trace ? trace->count : 0;
    memcpy(checkpoint->values, m->values, m->count * sizeof *m->values);
}

static void restore(struct matcher *m, const struct checkpoint *checkpoint)
{
    m->count = checkpoint->count;
    memcpy(m->values, checkpoint->values, m->count * sizeof *m->values);
}

static const struct op no_mark;

/* Runs a template from OP at AT. Returns NULL when it fits, else the op where it was left. At MARK it stands where CHECKPOINT is wanted for OWNER;
 * without a checkpoint it fits when it comes so far. TRACE may be NULL. */
static inline const struct op *run_from(struct matcher *m, const struct op *op, const uint8_t *at, const struct op *mark, uint32_t owner,
                                        struct checkpoint *checkpoint, const bool thorough, struct trace *const trace)
{
    const struct op *piece_end = op; /* of the optional piece that we are in, or were in last */
    const uint8_t *piece_at = at, *next;
    uint16_t piece_count = 0;

    for (;; op++) {
        if (checkpoint && op == mark)
            save(m, at, owner, trace, checkpoint);
        if (!checkpoint && op >= mark) /* a literal that leads may be behind it */
            return NULL;
        if (op->kind == OP_LITERAL) {
            if (trace)
                trace_literal(trace, m, &op->text, at);
            next = thorough ? take_literal_closely(m, op, at) : literal_behind(&m->text, &op->text, at);
        } else if (op->kind == OP_OPTIONAL) {
            piece_end = op + op->at;
            piece_at = at;
            piece_count = m->count;
            if (trace)
                trace_begin_piece(trace, op, at);
            continue;
        } else {
            uint16_t count = m->count;
            m->led = NULL;
            next = takes[op->kind][op->type](m, op, at);
            if (trace)
                trace_op(trace, m, op, at, next, count);
            if (next && op->kind == OP_END)
                return NULL;
            if (!thorough && op->leads && next && m->led) {
                next = m->led; /* the literal behind the field was found with its end */
                op++;
            }
        }
        if (next) {
            at = next;
            continue;
        }
        if ((thorough && m->stopped) || op >= piece_end)
            return op;
        op = piece_end - 1;
        piece_end = op;
        at = piece_at;
        m->count = piece_count;
        if (trace)
            trace_give_up_piece(trace);
    }
}

void match_closely(struct matcher *m, const struct template_row *row)
{
    m->count = 0;
    m->best = (struct failure){0};
    const struct op *ops = m->table->ops + row->ops.first;
    run_from(m, ops, m->text.start, ops + row->ops.count, 0, NULL, true, NULL);
}

/* What starts like an earlier template goes on where that one was, or fails where it failed. */
static inline uint32_t first_fit(struct matcher *m, const struct template_row *templates, uint32_t count, struct trace *const trace)
{
    struct checkpoint checkpoint; /* large: not cleared */
    uint16_t left[TEMPLATES_MAX];
    checkpoint.owner = UINT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const struct template_row *row = &templates[i];
        const struct op *const ops = m->table->ops + row->ops.first, *const shared = ops + row->shared, *start = ops;
        const uint8_t *at = m->text.start;
        left[i] = 0;
        m->count = 0;
        if (row->like < i && left[row->like] < row->shared)
            continue;
        if (row->like < i && checkpoint.owner == row->like) {
            start = shared;
            at = checkpoint.at;
            restore(m, &checkpoint);
        }
        if (trace)
            trace_begin(trace, start == ops ? 0 : checkpoint.fields);
        const struct op *op = run_from(m, start, at, row->like == i && row->shared ? shared : &no_mark, i, &checkpoint, false, trace);
        if (!op)
            return i;
        left[i] = (uint16_t)(op - ops);
        if (trace) {
            trace_give_up(trace, i, row->like == i && op < shared);
            if (start == ops && checkpoint.owner != i)
                checkpoint.owner = UINT32_MAX; /* its stretches are no longer there */
        }
    }
    return count;
}

bool match_fits(struct matcher *m, const struct op *op, const struct op *end, const uint8_t *at)
{
    m->count = 0;
    return !run_from(m, op, at, end, 0, NULL, false, NULL);
}

uint32_t match_first(struct matcher *m, const struct template_row *templates, uint32_t count) { return first_fit(m, templates, count, NULL); }

SELDOM uint32_t match_traced(struct matcher *m, const struct template_row *templates, uint32_t count, struct trace *trace)
{
    trace_start(trace, m);
    return first_fit(m, templates, count, trace);
}
