/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checksums of IPv4 and UDP: right, wrong, absent, and not to be told. */
#include "frames.h"

#include "link.h"

static void test_ip_checksum(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    struct packet packet;
    put_ipv4_udp(&build, "hello");
    packet_parse(101, build.data, build.length, build.length, &packet);
    assert_int_equal(packet_ip_checksum(&packet), CHECKSUM_GOOD);
    build.data[8]--;
    assert_int_equal(packet_ip_checksum(&packet), CHECKSUM_BAD);
    build.length = 0;
    put_ipv6_udp(&build, "hello");
    packet_parse(101, build.data, build.length, build.length, &packet);
    assert_int_equal(packet_ip_checksum(&packet), CHECKSUM_UNCHECKABLE);
}

static void test_udp_checksum(void **state)
{
    (void)state;
    for (int version = 4; version <= 6; version += 2) {
        struct build build = {.length = 0};
        struct packet packet;
        if (version == 4)
            put_ipv4_udp(&build, "hello");
        else
            put_ipv6_udp(&build, "hello");
        uint32_t udp = version == 4 ? 20 : 40;
        uint32_t addresses = version == 4 ? 12 : 8;
        packet_parse(101, build.data, build.length, build.length, &packet);
        assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_ABSENT);
        /* 17 and 13 are the rest of the pseudo header. */
        uint16_t sum = folded(build.data + addresses, build.length - addresses, 17 + 13);
        set16(&build, udp + 6, sum);
        assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_GOOD);
        build.data[build.length - 1] ^= 1;
        assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_BAD);
        packet_parse(101, build.data, build.length - 1, build.length, &packet);
        assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_UNCHECKABLE);
        set16(&build, udp + 4, 100);
        packet_parse(101, build.data, build.length, build.length, &packet);
        assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_UNCHECKABLE);
    }
}

/* The words are added two at once: payloads that end at, and around, two of them, with sums that carry. */
static void test_udp_checksum_of_each_length(void **state)
{
    (void)state;
    for (uint32_t length = 0; length <= 17; length++) {
        struct build build = {.length = 0};
        struct packet packet;
        char text[18] = {0};
        memset(text, 0xfe, length);
        put_ipv4_udp(&build, text);
        set16(&build, 26, folded(build.data + 12, build.length - 12, 17 + 8 + length));
        packet_parse(101, build.data, build.length, build.length, &packet);
        assert_int_equal(packet.payload_captured, length);
        assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_GOOD);
        for (uint32_t at = 0; at < 8 + length; at++) {
            if (at == 4 || at == 5 || at == 6 || at == 7)
                continue; /* the length, and the sum itself */
            build.data[20 + at] ^= 0x10;
            assert_int_equal(packet_udp_checksum(&packet), CHECKSUM_BAD);
            build.data[20 + at] ^= 0x10;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ip_checksum),
        cmocka_unit_test(test_udp_checksum),
        cmocka_unit_test(test_udp_checksum_of_each_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
