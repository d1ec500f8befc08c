/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records → lines, in every format. With what is remembered of the records before (struct record_memory) a line is the same as without. Each line goes into
 * a buffer of its own: under the sanitizers a step beyond the room that was reserved is seen.
 */
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "ecs_names.h"
#include "json.h"
#include "output.h"
#include "run.h"
#ifdef FTDPCAP_SANITIZED
#include <sanitizer/asan_interface.h>
#endif

/* ---- Copies and digits ---- */

static void copies_are_whole_and_stay_where_there_is_room(void **state)
{
    (void)state;
    enum { MOST = 3 * COPY_STEP };
    char text[MOST + COPY_STEP];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('!' + i % 90);
    for (size_t length = 0; length <= MOST; length++) {
        size_t steps = MAX((length + COPY_STEP - 1) / COPY_STEP, 1) * COPY_STEP;
        char *from = (char *)exactly(text, length), *whole = (char *)exactly(text, steps), *to = malloc(length + COPY_STEP);
        assert_ptr_equal(put_octets(to, from, length), to + length);
        assert_memory_equal(to, text, length);
        assert_ptr_equal(put_steps(to, whole, length), to + length);
        assert_memory_equal(to, text, length);
        free(from);
        free(whole);
        free(to);
    }
}

static void numbers_are_those_of_printf(void **state)
{
    (void)state;
    char text[32], put[DIGITS_MOST];
    for (uint64_t power = 1; power < UINT64_MAX / 10; power *= 10)
        for (unsigned i = 0; i < 12; i++) {
            uint64_t number = power * (i % 4 + 1) * (i & 4 ? 3 : 1) - (i < 6);
            int length = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
            assert_int_equal(put_uint(put, number) - put, length);
            assert_memory_equal(put, text, (size_t)length);
            length = snprintf(text, sizeof text, "-%llu", (unsigned long long)number);
            if (number > 0 && number < INT64_MAX)
                assert_int_equal(put_int(put, -(int64_t)number) - put, length);
        }
    for (unsigned digits = 1; digits <= 9; digits++) {
        static const uint32_t rows[] = {0, 1, 999999999, 254798000, 254798123, 9, 90, 100000000, 10000};
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            snprintf(text, sizeof text, ".%09u", rows[i]);
            assert_int_equal(put_fraction(put, rows[i], digits) - put, digits + 1);
            assert_memory_equal(put, text, digits + 1);
        }
    }
}

static void a_buffer_has_the_room_that_was_asked_for(void **state)
{
    (void)state;
    for (size_t count = 1; count < 10000; count = count * 3 + 1) {
        struct buffer buffer = {0};
        buffer_literal(&buffer, "first");
        buffer_need(&buffer, count);
        assert_true(buffer.capacity - buffer.length >= count);
        memset(buffer_at(&buffer), 'x', count);
#ifdef FTDPCAP_SANITIZED
        if (buffer.capacity - buffer.length > count)
            assert_true(__asan_address_is_poisoned(buffer_at(&buffer) + count));
#endif
        buffer_free(&buffer);
    }
}

/* ---- Lines ---- */

/* A form of output, and what is remembered between its records. */
struct form {
    const char *name;
    const char *columns; /* or NULL: the default */
    bool verbose, utc, color, full_time;
    enum msgt_lang lang;
    struct output_style style;
    struct view view;
    struct record_memory memory;
};

