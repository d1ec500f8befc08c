/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between two fields a matcher is led by literals, words, optional pieces and, where a template is left, other templates, to one field or the end. Where
 * all that depends on nothing but the octets between the fields (trace.h), these are kept with where they led: the gaps of a message are a tree, with
 * the fields at its branches. A text that has the octets of such gaps takes the same way. So each gap is compared as a whole, and each field ends where
 * the first octet stands that can end it, if the octets of a gap are there. Where a text leaves what is known it is matched from its start.
 *
 * That a field ends there has to be what take_fn says, and is learned only where it is: the first place where what comes behind the field may start,
 * and it does start there; or the end of a number, or word. Delimiters are taken for parts of the gaps.
 */
#include "trail.h"

#include <glib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "alike.h"
#include "value.h"

_Static_assert(offsetof(struct msgt_gap, sibling) == 62 && sizeof(struct msgt_gap) == 64, "no padding, and a line of the cache");
_Static_assert(MATCH_PADDING >= MSGT_GAP_OCTETS + 16 && MSGT_GAP_OCTETS == 32, "octets are compared all at once, with a bit for each");
_Static_assert(MSGT_GAPS <= UINT16_MAX && TEMPLATES_MAX <= UINT8_MAX, "numbers that a gap has room for");

#define NO_TRAIL UINT32_MAX

enum { GUARDS_MAX = 4 }; /* of a text */

enum leads { TO_FIELD, TO_REST, TO_END };

/* ---- Along a trail ---- */

/* Bits of the octets at AT that are those of the gap. The octet AT or behind it in front of which the field behind the gap ends. */
#if defined __SSE2__ && !defined TRAIL_PORTABLE
static inline uint32_t same_octets(const uint8_t *octets, const uint8_t *at)
{
    __m128i low = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)octets), _mm_loadu_si128((const __m128i *)(const void *)at));
    __m128i high = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(octets + 16)), _mm_loadu_si128((const __m128i *)(const void *)(at + 16)));
    return (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
}

static inline const uint8_t *end_of_field(const struct msgt_gap *gap, const uint8_t *at)
{
    static const __m128i most[] = {{INT64_C(0x2020202020202020), INT64_C(0x2020202020202020)}, {0, 0}}; /* of the octets that end any field */
    const __m128i stop = _mm_set1_epi32((int)gap->stops[0]), other = _mm_set1_epi32((int)gap->stops[1]);
    for (;; at += sizeof stop) {
        __m128i octets = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i stops = _mm_or_si128(_mm_cmpeq_epi8(octets, stop), _mm_cmpeq_epi8(octets, other));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(stops, _mm_cmpeq_epi8(_mm_min_epu8(octets, most[gap->blanks]), octets)));
        if (found)
            return at + __builtin_ctz(found);
    }
}
#else
static inline uint32_t same_octets(const uint8_t *octets, const uint8_t *at)
{
    uint32_t same = 0;
    for (unsigned i = 0; i < MSGT_GAP_OCTETS; i++)
        same |= (uint32_t)(octets[i] == at[i]) << i;
    return same;
}

static inline const uint8_t *end_of_field(const struct msgt_gap *gap, const uint8_t *at)
{
    for (;; at += sizeof(uint64_t)) {
        uint64_t octets = load64(at);
        uint64_t found = octets_like(octets, (uint8_t)gap->stops[0]) | octets_like(octets, (uint8_t)gap->stops[1]) | octets_below(octets, gap->blanks ? 1 : ' ' + 1);
        if (found)
            return at + first_octet(found);
    }
}
#endif

static inline bool has_octets(const struct msgt_gap *gap, const uint8_t *at) { return (gap->mask & ~same_octets(gap->octets, at)) == 0; }

static inline bool may_start_field(const struct msgt_gap *gap, uint8_t octet)
{
    uint32_t bars;
    memcpy(&bars, gap->u.bars, sizeof bars);
    bars ^= octet * UINT32_C(0x01010101);
    return octet > ' ' && ((bars - UINT32_C(0x01010101)) & ~bars & UINT32_C(0x80808080)) == 0; /* as octets_like() */
}

