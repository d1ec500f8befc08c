/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Datagrams not long ago, up to RECENT_MAX of them: found by what an ICMP error or a copy of them repeats (flow, IP ID, checksum and
 * length), or by their payload.
 */
#ifndef FTDPCAP_RECENT_H
#define FTDPCAP_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { RECENT_MAX = 4096 };

enum recent_key { RECENT_DATAGRAM, RECENT_PAYLOAD, RECENT_KEYS };

struct recent {
    const struct flow *flow; /* not owned */
    uint64_t frame;
    int64_t time;         /* nanoseconds since 1970 */
    uint64_t sum[2];      /* of the payload, see recent_sum() */
    uint32_t ip_id;
    uint16_t checksum, length, src_port; /* of UDP; the first two 0 where its header is cut */
    uint8_t ttl;
    bool copied;          /* a copy of it was seen, or it is one */
};

struct recents;

struct recents *recents_new(void);
void recents_free(struct recents *recents);

/* Forgets all of them. */
void recents_forget(struct recents *recents);
/* Where the next datagram to remember goes, for the caller to fill. Until recents_remember() it is nobody's, and may be given up. */
struct recent *recents_next(struct recents *recents);
void recents_remember(struct recents *recents, struct recent *recent);
/* The newest one with the key of LIKE that FITS, unless that is NULL. NULL: there is none among the latest that are alike. It is there
 * until the next one is filled. */
typedef bool recent_fits(const struct recent *like, const struct recent *before);
struct recent *recents_recall(struct recents *recents, enum recent_key key, const struct recent *like, recent_fits *fits);

/* Two sums over the words of a payload, the second one with their places (after Fletcher, of 64 bits): few instructions for what is
 * compared with others of the same length and checksum only. */
static inline void recent_sum_word(const uint8_t *octets, size_t length, uint64_t sum[2])
{
    uint64_t word = 0;
    memcpy(&word, octets, length);
    sum[0] += word;
    sum[1] += sum[0];
}

static inline void recent_sum(const uint8_t *octets, size_t length, uint64_t result[2])
{
    const uint8_t *at = octets, *end = octets + length;
    uint64_t sum[2] = {0};
    for (; end - at >= 32; at += 32)
        for (int i = 0; i < 32; i += 8)
            recent_sum_word(at + i, 8, sum);
    for (; end - at >= 8; at += 8)
        recent_sum_word(at, 8, sum);
    if (length >= 8)
        recent_sum_word(end - 8, 8, sum); /* the rest, with what stands in front of it */
    else
        recent_sum_word(octets, length, sum);
    memcpy(result, sum, sizeof sum);
}

#endif
