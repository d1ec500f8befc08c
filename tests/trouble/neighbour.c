/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trouble with neighbours: ARP, and what IPv6 has instead of it; messages and refusals over IPv6. */
#include <string.h>

#include "reel.h"

enum { FRONT6 = ETHERNET + IP6 + UDP, ICMP6 = ETHERNET + IP6, EACH = 5, GATEWAY = 254 };

static const uint8_t device6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 6}, collector6[16] = {0x20, 0x01, 0x0d, 0xb8, [5] = 0x10, [15] = 9};

/* N requests for the collector, with nothing behind, of 198.51.100.ASKER, whose card is another; 0: of the router. */
static void ask_all(struct reel *reel, unsigned n, unsigned asker)
{
    struct shot ask = make_arp(1, 9);
    if (asker)
        ask.octets[11] = ask.octets[27] = ask.octets[31] = (uint8_t)asker;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at, &ask, reel->shots[at]->time - 10);
    }
}

static void do_arp(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    ask_all(reel, n, 0);
    note(reel, "arp-unanswered", n, n);
}

/* Look-alike: N requests, each of which a mirror shows twice. */
static void do_arp_mirrored(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    ask_all(reel, n, 0);
    for (size_t i = 0; i < reel->count; i++)
        if (get16(reel->shots[i]->octets + 12) == 0x806) {
            insert(reel, i + 1, reel->shots[i], reel->shots[i]->time + 20);
            i++;
        }
}

/* N requests long after the last message. */
static void do_arp_after(struct reel *reel, unsigned n, unsigned unused)
{
    enum { MINUTE = 60000000 };
    const struct shot ask = make_arp(1, 9);
    (void)unused;
    for (unsigned i = 0; i <= n; i++) /* nobody waits for the last one */
        append(reel, &ask, end_of(reel) + MINUTE);
    note(reel, "arp-unanswered", n, n);
    note(reel, "silence", DEVICES, DEVICES);
}

/* N requests a second apart, as hosts repeat them, the last one with the last frame: of the last two nobody knows. */
static void do_arp_retry(struct reel *reel, unsigned n, unsigned unused)
{
    enum { SECOND = 1000000 };
    const struct shot ask = make_arp(1, 9);
    int64_t last = reel->shots[reel->count - 1]->time;
    (void)unused;
    for (unsigned i = 0; i < n; i++)
        place(reel, &ask, last - (int64_t)i * SECOND);
    note(reel, "arp-unanswered", n - 2, n);
}

/* Look-alike: hosts that send no syslog ask, and what they are answered is not seen here. */
static void do_arp_neighbours(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    ask_all(reel, n, 77);
    ask_all(reel, n, 78);
}

/* Two that send syslog by themselves. Each is answered at first. */
static void do_arp_devices(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot reply = make_arp(2, 9);
    (void)unused;
    for (unsigned device = 1; device <= 2; device++) {
        for (size_t i = 0; i < reel->count; i++)
            if (is_syslog(reel->shots[i]) && device_of(reel->shots[i]) == device)
                reel->shots[i]->octets[11] = (uint8_t)(100 + device);
        ask_all(reel, n + 1, 100 + device);
        reply.octets[41] = (uint8_t)(100 + device);
        insert(reel, pick(reel, 0, n), &reply, reel->shots[pick(reel, 0, n)]->time - 5);
    }
    note(reel, "arp-unanswered", 2 * n, 2 * n);
}

/* Look-alike: what the collector answers the router is not seen; it answers another host. */
static void do_arp_one_way(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot reply = make_arp(2, 9);
    (void)unused;
    for (size_t i = 0; i < reel->count; i++)
        if (get16(reel->shots[i]->octets + 12) == 0x806 && reel->shots[i]->octets[21] == 2)
            cut_out(reel, i--);
    reply.octets[41] = 77;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at, &reply, reel->shots[at]->time - 10);
    }
}

/* Look-alike: nothing that goes to a device, or to all, is seen. */
static void do_no_arp(struct reel *reel, unsigned unused, unsigned unused_too)
{
    (void)unused, (void)unused_too;
    for (size_t i = 0; i < reel->count; i++)
        if (get16(reel->shots[i]->octets + 12) == 0x806)
            cut_out(reel, i--);
}

