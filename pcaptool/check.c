/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check.h"

#include <stdlib.h>

/* In this order: what a copy of a datagram says counts once, so copies are told first. */
static const struct check_family *const families[] = {
    &check_capture, &check_duplicate, &check_icmp,  &check_fragment, &check_checksum, &check_order,   &check_burst,
    &check_arp,     &check_split,     &check_message, &check_device,   &check_sequence, &check_clock,
    &check_silence, &check_rate,
};

enum { FAMILIES = G_N_ELEMENTS(families), FINDINGS_MAX = 10000 };

sentence_text check_part_selected = {"part of the messages selected", "一部のメッセージだけを選択"};

static void free_finding(gpointer row)
{
    struct finding *finding = row;
    g_free(finding->device);
    g_free(finding->detail);
    g_free(finding->advice);
    g_free(finding);
}

static void free_remark(gpointer row)
{
    struct remark *remark = row;
    g_free(remark->what);
    g_free(remark->device);
    g_free(remark->why);
    g_free(remark);
}

/* The families in a row, as code: each call has a place of its own, so that the processor knows which one follows. */
#define EACH_FAMILY _Pragma("GCC unroll 32") for (size_t i = 0; i < FAMILIES; i++)

static void call_packet(struct check *check, enum check_sees not)
{
    EACH_FAMILY
        if (families[i]->packet && families[i]->sees != not)
            families[i]->packet(check, check->states[i]);
}

static void call_record(struct check *check, struct device *device, const struct record *record)
{
    EACH_FAMILY
        if (families[i]->record && (families[i]->crowd || !device->crowd))
            families[i]->record(check, check->states[i], device, record);
}

static sentence_text others = {"(others)", "(その他)"};

struct check *check_new(const struct view *view, uint64_t rcvbuf, uint64_t drain)
{
    struct check *check = g_new0(struct check, 1);
    check->view = view;
    check->rcvbuf = rcvbuf;
    check->drain = drain;
    check->input = 1;
    check->latest_here = check->ended = INT64_MIN;
    check->surest_loss = CHECK_POSSIBLE;
    check->flows = flows_new();
    check->flows->crowd_name = others[view->lang];
    check->recents = recents_new();
    check->strings = g_string_chunk_new(1024);
    check->states = g_new0(void *, FAMILIES);
    for (size_t i = 0; i < FAMILIES; i++)
        check->states[i] = families[i]->state ? g_malloc0(families[i]->state) : NULL;
    for (int i = 0; i < CHECK_SEVERITIES; i++)
        check->kept[i] = g_ptr_array_new_with_free_func(free_finding);
    check->findings = g_ptr_array_new();
    check->unusable = g_ptr_array_new_with_free_func(free_remark);
    check->trust = g_ptr_array_new_with_free_func(free_remark);
    check->clocks = g_ptr_array_new_with_free_func(g_free);
    return check;
}

void check_free(struct check *check)
{
    for (size_t i = 0; i < FAMILIES; i++)
        g_free(check->states[i]);
    g_free(check->states);
    for (int i = 0; i < CHECK_SEVERITIES; i++)
        g_ptr_array_unref(check->kept[i]);
    g_ptr_array_unref(check->findings);
    if (check->latest)
        free_finding(check->latest);
    g_ptr_array_unref(check->unusable);
    g_ptr_array_unref(check->trust);
    g_ptr_array_unref(check->clocks);
    flows_free(check->flows);
    recents_free(check->recents);
    g_string_chunk_free(check->strings);
    g_free(check);
}

int64_t check_time(int64_t seconds, uint32_t nanoseconds)
{
    return CLAMP(seconds, -(INT64_C(1) << 31), INT64_C(1) << 32) * NANOSECONDS + nanoseconds;
}

/* A file of a rotation begins where the one before ends, with hardly a longer pause between than there are in it. */
static void begin_file(struct check *check, int64_t time)
{
    check->began_here = time;
    if (check->ended != INT64_MIN && time >= check->ended && time - check->ended <= MAX(2 * check->pause, NANOSECONDS))
        return;
    check->run++;
    check->pause = 0;
}

static void see_time(struct check *check)
{
    int64_t time = check->sight.time;
    if (!check->sight.frame->precision)
        return;
    if (check->latest_here == INT64_MIN)
        begin_file(check, time);
    else if (time - check->latest_here > check->pause)
        check->pause = time - check->latest_here;
    if (!check->timed || time < check->first_time)
        check->first_time = time;
    if (!check->timed || time > check->now)
        check->now = time;
    check->latest_here = MAX(check->latest_here, time);
    check->timed = true;
}

