/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reassembly: order, contradictions, age and the bounds on memory. */
#include "reassembly.h"


static void test_orders(void **state)
{
    (void)state;
    static const struct part parts[] = {{0, 1000, true, 0}, {1000, 1480, true, 0}, {1480, 1999, false, 0}};
    static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    uint8_t datagram[1999];
    make_datagram(datagram, sizeof datagram);
    for (int version = 4; version <= 6; version += 2) {
        for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
            struct bench bench;
            start(&bench, NULL);
            assert_int_equal(add(&bench, version, 7, datagram, parts[orders[i][0]]), FRAGMENTS_PENDING);
            assert_int_equal(bench.packet.kind, PACKET_FRAGMENT);
            assert_int_equal(add(&bench, version, 7, datagram, parts[orders[i][1]]), FRAGMENTS_PENDING);
            assert_int_equal(add(&bench, version, 7, datagram, parts[orders[i][2]]), FRAGMENTS_COMPLETE);
            check_complete(&bench, datagram, sizeof datagram);
            assert_int_equal(stats(&bench)->completed, 1);
            assert_int_equal(stats(&bench)->open, 0);
            fragments_finish(bench.fragments);
            assert_int_equal(bench.lost, 0);
            assert_int_equal(stats(&bench)->memory, 0);
            stop(&bench);
        }
    }
}

/* A datagram in fragments, each of which comes in a tunnel that is in fragments itself. */
static void test_fragments_in_fragments(void **state)
{
    (void)state;
    static const struct part outer[] = {{0, 48, true, 0}, {48, 96, true, 0}, {96, 0, false, 0}};
    uint8_t datagram[240];
    make_datagram(datagram, sizeof datagram);
    for (int version = 4; version <= 6; version += 2) {
        struct bench bench;
        start(&bench, NULL);
        for (uint32_t from = 0; from < sizeof datagram; from += 80) {
            unsigned more = from + 80 < sizeof datagram;
            struct build inner = {.length = 0};
            put_hex(&inner, "c001 12b5 0000 0000 08000000 00002a00 020000000001 020000000002");
            put_hex(&inner, version == 4 ? "0800" : "86dd");
            if (version == 4) {
                put_ipv4(&inner, 17, 80, 99, from / 8 | (more ? 0x2000 : 0));
            } else {
                put_ipv6(&inner, 44, 88);
                put_hex(&inner, "11 00");
                put16(&inner, from | more);
                put32(&inner, 99);
            }
            put(&inner, datagram + from, 80);
            for (size_t i = 0; i < sizeof outer / sizeof *outer; i++) {
                struct part part = outer[i];
                part.to = part.to ? part.to : inner.length;
                enum fragments_result result = add(&bench, 4, 1000 + from, inner.data, part);
                assert_int_equal(result, part.more || more ? FRAGMENTS_PENDING : FRAGMENTS_COMPLETE);
            }
        }
        check_complete(&bench, datagram, sizeof datagram);
        assert_int_equal(bench.packet.tunnels, 1);
        assert_int_equal(bench.packet.version, version);
        assert_int_equal(packet_ip_checksum(&bench.packet), version == 4 ? CHECKSUM_GOOD : CHECKSUM_UNCHECKABLE);
        stop(&bench);
    }
}

static void test_interleaved(void **state)
{
    (void)state;
    uint8_t datagram[24];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, NULL);
    for (uint32_t id = 0; id < 500; id++)
        assert_int_equal(add(&bench, 4 + 2 * (int)(id % 2), id, datagram, (struct part){0, 16, true, 0}),
                         FRAGMENTS_PENDING);
    assert_int_equal(stats(&bench)->open, 500);
    for (uint32_t id = 0; id < 500; id++) {
        assert_int_equal(add(&bench, 4 + 2 * (int)(id % 2), id, datagram, (struct part){16, 24, false, 0}),
                         FRAGMENTS_COMPLETE);
        check_complete(&bench, datagram, sizeof datagram);
    }
    stop(&bench);
}

static void test_largest(void **state)
{
    (void)state;
    static uint8_t datagram[65535 + 8];
    struct bench bench;
    make_datagram(datagram, 65515);
    start(&bench, NULL);
    for (uint32_t from = 64000; from > 0; from -= 1600)
        assert_int_equal(add(&bench, 4, 1, datagram,
                             (struct part){from, from + 1600 < 65515 ? from + 1600 : 65515, from < 63000, 0}),
                         FRAGMENTS_PENDING);
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){0, 1600, true, 0}), FRAGMENTS_COMPLETE);
    check_complete(&bench, datagram, 65515);
    stop(&bench);
}

