/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "frame.h"

#include <pcap/dlt.h>

enum {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_SERVICE_VLAN = 0x88a8,
    ETHERTYPE_PPPOE = 0x8864,
    ETHERTYPE_MPLS = 0x8847,
    PROTOCOL_FRAGMENT = 44
};

static unsigned ethertype_of(const struct flow *flow)
{
    return flow->from.version == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
}

/* ---- Link ---- */

/* RFC 7042 sets 00-00-5E-00-53-xx aside for documents; the last octet is that of the IP address. */
static void put_mac(struct buffer *frame, const struct endpoint *endpoint)
{
    static const uint8_t documentation[] = {0x00, 0x00, 0x5e, 0x00, 0x53};
    put(frame, documentation, sizeof documentation);
    put8(frame, endpoint->address[endpoint->version == 4 ? 3 : 15]);
}

static void put_ppp(struct buffer *frame, const struct flow *flow)
{
    put16(frame, flow->from.version == 4 ? 0x0021 : 0x0057);
}

/* The PPPoE header counts the PPP protocol number. */
static void put_pppoe(struct buffer *frame, const struct flow *flow, size_t length)
{
    put16(frame, 0x1100); /* version 1, type 1, session data */
    put16(frame, flow->pppoe);
    put16(frame, length + 2);
    put_ppp(frame, flow);
}

static void put_mpls(struct buffer *frame, const struct flow *flow)
{
    enum { BOTTOM = 0x100, TTL = 64 };
    put32(frame, flow->mpls << 12 | TTL);
    put32(frame, (flow->mpls + 1) << 12 | BOTTOM | TTL);
}

/* The ethertype field and what comes between it and the IP header. */
static void put_ethertype(struct buffer *frame, const struct flow *flow, size_t length)
{
    static const uint8_t snap[] = {0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00};
    for (unsigned i = 0; i < flow->vlans; i++) {
        put16(frame, i + 1 < flow->vlans ? ETHERTYPE_SERVICE_VLAN : ETHERTYPE_VLAN);
        put16(frame, flow->vlan[i]);
    }
    if (flow->llc) {
        put16(frame, sizeof snap + 2 + length);
        put(frame, snap, sizeof snap);
    }
    put16(frame, flow->pppoe ? ETHERTYPE_PPPOE : flow->mpls ? ETHERTYPE_MPLS : ethertype_of(flow));
    if (flow->pppoe)
        put_pppoe(frame, flow, length);
    else if (flow->mpls)
        put_mpls(frame, flow);
}

static void put_ethernet(struct buffer *frame, const struct flow *flow, size_t length)
{
    put_mac(frame, &flow->to);
    put_mac(frame, &flow->from);
    put_ethertype(frame, flow, length);
}

static void put_cooked_source(struct buffer *frame, const struct flow *flow)
{
    put_mac(frame, &flow->from);
    put16(frame, 0);
}

static void put_cooked(struct buffer *frame, const struct flow *flow, size_t length)
{
    put16(frame, 0); /* sent to us */
    put16(frame, 1); /* ARPHRD_ETHER */
    put16(frame, 6);
    put_cooked_source(frame, flow);
    put_ethertype(frame, flow, length);
}

static void put_cooked2(struct buffer *frame, const struct flow *flow, size_t length)
{
    (void)length;
    put16(frame, ethertype_of(flow));
    put16(frame, 0);
    put32(frame, 2 + flow->interface); /* interface index */
    put16(frame, 1);
    put8(frame, 0);
    put8(frame, 6);
    put_cooked_source(frame, flow);
}

static void put_nothing(struct buffer *frame, const struct flow *flow, size_t length)
{
    (void)frame;
    (void)flow;
    (void)length;
}

/* The address family of a little-endian macOS host. */
static void put_null(struct buffer *frame, const struct flow *flow, size_t length)
{
    (void)length;
    put32_little(frame, flow->from.version == 4 ? 2 : 30);
}

/* OpenBSD's, in network order. */
static void put_loop(struct buffer *frame, const struct flow *flow, size_t length)
{
    (void)length;
    put32(frame, flow->from.version == 4 ? 2 : 24);
}

static void put_ppp_hdlc(struct buffer *frame, const struct flow *flow, size_t length)
{
    (void)length;
    put16(frame, 0xff03);
    put_ppp(frame, flow);
}

static void put_ppp_direction(struct buffer *frame, const struct flow *flow, size_t length)
{
    put8(frame, 0); /* received */
    put_ppp_hdlc(frame, flow, length);
}

static void put_cisco_hdlc(struct buffer *frame, const struct flow *flow, size_t length)
{
    (void)length;
    put16(frame, 0x0f00); /* unicast */
    put16(frame, ethertype_of(flow));
}

