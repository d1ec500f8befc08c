/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "utf8.h"

#include <glib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

/* What is looked at as one: 32 octets. All of them are plain; SEEN gathers what they hold. With instructions for it, as no compiler finds them at every
 * level of optimisation. */
enum { BLOCK = 32 };

#if defined __SSE2__ && !defined UTF8_PORTABLE
struct seen {
    __m128i escaped, percents; /* not 0 where something has to be escaped; less one for each percent sign, down to the least there is */
};

static inline __m128i octets_of(__m128i octets, char octet) { return _mm_cmpeq_epi8(octets, _mm_set1_epi8(octet)); }

static inline __m128i escaped_among(__m128i octets) { return _mm_or_si128(octets_of(octets, '"'), octets_of(octets, '\\')); }

static inline bool plain_block(const uint8_t *text, struct seen *seen)
{
    const __m128i space = _mm_set1_epi8(0x20), last = _mm_set1_epi8(0x7e - 0x20);
    __m128i a = _mm_loadu_si128((const __m128i *)text), b = _mm_loadu_si128((const __m128i *)(text + sizeof a));
    seen->escaped = _mm_or_si128(seen->escaped, _mm_or_si128(escaped_among(a), escaped_among(b)));
    seen->percents = _mm_adds_epi8(seen->percents, _mm_add_epi8(octets_of(a, '%'), octets_of(b, '%')));
    __m128i most = _mm_max_epu8(_mm_sub_epi8(a, space), _mm_sub_epi8(b, space));
    return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(most, last), last)) == 0xffff;
}

static inline bool any_escaped(const struct seen *seen) { return _mm_movemask_epi8(seen->escaped) != 0; }

static inline unsigned percents(const struct seen *seen)
{
    __m128i sums = _mm_sad_epu8(_mm_sub_epi8(_mm_setzero_si128(), seen->percents), _mm_setzero_si128());
    return (unsigned)_mm_cvtsi128_si32(_mm_add_epi32(sums, _mm_srli_si128(sums, 8)));
}
#else
struct seen {
    uint64_t escaped;
    unsigned percents;
};

enum { OCTETS = sizeof(uint64_t) };

static inline bool plain_block(const uint8_t *text, struct seen *seen)
{
    uint64_t odd = 0;
    for (size_t i = 0; i < BLOCK; i += OCTETS) {
        uint64_t octets = load64(text + i);
        odd |= octets | (octets + each(1)) | (octets - each(0x20)); /* beyond ASCII, DEL, controls; what is carried on is odd already */
        seen->escaped |= octets_like(octets, '"') | octets_like(octets, '\\');
        seen->percents += (unsigned)__builtin_popcountll(octets_like(octets, '%'));
    }
    return (odd & each(0x80)) == 0;
}

static inline bool any_escaped(const struct seen *seen) { return seen->escaped != 0; }
static inline unsigned percents(const struct seen *seen) { return seen->percents; }
#endif

size_t utf8_plain_run(const uint8_t *text, size_t length, struct utf8_plain *plain)
{
    struct seen seen = {0};
    size_t n = 0;
    if (length >= BLOCK) {
        size_t last = length - BLOCK;
        while (n <= last && plain_block(text + n, &seen))
            n += BLOCK; /* by blocks: the work is that of the run, not that of the text */
        if (n > last && plain_block(text + last, &seen))
            n = length; /* the last block overlaps the one in front of it */
    }
    *plain = (struct utf8_plain){any_escaped(&seen), percents(&seen)};
    for (; n < length && is_plain(text[n]); n++) {
        plain->escapes |= is_escaped(text[n]);
        plain->percents += text[n] == '%';
    }
    return n;
}

struct utf8_facts utf8_examine(const uint8_t *text, size_t length)
{
    struct utf8_facts facts = {0};
    struct utf8_plain plain;
    for (size_t at = 0; at < length;) {
        at += utf8_plain_run(text + at, length - at, &plain);
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
