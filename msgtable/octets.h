/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Classes of octets. Locale has no say here. */
#ifndef MSGTABLE_OCTETS_H
#define MSGTABLE_OCTETS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A function for what few messages have: kept out of those that are for each, so that these have the registers. */
#define SELDOM __attribute__((noinline))

/* Eight octets as they lie in memory. */
static inline uint64_t load64(const uint8_t *at)
{
    uint64_t octets;
    memcpy(&octets, at, sizeof octets);
    return octets;
}

/* OCTET eight times. */
static inline uint64_t each(uint8_t octet) { return UINT64_C(0x0101010101010101) * octet; }

/* Not 0 when some octet is below LIMIT, at most 0x80. The lowest bit set is then of such an octet; those above it may be of others. */
static inline uint64_t octets_below(uint64_t octets, uint8_t limit) { return (octets - each(limit)) & ~octets & each(0x80); }

/* The same for octets that are OCTET. */
static inline uint64_t octets_like(uint64_t octets, uint8_t octet) { return octets_below(octets ^ each(octet), 1); }

/* Which octet of OCTETS, eight of them as load64() has them, is the first that is not 0. */
static inline unsigned first_octet(uint64_t octets)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return (unsigned)__builtin_ctzll(octets) / 8;
#else
    return (unsigned)__builtin_clzll(octets) / 8;
#endif
}

/* The same as a number, the first one its lowest: as octets_below() needs it where the first of several is asked for. */
static inline uint64_t load64_little(const uint8_t *at)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(load64(at));
#else
    return load64(at);
#endif
}

/* The first octet, of eight as load64_little() has them, of which the lowest bit set is. */
static inline unsigned first_octet_little(uint64_t bits) { return (unsigned)__builtin_ctzll(bits) / 8; }

static inline uint32_t load32_little(const uint8_t *at)
{
    uint32_t octets;
    memcpy(&octets, at, sizeof octets);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    octets = __builtin_bswap32(octets);
#endif
    return octets;
}

/* Digits (and what else must be there) at once: octets XOR what they would be were all digits 0. True when those of DIGITS (0xff each) are digits, and
 * all others as they would be. */
static inline bool are_digits(uint64_t numbers, uint64_t digits)
{
    uint64_t beyond_nine = numbers + (digits & UINT64_C(0x0606060606060606)); /* what is carried on is beyond 15 already */
    return ((numbers | beyond_nine) & ~(digits & UINT64_C(0x0f0f0f0f0f0f0f0f))) == 0;
}

/* The octets XOR digits 0 of load64_little() that are no digits: not 0 in these. The lowest bit set is of the first; those above it may be of any. */
static inline uint64_t no_digits(uint64_t numbers)
{
    return (numbers | (numbers + UINT64_C(0x0606060606060606))) & UINT64_C(0xf0f0f0f0f0f0f0f0);
}

/* The number that eight digits are, the first one the lowest octet. */
static inline uint32_t eight_digits(uint64_t numbers)
{
    numbers = (numbers * 10 + (numbers >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
    numbers = (numbers * 100 + (numbers >> 16)) & UINT64_C(0x0000ffff0000ffff);
    return (uint32_t)(numbers * 10000 + (numbers >> 32));
}

enum octet_class {
    OCTET_BLANK = 1,
    OCTET_DIGIT = 2,
    OCTET_UPPER = 4,
    OCTET_LOWER = 8,
    OCTET_XDIGIT = 16,
    OCTET_ADDRESS = 32, /* what IPv4, IPv6 (with zone), host names and masks are made of: letters, digits and .:-_%* */
};

/* The bits of each octet. */
__attribute__((visibility("hidden"))) extern const uint8_t octet_classes[256];

static inline bool is_any_of(uint8_t c, unsigned classes) { return octet_classes[c] & classes; }
static inline bool is_blank(uint8_t c) { return is_any_of(c, OCTET_BLANK); }
static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline bool is_upper(uint8_t c) { return c >= 'A' && c <= 'Z'; }
static inline bool is_alpha(uint8_t c) { return is_any_of(c, OCTET_UPPER | OCTET_LOWER); }
static inline bool is_alnum(uint8_t c) { return is_any_of(c, OCTET_UPPER | OCTET_LOWER | OCTET_DIGIT); }
static inline bool is_xdigit(uint8_t c) { return is_any_of(c, OCTET_XDIGIT); }
static inline bool is_control(uint8_t c) { return c < 0x20 || c == 0x7f; }

static inline uint8_t hex_value(uint8_t c)
{
    return (uint8_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

#endif
