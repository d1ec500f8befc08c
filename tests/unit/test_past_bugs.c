/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bugs that parsers of syslog had elsewhere, by name: what this one makes of the same octets. */
#include "unit.h"

#include <stdio.h>

#include "msgtable/msgtable.h"

#define BODY "Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"

static const struct row {
    const char *bug, *octets;
    enum msgt_status status;
    int pri;
    const char *timestamp, *hostname;
    uint32_t finding; /* that has to be there, or MSGT_FINDINGS */
    uint32_t repeat;
} rows[] = {
    {"a PRI without its closing bracket", "<166Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: " BODY, MSGT_OK, -1, "Sep 30 2020 09:06:09", "fw1",
     MSGT_F_BAD_PRI, 0},
    {"a PRI that is all there is", "<166", MSGT_NO_TAG, -1, "", "", MSGT_F_BAD_PRI, 0},
    {"a PRI beyond 191", "<192>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: " BODY, MSGT_OK, -1, "Sep 30 2020 09:06:09", "fw1", MSGT_F_BAD_PRI, 0},
    {"a PRI of many digits", "<00000000000000166>%FTD-6-722051: " BODY, MSGT_OK, -1, "", "", MSGT_F_BAD_PRI, 0},
    {"a PRI without its closing bracket, in front of a digit", "<1662020-09-30T09:06:09Z fw1 : %FTD-6-722051: " BODY, MSGT_OK, -1,
     "2020-09-30T09:06:09Z", "fw1", MSGT_F_BAD_PRI, 0},
    {"a time without the blank behind it", "<166>Sep 30 2020 09:06:09%FTD-6-722051: " BODY, MSGT_OK, 166, "Sep 30 2020 09:06:09", "",
     MSGT_FINDINGS, 0},
    {"a time that is the end", "<166>Sep 30 2020 09:06:09", MSGT_NO_TAG, 166, "Sep 30 2020 09:06:09", "", MSGT_F_NO_TAG, 0},
    {"a host without a colon, at the end", "<166>Sep 30 2020 09:06:09 fw1", MSGT_NO_TAG, 166, "Sep 30 2020 09:06:09", "fw1", MSGT_F_NO_TAG, 0},
    {"a host without a colon", "<166>Sep 30 2020 09:06:09 fw1 %FTD-6-722051: " BODY, MSGT_OK, 166, "Sep 30 2020 09:06:09", "fw1", MSGT_FINDINGS, 0},
    {"an octet count that overflows", "184467440737095516160 <166>%FTD-6-722051: " BODY, MSGT_OK, -1, "", "", MSGT_F_NO_PRI, 0},
    {"a bracket that is the end", "<166>Sep 30 2020 09:06:09 fw1 CiscoASA[999]", MSGT_NO_TAG, 166, "Sep 30 2020 09:06:09", "fw1", MSGT_F_NO_TAG, 0},
    {"a bracket in front of the tag", "<166>Sep 30 2020 09:06:09 fw1 CiscoASA[999]%FTD-6-722051: " BODY, MSGT_OK, 166, "Sep 30 2020 09:06:09", "fw1",
     MSGT_FINDINGS, 0},
    {"a repetition of nothing", "<166>%FTD-6-722051: message repeated 2 times: [ ]", MSGT_TRUNCATED, 166, "", "", MSGT_FINDINGS, 2},
    {"a repetition whose number overflows", "<166>%FTD-6-722051: " BODY " (4294967296 instances received)", MSGT_OK, 166, "", "", MSGT_FINDINGS, 0},
    {"a repetition of ten digits", "<166>%FTD-6-722051: " BODY " (4294967295 instances received)", MSGT_OK, 166, "", "", MSGT_FINDINGS, 4294967295},
    {"a repetition of ten digits around the text", "<166>%FTD-6-722051: message repeated 1000000000 times: [ " BODY "]", MSGT_OK, 166, "", "", MSGT_FINDINGS, 1000000000},
    /* What relays make of the tag. */
    {"the tag as APP-NAME", "<166>1 2026-09-30T09:06:09+00:00 fw1 %FTD-6-722051 - - -  " BODY, MSGT_OK, 166, "2026-09-30T09:06:09+00:00", "fw1", MSGT_FINDINGS, 0},
    {"the tag as APP-NAME of nobody", "<166>1 2026-09-30T09:06:09Z - %FTD-6-722051 4711 ID47 - " BODY, MSGT_OK, 166, "2026-09-30T09:06:09Z", "", MSGT_FINDINGS, 0},
    {"the tag as APP-NAME with data", "<166>1 2026-09-30T09:06:09Z fw1 %FTD-6-722051 - - [meta sequenceId=\"7\" x=\"a]\\\"b\"][o@1 ip=\"192.0.2.1\"] " BODY, MSGT_OK, 166,
     "2026-09-30T09:06:09Z", "fw1", MSGT_FINDINGS, 0},
    {"a text that is no data", "<166>1 2026-09-30T09:06:09Z fw1 %FTD-6-722051 " BODY, MSGT_OK, 166, "2026-09-30T09:06:09Z", "fw1", MSGT_FINDINGS, 0},
    {"data that does not end", "<166>1 2026-09-30T09:06:09Z fw1 %FTD-6-722051 - - [meta sequenceId=\"7", MSGT_TRUNCATED, 166, "2026-09-30T09:06:09Z", "fw1", MSGT_FINDINGS, 0},
    {"a repetition around the tag", "<166>Sep 30 09:06:09 fw1 : message repeated 3 times: [ %FTD-6-722051: " BODY "]", MSGT_OK, 166, "Sep 30 09:06:09", "fw1", MSGT_FINDINGS, 3},
    {"a repetition around a header", "<166>Sep 30 09:06:10 relay message repeated 27 times: [Sep 30 09:06:09 UTC: %FTD-6-722051: " BODY "]", MSGT_OK, 166,
     "Sep 30 09:06:09 UTC", "relay", MSGT_F_DOUBLE_HEADER, 27},
    {"a repetition around a whole header", "<166>Sep 30 09:06:10 relay message repeated 2 times: [Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: " BODY "]", MSGT_OK, 166,
     "Sep 30 2020 09:06:09", "fw1", MSGT_F_DOUBLE_HEADER, 2},
    {"a repetition in RFC 5424", "<166>1 2026-09-30T09:06:09Z fw1 - - - -  message repeated 3 times: [ %FTD-6-722051: " BODY "]", MSGT_OK, 166, "2026-09-30T09:06:09Z", "fw1",
     MSGT_FINDINGS, 3},
    {"a repetition without a time", "<166>message repeated 3 times: [%FTD-6-722051: " BODY "]", MSGT_OK, 166, "", "", MSGT_F_NO_TIMESTAMP, 3},
    {"a repetition that does not end", "<166>Sep 30 09:06:09 fw1 : message repeated 3 times: [ %FTD-6-722051: " BODY, MSGT_OK, 166, "Sep 30 09:06:09", "fw1", MSGT_FINDINGS, 3},
    {"no repetition", "<166>Sep 30 09:06:09 fw1 : message repeated often: [ %FTD-6-722051: " BODY, MSGT_OK, 166, "Sep 30 09:06:09", "fw1 : message repeated often: [",
     MSGT_FINDINGS, 0},
    {"RFC 5424 around a second time", "<166>1 2026-11-28T11:11:51.374890+00:00 relay - - - - Sep 30 09:06:09 UTC: %FTD-svc-6-722051: " BODY, MSGT_OK, 166, "Sep 30 09:06:09 UTC",
     "relay", MSGT_F_DOUBLE_HEADER, 0},
    {"a PRI that a relay left", "<13>Sep 30 09:06:10 collector <164>Sep 30 2020 09:06:09: %FTD-6-722051: " BODY, MSGT_OK, 13, "Sep 30 2020 09:06:09", "collector", MSGT_F_DOUBLE_HEADER, 0},
    {"a program without its number", "<113>Aug 14 13:56:30 siem-ftd SFIMS: %FTD-6-722051: " BODY, MSGT_OK, 113, "Aug 14 13:56:30", "siem-ftd", MSGT_FINDINGS, 0},
    {"a name of two words", "<166>Sep 30 2020 09:06:09 My Firewall : %FTD-6-722051: " BODY, MSGT_OK, 166, "Sep 30 2020 09:06:09", "My Firewall", MSGT_FINDINGS, 0},
    {"a time that a relay took for a host", "<166>Nov 28 11:11:51 relay 2020-09-30T09: 06:09Z: %FTD-6-722051: " BODY, MSGT_OK, 166, "Nov 28 11:11:51", "relay", MSGT_FINDINGS, 0},
    /* Times. */
    {"a zone that is not in any list", "<166>Mar 19 15:12:23 MSK/MSD: %FTD--6-722051: " BODY, MSGT_OK, 166, "Mar 19 15:12:23 MSK/MSD", "", MSGT_FINDINGS, 0},
    {"a zone of EMBLEM", "<166>:Mar 19 15:12:23 GMT+3: %FTD-6-722051: " BODY, MSGT_OK, 166, "Mar 19 15:12:23 GMT+3", "", MSGT_F_EMBLEM, 0},
    {"a host in capitals", "<166>Mar 19 15:12:23 FW1: %FTD-6-722051: " BODY, MSGT_OK, 166, "Mar 19 15:12:23", "FW1", MSGT_FINDINGS, 0},
    {"a host behind a zone in EMBLEM", "<166>:2018-06-27T12:17:46Z fw1 : %FTD-6-722051: " BODY, MSGT_OK, 166, "2018-06-27T12:17:46Z", "fw1", MSGT_F_EMBLEM, 0},
    {"a zone of hours", "<166>2024-01-01T00:00:00+09 fw1 : %FTD-6-722051: " BODY, MSGT_OK, 166, "2024-01-01T00:00:00+09", "fw1", MSGT_FINDINGS, 0},
    {"a day that February has not", "<166>2023-02-29T10:00:00Z fw1 : %FTD-6-722051: " BODY, MSGT_OK, 166, "", NULL, MSGT_F_NO_TIMESTAMP, 0},
    {"a day that February has", "<166>2024-02-29T10:00:00Z fw1 : %FTD-6-722051: " BODY, MSGT_OK, 166, "2024-02-29T10:00:00Z", "fw1", MSGT_FINDINGS, 0},
    {"a day that February may have", "<166>Feb 29 10:00:00 fw1 : %FTD-6-722051: " BODY, MSGT_OK, 166, "Feb 29 10:00:00", "fw1", MSGT_FINDINGS, 0},
    {"a day that September has not", "<166>Sep 31 2020 10:00:00 UTC: %FTD-6-722051: " BODY, MSGT_OK, 166, "", NULL, MSGT_F_NO_TIMESTAMP, 0},
    {"a century without a leap year", "<166>Feb 29 2100 10:00:00: %FTD-6-722051: " BODY, MSGT_OK, 166, "", NULL, MSGT_F_NO_TIMESTAMP, 0},
};

