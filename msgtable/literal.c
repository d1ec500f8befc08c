/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "literal.h"

/* Eight octets at once where they are the same and none of the literal's is a run of optional blanks. */
static bool same8(const uint8_t *octets, const uint8_t *text)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t literal = load64(octets), optional = literal ^ ones * OP_OPTIONAL_BLANKS;
    return literal == load64(text) && ((optional - ones) & ~optional & tops) == 0;
}

bool literal_walk(const uint8_t *octets, const uint8_t *end, const uint8_t *text, size_t length, size_t *at)
{
    size_t p = *at;
    while (octets < end) {
        if (end - octets >= 8 && length - p >= 8 && same8(octets, text + p)) {
            octets += 8;
            p += 8;
        } else if (*octets > ' ') {
            if (p == length || text[p] != *octets)
                break;
            octets++;
            p++;
        } else if (*octets == ' ' && (p == length || !is_blank(text[p])) && (p == 0 || !is_blank(text[p - 1]))) {
            break;
        } else {
            octets++;
        }
        while (octets[-1] <= ' ' && p < length && is_blank(text[p]))
            p++;
    }
    *at = p;
    return octets == end;
}