static struct form forms[] = {
    {.name = "json"},
    {.name = "json", .lang = MSGT_JA},
    {.name = "ecs"},
    {.name = "csv"},
    {.name = "csv", .lang = MSGT_JA},
    {.name = "csv",
     .columns = "file,frame,time,src,src_port,dst,dst_port,transport,pri,facility,pri_severity,timestamp,timestamp_utc,hostname,product,class,severity,id,"
                "title,status,repeat,message,fields,findings,diverges,raw,user,fields.src_port,client_ip"},
    {.name = "tsv"},
    {.name = "tsv", .columns = "message,user,raw,status,title,id,severity,class,product,file,src,time"},
    {.name = "csv", .columns = ""},
    {.name = "csv", .columns = "time"},
    {.name = "text", .utc = true},
    {.name = "text", .lang = MSGT_JA, .utc = true},
    {.name = "text", .color = true, .full_time = true, .utc = true},
    {.name = "text", .verbose = true, .utc = true},
};
enum { FORMS = sizeof forms / sizeof *forms };

static int prepare(void **state)
{
    (void)state;
    for (struct form *form = forms; form < forms + FORMS; form++) {
        form->view = (struct view){.table = msgt_builtin(), .lang = form->lang, .zone = g_time_zone_new_utc()};
        form->style.verbose = form->verbose;
        form->view.utc = form->utc;
        form->style.color = form->color;
        form->style.full_time = form->full_time;
        view_prepare(&form->view);
        assert_null(output_set_columns(&form->style, form->columns, form->view.table));
        output_prepare(&form->style, output_find(form->name), form->view.table);
    }
    return 0;
}

static int clear(void **state)
{
    (void)state;
    for (struct form *form = forms; form < forms + FORMS; form++) {
        output_style_clear(&form->style);
        view_clear(&form->view);
    }
    return 0;
}

/* The line of the record that starts at FROM; free() it. *NEXT is where the next one starts. */
static char *line_of(const struct form *form, struct record_memory *memory, const struct datagram *datagram, size_t from, size_t *next)
{
    struct record record;
    record.memory = memory;
    *next = record_decode(&record, &form->view, memory ? &memory->headers : NULL, datagram, from);
    const struct output *output = output_find(form->name);
    struct writer writer = {.output = output, .style = &form->style, .day = WRITER_NO_DAY};
    output->record(&writer, &record);
    char *line = g_strndup(writer.buffer.data, writer.buffer.length);
    buffer_free(&writer.buffer);
    return line;
}

static void expect_alike(const struct datagram *datagram)
{
    for (struct form *form = forms; form < forms + FORMS; form++) {
        size_t from = 0, next, again;
        do {
            char *alone = line_of(form, NULL, datagram, from, &next);
            char *remembered = line_of(form, &form->memory, datagram, from, &again);
            assert_int_equal(next, again);
            if (strcmp(alone, remembered) != 0 || !g_str_has_suffix(alone, "\n"))
                fail_msg("%s:\n%s\n%s", form->name, alone, remembered);
            g_free(alone);
            g_free(remembered);
            from = next;
        } while (from < datagram->length);
    }
}

static struct packet packet = {.kind = PACKET_UDP, .version = 4, .src = {192, 0, 2, 1}, .dst = {198, 51, 100, 9}, .src_port = 514, .dst_port = 514};

/* Octets of a frame in a block that ends with those which may be read behind it. */
static uint8_t *framed(const char *octets, size_t length)
{
    uint8_t *copy = malloc(length + FRAME_SPARE);
    assert_non_null(copy);
    memcpy(copy, octets, length);
    memset(copy + length, '"', FRAME_SPARE);
    return copy;
}

static void with_octets(struct datagram *datagram, const char *octets, size_t length)
{
    uint8_t *copy = framed(octets, length);
    datagram->octets = copy;
    datagram->length = (uint32_t)length;
    expect_alike(datagram);
    free(copy);
}

static struct datagram datagram_of(uint64_t number)
{
    static const char file[] = "samples/\"vpn\".pcap";
    packet.src[3] = (uint8_t)(number % 5);
    packet.src_port = (uint16_t)(number % 7);
    return (struct datagram){.file = file,
                             .frame = number,
                             .seconds = (int64_t)(1601456769 + number / 3),
                             .nanoseconds = (uint32_t)(number * 7919 % 1000000) * 1000,
                             .precision = number % 11 == 0 ? 0 : number % 2 ? 6 : 9,
                             .packet = &packet};
}

