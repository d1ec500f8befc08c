/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reassembly of IPv4 and IPv6 datagrams (RFC 791, 815, 8200, 5722) in bounded memory.
 *
 * A datagram is a buffer plus one bit for each 8 octets received. Datagrams hang in a hash table by
 * (version, source, destination, id, protocol) whose chains are bounded, and in a list by arrival,
 * from which the oldest leaves when it is too old or memory is short. Results depend on the frames
 * alone, never on a random seed.
 *
 * - Octets that arrive twice and are equal are a duplicate; when they differ (teardrop) the datagram
 *   is given up, and what else arrives for it is refused until it would have timed out (RFC 5722).
 * - A fragment cut by the snap length fills its place on the wire; the datagram still completes, and
 *   its captured octets end where the first cut begins.
 * - A completed datagram is remembered for a second of capture time: copies from a mirror port that
 *   arrive late and never complete again are counted as late, not reported as lost. They wait no
 *   longer than that second for the others. What contradicts them, or makes a whole with them whose
 *   UDP checksum is wrong as the first one's was not, is another datagram that has the id.
 */
#ifndef FTDPCAP_FRAGMENTS_H
#define FTDPCAP_FRAGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "capture.h"
#include "link.h"

struct fragments;

enum fragments_end {
    FRAGMENTS_TIMED_OUT,
    FRAGMENTS_EVICTED,   /* memory, or the bound on a hash chain */
    FRAGMENTS_OVERLAP,   /* parts contradict each other */
    FRAGMENTS_OVERSIZED, /* more than 65,535 octets */
    FRAGMENTS_AT_END     /* still open when the capture ended */
};

/* A datagram that will not complete. Borrowed: valid during the callback. */
struct fragments_lost {
    enum fragments_end why;
    uint8_t version; /* 4 or 6 */
    uint8_t protocol;
    uint8_t src[16]; /* as in struct packet */
    uint8_t dst[16];
    uint32_t ip_id;
    bool has_ports; /* the first fragment was seen */
    uint16_t src_port;
    uint16_t dst_port;
    uint64_t first_frame; /* frame numbers of its first and last seen fragment */
    uint64_t last_frame;
    int64_t first_seconds; /* time of the first seen fragment */
    uint32_t first_nanoseconds;
    uint8_t precision;
    uint32_t fragments; /* seen, duplicates included */
    uint32_t received;  /* octets seen */
    uint32_t missing;   /* octets not seen; a lower bound unless length_known */
    bool length_known;  /* the last fragment was seen */
};

typedef void fragments_lost_fn(const struct fragments_lost *lost, void *user);

/* Bounds; zero members mean the default. */
enum { FRAGMENTS_SECONDS = 30 };
struct fragments_limits {
    size_t memory;    /* octets for all datagrams together, default 4 MiB, at least 256 KiB */
    uint32_t seconds; /* of capture time between first and last fragment, default FRAGMENTS_SECONDS */
};

struct fragments_stats {
    uint64_t fragments; /* handed in */
    uint64_t completed;
    uint64_t timed_out;
    uint64_t evicted;
    uint64_t overlapping; /* datagrams given up because their parts contradict each other */
    uint64_t oversized;   /* datagrams given up at 65,535 octets */
    uint64_t at_end;
    uint64_t open;      /* datagrams waiting now */
    uint64_t duplicate; /* fragments that brought nothing new */
    uint64_t late;      /* incomplete sets that began within a second after their datagram completed */
    uint64_t malformed; /* fragments without octets, or not the last and not a multiple of 8 */
    size_t memory;      /* octets in use now */
};

enum fragments_result {
    FRAGMENTS_REFUSED, /* malformed, or part of a datagram given up */
    FRAGMENTS_PENDING, /* kept: others are missing */
    FRAGMENTS_COMPLETE /* *packet now describes the whole datagram */
};

/* `limits` and `lost` may be NULL. Returns NULL when there is no memory. */
struct fragments *fragments_new(const struct fragments_limits *limits, fragments_lost_fn *lost, void *user);

/* Frees without calling back; NULL is allowed. Call fragments_finish() first to hear of open ones. */
void fragments_free(struct fragments *fragments);

/*
 * Takes a packet of kind PACKET_FRAGMENT from `frame` (only number and time are used). On
 * FRAGMENTS_COMPLETE the transport layer was parsed anew: kind, protocol, ports, transport, payload
 * and fault speak of the datagram, `reassembled` is set, and the pointers are valid until the next
 * call on `fragments`. Otherwise *packet is left alone. May call back for others that timed out.
 */
enum fragments_result fragments_add(struct fragments *fragments, const struct frame *frame, struct packet *packet);

/* The capture has ended: gives up every open datagram (FRAGMENTS_AT_END) in order of arrival. */
void fragments_finish(struct fragments *fragments);

const struct fragments_stats *fragments_statistics(const struct fragments *fragments);

#endif
