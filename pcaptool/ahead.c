/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ahead.h"

#include "pipeline.h"

enum { BATCHES = 3, BATCH_ITEMS = 320, BATCH_OCTETS = 1 << 18 };
#define ABSENT UINT32_MAX

/* A packet of the capture, or a datagram that is to be decoded, or both. */
struct item {
    bool watched, decoded;
    const char *file;
    struct frame frame;
    struct packet packet;
    /* Places of what the packet points to: in the octets of the batch, or ABSENT. */
    uint32_t data, network, transport, payload;
    struct datagram datagram;
    struct record record; /* the first of the datagram */
    size_t next;          /* where the next one starts */
};

struct batch {
    struct item items[BATCH_ITEMS];
    unsigned count;
    struct buffer octets;
};

struct ahead {
    const struct options *options;
    const struct source_watch *watch;
    run_fn *take;
    void *user;
    struct pipeline *pipeline;
    struct record_memory memory; /* of the caller's thread */
    bool large;                  /* the packet at hand has no place in a batch */
    bool stopped;                /* the command wants no more */
};

/* ---- Copies ---- */

/* A region that was copied, and where to. */
struct region {
    const uint8_t *from;
    uint32_t length, at;
};

static struct region copy(struct buffer *octets, const uint8_t *from, uint32_t length)
{
    struct region region = {from, length, (uint32_t)octets->length};
    buffer_octets(octets, from, length);
    buffer_need(octets, FRAME_SPARE);
    return region;
}

static uint32_t place(const uint8_t *pointer, const struct region *regions, size_t count)
{
    for (size_t i = 0; pointer && i < count; i++)
        if (pointer >= regions[i].from && pointer <= regions[i].from + regions[i].length)
            return regions[i].at + (uint32_t)(pointer - regions[i].from);
    return ABSENT;
}

/* Octets of the IP header, where that is in no frame: it came in a tunnel that was put together. */
static uint32_t header_outside(const struct packet *p, const uint8_t *data, uint32_t captured)
{
    bool outside = p->reassembled && p->tunnels && p->version && (p->network < data || p->network >= data + captured);
    return !outside ? 0 : p->version == 4 ? (p->network[0] & 15u) * 4 : 40;
}

/* What a reassembled packet says of its transport lies outside the frame. */
static void keep_packet(struct item *item, struct buffer *octets, const uint8_t *data, uint32_t captured)
{
    const struct packet *p = &item->packet;
    struct region regions[3] = {0};
    size_t count = 0;
    uint32_t header = data ? header_outside(p, data, captured) : 0;
    if (p->reassembled && p->transport)
        regions[count++] = copy(octets, p->transport, p->transport_captured);
    else if (p->reassembled && p->payload)
        regions[count++] = copy(octets, p->payload, p->payload_captured);
    if (data)
        regions[count++] = copy(octets, data, captured);
    if (header)
        regions[count++] = copy(octets, p->network, header);
    item->data = place(data, regions, count);
    item->network = place(p->network, regions, count);
    item->transport = place(p->transport, regions, count);
    item->payload = place(p->payload, regions, count);
}

static const uint8_t *at(const struct batch *batch, uint32_t place)
{
    return place == ABSENT ? NULL : (const uint8_t *)batch->octets.data + place;
}

static void restore_pointers(const struct batch *batch, struct item *item)
{
    item->frame.data = at(batch, item->data);
    item->packet.network = at(batch, item->network);
    item->packet.transport = at(batch, item->transport);
    item->packet.payload = at(batch, item->payload);
    item->datagram.packet = &item->packet;
    item->datagram.octets = item->packet.payload;
}

/* ---- Stages ---- */

static void decode(void *data, void *headers, void *user)
{
    struct batch *batch = data;
    const struct ahead *ahead = user;
    for (unsigned i = 0; i < batch->count; i++) {
        struct item *item = &batch->items[i];
        restore_pointers(batch, item);
        if (item->decoded)
            item->next = record_decode(&item->record, &ahead->options->view, headers, &item->datagram, 0);
    }
}

static bool tell_records(struct ahead *ahead, struct item *item)
{
    item->record.memory = &ahead->memory;
    if (selection_matches(ahead->options->selection, &item->record) && !ahead->take(&item->record, ahead->user))
        return false;
    return !run_goes_on(&item->datagram, item->next) ||
           run_records(ahead->options, &ahead->memory, &item->datagram, &item->next, ahead->take, ahead->user);
}

