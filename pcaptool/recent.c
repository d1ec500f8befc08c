/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "recent.h"

#include <glib.h>

enum { CHAINS = 1 << 15 };

_Static_assert((RECENT_MAX & (RECENT_MAX - 1)) == 0 && RECENT_MAX <= 1 << 15, "numbers of 16 bits tell old from overwritten");

/* The last RECENT_MAX remembered datagrams, each at its number modulo that, less the one whose place is being filled. Chains lead from
 * one to an older one and on into what was overwritten: no number in them is taken for one that is not older than the last. */
struct recents {
    struct recent datagrams[RECENT_MAX];
    struct {
        struct {
            uint16_t tag;        /* more of what the chain is found by */
            uint16_t older;      /* number of the next one of the chain */
        } links[RECENT_MAX];
        uint16_t newest[CHAINS]; /* number, of each chain; most chains are empty, so that most searches end here */
    } chains[RECENT_KEYS];
    uint16_t count;              /* the next number */
};

struct recents *recents_new(void)
{
    struct recents *recents = g_new0(struct recents, 1);
    recents_forget(recents);
    return recents;
}

void recents_free(struct recents *recents) { g_free(recents); }

void recents_forget(struct recents *recents)
{
    for (int key = 0; key < RECENT_KEYS; key++)
        for (size_t i = 0; i < CHAINS; i++)
            recents->chains[key].newest[i] = recents->count;
}

struct recent *recents_next(struct recents *recents) { return &recents->datagrams[recents->count % RECENT_MAX]; }

/* Which chain, by the lower bits, and the tag in it, by the upper. */
static uint32_t chain_of(enum recent_key key, const struct recent *r)
{
    uint64_t datagram = ((uint64_t)r->ip_id << 32 | (uint64_t)r->checksum << 16 | r->length) ^ (uintptr_t)r->flow;
    return (uint32_t)(((key == RECENT_DATAGRAM ? datagram : r->sum[0] ^ r->sum[1]) * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

static bool same_key(enum recent_key key, const struct recent *a, const struct recent *b)
{
    if (key == RECENT_PAYLOAD)
        return a->length == b->length && a->sum[0] == b->sum[0] && a->sum[1] == b->sum[1];
    return a->flow == b->flow && a->ip_id == b->ip_id && a->checksum == b->checksum && a->length == b->length;
}

void recents_remember(struct recents *recents, struct recent *recent)
{
    uint16_t number = recents->count++;
    for (int key = 0; key < RECENT_KEYS; key++) {
        uint32_t chain = chain_of((enum recent_key)key, recent);
        uint16_t *newest = &recents->chains[key].newest[chain % CHAINS];
        recents->chains[key].links[number % RECENT_MAX].tag = (uint16_t)(chain >> 16);
        recents->chains[key].links[number % RECENT_MAX].older = *newest;
        *newest = number;
    }
}

/* 1 for the newest; 0, or more than RECENT_MAX: not there any more. */
static uint16_t age_of(const struct recents *recents, uint16_t number) { return (uint16_t)(recents->count - number); }

struct recent *recents_recall(struct recents *recents, enum recent_key key, const struct recent *like, recent_fits *fits)
{
    enum { LOOKS = 64 }; /* many that are alike must not cost more */
    uint32_t chain = chain_of(key, like);
    uint16_t number = recents->chains[key].newest[chain % CHAINS], last = 0, age;
    for (int i = 0; i < LOOKS && (age = age_of(recents, number)) > last && age <= RECENT_MAX; i++) {
        struct recent *r = &recents->datagrams[number % RECENT_MAX];
        if (r == like) /* the oldest, written over */
            break;
        if (recents->chains[key].links[number % RECENT_MAX].tag == (uint16_t)(chain >> 16) && same_key(key, like, r) && (!fits || fits(like, r)))
            return r;
        last = age;
        number = recents->chains[key].links[number % RECENT_MAX].older;
    }
    return NULL;
}
