/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that chance would not find: from the catalogue's templates and values, and the marks of each format. */
#include <stdio.h>
#include <string.h>

#include "seeds.h"

static GHashTable *known;

static void word(const char *octets, size_t length)
{
    if (!known)
        known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (length == 0 || length > 64 || !g_hash_table_add(known, g_strndup(octets, length)))
        return;
    putchar('"');
    for (size_t i = 0; i < length; i++) {
        uint8_t octet = (uint8_t)octets[i];
        if (octet < ' ' || octet >= 0x7f || octet == '"' || octet == '\\')
            printf("\\x%02x", octet);
        else
            putchar(octet);
    }
    puts("\"");
}

static void words(const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        word(list[i], strlen(list[i]));
}

#define WORDS(list) words(list, G_N_ELEMENTS(list))

/* What stands between the braces of a template is a name, the rest is on the wire. */
static void template_words(const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "{}|~\\");
        if (length >= 3)
            word(text, length);
        text += length;
        text += *text ? 1 : 0;
    }
}

void dictionary_messages(void)
{
    static const char *const marks[] = {
        "<166>", "<191>", "<", ">", "%FTD-", "%ASA-", "%PIX-", "%FWSM-", "%FTD-6-722051: ", "-6-", "--", ": ", " : ", "[", "]", "Sep 30 ",
        "2020 ", "09:06:09", "2020-09-30T09:06:09", "Z", "+09:00", ".254798", " UTC", " EDT", "<166>1 ", " - - - - ", "local4.err ", "CiscoASA[999]: ",
        "message repeated 2 times: [ ", " (35 instances received)", "192.0.2.1", "2001:db8::1", "::", "::ffff:192.0.2.1", "255.255.255.255",
        "999.999.999.999", "outside:192.0.2.1/443", "UNKNOWN", "x.x.x.x", "0x0e5fc000", "-12.5", "9223372036854775807", "-9223372036854775808",
        "18446744073709551616", "99999", "65536", "\r\n", "\t", "\xc2\x9b", "\xe2\x80\xae", "\x1b[", "\x1b]0;", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "#012", "#000", "\\n", "\\u0000", "\\ud83d\\ude00", "\\ud800", "{\"message\":\"", "\",\"", "\\\"", "\\x0a"};
    const struct msgt_table *table = msgt_builtin();
    WORDS(marks);
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message m = msgt_message(table, i, MSGT_EN);
        char tag[24];
        g_snprintf(tag, sizeof tag, "%%FTD-%u-%u: ", m.severity, m.id);
        word(tag, strlen(tag));
        for (unsigned n = 0; n < m.templates; n++)
            template_words(msgt_template(table, i, n));
    }
}

void dictionary_catalog(void)
{
    static const char *const marks[] = {
        "about ", "action ", "enum ", "example ", "field ", "group ", "info ", "language ja", "message ", "note ", "or ", "piece ", "related ",
        "text ", "value ", "values ", "ecs=", "enum=", "int", "count", "port", "hex", "decimal", "ip", "mac", "word", "\n  ", "\\x00", "\\xff", "\\n", "\\{", "\\|",
        "{?", "{@", "{<", ">}", "{'", "'}", "{[", "]}", "{(", ")}", "=a|b}", "{", "}", "|", "~", "999999", "7 \"", "\"\n    \"", "#"};
    const struct msgt_table *table = msgt_builtin();
    WORDS(marks);
    for (size_t i = 0; i < msgt_field_count(table); i++) {
        const char *name = msgt_field(table, i, MSGT_EN).name;
        word(name, strlen(name));
    }
}

void dictionary_captures(void)
{
    /* Octets with NUL among them: length in front. */
    static const struct {
        uint8_t length;
        const char *octets;
    } marks[] = {{4, "\xd4\xc3\xb2\xa1"}, {4, "\xa1\xb2\xc3\xd4"}, {4, "\x4d\x3c\xb2\xa1"}, {4, "\x34\xcd\xb2\xa1"}, {4, "\x0a\x0d\x0d\x0a"},
                 {4, "\x4d\x3c\x2b\x1a"}, {4, "\x1a\x2b\x3c\x4d"}, {4, "\xff\xff\xff\xff"}, {4, "\xfc\xff\xff\x7f"}, {2, "\x02\x02"}, {2, "\x81\x01"},
                 {2, "\x88\xa8"}, {2, "\x88\x64"}, {2, "\x86\xdd"}, {2, "\x08\x06"}, {2, "\x89\x09"}, {3, "\xaa\xaa\x03"}, {2, "\x45\x01"}, {1, "\x60"},
                 {2, "\x20\xb9"}, {2, "\x1f\xff"}, {1, "\x11"}, {1, "\x2c"}, {1, "\x3a"}, {1, "\x32"}, {1, "\x33"}, {1, "\x2b"}, {2, "\x1f\x8b"}, {4, "\x28\xb5\x2f\xfd"},
                 {6, "\xfd" "7zXZ\x01"}, {3, "BZh"}};
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        word(marks[i].octets, marks[i].length);
    dictionary_messages();
}
