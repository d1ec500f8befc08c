/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets that carry packets: each kind of tunnel, what only looks like one, and how deep they go. */
#include "envelopes.h"

/* IPv4 of any length that carries PROTOCOL, and UDP of any length to PORT. */
#define OUTER(protocol) ETHERNET "0800 4500 0000 0000 0000 20 " protocol " 0000 0a000001 0a000002 "
#define OUTER_UDP(port) OUTER("11") "c001 " port " 0000 0000 "
#define OUTER_IPV6 ETHERNET "86dd 60000000 0000 11 20 20010db8000000000000000000000003 20010db8000000000000000000000004 c001 12b5 0000 0000 "

static const struct envelope tunnels[] = {
    {"VXLAN", 1, OUTER_UDP("12b5") "08000000 00002a00" ETHERNET "0800", 4, {0}, 0},
    {"VXLAN, IPv6 inside, VLANs inside and outside", 1,
     ETHERNET "8100 0005 0800 4500 0000 0000 0000 20 11 0000 0a000001 0a000002 c001 12b5 0000 0000 08000000 00002a00" ETHERNET "8100 0007 86dd", 6, {7}, 1},
    {"VXLAN with a group policy", 1, OUTER_UDP("12b5") "88000010 00002a00" ETHERNET "0800", 4, {0}, 0},
    {"VXLAN over IPv6", 1, OUTER_IPV6 "08000000 00002a00" ETHERNET "0800", 4, {0}, 0},
    {"VXLAN, Linux's first port", 1, OUTER_UDP("2118") "08000000 00002a00" ETHERNET "0800", 4, {0}, 0},
    {"Geneve", 1, OUTER_UDP("17c1") "0000 6558 00002a00" ETHERNET "0800", 4, {0}, 0},
    {"Geneve, options, IP", 1, OUTER_UDP("17c1") "0200 0800 00002a00 0108000100000000", 4, {0}, 0},
    {"GRE", 1, OUTER("2f") "0000 0800", 4, {0}, 0},
    {"GRE, checksum, key and number, IPv6", 1, OUTER("2f") "b000 86dd 0000 0000 00000001 00000002", 6, {0}, 0},
    {"GRE, bridged", 1, OUTER("2f") "0000 6558" ETHERNET "8100 0009 0800", 4, {9}, 1},
    {"ERSPAN I", 1, OUTER("2f") "0000 88be" ETHERNET "0800", 4, {0}, 0},
    {"ERSPAN II", 1, OUTER("2f") "1000 88be 00000001 1001 0001 00000000" ETHERNET "0800", 4, {0}, 0},
    {"ERSPAN III", 1, OUTER("2f") "1000 22eb 00000001 2001 0001 00000000 0000 0000" ETHERNET "86dd", 6, {0}, 0},
    {"ERSPAN III, IP, with a subheader", 1, OUTER("2f") "1000 22eb 00000001 2001 0001 00000000 0000 0801 0000000000000000", 4, {0}, 0},
    {"IP in IP", 1, OUTER("04"), 4, {0}, 0},
    {"IPv6 in IP", 1, OUTER("29"), 6, {0}, 0},
    {"VXLAN in GRE in IP", 1,
     OUTER("04") "4500 0000 0000 0000 20 2f 0000 0a000001 0a000002 0000 0800 4500 0000 0000 0000 20 11 0000 0a000001 0a000002 c001 12b5 0000 0000"
                 "08000000 00002a00" ETHERNET "0800", 4, {0}, 0},
};

