/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tunnel.h"

#include "link.h"

/* Each consumes the header of its tunnel, and finds what is behind it: an Ethernet frame, or the packet that an ethertype names. */

static bool skip(struct octets *octets, uint32_t length)
{
    if (octets->captured < length)
        return false;
    advance(octets, length);
    return true;
}

static bool enter_ip(struct octets *octets, struct packet *inner)
{
    inner->ethertype = octets->captured ? ethertype_of_version(octets->at[0]) : 0;
    return true;
}

/* 1: an index and a direction in 8 octets, but none where GRE counts nothing (type I). */
static bool enter_erspan(struct octets *octets, struct packet *inner, bool numbered)
{
    if (numbered && (octets->captured < 8 || octets->at[0] >> 4 != 1 || !skip(octets, 8)))
        return false;
    return link_ethernet(octets, inner);
}

/* Version 2: 12 octets, 8 more where the last bit says so; the frame type is Ethernet or IP. */
static bool enter_erspan3(struct octets *octets, struct packet *inner)
{
    enum { ETHERNET = 0, IP = 2 };
    if (octets->captured < 12 || octets->at[0] >> 4 != 2)
        return false;
    unsigned type = octets->at[10] >> 2 & 0x1f;
    if (!skip(octets, octets->at[11] & 1 ? 20 : 12))
        return false;
    return type == ETHERNET ? link_ethernet(octets, inner) : type == IP && enter_ip(octets, inner);
}

static bool enter_ethertype(struct octets *octets, struct packet *inner, uint16_t ethertype)
{
    inner->ethertype = ethertype;
    return ethertype == ETHERTYPE_BRIDGED ? link_ethernet(octets, inner) : ethertype == ETHERTYPE_IPV4 || ethertype == ETHERTYPE_IPV6;
}

static bool enter_gre(struct octets *octets, struct packet *inner)
{
    enum { CHECKSUM = 0x8000, KEY = 0x2000, NUMBER = 0x1000, OTHERS = 0x4fff, ERSPAN = 0x88be, ERSPAN_3 = 0x22eb };
    if (octets->captured < 4)
        return false;
    unsigned flags = be16(octets->at);
    uint16_t type = be16(octets->at + 2);
    uint32_t words = 1u + !!(flags & CHECKSUM) + !!(flags & KEY) + !!(flags & NUMBER);
    if (flags & OTHERS || !skip(octets, 4 * words))
        return false;
    if (type == ERSPAN)
        return enter_erspan(octets, inner, flags & NUMBER);
    return type == ERSPAN_3 ? enter_erspan3(octets, inner) : enter_ethertype(octets, inner, type);
}

/* Of the flags, a network is named; a group policy may be. */
static bool enter_vxlan(struct octets *octets, struct packet *inner)
{
    enum { NETWORK = 0x08, POLICY = 0x80 };
    return octets->captured >= 8 && (octets->at[0] & ~POLICY) == NETWORK && skip(octets, 8) && link_ethernet(octets, inner);
}

static bool enter_geneve(struct octets *octets, struct packet *inner)
{
    if (octets->captured < 8 || octets->at[0] >> 6 != 0)
        return false;
    uint32_t options = (octets->at[0] & 0x3fu) * 4;
    uint16_t type = be16(octets->at + 2);
    return skip(octets, 8 + options) && enter_ethertype(octets, inner, type);
}

static const struct tunnel {
    uint8_t protocol;
    uint16_t port; /* of UDP */
    bool (*enter)(struct octets *octets, struct packet *inner);
} tunnels[] = {
    {4, 0, enter_ip},   /* IPv4 */
    {41, 0, enter_ip},  /* IPv6 */
    {47, 0, enter_gre}, /* GRE */
    {17, PORT_VXLAN, enter_vxlan},
    {17, PORT_VXLAN_LINUX, enter_vxlan},
    {17, PORT_GENEVE, enter_geneve},
};

bool tunnel_enter(const struct octets *octets, struct packet *packet)
{
    uint16_t port = packet->kind == PACKET_UDP ? packet->dst_port : 0;
    for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels && packet->tunnels < PACKET_MAX_TUNNELS; i++) {
        if (tunnels[i].protocol != packet->protocol || tunnels[i].port != port)
            continue;
        struct octets inside = *octets;
        struct packet inner = {.tunnels = (uint8_t)(packet->tunnels + 1)};
        if (!tunnels[i].enter(&inside, &inner))
            return false;
        packet_parse_network(&inside, &inner);
        inner.reassembled = packet->reassembled; /* only now: a fragment inside is one */
        if (inner.kind != PACKET_NONE)
            *packet = inner;
        return inner.kind != PACKET_NONE;
    }
    return false;
}
