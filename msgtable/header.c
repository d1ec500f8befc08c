/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "header.h"

#include <string.h>

#include "octets.h"
#include "prefix.h"
#include "timestamp.h"

/* ---- Tag ---- */

enum { CLASS_MAX = 64, ID_DIGITS = 6 };

/* Three octets as load32_little() has them. */
#define THREE(a, b, c) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16)

/* Which of the products it is makes no branch: where devices are mixed nobody could guess it. */
static size_t product_length(const uint8_t *text, size_t length)
{
    if (length < 4)
        return 0;
    uint32_t start = load32_little(text) & 0xffffff;
    if ((start == THREE('F', 'T', 'D')) | (start == THREE('A', 'S', 'A')) | (start == THREE('P', 'I', 'X')))
        return 3;
    return length > 4 && memcmp(text, "FWSM", 4) == 0 ? 4 : 0;
}

/* "-6-722051" with no seventh digit. */
static inline bool read_severity_and_id(const uint8_t *text, size_t length, struct msgt_tag *tag)
{
    if (length < 3 + ID_DIGITS || text[0] != '-')
        return false;
    uint64_t numbers = load64_little(text + 1) ^ UINT64_C(0x3030303030302d30); /* "0-000000" */
    if (!are_digits(numbers, UINT64_C(0xffffffffffff00ff)) || (uint8_t)numbers > 7)
        return false;
    tag->severity = (uint8_t)numbers;
    numbers >>= 16;
    numbers = (numbers * 10 + (numbers >> 8)) & UINT64_C(0xff00ff00ff); /* three of two digits */
    tag->id = (uint32_t)((numbers & 0xff) * 10000 + (numbers >> 16 & 0xff) * 100 + (numbers >> 32));
    return length == 3 + ID_DIGITS || !is_digit(text[3 + ID_DIGITS]);
}

/* "<Up>" behind the product; the offset moves behind it. */
static void read_bracketed_class(const uint8_t *datagram, size_t length, size_t *at, struct msgt_tag *tag)
{
    if (*at == length || datagram[*at] != '<')
        return;
    size_t end = *at + 1;
    while (end < length && end < *at + CLASS_MAX && is_alnum(datagram[end]))
        end++;
    if (end == length || datagram[end] != '>')
        return;
    tag->class_word = (struct msgt_span){(uint32_t)*at + 1, (uint32_t)(end - *at - 1)};
    *at = end + 1;
}

/* A class word at *AT, which moves behind it, to a severity and ID that were read. */
SELDOM static bool read_class_word(const uint8_t *datagram, size_t length, size_t *at, struct msgt_tag *tag)
{
    read_bracketed_class(datagram, length, at, tag);
    size_t first = *at;
    for (size_t n = first; n < length && n < first + CLASS_MAX && datagram[n] == '-';) {
        if (read_severity_and_id(datagram + n, length - n, tag)) {
            if (n > first + 1)
                tag->class_word = (struct msgt_span){(uint32_t)first + 1, (uint32_t)(n - first - 1)};
            *at = n;
            return true;
        }
        n++;
        while (n < length && n < first + CLASS_MAX && (is_alnum(datagram[n]) || datagram[n] == '_'))
            n++;
    }
    return false;
}

static inline bool read_tag(const uint8_t *datagram, size_t from, size_t length, struct msgt_tag *tag)
{
    size_t at = from + 1;
    size_t n = product_length(datagram + at, length - at);
    if (n == 0)
        return false;
    *tag = (struct msgt_tag){.product = {(uint32_t)at, (uint32_t)n}};
    at += n;
    if (!read_severity_and_id(datagram + at, length - at, tag) && !read_class_word(datagram, length, &at, tag))
        return false;
    tag->span = (struct msgt_span){(uint32_t)from, (uint32_t)(at + 3 + ID_DIGITS - from)};
    return true;
}

bool header_find_tag(const uint8_t *datagram, size_t from, size_t limit, size_t length, struct msgt_tag *tag)
{
    while (from < limit) {
        const uint8_t *percent = memchr(datagram + from, '%', limit - from);
        if (!percent)
            return false;
        from = (size_t)(percent - datagram);
        if (read_tag(datagram, from, length, tag))
            return true;
        from++;
    }
    return false;
}

/* ---- PRI ---- */

enum { PRI_DIGITS = 3, PRI_MAX = 191 }; /* RFC 5424, section 6.2.1 */

/* "<166>", as it nearly always stands there. */
static inline bool read_whole_pri(const uint8_t *text, size_t length, int16_t *pri)
{
    if (length < sizeof(uint64_t))
        return false;
    uint64_t numbers = (load64_little(text) ^ UINT64_C(0x3e3030303c)) & UINT64_C(0xffffffffff); /* "<000>" */
    unsigned number = (unsigned)((numbers >> 8 & 0xff) * 100 + (numbers >> 16 & 0xff) * 10 + (numbers >> 24 & 0xff));
    *pri = (int16_t)number;
    return are_digits(numbers, UINT64_C(0x00ffffff00)) && number <= PRI_MAX;
}

