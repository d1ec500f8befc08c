/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "link.h"

#include <string.h>

#include "octets.h"

/* Link: each step consumes its header and sets packet->ethertype; false when that is not possible. */

static const struct tag {
    uint16_t ethertype;
    uint8_t length; /* octets between this ethertype and the end of the next */
    bool vlan;      /* the first two octets hold a VLAN ID */
} tags[] = {
    {0x8100, 4, true},  /* IEEE 802.1Q */
    {0x88a8, 4, true},  /* IEEE 802.1ad */
    {0x9100, 4, true},  /* QinQ before 802.1ad */
    {0x9200, 4, true},  /* likewise */
    {0x8909, 8, false}, /* Cisco MetaData: version, length, option, SGT */
};

static const struct tag *find_tag(uint16_t ethertype)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tags[i].ethertype == ethertype)
            return &tags[i];
    return NULL;
}

static bool pass_tags(struct octets *octets, struct packet *packet)
{
    for (unsigned depth = 0;; depth++) {
        const struct tag *tag = find_tag(packet->ethertype);
        if (tag == NULL)
            return true;
        if (depth == PACKET_MAX_VLANS)
            return fail(packet, PACKET_BAD, PACKET_LINK);
        if (!need(octets, tag->length, packet, PACKET_LINK))
            return false;
        if (tag->vlan)
            packet->vlan[packet->vlans++] = be16(octets->at) & 0x0fff;
        packet->ethertype = be16(octets->at + tag->length - 2);
        advance(octets, tag->length);
    }
}

/* LLC with SNAP, OUI 0 or 0000F8: the ethertype follows. Any other LLC is no IP. */
static bool pass_llc(struct octets *octets, struct packet *packet)
{
    static const uint8_t snap[] = {0xaa, 0xaa, 0x03, 0x00, 0x00};
    if (packet->ethertype > 0)
        limit(octets, min32(octets->wire, packet->ethertype));
    packet->ethertype = 0;
    if (!need(octets, 8, packet, PACKET_LINK))
        return false;
    if (memcmp(octets->at, snap, sizeof snap) != 0 || (octets->at[5] != 0 && octets->at[5] != 0xf8))
        return true;
    packet->ethertype = be16(octets->at + 6);
    advance(octets, 8);
    return true;
}

/* The protocol number of PPP, one octet when it is odd (RFC 1661 section 6.5). */
static bool pass_ppp_protocol(struct octets *octets, struct packet *packet)
{
    packet->ethertype = 0;
    if (!need(octets, 1, packet, PACKET_LINK))
        return false;
    uint32_t length = octets->at[0] & 1 ? 1 : 2;
    if (!need(octets, length, packet, PACKET_LINK))
        return false;
    uint16_t protocol = length == 1 ? octets->at[0] : be16(octets->at);
    advance(octets, length);
    if (protocol == 0x0021)
        packet->ethertype = ETHERTYPE_IPV4;
    else if (protocol == 0x0057)
        packet->ethertype = ETHERTYPE_IPV6;
    return true;
}

static bool pass_pppoe(struct octets *octets, struct packet *packet)
{
    packet->ethertype = 0;
    if (!need(octets, 6, packet, PACKET_LINK))
        return false;
    uint32_t length = be16(octets->at + 4);
    bool session = octets->at[0] == 0x11 && octets->at[1] == 0;
    advance(octets, 6);
    if (!session)
        return true;
    limit(octets, min32(octets->wire, length));
    return pass_ppp_protocol(octets, packet);
}

/* A label stack (RFC 3032). What it carries is not said; an IP header tells by its version. */
static bool pass_mpls(struct octets *octets, struct packet *packet)
{
    enum { BOTTOM = 1 };
    bool bottom = false;
    for (unsigned depth = 0; !bottom; depth++) {
        if (depth == PACKET_MAX_LABELS)
            return fail(packet, PACKET_BAD, PACKET_LINK);
        if (!need(octets, 4, packet, PACKET_LINK))
            return false;
        bottom = octets->at[2] & BOTTOM;
        advance(octets, 4);
    }
    if (!need(octets, 1, packet, PACKET_LINK))
        return false;
    uint16_t ethertype = ethertype_of_version(octets->at[0]);
    packet->ethertype = ethertype ? ethertype : packet->ethertype;
    return true;
}

static const struct carrier {
    uint16_t ethertype;
    bool (*pass)(struct octets *octets, struct packet *packet);
} carriers[] = {
    {ETHERTYPE_PPPOE, pass_pppoe},
    {0x8847, pass_mpls}, /* MPLS */
    {0x8848, pass_mpls}, /* MPLS, multicast or with a label of the next hop's (RFC 5332) */
};

/* What may follow an ethertype field before the network header. */
static bool pass_ethertype(struct octets *octets, struct packet *packet)
{
    if (!pass_tags(octets, packet))
        return false;
    if (packet->ethertype < ETHERTYPE_LOWEST)
        return pass_llc(octets, packet);
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
        if (carriers[i].ethertype == packet->ethertype)
            return carriers[i].pass(octets, packet);
    return true;
}

static bool link_fixed(struct octets *octets, struct packet *packet, uint32_t length, uint32_t at)
{
    if (!need(octets, length, packet, PACKET_LINK))
        return false;
    packet->ethertype = be16(octets->at + at);
    advance(octets, length);
    return true;
}

