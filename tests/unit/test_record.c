/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams as a whole: several messages, repetition, findings, divergence; and by name the bugs that parsers of syslog really had. */
#include "unit.h"

#include <stdio.h>

#include "msgtable/msgtable.h"

#define F(name) (1u << MSGT_F_##name)

static struct msgt_record decode_flags(const char *text, size_t length, unsigned flags)
{
    struct msgt_record r;
    uint8_t *datagram = exactly(text, length);
    msgt_decode(msgt_builtin(), datagram, length, 0, flags, &r);
    assert_true(r.message.offset + r.message.length <= length);
    free(datagram);
    return r;
}

static struct msgt_record decode(const char *text) { return decode_flags(text, strlen(text), 0); }

#define VPN "Group <Staff> User <alice> IP <192.0.2.7> "
#define ASSIGNED VPN "IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"
#define HEADER "<166>Sep 30 2020 09:06:09 fw1 : "

static const struct msgt_value *value_of(const struct msgt_record *r, const char *name)
{
    uint16_t field = msgt_field_index(msgt_builtin(), name);
    assert_int_not_equal(field, MSGT_NONE);
    for (unsigned i = 0; i < r->count; i++)
        if (r->values[i].field == field)
            return &r->values[i];
    fail_msg("no value for %s", name);
    return NULL;
}

static void expect_text(const struct msgt_record *r, const char *datagram, const char *name, const char *text)
{
    const struct msgt_value *value = value_of(r, name);
    if (value->length != strlen(text) || memcmp(datagram + value->offset, text, value->length) != 0)
        fail_msg("%s is \"%.*s\", not \"%s\"", name, (int)value->length, datagram + value->offset, text);
}

static void values_are_spans_of_the_datagram(void **state)
{
    (void)state;
    static const char text[] = HEADER "%FTD-6-722051: " ASSIGNED;
    struct msgt_record r = decode(text);
    expect_text(&r, text, "group", "Staff");
    expect_text(&r, text, "user", "alice");
    expect_text(&r, text, "client_ip", "192.0.2.7");
    assert_int_equal(value_of(&r, "client_ip")->kind, MSGT_KIND_IPV4);
    assert_int_equal(value_of(&r, "assigned_ipv6")->kind, MSGT_KIND_IPV6);
    assert_int_equal(r.findings, 0);
}

/* Every octet at every place of texts of every length around the blocks that are looked at as one. */
static void plain_is_what_needs_no_escape(void **state)
{
    (void)state;
    enum { TAIL = 70 };
    char text[sizeof HEADER "%FTD-6-999999: " + TAIL];
    size_t start = strlen(HEADER "%FTD-6-999999: ");
    for (size_t length = start + 1; length <= start + TAIL; length++)
        for (size_t at = start; at < length; at++)
            for (unsigned c = 0; c < 256; c += c < 0x23 || c > 0x5a ? 1 : 7) {
                memcpy(text, HEADER "%FTD-6-999999: ", start);
                memset(text + start, 'a', TAIL);
                text[at] = (char)c;
                bool tail = at == length - 1 && (c == '\r' || c == '\n' || c == 0);
                bool plain = tail || (c >= 0x20 && c < 0x7f && c != '"' && c != '\\');
                if (decode_flags(text, length, 0).plain != plain)
                    fail_msg("octet %02x at %zu of %zu", c, at, length);
            }
}

static void divergence_is_named_at_its_byte(void **state)
{
    (void)state;
    struct msgt_record r = decode(HEADER "%FTD-6-722051: " VPN "IPv4 Adress <10.8.0.5>");
    assert_int_equal(r.status, MSGT_PARTIAL);
    assert_int_equal(r.diverges, 41);
    assert_int_equal(r.count, 3);
    assert_false(r.expected_field);
    assert_memory_equal(r.expected, " IPv4 Address ", 14);
    assert_int_equal(r.findings, F(TEMPLATE_MISMATCH));
}