/* A flow is syslog from its first tagged datagram on, or when it is on the port. */
static void see_datagram(struct check *check)
{
    struct sight *s = &check->sight;
    const struct packet *p = s->packet;
    bool syslog = is_syslog_port(p->src_port, p->dst_port);
    s->flow = flows_flow(check->flows, p->version, p->src, p->dst, p->dst_port, syslog);
    if (!s->flow && !syslog && msgt_has_tag(p->payload, p->payload_captured)) {
        syslog = true;
        s->flow = flows_flow(check->flows, p->version, p->src, p->dst, p->dst_port, true);
    }
    s->datagram = syslog || s->flow;
    if (s->datagram)
        check->datagrams++;
    if (s->flow) {
        s->sender = s->flow->sender;
        s->sender->syslog = true;
    }
}

static void take_packet(const char *file, const struct frame *frame, const struct packet *packet, void *user)
{
    struct check *check = user;
    check->sight = (struct sight){.file = file, .frame = frame, .packet = packet,
                                  .time = check_time(frame->seconds, frame->nanoseconds)};
    see_time(check);
    check->frames += !packet->reassembled;
    if (packet->kind == PACKET_UDP)
        see_datagram(check);
    if (!check->sight.datagram && packet->version) {
        /* Of those who sent syslog every packet counts, of others none. */
        check->sight.sender = flows_sender(check->flows, packet->version, packet->src, false);
        struct sender *sender = check->sight.sender;
        if (sender && !sender->elsewhere && packet->kind != PACKET_FRAGMENT)
            sender->elsewhere = flows_leads_elsewhere(sender, packet);
    }
    if (check->sight.datagram)
        call_packet(check, SEES_OTHERS);
    else
        call_packet(check, SEES_SYSLOG);
    if (check->sight.flow && check->sight.datagram && !check->sight.duplicate) {
        check->sight.flow->datagrams++;
        check->sight.flow->last_time = check->sight.time;
        check->sight.flow->last_input = check->input;
    }
}

static void take_lost(const struct fragments_lost *lost, void *user)
{
    struct check *check = user;
    for (size_t i = 0; i < FAMILIES; i++)
        if (families[i]->lost)
            families[i]->lost(check, check->states[i], lost);
}

static void take_end(const char *file, const struct capture_interface *interfaces, size_t count, void *user)
{
    struct check *check = user;
    check->sight = (struct sight){.file = file};
    for (size_t i = 0; i < FAMILIES; i++)
        if (families[i]->end)
            families[i]->end(check, check->states[i], interfaces, count);
    check->input++;
    if (check->latest_here != INT64_MIN)
        check->ended = check->latest_here;
    check->latest_here = INT64_MIN;
    recents_forget(check->recents); /* what two files share is no copy */
}

struct source_watch check_watch(struct check *check)
{
    return (struct source_watch){.packet = take_packet, .lost = take_lost, .end = take_end, .user = check};
}

/* The device of a record. Most messages of a flow are of the same one: it is looked up when the name is another. */
static struct device *find_device(struct check *check, const struct record *record)
{
    struct msgt_span name = record->message.hostname;
    struct flow *flow = check->sight.flow;
    struct device *device = !flow ? NULL : name.length ? flow->named : flow->unnamed;
    struct scalar text;
    if (device && (name.length == 0 || (device->name_length == name.length &&
                                        memcmp(device->name, record_octets(record, name.offset), name.length) == 0)))
        return device;
    record_device(record, &text);
    device = text.kind == SCALAR_TEXT ? flows_device(check->flows, text.text, text.length) : NULL;
    if (device && flow && !device->crowd)
        *(name.length ? &flow->named : &flow->unnamed) = device;
    return device;
}

/* The host name of a sender's messages, as long as it has one only. */
static void learn_name(struct sender *sender, const struct record *record, const struct device *device)
{
    struct msgt_span name = record->message.hostname;
    const char *octets = record_octets(record, name.offset);
    if (name.length == 0 || sender->many_names || (sender->device == device && !device->crowd))
        return;
    sender->device = device;
    if (!sender->name) {
        sender->name = g_strndup(octets, MIN(name.length, 127));
    } else if (strncmp(sender->name, octets, MIN(name.length, 127)) != 0 || strlen(sender->name) != MIN(name.length, 127)) {
        g_clear_pointer(&sender->name, g_free);
        sender->many_names = true;
    }
}

bool check_record(const struct record *record, void *user)
{
    struct check *check = user;
    if (check->sight.duplicate || check->sight.other_leg || check->sight.continued)
        return true;
    check->messages++;
    check->datagram = record->datagram;
    struct device *device = find_device(check, record);
    if (!device)
        return true;
    if (check->sight.sender && record->message.status != MSGT_NO_TAG)
        learn_name(check->sight.sender, record, device);
    check->sight.feed = check->sight.flow && !device->crowd ? flows_feed(check->flows, device, check->sight.flow) : NULL;
    call_record(check, device, record);
    device->messages++;
    if (check->sight.feed)
        check->sight.feed->messages++;
    return true;
}

