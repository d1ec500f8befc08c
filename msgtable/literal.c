/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "literal.h"

/* Eight octets at once where they are the same and none of the literal's is a run of optional blanks. */
static bool same8(const uint8_t *octets, const uint8_t *text)
{
    uint64_t literal = load64(octets);
    return literal == load64(text) && octets_like(literal, OP_OPTIONAL_BLANKS) == 0;
}

const uint8_t *literal_difference(const struct text *text, const struct text_ref *literal, const uint8_t **at)
{
    const uint8_t *octets = (const uint8_t *)text->pool + literal->offset, *const end = octets + literal->length;
    const uint8_t *p = *at;
    while (octets < end) {
        if (end - octets >= 8 && text->end - p >= 8 && same8(octets, p)) {
            octets += 8;
            p += 8;
        } else if (*octets > ' ') {
            if (p == text->end || *p != *octets)
                break;
            octets++;
            p++;
        } else if (*octets == ' ' && (p == text->end || !is_blank(*p)) && (p == text->start || !is_blank(p[-1]))) {
            break;
        } else {
            octets++;
        }
        while (octets[-1] <= ' ' && p < text->end && is_blank(*p))
            p++;
    }
    *at = p;
    return octets < end ? octets : NULL;
}

/* No blank of either side can explain that the text has another octet at AT than WANTED, with NEXT behind it. */
static bool differs(uint8_t wanted, uint8_t next, const struct text *text, const uint8_t *at)
{
    if (is_blank(wanted)) {
        if (is_blank(*at))
            return false;
        if (at > text->start && !is_blank(at[-1]))
            return true;
        wanted = next;
    } else {
        while (is_blank(*at))
            at++;
    }
    return wanted > ' ' && wanted != *at;
}

const uint8_t *literal_behind_other_blanks(const struct text *text, const struct text_ref *literal, const uint8_t *at, size_t i)
{
    const uint8_t *octets = (const uint8_t *)text->pool + literal->compact;
    while (octets[i] == at[i])
        i++;
    return !differs(octets[i], octets[i + 1], text, at + i) && literal_at(text, literal, &at) ? at : NULL;
}
