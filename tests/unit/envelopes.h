/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames around a message, and what holds for every packet that is read from one. */
#ifndef UNIT_ENVELOPES_H
#define UNIT_ENVELOPES_H

#include "frames.h"

#include "link.h"

#define ETHERNET "020000000001 020000000002 "
#define HELLO "<166>%FTD-6-1: x"

/* What stands before an IP header, and what must be found in it. */
struct envelope {
    const char *name;
    int link_type;
    const char *octets;
    int version;
    uint16_t vlan[3];
    uint8_t vlans;
};

static inline void put_envelope(struct build *build, const struct envelope *envelope)
{
    put_hex(build, envelope->octets);
    if (envelope->version == 4)
        put_ipv4_udp(build, HELLO);
    else
        put_ipv6_udp(build, HELLO);
}

/* What holds for every packet, whatever the frame was. */
static inline void check_bounds(const struct packet *packet, const uint8_t *data, uint32_t captured)
{
    const uint8_t *end = data + captured;
    assert_true(packet->payload_captured <= packet->payload_wire);
    assert_true(packet->vlans <= PACKET_MAX_VLANS);
    if (packet->kind >= PACKET_ARP)
        assert_non_null(packet->payload);
    if (packet->payload != NULL) {
        assert_true(packet->payload >= data && packet->payload <= end);
        assert_true(packet->payload_captured <= (size_t)(end - packet->payload));
        assert_ptr_equal(packet->payload, data + packet->payload_offset);
    }
    if (packet->transport != NULL)
        assert_true(packet->transport_captured <= (size_t)(end - packet->transport));
    if (packet->kind >= PACKET_IP)
        assert_true(packet->version == 4 || packet->version == 6);
    if (packet->kind == PACKET_UDP)
        assert_true(packet->has_ports);
    packet_ip_checksum(packet);
    packet_udp_checksum(packet);
}

/* Parses an exactly sized copy of the frame, the short way and layer by layer. The packet's pointers are dead afterwards. */
static inline struct packet parse(int link_type, const void *frame, uint32_t captured, uint32_t wire)
{
    struct packet packet, layers;
    uint8_t *data = exactly(frame, captured);
    enum packet_kind kind = packet_parse(link_type, data, captured, wire, &packet);
    assert_int_equal(kind, packet.kind);
    packet_parse_layers(link_type, data, captured, wire, &layers);
    assert_memory_equal(&packet, &layers, sizeof packet);
    check_bounds(&packet, data, captured);
    free(data);
    return packet;
}

static inline struct packet parse_build(int link_type, const struct build *build)
{
    return parse(link_type, build->data, build->length, build->length);
}

#endif
