/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trouble with messages: their clocks, headers, octets and numbers. */
#include <string.h>
#include <time.h>

#include "reel.h"

static void do_truncate(struct reel *reel, unsigned n, unsigned length)
{
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        /* Long names, so that the limit is met inside the text. */
        uint32_t text = s->length - FRONT;
        lengthen(s, length > text ? length - text + 20 : 20);
        s->length = FRONT + length;
        seal(s);
    }
    note(reel, "message-truncated", n, n);
}

/* The first N messages of each device stop inside their text, each at a length of its own. */
static void do_other_lengths(struct reel *reel, unsigned n, unsigned unused)
{
    size_t at = 0;
    (void)unused;
    for (unsigned i = 0; i < n * DEVICES; at++) {
        struct shot *s = reel->shots[at];
        if (!is_syslog(s))
            continue;
        s->length = FRONT + 100 + i++ / DEVICES;
        seal(s);
    }
    note(reel, "message-truncated", n * DEVICES, n * DEVICES);
}

/* The stamps of a device, from a part of the capture on, shifted. Returns how many. */
static unsigned shift(struct reel *reel, unsigned device, long seconds, size_t from)
{
    unsigned count = 0;
    for (size_t i = from; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24];
        if (!is_syslog(s) || device_of(s) != device)
            continue;
        write_stamp(stamp, s->time / 1000000 + seconds);
        memcpy(s->octets + FRONT + 5, stamp, 20);
        seal(s);
        count++;
    }
    return count;
}

static void do_skew(struct reel *reel, unsigned device, unsigned seconds)
{
    shift(reel, device, (long)seconds, 0);
    /* Local time without a zone is no fault; no zone is less than an hour away. */
    note(reel, seconds % 900 || seconds < 3600 ? "clock-skew" : "clock-skew/note", of_device(reel, device), of_device(reel, device));
}

static void do_jump(struct reel *reel, unsigned device, unsigned seconds)
{
    unsigned count = shift(reel, device, (long)seconds, reel->count / 2);
    note(reel, "clock-jump", 1, 1);
    if (seconds % 900 == 0)
        note(reel, "clock-skew/note", count, count);
}

/* The clock of the capture is set forward. */
static void do_capture_jump(struct reel *reel, unsigned seconds, unsigned unused)
{
    (void)unused;
    for (size_t i = reel->count / 2; i < reel->count; i++)
        reel->shots[i]->time += (int64_t)seconds * 1000000;
    note(reel, "clock-jump/note", 1, 1);
}

static void do_nopri(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        memmove(s->octets + FRONT, s->octets + FRONT + 5, s->length - FRONT - 5);
        s->length -= 5;
        seal(s);
    }
    note(reel, "no-pri", n, n);
}

/* Puts another header in front of a message's tag: FORMAT gets the stamp, the device and a number. */
__attribute__((format(printf, 2, 0))) static void reword(struct shot *s, const char *format, const char *stamp, unsigned number)
{
    char front[128], *tag = memmem(s->octets + FRONT, s->length - FRONT, "%FTD", 4);
    uint32_t rest = (uint32_t)((char *)s->octets + s->length - tag);
    int length = snprintf(front, sizeof front, format, stamp, device_of(s), number);
    memmove(s->octets + FRONT + length, tag, rest);
    memcpy(s->octets + FRONT, front, (size_t)length);
    s->length = FRONT + (uint32_t)length + rest;
    seal(s);
}

/* Of the messages between those at both ends PERCENT are lost, as it comes. Returns how many. */
static unsigned thin_out(struct reel *reel, unsigned percent)
{
    unsigned lost = 0;
    for (size_t i = 10; i + 10 < reel->count; i++)
        if (is_syslog(reel->shots[i]) && next_random(reel) % 100 < percent) {
            cut_out(reel, i--);
            lost++;
        }
    return lost;
}

/* Loses N messages, and PERCENT of all. */
static void lose(struct reel *reel, unsigned n, unsigned percent)
{
    for (unsigned i = 0; i < n; i++)
        cut_out(reel, pick(reel, i, n));
    n += thin_out(reel, percent);
    if (n)
        note(reel, "sequence-gap", n, n);
}

