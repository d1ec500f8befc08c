/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text.h"

#include <glib.h>

#include "msgtable/msgtable.h"

/* Printable ASCII without the two that JSON escapes. */
static bool is_plain(uint8_t c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

/* Eight at a time: an octet is plain when none of these leaves its top bit set. */
static bool plain8(const uint8_t *text)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t w;
    memcpy(&w, text, 8);
    uint64_t low = w - ones * 0x20, del = (w ^ ones * 0x7f) - ones;
    uint64_t quote = (w ^ ones * '"') - ones, slash = (w ^ ones * '\\') - ones;
    return ((w | low | del | quote | slash) & tops) == 0;
}

size_t text_plain_run(const uint8_t *text, size_t length)
{
    size_t n = 0;
    while (length - n >= 8 && plain8(text + n))
        n += 8;
    while (n < length && is_plain(text[n]))
        n++;
    return n;
}

/* Printable ASCII, eight at a time. */
static bool printable8(const uint8_t *text)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t w;
    memcpy(&w, text, 8);
    return ((w | (w - ones * 0x20) | ((w ^ ones * 0x7f) - ones)) & tops) == 0;
}

size_t text_printable_run(const uint8_t *text, size_t length)
{
    size_t n = 0;
    while (length - n >= 8 && printable8(text + n))
        n += 8;
    while (n < length && text[n] >= 0x20 && text[n] < 0x7f)
        n++;
    return n;
}

void text_safe(struct buffer *buffer, const void *text, size_t length)
{
    const uint8_t *octets = text;
    for (size_t at = 0; at < length;) {
        size_t run = text_printable_run(octets + at, length - at);
        buffer_octets(buffer, octets + at, run);
        at += run;
        if (at == length)
            break;
        uint8_t octet = octets[at];
        size_t n = msgt_utf8_character(octets + at, length - at);
        if (n == 0 || octet < 0x20 || octet == 0x7f) {
            buffer_format(buffer, "\\x%02x", octet);
            n = 1;
        } else if (n > 1 && msgt_unsafe_character(g_utf8_get_char((const char *)octets + at))) {
            buffer_format(buffer, "\\u{%x}", (unsigned)g_utf8_get_char((const char *)octets + at));
        } else {
            buffer_octets(buffer, octets + at, n);
        }
        at += n;
    }
}

void text_ascii(struct buffer *buffer, const void *text, size_t length)
{
    const char *at = text, *end = at + length;
    while (at < end) {
        size_t n = msgt_utf8_character((const uint8_t *)at, (size_t)(end - at));
        gunichar character = n ? g_utf8_get_char(at) : 0xfffd;
        if (character < 0x80)
            buffer_char(buffer, *at);
        else if (character < 0x10000)
            buffer_format(buffer, "\\u%04x", (unsigned)character);
        else
            buffer_format(buffer, "\\u%04x\\u%04x", (unsigned)(0xd7c0 + (character >> 10)), (unsigned)(0xdc00 | (character & 0x3ff)));
        at += n ? n : 1;
    }
}

void text_doubled(struct buffer *buffer, const void *text, size_t length)
{
    const char *at = text, *end = at + length;
    while (at < end) {
        const char *quote = memchr(at, '"', (size_t)(end - at));
        text_safe(buffer, at, (size_t)((quote ? quote + 1 : end) - at));
        if (!quote)
            break;
        buffer_char(buffer, '"');
        at = quote + 1;
    }
}

void text_value(struct buffer *buffer, const void *text, size_t length)
{
    bool quoted = length == 0 || memchr(text, ' ', length) || memchr(text, '"', length);
    if (!quoted) {
        text_safe(buffer, text, length);
        return;
    }
    size_t start = buffer->length;
    text_safe(buffer, text, length);
    /* Quotes inside get a backslash: rewrite in place from the end. */
    size_t quotes = 2;
    for (size_t i = start; i < buffer->length; i++)
        quotes += buffer->data[i] == '"';
    buffer_need(buffer, quotes);
    size_t from = buffer->length, to = from + quotes;
    buffer->length = to;
    buffer->data[--to] = '"';
    while (from > start) {
        buffer->data[--to] = buffer->data[--from];
        if (buffer->data[to] == '"')
            buffer->data[--to] = '\\';
    }
    buffer->data[--to] = '"';
}

static size_t columns_of(gunichar c)
{
    bool han_or_kana = (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fa);
    if (han_or_kana) /* nearly all of Japanese: not asked for each time */
        return 2;
    return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

struct character {
    gunichar code;
    size_t octets, columns;
};

/* An octet that is no character stands for itself. */
static inline struct character character_at(const char *text, size_t length)
{
    if ((uint8_t)*text < 0x80)
        return (struct character){(uint8_t)*text, 1, 1};
    size_t n = msgt_utf8_character((const uint8_t *)text, length);
    if (n == 0)
        return (struct character){(uint8_t)*text, 1, 1};
    gunichar code = g_utf8_get_char(text);
    return (struct character){code, n, columns_of(code)};
}

size_t text_width(const char *text, size_t length)
{
    size_t width = text_printable_run((const uint8_t *)text, length);
    for (size_t at = width; at < length;) {
        struct character c = character_at(text + at, length - at);
        width += c.columns;
        at += c.octets;
    }
    return width;
}

void text_padded(struct buffer *buffer, const char *text, size_t width)
{
    size_t length = strlen(text), have = text_width(text, length);
    buffer_octets(buffer, text, length);
    if (have < width)
        buffer_fill(buffer, ' ', width - have);
}

/* JIS X 4051: no line begins with the ones, and none ends with the others. */
static bool begins_no_line(gunichar c) { return g_utf8_strchr("、。・」』）】ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ～,.:;!?%)]`", -1, c); }
static bool ends_no_line(gunichar c) { return g_utf8_strchr("「『（【", -1, c); }

/* Where a line that starts at TEXT ends: the last place to break within COLUMNS, at a blank or behind a wide character; at least one character. */
static size_t line_break(const char *text, size_t length, size_t columns)
{
    size_t width = 0, good = 0;
    bool behind_wide = false;
    for (size_t at = 0; at < length;) {
        struct character c = character_at(text + at, length - at);
        if (behind_wide && width <= columns && !begins_no_line(c.code))
            good = at;
        if (width + c.columns > columns && at > 0)
            return good ? good : at;
        if (c.code == ' ')
            good = at;
        behind_wide = c.columns == 2 && !ends_no_line(c.code);
        width += c.columns;
        at += c.octets;
    }
    return length;
}

void text_wrapped(struct buffer *buffer, const char *text, size_t indent, size_t columns)
{
    size_t length = strlen(text), room = columns > indent + 20 ? columns - indent : 20;
    for (size_t at = 0; at < length;) {
        size_t n = line_break(text + at, length - at, room);
        if (at) {
            buffer_char(buffer, '\n');
            buffer_fill(buffer, ' ', indent);
        }
        buffer_octets(buffer, text + at, n);
        at += n;
        while (at < length && text[at] == ' ')
            at++;
    }
}
