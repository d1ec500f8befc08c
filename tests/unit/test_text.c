/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "sentence.h"
#include "text.h"

static void expect(struct buffer *buffer, const char *text)
{
    buffer_need(buffer, 1); /* one that nothing was written to has no address */
    if (buffer->length != strlen(text) || memcmp(buffer->data, text, buffer->length) != 0)
        fail_msg("\"%.*s\" is not \"%s\"", (int)buffer->length, buffer->data, text);
    buffer_free(buffer);
}

static void nothing_reaches_a_terminal_raw(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    text_safe(&buffer, "a\x1b[2J\x07\xff\xc2\x9b\xe2\x80\xae\xe3\x81\x82", 15);
    expect(&buffer, "a\\x1b[2J\\x07\\xff\\u{9b}\\u{202e}\xe3\x81\x82");
    for (unsigned c = 0; c < 256; c++) {
        struct buffer one = {0};
        const uint8_t octet = (uint8_t)c;
        text_safe(&one, &octet, 1);
        for (size_t i = 0; i < one.length; i++)
            assert_true((uint8_t)one.data[i] >= 0x20 && (uint8_t)one.data[i] < 0x7f);
        buffer_free(&one);
    }
}

static void values_with_blanks_are_quoted(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"alice", "alice"}, {"", "\"\""}, {"a b", "\"a b\""}, {"say \"hi\"", "\"say \\\"hi\\\"\""},
                                          {"LOCAL\\alice", "LOCAL\\alice"}, {"\"", "\"\\\"\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer buffer = {0};
        text_value(&buffer, rows[i][0], strlen(rows[i][0]));
        expect(&buffer, rows[i][1]);
    }
}

/* Every octet at every place of texts of every length around the steps. */
static void runs_end_where_they_should(void **state)
{
    (void)state;
    for (size_t length = 1; length < 40; length++)
        for (size_t at = 0; at < length; at++)
            for (unsigned c = 0; c < 256; c++) {
                char filled[40];
                memset(filled, 'a', sizeof filled);
                filled[at] = (char)c;
                uint8_t *text = exactly(filled, length);
                bool printable = c >= 0x20 && c < 0x7f, plain = printable && c != '"' && c != '\\';
                if (text_printable_run(text, length) != (printable ? length : at) || text_plain_run(text, length) != (plain ? length : at))
                    fail_msg("octet %02x at %zu of %zu", c, at, length);
                free(text);
            }
}

static void quotes_are_doubled(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", ""}, {"ab", "ab"}, {"\"", "\"\""}, {"a\"\"b", "a\"\"\"\"b"}, {"\x07\"\xff\"", "\\x07\"\"\\xff\"\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buffer buffer = {0};
        text_doubled(&buffer, rows[i][0], strlen(rows[i][0]));
        expect(&buffer, rows[i][1]);
    }
}

static void wide_characters_align(void **state)
{
    (void)state;
    assert_int_equal(text_width("abc", 3), 3);
    assert_int_equal(text_width("\xe5\x9b\xbd", 3), 2);
    struct buffer buffer = {0};
    text_padded(&buffer, "\xe5\x9b\xbd", 4);
    expect(&buffer, "\xe5\x9b\xbd  ");
}

static void long_text_wraps(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    text_wrapped(&buffer, "one two three four five six seven", 2, 22);
    expect(&buffer, "one two three four\n  five six seven");
    text_wrapped(&buffer, "", 2, 22);
    assert_int_equal(buffer.length, 0);
    text_wrapped(&buffer, "averyveryverylongwordwithoutanyblank", 0, 20);
    assert_true(memchr(buffer.data, '\n', buffer.length) != NULL);
    buffer_free(&buffer);
}

static void japanese_wraps_by_its_rules(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    text_wrapped(&buffer, "あいうえおかきくけここ", 0, 20);
    expect(&buffer, "あいうえおかきくけこ\nこ");
    text_wrapped(&buffer, "あいうえおかきくけキャプチャ", 0, 20);
    expect(&buffer, "あいうえおかきくけ\nキャプチャ");
    text_wrapped(&buffer, "あいうえおかきくけこ。", 0, 20);
    expect(&buffer, "あいうえおかきくけ\nこ。");
    text_wrapped(&buffer, "あいうえおかきくけ「こ」", 0, 20);
    expect(&buffer, "あいうえおかきくけ\n「こ」");
    buffer_free(&buffer);
}

static void spans_of_days_are_said_in_each_language(void **state)
{
    (void)state;
    static const struct {
        double seconds;
        const char *text[MSGT_LANGS];
    } rows[] = {{0, {"00:00:00", "00:00:00"}}, {-1, {"00:00:00", "00:00:00"}}, {59.9, {"00:00:59", "00:00:59"}}, {86399.5, {"23:59:59", "23:59:59"}},
                {86400, {"1 d 00:00:00", "1 日 00:00:00"}}, {183845, {"2 d 03:04:05", "2 日 03:04:05"}}, {1e9, {"11574 d 01:46:40", "11574 日 01:46:40"}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int lang = 0; lang < MSGT_LANGS; lang++) {
            struct buffer buffer = {0};
            sentence_span(&buffer, rows[i].seconds, (enum msgt_lang)lang);
            expect(&buffer, rows[i].text[lang]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_reaches_a_terminal_raw),
        cmocka_unit_test(values_with_blanks_are_quoted),
        cmocka_unit_test(runs_end_where_they_should),
        cmocka_unit_test(quotes_are_doubled),
        cmocka_unit_test(wide_characters_align),
        cmocka_unit_test(long_text_wraps),
        cmocka_unit_test(japanese_wraps_by_its_rules),
        cmocka_unit_test(spans_of_days_are_said_in_each_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
