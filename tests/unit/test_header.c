/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every header form of the wire, with every tail. */
#include "unit.h"

#include <stdio.h>

#include "msgtable/msgtable.h"

struct row {
    const char *datagram;  /* %s: where the text goes */
    int pri;
    const char *timestamp, *hostname, *product, *class_word;
    uint32_t findings;     /* of the header alone */
};

#define F(name) (1u << MSGT_F_##name)

static const struct row rows[] = {
    /* year in the date, space-colon after the host: the FTD default */
    {"<166>Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051: %s", 166, "Sep 30 2020 09:06:09", "fw1", "FTD", "", 0},
    {"<166>Sep 30 2020 09:06:09: %%FTD-6-722051: %s", 166, "Sep 30 2020 09:06:09", "", "FTD", "", 0},
    {"<166>Sep 30 09:06:09 fw1 %%ASA-6-722051: %s", 166, "Sep 30 09:06:09", "fw1", "ASA", "", 0},
    {"<166>Sep  3 09:06:09 fw1 %%ASA-6-722051: %s", 166, "Sep  3 09:06:09", "fw1", "ASA", "", 0},
    {"<166>2020-09-30T09:06:09Z fw1 : %%FTD-6-722051: %s", 166, "2020-09-30T09:06:09Z", "fw1", "FTD", "", 0},
    {"<166>2020-09-30T09:06:09Z: %%FTD-6-722051: %s", 166, "2020-09-30T09:06:09Z", "", "FTD", "", 0},
    {"<166>2020-09-30T09:06:09.254798+02:00 fw1 %%FTD-6-722051: %s", 166, "2020-09-30T09:06:09.254798+02:00", "fw1", "FTD", "", 0},
    {"<166>1 2020-09-30T09:06:09Z fw1 - - - - %%FTD-6-722051: %s", 166, "2020-09-30T09:06:09Z", "fw1", "FTD", "", 0},
    {"<166>1 2020-09-30T09:06:09Z - - - - - %%FTD-6-722051: %s", 166, "2020-09-30T09:06:09Z", "", "FTD", "", 0},
    {"<166>:Sep 30 09:06:09 UTC: %%FTD-6-722051: %s", 166, "Sep 30 09:06:09 UTC", "", "FTD", "", F(EMBLEM)},
    {"<166>:Sep 30 09:06:09 GMT+3: %%FTD-6-722051: %s", 166, "Sep 30 09:06:09 GMT+3", "", "FTD", "", F(EMBLEM)},
    {"<166>Sep 30 09:06:09 GMT+3: %%FTD-6-722051: %s", 166, "Sep 30 09:06:09 GMT+3", "", "FTD", "", 0},
    {"<166>:Sep 30 09:06:09 GMT+02:00: %%FTD-6-722051: %s", 166, "Sep 30 09:06:09 GMT+02:00", "", "FTD", "", F(EMBLEM)},
    {"<166>Jul 15 2015 12:34:56 CEDT fw1 : %%ASA-6-722051: %s", 166, "Jul 15 2015 12:34:56 CEDT", "fw1", "ASA", "", 0},
    {"<166>Jul 15 2015 12:34:56 GMT/BDT fw1 : %%ASA-6-722051: %s", 166, "Jul 15 2015 12:34:56 GMT/BDT", "fw1", "ASA", "", 0},
    {"<166>Jul 15 2015 12:34:56 UTC-03:30 fw1: %%ASA-6-722051: %s", 166, "Jul 15 2015 12:34:56 UTC-03:30", "fw1", "ASA", "", 0},
    {"<166>Jul 15 2015 12:34:56 FW/ADMIN : %%ASA-6-722051: %s", 166, "Jul 15 2015 12:34:56", "FW/ADMIN", "ASA", "", 0},
    {"<166>Jul 15 2015 12:34:56 A+ fw1 : %%ASA-6-722051: %s", 166, "Jul 15 2015 12:34:56", "A+ fw1", "ASA", "", 0},
    {"<166>:: %%FTD-session-6-722051: %s", 166, "", "", "FTD", "session", F(EMBLEM) | F(NO_TIMESTAMP)},
    {"Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051: %s", -1, "Sep 30 2020 09:06:09", "fw1", "FTD", "", F(NO_PRI)},
    {"<166>%%FTD-6-722051: %s", 166, "", "", "FTD", "", F(NO_TIMESTAMP)},
    {"%%FTD-6-722051: %s", -1, "", "", "FTD", "", F(NO_TIMESTAMP) | F(NO_PRI)},
    {"<166>Oct 23 14:43:13 MSK fw1 : %%ASA-6-722051: %s", 166, "Oct 23 14:43:13 MSK", "fw1", "ASA", "", 0},
    {"<166>Sep 25 15:47:07 relay : Sep 25 15:47:07 EDT: %%ASA-auth-6-722051: %s", 166, "Sep 25 15:47:07 EDT", "relay", "ASA", "auth",
     F(DOUBLE_HEADER)},
    {"2020-09-30T09:06:09.254798+00:00 local4.err host %%ASA-6-722051: %s", -1, "2020-09-30T09:06:09.254798+00:00", "host", "ASA", "",
     F(NO_PRI) | F(DOUBLE_HEADER)},
    {"<166>Sep 30 09:06:09.254 fw1 : %%ASA-6-722051: %s", 166, "Sep 30 09:06:09.254", "fw1", "ASA", "", 0},
    {"<166>Sep 30 09:06:09.254798123 fw1 : %%ASA-6-722051: %s", 166, "Sep 30 09:06:09.254798123", "fw1", "ASA", "", 0},
    {"<166>Sep 30 09:06:09 host CiscoASA[999]: %%ASA-6-722051: %s", 166, "Sep 30 09:06:09", "host", "ASA", "", 0},
    {"<166>3132517: sw01: 3132513: Sep 30 09:06:09: %%ASA-6-722051: %s", 166, "Sep 30 09:06:09", "sw01", "ASA", "", 0},
    {"<166>Sep 30 2020 09:06:09 192.0.2.1 : %%FTD-6-722051: %s", 166, "Sep 30 2020 09:06:09", "192.0.2.1", "FTD", "", 0},
    {"<166>Sep 30 2020 09:06:09 2001:db8::1 : %%FTD-6-722051: %s", 166, "Sep 30 2020 09:06:09", "2001:db8::1", "FTD", "", 0},
    {"<166>Sep 30 2020 09:06:09 My Firewall : %%FTD-6-722051: %s", 166, "Sep 30 2020 09:06:09", "My Firewall", "FTD", "", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%FTD--6-722051: %s", 166, "Sep 30 2020 09:06:09", "fw1", "FTD", "", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%ASA-threat-detection-6-722051: %s", 166, "Sep 30 2020 09:06:09", "fw1", "ASA", "threat-detection", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%ASA-ikev2-6-722051: %s", 166, "Sep 30 2020 09:06:09", "fw1", "ASA", "ikev2", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%FTD<Up>-6-722051: %s", 166, "Sep 30 2020 09:06:09", "fw1", "FTD", "Up", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051 : %s", 166, "Sep 30 2020 09:06:09", "fw1", "FTD", "", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051 %s", 166, "Sep 30 2020 09:06:09", "fw1", "FTD", "", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%PIX-6-722051: %s", 166, "Sep 30 2020 09:06:09", "fw1", "PIX", "", 0},
    {"<166>Sep 30 2020 09:06:09 fw1 : %%FWSM-6-722051: %s", 166, "Sep 30 2020 09:06:09", "fw1", "FWSM", "", 0},
    /* faults */
    {"<166Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051: %s", -1, "Sep 30 2020 09:06:09", "fw1", "FTD", "", F(BAD_PRI)},
    {"<192>Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051: %s", -1, "Sep 30 2020 09:06:09", "fw1", "FTD", "", F(BAD_PRI)},
    {"<>Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051: %s", -1, "Sep 30 2020 09:06:09", "fw1", "FTD", "", F(BAD_PRI)},
    {"<99999999999>Sep 30 2020 09:06:09 fw1 : %%FTD-6-722051: %s", -1, "Sep 30 2020 09:06:09", NULL, "FTD", "", F(BAD_PRI)},
};

static const char text[] = "Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session";
static const char *const tails[] = {"", "\n", "\r\n", "\0", "\n\0", "\r\n\0\0"};
static const size_t tail_lengths[] = {0, 1, 2, 1, 2, 4};

static void expect_span(const char *row, const char *what, const uint8_t *datagram, struct msgt_span span, const char *expected)
{
    if (expected && (span.length != strlen(expected) || memcmp(datagram + span.offset, expected, span.length) != 0))
        fail_msg("%s: %s is \"%.*s\", not \"%s\"", row, what, (int)span.length, (const char *)datagram + span.offset, expected);
}

static void check(const struct row *row, size_t tail)
{
    char buffer[512];
    int front = snprintf(buffer, sizeof buffer, row->datagram, text);
    size_t length = (size_t)front + tail_lengths[tail];
    memcpy(buffer + front, tails[tail], tail_lengths[tail]);
    uint8_t *datagram = exactly(buffer, length);
    struct msgt_record r;
    assert_int_equal(msgt_decode(msgt_builtin(), datagram, length, 0, 0, &r), length);
    assert_true(msgt_has_tag(datagram, length));
    if (r.pri != row->pri)
        fail_msg("%s: PRI is %d", row->datagram, r.pri);
    expect_span(row->datagram, "timestamp", datagram, r.timestamp, row->timestamp);
    expect_span(row->datagram, "hostname", datagram, r.hostname, row->hostname);
    expect_span(row->datagram, "product", datagram, r.product, row->product);
    expect_span(row->datagram, "class", datagram, r.class_word, row->class_word);
    expect_span(row->datagram, "message", datagram, r.message, text);
    assert_int_equal(r.id, 722051);
    assert_int_equal(r.severity, 6);
    assert_int_equal(r.status, MSGT_OK);
    assert_int_equal(r.count, 5);
    uint32_t expected = row->findings | (tail_lengths[tail] ? F(TRAILING_BYTES) : 0);
    if (r.findings != expected)
        fail_msg("%s: findings are %x, not %x", row->datagram, r.findings, expected);
    free(datagram);
}

static void reads_every_form_with_every_tail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t tail = 0; tail < sizeof tail_lengths / sizeof *tail_lengths; tail++)
            check(&rows[i], tail);
}

