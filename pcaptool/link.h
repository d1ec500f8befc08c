/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the octets of a frame to the payload of its transport protocol, without copying.
 *
 *     frame ──► link type ──► tags, PPPoE, MPLS, SNAP ──► packet.h: IP, extension headers ──► UDP, TCP, …
 *                                                                                              └─► tunnel.h: the packet inside
 *
 * Link types: tcpdump.org/linktypes.html. IEEE 802.3, 802.1Q and 802.1ad, RFC 2516 (PPPoE), 1661 and
 * 1662 (PPP), 3032 (MPLS).
 */
#ifndef FTDPCAP_LINK_H
#define FTDPCAP_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet.h"

enum { LINKTYPE_ETHERNET = 1, LINKTYPE_LINUX_SLL = 113, LINKTYPE_LINUX_SLL2 = 276 };

/* Whether packet_parse() has a row for this link type. DLT_RAW's 12 and 14 count as LINKTYPE_RAW. */
bool link_supported(int link_type);

/* The rows' link types, from 0; -1 behind the last. */
int link_type_at(size_t index);

/*
 * Parses one frame into *packet, every field of which is set. `wire` below `captured` counts as
 * `captured`. Returns packet->kind.
 */
enum packet_kind packet_parse(int link_type, const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet);

/* The same without the short way that nearly all frames go: layer by layer. */
enum packet_kind packet_parse_layers(int link_type, const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet);

#endif
