/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet.h"

#include <string.h>

#include "octets.h"
#include "tunnel.h"
#include "words.h"

enum protocol {
    PROTOCOL_HOP_OPTIONS = 0,
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_ICMP6 = 58,
    PROTOCOL_OPTIONS = 60,
    PROTOCOL_MOBILITY = 135,
    PROTOCOL_HIP = 139,
    PROTOCOL_SHIM6 = 140
};

static void set_payload(const struct octets *octets, struct packet *packet)
{
    packet->payload = octets->at;
    packet->payload_offset = (uint32_t)(octets->at - octets->base);
    packet->payload_captured = octets->captured;
    packet->payload_wire = octets->wire;
    if (octets->captured < octets->wire && packet->fault == PACKET_WHOLE)
        fail(packet, PACKET_CUT, PACKET_PAYLOAD);
}

/* Transport: each step gets the octets of its header and what follows, and sets kind and payload. */

static void set_ports(const struct octets *octets, struct packet *packet)
{
    if (octets->captured < 4)
        return;
    packet->src_port = be16(octets->at);
    packet->dst_port = be16(octets->at + 2);
    packet->has_ports = true;
}

static void parse_udp(struct octets *octets, struct packet *packet)
{
    set_ports(octets, packet);
    if (!need(octets, 8, packet, PACKET_TRANSPORT))
        return;
    uint32_t length = be16(octets->at + 4);
    if (length > octets->wire || (length > 0 && length < 8))
        fail(packet, PACKET_BAD, PACKET_TRANSPORT);
    else if (length >= 8)
        limit(octets, length);
    packet->kind = PACKET_UDP;
    packet->transport_captured = octets->captured;
    packet->transport_wire = octets->wire;
    advance(octets, 8);
    if (length > 0 && length < 8)
        limit(octets, 0);
}

static void parse_tcp(struct octets *octets, struct packet *packet)
{
    set_ports(octets, packet);
    if (!need(octets, 20, packet, PACKET_TRANSPORT))
        return;
    const uint8_t *header = octets->at;
    uint32_t length = (uint32_t)(header[12] >> 4) * 4;
    if (length < 20) {
        fail(packet, PACKET_BAD, PACKET_TRANSPORT);
        return;
    }
    if (!need(octets, length, packet, PACKET_TRANSPORT))
        return;
    packet->kind = PACKET_TCP;
    packet->tcp_seq = be32(header + 4);
    packet->tcp_ack = be32(header + 8);
    packet->tcp_flags = header[13];
    advance(octets, length);
}

static void parse_icmp(struct octets *octets, struct packet *packet)
{
    if (!need(octets, 8, packet, PACKET_TRANSPORT))
        return;
    packet->kind = packet->version == 4 ? PACKET_ICMP : PACKET_ICMP6;
    advance(octets, 8);
}

static const struct transport {
    uint8_t protocol;
    uint8_t version; /* 0: either */
    void (*parse)(struct octets *octets, struct packet *packet);
} transports[] = {
    {PROTOCOL_UDP, 0, parse_udp},
    {PROTOCOL_TCP, 0, parse_tcp},
    {PROTOCOL_ICMP, 4, parse_icmp},
    {PROTOCOL_ICMP6, 6, parse_icmp},
};

static void parse_transport(struct octets *octets, struct packet *packet)
{
    packet->kind = PACKET_IP;
    packet->transport = octets->at;
    packet->transport_captured = octets->captured;
    packet->transport_wire = octets->wire;
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++) {
        const struct transport *row = &transports[i];
        if (row->protocol == packet->protocol && (row->version == 0 || row->version == packet->version)) {
            row->parse(octets, packet);
            break;
        }
    }
    if (!tunnel_enter(octets, packet))
        set_payload(octets, packet);
}

/* Network. */

