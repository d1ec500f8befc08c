/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "utf8.h"

#include <glib.h>
#include <string.h>

#include "msgtable.h"
#include "octets.h"

/* What may follow a first octet: overlong forms, surrogates and values beyond U+10FFFF are excluded by the second. */
static const struct lead_row {
    uint8_t low, high;      /* first octet */
    uint8_t length;
    uint8_t low2, high2;    /* second octet */
} leads[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct lead_row *lead_of(uint8_t octet)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (octet >= leads[i].low && octet <= leads[i].high)
            return &leads[i];
    return NULL;
}

/* How many octets of the character at TEXT are right. */
static size_t right_octets(const struct lead_row *lead, const uint8_t *text, size_t length)
{
    size_t n = 1;
    if (lead->length > 1 && n < length && text[1] >= lead->low2 && text[1] <= lead->high2)
        for (n = 2; n < lead->length && n < length && (text[n] & 0xc0) == 0x80; n++)
            ;
    return n;
}

size_t msgt_utf8_character(const uint8_t *text, size_t length)
{
    const struct lead_row *lead = lead_of(text[0]);
    return lead && right_octets(lead, text, length) == lead->length ? lead->length : 0;
}

static bool is_plain(uint8_t octet) { return (uint8_t)(octet - 0x20) < 0x7f - 0x20; }

static bool is_escaped(uint8_t octet) { return octet == '"' || octet == '\\'; }

enum { BLOCK = 32 };

/* All of a block is plain; what has to be escaped is marked. Without an early end, so that the compiler looks at many octets at once. */
static inline bool plain_block(const uint8_t *text, uint8_t escaped[BLOCK])
{
    uint8_t odd[BLOCK];
    uint64_t words[BLOCK / 8];
    for (size_t i = 0; i < BLOCK; i++) {
        odd[i] = (uint8_t)(((int8_t)text[i] < 0x20) | (text[i] == 0x7f)); /* beyond ASCII is below zero */
        escaped[i] |= (uint8_t)((text[i] == '"') | (text[i] == '\\'));
    }
    memcpy(words, odd, sizeof words);
    return (words[0] | words[1] | words[2] | words[3]) == 0;
}

size_t utf8_plain_run(const uint8_t *text, size_t length, bool *escapes)
{
    uint8_t escaped[BLOCK] = {0};
    uint64_t words[BLOCK / 8];
    size_t n = 0;
    while (length - n >= BLOCK && plain_block(text + n, escaped))
        n += BLOCK; /* by blocks: the work is that of the run, not that of the text */
    if (n > 0 && length - n < BLOCK && plain_block(text + length - BLOCK, escaped))
        n = length; /* the last block overlaps the one in front of it */
    memcpy(words, escaped, sizeof words);
    *escapes = (words[0] | words[1] | words[2] | words[3]) != 0;
    for (; n < length && is_plain(text[n]); n++)
        *escapes |= is_escaped(text[n]);
    return n;
}

struct utf8_facts utf8_examine(const uint8_t *text, size_t length)
{
    struct utf8_facts facts = {0};
    bool escapes;
    for (size_t at = 0; at < length;) {
        at += utf8_plain_run(text + at, length - at, &escapes);
        if (at == length)
            break;
        if (text[at] < 0x80) {
            facts.control |= is_control(text[at]);
            at++;
            continue;
        }
        const struct lead_row *lead = lead_of(text[at]);
        size_t right = lead ? right_octets(lead, text + at, length - at) : 0;
        bool whole = lead && right == lead->length;
        if (!whole) {
            facts.cut_at_end = !facts.invalid && lead && at + right == length;
            facts.invalid = true;
        }
        at += whole ? right : 1;
        if (facts.cut_at_end)
            break;
    }
    return facts;
}

bool msgt_unsafe_character(uint32_t character)
{
    switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
        return true;
    default:
        return false;
    }
}
