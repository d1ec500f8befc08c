/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The less usual ways are functions of their own, not inlined, so that the usual ones keep what they need in registers.
 */
#include "take.h"

#include <glib.h>

#include "pairs.h"
#include "value.h"

SELDOM const uint8_t *take_fail(struct matcher *m, const struct op *op, const uint8_t *start, const uint8_t *reach, bool ended)
{
    if (!m->thorough)
        return NULL;
    if (m->stop_at && m->stop_at->op == op && m->stop_at->start == start)
        m->stopped = true;
    else if (!m->best.op || reach > m->best.reach || (reach == m->best.reach && ended && !m->best.ended))
        m->best = (struct failure){reach, start, op, ended};
    return NULL;
}

/* ---- Values ---- */

/* [FROM, TO) without the blanks at its end, and at its start. */
static inline const uint8_t *trim_end(const uint8_t *from, const uint8_t *to)
{
    while (to > from && is_blank(to[-1]))
        to--;
    return to;
}

static inline const uint8_t *trim_start(const uint8_t *from, const uint8_t *to)
{
    while (from < to && is_blank(*from))
        from++;
    return from;
}

/* As value_read(), with less ado for what stands between delimiters most often. */
static inline bool read_value(const struct op *op, const uint8_t *from, const uint8_t *to, struct msgt_value *value)
{
    if (op->type == MSGT_TEXT)
        return true;
    if (op->type == MSGT_IP && from + value_ipv4_padded(from, value->as.address) == to && from < to) {
        value->kind = MSGT_KIND_IPV4;
        return true;
    }
    return value_read((enum msgt_type)op->type, from, (size_t)(to - from), value) && !(op->numeric && value->kind == MSGT_KIND_TEXT);
}

/* Keeps what stands between delimiters, blanks and all. */
static inline bool keep_exactly(struct matcher *m, const struct op *op, const uint8_t *from, const uint8_t *to)
{
    struct msgt_value *value = take_place(m, op->field, from, (size_t)(to - from));
    if (!read_value(op, from, to, value))
        return false;
    m->count++;
    return true;
}

G_GNUC_NO_INLINE bool take_value(struct matcher *m, const struct op *op, const uint8_t *from, const uint8_t *to)
{
    to = trim_end(from, to);
    return keep_exactly(m, op, trim_start(from, to), to);
}

/* ---- Where a field stops ---- */

static inline bool stop_matches(struct matcher *m, const struct op *op, const uint8_t *at)
{
    const struct text_ref *stop = &op->text, *const rest = texts_of(m, op);
    for (uint32_t i = 0; i < op->count; stop = rest + ++i) {
        const uint8_t *behind = literal_behind(&m->text, stop, at);
        if (behind) {
            m->led = behind;
            return true;
        }
    }
    return op->last && (at == m->text.end || (at + 1 == m->text.end && *at == '.'));
}

G_GNUC_NO_INLINE bool take_stops_at(struct matcher *m, const struct op *op, const uint8_t *at) { return stop_matches(m, op, at); }

bool take_stops_behind(struct matcher *m, const struct op *op, const uint8_t *at)
{
    return take_stops_at(m, op, at) || (op->blanks && is_blank(*at) && take_stops_at(m, op, behind_blanks(at)));
}

/* The next octet, AT itself included, that a stop may start with, or a NUL: eight at a time where all stops start alike. */
static inline const uint8_t *look_up(const struct op *op, const uint8_t *at)
{
    for (; op->start; at += 8) {
        uint64_t octets = load64_little(at), found = octets_like(octets, op->start) | octets_below(octets, op->blank ? ' ' + 1 : 1);
        if (found)
            return at + first_octet_little(found);
    }
    return at;
}

/* First place in (FROM, LIMIT] where the text behind the field may start; NULL when there is none. A value is not empty, so FROM
 * itself is none. The first blank of a run and the octet behind the run speak for all: that keeps this linear. */
