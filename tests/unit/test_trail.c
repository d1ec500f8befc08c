/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts are decoded the same whatever was decoded before. */
#include "changed_texts.h"

enum { CHANGES = 150 };

static struct msgt_memory memory;

static enum msgt_status expect_the_same(const struct msgt_table *table, uint32_t id, const char *text, size_t length)
{
    struct msgt_record record;
    if (!is_decoded_the_same(&memory, table, id, text, length, 0, &record))
        fail_msg("%06u: %.*s", id, (int)length, text);
    return record.status;
}

static void changed_texts_are_decoded_the_same(void **state)
{
    (void)state;
    const struct msgt_table *table = msgt_builtin();
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message message = msgt_message(table, i, MSGT_EN);
        for (unsigned k = 0; k < message.examples; k++) {
            const char *example = msgt_example(table, i, k);
            struct msgt_record record;
            msgt_decode_text(table, message.id, (const uint8_t *)example, strlen(example), 0, &record);
            for (unsigned n = 0; n < CHANGES; n++) {
                char text[TEXT_MAX];
                size_t length = strlen(example);
                waken(&memory, i);
                memcpy(text, example, length);
                expect_the_same(table, message.id, text, length);
                length = change_values(text, example, length, &record);
                expect_the_same(table, message.id, text, length);
                waken(&memory, i);
                length = change_much(text, length);
                expect_the_same(table, message.id, text, length);
            }
        }
    }
}

#define REQUESTED "Local:192.0.2.1:500 Remote:198.51.100.2:500 Username:alice IKEv2 Received request to establish an IPsec tunnel; " \
                  "local traffic selector = Address Range: "
#define REMOTE " Protocol: 0 Port Range: 0-65535; remote traffic selector = Address Range: 10.2.0.0-10.2.0.255 Protocol: 0 Port Range: 0-65535"

/* Each is a pair: what is learned from, and a text of the same octets between its fields that must not take the same way without a look. */
static void what_leads_elsewhere_is_seen(void **state)
{
    (void)state;
    static const struct row {
        uint32_t id;
        const char *first, *then;
    } rows[] = {
        {722051, "Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session",
         "Group <Staff> User <> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"},
        {722051, "Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session",
         "Group <Staff> User <a> IP <b> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"},
        {722051, "Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session",
         "Group <Staff> User <alice> IP <192.0.2.777> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"},
        {725001, "Starting SSL handshake with client outside:192.0.2.7/51034 to 203.0.113.1/443 for TLS session",
         "Starting SSL handshake with client outside:192.0.2.7/99999 to 203.0.113.1/443 for TLS session"},
        {725001, "Starting SSL handshake with client outside:192.0.2.7/51034 to 203.0.113.1/443 for TLS session",
         "Starting SSL handshake with client outside:2001:db8::7/51034 to 203.0.113.1/443 for TLS session"},
        {725001, "Starting SSL handshake with client outside:192.0.2.7/51034 to 203.0.113.1/443 for TLS session",
         "Starting SSL handshake with client outside: 192.0.2.7/51034 to 203.0.113.1/443 for TLS session"},
        {723001, "Group Staff User alice IP 192.0.2.7 WebVPN Citrix ICA connection 12 is up.", "Group , User alice IP 192.0.2.7 WebVPN Citrix ICA connection 12 is up."},
        {737034, "IPAA: IPv4 address: 192.0.2.7", "IPAA: IPv4 address: timeout"},
        {722037, "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection: Transport closing.",
         "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection: Transport closing.."},
        {722037, "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection: Transport closing.",
         "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection:  Transport closing ."},
        {750001, REQUESTED "10.1.0.0-10.1.0.255" REMOTE, REQUESTED "10.1.0.0-x-10.1.0.255" REMOTE},
        {750001, REQUESTED "10.1.0.0-10.1.0.255" REMOTE, REQUESTED "10.1.0.0-10.1.x-10.1.0.255" REMOTE},
        {750001, REQUESTED "10.1.0.0-10.1.0.255" REMOTE, REQUESTED "2001:db8::-2001:db8::ff" REMOTE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int n = 0; n < 4; n++) {
            expect_the_same(msgt_builtin(), rows[i].id, rows[i].first, strlen(rows[i].first));
            expect_the_same(msgt_builtin(), rows[i].id, rows[i].then, strlen(rows[i].then));
        }
}

static void a_trail_is_followed(void **state)
{
    (void)state;
    memset(&memory, 0, sizeof memory);
    static const char form[] = "Group <Staff> User <%s> IP <192.0.2.%d> First TCP SVC connection established for SVC session.";
    static const char *const users[] = {"alice", "bob", "a-much-longer-name.than@the.others", "x"};
    uint32_t learned = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(users); i++) {
        char text[256];
        size_t length = (size_t)snprintf(text, sizeof text, form, users[i], (int)(7 + 31 * i));
        assert_int_equal(expect_the_same(msgt_builtin(), 722033, text, length), MSGT_OK);
        learned = learned ? learned : memory.gap_count;
        assert_true(learned > 0);
        assert_int_equal(memory.gap_count, learned);
    }
    const struct msgt_trail *trail = &memory.trails[msgt_message_index(msgt_builtin(), 722033) % MSGT_TRAILS];
    assert_true(trail->gap > 0 && trail->misses == 0 && trail->dull == 0 && trail->rest == 0);
}

static void texts_without_a_trail_are_left_alone(void **state)
{
    (void)state;
    memset(&memory, 0, sizeof memory);
    const struct msgt_trail *trail = &memory.trails[msgt_message_index(msgt_builtin(), 722033) % MSGT_TRAILS];
    for (int i = 0; i < 100 && trail->rest == 0; i++)
        assert_int_equal(expect_the_same(msgt_builtin(), 722033, "Something else", 14), MSGT_PARTIAL);
    assert_true(trail->rest > 0);
    assert_int_equal(memory.gap_count, 0);
}

static void full_and_foreign_memories_are_forgotten(void **state)
{
    (void)state;
    static const char text[] = "IP <192.0.2.7> Error parsing SVC connect request.";
    struct msgt_error error;
    struct msgt_table *other = msgt_load(msgt_builtin(), NULL, 0, &error);
    assert_non_null(other);
    for (int i = 0; i < 3; i++) {
        expect_the_same(msgt_builtin(), 722001, text, sizeof text - 1);
        assert_ptr_equal(memory.table, msgt_builtin());
        expect_the_same(other, 722001, text, sizeof text - 1);
        assert_ptr_equal(memory.table, other);
        memory.gap_count = MSGT_GAPS - 1;
        expect_the_same(other, 722001, text, sizeof text - 1);
        assert_true(memory.gap_count < 10);
    }
    msgt_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_texts_are_decoded_the_same),
        cmocka_unit_test(what_leads_elsewhere_is_seen),
        cmocka_unit_test(a_trail_is_followed),
        cmocka_unit_test(texts_without_a_trail_are_left_alone),
        cmocka_unit_test(full_and_foreign_memories_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
