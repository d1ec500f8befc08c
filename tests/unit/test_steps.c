/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding takes time linear in the length of a text: counted in steps, not seconds. What is tested is built once more, with a call at the start of
 * each basic block (-fsanitize-coverage=trace-pc), and calls into the C library that walk memory count as many steps as octets they can have looked
 * at. No function can be forgotten, and what is shipped has no counter.
 */
#include "frames.h"

#include <stdio.h>

#include "capture.h"
#include "fragments.h"
#include "json.h"
#include "link.h"
#include "table.h"
#include "text.h"

static uint64_t steps;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) { steps++; }

/* The linker sends the module's calls here (--wrap). */
void *__real_memchr(const void *, int, size_t);
void *__wrap_memchr(const void *octets, int wanted, size_t length);
void *__wrap_memchr(const void *octets, int wanted, size_t length)
{
    const uint8_t *found = __real_memchr(octets, wanted, length);
    steps += found ? (size_t)(found - (const uint8_t *)octets) : length;
    return (void *)found;
}

int __real_memcmp(const void *, const void *, size_t);
int __wrap_memcmp(const void *a, const void *b, size_t length);
int __wrap_memcmp(const void *a, const void *b, size_t length)
{
    steps += length;
    return __real_memcmp(a, b, length);
}

void *__real_memcpy(void *, const void *, size_t);
void *__wrap_memcpy(void *to, const void *from, size_t length);
void *__wrap_memcpy(void *to, const void *from, size_t length)
{
    steps += length / 8;
    return __real_memcpy(to, from, length);
}

enum { SIZES = 4 }; /* once, twice, four and eight times as much */

/* Twice as much takes at most 2.2 times the steps; SLACK is for what is done once. Two doublings in a row are looked at: with one of them the text
 * may leave its template, and is then looked at closely. What all sizes cost has a bound of its own. */
static void expect_linear(const char *what, const char *unit, const uint64_t taken[SIZES], uint64_t slack)
{
    bool beyond = false;
    for (int i = 1; i < SIZES; i++) {
        bool before = beyond;
        beyond = taken[i] > taken[i - 1] * 11 / 5 + slack;
        if (beyond && before)
            fail_msg("%s with \"%s\": %llu, %llu, %llu, %llu steps", what, unit, (unsigned long long)taken[0], (unsigned long long)taken[1],
                     (unsigned long long)taken[2], (unsigned long long)taken[3]);
    }
}

static void repeat(uint8_t *to, size_t size, const char *unit, size_t length)
{
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)unit[i % length];
}

/* ---- Texts ---- */

enum { GROWTH = 300, RUN = 250 }; /* octets: beyond and just within the longest address that is looked at */

struct text {
    uint32_t id;
    const char *octets;
    size_t length;
};

/* Steps for the text with SIZE octets of the unit in front of AT. */
static uint64_t cost(const struct text *text, size_t at, const char *unit, size_t length, size_t size)
{
    struct msgt_record record;
    static uint8_t longer[2048 + (GROWTH << SIZES)];
    assert_true(text->length <= 2048);
    memcpy(longer, text->octets, at);
    repeat(longer + at, size, unit, length);
    memcpy(longer + at + size, text->octets + at, text->length - at);
    steps = 0;
    msgt_decode_text(msgt_builtin(), text->id, longer, text->length + size, 0, &record);
    return steps;
}

static uint64_t worst; /* steps an octet and template */

static void note_each(const struct text *text, uint64_t taken, size_t size)
{
    struct msgt_message message = msgt_message(msgt_builtin(), (size_t)msgt_message_index(msgt_builtin(), text->id), MSGT_EN);
    uint64_t each = taken / (text->length + size) / message.templates;
    worst = each > worst ? each : worst;
}

