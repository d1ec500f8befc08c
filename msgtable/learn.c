/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * That a field ends in front of a gap has to be what take_fn says, and is learned only where it is: the first place where what comes behind the field may
 * start, and it does start there; or the end of a number, or word. Delimiters are taken for parts of the gaps.
 */
#include "learn.h"

#include "alike.h"
#include "value.h"

struct lesson {
    struct msgt_memory *memory;
    struct matcher *m;
    const struct trace *trace;
    const struct template_row *templates;
    uint32_t fits;
    struct msgt_guard guards[GUARDS_MAX];
    unsigned guard_count;
    uint16_t parent; /* the gap that was learned last; 0: none yet */
    uint16_t *link;  /* where the number of the first stands that is known behind it; NULL: no more is learned */
    bool added;
};

/* ---- Gaps ---- */

/* GAP, which has no sibling yet, behind the one that was learned last. */
static void add_gap(struct lesson *l, const struct msgt_gap *gap, uint32_t op)
{
    enum { SIBLINGS_MAX = 12 };
    struct msgt_gap *const gaps = l->memory->gaps;
    uint16_t *link = l->link;
    l->link = NULL;
    for (unsigned i = 0; *link && !(memcmp(&gaps[*link], gap, offsetof(struct msgt_gap, behind)) == 0 && l->memory->links[*link].op == op); i++) {
        if (i == SIBLINGS_MAX)
            return;
        link = &gaps[*link].sibling;
    }
    if (*link == 0) {
        if (l->memory->gap_count == MSGT_GAPS - 1)
            return;
        l->added = true;
        *link = (uint16_t)++l->memory->gap_count;
        gaps[*link] = *gap;
        l->memory->links[*link].op = op;
        l->memory->links[*link].parent = l->parent;
    }
    l->parent = *link;
    l->link = &gaps[*link].behind;
}

/* The same with the octets [FROM, TO): more than one gap has room for are several. */
static void add_octets(struct lesson *l, struct msgt_gap *gap, uint32_t op, const uint8_t *from, const uint8_t *to)
{
    for (; l->link && to - from > MSGT_GAP_OCTETS; from += MSGT_GAP_OCTETS) {
        struct msgt_gap part = {.leads = TO_REST, .length = MSGT_GAP_OCTETS, .mask = UINT32_MAX,
                                .word_field = gap->word_field, .word_at = gap->word_at, .word_length = gap->word_length};
        memcpy(part.octets, from, MSGT_GAP_OCTETS);
        gap->word_field = gap->word_at = gap->word_length = 0;
        add_gap(l, &part, 0);
    }
    if (!l->link)
        return;
    gap->length = (uint8_t)(to - from);
    gap->mask = (uint32_t)((UINT64_C(1) << gap->length) - 1);
    memcpy(gap->octets, from, gap->length);
    add_gap(l, gap, op);
}

/* In octets from FROM on there is a word that is a value. */
static bool set_word(struct msgt_gap *gap, const uint8_t *from, const uint8_t *word, const struct msgt_value *value)
{
    gap->word_field = value->field;
    gap->word_at = (uint8_t)(word - from);
    gap->word_length = (uint8_t)value->length;
    return value->kind == MSGT_KIND_TEXT && word - from <= UINT8_MAX && value->length <= UINT8_MAX;
}

/* The octets [*FROM, TO) with the values [FIRST, END), words of them; those in front of the last word are added, and behind *FROM then. */
static bool add_words(struct lesson *l, struct msgt_gap *gap, const uint8_t **from, uint16_t first, uint16_t end)
{
    for (uint16_t i = first; i < end; i++) {
        const struct msgt_value *value = &l->m->values[i];
        const uint8_t *word = l->m->text.start + (value->offset - l->m->base);
        struct msgt_gap part = {.leads = TO_REST};
        if (!set_word(i + 1 < end ? &part : gap, *from, word, value))
            return false;
        if (i + 1 == end)
            break;
        add_octets(l, &part, 0, *from, word + value->length);
        *from = word + value->length;
    }
    return true;
}

/* ---- Fields ---- */

static bool add_bar(struct msgt_gap *gap, uint8_t octet)
{
    size_t i = 0;
    while (i < sizeof gap->u.bars && gap->u.bars[i] && gap->u.bars[i] != octet)
        i++;
    if (i < sizeof gap->u.bars)
        gap->u.bars[i] = octet;
    return i < sizeof gap->u.bars;
}

static bool add_stop(struct msgt_gap *gap, uint8_t octet)
{
    uint32_t stop = octet * UINT32_C(0x01010101), *to = gap->stops[0] && gap->stops[0] != stop ? &gap->stops[1] : &gap->stops[0];
    bool room = *to == 0 || *to == stop;
    if (room)
        *to = stop;
    return room;
}

