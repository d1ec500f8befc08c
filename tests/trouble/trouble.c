/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes trouble in a clean capture and writes down what it did.
 *
 *     trouble clean COUNT OUT.pcap                        three devices, COUNT messages, nothing wrong
 *     trouble IN.pcap OUT.pcap NOTES OPERATION…           each as NAME[=N[,M]], done in the order given
 *
 * A line of NOTES is what `ftdpcap check` must find above a note: CODE LOW HIGH. Look-alikes write none.
 */
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ETHERNET = 14, IP = 20, UDP = 8, FRONT = ETHERNET + IP + UDP, ROOM = 2048, DEVICES = 3, FRAMES_MAX = 200000 };

struct shot {
    int64_t time; /* microseconds */
    uint32_t length, wire;
    uint8_t octets[ROOM];
};

struct reel {
    struct shot **shots;
    size_t count;
    FILE *notes;
    uint64_t random;
};

static uint32_t next_random(struct reel *reel)
{
    reel->random = reel->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(reel->random >> 33);
}

static void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static unsigned get16(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }

static uint32_t add(uint32_t sum, const uint8_t *at, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        sum += i % 2 ? at[i] : (uint32_t)at[i] << 8;
    return sum;
}

static unsigned folded(uint32_t sum)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

static bool is_syslog(const struct shot *s) { return s->length > FRONT && get16(s->octets + 12) == 0x800 && s->octets[23] == 17; }
static unsigned device_of(const struct shot *s) { return s->octets[29]; }

/* Lengths and checksums anew. */
static void seal(struct shot *s)
{
    uint8_t *ip = s->octets + ETHERNET, *udp = ip + IP;
    uint32_t length = s->length - ETHERNET - IP;
    put16(ip + 2, IP + length);
    put16(ip + 10, 0);
    put16(ip + 10, folded(add(0, ip, IP)));
    put16(udp + 4, length);
    put16(udp + 6, 0);
    put16(udp + 6, folded(add(add(17 + length, ip + 12, 8), udp, length)));
    s->wire = s->length;
}

static void seal_ip(struct shot *s)
{
    uint8_t *ip = s->octets + ETHERNET;
    put16(ip + 10, 0);
    put16(ip + 10, folded(add(0, ip, IP)));
}

static void insert(struct reel *reel, size_t at, const struct shot *shot, int64_t time)
{
    struct shot *copy = malloc(sizeof *copy);
    if (!copy || reel->count >= FRAMES_MAX)
        exit(2);
    *copy = *shot;
    copy->time = time;
    memmove(reel->shots + at + 1, reel->shots + at, (reel->count - at) * sizeof *reel->shots);
    reel->shots[at] = copy;
    reel->count++;
}

static void append(struct reel *reel, const struct shot *shot, int64_t time) { insert(reel, reel->count, shot, time); }

static void cut_out(struct reel *reel, size_t at)
{
    free(reel->shots[at]);
    memmove(reel->shots + at, reel->shots + at + 1, (reel->count - at - 1) * sizeof *reel->shots);
    reel->count--;
}

static void note(struct reel *reel, const char *code, unsigned low, unsigned high) { fprintf(reel->notes, "%s %u %u\n", code, low, high); }

/* The syslog frame that is number N of COUNT chosen, spread over the middle of the reel. */
static size_t pick(const struct reel *reel, unsigned n, unsigned count)
{
    size_t at = reel->count / 4 + reel->count / 2 * n / count;
    while (!is_syslog(reel->shots[at]))
        at++;
    return at;
}

/* ---- A clean capture ---- */

static void write_stamp(char *text, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(text, 21, "%b %d %Y %H:%M:%S", &tm);
}

