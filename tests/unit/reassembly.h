/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fragments for tests of reassembly: made, added one by one, and what came of them. */
#ifndef REASSEMBLY_H
#define REASSEMBLY_H

#include "frames.h"

#include "fragments.h"

#define SECOND UINT64_C(1000000000)

/* A run of fragments_add() and what it reported. */
struct bench {
    struct fragments *fragments;
    struct fragments_lost last;
    unsigned lost;
    uint64_t frame;
    uint64_t now;  /* nanoseconds */
    uint8_t *data; /* of the last packet, exactly sized */
    struct packet packet;
};

static inline void on_lost(const struct fragments_lost *lost, void *user)
{
    struct bench *bench = user;
    bench->last = *lost;
    bench->lost++;
}

static inline void start(struct bench *bench, const struct fragments_limits *limits)
{
    *bench = (struct bench){.now = SECOND * 1600000000};
    bench->fragments = fragments_new(limits, on_lost, bench);
    assert_non_null(bench->fragments);
}

static inline void stop(struct bench *bench)
{
    fragments_free(bench->fragments);
    free(bench->data);
}

static inline const struct fragments_stats *stats(const struct bench *bench) { return fragments_statistics(bench->fragments); }

/* A UDP datagram 514 to 1514 of `length` octets in all; each octet of the payload tells where it stands. */
static inline void make_datagram(uint8_t *datagram, uint32_t length)
{
    struct build build = {.length = 0};
    put_hex(&build, "0202 05ea 0000 0000");
    set16(&build, 4, length);
    memcpy(datagram, build.data, 8);
    for (uint32_t i = 8; i < length; i++)
        datagram[i] = (uint8_t)(i / 8 + i);
}

/* One fragment: its place, and how much of it was captured. */
struct part {
    uint32_t from, to;
    bool more;
    uint32_t captured; /* 0: all */
};

static inline enum fragments_result add(struct bench *bench, int version, uint32_t id, const uint8_t *datagram,
                                 struct part part)
{
    struct build build = {.length = 0};
    uint32_t length = part.to - part.from;
    if (version == 4) {
        put_ipv4(&build, 17, length, id, part.from / 8 | (part.more ? 0x2000 : 0));
    } else {
        put_ipv6(&build, 44, 8 + length);
        put_hex(&build, "11 00");
        put16(&build, part.from | part.more);
        put32(&build, id);
    }
    uint32_t header = build.length;
    put(&build, datagram + part.from, length);
    uint32_t captured = part.captured > 0 ? header + part.captured : build.length;
    free(bench->data);
    bench->data = exactly(build.data, captured);
    struct frame frame = {.number = ++bench->frame,
                          .seconds = (int64_t)(bench->now / SECOND),
                          .nanoseconds = (uint32_t)(bench->now % SECOND),
                          .precision = 6};
    assert_int_equal(packet_parse(101, bench->data, captured, build.length, &bench->packet), PACKET_FRAGMENT);
    return fragments_add(bench->fragments, &frame, &bench->packet);
}

static inline void check_complete(const struct bench *bench, const uint8_t *datagram, uint32_t length)
{
    const struct packet *packet = &bench->packet;
    assert_int_equal(packet->kind, PACKET_UDP);
    assert_true(packet->reassembled && packet->has_ports);
    assert_int_equal(packet->src_port, 514);
    assert_int_equal(packet->dst_port, 1514);
    assert_int_equal(packet->fault, PACKET_WHOLE);
    assert_int_equal(packet->payload_wire, length - 8);
    assert_int_equal(packet->payload_captured, length - 8);
    assert_memory_equal(packet->payload, datagram + 8, length - 8);
}

#endif
