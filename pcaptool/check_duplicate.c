/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same datagram twice: a mirror port that copies both directions, a hop seen before and after a router, both sides of a NAT. */
#include "check.h"
#include "octets.h"

enum { WINDOW = NANOSECONDS };

/* What comes again so soon is the doing of a mirror, if practically all of a flow does: 19 of 20, and not just some. */
enum { AT_ONCE = NANOSECONDS / 1000, TWINS = 8, OF = 20 };

static void fill(struct recent *recent, const struct sight *s)
{
    const struct packet *p = s->packet;
    bool whole = p->transport_captured >= 8;
    recent->flow = s->flow;
    recent->frame = s->frame->number;
    recent->time = s->time;
    recent->ip_id = p->ip_id;
    recent->checksum = whole ? packet_udp_sent_checksum(p) : 0; /* as an ICMP error quotes it */
    recent->length = whole ? be16(p->transport + 4) : 0;
    recent->src_port = p->src_port;
    recent->ttl = p->ttl;
    recent->copied = false;
    recent_sum(p->payload, p->payload_captured, recent->sum);
}

/* As 0 does, an IP ID that is the same in other datagrams of the flow, too, tells nothing. */
static bool has_constant_ids(const struct flow *flow)
{
    const struct counter *ids = &flow->ids;
    return ids->same > 0 && ids->seen - ids->same <= ids->seen / 20;
}

static bool has_telling_id(const struct recent *now) { return now->ip_id != 0 && !has_constant_ids(now->flow); }

static bool is_same(const struct recent *now, const struct recent *before)
{
    return now->sum[0] == before->sum[0] && now->sum[1] == before->sum[1] && now->src_port == before->src_port;
}

static bool is_copy(const struct recent *now, const struct recent *before)
{
    int hops = before->ttl - now->ttl;
    if (!is_same(now, before) || llabs(now->time - before->time) > WINDOW)
        return false;
    if (!has_telling_id(now))
        return hops == 1 || hops == -1;
    return hops >= -1 && hops <= 1;
}

/* A copy, or the same said twice: other datagrams of the flow tell which. */
static bool is_twin(const struct recent *now, const struct recent *before)
{
    return is_same(now, before) && now->ttl == before->ttl && llabs(now->time - before->time) <= AT_ONCE;
}

static bool is_mirrored(const struct flow *flow) { return flow->paired >= TWINS && flow->paired * OF >= flow->alone * (OF - 1); }

/* Whether it is one of the copies of a flow that is seen twice. */
static bool see_twin(struct check *check, struct recent *now)
{
    struct flow *flow = check->sight.flow;
    if (has_telling_id(now))
        return false;
    struct recent *before = recents_recall(check->recents, RECENT_DATAGRAM, now, is_twin);
    if (!before) {
        flow->alone++;
        return false;
    }
    flow->paired += !before->copied;
    before->copied = now->copied = true; /* a third one makes no second pair */
    check_hit(check, &flow->twins, 1);
    bool mirrored = is_mirrored(flow);
    flow->mirrored |= mirrored;
    return mirrored;
}

/* On the other side of a NAT, which keeps the IP ID. Devices without a name may say the same, and one device says the same to two
 * collectors: with IP IDs of their own, and both copies of the latter with the same hop limit. */
static bool is_other_leg(const struct recent *now, const struct recent *before)
{
    int hops = before->ttl - now->ttl;
    bool to_another = same_address(&now->flow->sender->address, &before->flow->sender->address);
    if (now->flow == before->flow || now->ip_id == 0 || now->ip_id != before->ip_id || llabs(now->time - before->time) > WINDOW)
        return false;
    return (hops != 0 || !to_another) && !has_constant_ids(now->flow) && !has_constant_ids(before->flow);
}

/* False: there is none. */
static bool find_other_leg(struct check *check, const struct recent *now)
{
    struct flow *flow = check->sight.flow;
    const struct recent *before = recents_recall(check->recents, RECENT_PAYLOAD, now, is_other_leg);
    if (!before)
        return false;
    if (!flow->legs)
        flow->first_leg = before->flow;
    check_hit(check, &flow->legs, 1);
    return true;
}

static void count_copy(struct check *check, const struct recent *now, struct recent *before)
{
    struct sender *sender = check->sight.sender;
    check->sight.duplicate = true;
    check->duplicates++;
    check_hit(check, &sender->duplicates, 1);
    sender->routed += now->ttl != before->ttl;
    sender->copied += !before->copied;
    before->copied = true;
}

static void packet(struct check *check, void *user)
{
    (void)user;
    struct sight *s = &check->sight;
    if (!s->flow)
        return;
    struct recent *now = recents_next(check->recents);
    fill(now, s);
    struct recent *before = recents_recall(check->recents, RECENT_DATAGRAM, now, is_copy);
    if (!before && see_twin(check, now)) {
        s->duplicate = true;
        check->duplicates++;
        return;
    }
    if (!before) {
        s->other_leg = find_other_leg(check, now);
        check->duplicates += s->other_leg;
        recents_remember(check->recents, now);
        return;
    }
    count_copy(check, now, before);
}

