/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue proves itself: every example, every prefix of it, and hostile changes at every place. */
#include "unit.h"

#include "msgtable/msgtable.h"

/* What must hold for any text whatever. */
static void expect_sane(const struct msgt_record *r, uint32_t id, const char *text, size_t length)
{
    assert_true(r->status == MSGT_OK || r->status == MSGT_PARTIAL || r->status == MSGT_TRUNCATED);
    assert_true(r->count <= MSGT_VALUES_MAX);
    assert_true(r->diverges <= length);
    uint32_t last = 0;
    for (unsigned i = 0; i < r->count; i++) {
        const struct msgt_value *value = &r->values[i];
        if (value->offset + value->length > length || value->offset < last)
            fail_msg("%u: value %u lies outside or backwards in \"%s\"", id, i, text);
        last = value->offset + value->length;
        if (r->status != MSGT_OK && last > r->diverges)
            fail_msg("%u: a value lies behind the divergence in \"%s\"", id, text);
    }
}

typedef void example_fn(uint32_t id, const char *text, size_t length);

static void for_each_example(example_fn *check)
{
    const struct msgt_table *table = msgt_builtin();
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message m = msgt_message(table, i, MSGT_EN);
        assert_true(m.examples > 0);
        for (unsigned k = 0; k < m.examples; k++)
            check(m.id, msgt_example(table, i, k), strlen(msgt_example(table, i, k)));
    }
}

static void decode(uint32_t id, const char *text, size_t length, struct msgt_record *r)
{
    uint8_t *copy = exactly(text, length);
    msgt_decode_text(msgt_builtin(), id, copy, length, 0, r);
    expect_sane(r, id, text, length);
    free(copy);
}

static void check_whole(uint32_t id, const char *text, size_t length)
{
    struct msgt_record r;
    static const char *const tails[] = {".", "..", " ", ". ", "\n", "\r\n", " \n", ".\n"};
    decode(id, text, length, &r);
    if (r.status != MSGT_OK)
        fail_msg("%u: \"%s\" is %s", id, text, msgt_status_name(r.status));
    uint16_t count = r.count;
    bool dotted = length && text[length - 1] == '.';
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char longer[2048];
        if (dotted && tails[i][0] == '.' && tails[i][1] == '.')
            continue; /* three dots are more than a doubled one */
        size_t tail = strlen(tails[i]);
        assert_true(length + tail < sizeof longer);
        memcpy(longer, text, length);
        memcpy(longer + length, tails[i], tail + 1);
        decode(id, longer, length + tail, &r);
        if (r.status != MSGT_OK || r.count != count)
            fail_msg("%u: \"%s\" is %s with %u values", id, longer, msgt_status_name(r.status), r.count);
    }
}

static void every_example_decodes_with_every_tail(void **state)
{
    (void)state;
    for_each_example(check_whole);
}

static void check_prefixes(uint32_t id, const char *text, size_t length)
{
    struct msgt_record r;
    for (size_t n = 1; n < length; n++) {
        decode(id, text, n, &r);
        if (r.status == MSGT_PARTIAL)
            fail_msg("%u: \"%.*s\" is partial: expected \"%.*s\" at %u", id, (int)n, text, (int)r.expected_length, r.expected,
                     r.diverges);
    }
}

/* A text that was cut is truncated, or ok where what is left is a whole message. */
static void every_prefix_is_truncated_or_whole(void **state)
{
    (void)state;
    for_each_example(check_prefixes);
}

static void check_cut(uint32_t id, const char *text, size_t length)
{
    struct msgt_record r;
    uint8_t *copy = exactly(text, length);
    msgt_decode_text(msgt_builtin(), id, copy, length, MSGT_CUT, &r);
    expect_sane(&r, id, text, length);
    assert_int_equal(r.status, MSGT_TRUNCATED);
    for (unsigned i = 0; i < r.count; i++)
        assert_true(r.values[i].offset + r.values[i].length < length);
    free(copy);
}

static void what_the_capture_cut_is_never_whole(void **state)
{
    (void)state;
    for_each_example(check_cut);
}

static const uint8_t nasty[] = {0, '<', '>', '%', ':', '/', '[', ']', ' ', 0x80, 0xff, '\n', '\'', '.', '('};

static void check_substitutions(uint32_t id, const char *text, size_t length)
{
    struct msgt_record r;
    uint8_t *copy = exactly(text, length);
    for (size_t at = 0; at < length; at++) {
        for (size_t i = 0; i < sizeof nasty; i++) {
            copy[at] = nasty[i];
            msgt_decode_text(msgt_builtin(), id, copy, length, 0, &r);
            expect_sane(&r, id, text, length);
        }
        copy[at] = (uint8_t)text[at];
    }
    free(copy);
}

static void every_substitution_is_survived(void **state)
{
    (void)state;
    for_each_example(check_substitutions);
}

static void check_insertions_and_deletions(uint32_t id, const char *text, size_t length)
{
    struct msgt_record r;
    uint8_t *longer = exactly(text, length), *shorter = exactly(text, length - 1);
    longer = realloc(longer, length + 1);
    for (size_t at = 0; at < length; at++) {
        memcpy(longer, text, at);
        memcpy(longer + at + 1, text + at, length - at);
        for (size_t i = 0; i < sizeof nasty; i++) {
            longer[at] = nasty[i];
            msgt_decode_text(msgt_builtin(), id, longer, length + 1, 0, &r);
            expect_sane(&r, id, text, length + 1);
        }
        memcpy(shorter, text, at);
        memcpy(shorter + at, text + at + 1, length - at - 1);
        msgt_decode_text(msgt_builtin(), id, shorter, length - 1, 0, &r);
        expect_sane(&r, id, text, length - 1);
    }
    free(longer);
    free(shorter);
}

static void every_insertion_and_deletion_is_survived(void **state)
{
    (void)state;
    for_each_example(check_insertions_and_deletions);
}

static void blanks_are_forgiven(void **state)
{
    (void)state;
    static const char text[] = "Group  <Staff>   User <alice>  IP <192.0.2.7>  IPv4  Address <10.8.0.5> IPv6 address <::>  assigned to session .";
    struct msgt_record r;
    decode(722051, text, sizeof text - 1, &r);
    assert_int_equal(r.status, MSGT_OK);
    assert_int_equal(r.count, 5);
}

static void the_reference_is_complete(void **state)
{
    (void)state;
    /* 337 of the chapter and 89 of the English edition. */
    assert_int_equal(msgt_message_count(msgt_builtin()), 426);
    assert_int_equal(msgt_message(msgt_builtin(), 0, MSGT_EN).id, 722001);
    assert_int_equal(msgt_message(msgt_builtin(), 425, MSGT_EN).id, 776254);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_decodes_with_every_tail),
        cmocka_unit_test(every_prefix_is_truncated_or_whole),
        cmocka_unit_test(what_the_capture_cut_is_never_whole),
        cmocka_unit_test(every_substitution_is_survived),
        cmocka_unit_test(every_insertion_and_deletion_is_survived),
        cmocka_unit_test(blanks_are_forgiven),
        cmocka_unit_test(the_reference_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
