/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "collector_log.h"

static void expect_json(const char *line, const char *string)
{
    struct buffer out = {0}, devices = {0};
    uint8_t *octets = exactly(line, strlen(line));
    bool found = collector_log_json(octets, strlen(line), &out, &devices);
    assert_int_equal(found, string != NULL);
    if (found) {
        assert_int_equal(out.length, strlen(string));
        assert_memory_equal(out.data, string, out.length);
    }
    buffer_free(&out);
    buffer_free(&devices);
    free(octets);
}

/* DEVICES: with a blank behind each. */
static void expect_devices(const char *line, const char *devices)
{
    struct buffer out = {0}, names = {0};
    uint8_t *octets = exactly(line, strlen(line));
    collector_log_json(octets, strlen(line), &out, &names);
    for (size_t i = 0; i < names.length; i++)
        names.data[i] = names.data[i] ? names.data[i] : ' ';
    buffer_char(&names, 0);
    assert_string_equal(names.data, devices);
    buffer_free(&out);
    buffer_free(&names);
    free(octets);
}

/* As rsyslog, syslog-ng, Logstash, Filebeat, Fluentd and Vector write them. */
static void test_devices(void **state)
{
    (void)state;
    expect_devices("{\"msg\":\"%FTD-6-722051: a\",\"hostname\":\"fw1\",\"fromhost\":\"gw\",\"fromhost-ip\":\"192.0.2.1\"}", "fw1 gw 192.0.2.1 ");
    expect_devices("{\"SOURCEIP\":\"192.0.2.1\",\"MESSAGE\":\"%FTD-6-722051: a\",\"HOST_FROM\":\"gw\",\"HOST\":\"fw1\"}", "192.0.2.1 gw fw1 ");
    expect_devices("{\"host\":\"192.0.2.1\",\"logsource\" : \"fw1\",\"message\":\"%FTD-6-722051: a\"}", "192.0.2.1 fw1 ");
    expect_devices("{\"event\":{\"original\":\"%FTD-6-722051: a\"},\"host\":{\"hostname\":\"fw1\",\"ip\":[\"192.0.2.1\",\"2001:db8::1\"]}}", "fw1 192.0.2.1 2001:db8::1 ");
    expect_devices("{\"log\":{\"source\":{\"address\":\"192.0.2.1:514\"}},\"observer\":{\"hostname\":\"fw1\",\"os\":{\"name\":\"FTD\"}},\"message\":\"x\"}", "192.0.2.1 fw1 ");
    expect_devices("{\"log.source.address\":\"[2001:db8::1]:514\",\"host.name\":\"fw1\",\"message\":\"host\"}", "2001:db8::1 fw1 ");
    expect_devices("{\"source_ip\":\"192.0.2.1\",\"appname\":\"a\",\"name\":\"b\",\"ip\":\"c\",\"ghost\":\"d\"}", "192.0.2.1 ");
    expect_devices("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"host\":\"deep\"}}}}}}}},\"host\":\"fw1\"}", "fw1 ");
    expect_devices("}}{\"host\":\"\",\"hostname\":\"fw1\\u0000\",\"host\":\"cut", "cut ");
    expect_devices("\"host\":\"none\"", "");
}

static void test_json(void **state)
{
    (void)state;
    expect_json("{\"a\":\"b\",\"msg\":\"<166>x: %FTD-6-722051: <\\\"u\\\\\\\">\\t\"}", "<166>x: %FTD-6-722051: <\"u\\\">\t");
    expect_json("{\"a\":{\"b\":[1,\"%ASA-6-302013: \\u00e9\\ud83d\\ude00\"]}}", "%ASA-6-302013: \xc3\xa9\xf0\x9f\x98\x80");
    expect_json("{\"a\":\"%ASA-6-302013: \\ud83d\\u0041\"}", "%ASA-6-302013: \xef\xbf\xbd" "A");
    expect_json("{\"a\":\"%ASA-6-302013: cut \\u00", "%ASA-6-302013: cut 00");
    expect_json("{\"a\":\"%ASA-6-302013: cut\\", "%ASA-6-302013: cut\\");
    expect_json("{\"tag\":\"%FTD-6-722051:\",\"host\":\"much longer than the text\",\"msg\":\" a\"}", "%FTD-6-722051:  a");
    expect_json("{\"HOST\":\"fw1\",\"MESSAGE\":\"a \\\"b\\\"\",\"PROGRAM\":\"%FTD-6-722051\"}", "%FTD-6-722051: a \"b\"");
    expect_json("{\"a\":\"Group <g> closed\",\"b\":\"%FTD-6-722051\",\"c\":\"fw1\"}", "%FTD-6-722051: Group <g> closed");
    expect_json("{\"b\":\"%FTD-6-722051\",\"raw\":\"<166>%FTD-6-722051: a\"}", "<166>%FTD-6-722051: a");
    expect_json("{\"a\":\"\\u", NULL);
    expect_json("{\"a\":1}", NULL);
}

static void expect_trimmed(const char *text, size_t length)
{
    uint8_t *octets = exactly(text, strlen(text));
    assert_int_equal(collector_log_trim(octets, strlen(text)), length);
    free(octets);
}

static void test_trim(void **state)
{
    (void)state;
    expect_trimmed("ab \r\n", 2);
    expect_trimmed("ab#015#012", 2);
    expect_trimmed("ab#000 #015", 2);
    expect_trimmed("ab#101", 6);
    expect_trimmed("#012", 0);
    expect_trimmed("12", 2);
    expect_trimmed("", 0);
}

static void expect_plain(const char *text, const char *plain)
{
    uint8_t *octets = exactly(text, strlen(text)), *out = malloc(strlen(text) + 1);
    size_t length = collector_log_plain(octets, strlen(text), out);
    assert_int_equal(length, strlen(plain));
    assert_memory_equal(out, plain, length);
    free(out);
    free(octets);
}

static void test_plain(void **state)
{
    (void)state;
    expect_plain(" a #012 b\tc\\n", "a b c");
    expect_plain("a\nb", "a b");
    expect_plain("a#011b\\x0ac\\x41", "a b cA");
    expect_plain("#101#9#01", "#101#9#01");
    expect_plain("caf?? caf?\xc3\xa9 caf\xe9?", "caf? caf? caf?");
    expect_plain("caf\xc3\xa9 caf\xe9 caf#351 caf?", "caf? caf? caf? caf?");
    expect_plain("", "");
    expect_plain("\\", "\\");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_trim), cmocka_unit_test(test_json),
                                       cmocka_unit_test(test_devices),
                                       cmocka_unit_test(test_plain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