static const struct link links[] = {
    {"ETHERNET", DLT_EN10MB, 1, put_ethernet},
    {"LINUX_SLL", DLT_LINUX_SLL, 113, put_cooked},
    {"LINUX_SLL2", DLT_LINUX_SLL2, 276, put_cooked2},
    {"RAW", DLT_RAW, 101, put_nothing},
    {"IPV4", DLT_IPV4, 228, put_nothing},
    {"IPV6", DLT_IPV6, 229, put_nothing},
    {"NULL", DLT_NULL, 0, put_null},
    {"LOOP", DLT_LOOP, 108, put_loop},
    {"PPP", DLT_PPP, 9, put_ppp_hdlc},
    {"PPP_HDLC", DLT_PPP_SERIAL, 50, put_ppp_hdlc},
    {"PPP_ETHER", DLT_PPP_ETHER, 51, put_pppoe},
    {"PPP_WITH_DIR", DLT_PPP_WITH_DIR, 204, put_ppp_direction},
    {"C_HDLC", DLT_C_HDLC, 104, put_cisco_hdlc},
};

const struct link *link_find(const char *name)
{
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (strcmp(links[i].name, name) == 0)
            return &links[i];
    return NULL;
}


/* ---- Network ---- */

static const struct {
    const char *name;
    uint8_t protocol;
    uint8_t content[6]; /* behind next header and length 0 */
} extensions[] = {
    {"HOPOPTS", 0, {1, 4, 0, 0, 0, 0}},    /* PadN */
    {"DSTOPTS", 60, {1, 4, 0, 0, 0, 0}},   /* PadN */
    {"ROUTING", 43, {253, 0, 0, 0, 0, 0}}, /* experimental type, no segments left */
};

/* The row plus one. */
uint8_t extension_find(const char *name)
{
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (strcmp(extensions[i].name, name) == 0)
            return (uint8_t)(i + 1);
    return 0;
}

