/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between two fields a matcher is led by literals, words, optional pieces and, where a template is left, other templates, to one field or the end. What
 * depends on nothing but the octets between the fields (trace.h) is kept with where it led: the gaps of a message are a tree, with the fields at its
 * branches. A text that has the octets of such gaps takes the same way (trail.h), if its guards say so, too.
 */
#ifndef MSGTABLE_GAP_H
#define MSGTABLE_GAP_H

#include "octets.h"
#include "table.h"

_Static_assert(offsetof(struct msgt_gap, sibling) == 62 && sizeof(struct msgt_gap) == 64, "no padding, and a line of the cache");
_Static_assert(MSGT_GAPS <= UINT16_MAX && MSGT_GUARDS <= UINT16_MAX && TEMPLATES_MAX <= UINT8_MAX, "numbers that a gap has room for");

/* To a field behind the octets of the gap, to more of them, or to the end: the NUL behind the text is the last of them. */
enum leads { TO_FIELD, TO_REST, TO_END };

/* Where a field ends: at the first octet that stops it; the same, without the blanks in front of that; or there or behind some blanks, as one of what may
 * come behind it starts with a blank. */
enum ends { AT_STOP, IN_FRONT_OF_BLANKS, BEHIND_BLANKS };

/* A text that ends with a value has no dot in front of its end, or may have one, which is part of the value. Or no value ends there. */
enum final_dot { NO_DOT, DOT_IN_VALUE, NO_VALUE };

enum { GUARDS_MAX = 16 }; /* of a text */

static inline bool may_start_field(const struct msgt_gap *gap, uint8_t octet)
{
    uint32_t bars;
    memcpy(&bars, gap->u.bars, sizeof bars);
    bars ^= octet * UINT32_C(0x01010101);
    return octet > ' ' && ((bars - UINT32_C(0x01010101)) & ~bars & UINT32_C(0x80808080)) == 0; /* as octets_like() */
}

#endif
