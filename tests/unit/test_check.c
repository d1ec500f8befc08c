/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "check.h"
#include "flow.h"
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

static bool is_older(const struct recent *like, const struct recent *before)
{
    (void)like;
    return before->frame < 2;
}

static void datagrams_are_recalled_until_they_are_old(void **state)
{
    struct flows *flows = flows_new();
    const uint8_t src[16] = {192, 0, 2, 1}, dst[16] = {198, 51, 100, 9};
    struct flow *flow = flows_flow(flows, 4, src, dst, 514, true);
    (void)state;
    for (unsigned i = 0; i < RECENT_MAX + 1u; i++) {
        struct recent *r = flows_next_recent(flows);
        *r = (struct recent){.flow = flow, .frame = i + 1, .ip_id = i, .checksum = 7, .length = 100};
        flows_remember(flows, r);
    }
    struct recent like = {.flow = flow, .ip_id = 0, .checksum = 7, .length = 100};
    assert_null(flows_recall(flows, RECENT_DATAGRAM, &like, NULL));
    like.ip_id = 1;
    const struct recent *found = flows_recall(flows, RECENT_DATAGRAM, &like, NULL);
    assert_non_null(found);
    assert_int_equal(found->frame, 2);
    assert_null(flows_recall(flows, RECENT_DATAGRAM, &like, is_older));
    like.checksum = 8;
    assert_null(flows_recall(flows, RECENT_DATAGRAM, &like, NULL));
    flows_free(flows);
}

/* Against a list of all that were remembered, over several times the range of the numbers. */
static void recalling_is_as_a_list_has_it(void **state)
{
    enum { ROUNDS = 300000, IDS = 6000, FORGETS = 70000 };
    struct flows *flows = flows_new();
    const uint8_t src[16] = {192, 0, 2, 1}, dst[16] = {198, 51, 100, 9};
    struct flow *flow = flows_flow(flows, 4, src, dst, 514, true);
    uint32_t *ids = g_new0(uint32_t, ROUNDS), random = 1;
    unsigned first = 0, count = 0;
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (i % FORGETS == FORGETS - 1) {
            flows_forget(flows);
            first = count;
        }
        random = random * 1103515245 + 12345;
        struct recent *r = flows_next_recent(flows);
        *r = (struct recent){.flow = flow, .frame = count, .ip_id = (random >> 16) % IDS};
        unsigned from = count < RECENT_MAX ? first : MAX(first, count - (RECENT_MAX - 1u)), at = count;
        while (at > from && ids[at - 1] != r->ip_id)
            at--;
        const struct recent *found = flows_recall(flows, RECENT_DATAGRAM, r, NULL);
        assert_int_equal(found ? found->frame : UINT64_MAX, at > from ? at - 1 : UINT64_MAX);
        if (random >> 30 == 0) /* given up */
            continue;
        ids[count++] = r->ip_id;
        flows_remember(flows, r);
    }
    g_free(ids);
    flows_free(flows);
}

static unsigned looks;

static bool fits_never(const struct recent *like, const struct recent *before)
{
    (void)like, (void)before;
    looks++;
    return false;
}

/* The same datagram without an IP ID, over and over: the work for each is bounded. */
static void many_alike_cost_no_more(void **state)
{
    enum { SAME = 20000, MOST = 64 };
    struct flows *flows = flows_new();
    const uint8_t src[16] = {192, 0, 2, 1}, dst[16] = {198, 51, 100, 9};
    struct flow *flow = flows_flow(flows, 4, src, dst, 514, true);
    (void)state;
    for (unsigned i = 0; i < SAME; i++) {
        struct recent *r = flows_next_recent(flows);
        *r = (struct recent){.flow = flow, .frame = i, .checksum = 7, .length = 100};
        looks = 0;
        assert_null(flows_recall(flows, RECENT_DATAGRAM, r, fits_never));
        assert_in_range(looks, MIN(i, MOST), MOST);
        flows_remember(flows, r);
    }
    flows_free(flows);
}

