/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loading catalogues: errors by line and column, files on top of others, and the run-time table beside the built-in one. */
#include "catalog_text.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "catalog.h"
#include "table.h"

static struct msgt_table *load(const struct msgt_table *base, const char *text, struct msgt_error *error)
{
    return load_text(base, text, strlen(text), error);
}

static const char head[] = "field who text \"Who\"\nfield n count \"Number\"\n";

/* Behind HEAD, so the first line here is line 3. */
static const struct {
    const char *text;
    unsigned line, column;
    const char *sentence; /* a part of it */
} errors[] = {
    {"nonsense\n", 3, 1, "is no statement"},
    {"field who text \"Again\"\n", 3, 7, "declared twice"},
    {"field Bad text \"Bad\"\n", 3, 7, "is a name of lower-case"},
    {"field x colour \"X\"\n", 3, 9, "is no type"},
    {"field x text\n", 3, 13, "in double quotes"},
    {"field x text \"X\n", 3, 14, "not closed"},
    {"field x text \"X\" hue=1\n", 3, 18, "expected ecs="},
    {"field status text \"X\"\n", 3, 7, "of the record itself"},
    {"field who_text text \"X\"\n", 3, 7, "is taken"},
    {"field x_text text \"X\"\nfield x text \"X\"\n", 4, 7, "is taken"},
    {"field x ip \"X\"\nfield x6 text \"X\"\n", 4, 7, "is taken"},
    {"field x6 text \"X\"\nfield x ip \"X\"\n", 4, 7, "is taken"},
    {"field any_port port \"X\"\n", 3, 7, "of the record itself"},
    {"field x text \"\xff\"\n", 3, 15, "UTF-8"},
    {"field x text \"\\xff\"\n", 3, 14, "UTF-8"},
    {"field x text \"a\x1b[31m\"\n", 3, 16, "cannot be seen"},
    {"field x text \"a\xe2\x80\xaez\"\n", 3, 16, "cannot be seen"},
    {"field x text \"a\\x1b[31m\"\n", 3, 14, "terminal"},
    {"field x text \"a\\q\"\n", 3, 16, "unknown escape"},
    {"field x text \"X\" enum=none\nmessage 722001 4 \"T\"\ntext {x} a {who} b {n}\nabout \"A\"\nexample x a y b 1\n", 3, 18, "has no values"},
    {"enum e\nvalue 1 \"x\"\nmessage 722001 4 \"T\"\ntext {who}: {n}\nvalues n e\nvalues n e\n", 8, 8, "has other values already"},
    {"field x text \"X\" ecs=a..b\n", 3, 18, "no name of ECS"},
    {"field x text \"X\" ecs=a.B\n", 3, 18, "no name of ECS"},
    {"field x text \"X\" ecs=.\n", 3, 18, "no name of ECS"},
    {"message 722001 4 4 \"T\"\n", 3, 18, "severity 4 occurs twice"},
    {"message 722001 4 8 \"T\"\n", 3, 18, "from 0 to 7"},
    {"message 722001 4 \"T\"\ntext {who} b {n}\nabout \"\"\nexample x b 1\n", 3, 9, "has no \"about\""},
    {"message 722001 4 \"T\"\ntext {who} b {n}\nrelated 722002 722002\n", 5, 16, "occurs twice"},
    {"message 722001 4 \"T\"\ntext {who} b {n}\ninfo n who\nabout \"A\"\nexample x b 1\nmessage 722002 4 \"T\"\ntext {who} c\ninfo n\nabout \"A\"\nexample x c\n", 8, 9,
     "names n, which no text has"},
    {"message 722001 4 \"T\"\ntext {@p {who} b {n}\n", 4, 6, "\"{@\" without"},
    {"text {who}\n", 3, 1, "belongs to a message"},
    {"value 1 \"x\"\n", 3, 7, "belongs to an enum"},
    {"or x\n", 3, 4, "belongs to a piece"},
    {"\"text\"\n", 3, 1, "without a statement"},
    {"language ja\n", 3, 10, "opens a file"},
    {"message 72200 4 \"T\"\n", 3, 9, "six digits"},
    {"message 722001 8 \"T\"\n", 3, 16, "from 0 to 7"},
    {"message 722001 4 \"0123456789012345678901234567890123456789012345678901\"\n", 3, 18, "1 to 50 characters"},
    {"message 722001 4 \"T\" x\n", 3, 22, "ends before this"},
    {"message 722001 4 \"T\"\n", 3, 9, "has no text"},
    {"message 722001 4 \"T\"\ntext {who\n", 4, 6, "without \"}\""},
    {"message 722001 4 \"T\"\ntext who}\n", 4, 9, "without \"{\""},
    {"message 722001 4 \"T\"\ntext {nobody}\n", 4, 7, "\"nobody\" is not declared"},
    {"message 722001 4 \"T\"\ntext {@none} x\n", 4, 6, "piece \"none\""},
    {"message 722001 4 \"T\"\ntext {who}{n}\n", 4, 14, "touches"},
    {"message 722001 4 \"T\"\ntext a{?{?b}}\n", 4, 9, "holds no further"},
    {"message 722001 4 \"T\"\ntext a {?{who} b}\n", 4, 17, "starts with text"},
    {"message 722001 4 \"T\"\ntext a {<who}\n", 4, 9, "has no >"},
    {"message 722001 4 \"T\"\ntext a {who!}\n", 4, 12, "of the type ip"},
    {"message 722001 4 \"T\"\ntext a\\x01b {who}\n", 4, 7, "control character"},
    {"message 722001 4 \"T\"\ntext a {x\\x1b|y}\n", 4, 9, "control character"},
    {"message 722001 4 \"T\"\ntext a {x\\q|y}\n", 4, 10, "unknown escape"},
    {"message 722001 4 \"T\"\ntext a {x||y}\n", 4, 11, "is empty"},
    {"message 722001 4 \"T\"\ntext a {who}.\n", 4, 13, "no final dot"},
    {"message 722001 4 \"T\"\ntext a {who}\nexample a x\n", 3, 9, "no \"about\""},
    {"message 722001 4 \"T\"\ntext a {who}\nabout \"A\"\n", 4, 6, "no example decodes"},
    {"message 722001 4 \"T\"\ntext a {n}\nabout \"A\"\nexample a x\n", 6, 9, "leaves its template at octet 2"},
    {"message 722001 4 \"T\"\ntext a {n}\nabout \"A\"\nexample a \\xzz\n", 6, 11, "unknown escape"},
    {"message 722001 4 \"T\"\ntext a {who}\ninfo n\nabout \"A\"\nexample a x\n", 3, 9, "\"info\" names"},
    {"message 722001 4 \"T\"\ntext a {who}\nrelated 722002\nabout \"A\"\nexample a x\n", 3, 9, "no other message"},
    {"message 722001 4 \"T\"\ntext a {who}\nabout \"A\"\nexample a x\n", 2, 7, "\"n\" is not used"},
    {"message 722002 4 \"T\"\ntext a {who}\nabout \"A\"\nexample a x\nmessage 722001 4 \"T\"\n", 7, 9, "IDs rise"},
    {"message 722001 4 \"T\"\ntext a {who}\nabout \"A\"\nexample a x\nmessage 722001 4 \"T\"\n", 7, 9, "occurs twice"},
    {"message 722001 4 \"T\"\nrelated 1 2 3 4 5 6 7 8 9 1000 1001 1002 1003\n", 4, 42, "more than 12 related"},
    {"group g \"G\" {who}{none}\n", 3, 13, "\"none\" is not declared"},
    {"group g \"G\" {who}\ngroup h \"H\" {who}\n", 4, 13, "has a group already"},
    {"enum e\n  value 1 \"x\"\n  value 1 \"y\"\n", 5, 9, "occurs twice"},
    {"piece p {who}\npiece p {n}\n", 4, 7, "declared twice"},
    {"piece p {@q}\n", 3, 9, "no further piece"},
};

