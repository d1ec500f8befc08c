/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include <glib.h>

#include "msgtable/msgtable.h"
#include "text.h"

void json_separate(struct buffer *buffer)
{
    char last = buffer->length ? buffer->data[buffer->length - 1] : '{';
    if (last != '{' && last != '[' && last != '\n')
        buffer_char(buffer, ',');
}

/* "\u001b" */
static char *escape_unit(char *to, uint32_t unit)
{
    static const char hex[] = "0123456789abcdef";
    const char code[] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};
    memcpy(to, code, sizeof code);
    return to + sizeof code;
}

static char *escape(char *to, uint8_t octet)
{
    static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\";
    for (const char *l = letters; *l; l += 2) {
        if ((uint8_t)*l == octet) {
            *to = '\\';
            to[1] = l[1];
            return to + 2;
        }
    }
    return escape_unit(to, octet);
}

/* A character of LENGTH octets, 0 where there is none. */
static char *put_character(char *to, const uint8_t *text, size_t length)
{
    uint32_t character = length ? g_utf8_get_char((const char *)text) : 0xfffd;
    if (!msgt_unsafe_character(character)) {
        memcpy(to, length ? (const char *)text : "\xef\xbf\xbd", length ? length : 3);
        return to + (length ? length : 3);
    }
    if (character < 0x10000)
        return escape_unit(to, character);
    to = escape_unit(to, 0xd7c0 + (character >> 10)); /* RFC 8259, section 7: a pair of surrogates */
    return escape_unit(to, 0xdc00 | (character & 0x3ff));
}

char *json_put(char *to, const void *text, size_t length)
{
    const uint8_t *octets = text;
    *to++ = '"';
    for (size_t at = 0; at < length;) {
        size_t run = text_plain_run(octets + at, length - at);
        memcpy(to, octets + at, run);
        to += run;
        at += run;
        if (at == length)
            break;
        size_t character = octets[at] < 0x80 ? 0 : msgt_utf8_character(octets + at, length - at);
        to = octets[at] < 0x80 ? escape(to, octets[at]) : put_character(to, octets + at, character);
        at += character ? character : 1;
    }
    *to++ = '"';
    return to;
}

void json_string(struct buffer *buffer, const void *text, size_t length)
{
    buffer_need(buffer, json_room(length));
    buffer_end(buffer, json_put(buffer_at(buffer), text, length));
}

void json_key(struct buffer *buffer, const char *key)
{
    size_t length = strlen(key);
    json_separate(buffer);
    buffer_need(buffer, length + 3);
    buffer_char(buffer, '"');
    buffer_octets(buffer, key, length);
    buffer_octets(buffer, "\":", 2);
}

void json_key_octets(struct buffer *buffer, const char *key, const void *text, size_t length)
{
    json_key(buffer, key);
    json_string(buffer, text, length);
}

void json_key_text(struct buffer *buffer, const char *key, const char *text)
{
    json_key_octets(buffer, key, text, strlen(text));
}

void json_key_uint(struct buffer *buffer, const char *key, uint64_t number)
{
    json_key(buffer, key);
    buffer_uint(buffer, number);
}

void json_key_int(struct buffer *buffer, const char *key, int64_t number)
{
    json_key(buffer, key);
    buffer_int(buffer, number);
}

void json_base64(struct buffer *buffer, const uint8_t *octets, size_t length)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buffer_need(buffer, length / 3 * 4 + 6);
    buffer_char(buffer, '"');
    for (size_t at = 0; at < length; at += 3) {
        size_t have = length - at < 3 ? length - at : 3;
        uint32_t bits = (uint32_t)octets[at] << 16 | (have > 1 ? (uint32_t)octets[at + 1] << 8 : 0) |
                        (have > 2 ? octets[at + 2] : 0);
        char quad[4] = {alphabet[bits >> 18], alphabet[bits >> 12 & 63], alphabet[bits >> 6 & 63], alphabet[bits & 63]};
        memset(quad + have + 1, '=', 3 - have);
        buffer_octets(buffer, quad, 4);
    }
    buffer_char(buffer, '"');
}
