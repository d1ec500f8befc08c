/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output that waits to be written: octets that grow. The hot path appends; nobody counts NULs. */
#ifndef FTDPCAP_BUFFER_H
#define FTDPCAP_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
    char *data;
    size_t length, capacity;
};

/* Makes room for COUNT more octets; ends the program when there is no memory. */
void buffer_grow(struct buffer *buffer, size_t count);
void buffer_free(struct buffer *buffer);

/* Under AddressSanitizer what nobody asked for may not be touched, although it is there: behind COUNT octets more. */
#ifdef FTDPCAP_SANITIZED
void buffer_fence(const struct buffer *buffer, size_t count);
#else
static inline void buffer_fence(const struct buffer *buffer, size_t count)
{
    (void)buffer;
    (void)count;
}
#endif

static inline void buffer_need(struct buffer *buffer, size_t count)
{
    if (buffer->capacity - buffer->length < count)
        buffer_grow(buffer, count);
    buffer_fence(buffer, count);
}

/* For those who reserved room and write there: where the next octet goes, and where the last one went. */
static inline char *buffer_at(const struct buffer *buffer) { return buffer->data + buffer->length; }
static inline void buffer_end(struct buffer *buffer, const char *end) { buffer->length = (size_t)(end - buffer->data); }

static inline void buffer_char(struct buffer *buffer, char octet)
{
    buffer_need(buffer, 1);
    buffer->data[buffer->length++] = octet;
}

static inline void buffer_octets(struct buffer *buffer, const void *octets, size_t count)
{
    if (count == 0)
        return; /* neither side need have an address */
    buffer_need(buffer, count);
    memcpy(buffer->data + buffer->length, octets, count);
    buffer->length += count;
}

/*
 * Functions named put_ write at TO, where the caller has reserved room, and return the octet behind what they wrote. Texts are copied in whole steps, which
 * is faster than the part of them that counts: behind them is room for COPY_STEP octets more.
 */
enum { COPY_STEP = 32 };

static inline char *put_octets(char *to, const char *from, size_t count)
{
    if (count)
        memcpy(to, from, count);
    return to + count;
}

/* What is at FROM may be read in whole steps, too, and at least one. */
static inline __attribute__((always_inline)) char *put_steps(char *to, const char *from, size_t count)
{
    memcpy(to, from, COPY_STEP);
    for (size_t at = COPY_STEP; at < count; at += COPY_STEP)
        memcpy(to + at, from + at, COPY_STEP);
    return to + count;
}

static inline void buffer_text(struct buffer *buffer, const char *text) { buffer_octets(buffer, text, strlen(text)); }

#define buffer_literal(buffer, text) buffer_octets(buffer, text, sizeof(text) - 1)

/* "00" to "99". */
extern const char buffer_pairs[2 * 100 + 1];

/* A number; takes at most DIGITS_MOST octets. */
enum { DIGITS_MOST = 21 };
char *put_uint(char *to, uint64_t number);
char *put_int(char *to, int64_t number);

/* Two digits of a number below 100. */
static inline char *put_two(char *to, unsigned number)
{
    memcpy(to, &buffer_pairs[2 * (size_t)number], 2);
    return to + 2;
}

/* Below 10. */
static inline char *put_digit(char *to, int number)
{
    *to = (char)('0' + number);
    return to + 1;
}

/* ".254798": DIGITS of the fraction of a second; up to FRACTION_MOST octets are written. */
enum { FRACTION_MOST = 10 };
static inline char *put_fraction(char *to, uint32_t nanoseconds, unsigned digits)
{
    uint32_t micro = nanoseconds / 1000, low = micro % 10000, nano = nanoseconds % 1000;
    to[0] = '.';
    char *behind = put_two(put_two(put_two(to + 1, micro / 10000 % 100), low / 100), low % 100);
    if (digits > 6)
        put_two(put_digit(behind, (int)(nano / 100)), nano % 100);
    return to + 1 + digits;
}

void buffer_fill(struct buffer *buffer, char octet, size_t count);

static inline void buffer_uint(struct buffer *buffer, uint64_t number)
{
    buffer_need(buffer, DIGITS_MOST);
    buffer_end(buffer, put_uint(buffer_at(buffer), number));
}

static inline void buffer_two(struct buffer *buffer, unsigned number)
{
    buffer_need(buffer, 2);
    put_two(buffer->data + buffer->length, number);
    buffer->length += 2;
}

static inline void buffer_int(struct buffer *buffer, int64_t number)
{
    buffer_need(buffer, DIGITS_MOST);
    buffer_end(buffer, put_int(buffer_at(buffer), number));
}

/* With leading zeros to WIDTH digits. */
void buffer_padded(struct buffer *buffer, uint64_t number, unsigned width);
/* 41,233 */
void buffer_grouped(struct buffer *buffer, uint64_t number);
/* Text form of 4 or 16 octets; IPv6 as RFC 5952. */
void buffer_address(struct buffer *buffer, int version, const uint8_t *address);
/* Whole seconds of nanoseconds since 1970, also in front of it; what is left of them is 0 to 999,999,999. */
enum { NANOSECONDS = 1000000000 };
static inline int64_t whole_seconds(int64_t time) { return time / NANOSECONDS - (time % NANOSECONDS < 0); }
static inline uint32_t nanoseconds_beyond(int64_t time) { return (uint32_t)(time - whole_seconds(time) * NANOSECONDS); }
/* Days since 1970-01-01 of seconds since then, also in front of it. */
int64_t buffer_day(int64_t seconds);
/* "2020-09-30" and "09:06:09" of seconds since 1970 UTC, with DIGITS of the fraction. */
void buffer_date(struct buffer *buffer, int64_t seconds);
void buffer_clock(struct buffer *buffer, int64_t seconds, uint32_t nanoseconds, unsigned digits);
/* ".254798": DIGITS of the fraction. */
void buffer_fraction(struct buffer *buffer, uint32_t nanoseconds, unsigned digits);
void buffer_rfc3339(struct buffer *buffer, int64_t seconds, uint32_t nanoseconds, unsigned digits);
__attribute__((format(printf, 2, 3))) void buffer_format(struct buffer *buffer, const char *format, ...);

#endif
