/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include <string.h>

uint64_t flows_hash(const uint8_t *octets, size_t length)
{
    uint64_t hash = length * UINT64_C(0x9e3779b97f4a7c15), word;
    for (; length >= 8; octets += 8, length -= 8) {
        memcpy(&word, octets, 8);
        hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
        hash ^= hash >> 32;
    }
    word = 0;
    if (length)
        memcpy(&word, octets, length);
    hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 29;
}

static guint hash_address(const struct address *address) { return (guint)flows_hash(&address->version, sizeof *address); }

static guint hash_sender(gconstpointer key) { return hash_address(&((const struct sender *)key)->address); }

static gboolean same_sender(gconstpointer a, gconstpointer b)
{
    const struct sender *left = a, *right = b;
    return same_address(&left->address, &right->address);
}

static guint hash_flow(gconstpointer key)
{
    const struct flow *flow = key;
    return hash_sender(flow->sender) * 31 + hash_address(&flow->to) * 7 + flow->port;
}

static gboolean same_flow(gconstpointer a, gconstpointer b)
{
    const struct flow *left = a, *right = b;
    return left->port == right->port && same_address(&left->to, &right->to) && same_sender(left->sender, right->sender);
}

static void free_sender(gpointer row)
{
    struct sender *sender = row;
    counter_free(&sender->ids);
    g_free(sender->name);
    g_free(sender->ip_sum.bad);
    g_free(sender->udp_sum.bad);
    g_free(sender->udp_sum.pseudo);
    g_free(sender->duplicates);
    g_free(sender);
}

static void free_flow(gpointer row)
{
    struct flow *flow = row;
    counter_free(&flow->ids);
    g_free(flow->backwards);
    g_free(flow->legs);
    g_free(flow->twins);
    g_free(flow);
}

static void free_clocks(struct clock_level clocks[2])
{
    for (int i = 0; i < 2; i++) {
        g_free(clocks[i].jump);
        g_free(clocks[i].skew);
    }
}

static void free_series(struct device *device)
{
    for (struct series *series = device->series, *next; series; series = next) {
        next = series->next;
        counter_free(&series->numbers);
        g_free(series);
    }
    for (struct unit *unit = device->units, *next; unit; unit = next) {
        next = unit->next;
        free_clocks(unit->clocks);
        g_free(unit);
    }
}

static void free_device(gpointer row)
{
    struct device *device = row;
    counter_free(&device->numbers);
    free_series(device);
    for (unsigned i = 0; i < MSGT_FINDINGS; i++)
        g_free(device->findings[i]);
    for (unsigned i = 0; i < LIMITS; i++)
        g_free(device->at_limits[i].hit);
    g_free(device->reports);
    g_free(device->splits);
    free_clocks(device->clocks);
    for (struct feed *feed = device->feeds, *next; feed; feed = next) {
        next = feed->next;
        g_free(feed->rate.seconds);
        g_free(feed->rate.top);
        g_free(feed);
    }
    g_free(device->name);
    g_free(device);
}

struct flows *flows_new(void)
{
    struct flows *flows = g_new0(struct flows, 1);
    flows->senders = g_hash_table_new_full(hash_sender, same_sender, free_sender, NULL);
    flows->flows = g_hash_table_new_full(hash_flow, same_flow, free_flow, NULL);
    flows->devices = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_device);
    flows->crowd_name = "(others)";
    return flows;
}

void flows_free(struct flows *flows)
{
    g_hash_table_unref(flows->flows);
    g_hash_table_unref(flows->senders);
    g_hash_table_unref(flows->devices);
    if (flows->crowd)
        free_device(flows->crowd);
    g_free(flows);
}

/* Whether the table takes one more; if not, that is counted. */
static bool room(struct flows *flows, GHashTable *table)
{
    if (g_hash_table_size(table) < FLOW_TABLE_MAX)
        return true;
    flows->untracked++;
    return false;
}

struct sender *flows_sender(struct flows *flows, uint8_t version, const uint8_t *address, bool make)
{
    struct sender probe = {.address = address_of(version, address)};
    struct sender *sender = g_hash_table_lookup(flows->senders, &probe);
    if (sender || !make || !room(flows, flows->senders))
        return sender;
    sender = g_new0(struct sender, 1);
    sender->address = probe.address;
    g_hash_table_add(flows->senders, sender);
    return sender;
}

