/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "framing.h"

#include <string.h>

#include "msgtable/msgtable.h"

enum { DIGITS_MAX = 5, PRI_DIGITS = 3 };

static bool is_digit(uint8_t octet) { return octet >= '0' && octet <= '9'; }

static size_t digits(const uint8_t *octets, size_t length)
{
    size_t n = 0;
    while (n < length && is_digit(octets[n]))
        n++;
    return n;
}

static size_t number(const uint8_t *octets, size_t count)
{
    size_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (size_t)(octets[i] - '0');
    return value;
}

/* ---- Headers ---- */

/* Octets in front of the first line feed or NUL. */
static size_t line_length(const uint8_t *octets, size_t length)
{
    const uint8_t *feed = length ? memchr(octets, '\n', length) : NULL;
    size_t line = feed ? (size_t)(feed - octets) : length;
    const uint8_t *zero = line ? memchr(octets, 0, line) : NULL;
    return zero ? (size_t)(zero - octets) : line;
}

static bool is_pri(const uint8_t *octets, size_t length)
{
    size_t n = length > 1 && octets[0] == '<' ? digits(octets + 1, length - 1) : 0;
    return n > 0 && n <= PRI_DIGITS && n + 1 < length && octets[n + 1] == '>';
}

static bool has_control(const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (octets[i] < ' ')
            return true;
    return false;
}

/* Nothing but counters and marks of a clock. */
static bool is_front(const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_digit(octets[i]) && !strchr(" :*.", octets[i]))
            return false;
    return true;
}

/* Without a priority: the tag, a time or a host name is what it starts with, and the tag has its colon. */
static bool is_plain_header(const uint8_t *octets, size_t length, const struct msgt_tag *tag)
{
    struct msgt_record record;
    size_t end = tag->span.offset + tag->span.length;
    if (end >= length || octets[end] != ':' || has_control(octets, tag->span.offset))
        return false;
    if (is_front(octets, tag->span.offset))
        return true;
    msgt_decode(msgt_builtin(), octets, end + 1, 0, 0, &record);
    if (record.timestamp.length)
        return is_front(octets, record.timestamp.offset);
    return record.hostname.length > 0 && record.hostname.offset == 0;
}

struct header framing_header(const uint8_t *octets, size_t length)
{
    struct msgt_tag tag;
    if (!msgt_find_tag(octets, length, &tag) || line_length(octets, tag.span.offset) < tag.span.offset)
        return (struct header){0};
    bool pri = is_pri(octets, length);
    if (!pri && !is_plain_header(octets, length, &tag))
        return (struct header){0};
    return (struct header){tag.span.offset + tag.span.length, pri};
}

/* Where the first tag starts, however far it is; LENGTH when there is none. */
static size_t find_tag(const uint8_t *octets, size_t length)
{
    struct msgt_tag tag;
    for (size_t at = 0; at < length; at += MSGT_HEADER_MAX) {
        const uint8_t *percent = memchr(octets + at, '%', length - at);
        if (!percent)
            break;
        at = (size_t)(percent - octets);
        if (msgt_find_tag(octets + at, length - at, &tag))
            return at + tag.span.offset;
    }
    return length;
}

/* ---- Length fields ---- */

/* A length at AT ends where another field or a delimiter stands, or behind the octets. */
static bool leads_on(const uint8_t *octets, size_t at, size_t length, size_t count)
{
    return count >= length - at || is_digit(octets[at + count]) || framing_is_end(octets[at + count]);
}

/* "150 <", or "150 " and a header within that length. Returns the octets taken, 0 when this is no length. */
static size_t read_length(const uint8_t *octets, size_t length, size_t *count)
{
    size_t n = digits(octets, length);
    if (n == 0 || n > DIGITS_MAX || octets[0] == '0' || n + 1 >= length || octets[n] != ' ')
        return 0;
    *count = number(octets, n++);
    size_t have = length - n < *count ? length - n : *count;
    bool starts = octets[n] == '<' || framing_header(octets + n, have).length > 0;
    return starts && leads_on(octets, n, length, *count) ? n : 0;
}

