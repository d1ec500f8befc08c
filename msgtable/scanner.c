/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scanner.h"

#include <stdarg.h>
#include <string.h>

#include "octets.h"
#include "pattern.h"
#include "utf8.h"

static void skip_blanks(struct scanner *s)
{
    while (s->at < s->size && is_blank((uint8_t)s->line[s->at]))
        s->at++;
}

bool scanner_line(struct scanner *s)
{
    while (s->next < s->length) {
        const char *end = memchr(s->text + s->next, '\n', s->length - s->next);
        s->line = s->text + s->next;
        s->size = end ? (size_t)(end - s->line) : s->length - s->next;
        s->next += s->size + (end != NULL);
        s->number++;
        s->at = 0;
        skip_blanks(s);
        if (s->at < s->size && s->line[s->at] != '#')
            return true;
    }
    return false;
}

bool scanner_readable(struct scanner *s)
{
    for (size_t at = 0; at < s->size;) {
        size_t n = msgt_utf8_character((const uint8_t *)s->line + at, s->size - at);
        if (n == 0)
            return scanner_fail(s, (unsigned)at + 1, "the line is not valid UTF-8");
        bool blank = s->line[at] == '\t' || (s->line[at] == '\r' && at + 1 == s->size);
        if (!blank && msgt_unsafe_character(g_utf8_get_char(s->line + at)))
            return scanner_fail(s, (unsigned)at + 1, "a character that cannot be seen: where it is meant, write it as \\xHH");
        at += n;
    }
    return true;
}

bool scanner_done(struct scanner *s)
{
    skip_blanks(s);
    return s->at == s->size;
}

unsigned scanner_column(struct scanner *s)
{
    skip_blanks(s);
    return (unsigned)s->at + 1;
}

bool scanner_fail(struct scanner *s, unsigned column, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_vsnprintf(s->error->text, sizeof s->error->text, format, arguments);
    va_end(arguments);
    g_strlcpy(s->error->file, s->file, sizeof s->error->file);
    s->error->line = s->number;
    s->error->column = column;
    return false;
}

GString *scanner_word(struct scanner *s)
{
    skip_blanks(s);
    size_t from = s->at;
    while (s->at < s->size && !is_blank((uint8_t)s->line[s->at]))
        s->at++;
    return g_string_new_len(s->line + from, (gssize)(s->at - from));
}

static bool is_name(const GString *word)
{
    if (word->len == 0 || word->len > 64 || !g_ascii_islower(word->str[0]))
        return false;
    for (gsize i = 0; i < word->len; i++)
        if (!g_ascii_islower(word->str[i]) && !g_ascii_isdigit(word->str[i]) && word->str[i] != '_')
            return false;
    return true;
}

GString *scanner_name(struct scanner *s, const char *what)
{
    unsigned column = scanner_column(s);
    GString *word = scanner_word(s);
    if (is_name(word))
        return word;
    scanner_fail(s, column, "%s is a name of lower-case letters, digits and underscores", what);
    g_string_free(word, TRUE);
    return NULL;
}

bool scanner_number(struct scanner *s, const char *what, unsigned max, unsigned *number)
{
    unsigned column = scanner_column(s);
    GString *word = scanner_word(s);
    guint64 value;
    bool good = g_ascii_string_to_unsigned(word->str, 10, 0, max, &value, NULL);
    g_string_free(word, TRUE);
    *number = good ? (unsigned)value : 0;
    return good || scanner_fail(s, column, "%s is a number from 0 to %u", what, max);
}

bool scanner_at_string(struct scanner *s)
{
    skip_blanks(s);
    return s->at < s->size && s->line[s->at] == '"';
}

static bool is_seen(const GString *text)
{
    for (const char *at = text->str; at < text->str + text->len; at = g_utf8_next_char(at))
        if (msgt_unsafe_character(g_utf8_get_char(at)))
            return false;
    return true;
}

GString *scanner_string(struct scanner *s, const char *what)
{
    unsigned column = scanner_column(s);
    if (!scanner_at_string(s)) {
        scanner_fail(s, column, "%s is a text in double quotes", what);
        return NULL;
    }
    size_t from = ++s->at, wrong;
    while (s->at < s->size && s->line[s->at] != '"')
        s->at += s->line[s->at] == '\\' ? 2 : 1;
    if (s->at >= s->size) {
        scanner_fail(s, column, "the text is not closed by a double quote");
        return NULL;
    }
    GString *string = g_string_new(NULL);
    size_t length = s->at++ - from;
    bool good = pattern_unescape(s->line + from, length, "\"", string, &wrong);
    if (!good)
        scanner_fail(s, (unsigned)(from + wrong) + 1, "unknown escape in a text");
    else if (!g_utf8_validate(string->str, (gssize)string->len, NULL)) {
        scanner_fail(s, column, "the text is not valid UTF-8");
        good = false;
    }
    if (good && !is_seen(string)) {
        scanner_fail(s, column, "the text holds a character that a terminal acts on, or that cannot be seen");
        good = false;
    }
    if (good)
        return string;
    g_string_free(string, TRUE);
    return NULL;
}

GString *scanner_rest(struct scanner *s, const char *what)
{
    unsigned column = scanner_column(s);
    size_t end = s->size;
    while (end > s->at && is_blank((uint8_t)s->line[end - 1]))
        end--;
    if (end == s->at) {
        scanner_fail(s, column, "%s is missing", what);
        return NULL;
    }
    GString *rest = g_string_new_len(s->line + s->at, (gssize)(end - s->at));
    s->at = s->size;
    return rest;
}
