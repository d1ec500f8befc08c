/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "buffer.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "memory.h"

enum { CAPACITY_FIRST = 4096 };

#ifdef FTDPCAP_SANITIZED
#include <sanitizer/asan_interface.h>

/* Smaller ones are no buffers of their own but within something else. */
void buffer_fence(const struct buffer *buffer, size_t count)
{
    size_t end = buffer->length + count;
    if (buffer->capacity < CAPACITY_FIRST)
        return;
    ASAN_UNPOISON_MEMORY_REGION(buffer->data + buffer->length, count);
    ASAN_POISON_MEMORY_REGION(buffer->data + end, buffer->capacity - end);
}
#endif

void buffer_grow(struct buffer *buffer, size_t count)
{
    size_t capacity = buffer->capacity ? buffer->capacity : CAPACITY_FIRST;
    while (capacity - buffer->length < count)
        capacity *= 2;
    char *data = realloc(buffer->data, capacity);
    if (!data)
        memory_exhausted();
    buffer->data = data;
    buffer->capacity = capacity;
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_fill(struct buffer *buffer, char octet, size_t count)
{
    buffer_need(buffer, count);
    memset(buffer->data + buffer->length, octet, count);
    buffer->length += count;
}

const char buffer_pairs[2 * 100 + 1] =
    "0001020304050607080910111213141516171819"
    "2021222324252627282930313233343536373839"
    "4041424344454647484950515253545556575859"
    "6061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

/* Below 10,000. */
static inline char *put_few(char *to, unsigned number)
{
    if (number >= 1000)
        return put_two(put_two(to, number / 100), number % 100);
    if (number >= 100) {
        *to = (char)('0' + number / 100);
        return put_two(to + 1, number % 100);
    }
    if (number >= 10)
        return put_two(to, number);
    *to = (char)('0' + number);
    return to + 1;
}

char *put_uint(char *to, uint64_t number)
{
    if (number < 10000)
        return put_few(to, (unsigned)number);
    unsigned low = (unsigned)(number % 10000);
    to = number < 100000000 ? put_few(to, (unsigned)number / 10000) : put_uint(to, number / 10000);
    return put_two(put_two(to, low / 100), low % 100);
}

void buffer_padded(struct buffer *buffer, uint64_t number, unsigned width)
{
    char digits[DIGITS_MOST];
    unsigned count = (unsigned)(put_uint(digits, number) - digits);
    if (count < width)
        buffer_fill(buffer, '0', width - count);
    buffer_octets(buffer, digits, count);
}

char *put_int(char *to, int64_t number)
{
    if (number < 0)
        *to++ = '-';
    return put_uint(to, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void buffer_grouped(struct buffer *buffer, uint64_t number)
{
    if (number >= 1000) {
        buffer_grouped(buffer, number / 1000);
        buffer_char(buffer, ',');
        buffer_padded(buffer, number % 1000, 3);
    } else {
        buffer_uint(buffer, number);
    }
}

void buffer_address(struct buffer *buffer, int version, const uint8_t *address)
{
    if (version == 4) {
        for (int i = 0; i < 4; i++) {
            if (i)
                buffer_char(buffer, '.');
            buffer_uint(buffer, address[i]);
        }
        return;
    }
    char text[INET6_ADDRSTRLEN];
    if (inet_ntop(AF_INET6, address, text, sizeof text))
        buffer_text(buffer, text);
}

/* Civil date of days since 1970-01-01, March first. */
static void civil(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t of_year_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * of_year_era + of_year_era / 4 - of_year_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    *day = (unsigned)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = of_year_era + era * 400 + (*month <= 2);
}

/* Captures may hold any 64 bits for a time; beyond a hundred million years nobody minds. */
static int64_t within_reason(int64_t seconds)
{
    const int64_t limit = INT64_C(1) << 52;
    return seconds > limit ? limit : seconds < -limit ? -limit : seconds;
}

int64_t buffer_day(int64_t seconds)
{
    seconds = within_reason(seconds);
    return seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400);
}

void buffer_date(struct buffer *buffer, int64_t seconds)
{
    int64_t year;
    unsigned month, day;
    civil(buffer_day(seconds), &year, &month, &day);
    if (year < 0)
        buffer_char(buffer, '-');
    buffer_padded(buffer, (uint64_t)(year < 0 ? -year : year), 4);
    buffer_char(buffer, '-');
    buffer_two(buffer, month);
    buffer_char(buffer, '-');
    buffer_two(buffer, day);
}

void buffer_clock(struct buffer *buffer, int64_t seconds, uint32_t nanoseconds, unsigned digits)
{
    unsigned of_day = (unsigned)(within_reason(seconds) - buffer_day(seconds) * 86400);
    buffer_two(buffer, of_day / 3600);
    buffer_char(buffer, ':');
    buffer_two(buffer, of_day / 60 % 60);
    buffer_char(buffer, ':');
    buffer_two(buffer, of_day % 60);
    if (digits > 0)
        buffer_fraction(buffer, nanoseconds, digits);
}

void buffer_fraction(struct buffer *buffer, uint32_t nanoseconds, unsigned digits)
{
    buffer_need(buffer, FRACTION_MOST);
    buffer_end(buffer, put_fraction(buffer_at(buffer), nanoseconds, digits));
}

void buffer_rfc3339(struct buffer *buffer, int64_t seconds, uint32_t nanoseconds, unsigned digits)
{
    buffer_date(buffer, seconds);
    buffer_char(buffer, 'T');
    buffer_clock(buffer, seconds, nanoseconds, digits);
    buffer_char(buffer, 'Z');
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    buffer_need(buffer, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}
