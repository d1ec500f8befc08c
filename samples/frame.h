/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a payload to frames:
 *
 *     payload ──► frame_udp: UDP datagram ──► frame_packet: one IP packet or fragment ──► frame_link: frame
 *
 * RFC 768 (UDP), 791 (IPv4), 8200 (IPv6), 2516 (PPPoE), 3032 (MPLS); those of tunnels are in pcaptool/tunnel.h; IEEE 802.1Q, 802.1ad, 802.2; tcpdump.org/linktypes.html.
 */
#ifndef MKSAMPLE_FRAME_H
#define MKSAMPLE_FRAME_H

#include <stdbool.h>

#include "buffer.h"

enum {
    FLOW_VLANS = 4,
    FLOW_EXTENSIONS = 4,
    FLOW_ORDER = 32,
    PROTOCOL_ICMP = 1,
    PROTOCOL_UDP = 17,
    PROTOCOL_ICMP6 = 58
};

struct endpoint {
    unsigned version; /* of IP: 4 or 6 */
    uint8_t address[16];
    uint16_t port;
};

enum checksum { CHECKSUM_GOOD, CHECKSUM_NONE, CHECKSUM_BAD };

/* How the datagrams of one sender go out. */
struct flow {
    char name[32];
    unsigned interface;
    struct endpoint from, to;
    uint16_t vlan[FLOW_VLANS]; /* the outermost first */
    unsigned vlans;
    bool llc;                           /* IEEE 802.3 length, LLC and SNAP instead of the ethertype */
    unsigned pppoe;                     /* session ID, or 0 */
    unsigned mpls;                      /* the outer of two labels, or 0 */
    unsigned tunnel;                    /* 0: none; else the row of the tunnel plus one */
    unsigned ttl;                       /* or hop limit */
    bool dont_fragment;                 /* IPv4 */
    uint32_t id, step;                  /* next IPv4 identification, or IPv6 fragment identification */
    uint8_t extension[FLOW_EXTENSIONS]; /* IPv6 headers of 8 octets in front of everything else */
    unsigned extensions;
    size_t fragment;            /* octets of IP payload in a fragment, or 0 */
    unsigned order[FLOW_ORDER]; /* fragments to send, from 1, in this order */
    unsigned orders;            /* 0: all */
    enum checksum udp_checksum, ip_checksum;
    size_t snaplen; /* octets of a frame to keep, or 0 */
    size_t cut;     /* octets of a message to send, or 0 */
    int64_t clock;  /* nanoseconds by which the device's clock is ahead */
};

struct link {
    const char *name; /* as in tcpdump.org/linktypes.html, without LINKTYPE_ */
    int dlt;          /* libpcap's number, which may differ from the file's */
    uint16_t linktype;
    void (*put)(struct buffer *frame, const struct flow *flow, size_t length);
};

/* NULL when there is no such link type. */
const struct link *link_find(const char *name);

/* What struct flow calls an IPv6 extension header: HOPOPTS, DSTOPTS or ROUTING; 0 when there is no such. */
uint8_t extension_find(const char *name);

/* What struct flow calls a tunnel: VXLAN, GENEVE, GRE, ERSPAN, ERSPAN3 or IP; 0 when there is no such. */
unsigned tunnel_find(const char *name);

/* Sets *datagram to a UDP datagram. */
void frame_udp(const struct flow *flow, const struct buffer *payload, struct buffer *datagram);

/* Sets *message to an ICMP or ICMPv6 error from flow->from to flow->to that quotes an IP packet. */
void frame_icmp(const struct flow *flow, const unsigned type_code_value[3], const struct buffer *quoted,
                struct buffer *message);

/* How many packets it takes to carry *datagram. */
size_t frame_count(const struct flow *flow, const struct buffer *datagram);

/* Sets *packet to the IP packet number `index`, from 0, of those. */
void frame_packet(const struct flow *flow, unsigned protocol, const struct buffer *datagram, size_t index,
                  struct buffer *packet);

/* Sets *frame to the link header and the packet, or to the tunnel with these in it. */
void frame_link(const struct link *link, const struct flow *flow, const struct buffer *packet, struct buffer *frame);

#endif
