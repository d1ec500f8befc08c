/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "value.h"

#include <string.h>

#include "octets.h"

static size_t run_of_digits(const uint8_t *text, size_t length)
{
    size_t n = 0;
    while (n < length && is_digit(text[n]))
        n++;
    return n;
}

static size_t extent_word(const uint8_t *text, size_t length)
{
    size_t n = 0;
    while (n < length && !is_blank(text[n]))
        n++;
    return n;
}

/* As it stands in parentheses behind an address. */
static size_t extent_name(const uint8_t *text, size_t length)
{
    size_t n = 0;
    while (n < length && !strchr("/(),", text[n]) && !is_control(text[n]))
        n++;
    return n;
}

static size_t extent_int(const uint8_t *text, size_t length)
{
    size_t sign = length > 0 && (text[0] == '-' || text[0] == '+');
    size_t digits = run_of_digits(text + sign, length - sign);
    return digits || sign == length ? sign + digits : 0;
}

static size_t extent_hex(const uint8_t *text, size_t length)
{
    bool prefix = length >= 2 && text[0] == '0' && (text[1] | 0x20) == 'x' && (length == 2 || is_xdigit(text[2]));
    size_t n = prefix ? 2 : 0;
    while (n < length && is_xdigit(text[n]))
        n++;
    return n;
}

static size_t extent_decimal(const uint8_t *text, size_t length)
{
    size_t n = extent_int(text, length);
    if (n == 0 || n == length || text[n] != '.')
        return n;
    size_t fraction = run_of_digits(text + n + 1, length - n - 1);
    return fraction ? n + 1 + fraction : n;
}

static size_t extent_ip(const uint8_t *text, size_t length)
{
    size_t n = 0;
    while (n < length && n < VALUE_ADDRESS_MAX && is_any_of(text[n], OCTET_ADDRESS))
        n++;
    return n;
}

/* 00:00:5e:00:53:01, 00-00-5e-00-53-01, 0000.5e00.5301 */
static size_t extent_mac(const uint8_t *text, size_t length)
{
    size_t digits = 0, n = 0;
    while (n < length && digits < 12) {
        if (is_xdigit(text[n]))
            digits++;
        else if (n == 0 || !memchr(":-.", text[n], 3) || !is_xdigit(text[n - 1]))
            return 0;
        n++;
    }
    return digits == 12 || n == length ? n : 0;
}

/* Both functions of a type in one row. */
static bool read_text(const uint8_t *text, size_t length, struct msgt_value *value)
{
    (void)text;
    (void)length;
    value->kind = MSGT_KIND_TEXT;
    return true;
}

static bool read_word(const uint8_t *text, size_t length, struct msgt_value *value)
{
    return read_text(text, length, value) && length > 0 && extent_word(text, length) == length;
}

static bool read_name(const uint8_t *text, size_t length, struct msgt_value *value)
{
    return read_text(text, length, value) && length > 0 && extent_name(text, length) == length;
}

/* Eighteen digits always fit; what does not fit stays as it is written. */
static bool read_number(const uint8_t *text, size_t length, struct msgt_value *value)
{
    size_t sign = text[0] == '-' || text[0] == '+';
    size_t n = sign;
    int64_t number = 0;
    while (n < length && n < sign + 18)
        number = number * 10 + (text[n++] - '0');
    value->kind = n == length ? MSGT_KIND_NUMBER : MSGT_KIND_TEXT;
    value->as.number = sign && text[0] == '-' ? -number : number;
    return true;
}

static bool read_int(const uint8_t *text, size_t length, struct msgt_value *value)
{
    return length > 0 && is_digit(text[length - 1]) && extent_int(text, length) == length &&
           read_number(text, length, value);
}

static bool read_count(const uint8_t *text, size_t length, struct msgt_value *value)
{
    return length > 0 && run_of_digits(text, length) == length && read_number(text, length, value);
}

static bool read_port(const uint8_t *text, size_t length, struct msgt_value *value)
{
    return length <= 5 && read_count(text, length, value) && value->as.number <= UINT16_MAX;
}

static bool read_hex(const uint8_t *text, size_t length, struct msgt_value *value)
{
    return read_text(text, length, value) && length > 0 && is_xdigit(text[length - 1]) &&
           extent_hex(text, length) == length;
}

