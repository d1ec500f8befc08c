/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICMP (RFC 792, 1812) and ICMPv6 (RFC 4443) errors, matched to the very datagram that they quote. */
#include "check.h"
#include "octets.h"

enum { REFUSALS_MAX = 256, QUOTED_KEPT = 4, WINDOW = NANOSECONDS };

static sentence_text route = {
    "The hop that answered cannot reach the collector: see whether the collector is up and has this address (`ip neigh show` or `show arp` there), and the routes of that hop (`ip route get COLLECTOR`, `show route`).",
    "応答したホップからコレクタに届きません。コレクタが動作しこのアドレスを持つか (応答したホップで `ip neigh show` または `show arp`)、そのホップの経路 (`ip route get COLLECTOR`、`show route`) を確認します。"};
static sentence_text parts = {
    "The host that answered got a part of the fragments only: let all of them pass on the way (ASA `fragment chain 24 INTERFACE`; no filter by port that drops the later ones), or avoid them with one MTU on the path.",
    "応答したホストにはフラグメントの一部しか届いていません。経路ですべてを通すか (ASA `fragment chain 24 INTERFACE`、2 個目以降を捨てるポート フィルタを置かない)、経路の MTU をそろえてフラグメントを避けます。"};
static sentence_text rejected = {
    "The host that answered is not the collector but rejects what goes there: look at its packet filter (`nft list ruleset`, `iptables -L -n -v`: REJECT answers so), and, where it passes this address on (NAT, load balancer), at what listens behind it.",
    "応答したのはコレクタではなく、コレクタ宛てを拒否しているホップです。そのパケット フィルタ (`nft list ruleset`、`iptables -L -n -v`。REJECT の規則はこう応答します) を確認します。このアドレスを転送している場合 (NAT、負荷分散) は、転送先の待ち受けも確認します。"};

/* type and code → finding; code 255: any. */
static const struct error_row {
    uint8_t version, type, code;
    enum check_code finding;
    sentence_text said;
    const sentence_text *advice;   /* NULL: that of the code */
    const sentence_text *by_other; /* advice where another host answers than the datagram went to; NULL: the same */
} errors[] = {
    {4, 3, 0, CHECK_ICMP_UNREACHABLE, {"network unreachable", "ネットワーク到達不能"}, &route, NULL},
    {4, 3, 1, CHECK_ICMP_UNREACHABLE, {"host unreachable", "ホスト到達不能"}, &route, NULL},
    {4, 3, 2, CHECK_ICMP_UNREACHABLE, {"protocol unreachable", "プロトコル到達不能"}, NULL, &rejected},
    {4, 3, 3, CHECK_ICMP_UNREACHABLE, {"port unreachable", "ポート到達不能"}, NULL, &rejected},
    {4, 3, 4, CHECK_ICMP_FRAG_NEEDED, {"fragmentation needed", "フラグメント化が必要"}, NULL, NULL},
    {4, 3, 9, CHECK_ICMP_PROHIBITED, {"network administratively prohibited", "ネットワークへの通信は管理上禁止"}, NULL, NULL},
    {4, 3, 10, CHECK_ICMP_PROHIBITED, {"host administratively prohibited", "ホストへの通信は管理上禁止"}, NULL, NULL},
    {4, 3, 13, CHECK_ICMP_PROHIBITED, {"communication administratively prohibited", "通信は管理上禁止"}, NULL, NULL},
    {4, 3, 255, CHECK_ICMP_UNREACHABLE, {"unreachable", "到達不能"}, &route, NULL},
    {4, 11, 1, CHECK_ICMP_TTL_EXCEEDED, {"fragments did not arrive in time", "フラグメントが時間内にそろわない"}, &parts, NULL},
    {4, 11, 255, CHECK_ICMP_TTL_EXCEEDED, {"time to live exceeded in transit", "転送中に TTL 超過"}, NULL, NULL},
    {6, 1, 1, CHECK_ICMP_PROHIBITED, {"administratively prohibited", "管理上禁止"}, NULL, NULL},
    {6, 1, 5, CHECK_ICMP_PROHIBITED, {"source address refused by policy", "送信元アドレスをポリシーにより拒否"}, NULL, NULL},
    {6, 1, 6, CHECK_ICMP_PROHIBITED, {"route rejected", "宛先への経路を拒否"}, NULL, NULL},
    {6, 1, 4, CHECK_ICMP_UNREACHABLE, {"port unreachable", "ポート到達不能"}, NULL, &rejected},
    {6, 1, 0, CHECK_ICMP_UNREACHABLE, {"no route to the destination", "宛先への経路なし"}, &route, NULL},
    {6, 1, 3, CHECK_ICMP_UNREACHABLE, {"address unreachable", "アドレス到達不能"}, &route, NULL},
    {6, 1, 255, CHECK_ICMP_UNREACHABLE, {"unreachable", "到達不能"}, &route, NULL},
    {6, 2, 255, CHECK_ICMP_FRAG_NEEDED, {"packet too big", "パケットが大きすぎる"}, NULL, NULL},
    {6, 3, 1, CHECK_ICMP_TTL_EXCEEDED, {"fragments did not arrive in time", "フラグメントが時間内にそろわない"}, &parts, NULL},
    {6, 3, 255, CHECK_ICMP_TTL_EXCEEDED, {"hop limit exceeded in transit", "転送中にホップ制限超過"}, NULL, NULL},
};

