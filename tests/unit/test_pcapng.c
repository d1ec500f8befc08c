/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcapng: blocks in both byte orders, interfaces, times, lost packets. */
#include "pcapng_blocks.h"

static void test_packet_blocks(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct writer writer = {.big = big};
        struct reading reading;
        section(&writer);
        interface(&writer, 113);
        open_packet(&writer, 0, UINT64_C(1600000000123456), "enhanced", 99);
        close_block(&writer);
        open_block(&writer, 2);
        w16(&writer, 0);
        w16(&writer, 3);
        w32(&writer, 0);
        w32(&writer, 5000001);
        w32(&writer, 8);
        w32(&writer, 8);
        put(&writer.out, "obsolete", 8);
        close_block(&writer);
        open_block(&writer, 3);
        w32(&writer, 6);
        put(&writer.out, "simple", 6);
        close_block(&writer);
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, 1, "enhanced");
        assert_int_equal(reading.frame.wire, 99);
        assert_int_equal(reading.frame.seconds, 1600000000);
        assert_int_equal(reading.frame.nanoseconds, 123456000);
        assert_int_equal(reading.frame.precision, 6);
        assert_int_equal(reading.frame.link_type, 113);
        assert_int_equal(reading.frame.dropped, 0);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, 2, "obsolete");
        assert_int_equal(reading.frame.seconds, 5);
        assert_int_equal(reading.frame.nanoseconds, 1000);
        assert_int_equal(reading.frame.dropped, 3);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, 3, "simple");
        assert_int_equal(reading.frame.precision, 0);
        assert_int_equal(reading.frame.seconds, 0);
        assert_int_equal(reading.frame.dropped, 0);
        assert_int_equal(next(&reading), CAPTURE_END);
        assert_string_equal(pcapng_error(reading.pcapng), "");
        size_t count;
        assert_int_equal(pcapng_interfaces(reading.pcapng, &count)->frames, 3);
        assert_int_equal(pcapng_interfaces(reading.pcapng, &count)->dropped, 3);
        stop(&reading);
    }
}

static void test_simple_packet_snap_length(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    open_interface(&writer, 1, 4);
    close_block(&writer);
    open_block(&writer, 3);
    w32(&writer, 1000);
    put(&writer.out, "abcd", 4);
    close_block(&writer);
    start_writer(&reading, &writer);
    assert_int_equal(next(&reading), CAPTURE_FRAME);
    check_frame(&reading, 1, "abcd");
    assert_int_equal(reading.frame.wire, 1000);
    stop(&reading);
}

static void test_resolutions(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        uint64_t time;
        int64_t offset, seconds;
        uint32_t nanoseconds;
        uint8_t precision;
    } cases[] = {
        {0, 77, 0, 77, 0, 6},
        {3, 77001, 0, 77, 1000000, 6},
        {6, 77000001, 0, 77, 1000, 6},
        {6, 77000001, 1600000000, 1600000077, 1000, 6},
        {6, 77000001, -78, -1, 1000, 6},
        {7, 770000001, 0, 77, 100, 9},
        {9, UINT64_C(1600000000123456789), 0, 1600000000, 123456789, 9},
        {12, UINT64_C(1600000123456789012), 0, 1600000, 123456789, 9},
        {19, UINT64_MAX, 0, 1, 844674407, 9},
        {28, UINT64_MAX, 0, 0, 1, 9},
        {29, UINT64_MAX, 0, 0, 0, 9},
        {127, UINT64_MAX, 0, 0, 0, 9},
        {0x80, 77, 0, 77, 0, 6},
        {0x81, 155, 0, 77, 500000000, 6},
        {0x93, (UINT64_C(77) << 19) + 1, 0, 77, 1907, 6},
        {0x94, (UINT64_C(77) << 20) + 1, 0, 77, 953, 9},
        {0x9e, (UINT64_C(77) << 30) + 1073741823, 0, 77, 999999999, 9},
        {0xa0, (UINT64_C(77) << 32) + (1u << 31), 0, 77, 500000000, 9},
        {0xbf, UINT64_C(3) << 62, 0, 1, 500000000, 9},
        {0xc0, UINT64_C(1) << 63, 0, 0, 500000000, 9},
        {0xff, UINT64_MAX, 0, 0, 0, 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer writer = {.big = i % 2};
        struct reading reading;
        section(&writer);
        open_interface(&writer, 1, 0);
        option(&writer, 9, &cases[i].resolution, 1);
        if (cases[i].offset != 0)
            option64(&writer, 14, (uint64_t)cases[i].offset);
        close_block(&writer);
        packet(&writer, 0, cases[i].time, "x");
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.seconds, cases[i].seconds);
        assert_int_equal(reading.frame.nanoseconds, cases[i].nanoseconds);
        assert_int_equal(reading.frame.precision, cases[i].precision);
        stop(&reading);
    }
}

