/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "repeat.h"

#include <string.h>

/* The number that the digits at TEXT are, *used of them; 0, which is not known, where it has no room. */
static uint32_t read_count(const uint8_t *text, size_t length, size_t *used)
{
    uint64_t number = 0;
    size_t n = 0;
    for (; n < length && is_digit(text[n]); n++)
        if (number <= UINT32_MAX)
            number = number * 10 + (uint64_t)(text[n] - '0');
    *used = n;
    return number <= UINT32_MAX ? (uint32_t)number : 0;
}

static bool starts_with(const uint8_t *text, size_t length, const char *start)
{
    size_t n = strlen(start);
    return length >= n && memcmp(text, start, n) == 0;
}

static bool ends_with(const uint8_t *text, size_t length, const char *end)
{
    size_t n = strlen(end);
    return length >= n && memcmp(text + length - n, end, n) == 0;
}

size_t repeat_front(const uint8_t *text, size_t length, uint32_t *count)
{
    static const char front[] = "message repeated ", middle[] = " times: [";
    size_t at = sizeof front - 1, used;
    if (!starts_with(text, length, front))
        return 0;
    *count = read_count(text + at, length - at, &used);
    at += used;
    return used > 0 && starts_with(text + at, length - at, middle) ? at + sizeof middle - 1 : 0;
}

bool repeat_close(const uint8_t *datagram, struct msgt_span *text)
{
    const uint8_t *octets = datagram + text->offset;
    size_t length = text->length;
    while (length > 0 && is_blank(octets[length - 1]))
        length--;
    if (length == 0 || octets[length - 1] != ']')
        return false;
    text->length = (uint32_t)length - 1;
    return true;
}

bool repeat_unwrap(const uint8_t *datagram, struct msgt_span *text, uint32_t *repeat)
{
    struct msgt_span inside = *text;
    uint32_t count;
    size_t at = repeat_front(datagram + text->offset, text->length, &count);
    if (at == 0 || !repeat_close(datagram, &inside))
        return false;
    while (at < inside.length && is_blank(datagram[text->offset + at]))
        at++;
    if (at > inside.length)
        return false;
    *repeat = count;
    *text = (struct msgt_span){text->offset + (uint32_t)at, inside.length - (uint32_t)at};
    return true;
}

/* " (35 instances received)" as the last of LENGTH octets of the text. */
void repeat_strip(const uint8_t *datagram, size_t length, struct msgt_span *text, uint32_t *repeat)
{
    static const char end[] = " instances received)";
    const uint8_t *octets = datagram + text->offset;
    if (!ends_with(octets, length, end))
        return;
    size_t at = length - (sizeof end - 1), digits_end = at, used;
    while (at > 0 && is_digit(octets[at - 1]))
        at--;
    if (at == digits_end || at == 0 || octets[at - 1] != '(')
        return;
    *repeat = read_count(octets + at, digits_end - at, &used);
    text->length = (uint32_t)at - 1;
}