static void tell(void *data, void *headers, void *user)
{
    struct batch *batch = data;
    struct ahead *ahead = user;
    (void)headers;
    for (unsigned i = 0; i < batch->count && !ahead->stopped; i++) {
        struct item *item = &batch->items[i];
        if (item->watched)
            ahead->watch->packet(item->file, &item->frame, &item->packet, ahead->watch->user);
        if (item->decoded)
            ahead->stopped = !tell_records(ahead, item);
    }
    batch->count = 0;
    batch->octets.length = 0;
}

static void release(void *data, void *user)
{
    (void)user;
    buffer_free(&((struct batch *)data)->octets);
}

struct ahead *ahead_new(const struct options *options, unsigned threads, const struct source_watch *watch, run_fn *take, void *user)
{
    struct ahead *ahead = g_new0(struct ahead, 1);
    const struct pipeline_stages stages = {.batch = sizeof(struct batch),
                                           .batches = BATCHES,
                                           .own = sizeof(struct msgt_memory),
                                           .work = decode,
                                           .finish = tell,
                                           .release = release,
                                           .user = ahead};
    ahead->options = options;
    ahead->watch = watch;
    ahead->take = take;
    ahead->user = user;
    ahead->pipeline = pipeline_new(&stages, threads);
    return ahead;
}

void ahead_free(struct ahead *ahead)
{
    pipeline_free(ahead->pipeline);
    g_free(ahead);
}

/* ---- Filling ---- */

static struct item *add_item(struct ahead *ahead)
{
    struct batch *batch = pipeline_batch(ahead->pipeline);
    if (batch->count == BATCH_ITEMS || batch->octets.length >= BATCH_OCTETS) {
        pipeline_submit(ahead->pipeline);
        batch = pipeline_batch(ahead->pipeline);
    }
    struct item *item = &batch->items[batch->count++];
    item->watched = item->decoded = false;
    return item;
}

static struct buffer *octets_of(struct ahead *ahead) { return &((struct batch *)pipeline_batch(ahead->pipeline))->octets; }

/* What is larger than a whole batch is told at once, behind all others: memory stays what batches take. */
static bool goes_alone(struct ahead *ahead, size_t octets)
{
    ahead->large = octets > BATCH_OCTETS;
    if (ahead->large)
        ahead_flush(ahead);
    return ahead->large;
}

static void keep_watched(const char *file, const struct frame *frame, const struct packet *packet, void *user)
{
    struct ahead *ahead = user;
    if (goes_alone(ahead, frame->captured)) {
        ahead->watch->packet(file, frame, packet, ahead->watch->user);
        return;
    }
    struct item *item = add_item(ahead);
    item->watched = true;
    item->file = file;
    item->frame = *frame;
    item->packet = *packet;
    keep_packet(item, octets_of(ahead), frame->data, frame->captured);
}

/* Rare: in its place between the packets. */
static void pass_lost(const struct fragments_lost *lost, void *user)
{
    struct ahead *ahead = user;
    ahead_flush(ahead);
    ahead->watch->lost(lost, ahead->watch->user);
}

static void pass_end(const char *file, const struct capture_interface *interfaces, size_t count, void *user)
{
    struct ahead *ahead = user;
    ahead_flush(ahead);
    ahead->watch->end(file, interfaces, count, ahead->watch->user);
}

struct source_watch ahead_watch(struct ahead *ahead)
{
    return (struct source_watch){.packet = keep_watched, .lost = pass_lost, .end = pass_end, .user = ahead};
}

bool ahead_add(struct ahead *ahead, const struct datagram *datagram)
{
    struct batch *batch = pipeline_batch(ahead->pipeline);
    struct item *item;
    size_t from = 0;
    if (ahead->watch ? ahead->large : goes_alone(ahead, datagram->length)) {
        ahead->stopped = ahead->stopped || !run_records(ahead->options, &ahead->memory, datagram, &from, ahead->take, ahead->user);
        return !ahead->stopped;
    }
    if (ahead->watch) {
        item = &batch->items[batch->count - 1]; /* its packet was told just now */
    } else {
        item = add_item(ahead);
        item->packet = *datagram->packet;
        item->packet.network = item->packet.transport = NULL;
        struct region region = copy(octets_of(ahead), datagram->octets, datagram->length);
        item->data = item->network = item->transport = ABSENT;
        item->payload = region.at;
    }
    item->datagram = *datagram;
    item->decoded = true;
    return !ahead->stopped;
}

void ahead_flush(struct ahead *ahead)
{
    if (((struct batch *)pipeline_batch(ahead->pipeline))->count)
        pipeline_submit(ahead->pipeline);
    pipeline_drain(ahead->pipeline);
}
