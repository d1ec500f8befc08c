/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each gap is compared as a whole, and each field ends where the first octet stands that can end it, if the octets of a gap are there. Where a text leaves
 * what is known it is matched from its start.
 */
#include "trail.h"

#include <glib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "learn.h"
#include "value.h"

_Static_assert(MATCH_PADDING >= MSGT_GAP_OCTETS + 16 && MSGT_GAP_OCTETS == 32, "octets are compared all at once, with a bit for each");

#define NO_TRAIL UINT32_MAX

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
        uint64_t octets = load64_little(at);
        uint64_t found = octets_like(octets, (uint8_t)gap->stops[0]) | octets_like(octets, (uint8_t)gap->stops[1]) | octets_below(octets, gap->blanks ? 1 : ' ' + 1);
        if (found)
            return at + first_octet_little(found);
    }
}
#endif

static inline bool has_octets(const struct msgt_gap *gap, const uint8_t *at) { return (gap->mask & ~same_octets(gap->octets, at)) == 0; }

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
    if (value_ipv4_padded(octets, value->as.address) == value->length) {
        value->kind = MSGT_KIND_IPV4;
        return octets[value->length] != '-' || is_end_of_range(octets + value->length + 1);
    }
    const bool numeric = value->kind == MSGT_KIND_IPV6;
    return !is_any_of(octets[value->length], OCTET_ADDRESS) && value_read(MSGT_IP, octets, value->length, value) && !(numeric && value->kind == MSGT_KIND_TEXT);
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
    unsigned count, read; /* so many were read */
    struct msgt_value *values[MSGT_VALUES_MAX + 1];
};

static inline bool read_values(const struct matcher *m, struct unread *unread)
{
    for (; unread->read < unread->count; unread->read++) {
        struct msgt_value *value = unread->values[unread->read]; // NOLINT(clang-analyzer-core.uninitialized.Assign): COUNT of them are set
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

/* A dot in front of the end may be a second one, which is no part of the value there; there may be blanks between. */
static inline bool is_end(const struct matcher *m, const struct msgt_gap *gap, const uint8_t *at)
{
    if (at != m->text.end)
        return false;
    if (gap->ends == NO_VALUE)
        return true;
    while (at > m->text.start && is_blank(at[-1]))
        at--;
    if (at == m->text.start || at[-1] != '.')
        return at > m->text.start;
    return gap->ends == DOT_IN_VALUE && m->values[m->count - 1].length > 1;
}

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
        while (guard->blanks && is_blank(*at))
            at++;
        if (match_fits(&other, op, op + guard->ops, at))
            return false;
    }
    return true;
}

/* A value ends in front of the blanks in front of TO. */
SELDOM static void trim_value(struct msgt_value *value, const uint8_t *to)
{
    while (is_blank(*--to))
        value->length--;
}

/* Where a matcher stands on a trail. */
struct stand {
    uint32_t number;            /* of the gap that is tried next; 0: none */
    const struct msgt_gap *gap; /* the last one that stood, or NULL */
    const uint8_t *at;
    struct msgt_value *value; /* the next one */
    unsigned unread, turns;
    unsigned good; /* so many of the unread values may be what they should be: where more are, is not the way */
};

/* The field behind the gap does not end where nothing known stands behind it: to the next place where it may. False: there is none, or that takes a closer
 * look. */
static bool go_further(const struct msgt_memory *memory, struct matcher *m, struct stand *stand)
{
    if (stand->at >= m->text.end || take_stops_at(m, m->table->ops + memory->links[stand->gap - memory->gaps].op, stand->at))
        return false;
    const uint8_t *to = end_of_field(stand->gap, stand->at + 1);
    if (to[-1] <= ' ')
        return false;
    stand->value[-1].length += (uint32_t)(to - stand->at);
    stand->at = to;
    stand->number = stand->gap->behind;
    return true;
}

/* Nothing known stands here: on to what is known to stand elsewhere. */
SELDOM static struct stand turn_back(const struct msgt_memory *memory, struct matcher *m, struct stand stand)
{
    enum { TURNS_MAX = 40 };
    if (++stand.turns > TURNS_MAX)
        return stand;
    if (stand.gap && stand.gap->leads == TO_FIELD && stand.gap->ends == BEHIND_BLANKS && go_further(memory, m, &stand))
        return stand;
    while (stand.gap && (stand.number == 0 || stand.unread > stand.good)) {
        const struct msgt_gap *gap = stand.gap;
        uint16_t parent = memory->links[gap - memory->gaps].parent;
        if (gap->leads == TO_FIELD) {
            stand.value--;
            stand.unread -= gap->kind != MSGT_KIND_TEXT;
            stand.at = m->text.start + (stand.value->offset - m->base);
        }
        stand.at -= gap->length;
        stand.value -= gap->word_length > 0;
        stand.gap = parent ? &memory->gaps[parent] : NULL;
        stand.number = gap->sibling;
    }
    return stand;
}

static inline uint32_t follow(const struct msgt_memory *memory, uint32_t number, struct matcher *m)
{
    const uint8_t *const start = m->text.start, *at = start;
    const uint32_t base = m->base;
    struct msgt_value *value = m->values;
    struct unread unread; /* large: not cleared */
    unread.count = unread.read = 0;
    unsigned good = MSGT_VALUES_MAX, turns = 0;
    const struct msgt_gap *last = NULL; /* that stood */
    for (;;) {
        if (!number) {
            struct stand stand = turn_back(memory, m, (struct stand){0, last, at, value, unread.count, turns, good});
            if (!stand.number)
                return NO_TRAIL;
            number = stand.number;
            last = stand.gap;
            at = stand.at;
            value = stand.value;
            unread.count = stand.unread;
            unread.read = MIN(unread.read, unread.count);
            good = MSGT_VALUES_MAX;
            turns = stand.turns;
        }
        const struct msgt_gap *gap = gap_at(memory, number);
        if (stands(gap, at)) {
            last = gap;
            number = gap->behind;
            uint32_t offset = base + (uint32_t)(at - start);
            if (gap->word_length)
                value = keep_value(value, gap->word_field, MSGT_KIND_TEXT, offset + gap->word_at, gap->word_length);
            at += gap->length;
            if (gap->leads == TO_FIELD) {
                const uint8_t *const to = end_of_field(gap, at + 1);
                unread.values[unread.count] = value;
                unread.count += gap->kind != MSGT_KIND_TEXT;
                value = keep_value(value, gap->field, gap->kind, offset + gap->length, (size_t)(to - at));
                at = to;
                if (at[-1] <= ' ' && gap->ends == IN_FRONT_OF_BLANKS)
                    trim_value(&value[-1], at);
            } else if (gap->leads == TO_END) {
                m->count = (uint16_t)(value - m->values);
                if (!is_end(m, gap, at - 1))
                    return NO_TRAIL;
                bool read = read_values(m, &unread);
                if (read && (gap->u.guards.count == 0 || are_guarded(memory, gap, m)))
                    return gap->template_index;
                good = read ? good : unread.read;
                number = 0;
            }
        } else {
            number = gap->sibling;
        }
    }
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
        if (fits == count || !learn(memory, &trail->gap, m, &trace, templates, fits))
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