static struct shot make_message(unsigned device, unsigned id, int64_t time, unsigned n)
{
    static const uint8_t front[] = {0, 0, 0x5e, 0, 0x53, 9, 0, 0, 0x5e, 0, 0x53, 1, 8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 255, 17, 0, 0,
                                    192, 0, 2, 0, 198, 51, 100, 9, 2, 2, 2, 2, 0, 0, 0, 0};
    struct shot s = {.time = time};
    char stamp[24];
    memcpy(s.octets, front, sizeof front);
    s.octets[29] = (uint8_t)device;
    put16(s.octets + 18, id & 0xffff);
    write_stamp(stamp, time / 1000000);
    s.length = FRONT + (uint32_t)snprintf((char *)s.octets + FRONT, ROOM - FRONT,
                                          "<166>%s fw%u : %%FTD-6-722051: Group <Staff> User <user%u> IP <203.0.113.%u> IPv4 Address <10.8.%u.%u> "
                                          "IPv6 address <::> assigned to session", stamp, device, n, n % 250 + 1, n / 250 % 250, n % 250 + 1);
    seal(&s);
    return s;
}

static struct shot make_arp(unsigned operation, unsigned target)
{
    struct shot s = {.length = 42, .wire = 42};
    static const uint8_t front[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0x5e, 0, 0x53, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 0, 0, 0, 0x5e, 0, 0x53, 1};
    static const uint8_t router[] = {198, 51, 100, 1}, net[] = {198, 51, 100};
    memcpy(s.octets, front, sizeof front);
    put16(s.octets + 20, operation);
    memcpy(s.octets + 28, operation == 1 ? router : net, operation == 1 ? 4 : 3);
    memcpy(s.octets + 38, operation == 1 ? net : router, operation == 1 ? 3 : 4);
    s.octets[operation == 1 ? 41 : 31] = (uint8_t)target;
    return s;
}

static void make_clean(struct reel *reel, unsigned count)
{
    int64_t time = INT64_C(1601459999) * 1000000;
    unsigned ids[DEVICES + 1] = {0, 100, 65500, 4000};
    for (unsigned n = 0; n < count; n++) {
        unsigned device = n % DEVICES + 1;
        time += 200000 + next_random(reel) % 200000;
        if (n % 100 == 0) {
            struct shot ask = make_arp(1, 9), reply = make_arp(2, 9);
            append(reel, &ask, time - 900);
            append(reel, &reply, time - 600);
        }
        struct shot s = make_message(device, ids[device]++, time, n);
        append(reel, &s, time);
    }
}

/* ---- Trouble ---- */

static void do_drop(struct reel *reel, unsigned n, unsigned run)
{
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < (run ? run : 1); k++)
            cut_out(reel, pick(reel, i, n));
    note(reel, "ip-id-gap", n * (run ? run : 1), n * (run ? run : 1));
}

static void do_copy(struct reel *reel, unsigned n, unsigned hops)
{
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at + 1, reel->shots[at], reel->shots[at]->time + 300);
        reel->shots[at + 1]->octets[22] = (uint8_t)(reel->shots[at + 1]->octets[22] - hops);
        seal_ip(reel->shots[at + 1]);
    }
    note(reel, "duplicate", n, n);
}

/* Swaps a device's datagram with its next one, times kept in order. */
static void do_reorder(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n), other = at + 1;
        while (!is_syslog(reel->shots[other]) || device_of(reel->shots[other]) != device_of(reel->shots[at]))
            other++;
        struct shot *first = reel->shots[at];
        int64_t time = first->time;
        first->time = reel->shots[other]->time;
        reel->shots[other]->time = time;
        reel->shots[at] = reel->shots[other];
        reel->shots[other] = first;
    }
    note(reel, "reordered", n, n);
}

static void do_truncate(struct reel *reel, unsigned n, unsigned length)
{
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        /* Long names, so that the limit is met inside the text. */
        uint32_t text = s->length - FRONT, pad = length > text ? length - text + 20 : 20;
        char *user = memmem(s->octets + FRONT, text, "<user", 5);
        memmove(user + 5 + pad, user + 5, (size_t)((char *)s->octets + s->length - (user + 5)));
        memset(user + 5, 'x', pad);
        s->length = FRONT + length;
        seal(s);
    }
    note(reel, "message-truncated", n, n);
}

