/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "json.h"

static void expect(const struct buffer *buffer, const char *text)
{
    if (buffer->length != strlen(text) || memcmp(buffer->data, text, buffer->length) != 0)
        fail_msg("\"%.*s\" is not \"%s\"", (int)buffer->length, buffer->data, text);
}

static void strings_are_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *octets;
        size_t length;
        const char *json;
    } rows[] = {
        {"", 0, "\"\""},
        {"plain text, longer than eight octets", 36, "\"plain text, longer than eight octets\""},
        {"a\"b\\c", 5, "\"a\\\"b\\\\c\""},
        {"\n\r\t\b\f", 5, "\"\\n\\r\\t\\b\\f\""},
        {"\0\x1b\x7f", 3, "\"\\u0000\\u001b\\u007f\""},
        {"\xc3\xa4\xe3\x81\x82\xf0\x9f\x98\x80", 9, "\"\xc3\xa4\xe3\x81\x82\xf0\x9f\x98\x80\""},
        {"\xc2\x9b\xe2\x80\xae\xef\xbb\xbf", 8, "\"\\u009b\\u202e\\ufeff\""}, /* C1, bidirectional, invisible */
        {"\xf3\xa0\x81\x81", 4, "\"\\udb40\\udc41\""},                    /* a tag character, beyond the BMP */
        {"\xff", 1, "\"\xef\xbf\xbd\""},
        {"\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""},           /* overlong */
        {"\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* surrogate */
        {"\xe3\x81", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""},           /* cut */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer buffer = {0};
        uint8_t *octets = exactly(rows[i].octets, rows[i].length);
        json_string(&buffer, octets, rows[i].length);
        expect(&buffer, rows[i].json);
        free(octets);
        buffer_free(&buffer);
    }
}

static void base64_is_that_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", "\"\""}, {"f", "\"Zg==\""}, {"fo", "\"Zm8=\""}, {"foo", "\"Zm9v\""}, {"foob", "\"Zm9vYg==\""},
                                          {"foobar", "\"Zm9vYmFy\""}, {"\xff\xfe\xfd", "\"//79\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer buffer = {0};
        json_base64(&buffer, (const uint8_t *)rows[i][0], strlen(rows[i][0]));
        expect(&buffer, rows[i][1]);
        buffer_free(&buffer);
    }
}

static void numbers_are_written_whole(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    buffer_int(&buffer, 0);
    buffer_char(&buffer, ' ');
    buffer_int(&buffer, INT64_MIN);
    buffer_char(&buffer, ' ');
    buffer_uint(&buffer, UINT64_MAX);
    buffer_char(&buffer, ' ');
    buffer_padded(&buffer, 7, 3);
    buffer_char(&buffer, ' ');
    buffer_grouped(&buffer, 1234567);
    buffer_char(&buffer, ' ');
    buffer_grouped(&buffer, 1000);
    expect(&buffer, "0 -9223372036854775808 18446744073709551615 007 1,234,567 1,000");
    buffer_free(&buffer);
}

static void times_are_rfc_3339(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000000Z"},
        {1601456769, "2020-09-30T09:06:09.000000Z"},
        {951782400, "2000-02-29T00:00:00.000000Z"},
        {-1, "1969-12-31T23:59:59.000000Z"},
        {4102444799, "2099-12-31T23:59:59.000000Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer buffer = {0};
        buffer_rfc3339(&buffer, rows[i].seconds, 0, 6);
        expect(&buffer, rows[i].text);
        buffer_free(&buffer);
    }
    struct buffer extreme = {0};
    buffer_rfc3339(&extreme, INT64_MAX, 999999999, 9);
    buffer_rfc3339(&extreme, INT64_MIN, 999999999, 9);
    assert_true(extreme.length > 0);
    buffer_free(&extreme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped),
        cmocka_unit_test(base64_is_that_of_rfc_4648),
        cmocka_unit_test(numbers_are_written_whole),
        cmocka_unit_test(times_are_rfc_3339),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
