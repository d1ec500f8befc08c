/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "prefix.h"

#include <string.h>

#include "octets.h"
#include "repeat.h"
#include "timestamp.h"

/* ---- Words ---- */

struct words {
    const uint8_t *text; /* of the datagram */
    size_t from, to;
};

static void trim(struct words *w)
{
    while (w->from < w->to && is_blank(w->text[w->from]))
        w->from++;
    while (w->to > w->from && is_blank(w->text[w->to - 1]))
        w->to--;
}

static void trim_colon(struct words *w)
{
    trim(w);
    if (w->to > w->from && w->text[w->to - 1] == ':')
        w->to--;
    if (w->from < w->to && w->text[w->from] == ':' && (w->from + 1 == w->to || w->text[w->from + 1] != ':'))
        w->from++;
    trim(w);
}

static size_t first_word(const struct words *w)
{
    size_t n = w->from;
    while (n < w->to && !is_blank(w->text[n]))
        n++;
    return n - w->from;
}

static size_t last_word(const struct words *w)
{
    size_t n = w->to;
    while (n > w->from && !is_blank(w->text[n - 1]))
        n--;
    return w->to - n;
}

/* Octets of the classes from AT on. */
static size_t run_of(const uint8_t *word, size_t at, size_t length, unsigned classes)
{
    size_t from = at;
    while (at < length && is_any_of(word[at], classes))
        at++;
    return at - from;
}

static bool is_one_of(const uint8_t *word, size_t length, const char *const *known)
{
    for (; *known; known++)
        if (strlen(*known) == length && memcmp(*known, word, length) == 0)
            return true;
    return false;
}

/* "local4.err", as a relay writes it. */
static bool is_facility_and_severity(const uint8_t *word, size_t length)
{
    static const char *const severities[] = {"emerg", "panic", "alert",   "crit", "err",  "error",
                                             "warn",  "warning", "notice", "info", "debug", NULL};
    const uint8_t *dot = memchr(word, '.', length);
    if (!dot || dot == word)
        return false;
    return is_one_of(dot + 1, length - (size_t)(dot + 1 - word), severities);
}

/* "CiscoASA[999]" */
static bool is_program(const uint8_t *word, size_t length)
{
    size_t n = length;
    if (n < 4 || word[--n] != ']')
        return false;
    size_t end = n;
    while (n > 0 && is_digit(word[n - 1]))
        n--;
    return n < end && n > 1 && word[n - 1] == '[';
}

static struct msgt_span span_of(const struct words *w)
{
    return (struct msgt_span){(uint32_t)w->from, (uint32_t)(w->to - w->from)};
}

/* RFC 5424: HOSTNAME APP-NAME PROCID MSGID SD; only the first concerns us. */
static void read_host_5424(struct words w, struct msgt_record *record)
{
    trim(&w);
    size_t n = first_word(&w);
    if (n == 1 && w.text[w.from] == '-')
        return;
    record->hostname = (struct msgt_span){(uint32_t)w.from, (uint32_t)n};
}

/* The last of several words: glued to its colon it is a program's name, and in brackets the priority that a relay left where it was. */
static bool drop_last(struct words *w, bool glued)
{
    size_t n = last_word(w);
    const uint8_t *word = w->text + w->to - n;
    bool pri = n >= sizeof "<1>" - 1 && word[0] == '<' && word[n - 1] == '>' && is_digit(word[1]);
    bool dropped = is_program(word, n) || ((glued || pri) && n < w->to - w->from);
    if (dropped)
        w->to -= n;
    return dropped;
}

/* Without the colon at its end; true when that stood behind a word. */
static bool trim_glued(struct words *w)
{
    trim(w);
    bool glued = w->to > w->from + 1 && w->text[w->to - 1] == ':' && !is_blank(w->text[w->to - 2]) && w->text[w->to - 2] != ':';
    trim_colon(w);
    return glued;
}