/* Octets of the extension header `header`, of which 8 are there; 0 when `protocol` is none. */
static uint32_t extension_length(const struct packet *packet, const uint8_t *header)
{
    switch (packet->protocol) {
    case PROTOCOL_AUTHENTICATION:
        return (header[1] + 2u) * 4;
    case PROTOCOL_HOP_OPTIONS:
    case PROTOCOL_ROUTING:
    case PROTOCOL_OPTIONS:
    case PROTOCOL_MOBILITY:
    case PROTOCOL_HIP:
    case PROTOCOL_SHIM6:
        return (header[1] + 1u) * 8;
    default:
        return 8;
    }
}

static bool is_extension(const struct packet *packet)
{
    switch (packet->protocol) {
    case PROTOCOL_AUTHENTICATION:
        return true;
    case PROTOCOL_HOP_OPTIONS:
    case PROTOCOL_ROUTING:
    case PROTOCOL_FRAGMENT:
    case PROTOCOL_OPTIONS:
    case PROTOCOL_MOBILITY:
    case PROTOCOL_HIP:
    case PROTOCOL_SHIM6:
        return packet->version == 6;
    default:
        return false;
    }
}

static void set_fragment(struct octets *octets, struct packet *packet)
{
    packet->kind = PACKET_FRAGMENT;
    if (packet->fragment_offset == 0 && (packet->protocol == PROTOCOL_UDP || packet->protocol == PROTOCOL_TCP))
        set_ports(octets, packet);
    set_payload(octets, packet);
}

/* Steps over the fragment header that was found to be there; false when a fragment remains. */
static bool pass_fragment_header(const uint8_t *header, struct packet *packet)
{
    uint16_t offset = be16(header + 2);
    packet->fragment_offset = offset & 0xfff8;
    packet->more_fragments = offset & 1;
    packet->ip_id = be32(header + 4);
    return packet->fragment_offset == 0 && !packet->more_fragments;
}

/* From the first header after IP: extension headers, then a fragment's part or the transport. */
static void parse_upper(struct octets *octets, struct packet *packet)
{
    packet->kind = PACKET_IP;
    for (unsigned count = 0; is_extension(packet); count++) {
        if (count == PACKET_MAX_EXTENSIONS) {
            fail(packet, PACKET_BAD, PACKET_NETWORK);
            set_payload(octets, packet);
            return;
        }
        const uint8_t *header = octets->at;
        uint32_t length = octets->captured < 8 ? 8 : extension_length(packet, header);
        if (!need(octets, length, packet, PACKET_NETWORK)) {
            set_payload(octets, packet);
            return;
        }
        bool fragment = false;
        if (packet->protocol == PROTOCOL_FRAGMENT)
            fragment = !pass_fragment_header(header, packet);
        else if (packet->protocol == PROTOCOL_ROUTING && header[3] > 0)
            packet->source_routed = true;
        packet->protocol = header[0];
        advance(octets, length);
        if (fragment && !packet->reassembled) {
            set_fragment(octets, packet);
            return;
        }
        if (fragment) {
            fail(packet, PACKET_BAD, PACKET_NETWORK);
            set_payload(octets, packet);
            return;
        }
    }
    parse_transport(octets, packet);
}

static void parse_ipv4(struct octets *octets, struct packet *packet)
{
    const uint8_t *header = octets->at;
    packet->network = header;
    if (!need(octets, 20, packet, PACKET_NETWORK))
        return;
    uint32_t length = (header[0] & 15u) * 4;
    uint32_t total = be16(header + 2);
    if (total == 0)
        total = octets->wire;
    if (header[0] >> 4 != 4 || length < 20 || total < length) {
        fail(packet, PACKET_BAD, PACKET_NETWORK);
        return;
    }
    uint16_t fragment = be16(header + 6);
    packet->version = 4;
    packet->ip_id = be16(header + 4);
    packet->dont_fragment = (fragment & 0x4000) != 0;
    packet->more_fragments = (fragment & 0x2000) != 0;
    packet->fragment_offset = (uint16_t)((fragment & 0x1fff) * 8);
    packet->ttl = header[8];
    packet->protocol = header[9];
    memcpy(packet->src, header + 12, 4);
    memcpy(packet->dst, header + 16, 4);
    if (!need(octets, length, packet, PACKET_NETWORK))
        return;
    limit(octets, total);
    advance(octets, length);
    if (packet->more_fragments || packet->fragment_offset > 0)
        set_fragment(octets, packet);
    else
        parse_upper(octets, packet);
}

