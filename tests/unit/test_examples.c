/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The catalogue proves itself: every example, every prefix of it, and hostile changes at every place. */
#include "unit.h"

#include <stdio.h>

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
enum { TRIED = 3 }; /* of them at each place, and others at the next */

static uint8_t nasty_octet(uint32_t id, size_t at, size_t i) { return nasty[(id + at * TRIED + i) % sizeof nasty]; }

static void check_substitutions(uint32_t id, const char *text, size_t length)
{
    struct msgt_record r;
    uint8_t *copy = exactly(text, length);
    for (size_t at = 0; at < length; at++) {
        for (size_t i = 0; i < TRIED; i++) {
            copy[at] = nasty_octet(id, at, i);
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
        for (size_t i = 0; i < TRIED; i++) {
            longer[at] = nasty_octet(id, at, i);
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

/* ---- Whole datagrams ---- */

/* Every form of header; the text follows. What test_header.c expects of each is not repeated here. */
static const char *const headers[] = {
    "<166>Sep 30 2020 09:06:09 fw1 : %%FTD-6-%u: ",
    "<166>Sep  3 09:06:09: %%ASA-6-%u: ",
    "<166>2020-09-30T09:06:09.254798+02:00 fw1 %%FTD-6-%u: ",
    "<166>1 2020-09-30T09:06:09Z fw1 - - - - %%FTD-6-%u: ",
    "<166>:Sep 30 09:06:09 UTC: %%ASA-session-6-%u: ",
    "%%FTD-6-%u: ",
    "<166>Sep 25 15:47:07 relay : Sep 25 15:47:07 EDT: %%ASA-auth-6-%u: ",
    "2020-09-30T09:06:09.254798+00:00 local4.err host CiscoASA[999]: %%PIX-6-%u: ",
    "<166>3132517: sw01: 3132513: Sep 30 09:06:09,254: %%FWSM-6-%u : ",
    "<99999999999>Sep 30 2020 09:06:09 2001:db8::1 : %%FTD<Up>-6-%u: ",
    "<166>%%FTD-6-722037: Group <g> User <u> IP <192.0.2.7> SVC closing connection: x.\n<166>%%FTD-6-%u: message repeated 2 times: [ ",
    "<166>%%FTD-6-722037: x<166>Sep 30 2020 09:06:09 fw1 : %%FTD-6-%u: ",
};

static void expect_inside(struct msgt_span span, size_t from, size_t end)
{
    assert_true(span.length == 0 || (span.offset >= from && span.offset + span.length <= end));
}

/* What must hold for the record of [FROM, NEXT) of any datagram whatever. */
static void expect_sane_record(const struct msgt_record *r, const uint8_t *datagram, size_t from, size_t next)
{
    size_t end = r->datagram.offset + r->datagram.length;
    assert_int_equal(r->datagram.offset, from);
    assert_true(end <= next && r->status < MSGT_STATUSES && r->pri <= 191 && r->severity <= 7);
    assert_int_equal(r->message.offset + r->message.length, end);
    expect_inside(r->message, from, end);
    expect_inside(r->pri_span, from, end);
    expect_inside(r->timestamp, from, end);
    expect_inside(r->hostname, from, end);
    expect_inside(r->sequence, from, end);
    expect_inside(r->tag, from, r->message.offset);
    assert_int_equal(r->status == MSGT_NO_TAG, r->tag.length == 0);
    size_t last = r->message.offset;
    for (unsigned i = 0; i < r->count; last = r->values[i].offset + r->values[i].length, i++)
        assert_true(r->values[i].offset >= last && r->values[i].offset + r->values[i].length <= end);
    assert_true(r->status == MSGT_OK || r->diverges <= r->message.length);
    for (size_t at = end; at < next; at++) /* nothing but what trails is in no record */
        assert_true(datagram[at] == '\n' || datagram[at] == '\r' || datagram[at] == 0);
}

/* Each record, until the datagram is at its end. Returns how many. */
static unsigned walk(const uint8_t *datagram, size_t length, unsigned flags)
{
    struct msgt_record r;
    unsigned records = 0;
    size_t from = 0;
    do {
        size_t next = msgt_decode(msgt_builtin(), datagram, length, from, flags, &r);
        assert_true(next > from || length == 0);
        assert_true(next <= length);
        expect_sane_record(&r, datagram, from, next);
        from = next;
        records++;
    } while (from < length);
    return records;
}

static void walk_prefixes(const uint8_t *datagram, size_t length)
{
    for (size_t n = 1; n < length; n++) {
        uint8_t *copy = exactly(datagram, n);
        walk(copy, n, 0);
        walk(copy, n, MSGT_CUT);
        free(copy);
    }
}

static void walk_substitutions(const uint8_t *datagram, size_t length)
{
    uint8_t *copy = exactly(datagram, length);
    for (size_t at = 0; at < length; at++) {
        for (size_t i = 0; i < TRIED; i++) {
            copy[at] = nasty_octet((uint32_t)length, at, i);
            walk(copy, length, 0);
        }
        copy[at] = datagram[at];
    }
    free(copy);
}

static void walk_insertions_and_deletions(const uint8_t *datagram, size_t length)
{
    uint8_t *shorter = malloc(length), *longer = malloc(length + 1);
    shorter = realloc(shorter, length - 1);
    assert_true(shorter && longer);
    memcpy(shorter, datagram + 1, length - 1);
    memcpy(longer + 1, datagram, length);
    for (size_t at = 0; at < length; at++) { /* of the copies, octets in front of AT stand as in the datagram */
        walk(shorter, length - 1, 0);
        for (size_t i = 0; i < TRIED; i++) {
            longer[at] = nasty_octet((uint32_t)length, at, i);
            walk(longer, length + 1, 0);
        }
        longer[at] = datagram[at];
        if (at < length - 1)
            shorter[at] = datagram[at];
    }
    free(longer);
    free(shorter);
}

static void every_change_of_a_datagram_is_survived(void **state)
{
    (void)state;
    enum { EACH = 151 }; /* one message of so many goes with each header: others with each */
    const struct msgt_table *table = msgt_builtin();
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        for (size_t k = i % EACH; k < msgt_message_count(table); k += EACH) {
            char datagram[2048];
            int head = snprintf(datagram, sizeof datagram, headers[i], (unsigned)msgt_message(table, k, MSGT_EN).id);
            int text = snprintf(datagram + head, sizeof datagram - (size_t)head, "%s%s", msgt_example(table, k, 0),
                                strstr(headers[i], "repeated") ? "]" : "");
            size_t length = (size_t)head + (size_t)text;
            assert_true(length < sizeof datagram);
            walk_prefixes((const uint8_t *)datagram, length);
            walk_substitutions((const uint8_t *)datagram, length);
            walk_insertions_and_deletions((const uint8_t *)datagram, length);
        }
    }
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

/* A name and a word that the catalogue does not know stand side by side, with blanks in the name: nothing tells where one ends. */
static void a_guess_is_not_ok(void **state)
{
    (void)state;
    static const struct {
        uint32_t id;
        const char *text;
    } unclear[] = {
        {746012, "user-identity: Add IP-User mapping 10.0.0.1 - LOCAL\\john smith Denied - VPN user"},
        {746012, "user-identity: Add IP-User mapping 10.0.0.1 - john Failed smith Succeeded - VPN user"},
        {746013, "user-identity: Delete IP-User mapping 10.0.0.1 - LOCAL\\john smith Denied - VPN user logout"},
        {746013, "user-identity: Delete IP-User mapping 10.0.0.1 - LOCAL\\john smith - Success VPN user logout"},
        {746012, "user-identity: Add IP-User mapping 10.0.0.1 - LOCAL\\john smith - VPN user"},
    };
    for (size_t i = 0; i < sizeof unclear / sizeof *unclear; i++) {
        struct msgt_record r;
        decode(unclear[i].id, unclear[i].text, strlen(unclear[i].text), &r);
        if (r.status == MSGT_OK)
            fail_msg("%u: \"%s\" is ok", unclear[i].id, unclear[i].text);
    }
}

/* ---- What a value is not ---- */

static void expect_values(uint32_t id, const char *text, const char *wanted)
{
    struct msgt_record r;
    char found[512] = "";
    decode(id, text, strlen(text), &r);
    assert_int_equal(r.status, MSGT_OK);
    for (unsigned i = 0; i < r.count; i++) {
        const struct msgt_value *value = &r.values[i];
        size_t at = strlen(found);
        snprintf(found + at, sizeof found - at, "%s%s=%.*s", i ? ", " : "", msgt_field(msgt_builtin(), value->field, MSGT_EN).name,
                 (int)value->length, text + value->offset);
    }
    if (strcmp(found, wanted) != 0)
        fail_msg("%u: \"%s\" has \"%s\"", id, text, found);
}

/* What stands behind a field is no value of it, and a word is no address where one of both may come. */
static void a_missing_value_is_missing(void **state)
{
    (void)state;
    static const struct {
        uint32_t id;
        const char *text, *values;
    } rows[] = {
        {723001, "Group , User alice, IP 192.0.2.7: WebVPN Citrix ICA connection 12 is up.", "user=alice, client_ip=192.0.2.7, connection_id=12"},
        {723001, "Group Staff User , IP 192.0.2.7 WebVPN Citrix ICA connection 12 is up.", "group=Staff, client_ip=192.0.2.7, connection_id=12"},
        {734003, "DAP: User alice, Addr 192.0.2.7: Session Attribute: aaa.cisco.username2/",
         "user=alice, client_ip=192.0.2.7, attribute=aaa.cisco.username2"},
        {734003, "DAP: User alice, Addr 192.0.2.7: Session Attribute endpoint.device.path/C:/VPN/",
         "user=alice, client_ip=192.0.2.7, attribute=endpoint.device.path, attribute_value=C:/VPN/"},
        {735021, "Chassis Ambient 1 : Temp: 31  , OK", "component=Chassis Ambient, component_number=1, temperature=31, state=OK"},
        {737026, "IPAA: Client assigned from local pool 10.20.0.28", "assigned_ip=10.20.0.28"},
        {737034, "IPAA: IPv4 address: timeout", "ip_version=IPv4, reason=timeout"},
        {737034, "IPAA: IPv4 address: <timeout>", "ip_version=IPv4, reason=timeout"},
        {737034, "IPAA: IPv6 address: <2001:db8:20::35>", "ip_version=IPv6, assigned_ip=2001:db8:20::35"},
        {746007, "user-identity: NetBIOS response failed from User \\alice at 10.1.1.20", "user=alice, client_ip=10.1.1.20"},
        {746007, "user-identity: NetBIOS response failed from User CORP\\ at 10.1.1.20", "domain=CORP, client_ip=10.1.1.20"},
        {746010, "user-identity: Update import-user \\\\Engineering - Import Failed", "group=Engineering"},
        {746017, "user-identity: Update import-user CORP\\ issued", "domain=CORP"},
        {750002, "Local:192.0.2.1:500 Remote:198.51.100.2:500 Username:  IKEv2 Received a IKE_INIT_SA request",
         "local_ip=192.0.2.1, local_port=500, remote_ip=198.51.100.2, remote_port=500"},
        {750002, "Local:192.0.2.1 Remote:198.51.100.2 Username:IKEv2 Received a IKE_INIT_SA request", "local_ip=192.0.2.1, remote_ip=198.51.100.2"},
        {750002, "Local:192.0.2.1 Remote:198.51.100.2 Username:IKEv2 IKEv2 Received a IKE_INIT_SA request",
         "local_ip=192.0.2.1, remote_ip=198.51.100.2, user=IKEv2"},
        {767001, "Scansafe: Dropping an unsupported IPv6 packet from :2001:db8::7 to outside:2001:db8:1::80 (fail-close)",
         "inspection=Scansafe, ip_version=IPv6, src_ip=2001:db8::7, dst_interface=outside, dst_ip=2001:db8:1::80"},
        {776010, "CTS SXP: SXP default source IP is changed from 10.1.1.1 to 10.1.1.3", "old_src_ip=10.1.1.1, new_src_ip=10.1.1.3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_values(rows[i].id, rows[i].text, rows[i].values);
}

static void the_reference_is_complete(void **state)
{
    (void)state;
    assert_int_equal(msgt_message_count(msgt_builtin()), 2453);
    assert_int_equal(msgt_message(msgt_builtin(), 0, MSGT_EN).id, 101001);
    assert_int_equal(msgt_message(msgt_builtin(), 2453 - 1, MSGT_EN).id, 880002);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_decodes_with_every_tail),
        cmocka_unit_test(every_prefix_is_truncated_or_whole),
        cmocka_unit_test(what_the_capture_cut_is_never_whole),
        cmocka_unit_test(every_substitution_is_survived),
        cmocka_unit_test(every_insertion_and_deletion_is_survived),
        cmocka_unit_test(every_change_of_a_datagram_is_survived),
        cmocka_unit_test(blanks_are_forgiven),
        cmocka_unit_test(a_guess_is_not_ok),
        cmocka_unit_test(a_missing_value_is_missing),
        cmocka_unit_test(the_reference_is_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