static bool read_decimal(const uint8_t *text, size_t length, struct msgt_value *value)
{
    return read_text(text, length, value) && length > 0 && is_digit(text[length - 1]) &&
           extent_decimal(text, length) == length;
}

static bool read_mac(const uint8_t *text, size_t length, struct msgt_value *value)
{
    size_t digits = 0;
    for (size_t i = 0; i < length; i++)
        digits += is_xdigit(text[i]);
    return read_text(text, length, value) && digits == 12 && extent_mac(text, length) == length;
}

/* One part of a dotted quad: 0 to 255, without leading zeros. Returns its octets, or 0. */
static inline size_t ipv4_part(const uint8_t *text, uint8_t *part)
{
    unsigned number = text[0] - (unsigned)'0', digit = text[1] - (unsigned)'0';
    if (number > 9)
        return 0;
    *part = (uint8_t)number;
    if (digit > 9)
        return 1;
    if (number == 0)
        return 0;
    number = number * 10 + digit;
    digit = text[2] - (unsigned)'0';
    *part = (uint8_t)number;
    if (digit > 9)
        return 2;
    number = number * 10 + digit;
    *part = (uint8_t)number;
    return number > 255 || is_digit(text[3]) ? 0 : 3;
}

size_t value_ipv4_padded(const uint8_t *text, uint8_t address[4])
{
    size_t n = 0;
    for (int part = 0; part < 4; part++) {
        if (part > 0 && text[n++] != '.')
            return 0;
        size_t digits = ipv4_part(text + n, &address[part]);
        if (digits == 0)
            return 0;
        n += digits;
    }
    return n;
}

bool value_ipv4(const uint8_t *text, size_t length, uint8_t address[4])
{
    enum { IPV4_TEXT_MAX = 15 };
    uint8_t padded[IPV4_TEXT_MAX + 1] = {0};
    if (length > IPV4_TEXT_MAX)
        return false;
    memcpy(padded, text, length);
    return length > 0 && value_ipv4_padded(padded, address) == length;
}

/* RFC 4291, section 2.2, all three forms. */
bool value_ipv6(const uint8_t *text, size_t length, uint8_t address[16])
{
    uint8_t octets[16] = {0};
    size_t n = 0, have = 0, gap = SIZE_MAX;

    if (length >= 2 && text[0] == ':' && text[1] == ':')
        n = 2, gap = 0;
    while (n < length) {
        size_t digits = 0;
        while (n + digits < length && digits < 5 && is_xdigit(text[n + digits]))
            digits++;
        if (digits == 0 || have > 14)
            return false;
        if (n + digits < length && text[n + digits] == '.') {
            if (have > 12 || !value_ipv4(text + n, length - n, octets + have))
                return false;
            have += 4;
            break; /* nothing is left */
        }
        if (digits > 4)
            return false;
        unsigned number = 0;
        for (size_t i = 0; i < digits; i++)
            number = number << 4 | hex_value(text[n + i]);
        octets[have++] = (uint8_t)(number >> 8);
        octets[have++] = (uint8_t)number;
        n += digits;
        if (n == length)
            break;
        if (text[n++] != ':' || n == length)
            return false;
        if (text[n] == ':') {
            if (gap != SIZE_MAX)
                return false;
            gap = have;
            n++;
        }
    }
    if (gap == SIZE_MAX ? have != 16 : have > 14)
        return false;
    memset(address, 0, 16);
    if (gap == SIZE_MAX)
        gap = have;
    memcpy(address, octets, gap);
    memcpy(address + 16 - (have - gap), octets + gap, have - gap);
    return true;
}

/* One of these makes digits, dots and hyphens a name or a mask. */
static bool is_name_octet(uint8_t c) { return is_alpha(c) || c == '*' || c == '_'; }

static bool may_start_name(uint8_t c) { return c != '-' && c != '.'; }

/* A host name, a mask such as x.x.x.x, or a word in the place of an address. Digits and dots alone would be an address, and
 * what holds a colon would be an IPv6 address: when these are not valid they are refused. */
static bool is_address_word(const uint8_t *text, size_t length)
{
    bool letter = false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ':' || text[i] == '%')
            return false;
        letter |= is_name_octet(text[i]);
    }
    return letter && text[length - 1] != '.' && may_start_name(text[0]);
}

