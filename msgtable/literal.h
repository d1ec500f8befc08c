/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Literal text of a template against the text of a message; blanks are forgiving. */
#ifndef MSGTABLE_LITERAL_H
#define MSGTABLE_LITERAL_H

#include <string.h>

#include "octets.h"
#include "table.h"

/* False when the literal's first octet already says that it does not stand at AT. Nearly all tries end here. */
static inline bool literal_possible(const char *pool, const struct text_ref *literal, const uint8_t *text, size_t length, size_t at)
{
    uint8_t first = (uint8_t)pool[literal->offset];
    if (first > ' ')
        return at < length && text[at] == first;
    return first != ' ' || (at < length && is_blank(text[at])) || (at > 0 && is_blank(text[at - 1]));
}

/* True when the literal stands at *AT; *AT then is the octet behind it, else the first octet that differs. A blank that was
 * taken by the element in front counts: optional pieces would otherwise have to agree on who owns it. */
static inline bool literal_at(const char *pool, const struct text_ref *literal, const uint8_t *text, size_t length, size_t *at)
{
    const uint8_t *octets = (const uint8_t *)pool + literal->offset, *end = octets + literal->length;
    size_t p = *at;
    /* Nearly every text has single blanks where the template has them. */
    if (length - p > literal->length && text[p] == *octets && memcmp(octets, text + p, literal->length) == 0 && !is_blank(text[p + literal->length])) {
        *at = p + literal->length;
        return true;
    }
    for (; octets < end; octets++) {
        if (*octets > ' ') {
            if (p == length || text[p] != *octets) {
                *at = p;
                return false;
            }
            p++;
            continue;
        }
        if (*octets == ' ' && (p == length || !is_blank(text[p])) && (p == 0 || !is_blank(text[p - 1]))) {
            *at = p;
            return false;
        }
        while (p < length && is_blank(text[p]))
            p++;
    }
    *at = p;
    return true;
}

#endif
