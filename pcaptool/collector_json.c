/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of JSON (RFC 8259), only as far as strings and the keys that lead to them go. */
#include <glib.h>

#include "collector_log.h"
#include "msgtable/msgtable.h"

/* ---- Strings ---- */

static int hex4(const uint8_t *text, size_t length)
{
    int value = 0;
    if (length < 4)
        return -1;
    for (size_t i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value((char)text[i]);
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* TEXT stands behind "\u". Returns the octets taken, which may be those of a second "\uXXXX". */
static size_t unescape_unicode(const uint8_t *text, size_t length, struct buffer *string)
{
    char octets[6];
    int high = hex4(text, length);
    if (high < 0)
        return 0;
    gunichar character = (gunichar)high;
    size_t taken = 4;
    if (high >= 0xd800 && high < 0xdc00 && length >= 10 && text[4] == '\\' && text[5] == 'u') {
        int low = hex4(text + 6, length - 6);
        if (low >= 0xdc00 && low < 0xe000) {
            character = 0x10000 + (((gunichar)high & 0x3ff) << 10) + ((gunichar)low & 0x3ff);
            taken = 10;
        }
    }
    if (character >= 0xd800 && character < 0xe000)
        character = 0xfffd;
    buffer_octets(string, octets, (size_t)g_unichar_to_utf8(character, octets));
    return taken;
}

/* Appends a string from behind its first quote. Returns where it ends: at its quote, or LENGTH. */
static size_t unescape(const uint8_t *line, size_t at, size_t length, struct buffer *string)
{
    static const char letters[] = "b\bf\fn\nr\rt\t";
    while (at < length && line[at] != '"') {
        if (line[at] != '\\' || at + 1 >= length) {
            buffer_char(string, (char)line[at++]);
            continue;
        }
        char letter = (char)line[at + 1];
        at += 2;
        if (letter == 'u') {
            at += unescape_unicode(line + at, length - at, string);
            continue;
        }
        const char *found = letter ? strchr("bfnrt", letter) : NULL;
        buffer_char(string, found ? strchr(letters, letter)[1] : letter);
    }
    return at;
}

/* ---- Places ---- */

enum { DEPTH = 8, KEY_SIZE = 32 };

/* The keys that lead to the string at hand, the outermost first; what is too long or too deep has none. */
struct place {
    unsigned depth; /* braces that are open */
    char keys[DEPTH][KEY_SIZE];
};

/* Braces between two strings. */
static void follow(struct place *place, const uint8_t *from, const uint8_t *to)
{
    for (; from < to; from++) {
        if (*from == '{' && place->depth++ < DEPTH)
            place->keys[place->depth - 1][0] = 0;
        place->depth -= *from == '}' && place->depth > 0;
    }
}

static bool is_key(const uint8_t *line, size_t at, size_t length)
{
    while (++at < length && line[at] <= ' ')
        ;
    return at < length && line[at] == ':';
}

static void take_key(struct place *place, const struct buffer *string)
{
    if (place->depth == 0 || place->depth > DEPTH)
        return;
    size_t length = string->length < KEY_SIZE ? string->length : 0;
    char *key = place->keys[place->depth - 1];
    if (length)
        memcpy(key, string->data, length);
    key[length] = 0;
}

/* Whether the string there says which device a message is of: how collectors call its name or address, the end of the keys that lead
 * there with dots between. */
static bool names_device(const struct place *place)
{
    static const char *const names[] = {
        "hostname", "source", "fromhost", "fromhost-ip",                      /* rsyslog, properties */
        "host", "host_from", "fullhost", "fullhost_from", "sourceip",         /* syslog-ng, macros; "host" of most others, too */
        "host.ip", "host.name", "host.hostname", "logsource", "sysloghost",   /* Logstash, inputs syslog and udp, patterns for ASA */
        "source.address", "source.ip", "observer.hostname", "observer.name", "observer.ip", /* Filebeat, and ECS */
        "source_ip", "source_host", "source_address", "source_hostname",      /* Vector; Fluentd and Fluent Bit, as examples name them */
        "gl2_remote_ip", "messagesourceaddress",                              /* Graylog, NXLog */
    };
    char path[2 * KEY_SIZE + 1];
    if (place->depth == 0 || place->depth > DEPTH)
        return false;
    const char *outer = place->depth > 1 ? place->keys[place->depth - 2] : "", *key = place->keys[place->depth - 1];
    size_t length = (size_t)g_snprintf(path, sizeof path, ".%s.%s", outer, key);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        size_t size = strlen(names[i]);
        if (size < length && path[length - size - 1] == '.' && g_ascii_strcasecmp(path + length - size, names[i]) == 0)
            return true;
    }
    return false;
}

/* A name or address, without a port. */
static void add_device(struct buffer *devices, const struct buffer *string)
{
    enum { LONGEST = 127 };
    const char *text = string->data;
    size_t length = string->length;
    const char *colon = length ? memchr(text, ':', length) : NULL, *bracket = length && *text == '[' ? memchr(text, ']', length) : NULL;
    if (bracket) {
        length = (size_t)(bracket - ++text);
    } else if (colon && !memchr(colon + 1, ':', length - (size_t)(colon + 1 - text))) {
        length = (size_t)(colon - text);
    }
    if (length == 0 || length > LONGEST || memchr(text, 0, length))
        return;
    buffer_octets(devices, text, length);
    buffer_char(devices, 0);
}

/* ---- The line ---- */

/* Whether STRING is a key under which collectors keep the text. */
static bool names_text(const struct buffer *string)
{
    static const char *const names[] = {"message", "msg", "@message", "text", "log"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (string->length == strlen(names[i]) && g_ascii_strncasecmp(string->data, names[i], string->length) == 0)
            return true;
    return false;
}

/* Where in a line of JSON a tag that stands alone is, as a collector that took it for a program's name has it, and its text. */
struct apart {
    size_t tag, text; /* behind the first quote; 0: none */
    size_t longest;   /* length of the text, as long as no key named it */
};

static void note_apart(struct apart *apart, const struct buffer *string, size_t at, bool named)
{
    if (apart->text && apart->longest == 0)
        return;
    if (!named && string->length <= apart->longest)
        return;
    apart->text = at;
    apart->longest = named ? 0 : string->length;
}

/* TAG and its colon in front of what the string behind TEXT holds. */
static void put_together(const struct apart *apart, const uint8_t *line, size_t length, struct buffer *string)
{
    string->length = 0;
    unescape(line, apart->tag, length, string);
    while (string->length && (string->data[string->length - 1] == ':' || string->data[string->length - 1] == ' '))
        string->length--;
    buffer_text(string, ": ");
    if (apart->text)
        unescape(line, apart->text, length, string);
}

/* Octets behind the tag in the string, its colon and blanks. False: there is no tag. */
static bool find_tag(const struct buffer *string, size_t *behind)
{
    struct msgt_tag tag;
    if (!string->length || !msgt_find_tag((const uint8_t *)string->data, string->length, &tag))
        return false;
    size_t at = (size_t)tag.span.offset + tag.span.length;
    while (at < string->length && (string->data[at] == ':' || string->data[at] == ' '))
        at++;
    *behind = string->length - at;
    return true;
}

bool collector_log_json(const uint8_t *line, size_t length, struct buffer *string, struct buffer *devices)
{
    struct place place = {0};
    struct apart apart = {0};
    size_t behind, whole = 0, longest = 0; /* behind the quote of the string with a tag and the longest text behind it; the octets of that */
    bool named = false;
    devices->length = 0;
    for (size_t at = 0; at < length; at++) {
        const uint8_t *quote = memchr(line + at, '"', length - at);
        if (!quote)
            break;
        follow(&place, line + at, quote);
        size_t from = (size_t)(quote - line) + 1;
        string->length = 0;
        at = unescape(line, from, length, string);
        if (is_key(line, at, length)) {
            take_key(&place, string);
            named = names_text(string);
            continue;
        }
        if (names_device(&place))
            add_device(devices, string);
        bool tagged = find_tag(string, &behind);
        if (tagged && behind > longest) { /* GELF has the start of it in short_message */
            whole = from;
            longest = behind;
        } else if (tagged && !whole)
            apart.tag = from;
        else if (!whole)
            note_apart(&apart, string, from, named);
        named = false;
    }
    string->length = 0;
    if (whole)
        unescape(line, whole, length, string);
    else if (apart.tag)
        put_together(&apart, line, length, string);
    return whole || apart.tag;
}