/* Longest IPv6 address as text: with a dotted quad at its end. */
enum { IPV6_TEXT_MAX = 45 };

static bool read_ip(const uint8_t *text, size_t length, struct msgt_value *value)
{
    if (length == 0 || extent_ip(text, length) != length)
        return false;
    if (is_digit(text[0]) && value_ipv4(text, length, value->as.address)) {
        value->kind = MSGT_KIND_IPV4;
        return true;
    }
    const uint8_t *zone = memchr(text, '%', length);
    size_t bare = zone ? (size_t)(zone - text) : length;
    if (bare <= IPV6_TEXT_MAX && memchr(text, ':', bare) && value_ipv6(text, bare, value->as.address)) {
        value->kind = MSGT_KIND_IPV6;
        return !zone || (bare + 1 < length && text[length - 1] != ':'); /* no name of an interface ends so: it is of the text behind */
    }
    value->kind = MSGT_KIND_TEXT;
    return is_address_word(text, length);
}

struct address_shape value_address_shape(const uint8_t *text, size_t run)
{
    struct address_shape shape = {.zone = run, .colon = run, .name = run};
    for (size_t i = run; i-- > 0;) {
        if (text[i] == '%')
            shape.zone = i;
        else if (text[i] == ':')
            shape.colon = i;
        else if (is_name_octet(text[i]))
            shape.name = i;
    }
    if (run > 0 && !may_start_name(text[0]))
        shape.name = run;
    struct msgt_value value;
    shape.zoned = shape.zone < run && value_read(MSGT_IP, text, shape.zone, &value) && value.kind == MSGT_KIND_IPV6;
    return shape;
}

size_t value_address_at_most(const uint8_t *text, const struct address_shape *shape, size_t length)
{
    enum { IPV4_TEXT_MAX = 15 };
    while (shape->zoned && length > shape->zone + 1 && text[length - 1] == ':')
        length--;
    if (length > shape->zone + 1 && shape->zoned)
        return length;
    if (length > shape->zone)
        length = shape->zone; /* up to the per cent sign */
    if (length > shape->colon && length > IPV6_TEXT_MAX)
        length = shape->colon > IPV6_TEXT_MAX ? shape->colon : IPV6_TEXT_MAX; /* up to the colon it may be a name */
    if (length <= IPV6_TEXT_MAX)
        return length;
    while (length > IPV6_TEXT_MAX && text[length - 1] == '.')
        length--;
    return length > shape->name ? length : IPV4_TEXT_MAX;
}

static const struct type_row {
    const char *name;
    bool self_delimiting;
    size_t (*extent)(const uint8_t *, size_t);
    bool (*read)(const uint8_t *, size_t, struct msgt_value *);
} types[MSGT_TYPES] = {
    [MSGT_TEXT] = {"text", false, NULL, read_text},
    [MSGT_WORD] = {"word", false, extent_word, read_word},
    [MSGT_NAME] = {"name", true, extent_name, read_name},
    [MSGT_INT] = {"int", true, extent_int, read_int},
    [MSGT_COUNT] = {"count", true, run_of_digits, read_count},
    [MSGT_PORT] = {"port", true, run_of_digits, read_port},
    [MSGT_HEX] = {"hex", true, extent_hex, read_hex},
    [MSGT_DECIMAL] = {"decimal", true, extent_decimal, read_decimal},
    [MSGT_IP] = {"ip", false, extent_ip, read_ip},
    [MSGT_MAC] = {"mac", true, extent_mac, read_mac},
};

bool value_is_self_delimiting(enum msgt_type type) { return types[type].self_delimiting; }

size_t value_extent(enum msgt_type type, const uint8_t *text, size_t length)
{
    return types[type].extent ? types[type].extent(text, length) : length;
}

bool value_read(enum msgt_type type, const uint8_t *text, size_t length, struct msgt_value *value)
{
    return types[type].read(text, length, value);
}

bool msgt_accepts(enum msgt_type type, const char *text, size_t length)
{
    struct msgt_value value;
    return value_read(type, (const uint8_t *)text, length, &value);
}

const char *msgt_type_name(enum msgt_type type) { return types[type].name; }