static void do_snap(struct reel *reel, unsigned n, unsigned length)
{
    for (unsigned i = 0; i < n; i++)
        reel->shots[pick(reel, i, n)]->length = length;
    note(reel, "snaplen", n, n);
}

static void do_udpsum(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++)
        reel->shots[pick(reel, i, n)]->octets[41] ^= 0x55;
    note(reel, "bad-udp-checksum", n, n);
}

static void do_ipsum(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++)
        reel->shots[pick(reel, i, n)]->octets[25] ^= 0x55;
    note(reel, "bad-ip-checksum", n, n);
}

/* Look-alike: all of one device, as a network card that adds them later leaves them. */
static void do_offload(struct reel *reel, unsigned device, unsigned pseudo)
{
    for (size_t i = 0; i < reel->count; i++) {
        uint8_t *ip = reel->shots[i]->octets + ETHERNET;
        if (!is_syslog(reel->shots[i]) || device_of(reel->shots[i]) != device)
            continue;
        if (pseudo)
            put16(ip + 26, ~folded(add(17 + get16(ip + 24), ip + 12, 8)) & 0xffff);
        else
            ip[26] ^= 0x55;
    }
}

/* In two fragments; with LOSE the second one never comes. */
static void fragment(struct reel *reel, unsigned n, bool lose)
{
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        while (get16(reel->shots[at]->octets + 20) & 0x2000)
            at++;
        struct shot *first = reel->shots[at], second = *first;
        uint32_t rest = first->length - ETHERNET - IP - 64;
        memmove(second.octets + ETHERNET + IP, first->octets + ETHERNET + IP + 64, rest);
        second.length = second.wire = ETHERNET + IP + rest;
        first->length = first->wire = ETHERNET + IP + 64;
        put16(first->octets + 16, IP + 64);
        put16(first->octets + 20, 0x2000);
        put16(second.octets + 16, IP + rest);
        put16(second.octets + 20, 8);
        seal_ip(first);
        seal_ip(&second);
        if (!lose)
            insert(reel, at + 1, &second, first->time + 30);
    }
}

static void do_fragment(struct reel *reel, unsigned n, unsigned lost)
{
    fragment(reel, n, false);
    if (lost) {
        fragment(reel, lost, true);
        note(reel, "fragment-missing", lost, lost);
    }
}

static void do_icmp(struct reel *reel, unsigned type, unsigned code)
{
    enum { EACH = 5 };
    for (unsigned i = 0; i < EACH; i++) {
        size_t at = pick(reel, i, EACH);
        const struct shot *quoted = reel->shots[at];
        struct shot s = {.length = ETHERNET + IP + 8 + IP + 8};
        memcpy(s.octets, quoted->octets, ETHERNET + IP);
        memcpy(s.octets + ETHERNET + 12, quoted->octets + ETHERNET + 16, 4);
        memcpy(s.octets + ETHERNET + 16, quoted->octets + ETHERNET + 12, 4);
        put16(s.octets + 16, s.length - ETHERNET);
        s.octets[23] = 1;
        s.wire = s.length;
        seal_ip(&s);
        s.octets[ETHERNET + IP] = (uint8_t)type;
        s.octets[ETHERNET + IP + 1] = (uint8_t)code;
        put16(s.octets + ETHERNET + IP + 6, code == 4 ? 1400 : 0);
        memcpy(s.octets + ETHERNET + IP + 8, quoted->octets + ETHERNET, IP + 8);
        insert(reel, at + 1, &s, quoted->time + 100);
    }
    note(reel, type == 11 ? "icmp-ttl-exceeded" : code == 4 ? "icmp-frag-needed" : code == 13 ? "icmp-prohibited" : "icmp-unreachable", EACH, EACH);
}

/* The stamps of a device, from a part of the capture on, shifted. */
static void shift(struct reel *reel, unsigned device, long seconds, size_t from)
{
    for (size_t i = from; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24];
        if (!is_syslog(s) || device_of(s) != device)
            continue;
        write_stamp(stamp, s->time / 1000000 + seconds);
        memcpy(s->octets + FRONT + 5, stamp, 20);
        seal(s);
    }
}