/* The line of a message that stands alone, without memory; free() it. */
static char *line_of_text(const struct form *form, const char *text, size_t length)
{
    struct datagram datagram = datagram_of(1);
    uint8_t *copy = framed(text, length);
    size_t next;
    datagram.octets = copy;
    datagram.length = (uint32_t)length;
    char *line = line_of(form, NULL, &datagram, 0, &next);
    free(copy);
    return line;
}

static const char *const headers[] = {
    "<166>Sep 30 2020 09:06:09 fw1 : ", "<164>", "", "<166>1 2020-09-30T09:06:09.254798Z fw\"2 - - - - ", "<163>Sep 30 09:06:09 relay : Sep 30 09:06:09 EDT: ",
    "<165>:Sep 30 09:06:09 UTC: ", "12 <1>Sep 30 2020 09:06:09.2 a-name-of-a-host-that-is-longer-than-thirty-two-octets.example.com : ",
};

/* What a text becomes on its way: it stays as it is, is cut, or has octets that need an escape. */
static void change(char *text, size_t *length, unsigned how)
{
    static const char strange[] = "\"\\\n\t=;,\x1b\x7f\xff\xc3\xa4 '0";
    if (how == 0)
        return;
    if (how == 1)
        *length = *length * 2 / 3;
    for (size_t at = how * 7; how > 2 && at < *length; at += 5 + how * 13)
        text[at] = strange[(at + how) % (sizeof strange - 1)];
}

static void lines_are_the_same_with_and_without_memory(void **state)
{
    (void)state;
    const struct msgt_table *table = msgt_builtin();
    uint64_t number = 0;
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message message = msgt_message(table, i, MSGT_EN);
        for (unsigned n = 0; n < message.examples; n++, number++) {
            char text[4096];
            int written = snprintf(text, sizeof text, "%s%%%s%u-%u: %s%s", headers[number % (sizeof headers / sizeof *headers)],
                                   number % 3 ? "FTD-" : "ASA-vpn-", message.severity, message.id, msgt_example(table, i, n),
                                   number % 9 ? "" : " (35 instances received)");
            size_t length = (size_t)written;
            assert_true(length < sizeof text);
            struct datagram datagram = datagram_of(number);
            change(text, &length, (unsigned)(number % 6));
            with_octets(&datagram, text, length);
        }
    }
    assert_true(number > 800);
}

/* Captures may hold any 64 bits for a time. */
static void times_of_any_year_are_the_same(void **state)
{
    (void)state;
    static const char text[] = "<166>Sep 30 2020 09:06:09.254798 UTC: %FTD-6-722024: SVC Global Compression Enabled";
    static const int64_t seconds[] = {INT64_MIN, -INT64_C(62167219201), -INT64_C(62167219200), -1, 0, INT64_C(253402300799), INT64_C(253402300800), INT64_MAX};
    static const uint32_t nanoseconds[] = {0, 254798001, 999999999, UINT32_MAX};
    static const uint8_t precisions[] = {0, 6, 9};
    for (size_t s = 0; s < sizeof seconds / sizeof *seconds; s++)
        for (size_t n = 0; n < sizeof nanoseconds / sizeof *nanoseconds; n++)
            for (size_t p = 0; p < sizeof precisions; p++) {
                struct datagram datagram = datagram_of(1);
                datagram.seconds = seconds[s];
                datagram.nanoseconds = nanoseconds[n];
                datagram.precision = precisions[p];
                with_octets(&datagram, text, sizeof text - 1);
            }
}

/* Records with as many values as there may be. Texts are longer than all that is reserved beside them, and of octets that take the longest escapes. */
enum { EACH = 400, LONG = MSGT_VALUES_MAX * EACH };

