/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timestamp.h"

#include <string.h>

#include "octets.h"

struct cursor {
    const uint8_t *text;
    size_t length, at;
};

static bool take(struct cursor *c, char octet)
{
    if (c->at == c->length || c->text[c->at] != (uint8_t)octet)
        return false;
    c->at++;
    return true;
}

static bool digits(struct cursor *c, unsigned count, unsigned low, unsigned high, unsigned *number)
{
    *number = 0;
    for (unsigned i = 0; i < count; i++, c->at++) {
        if (c->at == c->length || !is_digit(c->text[c->at]))
            return false;
        *number = *number * 10 + (unsigned)(c->text[c->at] - '0');
    }
    return *number >= low && *number <= high;
}

#define NAME(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/* From 1; 0 when the three octets are no month. */
static uint8_t month_of(const uint8_t *text)
{
    switch (NAME(text[0], text[1], text[2])) {
    case NAME('J', 'a', 'n'): return 1;
    case NAME('F', 'e', 'b'): return 2;
    case NAME('M', 'a', 'r'): return 3;
    case NAME('A', 'p', 'r'): return 4;
    case NAME('M', 'a', 'y'): return 5;
    case NAME('J', 'u', 'n'): return 6;
    case NAME('J', 'u', 'l'): return 7;
    case NAME('A', 'u', 'g'): return 8;
    case NAME('S', 'e', 'p'): return 9;
    case NAME('O', 'c', 't'): return 10;
    case NAME('N', 'o', 'v'): return 11;
    case NAME('D', 'e', 'c'): return 12;
    default: return 0;
    }
}

static bool month_name(struct cursor *c, struct msgt_time *time)
{
    time->month = c->length - c->at >= 3 ? month_of(c->text + c->at) : 0;
    c->at += 3;
    return time->month > 0;
}

static bool blanks(struct cursor *c)
{
    size_t from = c->at;
    while (c->at < c->length && c->text[c->at] == ' ')
        c->at++;
    return c->at > from;
}

/* 99 stands for what is no number of two digits: no part of a time may be that. */
static uint8_t two_digits(const uint8_t *text)
{
    return is_digit(text[0]) && is_digit(text[1]) ? (uint8_t)((text[0] - '0') * 10 + (text[1] - '0')) : 99;
}

static bool clock_time(struct cursor *c, struct msgt_time *time)
{
    enum { CLOCK = sizeof "hh:mm:ss" - 1 };
    const uint8_t *text = c->text + c->at;
    if (c->length - c->at < CLOCK || text[2] != ':' || text[5] != ':')
        return false;
    time->hour = two_digits(text);
    time->minute = two_digits(text + 3);
    time->second = two_digits(text + 6);
    if (time->hour > 23 || time->minute > 59 || time->second > 60)
        return false;
    c->at += CLOCK;
    if (c->at + 1 >= c->length || (c->text[c->at] != '.' && c->text[c->at] != ',') || !is_digit(c->text[c->at + 1]))
        return true;
    uint32_t scale = 100000000;
    for (c->at++; c->at < c->length && is_digit(c->text[c->at]); c->at++) {
        if (time->digits == 9)
            continue;
        time->nanosecond += scale * (uint32_t)(c->text[c->at] - '0');
        scale /= 10;
        time->digits++;
    }
    return true;
}

/* "Sep 30 2020 09:06:09", "Sep  3 09:06:09" */
static bool read_bsd(struct cursor *c, struct msgt_time *time)
{
    unsigned day = 0, year;
    if (!month_name(c, time) || !blanks(c))
        return false;
    size_t from = c->at;
    while (c->at < c->length && c->at < from + 2 && is_digit(c->text[c->at]))
        day = day * 10 + (unsigned)(c->text[c->at++] - '0');
    if (day < 1 || day > 31 || !blanks(c))
        return false;
    time->day = (uint8_t)day;
    struct cursor ahead = *c;
    if (digits(&ahead, 4, 1970, 9999, &year) && blanks(&ahead)) {
        time->year = (uint16_t)year;
        *c = ahead;
    }
    return clock_time(c, time);
}

