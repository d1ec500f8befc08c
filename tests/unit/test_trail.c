/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts are decoded the same whatever was decoded before. */
#include "unit.h"

#include <glib.h>
#include <stdio.h>

#include "table.h"

enum { TEXT_MAX = 4096, CHANGES = 150 };

static struct msgt_memory memory;

static uint32_t draw(uint32_t limit)
{
    static uint64_t random = 1;
    random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random >> 32) * limit >> 32);
}

static bool same_value(const struct msgt_value *a, const struct msgt_value *b)
{
    return a->offset == b->offset && a->length == b->length && a->field == b->field && a->kind == b->kind &&
           (a->kind != MSGT_KIND_NUMBER || a->as.number == b->as.number) && (a->kind != MSGT_KIND_IPV4 || memcmp(a->as.address, b->as.address, 4) == 0) &&
           (a->kind != MSGT_KIND_IPV6 || memcmp(a->as.address, b->as.address, 16) == 0);
}

static bool same_record(const struct msgt_record *a, const struct msgt_record *b)
{
    bool same = a->status == b->status && a->findings == b->findings && a->count == b->count && a->template_index == b->template_index &&
                a->diverges == b->diverges && a->expected_length == b->expected_length;
    for (unsigned i = 0; same && i < a->count; i++)
        same = same_value(&a->values[i], &b->values[i]);
    return same;
}

/* Decodes the text of a message with what is remembered and without. */
static enum msgt_status expect_the_same(const struct msgt_table *table, uint32_t id, const char *text, size_t length)
{
    static char datagram[TEXT_MAX + 64];
    struct msgt_record with, without;
    size_t front = (size_t)snprintf(datagram, sizeof datagram, "<166>%%FTD-6-%06u: ", id);
    memcpy(datagram + front, text, length);
    const uint8_t *octets = (const uint8_t *)datagram;
    size_t a = msgt_decode(table, octets, front + length, 0, 0, &without);
    size_t b = msgt_decode_with(&(struct msgt_hints){.memory = &memory}, table, octets, front + length, 0, 0, &with);
    if (a != b || !same_record(&with, &without))
        fail_msg("%06u: %.*s", id, (int)length, text);
    return with.status;
}

/* What a text may have in another place: most kinds of octets that decide anything. */
static size_t change(char *text, size_t length)
{
    static const char octets[] = " .:/-<>()[]'\",;=x0a9%\t\\";
    size_t at = draw((uint32_t)length), other = draw((uint32_t)length), count;
    switch (draw(5)) {
    case 0:
        text[at] = octets[draw(sizeof octets - 1)];
        return length;
    case 1: /* one less */
        memmove(text + at, text + at + 1, length - at - 1);
        return length - 1;
    case 2: /* one more */
        memmove(text + at + 1, text + at, length - at);
        text[at] = octets[draw(sizeof octets - 1)];
        return length + 1;
    case 3: /* what stands elsewhere once more */
        count = MIN(draw(12), MIN(length - at, length - other));
        memmove(text + at, text + other, count);
        return length;
    default: /* cut */
        return at ? at : length;
    }
}

/* Another value in its place: what ends it, or leads elsewhere, is what stands around it. */
static size_t put_value(char *to, const char *text, size_t length, size_t at, size_t count)
{
    static const char *const odd[] = {"",      ".",       "a.",        " ",         "x ",          " x",    "-",    ":",    "::",  "1.2.3.4", "1.2.3.4:5", "1.2.3.4-5", "2001:db8::1",
                                      "any",   "0x1f",    "99999",     "-5",        "3.5",         "a b",   "x/y",  "x:y",  "<a>", "(b)",     "'c'",       "[d]",       "a\tb",
                                      "65536", "1.2.3.4.", "fe80::1%if", "10.1.1.256", "0001.5e00.5301", "\"e\"", "a, b", "a: b"};
    size_t behind = at + count, n = 0;
    switch (draw(4)) {
    case 0:
        n = strlen(strcpy(to, odd[draw(G_N_ELEMENTS(odd))]));
        break;
    case 1: /* a part of the text */
        at = draw((uint32_t)length);
        n = MIN(1 + draw(12), length - at);
        memcpy(to, text + at, n);
        break;
    case 2: /* the start of what is behind it */
        n = MIN(1 + draw(10), length - behind);
        memcpy(to, text + behind, n);
        break;
    default: /* itself, and what is behind it, in part */
        memcpy(to, text + at, count);
        n = MIN(1 + draw(10), length - behind);
        memcpy(to + count, text + behind, n);
        n += count;
        break;
    }
    if (n > 0 && draw(4) == 0)
        to[n++] = "x1. :"[draw(5)];
    return n;
}

/* The text with other values, each of them with one chance in two. */
static size_t change_values(char *to, const char *text, size_t length, const struct msgt_record *record)
{
    size_t n = 0, done = 0;
    for (unsigned i = 0; i < record->count; i++) {
        size_t at = record->values[i].offset - record->message.offset, count = record->values[i].length;
        memcpy(to + n, text + done, at - done);
        n += at - done;
        done = at + count;
        if (draw(2) == 0 || n > TEXT_MAX - 1024) {
            memcpy(to + n, text + at, count);
            n += count;
        } else {
            n += put_value(to + n, text, length, at, count);
        }
    }
    memcpy(to + n, text + done, length - done);
    return n + length - done;
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
                struct msgt_trail *trail = &memory.trails[i % MSGT_TRAILS];
                trail->misses = trail->rest = trail->dull = 0; /* never tired */
                memcpy(text, example, length);
                expect_the_same(table, message.id, text, length);
                length = change_values(text, example, length, &record);
                expect_the_same(table, message.id, text, length);
                trail->misses = trail->rest = trail->dull = 0;
                for (unsigned changes = 1 + draw(3); changes && length > 1 && length < TEXT_MAX - 1; changes--)
                    length = change(text, length);
                expect_the_same(table, message.id, text, length);
            }
        }
    }
}

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
        {722037, "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection: Transport closing.",
         "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection: Transport closing.."},
        {722037, "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection: Transport closing.",
         "Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection:  Transport closing ."},
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