/* All messages in RFC 5424 with sequenceId, of each device from FIRST on; 2,147,483,647 is followed by 1. The IP IDs tell nothing. */
static void number_all(struct reel *reel, unsigned first)
{
    const unsigned highest = 2147483647;
    unsigned numbers[DEVICES + 1] = {0};
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24];
        time_t t = (time_t)(s->time / 1000000);
        struct tm tm;
        if (!is_syslog(s))
            continue;
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
        reword(s, "<166>1 %s fw%u - - - [meta sequenceId=\"%u\"] ", stamp, (first - 1 + numbers[device_of(s)]++) % highest + 1);
        put16(s->octets + 18, 0);
        seal(s);
    }
}

static void do_sequence(struct reel *reel, unsigned n, unsigned percent)
{
    number_all(reel, 1);
    lose(reel, n, percent);
}

static void do_long_sequence(struct reel *reel, unsigned first, unsigned n)
{
    number_all(reel, first);
    lose(reel, n, 0);
}

/* Look-alike: a relay's counter, which all devices behind it share; each speaks when it likes. */
static void do_shared_counter(struct reel *reel, unsigned first, unsigned unused)
{
    (void)unused;
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24], front[64];
        if (!is_syslog(s))
            continue;
        write_stamp(stamp, s->time / 1000000);
        snprintf(front, sizeof front, "<166>%u: %s", first++, stamp);
        s->octets[29] = (uint8_t)(1 + next_random(reel) % DEVICES);
        reword(s, "%s fw%u : ", front, 0);
        s->octets[29] = 7;
        put16(s->octets + 18, 0);
        seal(s);
    }
}

/* ISO stamps with Z of a device whose clock shows SECONDS more; false by the size of a zone. */
static void do_false_z(struct reel *reel, unsigned device, unsigned seconds)
{
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24];
        time_t t = (time_t)(s->time / 1000000 + seconds);
        struct tm tm;
        if (!is_syslog(s) || device_of(s) != device)
            continue;
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
        reword(s, "<166>%s fw%u : ", stamp, 0);
    }
    if (seconds)
        note(reel, "clock-skew", of_device(reel, device), of_device(reel, device));
}

/* A clock that goes wrong by SECONDS over the capture, little by little. */
static void do_drift(struct reel *reel, unsigned device, unsigned seconds)
{
    int64_t begin = reel->shots[0]->time, span = reel->shots[reel->count - 1]->time - begin;
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24];
        if (!is_syslog(s) || device_of(s) != device)
            continue;
        write_stamp(stamp, (s->time + (s->time - begin) * 1000000 / span * seconds) / 1000000);
        memcpy(s->octets + FRONT + 5, stamp, 20);
        seal(s);
    }
    note(reel, "clock-skew", of_device(reel, device), of_device(reel, device));
}

/* Look-alike: stamps without a year in a capture that goes over New Year. */
static void do_new_year(struct reel *reel, unsigned unused, unsigned unused_too)
{
    int64_t shift_by = INT64_C(1609459200) * 1000000 - reel->shots[reel->count / 2]->time;
    (void)unused, (void)unused_too;
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24], short_stamp[24];
        s->time += shift_by;
        if (!is_syslog(s))
            continue;
        write_stamp(stamp, s->time / 1000000);
        snprintf(short_stamp, sizeof short_stamp, "%.6s%s", stamp, stamp + 11);
        reword(s, "<166>%s fw%u : ", short_stamp, 0);
    }
}

/* Of messages FROM to N, the text goes on in a datagram of its own. */
static void do_split(struct reel *reel, unsigned n, unsigned from)
{
    for (unsigned i = from; i < n; i++) {
        size_t at = pick(reel, i, n);
        struct shot *first = reel->shots[at], second = *first;
        uint32_t keep = FRONT + 100;
        memmove(second.octets + FRONT, first->octets + keep, first->length - keep);
        second.length = FRONT + first->length - keep;
        first->length = keep;
        seal(first);
        seal(&second);
        insert(reel, at + 1, &second, first->time + 40);
    }
    renumber(reel, 1);
    note(reel, "split-message", n - from, n - from);
}