/* False when it depends on more than the octets up to TO, where a field starts, that the gap leads there. */
static bool set_bars(struct msgt_gap *gap, const struct stretch *stretch, const uint8_t *to)
{
    if (stretch->examined > to)
        return false;
    for (const struct bar *bar = stretch->bars; bar < stretch->bars + stretch->bar_count; bar++)
        if (bar->at > to || (bar->at == to && !add_bar(gap, bar->wanted)))
            return false;
    return true;
}

/* What may stand behind the field starts in one of two ways, or with a blank. */
static bool set_stops(struct msgt_gap *gap, const struct matcher *m, const struct op *op)
{
    gap->blanks = op->type == MSGT_TEXT && !op->blank;
    gap->ends = op->type != MSGT_TEXT ? AT_STOP : op->blank ? BEHIND_BLANKS : IN_FRONT_OF_BLANKS;
    for (uint32_t i = 0; i < op->count; i++) {
        uint8_t first = texts_of(m, op)[i].first;
        bool known = first <= ' ' || (add_stop(gap, first) && (gap->kind != MSGT_KIND_TEXT || add_bar(gap, first)));
        if (!known)
            return false;
    }
    return true;
}

static bool is_number(const struct op *op) { return value_is_self_delimiting((enum msgt_type)op->type); }

static bool set_field(struct msgt_gap *gap, const struct matcher *m, const struct op *op, bool delimited)
{
    gap->field = op->field;
    gap->kind = is_number(op) ? MSGT_KIND_NUMBER : op->type == MSGT_IP ? op->numeric ? MSGT_KIND_IPV6 : MSGT_KIND_IPV4 : MSGT_KIND_TEXT;
    if (op->type == MSGT_NAME) /* ends in other ways */
        return false;
    if (!delimited)
        return set_stops(gap, m, op) && (!op->open || add_bar(gap, op->open));
    gap->blanks = op->type == MSGT_TEXT;
    return add_stop(gap, op->close) && add_bar(gap, op->close); /* an empty one */
}

/* The field ends in front of the gap whatever it is: FROM is behind it and its delimiters, and the gap ends at TO. */
static bool ends_field(struct matcher *m, const struct op *op, bool delimited, const uint8_t *from, const uint8_t *to)
{
    bool address = op->type == MSGT_IP, ends = to > m->text.end;
    if (is_number(op) || (delimited && (address || ends)))
        return true;
    if ((!delimited && op->type == MSGT_WORD && is_blank(*from)) || (op->last && from == m->text.end))
        return true;
    if (address && *from != ':' && *from != '-' && is_any_of(*from, OCTET_ADDRESS))
        return false;
    m->led = NULL;
    bool behind = delimited || (address && *from != ':');
    return (behind ? take_stops_behind : take_stops_at)(m, op, from) && m->led && m->led <= to;
}

/* ---- Guards ---- */

static const uint8_t *start_of_gap(const struct stretch *stretch, bool first)
{
    return stretch->from - (!first && is_delimited(stretch[-1].op, stretch[-1].at));
}

/* Blanks in front of what ends the field are no part of it. */
static bool leaves_blanks(const struct stretch *stretch)
{
    return !is_delimited(stretch->op, stretch->at) && stretch->op->type == MSGT_TEXT && !stretch->op->blank;
}

/* COUNT ops from OP on, at AT, behind so many fields. False when there is no room. */
static bool add_guard(struct lesson *l, const struct op *op, size_t count, const uint8_t *at, unsigned fields)
{
    if (l->guard_count == GUARDS_MAX)
        return false;
    const struct stretch *stretch = &l->trace->stretches[fields];
    ptrdiff_t behind = at - start_of_gap(stretch, fields == 0);
    l->guards[l->guard_count++] = (struct msgt_guard){.op = (uint32_t)(op - l->m->table->ops), .ops = (uint16_t)count, .at = (uint16_t)behind,
                                                      .value = fields ? (uint16_t)(stretch[-1].value + 1) : 0,
                                                      .blanks = fields && leaves_blanks(stretch - 1)};
    return behind <= UINT16_MAX && count <= UINT16_MAX;
}

/* Counted within the template that fits: the op of one of its fields, which may have been run for an earlier one that starts alike. */
static uint32_t number_of(const struct lesson *l, const struct op *op)
{
    const struct template_row *row = &l->templates[l->fits];
    const struct op *ops = l->m->table->ops + row->ops.first;
    bool own = op >= ops && op < ops + row->ops.count;
    return (uint32_t)(op - (own ? ops : l->m->table->ops + l->templates[row->like].ops.first));
}

static uint32_t common_with(const struct lesson *l, uint32_t other)
{
    return common_ops(l->m->table->ops, l->m->table->texts, &l->templates[l->fits].ops, &l->templates[other].ops);
}