/* ---- Hits ---- */

void check_hit_at(struct hit **where, uint64_t count, const char *file, uint64_t frame, int64_t time, uint8_t precision)
{
    if (!*where)
        *where = g_new0(struct hit, 1);
    struct hit *hit = *where;
    if (hit->count == 0) {
        hit->file = file;
        hit->frame = frame;
        hit->time = time;
        hit->precision = precision;
        hit->frame_count = 0;
    }
    hit->count += count;
    if (frame && file == hit->file && hit->frame_count < HIT_FRAMES && (!hit->frame_count || hit->frames[hit->frame_count - 1] != frame))
        hit->frames[hit->frame_count++] = frame;
}

void check_unhit(struct hit *hit)
{
    if (hit && hit->count > 0 && hit->count-- <= hit->frame_count)
        hit->frame_count--;
}

void check_hit_join(struct hit **where, struct hit *more)
{
    struct hit *hit = *where;
    if (!hit || more->time < hit->time) { /* the earlier one says where */
        *where = more;
        more = hit;
        hit = *where;
    }
    if (!more)
        return;
    hit->count += more->count;
    for (unsigned i = 0; more->file == hit->file && i < more->frame_count && hit->frame_count < HIT_FRAMES; i++)
        hit->frames[hit->frame_count++] = more->frames[i];
    g_free(more);
}

int64_t check_count(struct check *check, struct counter *counter, uint32_t number, uint32_t modulus_bits)
{
    const struct sight *s = &check->sight;
    int64_t skipped = counter_take(counter, number, modulus_bits, s->time, check->input);
    if (skipped <= 0)
        return skipped;
    uint32_t count = (uint32_t)skipped, mask = (uint32_t)((UINT64_C(1) << modulus_bits) - 1);
    struct skip skip = {.from = (number - count) & mask, .count = count, .open = count, .file = s->file,
                        .frame = s->frame->number, .time = s->time, .precision = s->frame->precision};
    skip.leap = counter->leap_count == count && counter->leap_from == skip.from;
    counter_keep(counter, &skip);
    return skipped;
}

struct hit check_missing(const struct counter *counter, bool leaps)
{
    struct hit hit = {0}, *at = &hit;
    for (unsigned i = 0; i < counter->skip_count; i++) {
        const struct skip *skip = &counter->skips[i];
        if (skip->leap == leaps)
            check_hit_at(&at, 1, skip->file, skip->frame, skip->time, skip->precision);
    }
    hit.count = leaps ? counter->leapt : counter->missing - counter->leapt;
    return hit;
}

/* ---- Conclusions ---- */

/* Whether one more finding has room: where there is none, one that is less grave than SEVERITY goes. */
static bool make_room(struct check *check, enum check_severity severity)
{
    guint count = 0;
    for (int i = 0; i < CHECK_SEVERITIES; i++)
        count += check->kept[i]->len;
    if (count < FINDINGS_MAX)
        return true;
    check->flows->untracked++;
    check->unfound++;
    for (int i = CHECK_SEVERITIES - 1; i > (int)severity; i--)
        if (check->kept[i]->len) {
            g_ptr_array_set_size(check->kept[i], (gint)check->kept[i]->len - 1);
            return true;
        }
    return false;
}

/* Counts the finding raised last, which stays as it is from now on, and keeps it where there is room. */
static void settle_latest(struct check *check)
{
    struct finding *finding = g_steal_pointer(&check->latest);
    if (!finding)
        return;
    const struct check_code_row *row = check_code(finding->code);
    check->raised[finding->code][finding->severity]++;
    if (finding->severity != CHECK_NOTE && row->kind == CHECK_LOSS && row->evidence != BY_QUIET)
        check->surest_loss = MIN(check->surest_loss, finding->confidence);
    if (make_room(check, finding->severity))
        g_ptr_array_add(check->kept[finding->severity], finding);
    else
        free_finding(finding);
}

struct finding *check_raise(struct check *check, enum check_code code, const char *device, const struct hit *hit,
                            enum check_confidence confidence, sentence_text detail, ...)
{
    const char *names[32] = {NULL};
    va_list arguments;
    va_start(arguments, detail);
    for (size_t i = 0; i < G_N_ELEMENTS(names) - 1 && (names[i] = va_arg(arguments, const char *)); i++)
        ;
    va_end(arguments);
    const struct check_code_row *row = check_code(code);
    struct finding *finding = g_new0(struct finding, 1);
    *finding = (struct finding){.code = code, .severity = row->severity, .confidence = confidence, .hit = *hit};
    if (check->limited && row->evidence != BY_PRESENCE)
        finding->confidence = CHECK_POSSIBLE;
    finding->device = g_strdup(device);
    finding->detail = sentence_filled(detail[check->view->lang], names);
    finding->advice = sentence_filled(row->advice[check->view->lang], names);
    settle_latest(check);
    return check->latest = finding;
}

