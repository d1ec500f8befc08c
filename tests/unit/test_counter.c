/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib.h>

#include "check.h"
#include "counter.h"
#include "unit.h"

static const int64_t second = 1000000000;

/* COUNT numbers from FIRST on, STEP apart, one every EVERY ns. */
static void feed(struct counter *c, uint32_t first, unsigned count, uint32_t step, int64_t every)
{
    for (unsigned i = 0; i < count; i++)
        counter_take(c, (first + i * step) & 0xffff, 16, c->time + every, 1);
}

static void counts_by_one(void **state)
{
    struct counter c = {0};
    (void)state;
    feed(&c, 65500, 100, 1, second); /* wraps */
    assert_int_equal(counter_kind(&c), COUNTER_SEQUENTIAL);
    assert_int_equal(c.missing, 0);
    assert_int_equal(counter_take(&c, (65600 + 5) & 0xffff, 16, c.time + second, 1), 5);
    assert_int_equal(c.missing, 5);
}

static void late_numbers_are_taken_back(void **state)
{
    struct counter c = {0};
    (void)state;
    feed(&c, 0, 50, 1, second);
    assert_int_equal(counter_take(&c, 52, 16, c.time, 1), 2);
    assert_int_equal(counter_take(&c, 50, 16, c.time, 1), -1);
    assert_int_equal(counter_take(&c, 51, 16, c.time, 1), -1);
    assert_int_equal(counter_take(&c, 53, 16, c.time, 1), 0);
    assert_int_equal(c.missing, 0);
    assert_int_equal(c.late, 2);
}

static void a_gap_is_filled_in_any_order(void **state)
{
    struct counter c = {0};
    const struct skip skip = {.from = 50, .count = 8, .open = 8, .frame = 1};
    static const struct {
        uint32_t number;
        int64_t taken;
        unsigned missing, places;
    } late[] = {{53, -1, 7, 2}, {53, 0, 7, 2}, {50, -1, 6, 2}, {56, -1, 5, 3}, {57, -1, 4, 2}, {54, -1, 3, 2}, {55, -1, 2, 1}, {52, -1, 1, 1}, {51, -1, 0, 0}};
    (void)state;
    feed(&c, 0, 50, 1, second);
    assert_int_equal(counter_take(&c, 58, 16, c.time, 1), 8);
    counter_keep(&c, &skip);
    for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
        assert_int_equal(c.skip_count, 1);
        assert_int_equal(counter_take(&c, late[i].number, 16, c.time, 1), late[i].taken);
        assert_int_equal(c.missing, late[i].missing);
        assert_int_equal(c.places, late[i].places);
    }
    assert_int_equal(c.skip_count, 0);
    g_free(c.skips);
}

/* What was lost is not found again in the next round of the numbers. */
static void a_gap_is_left_behind(void **state)
{
    struct counter c = {0};
    (void)state;
    feed(&c, 0, 50, 1, second);
    assert_int_equal(counter_take(&c, 53, 16, c.time, 1), 3);
    for (uint32_t i = 54; i < 54 + 65536; i++)
        if (!counter_next(&c, i & 0xffff, c.time, 1))
            assert_int_equal(counter_take(&c, i & 0xffff, 16, c.time, 1), 0);
    assert_int_equal(counter_take(&c, 52, 16, c.time, 1), 0);
    assert_int_equal(c.missing, 3);
    assert_int_equal(c.places, 1);
    assert_int_equal(c.late, 0);
}

