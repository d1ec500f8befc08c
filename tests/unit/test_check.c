/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check.h"
#include "unit.h"

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
        check_hit_at(&hit, 2, "a.pcap", i, i * INT64_C(1000000000), 6);
    assert_int_equal(hit->count, 60);
    assert_int_equal(hit->frame, 1);
    assert_int_equal(hit->frame_count, HIT_FRAMES);
    assert_int_equal(hit->frames[HIT_FRAMES - 1], HIT_FRAMES);
    g_free(hit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_filled),
        cmocka_unit_test(periods_are_said),
        cmocka_unit_test(every_code_is_whole),
        cmocka_unit_test(hits_keep_the_first_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
