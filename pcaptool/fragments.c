/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fragments.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum {
    MAX_OCTETS = 65535,
    UNIT = 8,              /* octets that one bit of the map stands for */
    FIRST_CAPACITY = 2048, /* octets; doubles up to MAX_OCTETS + 1 */
    BUCKETS = 4096,        /* a power of two */
    MAX_CHAIN = 32,
    REMEMBER_SECONDS = 1, /* how long a completed datagram stays known */
    DEFAULT_MEMORY = 4 << 20,
    LEAST_MEMORY = 256 << 10
};

enum state {
    OPEN,
    GIVEN_UP, /* refuses what else arrives; the loss was reported */
    COMPLETED /* delivered; holds no data */
};

/* What makes fragments belong together. All octets are set, so memcmp() compares keys. */
struct key {
    uint8_t src[16];
    uint8_t dst[16];
    uint32_t ip_id;
    uint8_t version;
    uint8_t protocol; /* IPv4 only: IPv6 fragments may differ in it (RFC 8200 section 4.5) */
    uint8_t zero[2];
};

/*
 *     fragments ──► buckets[hash] ──► datagram ──► datagram (chain)
 *               ├─► open:      oldest … newest, OPEN and GIVEN_UP
 *               └─► completed: oldest … newest, COMPLETED
 */
struct assembly {
    struct assembly *chain;
    struct assembly *older;
    struct assembly *newer;
    struct key key;
    uint8_t *data; /* capacity octets, then the map of capacity / UNIT bits */
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
    bool copy;         /* began after the same datagram had completed */
};

struct list {
    struct assembly *oldest;
    struct assembly *newest;
};

struct fragments {
    struct assembly *buckets[BUCKETS];
    struct list open;
    struct list completed;
    struct fragments_limits limits;
    struct fragments_stats stats;
    fragments_lost_fn *lost;
    void *user;
    uint8_t *delivered; /* data of the last completed datagram, until the next call */
    uint8_t *carrier;   /* of the one before: what was delivered last may be of a fragment in it */
};

struct fragments *fragments_new(const struct fragments_limits *limits, fragments_lost_fn *lost, void *user)
{
    struct fragments *fragments = calloc(1, sizeof *fragments);
    if (fragments == NULL)
        return NULL;
    if (limits != NULL)
        fragments->limits = *limits;
    if (fragments->limits.memory == 0)
        fragments->limits.memory = DEFAULT_MEMORY;
    if (fragments->limits.memory < LEAST_MEMORY)
        fragments->limits.memory = LEAST_MEMORY;
    if (fragments->limits.seconds == 0)
        fragments->limits.seconds = FRAGMENTS_SECONDS;
    fragments->lost = lost;
    fragments->user = user;
    return fragments;
}

/* Lists. */

static struct list *list_of(struct fragments *fragments, const struct assembly *datagram)
{
    return datagram->state == COMPLETED ? &fragments->completed : &fragments->open;
}

static void append(struct list *list, struct assembly *datagram)
{
    datagram->newer = NULL;
    datagram->older = list->newest;
    if (list->newest != NULL)
        list->newest->newer = datagram;
    else
        list->oldest = datagram;
    list->newest = datagram;
}

static void take_out(struct list *list, struct assembly *datagram)
{
    if (datagram->older != NULL)
        datagram->older->newer = datagram->newer;
    else
        list->oldest = datagram->newer;
    if (datagram->newer != NULL)
        datagram->newer->older = datagram->older;
    else
        list->newest = datagram->older;
}

/* Memory. */

static size_t data_size(uint32_t capacity) { return capacity + capacity / UNIT / 8; }

static void release_data(struct fragments *fragments, struct assembly *datagram)
{
    fragments->stats.memory -= data_size(datagram->capacity);
    free(datagram->data);
    datagram->data = NULL;
    datagram->capacity = 0;
}

static void forget(struct fragments *fragments, struct assembly *datagram)
{
    struct assembly **link = &fragments->buckets[datagram->bucket];
    while (*link != datagram)
        link = &(*link)->chain;
    *link = datagram->chain;
    take_out(list_of(fragments, datagram), datagram);
    release_data(fragments, datagram);
    fragments->stats.memory -= sizeof *datagram;
    free(datagram);
}