static inline const uint8_t *find_stop(struct matcher *m, const struct op *op, const uint8_t *from, const uint8_t *limit)
{
    const uint8_t *const end = limit < m->text.end ? limit + 1 : m->text.end;
    const uint8_t *at = op->count ? from + 1 : end;
    bool blank = is_blank(*from);
    for (; at < end; at++) {
        if (!blank && (at = look_up(op, at)) >= end)
            break;
        bool behind_blank = blank;
        blank = is_blank(*at);
        if (blank && (behind_blank || !op->blank))
            continue;
        if (stop_matches(m, op, at))
            return at;
    }
    return op->last && limit == m->text.end ? m->text.end : NULL;
}

/* Where none matches as a whole: the place behind FROM where most octets of one do, if they are enough to be no chance. The text behind the field is
 * then worded differently or cut, and the value still ends there. */
static const uint8_t *likely_stop(const struct matcher *m, const struct op *op, const uint8_t *from)
{
    enum { ENOUGH = 6 };
    const uint8_t *best = NULL;
    ptrdiff_t most = ENOUGH - 1;
    for (const uint8_t *at = from + 1; at < m->text.end; at++) {
        if (is_blank(*at) && is_blank(at[-1]))
            continue;
        for (uint32_t i = 0; i < op->count; i++) {
            const uint8_t *reach = at;
            literal_at(&m->text, texts_of(m, op) + i, &reach);
            if (reach - at > most) {
                most = reach - at;
                best = at;
            }
        }
    }
    return best;
}

/* Punctuation that the text behind the field starts with. Where that text is cut or worded differently this still bounds a value
 * without blanks, so that "3:" is not taken for a number of a fan. */
static bool hint_of_stop(struct matcher *m, const struct op *op, const uint8_t *at)
{
    if (is_alnum(*at) || is_blank(*at))
        return false;
    const struct text_ref *stops = texts_of(m, op);
    for (uint32_t i = 0; i < op->count; i++)
        if (stops[i].first == *at)
            return true;
    return false;
}

/* What comes behind the field stands in its place: a stop, or the end of a whole sentence. */
static bool is_empty(struct matcher *m, const struct op *op, const uint8_t *at)
{
    return m->empty && take_stops_at(m, op, at) && (m->led || m->dot);
}

/* Where the value ends when find_stop() knows no place. */
SELDOM static const uint8_t *unmarked_end(struct matcher *m, const struct op *op, const uint8_t *from, const uint8_t *limit)
{
    if (is_empty(m, op, from))
        return from;
    if (op->type == MSGT_TEXT)
        return m->thorough ? likely_stop(m, op, from) : NULL;
    for (const uint8_t *at = from + 1; at < limit; at++)
        if (hint_of_stop(m, op, at))
            return at;
    return limit;
}

/* ---- Fields ---- */

static bool may_hold_delimiters(const struct op *op) { return op->type == MSGT_TEXT || op->type == MSGT_WORD; }

/* The value runs to the closing delimiter: the first with the right text behind it where the value may hold one itself, else the first at all. */
static inline const uint8_t *find_close(struct matcher *m, const struct op *op, const uint8_t *from)
{
    const uint8_t *first = NULL, *close;
    for (; (close = memchr(from, op->close, (size_t)(m->text.end - from))); from = close + 1) {
        if (!first)
            first = close;
        if (take_stops_behind(m, op, close + 1) || !may_hold_delimiters(op))
            return close;
    }
    return first;
}

G_GNUC_NO_INLINE static const uint8_t *take_delimited(struct matcher *m, const struct op *op, const uint8_t *at)
{
    const uint8_t *from = at + 1, *const close = find_close(m, op, from), *to = close;
    if (!close)
        return take_fail(m, op, at, from, true);
    if (op->type != MSGT_TEXT) {
        to = trim_end(from, to);
        from = trim_start(from, to);
        if (from == to)
            return close + 1; /* no value */
    }
    return keep_exactly(m, op, from, to) ? close + 1 : take_fail(m, op, at, at, false);
}

/* The longest part of the run that reads as an address and has behind it what ENDS looks for. When a part is no address, the shape of the run tells
 * which others need not be read. */