static inline bool stands(const struct msgt_gap *gap, const uint8_t *at)
{
    return has_octets(gap, at) && (gap->leads != TO_FIELD || may_start_field(gap, at[gap->length]));
}

/* What is behind a hyphen belongs to no address in front of it: the end of a range, not the rest of a name. */
static bool is_end_of_range(const uint8_t *at)
{
    while (is_digit(*at) || *at == '.')
        at++;
    return !is_any_of(*at, OCTET_ADDRESS);
}

/* What is no dotted quad must not be followed by what may be part of an address, as the colon in front of a port. */
static inline bool read_address(const uint8_t *octets, struct msgt_value *value)
{
    if (value_ipv4_padded(octets, value->as.address) == value->length)
        return octets[value->length] != '-' || is_end_of_range(octets + value->length + 1);
    return !is_any_of(octets[value->length], OCTET_ADDRESS) && value_read(MSGT_IP, octets, value->length, value);
}

static inline bool read_number(const struct matcher *m, const uint8_t *octets, struct msgt_value *value)
{
    enum msgt_type type = (enum msgt_type)m->table->fields[value->field].type;
    if (value_digits(type, octets, &value->as.number) == value->length)
        return true;
    return value_extent(type, octets, (size_t)(m->text.end - octets)) == value->length && value_read(type, octets, value->length, value);
}

/* Values whose octets are still to be read; each has the kind that it should have. */
struct unread {
    unsigned count;
    struct msgt_value *values[MSGT_VALUES_MAX + 1];
};

static inline bool read_values(const struct matcher *m, const struct unread *unread)
{
    for (unsigned i = 0; i < unread->count; i++) {
        struct msgt_value *value = unread->values[i];
        const uint8_t *octets = m->text.start + (value->offset - m->base);
        if (!(value->kind == MSGT_KIND_NUMBER ? read_number(m, octets, value) : read_address(octets, value)))
            return false;
    }
    return true;
}

static inline struct msgt_value *keep_value(struct msgt_value *value, uint16_t field, uint8_t kind, uint32_t offset, size_t length)
{
    value->offset = offset;
    value->length = (uint32_t)length;
    value->field = field;
    value->kind = kind;
    return value + 1;
}

/* A dot in front of the end may be a second one, which is part of no value. */
static inline bool is_end(const struct matcher *m, const uint8_t *at) { return at == m->text.end && at > m->text.start && at[-1] != '.'; }

/* One address, where compilers make one for each group of members. */
static inline const struct msgt_gap *gap_at(const struct msgt_memory *memory, uint32_t number)
{
    const struct msgt_gap *gap = &memory->gaps[number];
    __asm__("" : "+r"(gap));
    return gap;
}

/* None of what a matcher would try fits. */
SELDOM static bool are_guarded(const struct msgt_memory *memory, const struct msgt_gap *gap, const struct matcher *m)
{
    struct msgt_value values[MSGT_VALUES_MAX]; /* large: not cleared */
    struct matcher other = *m;
    other.values = values;
    const struct msgt_guard *guard = memory->guards + gap->u.guards.first, *const end = guard + gap->u.guards.count;
    for (; guard < end; guard++) {
        const struct op *op = m->table->ops + guard->op;
        const uint8_t *at = m->text.start + guard->at;
        if (guard->value)
            at += m->values[guard->value - 1].offset + m->values[guard->value - 1].length - m->base;
        if (match_fits(&other, op, op + guard->ops, at))
            return false;
    }
    return true;
}

