/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>

#include "check.h"
#include "flow.h"
#include "unit.h"

static const int64_t second = 1000000000;

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
        cmocka_unit_test(tables_are_bounded),
        cmocka_unit_test(feeds_are_bounded),
        cmocka_unit_test(a_device_may_have_the_name_of_the_crowd),
        cmocka_unit_test(texts_are_filled),
        cmocka_unit_test(periods_are_said),
        cmocka_unit_test(every_code_is_whole),
        cmocka_unit_test(hits_keep_the_first_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
