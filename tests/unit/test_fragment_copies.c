/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reassembly where a mirror port shows fragments twice. */
#include "reassembly.h"

/* A mirror port: each fragment twice, within a millisecond. */
static void test_mirror_copies(void **state)
{
    (void)state;
    uint8_t datagram[24];
    struct bench bench;
    make_datagram(datagram, sizeof datagram);
    start(&bench, NULL);
    add(&bench, 4, 1, datagram, (struct part){0, 16, true, 0});
    add(&bench, 4, 1, datagram, (struct part){0, 16, true, 0});
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){16, 24, false, 0}), FRAGMENTS_COMPLETE);
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){16, 24, false, 0}), FRAGMENTS_PENDING);
    fragments_finish(bench.fragments);
    assert_int_equal(bench.lost, 0);
    assert_int_equal(stats(&bench)->late, 1);
    /* Both, one after the other: two datagrams, as without fragments. */
    add(&bench, 4, 2, datagram, (struct part){0, 16, true, 0});
    assert_int_equal(add(&bench, 4, 2, datagram, (struct part){16, 24, false, 0}), FRAGMENTS_COMPLETE);
    add(&bench, 4, 2, datagram, (struct part){0, 16, true, 0});
    assert_int_equal(add(&bench, 4, 2, datagram, (struct part){16, 24, false, 0}), FRAGMENTS_COMPLETE);
    check_complete(&bench, datagram, sizeof datagram);
    /* The id used again later is another datagram, whose loss counts. */
    bench.now += 2 * SECOND;
    add(&bench, 4, 2, datagram, (struct part){0, 16, true, 0});
    fragments_finish(bench.fragments);
    assert_int_equal(bench.lost, 1);
    stop(&bench);
}

/* With the checksum that it has between the addresses of add(). */
static void sum_up(uint8_t *datagram, uint32_t length)
{
    struct build build = {.length = 0};
    datagram[6] = datagram[7] = 0;
    put_hex(&build, "c0000201 c6336402 0011");
    put16(&build, length);
    put(&build, datagram, length);
    uint16_t sum = folded(build.data, build.length, 0);
    datagram[6] = (uint8_t)(sum >> 8);
    datagram[7] = (uint8_t)sum;
}

static const struct part head = {0, 16, true, 0}, tail = {16, 24, false, 0}, longer_tail = {16, 40, false, 0};

/* What a mirror port leaves over lives no longer than what it is a copy of is known: the id is then free for another datagram. */
static void test_copies_do_not_last(void **state)
{
    (void)state;
    uint8_t datagram[40];
    struct bench bench;
    make_datagram(datagram, 24);
    start(&bench, NULL);
    add(&bench, 4, 1, datagram, head);
    add(&bench, 4, 1, datagram, head);
    add(&bench, 4, 1, datagram, tail);
    add(&bench, 4, 1, datagram, tail);
    bench.now += 2 * SECOND;
    make_datagram(datagram, 40);
    datagram[9] = 'x';
    add(&bench, 4, 1, datagram, head);
    assert_int_equal(stats(&bench)->late, 1);
    add(&bench, 4, 1, datagram, head);
    assert_int_equal(add(&bench, 4, 1, datagram, longer_tail), FRAGMENTS_COMPLETE);
    check_complete(&bench, datagram, 40);
    assert_int_equal(add(&bench, 4, 1, datagram, longer_tail), FRAGMENTS_PENDING);
    fragments_finish(bench.fragments);
    assert_int_equal(bench.lost, 0);
    assert_int_equal(stats(&bench)->late, 2);
    stop(&bench);
}

/* The id is used again at once: what contradicts a copy begins another datagram, whose loss counts. */
static void test_copies_are_contradicted(void **state)
{
    (void)state;
    static uint8_t datagram[1 << 16];
    struct bench bench;
    make_datagram(datagram, 24);
    start(&bench, NULL);
    add(&bench, 4, 1, datagram, head);
    add(&bench, 4, 1, datagram, tail);
    add(&bench, 4, 1, datagram, tail);
    make_datagram(datagram, 40);
    assert_int_equal(add(&bench, 4, 1, datagram, longer_tail), FRAGMENTS_PENDING);
    assert_int_equal(stats(&bench)->late, 1);
    assert_int_equal(add(&bench, 4, 1, datagram, head), FRAGMENTS_COMPLETE);
    check_complete(&bench, datagram, 40);
    add(&bench, 4, 1, datagram, head);
    assert_int_equal(add(&bench, 4, 1, datagram, (struct part){65528, 65536, false, 0}), FRAGMENTS_REFUSED);
    assert_int_equal(bench.lost, 1);
    assert_int_equal(bench.last.why, FRAGMENTS_OVERSIZED);
    stop(&bench);
}

/* The head of one and the tail of another are no datagram, as the checksum says, unless it was wrong at first. */
static void test_copies_do_not_mix(void **state)
{
    (void)state;
    for (unsigned wrong = 0; wrong < 2; wrong++) {
        uint8_t first[24], second[24];
        struct bench bench;
        make_datagram(first, sizeof first);
        make_datagram(second, sizeof second);
        second[9] = 'x';
        second[20] = 'y';
        sum_up(first, sizeof first);
        sum_up(second, sizeof second);
        first[6] ^= (uint8_t)wrong;
        start(&bench, NULL);
        add(&bench, 4, 1, first, head);
        assert_int_equal(add(&bench, 4, 1, first, tail), FRAGMENTS_COMPLETE);
        assert_int_equal(packet_udp_checksum(&bench.packet), wrong ? CHECKSUM_BAD : CHECKSUM_GOOD);
        add(&bench, 4, 1, first, tail);
        if (wrong) {
            assert_int_equal(add(&bench, 4, 1, first, head), FRAGMENTS_COMPLETE);
        } else {
            assert_int_equal(add(&bench, 4, 1, second, head), FRAGMENTS_PENDING);
            assert_int_equal(add(&bench, 4, 1, second, tail), FRAGMENTS_COMPLETE);
            check_complete(&bench, second, sizeof second);
        }
        stop(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mirror_copies),
        cmocka_unit_test(test_copies_do_not_last),
        cmocka_unit_test(test_copies_are_contradicted),
        cmocka_unit_test(test_copies_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