static inline uint32_t follow(const struct msgt_memory *memory, uint32_t number, struct matcher *m)
{
    const uint8_t *const start = m->text.start, *at = start;
    const uint32_t base = m->base;
    struct msgt_value *value = m->values;
    struct unread unread; /* large: not cleared */
    unread.count = 0;
    while (number) {
        const struct msgt_gap *gap = gap_at(memory, number);
        if (!stands(gap, at)) {
            number = gap->sibling;
            continue;
        }
        number = gap->behind;
        uint32_t offset = base + (uint32_t)(at - start);
        if (gap->word_length)
            value = keep_value(value, gap->word_field, MSGT_KIND_TEXT, offset + gap->word_at, gap->word_length);
        at += gap->length;
        if (gap->leads == TO_FIELD) {
            const uint8_t *to = end_of_field(gap, at + 1);
            if (gap->bare && to[-1] <= ' ')
                break;
            unread.values[unread.count] = value;
            unread.count += gap->kind != MSGT_KIND_TEXT;
            value = keep_value(value, gap->field, gap->kind, offset + gap->length, (size_t)(to - at));
            at = to;
        } else if (gap->leads == TO_END) {
            m->count = (uint16_t)(value - m->values);
            bool fits = is_end(m, at - 1) && read_values(m, &unread) && (gap->u.guards.count == 0 || are_guarded(memory, gap, m));
            return fits ? gap->template_index : NO_TRAIL;
        }
    }
    return NO_TRAIL;
}

/* ---- A new trail ---- */

/* GAP, which has no sibling yet, in the place of LINK, where there may be others. Returns the link to what is behind it; NULL: there is no room. */
static uint16_t *add_gap(struct msgt_memory *memory, uint16_t *link, const struct msgt_gap *gap, bool *added)
{
    enum { SIBLINGS_MAX = 12 };
    for (unsigned i = 0; *link; i++) {
        struct msgt_gap *known = &memory->gaps[*link];
        if (memcmp(known, gap, offsetof(struct msgt_gap, behind)) == 0)
            return &known->behind;
        if (i == SIBLINGS_MAX)
            return NULL;
        link = &known->sibling;
    }
    if (memory->gap_count == MSGT_GAPS - 1)
        return NULL;
    *added = true;
    *link = (uint16_t)++memory->gap_count;
    memory->gaps[*link] = *gap;
    return &memory->gaps[*link].behind;
}

/* The same with the octets [FROM, TO): more than one gap has room for are several. */
static uint16_t *add_octets(struct msgt_memory *memory, uint16_t *link, struct msgt_gap *gap, const uint8_t *from, const uint8_t *to, bool *added)
{
    for (; link && to - from > MSGT_GAP_OCTETS; from += MSGT_GAP_OCTETS) {
        struct msgt_gap part = {.leads = TO_REST, .length = MSGT_GAP_OCTETS, .mask = UINT32_MAX,
                                .word_field = gap->word_field, .word_at = gap->word_at, .word_length = gap->word_length};
        memcpy(part.octets, from, MSGT_GAP_OCTETS);
        gap->word_field = gap->word_at = gap->word_length = 0;
        link = add_gap(memory, link, &part, added);
    }
    if (!link)
        return NULL;
    gap->length = (uint8_t)(to - from);
    gap->mask = (uint32_t)((UINT64_C(1) << gap->length) - 1);
    memcpy(gap->octets, from, gap->length);
    return add_gap(memory, link, gap, added);
}

/* The value that the words of the gap are, if there is one. */
static bool set_word(struct msgt_gap *gap, const struct matcher *m, const uint8_t *from, uint16_t first, uint16_t end)
{
    if (first == end)
        return true;
    const struct msgt_value *value = &m->values[first];
    size_t at = value->offset - m->base - (size_t)(from - m->text.start);
    gap->word_field = value->field;
    gap->word_at = (uint8_t)at;
    gap->word_length = (uint8_t)value->length;
    return end - first == 1 && value->kind == MSGT_KIND_TEXT && at <= UINT8_MAX && value->length <= UINT8_MAX;
}

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
    gap->blanks = gap->bare = op->type == MSGT_TEXT && !op->blank;
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
    gap->leads = TO_FIELD;
    gap->kind = is_number(op) ? MSGT_KIND_NUMBER : op->type == MSGT_IP ? MSGT_KIND_IPV4 : MSGT_KIND_TEXT;
    if (op->type == MSGT_NAME || op->numeric) /* end, and start, in other ways */
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