static void fill(struct msgt_record *m, const char *text, bool plain, uint16_t field, size_t fields)
{
    *m = (struct msgt_record){.pri = 191, .severity = 7, .id = 999999, .message_index = 0, .findings = UINT32_MAX >> (32 - MSGT_FINDINGS),
                              .message = {0, LONG}, .datagram = {0, LONG}, .hostname = {0, LONG}, .timestamp = {8, 4000}, .product = {0, 60},
                              .class_word = {60, 60}, .tag = {0, 200}, .plain = plain, .repeat = UINT32_MAX, .expected = text, .expected_length = LONG,
                              .status = field % 2 ? MSGT_PARTIAL : MSGT_UNKNOWN_ID, .count = MSGT_VALUES_MAX};
    for (unsigned i = 0; i < MSGT_VALUES_MAX; i++)
        m->values[i] = (struct msgt_value){i * EACH, EACH, (uint16_t)(field % 2 ? field : (field + i) % fields), MSGT_KIND_TEXT, {0}};
}

static void the_longest_lines_have_room(void **state)
{
    (void)state;
    static const char octets[] = {'\x01', '"', '\\', 'a', '\xff', '\xc2'};
    for (size_t o = 0; o < sizeof octets; o++) {
        static char text[LONG + FRAME_SPARE], file[LONG];
        memset(text, octets[o], sizeof text);
        memset(file, octets[o], sizeof file - 1);
        struct datagram datagram = datagram_of(o);
        datagram.octets = (const uint8_t *)text;
        datagram.length = LONG;
        datagram.file = file;
        for (struct form *form = forms; form < forms + FORMS; form++) {
            size_t fields = msgt_field_count(form->view.table);
            for (uint16_t field = 0; field < fields; field += 29) {
                struct record record = {.view = &form->view, .datagram = &datagram};
                struct writer writer = {.output = output_find(form->name), .style = &form->style, .day = WRITER_NO_DAY};
                fill(&record.message, text, octets[o] == 'a', field, fields);
                writer.output->record(&writer, &record);
                assert_true(writer.buffer.length > (form->columns ? 0 : LONG));
                buffer_free(&writer.buffer);
            }
        }
    }
}

/* ---- Text ---- */

static void values_with_a_blank_are_quoted(void **state)
{
    (void)state;
    static const char front[] = "<165>%FTD-5-722037: Group <Staff> User <alice> IP <192.0.2.7> SVC closing connection: ";
    const struct form *text = &forms[FORMS - 4];
    assert_string_equal(text->name, "text");
    for (size_t length = 1; length <= 40; length++)
        for (size_t at = 0; at <= length; at++) {
            char octets[sizeof front + 40], wanted[64];
            memcpy(octets, front, sizeof front - 1);
            memset(octets + sizeof front - 1, '~', length);
            bool quoted = at > 0 && at + 1 < length; /* blanks around a value are none of its own */
            if (quoted)
                octets[sizeof front - 1 + at] = ' ';
            snprintf(wanted, sizeof wanted, quoted ? " reason=\"%.*s\"\n" : " reason=%.*s\n", (int)length, octets + sizeof front - 1);
            char *line = line_of_text(text, octets, sizeof front - 1 + length);
            if (!g_str_has_suffix(line, wanted))
                fail_msg("%s is not in %s", wanted, line);
            g_free(line);
        }
}

/* ---- JSON ---- */

static void numbers_of_fields_are_numbers_of_json(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"0", "0"}, {"7", "7"}, {"007", "7"}, {"10", "10"}, {"999999999999999", "999999999999999"}, {"9007199254740992", "9007199254740992"},
        {"9007199254740993", "\"9007199254740993\""}, {"0000000000000012", "12"}, {"123456789012345678", "\"123456789012345678\""},
        {"1234567890123456789", "\"1234567890123456789\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[160], wanted[64];
        int length = snprintf(text, sizeof text, "<166>%%ASA-4-733100: [ Scanning] drop rate-1 exceeded. Current burst rate is %s per second, max "
                                                 "configured rate is 10; Cur", rows[i][0]);
        snprintf(wanted, sizeof wanted, "\"burst_rate\":%s,", rows[i][1]);
        char *line = line_of_text(&forms[0], text, (size_t)length);
        if (!strstr(line, wanted))
            fail_msg("%s not in %s", wanted, line);
        g_free(line);
    }
}