/* An open datagram will not complete: counts it and says so, or, for a mere copy, counts it. */
static void report(struct fragments *fragments, const struct assembly *datagram, enum fragments_end why)
{
    struct fragments_stats *stats = &fragments->stats;
    uint64_t *const counters[] = {
        [FRAGMENTS_TIMED_OUT] = &stats->timed_out, [FRAGMENTS_EVICTED] = &stats->evicted,
        [FRAGMENTS_OVERLAP] = &stats->overlapping, [FRAGMENTS_OVERSIZED] = &stats->oversized,
        [FRAGMENTS_AT_END] = &stats->at_end,
    };
    stats->open--;
    if (datagram->copy) {
        stats->late++;
        return;
    }
    ++*counters[why];
    if (fragments->lost == NULL)
        return;
    struct fragments_lost lost = {
        .why = why,
        .version = datagram->key.version,
        .protocol = datagram->protocol,
        .ip_id = datagram->key.ip_id,
        .has_ports = datagram->has_ports,
        .src_port = datagram->src_port,
        .dst_port = datagram->dst_port,
        .first_frame = datagram->first_frame,
        .last_frame = datagram->last_frame,
        .first_seconds = datagram->seconds,
        .first_nanoseconds = datagram->nanoseconds,
        .precision = datagram->precision,
        .fragments = datagram->fragments,
        .received = datagram->received,
        .missing = datagram->end - datagram->received,
        .length_known = datagram->length_known,
    };
    memcpy(lost.src, datagram->key.src, sizeof lost.src);
    memcpy(lost.dst, datagram->key.dst, sizeof lost.dst);
    fragments->lost(&lost, fragments->user);
}

static void evict(struct fragments *fragments, struct assembly *datagram, enum fragments_end why)
{
    if (datagram->state == OPEN)
        report(fragments, datagram, why);
    forget(fragments, datagram);
}

/* Keeps the datagram as a refusal of what else arrives for it. */
static void give_up(struct fragments *fragments, struct assembly *datagram, enum fragments_end why)
{
    report(fragments, datagram, why);
    datagram->state = GIVEN_UP;
    release_data(fragments, datagram);
}

/* Makes room for `size` more octets by evicting all but `keep`, the least useful first. */
static bool make_room(struct fragments *fragments, size_t size, const struct assembly *keep)
{
    while (fragments->stats.memory + size > fragments->limits.memory) {
        struct assembly *victim = fragments->completed.oldest;
        if (victim == NULL)
            victim = fragments->open.oldest;
        if (victim == keep && victim != NULL)
            victim = victim->newer;
        if (victim == NULL)
            return false;
        evict(fragments, victim, FRAGMENTS_EVICTED);
    }
    return true;
}

static bool grow(struct fragments *fragments, struct assembly *datagram, uint32_t end)
{
    uint32_t capacity = datagram->capacity > 0 ? datagram->capacity : FIRST_CAPACITY;
    while (capacity < end)
        capacity *= 2;
    if (capacity == datagram->capacity)
        return true;
    if (!make_room(fragments, data_size(capacity), datagram))
        return false;
    uint8_t *data = calloc(1, data_size(capacity) + FRAME_SPARE);
    if (data == NULL) /* a message left out without a word would be worse */
        memory_exhausted();
    fragments->stats.memory += data_size(capacity);
    if (datagram->data != NULL) {
        memcpy(data, datagram->data, datagram->end);
        memcpy(data + capacity, datagram->data + datagram->capacity, datagram->capacity / UNIT / 8);
        release_data(fragments, datagram);
    }
    datagram->data = data;
    datagram->capacity = capacity;
    return true;
}

/* Age, in capture time. Clocks that run backwards make nothing old. */

static bool older_than(const struct assembly *datagram, const struct frame *now, uint32_t seconds)
{
    if (now->seconds <= datagram->seconds)
        return false;
    uint64_t age = (uint64_t)now->seconds - (uint64_t)datagram->seconds;
    return age > seconds || (age == seconds && now->nanoseconds > datagram->nanoseconds);
}

static void expire(struct fragments *fragments, const struct frame *now)
{
    struct assembly *oldest;
    while ((oldest = fragments->completed.oldest) != NULL && older_than(oldest, now, REMEMBER_SECONDS))
        forget(fragments, oldest);
    while ((oldest = fragments->open.oldest) != NULL && older_than(oldest, now, fragments->limits.seconds))
        evict(fragments, oldest, FRAGMENTS_TIMED_OUT);
}

/* Lookup. */

static uint32_t bucket_of(const struct key *key)
{
    uint32_t words[sizeof *key / sizeof(uint32_t)];
    uint64_t hash = 0;
    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash >> 32) & (BUCKETS - 1);
}

static void begin(struct fragments *fragments, struct assembly *datagram, const struct frame *frame)
{
    datagram->state = OPEN;
    datagram->end = datagram->fragments = datagram->received = 0;
    datagram->cut = UINT32_MAX;
    datagram->has_ports = datagram->length_known = false;
    datagram->first_frame = frame->number;
    datagram->seconds = frame->seconds;
    datagram->nanoseconds = frame->nanoseconds;
    datagram->precision = frame->precision;
    append(&fragments->open, datagram);
    fragments->stats.open++;
}

static struct assembly *create(struct fragments *fragments, const struct key *key, uint32_t bucket)
{
    if (!make_room(fragments, sizeof(struct assembly), NULL))
        return NULL;
    struct assembly *datagram = calloc(1, sizeof *datagram);
    if (datagram == NULL)
        memory_exhausted();
    fragments->stats.memory += sizeof *datagram;
    datagram->key = *key;
    datagram->bucket = bucket;
    datagram->chain = fragments->buckets[bucket];
    fragments->buckets[bucket] = datagram;
    return datagram;
}

