/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames to packets: every link type, tag and header, whole, cut and contradictory. */
#include "envelopes.h"

static const struct envelope envelopes[] = {
    {"Ethernet", 1, ETHERNET "0800", 4, {0}, 0},
    {"Ethernet, IPv6", 1, ETHERNET "86dd", 6, {0}, 0},
    {"802.1Q", 1, ETHERNET "8100 a064 0800", 4, {100}, 1},
    {"802.1ad", 1, ETHERNET "88a8 0064 8100 0fff 86dd", 6, {100, 4095}, 2},
    {"QinQ", 1, ETHERNET "9100 0001 9100 0002 8100 0003 0800", 4, {1, 2, 3}, 3},
    {"Cisco MetaData", 1, ETHERNET "8909 01 01 0001 0010 0800", 4, {0}, 0},
    {"MetaData in a VLAN", 1, ETHERNET "8100 0007 8909 01 01 0001 0010 0800", 4, {7}, 1},
    {"SNAP", 1, ETHERNET "0040 aaaa03 000000 0800", 4, {0}, 0},
    {"SNAP, bridged OUI, in a VLAN", 1, ETHERNET "8100 0005 0050 aaaa03 0000f8 86dd", 6, {5}, 1},
    {"PPPoE", 1, ETHERNET "8864 11 00 0001 0060 0021", 4, {0}, 0},
    {"PPPoE, IPv6, in a VLAN", 1, ETHERNET "8100 0009 8864 11 00 0001 0060 0057", 6, {9}, 1},
    {"MPLS", 1, ETHERNET "8847 00064 1 40", 4, {0}, 0},
    {"MPLS, three labels, IPv6, in a VLAN", 1, ETHERNET "8100 0009 8847 00064 0 40 00065 0 40 00002 1 40", 6, {9}, 1},
    {"MPLS, multicast", 1, ETHERNET "8848 00064 1 40", 4, {0}, 0},
    {"cooked", 113, "0000 0001 0006 0200000000010000 0800", 4, {0}, 0},
    {"cooked, IPv6", 113, "0000 0001 0006 0200000000010000 86dd", 6, {0}, 0},
    {"cooked, 802.1Q", 113, "0000 0001 0006 0200000000010000 8100 0063 0800", 4, {99}, 1},
    {"cooked, LLC", 113, "0000 0001 0006 0200000000010000 0004 aaaa03 000000 0800", 4, {0}, 0},
    {"cooked, version 2", 276, "0800 0000 00000003 0001 00 06 0200000000010000", 4, {0}, 0},
    {"cooked, version 2, IPv6", 276, "86dd 0000 00000003 0001 00 06 0200000000010000", 6, {0}, 0},
    {"raw", 101, "", 4, {0}, 0},
    {"raw, IPv6", 101, "", 6, {0}, 0},
    {"DLT_RAW", 12, "", 4, {0}, 0},
    {"DLT_RAW of OpenBSD", 14, "", 6, {0}, 0},
    {"IPV4", 228, "", 4, {0}, 0},
    {"IPV6", 229, "", 6, {0}, 0},
    {"null, little-endian", 0, "02000000", 4, {0}, 0},
    {"null, big-endian", 0, "00000002", 4, {0}, 0},
    {"null, IPv6 of Linux", 0, "0a000000", 6, {0}, 0},
    {"null, IPv6 of Windows", 0, "17000000", 6, {0}, 0},
    {"null, IPv6 of NetBSD", 0, "00000018", 6, {0}, 0},
    {"null, IPv6 of FreeBSD", 0, "1c000000", 6, {0}, 0},
    {"null, IPv6 of macOS", 0, "1e000000", 6, {0}, 0},
    {"loop", 108, "00000002", 4, {0}, 0},
    {"loop, IPv6", 108, "00000018", 6, {0}, 0},
    {"PPP", 9, "0021", 4, {0}, 0},
    {"PPP, address and control", 9, "ff03 0057", 6, {0}, 0},
    {"PPP, compressed protocol", 9, "21", 4, {0}, 0},
    {"PPP in HDLC framing", 50, "ff03 0021", 4, {0}, 0},
    {"PPP in HDLC framing, compressed", 50, "ff03 57", 6, {0}, 0},
    {"Cisco HDLC in PPP_HDLC", 50, "0f00 0800", 4, {0}, 0},
    {"PPPoE without Ethernet", 51, "11 00 0001 0060 0021", 4, {0}, 0},
    {"PPP with direction", 204, "01 ff03 0021", 4, {0}, 0},
    {"Cisco HDLC", 104, "8f00 86dd", 6, {0}, 0},
    {"Cisco HDLC, MPLS", 104, "0f00 8847 00064 1 40", 4, {0}, 0},
};