static size_t last_address(struct matcher *m, const struct op *op, const uint8_t *from, size_t run,
                           bool (*ends)(struct matcher *, const struct op *, const uint8_t *))
{
    struct address_shape shape;
    bool shaped = false;
    for (size_t n = run; (n = shaped ? value_address_at_most(from, &shape, n) : n) > 0; n--) {
        if ((from + n == m->text.end && ends != take_stops_behind) || !ends(m, op, from + n))
            continue;
        if (take_value(m, op, from, from + n))
            return n;
        if (!shaped)
            shape = value_address_shape(from, run);
        shaped = true;
    }
    m->led = NULL;
    return 0;
}

SELDOM static const uint8_t *take_odd_address(struct matcher *m, const struct op *op, const uint8_t *at)
{
    size_t run = value_extent(MSGT_IP, at, (size_t)(m->text.end - at));
    size_t n = last_address(m, op, at, run, take_stops_behind);
    if (n == 0 && run > 0 && take_value(m, op, at, at + run))
        n = run;
    if (n == 0)
        n = last_address(m, op, at, run, hint_of_stop);
    return n ? at + n : take_fail(m, op, at, at, at + run == m->text.end);
}

/* Most addresses are dotted quads whose end shows: nothing that an address is made of follows, or only the colon in front of a port. */
static const uint8_t *take_address(struct matcher *m, const struct op *op, const uint8_t *at)
{
    if (is_delimited(op, at))
        return take_delimited(m, op, at);
    uint8_t address[4];
    const uint8_t *to = at + value_ipv4_padded(at, address);
    bool ends = to > at && (*to == ':' || !is_any_of(*to, OCTET_ADDRESS)) && (*to == ':' ? take_stops_at : take_stops_behind)(m, op, to);
    if (!ends)
        return take_odd_address(m, op, at);
    struct msgt_value *value = take_place(m, op->field, at, (size_t)(to - at));
    value->kind = MSGT_KIND_IPV4;
    memcpy(value->as.address, address, sizeof address);
    m->count++;
    return to;
}

/* A number, name or MAC address ends where its octets do. */
SELDOM static const uint8_t *take_odd_number(struct matcher *m, const struct op *op, const uint8_t *at)
{
    const uint8_t *to = at + value_extent((enum msgt_type)op->type, at, (size_t)(m->text.end - at));
    return to > at && keep_exactly(m, op, at, to) ? to : take_fail(m, op, at, at, to == m->text.end);
}

/* Most numbers are a few digits. */
static const uint8_t *take_number(struct matcher *m, const struct op *op, const uint8_t *at)
{
    if (is_delimited(op, at))
        return take_delimited(m, op, at);
    int64_t number;
    size_t n = value_digits((enum msgt_type)op->type, at, &number);
    if (n == 0)
        return take_odd_number(m, op, at);
    struct msgt_value *value = take_place(m, op->field, at, n);
    value->kind = MSGT_KIND_NUMBER;
    value->as.number = number;
    m->count++;
    return at + n;
}

/* Words of the template that stand behind the next literal are there: the text is worded differently in between, and goes on. */
static bool goes_on(const struct matcher *m, const struct op *op, const uint8_t *at)
{
    enum { ENOUGH = 8 };
    for (const struct op *later = op + 1; later->kind != OP_END; later++) {
        bool tells = later->kind == OP_LITERAL && later->text.compact_length >= ENOUGH;
        if (tells && memmem(at, (size_t)(m->text.end - at), m->text.pool + later->text.compact, later->text.compact_length))
            return true;
    }
    return false;
}

/* There is no value. */
SELDOM static const uint8_t *take_none(struct matcher *m, const struct op *op, const uint8_t *at, bool ended)
{
    if (is_empty(m, op, at))
        return at;
    return take_fail(m, op, at, at, ended && !(m->thorough && goes_on(m, op, at)));
}