static void grow(const struct text *text, size_t at, const char *unit, size_t length)
{
    char what[64];
    uint64_t taken[SIZES];
    if (length == 0)
        return;
    for (int i = 0; i < SIZES; i++)
        taken[i] = cost(text, at, unit, length, (size_t)GROWTH << i);
    snprintf(what, sizeof what, "%u at octet %zu", text->id, at);
    expect_linear(what, unit, taken, 1024);
    note_each(text, taken[SIZES - 1], (size_t)GROWTH << (SIZES - 1));
    note_each(text, cost(text, at, unit, length, RUN), RUN);
}

/* What is nasty for a field: everything that ends it, nearly ends it, or makes the search for its end look far ahead. */
static void grow_with_stops(const struct text *text, size_t at, const struct op *op)
{
    const struct msgt_table *table = msgt_builtin();
    for (uint32_t i = 0; i < op->count && i < 2; i++) {
        const struct text_ref *stop = &table->texts[op->at + i];
        grow(text, at, table_text(table, stop->compact), stop->compact_length);
        grow(text, at, table_text(table, stop->compact), stop->compact_length ? stop->compact_length - 1u : 0);
    }
    if (op->close)
        grow(text, at, (const char[]){(char)op->close, 0}, 1);
}

static const struct op *op_of(const struct msgt_table *table, const struct msgt_record *record, uint16_t field)
{
    uint32_t first = table->messages[record->message_index].templates.first;
    const struct slice *ops = &table->templates[first + record->template_index].ops;
    for (uint32_t i = 0; i < ops->count; i++)
        if (table->ops[ops->first + i].kind == OP_FIELD && table->ops[ops->first + i].field == field)
            return &table->ops[ops->first + i];
    return NULL;
}

static void grow_everywhere(const struct text *text)
{
    static const char *const units[] = {
        " ", ".", "a", "a ", " <", "<", "\"", "[", "(", "1", "1:", "1.", "ab:", "%a", ": ", "/", "0.0.0.0 ", "::", "-", "\n", "\xc3\xa4"};
    const struct msgt_table *table = msgt_builtin();
    struct msgt_record record;
    msgt_decode_text(table, text->id, (const uint8_t *)text->octets, text->length, 0, &record);
    for (unsigned i = 0; i < record.count; i++) {
        const struct op *op = op_of(table, &record, record.values[i].field);
        if (!op)
            continue;
        for (size_t k = 0; k < sizeof units / sizeof *units; k++)
            grow(text, record.values[i].offset, units[k], strlen(units[k]));
        grow_with_stops(text, record.values[i].offset, op);
    }
    for (size_t k = 0; k < sizeof units / sizeof *units; k++)
        grow(text, text->length, units[k], strlen(units[k]));
    grow(text, text->length, text->octets, text->length);
}

static void a_text_takes_linear_time(void **state)
{
    (void)state;
    const struct msgt_table *table = msgt_builtin();
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct text text = {.id = msgt_message(table, i, MSGT_EN).id, .octets = msgt_example(table, i, 0)};
        text.length = strlen(text.octets);
        grow_everywhere(&text);
    }
    print_message("at most %llu steps an octet and template\n", (unsigned long long)worst);
    assert_in_range(worst, 1, 600);
}

/* ---- Datagrams ---- */

enum { DATAGRAM = 8192, EACH_MAX = 600 /* steps an octet */ };

static uint64_t datagram_cost(const char *front, const char *unit, size_t size)
{
    static uint8_t datagram[DATAGRAM << (SIZES - 1)];
    struct msgt_record record;
    size_t head = strlen(front);
    memcpy(datagram, front, head);
    repeat(datagram + head, size - head, unit, strlen(unit));
    steps = 0;
    for (size_t from = 0; from < size;) {
        size_t next = msgt_decode(msgt_builtin(), datagram, size, from, 0, &record);
        assert_true(next > from && next <= size);
        from = next;
    }
    return steps;
}

static const char *const datagram_fronts[] = {
    "", "<166>", "<166>Sep 30 2020 09:06:09 fw1 : ", "<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: ", "<1>\x80", "\n"};