static bool same(struct msgt_span a, struct msgt_span b) { return a.length == b.length && (a.length == 0 || a.offset == b.offset); }

static bool same_time(const struct msgt_time *a, const struct msgt_time *b)
{
    return a->valid == b->valid && a->zone_known == b->zone_known && a->zone == b->zone && a->year == b->year && a->month == b->month &&
           a->day == b->day && a->hour == b->hour && a->minute == b->minute && a->second == b->second && a->nanosecond == b->nanosecond &&
           a->digits == b->digits;
}

/* Without anything known, and with the memory and the tag: the same is read. */
static void expect_the_same(struct msgt_memory *memory, const char *octets, size_t length, const char *behind)
{
    struct msgt_record r, plain;
    struct msgt_tag tag;
    uint8_t *datagram = exactly(octets, length);
    bool tagged = msgt_find_tag(datagram, length, &tag);
    msgt_decode_with(&(struct msgt_hints){memory, tagged ? &tag : NULL}, msgt_builtin(), datagram, length, 0, 0, &r);
    msgt_decode(msgt_builtin(), datagram, length, 0, 0, &plain);
    if (!same(r.timestamp, plain.timestamp) || !same(r.hostname, plain.hostname) || !same(r.sequence, plain.sequence) ||
        !same(r.message, plain.message) || r.findings != plain.findings || !same_time(&r.time, &plain.time))
        fail_msg("%.*s behind %s is read otherwise", (int)length, octets, behind);
    free(datagram);
}