/* Of IPv4 there are zeros behind the octets. */
static bool is_address(const struct address *address, uint8_t version, const uint8_t octets[16])
{
    return address->version == version && memcmp(address->octets, octets, sizeof address->octets) == 0;
}

/* Not inlined: what it takes of the stack is too much for each packet. */
G_GNUC_NO_INLINE static struct flow *find_flow(struct flows *flows, uint8_t version, const uint8_t *src, const uint8_t *dst, uint16_t port, bool make)
{
    struct sender from = {.address = address_of(version, src)};
    struct flow probe = {.sender = &from, .to = address_of(version, dst), .port = port};
    struct flow *flow = g_hash_table_lookup(flows->flows, &probe);
    if (!flow && make && room(flows, flows->flows)) {
        probe.sender = flows_sender(flows, version, src, true);
        if (!probe.sender)
            return NULL;
        flow = g_new0(struct flow, 1);
        *flow = probe;
        flow->older = flow->sender->flows;
        flow->sender->flows = flow;
        g_hash_table_add(flows->flows, flow);
    }
    return flow;
}

struct flow *flows_flow(struct flows *flows, uint8_t version, const uint8_t src[16], const uint8_t dst[16], uint16_t port, bool make)
{
    size_t last = version == 6 ? 15 : 3;
    struct flow **cached = &flows->last_flows[(src[last] ^ dst[last] << 2 ^ port) % FLOW_CACHE], *flow = *cached;
    if (flow && flow->port == port && is_address(&flow->to, version, dst) && is_address(&flow->sender->address, version, src))
        return flow;
    flow = find_flow(flows, version, src, dst, port, make);
    if (flow)
        *cached = flow;
    return flow;
}

static struct device *new_device(const char *name)
{
    struct device *device = g_new0(struct device, 1);
    device->name = g_strdup(name);
    device->name_length = (uint32_t)strlen(name);
    return device;
}

struct device *flows_device(struct flows *flows, const char *name, size_t length)
{
    char key[128];
    struct device *device = flows->last_device;
    length = MIN(length, sizeof key - 1);
    memcpy(key, name, length);
    key[length] = 0;
    if (device && strcmp(device->name, key) == 0)
        return device;
    device = g_hash_table_lookup(flows->devices, key);
    if (!device && room(flows, flows->devices)) {
        device = new_device(key);
        g_hash_table_insert(flows->devices, device->name, device);
    }
    if (!device && !flows->crowd) {
        flows->crowd = new_device(flows->crowd_name);
        flows->crowd->crowd = true;
    }
    if (!device)
        return flows->crowd;
    flows->last_device = device;
    return device;
}

struct feed *flows_feed(struct flows *flows, struct device *device, struct flow *flow)
{
    struct feed *feed = flow->feed;
    if (feed && feed->device == device)
        return feed;
    feed = device->feeds;
    while (feed && (feed->port != flow->port || !same_address(&feed->to, &flow->to)))
        feed = feed->next;
    if (!feed && (device->feed_count == FEEDS_MAX || flows->feed_count == FLOW_TABLE_MAX)) {
        flows->untracked++;
        return NULL;
    }
    if (!feed) {
        feed = g_new0(struct feed, 1);
        feed->device = device;
        feed->to = flow->to;
        feed->port = flow->port;
        feed->next = device->feeds;
        device->feeds = feed;
        device->feed_count++;
        flows->feed_count++;
    }
    return flow->feed = feed;
}

bool flows_leads_elsewhere(const struct sender *sender, const struct packet *packet)
{
    enum { LOOKS = 64 };
    const struct address to = address_of(packet->version, packet->dst);
    const struct flow *flow = sender->flows;
    if (packet->dst[0] >= (packet->version == 4 ? 224 : 0xff))
        return false;
    for (int i = 0; i < LOOKS && flow; i++, flow = flow->older)
        if (same_address(&flow->to, &to))
            return false;
    return !flow;
}

void flows_find_namesakes(struct flows *flows)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, flows->senders);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        struct sender *sender = row, *other = sender->name ? g_hash_table_lookup(names, sender->name) : NULL;
        if (other)
            sender->namesake = other->namesake = true;
        else if (sender->name)
            g_hash_table_insert(names, sender->name, sender);
    }
    g_hash_table_unref(names);
}