struct guards {
    unsigned count;
    struct msgt_guard rows[GUARDS_MAX];
};

/* COUNT ops from OP on, at AT, behind so many fields. False when there is no room. */
static bool add_guard(struct guards *guards, const struct matcher *m, const struct trace *trace, const struct op *op, size_t count, const uint8_t *at, unsigned fields)
{
    if (guards->count == GUARDS_MAX)
        return false;
    const struct stretch *stretch = &trace->stretches[fields], *before = fields ? stretch - 1 : NULL;
    bool closed = before && is_delimited(before->op, before->at);
    ptrdiff_t behind = at - (stretch->from - closed);
    guards->rows[guards->count++] = (struct msgt_guard){.op = (uint32_t)(op - m->table->ops), .ops = (uint16_t)count, .at = (uint16_t)behind,
                                                        .value = before ? (uint16_t)(before->value + 1) : 0};
    return behind <= UINT16_MAX && count <= UINT16_MAX;
}

static bool is_in_piece(const struct op *ops, uint32_t number)
{
    uint32_t piece_end = 0;
    for (uint32_t i = 0; i < number; i++)
        if (ops[i].kind == OP_OPTIONAL)
            piece_end = i + ops[i].at;
    return number < piece_end;
}

/* How many fields stand in front of the place from which on a template that was given up is not the one that fits, ops and all; *OPS is how many of its ops
 * do. */
static unsigned common_fields(const struct matcher *m, const struct trace *trace, const struct template_row *templates, uint32_t fits, uint32_t left, uint32_t *ops)
{
    const struct template_row *row = &templates[fits];
    uint32_t common = common_ops(m->table->ops, m->table->texts, &row->ops, &templates[left].ops);
    unsigned fields = 0;
    *ops = 0;
    for (unsigned i = 0; i < trace->count; i++) {
        uint32_t op = (uint32_t)(trace->stretches[i].op - m->table->ops); /* of the template, or of the one whose start it shares */
        bool own = op >= row->ops.first && op < row->ops.first + row->ops.count;
        op -= own ? row->ops.first : templates[row->like].ops.first;
        if (op < common && !is_in_piece(m->table->ops + row->ops.first, op)) {
            fields = i + 1;
            *ops = op + 1;
        }
    }
    return fields;
}

/* What is not certain from the octets of the gaps. */
static bool set_guards(struct guards *guards, const struct matcher *m, const struct trace *trace, const struct template_row *templates, uint32_t fits)
{
    bool room = trace->piece_count <= TRACE_PIECES;
    for (unsigned i = 0; room && i < trace->piece_count; i++) {
        const struct piece *piece = &trace->pieces[i];
        room = add_guard(guards, m, trace, piece->op + 1, piece->op->at - 1, piece->at, piece->fields);
    }
    for (uint32_t left = trace->guards; room && left; left &= left - 1) {
        uint32_t number = (uint32_t)__builtin_ctz(left), ops;
        const struct template_row *row = &templates[number];
        unsigned fields = common_fields(m, trace, templates, fits, number, &ops);
        uint32_t end = trace->early >> number & 1 ? row->shared : row->ops.count;
        room = add_guard(guards, m, trace, m->table->ops + row->ops.first + ops, end - ops, trace->stretches[fields].from, fields);
    }
    return room;
}

/* Where they stand in the memory, as they are known or from now on. False: there is no room. */
static bool keep_guards(struct msgt_memory *memory, const struct guards *guards, struct msgt_gap *gap)
{
    size_t size = guards->count * sizeof *guards->rows;
    uint32_t first = 0;
    while (first + guards->count <= memory->guard_count && memcmp(memory->guards + first, guards->rows, size) != 0)
        first++;
    if (first + guards->count > memory->guard_count) {
        if (memory->guard_count + guards->count > MSGT_GUARDS)
            return false;
        first = memory->guard_count;
        memcpy(memory->guards + first, guards->rows, size);
        memory->guard_count += guards->count;
    }
    gap->u.guards.first = (uint16_t)first;
    gap->u.guards.count = (uint16_t)guards->count;
    return true;
}

