/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames → packets → reassembly, without a capture file around them. The input is a row of frames:
 *
 *     link type (index into those supported) · octets not captured · seconds since the last · length (2) · octets
 */
#include "fuzz.h"

#include "fragments.h"
#include "link.h"

static int link_type(unsigned index)
{
    static int types[64];
    static unsigned count;
    if (!count)
        for (int type = 0; type < 400 && count < 64; type++)
            if (link_supported(type))
                types[count++] = type;
    return types[index % count];
}

static void check_inside(const uint8_t *from, uint32_t length, const struct frame *frame)
{
    CHECK(!from || (from >= frame->data && length <= frame->captured && from - frame->data <= (ptrdiff_t)(frame->captured - length)));
}

static void check_packet(const struct packet *packet)
{
    CHECK(packet->kind <= PACKET_ICMP6 && packet->fault <= PACKET_UNKNOWN_LINK && packet->fault_layer <= PACKET_PAYLOAD);
    CHECK(packet->vlans <= PACKET_MAX_VLANS && (packet->version == 0 || packet->version == 4 || packet->version == 6));
    CHECK(packet->payload_captured <= packet->payload_wire && packet->transport_captured <= packet->transport_wire);
    CHECK(packet->kind < PACKET_ARP || packet->kind == PACKET_IP || packet->payload);
    fuzz_touch(packet->transport, packet->transport ? packet->transport_captured : 0);
    fuzz_touch(packet->payload, packet->payload ? packet->payload_captured : 0);
    CHECK(packet_ip_checksum(packet) <= CHECKSUM_UNCHECKABLE && packet_udp_checksum(packet) <= CHECKSUM_UNCHECKABLE);
}

static void check_quoted(const struct packet *packet)
{
    struct packet quoted;
    if (packet->kind != PACKET_ICMP && packet->kind != PACKET_ICMP6)
        return;
    packet_parse_ip(packet->payload, packet->payload_captured, packet->payload_wire, &quoted);
    check_packet(&quoted);
}

static void take_frame(struct fragments *fragments, const struct frame *frame)
{
    struct packet packet, layers;
    packet_parse(frame->link_type, frame->data, frame->captured, frame->wire, &packet);
    packet_parse_layers(frame->link_type, frame->data, frame->captured, frame->wire, &layers);
    CHECK(memcmp(&packet, &layers, sizeof packet) == 0);
    check_packet(&packet);
    check_inside(packet.network, 0, frame);
    check_inside(packet.transport, packet.transport_captured, frame);
    check_inside(packet.payload, packet.payload_captured, frame);
    if (packet.kind == PACKET_FRAGMENT && fragments_add(fragments, frame, &packet) == FRAGMENTS_COMPLETE) {
        CHECK(packet.reassembled && packet.kind != PACKET_FRAGMENT && packet.payload_wire <= 65535);
        check_packet(&packet);
    }
    check_quoted(&packet);
}

static void count_lost(const struct fragments_lost *lost, void *user)
{
    CHECK(lost->why <= FRAGMENTS_AT_END && lost->first_frame && lost->first_frame <= lost->last_frame && lost->fragments);
    ++*(uint64_t *)user;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct fragments_limits limits = {.memory = 256 << 10};
    uint64_t lost = 0;
    struct frame frame = {.seconds = 1600000000, .precision = 6};
    struct fragments *fragments = fragments_new(&limits, count_lost, &lost);
    CHECK(fragments);
    for (size_t at = 0; size - at >= 5;) {
        uint32_t wanted = (uint32_t)data[at + 3] << 8 | data[at + 4];
        frame.link_type = link_type(data[at]);
        frame.seconds += data[at + 2];
        frame.number++;
        frame.captured = wanted < size - at - 5 ? wanted : (uint32_t)(size - at - 5);
        frame.wire = frame.captured + data[at + 1];
        frame.data = data + at + 5;
        take_frame(fragments, &frame);
        CHECK(fragments_statistics(fragments)->memory <= limits.memory);
        at += 5 + frame.captured;
    }
    fragments_finish(fragments);
    const struct fragments_stats *stats = fragments_statistics(fragments);
    CHECK(stats->open == 0);
    CHECK(lost == stats->timed_out + stats->evicted + stats->overlapping + stats->oversized + stats->at_end);
    fragments_free(fragments);
    return 0;
}