static void a_wrong_body_is_not_guessed(void **state)
{
    (void)state;
    struct msgt_record r = decode(HEADER "%FTD-6-722051: something else altogether");
    assert_int_equal(r.status, MSGT_PARTIAL);
    assert_int_equal(r.diverges, 0);
    assert_int_equal(r.count, 0);
}

static void an_address_is_an_address(void **state)
{
    (void)state;
    static const char *const names[] = {"UNKNOWN", "gw.example.com", "x.x.x.x"};
    for (size_t i = 0; i < 3; i++) {
        char text[256];
        snprintf(text, sizeof text, HEADER "%%FTD-5-722037: Group <g> User <u> IP <%s> SVC closing connection: x", names[i]);
        struct msgt_record r = decode(text);
        assert_int_equal(r.status, MSGT_OK);
        expect_text(&r, text, "client_ip", names[i]);
        assert_int_equal(value_of(&r, "client_ip")->kind, MSGT_KIND_TEXT);
    }
    struct msgt_record r = decode(HEADER "%FTD-5-722037: Group <g> User <u> IP <192.0.2.1234567> SVC closing connection: x");
    assert_int_equal(r.status, MSGT_PARTIAL);
}

/* "Function:  Reason: …" has no function; a text that ends behind "Function:" was cut. */
static void a_text_may_be_missing_where_the_next_one_stands(void **state)
{
    static const struct {
        uint32_t id;
        const char *text, *first;
        unsigned count;
        enum msgt_status status;
    } rows[] = {
        {725014, "SSL lib error. Function:  Reason: no shared cipher", "no shared cipher", 1, MSGT_OK},
        {725014, "SSL lib error. Function: SSL3_GET  Reason: no shared cipher", "SSL3_GET", 2, MSGT_OK},
        {725014, "SSL lib error. Function: ", "", 0, MSGT_TRUNCATED},
        {725014, "SSL lib error. Function: .", "", 0, MSGT_TRUNCATED},
        {722056, "Unsupported AnyConnect client connection rejected from 2001:db8::7. Client info: . Reason: old", "2001:db8::7", 2, MSGT_OK},
        {722037, "Group <g> User <u> IP <192.0.2.7> SVC closing connection: .", "g", 3, MSGT_OK},
        {722037, "Group <g> User <u> IP <192.0.2.7> SVC closing connection: ", "g", 3, MSGT_TRUNCATED},
        {722037, "Group <g> User <u> IP <192.0.2.7> SVC closing ", "g", 3, MSGT_TRUNCATED},
        {776251, "CTS SGT-MAP: Binding 10.1.1.7 - Unknown from SXP added to binding manager", "10.1.1.7", 1, MSGT_PARTIAL},
        {776251, "CTS SGT-MAP: Binding 10.1.1.7 - Unkno", "10.1.1.7", 1, MSGT_TRUNCATED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct msgt_record r;
        msgt_decode_text(msgt_builtin(), rows[i].id, (const uint8_t *)rows[i].text, strlen(rows[i].text), 0, &r);
        assert_int_equal(r.status, rows[i].status);
        assert_int_equal(r.count, rows[i].count);
        if (r.count > 0)
            assert_memory_equal(rows[i].text + r.values[0].offset, rows[i].first, strlen(rows[i].first));
    }
}

static void several_messages_are_several_records(void **state)
{
    (void)state;
    static const char text[] = HEADER "%FTD-6-722051: " ASSIGNED "\n" HEADER "%FTD-4-722041: x\r\n<166>%FTD-6-722024: SVC Global Compression Enabled\n";
    struct msgt_record r;
    static const uint32_t ids[] = {722051, 722041, 722024};
    size_t at = 0, length = sizeof text - 1;
    uint8_t *datagram = exactly(text, length);
    for (size_t i = 0; i < 3; i++) {
        assert_true(at < length);
        at = msgt_decode(msgt_builtin(), datagram, length, at, 0, &r);
        assert_int_equal(r.id, ids[i]);
        assert_true(r.findings & F(MULTIPLE_MESSAGES));
    }
    assert_int_equal(at, length);
    free(datagram);
}

/* The end of a message is looked for in windows: wherever their edges cut what stands between two messages, the result is the same. */
static void messages_of_any_length_end_where_they_do(void **state)
{
    (void)state;
    static const struct {
        const char *joint;
        size_t tail; /* octets of it that belong to no message; SIZE_MAX: it is text */
    } rows[] = {{"<1>%FTD-6-725001: ", 0},          {"<1>Sep 30 2020 09:06:09 fw1 : %FTD-6-725001: ", 0}, {"\n<1>%FTD-6-725001: ", 1},
                {"\r\n%FTD-6-725001: ", 2},         {"\n\n\n\n\n\n\n1 %FTD-6-725001: ", 7},                {"<1>%FTD-6-7250011: ", SIZE_MAX},
                {"\n<1>%FTD-6-7250011: ", SIZE_MAX}, {"<1>\n%FTD 6 725001: ", SIZE_MAX}, {"%FTD-6-725001: ", SIZE_MAX}};
    static const char front[] = "<1>%FTD-6-722051: ";
    static uint8_t datagram[8192];
    const size_t size = 7000, joint_max = 64;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t at = 2048 - joint_max; at < 4096 + joint_max; at += at == 2048 + joint_max ? 2048 - 2 * joint_max : 1) {
            struct msgt_record r;
            memset(datagram, 'x', size);
            memcpy(datagram, front, sizeof front - 1);
            memcpy(datagram + at, rows[i].joint, strlen(rows[i].joint));
            bool ends = rows[i].tail != SIZE_MAX;
            size_t next = msgt_decode(msgt_builtin(), datagram, size, 0, 0, &r);
            assert_int_equal(next, ends ? at + rows[i].tail : size);
            assert_int_equal(r.datagram.length, ends ? at : size);
            assert_int_equal(r.message.offset + r.message.length, r.datagram.length);
            assert_int_equal(!(r.findings & F(TRAILING_BYTES)), !ends || rows[i].tail == 0);
            if (!ends)
                continue;
            next = msgt_decode(msgt_builtin(), datagram, size, next, 0, &r);
            assert_int_equal(next, size);
            assert_int_equal(r.id, 725001);
        }
    }
}