uint64_t check_raised(const struct check *check, enum check_code from, enum check_code to, enum check_severity severity)
{
    uint64_t sum = 0;
    for (unsigned code = from; code <= to; code++)
        sum += check->raised[code][severity];
    return sum;
}

void check_advise(const struct check *check, struct finding *finding, sentence_text advice)
{
    g_free(finding->advice);
    finding->advice = g_strdup(advice[check->view->lang]);
}

void check_devices(struct check *check, void (*conclude)(struct check *check, const struct device *device))
{
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->devices);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        conclude(check, row);
}

void check_feeds(struct check *check, void (*conclude)(struct check *check, const struct feed *feed))
{
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->devices);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        for (const struct feed *feed = ((const struct device *)row)->feeds; feed; feed = feed->next)
            conclude(check, feed);
}

void check_all_devices(struct check *check, void (*conclude)(struct check *check, const struct device *device))
{
    check_devices(check, conclude);
    if (check->flows->crowd)
        conclude(check, check->flows->crowd);
}

void check_senders(struct check *check, void (*conclude)(struct check *check, const struct sender *sender))
{
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->senders);
    while (g_hash_table_iter_next(&iter, &row, NULL))
        conclude(check, row);
}

static void add_remark(struct check *check, GPtrArray *list, enum check_topic topic, const char *device, sentence_text what, sentence_text why)
{
    struct remark *remark = g_new0(struct remark, 1);
    remark->topic = topic;
    remark->what = g_strdup(what[check->view->lang]);
    remark->device = g_strdup(device ? device : "");
    remark->why = g_strdup(why[check->view->lang]);
    g_ptr_array_add(list, remark);
}

void check_remark(struct check *check, GPtrArray *list, const char *device, sentence_text what, sentence_text why)
{
    add_remark(check, list, NO_TOPIC, device, what, why);
}

void check_unusable(struct check *check, enum check_topic topic, const char *device, sentence_text why)
{
    add_remark(check, check->unusable, topic, device, check_topic_name(topic), why);
}

/* Severity, then what the capture itself did, then loss; then the more frequent. */
static int by_weight(gconstpointer a, gconstpointer b)
{
    static const int order[CHECK_KINDS] = {[CHECK_CAPTURE] = 0, [CHECK_LOSS] = 1, [CHECK_MALFORMED] = 2, [CHECK_CLOCK] = 3};
    const struct finding *left = *(const struct finding *const *)a, *right = *(const struct finding *const *)b;
    int kinds = order[check_code(left->code)->kind] - order[check_code(right->code)->kind];
    if (left->severity != right->severity)
        return (int)left->severity - (int)right->severity;
    if (kinds)
        return kinds;
    if (left->code != right->code)
        return (int)left->code - (int)right->code;
    if (left->hit.count != right->hit.count)
        return left->hit.count < right->hit.count ? 1 : -1;
    return strcmp(left->device, right->device);
}

static int by_device(gconstpointer a, gconstpointer b)
{
    const struct remark *left = *(const struct remark *const *)a, *right = *(const struct remark *const *)b;
    int order = strcmp(left->what, right->what);
    return order ? order : strcmp(left->device, right->device);
}

/* What had no room in a table. */
static void remark_bounds(struct check *check)
{
    static sentence_text addresses = {"part of the addresses", "一部のアドレス"}, findings = {"part of the findings", "一部の所見"};
    static sentence_text full = {"more senders, flows or devices than there is room for", "送信元、フロー、デバイスが上限を超えました"};
    static sentence_text many = {"there are more than 10,000", "10,000 件を超えました"};
    if (check->flows->untracked > check->unfound)
        check_remark(check, check->unusable, NULL, addresses, full);
    if (check->unfound)
        check_remark(check, check->unusable, NULL, findings, many);
}

void check_finish(struct check *check)
{
    flows_find_namesakes(check->flows);
    for (size_t i = 0; i < FAMILIES; i++)
        if (families[i]->finish)
            families[i]->finish(check, check->states[i]);
    settle_latest(check);
    remark_bounds(check);
    for (int i = 0; i < CHECK_SEVERITIES; i++)
        for (guint k = 0; k < check->kept[i]->len; k++)
            g_ptr_array_add(check->findings, g_ptr_array_index(check->kept[i], k));
    g_ptr_array_sort(check->findings, by_weight);
    g_ptr_array_sort(check->unusable, by_device);
}

bool check_found(const struct check *check)
{
    return check_raised(check, 0, CHECK_CODES - 1, CHECK_ERROR) + check_raised(check, 0, CHECK_CODES - 1, CHECK_WARNING) > 0;
}
