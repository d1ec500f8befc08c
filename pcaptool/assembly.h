/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The datagrams that fragments.c puts together: which there are, for how long, and which of them goes when there is no room.
 *
 *     assemblies ──► buckets[hash] ──► datagram ──► datagram (chain)
 *                ├─► open:      oldest … newest, OPEN and GIVEN_UP
 *                ├─► copies:    oldest … newest, OPEN and `copy`
 *                └─► completed: oldest … newest, COMPLETED
 */
#ifndef FTDPCAP_ASSEMBLY_H
#define FTDPCAP_ASSEMBLY_H

#include "fragments.h"

enum {
    ASSEMBLY_UNIT = 8,       /* octets that one bit of the map stands for */
    ASSEMBLY_BUCKETS = 4096, /* a power of two */
    ASSEMBLY_SECONDS = 1     /* how long a completed datagram stays known, and a copy of it open */
};

enum assembly_state {
    OPEN,
    GIVEN_UP, /* refuses what else arrives; the loss was reported */
    COMPLETED /* delivered; holds no data */
};

/* What makes fragments belong together. All octets are set, so memcmp() compares keys. */
struct assembly_key {
    uint8_t src[16];
    uint8_t dst[16];
    uint32_t ip_id;
    uint8_t version;
    uint8_t protocol; /* IPv4 only: IPv6 fragments may differ in it (RFC 8200 section 4.5) */
    uint8_t zero[2];
};

struct assembly {
    struct assembly *chain;
    struct assembly *older;
    struct assembly *newer;
    struct assembly_key key;
    uint8_t *data; /* capacity octets, then the map of capacity / ASSEMBLY_UNIT bits */
    uint32_t capacity;
    uint32_t bucket;
    uint32_t end; /* highest octet seen, exclusive */
    uint32_t cut; /* octets from here on may be missing in data */
    uint64_t last_frame;
    uint64_t first_frame;
    int64_t seconds; /* of the first fragment, or of completion */
    uint32_t nanoseconds;
    uint32_t fragments;
    uint32_t received;
    uint16_t src_port;
    uint16_t dst_port;
    uint8_t precision;
    uint8_t protocol; /* of the first fragment, once seen */
    uint8_t state;
    bool has_ports;
    bool length_known; /* end is the length of the datagram */
    bool copy;         /* began soon after one of this key had completed */
    bool bad_checksum; /* of UDP, in the one that completed */
};

struct assembly_list {
    struct assembly *oldest;
    struct assembly *newest;
};

struct assemblies {
    struct assembly *buckets[ASSEMBLY_BUCKETS];
    struct assembly_list open;
    struct assembly_list copies;
    struct assembly_list completed;
    struct fragments_limits limits;
    struct fragments_stats stats;
    fragments_lost_fn *lost;
    void *user;
};

/* What is too old goes. */
void assembly_expire(struct assemblies *all, const struct frame *now);

/* The datagram of the packet's key: found, begun anew after completion, or created. NULL: there is no room. */
struct assembly *assembly_find(struct assemblies *all, const struct packet *packet, const struct frame *frame);

/* What came so far was a copy's; what comes now is another datagram, which used the id again. */
void assembly_renew(struct assemblies *all, struct assembly *datagram, const struct frame *frame);

/* Room for octets up to END. False: there is none. */
bool assembly_grow(struct assemblies *all, struct assembly *datagram, uint32_t end);

/* It is whole. Its data become the caller's, to free. */
uint8_t *assembly_complete(struct assemblies *all, struct assembly *datagram, const struct frame *frame);

/* Keeps the datagram as a refusal of what else arrives for it. */
void assembly_give_up(struct assemblies *all, struct assembly *datagram, enum fragments_end why);

void assembly_evict(struct assemblies *all, struct assembly *datagram, enum fragments_end why);

/* All of them, the open ones in order of arrival. */
void assembly_end(struct assemblies *all);

#endif