static bool is_part_of_length(const uint8_t *octets, size_t length)
{
    size_t n = digits(octets, length);
    return n > 0 && n <= DIGITS_MAX && octets[0] != '0' && (n == length || (n + 1 == length && octets[n] == ' '));
}

/* Octets of the length field that ends in front of AT, where a header of so many octets starts. Its digits may stand right behind those of a text. */
static size_t length_behind(const uint8_t *octets, size_t at, size_t length, size_t header)
{
    if (at < 2 || octets[at - 1] != ' ')
        return 0;
    for (size_t n = 1; n <= DIGITS_MAX && n < at && is_digit(octets[at - 1 - n]); n++) {
        size_t count = number(octets + at - 1 - n, n);
        if (octets[at - 1 - n] != '0' && count >= header && leads_on(octets, at, length, count))
            return n + 1;
    }
    return 0;
}

/* ---- Pieces ---- */

/* The first priority that starts in [FROM, TO), or TO. */
static size_t find_pri(const uint8_t *octets, size_t from, size_t to, size_t length)
{
    for (; from < to; from++) {
        const uint8_t *open = memchr(octets + from, '<', to - from);
        if (!open)
            break;
        from = (size_t)(open - octets);
        if (is_pri(octets + from, length - from))
            return from;
    }
    return to;
}

/* Where behind FROM, in front of the line's end, the header of another message starts or, *COUNTED, its length field. */
static size_t find_glued(const uint8_t *octets, size_t from, size_t line, size_t length, bool *counted)
{
    for (size_t at = from, tag; at < line; at = tag + 1) {
        tag = at + find_tag(octets + at, line - at);
        size_t start = tag - at < MSGT_HEADER_MAX ? at : tag - MSGT_HEADER_MAX + 1;
        size_t pri = tag < line ? find_pri(octets, start, tag, line) : tag;
        size_t header = pri < tag ? framing_header(octets + pri, line - pri).length : 0;
        if (header) {
            size_t field = length_behind(octets, pri, length, header);
            *counted = field > 0 && pri - field >= from;
            return *counted ? pri - field : pri;
        }
    }
    return line;
}

struct piece framing_piece(const uint8_t *octets, size_t length)
{
    size_t count = 0, skip = read_length(octets, length, &count);
    if (skip)
        return (struct piece){PIECE_COUNTED, skip, count};
    if (is_part_of_length(octets, length))
        return (struct piece){PIECE_LENGTH, 0, length};
    bool counted = false;
    size_t line = line_length(octets, length);
    size_t header = framing_header(octets, line).length;
    size_t end = find_glued(octets, header ? header : 1, line, length, &counted);
    if (end < line)
        return (struct piece){counted ? PIECE_REST : PIECE_GLUED, 0, end};
    if (end == length)
        return (struct piece){PIECE_OPEN, 0, length};
    while (end < length && (framing_is_end(octets[end]) || octets[end] == '\r'))
        end++;
    return (struct piece){PIECE_LINE, 0, end};
}

/* ---- The first of all ---- */

static struct header header_behind_length(const uint8_t *octets, size_t length)
{
    size_t count, skip = read_length(octets, length, &count);
    return framing_header(octets + skip, length - skip);
}

/* In the line [FROM, END). */
static struct header find_in_line(const uint8_t *octets, size_t from, size_t end, size_t *at)
{
    bool counted = false;
    *at = from;
    struct header header = header_behind_length(octets + from, end - from);
    if (header.length)
        return header;
    *at = find_glued(octets, from + 1, end, end, &counted);
    return counted ? header_behind_length(octets + *at, end - *at) : header;
}

struct header framing_find(const uint8_t *octets, size_t length, size_t *at)
{
    struct header first = {0};
    for (size_t from = 0; from < length;) {
        size_t end = from + line_length(octets + from, length - from), place;
        struct header header = end > from ? find_in_line(octets, from, end, &place) : first;
        if (header.length && (header.pri || !first.length)) {
            first = header;
            *at = place;
        }
        if (first.pri)
            break;
        from = end + 1;
    }
    return first;
}