/* What a sender may repeat as often as it likes. */
static const char *const datagram_units[] = {
    " ", "<", "%", "\n", "\r\n\n", "a\n", "1\n", "<\n", "<1>", "<1>\n", "<1>%", "%FTD", "%FTD-", "%FTD-a-",
    "%FTD-6-", "%ASA<a", "-", "1", "1: ", ": ", ":", "*", "Sep ", "Sep 30 2020 09:06:09 ",
    "2020-09-30T09:06:09.123456Z ", "Sep 30 09:06:09 fw1 ", "fw1 ", "[1] ", "a.err ", "\xc3\xa4", "\x80",
    "\xf0\x9f\x98", "<1>%FTD-6-722051: ", "%FTD-6-722051: ", "<1>%FTD-6-722051: Group <a> User <b> ",
    "\n%FTD-6-722051: x", "\n<1>%FTD-6-722051: \x80", "<1>\x80%FTD-6-722051: \x80",
    "message repeated 2 times: [", "(2 instances received)", " instances received)",
    "<1>message repeated 2 times: [%FTD-6-722051:", "<\r", "<1>\r", "1\r", "<1>%FTD-6-722051: %",
    "<1>%FTD-6-722051: <1>", "<1>%FTD-6-722051", "\n%FTD-6-722051", "%FTD-6-7220511", "<1>%FTD-6-7220511: ",
    "17 <1>", "99999 <1>%FTD-6-722051: ", "123456789 ", "\"", "\\", "[", "]", "[a=\"b\"]", "::", "a:",
    "1.1.1.1 ", "Sep  ", "09:06:09.1", "+", "Z", "%%", "%FTD<", "<1>%FTD-6-722051: \n",
    "<1>%FTD-6-722051: x\r\n", "\xff", "\xe2\x80\x8b"};

static void a_datagram_takes_linear_time(void **state)
{
    (void)state;
    uint64_t most = 0;
    for (size_t i = 0; i < sizeof datagram_units / sizeof *datagram_units; i++)
        for (size_t k = 0; k < sizeof datagram_fronts / sizeof *datagram_fronts; k++) {
            uint64_t taken[SIZES];
            for (int n = 0; n < SIZES; n++)
                taken[n] = datagram_cost(datagram_fronts[k], datagram_units[i], (size_t)DATAGRAM << n);
            expect_linear(datagram_fronts[k], datagram_units[i], taken, DATAGRAM * 4);
            uint64_t each = taken[SIZES - 1] / (DATAGRAM << (SIZES - 1));
            most = each > most ? each : most;
        }
    print_message("at most %llu steps an octet of a datagram\n", (unsigned long long)most);
    assert_in_range(most, 1, EACH_MAX);
}

/* ---- The tool ---- */

static void safe(struct buffer *buffer, const char *text, size_t length) { text_safe(buffer, text, length); }
static void value(struct buffer *buffer, const char *text, size_t length) { text_value(buffer, text, length); }
static void doubled(struct buffer *buffer, const char *text, size_t length) { text_doubled(buffer, text, length); }
static void json(struct buffer *buffer, const char *text, size_t length) { json_string(buffer, text, length); }
static void base64(struct buffer *buffer, const char *text, size_t length) { json_base64(buffer, (const uint8_t *)text, length); }

static void escaping_takes_linear_time(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*write)(struct buffer *, const char *, size_t);
    } writers[] = {{"text_safe", safe}, {"text_value", value}, {"text_doubled", doubled}, {"json_string", json}, {"json_base64", base64}};
    static const char *const units[] = {"a",    " ",      "\"",       "\\",           "a\"",          "\n",  "\x1b",
                                        "\x80", "\xff\"", "\xc3\xa4", "\xe2\x80\x8b", "\xf0\x9f\x98", "=\"", "\t"};
    static uint8_t text[DATAGRAM << (SIZES - 1)];
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
            uint64_t taken[SIZES];
            for (int n = 0; n < SIZES; n++) {
                struct buffer buffer = {0};
                repeat(text, (size_t)DATAGRAM << n, units[k], strlen(units[k]));
                steps = 0;
                writers[i].write(&buffer, (const char *)text, (size_t)DATAGRAM << n);
                taken[n] = steps;
                assert_true(buffer.length >= (size_t)DATAGRAM << n);
                buffer_free(&buffer);
            }
            expect_linear(writers[i].name, units[k], taken, DATAGRAM);
            assert_in_range(taken[SIZES - 1] / (DATAGRAM << (SIZES - 1)), 0, 60);
        }
}