static void test_envelopes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        const struct envelope *envelope = &envelopes[i];
        struct build build = {.length = 0};
        struct packet packet;
        put_envelope(&build, envelope);
        print_message("%s\n", envelope->name);
        assert_true(link_supported(envelope->link_type));
        assert_int_equal(packet_parse(envelope->link_type, build.data, build.length, build.length, &packet),
                         PACKET_UDP);
        assert_int_equal(packet.fault, PACKET_WHOLE);
        assert_int_equal(packet.version, envelope->version);
        assert_int_equal(packet.protocol, 17);
        assert_int_equal(packet.src_port, 514);
        assert_int_equal(packet.dst_port, 1514);
        assert_int_equal(packet.payload_captured, strlen(HELLO));
        assert_int_equal(packet.payload_wire, strlen(HELLO));
        assert_memory_equal(packet.payload, HELLO, strlen(HELLO));
        assert_ptr_equal(packet.network, build.data + packet.network_offset);
        assert_int_equal(packet.ttl, envelope->version == 4 ? 63 : 62);
        assert_int_equal(packet.vlans, envelope->vlans);
        for (unsigned v = 0; v < envelope->vlans; v++)
            assert_int_equal(packet.vlan[v], envelope->vlan[v]);
    }
}

static void test_addresses(void **state)
{
    (void)state;
    static const uint8_t v4[16] = {192, 0, 2, 1};
    static const uint8_t v6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 2};
    struct build build = {.length = 0};
    put_ipv4_udp(&build, "x");
    struct packet packet = parse_build(101, &build);
    assert_memory_equal(packet.src, v4, 16);
    assert_int_equal(packet.dst[3], 2);
    assert_int_equal(packet.ip_id, 0x1234);
    assert_true(packet.dont_fragment);
    assert_false(packet.more_fragments);
    build.length = 0;
    put_ipv6_udp(&build, "x");
    packet = parse_build(101, &build);
    assert_memory_equal(packet.dst, v6, 16);
}

/* Every prefix of every frame: as cut by a snap length, and as a frame that short. */
static void test_prefixes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct build build = {.length = 0};
        put_envelope(&build, &envelopes[i]);
        uint32_t payload = build.length - (uint32_t)strlen(HELLO);
        for (uint32_t n = 0; n < build.length; n++) {
            struct packet packet = parse(envelopes[i].link_type, build.data, n, build.length);
            assert_int_equal(packet.fault, PACKET_CUT);
            assert_int_equal(packet.kind == PACKET_UDP, n >= payload);
            if (n >= payload) {
                assert_int_equal(packet.fault_layer, PACKET_PAYLOAD);
                assert_int_equal(packet.payload_captured, n - payload);
                assert_int_equal(packet.payload_wire, strlen(HELLO));
            }
            packet = parse(envelopes[i].link_type, build.data, n, n);
            assert_int_not_equal(packet.fault, PACKET_WHOLE);
        }
    }
}

static void test_mutations(void **state)
{
    (void)state;
    uint64_t seed = 514;
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct build build = {.length = 0};
        put_envelope(&build, &envelopes[i]);
        for (unsigned round = 0; round < 500; round++) {
            struct build copy = {.length = 0};
            put(&copy, build.data, build.length);
            for (unsigned n = next_random(&seed) % 4 + 1; n > 0; n--)
                copy.data[next_random(&seed) % copy.length] = (uint8_t)next_random(&seed);
            uint32_t captured = next_random(&seed) % 2 ? copy.length : next_random(&seed) % copy.length;
            parse(envelopes[i].link_type, copy.data, captured, next_random(&seed) % 200);
        }
    }
}