/* One hop's errors of one sort for one flow. */
struct refusal {
    const struct error_row *row;
    struct address hop, from, to;
    uint16_t port;
    const struct flow *flow; /* NULL: none of its datagrams was captured so far */
    struct hit *hit;
    int64_t last;
    uint64_t sent_before, sent_last;
    uint64_t quoted, quoted_frame; /* errors whose datagram was captured, and the first such */
    struct quoted {
        int64_t time;
        uint32_t ip_id, error_id; /* of the datagram, and of the error */
        uint16_t checksum, length;
        bool waits;          /* its first fragment is quoted: the datagram may become whole behind the error */
    } refused[QUOTED_KEPT];  /* the last ones: the same error once more is a copy */
    unsigned next;
    uint32_t mtu;
};

struct state {
    struct refusal refusals[REFUSALS_MAX];
    unsigned count;
    bool crowded; /* some had no room */
    bool others;  /* there was more than syslog */
};

static const struct error_row *find_row(uint8_t version, uint8_t type, uint8_t code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(errors); i++)
        if (errors[i].version == version && errors[i].type == type && (errors[i].code == code || errors[i].code == 255))
            return &errors[i];
    return NULL;
}

/* Of a flow that is not known for syslog; its first datagram may come later. */
static bool is_doubtful(const struct refusal *refusal) { return !refusal->flow && refusal->port != SYSLOG_PORT; }

/* A free row, or one of what is hardly syslog for what is; NULL: no room. */
static struct refusal *find_room(struct state *state, bool doubtful)
{
    unsigned i = 0;
    if (state->count < REFUSALS_MAX)
        return &state->refusals[state->count++];
    state->crowded = true;
    while (i < REFUSALS_MAX && (doubtful || !is_doubtful(&state->refusals[i])))
        i++;
    if (i == REFUSALS_MAX)
        return NULL;
    g_free(state->refusals[i].hit);
    return &state->refusals[i];
}

static struct refusal *find_refusal(struct state *state, const struct refusal *probe)
{
    for (unsigned i = 0; i < state->count; i++) {
        struct refusal *r = &state->refusals[i];
        if (r->row == probe->row && r->port == probe->port && same_address(&r->hop, &probe->hop) && same_address(&r->from, &probe->from) &&
            same_address(&r->to, &probe->to))
            return r;
    }
    struct refusal *room = find_room(state, is_doubtful(probe));
    if (room)
        *room = *probe;
    return room;
}

/* The UDP header that is quoted, of a whole datagram or of its first fragment; NULL: it is cut. */
static const uint8_t *udp_header(const struct packet *quoted)
{
    if (quoted->kind == PACKET_UDP)
        return quoted->transport_captured >= 8 ? quoted->transport : NULL;
    return quoted->kind == PACKET_FRAGMENT && quoted->payload_captured >= 8 ? quoted->payload : NULL;
}

/* A hop refuses a datagram once: a mirror, or a capture at two places, shows that twice. Devices may say the same again, with no IP ID to
 * tell one datagram from the other, and have that refused, too. */
static bool is_copy(const struct quoted *now, const struct quoted *before)
{
    return now->ip_id == before->ip_id && now->checksum == before->checksum && now->length == before->length &&
           now->error_id == before->error_id && llabs(now->time - before->time) <= WINDOW;
}

static bool is_known(const struct refusal *refusal, const struct quoted *quoted)
{
    for (unsigned i = 0; i < QUOTED_KEPT && i < refusal->next; i++)
        if (is_copy(quoted, &refusal->refused[i]))
            return true;
    return false;
}