/* Look-alike: the collector makes sure that nobody else has its address. */
static void do_arp_probe(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot ask = make_arp(1, 9);
    (void)unused;
    memset(ask.octets + 28, 0, 4);
    ask.octets[11] = ask.octets[27] = 9;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at, &ask, reel->shots[at]->time - 10);
    }
}

/* Look-alikes: requests for a host that gets no syslog, and a host that announces itself. */
static void do_arp_else(struct reel *reel, unsigned n, unsigned announced)
{
    struct shot ask = make_arp(1, announced ? 9 : 77);
    if (announced)
        memcpy(ask.octets + 28, ask.octets + 38, 4);
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at, &ask, reel->shots[at]->time - 10);
    }
}

/* Look-alike: each request is sent twice and answered in the end. */
static void do_arp_late(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot ask = make_arp(1, 9), reply = make_arp(2, 9);
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        int64_t time = reel->shots[at]->time;
        insert(reel, at, &ask, time - 900);
        insert(reel, at + 1, &ask, time - 600);
        insert(reel, at + 2, &reply, time - 300);
    }
}

/* Device 1 sends by way of 192.0.2.254, which answers once and then no more; with ELSE by way of another router. */
static void do_gateway(struct reel *reel, unsigned n, unsigned other)
{
    static const uint8_t device[] = {192, 0, 2, 1}, gateway[] = {192, 0, 2, GATEWAY};
    struct shot ask = make_arp(1, 9), reply = make_arp(2, 9);
    memcpy(ask.octets + 28, device, 4);
    memcpy(ask.octets + 38, gateway, 4);
    memcpy(reply.octets + 28, gateway, 4);
    memcpy(reply.octets + 38, device, 4);
    reply.octets[11] = reply.octets[27] = 0xfe;
    for (size_t i = 0; i < reel->count; i++)
        if (is_syslog(reel->shots[i]) && device_of(reel->shots[i]) == 1)
            reel->shots[i]->octets[5] = other ? 0xfd : 0xfe;
    insert(reel, 10, &ask, reel->shots[10]->time - 10);
    insert(reel, 11, &reply, reel->shots[10]->time + 5);
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        insert(reel, at, &ask, reel->shots[at]->time - 10);
    }
    if (!other)
        note(reel, "arp-unanswered", n, n);
}

/* ---- IPv6 ---- */

static struct shot make_ip6(const uint8_t *from, const uint8_t *to, uint8_t next, const void *octets, uint32_t length)
{
    static const uint8_t front[] = {0, 0, 0x5e, 0, 0x53, 9, 0, 0, 0x5e, 0, 0x53, 6, 0x86, 0xdd, 0x60};
    struct shot s = {.length = ETHERNET + IP6 + length, .wire = ETHERNET + IP6 + length};
    uint8_t *ip = s.octets + ETHERNET;
    memcpy(s.octets, front, sizeof front);
    put16(ip + 4, length);
    ip[6] = next;
    ip[7] = 255;
    memcpy(ip + 8, from, 16);
    memcpy(ip + 24, to, 16);
    memcpy(ip + IP6, octets, length);
    uint8_t *sum = ip + IP6 + (next == 17 ? 6 : 2);
    put16(sum, 0);
    put16(sum, folded(summed(summed(next + length, ip + 8, 32), ip + IP6, length)));
    return s;
}

static struct shot make_message6(int64_t time, unsigned n)
{
    const struct shot four = make_message(6, n, time, n);
    struct shot s = make_ip6(device6, collector6, 17, four.octets + ETHERNET + IP, four.length - ETHERNET - IP);
    s.time = time;
    return s;
}

/* Neighbour solicitation (135) or advertisement (136) for the collector, with the option that names a card. */
static struct shot make_neighbour(uint8_t type)
{
    uint8_t octets[32] = {type, [24] = type - 134, 1, 0, 0, 0x5e, 0, 0x53, type == 135 ? 6 : 9};
    memcpy(octets + 8, collector6, 16);
    return type == 135 ? make_ip6(device6, collector6, 58, octets, sizeof octets) : make_ip6(collector6, device6, 58, octets, sizeof octets);
}

