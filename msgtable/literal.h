/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Literal text of a template against the text of a message; blanks are forgiving. */
#ifndef MSGTABLE_LITERAL_H
#define MSGTABLE_LITERAL_H

#include <string.h>

#include "octets.h"
#include "table.h"

static inline uint64_t load64(const uint8_t *at)
{
    uint64_t octets;
    memcpy(&octets, at, sizeof octets);
    return octets;
}

/* As memcmp() == 0. Literals are short: a call would cost more than the comparison. */
static inline bool same_octets(const uint8_t *a, const uint8_t *b, size_t length)
{
    if (length < 8) {
        for (size_t i = 0; i < length; i++)
            if (a[i] != b[i])
                return false;
        return true;
    }
    for (size_t i = 0; i < length - 8; i += 8)
        if (load64(a + i) != load64(b + i))
            return false;
    return load64(a + length - 8) == load64(b + length - 8); /* overlaps the last whole step */
}

/* False when the octets at AT already say that the literal does not stand there. Nearly all tries end here. */
static inline bool literal_possible(const struct text_ref *literal, const uint8_t *text, size_t length, size_t at)
{
    if (literal->first > ' ')
        return at < length && text[at] == literal->first;
    if (literal->first == ' ' && (at == length || !is_blank(text[at])) && (at == 0 || !is_blank(text[at - 1])))
        return false;
    if (literal->solid == 0)
        return true;
    while (at < length && is_blank(text[at]))
        at++;
    return at < length && text[at] == literal->solid;
}

/* literal_at() for texts and literals whose blanks differ. Octets are [OCTETS, END). */
bool literal_walk(const uint8_t *octets, const uint8_t *end, const uint8_t *text, size_t length, size_t *at);

/* True when the literal stands at *AT; *AT then is the octet behind it, else the first octet that differs. A blank that was
 * taken by the element in front counts: optional pieces would otherwise have to agree on who owns it. */
static inline bool literal_at(const char *pool, const struct text_ref *literal, const uint8_t *text, size_t length, size_t *at)
{
    size_t behind = *at + literal->compact_length;
    /* Nearly every text has single blanks where the template has them, and none where they are optional. */
    if (behind <= length && same_octets((const uint8_t *)pool + literal->compact, text + *at, literal->compact_length) &&
        (!literal->open || behind == length || !is_blank(text[behind]))) {
        *at = behind;
        return true;
    }
    const uint8_t *octets = (const uint8_t *)pool + literal->offset;
    return literal_walk(octets, octets + literal->length, text, length, at);
}

#endif