/* SIZE octets hold two messages, the second from AT on. */
static void expect_two(const uint8_t *datagram, size_t size, size_t at)
{
    struct msgt_record r;
    size_t next = msgt_decode(msgt_builtin(), datagram, size, 0, 0, &r);
    if (next != at)
        fail_msg("of %zu octets the second message starts at %zu, not at %zu: %.40s", size, at, next, datagram);
    assert_true(r.findings & F(MULTIPLE_MESSAGES));
    assert_int_equal(msgt_decode(msgt_builtin(), datagram, size, next, 0, &r), size);
    assert_int_equal(r.id, 725001);
}

/* A message is found behind another one, at whatever place of the blocks that are looked at as one, and behind any number of percent signs, also where
 * one octet of each block is one. */
static void a_message_without_a_line_feed_in_front_is_found(void **state)
{
    (void)state;
    static const char front[] = "%FTD-6-722051 ", other[] = "<1>%FTD-6-725001";
    static const uint8_t fillers[] = {'x', '%'};
    static uint8_t datagram[8192];
    const size_t from = sizeof front - 1, to = sizeof other - 1;
    memcpy(datagram, front, from);
    for (size_t i = 0; i < sizeof fillers; i++) {
        for (size_t length = 1; length < sizeof datagram - from - to; length += length < 130 ? 1 : 64) {
            memset(datagram + from, fillers[i], length);
            memcpy(datagram + from + length, other, to);
            expect_two(datagram, from + length + to, from + length);
        }
    }
    for (size_t percents = 1; percents < 500; percents++) {
        memset(datagram + from, 'x', sizeof datagram - from);
        for (size_t i = 1; i <= percents; i++)
            datagram[16 * i] = '%';
        memcpy(datagram + sizeof datagram - 100, other, to);
        datagram[sizeof datagram - 100 + to] = ' ';
        expect_two(datagram, sizeof datagram, sizeof datagram - 100);
    }
}

