/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts by key, and messages over time. */
#include <glib.h>

#include "tally.h"
#include "timeline.h"
#include "unit.h"

static const struct tally_row *row_of(const struct tally *tally, const char *key, size_t length)
{
    for (size_t i = 0; i < tally->count; i++)
        if (tally->rows[i].length == length && memcmp(tally->rows[i].key, key, length) == 0)
            return &tally->rows[i];
    return NULL;
}

static void test_counts(void **state)
{
    (void)state;
    struct tally tally;
    tally_init(&tally);
    /* Every length around the steps of the hash; keys that differ in one octet, also in a NUL at the end. */
    char key[40] = {0};
    for (size_t length = 0; length < sizeof key; length++)
        for (unsigned last = 0; last < (length ? 3 : 1); last++) {
            key[length ? length - 1 : 0] = (char)last;
            for (unsigned i = 0; i <= last; i++)
                tally_add(&tally, key, length, length + 1);
        }
    assert_int_equal(tally.count, 1 + 3 * (sizeof key - 1));
    memset(key, 2, sizeof key);
    for (size_t length = 1; length < sizeof key; length++) {
        const struct tally_row *row = row_of(&tally, key, length);
        assert_non_null(row);
        assert_int_equal(row->count, 3 * (length + 1));
        assert_int_equal(row->key[length], 0);
    }
    assert_int_equal(tally.others, 0);
    tally_clear(&tally);
}

static void test_order(void **state)
{
    (void)state;
    struct tally tally;
    size_t count;
    tally_init(&tally);
    tally_add(&tally, "b", 1, 2);
    tally_add(&tally, "ab", 2, 2);
    tally_add(&tally, "c", 1, 3);
    tally_add(&tally, "a", 1, 2);
    const char *const order[] = {"c", "a", "ab", "b"};
    for (size_t most = 0; most <= 5; most++) {
        const struct tally_row **rows = tally_first(&tally, most, &count);
        assert_int_equal(count, most < 4 ? most : 4);
        for (size_t i = 0; i < count; i++)
            assert_string_equal(rows[i]->key, order[i]);
        g_free(rows);
    }
    tally_clear(&tally);
}

static void test_bounds(void **state)
{
    (void)state;
    struct tally tally;
    char key[2 * TALLY_KEY_LENGTH_MAX];
    tally_init(&tally);
    for (uint32_t i = 0; i < TALLY_KEYS_MAX + 5; i++)
        tally_add(&tally, &i, sizeof i, 7);
    assert_int_equal(tally.count, TALLY_KEYS_MAX);
    assert_int_equal(tally.others, 5 * 7);
    uint32_t known = TALLY_KEYS_MAX - 1;
    tally_add(&tally, &known, sizeof known, 1); /* still counted */
    assert_int_equal(tally.rows[known].count, 8);
    assert_int_equal(tally.others, 5 * 7);
    tally_clear(&tally);

    tally_init(&tally);
    memset(key, 'x', sizeof key);
    tally_add(&tally, key, sizeof key, 1);
    tally_add(&tally, key, TALLY_KEY_LENGTH_MAX, 1);
    assert_int_equal(tally.count, 1);
    assert_int_equal(tally.rows[0].length, TALLY_KEY_LENGTH_MAX);
    tally_clear(&tally);
}

static uint64_t sum(const struct timeline *t)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < TIMELINE_BINS; i++)
        all += t->bins[i];
    return all;
}

static void test_timeline(void **state)
{
    (void)state;
    struct timeline *t = g_new0(struct timeline, 1);
    timeline_add(t, 1000, 500);
    timeline_add(t, 1000, 400);
    timeline_add(t, 1000, 600);
    assert_int_equal(t->first_nanoseconds, 400);
    assert_int_equal(t->last_nanoseconds, 600);
    assert_int_equal(t->peak, 3);
    timeline_add(t, 1000 + 3 * TIMELINE_BINS, 0); /* joins bins */
    timeline_add(t, 1000 + 3 * TIMELINE_BINS, 1); /* and the same second again */
    timeline_add(t, 1000, 0);
    timeline_add(t, 990, 0); /* moves bins */
    timeline_add(t, 990, 5);
    timeline_add(t, INT64_MAX, 0); /* no time */
    timeline_add(t, INT64_MIN, 0);
    assert_int_equal(sum(t), 8);
    assert_int_equal(t->first_seconds, 990);
    assert_int_equal(t->last_seconds, 1000 + 3 * TIMELINE_BINS);
    assert_int_equal(t->bins[(1000 - t->origin) / t->width], 4);
    assert_int_equal(t->bins[(t->last_seconds - t->origin) / t->width], 2);
    assert_int_equal(t->peak, 3);
    g_free(t);
}

/* Two interfaces, one after the other, ten seconds at a time: the seconds are the same ones. */
static void test_busiest_second(void **state)
{
    (void)state;
    struct timeline *t = g_new0(struct timeline, 1);
    for (int block = 0; block < 100; block++)
        for (int interface = 0; interface < 2; interface++)
            for (int i = 0; i < 10; i++)
                timeline_add(t, 1000 + 10 * block + i, 0);
    assert_int_equal(t->peak, 2);
    timeline_add(t, -1, 0);
    timeline_add(t, 0, 0);
    assert_int_equal(t->peak, 2);
    g_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_timeline),
        cmocka_unit_test(test_busiest_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
