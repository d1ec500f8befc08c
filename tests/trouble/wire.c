/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trouble with packets: lost, copied, late, cut, damaged, refused, too many. */
#include <string.h>

#include "reel.h"

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

/* Their times stay where they are. */
static void change_places(struct reel *reel, size_t at, size_t other)
{
    struct shot *first = reel->shots[at];
    int64_t time = first->time;
    first->time = reel->shots[other]->time;
    reel->shots[other]->time = time;
    reel->shots[at] = reel->shots[other];
    reel->shots[other] = first;
}

/* Swaps a device's datagram with its next one, times kept in order; HIDDEN: nothing in the packets shows it. */
static void do_reorder(struct reel *reel, unsigned n, unsigned hidden)
{
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n), other = at + 1;
        while (!is_syslog(reel->shots[other]) || device_of(reel->shots[other]) != device_of(reel->shots[at]))
            other++;
        change_places(reel, at, other);
    }
    if (!hidden)
        note(reel, "reordered", n, n);
}

/* N times one of nine datagrams of device 1 comes before the others, and those in another order, too. */
static void do_overtake(struct reel *reel, unsigned n, unsigned unused)
{
    enum { GROUP = 9 };
    static const unsigned order[GROUP] = {8, 3, 0, 1, 2, 4, 5, 6, 7};
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        struct shot *shots[GROUP];
        size_t at[GROUP], next = pick(reel, i, n);
        int64_t times[GROUP];
        for (unsigned k = 0; k < GROUP; k++, next++) {
            while (!is_syslog(reel->shots[next]) || device_of(reel->shots[next]) != 1)
                next++;
            at[k] = next;
            shots[k] = reel->shots[next];
            times[k] = shots[k]->time;
        }
        for (unsigned k = 0; k < GROUP; k++) {
            reel->shots[at[k]] = shots[order[k]];
            reel->shots[at[k]]->time = times[k];
        }
    }
    note(reel, "reordered", n * (GROUP - 1), n * (GROUP - 1));
}

static void do_snap(struct reel *reel, unsigned n, unsigned length)
{
    for (unsigned i = 0; i < n; i++)
        reel->shots[pick(reel, i, n)]->length = length;
    note(reel, "snaplen", n, n);
}