/* Every value of every octet of a frame that goes the short way, and every length captured of it, with and without padding behind it. */
static void test_the_short_way_is_the_same(void **state)
{
    (void)state;
    for (uint32_t padding = 0; padding < 3; padding++) {
        struct build build = {.length = 0};
        put_hex(&build, ETHERNET "0800");
        put_ipv4_udp(&build, HELLO);
        uint32_t length = build.length;
        for (uint32_t i = 0; i < padding; i++)
            put8(&build, 0);
        assert_int_equal(parse_build(1, &build).payload_captured, strlen(HELLO));
        for (uint32_t captured = 0; captured <= build.length; captured++)
            for (uint32_t wire = captured; wire <= build.length + 1; wire++)
                parse(1, build.data, captured, wire);
        for (uint32_t at = 0; at < length; at++) {
            uint8_t octet = build.data[at];
            for (unsigned value = 0; value < 256; value++) {
                build.data[at] = (uint8_t)value;
                parse_build(1, &build);
            }
            build.data[at] = octet;
        }
    }
}

static void test_link_refusals(void **state)
{
    (void)state;
    static const struct {
        int link_type;
        const char *octets;
        enum packet_fault fault;
    } cases[] = {
        {147, "4500", PACKET_UNKNOWN_LINK},
        {1, ETHERNET "88cc 0207", PACKET_WHOLE},                          /* LLDP */
        {1, ETHERNET "0026 424203 0000000000", PACKET_WHOLE},             /* spanning tree: LLC without SNAP */
        {1, ETHERNET "0026 aaaa03 00000c 2000 01b4", PACKET_WHOLE},       /* CDP: SNAP of another OUI */
        {1, ETHERNET "8864 11 09 0001 0004 0021 4500", PACKET_WHOLE},     /* PPPoE, not a session code */
        {1, ETHERNET "8864 11 00 0001 0004 c021 0101", PACKET_WHOLE},     /* LCP */
        {1, ETHERNET "8864 11 00 0001 0001 0021 4500", PACKET_BAD},       /* PPPoE without room for the protocol */
        {1, ETHERNET "8847 00064 1 40 0000 0000", PACKET_WHOLE},          /* MPLS, a pseudowire */
        {113, "0000 0338 0000 0000000000000000 0000 4500", PACKET_WHOLE}, /* netlink */
        {0, "07000000 4500", PACKET_WHOLE},
        {101, "55", PACKET_WHOLE},
        {1, ETHERNET "0800 55", PACKET_BAD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct build build = {.length = 0};
        put_hex(&build, cases[i].octets);
        struct packet packet = parse_build(cases[i].link_type, &build);
        assert_int_equal(packet.kind, PACKET_NONE);
        assert_int_equal(packet.fault, cases[i].fault);
    }
    assert_false(link_supported(147));
    assert_false(link_supported(-1));
}

static void test_tags_are_bounded(void **state)
{
    (void)state;
    for (unsigned count = PACKET_MAX_VLANS; count <= PACKET_MAX_VLANS + 1; count++) {
        struct build build = {.length = 0};
        put_hex(&build, ETHERNET);
        for (unsigned i = 0; i < count; i++)
            put_hex(&build, "8100 0001");
        put_hex(&build, "0800");
        put_ipv4_udp(&build, HELLO);
        struct packet packet = parse_build(1, &build);
        assert_int_equal(packet.kind, count == PACKET_MAX_VLANS ? PACKET_UDP : PACKET_NONE);
        assert_int_equal(packet.vlans, PACKET_MAX_VLANS);
    }
}

static void test_labels_are_bounded(void **state)
{
    (void)state;
    for (unsigned count = PACKET_MAX_LABELS; count <= PACKET_MAX_LABELS + 1; count++) {
        struct build build = {.length = 0};
        put_hex(&build, ETHERNET "8847");
        for (unsigned i = 1; i < count; i++)
            put_hex(&build, "00064 0 40");
        put_hex(&build, "00064 1 40");
        put_ipv4_udp(&build, HELLO);
        struct packet packet = parse_build(1, &build);
        assert_int_equal(packet.kind, count == PACKET_MAX_LABELS ? PACKET_UDP : PACKET_NONE);
        assert_int_equal(packet.fault, count == PACKET_MAX_LABELS ? PACKET_WHOLE : PACKET_BAD);
    }
}

static void test_arp(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    put_hex(&build, ETHERNET "0806 0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202");
    struct packet packet = parse_build(1, &build);
    assert_int_equal(packet.kind, PACKET_ARP);
    assert_int_equal(packet.payload_captured, 28);
    assert_int_equal(packet.payload_offset, 14);
    assert_int_equal(packet.version, 0);
}

static void test_padding_is_no_payload(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    put_hex(&build, ETHERNET "0800");
    put_ipv4_udp(&build, "abc");
    while (build.length < 60)
        put8(&build, 0);
    struct packet packet = parse_build(1, &build);
    assert_int_equal(packet.payload_captured, 3);
    assert_int_equal(packet.payload_wire, 3);
    assert_int_equal(packet.fault, PACKET_WHOLE);
}

static void test_ipv4_header(void **state)
{
    (void)state;
    static const struct {
        unsigned at, value; /* a changed 16-bit word of the header */
        enum packet_kind kind;
        enum packet_fault fault;
        uint32_t wire; /* of the payload */
    } cases[] = {
        {0, 0x4500, PACKET_UDP, PACKET_WHOLE, 5}, {0, 0x4400, PACKET_NONE, PACKET_BAD, 0}, /* header below 20 */
        {0, 0x4f00, PACKET_NONE, PACKET_BAD, 0},  /* header beyond the total length */
        {2, 19, PACKET_NONE, PACKET_BAD, 0},      /* total below the header */
        {2, 20, PACKET_IP, PACKET_BAD, 0},        /* no room for UDP */
        {2, 0, PACKET_UDP, PACKET_WHOLE, 5},      /* segmentation offload */
        {2, 100, PACKET_UDP, PACKET_WHOLE, 5},    /* longer than the frame; UDP knows its own end */
        {8, 0x3f06, PACKET_IP, PACKET_BAD, 13},   /* TCP needs 20 */
        {8, 0x3f84, PACKET_IP, PACKET_WHOLE, 13}, /* SCTP */
        {8, 0x3f3a, PACKET_IP, PACKET_WHOLE, 13}, /* ICMPv6 does not belong here */
        {8, 0x3f00, PACKET_IP, PACKET_WHOLE, 13}, /* nor do hop-by-hop options */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct build build = {.length = 0};
        put_ipv4_udp(&build, "hello");
        set16(&build, cases[i].at, cases[i].value);
        struct packet packet = parse_build(228, &build);
        assert_int_equal(packet.fault, cases[i].fault);
        assert_int_equal(packet.kind, cases[i].kind);
        assert_int_equal(packet.payload_wire, cases[i].wire);
    }
}

static void test_ipv4_options(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    put_hex(&build, "46 00 0025 0001 0000 40 11 0000 c0000201 c6336402 94040000");
    put_udp(&build, "hello");
    struct packet packet = parse_build(101, &build);
    assert_int_equal(packet.kind, PACKET_UDP);
    assert_int_equal(packet.payload_offset, 32);
    for (uint32_t n = 20; n < 24; n++) {
        packet = parse(101, build.data, n, build.length);
        assert_int_equal(packet.kind, PACKET_NONE);
        assert_int_equal(packet.fault, PACKET_CUT);
        assert_int_equal(packet.fault_layer, PACKET_NETWORK);
        packet_parse(101, build.data, n, build.length, &packet);
        assert_int_equal(packet_ip_checksum(&packet), CHECKSUM_UNCHECKABLE);
    }
}

static void test_udp_length(void **state)
{
    (void)state;
    static const struct {
        unsigned length;
        enum packet_fault fault;
        uint32_t payload;
    } cases[] = {
        {13, PACKET_WHOLE, 5}, {12, PACKET_WHOLE, 4}, {8, PACKET_WHOLE, 0},    {0, PACKET_WHOLE, 5},
        {7, PACKET_BAD, 0},    {14, PACKET_BAD, 5},   {0xffff, PACKET_BAD, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct build build = {.length = 0};
        put_ipv4_udp(&build, "hello");
        set16(&build, 24, cases[i].length);
        struct packet packet = parse_build(101, &build);
        assert_int_equal(packet.kind, PACKET_UDP);
        assert_int_equal(packet.fault, cases[i].fault);
        assert_int_equal(packet.payload_captured, cases[i].payload);
        assert_int_equal(packet.payload_wire, cases[i].payload);
    }
}

static void test_tcp(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    put_ipv4(&build, 6, 24 + 5, 1, 0);
    put_hex(&build, "05da 0202 01020304 05060708 60 18 ffff 0000 0000 01010101");
    put(&build, "hello", 5);
    struct packet packet = parse_build(101, &build);
    assert_int_equal(packet.kind, PACKET_TCP);
    assert_int_equal(packet.src_port, 1498);
    assert_int_equal(packet.dst_port, 514);
    assert_int_equal(packet.tcp_seq, 0x01020304);
    assert_int_equal(packet.tcp_ack, 0x05060708);
    assert_int_equal(packet.tcp_flags, 0x18);
    assert_int_equal(packet.payload_captured, 5);
    for (uint32_t n = 20; n < 44; n++) {
        packet = parse(101, build.data, n, build.length);
        assert_int_equal(packet.kind, PACKET_IP);
        assert_int_equal(packet.fault, PACKET_CUT);
        assert_int_equal(packet.fault_layer, PACKET_TRANSPORT);
        assert_int_equal(packet.has_ports, n >= 24);
    }
    build.data[32] = 0x40;
    assert_int_equal(parse_build(101, &build).fault, PACKET_BAD);
    build.data[32] = 0xf0;
    assert_int_equal(parse_build(101, &build).fault, PACKET_BAD);
}

static void test_icmp_quotes(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    struct packet packet, quoted;
    put_ipv4(&build, 1, 8 + 28, 1, 0);
    put_hex(&build, "03 03 0000 00000000");
    put_ipv4(&build, 17, 100, 0x1234, 0);
    put_hex(&build, "0202 05ea 0064 0000");
    assert_int_equal(packet_parse(101, build.data, build.length, build.length, &packet), PACKET_ICMP);
    assert_int_equal(packet.transport[0], 3);
    assert_int_equal(packet.payload_captured, 28);
    assert_int_equal(packet_parse_ip(packet.payload, packet.payload_captured, packet.payload_wire, &quoted),
                     PACKET_UDP);
    assert_int_equal(quoted.ip_id, 0x1234);
    assert_int_equal(quoted.src_port, 514);
    assert_int_equal(quoted.payload_captured, 0);
    assert_int_equal(packet_parse_ip(packet.payload, 0, 0, &quoted), PACKET_NONE);
    build.length = 0;
    put_ipv6(&build, 58, 8);
    put_hex(&build, "01 04 0000 00000000");
    assert_int_equal(parse_build(101, &build).kind, PACKET_ICMP6);
    build.data[6] = 1;
    assert_int_equal(parse_build(101, &build).kind, PACKET_IP);
}

/* An IPv6 packet whose chain of headers is given by `chain`, and whose first one is `next`. */
static void put_chain(struct build *build, unsigned next, const char *chain)
{
    build->length = 0;
    put_ipv6(build, next, 0);
    put_hex(build, chain);
    put_udp(build, "hello");
    set16(build, 4, build->length - 40);
}

static void test_extension_headers(void **state)
{
    (void)state;
    static const struct {
        unsigned next;
        const char *chain;
        bool routed;
    } chains[] = {
        {0, "11 00 050200000104", false},
        {60, "11 01 010c00000000 0000000000000000", false},
        {0, "2b 00 010400000000 3c 00 000000000000 11 00 010400000000", false},
        {43, "11 02 00 01 00000000 20010db8000000000000000000000003", true},
        {51, "11 04 0000 00000001 00000001 000000000000000000000000", false},
        {135, "11 00 0000 00000000", false},
        {44, "11 00 0000 0000beef", false}, /* atomic: RFC 6946 */
    };
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        struct build build = {.length = 0};
        put_chain(&build, chains[i].next, chains[i].chain);
        struct packet packet = parse_build(101, &build);
        assert_int_equal(packet.kind, PACKET_UDP);
        assert_int_equal(packet.fault, PACKET_WHOLE);
        assert_int_equal(packet.payload_captured, 5);
        assert_int_equal(packet.source_routed, chains[i].routed);
        for (uint32_t n = 40; n < build.length - 13; n++) {
            packet = parse(101, build.data, n, build.length);
            assert_int_equal(packet.kind, PACKET_IP);
            assert_int_equal(packet.fault, PACKET_CUT);
        }
        for (uint32_t n = 40; n < build.length; n++)
            parse(101, build.data, n, n);
    }
}

static void test_extension_headers_are_bounded(void **state)
{
    (void)state;
    for (unsigned count = PACKET_MAX_EXTENSIONS; count <= PACKET_MAX_EXTENSIONS + 1; count++) {
        struct build build = {.length = 0};
        put_ipv6(&build, 60, 8 * count + 13);
        for (unsigned i = 1; i <= count; i++) {
            put8(&build, i < count ? 60 : 17);
            put_hex(&build, "00 010400000000");
        }
        put_udp(&build, "hello");
        struct packet packet = parse_build(101, &build);
        bool fits = count == PACKET_MAX_EXTENSIONS;
        assert_int_equal(packet.kind, fits ? PACKET_UDP : PACKET_IP);
        assert_int_equal(packet.fault, fits ? PACKET_WHOLE : PACKET_BAD);
    }
}

static void test_extension_beyond_packet(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    put_chain(&build, 0, "11 ff 010400000000");
    struct packet packet = parse_build(101, &build);
    assert_int_equal(packet.kind, PACKET_IP);
    assert_int_equal(packet.fault, PACKET_BAD);
    assert_int_equal(packet.fault_layer, PACKET_NETWORK);
}

static void test_fragments(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    put_ipv4(&build, 17, 16, 0x4242, 0x2000);
    put_hex(&build, "0202 05ea 0100 0000 6162636465666768");
    struct packet packet;
    packet_parse(101, build.data, build.length, build.length, &packet);
    assert_int_equal(packet.kind, PACKET_FRAGMENT);
    assert_true(packet.more_fragments && packet.has_ports);
    assert_int_equal(packet.src_port, 514);
    assert_int_equal(packet.payload_captured, 16);
    assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_UNCHECKABLE);
    assert_int_equal(packet_ip_checksum(&packet), CHECKSUM_GOOD);
    set16(&build, 6, 0x1fff);
    packet = parse_build(101, &build);
    assert_int_equal(packet.fragment_offset, 65528);
    assert_false(packet.more_fragments || packet.has_ports);
    put_chain(&build, 44, "11 00 05b9 cafebabe");
    packet = parse_build(101, &build);
    assert_int_equal(packet.kind, PACKET_FRAGMENT);
    assert_int_equal(packet.fragment_offset, 0x05b8);
    assert_int_equal(packet.ip_id, 0xcafebabe);
    assert_int_equal(packet.protocol, 17);
    assert_int_equal(packet.payload_captured, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envelopes),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_the_short_way_is_the_same),
        cmocka_unit_test(test_link_refusals),
        cmocka_unit_test(test_tags_are_bounded),
        cmocka_unit_test(test_labels_are_bounded),
        cmocka_unit_test(test_arp),
        cmocka_unit_test(test_padding_is_no_payload),
        cmocka_unit_test(test_ipv4_header),
        cmocka_unit_test(test_ipv4_options),
        cmocka_unit_test(test_udp_length),
        cmocka_unit_test(test_tcp),
        cmocka_unit_test(test_icmp_quotes),
        cmocka_unit_test(test_extension_headers),
        cmocka_unit_test(test_extension_headers_are_bounded),
        cmocka_unit_test(test_extension_beyond_packet),
        cmocka_unit_test(test_fragments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