/* One gap of the trace, with what is in front of it and behind it. NULL: it leads this way for this text only, or there is no room. */
static uint16_t *learn_gap(struct msgt_memory *memory, uint16_t *link, struct matcher *m, const struct trace *trace, unsigned i, uint32_t fits,
                           const struct guards *guards, bool *added)
{
    const struct stretch *stretch = &trace->stretches[i], *before = i ? stretch - 1 : NULL;
    const struct op *behind = i < trace->count ? stretch->op : NULL;
    bool closed = before && is_delimited(before->op, before->at), opened = behind && is_delimited(behind, stretch->at);
    const uint8_t *from = stretch->from - closed, *to = behind ? stretch->at + opened : m->text.end + 1; /* the NUL behind the text stands for its end */
    struct msgt_gap gap = {.leads = TO_END, .template_index = behind ? 0 : (uint8_t)fits};
    if (before && ((!closed && is_blank(from[-1])) || !ends_field(m, before->op, closed, stretch->from, to)))
        return NULL;
    if (!set_word(&gap, m, from, stretch->first_value, behind ? stretch->value : m->count))
        return NULL;
    if (behind && !(set_bars(&gap, stretch, to) && set_field(&gap, m, behind, opened) && may_start_field(&gap, *to)))
        return NULL;
    if (!behind && guards->count && !keep_guards(memory, guards, &gap))
        return NULL;
    return add_octets(memory, link, &gap, from, to, added);
}

/* The gaps of the trace, as far as they lead the same way whatever the fields are. False when all of them are known. */
static bool learn(struct msgt_memory *memory, struct msgt_trail *trail, struct matcher *m, const struct trace *trace, const struct template_row *templates,
                  uint32_t fits)
{
    struct guards guards;
    guards.count = 0;
    if (!set_guards(&guards, m, trace, templates, fits))
        return false;
    bool added = false;
    uint16_t *link = &trail->gap;
    for (unsigned i = 0; link && i <= trace->count; i++)
        link = learn_gap(memory, link, m, trace, i, fits, &guards, &added);
    return added;
}

static void forget(struct msgt_memory *memory, const struct msgt_table *table)
{
    memory->table = table;
    memory->gap_count = memory->guard_count = 0;
    memset(memory->trails, 0, sizeof memory->trails);
}

/* Off the trail. A message whose texts leave it more often than not is left alone for a while. */
SELDOM static uint32_t lead(struct msgt_memory *memory, struct msgt_trail *trail, struct matcher *m, const struct template_row *templates, uint32_t count)
{
    enum { PATIENCE = 8, REST = 250, DULL = 32 };
    if (trail->dull == 0) {
        struct trace trace; /* large: not cleared */
        uint32_t fits = match_traced(m, templates, count, &trace);
        if (fits == count || !learn(memory, trail, m, &trace, templates, fits))
            trail->dull = DULL;
        return fits;
    }
    trail->dull--;
    if (++trail->misses == PATIENCE) {
        trail->misses = 0;
        trail->rest = REST;
    }
    return match_first(m, templates, count);
}

uint32_t trail_first(struct msgt_memory *memory, struct matcher *m, const struct template_row *templates, uint32_t count, uint32_t message)
{
    if (memory->table != m->table || memory->gap_count == MSGT_GAPS - 1 || memory->guard_count > MSGT_GUARDS - GUARDS_MAX)
        forget(memory, m->table);
    struct msgt_trail *trail = &memory->trails[message % MSGT_TRAILS];
    bool foreign = trail->message != message && trail->gap; /* that of another message */
    if (foreign || trail->rest) {
        trail->rest -= !foreign;
        return match_first(m, templates, count);
    }
    uint32_t fits = follow(memory, trail->gap, m);
    if (fits == NO_TRAIL) {
        trail->message = message;
        return lead(memory, trail, m, templates, count);
    }
    if (trail->misses)
        trail->misses--;
    return fits;
}