/* N messages over IPv6 among the others, each neighbour solicited and found. */
static void do_six(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot ask = make_neighbour(135), reply = make_neighbour(136);
    int64_t time = begin_of(reel);
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        time += 1000000 + next_random(reel) % 300000;
        if (i % 20 == 0) {
            place(reel, &ask, time - 900);
            place(reel, &reply, time - 600);
        }
        struct shot s = make_message6(time, i);
        place(reel, &s, time);
    }
}

static size_t pick6(const struct reel *reel, unsigned n, unsigned count)
{
    size_t all = 0, at = 0;
    for (size_t i = 0; i < reel->count; i++)
        all += is_syslog6(reel->shots[i]);
    /* Not where one is solicited just now. */
    for (size_t left = all * n / count + 5; left > 0; at++)
        left -= is_syslog6(reel->shots[at]);
    return at - 1;
}

/* Capture times of N that run backwards. */
static void do_backwards6(struct reel *reel, unsigned n, unsigned unused)
{
    (void)unused;
    for (unsigned i = 0; i < n; i++)
        reel->shots[pick6(reel, i, n)]->time -= 2000000;
    note(reel, "reordered", n, n);
}

/* Refusals that quote five of them; with QUOTED 53 as its port: of other traffic. */
static void icmp6(struct reel *reel, unsigned type, unsigned code, unsigned port)
{
    for (unsigned i = 0; i < EACH; i++) {
        size_t at = pick6(reel, i, EACH);
        uint8_t octets[8 + IP6 + UDP + 64] = {(uint8_t)type, (uint8_t)code};
        memcpy(octets + 8, reel->shots[at]->octets + ETHERNET, sizeof octets - 8);
        if (type == 2)
            put16(octets + 6, 1280);
        put16(octets + 8 + IP6 + 2, port);
        struct shot s = make_ip6(collector6, device6, 58, octets, sizeof octets);
        insert(reel, at + 1, &s, reel->shots[at]->time + 100);
    }
}

static void do_icmp6(struct reel *reel, unsigned type, unsigned code)
{
    icmp6(reel, type, code, 514);
    note(reel, type == 2 ? "icmp-frag-needed" : type == 3 ? "icmp-ttl-exceeded" : code == 1 ? "icmp-prohibited" : "icmp-unreachable", EACH, EACH);
}

static void do_icmp6_else(struct reel *reel, unsigned type, unsigned code) { icmp6(reel, type, code, 53); }

static void do_solicit(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot ask = make_neighbour(135);
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick6(reel, i, n);
        insert(reel, at, &ask, reel->shots[at]->time - 10);
    }
    note(reel, "arp-unanswered", n, n);
}

/* Look-alike: is this address taken? Asked from none. */
static void do_probe(struct reel *reel, unsigned n, unsigned unused)
{
    struct shot ask = make_neighbour(135);
    (void)unused;
    memset(ask.octets + ETHERNET + 8, 0, 16);
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick6(reel, i, n);
        insert(reel, at, &ask, reel->shots[at]->time - 10);
    }
}

const struct operation neighbour_operations[] = {
    {.name = "arp", .run = do_arp},
    {.name = "arpmirrored", .run = do_arp_mirrored},
    {.name = "arpafter", .run = do_arp_after},
    {.name = "arpretry", .run = do_arp_retry},
    {.name = "arpneighbours", .run = do_arp_neighbours},
    {.name = "arpdevices", .run = do_arp_devices},
    {.name = "arponeway", .run = do_arp_one_way},
    {.name = "noarp", .run = do_no_arp},
    {.name = "arpprobe", .run = do_arp_probe},
    {.name = "arpelse", .run = do_arp_else},
    {.name = "arplate", .run = do_arp_late},
    {.name = "gateway", .run = do_gateway},
    {.name = "six", .run = do_six},
    {.name = "icmp6", .run = do_icmp6},
    {.name = "icmp6else", .run = do_icmp6_else},
    {.name = "backwards6", .run = do_backwards6},
    {.name = "solicit", .run = do_solicit},
    {.name = "probe", .run = do_probe},
    {.name = NULL},
};
