/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Classes of octets. Locale has no say here. */
#ifndef MSGTABLE_OCTETS_H
#define MSGTABLE_OCTETS_H

#include <stdbool.h>
#include <stdint.h>

static inline bool is_blank(uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }
static inline bool is_upper(uint8_t c) { return c >= 'A' && c <= 'Z'; }
static inline bool is_alpha(uint8_t c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
static inline bool is_alnum(uint8_t c) { return is_alpha(c) || is_digit(c); }
static inline bool is_xdigit(uint8_t c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
static inline bool is_control(uint8_t c) { return c < 0x20 || c == 0x7f; }

static inline uint8_t hex_value(uint8_t c)
{
    return (uint8_t)(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

#endif
