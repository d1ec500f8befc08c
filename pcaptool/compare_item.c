/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare_item.h"

#include <arpa/inet.h>

#include "collector_log.h"
#include "flow.h"

/* Who makes collisions only makes his own messages hard to match: chains are followed for a bounded way. */
static uint64_t hash(uint64_t from, const void *octets, size_t length)
{
    uint64_t value = (flows_hash(octets, length) ^ from) * UINT64_C(0x9e3779b97f4a7c15);
    return value ^ value >> 32;
}

static enum item_form form_of(uint32_t findings)
{
    static const struct {
        enum msgt_finding finding;
        enum item_form form;
    } forms[] = {{MSGT_F_NO_PRI, FORM_NO_PRI},
                 {MSGT_F_BAD_PRI, FORM_BAD_PRI},
                 {MSGT_F_EMBLEM, FORM_EMBLEM},
                 {MSGT_F_DOUBLE_HEADER, FORM_DOUBLE},
                 {MSGT_F_NO_TIMESTAMP, FORM_NO_TIMESTAMP}};
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (findings >> forms[i].finding & 1)
            return forms[i].form;
    return FORM_COMMON;
}

/* Its text goes on to the end of the datagram, whatever a receiver makes of a line feed. */
static void find_text(struct item *item, const struct msgt_record *message)
{
    uint32_t at = 0, end = item->length;
    if (message->tag.length) {
        item->tagged = true;
        item->id = message->id;
        at = message->message.offset;
    } else if (item->length && item->octets[0] == '<') { /* no more than its PRI is known to be no text */
        while (at < end && at < 5 && item->octets[at] != '>')
            at++;
        at = at < end && item->octets[at] == '>' ? at + 1 : 0;
    }
    while (at < end && item->octets[at] == ' ')
        at++;
    item->text = at;
    item->text_length = (uint32_t)collector_log_trim(item->octets + at, end - at);
}

/* A line of "message repeated 4 times: [ TEXT]", around the tag or behind it. */
static void find_repeat(struct item *item, const struct msgt_record *message)
{
    const struct msgt_span *body = &message->body;
    uint32_t end = body->offset + body->length;
    if (!item->log || message->repeat == 0 || end >= item->length || item->octets[end] != ']')
        return;
    item->repeated.offset = body->offset;
    item->repeated.length = (uint32_t)collector_log_trim(item->octets + body->offset, body->length);
    item->repeated_count = message->repeat;
}

static void make_keys(struct item *item)
{
    const struct packet *p = &item->packet;
    uint8_t ports[9] = {(uint8_t)(p->src_port >> 8), (uint8_t)p->src_port, (uint8_t)(p->dst_port >> 8), (uint8_t)p->dst_port,
                        (uint8_t)(p->ip_id >> 24), (uint8_t)(p->ip_id >> 16), (uint8_t)(p->ip_id >> 8), (uint8_t)p->ip_id, p->version};
    item->key[KEY_PAYLOAD] = hash(item->wire, item->octets, item->length);
    item->key[KEY_FLOW_ID] = hash(hash(hash(0, p->src, 16), p->dst, 16), ports, sizeof ports);
    item->key[KEY_TEXT] = hash(0, item->plain, item->plain_length);
    item->key[KEY_PREFIX] = hash(1, item->plain, MIN(item->first_line, (uint32_t)PREFIX_LENGTH));
}

/* A text's start has the same start of the comparable text. */
static uint32_t first_line(const struct item *item)
{
    uint8_t plain[4 * PREFIX_LENGTH];
    const uint8_t *text = item->octets + item->text;
    const uint8_t *feed = memmem(text, item->text_length, "#012", 4), *raw = memchr(text, '\n', item->text_length);
    if (raw && (!feed || raw < feed))
        feed = raw;
    if (!feed || feed - text > (ptrdiff_t)sizeof plain)
        return item->plain_length;
    return (uint32_t)collector_log_plain(text, (size_t)(feed - text), plain);
}

static void make_plain(struct item *item)
{
    item->plain = item->octets + item->length;
    item->plain_length = (uint32_t)collector_log_plain(item->octets + item->text, item->text_length, item->octets + item->length);
    item->first_line = first_line(item);
}

static struct item *make(const char *file, const uint8_t *octets, size_t length)
{
    size_t size = sizeof(struct item) + 2 * length + FRAME_SPARE;
    struct item *item = g_malloc(size);
    memset(item, 0, sizeof *item);
    item->size = size;
    item->file = file;
    item->length = (uint32_t)length;
    if (length)
        memcpy(item->octets, octets, length);
    return item;
}

/* A collector may write the name in other letters. */
static uint64_t name_hash(const char *text, size_t size)
{
    char name[128];
    uint8_t address[16];
    size_t length = MIN(size, sizeof name - 1);
    for (size_t i = 0; i < length; i++)
        name[i] = g_ascii_tolower(text[i]);
    name[length] = 0;
    if (inet_pton(AF_INET, name, address) == 1)
        return hash(3, address, 4);
    if (inet_pton(AF_INET6, name, address) == 1)
        return hash(3, address, 16);
    return length ? hash(2, name, length) : 0;
}

