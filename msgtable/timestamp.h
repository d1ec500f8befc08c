/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device times: "Sep 30 2020 09:06:09.254" (RFC 3164 with or without year) and ISO 8601 (RFC 3339, RFC 5424 section 6.2.3). */
#ifndef MSGTABLE_TIMESTAMP_H
#define MSGTABLE_TIMESTAMP_H

#include "msgtable.h"
#include "octets.h"

/* Reads a time at the start of the text. Returns its length, 0 when there is none. A zone word ("JST") behind a time of the first form
 * is not read: it may be a host name. */
size_t timestamp_read(const uint8_t *text, size_t length, struct msgt_time *time);

/* Reads "09:06:09", of which all octets are there. */
enum { TIMESTAMP_CLOCK = sizeof "hh:mm:ss" - 1 };
static inline bool timestamp_clock(const uint8_t *text, struct msgt_time *time)
{
    uint64_t numbers = load64_little(text) ^ UINT64_C(0x30303a30303a3030); /* "00:00:00" */
    if (!are_digits(numbers, UINT64_C(0xffff00ffff00ffff)))
        return false;
    uint64_t two = numbers * 10 + (numbers >> 8); /* in the first octet of each two */
    time->hour = (uint8_t)two;
    time->minute = (uint8_t)(two >> 24);
    time->second = (uint8_t)(two >> 48);
    return time->hour <= 23 && time->minute <= 59 && time->second <= 60;
}

/* Reads ".254" behind it into a time that has no fraction yet. Returns its length, 0 when there is none. */
size_t timestamp_fraction(const uint8_t *text, size_t length, struct msgt_time *time);

/* A word for a zone. *MINUTES is its offset east of UTC when the word has only one meaning; *KNOWN says so. */
bool timestamp_zone_word(const uint8_t *text, size_t length, int16_t *minutes, bool *known);

#endif