/* Returns the octets taken, also by a bad one: to its bracket however many digits stand in front of it, and without a bracket no more than three. */
SELDOM static size_t read_any_pri(const uint8_t *text, size_t length, int16_t *pri, bool *bad)
{
    *pri = -1;
    *bad = false;
    if (length == 0 || text[0] != '<')
        return 0;
    size_t n = 1;
    unsigned number = 0;
    for (; n < length && is_digit(text[n]); n++)
        number = n <= PRI_DIGITS ? number * 10 + (unsigned)(text[n] - '0') : number;
    bool closed = n < length && text[n] == '>';
    *bad = !closed || n == 1 || n > 1 + PRI_DIGITS || number > PRI_MAX;
    if (!*bad)
        *pri = (int16_t)number;
    if (closed)
        return n + 1;
    return n < 1 + PRI_DIGITS ? n : 1 + PRI_DIGITS;
}

/* ---- The whole header ---- */

static size_t read_pri(const uint8_t *text, size_t length, struct msgt_record *record)
{
    if (read_whole_pri(text, length, &record->pri))
        return sizeof "<166>" - 1;
    bool bad;
    size_t n = read_any_pri(text, length, &record->pri, &bad);
    if (bad)
        record->findings |= 1u << MSGT_F_BAD_PRI;
    else if (n == 0)
        record->findings |= 1u << MSGT_F_NO_PRI;
    return n;
}

static size_t read_start(const uint8_t *datagram, size_t from, size_t end, struct msgt_record *record)
{
    size_t n = read_pri(datagram + from, end - from, record);
    record->pri_span = (struct msgt_span){(uint32_t)from, (uint32_t)n};
    if (n == 0 || from + n == end || datagram[from + n] != ':')
        return from + n;
    record->emblem = true;
    record->findings |= 1u << MSGT_F_EMBLEM;
    return from + n + 1;
}

/* That the first tag of the datagram is that of the message whose header may start at FROM. */
static bool is_within(const struct msgt_tag *tag, size_t from, size_t limit, size_t end)
{
    return tag && tag->span.offset >= from && tag->span.offset < limit && tag->span.offset + tag->span.length <= end;
}

void header_read(const struct msgt_hints *hints, const uint8_t *datagram, size_t from, size_t end, struct msgt_record *record)
{
    struct msgt_tag own;
    const struct msgt_tag *tag = hints->tag;
    size_t limit = end - from > MSGT_HEADER_MAX ? from + MSGT_HEADER_MAX : end;

    size_t at = read_start(datagram, from, end, record);
    if (!is_within(tag, at, limit, end)) {
        tag = &own;
        if (!header_find_tag(datagram, at, limit, end, &own)) {
            prefix_read_untagged(datagram, at, end, record);
            return;
        }
    }
    record->tag = tag->span;
    record->product = tag->product;
    record->class_word = tag->class_word;
    record->severity = (int8_t)tag->severity;
    record->id = tag->id;
    const struct prefix prefix = {datagram, at, tag->span.offset, record->emblem};
    if (!shape_read(hints->memory, &prefix, record))
        prefix_read(hints->memory, &prefix, record);
    at = tag->span.offset + tag->span.length;
    if (at < end && datagram[at] == ' ')
        at = prefix_behind_app_name(&prefix, record, at, end);
    while (at < end && datagram[at] == ' ')
        at++;
    if (at < end && datagram[at] == ':')
        at++;
    while (at < end && datagram[at] == ' ')
        at++;
    record->message = (struct msgt_span){(uint32_t)at, (uint32_t)(end - at)};
}

/* The start of the line that AT stands in, or FROM. */
static size_t start_of_line(const uint8_t *datagram, size_t from, size_t at)
{
    while (at > from && datagram[at - 1] != '\n')
        at--;
    return at;
}

static void look_ahead(const uint8_t *datagram, size_t from, size_t limit, size_t length, struct header_ahead *ahead)
{
    struct msgt_tag tag;
    if (ahead->tag < from)
        ahead->tag = SIZE_MAX;
    if (ahead->searched < from)
        ahead->searched = from;
    if (ahead->tag != SIZE_MAX || ahead->searched >= limit)
        return;
    bool found = header_find_tag(datagram, ahead->searched, limit, length, &tag);
    ahead->searched = found ? tag.span.offset + 1 : limit;
    if (!found)
        return;
    ahead->tag = tag.span.offset;
    ahead->line = start_of_line(datagram, from, ahead->tag);
}

bool header_starts_message(const uint8_t *datagram, size_t from, size_t end, size_t length, struct header_ahead *ahead)
{
    struct msgt_time time;
    bool plausible = datagram[from] == '<' || datagram[from] == '%' || is_digit(datagram[from]) ||
                     timestamp_read(datagram + from, length - from, &time) > 0;
    if (!plausible)
        return false;
    size_t limit = end - from > MSGT_HEADER_MAX ? from + MSGT_HEADER_MAX : end;
    look_ahead(datagram, from, limit, length, ahead);
    return ahead->tag < limit && ahead->line <= from;
}
