/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of pairs in any order. */
#include "catalog_text.h"

#include <glib.h>

static const char head[] = "field n count \"N\"\nfield a ip \"A\"\nfield t text \"T\"\nfield w word \"W\"\nfield o text \"O\"\nmessage 430002 1 \"T\"\ntext ";
static const char tail[] = "\nabout \"A\"\nexample N: 1, A: 192.0.2.1, T: x, Two Words: y, U: z\n";

static struct msgt_table *load(const char *template, struct msgt_error *error)
{
    char *text = g_strconcat(head, template, tail, NULL);
    struct msgt_table *table = load_text(NULL, text, strlen(text), error);
    g_free(text);
    return table;
}

static char *describe(const struct msgt_table *table, const char *text, const struct msgt_record *r)
{
    GString *found = g_string_new(msgt_status_name(r->status));
    for (unsigned i = 0; i < r->count; i++) {
        const struct msgt_value *value = &r->values[i];
        g_string_append_printf(found, " %s=%.*s", msgt_field(table, value->field, MSGT_EN).name, (int)value->length, text + value->offset);
    }
    if (r->status != MSGT_OK)
        g_string_append_printf(found, " | %u %.*s", r->diverges, (int)r->expected_length, r->expected);
    return g_string_free(found, FALSE);
}

static void texts_are_taken_apart(void **state)
{
    (void)state;
    static const struct row {
        const char *text, *expected;
    } rows[] = {
        {"N: 1, A: 192.0.2.1, T: x, Two Words: y", "ok n=1 a=192.0.2.1 t=x w=y"},
        {"Two Words: y, T: x, A: 192.0.2.1, N: 1", "ok w=y t=x a=192.0.2.1 n=1"},
        {"N: 1", "ok n=1"},
        {"  N: 1,   N: 2 , N:  3 \r\n", "ok n=1 n=2 n=3"},
        {"T: a, b, and: c, N: 1", "ok t=a, b o=and: c n=1"}, /* a word may be a key */
        {"T: a, b and: c, N: 1", "ok t=a, b and: c n=1"},    /* two are none, unless known */
        {"T: a, b: , N: 1", "ok t=a o=b: n=1"},
        {"T: a,N: 1", "ok t=a,N: 1"},
        {"T: http://x/?a,b:c", "ok t=http://x/?a,b:c"},
        {"T: , N: 1", "ok n=1"},
        {"T: \"x, y\", N: 1", "ok t=x, y n=1"},
        {"T: \"x\" y, N: 1", "ok t=\"x\" y n=1"},
        {"T: the end.", "ok t=the end."},
        {"T: \"the end\".", "ok t=the end"},
        {"T: the end. \n", "ok t=the end."},
        {"Two Words: y.", "ok w=y."},
        {"Two Words: y z, N: 1", "ok w=y z n=1"},
        {"A: 192.0.2.1..", "ok a=192.0.2.1"},
        {"N: 1, New: thing, A: ::1", "ok n=1 o=New: thing a=::1"},
        {"N: 1.", "ok n=1"},
        {"N: x, T: y", "partial | 3 n"},
        {"T: y, A: 192.0.2, N: 1", "partial t=y | 9 a"},
        {"T: y, A: host, N: 1", "partial t=y | 9 a"},
        {"something else", "partial | 0 o"},
        {"", "truncated | 0 N: "},
        {"T: y, Two Wo", "truncated t=y | 4 Two Words: "},
        {"T: y, Two Words:", "truncated t=y | 4 Two Words: "},
        {"T: y, ", "truncated t=y | 4 N: "},
        {"Tw", "truncated | 0 Two Words: "},
        {"A: 192.0.", "truncated | 3 a"},
    };
    struct msgt_error error;
    struct msgt_table *table = load("{*}N: {n}, A: {a!}, T: {\"t\"}, Two Words: {w}, {o}", &error);
    if (!table)
        fail_msg("%u:%u: %s", error.line, error.column, error.text);
    for (const struct row *row = rows; row < rows + G_N_ELEMENTS(rows); row++) {
        struct msgt_record record;
        uint8_t *copy = exactly(row->text, strlen(row->text));
        msgt_decode_text(table, 430002, copy, strlen(row->text), 0, &record);
        char *found = describe(table, (const char *)copy, &record);
        if (strcmp(found, row->expected) != 0)
            fail_msg("%s: %s, not %s", row->text, found, row->expected);
        g_free(found);
        free(copy);
    }
    msgt_free(table);
}

/* As many values as there is room for are kept, and the text is left in front of the next. */
static void values_are_bounded(void **state)
{
    (void)state;
    struct msgt_error error;
    struct msgt_table *table = load("{*}N: {n}, A: {a}, T: {t}, Two Words: {w}, {o}", &error);
    assert_non_null(table);
    GString *text = g_string_new("N: 0");
    for (unsigned i = 1; i <= MSGT_VALUES_MAX; i++)
        g_string_append_printf(text, ", N: %u", i);
    struct msgt_record record;
    msgt_decode_text(table, 430002, (const uint8_t *)text->str, text->len, 0, &record);
    assert_int_equal(record.status, MSGT_PARTIAL);
    assert_int_equal(record.count, MSGT_VALUES_MAX);
    assert_string_equal(text->str + record.diverges, "64");
    g_string_free(text, TRUE);
    msgt_free(table);
}

static void templates_are_checked(void **state)
{
    (void)state;
    static const struct row {
        const char *template, *sentence;
    } rows[] = {
        {"{*}N: {n} A: {a}, {o}", "behind a pair stands a comma"},
        {"{*}N: {n}, A: {a}, T: {t}, Two Words: {w}", "behind a pair stands a comma"},
        {"{*}N: {n}, A: {a}, T: {t}, Two Words: {w}, ", "ends with the field of those that have other keys"},
        {"{*}{o}", "ends with the field of those that have other keys"},
        {"{*}N: {n}, {o}, T: {t}", "ends with the field of those that have other keys"},
        {"{*}N {n}, {o}", "a pair is \"KEY: {field}\""},
        {"{*}N: , {o}", "a pair is \"KEY: {field}\""},
        {"{*}N: {n=1|2}, {o}", "the value of a pair is a field"},
        {"{*}N: {x}, {o}", "the field \"x\" is not declared"},
        {"{*}N: {n, {o}", "\"{\" inside \"{\""},
    };
    for (const struct row *row = rows; row < rows + G_N_ELEMENTS(rows); row++) {
        struct msgt_error error;
        assert_null(load(row->template, &error));
        if (error.line != 7 || !strstr(error.text, row->sentence))
            fail_msg("%s: %u:%u: %s", row->template, error.line, error.column, error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_taken_apart),
        cmocka_unit_test(values_are_bounded),
        cmocka_unit_test(templates_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