static void read_host(struct words w, struct msgt_record *record)
{
    bool glued = trim_glued(&w);
    size_t n = first_word(&w);
    if (n && is_facility_and_severity(w.text + w.from, n)) {
        record->findings |= 1u << MSGT_F_DOUBLE_HEADER;
        w.from += n;
        trim(&w);
    }
    while (w.to > w.from && drop_last(&w, glued))
        glued = trim_glued(&w);
    if (w.to > w.from)
        record->hostname = span_of(&w);
}

/* "3132517: sw01: 3132513: " in front of the time: counters and, between them, a host. Several other words are nobody's name. */
static void read_counters(struct words w, struct msgt_record *record)
{
    struct msgt_span host = {0};
    unsigned others = 0;
    trim(&w);
    while (w.from < w.to) {
        size_t n = first_word(&w);
        struct words word = {w.text, w.from, w.from + n};
        w.from += n;
        trim(&w);
        trim_colon(&word);
        size_t digits = word.from + run_of(word.text, word.from, word.to, OCTET_DIGIT);
        if (word.to == word.from)
            continue;
        if (digits == word.to && w.text[word.to] == ':') {
            record->sequence = span_of(&word);
        } else {
            host = span_of(&word);
            others++;
        }
    }
    if (others == 1 && record->hostname.length == 0 && w.text[host.offset] != '<')
        record->hostname = host;
}

/* ---- Times ---- */

struct times {
    unsigned count;
    size_t first_at;       /* start of the first one */
    size_t at, end;        /* the last one */
    size_t previous_end;   /* end of the one in front of it */
};

static void find_times(const uint8_t *datagram, size_t from, size_t to, struct times *times, struct msgt_time *time)
{
    *times = (struct times){0};
    for (size_t at = from; at < to; at++) {
        if (!is_any_of(datagram[at], OCTET_DIGIT | OCTET_UPPER))
            continue;
        uint8_t before = at > from ? datagram[at - 1] : ' ';
        if (!is_blank(before) && before != ':' && before != '>' && before != '*')
            continue;
        struct msgt_time found;
        size_t n = timestamp_read(datagram + at, to - at, &found);
        if (n == 0)
            continue;
        *time = found;
        times->previous_end = times->end;
        times->at = at;
        times->end = at + n;
        if (times->count++ == 0)
            times->first_at = at;
        at += n - 1;
    }
}

/* "MSK/MSD", "GMT+3", "UTC-03:30" */
static bool is_pair_or_offset(const uint8_t *word, size_t length)
{
    size_t at = run_of(word, 0, length, OCTET_UPPER), n;
    if (at == 0 || at + 1 >= length)
        return false;
    if (word[at] == '/')
        return (n = run_of(word, at + 1, length, OCTET_UPPER)) > 0 && at + 1 + n == length;
    if (at < 3 || (word[at] != '+' && word[at] != '-') || (n = run_of(word, at + 1, length, OCTET_DIGIT)) == 0 || n > 4)
        return false;
    at += 1 + n;
    return at == length || (word[at] == ':' && length - at == 3 && run_of(word, at + 1, length, OCTET_DIGIT) == 2);
}

/* EMBLEM has no name for a device: there other words are zones, too. */
static bool is_free_zone(const uint8_t *word, size_t length, bool emblem)
{
    size_t n = 0;
    while (n < length && (is_upper(word[n]) || (n > 0 && (is_digit(word[n]) || word[n] == '+' || word[n] == '-'))))
        n++;
    return is_pair_or_offset(word, length) || (emblem && n == length && n >= 3);
}

/* A zone word behind the time, with or without a colon: known to be one, or written as zones are. A word that is written so could be the name of a device
 * where it stands alone with a colon apart. */
