/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values are not quoted: one ends in front of what reads as the next key. That is a key of the template, or a word, as releases to come may have;
 * a value that holds such a thing itself cannot be told from two.
 */
#include "pairs.h"

enum { KEY_MAX = 48 }; /* octets of one that is not known */

static const struct op *keys_of(const struct op *pairs) { return pairs + pairs->at; }
static const struct op *other_of(const struct op *pairs) { return keys_of(pairs) + 2 * (size_t)pairs->count; }

/* One word and ": " stand at AT. */
static bool is_word_key(const uint8_t *at)
{
    const uint8_t *to = at;
    while (to < at + KEY_MAX && (is_alnum(*to) || *to == '_'))
        to++;
    return is_alpha(*at) && *to == ':' && to[1] == ' ';
}

/* The key that stands at AT, looked for from *KEY on; that is the one behind it then. */
static const struct op *known_key(const struct matcher *m, const struct op *pairs, const struct op **key, const uint8_t *at, const uint8_t **behind)
{
    const struct op *const first = keys_of(pairs), *const end = other_of(pairs), *candidate = *key;
    for (uint32_t i = 0; i < pairs->count; i++, candidate += 2) {
        if (candidate == end)
            candidate = first;
        if (!(*behind = literal_behind(&m->text, &candidate->text, at)))
            continue;
        *key = candidate + 2;
        return candidate;
    }
    return NULL;
}

/* In front of ", " and a key, or the end of the text. */
static const uint8_t *end_of_value(const struct matcher *m, const struct op *pairs, const struct op *key, const uint8_t *from)
{
    const uint8_t *at = from, *behind;
    for (; (at = memchr(at, ',', (size_t)(m->text.end - at))); at++) {
        const uint8_t *const next = behind_blanks(at + 1);
        if (next > at + 1 && (is_word_key(next) || known_key(m, pairs, &key, next, &behind)))
            return at;
    }
    return m->text.end;
}

/* The key that the end of the text cuts at AT, or NULL. */
static const struct op *cut_key(const struct matcher *m, const struct op *pairs, const uint8_t *at)
{
    for (const struct op *key = keys_of(pairs); key < other_of(pairs); key += 2) {
        const uint8_t *reach = at;
        if (!literal_at(&m->text, &key->text, &reach) && reach == m->text.end)
            return key;
    }
    return NULL;
}

/* The last comma in [FROM, end), when a key is cut behind it. */
static const uint8_t *cut_pair(const struct matcher *m, const struct op *pairs, const uint8_t *from, const struct op **key)
{
    const uint8_t *comma = m->text.end;
    while (comma > from && *comma != ',')
        comma--;
    *key = *comma == ',' ? cut_key(m, pairs, behind_blanks(comma + 1)) : NULL;
    return *key ? comma : NULL;
}

/* What delimits a value is no part of it. At the end of the text dots are no part of one that has none; to others the final one belongs, as no sentence
 * ends there. */
static bool keep(struct matcher *m, const struct op *field, const uint8_t *from, const uint8_t *to)
{
    bool last = to == m->text.end, delimited = to - from >= 2 && is_delimited(field, from) && to[-1] == field->close;
    if (last && field->type != MSGT_TEXT && to > from && to[-1] == '.')
        to--;
    if (!take_value(m, field, from + delimited, to - delimited))
        return false;
    m->values[m->count - 1].length += last && m->dot && field->type == MSGT_TEXT && !delimited;
    return true;
}

/* The pair at AT; NULL: it is none, or its value is not of its field's type. *NEXT: the key that is likely to follow. */
static const uint8_t *take_pair(struct matcher *m, const struct op *pairs, const struct op **next, const uint8_t *at)
{
    const struct op *field = other_of(pairs), *cut;
    const uint8_t *from = at, *behind;
    const struct op *key = known_key(m, pairs, next, at, &behind);
    if (!key && !is_word_key(at)) {
        cut = cut_key(m, pairs, at);
        return take_fail(m, cut ? cut : field, at, at, cut);
    }
    if (key) {
        from = behind;
        field = key + 1;
    }
    const uint8_t *const end = end_of_value(m, pairs, *next, from);
    const uint8_t *const comma = end == m->text.end ? cut_pair(m, pairs, from, &cut) : NULL, *const to = comma ? comma : end;
    if (from < to) {
        bool room = m->count < MSGT_VALUES_MAX;
        if (!room || !keep(m, field, from, to))
            return take_fail(m, field, from, from, room && to == m->text.end);
    }
    return comma ? take_fail(m, cut, comma, end, true) : end;
}

const uint8_t *take_pairs(struct matcher *m, const struct op *op, const uint8_t *at)
{
    const struct op *next = keys_of(op);
    do {
        at = take_pair(m, op, &next, behind_blanks(at + (*at == ',')));
    } while (at && at < m->text.end);
    return at;
}
