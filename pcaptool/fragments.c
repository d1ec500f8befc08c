/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fragments.h"

#include <stdlib.h>
#include <string.h>

#include "assembly.h"

enum { MAX_OCTETS = 65535, UNIT = ASSEMBLY_UNIT, DEFAULT_MEMORY = 4 << 20, LEAST_MEMORY = 256 << 10 };

struct fragments {
    struct assemblies all;
    uint8_t *delivered; /* data of the last completed datagram, until the next call */
    uint8_t *carrier;   /* of the one before: what was delivered last may be of a fragment in it */
};

struct fragments *fragments_new(const struct fragments_limits *limits, fragments_lost_fn *lost, void *user)
{
    struct fragments *fragments = calloc(1, sizeof *fragments);
    if (fragments == NULL)
        return NULL;
    struct fragments_limits *own = &fragments->all.limits;
    if (limits != NULL)
        *own = *limits;
    if (own->memory == 0)
        own->memory = DEFAULT_MEMORY;
    if (own->memory < LEAST_MEMORY)
        own->memory = LEAST_MEMORY;
    if (own->seconds == 0)
        own->seconds = FRAGMENTS_SECONDS;
    fragments->all.lost = lost;
    fragments->all.user = user;
    return fragments;
}

/* Storing. */

/* Enters one unit, octets `from` to `to`, `there` of which are at `octets`. False: a conflict. */
static bool enter(struct assembly *datagram, uint32_t from, uint32_t to, const uint8_t *octets, uint32_t there)
{
    uint8_t *map = datagram->data + datagram->capacity + from / UNIT / 8;
    uint8_t bit = (uint8_t)(1u << (from / UNIT % 8));
    if (*map & bit) {
        uint32_t known = datagram->cut > from ? datagram->cut - from : 0;
        return memcmp(datagram->data + from, octets, there < known ? there : known) == 0;
    }
    *map |= bit;
    memcpy(datagram->data + from, octets, there);
    datagram->received += to - from;
    if (there < to - from && datagram->cut > from + there)
        datagram->cut = from + there;
    return true;
}

/* Copies a fragment to its place. False: it contradicts what is there. */
static bool store(struct assembly *datagram, const struct packet *packet)
{
    uint32_t from = packet->fragment_offset;
    uint32_t end = from + packet->payload_wire;
    bool last = !packet->more_fragments;
    if (datagram->length_known && (end > datagram->end || (last && end != datagram->end)))
        return false;
    if (last && end < datagram->end)
        return false;
    const uint8_t *octets = packet->payload;
    uint32_t there = packet->payload_captured;
    while (from < end) {
        uint32_t to = end - from < UNIT ? end : from + UNIT;
        uint32_t now = there < to - from ? there : to - from;
        if (!enter(datagram, from, to, octets, now))
            return false;
        octets += now;
        there -= now;
        from = to;
    }
    if (end > datagram->end)
        datagram->end = end;
    datagram->length_known |= last;
    return true;
}

static uint32_t captured_of(const struct assembly *datagram) { return datagram->cut < datagram->end ? datagram->cut : datagram->end; }

/* Whether parts of two datagrams met in what has now become whole: of a copy's, and of one that used the id again. */
static bool is_mixed(const struct assembly *datagram, const struct packet *fragment)
{
    struct packet whole = *fragment;
    if (!datagram->copy || datagram->bad_checksum)
        return false;
    whole.protocol = datagram->protocol;
    whole.reassembled = true;
    packet_parse_transport(datagram->data, captured_of(datagram), datagram->end, &whole);
    return packet_udp_checksum(&whole) == CHECKSUM_BAD;
}

static void complete(struct fragments *fragments, struct assembly *datagram, const struct frame *frame, struct packet *packet)
{
    packet->protocol = datagram->protocol;
    packet->reassembled = true;
    packet_parse_transport(datagram->data, captured_of(datagram), datagram->end, packet);
    datagram->bad_checksum = packet_udp_checksum(packet) == CHECKSUM_BAD;
    fragments->delivered = assembly_complete(&fragments->all, datagram, frame);
}