enum { FORMS = sizeof rows / sizeof *rows };

static size_t remember(struct msgt_memory *memory, size_t form, char datagram[512])
{
    struct msgt_record r;
    size_t length = (size_t)snprintf(datagram, 512, rows[form].datagram, text);
    memset(memory, 0, sizeof *memory);
    msgt_decode_with(&(struct msgt_hints){.memory = memory}, msgt_builtin(), (const uint8_t *)datagram, length, 0, 0, &r);
    return length;
}

/* Every form behind every other, and behind itself with each octet another one: what is known changes nothing but the time it takes. */
static void hints_change_nothing(void **state)
{
    (void)state;
    static const char others[] = "0123456789:/;<%. -,TZSx\n\x80";
    static struct msgt_memory memory;
    char first[512], second[512];
    for (size_t i = 0; i < FORMS; i++)
        for (size_t k = 0; k < FORMS; k++) {
            remember(&memory, i, first);
            expect_the_same(&memory, second, (size_t)snprintf(second, sizeof second, rows[k].datagram, text), first);
        }
    for (size_t i = 0; i < FORMS; i++)
        for (size_t at = 0; at < 72; at++)
            for (const char *other = others; *other; other++) {
                size_t length = remember(&memory, i, first);
                memcpy(second, first, length);
                second[at] = *other;
                expect_the_same(&memory, second, length, first);
            }
}