bool link_ethernet(struct octets *octets, struct packet *packet)
{
    if (!link_fixed(octets, packet, 14, 12))
        return false;
    return pass_ethertype(octets, packet);
}

/* Cooked frames have no length field: a protocol below 0x600 is LLC (4) or nothing for us. */
static bool pass_cooked(struct octets *octets, struct packet *packet)
{
    if (packet->ethertype >= ETHERTYPE_LOWEST)
        return pass_ethertype(octets, packet);
    bool llc = packet->ethertype == 4;
    packet->ethertype = 0;
    return llc ? pass_llc(octets, packet) : true;
}

static bool link_cooked(struct octets *octets, struct packet *packet)
{
    return link_fixed(octets, packet, 16, 14) && pass_cooked(octets, packet);
}

static bool link_cooked2(struct octets *octets, struct packet *packet)
{
    return link_fixed(octets, packet, 20, 0) && pass_cooked(octets, packet);
}

static bool link_cisco_hdlc(struct octets *octets, struct packet *packet)
{
    return link_fixed(octets, packet, 4, 2) && pass_cooked(octets, packet);
}

static bool link_raw(struct octets *octets, struct packet *packet)
{
    if (!need(octets, 1, packet, PACKET_LINK))
        return false;
    packet->ethertype = ethertype_of_version(octets->at[0]);
    return true;
}

/* An address family in the byte order of the host that captured, or in network order. */
static bool link_null(struct octets *octets, struct packet *packet)
{
    static const struct {
        uint8_t family;
        uint16_t ethertype;
    } families[] = {
        {2, ETHERTYPE_IPV4},  /* everywhere */
        {10, ETHERTYPE_IPV6}, /* Linux */
        {23, ETHERTYPE_IPV6}, /* Windows */
        {24, ETHERTYPE_IPV6}, /* NetBSD, OpenBSD */
        {28, ETHERTYPE_IPV6}, /* FreeBSD */
        {30, ETHERTYPE_IPV6}, /* macOS */
    };
    if (!need(octets, 4, packet, PACKET_LINK))
        return false;
    uint32_t family = be32(octets->at);
    uint32_t swapped =
        (uint32_t)octets->at[3] << 24 | (uint32_t)octets->at[2] << 16 | (uint32_t)octets->at[1] << 8 | octets->at[0];
    advance(octets, 4);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (families[i].family == family || families[i].family == swapped)
            packet->ethertype = families[i].ethertype;
    return true;
}

/* PPP, with or without the HDLC address and control octets (RFC 1662); Cisco HDLC looks alike. */
static bool link_ppp(struct octets *octets, struct packet *packet)
{
    if (!need(octets, 2, packet, PACKET_LINK))
        return false;
    unsigned start = be16(octets->at);
    if (start == 0x0f00 || start == 0x8f00)
        return link_cisco_hdlc(octets, packet);
    if (start == 0xff03)
        advance(octets, 2);
    return pass_ppp_protocol(octets, packet);
}

static bool link_ppp_direction(struct octets *octets, struct packet *packet)
{
    if (!need(octets, 1, packet, PACKET_LINK))
        return false;
    advance(octets, 1);
    return link_ppp(octets, packet);
}

static const struct link {
    int type;
    bool (*parse)(struct octets *octets, struct packet *packet);
} links[] = {
    {LINKTYPE_ETHERNET, link_ethernet},
    {LINKTYPE_LINUX_SLL, link_cooked},
    {LINKTYPE_LINUX_SLL2, link_cooked2},
    {101, link_raw},           /* RAW */
    {12, link_raw},            /* DLT_RAW */
    {14, link_raw},            /* DLT_RAW of OpenBSD */
    {228, link_raw},           /* IPV4 */
    {229, link_raw},           /* IPV6 */
    {0, link_null},            /* NULL */
    {108, link_null},          /* LOOP */
    {9, link_ppp},             /* PPP */
    {50, link_ppp},            /* PPP_HDLC */
    {51, pass_pppoe},          /* PPP_ETHER */
    {204, link_ppp_direction}, /* PPP_WITH_DIR */
    {104, link_cisco_hdlc},    /* C_HDLC */
};

static const struct link *find_link(int link_type)
{
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (links[i].type == link_type)
            return &links[i];
    return NULL;
}

int link_type_at(size_t index) { return index < sizeof links / sizeof *links ? links[index].type : -1; }

bool link_supported(int link_type) { return find_link(link_type) != NULL; }

enum packet_kind packet_parse_layers(int link_type, const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet)
{
    struct octets octets = octets_of(data, captured, wire);
    const struct link *link = find_link(link_type);
    memset(packet, 0, sizeof *packet);
    if (link == NULL)
        fail(packet, PACKET_UNKNOWN_LINK, PACKET_LINK);
    else if (link->parse(&octets, packet))
        packet_parse_network(&octets, packet);
    return (enum packet_kind)packet->kind;
}

enum packet_kind packet_parse(int link_type, const uint8_t *data, uint32_t captured, uint32_t wire, struct packet *packet)
{
    enum { HEADER = 14 };
    if (link_type == LINKTYPE_ETHERNET && captured >= HEADER && be16(data + HEADER - 2) == ETHERTYPE_IPV4 &&
        packet_parse_whole_udp(data, HEADER, captured, packet))
        return PACKET_UDP;
    return packet_parse_layers(link_type, data, captured, wire, packet);
}