static void conclude(struct check *check, const struct sender *sender)
{
    static sentence_text copied = {
        "{n} datagram{s} of {device} came again within a second, octet by octet: the capture point sees them twice.",
        "{device} のデータグラム {n} 件は、1 秒以内に同じ内容で再び現れた複製です。キャプチャ地点で同じものを 2 度取得しています。"};
    static sentence_text copied_again = {
        "Of {copied} datagram{s} of {device} {n} copies came within a second, octet by octet: the capture point sees them more than twice.",
        "{device} の {copied} データグラムについて、1 秒以内に同じ内容の複製が計 {n} 件現れています。キャプチャ地点で同じものを 3 度以上取得しています。"};
    static sentence_text copied_by_router = {
        "{n} datagram{s} of {device} came again within a second, octet by octet, {routed} of them with a hop limit that differs by one: the capture point sees "
        "them twice, in front of a router and behind it.",
        "{device} のデータグラム {n} 件は、1 秒以内に同じ内容で再び現れた複製で、うち {routed} 件は TTL が 1 違います。キャプチャ地点がルータの手前と先で同じものを 2 度取得しています。"};
    const char *name = check_sender(check, sender);
    if (!sender->duplicates)
        return;
    const char *const *detail = sender->duplicates->count > sender->copied ? copied_again : sender->routed ? copied_by_router : copied;
    check_raise(check, CHECK_DUPLICATE, name, sender->duplicates, CHECK_CERTAIN, detail, "n", check_number(check, sender->duplicates->count),
                "copied", check_number(check, sender->copied), "device", name, "routed", check_number(check, sender->routed), NULL);
}

static void conclude_legs(struct check *check, const struct flow *flow)
{
    static sentence_text translated = {
        "{n} datagram{s} from {from} to {to} came within a second of the same text and IP ID with other addresses (the first from {first_from} to {first_to}): "
        "the capture holds both sides of a NAT, and each message counts once.",
        "{from} から {to} へのデータグラム {n} 件は、本文と IP ID が同じものが 1 秒以内に別のアドレス (最初は {first_from} から {first_to} へ) でも現れています。"
        "このキャプチャは NAT の両側を含みます。各メッセージは 1 度だけ数えています。"};
    static sentence_text one_side = {
        "Capture on one side of the NAT: one interface in place of `any`, or a filter by address (`-f 'host ADDRESS'`). What the NAT itself loses shows when each "
        "side is captured for itself: `ftdpcap compare front.pcap behind.pcap`.",
        "NAT の片側だけをキャプチャします。`any` でなく 1 つのインターフェイスにするか、アドレスで絞ります (`-f 'host ADDRESS'`)。NAT 自体での損失は、両側を別々にキャプチャして `ftdpcap compare front.pcap behind.pcap` で分かります。"};
    if (!flow->legs)
        return;
    const struct flow *first = flow->first_leg;
    struct finding *finding = check_raise(
        check, CHECK_DUPLICATE, check_flow(check, flow), flow->legs, CHECK_CERTAIN, translated, "n", check_number(check, flow->legs->count), "from",
        check_address(check, &flow->sender->address), "to", check_address(check, &flow->to), "first_from",
        check_address(check, &first->sender->address), "first_to", check_address(check, &first->to), NULL);
    check_advise(check, finding, one_side);
}

/* The flow's datagrams that have no IP ID of their own. */
static void conclude_twins(struct check *check, const struct flow *flow)
{
    static sentence_text detail = {
        "{n} of {all} datagrams from {flow} came within a millisecond of the same one, octet by octet: the capture point sees them twice. IP IDs do not tell copies here; but for the first "
        "few, they are not counted.",
        "{flow} の {all} データグラムのうち {n} 件は、1 ミリ秒以内に同じ内容で再び現れています。キャプチャ地点で同じものを 2 度取得しています。ここでは IP ID で複製を見分けられません。最初の数件を除き、複製は数えていません。"};
    static sentence_text why = {"IP IDs do not tell copies from what is said twice", "IP ID では、複製と 2 度送られたものを区別できません"};
    const char *name = check_flow(check, flow);
    if (!flow->twins) {
        check->singled = true;
        return;
    }
    if (!flow->mirrored) {
        check_unusable(check, TOPIC_DUPLICATES, name, why);
        return;
    }
    check_raise(check, CHECK_DUPLICATE, name, flow->twins, CHECK_LIKELY, detail, "n", check_number(check, flow->twins->count), "all",
                check_number(check, flow->twins->count + flow->alone), "flow", name, NULL);
}

static void finish(struct check *check, void *user)
{
    GHashTableIter iter;
    gpointer row;
    (void)user;
    check_senders(check, conclude);
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        conclude_legs(check, row);
        conclude_twins(check, row);
    }
}

const struct check_family check_duplicate = {.sees = SEES_SYSLOG, .packet = packet, .finish = finish};
