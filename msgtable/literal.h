/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Literal text of a template against the text of a message; blanks are forgiving. */
#ifndef MSGTABLE_LITERAL_H
#define MSGTABLE_LITERAL_H

#include <string.h>

#include "octets.h"
#include "table.h"

enum { STEP = 16 };

/* The first COUNT octets, at most STEP, are the same. Both sides can be read for a whole step. Without a branch that depends on COUNT: one
 * that the processor guesses wrong costs more than the comparison. */
static inline bool same_step(const uint8_t *a, const uint8_t *b, size_t count)
{
    static const uint8_t mask[2 * STEP] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    const uint8_t *wanted = mask + STEP - count;
    return (((load64(a) ^ load64(b)) & load64(wanted)) | ((load64(a + 8) ^ load64(b + 8)) & load64(wanted + 8))) == 0;
}

/* As memcmp() == 0. The literal can be read for a step beyond its end (TABLE_PADDING), the text only for ROOM octets. */
static inline bool same_octets(const uint8_t *literal, const uint8_t *text, size_t length, size_t room)
{
    for (; room >= STEP && length > STEP; literal += STEP, text += STEP, length -= STEP, room -= STEP)
        if (!same_step(literal, text, STEP))
            return false;
    return room >= STEP ? same_step(literal, text, length) : memcmp(literal, text, length) == 0;
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

/* Nearly every text has single blanks where the template has them, and none where they are optional. */
static inline bool literal_as_written(const char *pool, const struct text_ref *literal, const uint8_t *text, size_t length, size_t *at)
{
    size_t room = length - *at, behind = *at + literal->compact_length;
    if (literal->compact_length > room || !same_octets((const uint8_t *)pool + literal->compact, text + *at, literal->compact_length, room) ||
        (literal->open && behind < length && is_blank(text[behind])))
        return false;
    *at = behind;
    return true;
}

/* True when the literal stands at *AT; *AT then is the octet behind it, else the first octet that differs. A blank that was
 * taken by the element in front counts: optional pieces would otherwise have to agree on who owns it. */
static inline bool literal_at(const char *pool, const struct text_ref *literal, const uint8_t *text, size_t length, size_t *at)
{
    if (literal_as_written(pool, literal, text, length, at))
        return true;
    const uint8_t *octets = (const uint8_t *)pool + literal->offset;
    return literal_walk(octets, octets + literal->length, text, length, at);
}

/* The same where nobody asks how far it reaches when it does not stand there. */
static inline bool literal_stands(const char *pool, const struct text_ref *literal, const uint8_t *text, size_t length, size_t *at)
{
    if (literal->first > ' ' && (*at == length || text[*at] != literal->first))
        return false;
    if (literal_as_written(pool, literal, text, length, at))
        return true;
    size_t end = *at;
    const uint8_t *octets = (const uint8_t *)pool + literal->offset;
    if (!literal_possible(literal, text, length, end) || !literal_walk(octets, octets + literal->length, text, length, &end))
        return false;
    *at = end;
    return true;
}

#endif