static void note(struct assembly *datagram, const struct frame *frame, const struct packet *packet)
{
    datagram->fragments++;
    datagram->last_frame = frame->number;
    if (packet->fragment_offset > 0)
        return;
    datagram->protocol = packet->protocol;
    datagram->has_ports = packet->has_ports;
    datagram->src_port = packet->src_port;
    datagram->dst_port = packet->dst_port;
}

enum fit { PARTIAL, WHOLE, CONFLICT, OVERSIZED, NO_ROOM };

/* Takes a fragment in. */
static enum fit take(struct assemblies *all, struct assembly *datagram, const struct frame *frame, const struct packet *packet)
{
    uint64_t end = (uint64_t)packet->fragment_offset + packet->payload_wire;
    uint32_t before = datagram->received;
    note(datagram, frame, packet);
    if (end > MAX_OCTETS)
        return OVERSIZED;
    if (!assembly_grow(all, datagram, (uint32_t)end))
        return NO_ROOM;
    if (!store(datagram, packet))
        return CONFLICT;
    all->stats.duplicate += datagram->received == before;
    return datagram->length_known && datagram->received >= datagram->end ? WHOLE : PARTIAL;
}

/* The same, where what there is of a copy may have nothing to do with it. */
static enum fit take_in(struct assemblies *all, struct assembly *datagram, const struct frame *frame, const struct packet *packet)
{
    enum fit fit = take(all, datagram, frame, packet);
    if (!datagram->copy || fit == PARTIAL || fit == NO_ROOM || (fit == WHOLE && !is_mixed(datagram, packet)))
        return fit;
    assembly_renew(all, datagram, frame);
    return take(all, datagram, frame, packet);
}

static enum fragments_result add(struct fragments *fragments, const struct frame *frame, struct packet *packet)
{
    struct assemblies *all = &fragments->all;
    free(fragments->carrier);
    fragments->carrier = fragments->delivered;
    fragments->delivered = NULL;
    all->stats.fragments++;
    assembly_expire(all, frame);
    if (packet->payload_wire == 0 || (packet->more_fragments && packet->payload_wire % UNIT != 0)) {
        all->stats.malformed++;
        return FRAGMENTS_REFUSED;
    }
    struct assembly *datagram = assembly_find(all, packet, frame);
    if (datagram == NULL || datagram->state == GIVEN_UP)
        return FRAGMENTS_REFUSED;
    enum fit fit = take_in(all, datagram, frame, packet);
    if (fit == PARTIAL)
        return FRAGMENTS_PENDING;
    if (fit == WHOLE) {
        complete(fragments, datagram, frame, packet);
        return FRAGMENTS_COMPLETE;
    }
    if (fit == NO_ROOM)
        assembly_evict(all, datagram, FRAGMENTS_EVICTED);
    else
        assembly_give_up(all, datagram, fit == CONFLICT ? FRAGMENTS_OVERLAP : FRAGMENTS_OVERSIZED);
    return FRAGMENTS_REFUSED;
}

enum fragments_result fragments_add(struct fragments *fragments, const struct frame *frame, struct packet *packet)
{
    enum fragments_result result;
    do /* a tunnel that was in fragments may carry one; packet.h bounds how often */
        result = add(fragments, frame, packet);
    while (result == FRAGMENTS_COMPLETE && packet->kind == PACKET_FRAGMENT);
    return result;
}

void fragments_finish(struct fragments *fragments) { assembly_end(&fragments->all); }

void fragments_free(struct fragments *fragments)
{
    if (fragments == NULL)
        return;
    fragments->all.lost = NULL;
    fragments_finish(fragments);
    free(fragments->delivered);
    free(fragments->carrier);
    free(fragments);
}

const struct fragments_stats *fragments_statistics(const struct fragments *fragments) { return &fragments->all.stats; }
