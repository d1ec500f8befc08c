/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Literal text of a template against the text of a message; blanks are forgiving. */
#ifndef MSGTABLE_LITERAL_H
#define MSGTABLE_LITERAL_H

#include <string.h>

#include "octets.h"
#include "table.h"

/* What literals are looked for in. */
struct text {
    const uint8_t *start, *end;
    const char *pool; /* of the literals */
};

/* NULL when the literal stands at *AT; *AT then is the octet behind it, else the first octet that differs from the one of the literal that is
 * returned. A blank that was taken by the element in front counts: optional pieces would otherwise have to agree on who owns it. */
const uint8_t *literal_difference(const struct text *text, const struct text_ref *literal, const uint8_t **at);

static inline bool literal_at(const struct text *text, const struct text_ref *literal, const uint8_t **at)
{
    return !literal_difference(text, literal, at);
}

/* ---- In a text with NULs behind it (MATCH_PADDING) ---- */

/* literal_behind() from the first octet on, the one at AT + I, that differs from the literal as the catalogue has it. */
const uint8_t *literal_behind_other_blanks(const struct text *text, const struct text_ref *literal, const uint8_t *at, size_t i);

/* Octets [LITERAL_HEAD, COUNT) are the same. What the text can be read beyond its end is enough: no octet of a literal is NUL. */
static inline bool literal_same_rest(const uint8_t *literal, const uint8_t *text, size_t count)
{
    for (size_t i = LITERAL_HEAD; i + 8 < count; i += 8)
        if (load64(literal + i) != load64(text + i))
            return false;
    return load64(literal + count - 8) == load64(text + count - 8);
}

/* What is behind the literal when it stands at AT, else NULL. Nearly all tries end in the first lines: nearly every text has single blanks
 * where the template has them, and none where they are optional. */
static inline const uint8_t *literal_behind(const struct text *text, const struct text_ref *literal, const uint8_t *at)
{
    uint64_t different = (load64(at) ^ load64(literal->head)) & load64(literal->mask);
    if (different) {
        unsigned i = first_octet(different);
        bool blank = (literal->head[i] <= ' ') | is_blank(at[i]);
        return blank ? literal_behind_other_blanks(text, literal, at, i) : NULL;
    }
    size_t count = literal->compact_length;
    if (count > LITERAL_HEAD && !literal_same_rest((const uint8_t *)text->pool + literal->compact, at, count))
        return literal_behind_other_blanks(text, literal, at, LITERAL_HEAD);
    at += count;
    while (literal->open & is_blank(*at))
        at++;
    return at;
}

#endif