static bool iso_zone(struct cursor *c, struct msgt_time *time)
{
    unsigned hours, minutes;
    if (take(c, 'Z')) {
        time->zone_known = true;
        return true;
    }
    if (c->at == c->length || (c->text[c->at] != '+' && c->text[c->at] != '-'))
        return true;
    struct cursor ahead = *c;
    int sign = ahead.text[ahead.at++] == '-' ? -1 : 1;
    if (!digits(&ahead, 2, 0, 23, &hours))
        return true;
    (void)take(&ahead, ':');
    if (!digits(&ahead, 2, 0, 59, &minutes))
        return true;
    time->zone_known = true;
    time->zone = (int16_t)(sign * (int)(hours * 60 + minutes));
    *c = ahead;
    return true;
}

static bool read_iso(struct cursor *c, struct msgt_time *time)
{
    unsigned year, month, day;
    if (!digits(c, 4, 1970, 9999, &year) || !take(c, '-') || !digits(c, 2, 1, 12, &month) || !take(c, '-') ||
        !digits(c, 2, 1, 31, &day) || !take(c, 'T'))
        return false;
    time->year = (uint16_t)year;
    time->month = (uint8_t)month;
    time->day = (uint8_t)day;
    return clock_time(c, time) && iso_zone(c, time);
}

size_t timestamp_read(const uint8_t *text, size_t length, struct msgt_time *time)
{
    struct cursor c = {.text = text, .length = length};
    *time = (struct msgt_time){0};
    if (length == 0)
        return 0;
    bool good = is_digit(text[0]) ? read_iso(&c, time) : is_upper(text[0]) && read_bsd(&c, time);
    if (good && c.at < length && is_alnum(text[c.at]))
        good = false;
    if (!good)
        *time = (struct msgt_time){0};
    time->valid = good;
    return good ? c.at : 0;
}

/* Words that mean more than one zone (CST, IST, BST, AST …) are words without an offset. */
static const struct zone_row {
    const char *word;
    int16_t minutes;
    bool known;
} zones[] = {
    {"UTC", 0, true},     {"GMT", 0, true},     {"Z", 0, true},       {"JST", 540, true},   {"KST", 540, true},
    {"MSK", 180, true},   {"CET", 60, true},    {"CEST", 120, true},  {"EET", 120, true},   {"EEST", 180, true},
    {"WET", 0, true},     {"WEST", 60, true},   {"EDT", -240, true},  {"EST", -300, true},  {"CDT", -300, true},
    {"MDT", -360, true},  {"MST", -420, true},  {"PDT", -420, true},  {"PST", -480, true},  {"AKDT", -480, true},
    {"AKST", -540, true}, {"HST", -600, true},  {"NZST", 720, true},  {"NZDT", 780, true},  {"AEST", 600, true},
    {"AEDT", 660, true},  {"ACST", 570, true},  {"ACDT", 630, true},  {"AWST", 480, true},  {"HKT", 480, true},
    {"SGT", 480, true},   {"CST", 0, false},    {"IST", 0, false},    {"BST", 0, false},    {"AST", 0, false},
    {"ADT", 0, false},    {"GST", 0, false},    {"SST", 0, false},    {"PHT", 480, true},   {"ICT", 420, true},
    {"WIB", 420, true},   {"PKT", 300, true},   {"SAST", 120, true},  {"BRT", -180, true},  {"ART", -180, true},
};

bool timestamp_zone_word(const uint8_t *text, size_t length, int16_t *minutes, bool *known)
{
    if (length == 0 || length > 4 || !is_upper(text[0]) || !is_upper(text[length - 1]))
        return false; /* a host name, nearly always */
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (strlen(zones[i].word) == length && memcmp(zones[i].word, text, length) == 0) {
            *minutes = zones[i].minutes;
            *known = zones[i].known;
            return true;
        }
    }
    return false;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar, March first. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t msgt_time_epoch(const struct msgt_time *time, int zone)
{
    return days_of(time->year, time->month, time->day) * 86400 + time->hour * 3600 + time->minute * 60 + time->second -
           (int64_t)zone * 60;
}
