/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trouble that ICMP errors tell of. */
#include <string.h>

#include "reel.h"

enum { EACH = 5, QUOTE = ETHERNET + IP + 8 };

struct shot make_error(const struct shot *quoted, unsigned type, unsigned code)
{
    struct shot s = {.length = QUOTE + IP + 8};
    memcpy(s.octets, quoted->octets, ETHERNET + IP);
    memcpy(s.octets + ETHERNET + 12, quoted->octets + ETHERNET + 16, 4);
    memcpy(s.octets + ETHERNET + 16, quoted->octets + ETHERNET + 12, 4);
    put16(s.octets + 16, s.length - ETHERNET);
    put16(s.octets + 20, 0);
    s.octets[23] = 1;
    s.wire = s.length;
    seal_ip(&s);
    s.octets[ETHERNET + IP] = (uint8_t)type;
    s.octets[ETHERNET + IP + 1] = (uint8_t)code;
    put16(s.octets + ETHERNET + IP + 6, code == 4 ? 1400 : 0);
    memcpy(s.octets + QUOTE, quoted->octets + ETHERNET, IP + 8);
    return s;
}

static void refuse(struct reel *reel, unsigned type, unsigned code)
{
    for (unsigned i = 0; i < EACH; i++) {
        size_t at = pick(reel, i, EACH);
        struct shot s = make_error(reel->shots[at], type, code);
        insert(reel, at + 1, &s, reel->shots[at]->time + 100);
    }
}

static void do_icmp(struct reel *reel, unsigned type, unsigned code)
{
    refuse(reel, type, code);
    note(reel, type == 11 ? "icmp-ttl-exceeded" : code == 4 ? "icmp-frag-needed" : code == 13 ? "icmp-prohibited" : "icmp-unreachable", EACH, EACH);
}

/* Another host than the receiver answers. */
static void do_icmp_by_hop(struct reel *reel, unsigned type, unsigned code)
{
    static const uint8_t hop[] = {192, 0, 2, 254};
    do_icmp(reel, type, code);
    for (size_t i = 0; i < reel->count; i++)
        if (reel->shots[i]->octets[23] == 1) {
            memcpy(reel->shots[i]->octets + ETHERNET + 12, hop, sizeof hop);
            seal_ip(reel->shots[i]);
        }
}

/* Errors of other traffic: what they quote went to the port. */
static void do_icmp_else(struct reel *reel, unsigned type, unsigned port)
{
    refuse(reel, type, type == 3 ? 3 : 0);
    for (size_t i = 0; i < reel->count; i++)
        if (reel->shots[i]->octets[23] == 1)
            put16(reel->shots[i]->octets + QUOTE + IP + 2, port);
}

/* What N errors quote was lost on the way to here. */
static void do_icmp_unseen(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot gone = *reel->shots[pick(reel, 0, 1)];
    size_t at = pick(reel, 0, 1);
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        put16(gone.octets + ETHERNET + 4, 40000 + i);
        struct shot s = make_error(&gone, 3, 3);
        insert(reel, at + 1 + i, &s, gone.time + 100 + i);
    }
    note(reel, "icmp-unreachable", n, n);
}

/* An error in front of all, for what device 1 sent before, N of whose datagrams are refused later; it sends to PORT. */
static void do_icmp_first(struct reel *reel, unsigned port, unsigned n)
{
    struct shot older, error;
    size_t first = reel->count;
    for (size_t i = reel->count; i-- > 0;)
        if (is_syslog(reel->shots[i]) && device_of(reel->shots[i]) == 1) {
            put16(reel->shots[i]->octets + ETHERNET + IP + 2, port);
            seal(reel->shots[i]);
            first = i;
        }
    older = *reel->shots[first];
    put16(older.octets + ETHERNET + 4, 99);
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        while (!is_syslog(reel->shots[at]) || device_of(reel->shots[at]) != 1)
            at++;
        error = make_error(reel->shots[at], 3, 3);
        insert(reel, at + 1, &error, reel->shots[at]->time + 100);
    }
    error = make_error(&older, 3, 3);
    insert(reel, 0, &error, begin_of(reel) - 900);
    note(reel, "icmp-unreachable", n + 1, n + 1);
}

/* A device that puts neither time nor IP ID says the same N times, and each time that is refused, which a mirror shows twice. */
static void do_icmp_alike(struct reel *reel, unsigned n, unsigned unused)
{
    static const char text[] = "<166>%FTD-6-722051: Group <Staff> User <user> IP <203.0.113.7> IPv4 Address <10.8.0.1> IPv6 address <::> assigned to session";
    int64_t time = begin_of(reel), each = (end_of(reel) - time) / n; /* seconds */
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        time += each;
        struct shot s = make_message(9, 0, time, 0), error;
        set_payload(&s, text, sizeof text - 1);
        error = make_error(&s, 3, 3);
        put16(error.octets + ETHERNET + 4, i + 1);
        seal_ip(&error);
        place(reel, &s, time);
        place(reel, &error, time + 100);
        place(reel, &error, time + 120);
    }
    note(reel, "icmp-unreachable", n, n);
    note(reel, "no-timestamp/note", n, n);
}

const struct operation refusal_operations[] = {
    {.name = "icmp", .run = do_icmp},
    {.name = "icmpbyhop", .run = do_icmp_by_hop},
    {.name = "icmpelse", .run = do_icmp_else},
    {.name = "icmpunseen", .run = do_icmp_unseen},
    {.name = "icmpfirst", .run = do_icmp_first},
    {.name = "icmpalike", .run = do_icmp_alike},
    {.name = NULL},
};
