/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Octets appended to a buffer of fixed size; network order unless the name says otherwise. */
#ifndef MKSAMPLE_BUFFER_H
#define MKSAMPLE_BUFFER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Room for the largest IP datagram with every header in front of it. */
struct buffer {
    size_t length;
    uint8_t octets[1 << 17];
};

static inline void put(struct buffer *buffer, const void *octets, size_t count)
{
    if (count > sizeof buffer->octets - buffer->length)
        abort(); /* callers bound the payload to TEXT_MAX */
    if (count > 0)
        memcpy(buffer->octets + buffer->length, octets, count);
    buffer->length += count;
}

static inline void put8(struct buffer *buffer, unsigned value)
{
    uint8_t octet = (uint8_t)value;
    put(buffer, &octet, 1);
}

static inline void put16(struct buffer *buffer, size_t value)
{
    put8(buffer, (unsigned)(value >> 8 & 0xff));
    put8(buffer, (unsigned)(value & 0xff));
}

static inline void put32(struct buffer *buffer, uint32_t value)
{
    put16(buffer, value >> 16);
    put16(buffer, value & 0xffff);
}

static inline void put16_little(struct buffer *buffer, size_t value)
{
    put8(buffer, (unsigned)(value & 0xff));
    put8(buffer, (unsigned)(value >> 8 & 0xff));
}

static inline void put32_little(struct buffer *buffer, uint32_t value)
{
    put16_little(buffer, value & 0xffff);
    put16_little(buffer, value >> 16);
}

static inline void set16(struct buffer *buffer, size_t at, size_t value)
{
    buffer->octets[at] = (uint8_t)(value >> 8);
    buffer->octets[at + 1] = (uint8_t)value;
}

#endif
