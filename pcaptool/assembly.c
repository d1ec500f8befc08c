/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "assembly.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum {
    FIRST_CAPACITY = 2048, /* octets; doubles up to one more than a datagram may have */
    MAX_CHAIN = 32
};

/* Lists. */

static struct assembly_list *list_of(struct assemblies *all, const struct assembly *datagram)
{
    if (datagram->state == COMPLETED)
        return &all->completed;
    return datagram->copy ? &all->copies : &all->open;
}

static void append(struct assembly_list *list, struct assembly *datagram)
{
    datagram->newer = NULL;
    datagram->older = list->newest;
    if (list->newest != NULL)
        list->newest->newer = datagram;
    else
        list->oldest = datagram;
    list->newest = datagram;
}

static void take_out(struct assembly_list *list, struct assembly *datagram)
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

static size_t data_size(uint32_t capacity) { return capacity + capacity / ASSEMBLY_UNIT / 8; }

static void release_data(struct assemblies *all, struct assembly *datagram)
{
    all->stats.memory -= data_size(datagram->capacity);
    free(datagram->data);
    datagram->data = NULL;
    datagram->capacity = 0;
}

static void forget(struct assemblies *all, struct assembly *datagram)
{
    struct assembly **link = &all->buckets[datagram->bucket];
    while (*link != datagram)
        link = &(*link)->chain;
    *link = datagram->chain;
    take_out(list_of(all, datagram), datagram);
    release_data(all, datagram);
    all->stats.memory -= sizeof *datagram;
    free(datagram);
}

/* An open datagram will not complete: counts it and says so, or, for a mere copy, counts it. */
static void report(struct assemblies *all, const struct assembly *datagram, enum fragments_end why)
{
    struct fragments_stats *stats = &all->stats;
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
    if (all->lost == NULL)
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
    all->lost(&lost, all->user);
}

void assembly_evict(struct assemblies *all, struct assembly *datagram, enum fragments_end why)
{
    if (datagram->state == OPEN)
        report(all, datagram, why);
    forget(all, datagram);
}

void assembly_give_up(struct assemblies *all, struct assembly *datagram, enum fragments_end why)
{
    report(all, datagram, why);
    datagram->state = GIVEN_UP;
    release_data(all, datagram);
}

/* The least useful one that is not `keep`, or NULL. */
static struct assembly *least_useful(const struct assemblies *all, const struct assembly *keep)
{
    struct assembly *const oldest[] = {all->completed.oldest, all->copies.oldest, all->open.oldest};
    for (size_t i = 0; i < sizeof oldest / sizeof *oldest; i++) {
        struct assembly *victim = oldest[i];
        if (victim != NULL && victim == keep)
            victim = victim->newer;
        if (victim != NULL)
            return victim;
    }
    return NULL;
}

/* Makes room for `size` more octets by evicting all but `keep`, the least useful first. */
static bool make_room(struct assemblies *all, size_t size, const struct assembly *keep)
{
    while (all->stats.memory + size > all->limits.memory) {
        struct assembly *victim = least_useful(all, keep);
        if (victim == NULL)
            return false;
        assembly_evict(all, victim, FRAGMENTS_EVICTED);
    }
    return true;
}