/* Punctuation that is behind the field stands in its place. A value that only starts like it is none of these. */
static inline bool is_skipped(struct matcher *m, const struct op *op, const uint8_t *at) { return op->count && hint_of_stop(m, op, at) && take_stops_at(m, op, at); }

/* Words are a run without blanks. */
static const uint8_t *take_text(struct matcher *m, const struct op *op, const uint8_t *at)
{
    if (is_delimited(op, at))
        return take_delimited(m, op, at);
    if (is_skipped(m, op, at))
        return take_none(m, op, at, false);
    const uint8_t *limit = m->text.end;
    if (op->type != MSGT_TEXT)
        limit = at + value_extent((enum msgt_type)op->type, at, (size_t)(limit - at));
    const uint8_t *to = find_stop(m, op, at, limit);
    if (!to && !(to = unmarked_end(m, op, at, limit)))
        return take_none(m, op, at, true);
    const uint8_t *const last = trim_end(at, to), *const from = trim_start(at, last);
    bool only_dot = op->type == MSGT_TEXT && last == from + 1 && to == m->text.end && *from == '.';
    if (from == last || only_dot)
        return take_none(m, op, at, to == m->text.end);
    take_place(m, op->field, from, (size_t)(last - from));
    m->count++;
    return to;
}

/* ---- Literals and words ---- */

SELDOM const uint8_t *take_literal_closely(struct matcher *m, const struct op *op, const uint8_t *at)
{
    const uint8_t *end = at;
    return literal_at(&m->text, &op->text, &end) ? end : take_fail(m, op, at, end, end == m->text.end);
}

/* How far any of the words reaches that does not stand here. */
SELDOM static const uint8_t *reach_of_words(const struct matcher *m, const struct op *op, const uint8_t *at)
{
    const uint8_t *reach = at;
    for (uint32_t i = 0; i < op->count; i++) {
        const uint8_t *end = at;
        if (!literal_at(&m->text, texts_of(m, op) + i, &end) && end > reach)
            reach = end;
    }
    return reach;
}

/* The longest of the words that stands here. */
static const uint8_t *take_words(struct matcher *m, const struct op *op, const uint8_t *at)
{
    const struct text_ref *word = texts_of(m, op), *const words_end = word + op->count;
    const uint8_t *longest = NULL, *reach = m->thorough ? reach_of_words(m, op, at) : at;
    for (; word < words_end; word++) {
        const uint8_t *end = literal_behind(&m->text, word, at);
        if (end && (!longest || end > longest))
            longest = end;
    }
    if (longest && reach > longest && reach == m->text.end) {
        take_fail(m, op, at, reach, true); /* a longer word may have been cut: noted in case that this one leads nowhere */
        if (m->stopped)
            return NULL;
    }
    return longest && (op->field == MSGT_NONE || take_value(m, op, at, longest)) ? longest : take_fail(m, op, at, reach, reach == m->text.end);
}

/* One final dot is no longer in the text; a second one is forgiven. */
static const uint8_t *take_end(struct matcher *m, const struct op *op, const uint8_t *at)
{
    const uint8_t *end = behind_blanks(at);
    if (end < m->text.end && *end == '.')
        end = behind_blanks(end + 1);
    return end == m->text.end ? end : take_fail(m, op, at, at, false);
}

#define WHATEVER_TYPE(take) {take, take, take, take, take, take, take, take, take, take}

take_fn *const takes[][MSGT_TYPES] = {
    [OP_END] = WHATEVER_TYPE(take_end),
    [OP_WORDS] = WHATEVER_TYPE(take_words),
    [OP_PAIRS] = WHATEVER_TYPE(take_pairs),
    [OP_FIELD] = {[MSGT_TEXT] = take_text, [MSGT_WORD] = take_text, [MSGT_NAME] = take_number, [MSGT_IP] = take_address, [MSGT_INT] = take_number,
                  [MSGT_COUNT] = take_number, [MSGT_PORT] = take_number, [MSGT_HEX] = take_number, [MSGT_DECIMAL] = take_number, [MSGT_MAC] = take_number},
};
_Static_assert(MSGT_TYPES == 10, "each type in each row");