static unsigned of_device(const struct reel *reel, unsigned device)
{
    unsigned count = 0;
    for (size_t i = 0; i < reel->count; i++)
        count += is_syslog(reel->shots[i]) && device_of(reel->shots[i]) == device;
    return count;
}

static void do_skew(struct reel *reel, unsigned device, unsigned seconds)
{
    shift(reel, device, (long)seconds, 0);
    if (seconds % 900) /* local time without a zone is a look-alike */
        note(reel, "clock-skew", of_device(reel, device), of_device(reel, device));
}

static void do_jump(struct reel *reel, unsigned device, unsigned seconds)
{
    shift(reel, device, (long)seconds, reel->count / 2);
    note(reel, "clock-jump", 1, 1);
}

/* One device says nothing for so long; it does not send, so its IP IDs go on. */
static void do_silence(struct reel *reel, unsigned device, unsigned seconds)
{
    int64_t begin = reel->shots[reel->count / 2]->time, shiftless = begin + (int64_t)seconds * 1000000;
    unsigned skipped = 0;
    for (size_t i = reel->count / 2; i < reel->count;) {
        struct shot *s = reel->shots[i];
        bool its = is_syslog(s) && device_of(s) == device;
        if (its && s->time < shiftless) {
            skipped++;
            cut_out(reel, i);
            continue;
        }
        if (its) {
            put16(s->octets + 18, (get16(s->octets + 18) - skipped) & 0xffff);
            seal(s);
        }
        i++;
    }
    note(reel, "silence", 1, 1);
}

static void do_burst(struct reel *reel, unsigned n, unsigned each)
{
    int64_t time = reel->shots[reel->count - 1]->time + 500000;
    unsigned id = 30000;
    for (unsigned i = 0; i < n; i++) {
        struct shot s = make_message(9, id++, time + (int64_t)i * each, i);
        append(reel, &s, s.time);
    }
    /* 1,280 octets each: 167 fit. */
    if (n > 167 + 167 * each * 5000 / 1000000)
        note(reel, "burst", 1, n);
}

static void do_arp(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot ask = make_arp(1, 9);
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at, &ask, reel->shots[at]->time - 10);
    }
    note(reel, "arp-unanswered", n, n);
}

/* Look-alikes: IP IDs that are random, all 0, or count for more than is seen. */
static void do_ids(struct reel *reel, unsigned kind, unsigned unused)
{
    unsigned id = 7;
    (void)unused;
    for (size_t i = 0; i < reel->count; i++) {
        if (!is_syslog(reel->shots[i]))
            continue;
        id += 1 + next_random(reel) % 9;
        put16(reel->shots[i]->octets + 18, (kind == 0 ? 0 : kind == 1 ? next_random(reel) : id) & 0xffff);
        seal(reel->shots[i]);
    }
}

/* Look-alike: the device says the same twice, a second time with an IP ID of its own. */
static void do_again(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    do_ids(reel, 0, 0);
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at + 1, reel->shots[at], reel->shots[at]->time + 2000);
    }
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

/* All messages in RFC 5424 with sequenceId; the IP IDs tell nothing; N messages are lost. */
static void do_sequence(struct reel *reel, unsigned n, unsigned unused)
{
    unsigned numbers[DEVICES + 1] = {0};
    (void)unused;
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        char stamp[24];
        time_t t = (time_t)(s->time / 1000000);
        struct tm tm;
        if (!is_syslog(s))
            continue;
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&t, &tm));
        reword(s, "<166>1 %s fw%u - - - [meta sequenceId=\"%u\"] ", stamp, ++numbers[device_of(s)]);
        put16(s->octets + 18, 0);
        seal(s);
    }
    for (unsigned i = 0; i < n; i++)
        cut_out(reel, pick(reel, i, n));
    if (n)
        note(reel, "sequence-gap", n, n);
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

/* The text of N messages goes on in a datagram of its own. */
static void do_split(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
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
    do_ids(reel, 1, 0);
    note(reel, "split-message", n, n);
}