/* Each clock of a header gets another second. */
static void change_clocks(char *header)
{
    for (char *colon = header; (colon = strchr(colon, ':')) != NULL; colon++)
        if (colon - header >= 5 && colon[-3] == ':' && colon[2] >= '0' && colon[2] <= '9')
            colon[2] = colon[2] == '9' ? '8' : '9';
}

/* The one shape that is kept gets a time of one octet: where that is read, it was found again. */
static bool is_found_again(const char *header)
{
    static struct msgt_memory memory;
    char datagram[256];
    struct msgt_record r;
    unsigned kept = 0;
    size_t length = (size_t)snprintf(datagram, sizeof datagram, "%s%%FTD-6-722051: %s", header, text);
    memset(&memory, 0, sizeof memory);
    msgt_decode_with(&(struct msgt_hints){.memory = &memory}, msgt_builtin(), (uint8_t *)datagram, length, 0, 0, &r);
    for (size_t i = 0; i < MSGT_SHAPES; i++)
        for (size_t k = 0; k < MSGT_SHAPES_ALIKE && memory.keys[i][k]; k++, kept++)
            memory.shapes[i][k].stamp_length = 1;
    change_clocks(datagram);
    msgt_decode_with(&(struct msgt_hints){.memory = &memory}, msgt_builtin(), (uint8_t *)datagram, length, 0, 0, &r);
    assert_in_range(kept, 0, 1);
    return r.timestamp.length == 1;
}

static void alike_is_what_differs_in_its_clock(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool found;
    } headers[] = {
        {"<166>Sep 30 2020 09:06:09 fw1 : ", true},
        {"<166>Sep 30 2020 09:06:09: ", true},
        {"<166>Sep 30 09:06:09 fw1 ", true},
        {"<166>2020-09-30T09:06:09Z: ", true},
        {"<166>2020-09-30T09:06:09.254+02:00 fw1 : ", true},
        {"<166>1 2020-09-30T09:06:09.254798Z fw1 - - - - ", true},
        {"<166>:Sep 30 09:06:09 UTC: ", true},
        {"Oct 23 14:43:13 MSK fw1 : ", true},
        {"<166>Sep 25 15:47:07 relay : Sep 25 15:47:07 EDT: ", true},
        {"<166>2020-09-30T09:06:09.254798+00:00 local4.err host ", true},
        {"<166>Sep 25 15:47:07 a : Sep 25 15:47:07 b : Sep 25 15:47:07: ", false},
        {"<166>sw01: Sep 30 09:06:09: ", false},
        {"<166>3132517: sw01: 3132513: Sep 30 09:06:09: ", false},
        {"<166>Sep 30 2020 09:06:09 a-name-that-is-longer-than-any-one-kept-of-a-device : ", false},
        {"<166>", false},
        {"<166>fw1 : fw1 : ", false},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        if (is_found_again(headers[i].header) != headers[i].found)
            fail_msg("%s: %s again", headers[i].header, headers[i].found ? "not found" : "found");
}