static void errors_have_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        char text[2048];
        struct msgt_error error;
        snprintf(text, sizeof text, "%s%s", head, errors[i].text);
        struct msgt_table *table = load(NULL, text, &error);
        if (table)
            fail_msg("\"%s\" loads", errors[i].text);
        if (error.line != errors[i].line || error.column != errors[i].column || !strstr(error.text, errors[i].sentence))
            fail_msg("\"%s\": %u:%u: %s", errors[i].text, error.line, error.column, error.text);
    }
}

/* Of a whole catalogue. */
static void a_missing_translation_has_line_and_column(void **state)
{
    (void)state;
    static const char english[] = "field who text \"Who\"\nfield n count \"Number\"\ngroup both \"Both\" {who}:{n}\n\n"
                                  "message 722001 4 \"T\"\n text a {who} b {n}\n about \"A\"\n action \"D\"\n note who \"N\"\n example a x b 1\n";
    static const struct {
        const char *japanese; /* what is left out */
        unsigned line, column; /* of its English; 0: nothing else could stand */
        const char *sentence;
    } rows[] = {
        {"field who \"だれ\"\n", 1, 7, "the label of who is missing in Japanese"},
        {"field n \"数\"\n", 2, 7, "the label of n is missing"},
        {"group both \"両方\"\n", 3, 7, "the label of both is missing"},
        {"message 722001 \"題\"\n", 0, 0, ""},
        {"about \"説明\"\n", 5, 9, "\"about\" of message 722001 is missing"},
        {"action \"対処\"\n", 5, 9, "\"action\" of message 722001 is missing"},
        {"note who \"注\"\n", 5, 9, "a note of message 722001 is missing"},
        {"", 0, 0, NULL},
    };
    for (size_t without = 0; without < sizeof rows / sizeof *rows; without++) {
        char japanese[512] = "language ja\n", names[2][64];
        struct msgt_error error;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            strcat(japanese, i == without ? "" : rows[i].japanese);
        strcpy(names[0], catalog_file(english, strlen(english)));
        strcpy(names[1], catalog_file(japanese, strlen(japanese)));
        struct msgt_table *table = catalog_load_whole((const char *const[]){names[0], names[1]}, 2, &error);
        unlink(names[0]);
        unlink(names[1]);
        assert_int_equal(table == NULL, rows[without].sentence != NULL);
        msgt_free(table);
        if (!rows[without].line)
            continue;
        assert_string_equal(error.file, names[0]);
        if (error.line != rows[without].line || error.column != rows[without].column || !strstr(error.text, rows[without].sentence))
            fail_msg("%u:%u: %s", error.line, error.column, error.text);
    }
}