/* The datagram of this key: found, begun anew after completion, or created. */
static struct assembly *find(struct fragments *fragments, const struct packet *packet, const struct frame *frame)
{
    struct key key = {.ip_id = packet->ip_id, .version = packet->version};
    memcpy(key.src, packet->src, sizeof key.src);
    memcpy(key.dst, packet->dst, sizeof key.dst);
    key.protocol = packet->version == 4 ? packet->protocol : 0;
    uint32_t bucket = bucket_of(&key);
    struct assembly *last = NULL;
    unsigned length = 0;
    for (struct assembly *at = fragments->buckets[bucket]; at != NULL; at = at->chain, length++) {
        last = at;
        if (memcmp(&at->key, &key, sizeof key) != 0)
            continue;
        if (at->state == COMPLETED) {
            take_out(&fragments->completed, at);
            at->copy = true;
            begin(fragments, at, frame);
        }
        return at;
    }
    if (length >= MAX_CHAIN)
        evict(fragments, last, FRAGMENTS_EVICTED);
    struct assembly *datagram = create(fragments, &key, bucket);
    if (datagram != NULL) {
        datagram->protocol = packet->protocol;
        begin(fragments, datagram, frame);
    }
    return datagram;
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

static void complete(struct fragments *fragments, struct assembly *datagram, const struct frame *frame,
                     struct packet *packet)
{
    uint32_t captured = datagram->cut < datagram->end ? datagram->cut : datagram->end;
    fragments->delivered = datagram->data;
    datagram->data = NULL;
    fragments->stats.memory -= data_size(datagram->capacity);
    datagram->capacity = 0;
    fragments->stats.open--;
    fragments->stats.completed++;
    take_out(&fragments->open, datagram);
    datagram->state = COMPLETED;
    datagram->seconds = frame->seconds;
    datagram->nanoseconds = frame->nanoseconds;
    append(&fragments->completed, datagram);
    packet->protocol = datagram->protocol;
    packet->reassembled = true;
    packet_parse_transport(fragments->delivered, captured, datagram->end, packet);
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

static enum fragments_result add(struct fragments *fragments, const struct frame *frame, struct packet *packet)
{
    free(fragments->carrier);
    fragments->carrier = fragments->delivered;
    fragments->delivered = NULL;
    fragments->stats.fragments++;
    expire(fragments, frame);
    if (packet->payload_wire == 0 || (packet->more_fragments && packet->payload_wire % UNIT != 0)) {
        fragments->stats.malformed++;
        return FRAGMENTS_REFUSED;
    }
    struct assembly *datagram = find(fragments, packet, frame);
    if (datagram == NULL || datagram->state == GIVEN_UP)
        return FRAGMENTS_REFUSED;
    note(datagram, frame, packet);
    uint64_t end = (uint64_t)packet->fragment_offset + packet->payload_wire;
    if (end > MAX_OCTETS) {
        give_up(fragments, datagram, FRAGMENTS_OVERSIZED);
        return FRAGMENTS_REFUSED;
    }
    if (!grow(fragments, datagram, (uint32_t)end)) {
        evict(fragments, datagram, FRAGMENTS_EVICTED);
        return FRAGMENTS_REFUSED;
    }
    uint32_t before = datagram->received;
    if (!store(datagram, packet)) {
        give_up(fragments, datagram, FRAGMENTS_OVERLAP);
        return FRAGMENTS_REFUSED;
    }
    fragments->stats.duplicate += datagram->received == before;
    if (!datagram->length_known || datagram->received < datagram->end)
        return FRAGMENTS_PENDING;
    complete(fragments, datagram, frame, packet);
    return FRAGMENTS_COMPLETE;
}

enum fragments_result fragments_add(struct fragments *fragments, const struct frame *frame, struct packet *packet)
{
    enum fragments_result result;
    do /* a tunnel that was in fragments may carry one; packet.h bounds how often */
        result = add(fragments, frame, packet);
    while (result == FRAGMENTS_COMPLETE && packet->kind == PACKET_FRAGMENT);
    return result;
}

void fragments_finish(struct fragments *fragments)
{
    while (fragments->open.oldest != NULL)
        evict(fragments, fragments->open.oldest, FRAGMENTS_AT_END); // NOLINT(clang-analyzer-unix.Malloc): forget() unlinks it
    while (fragments->completed.oldest != NULL)
        forget(fragments, fragments->completed.oldest); // NOLINT(clang-analyzer-unix.Malloc)
}

void fragments_free(struct fragments *fragments)
{
    if (fragments == NULL)
        return;
    fragments->lost = NULL;
    fragments_finish(fragments);
    free(fragments->delivered);
    free(fragments->carrier);
    free(fragments);
}

const struct fragments_stats *fragments_statistics(const struct fragments *fragments) { return &fragments->stats; }