static void a_line_feed_inside_a_text_is_no_new_message(void **state)
{
    (void)state;
    static const char text[] = HEADER "%FTD-4-733100: [  LOCAL\\alice\n   ] drop rate-1 exceeded. Current burst rate is 10 per second, "
                               "max configured rate is 10; Current average rate is 245 per second, max configured rate is 5; "
                               "Cumulative total count is 147409 (35 instances received)";
    struct msgt_record r = decode(text);
    assert_int_equal(r.status, MSGT_OK);
    assert_int_equal(r.repeat, 35);
    assert_true(r.findings & F(CONTROL_BYTES));
    assert_false(r.findings & F(MULTIPLE_MESSAGES));
    expect_text(&r, text, "object", "LOCAL\\alice");
}

static void repetition_is_unwrapped(void **state)
{
    (void)state;
    static const char text[] = "<166>%ASA-6-722051: message repeated 2 times: [ " ASSIGNED " ]";
    struct msgt_record r = decode(text);
    assert_int_equal(r.status, MSGT_OK);
    assert_int_equal(r.repeat, 2);
    expect_text(&r, text, "user", "alice");
    r = decode("<162>%ASA-2-999999: message repeated 2 times: [ Deny inbound UDP]"); /* of no template */
    assert_int_equal(r.status, MSGT_UNKNOWN_ID);
    assert_int_equal(r.repeat, 2);
    r = decode("<166>%ASA-6-302013: Built (35 instances received)");
    assert_int_equal(r.repeat, 35);
    r = decode("<166>%ASA-6-722051: message repeated 99999999999999999999 times: [ x ]");
    assert_int_equal(r.status, MSGT_PARTIAL);
    decode("<166>%ASA-6-722051: message repeated ");
    decode("<166>%ASA-6-722051: message repeated 2 times: [");
    decode("<166>%ASA-6-722051: ]");
    decode("<166>%ASA-6-722051:  instances received)");
}

static void findings_of_one_message(void **state)
{
    (void)state;
    assert_int_equal(decode(HEADER "%FTD-4-722051: " ASSIGNED).findings, F(SEVERITY_MISMATCH) | F(SEVERITY_CHANGED));
    assert_int_equal(decode("<164>Sep 30 2020 09:06:09: %FTD-4-722051: " ASSIGNED).findings, F(SEVERITY_CHANGED));
    assert_int_equal(decode(HEADER "%FTD-6-100001: x").findings, F(UNKNOWN_ID));
    assert_true(decode(HEADER "%FTD-6-722051: \xff").findings & F(NON_UTF8));
    assert_true(decode(HEADER "%FTD-6-722051: \x1b[2J").findings & F(CONTROL_BYTES));
    assert_false(decode(HEADER "%FTD-5-722037: Group <g> User <\xc3\xa4\xe3\x81\x82> IP <192.0.2.1> SVC closing connection: x").findings &
                 F(NON_UTF8));
    assert_true(decode(HEADER "%FTD-6-722051: " VPN "IPv4 Add").findings & F(MESSAGE_TRUNCATED));
}

static void what_the_capture_cut_is_truncated(void **state)
{
    (void)state;
    static const char text[] = HEADER "%FTD-6-722051: " VPN "IPv4 Address <10.8.0.5";
    struct msgt_record r = decode_flags(text, sizeof text - 1, MSGT_CUT);
    assert_int_equal(r.status, MSGT_TRUNCATED);
    assert_int_equal(r.count, 3);
    assert_true(r.findings & F(SNAPLEN));
}