/* Of other traffic. */
static void do_snap_else(struct reel *reel, unsigned length, unsigned unused)
{
    unsigned cut = 0;
    (void)unused;
    for (size_t i = 0; i < reel->count; i++)
        if (!is_syslog(reel->shots[i])) {
            reel->shots[i]->length = length;
            cut++;
        }
    note(reel, "snaplen/note", cut, cut);
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

/* Look-alike of damage: all of one device, as a network card that adds them later leaves them. */
static void do_offload(struct reel *reel, unsigned device, unsigned pseudo)
{
    for (size_t i = 0; i < reel->count; i++) {
        uint8_t *ip = reel->shots[i]->octets + ETHERNET;
        if (!is_syslog(reel->shots[i]) || device_of(reel->shots[i]) != device)
            continue;
        if (pseudo)
            put16(ip + 26, ~folded(summed(17 + get16(ip + 24), ip + 12, 8)) & 0xffff);
        else
            ip[26] ^= 0x55;
    }
    note(reel, "checksum-offload/note", of_device(reel, device), of_device(reel, device));
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

static bool is_from(const struct shot *shot, unsigned device) { return device_of(shot) == device; }

/* What one device says for so long is lost on the way: its IP IDs leap by as many. */
static void do_outage(struct reel *reel, unsigned device, unsigned seconds)
{
    int64_t begin = reel->shots[reel->count / 2]->time;
    lose_between(reel, begin, begin + (int64_t)seconds * 1000000, is_from, device);
}

/* Half way device 1 starts anew, and so do its IP IDs, LEAP farther on, or at 1. */
static void do_reload(struct reel *reel, unsigned leap, unsigned at_one)
{
    unsigned last = 0, shift = 0;
    for (size_t i = 0; i < reel->count; i++) {
        uint8_t *id = reel->shots[i]->octets + 18;
        if (!is_syslog(reel->shots[i]) || device_of(reel->shots[i]) != 1)
            continue;
        if (at_one && i < reel->count / 2)
            put16(id, get16(id) + 0x10000 - leap);
        if (i < reel->count / 2)
            last = get16(id);
        else if (!shift)
            shift = (at_one ? 1 : last + leap + 1) - get16(id);
        put16(id, (get16(id) + shift) & 0xffff);
        seal(reel->shots[i]);
    }
    leap = at_one ? 0x10000 - last : leap;
    if (leap < 0x8000) /* more is a step back */
        note(reel, "ip-id-gap", leap, leap);
}

/* Look-alike: device 1 asks a name server N times, too, and its IP IDs count that; or, instead, its COLLECTOR. */
static void do_chatter(struct reel *reel, unsigned n, unsigned collector)
{
    enum { DNS = 53, TURN = 20 };
    unsigned asked = 0, turn = 0;
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        if (!is_syslog(s) || device_of(s) != 1)
            continue;
        put16(s->octets + 18, (get16(s->octets + 18) + asked) & 0xffff);
        seal(s);
        if (++turn % TURN || asked == n)
            continue;
        insert(reel, ++i, s, s->time + 100);
        s = reel->shots[i];
        put16(s->octets + 18, (get16(s->octets + 18) + 1) & 0xffff);
        s->octets[ETHERNET + 19] = collector ? 9 : 53;
        put16(s->octets + ETHERNET + IP, 50000);
        put16(s->octets + ETHERNET + IP + 2, DNS);
        set_payload(s, "?", 1);
        asked++;
    }
}

/* Look-alike: a pause of SECONDS after the first N messages of each device, too early to know its rhythm. */
static void do_early(struct reel *reel, unsigned n, unsigned seconds)
{
    for (size_t i = 0, seen = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        seen += is_syslog(s);
        if (seen > (size_t)n * DEVICES)
            break;
        s->time -= seconds * INT64_C(1000000);
        if (is_syslog(s)) {
            char stamp[24];
            write_stamp(stamp, s->time / 1000000);
            memcpy(s->octets + FRONT + 5, stamp, 20);
            seal(s);
        }
    }
}

static void do_burst(struct reel *reel, unsigned n, unsigned each)
{
    int64_t time = reel->shots[reel->count - 1]->time + 500000;
    unsigned id = 30000;
    for (unsigned i = 0; i < n; i++) {
        struct shot s = make_message(9, id++, time + (int64_t)i * each, i);
        append(reel, &s, s.time);
    }
    /* 1,280 octets each: 166 fit. */
    if (n > 166 + 166 * each * 5000 / 1000000)
        note(reel, "burst", 1, n);
}

/* The same, and the first two have times that are MILLISECONDS too late. */
static void do_burst_back(struct reel *reel, unsigned n, unsigned milliseconds)
{
    size_t first = reel->count;
    do_burst(reel, n, 20);
    reel->shots[first]->time += milliseconds * INT64_C(1000);
    reel->shots[first + 1]->time += milliseconds * INT64_C(1000);
    note(reel, "reordered", 1, 1);
}

/* Look-alike: the device says the same twice, with IP IDs of a KIND that does not tell which is which. */
static void do_again(struct reel *reel, unsigned n, unsigned kind)
{
    renumber(reel, kind);
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at + 1, reel->shots[at], reel->shots[at]->time + 2000);
    }
}

/* N messages of the same length at once: HELD of them fit into a receive buffer of 212,992 octets. */
static void do_flood(struct reel *reel, unsigned n, unsigned length)
{
    int64_t time = end_of(reel) + 500000;
    unsigned held = length <= 172 ? 256 : length <= 400 ? 166 : 92;
    for (unsigned i = 0; i < n; i++) {
        struct shot s = make_message(9, 30000 + i, time, i);
        lengthen(&s, FRONT + length - s.length);
        append(reel, &s, time);
    }
    if (n > held)
        note(reel, "burst", n - held, n - held);
}

