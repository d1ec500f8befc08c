/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of one packet, from its network header to the payload of its transport protocol.
 *
 * Nothing read from a packet is believed before it was compared with the octets that are there.
 * RFC 791 and 8200 (IP), 768 (UDP), 9293 (TCP), 792 and 4443 (ICMP), 826 (ARP).
 *
 * Decisions where headers disagree: the IP total length (payload length) ends the packet, octets
 * after it are padding; a total length of 0 (segmentation offload) means up to the end of the frame;
 * a packet longer than the frame on the wire counts as cut. The UDP length ends the payload; 0
 * (RFC 2675) means up to the end of the IP payload; a UDP length beyond the IP payload is
 * PACKET_BAD, PACKET_TRANSPORT, and the payload is what IP carries; below 8 there is no payload.
 * An IPv6 fragment header with offset 0 and no more fragments (RFC 6946) is passed over.
 */
#ifndef FTDPCAP_PACKET_H
#define FTDPCAP_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#define PACKET_MAX_VLANS 8
#define PACKET_MAX_LABELS 16
#define PACKET_MAX_EXTENSIONS 16
#define PACKET_MAX_TUNNELS 4

/* What a frame turned out to hold: the innermost thing that could be located. */
enum packet_kind {
    PACKET_NONE,     /* nothing this parser knows (see ethertype), or the headers are not there */
    PACKET_ARP,      /* network and payload point to the ARP packet */
    PACKET_IP,       /* another protocol over IP, or its header is cut or malformed (see fault) */
    PACKET_FRAGMENT, /* payload is the fragment's part of the datagram: see fragments.h */
    PACKET_UDP,
    PACKET_TCP,
    PACKET_ICMP, /* payload is what follows the first 8 octets: the quoted datagram of errors */
    PACKET_ICMP6 /* as PACKET_ICMP */
};

/* Why a packet is less than it should be, and where that was found out (packet.fault_layer). */
enum packet_fault {
    PACKET_WHOLE,
    PACKET_CUT,         /* octets named by a header were not captured, usually the snap length */
    PACKET_BAD,         /* a header contradicts itself or the one around it */
    PACKET_UNKNOWN_LINK /* no row for this link type */
};

enum packet_layer { PACKET_LINK, PACKET_NETWORK, PACKET_TRANSPORT, PACKET_PAYLOAD };

/*
 * One packet. Pointers are borrowed from the frame, or from the reassembly buffer when `reassembled`
 * is set. A field is zero or NULL while its layer was not reached. Ports are in host byte order.
 */
struct packet {
    const uint8_t *network;      /* IP or ARP header */
    const uint8_t *transport;    /* UDP, TCP, ICMP header */
    const uint8_t *payload;      /* not NULL from PACKET_ARP on; may have length 0 */
    uint32_t payload_captured;   /* octets at payload */
    uint32_t payload_wire;       /* octets on the wire, without link padding; >= payload_captured */
    uint32_t network_offset;     /* of the network header in the frame */
    uint32_t payload_offset;     /* of the payload in the frame, or in the reassembled datagram */
    uint32_t transport_captured; /* octets at transport, up to the end of the IP payload */
    uint32_t transport_wire;

    uint8_t kind;        /* enum packet_kind */
    uint8_t fault;       /* enum packet_fault */
    uint8_t fault_layer; /* enum packet_layer, meaningful unless PACKET_WHOLE */

    uint8_t version;  /* 4 or 6; 0: not IP */
    uint8_t ttl;      /* or hop limit */
    uint8_t protocol; /* of the transport header; of a fragment: as its header says */
    uint8_t src[16];  /* IPv4: 4 octets, then zeros */
    uint8_t dst[16];

    uint32_t ip_id;           /* IPv4: 16 bits; IPv6: of the fragment header, else 0 */
    uint16_t fragment_offset; /* octets */
    bool more_fragments;
    bool dont_fragment;
    bool reassembled;   /* set by fragments_add() */
    bool source_routed; /* dst is not the final one: the UDP checksum cannot be checked */

    uint16_t src_port; /* UDP, TCP, and first fragments of these that hold the ports */
    uint16_t dst_port;
    bool has_ports;

    uint8_t tcp_flags; /* FIN 0x01 SYN 0x02 RST 0x04 PSH 0x08 ACK 0x10 */
    uint32_t tcp_seq;
    uint32_t tcp_ack;

    uint16_t ethertype;              /* the innermost; 0 when the link layer has none */
    uint8_t vlans;                   /* entries of vlan[] */
    uint8_t tunnels;                 /* that it came out of, see tunnel.h */
    uint16_t vlan[PACKET_MAX_VLANS]; /* VLAN IDs, 0 to 4095, outermost first */
};

/*
 * As packet_parse() for octets that begin with an IP header, such as the datagram that an ICMP error
 * quotes: packet_parse_ip(p->payload, p->payload_captured, p->payload_wire, &quoted).
 */
enum packet_kind packet_parse_ip(const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet);

/*
 * Runs the transport part on the octets of a reassembled datagram: `packet` is that of any of its
 * fragments with `protocol` set; addresses, id and ttl stay. Used by fragments_add().
 */
enum packet_kind packet_parse_transport(const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet);

enum checksum {
    CHECKSUM_GOOD,
    CHECKSUM_BAD,
    CHECKSUM_ABSENT,     /* UDP: zero. Legal over IPv4; over IPv6 only in tunnels (RFC 6935) */
    CHECKSUM_UNCHECKABLE /* cut, source routed, a fragment, or no such header */
};

/* The IPv4 header checksum (RFC 791). IPv6 has none: CHECKSUM_UNCHECKABLE. */
enum checksum packet_ip_checksum(const struct packet *packet);

/* The UDP checksum with its pseudo header (RFC 768, RFC 8200 section 8.1). */
enum checksum packet_udp_checksum(const struct packet *packet);

/* Of a packet with a whole UDP header: whether its checksum is what a driver leaves there for the network card, the pseudo header's sum, not
 * inverted; and the checksum that the card sends: the one found, unless that is unfinished and can be finished here. */
bool packet_udp_unfinished(const struct packet *packet);
uint16_t packet_udp_sent_checksum(const struct packet *packet);

#endif