static void test_ping_of_death(void **state)
{
    (void)state;
    static uint8_t datagram[66000];
    struct bench bench;
    start(&bench, NULL);
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){65528, 65535, false, 0}), FRAGMENTS_PENDING);
    assert_int_equal(add(&bench, 4, 2, datagram, (struct part){65528, 65536, false, 0}), FRAGMENTS_REFUSED);
    assert_int_equal(stats(&bench)->oversized, 1);
    assert_int_equal(bench.last.why, FRAGMENTS_OVERSIZED);
    assert_int_equal(add(&bench, 4, 2, datagram, (struct part){0, 8, true, 0}), FRAGMENTS_REFUSED);
    assert_int_equal(bench.lost, 1);
    stop(&bench);
}

static void test_duplicates(void **state)
{
    (void)state;
    uint8_t datagram[40];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, NULL);
    add(&bench, 4, 1, datagram, (struct part){0, 24, true, 0});
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){0, 24, true, 0}), FRAGMENTS_PENDING);
    assert_int_equal(stats(&bench)->duplicate, 1);
    /* An overlap whose octets agree. */
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){16, 40, false, 0}), FRAGMENTS_COMPLETE);
    check_complete(&bench, datagram, sizeof datagram);
    stop(&bench);
}

/* What contradicts the parts before it, and gives the datagram up. */
static void test_conflicts(void **state)
{
    (void)state;
    static const struct {
        struct part first, second;
        int flip; /* an octet of the second that differs, or -1 */
    } cases[] = {
        {{0, 32, true, 0}, {24, 48, false, 0}, 31},   /* teardrop */
        {{0, 32, true, 0}, {8, 16, true, 0}, 8},      /* within */
        {{0, 32, true, 0}, {0, 32, true, 0}, 0},      /* the same place */
        {{24, 40, false, 0}, {24, 48, false, 0}, -1}, /* two ends */
        {{24, 40, false, 0}, {32, 48, true, 0}, -1},  /* beyond the end */
        {{24, 48, true, 0}, {24, 40, false, 0}, -1},  /* an end before what is there */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t datagram[48];
        struct bench bench;
        make_datagram(datagram, sizeof datagram);
        start(&bench, NULL);
        assert_int_equal(add(&bench, 4, 1, datagram, cases[i].first), FRAGMENTS_PENDING);
        if (cases[i].flip >= 0)
            datagram[cases[i].flip] ^= 1;
        assert_int_equal(add(&bench, 4, 1, datagram, cases[i].second), FRAGMENTS_REFUSED);
        assert_int_equal(bench.lost, 1);
        assert_int_equal(bench.last.why, FRAGMENTS_OVERLAP);
        /* What arrives later is refused and says nothing more, until it is too old. */
        assert_int_equal(add(&bench, 4, 1, datagram, (struct part){0, 8, true, 0}), FRAGMENTS_REFUSED);
        bench.now += 31 * SECOND;
        assert_int_equal(add(&bench, 4, 1, datagram, (struct part){0, 8, true, 0}), FRAGMENTS_PENDING);
        assert_int_equal(bench.lost, 1);
        assert_int_equal(stats(&bench)->overlapping, 1);
        stop(&bench);
    }
}

static void test_malformed(void **state)
{
    (void)state;
    static const struct part parts[] = {{0, 0, true, 0}, {8, 8, false, 0}, {0, 7, true, 0}, {8, 25, true, 0}};
    uint8_t datagram[32] = {0};
    struct bench bench;
    start(&bench, NULL);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_int_equal(add(&bench, 4, 1, datagram, parts[i]), FRAGMENTS_REFUSED);
    assert_int_equal(stats(&bench)->malformed, 4);
    assert_int_equal(stats(&bench)->open, 0);
    stop(&bench);
}