static void test_tunnels(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++) {
        struct build build = {.length = 0};
        put_envelope(&build, &tunnels[i]);
        print_message("%s\n", tunnels[i].name);
        struct packet packet = parse_build(1, &build);
        assert_int_equal(packet.kind, PACKET_UDP);
        assert_int_equal(packet.fault, PACKET_WHOLE);
        assert_int_equal(packet.version, tunnels[i].version);
        assert_int_equal(packet.tunnels, i + 1 == sizeof tunnels / sizeof *tunnels ? 3 : 1);
        assert_int_equal(packet.src_port, 514);
        assert_int_equal(packet.ttl, tunnels[i].version == 4 ? 63 : 62);
        assert_int_equal(packet.ip_id, tunnels[i].version == 4 ? 0x1234 : 0);
        assert_int_equal(packet.payload_captured, strlen(HELLO));
        assert_int_equal(packet.payload_offset, build.length - strlen(HELLO));
        assert_int_equal(packet.vlans, tunnels[i].vlans);
        assert_int_equal(packet.vlan[0], tunnels[i].vlan[0]);
        /* Cut anywhere it is the packet inside from where that is known, and nobody reads beyond. */
        for (uint32_t n = 0; n < build.length; n++)
            assert_int_equal(parse(1, build.data, n, build.length).fault, PACKET_CUT);
        for (unsigned octet = 0; octet < build.length; octet++)
            for (unsigned bit = 1; bit < 256; bit *= 2) {
                build.data[octet] ^= (uint8_t)bit;
                parse_build(1, &build);
                build.data[octet] ^= (uint8_t)bit;
            }
    }
}

/* What only looks like a tunnel stays the datagram that it is. */
static void test_no_tunnels(void **state)
{
    (void)state;
    static const struct {
        const char *octets;
        enum packet_kind kind;
    } rows[] = {
        {OUTER_UDP("12b5") "3c313636 3e254654" ETHERNET "0800", PACKET_UDP},          /* a syslog message */
        {OUTER_UDP("12b5") "00000000 00002a00" ETHERNET "0800", PACKET_UDP},          /* no network is named */
        {OUTER_UDP("12b5") "08000000 00002a00" ETHERNET "88cc", PACKET_UDP},          /* LLDP inside */
        {OUTER_UDP("12b6") "08000000 00002a00" ETHERNET "0800", PACKET_UDP},          /* another port */
        {OUTER_UDP("17c1") "4000 6558 00002a00" ETHERNET "0800", PACKET_UDP},         /* another version */
        {OUTER_UDP("17c1") "3f00 6558 00002a00" ETHERNET "0800", PACKET_UDP},         /* options beyond the end */
        {OUTER_UDP("17c1") "0000 8847 00002a00", PACKET_UDP},
        {OUTER("2f") "4000 0800 00000000", PACKET_IP},                                /* routing */
        {OUTER("2f") "0001 0800", PACKET_IP},                                         /* PPTP */
        {OUTER("2f") "0000 8847", PACKET_IP},
        {OUTER("2f") "1000 88be 00000001 2001 0001 00000000" ETHERNET "0800", PACKET_IP}, /* another version of ERSPAN */
        {OUTER("2f") "1000 22eb 00000001 2001 0001 00000000 0000 1000" ETHERNET "0800", PACKET_IP}, /* no frame type */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct build build = {.length = 0};
        put_hex(&build, rows[i].octets);
        put_ipv4_udp(&build, HELLO);
        struct packet packet = parse_build(1, &build);
        assert_int_equal(packet.kind, rows[i].kind);
        assert_int_equal(packet.src[0], 10);
        assert_int_equal(packet.tunnels, 0);
    }
}

static void test_tunnels_are_bounded(void **state)
{
    (void)state;
    for (unsigned depth = 1; depth < 64; depth++) {
        struct build build = {.length = 0};
        put_hex(&build, ETHERNET "0800");
        for (unsigned i = 0; i < depth; i++)
            put_hex(&build, "4500 0000 0000 0000 20 04 0000 0a000001 0a000002");
        put_ipv4_udp(&build, HELLO);
        struct packet packet = parse_build(1, &build);
        assert_int_equal(packet.kind, depth <= PACKET_MAX_TUNNELS ? PACKET_UDP : PACKET_IP);
        assert_int_equal(packet.tunnels, depth <= PACKET_MAX_TUNNELS ? depth : PACKET_MAX_TUNNELS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tunnels),
        cmocka_unit_test(test_no_tunnels),
        cmocka_unit_test(test_tunnels_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