static void parse_ipv6(struct octets *octets, struct packet *packet)
{
    const uint8_t *header = octets->at;
    packet->network = header;
    if (!need(octets, 40, packet, PACKET_NETWORK))
        return;
    if (header[0] >> 4 != 6) {
        fail(packet, PACKET_BAD, PACKET_NETWORK);
        return;
    }
    uint32_t length = be16(header + 4);
    packet->version = 6;
    packet->protocol = header[6];
    packet->ttl = header[7];
    memcpy(packet->src, header + 8, 16);
    memcpy(packet->dst, header + 24, 16);
    if (length > 0)
        limit(octets, 40 + length);
    advance(octets, 40);
    parse_upper(octets, packet);
}

static void parse_arp(struct octets *octets, struct packet *packet)
{
    packet->kind = PACKET_ARP;
    packet->network = octets->at;
    set_payload(octets, packet);
}

void packet_parse_network(struct octets *octets, struct packet *packet)
{
    packet->network_offset = (uint32_t)(octets->at - octets->base);
    switch (packet->ethertype) {
    case ETHERTYPE_IPV4:
        parse_ipv4(octets, packet);
        break;
    case ETHERTYPE_IPV6:
        parse_ipv6(octets, packet);
        break;
    case ETHERTYPE_ARP:
        parse_arp(octets, packet);
        break;
    default:
        break;
    }
}

bool packet_parse_whole_udp(const uint8_t *data, uint32_t network, uint32_t captured, struct packet *packet)
{
    enum { IP = 20, UDP = 8 };
    const uint8_t *ip = data + network, *udp = ip + IP;
    if (captured < network + IP + UDP || ip[0] != 0x45 || ip[9] != PROTOCOL_UDP || (be16(ip + 6) & 0x3fff) != 0)
        return false;
    uint32_t total = be16(ip + 2), length = be16(udp + 4);
    if (total > captured - network || total != IP + length || length < UDP || tunnel_port(be16(udp + 2)))
        return false;
    memset(packet, 0, sizeof *packet);
    packet->ethertype = ETHERTYPE_IPV4;
    packet->network = ip;
    packet->network_offset = network;
    packet->version = 4;
    packet->ip_id = be16(ip + 4);
    packet->dont_fragment = (ip[6] & 0x40) != 0;
    packet->ttl = ip[8];
    packet->protocol = PROTOCOL_UDP;
    memcpy(packet->src, ip + 12, 4);
    memcpy(packet->dst, ip + 16, 4);
    packet->kind = PACKET_UDP;
    packet->transport = udp;
    packet->transport_captured = packet->transport_wire = length;
    packet->src_port = be16(udp);
    packet->dst_port = be16(udp + 2);
    packet->has_ports = true;
    packet->payload = udp + UDP;
    packet->payload_offset = network + IP + UDP;
    packet->payload_captured = packet->payload_wire = length - UDP;
    return true;
}

enum packet_kind packet_parse_ip(const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet)
{
    struct octets octets = octets_of(data, captured, wire);
    memset(packet, 0, sizeof *packet);
    if (!need(&octets, 1, packet, PACKET_NETWORK))
        return PACKET_NONE;
    packet->ethertype = ethertype_of_version(data[0]);
    packet_parse_network(&octets, packet);
    return (enum packet_kind)packet->kind;
}

enum packet_kind packet_parse_transport(const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet)
{
    struct octets octets = octets_of(data, captured, wire);
    packet->fault = PACKET_WHOLE;
    packet->fault_layer = PACKET_LINK;
    packet->has_ports = false;
    packet->src_port = packet->dst_port = 0;
    parse_upper(&octets, packet);
    return (enum packet_kind)packet->kind;
}

