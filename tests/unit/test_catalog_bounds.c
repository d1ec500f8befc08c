/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A catalogue too large for any of its bounds is an error with its place: nothing wraps, and loading ends soon. */
#include "catalog_text.h"

#include "catalog.h"
#include "pattern.h"

/* The error must name line, column and a part of the sentence. */
static void expect_error(const GString *text, unsigned line, unsigned column, const char *sentence)
{
    struct msgt_error error;
    assert_null(load_text(NULL, text->str, text->len, &error));
    if (!strstr(error.text, sentence) || error.line != line || error.column != column)
        fail_msg("%u:%u: \"%s\", not %u:%u: \"%s\"", error.line, error.column, error.text, line, column, sentence);
}

static void repeat(GString *text, unsigned count, const char *octets)
{
    for (unsigned i = 0; i < count; i++)
        g_string_append(text, octets);
}

static void messages_are_bounded(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i <= CATALOG_MESSAGES_MAX; i++)
        g_string_append_printf(text, "message %u 4 \"T\"\ntext a\nabout \"A\"\nexample a\n", 100000 + i);
    expect_error(text, 4 * CATALOG_MESSAGES_MAX + 1, 9, "more than 60000 messages");
    g_string_free(text, TRUE);
}

static void a_file_is_bounded(void **state)
{
    (void)state;
    GString *text = g_string_new(NULL);
    while (text->len <= CATALOG_FILE_MAX)
        g_string_append(text, "# a comment of some length, as one writes them in a catalogue\n");
    expect_error(text, 0, 0, "too large");
    g_string_free(text, TRUE);
}

/* Forms multiply: 65,536 times 65,536 of them are none in 32 bits. */
static void forms_of_pieces_do_not_wrap(void **state)
{
    (void)state;
    GString *text = g_string_new("piece p x\n");
    repeat(text, 65535, "or y\n");
    g_string_append(text, "message 722001 4 \"T\"\ntext {@p} {@p} {@p}\n");
    expect_error(text, 65538, 6, "too many forms");
    g_string_free(text, TRUE);
}

/* A long piece many times over is not expanded before it is refused. */
static void long_pieces_are_refused_before_they_are_expanded(void **state)
{
    (void)state;
    GString *text = g_string_new("piece p ");
    repeat(text, 4 << 20, "x");
    g_string_append(text, "\nmessage 722001 4 \"T\"\ntext ");
    repeat(text, 2000, "{@p}");
    g_string_append_c(text, '\n');
    expect_error(text, 3, 6, "too many forms");
    g_string_free(text, TRUE);
}

/* Each optional piece behind a field doubles the ways to go on, though they come to few different ones. */
static void ways_behind_a_field_are_bounded(void **state)
{
    (void)state;
    GString *text = g_string_new("field f text \"F\"\nmessage 722001 4 \"T\"\ntext a {f}");
    repeat(text, 600, "{?a}");
    g_string_append_c(text, '\n');
    expect_error(text, 3, 2411, "too many ways to go on");
    g_string_free(text, TRUE);
}

static void a_template_is_bounded(void **state)
{
    (void)state;
    GString *text = g_string_new("field n count \"N\"\nmessage 722001 4 \"T\"\ntext a");
    repeat(text, MSGT_VALUES_MAX + 1, " {n}");
    g_string_append_c(text, '\n');
    expect_error(text, 3, 267, "more than 64 values");
    g_string_assign(text, "message 722001 4 \"T\"\ntext ");
    repeat(text, PATTERN_SOURCE_MAX + 1, "a");
    g_string_append_c(text, '\n');
    expect_error(text, 2, 6, "too many forms");
    g_string_free(text, TRUE);
}

/* 32 forms of four thousand octets for each message: not the file is too large, but what it comes to. */
static void what_pieces_expand_to_is_bounded(void **state)
{
    (void)state;
    enum { FORM = 4000 };
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < PATTERN_FORMS_MAX; i++) {
        g_string_append_printf(text, "%s%u ", i ? "or " : "piece p ", i);
        repeat(text, FORM, "x");
        g_string_append_c(text, '\n');
    }
    for (unsigned i = 0; i < 2000; i++)
        g_string_append_printf(text, "message %u 4 \"T\"\ntext %u {@p}\nabout \"A\"\nexample %u 0\n", 100000 + i, i, i);
    assert_true(text->len < CATALOG_FILE_MAX / 16);
    /* The literals are kept beside their templates; the line is that of the text that is one too many. */
    expect_error(text, 2122, 1, "becomes too large");
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_bounded),
        cmocka_unit_test(a_file_is_bounded),
        cmocka_unit_test(forms_of_pieces_do_not_wrap),
        cmocka_unit_test(long_pieces_are_refused_before_they_are_expanded),
        cmocka_unit_test(ways_behind_a_field_are_bounded),
        cmocka_unit_test(a_template_is_bounded),
        cmocka_unit_test(what_pieces_expand_to_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