static void the_last_value_of_a_cut_text_is_not_sure(void **state)
{
    (void)state;
    struct msgt_record r = decode(HEADER "%FTD-6-722051: Group <Staff> User <alice> IP 192.0.2.1");
    assert_int_equal(r.status, MSGT_TRUNCATED);
    assert_int_equal(r.count, 2); /* the address may have been 192.0.2.17 */
    assert_true(r.expected_field);
    assert_memory_equal(r.expected, "client_ip", 9);
}

/* Blanks that the template allows in front of its ":" hide neither the closing delimiter nor the end of an address. */
static void blanks_behind_a_value_do_not_move_its_end(void **state)
{
    (void)state;
    static const char bracketed[] = HEADER "%FTD-4-751023: Local:[192.0.2.7] :500 Remote:[192.0.2.8]:500 Username:u Unknown client connection";
    static const char bare[] = HEADER "%FTD-4-751023: Local:2001:db8:0:1:2:3:4:7 :500 Remote:[192.0.2.8]:500 Username:u Unknown client connection";
    struct msgt_record r = decode(bracketed);
    assert_int_equal(r.status, MSGT_OK);
    expect_text(&r, bracketed, "local_ip", "192.0.2.7");
    expect_text(&r, bracketed, "local_port", "500");
    r = decode(bare);
    assert_int_equal(r.status, MSGT_OK);
    expect_text(&r, bare, "local_ip", "2001:db8:0:1:2:3:4:7");
    expect_text(&r, bare, "local_port", "500");
}

/* ---- Bugs that others had ---- */

static void bug_pri_without_its_closing_bracket(void **state)
{
    (void)state;
    struct msgt_record r = decode("<166%FTD-6-722051: " ASSIGNED);
    assert_int_equal(r.status, MSGT_OK);
    assert_true(r.findings & F(BAD_PRI));
    assert_int_equal(decode("<").status, MSGT_NO_TAG);
    assert_int_equal(decode("<1").status, MSGT_NO_TAG);
    assert_int_equal(decode("<16666666666666666666666666").status, MSGT_NO_TAG);
}

static void bug_timestamp_without_the_trailing_space(void **state)
{
    (void)state;
    assert_int_equal(decode("<166>Sep 30 2020 09:06:09").status, MSGT_NO_TAG);
    assert_int_equal(decode("<166>Sep 30 09:06:09").status, MSGT_NO_TAG);
    assert_int_equal(decode("<166>Sep 30 09:06:0").status, MSGT_NO_TAG);
    assert_int_equal(decode("<166>Sep 30").status, MSGT_NO_TAG);
    assert_int_equal(decode("<166>Sep").status, MSGT_NO_TAG);
    struct msgt_record r = decode("<166>Sep 30 2020 09:06:09%FTD-6-722051: " ASSIGNED);
    assert_int_equal(r.status, MSGT_OK);
}

static void bug_header_runs_past_the_end_on_a_host_without_a_colon(void **state)
{
    (void)state;
    assert_int_equal(decode("<166>Sep 30 2020 09:06:09 fw1").status, MSGT_NO_TAG);
    assert_int_equal(decode("<166>1 2020-09-30T09:06:09Z fw1").status, MSGT_NO_TAG);
    assert_int_equal(decode("<166>Sep 30 2020 09:06:09 fw1 %FTD-6-722051").status, MSGT_TRUNCATED);
}

static void bug_octet_count_digits_overflow(void **state)
{
    (void)state;
    struct msgt_record r = decode("99999999999999999999999999 <166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: " ASSIGNED);
    assert_int_equal(r.status, MSGT_OK);
}

static void bug_overlong_digits_in_an_address(void **state)
{
    (void)state;
    char text[700] = HEADER "%FTD-6-722051: Group <g> User <u> IP <1.2.3.";
    size_t length = strlen(text);
    memset(text + length, '9', 600);
    struct msgt_record r = decode_flags(text, length + 600, 0);
    assert_int_equal(r.count, 2);
}

