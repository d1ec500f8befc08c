/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"
#include "recent.h"
#include "unit.h"

static bool is_older(const struct recent *like, const struct recent *before)
{
    (void)like;
    return before->frame < 2;
}

static void datagrams_are_recalled_until_they_are_old(void **state)
{
    struct recents *recents = recents_new();
    const struct flow flow = {.port = 514};
    (void)state;
    for (unsigned i = 0; i < RECENT_MAX + 1u; i++) {
        struct recent *r = recents_next(recents);
        *r = (struct recent){.flow = &flow, .frame = i + 1, .ip_id = i, .checksum = 7, .length = 100};
        recents_remember(recents, r);
    }
    struct recent like = {.flow = &flow, .ip_id = 0, .checksum = 7, .length = 100};
    assert_null(recents_recall(recents, RECENT_DATAGRAM, &like, NULL));
    like.ip_id = 1;
    const struct recent *found = recents_recall(recents, RECENT_DATAGRAM, &like, NULL);
    assert_non_null(found);
    assert_int_equal(found->frame, 2);
    assert_null(recents_recall(recents, RECENT_DATAGRAM, &like, is_older));
    like.checksum = 8;
    assert_null(recents_recall(recents, RECENT_DATAGRAM, &like, NULL));
    recents_free(recents);
}

/* Against a list of all that were remembered, over several times the range of the numbers. */
static void recalling_is_as_a_list_has_it(void **state)
{
    enum { ROUNDS = 300000, IDS = 6000, FORGETS = 70000 };
    struct recents *recents = recents_new();
    const struct flow flow = {.port = 514};
    uint32_t *ids = g_new0(uint32_t, ROUNDS), random = 1;
    unsigned first = 0, count = 0;
    (void)state;
    for (unsigned i = 0; i < ROUNDS; i++) {
        if (i % FORGETS == FORGETS - 1) {
            recents_forget(recents);
            first = count;
        }
        random = random * 1103515245 + 12345;
        struct recent *r = recents_next(recents);
        *r = (struct recent){.flow = &flow, .frame = count, .ip_id = (random >> 16) % IDS};
        unsigned from = count < RECENT_MAX ? first : MAX(first, count - (RECENT_MAX - 1u)), at = count;
        while (at > from && ids[at - 1] != r->ip_id)
            at--;
        const struct recent *found = recents_recall(recents, RECENT_DATAGRAM, r, NULL);
        assert_int_equal(found ? found->frame : UINT64_MAX, at > from ? at - 1 : UINT64_MAX);
        if (random >> 30 == 0) /* given up */
            continue;
        ids[count++] = r->ip_id;
        recents_remember(recents, r);
    }
    g_free(ids);
    recents_free(recents);
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
    struct recents *recents = recents_new();
    const struct flow flow = {.port = 514};
    (void)state;
    for (unsigned i = 0; i < SAME; i++) {
        struct recent *r = recents_next(recents);
        *r = (struct recent){.flow = &flow, .frame = i, .checksum = 7, .length = 100};
        looks = 0;
        assert_null(recents_recall(recents, RECENT_DATAGRAM, r, fits_never));
        assert_in_range(looks, MIN(i, MOST), MOST);
        recents_remember(recents, r);
    }
    recents_free(recents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_are_recalled_until_they_are_old),
        cmocka_unit_test(recalling_is_as_a_list_has_it),
        cmocka_unit_test(many_alike_cost_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
