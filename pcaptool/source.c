/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include <stdio.h>

#include "progress.h"

struct source {
    struct source_options options;
    source_fn *deliver;
    void (*idle)(void *user);
    void *user;
    struct source_facts facts;
    struct capture *capture;  /* while one is read */
    struct progress progress; /* of all files */
    bool stopped;             /* by the caller */
};

struct source *source_new(const struct source_options *options, source_fn *deliver, void *user)
{
    struct source *source = g_new0(struct source, 1);
    source->options = *options;
    source->progress.wanted = options->progress;
    source->deliver = deliver;
    source->user = user;
    return source;
}

void source_free(struct source *source) { g_free(source); }

const struct source_facts *source_facts(const struct source *source) { return &source->facts; }

uint64_t source_frames(const struct source *source) { return source->capture ? capture_frames(source->capture) : 0; }

void source_on_idle(struct source *source, void (*idle)(void *user)) { source->idle = idle; }

static void count_port(struct source_facts *facts, uint16_t port)
{
    for (unsigned i = 0; i < facts->port_count; i++) {
        if (facts->ports[i].port == port) {
            facts->ports[i].count++;
            return;
        }
    }
    if (facts->port_count < SOURCE_PORTS)
        facts->ports[facts->port_count++] = (struct port_count){port, 1};
}

static void note_unread(struct source_facts *facts, uint16_t ethertype)
{
    unsigned i = 0;
    while (i < facts->unread_count && facts->unread[i] != ethertype)
        i++;
    if (i == facts->unread_count && i < SOURCE_ETHERTYPES)
        facts->unread[facts->unread_count++] = ethertype;
}

static bool deliver(struct source *source, const char *path, const struct frame *frame, const struct packet *packet)
{
    struct datagram datagram = {.file = path,
                                .frame = frame->number,
                                .seconds = frame->seconds,
                                .nanoseconds = frame->nanoseconds,
                                .precision = frame->precision,
                                .cut = packet->payload_captured < packet->payload_wire,
                                .packet = packet,
                                .octets = packet->payload,
                                .length = packet->payload_captured};
    source->facts.datagrams++;
    if (msgt_find_tag(datagram.octets, datagram.length, &datagram.tag)) {
        source->facts.tagged++;
    } else {
        bool syslog = is_syslog_port(packet->src_port, packet->dst_port);
        count_port(&source->facts, MIN(packet->src_port, packet->dst_port)); /* the service, not the client */
        if (!syslog)
            return true;
        source->facts.untagged++;
        source->facts.cut += datagram.cut && datagram.length < MSGT_HEADER_MAX;
        if (!source->options.untagged)
            return true;
    }
    return source->deliver(&datagram, source->user);
}

static bool take_frame(struct source *source, const char *path, struct fragments *fragments, const struct frame *frame)
{
    const struct source_watch *watch = source->options.watch;
    struct packet packet;
    packet_parse(frame->link_type, frame->data, frame->captured, frame->wire, &packet);
    if (watch)
        watch->packet(path, frame, &packet, watch->user);
    if (packet.kind == PACKET_FRAGMENT) {
        if (fragments_add(fragments, frame, &packet) != FRAGMENTS_COMPLETE)
            return true;
        if (watch)
            watch->packet(path, frame, &packet, watch->user);
    }
    if (packet.kind == PACKET_UDP)
        return deliver(source, path, frame, &packet);
    source->facts.tcp += packet.kind == PACKET_TCP;
    if (packet.kind == PACKET_NONE && packet.fault == PACKET_WHOLE && packet.ethertype != 0)
        note_unread(&source->facts, packet.ethertype);
    source->facts.cut += packet.kind == PACKET_IP && packet.protocol == 17 && packet.fault == PACKET_CUT;
    return true;
}

static char *nothing_for_now(const struct source *source, const struct source_live *live)
{
    if (source->idle)
        source->idle(source->user);
    return live->frame ? live->frame(NULL, live->user) : NULL;
}

static char *read_frames(struct source *source, const char *path, struct fragments *fragments)
{
    struct frame frame;
    enum capture_result result = CAPTURE_FRAME;
    const struct source_live *live = &source->options.live;
    char *wrong = NULL;
    while (!source->stopped && !wrong && (result = capture_next(source->capture, &frame)) > CAPTURE_END) {
        if (result == CAPTURE_IDLE) {
            wrong = nothing_for_now(source, live);
            continue;
        }
        source->facts.passed++;
        if (live->frame)
            wrong = live->frame(&frame, live->user);
        if (!take_frame(source, path, fragments, &frame))
            source->stopped = true;
        progress_step(&source->progress, source->capture);
    }
    progress_end(&source->progress);
    source->facts.frames += capture_frames(source->capture);
    return wrong ? wrong : result == CAPTURE_ERROR ? g_strdup(capture_error(source->capture)) : NULL;
}

static struct capture *open_live(const struct source *source, const char *device, char *error)
{
    const struct source_live *live = &source->options.live;
    if (live->opening)
        live->opening();
    struct capture *capture = capture_open_live(device, source->options.filter, error);
    if (live->opened)
        live->opened();
    return capture;
}

/* What the kernel and the interface lost; their names go with the capture. */
static void note_live(struct source *source)
{
    size_t count;
    source->facts.live = *capture_interfaces(source->capture, &count);
    source->facts.live.name = source->facts.live.description = NULL;
}

char *source_read(struct source *source, const char *path, bool live)
{
    char error[CAPTURE_ERROR_SIZE];
    if (source->stopped)
        return NULL;
    source->capture = live ? open_live(source, path, error) : capture_open(path, source->options.compiled, error);
    if (!source->capture)
        return g_strdup(error);
    char *wrong = live && source->options.live.ready ? source->options.live.ready(source->capture, source->options.live.user) : NULL;
    if (source->idle)
        capture_on_wait(source->capture, source->idle, source->user);
    const struct source_watch *watch = source->options.watch;
    struct fragments *fragments = fragments_new(NULL, watch ? watch->lost : NULL, watch ? watch->user : NULL);
    if (!wrong)
        wrong = fragments ? read_frames(source, path, fragments) : g_strdup("out of memory");
    if (fragments) {
        fragments_finish(fragments);
        const struct fragments_stats *stats = fragments_statistics(fragments);
        source->facts.fragments_lost += stats->timed_out + stats->evicted + stats->overlapping + stats->oversized + stats->at_end;
    }
    fragments_free(fragments);
    if (live)
        note_live(source);
    if (watch) {
        size_t count;
        const struct capture_interface *interfaces = capture_interfaces(source->capture, &count);
        watch->end(path, interfaces, count, watch->user);
    }
    capture_close(source->capture);
    source->capture = NULL;
    return wrong;
}