/* Looks for a quoted datagram among those seen. */
static void find_quoted(const struct check *check, struct refusal *refusal, struct quoted *quoted)
{
    const struct recent like = {.flow = refusal->flow, .ip_id = quoted->ip_id, .checksum = quoted->checksum, .length = quoted->length};
    const struct recent *recent = refusal->flow ? recents_recall(check->recents, RECENT_DATAGRAM, &like, NULL) : NULL;
    if (!recent)
        return;
    quoted->waits = false;
    if (refusal->quoted++ == 0)
        refusal->quoted_frame = recent->frame;
}

static void look_again(const struct check *check, struct refusal *refusal)
{
    for (unsigned i = 0; i < QUOTED_KEPT && i < refusal->next; i++)
        if (refusal->refused[i].waits)
            find_quoted(check, refusal, &refusal->refused[i]);
}

/* False: a copy. */
static bool take_quoted(const struct check *check, struct refusal *refusal, const struct packet *quoted)
{
    const uint8_t *header = udp_header(quoted);
    if (!header)
        return true;
    const struct quoted now = {.time = check->sight.time, .ip_id = quoted->ip_id, .error_id = check->sight.packet->ip_id,
                               .checksum = be16(header + 6), .length = be16(header + 4), .waits = quoted->kind == PACKET_FRAGMENT};
    if (is_known(refusal, &now))
        return false;
    look_again(check, refusal);
    struct quoted *kept = &refusal->refused[refusal->next++ % QUOTED_KEPT];
    *kept = now;
    find_quoted(check, refusal, kept);
    return true;
}

static void take_error(struct check *check, struct state *state, const struct error_row *row, const struct packet *quoted)
{
    const struct packet *p = check->sight.packet;
    struct flow *flow = flows_flow(check->flows, quoted->version, quoted->src, quoted->dst, quoted->dst_port, false);
    const struct refusal probe = {.row = row, .hop = address_of(p->version, p->src), .from = address_of(quoted->version, quoted->src),
                                  .to = address_of(quoted->version, quoted->dst), .port = quoted->dst_port, .flow = flow,
                                  .sent_before = flow ? flow->datagrams : 0};
    struct refusal *refusal = find_refusal(state, &probe);
    check->flows->untracked += !refusal && !is_doubtful(&probe);
    if (!refusal)
        return;
    if (flow)
        refusal->flow = flow;
    if (!take_quoted(check, refusal, quoted))
        return;
    check_hit(check, &refusal->hit, 1);
    refusal->last = check->sight.time;
    refusal->sent_last = flow ? flow->datagrams : 0;
    if (row->finding == CHECK_ICMP_FRAG_NEEDED)
        refusal->mtu = p->version == 4 ? be16(p->transport + 6) : be32(p->transport + 4);
}

/* What a device gets shows that refusals pass the capture point, too. */
static void see_other(struct check *check, struct state *state)
{
    const struct packet *p = check->sight.packet;
    if (p->kind == PACKET_FRAGMENT && p->protocol == 17)
        return;
    state->others = true;
    if (!check->returns && p->version)
        check->returns = flows_sender(check->flows, p->version, p->dst, false) != NULL;
}

static void packet(struct check *check, void *user)
{
    const struct packet *p = check->sight.packet;
    see_other(check, user);
    if ((p->kind != PACKET_ICMP && p->kind != PACKET_ICMP6) || p->transport_captured < 8)
        return;
    const struct error_row *row = find_row(p->version, p->transport[0], p->transport[1]);
    struct packet quoted;
    if (!row)
        return;
    /* The quotation ends early: what its headers claim beyond is no fault. */
    packet_parse_ip(p->payload, p->payload_captured, p->payload_wire, &quoted);
    if (quoted.has_ports && quoted.protocol == 17)
        take_error(check, user, row, &quoted);
}

/* Before the datagrams of the file are forgotten. */
static void end(struct check *check, void *user, const struct capture_interface *interfaces, size_t count)
{
    struct state *state = user;
    (void)interfaces, (void)count;
    for (unsigned i = 0; i < state->count; i++) {
        look_again(check, &state->refusals[i]);
        state->refusals[i].next = 0;
    }
}

static const char *target(struct check *check, const struct refusal *r)
{
    if (r->flow)
        return check_flow(check, r->flow);
    char *text = g_strdup_printf("%s → %s:%u", check_address(check, &r->from), check_address(check, &r->to), r->port);
    const char *kept = g_string_chunk_insert(check->strings, text);
    g_free(text);
    return kept;
}

