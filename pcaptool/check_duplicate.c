/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same datagram twice: a mirror port that copies both directions, or a hop seen before and after a router. */
#include "check.h"
#include "octets.h"

enum { WINDOW = NANOSECONDS };

static void fill(struct recent *recent, const struct sight *s)
{
    const struct packet *p = s->packet;
    bool whole = p->transport_captured >= 8;
    recent->flow = s->flow;
    recent->frame = s->frame->number;
    recent->time = s->time;
    recent->ip_id = p->ip_id;
    recent->checksum = whole ? be16(p->transport + 6) : 0;
    recent->length = whole ? be16(p->transport + 4) : 0;
    recent->src_port = p->src_port;
    recent->ttl = p->ttl;
    flows_sum(p->payload, p->payload_captured, recent->sum);
}

/* As 0 does, an IP ID that is the same in other datagrams of the flow, too, tells nothing. */
static bool has_constant_ids(const struct flow *flow)
{
    const struct counter *ids = &flow->ids;
    return ids->same > 0 && ids->seen - ids->same <= ids->seen / 20;
}

static bool is_copy(const struct recent *now, const struct recent *before)
{
    int hops = before->ttl - now->ttl;
    if (now->sum[0] != before->sum[0] || now->sum[1] != before->sum[1] || now->src_port != before->src_port || llabs(now->time - before->time) > WINDOW)
        return false;
    if (now->ip_id == 0 || has_constant_ids(now->flow))
        return hops == 1 || hops == -1;
    return hops >= -1 && hops <= 1;
}

static void packet(struct check *check, void *user)
{
    (void)user;
    struct sight *s = &check->sight;
    if (!s->flow)
        return;
    struct recent *now = flows_next_recent(check->flows);
    fill(now, s);
    const struct recent *before = flows_recall(check->flows, now, is_copy);
    if (!before) {
        flows_remember(check->flows, now);
        return;
    }
    s->duplicate = true;
    check->duplicates++;
    check_hit(check, &s->sender->duplicates, 1);
    s->sender->routed += now->ttl != before->ttl;
}

static void finish(struct check *check, void *user)
{
    (void)user;
    static sentence_text copied = {
        "{n} datagram{s} of {device} came again within a second, octet by octet: the capture point sees them twice.",
        "{device} のデータグラム {n} 件は、1 秒以内に同じ内容で再び現れた複製です。キャプチャ地点で同じものを 2 度取得しています。"};
    static sentence_text copied_by_router = {
        "{n} datagram{s} of {device} came again within a second, octet by octet, {routed} of them with a hop limit that differs by one: the capture point sees "
        "them twice, in front of a router and behind it.",
        "{device} のデータグラム {n} 件は、1 秒以内に同じ内容で再び現れた複製で、うち {routed} 件は TTL が 1 違います。キャプチャ地点がルータの手前と先で同じものを 2 度取得しています。"};
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->senders);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        const struct sender *sender = row;
        const char *name = check_sender(check, sender);
        if (sender->duplicates)
            check_raise(check, CHECK_DUPLICATE, name, sender->duplicates, CHECK_CERTAIN, sender->routed ? copied_by_router : copied, "n",
                        check_number(check, sender->duplicates->count), "device", name, "routed",
                        check_number(check, sender->routed), NULL);
    }
}

const struct check_family check_duplicate = {.sees = SEES_SYSLOG, .packet = packet, .finish = finish};