static void a_missing_file_is_an_error(void **state)
{
    (void)state;
    struct msgt_error error;
    const char *name = "/nonexistent/x.cat";
    assert_null(msgt_load(NULL, &name, 1, &error));
    assert_string_equal(error.file, name);
    assert_int_equal(error.line, 0);
    assert_string_equal(error.text, "No such file or directory");
}

/* Any prefix of a good file, and any octet of it changed, is a table or a clean error. */
static void hostile_text_is_survived(void **state)
{
    (void)state;
    static const char good[] = "field who text \"Who\" enum=e\nenum e\n  value 1 \"x\"\ngroup g \"G\" {who}\npiece p {<who>}\nor {who}\n"
                               "message 722001 4 \"T\"\n  text a{?, {x|y}} {@p} b\n  info who\n  about \"A\"\n    \"B\"\n  example a x b\n";
    struct msgt_error error;
    char text[sizeof good];
    for (size_t n = 0; n < sizeof good - 1; n += 3) {
        memcpy(text, good, n);
        text[n] = 0;
        msgt_free(load(NULL, text, &error));
        memcpy(text, good, sizeof good);
        for (const char *c = "{}\"|\\\n~@? "; *c; c++) {
            text[n] = *c;
            msgt_free(load(NULL, text, &error));
        }
    }
    struct msgt_table *table = load(NULL, good, &error);
    if (!table)
        fail_msg("%u:%u: %s", error.line, error.column, error.text);
    assert_string_equal(msgt_message(table, 0, MSGT_EN).about, "A B");
    msgt_free(table);
}