/* How many were: at most those that the capture holds of that time, if it holds all that are quoted. */
static const char *lost(struct check *check, const struct refusal *r)
{
    static sentence_text least = {"at least ", "少なくとも "};
    uint64_t refused = r->hit->count, sent = r->sent_last - r->sent_before + 1; /* and the first one that is quoted */
    if (r->quoted == refused)
        return check_range(check, refused, MAX(sent, refused));
    char *text = g_strconcat(least[check->view->lang], check_number(check, refused), NULL);
    const char *kept = g_string_chunk_insert(check->strings, text);
    g_free(text);
    return kept;
}

static void conclude(struct check *check, const struct refusal *r)
{
    static sentence_text detail = {
        "{hop} answered \"{said}\"{mtu} {period}; of the datagrams that it quotes this capture holds {quoted}{frame}. ICMP is rate-limited: of the messages sent in that time {lost} did not arrive.",
        "{hop} が {period}「{said}」{mtu}と応答しました。引用されたデータグラムのうち {quoted} 件がこのキャプチャにあります{frame}。ICMP は送信数が制限されるため、応答の数は損失の数と一致するとは限りません。この間に送られたメッセージのうち {lost} 件が届いていません。"};
    static sentence_text unseen = {
        "{hop} answered \"{said}\"{mtu} {period}; the datagrams it quotes are not in this capture, so how many were lost is not known.",
        "{hop} が {period}「{said}」{mtu}と応答しました。引用されたデータグラムはこのキャプチャになく、損失数は不明です。"};
    char *frame = r->quoted ? g_strdup_printf(check->view->lang == MSGT_JA ? " (最初はフレーム %" G_GUINT64_FORMAT ")"
                                                                          : " (the first is frame %" G_GUINT64_FORMAT ")", r->quoted_frame)
                            : g_strdup("");
    char *mtu = r->mtu ? g_strdup_printf(check->view->lang == MSGT_JA ? " (MTU %u) " : " (MTU %u)", r->mtu) : g_strdup("");
    /* What the error tells of is a fact when its datagram was seen here. */
    struct finding *finding =
        check_raise(check, r->row->finding, target(check, r), r->hit, r->quoted ? CHECK_CERTAIN : CHECK_LIKELY,
                r->flow ? detail : unseen, "hop", check_address(check, &r->hop), "said", r->row->said[check->view->lang], "mtu", mtu,
                "period", check_period(check, r->hit->time, r->last), "quoted", check_number(check, r->quoted), "frame", frame, "lost",
                lost(check, r), NULL);
    const sentence_text *advice = r->row->by_other && !same_address(&r->hop, &r->to) ? r->row->by_other : r->row->advice;
    if (advice)
        check_advise(check, finding, *advice);
    g_free(frame);
    g_free(mtu);
}

/* Where nothing goes back, the capture tells nothing of those who would answer. */
static void remark_one_sided(struct check *check, const struct state *state)
{
    static sentence_text refusals = {"ICMP and ARP", "ICMP と ARP"};
    static sentence_text filtered = {"the capture holds syslog only, as a capture filter leaves it: refusals cannot be seen",
                                     "キャプチャ フィルタを通したように syslog しか含まれず、拒否応答は見えません"};
    static sentence_text one_way = {"the capture holds nothing that goes back to a device: refusals cannot be seen",
                                    "デバイスへ戻る通信が含まれず、拒否応答は見えません"};
    if (check->datagrams && !check->returns)
        check_remark(check, check->unusable, NULL, refusals, state->others ? one_way : filtered);
}

static bool has_other_ports(const struct check *check)
{
    GHashTableIter iter;
    gpointer row;
    bool other = false;
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (!other && g_hash_table_iter_next(&iter, &row, NULL))
        other = ((const struct flow *)row)->port != SYSLOG_PORT;
    return other;
}

static void finish(struct check *check, void *user)
{
    static sentence_text full = {"ICMP errors for more UDP than there is room for", "ICMP エラーの対象となった UDP の数が上限を超えました"};
    struct state *state = user;
    for (unsigned i = 0; i < state->count; i++) {
        struct refusal *r = &state->refusals[i];
        if (!r->flow)
            r->flow = flows_flow(check->flows, r->from.version, r->from.octets, r->to.octets, r->port, false);
        check->returns |= !is_doubtful(r);
        if (!is_doubtful(r))
            conclude(check, r);
        g_free(r->hit);
    }
    remark_one_sided(check, state);
    if (state->crowded && has_other_ports(check))
        check_unusable(check, TOPIC_REFUSALS, NULL, full);
}

const struct check_family check_icmp = {.sees = SEES_OTHERS, .state = sizeof(struct state), .packet = packet, .end = end, .finish = finish};