/* Look-alike, where the capture is read twice: the last message ends inside its text, the first one has no header. */
static void do_half_ends(struct reel *reel, unsigned unused, unsigned unused_too)
{
    struct shot last = make_message(1, 0, end_of(reel) + 900000, 1), first = last;
    (void)unused, (void)unused_too;
    last.length = FRONT + 100;
    seal(&last);
    append(reel, &last, last.time);
    set_payload(&first, "assigned to session", 19);
    insert(reel, 0, &first, begin_of(reel) - 900000);
    renumber(reel, 1);
    note(reel, "no-tag/note", 2, 2);
    note(reel, "message-truncated/note", 2, 2);
}

/* N messages of the device about its own logging. Look-alikes: it works again. */
static void do_report(struct reel *reel, unsigned n, unsigned which)
{
    static const char *const texts[] = {
        "%FTD-3-414006: TCP Syslog Server configured and logging queue is full. New connections denied based on logging permit-hostdown policy.",
        "%FTD-6-414004: TCP Syslog Server inside:192.0.2.20/1470 - Connection restored",
        "%FTD-6-414007: TCP Syslog Server connection restored. New connections are allowed.",
        "%FTD-6-414008: New connections are now allowed due to change of logging permit-hostdown policy.",
    };
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        uint8_t *tag = memmem(s->octets + FRONT, s->length - FRONT, "%FTD", 4);
        size_t length = strlen(texts[which]);
        memcpy(tag, texts[which], length);
        memcpy(s->octets + FRONT, which ? "<166>" : "<163>", 5);
        s->length = (uint32_t)((size_t)(tag - s->octets) + length);
        seal(s);
    }
    if (which == 0)
        note(reel, "device-reports-loss", n, n);
}

/* ---- Headers and octets ---- */

/* N messages with FORMAT in place of the header, as reword() has it; ALL: every message of device 2. */
__attribute__((format(printf, 2, 0))) static unsigned reword_some(struct reel *reel, const char *format, unsigned n)
{
    char stamp[24];
    unsigned done = 0;
    for (unsigned i = 0; i < n; i++, done++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        write_stamp(stamp, s->time / 1000000);
        reword(s, format, stamp, 0);
    }
    for (size_t i = 0; n == 0 && i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        if (!is_syslog(s) || device_of(s) != 2)
            continue;
        write_stamp(stamp, s->time / 1000000);
        reword(s, format, stamp, 0);
        done++;
    }
    return done;
}

/* N messages with WRONG in place of a part of them. */
static void replace_some(struct reel *reel, unsigned n, const char *part, const char *wrong)
{
    size_t length = strlen(wrong);
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        uint8_t *at = memmem(s->octets + FRONT, s->length - FRONT, part, strlen(part)), *rest = at + strlen(part);
        size_t behind = (size_t)(s->octets + s->length - rest);
        memmove(at + length, rest, behind);
        memcpy(at, wrong, length);
        s->length = (uint32_t)((size_t)(at - s->octets) + length + behind);
        seal(s);
    }
}

void replace_noted(struct reel *reel, unsigned n, const struct operation *row)
{
    replace_some(reel, n, row->part, row->wrong);
    if (row->code)
        note(reel, row->code, n, n);
}

static void add_tail(struct reel *reel, unsigned n, const char *tail, size_t length)
{
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        memcpy(s->octets + s->length, tail, length);
        s->length += (uint32_t)length;
        seal(s);
    }
}

static void do_badpri(struct reel *reel, unsigned n, unsigned open)
{
    n = reword_some(reel, open ? "<166 %s fw%u : " : "<999>%s fw%u : ", n);
    note(reel, "bad-pri", n, n);
}

/* Look-alike: the least, the greatest and other facilities with the same severity. */
static void do_facility(struct reel *reel, unsigned n, unsigned highest) { reword_some(reel, highest ? "<190>%s fw%u : " : "<6>%s fw%u : ", n); }