/* More devices than are kept, day by day: whoever is forgotten is read all the same. */
static void devices_by_turns(void **state)
{
    (void)state;
    enum { DEVICES = 400 };
    static struct msgt_memory memory;
    memset(&memory, 0, sizeof memory);
    for (int day = 1; day <= 31; day += 6)
        for (int turn = 0; turn < 2; turn++)
            for (int device = 0; device < DEVICES; device++) {
                char datagram[256];
                int length = snprintf(datagram, sizeof datagram, "<166>Sep %2d 2020 09:%02d:%02d fw%d : %%FTD-6-722051: %s", day, device % 60,
                                      turn, device / 2 * 7919, text);
                expect_the_same(&memory, datagram, (size_t)length, "others");
            }
}

/* Every octet at every place of severity and ID. */
static void a_tag_is_exact(void **state)
{
    (void)state;
    static const char whole[] = "<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051";
    enum { PLACES = sizeof "6-722051" - 1, LENGTH = sizeof whole - 1, START = LENGTH - PLACES };
    for (size_t place = 0; place < PLACES; place++)
        for (unsigned c = 0; c < 256; c++) {
            char datagram[sizeof whole];
            struct msgt_tag tag;
            memcpy(datagram, whole, sizeof whole);
            datagram[START + place] = (char)c;
            bool right = place == 0 ? c >= '0' && c <= '7' : place == 1 ? c == '-' : c >= '0' && c <= '9';
            uint8_t *exact = exactly(datagram, LENGTH);
            assert_int_equal(msgt_find_tag(exact, LENGTH, &tag), right);
            free(exact);
            if (right) {
                assert_int_equal(tag.severity, datagram[START] - '0');
                assert_int_equal(tag.id, strtoul(datagram + START + 2, NULL, 10));
            }
        }
}

/* Of one to three digits in its brackets, or -1. */
static int priority_of(const char *text_of_it)
{
    int n = 1, number = 0;
    for (; text_of_it[n] >= '0' && text_of_it[n] <= '9'; n++)
        number = number * 10 + (text_of_it[n] - '0');
    return text_of_it[0] == '<' && n > 1 && n <= 4 && text_of_it[n] == '>' && number <= 191 ? number : -1;
}

/* Every octet at every place of priorities at their bounds. */
static void a_priority_is_exact(void **state)
{
    (void)state;
    static const char *const priorities[] = {"<166>", "<191>", "<091>", "<009>", "<29>", "<0>"};
    for (size_t i = 0; i < sizeof priorities / sizeof *priorities; i++)
        for (size_t place = 0; place < strlen(priorities[i]); place++)
            for (unsigned c = 0; c < 256; c++) {
                char datagram[128];
                struct msgt_record r;
                int length = snprintf(datagram, sizeof datagram, "%sSep 30 2020 09:06:09 fw1 : %%FTD-6-722051: x", priorities[i]);
                datagram[place] = (char)c;
                msgt_decode(msgt_builtin(), (uint8_t *)datagram, (size_t)length, 0, 0, &r);
                assert_int_equal(r.pri, priority_of(datagram));
            }
}

static unsigned number_at(const char *text_of_two) { return (unsigned)(text_of_two[0] - '0') * 10 + (unsigned)(text_of_two[1] - '0'); }

/* Every octet at every place of clocks at their bounds. */
static void a_clock_is_exact(void **state)
{
    (void)state;
    static const char *const clocks[] = {"00:00:00", "23:59:60", "19:09:59", "20:50:09"};
    enum { CLOCK = sizeof "00:00:00" - 1, START = sizeof "<166>Sep 30 2020 " - 1 };
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++)
        for (size_t place = 0; place < CLOCK; place++)
            for (unsigned c = 0; c < 256; c++) {
                char datagram[128];
                struct msgt_record r;
                int length = snprintf(datagram, sizeof datagram, "<166>Sep 30 2020 %s fw1 : %%FTD-6-722051: x", clocks[i]);
                char *clock = datagram + START;
                clock[place] = (char)c;
                bool right = place % 3 == 2 ? c == ':' : c >= '0' && c <= '9';
                unsigned hour = number_at(clock), minute = number_at(clock + 3), second = number_at(clock + 6);
                right = right && hour <= 23 && minute <= 59 && second <= 60;
                msgt_decode(msgt_builtin(), (uint8_t *)datagram, (size_t)length, 0, 0, &r);
                assert_int_equal(r.time.valid, right);
                if (right && (r.time.hour != hour || r.time.minute != minute || r.time.second != second))
                    fail_msg("%s is read as %u:%u:%u", datagram, r.time.hour, r.time.minute, r.time.second);
            }
}

