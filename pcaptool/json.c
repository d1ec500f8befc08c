/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "json.h"

#include "msgtable/msgtable.h"
#include "text.h"

void json_separate(struct buffer *buffer)
{
    char last = buffer->length ? buffer->data[buffer->length - 1] : '{';
    if (last != '{' && last != '[' && last != '\n')
        buffer_char(buffer, ',');
}

static char *escape(char *to, uint8_t octet)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[] = "\bb\tt\nn\ff\rr\"\"\\\\";
    *to++ = '\\';
    for (const char *l = letters; *l; l += 2) {
        if ((uint8_t)*l == octet) {
            *to = l[1];
            return to + 1;
        }
    }
    const char code[] = {'u', '0', '0', hex[octet >> 4], hex[octet & 15]};
    memcpy(to, code, sizeof code);
    return to + sizeof code;
}

char *json_put(char *to, const void *text, size_t length)
{
    static const char replacement[] = "\xef\xbf\xbd";
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
        if (octets[at] < 0x80) {
            to = escape(to, octets[at]);
        } else {
            memcpy(to, character ? (const char *)octets + at : replacement, character ? character : 3);
            to += character ? character : 3;
        }
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