bool assembly_grow(struct assemblies *all, struct assembly *datagram, uint32_t end)
{
    uint32_t capacity = datagram->capacity > 0 ? datagram->capacity : FIRST_CAPACITY;
    while (capacity < end)
        capacity *= 2;
    if (capacity == datagram->capacity)
        return true;
    if (!make_room(all, data_size(capacity), datagram))
        return false;
    uint8_t *data = calloc(1, data_size(capacity) + FRAME_SPARE);
    if (data == NULL) /* a message left out without a word would be worse */
        memory_exhausted();
    all->stats.memory += data_size(capacity);
    if (datagram->data != NULL) {
        memcpy(data, datagram->data, datagram->end);
        memcpy(data + capacity, datagram->data + datagram->capacity, datagram->capacity / ASSEMBLY_UNIT / 8);
        release_data(all, datagram);
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

void assembly_expire(struct assemblies *all, const struct frame *now)
{
    struct assembly *oldest;
    while ((oldest = all->completed.oldest) != NULL && older_than(oldest, now, ASSEMBLY_SECONDS))
        forget(all, oldest);
    while ((oldest = all->copies.oldest) != NULL && older_than(oldest, now, ASSEMBLY_SECONDS))
        assembly_evict(all, oldest, FRAGMENTS_TIMED_OUT);
    while ((oldest = all->open.oldest) != NULL && older_than(oldest, now, all->limits.seconds))
        assembly_evict(all, oldest, FRAGMENTS_TIMED_OUT);
}

/* Lookup. */

static uint32_t bucket_of(const struct assembly_key *key)
{
    uint32_t words[sizeof *key / sizeof(uint32_t)];
    uint64_t hash = 0;
    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash >> 32) & (ASSEMBLY_BUCKETS - 1);
}

static void begin(struct assemblies *all, struct assembly *datagram, const struct frame *frame)
{
    datagram->state = OPEN;
    datagram->end = datagram->fragments = datagram->received = 0;
    datagram->cut = UINT32_MAX;
    datagram->has_ports = datagram->length_known = false;
    datagram->first_frame = frame->number;
    datagram->seconds = frame->seconds;
    datagram->nanoseconds = frame->nanoseconds;
    datagram->precision = frame->precision;
    append(list_of(all, datagram), datagram);
    all->stats.open++;
}

void assembly_renew(struct assemblies *all, struct assembly *datagram, const struct frame *frame)
{
    report(all, datagram, FRAGMENTS_OVERLAP);
    take_out(&all->copies, datagram);
    release_data(all, datagram);
    datagram->copy = false;
    begin(all, datagram, frame);
}

static struct assembly *create(struct assemblies *all, const struct assembly_key *key, uint32_t bucket)
{
    if (!make_room(all, sizeof(struct assembly), NULL))
        return NULL;
    struct assembly *datagram = calloc(1, sizeof *datagram);
    if (datagram == NULL)
        memory_exhausted();
    all->stats.memory += sizeof *datagram;
    datagram->key = *key;
    datagram->bucket = bucket;
    datagram->chain = all->buckets[bucket];
    all->buckets[bucket] = datagram;
    return datagram;
}

struct assembly *assembly_find(struct assemblies *all, const struct packet *packet, const struct frame *frame)
{
    struct assembly_key key = {.ip_id = packet->ip_id, .version = packet->version};
    memcpy(key.src, packet->src, sizeof key.src);
    memcpy(key.dst, packet->dst, sizeof key.dst);
    key.protocol = packet->version == 4 ? packet->protocol : 0;
    uint32_t bucket = bucket_of(&key);
    struct assembly *last = NULL;
    unsigned length = 0;
    for (struct assembly *at = all->buckets[bucket]; at != NULL; at = at->chain, length++) {
        last = at;
        if (memcmp(&at->key, &key, sizeof key) != 0)
            continue;
        if (at->state == COMPLETED) {
            take_out(&all->completed, at);
            at->copy = true;
            begin(all, at, frame);
        }
        return at;
    }
    if (length >= MAX_CHAIN)
        assembly_evict(all, last, FRAGMENTS_EVICTED);
    struct assembly *datagram = create(all, &key, bucket);
    if (datagram != NULL) {
        datagram->protocol = packet->protocol;
        begin(all, datagram, frame);
    }
    return datagram;
}

uint8_t *assembly_complete(struct assemblies *all, struct assembly *datagram, const struct frame *frame)
{
    uint8_t *data = datagram->data;
    datagram->data = NULL;
    all->stats.memory -= data_size(datagram->capacity);
    datagram->capacity = 0;
    all->stats.open--;
    all->stats.completed++;
    take_out(list_of(all, datagram), datagram);
    datagram->state = COMPLETED;
    datagram->seconds = frame->seconds;
    datagram->nanoseconds = frame->nanoseconds;
    append(&all->completed, datagram);
    return data;
}

void assembly_end(struct assemblies *all)
{
    struct assembly_list *const lists[] = {&all->open, &all->copies, &all->completed};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        while (lists[i]->oldest != NULL)
            assembly_evict(all, lists[i]->oldest, FRAGMENTS_AT_END); // NOLINT(clang-analyzer-unix.Malloc): forget() unlinks it
}