/* Far more than the rate brings, or the first numbers of a counter: a start explains these as well. */
static void a_leap_may_be_a_start(void **state)
{
    static const struct {
        uint32_t first, number;
        int64_t pause; /* s */
        unsigned leaps;
    } rows[] = {{0, 4850, 1, 1},     {0, 4850, 5000, 0},   {0, 4850, 1300, 0}, {0, 4850, 1000, 1}, {0, 4850, 18000, 0}, {0, 4850, 21000, 1},
                {0, 300, 1, 0},      {0, 355, 1, 1},       {62000, 1, 3400, 1}, {62000, 65, 3400, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct counter c = {0};
        feed(&c, rows[i].first, 100, 1, second);
        uint32_t skipped = (rows[i].number - (rows[i].first + 100)) & 0xffff;
        assert_int_equal(counter_take(&c, rows[i].number, 16, c.time + rows[i].pause * second, 1), skipped);
        assert_int_equal(c.missing, skipped);
        assert_int_equal(c.leaps, rows[i].leaps);
        assert_int_equal(c.leapt, rows[i].leaps ? skipped : 0);
    }
}

/* A number that was left out there comes late: it was counted on. */
static void a_leap_is_proved_by_what_is_late(void **state)
{
    struct counter c = {0};
    const struct skip skip = {.from = 100, .count = 900, .open = 900, .leap = true};
    (void)state;
    feed(&c, 0, 100, 1, second);
    assert_int_equal(counter_take(&c, 1000, 16, c.time + second, 1), 900);
    counter_keep(&c, &skip);
    assert_int_equal(check_missing(&c, true).count, 900);
    assert_int_equal(counter_take(&c, 990, 16, c.time, 1), -1);
    assert_int_equal(check_missing(&c, true).count, 0);
    assert_int_equal(check_missing(&c, false).count, 899);
    assert_int_equal(c.leaps, 0);
    assert_false(c.skips[0].leap);
    g_free(c.skips);
}

/* Where there are more places than are kept, those of leaps are. */
static void leaps_are_kept(void **state)
{
    struct counter c = {0};
    const struct skip small = {.count = 1, .open = 1}, leap = {.count = 900, .open = 900, .leap = true};
    (void)state;
    for (unsigned i = 0; i < COUNTER_SKIPS; i++)
        counter_keep(&c, &small);
    for (unsigned i = 1; i <= COUNTER_SKIPS + 2u; i++) {
        counter_keep(&c, &leap);
        counter_keep(&c, &small);
        unsigned leaps = 0;
        for (unsigned k = 0; k < c.skip_count; k++)
            leaps += c.skips[k].leap;
        assert_int_equal(c.skip_count, COUNTER_SKIPS);
        assert_int_equal(leaps, MIN(i, (unsigned)COUNTER_SKIPS));
    }
    g_free(c.skips);
}

static void other_counters_are_not_usable(void **state)
{
    struct counter constant = {0}, random = {0}, shared = {0}, ticking = {0}, few = {0};
    uint32_t x = 1;
    (void)state;
    feed(&constant, 0, 200, 0, second);
    for (unsigned i = 0; i < 200; i++, x = x * 1103515245u + 12345u)
        counter_take(&random, x >> 16 & 0xffff, 16, i * second, 1);
    feed(&shared, 0, 200, 3, second);
    /* Linux adds the clock's ticks after a pause, and counts by one within a burst. */
    for (unsigned i = 0, id = 0; i < 400; i++) {
        id += i % 8 ? 1 : 5 + i % 13;
        counter_take(&ticking, id & 0xffff, 16, i * 1000 + i / 8 * second, 1);
    }
    feed(&few, 0, 10, 1, second);
    assert_int_equal(counter_kind(&constant), COUNTER_CONSTANT);
    assert_int_equal(counter_kind(&random), COUNTER_RANDOM);
    assert_int_equal(counter_kind(&shared), COUNTER_SHARED);
    assert_int_equal(counter_kind(&ticking), COUNTER_SHARED);
    assert_int_equal(counter_kind(&few), COUNTER_UNKNOWN);
}

static void a_new_file_starts_anew(void **state)
{
    struct counter c = {0};
    (void)state;
    feed(&c, 0, 50, 1, second);
    assert_int_equal(counter_take(&c, 900, 16, c.time, 2), 0);
    assert_int_equal(c.missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_by_one),
        cmocka_unit_test(late_numbers_are_taken_back),
        cmocka_unit_test(a_gap_is_filled_in_any_order),
        cmocka_unit_test(a_gap_is_left_behind),
        cmocka_unit_test(a_leap_may_be_a_start),
        cmocka_unit_test(a_leap_is_proved_by_what_is_late),
        cmocka_unit_test(leaps_are_kept),
        cmocka_unit_test(other_counters_are_not_usable),
        cmocka_unit_test(a_new_file_starts_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