enum order { FORWARDS, BACKWARDS, OVER_AND_OVER, NEVER_WHOLE };

/* Fragments of eight octets each, as many as COUNT. */
static uint64_t fragments_cost(enum order order, unsigned count)
{
    struct fragments *fragments = fragments_new(NULL, NULL, NULL);
    static struct build build;
    assert_non_null(fragments);
    steps = 0;
    for (unsigned i = 0; i < count; i++) {
        unsigned place = order == FORWARDS ? i : order == BACKWARDS ? count - 1 - i : order == OVER_AND_OVER ? i % 8 : 0;
        struct frame frame = {.number = i + 1, .seconds = 1600000000, .precision = 6};
        struct packet packet;
        build.length = 0;
        put_ipv4(&build, 17, 8, order == NEVER_WHOLE ? i : 1, (place % 8192) | (place + 1 == count ? 0 : 0x2000));
        put_hex(&build, "0202 05ea 0010 0000");
        packet_parse(101, build.data, build.length, build.length, &packet);
        assert_int_equal(packet.kind, PACKET_FRAGMENT);
        fragments_add(fragments, &frame, &packet);
    }
    uint64_t taken = steps;
    fragments_free(fragments);
    return taken;
}

static void fragments_take_linear_time(void **state)
{
    (void)state;
    enum { FRAGMENTS = 3000 }; /* more than are kept */
    static const char *const names[] = {"forwards", "backwards", "over and over", "never whole"};
    for (int order = FORWARDS; order <= NEVER_WHOLE; order++) {
        uint64_t taken[SIZES];
        for (int n = 0; n < SIZES; n++)
            taken[n] = fragments_cost((enum order)order, (unsigned)FRAGMENTS << n);
        expect_linear("fragments", names[order], taken, FRAGMENTS);
        assert_in_range(taken[SIZES - 1] / (FRAGMENTS << (SIZES - 1)), 1, 2000);
    }
}

/* Tags and extension headers, as many as fit: however deep a frame is, the steps have a bound. */
static void nested_headers_take_bounded_time(void **state)
{
    (void)state;
    static const struct {
        const char *front, *unit;
    } rows[] = {{"0200 0000 0001 0200 0000 0002", "8100 0001"},
                {"0200 0000 0001 0200 0000 0002", "88a8 0001"},
                {"0200 0000 0001 0200 0000 0002 86dd 6000 0000 ffff 3c40 20010db8000000000000000000000001 20010db8000000000000000000000002",
                 "3c00 0000 0000 0000"},
                {"0200 0000 0001 0200 0000 0002 86dd 6000 0000 ffff 2c40 20010db8000000000000000000000001 20010db8000000000000000000000002",
                 "2c00 0000 0000 0000"}};
    static struct build build;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct packet packet;
        build.length = 0;
        put_hex(&build, rows[i].front);
        while (build.length < 60000)
            put_hex(&build, rows[i].unit);
        steps = 0;
        packet_parse(1, build.data, build.length, build.length, &packet);
        assert_in_range(steps, 1, 2000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_takes_linear_time),         cmocka_unit_test(a_datagram_takes_linear_time),
        cmocka_unit_test(escaping_takes_linear_time),       cmocka_unit_test(fragments_take_linear_time),
        cmocka_unit_test(nested_headers_take_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
