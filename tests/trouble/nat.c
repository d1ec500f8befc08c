/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same text with other addresses: both sides of a NAT, and what looks like it. */
#include <string.h>

#include "reel.h"

enum { SOURCE = ETHERNET + 12, TARGET = ETHERNET + 16, HOP_LIMIT = ETHERNET + 8, IP_ID = ETHERNET + 4 };

/* All that DEVICE sends comes again with LENGTH other octets AT that place, and HOPS off the hop limit. */
static void come_again(struct reel *reel, unsigned device, size_t at, const uint8_t *octets, size_t length, unsigned hops)
{
    unsigned count = of_device(reel, device);
    for (size_t i = 0; i < reel->count; i++) {
        if (!is_syslog(reel->shots[i]) || device_of(reel->shots[i]) != device)
            continue;
        insert(reel, i + 1, reel->shots[i], reel->shots[i]->time + 15);
        struct shot *s = reel->shots[++i];
        memcpy(s->octets + at, octets, length);
        s->octets[HOP_LIMIT] = (uint8_t)(s->octets[HOP_LIMIT] - hops);
        seal(s);
    }
    note(reel, "duplicate", count, count);
}

/* What DEVICE sends comes again behind a NAT, which takes HOPS off the hop limit. */
static void do_nat(struct reel *reel, unsigned device, unsigned hops)
{
    static const uint8_t behind[] = {203, 0, 113, 99};
    come_again(reel, device, SOURCE, behind, sizeof behind, hops);
}

/* What is sent to the collector comes again on its way to the server that a balancer chose. */
static void do_balance(struct reel *reel, unsigned device, unsigned unused)
{
    static const uint8_t server[] = {198, 51, 100, 77};
    (void)unused;
    come_again(reel, device, TARGET, server, sizeof server, 1);
}

/* Look-alike: DEVICE sends everything to a second collector, too, and counts on for it. KEPT: the IP ID is the same for both. */
static void do_collectors(struct reel *reel, unsigned device, unsigned kept)
{
    unsigned id = 200;
    for (size_t i = 0; i < reel->count; i++) {
        if (!is_syslog(reel->shots[i]) || device_of(reel->shots[i]) != device)
            continue;
        put16(reel->shots[i]->octets + IP_ID, id++);
        seal(reel->shots[i]);
        insert(reel, i + 1, reel->shots[i], reel->shots[i]->time + 15);
        struct shot *s = reel->shots[++i];
        s->octets[TARGET + 3] = 10;
        put16(s->octets + IP_ID, kept ? id - 1 : id++);
        seal(s);
    }
}

static bool is_to(const struct shot *shot, unsigned target) { return shot->octets[TARGET + 3] == target; }

/* What one of two collectors of device 1, 198.51.100.TARGET, would get for SECONDS is lost on the way. */
static void do_outage_to(struct reel *reel, unsigned target, unsigned seconds)
{
    int64_t begin = begin_of(reel) + 100 * INT64_C(1000000);
    lose_between(reel, begin, begin + seconds * INT64_C(1000000), is_to, target);
}

/* Look-alike: N times a device without a name says what another one says, with an IP ID of its own. */
static void do_alike(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        struct shot *s = reel->shots[at];
        uint8_t *name = memmem(s->octets + FRONT, s->length - FRONT, " fw", 3);
        memmove(name, name + 5, (size_t)(s->octets + s->length - (name + 5)));
        s->length -= 5;
        seal(s);
        insert(reel, at + 1, s, s->time + 15);
        reel->shots[at + 1]->octets[SOURCE + 3] = 77;
        put16(reel->shots[at + 1]->octets + IP_ID, next_random(reel) & 0xffff);
        seal(reel->shots[at + 1]);
    }
}

const struct operation nat_operations[] = {
    {.name = "nat", .run = do_nat},
    {.name = "balance", .run = do_balance},
    {.name = "collectors", .run = do_collectors},
    {.name = "outageto", .run = do_outage_to},
    {.name = "alike", .run = do_alike},
    {.name = NULL},
};