/* A header cut anywhere gives a sane record and no step outside. */
static void survives_every_prefix(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char buffer[512];
        size_t whole = (size_t)snprintf(buffer, sizeof buffer, rows[i].datagram, text);
        for (size_t length = 0; length < whole; length++) {
            uint8_t *datagram = exactly(buffer, length);
            struct msgt_record r;
            msgt_decode(msgt_builtin(), datagram, length, 0, 0, &r);
            assert_true(r.message.offset + r.message.length <= length);
            assert_true(r.status != MSGT_UNKNOWN_ID);
            assert_true((r.id == 0) == (r.status == MSGT_NO_TAG));
            free(datagram);
        }
    }
}

static const char *const foreign[] = {
    "<189>Sep 30 09:06:09 sw1 123: %LINK-5-CHANGED: Interface Gi0/1, changed state to down",
    "<189>%SYS-5-CONFIG_I: Configured from console",
    "<166>%FTD-9-722051: no such severity",
    "<166>%FTD-6-72205: five digits",
    "<166>%FTD-6-7220511: seven digits",
    "<166>%ftd-6-722051: lower case",
    "<166>FTD-6-722051: no percent sign",
    "<166>%FTD6-722051: no dash",
    "<166>100%",
    "%",
    "%FTD",
    "%FTD-",
    "%FTD-6-",
};

static void others_are_not_ours(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        size_t length = strlen(foreign[i]);
        uint8_t *datagram = exactly(foreign[i], length);
        struct msgt_record r;
        if (msgt_has_tag(datagram, length))
            fail_msg("%s: has a tag", foreign[i]);
        msgt_decode(msgt_builtin(), datagram, length, 0, 0, &r);
        assert_int_equal(r.status, MSGT_NO_TAG);
        assert_true(r.findings & F(NO_TAG));
        free(datagram);
    }
}

static void a_tag_far_behind_is_no_header(void **state)
{
    (void)state;
    char datagram[MSGT_HEADER_MAX + 64];
    memset(datagram, 'x', sizeof datagram);
    memcpy(datagram + MSGT_HEADER_MAX + 1, "%FTD-6-722051: ", 15);
    assert_false(msgt_has_tag((uint8_t *)datagram, sizeof datagram));
}

static void knows_the_time(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        int64_t epoch;
        bool zone;
        uint32_t nanosecond;
    } times[] = {
        {"Sep 30 2020 09:06:09 fw1 : ", 1601456769, false, 0},
        {"2020-09-30T09:06:09.25Z fw1 : ", 1601456769, true, 250000000},
        {"2020-09-30T18:06:09+09:00 fw1 : ", 1601456769, true, 0},
        {"Sep 30 2020 18:06:09 JST fw1 : ", 1601456769, true, 0},
        {"Feb 29 2020 00:00:00: ", 1582934400, false, 0},
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char datagram[128];
        size_t length = (size_t)snprintf(datagram, sizeof datagram, "<166>%s%%FTD-6-722051: x", times[i].header);
        struct msgt_record r;
        msgt_decode(msgt_builtin(), (uint8_t *)datagram, length, 0, 0, &r);
        assert_true(r.time.valid);
        assert_int_equal(r.time.zone_known, times[i].zone);
        assert_int_equal(r.time.nanosecond, times[i].nanosecond);
        assert_int_equal(msgt_time_epoch(&r.time, r.time.zone), times[i].epoch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_with_every_tail), cmocka_unit_test(survives_every_prefix),
        cmocka_unit_test(others_are_not_ours),              cmocka_unit_test(a_tag_far_behind_is_no_header),
        cmocka_unit_test(knows_the_time),                   cmocka_unit_test(hints_change_nothing),
        cmocka_unit_test(alike_is_what_differs_in_its_clock), cmocka_unit_test(devices_by_turns),
        cmocka_unit_test(a_tag_is_exact),                   cmocka_unit_test(a_clock_is_exact),
        cmocka_unit_test(a_priority_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