/* RFC 1071. */
static uint16_t checksum(uint32_t sum, const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sum += i % 2 ? octets[i] : (uint32_t)octets[i] << 8;
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static size_t address_length(const struct flow *flow) { return flow->from.version == 4 ? 4 : 16; }

/* Over the pseudo-header (RFC 768, RFC 8200 section 8.1) and the datagram, whose own field is 0. */
static uint16_t transport_checksum(const struct flow *flow, unsigned protocol, const struct buffer *datagram)
{
    uint32_t sum = protocol + (uint32_t)datagram->length;
    for (size_t i = 0; i < address_length(flow); i += 2) {
        sum += (uint32_t)(flow->from.address[i] << 8 | flow->from.address[i + 1]);
        sum += (uint32_t)(flow->to.address[i] << 8 | flow->to.address[i + 1]);
    }
    return checksum(sum, datagram->octets, datagram->length);
}

void frame_udp(const struct flow *flow, const struct buffer *payload, struct buffer *datagram)
{
    datagram->length = 0;
    put16(datagram, flow->from.port);
    put16(datagram, flow->to.port);
    put16(datagram, 8 + payload->length);
    put16(datagram, 0);
    put(datagram, payload->octets, payload->length);
    uint16_t sum = transport_checksum(flow, PROTOCOL_UDP, datagram);
    if (sum == 0)
        sum = 0xffff;
    if (flow->udp_checksum == CHECKSUM_BAD)
        sum ^= 0x5a5a;
    if (flow->udp_checksum != CHECKSUM_NONE)
        set16(datagram, 6, sum);
}

void frame_icmp(const struct flow *flow, const unsigned type_code_value[3], const struct buffer *quoted,
                struct buffer *message)
{
    size_t most = flow->from.version == 4 ? 576 - 28 : 1280 - 48; /* RFC 1812 section 4.3.2.3, RFC 4443 section 2.4 */
    message->length = 0;
    put8(message, type_code_value[0]);
    put8(message, type_code_value[1]);
    put16(message, 0);
    put32(message, type_code_value[2]);
    put(message, quoted->octets, quoted->length < most ? quoted->length : most);
    set16(message, 2,
          flow->from.version == 4 ? checksum(0, message->octets, message->length)
                                  : transport_checksum(flow, PROTOCOL_ICMP6, message));
}

size_t frame_count(const struct flow *flow, const struct buffer *datagram)
{
    return flow->fragment == 0 ? 1 : (datagram->length + flow->fragment - 1) / flow->fragment;
}

struct piece {
    size_t offset, length;
    bool more;
};

static struct piece piece_of(const struct flow *flow, const struct buffer *datagram, size_t index)
{
    struct piece piece = {0, datagram->length, false};
    if (flow->fragment > 0) {
        piece.offset = index * flow->fragment;
        piece.length -= piece.offset;
        piece.more = piece.length > flow->fragment;
        if (piece.more)
            piece.length = flow->fragment;
    }
    return piece;
}

static void put_ipv4(const struct flow *flow, unsigned protocol, struct piece piece, struct buffer *packet)
{
    put16(packet, 0x4500);
    put16(packet, 20 + piece.length);
    put16(packet, flow->id & 0xffff);
    put16(packet, piece.offset / 8 | (piece.more ? 0x2000 : 0) | (flow->dont_fragment ? 0x4000 : 0));
    put8(packet, flow->ttl);
    put8(packet, protocol);
    put16(packet, 0);
    put(packet, flow->from.address, 4);
    put(packet, flow->to.address, 4);
    uint16_t sum = checksum(0, packet->octets, 20);
    if (flow->ip_checksum == CHECKSUM_BAD)
        sum ^= 0x5a5a;
    if (flow->ip_checksum != CHECKSUM_NONE)
        set16(packet, 10, sum);
}

/* The protocol number of the header that follows extension number `index`; the last ones lead to `protocol`. */
static unsigned next_header(const struct flow *flow, unsigned protocol, unsigned index)
{
    if (index < flow->extensions)
        return extensions[flow->extension[index] - 1].protocol;
    return flow->fragment > 0 ? PROTOCOL_FRAGMENT : protocol;
}

static void put_ipv6(const struct flow *flow, unsigned protocol, struct piece piece, struct buffer *packet)
{
    put32(packet, 0x60000000);
    put16(packet, 8 * flow->extensions + (flow->fragment > 0 ? 8 : 0) + piece.length);
    put8(packet, next_header(flow, protocol, 0));
    put8(packet, flow->ttl);
    put(packet, flow->from.address, 16);
    put(packet, flow->to.address, 16);
    for (unsigned i = 0; i < flow->extensions; i++) {
        put8(packet, next_header(flow, protocol, i + 1));
        put8(packet, 0);
        put(packet, extensions[flow->extension[i] - 1].content, 6);
    }
    if (flow->fragment > 0) {
        put8(packet, protocol);
        put8(packet, 0);
        put16(packet, piece.offset | piece.more);
        put32(packet, flow->id);
    }
}

void frame_packet(const struct flow *flow, unsigned protocol, const struct buffer *datagram, size_t index,
                  struct buffer *packet)
{
    struct piece piece = piece_of(flow, datagram, index);
    packet->length = 0;
    if (flow->from.version == 4)
        put_ipv4(flow, protocol, piece, packet);
    else
        put_ipv6(flow, protocol, piece, packet);
    put(packet, datagram->octets + piece.offset, piece.length);
}

/* ---- Tunnels ---- */

static const struct tunnel {
    const char *name;
    unsigned protocol, port; /* of UDP */
    bool bridged;            /* an Ethernet frame is inside, else an IP packet */
    unsigned length;
    uint8_t header[28];
} tunnels[] = {
    {"VXLAN", PROTOCOL_UDP, 4789, true, 8, {0x08, 0, 0, 0, 0, 0, 42, 0}},
    {"GENEVE", PROTOCOL_UDP, 6081, true, 16, {0x02, 0, 0x65, 0x58, 0, 0, 42, 0, 0xff, 0xff, 0x01, 0x01, 0, 0, 0, 0}}, /* an experimental option */
    {"GRE", 47, 0, false, 8, {0x20, 0, 0x08, 0, 0, 0, 0, 42}},                                                       /* with a key */
    {"ERSPAN", 47, 0, true, 16, {0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 42, 0, 0, 0, 1}},
    {"ERSPAN3", 47, 0, true, 28, {0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 42, 0, 0, 0, 1, 0, 0, 0, 1}}, /* with a subheader */
    {"IP", 4, 0, false, 0, {0}},
};

/* The row plus one. */
unsigned tunnel_find(const char *name)
{
    for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++)
        if (strcmp(tunnels[i].name, name) == 0)
            return (unsigned)(i + 1);
    return 0;
}

/* A switch sends what it mirrors to a monitor. */
static void put_tunnel(struct buffer *frame, const struct tunnel *tunnel, const struct flow *flow, const struct buffer *packet)
{
    static struct buffer content, datagram, carrier;
    const struct flow outer = {.from = {4, {203, 0, 113, 1}, 49153}, .to = {4, {203, 0, 113, 2}, (uint16_t)tunnel->port}, .ttl = 64,
                               .dont_fragment = true, .id = flow->id, .udp_checksum = CHECKSUM_NONE};
    content.length = 0;
    put(&content, tunnel->header, tunnel->length);
    if (tunnel->bridged)
        put_ethernet(&content, flow, packet->length);
    put(&content, packet->octets, packet->length);
    if (tunnel->protocol == PROTOCOL_UDP)
        frame_udp(&outer, &content, &datagram);
    frame_packet(&outer, tunnel->protocol, tunnel->protocol == PROTOCOL_UDP ? &datagram : &content, 0, &carrier);
    put_ethernet(frame, &outer, carrier.length);
    put(frame, carrier.octets, carrier.length);
}

void frame_link(const struct link *link, const struct flow *flow, const struct buffer *packet, struct buffer *frame)
{
    frame->length = 0;
    if (flow->tunnel) {
        put_tunnel(frame, &tunnels[flow->tunnel - 1], flow, packet);
        return;
    }
    link->put(frame, flow, packet->length);
    put(frame, packet->octets, packet->length);
}