static void a_file_adds_to_the_table_and_replaces(void **state)
{
    (void)state;
    struct msgt_error error;
    struct msgt_record r;
    static const char more[] = "message 100001 4 \"Own\"\n  text {@vpn_user} own text {reason}\n  about \"Ours.\"\n"
                               "  example Group <g> User <u> IP <192.0.2.1> own text here\n"
                               "message 722051 1 \"Replaced\"\n  text Other {user}\n  about \"Ours.\"\n  example Other alice\n";
    struct msgt_table *table = load(msgt_builtin(), more, &error);
    if (!table)
        fail_msg("%u:%u: %s", error.line, error.column, error.text);
    assert_int_equal(msgt_message_count(table), msgt_message_count(msgt_builtin()) + 1);
    assert_string_equal(msgt_message(table, 0, MSGT_EN).title, "Own");
    msgt_decode_text(table, 722051, (const uint8_t *)"Other bob", 9, 0, &r);
    assert_int_equal(r.status, MSGT_OK);
    msgt_decode_text(table, 722037, (const uint8_t *)"Group <g> User <u> IP <192.0.2.1> SVC closing connection: x", 60, 0, &r);
    assert_int_equal(r.status, MSGT_OK);
    msgt_free(table);
}

/* Both are made of the same files, in the same order: every array is the same, octet for octet. */
static void the_run_time_table_is_the_built_in_one(void **state)
{
    (void)state;
    char *list;
    const char *files[1024];
    size_t count = 0;
    assert_true(g_file_get_contents(CATALOG_FILES, &list, NULL, NULL));
    for (char *file = strtok(list, "\n"); file; file = strtok(NULL, "\n")) {
        assert_true(count < G_N_ELEMENTS(files));
        files[count++] = file;
    }
    struct msgt_error error;
    struct msgt_table *table = msgt_load(NULL, files, count, &error);
    if (!table)
        fail_msg("%s:%u:%u: %s", error.file, error.line, error.column, error.text);
    const struct msgt_table *builtin = msgt_builtin();
#define X(type, name)                                               \
    assert_int_equal(table->name##_count, builtin->name##_count);   \
    assert_memory_equal(table->name, builtin->name, sizeof(type) * table->name##_count);
    TABLE_ARRAYS(X)
#undef X
    msgt_free(table);
    g_free(list);
}

static void lookup_is_by_id(void **state)
{
    (void)state;
    const struct msgt_table *table = msgt_builtin();
    for (size_t i = 0; i < msgt_message_count(table); i++)
        assert_int_equal(msgt_message_index(table, msgt_message(table, i, MSGT_EN).id), i);
    static const uint32_t absent[] = {0, 1, 99999, 100000, 722000, 722052, 776255, 999999, 1000000, UINT32_MAX};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_int_equal(msgt_message_index(table, absent[i]), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_have_line_and_column),
        cmocka_unit_test(a_missing_translation_has_line_and_column),
        cmocka_unit_test(a_missing_file_is_an_error),
        cmocka_unit_test(hostile_text_is_survived),
        cmocka_unit_test(a_file_adds_to_the_table_and_replaces),
        cmocka_unit_test(the_run_time_table_is_the_built_in_one),
        cmocka_unit_test(lookup_is_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