/* One's complement: what is carried out at the top comes in at the bottom. */
static inline uint64_t add_word(uint64_t sum, uint64_t word)
{
    sum += word;
    return sum + (sum < word);
}

/* The one's complement sum of RFC 1071, several of its 16-bit words at once and not yet folded. The words are taken as they lie in memory: whether the
 * sum is all ones does not depend on which octet is the upper one. There are at least eight octets. */
static inline uint64_t add_words(uint64_t sum, const uint8_t *at, uint32_t length)
{
    static const uint8_t last[2 * sizeof sum] = {[sizeof sum] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    uint64_t other = 0;
    for (; length >= 2 * sizeof sum; at += 2 * sizeof sum, length -= 2 * (uint32_t)sizeof sum) { /* two sums: neither waits for the other */
        sum = add_word(sum, word64_at(at));
        other = add_word(other, word64_at(at + sizeof sum));
    }
    if (length >= sizeof sum) {
        sum = add_word(sum, word64_at(at));
        at += sizeof sum;
        length -= (uint32_t)sizeof sum;
    }
    /* The rest at once: the eight octets that end with it, less those that are summed already; turned by one where it begins inside a 16-bit word. */
    uint64_t rest = word64_at(at + length - sizeof sum) & word64_at(last + length);
    unsigned turn = length % 2 * 8;
    return add_word(add_word(sum, rest >> turn | rest << (-turn % 64)), other);
}

static uint64_t folded(uint64_t sum)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static bool sums_up(uint64_t sum) { return folded(sum) == 0xffff; }

enum checksum packet_ip_checksum(const struct packet *packet)
{
    if (packet->version != 4 || packet->kind == PACKET_NONE)
        return CHECKSUM_UNCHECKABLE;
    uint32_t length = (packet->network[0] & 15u) * 4;
    return sums_up(add_words(0, packet->network, length)) ? CHECKSUM_GOOD : CHECKSUM_BAD;
}

/* Of a UDP header that is there; not yet folded. */
static inline uint64_t pseudo_header(const struct packet *packet)
{
    const uint8_t pseudo[] = {0, 0, 0, 0, 0, PROTOCOL_UDP, packet->transport[4], packet->transport[5]};
    uint64_t sum = word64_at(pseudo);
    if (packet->version == 4)
        return add_word(sum, (uint64_t)word32_at(packet->src) + word32_at(packet->dst));
    return add_words(add_words(sum, packet->src, 16), packet->dst, 16);
}

/* All octets that the checksum is over are there. */
static inline bool is_summable(const struct packet *packet)
{
    uint32_t length = be16(packet->transport + 4);
    return !packet->source_routed && length == packet->transport_wire && packet->transport_captured >= length;
}

enum checksum packet_udp_checksum(const struct packet *packet)
{
    if (packet->kind != PACKET_UDP)
        return CHECKSUM_UNCHECKABLE;
    const uint8_t *header = packet->transport;
    if (header[6] == 0 && header[7] == 0)
        return CHECKSUM_ABSENT;
    if (!is_summable(packet))
        return CHECKSUM_UNCHECKABLE;
    return sums_up(add_words(pseudo_header(packet), header, be16(header + 4))) ? CHECKSUM_GOOD : CHECKSUM_BAD;
}

bool packet_udp_unfinished(const struct packet *packet)
{
    uint16_t field;
    memcpy(&field, packet->transport + 6, sizeof field);
    return folded(pseudo_header(packet)) == field;
}

uint16_t packet_udp_sent_checksum(const struct packet *packet)
{
    const uint8_t *header = packet->transport;
    uint16_t found = be16(header + 6), sent;
    if (!packet_udp_unfinished(packet) || !is_summable(packet))
        return found;
    sent = (uint16_t)~folded(add_words(0, header, be16(header + 4))); /* the card sums up what is in the field, too */
    return sent ? be16((const uint8_t *)&sent) : UINT16_MAX;
}
