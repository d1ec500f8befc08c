/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typed values: how far one may reach in a text, and what it is. */
#ifndef MSGTABLE_VALUE_H
#define MSGTABLE_VALUE_H

#include "msgtable.h"
#include "octets.h"

/* Longest address or host name looked at. */
enum { VALUE_ADDRESS_MAX = 255 };

/* True for the types whose extent shows from the octets alone (numbers, MAC addresses): value_extent() says it. */
bool value_is_self_delimiting(enum msgt_type type);

/* How many of the octets at TEXT can belong to a value of that type: the longest run, 0 when none. A value that the end of the text
 * may have cut ("0x", "-") counts with what is there; value_read() then refuses it. */
size_t value_extent(enum msgt_type type, const uint8_t *text, size_t length);

/* Digits of the number that stands at TEXT, an octet that is none behind them; 0 when there are none, when they are not few, or when TYPE may have more
 * to it, or less. Eight octets may be read. */
static inline size_t value_digits(enum msgt_type type, const uint8_t *text, int64_t *number)
{
    uint64_t numbers = load64_little(text) ^ UINT64_C(0x3030303030303030), others = no_digits(numbers);
    size_t n = others ? (size_t)__builtin_ctzll(others) / 8 : 0; /* eight and more are left to others */
    *number = n ? eight_digits(numbers << 8 * (8 - n)) : 0;
    bool plain = type == MSGT_INT || type == MSGT_COUNT || (type == MSGT_PORT && n <= 5 && *number <= UINT16_MAX);
    return plain ? n : 0;
}

/* Fills kind and number or address. False when the octets are no value of that type. */
bool value_read(enum msgt_type type, const uint8_t *text, size_t length, struct msgt_value *value);

/* What a run of address octets says of all its beginnings, so that not each of them is read. A place is the run's length where there is none. */
struct address_shape {
    size_t zone;  /* first '%' */
    size_t colon; /* first ':' */
    size_t name;  /* first octet that only names and masks have, unless the run cannot start one */
    bool zoned;   /* in front of the '%' stands an IPv6 address */
};
struct address_shape value_address_shape(const uint8_t *text, size_t run);

/* The longest beginning of the run, at most LENGTH octets, that may be an address; 0 when none is. What is longer than any numeric
 * address is one for certain. */
size_t value_address_at_most(const uint8_t *text, const struct address_shape *shape, size_t length);

/* Octets of the dotted quad that stands at TEXT, whatever comes behind it; 0 when there is none. Some octet that is no digit and no dot ends the text. */
size_t value_ipv4_padded(const uint8_t *text, uint8_t address[4]);
bool value_ipv4(const uint8_t *text, size_t length, uint8_t address[4]);
bool value_ipv6(const uint8_t *text, size_t length, uint8_t address[16]);

#endif
