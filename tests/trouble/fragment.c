/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trouble with datagrams in fragments. */
#include <string.h>

#include "reel.h"

/* Leaves the first fragment of a datagram where it is; returns the second one. */
static struct shot split(struct shot *first)
{
    struct shot second = *first;
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
    return second;
}

/* In two fragments; with LOSE the second one never comes. */
static void fragment(struct reel *reel, unsigned n, bool lose)
{
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        while (get16(reel->shots[at]->octets + 20) & 0x2000)
            at++;
        struct shot second = split(reel->shots[at]);
        if (!lose)
            insert(reel, at + 1, &second, reel->shots[at]->time + 30);
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

/* The first fragments of N are refused: before the second one comes, or, where LATE, behind it. */
static void do_fragments_refused(struct reel *reel, unsigned n, unsigned late)
{
    for (unsigned i = 0; i < n; i++) {
        size_t at = pick(reel, i, n);
        struct shot second = split(reel->shots[at]), error = make_error(reel->shots[at], 3, 13);
        insert(reel, at + 1, late ? &second : &error, reel->shots[at]->time + 20);
        insert(reel, at + 2, late ? &error : &second, reel->shots[at]->time + 40);
    }
    note(reel, "icmp-prohibited", n, n);
}

/* N in two fragments, both of them cut by the capture. */
static void do_fragments_cut(struct reel *reel, unsigned n, unsigned length)
{
    fragment(reel, n, false);
    for (size_t i = 0; i < reel->count; i++)
        if (get16(reel->shots[i]->octets + 12) == 0x800 && get16(reel->shots[i]->octets + 20) & 0x3fff && reel->shots[i]->length > length)
            reel->shots[i]->length = length;
    note(reel, "snaplen", n, n);
}

/* Those whose first fragment was lost, and all the others, go to PORT. */
static void do_fragments_headless(struct reel *reel, unsigned n, unsigned port)
{
    for (size_t i = 0; i < reel->count; i++)
        if (is_syslog(reel->shots[i])) {
            put16(reel->shots[i]->octets + ETHERNET + IP + 2, port);
            seal(reel->shots[i]);
        }
    for (unsigned i = 0; i < n; i++) {
        struct shot *s = reel->shots[pick(reel, i, n)];
        *s = split(s);
    }
    note(reel, "fragment-missing", n, n);
}

/* Look-alike: a filter by port passes first fragments only; with PING also a fragmented echo of the collector. */
static void do_fragments_filtered(struct reel *reel, unsigned n, unsigned ping)
{
    fragment(reel, n, true);
    note(reel, "fragment-missing/note", n, n);
    if (!ping)
        return;
    size_t at = pick(reel, 0, n) + 1;
    struct shot first = *reel->shots[pick(reel, 1, n)], second;
    first.octets[23] = 1;
    put16(first.octets + 20, 0);
    memcpy(first.octets + ETHERNET + 12, first.octets + ETHERNET + 16, 4);
    first.octets[ETHERNET + 19] = 77;
    second = split(&first);
    insert(reel, at, &first, reel->shots[at]->time);
    insert(reel, at + 1, &second, reel->shots[at]->time);
}

/* Look-alike: more datagrams at a time than can be put together, and all of them complete. */
static void do_fragments_crowd(struct reel *reel, unsigned n, unsigned unused)
{
    int64_t begin = reel->shots[reel->count / 2]->time;
    (void)unused;
    for (unsigned i = 0; i < n; i++) {
        struct shot first = make_message(9, i, begin, i), second = split(&first);
        place(reel, &first, begin + i);
        place(reel, &second, begin + n + i * 300);
    }
}

const struct operation fragment_operations[] = {
    {.name = "fragment", .run = do_fragment},
    {.name = "fragmentrefused", .run = do_fragments_refused},
    {.name = "fragmentcut", .run = do_fragments_cut},
    {.name = "fragmentheadless", .run = do_fragments_headless},
    {.name = "fragmentfilter", .run = do_fragments_filtered},
    {.name = "fragmentcrowd", .run = do_fragments_crowd},
    {.name = NULL},
};