/* A receiver that keeps up: as many, but no faster than they are read. */
static void do_paced(struct reel *reel, unsigned n, unsigned each)
{
    int64_t time = end_of(reel) + 500000;
    for (unsigned i = 0; i < n; i++) {
        struct shot s = make_message(9, 30000 + i, time + (int64_t)i * each, i);
        append(reel, &s, s.time);
    }
}

/* Look-alike: no checksum at all, which IPv4 allows; 0: of every datagram. */
static void do_nosum(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++)
        put16(reel->shots[pick(reel, i, n)]->octets + ETHERNET + IP + 6, 0);
    for (size_t i = 0; n == 0 && i < reel->count; i++)
        if (is_syslog(reel->shots[i]))
            put16(reel->shots[i]->octets + ETHERNET + IP + 6, 0);
}

/* Look-alike: octets behind the datagram, as Ethernet pads. */
static void do_pad(struct reel *reel, unsigned n, unsigned octets)
{
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        memset(s->octets + s->length, 0, octets);
        s->length += octets;
        s->wire = s->length;
    }
}

static void do_capdrop(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    reel->interfaces = 1;
    reel->os_drops = n;
    if (n)
        note(reel, "capture-drops", n, n);
}

/* Statistics and the first packet tell of N each: the same ones, or those of another INTERFACE. */
static void do_capblocks(struct reel *reel, unsigned n, unsigned interface)
{
    reel->interfaces = interface + 1;
    reel->if_drops = reel->block_drops = n;
    note(reel, "capture-drops", n * (interface + 1), n * (interface + 1));
}

/* More than can be counted. */
static void do_capflood(struct reel *reel, unsigned unused, unsigned unused_too)
{
    (void)unused, (void)unused_too;
    reel->interfaces = 1;
    reel->if_drops = reel->os_drops = reel->block_drops = UINT64_MAX;
    fprintf(reel->notes, "capture-drops 1e19 2e19\n");
}

/* Capture times that run backwards within a device, by SECONDS (0: two). */
static void do_backwards(struct reel *reel, unsigned n, unsigned seconds)
{
    renumber(reel, 0);
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        while (device_of(reel->shots[at]) != 1)
            at++;
        reel->shots[at]->time -= (seconds ? seconds : 2) * INT64_C(1000000);
    }
    note(reel, "reordered", n, n);
}

/* N times two datagrams of a device change places, with their times; the IP IDs count for little more than is seen. */
static void do_swap(struct reel *reel, unsigned n, unsigned unused)
{
    unsigned id = 0;
    (void)unused;
    for (size_t i = 0; i < reel->count; i++)
        if (is_syslog(reel->shots[i])) {
            id += device_of(reel->shots[i]) == 1 ? 1 + (unsigned)(i / 3 % 3) : 0;
            put16(reel->shots[i]->octets + 18, device_of(reel->shots[i]) == 1 ? id : 0);
            seal(reel->shots[i]);
        }
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n), other;
        while (device_of(reel->shots[at]) != 1)
            at++;
        for (other = at + 1; !is_syslog(reel->shots[other]) || device_of(reel->shots[other]) != 1;)
            other++;
        struct shot *first = reel->shots[at];
        reel->shots[at] = reel->shots[other];
        reel->shots[other] = first;
    }
    note(reel, "reordered", n, n);
}

/* Look-alike: another device's datagram in front, each device in order. */
static void do_interleave(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n), other = at + 1;
        while (!is_syslog(reel->shots[other]) || device_of(reel->shots[other]) == device_of(reel->shots[at]))
            other++;
        change_places(reel, at, other);
    }
}

/* Look-alike: a device that speaks in fits, with long pauses of any length between. */
static void do_fits(struct reel *reel, unsigned n, unsigned unused)
{
    int64_t time = begin_of(reel);
    unsigned id = 0;
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        time += 2000000 + (int64_t)(next_random(reel) % 20) * (next_random(reel) % 20) * 50000;
        for (unsigned k = 0; k < 12; k++) {
            struct shot s = make_message(7, id, time + k * 20000, id);
            place(reel, &s, s.time);
            id++;
        }
        time += 240000;
    }
}