static void do_report(struct reel *reel, unsigned n, unsigned unused)
{
    static const char text[] = "%FTD-3-414006: TCP Syslog Server configured and logging queue is full.";
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        uint8_t *tag = memmem(s->octets + FRONT, s->length - FRONT, "%FTD", 4);
        memcpy(tag, text, sizeof text - 1);
        memcpy(s->octets + FRONT, "<163>", 5);
        s->length = (uint32_t)(tag - s->octets) + sizeof text - 1;
        seal(s);
    }
    note(reel, "device-reports-loss", n, n);
}

static const struct operation {
    const char *name;
    void (*run)(struct reel *reel, unsigned a, unsigned b);
} operations[] = {
    {"drop", do_drop},         {"copy", do_copy},       {"reorder", do_reorder}, {"truncate", do_truncate}, {"snap", do_snap},
    {"udpsum", do_udpsum},     {"ipsum", do_ipsum},     {"offload", do_offload}, {"fragment", do_fragment}, {"icmp", do_icmp},
    {"skew", do_skew},         {"jump", do_jump},       {"silence", do_silence}, {"burst", do_burst},       {"arp", do_arp},
    {"ids", do_ids},           {"again", do_again},     {"nopri", do_nopri},
    {"sequence", do_sequence}, {"falsez", do_false_z},  {"drift", do_drift},     {"newyear", do_new_year},  {"split", do_split},
    {"report", do_report},
};

static bool run_operation(struct reel *reel, const char *word)
{
    char name[32] = "";
    unsigned a = 1, b = 0;
    if (sscanf(word, "%31[a-z]=%u,%u", name, &a, &b) < 1)
        return false;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (strcmp(operations[i].name, name) == 0) {
            operations[i].run(reel, a, b);
            return true;
        }
    return false;
}

/* ---- Files ---- */

static bool read_reel(struct reel *reel, const char *path)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline(path, error);
    struct pcap_pkthdr *header;
    const u_char *data;
    while (pcap && pcap_next_ex(pcap, &header, &data) == 1) {
        struct shot s = {.length = header->caplen < ROOM ? header->caplen : ROOM, .wire = header->len};
        memcpy(s.octets, data, s.length);
        append(reel, &s, (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec);
    }
    if (pcap)
        pcap_close(pcap);
    return pcap != NULL;
}

static bool write_reel(const struct reel *reel, const char *path)
{
    pcap_t *dead = pcap_open_dead(DLT_EN10MB, 262144);
    pcap_dumper_t *out = dead ? pcap_dump_open(dead, path) : NULL;
    for (size_t i = 0; out && i < reel->count; i++) {
        const struct shot *s = reel->shots[i];
        const struct pcap_pkthdr header = {.ts = {(time_t)(s->time / 1000000), (suseconds_t)(s->time % 1000000)}, .caplen = s->length, .len = s->wire};
        pcap_dump((u_char *)out, &header, s->octets);
    }
    if (out)
        pcap_dump_close(out);
    if (dead)
        pcap_close(dead);
    return out != NULL;
}

int main(int argc, char **argv)
{
    struct reel reel = {.shots = calloc(FRAMES_MAX, sizeof *reel.shots), .random = 1};
    bool fine = reel.shots && argc >= 4;
    if (fine && strcmp(argv[1], "clean") == 0) {
        make_clean(&reel, (unsigned)strtoul(argv[2], NULL, 10));
        fine = write_reel(&reel, argv[3]);
    } else if (fine) {
        reel.notes = fopen(argv[3], "w");
        fine = reel.notes && read_reel(&reel, argv[1]);
        for (int i = 4; fine && i < argc; i++)
            fine = run_operation(&reel, argv[i]);
        fine = fine && write_reel(&reel, argv[2]);
        if (reel.notes)
            fclose(reel.notes);
    }
    while (reel.count > 0)
        cut_out(&reel, reel.count - 1);
    free(reel.shots);
    if (!fine)
        fputs("usage: trouble clean COUNT OUT | trouble IN OUT NOTES OPERATION[=N[,M]]…\n", stderr);
    return fine ? 0 : 2;
}
