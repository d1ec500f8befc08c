/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <time.h>

static const int64_t second = INT64_C(1000000000);

/* How {name} and, with a fraction of 1 to 9 digits, {name.6} are written. No locale is ever set. */
static const struct {
    const char *name;
    const char *format; /* of strftime */
    const char *tail;   /* what follows the fraction */
} times[] = {
    {"time", "%b %d %Y %H:%M:%S", ""},
    {"time3164", "%b %e %H:%M:%S", ""},
    {"iso", "%Y-%m-%dT%H:%M:%S", "Z"},
    {"isolocal", "%Y-%m-%dT%H:%M:%S", ""},
};

static const struct {
    char letter;
    uint8_t octet;
} escapes[] = {
    {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'0', 0}, {'\\', '\\'}, {'{', '{'},
};

static bool put_time(struct buffer *out, size_t style, unsigned digits, int64_t at)
{
    time_t seconds = (time_t)(at / second);
    struct tm parts;
    char text[64], fraction[16];
    if (at < 0 || gmtime_r(&seconds, &parts) == NULL)
        return false;
    put(out, text, strftime(text, sizeof text, times[style].format, &parts));
    if (digits > 0) {
        snprintf(fraction, sizeof fraction, ".%09d", (int)(at % second));
        put(out, fraction, 1 + digits);
    }
    put(out, times[style].tail, strlen(times[style].tail));
    return true;
}

/* `name` is what stands between the braces. */
static bool put_placeholder(struct buffer *out, const char *name, size_t length, const struct text_values *values)
{
    char number[16];
    unsigned digits = 0;
    if (length == 1 && name[0] == 'n') {
        put(out, number, (size_t)snprintf(number, sizeof number, "%u", values->number));
        return true;
    }
    if (length > 2 && name[length - 2] == '.' && name[length - 1] >= '1' && name[length - 1] <= '9') {
        digits = (unsigned)(name[length - 1] - '0');
        length -= 2;
    }
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (strlen(times[i].name) == length && memcmp(times[i].name, name, length) == 0)
            return put_time(out, i, digits, values->device_time);
    return false;
}

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, tolower((unsigned char)c));
    return at == NULL ? -1 : (int)(at - digits);
}

/* `text` is behind the backslash. Returns the number of characters used, 0 when there is no such escape. */
static size_t put_escape(struct buffer *out, const char *text)
{
    if (text[0] == 'x' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0) {
        put8(out, (unsigned)(hex_value(text[1]) << 4 | hex_value(text[2])));
        return 3;
    }
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
        if (text[0] == escapes[i].letter) {
            put8(out, escapes[i].octet);
            return 1;
        }
    return 0;
}

bool text_expand(const char *text, const struct text_values *values, struct buffer *out, const char **why)
{
    while (*text) {
        const char *end = strchr(text, '}');
        size_t used = 1;
        if (out->length > TEXT_MAX - 100) {
            *why = "the message is too long";
            return false;
        }
        if (*text == '\\') {
            used = put_escape(out, text + 1);
            *why = "no such escape: known are \\n \\r \\t \\0 \\\\ \\{ \\xHH";
            if (used++ == 0)
                return false;
        } else if (*text == '{') {
            *why = "no such placeholder: known are {time} {time3164} {iso} {isolocal}, with .1 to .9 digits, and {n}";
            if (end == NULL || !put_placeholder(out, text + 1, (size_t)(end - text - 1), values))
                return false;
            used = (size_t)(end - text + 1);
        } else {
            put8(out, (unsigned char)*text);
        }
        text += used;
    }
    return true;
}

/* The digits behind a decimal point, at most nine, as nanoseconds. Moves *text behind them. */
static int64_t fraction_of(const char **text)
{
    int64_t unit = second, value = 0;
    while (isdigit((unsigned char)**text) && unit > 1) {
        unit /= 10;
        value += unit * (*(*text)++ - '0');
    }
    return value;
}

bool text_seconds(const char *text, int64_t *nanoseconds)
{
    int64_t whole = 0;
    if (!isdigit((unsigned char)*text))
        return false;
    while (isdigit((unsigned char)*text) && whole < INT32_MAX)
        whole = whole * 10 + (*text++ - '0');
    *nanoseconds = whole * second;
    if (*text == '.') {
        text++;
        *nanoseconds += fraction_of(&text);
    }
    return *text == '\0';
}

bool text_time(const char *text, int64_t *nanoseconds)
{
    struct tm parts = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
    if (rest == NULL)
        return false;
    *nanoseconds = (int64_t)timegm(&parts) * second;
    if (*rest == '.') {
        rest++;
        *nanoseconds += fraction_of(&rest);
    }
    return strcmp(rest, "Z") == 0 && *nanoseconds >= 0;
}