static void test_age(void **state)
{
    (void)state;
    uint8_t datagram[64];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, NULL);
    add(&bench, 4, 1, datagram, (struct part){0, 16, true, 0});
    bench.now += 10 * SECOND;
    add(&bench, 4, 1, datagram, (struct part){32, 64, false, 0});
    bench.now += 20 * SECOND;
    add(&bench, 4, 2, datagram, (struct part){8, 16, true, 0});
    assert_int_equal(bench.lost, 0);
    bench.now += 1;
    add(&bench, 4, 3, datagram, (struct part){8, 16, true, 0});
    assert_int_equal(bench.lost, 1);
    assert_int_equal(stats(&bench)->timed_out, 1);
    assert_int_equal(bench.last.why, FRAGMENTS_TIMED_OUT);
    assert_int_equal(bench.last.ip_id, 1);
    assert_int_equal(bench.last.version, 4);
    assert_int_equal(bench.last.protocol, 17);
    assert_int_equal(bench.last.src[0], 192);
    assert_int_equal(bench.last.dst[0], 198);
    assert_true(bench.last.has_ports && bench.last.length_known);
    assert_int_equal(bench.last.dst_port, 1514);
    assert_int_equal(bench.last.first_frame, 1);
    assert_int_equal(bench.last.last_frame, 2);
    assert_int_equal(bench.last.fragments, 2);
    assert_int_equal(bench.last.received, 48);
    assert_int_equal(bench.last.missing, 16);
    fragments_finish(bench.fragments);
    assert_int_equal(bench.lost, 3);
    assert_int_equal(stats(&bench)->at_end, 2);
    assert_int_equal(bench.last.why, FRAGMENTS_AT_END);
    assert_int_equal(bench.last.ip_id, 3);
    assert_false(bench.last.has_ports || bench.last.length_known);
    assert_int_equal(bench.last.missing, 8);
    stop(&bench);
}

static void test_clock_runs_back(void **state)
{
    (void)state;
    uint8_t datagram[24];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, NULL);
    add(&bench, 4, 1, datagram, (struct part){0, 16, true, 0});
    bench.now -= 1000 * SECOND;
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){16, 24, false, 0}), FRAGMENTS_COMPLETE);
    stop(&bench);
}

static void test_memory_is_bounded(void **state)
{
    (void)state;
    const struct fragments_limits limits = {.memory = 256 << 10};
    static uint8_t datagram[40000];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, &limits);
    uint64_t seed = 1;
    for (uint32_t id = 0; id < 20000; id++) {
        uint32_t from = next_random(&seed) % 4000 * 8;
        add(&bench, 4 + 2 * (int)(id % 2), id, datagram, (struct part){from, from + 8, true, 0});
        assert_true(stats(&bench)->memory <= limits.memory);
    }
    assert_true(stats(&bench)->evicted > 0);
    assert_int_equal(stats(&bench)->evicted + stats(&bench)->open, 20000);
    assert_int_equal(bench.lost, stats(&bench)->evicted);
    assert_int_equal(bench.last.why, FRAGMENTS_EVICTED);
    /* One that grows to its full size evicts the others, not itself. */
    for (uint32_t from = 0; from < 39992; from += 8)
        assert_int_equal(add(&bench, 4, 99999, datagram, (struct part){from, from + 8, true, 0}), FRAGMENTS_PENDING);
    assert_int_equal(add(&bench, 4, 99999, datagram, (struct part){39992, 40000, false, 0}), FRAGMENTS_COMPLETE);
    check_complete(&bench, datagram, sizeof datagram);
    stop(&bench);
}

static void test_many_open_stay_fast(void **state)
{
    (void)state;
    const struct fragments_limits limits = {.memory = 1 << 30, .seconds = 1000000};
    uint8_t datagram[24];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, &limits);
    /* 4096 chains of at most 32. */
    for (uint32_t id = 0; id < 200000; id++)
        add(&bench, 6, id, datagram, (struct part){0, 8, true, 0});
    assert_true(stats(&bench)->open <= 4096 * 32);
    assert_true(stats(&bench)->open > 4096 * 30);
    stop(&bench);
}

static void test_cut_fragments(void **state)
{
    (void)state;
    uint8_t datagram[64];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, NULL);
    /* The second of three was cut after 5 of 24 octets. */
    add(&bench, 4, 1, datagram, (struct part){40, 64, false, 0});
    add(&bench, 4, 1, datagram, (struct part){16, 40, true, 5});
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){0, 16, true, 0}), FRAGMENTS_COMPLETE);
    assert_int_equal(bench.packet.kind, PACKET_UDP);
    assert_int_equal(bench.packet.fault, PACKET_CUT);
    assert_int_equal(bench.packet.fault_layer, PACKET_PAYLOAD);
    assert_int_equal(bench.packet.payload_wire, 56);
    assert_int_equal(bench.packet.payload_captured, 16 + 5 - 8);
    assert_memory_equal(bench.packet.payload, datagram + 8, 13);
    /* A cut copy of what is whole takes nothing away, and is no conflict. */
    add(&bench, 4, 2, datagram, (struct part){0, 40, true, 0});
    add(&bench, 4, 2, datagram, (struct part){0, 40, true, 9});
    assert_int_equal(add(&bench, 4, 2, datagram, (struct part){40, 64, false, 0}), FRAGMENTS_COMPLETE);
    check_complete(&bench, datagram, sizeof datagram);
    stop(&bench);
}