/* Of some a fault, of all (0) a setting. */
static void do_nostamp(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    unsigned done = 0;
    for (size_t i = 0; n == 0 && i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        if (is_syslog(s) && device_of(s) == 2)
            done++, reword(s, "<166>%.0sfw%u : ", "", 0);
    }
    for (unsigned i = 0; i < n; i++)
        reword(reel->shots[pick(reel, i, n)], "<166>%.0sfw%u : ", "", 0);
    note(reel, n ? "no-timestamp" : "no-timestamp/note", n ? n : done, n ? n : done);
}

static void do_relayed(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        char stamp[24], front[64];
        write_stamp(stamp, s->time / 1000000);
        snprintf(front, sizeof front, "<166>%.6s%s relay %s fw%u : ", stamp, stamp + 11, stamp, device_of(s));
        reword(s, "%s%.0u", front, 0);
    }
    note(reel, "double-header", n, n);
}

static void do_emblem(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    n = reword_some(reel, "<166>:%s UTC: %.0u", n);
    note(reel, "emblem/note", n, n);
}

/* Another system's; with PORT from port 514 to that one. */
static void do_foreign(struct reel *reel, unsigned n, unsigned port)
{
    for (unsigned i = 0; i < n; i++) {
        struct shot s = make_message(77, i, end_of(reel) + 300000, i);
        char stamp[24], text[128];
        write_stamp(stamp, s.time / 1000000);
        put16(s.octets + ETHERNET + IP + 2, port ? port : 514);
        set_payload(&s, text, (size_t)snprintf(text, sizeof text, "<134>%.6s%s web1 httpd[%u]: GET /%u 200", stamp, stamp + 11, 100 + i, i));
        append(reel, &s, s.time);
    }
    note(reel, "no-tag/note", n, n);
}

static void do_sevchg(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    replace_some(reel, n, "%FTD-6-", "%FTD-4-");
    /* The same frames again: the priority follows. */
    replace_some(reel, n, "<166>", "<164>");
    note(reel, "severity-changed/note", n, n);
}

/* Two messages in each of N datagrams. */
static void do_several(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        uint32_t length = s->length - FRONT;
        s->octets[s->length] = '\n';
        memcpy(s->octets + s->length + 1, s->octets + FRONT, length);
        s->length += 1 + length;
        seal(s);
    }
    note(reel, "multiple-messages", 2 * n, 2 * n);
    note(reel, "trailing-bytes/note", n, n);
}

/* Look-alike: the device sums up, or names another message in its text. */
static void do_repeated(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    add_tail(reel, n, " (35 instances received)", 24);
}

static void do_tails(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    add_tail(reel, n, "\r\n", 3);
    note(reel, "trailing-bytes/note", n, n);
}

/* Texts that may end anywhere, cut at a limit. */
static void do_open_ended(struct reel *reel, unsigned n, unsigned length)
{
    char text[ROOM];
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        char stamp[24];
        write_stamp(stamp, s->time / 1000000);
        size_t at = (size_t)snprintf(text, sizeof text, "<166>%s fw%u : %%FTD-6-999999: ", stamp, device_of(s));
        for (unsigned k = 0; at < length; k++)
            at += (size_t)snprintf(text + at, sizeof text - at, "Key%u: %u, ", k, next_random(reel));
        set_payload(s, text, length);
    }
    note(reel, "message-truncated", n, n);
    note(reel, "unknown-id/note", n, n);
}

/* Look-alike: whole messages that are as long as a limit. */
static void do_exactly(struct reel *reel, unsigned n, unsigned length)
{
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        lengthen(s, FRONT + length - s->length);
    }
}

/* Look-alike: another system's message behind a whole one of the same sender. */
static void do_untagged_next(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        struct shot next = *reel->shots[at];
        set_payload(&next, "assigned to session", 19);
        insert(reel, at + 1, &next, next.time + 40);
    }
    renumber(reel, 1);
    note(reel, "no-tag/note", n, n);
}

/* ---- Clocks and numbers ---- */

/* Look-alike: single messages that waited for half a minute. */
static void do_held(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        char stamp[24];
        write_stamp(stamp, s->time / 1000000 - 30);
        memcpy(s->octets + FRONT + 5, stamp, 20);
        seal(s);
    }
}

