/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP IDs: skipped by a source that counts, or running backwards; and capture times that do. */
#include "check.h"


static void count_id(struct check *check, struct counter *counter, bool syslog)
{
    const struct sight *s = &check->sight;
    if (counter_next(counter, s->packet->ip_id, s->time, check->input))
        return;
    if (check_count(check, counter, s->packet->ip_id, 16) < 0 && syslog)
        check_hit(check, &counter->lates, 1);
}

static void packet(struct check *check, void *user)
{
    (void)user;
    const struct sight *s = &check->sight;
    if (!s->sender || s->duplicate)
        return;
    if (s->flow && s->frame->precision && s->flow->last_time > s->time && s->flow->last_input == check->input)
        check_hit(check, &s->flow->backwards, 1);
    if (s->packet->version != 4 || s->packet->reassembled)
        return;
    count_id(check, &s->sender->ids, s->datagram);
    if (s->flow)
        count_id(check, &s->flow->ids, true);
}

static void conclude_gaps(struct check *check, const char *name, const struct counter *counter, bool alone)
{
    static check_text detail = {
        "{n} IP ID{s} {are} missing in {places} place{s} among {all} packets of {device}, which counts them by one: up to {n} packet{s} {were} lost before the capture point{caveat}.",
        "IP ID を 1 ずつ数える {device} の {all} パケットのうち、{places} か所で {n} 個の ID が欠けています。キャプチャ地点より前で最大 {n} パケットが失われました{caveat}。"};
    static check_text unseen = {", or went where this capture does not see them", "。または、このキャプチャに映らない所へ送られました"}, none = {"", ""};
    if (counter->missing == 0)
        return;
    struct hit hit = check_missing(counter);
    check_raise(check, CHECK_IP_ID_GAP, name, &hit, alone || check->limited ? CHECK_POSSIBLE : CHECK_LIKELY, detail, "n",
                check_number(check, hit.count), "places", check_number(check, counter->places), "all", check_number(check, counter->seen + 1),
                "device", name, "caveat", (alone ? unseen : none)[check->view->lang], NULL);
}

static void conclude_sender(struct check *check, const struct sender *sender, const struct counter *counter)
{
    static check_text ids = {"IP IDs", "IP ID"};
    static check_text why[] = {
        [COUNTER_UNKNOWN] = {"too few packets", "パケットが少なすぎます"},
        [COUNTER_CONSTANT] = {"constant", "一定"},
        [COUNTER_SHARED] = {"a counter shared with traffic not seen here, or driven by time", "ここに見えない通信と共有、または時刻で進むカウンター"},
        [COUNTER_RANDOM] = {"random", "乱数"},
        [COUNTER_SEQUENTIAL] = {"", ""},
    };
    static check_text detail = {"{n} datagram{s} of {device} came after one that was sent later, by their IP IDs.",
                                "{device} の {n} データグラムは、IP ID によれば後に送られたものより遅れて届きました。"};
    enum counter_kind kind = counter_kind(counter);
    const char *name = check_sender(check, sender);
    if (kind != COUNTER_SEQUENTIAL) {
        check_remark(check, check->unusable, name, ids, why[kind]);
        return;
    }
    check->counted_ids = true;
    conclude_gaps(check, name, counter, sender->others == 0);
    if (counter->lates)
        check_raise(check, CHECK_REORDERED, name, counter->lates, CHECK_CERTAIN, detail, "n",
                    check_number(check, counter->lates->count), "device", name, NULL);
}

/* The flow with most datagrams of a sender whose IDs as a whole do not count: some systems count for each destination. */
static const struct counter *usable_counter(struct check *check, const struct sender *sender)
{
    GHashTableIter iter;
    gpointer row;
    const struct flow *best = NULL;
    if (counter_kind(&sender->ids) == COUNTER_SEQUENTIAL)
        return &sender->ids;
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        const struct flow *flow = row;
        if (flow->sender == sender && counter_kind(&flow->ids) == COUNTER_SEQUENTIAL && (!best || flow->datagrams > best->datagrams))
            best = flow;
    }
    return best ? &best->ids : &sender->ids;
}

/* Whether the order of the flow was told by its IDs. */
static bool told_by_id(struct check *check, const struct flow *flow)
{
    const struct counter *counter = usable_counter(check, flow->sender);
    return (counter == &flow->sender->ids || counter == &flow->ids) && counter->lates && counter_kind(counter) == COUNTER_SEQUENTIAL;
}

static void finish(struct check *check, void *user)
{
    static check_text detail = {"{n} datagram{s} of {device} {have} a capture time before that of the one in front: frames of several interfaces or files are not in order of time.",
                                "{device} の {n} データグラムのキャプチャ時刻が直前のものより前です。複数のインターフェイスまたはファイルのフレームが時刻順ではありません。"};
    (void)user;
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->senders);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        const struct sender *sender = row;
        if (sender->syslog && sender->address.version == 4)
            conclude_sender(check, sender, usable_counter(check, sender));
    }
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        const struct flow *flow = row;
        if (flow->backwards && !told_by_id(check, flow))
            check_raise(check, CHECK_REORDERED, check_flow(check, flow), flow->backwards, CHECK_CERTAIN, detail, "n",
                        check_number(check, flow->backwards->count), "device", check_sender(check, flow->sender), NULL);
    }
}

const struct check_family check_order = {.packet = packet, .finish = finish};