static size_t read_zone_word(const struct words *rest, bool emblem, struct msgt_time *time)
{
    struct words w = *rest;
    trim(&w);
    size_t n = first_word(&w), word = n;
    if (n > 0 && w.text[w.from + n - 1] == ':')
        word--;
    struct words behind = {w.text, w.from + n, w.to};
    trim_colon(&behind);
    int16_t minutes = 0;
    bool known = false, more = behind.from < behind.to;
    bool free = word < n ? !more && is_free_zone(w.text + w.from, word, emblem) : more && is_pair_or_offset(w.text + w.from, word);
    if (time->zone_known || !(timestamp_zone_word(w.text + w.from, word, &minutes, &known) || free))
        return 0;
    time->zone_known = known;
    time->zone = minutes;
    return w.from + word - rest->from;
}

/* ---- The whole prefix ---- */

/* The version of RFC 5424 is all that stands in [from, to). */
static bool is_version(const uint8_t *datagram, size_t from, size_t to)
{
    return to == from + 2 && datagram[from] == '1' && datagram[from + 1] == ' ';
}

/* All that stands between priority and tag; what was found of times goes to *FOUND. */
static void read_parts(const uint8_t *datagram, size_t from, size_t to, struct msgt_record *record, struct times *found)
{
    struct times times;
    find_times(datagram, from, to, &times, &record->time);
    *found = times;
    struct words rest = {datagram, from, to};
    if (times.count == 0) {
        record->findings |= 1u << MSGT_F_NO_TIMESTAMP;
        read_counters(rest, record);
        return;
    }
    struct words front = {datagram, from, times.first_at};
    bool version = is_version(datagram, from, times.first_at);
    if (times.count > 1)
        record->findings |= 1u << MSGT_F_DOUBLE_HEADER;
    record->timestamp = (struct msgt_span){(uint32_t)times.at, (uint32_t)(times.end - times.at)};
    rest.from = times.end;
    size_t zone = read_zone_word(&rest, record->emblem, &record->time);
    record->timestamp.length += (uint32_t)zone;
    rest.from += zone;
    if (version && times.count == 1) {
        read_host_5424(rest, record);
        return;
    }
    read_host(rest, record);
    if (record->hostname.length == 0 && times.count > 1)
        (version ? read_host_5424 : read_host)((struct words){datagram, times.previous_end, times.at}, record);
    if (!version)
        read_counters(front, record);
}

/* A note of repetition stands at NOTE, around the tag: a relay's header in front of it, and the device's, if any, in brackets from INSIDE on. */
static void read_around_note(const struct prefix *prefix, size_t note, size_t inside, struct msgt_record *record)
{
    struct times outer, inner;
    uint32_t before = record->findings;
    read_parts(prefix->datagram, prefix->from, note, record, &outer);
    const struct msgt_span host = record->hostname, stamp = record->timestamp;
    record->hostname = record->timestamp = (struct msgt_span){0};
    read_parts(prefix->datagram, inside, prefix->tag, record, &inner);
    if (record->hostname.length == 0)
        record->hostname = host;
    if (inner.count == 0)
        record->timestamp = stamp;
    record->findings &= ~(1u << MSGT_F_NO_TIMESTAMP);
    if (outer.count + inner.count == 0)
        record->findings |= 1u << MSGT_F_NO_TIMESTAMP;
    if (outer.count > 0 && inner.count > 0)
        record->findings |= 1u << MSGT_F_DOUBLE_HEADER;
    record->findings |= before;
}

/* Where a note of repetition starts in the prefix, and with *INSIDE where it ends; the prefix's end when there is none. */
static size_t find_note(const struct prefix *prefix, size_t *inside, uint32_t *count)
{
    static const char start[] = "message repeated ";
    const uint8_t *octets = prefix->datagram + prefix->from;
    size_t length = prefix->tag - prefix->from;
    const uint8_t *note = memmem(octets, length, start, sizeof start - 1);
    size_t taken = note ? repeat_front(note, (size_t)(octets + length - note), count) : 0;
    if (taken == 0)
        return prefix->tag;
    *inside = (size_t)(note - prefix->datagram) + taken;
    return (size_t)(note - prefix->datagram);
}

