/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One message over two datagrams: the first ends inside its template, the second starts without PRI and tag. */
#include "check.h"

enum { PATIENCE = NANOSECONDS };

struct state {
    const struct flow *flow; /* of the message that may go on; NULL: none */
    struct device *device;
    int64_t time;
    uint64_t frame;
    uint32_t length;
    uint64_t joined, splits;
    uint8_t octets[16384];
};

/* Whether both parts make a message that decodes to its end. */
static bool joins(struct check *check, struct state *state, const struct packet *p)
{
    struct msgt_record record;
    size_t room = sizeof state->octets - state->length, more = MIN(room, p->payload_captured);
    memcpy(state->octets + state->length, p->payload, more);
    msgt_decode(check->view->table, state->octets, state->length + more, 0, 0, &record);
    return record.status == MSGT_OK;
}

/* What check_message.c counted: the message goes on, so its length is that of no limit. */
static void take_back(struct device *device, uint32_t length)
{
    const unsigned places = G_N_ELEMENTS(device->cuts);
    unsigned at = 0;
    check_unhit(device->findings[MSGT_F_MESSAGE_TRUNCATED]);
    while (at < places && (device->cuts[at].count == 0 || device->cuts[at].length != length))
        at++;
    if (at == places) {
        device->cut_elsewhere -= device->cut_elsewhere > 0;
        return;
    }
    struct cut_length *cut = &device->cuts[at];
    cut->weight -= cut->weight > 0;
    if (--cut->count > 0)
        return;
    /* No empty one stands in front of others. */
    memmove(cut, cut + 1, (places - 1 - at) * sizeof *cut);
    device->cuts[places - 1] = (struct cut_length){0};
}

static void packet(struct check *check, void *user)
{
    struct state *state = user;
    const struct sight *s = &check->sight;
    if (!s->flow || s->flow != state->flow || s->duplicate || s->frame->number == state->frame)
        return;
    const struct packet *p = s->packet;
    bool soon = s->time >= state->time && s->time - state->time < PATIENCE;
    bool rest = p->payload_captured > 0 && p->payload[0] != '<' && soon && !msgt_has_tag(p->payload, p->payload_captured);
    state->flow = NULL;
    if (!rest)
        return;
    bool certain = joins(check, state, p);
    state->joined += certain;
    state->splits++;
    check->sight.continued = true;
    take_back(state->device, state->length);
    check_hit_at(&state->device->splits, 1, s->file, state->frame, state->time, s->frame->precision);
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    struct state *state = user;
    const struct datagram *d = record->datagram;
    const struct msgt_record *m = &record->message;
    bool cut = m->findings & 1u << MSGT_F_SNAPLEN;
    if (m->status != MSGT_TRUNCATED || cut || d->length > sizeof state->octets / 2)
        return;
    state->flow = check->sight.flow;
    state->device = device;
    state->time = check->sight.time;
    state->frame = d->frame;
    state->length = d->length;
    memcpy(state->octets, d->octets, d->length);
}

/* What two files share is no message. */
static void end(struct check *check, void *user, const struct capture_interface *interfaces, size_t count)
{
    struct state *state = user;
    (void)check, (void)interfaces, (void)count;
    state->flow = NULL;
}

static void finish(struct check *check, void *user)
{
    static sentence_text detail = {
        "{n} message{s} of {device} came split over two datagrams ({joined} of all pairs decode when joined): the collector logs two halves.",
        "{device} の {n} メッセージが 2 つのデータグラムに分かれています (全デバイスで、つなげると最後まで解析できたものは {joined} 組)。コレクタには半分ずつ記録されます。"};
    const struct state *state = user;
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->devices);
    while (g_hash_table_iter_next(&iter, NULL, &row)) {
        const struct device *device = row;
        if (device->splits)
            check_raise(check, CHECK_SPLIT_MESSAGE, device->name, device->splits, state->joined == state->splits ? CHECK_CERTAIN : CHECK_LIKELY,
                        detail, "n", check_number(check, device->splits->count), "device", device->name, "joined",
                        check_number(check, state->joined), NULL);
    }
}

const struct check_family check_split = {
    .sees = SEES_SYSLOG, .state = sizeof(struct state), .packet = packet, .record = record, .end = end, .finish = finish};
