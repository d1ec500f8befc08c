/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets that carry packets: how mirrored traffic comes from switches (ERSPAN) and clouds (VXLAN, Geneve), and how networks are joined (GRE, IP in IP).
 * What is inside is the packet; nothing of what carried it stays, except that it was put together from fragments.
 *
 * RFC 7348 (VXLAN), 8926 (Geneve), 2784 and 2890 (GRE), draft-foschiano-erspan-03 (ERSPAN), RFC 2003, 2473 and 4213 (IP in IP).
 */
#ifndef FTDPCAP_TUNNEL_H
#define FTDPCAP_TUNNEL_H

#include "octets.h"

/* VXLAN's second one is as Linux numbered it first. */
enum { PORT_VXLAN = 4789, PORT_VXLAN_LINUX = 8472, PORT_GENEVE = 6081 };

/* UDP to this port may carry packets. */
static inline bool tunnel_port(uint16_t port) { return port == PORT_VXLAN || port == PORT_VXLAN_LINUX || port == PORT_GENEVE; }

/*
 * OCTETS are what the transport of *packet carries. When that is a packet, *packet becomes it. False: it is none, or one whose headers are not there or
 * wrong, or tunnels are in tunnels more than PACKET_MAX_TUNNELS deep; and *packet is as it was.
 */
bool tunnel_enter(const struct octets *octets, struct packet *packet);

#endif