static uint64_t device_of(const struct record *record)
{
    struct scalar device;
    record_device(record, &device);
    return device.kind == SCALAR_TEXT ? name_hash(device.text, device.length) : 0;
}

/* All that is known of its octets. */
static void judge(struct item *item, const struct options *options)
{
    struct datagram datagram = item_datagram(item);
    struct record record;
    size_t length = item->log ? collector_log_trim(item->octets, item->length) : item->length;
    record.view = &options->view;
    record.memory = NULL;
    record.datagram = &datagram;
    msgt_decode(options->view.table, item->octets, length, 0, item->cut ? MSGT_CUT : 0, &record.message);
    find_text(item, &record.message);
    find_repeat(item, &record.message);
    make_plain(item);
    make_keys(item);
    item->form = (uint8_t)form_of(record.message.findings);
    item->device = device_of(&record);
    item->selected = (item->tagged || options->source.untagged) && selection_matches(options->selection, &record);
}

struct item *item_of_datagram(const struct options *options, const struct datagram *datagram)
{
    const struct packet *packet = datagram->packet;
    struct item *item = make(datagram->file, datagram->octets, datagram->length);
    item->frame = datagram->frame;
    item->own_time = item->time = item_time(datagram->seconds, datagram->nanoseconds);
    item->precision = datagram->precision;
    item->cut = datagram->cut;
    item->packet = *packet;
    item->has_flow = packet->version == 4 && packet->ip_id != 0;
    item->wire = packet->payload_wire;
    if (packet->transport && packet->transport_captured >= 8)
        item->checksum = (uint16_t)(packet->transport[6] << 8 | packet->transport[7]);
    item->bad_udp = packet_udp_checksum(packet) == CHECKSUM_BAD;
    item->bad_ip = packet_ip_checksum(packet) == CHECKSUM_BAD;
    judge(item, options);
    item->other[0] = hash(3, packet->src, packet->version == 6 ? 16 : 4);
    return item;
}

static void take_names(struct item *item, const struct log_line *line)
{
    const char *name = line->devices, *end = name ? name + line->devices_length : NULL;
    for (unsigned i = 0; name < end && i < OTHER_NAMES; i++, name += strlen(name) + 1)
        item->other[i] = name_hash(name, strlen(name));
}

struct item *item_of_line(const struct options *options, const char *file, const struct log_line *line)
{
    struct item *item = make(file, line->text, line->length);
    item->log = true;
    item->frame = line->number;
    item->wire = item->length;
    judge(item, options);
    take_names(item, line);
    return item;
}

bool item_unfold(struct item *item)
{
    if (item->repeated.length == 0)
        return false;
    item->repeat = item->repeated_count;
    item->text = item->repeated.offset;
    item->text_length = item->repeated.length;
    make_plain(item);
    make_keys(item);
    return true;
}

struct datagram item_datagram(const struct item *item)
{
    return (struct datagram){.file = item->file,
                             .frame = item->frame,
                             .seconds = whole_seconds(item->own_time),
                             .nanoseconds = nanoseconds_beyond(item->own_time),
                             .precision = item->precision,
                             .cut = item->cut,
                             .packet = &item->packet,
                             .octets = item->octets,
                             .length = item->length};
}

bool item_same_payload(const struct item *a, const struct item *b)
{
    return a->wire == b->wire && a->length == b->length && memcmp(a->octets, b->octets, a->length) == 0;
}

bool item_same_flow(const struct item *a, const struct item *b)
{
    return a->packet.version == b->packet.version && a->packet.src_port == b->packet.src_port &&
           a->packet.dst_port == b->packet.dst_port && memcmp(a->packet.src, b->packet.src, 16) == 0 &&
           memcmp(a->packet.dst, b->packet.dst, 16) == 0;
}

static bool ids_agree(const struct item *a, const struct item *b) { return a->id == b->id || !a->tagged || !b->tagged; }

bool item_other_datagram(const struct item *a, const struct item *b)
{
    return a->has_flow && b->has_flow && item_same_flow(a, b) && a->packet.ip_id != b->packet.ip_id;
}

bool item_same_text(const struct item *a, const struct item *b)
{
    return ids_agree(a, b) && a->text_length == b->text_length &&
           memcmp(a->octets + a->text, b->octets + b->text, a->text_length) == 0;
}

static bool is_named(const struct item *line, uint64_t name)
{
    bool named = line->device == name;
    for (unsigned i = 0; i < OTHER_NAMES; i++)
        named |= line->other[i] == name;
    return name && named;
}

bool item_same_device(const struct item *datagram, const struct item *line) { return is_named(line, datagram->device); }
bool item_same_source(const struct item *datagram, const struct item *line) { return is_named(line, datagram->other[0]); }

bool item_alike_text(const struct item *a, const struct item *b)
{
    return ids_agree(a, b) && a->plain_length == b->plain_length && memcmp(a->plain, b->plain, a->plain_length) == 0;
}