/* Look-alike: a clock that is a second early or late, as it comes. */
static void do_jitter(struct reel *reel, unsigned device, unsigned unused)
{
    (void)unused;
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24];
        if (!is_syslog(s) || device_of(s) != device)
            continue;
        write_stamp(stamp, s->time / 1000000 + (int)(next_random(reel) % 3) - 1);
        memcpy(s->octets + FRONT + 5, stamp, 20);
        seal(s);
    }
}

/* Counters in front of the time, from FIRST on; with RESTART the devices start anew from there in the middle, which is no loss. */
static void count_all(struct reel *reel, unsigned first, unsigned restart)
{
    unsigned numbers[DEVICES + 1] = {0};
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24], front[64];
        if (!is_syslog(s))
            continue;
        if (restart && i == reel->count / 2) {
            memset(numbers, 0, sizeof numbers);
            first = restart;
        }
        write_stamp(stamp, s->time / 1000000);
        snprintf(front, sizeof front, "<166>%u: %s", first + numbers[device_of(s)]++, stamp);
        reword(s, "%s fw%u : ", front, 0);
        put16(s->octets + 18, 0);
        seal(s);
    }
}

static void do_counters(struct reel *reel, unsigned n, unsigned restart)
{
    count_all(reel, 1001, restart ? 1001 : 0);
    lose(reel, n, 0);
}

static void do_long_counters(struct reel *reel, unsigned first, unsigned n)
{
    count_all(reel, first, 0);
    lose(reel, n, 0);
}

/* Look-alike: a step back from FIRST to RESTART, however far that is. */
static void do_restart(struct reel *reel, unsigned first, unsigned restart) { count_all(reel, first, restart); }

const struct operation text_operations[] = {
    {.name = "truncate", .run = do_truncate},
    {.name = "otherlengths", .run = do_other_lengths},
    {.name = "skew", .run = do_skew},
    {.name = "jump", .run = do_jump},
    {.name = "capturejump", .run = do_capture_jump},
    {.name = "nopri", .run = do_nopri},
    {.name = "sequence", .run = do_sequence},
    {.name = "longsequence", .run = do_long_sequence},
    {.name = "longcounters", .run = do_long_counters},
    {.name = "restart", .run = do_restart},
    {.name = "sharedcounter", .run = do_shared_counter},
    {.name = "falsez", .run = do_false_z},
    {.name = "drift", .run = do_drift},
    {.name = "newyear", .run = do_new_year},
    {.name = "split", .run = do_split},
    {.name = "halfends", .run = do_half_ends},
    {.name = "report", .run = do_report},
    {.name = "badpri", .run = do_badpri},
    {.name = "facility", .run = do_facility},
    {.name = "nostamp", .run = do_nostamp},
    {.name = "relayed", .run = do_relayed},
    {.name = "emblem", .run = do_emblem},
    {.name = "foreign", .run = do_foreign},
    {.name = "sevchg", .run = do_sevchg},
    {.name = "several", .run = do_several},
    {.name = "repeated", .run = do_repeated},
    {.name = "tails", .run = do_tails},
    {.name = "openended", .run = do_open_ended},
    {.name = "exactly", .run = do_exactly},
    {.name = "untagged", .run = do_untagged_next},
    {.name = "held", .run = do_held},
    {.name = "jitter", .run = do_jitter},
    {.name = "counters", .run = do_counters},
    {.name = "notag", .part = "%FTD-6-722051: ", .wrong = "", .code = "no-tag"},
    {.name = "unknown", .part = "722051", .wrong = "999999", .code = "unknown-id/note"},
    {.name = "mismatch", .part = "IPv4 Address", .wrong = "IPv4 Adress", .code = "template-mismatch/note"},
    {.name = "sevmis", .part = "<166>", .wrong = "<164>", .code = "severity-mismatch"},
    {.name = "latin", .part = "<user", .wrong = "<us\xe9r", .code = "non-utf8"},
    {.name = "control", .part = "<user", .wrong = "<us\007r", .code = "control-bytes/note"},
    /* Look-alikes: UTF-8, a second time that is text. */
    {.name = "utf", .part = "<user", .wrong = "<us\xc3\xa9r"},
    {.name = "timetext", .part = "<user", .wrong = "<Sep 30 2020 09:06:09 "},
    {.name = NULL},
};