/* A fragment header in what was reassembled would start reassembly anew: refused. */
static void test_nested_fragments(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    put_hex(&build, "11 00 0009 00000001 0000000000000000");
    struct packet packet = {.version = 6, .protocol = 44, .reassembled = true};
    packet_parse_transport(build.data, build.length, build.length, &packet);
    assert_int_equal(packet.kind, PACKET_IP);
    assert_int_equal(packet.fault, PACKET_BAD);
}

/* Extension headers behind the fragment header are only there once all is put together. */
static void test_options_in_fragments(void **state)
{
    (void)state;
    struct build datagram = {.length = 0};
    put_hex(&datagram, "11 00 010400000000");
    put_udp(&datagram, "hello, world");
    struct bench bench;
    start(&bench, NULL);
    for (unsigned last = 0; last < 2; last++) {
        struct build build = {.length = 0};
        uint32_t from = last ? 16 : 0, to = last ? datagram.length : 16;
        put_ipv6(&build, 44, 8 + to - from);
        put_hex(&build, "3c 00");
        put16(&build, from | !last);
        put32(&build, 5);
        put(&build, datagram.data + from, to - from);
        struct frame frame = {.number = last};
        packet_parse(101, build.data, build.length, build.length, &bench.packet);
        assert_int_equal(fragments_add(bench.fragments, &frame, &bench.packet),
                         last ? FRAGMENTS_COMPLETE : FRAGMENTS_PENDING);
    }
    assert_int_equal(bench.packet.kind, PACKET_UDP);
    assert_int_equal(bench.packet.payload_captured, 12);
    assert_memory_equal(bench.packet.payload, "hello, world", 12);
    stop(&bench);
}

/* Anything at all: nothing but bounds can be said of it. */
static void test_random(void **state)
{
    (void)state;
    const struct fragments_limits limits = {.memory = 256 << 10, .seconds = 3};
    static uint8_t datagram[66000];
    uint64_t seed = 30;
    struct bench bench;
    start(&bench, &limits);
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t from = next_random(&seed) % 200 * 8;
        uint32_t length = next_random(&seed) % 64;
        if (next_random(&seed) % 100 == 0)
            from = 65528 - next_random(&seed) % 10 * 8;
        if (next_random(&seed) % 4 > 0)
            length &= ~7u;
        struct part part = {from, from + length, next_random(&seed) % 8 > 0, 0};
        if (from == 0)
            part.more = true;
        if (length > 0 && next_random(&seed) % 8 == 0)
            part.captured = next_random(&seed) % length + 1;
        if (from == 0 && !part.more)
            continue;
        datagram[next_random(&seed) % sizeof datagram] ^= (uint8_t)(next_random(&seed) % 50 == 0);
        bench.now += next_random(&seed) % SECOND / 8;
        uint32_t id = next_random(&seed) % 20;
        if (add(&bench, 4 + 2 * (int)(id % 2), id, datagram, part) == FRAGMENTS_COMPLETE) {
            const struct packet *packet = &bench.packet;
            assert_true(packet->payload_captured <= packet->payload_wire);
            uint8_t *copy = exactly(packet->payload, packet->payload_captured);
            free(copy);
        }
        assert_true(stats(&bench)->memory <= limits.memory);
    }
    fragments_finish(bench.fragments);
    const struct fragments_stats *s = stats(&bench);
    assert_int_equal(bench.lost, s->timed_out + s->evicted + s->overlapping + s->oversized + s->at_end);
    assert_int_equal(s->open, 0);
    assert_int_equal(s->memory, 0);
    stop(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_interleaved),
        cmocka_unit_test(test_fragments_in_fragments),
        cmocka_unit_test(test_largest),
        cmocka_unit_test(test_ping_of_death),
        cmocka_unit_test(test_duplicates),
        cmocka_unit_test(test_conflicts),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_age),
        cmocka_unit_test(test_clock_runs_back),
        cmocka_unit_test(test_memory_is_bounded),
        cmocka_unit_test(test_many_open_stay_fast),
        cmocka_unit_test(test_cut_fragments),
        cmocka_unit_test(test_nested_fragments),
        cmocka_unit_test(test_options_in_fragments),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