static void expect_span(const struct row *row, const char *what, struct msgt_span span, const char *text)
{
    if (text && (span.length != strlen(text) || memcmp(row->octets + span.offset, text, span.length) != 0))
        fail_msg("%s: %s is \"%.*s\"", row->bug, what, (int)span.length, row->octets + span.offset);
}

static void each_is_read_for_what_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        size_t length = strlen(row->octets);
        uint8_t *octets = exactly(row->octets, length);
        struct msgt_record record;
        assert_int_equal(msgt_decode(msgt_builtin(), octets, length, 0, 0, &record), length);
        if (record.status != row->status || record.pri != row->pri || record.repeat != row->repeat)
            fail_msg("%s: status %s, PRI %d, repeat %u", row->bug, msgt_status_name(record.status), record.pri, record.repeat);
        expect_span(row, "the time", record.timestamp, row->timestamp);
        expect_span(row, "the host", record.hostname, row->hostname);
        if (row->finding != MSGT_FINDINGS && !(record.findings >> row->finding & 1))
            fail_msg("%s: %s is not found", row->bug, msgt_finding((enum msgt_finding)row->finding).code);
        free(octets);
    }
}

/* "00000000000000000192.0.2.7" looks like an address and is none; "1:1:1:…" neither. */
static void overlong_addresses_are_none(void **state)
{
    (void)state;
    static const char *const addresses[] = {"00000000000000000192.0.2.7", "192.0.2.0000000000000007", "192.0.2.256", "192.0.2", "1.2.3.4.5",
                                            "1:1:1:1:1:1:1:1:1:1:1:1:1", "1::1::1", "::12345", "99999999999999999999"};
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        char text[160];
        struct msgt_record record;
        int length = snprintf(text, sizeof text, "Group <Staff> User <alice> IP <%s> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session",
                              addresses[i]);
        msgt_decode_text(msgt_builtin(), 722051, (const uint8_t *)text, (size_t)length, 0, &record);
        for (unsigned v = 0; v < record.count; v++)
            if (record.values[v].kind >= MSGT_KIND_IPV4 && text[record.values[v].offset] == *addresses[i] &&
                record.values[v].length == strlen(addresses[i]))
                fail_msg("%s was taken for an address", addresses[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_read_for_what_it_is),
        cmocka_unit_test(overlong_addresses_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