static void texts_are_filled(void **state)
{
    const char *const one[] = {"n", "1", "who", "fw\x1b[1", NULL};
    const char *const two[] = {"n", "2", NULL};
    (void)state;
    char *text = sentence_filled("{n} datagram{s} {were} lost by {who}, {unknown}", one);
    assert_string_equal(text, "1 datagram was lost by fw\\x1b[1, {unknown}");
    g_free(text);
    const char *const of[] = {"n", "1", "all", "1,061", "who", "fw2", NULL};
    text = sentence_filled("{n} of {all} message{s} of {who} {have} none", of);
    assert_string_equal(text, "1 of 1,061 messages of fw2 has none");
    g_free(text);
    text = sentence_filled("{n} datagram{s} {were} lost{", two);
    assert_string_equal(text, "2 datagrams were lost{");
    g_free(text);
}

/* Moments of one second are one; those of several days have their dates. */
static void periods_are_said(void **state)
{
    static const struct {
        int64_t from, to;
        const char *said[MSGT_LANGS];
    } periods[] = {
        {0, 999999999, {"at 00:00:00 UTC", "00:00:00 UTC に"}},
        {-1, -1, {"at 23:59:59 UTC", "23:59:59 UTC に"}},
        {0, INT64_C(61) * 1000000000, {"from 00:00:00 UTC to 00:01:01 UTC", "00:00:00 UTC から 00:01:01 UTC まで"}},
        {0, INT64_C(86400) * 1000000000, {"from 1970-01-01 00:00:00 UTC to 1970-01-02 00:00:00 UTC", "1970-01-01 00:00:00 UTC から 1970-01-02 00:00:00 UTC まで"}},
    };
    (void)state;
    for (int lang = 0; lang < MSGT_LANGS; lang++) {
        struct view view = {.table = msgt_builtin(), .lang = (enum msgt_lang)lang, .utc = true};
        struct check *check = check_new(&view, 1000, 1000);
        for (size_t i = 0; i < G_N_ELEMENTS(periods); i++)
            assert_string_equal(check_period(check, periods[i].from, periods[i].to), periods[i].said[lang]);
        assert_string_equal(check_range(check, 15, 2700), lang == MSGT_JA ? "15～2,700" : "15 to 2,700");
        assert_string_equal(check_range(check, 1, 1), "1");
        check_free(check);
    }
}

static void every_code_is_whole(void **state)
{
    (void)state;
    for (unsigned i = 0; i < CHECK_CODES; i++) {
        const struct check_code_row *row = check_code((enum check_code)i);
        assert_true(*check_code_name((enum check_code)i));
        for (unsigned lang = 0; lang < MSGT_LANGS; lang++) {
            struct buffer out = {0};
            assert_non_null(row->advice[lang]);
            assert_non_null(row->how[lang]);
            assert_true(check_explain(&out, check_code_name((enum check_code)i), (enum msgt_lang)lang, lang == 0));
            buffer_char(&out, 0);
            for (const char *brace = out.data; (brace = strchr(brace, '{')); brace++)
                assert_false(g_ascii_islower(brace[1])); /* a name that a finding would fill */
            buffer_free(&out);
        }
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(check_code_name((enum check_code)i), check_code_name((enum check_code)k));
    }
}

static void hits_keep_the_first_frames(void **state)
{
    struct hit *hit = NULL;
    (void)state;
    for (unsigned i = 1; i <= 30; i++)
        check_hit_at(&hit, 2, "a.pcap", i, i * second, 6);
    assert_int_equal(hit->count, 60);
    assert_int_equal(hit->frame, 1);
    assert_int_equal(hit->frame_count, HIT_FRAMES);
    assert_int_equal(hit->frames[HIT_FRAMES - 1], HIT_FRAMES);
    g_free(hit);
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
        cmocka_unit_test(tables_are_bounded),
        cmocka_unit_test(feeds_are_bounded),
        cmocka_unit_test(a_device_may_have_the_name_of_the_crowd),
        cmocka_unit_test(datagrams_are_recalled_until_they_are_old),
        cmocka_unit_test(recalling_is_as_a_list_has_it),
        cmocka_unit_test(many_alike_cost_no_more),
        cmocka_unit_test(texts_are_filled),
        cmocka_unit_test(periods_are_said),
        cmocka_unit_test(every_code_is_whole),
        cmocka_unit_test(hits_keep_the_first_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