/* The names of the keys in a line of JSON, in their order, are those of the table as far as they are there. */
static void keys_come_in_the_order_of_the_table(void **state)
{
    (void)state;
    static const char text[] = "<166>Sep 30 2020 09:06:09 UTC: %ASA-vpn-6-722051: Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> "
                               "assigned to session (35 instances received)";
    char *line = line_of_text(&forms[0], text, sizeof text - 1);
    const char *before = line;
    for (size_t i = 0; i < RECORD_KEYS; i++) {
        const char *at = strstr(line, record_keys[i].json + (i == 0));
        assert_int_equal(record_keys[i].json_length, strlen(record_keys[i].json));
        assert_ptr_equal(record_key(record_keys[i].name), &record_keys[i]);
        if (i == KEY_HOSTNAME)
            continue; /* there is none */
        if (!at || at < before)
            fail_msg("%s: %s", record_keys[i].name, line);
        before = at;
    }
    g_free(line);
}

/* What rules of a SIEM compare with: every address that is one, once; users who have a name; protocols in lower case. */
static void ecs_relates_addresses_and_users(void **state)
{
    (void)state;
    static const struct {
        const char *text, *has;
    } rows[] = {
        {"%FTD-6-722051: Group <G> User <*****> IP <192.0.2.7> IPv4 Address <0.0.0.0> IPv6 address <::> assigned to session", "\"related\":{\"ip\":[\"192.0.2.7\"]}"},
        {"%FTD-6-722051: Group <G> User <bob> IP <192.0.2.7> IPv4 Address <192.0.2.7> IPv6 address <2001:db8::5> assigned to session",
         "\"related\":{\"ip\":[\"192.0.2.7\",\"2001:db8::5\"],\"user\":[\"bob\"]}"},
        {"%FTD-6-722022: Group <G> User <bob> IP <192.0.2.7> TCP SVC connection established without compression", "\"network\":{\"transport\":\"tcp\"}"},
        {"%ASA-7-746012: user-identity: Add IP-User mapping 10.0.0.1 - LOCAL\\alice Succeeded - VPN user", "\"related\":{\"ip\":[\"10.0.0.1\"],\"user\":[\"alice\"]}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *line = line_of_text(&forms[2], rows[i].text, strlen(rows[i].text));
        if (!strstr(line, rows[i].has))
            fail_msg("%s is not in %s", rows[i].has, line);
        g_free(line);
    }
}

/* They are written without being sorted. */
static void ecs_names_of_every_record_are_in_order(void **state)
{
    (void)state;
    const struct ecs_names *names = forms[2].style.ecs;
    assert_non_null(names);
    for (unsigned i = 0; i < ECS_COMMON; i++) {
        const struct ecs_name *name = &names->names[names->common[i]];
        if (i > 0)
            assert_true(names->common[i] > names->common[i - 1]);
        assert_int_equal(name->constant, name->json[name->length - 1] != ':');
    }
}

/* Names of a catalogue that lie between those of every record, or on them. */
static const char between[] = "field kindly  text \"A\" ecs=event.kind\n"
                              "field behind  text \"B\" ecs=event.l\n"
                              "field deep    text \"C\" ecs=log.syslog.hostname.a.b.c.d\n"
                              "field vendor  text \"D\" ecs=observer.vendor\n"
                              "field unit    port \"E\" ecs=observer.u\n"
                              "message 722051 6 \"Between\"\n"
                              "  text    K {kindly} B {behind} D {deep} V {vendor} U {unit}\n"
                              "  about   \"What lies between.\"\n"
                              "  example K a B b D c V d U 5\n";

static void ecs_names_may_lie_anywhere(void **state)
{
    (void)state;
    static const char text[] = "<166>fw1 : %FTD-6-722051: K a B b D c V d U 5";
    static const char wanted[] =
        "{\"ecs\":{\"version\":\"8.11.0\"},\"event\":{\"code\":\"722051\",\"dataset\":\"cisco.ftd\",\"kind\":\"event\",\"l\":\"b\",\"module\":\"cisco\","
        "\"severity\":6},\"ftd\":{\"kindly\":\"a\",\"vendor\":\"d\"},\"log\":{\"level\":\"info\",\"syslog\":{\"facility\":{\"code\":20},\"hostname\":{\"a\":{"
        "\"b\":{\"c\":{\"d\":\"c\"}}}},\"priority\":166,\"severity\":{\"code\":6}}},\"message\":\"K a B b D c V d U 5\",\"observer\":{\"hostname\":\"fw1\","
        "\"ip\":[\"192.0.2.1\"],\"product\":\"FTD\",\"type\":\"firewall\",\"u\":\"5\",\"vendor\":\"Cisco\"},\"tags\":[\"no-timestamp\"]}\n";
    char *file, *line;
    struct msgt_error error;
    int fd = g_file_open_tmp("between-XXXXXX.cat", &file, NULL);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, between, sizeof between - 1), sizeof between - 1);
    close(fd);
    struct msgt_table *table = msgt_load(NULL, (const char *const *)&file, 1, &error);
    unlink(file);
    g_free(file);
    if (!table)
        fail_msg("%u:%u: %s", error.line, error.column, error.text);
    struct form form = {.name = "ecs", .view = {.table = table}};
    view_prepare(&form.view);
    output_prepare(&form.style, output_find(form.name), table);
    struct datagram datagram = datagram_of(1);
    size_t next;
    datagram.precision = 0;
    uint8_t *copy = framed(text, sizeof text - 1);
    datagram.octets = copy;
    datagram.length = sizeof text - 1;
    for (unsigned i = 0; i < 3; i++) {
        line = line_of(&form, i ? &form.memory : NULL, &datagram, 0, &next);
        assert_string_equal(line, wanted);
        g_free(line);
    }
    free(copy);
    output_style_clear(&form.style);
    view_clear(&form.view);
    msgt_free(table);
}