static void bug_off_by_one_behind_a_bracket(void **state)
{
    (void)state;
    decode("<166>Sep 30 09:06:09 host CiscoASA[999]");
    decode("<166>Sep 30 09:06:09 host CiscoASA[");
    decode("<166>Sep 30 09:06:09 ]%FTD-6-722051:");
    decode("<166>Sep 30 09:06:09 []: %FTD-6-722051:");
    decode(HEADER "%FTD-4-733100: [");
    decode(HEADER "%FTD-4-733100: []");
    decode(HEADER "%FTD-7-725011: Cipher[");
}

static void bug_loops_that_do_not_advance(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 1000, 65507};
    static const char fill[] = "\n %<:[.\xff";
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t i = 0; i < sizeof fill; i++) {
            char *text = malloc(sizes[s]);
            memset(text, fill[i], sizes[s]);
            size_t at = 0, steps = 0;
            do {
                struct msgt_record r;
                size_t next = msgt_decode(msgt_builtin(), (uint8_t *)text, sizes[s], at, 0, &r);
                assert_true(next > at);
                at = next;
                assert_true(++steps <= sizes[s]);
            } while (at < sizes[s]);
            free(text);
        }
    }
}

/* Texts of every length around those from which on they are copied elsewhere. */
static void expect_long_texts(size_t from, size_t to)
{
    static const char front[] = HEADER "%FTD-6-722051: Group <Staff> User <", behind[] = "> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session";
    static char text[70000];
    memcpy(text, front, sizeof front - 1);
    for (size_t length = from; length < to; length++) {
        memset(text + sizeof front - 1, 'u', length);
        memcpy(text + sizeof front - 1 + length, behind, sizeof behind);
        struct msgt_record r = decode(text);
        assert_int_equal(r.status, MSGT_OK);
        assert_int_equal(value_of(&r, "user")->length, length);
        expect_text(&r, text, "assigned_ipv6", "::");
        text[sizeof front - 1 + length] = '-';
        r = decode(text);
        assert_int_equal(r.status, MSGT_PARTIAL);
        expect_text(&r, text, "group", "Staff");
    }
}

static void a_long_text_is_decoded_like_a_short_one(void **state)
{
    (void)state;
    expect_long_texts(1800, 2100);
    expect_long_texts(65400, 65600);
}

static void nothing_at_all(void **state)
{
    (void)state;
    struct msgt_record r = decode("");
    assert_int_equal(r.status, MSGT_NO_TAG);
    assert_int_equal(decode("\n").message.length, 0);
}

/* ---- Groups ---- */

static void groups_come_from_the_catalogue(void **state)
{
    (void)state;
    static const char text[] = HEADER "%FTD-6-725001: Starting SSL handshake with client outside:192.0.2.7/51034 to 203.0.113.1/443 for TLSv1.2 session";
    struct msgt_record r = decode(text);
    assert_int_equal(r.status, MSGT_OK);
    uint16_t source = msgt_field_index(msgt_builtin(), "src_interface"), members[MSGT_VALUES_MAX];
    for (unsigned i = 0; i < r.count; i++) {
        if (r.values[i].field != source)
            continue;
        char line[64];
        assert_int_equal(msgt_group_members(msgt_builtin(), &r, i, members), 3);
        assert_int_equal(msgt_group_text(msgt_builtin(), &r, (const uint8_t *)text, i, line, sizeof line), 23);
        assert_string_equal(line, "outside:192.0.2.7/51034");
        assert_int_equal(msgt_group_text(msgt_builtin(), &r, (const uint8_t *)text, i, line, 8), 23);
        assert_string_equal(line, "outside");
        return;
    }
    fail_msg("no source");
}

