/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building frames for tests: octets appended to a buffer, see unit.h for exactly sized copies. */
#ifndef FTD_TEST_FRAMES_H
#define FTD_TEST_FRAMES_H

#include "unit.h"

struct build {
    uint8_t data[1 << 17];
    uint32_t length;
};

static inline void put(struct build *build, const void *octets, size_t count)
{
    assert_true(build->length + count <= sizeof build->data);
    if (count > 0)
        memcpy(build->data + build->length, octets, count);
    build->length += (uint32_t)count;
}

static inline void put8(struct build *build, unsigned value)
{
    uint8_t octet = (uint8_t)value;
    put(build, &octet, 1);
}

static inline void put16(struct build *build, unsigned value)
{
    put8(build, value >> 8);
    put8(build, value);
}

static inline void put32(struct build *build, uint32_t value)
{
    put16(build, value >> 16);
    put16(build, value & 0xffff);
}

/* Octets written as "45 00 001c"; blanks are ignored. */
static inline void put_hex(struct build *build, const char *hex)
{
    unsigned value = 0, digits = 0;
    for (; *hex; hex++) {
        if (*hex == ' ')
            continue;
        const char *at = strchr("0123456789abcdef", *hex);
        assert_non_null(at);
        value = value << 4 | (unsigned)(at - "0123456789abcdef");
        if (++digits % 2 == 0)
            put8(build, value);
    }
    assert_int_equal(digits % 2, 0);
}

static inline void set16(struct build *build, uint32_t at, unsigned value)
{
    build->data[at] = (uint8_t)(value >> 8);
    build->data[at + 1] = (uint8_t)value;
}

static inline uint16_t folded(const uint8_t *octets, size_t count, uint32_t sum)
{
    for (size_t i = 0; i < count; i++)
        sum += i % 2 ? octets[i] : (uint32_t)octets[i] << 8;
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* A UDP datagram 514 to 1514 without checksum. */
static inline void put_udp(struct build *build, const char *payload)
{
    put16(build, 514);
    put16(build, 1514);
    put16(build, (unsigned)(8 + strlen(payload)));
    put16(build, 0);
    put(build, payload, strlen(payload));
}

/* An IPv4 header 192.0.2.1 to 198.51.100.2 for `length` octets of data; `flags` is the fragment word. */
static inline void put_ipv4(struct build *build, unsigned protocol, unsigned length, unsigned id, unsigned flags)
{
    uint32_t start = build->length;
    put_hex(build, "45 00");
    put16(build, 20 + length);
    put16(build, id);
    put16(build, flags);
    put8(build, 63);
    put8(build, protocol);
    put_hex(build, "0000 c0000201 c6336402");
    set16(build, start + 10, folded(build->data + start, 20, 0));
}

/* An IPv6 header 2001:db8::1 to 2001:db8::2. */
static inline void put_ipv6(struct build *build, unsigned next, unsigned length)
{
    put32(build, 0x60000000);
    put16(build, length);
    put8(build, next);
    put8(build, 62);
    put_hex(build, "20010db8000000000000000000000001 20010db8000000000000000000000002");
}

static inline void put_ipv4_udp(struct build *build, const char *payload)
{
    put_ipv4(build, 17, (unsigned)(8 + strlen(payload)), 0x1234, 0x4000);
    put_udp(build, payload);
}

static inline void put_ipv6_udp(struct build *build, const char *payload)
{
    put_ipv6(build, 17, (unsigned)(8 + strlen(payload)));
    put_udp(build, payload);
}

/* Numbers that are the same each time. */
static inline uint32_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

#endif
