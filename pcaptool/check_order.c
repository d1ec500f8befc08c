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

/* The flow that counted this ID: of a datagram, or of one in fragments, whose first one has the ports. NULL: none that is known. */
static struct flow *flow_of(const struct check *check)
{
    const struct packet *p = check->sight.packet;
    if (p->kind != PACKET_FRAGMENT || p->protocol != 17 || !p->has_ports)
        return check->sight.flow;
    return flows_flow(check->flows, p->version, p->src, p->dst, p->dst_port, false);
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
    struct flow *flow = flow_of(check);
    if (flow)
        count_id(check, &flow->ids, s->datagram);
}

static sentence_text unseen = {", or went where this capture does not see them", "たか、このキャプチャに映らない所へ送られ"}, nowhere = {"", ""};

static void conclude_gaps(struct check *check, const char *name, const struct counter *counter, bool alone)
{
    static sentence_text detail = {
        "{n} IP ID{s} {are} missing in {places} place{s} among {all} packets of {device}, which counts them by one: up to {n} packet{s} {were} lost before the capture point{caveat}.",
        "IP ID を 1 ずつ増やす {device} の {all} パケットの間に、{places} か所で計 {n} 個の ID が欠けています。キャプチャ地点より前で最大 {n} パケットが失われ{caveat}ました。"};
    struct hit hit = check_missing(counter, false);
    if (hit.count > 0)
        check_raise(check, CHECK_IP_ID_GAP, name, &hit, alone ? CHECK_POSSIBLE : CHECK_LIKELY, detail, "n",
                    check_number(check, hit.count), "places", check_number(check, counter->places - counter->leaps), "all",
                    check_number(check, counter->seen + 1), "device", name, "caveat", (alone ? unseen : nowhere)[check->view->lang], NULL);
}

static void conclude_leaps(struct check *check, const char *name, const struct counter *counter, bool alone)
{
    static sentence_text detail = {
        "The IP IDs of {device}, which counts them by one, leap over {n} in {places} place{s}, as after a restart or a failover, where it begins to count anew. If it did not, up to {n} packets were lost before the capture point{caveat}.",
        "IP ID を 1 ずつ増やす {device} の ID が、{places} か所で計 {n} 個飛んでいます。再起動やフェールオーバーで数え直したときと同じ飛び方です。数え直したのでなければ、キャプチャ地点より前で最大 {n} パケットが失われ{caveat}ました。"};
    static sentence_text advice = {
        "See whether the device restarted or failed over at that time: `show version` (how long it is up), `show failover history`. If it did, nothing need be lost here; if not, compare a capture at the device with this one: `ftdpcap compare device.pcap this.pcap`.",
        "その時刻に再起動やフェールオーバーがなかったかを確認します。`show version` (稼働時間)、`show failover history`。あれば、ここでの損失とは限りません。なければ、デバイス側のキャプチャと比較します。`ftdpcap compare device.pcap this.pcap`。"};
    struct hit hit = check_missing(counter, true);
    if (hit.count == 0)
        return;
    struct finding *finding = check_raise(check, CHECK_IP_ID_GAP, name, &hit, CHECK_POSSIBLE, detail, "n", check_number(check, hit.count), "places",
                                          check_number(check, counter->leaps), "device", name, "caveat",
                                          (alone ? unseen : nowhere)[check->view->lang], NULL);
    check_advise(check, finding, advice);
}

static void conclude_counter(struct check *check, const char *name, const struct counter *counter, bool alone)
{
    static sentence_text detail = {"{n} datagram{s} of {device} came after one that was sent later, by their IP IDs.",
                                "{device} の {n} データグラムは、IP ID によれば後に送られたものより遅れて届きました。"};
    check->counted_ids = true;
    conclude_gaps(check, name, counter, alone);
    conclude_leaps(check, name, counter, alone);
    if (counter->lates)
        check_raise(check, CHECK_REORDERED, name, counter->lates, CHECK_CERTAIN, detail, "n",
                    check_number(check, counter->lates->count), "device", name, NULL);
}

static void remark_counter(struct check *check, const char *name, enum counter_kind kind)
{
    static sentence_text why[] = {
        [COUNTER_UNKNOWN] = {"too few packets", "パケットが少なすぎます"},
        [COUNTER_CONSTANT] = {"constant", "一定"},
        [COUNTER_SHARED] = {"a counter shared with traffic not seen here, or driven by time", "ここに見えない通信と共有、または時刻で進むカウンタ"},
        [COUNTER_RANDOM] = {"random", "乱数"},
        [COUNTER_SEQUENTIAL] = {"", ""},
    };
    check_unusable(check, TOPIC_IP_IDS, name, why[kind]);
}

/* The counter that tells of a flow: its sender's, or its own, for some systems count for each destination; NULL: neither. */
static const struct counter *usable_counter(const struct flow *flow)
{
    if (counter_kind(&flow->sender->ids) == COUNTER_SEQUENTIAL)
        return &flow->sender->ids;
    return counter_kind(&flow->ids) == COUNTER_SEQUENTIAL ? &flow->ids : NULL;
}

static void conclude_flow(struct check *check, const struct flow *flow, bool alone)
{
    const struct sender *sender = flow->sender;
    const char *name = sender->flows->older ? check_flow(check, flow) : check_sender(check, sender);
    enum counter_kind kind = counter_kind(&flow->ids);
    if (kind == COUNTER_SEQUENTIAL)
        conclude_counter(check, name, &flow->ids, alone);
    else
        remark_counter(check, name, kind);
}

static void conclude_sender(struct check *check, const struct sender *sender)
{
    enum counter_kind kind = counter_kind(&sender->ids);
    bool alone = !sender->elsewhere, by_flow = false;
    if (!sender->syslog || sender->address.version != 4)
        return;
    for (const struct flow *flow = sender->flows; flow && kind != COUNTER_SEQUENTIAL; flow = flow->older)
        by_flow |= counter_kind(&flow->ids) == COUNTER_SEQUENTIAL;
    if (kind == COUNTER_SEQUENTIAL)
        conclude_counter(check, check_sender(check, sender), &sender->ids, alone);
    else if (!by_flow)
        remark_counter(check, check_sender(check, sender), kind);
    for (const struct flow *flow = sender->flows; flow && by_flow; flow = flow->older)
        conclude_flow(check, flow, alone);
}

static void conclude_times(struct check *check, const struct flow *flow)
{
    static sentence_text detail = {"{n} datagram{s} of {device} {have} a capture time before that of the one in front: frames of several interfaces or files are not in order of time.",
                                "{device} の {n} データグラムのキャプチャ時刻が直前のものより前です。複数のインターフェイスまたはファイルのフレームが時刻順ではありません。"};
    const struct counter *counter = usable_counter(flow);
    bool by_id = counter && counter->lates;
    if (flow->backwards && !by_id)
        check_raise(check, CHECK_REORDERED, check_flow(check, flow), flow->backwards, CHECK_CERTAIN, detail, "n",
                    check_number(check, flow->backwards->count), "device", check_sender(check, flow->sender), NULL);
}

static void finish(struct check *check, void *user)
{
    GHashTableIter iter;
    gpointer row;
    (void)user;
    check_senders(check, conclude_sender);
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (g_hash_table_iter_next(&iter, &row, NULL))
        conclude_times(check, row);
}

const struct check_family check_order = {.packet = packet, .finish = finish};