/* The template OTHER was given up: from behind the last field, and op, on that it has in common with the one that fits. */
static bool guard_template(struct lesson *l, uint32_t other)
{
    const struct template_row *row = &l->templates[other];
    uint32_t common = common_with(l, other), start = 0, end = l->trace->early >> other & 1 ? row->shared : row->ops.count;
    unsigned fields = 0;
    for (unsigned i = 0; i < l->trace->count; i++) {
        uint32_t number = number_of(l, l->trace->stretches[i].op);
        if (number < common) {
            fields = i + 1;
            start = number + 1;
        }
    }
    return add_guard(l, l->m->table->ops + row->ops.first + start, end - start, l->trace->stretches[fields].from, fields);
}

/* What the octets of the gaps do not tell. False: that is too much. */
static bool set_guards(struct lesson *l)
{
    bool room = l->trace->piece_count <= TRACE_PIECES;
    for (unsigned i = 0; room && i < l->trace->piece_count; i++) {
        const struct piece *piece = &l->trace->pieces[i];
        room = add_guard(l, piece->op + 1, piece->op->at - 1, piece->at, piece->fields);
    }
    for (uint32_t left = l->trace->guards; room && left; left &= left - 1)
        room = guard_template(l, (uint32_t)__builtin_ctz(left));
    return room;
}

/* Where they stand in the memory, as they are known or from now on. False: there is no room. */
static bool keep_guards(struct lesson *l, struct msgt_gap *gap)
{
    struct msgt_memory *memory = l->memory;
    size_t size = l->guard_count * sizeof *l->guards;
    uint32_t first = 0;
    while (first + l->guard_count <= memory->guard_count && memcmp(memory->guards + first, l->guards, size) != 0)
        first++;
    if (first + l->guard_count > memory->guard_count) {
        if (memory->guard_count + l->guard_count > MSGT_GUARDS)
            return false;
        first = memory->guard_count;
        memcpy(memory->guards + first, l->guards, size);
        memory->guard_count += l->guard_count;
    }
    gap->u.guards.first = (uint16_t)first;
    gap->u.guards.count = (uint16_t)l->guard_count;
    return true;
}

/* ---- A way ---- */

/* The earliest op that is the same, so that ways of several templates are one as long as they can. */
static uint32_t first_alike(const struct lesson *l, const struct op *op)
{
    uint32_t number = number_of(l, op);
    for (uint32_t other = 0; other < l->fits; other++)
        if (number < common_with(l, other))
            return l->templates[other].ops.first + number;
    return (uint32_t)(op - l->m->table->ops);
}

/* What the gap leads to, and what is in front of it, are the same for other texts. */
static bool set_gap(struct lesson *l, struct msgt_gap *gap, const struct stretch *before, const struct stretch *stretch, const struct stretch *behind,
                    const uint8_t *from, const uint8_t *to)
{
    bool closed = before && is_delimited(before->op, before->at);
    if (before && !closed && is_blank(from[-1]) && !leaves_blanks(before))
        return false;
    if (before && !ends_field(l->m, before->op, closed, stretch->from, to))
        return false;
    if (behind)
        return set_bars(gap, stretch, to) && set_field(gap, l->m, behind->op, is_delimited(behind->op, behind->at)) && may_start_field(gap, *to);
    gap->leads = TO_END;
    gap->template_index = (uint8_t)l->fits;
    gap->ends = to - from > 1 ? NO_VALUE : before && before->op->count == 0 ? DOT_IN_VALUE : NO_DOT;
    return keep_guards(l, gap);
}

/* One gap of the trace, with what is in front of it and behind it. */
static void learn_gap(struct lesson *l, unsigned i)
{
    const struct stretch *stretch = &l->trace->stretches[i], *before = i ? stretch - 1 : NULL, *behind = i < l->trace->count ? stretch : NULL;
    const uint8_t *from = start_of_gap(stretch, i == 0);
    const uint8_t *to = behind ? stretch->at + is_delimited(stretch->op, stretch->at) : l->m->text.end + 1; /* the NUL behind the text stands for its end */
    struct msgt_gap gap = {.leads = TO_FIELD};
    bool same = set_gap(l, &gap, before, stretch, behind, from, to) && add_words(l, &gap, &from, stretch->first_value, behind ? stretch->value : l->m->count);
    if (same && l->link)
        add_octets(l, &gap, behind && gap.ends == BEHIND_BLANKS ? first_alike(l, stretch->op) : 0, from, to);
    else
        l->link = NULL;
}

bool learn(struct msgt_memory *memory, uint16_t *link, struct matcher *m, const struct trace *trace, const struct template_row *templates, uint32_t fits)
{
    struct lesson l = {.memory = memory, .m = m, .trace = trace, .templates = templates, .fits = fits, .link = link};
    if (!set_guards(&l))
        return false;
    for (unsigned i = 0; l.link && i <= trace->count; i++)
        learn_gap(&l, i);
    return l.added;
}
