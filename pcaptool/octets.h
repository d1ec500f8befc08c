/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Octets not yet parsed: shared by link.c, packet.c and tunnel.c, nothing else. */
#ifndef FTDPCAP_OCTETS_H
#define FTDPCAP_OCTETS_H

#include <stdbool.h>
#include <stdint.h>

#include "packet.h"

enum ethertype {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_ARP = 0x0806,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_PPPOE = 0x8864,
    ETHERTYPE_BRIDGED = 0x6558, /* an Ethernet frame */
    ETHERTYPE_LOWEST = 0x0600 /* below: a length, and LLC follows (IEEE 802.3) */
};

/* What an IP header that begins with octet `first` would have as ethertype; 0: it is none. */
static inline uint16_t ethertype_of_version(uint8_t first)
{
    return first >> 4 == 4 ? ETHERTYPE_IPV4 : first >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

/* What is left of a frame or datagram. Invariant: captured <= wire. */
struct octets {
    const uint8_t *at;
    const uint8_t *base; /* offsets count from here */
    uint32_t captured;
    uint32_t wire;
};

static inline uint16_t be16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

static inline uint32_t be32(const uint8_t *at) { return (uint32_t)be16(at) << 16 | be16(at + 2); }

static inline uint32_t min32(uint32_t a, uint32_t b) { return a < b ? a : b; }

/* Ends the octets at `wire` on the wire; never lengthens what was captured. */
static inline void limit(struct octets *octets, uint32_t wire)
{
    octets->wire = wire;
    octets->captured = min32(octets->captured, wire);
}

static inline void advance(struct octets *octets, uint32_t count)
{
    octets->at += count;
    octets->captured -= count;
    octets->wire -= count;
}

static inline bool fail(struct packet *packet, enum packet_fault fault, enum packet_layer layer)
{
    packet->fault = (uint8_t)fault;
    packet->fault_layer = (uint8_t)layer;
    return false;
}

/* Whether `count` octets are there; if not, the reason is in the packet. */
static inline bool need(const struct octets *octets, uint32_t count, struct packet *packet, enum packet_layer layer)
{
    if (octets->captured >= count)
        return true;
    return fail(packet, octets->wire < count ? PACKET_BAD : PACKET_CUT, layer);
}

static inline struct octets octets_of(const uint8_t *data, uint32_t captured, uint32_t wire)
{
    return (struct octets){data, data, captured, wire < captured ? captured : wire};
}

/* What nearly all frames are, in one step: IPv4 without options in its only fragment, UDP that fills it, and nothing of them is missing. False for
 * any other octets at DATA + NETWORK, and *packet is as it was. */
bool packet_parse_whole_udp(const uint8_t *data, uint32_t network, uint32_t captured, struct packet *packet);

/* From an Ethernet header to what packet->ethertype names behind it; false when it is not there. */
bool link_ethernet(struct octets *octets, struct packet *packet);

/* From the network header that packet->ethertype names. */
void packet_parse_network(struct octets *octets, struct packet *packet);

#endif