static void test_interfaces_and_sections(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    static const struct {
        int link_type;
        uint32_t interface;
    } expected[] = {{101, 1}, {1, 0}, {276, 2}};
    section(&writer);
    interface(&writer, 1);
    open_interface(&writer, 101, 96);
    option(&writer, 2, "outside", 7);
    option(&writer, 3, "to the Internet", 15);
    option(&writer, 0, "", 0);
    close_block(&writer);
    packet(&writer, 1, 1, "b");
    packet(&writer, 0, 2, "a");
    writer.big = true; /* a second section numbers its interfaces from 0 again */
    section(&writer);
    interface(&writer, 276);
    packet(&writer, 0, 3, "c");
    start_writer(&reading, &writer);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.link_type, expected[i].link_type);
        assert_int_equal(reading.frame.interface, expected[i].interface);
    }
    assert_int_equal(next(&reading), CAPTURE_END);
    size_t count;
    const struct capture_interface *interfaces = pcapng_interfaces(reading.pcapng, &count);
    assert_int_equal(count, 3);
    assert_null(interfaces[0].name);
    assert_string_equal(interfaces[1].name, "outside");
    assert_string_equal(interfaces[1].description, "to the Internet");
    assert_int_equal(interfaces[1].snap_length, 96);
    assert_int_equal(interfaces[1].section, 0);
    assert_int_equal(interfaces[2].section, 1);
    assert_int_equal(interfaces[2].frames, 1);
    stop(&reading);
}

static void test_loss(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct writer writer = {.big = big};
        struct reading reading;
        section(&writer);
        interface(&writer, 1);
        for (unsigned i = 1; i <= 2; i++) {
            open_packet(&writer, 0, i, "abc", 3);
            w16(&writer, 2);
            w16(&writer, 4);
            w32(&writer, 0x80000001);
            option(&writer, 1, "a comment", 9);
            option64(&writer, 4, UINT64_C(5000000000));
            close_block(&writer);
        }
        open_block(&writer, 5);
        w32(&writer, 0);
        w64(&writer, 0);
        option64(&writer, 4, 1000);
        option64(&writer, 5, UINT64_C(0x100000002));
        option64(&writer, 7, 3);
        option64(&writer, 8, 995);
        close_block(&writer);
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.flags, 0x80000001);
        assert_int_equal(reading.frame.dropped, UINT64_C(5000000000));
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(next(&reading), CAPTURE_END);
        size_t count;
        const struct capture_interface *interface_ = pcapng_interfaces(reading.pcapng, &count);
        assert_int_equal(interface_->dropped, UINT64_C(10000000000));
        assert_int_equal(interface_->known, 1 << CAPTURE_RECEIVED | 1 << CAPTURE_IF_DROPPED | 1 << CAPTURE_OS_DROPPED |
                                                1 << CAPTURE_DELIVERED);
        assert_int_equal(interface_->count[CAPTURE_RECEIVED], 1000);
        assert_int_equal(interface_->count[CAPTURE_IF_DROPPED], UINT64_C(0x100000002));
        assert_int_equal(interface_->count[CAPTURE_OS_DROPPED], 3);
        assert_int_equal(interface_->count[CAPTURE_DELIVERED], 995);
        stop(&reading);
    }
}

/* Wireshark numbers some blocks that hold no packet; the others are passed over. */
static void test_other_blocks(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        bool numbered;
    } cases[] = {{4, false}, {10, false}, {0x1234, false}, {9, true}, {0xbad, true}, {0x40000bad, true}, {0x204, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer writer = {.big = i % 2};
        struct reading reading;
        section(&writer);
        interface(&writer, 1);
        packet(&writer, 0, 1, "first");
        open_block(&writer, cases[i].type);
        for (unsigned n = 0; n < 10000; n++)
            w32(&writer, n);
        close_block(&writer);
        packet(&writer, 0, 2, "second");
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, cases[i].numbered ? 3 : 2, "second");
        assert_int_equal(pcapng_frames(reading.pcapng), reading.frame.number);
        stop(&reading);
    }
}

/* A packet larger than the first buffer, then one that has to be moved to its beginning. */
static void test_large_packets(void **state)
{
    (void)state;
    enum { LARGE = 1 << 20 };
    size_t length = 28 + 20 + 2 * (32 + LARGE);
    uint8_t *octets = calloc(1, length);
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    interface(&writer, 1);
    memcpy(octets, writer.out.data, writer.out.length);
    size_t at = writer.out.length;
    for (unsigned i = 0; i < 2; i++) {
        const uint32_t words[] = {6, 32 + LARGE, 0, 0, i, LARGE, LARGE};
        writer.out.length = 0;
        for (unsigned n = 0; n < 7; n++)
            w32(&writer, words[n]);
        w32(&writer, 32 + LARGE);
        memcpy(octets + at, writer.out.data, 28);
        memset(octets + at + 28, 'a' + (int)i, LARGE);
        memcpy(octets + at + 28 + LARGE, writer.out.data + 28, 4);
        at += 32 + LARGE;
    }
    assert_int_equal(at, length);
    start(&reading, octets, length, 100000);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.captured, LARGE);
        assert_int_equal(reading.frame.data[0], 'a' + i);
        assert_int_equal(reading.frame.data[LARGE - 1], 'a' + i);
    }
    assert_int_equal(next(&reading), CAPTURE_END);
    stop(&reading);
    free(octets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packet_blocks),
        cmocka_unit_test(test_simple_packet_snap_length),
        cmocka_unit_test(test_resolutions),
        cmocka_unit_test(test_interfaces_and_sections),
        cmocka_unit_test(test_loss),
        cmocka_unit_test(test_other_blocks),
        cmocka_unit_test(test_large_packets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
