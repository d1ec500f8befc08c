/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "flow.h"
#include "unit.h"

static void tables_are_bounded(void **state)
{
    struct flows *flows = flows_new();
    (void)state;
    for (unsigned i = 0; i < FLOW_TABLE_MAX + 10u; i++) {
        const uint8_t src[16] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i}, dst[16] = {198, 51, 100, 9};
        struct flow *flow = flows_flow(flows, 4, src, dst, 514, true);
        assert_true((flow != NULL) == (i < FLOW_TABLE_MAX));
        assert_true(!flow || flow->sender->address.octets[3] == (uint8_t)i);
    }
    assert_int_equal(flows->untracked, 10);
    for (unsigned i = 0; i < FLOW_TABLE_MAX + 10u; i++) {
        char name[16];
        struct device *device = flows_device(flows, name, (size_t)snprintf(name, sizeof name, "fw%u", i));
        assert_int_equal(device->crowd, i >= FLOW_TABLE_MAX);
    }
    assert_int_equal(flows->untracked, 20);
    flows_free(flows);
}

static void feeds_are_bounded(void **state)
{
    struct flows *flows = flows_new();
    struct flow ways[FEEDS_MAX + 1] = {0};
    (void)state;
    for (unsigned k = 0; k <= FEEDS_MAX; k++)
        ways[k].port = (uint16_t)k;
    for (unsigned i = 0; i <= FLOW_TABLE_MAX / FEEDS_MAX; i++) {
        char name[16];
        struct device *device = flows_device(flows, name, (size_t)snprintf(name, sizeof name, "fw%u", i));
        for (unsigned k = 0; k < FEEDS_MAX + 1u; k++) {
            struct feed *feed = flows_feed(flows, device, &ways[k]);
            assert_true((feed != NULL) == (i < FLOW_TABLE_MAX / FEEDS_MAX && k < FEEDS_MAX));
        }
    }
    assert_int_equal(flows->feed_count, FLOW_TABLE_MAX);
    assert_int_equal(flows->untracked, FLOW_TABLE_MAX / FEEDS_MAX + FEEDS_MAX + 1);
    flows_free(flows);
}

static void a_device_may_have_the_name_of_the_crowd(void **state)
{
    struct flows *flows = flows_new();
    (void)state;
    struct device *own = flows_device(flows, "(others)", 8), *crowd = own;
    for (unsigned i = 0; i < FLOW_TABLE_MAX; i++) {
        char name[16];
        crowd = flows_device(flows, name, (size_t)snprintf(name, sizeof name, "fw%u", i));
    }
    assert_true(crowd->crowd);
    assert_ptr_equal(flows_device(flows, "(others)", 8), own);
    assert_false(own->crowd);
    assert_string_equal(own->name, "(others)");
    flows_free(flows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_bounded),
        cmocka_unit_test(feeds_are_bounded),
        cmocka_unit_test(a_device_may_have_the_name_of_the_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