static void what_is_prepared_has_room(void **state)
{
    (void)state;
    const struct view *view = &forms[0].view;
    for (unsigned i = 0; i < MSGT_STATUSES; i++)
        assert_int_equal(view->statuses[i].length, strlen(view->statuses[i].json));
    for (unsigned i = 0; i < MSGT_FINDINGS; i++)
        assert_true(strlen(msgt_finding((enum msgt_finding)i).code) + 3 <= 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_whole_and_stay_where_there_is_room),
        cmocka_unit_test(numbers_are_those_of_printf),
        cmocka_unit_test(a_buffer_has_the_room_that_was_asked_for),
        cmocka_unit_test(lines_are_the_same_with_and_without_memory),
        cmocka_unit_test(times_of_any_year_are_the_same),
        cmocka_unit_test(the_longest_lines_have_room),
        cmocka_unit_test(values_with_a_blank_are_quoted),
        cmocka_unit_test(numbers_of_fields_are_numbers_of_json),
        cmocka_unit_test(keys_come_in_the_order_of_the_table),
        cmocka_unit_test(ecs_relates_addresses_and_users),
        cmocka_unit_test(ecs_names_of_every_record_are_in_order),
        cmocka_unit_test(ecs_names_may_lie_anywhere),
        cmocka_unit_test(what_is_prepared_has_room),
    };
    return cmocka_run_group_tests(tests, prepare, clear);
}