/* Found by comparing with an earlier decoder: the bracket of a later "<3> , old sgt: " is not that of a number. */
static void a_number_ends_at_its_first_bracket(void **state)
{
    (void)state;
    static const char text[] = "CTS SXP: Binding <10.1.1.7> - <Staff> (<9> ) from peer <10.1.1.2> (instance <4> ) changed from old instance: <3> , old s "
                               "(instance <4> ) changed from old instance: <3> , old sgt: <Guests> (<8> ).";
    struct msgt_record record;
    msgt_decode_text(msgt_builtin(), 776016, (const uint8_t *)text, sizeof text - 1, 0, &record);
    assert_int_equal(record.status, MSGT_PARTIAL);
    assert_int_equal(record.count, 6);
    assert_int_equal(record.values[5].as.number, 3);
    assert_int_equal(record.diverges, 112);
}

/* One octet more than is looked at: as if the capture had cut it. */
static void a_datagram_is_bounded(void **state)
{
    (void)state;
    static char text[MSGT_DATAGRAM_MAX + 1];
    memset(text, 'x', sizeof text);
    memcpy(text, HEADER "%FTD-6-722051: Group <", sizeof HEADER "%FTD-6-722051: Group <" - 1);
    for (unsigned more = 0; more < 2; more++) {
        struct msgt_record r = decode_flags(text, MSGT_DATAGRAM_MAX + more, 0);
        assert_int_equal(r.message.offset + r.message.length, MSGT_DATAGRAM_MAX);
        assert_int_equal(r.status, MSGT_TRUNCATED);
        assert_int_equal((r.findings & F(SNAPLEN)) != 0, more);
        assert_int_equal(msgt_decode(msgt_builtin(), (const uint8_t *)text, MSGT_DATAGRAM_MAX + more, 0, 0, &r), MSGT_DATAGRAM_MAX + more);
    }
}

static void a_locale_names_a_language(void **state)
{
    (void)state;
    static const char *const japanese[] = {"ja", "ja_JP", "ja.UTF-8", "ja_JP.UTF-8", "ja@x"}, *const others[] = {"", "C", "j", "jam", "en_US.UTF-8", "java"};
    for (size_t i = 0; i < sizeof japanese / sizeof *japanese; i++)
        assert_int_equal(msgt_lang_of(japanese[i]), MSGT_JA);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(msgt_lang_of(others[i]), MSGT_EN);
    assert_int_equal(msgt_lang_of(NULL), MSGT_EN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_locale_names_a_language),
        cmocka_unit_test(values_are_spans_of_the_datagram),
        cmocka_unit_test(plain_is_what_needs_no_escape),
        cmocka_unit_test(divergence_is_named_at_its_byte),
        cmocka_unit_test(a_wrong_body_is_not_guessed),
        cmocka_unit_test(an_address_is_an_address),
        cmocka_unit_test(a_text_may_be_missing_where_the_next_one_stands),
        cmocka_unit_test(several_messages_are_several_records),
        cmocka_unit_test(messages_of_any_length_end_where_they_do),
        cmocka_unit_test(a_message_without_a_line_feed_in_front_is_found),
        cmocka_unit_test(a_line_feed_inside_a_text_is_no_new_message),
        cmocka_unit_test(repetition_is_unwrapped),
        cmocka_unit_test(findings_of_one_message),
        cmocka_unit_test(what_the_capture_cut_is_truncated),
        cmocka_unit_test(the_last_value_of_a_cut_text_is_not_sure),
        cmocka_unit_test(blanks_behind_a_value_do_not_move_its_end),
        cmocka_unit_test(bug_pri_without_its_closing_bracket),
        cmocka_unit_test(bug_timestamp_without_the_trailing_space),
        cmocka_unit_test(bug_header_runs_past_the_end_on_a_host_without_a_colon),
        cmocka_unit_test(bug_octet_count_digits_overflow),
        cmocka_unit_test(bug_overlong_digits_in_an_address),
        cmocka_unit_test(bug_off_by_one_behind_a_bracket),
        cmocka_unit_test(bug_loops_that_do_not_advance),
        cmocka_unit_test(a_long_text_is_decoded_like_a_short_one),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(a_datagram_is_bounded),
        cmocka_unit_test(groups_come_from_the_catalogue),
        cmocka_unit_test(a_number_ends_at_its_first_bracket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
