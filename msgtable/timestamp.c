/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timestamp.h"

#include <string.h>

#include "octets.h"

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

/* Numbers of as many digits at TEXT; 99 and 0 stand for what is none: no part of a time may be that. */
static inline uint8_t two_digits(const uint8_t *text)
{
    return is_digit(text[0]) && is_digit(text[1]) ? (uint8_t)((text[0] - '0') * 10 + (text[1] - '0')) : 99;
}

static inline uint16_t year_of(const uint8_t *text)
{
    bool four = is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2]) && is_digit(text[3]);
    unsigned year = two_digits(text) * 100u + two_digits(text + 2);
    return four && year >= 1970 ? (uint16_t)year : 0;
}

size_t timestamp_fraction(const uint8_t *text, size_t length, struct msgt_time *time)
{
    if (length < 2 || (text[0] != '.' && text[0] != ',') || !is_digit(text[1]))
        return 0;
    uint32_t scale = 100000000;
    size_t at = 1;
    for (; at < length && is_digit(text[at]); at++) {
        if (time->digits == 9)
            continue;
        time->nanosecond += scale * (uint32_t)(text[at] - '0');
        scale /= 10;
        time->digits++;
    }
    return at;
}

/* What follows reads a part of a time at an offset of the text, and returns the offset behind it: 0 when it is not there. */

static inline size_t behind_blanks(const uint8_t *text, size_t length, size_t at)
{
    while (at < length && text[at] == ' ')
        at++;
    return at;
}

static inline size_t read_clock(const uint8_t *text, size_t length, size_t at, struct msgt_time *time)
{
    if (length - at < TIMESTAMP_CLOCK || !timestamp_clock(text + at, time))
        return 0;
    at += TIMESTAMP_CLOCK;
    return at + timestamp_fraction(text + at, length - at, time);
}

/* Where the year is not known the 29th of February may be a day. */
static inline bool is_day(const struct msgt_time *time)
{
    static const uint8_t days[] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = time->year % 4 == 0 && (time->year % 100 != 0 || time->year % 400 == 0);
    return time->day >= 1 && time->day <= days[time->month] && (time->month != 2 || time->day < 29 || leap);
}

/* "Sep 30 2020 09:06:09", "Sep  3 09:06:09" */
static inline size_t read_bsd(const uint8_t *text, size_t length, struct msgt_time *time)
{
    if (length < sizeof "Sep 3 09:06:09" - 1 || text[3] != ' ')
        return 0;
    time->month = month_of(text);
    size_t at = behind_blanks(text, length, 4);
    unsigned day = 0;
    for (size_t from = at; at < length && at < from + 2 && is_digit(text[at]); at++)
        day = day * 10 + (unsigned)(text[at] - '0');
    if (time->month == 0 || at == length || text[at] != ' ')
        return 0;
    time->day = (uint8_t)day;
    at = behind_blanks(text, length, at);
    if (length - at > 4 && text[at + 4] == ' ' && (time->year = year_of(text + at)) > 0)
        at = behind_blanks(text, length, at + 4);
    return is_day(time) ? read_clock(text, length, at, time) : 0;
}

/* "Z", "+02:00", "+0200", "+02", or nothing. */
static inline size_t iso_zone(const uint8_t *text, size_t length, size_t at, struct msgt_time *time)
{
    if (at == length)
        return at;
    if (text[at] == 'Z') {
        time->zone_known = true;
        return at + 1;
    }
    if ((text[at] != '+' && text[at] != '-') || length - at < sizeof "+hh" - 1)
        return at;
    size_t end = at + 3, minutes_at = end + (end < length && text[end] == ':');
    unsigned hours = two_digits(text + at + 1), minutes = 0;
    if (minutes_at < length && is_digit(text[minutes_at])) {
        if (length - minutes_at < 2)
            return at;
        minutes = two_digits(text + minutes_at);
        end = minutes_at + 2;
    }
    if (hours > 23 || minutes > 59)
        return at;
    time->zone_known = true;
    time->zone = (int16_t)((text[at] == '-' ? -1 : 1) * (int)(hours * 60 + minutes));
    return end;
}

/* "2020-09-30T09:06:09" and a zone */
static inline size_t read_iso(const uint8_t *text, size_t length, struct msgt_time *time)
{
    enum { DATE = sizeof "2020-09-30T" - 1 };
    if (length < DATE || text[4] != '-' || text[7] != '-' || text[10] != 'T')
        return 0;
    time->year = year_of(text);
    time->month = two_digits(text + 5);
    time->day = two_digits(text + 8);
    if (time->year == 0 || time->month < 1 || time->month > 12 || !is_day(time))
        return 0;
    size_t at = read_clock(text, length, DATE, time);
    return at ? iso_zone(text, length, at, time) : 0;
}

size_t timestamp_read(const uint8_t *text, size_t length, struct msgt_time *time)
{
    *time = (struct msgt_time){0};
    if (length == 0)
        return 0;
    size_t at = is_digit(text[0]) ? read_iso(text, length, time) : is_upper(text[0]) ? read_bsd(text, length, time) : 0;
    time->valid = at > 0 && (at == length || !is_alnum(text[at]));
    if (time->valid)
        return at;
    *time = (struct msgt_time){0};
    return 0;
}

/* Words that mean more than one zone (CST, IST, BST, AST …) are words without an offset. So are those that are summer time to the world, and standard time
 * where ASDM set the clock, to which summer is CEDT and EEDT. */
static const struct zone_row {
    const char *word;
    int16_t minutes;
    bool known;
} zones[] = {
    {"UTC", 0, true},     {"GMT", 0, true},     {"Z", 0, true},       {"JST", 540, true},   {"KST", 540, true},
    {"MSK", 180, true},   {"CET", 60, true},    {"CEST", 0, false},   {"EET", 120, true},   {"EEST", 0, false},
    {"WET", 0, true},     {"WEST", 0, false},   {"EDT", -240, true},  {"EST", -300, true},  {"CDT", -300, true},
    {"MDT", -360, true},  {"MST", -420, true},  {"PDT", -420, true},  {"PST", -480, true},  {"AKDT", -480, true},
    {"AKST", -540, true}, {"HST", -600, true},  {"NZST", 720, true},  {"NZDT", 780, true},  {"AEST", 600, true},
    {"AEDT", 660, true},  {"ACST", 570, true},  {"ACDT", 630, true},  {"AWST", 480, true},  {"HKT", 480, true},
    {"SGT", 480, true},   {"CST", 0, false},    {"IST", 0, false},    {"BST", 0, false},    {"AST", 0, false},
    {"ADT", 0, false},    {"GST", 0, false},    {"SST", 0, false},    {"PHT", 480, true},   {"ICT", 420, true},
    {"WIB", 420, true},   {"PKT", 300, true},   {"SAST", 120, true},  {"BRT", -180, true},  {"ART", -180, true},
    {"CEDT", 120, true},  {"EEDT", 180, true},  {"WEDT", 0, false},   {"MSD", 240, true},   {"BRST", -120, true},
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