/* A shape is kept where nothing but an RFC 5424 version stands in front of the only time, and nothing in front of the first of several. Other digits in
 * a clock make no time of anything else: the date that it belongs to stays, and no other clock shares its colons. */
void prefix_read(struct msgt_memory *memory, const struct prefix *prefix, struct msgt_record *record)
{
    struct times times;
    uint32_t before = record->findings, count;
    size_t inside, note = find_note(prefix, &inside, &count);
    if (note < prefix->tag) {
        record->repeat = count;
        read_around_note(prefix, note, inside, record);
        return;
    }
    read_parts(prefix->datagram, prefix->from, prefix->tag, record, &times);
    bool first = times.first_at == prefix->from || (times.count == 1 && is_version(prefix->datagram, prefix->from, times.at));
    if (first && times.count > 0)
        shape_learn(memory, prefix, times.first_at, times.at, record->findings & ~before, record);
}

/* ---- Without a tag ---- */

void prefix_read_untagged(const uint8_t *datagram, size_t at, size_t end, struct msgt_record *record)
{
    record->findings |= 1u << MSGT_F_NO_TAG;
    if (end - at > 2 && datagram[at] == '1' && datagram[at + 1] == ' ')
        at += 2;
    size_t n = timestamp_read(datagram + at, end - at, &record->time);
    if (n == 0) {
        record->findings |= 1u << MSGT_F_NO_TIMESTAMP;
    } else {
        record->timestamp = (struct msgt_span){(uint32_t)at, (uint32_t)n};
        struct words rest = {datagram, at + n, end};
        trim(&rest);
        size_t host = first_word(&rest);
        if (host && datagram[rest.from + host - 1] != ':') {
            record->hostname = (struct msgt_span){(uint32_t)rest.from, (uint32_t)host};
            rest.from += host;
            trim(&rest);
            if (rest.from + 1 < rest.to && datagram[rest.from] == ':' && is_blank(datagram[rest.from + 1]))
                rest.from++;
            trim(&rest);
        }
        at = rest.from;
    }
    record->message = (struct msgt_span){(uint32_t)at, (uint32_t)(end - at)};
}

/* ---- Behind the tag ---- */

static size_t behind_word(const uint8_t *datagram, size_t at, size_t end)
{
    size_t from = at;
    while (at < end && datagram[at] == ' ')
        at++;
    size_t word = at;
    while (at < end && datagram[at] > ' ')
        at++;
    return at > word && word > from ? at : end;
}

/* Behind the elements of structured data, "[ID NAME=\"VALUE\"]"; END when they do not end. */
static size_t behind_elements(const uint8_t *datagram, size_t at, size_t end)
{
    bool quoted = false;
    for (; at < end; at++) {
        if (datagram[at] == '\\' && quoted)
            at++;
        else if (datagram[at] == '"')
            quoted = !quoted;
        else if (datagram[at] == ']' && !quoted && (at + 1 == end || datagram[at + 1] != '['))
            return at + 1;
    }
    return end;
}

/* The tag is the APP-NAME of RFC 5424 when it stands right behind the host name: then PROCID, MSGID and structured data are behind it. Returns where the
 * text starts, AT when it is not so. */
size_t prefix_behind_app_name(const struct prefix *prefix, const struct msgt_record *record, size_t at, size_t end)
{
    struct words host = {prefix->datagram, record->timestamp.offset + record->timestamp.length, prefix->tag};
    if (!record->time.valid || !is_version(prefix->datagram, prefix->from, record->timestamp.offset))
        return at;
    trim(&host);
    size_t data = behind_word(prefix->datagram, behind_word(prefix->datagram, at, end), end) + 1;
    if (first_word(&host) != host.to - host.from || data >= end)
        return at;
    if (prefix->datagram[data] == '[')
        return behind_elements(prefix->datagram, data, end);
    return prefix->datagram[data] == '-' && (data + 1 == end || prefix->datagram[data + 1] == ' ') ? data + 1 : at;
}