/* A device that wants to say 5 to 60 in a second, for N seconds, and is held to LIMIT; 0: is not. */
static void do_plateau(struct reel *reel, unsigned n, unsigned limit)
{
    int64_t time = (begin_of(reel) / 1000000 + 1) * 1000000;
    unsigned id = 0, held = 0, wants = 5;
    for (unsigned second = 0; second < n; second++) {
        if (second % 6 == 0)
            wants = 5 + next_random(reel) % 56;
        unsigned says = wants + next_random(reel) % 9, most = limit && says > limit ? limit : says;
        held += limit && says > limit;
        for (unsigned k = 0; k < most; k++) {
            struct shot s = make_message(8, id, time + second * INT64_C(1000000) + k * 1000000 / (most + 1), id);
            place(reel, &s, s.time);
            id++;
        }
    }
    if (limit)
        note(reel, "rate-plateau/note", 1, held);
}

/* Look-alike: EACH messages at once, every ten seconds, and single ones between. */
static void do_batches(struct reel *reel, unsigned n, unsigned each)
{
    int64_t time = (begin_of(reel) / 1000000 + 1) * 1000000;
    unsigned id = 0;
    for (unsigned i = 0; i < n; i++)
        for (unsigned k = 0; k < each + 9; k++) {
            int64_t at = time + i * INT64_C(10000000) + (k < each ? k * 10000 : (k - each + 1) * INT64_C(1000000));
            struct shot s = make_message(8, id, at, id);
            place(reel, &s, s.time);
            id++;
        }
}

/* Device 1 counts for each of two collectors; N of what it sends the second one, half as much, are lost. */
static void do_per_collector(struct reel *reel, unsigned n, unsigned unused)
{
    unsigned turn = 0, ids[2] = {1000, 40000};
    (void)unused;
    for (size_t i = 0; i < reel->count; i++) {
        struct shot *s = reel->shots[i];
        if (!is_syslog(s) || device_of(s) != 1)
            continue;
        bool second = ++turn % 3 == 0, lost = second && turn > 150 && turn <= 150 + 3 * n;
        put16(s->octets + 18, ids[second]++);
        s->octets[ETHERNET + 19] = second ? 10 : 9;
        seal(s);
        if (lost)
            cut_out(reel, i--);
    }
    note(reel, "ip-id-gap", n, n);
}

static void do_ids(struct reel *reel, unsigned kind, unsigned unused)
{
    (void)unused;
    renumber(reel, kind);
}

const struct operation wire_operations[] = {
    {.name = "drop", .run = do_drop},
    {.name = "copy", .run = do_copy},
    {.name = "reorder", .run = do_reorder},
    {.name = "overtake", .run = do_overtake},
    {.name = "snap", .run = do_snap},
    {.name = "snapelse", .run = do_snap_else},
    {.name = "udpsum", .run = do_udpsum},
    {.name = "ipsum", .run = do_ipsum},
    {.name = "offload", .run = do_offload},
    {.name = "silence", .run = do_silence},
    {.name = "outage", .run = do_outage},
    {.name = "reload", .run = do_reload},
    {.name = "chatter", .run = do_chatter},
    {.name = "early", .run = do_early},
    {.name = "burst", .run = do_burst},
    {.name = "percollector", .run = do_per_collector},
    {.name = "ids", .run = do_ids},
    {.name = "burstback", .run = do_burst_back},
    {.name = "again", .run = do_again},
    {.name = "flood", .run = do_flood},
    {.name = "paced", .run = do_paced},
    {.name = "nosum", .run = do_nosum},
    {.name = "pad", .run = do_pad},
    {.name = "capdrop", .run = do_capdrop},
    {.name = "capblocks", .run = do_capblocks},
    {.name = "capflood", .run = do_capflood},
    {.name = "backwards", .run = do_backwards},
    {.name = "swap", .run = do_swap},
    {.name = "interleave", .run = do_interleave},
    {.name = "fits", .run = do_fits},
    {.name = "plateau", .run = do_plateau},
    {.name = "batches", .run = do_batches},
    {.name = NULL},
};
