/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ARP (RFC 826) and neighbour discovery (RFC 4861) that nobody answers: for the collector's address, or for that of the next hop
 * on the way to it. A next hop is the host whose card the frames with syslog go to, asked for by the card that they come from.
 * Requests are broadcast, replies are not: what a host asks that sends no syslog there may well be answered where the capture
 * point does not see it.
 */
#include "check.h"
#include "octets.h"

enum { TARGETS_MAX = 512, ENOUGH = 3, PATIENCE = NANOSECONDS, COPY = NANOSECONDS / 10 /* hosts ask once a second (RFC 1122, 4861) */ };

/* An address, and one of those who ask for it. */
struct target {
    struct address address, asker;
    uint64_t waiting; /* requests not yet answered, not yet too old */
    int64_t first, last, last_unanswered; /* of those that wait; of those that do not */
    bool silent;      /* no answer since it was asked, in this file, */
    int64_t since;    /* at this time; */
    bool sent, sent_meanwhile; /* syslog between that and a request that waits, or one that does not */
    uint64_t first_frame;
    const char *file;
    uint8_t asker_card[6], card[6]; /* Ethernet addresses: who asked last, and the one that was answered */
    bool has_card;
    uint8_t precision;
    bool answered;  /* the asker, ever */
    bool elsewhere; /* others, after a request that stayed without an answer */
    struct hit *hit;
    const struct flow *flow; /* in the end: that the requests are for, or NULL */
};

struct state {
    struct target targets[TARGETS_MAX];
    unsigned count;
    uint64_t answers;
};

/* NULL, and counted: there is no room. */
static struct target *find_target(struct check *check, struct state *state, const struct address *address, const struct address *asker)
{
    const struct target *other = NULL;
    for (unsigned i = 0; i < state->count; i++) {
        if (!same_address(&state->targets[i].address, address))
            continue;
        if (same_address(&state->targets[i].asker, asker))
            return &state->targets[i];
        other = &state->targets[i];
    }
    if (state->count == TARGETS_MAX) {
        check->flows->untracked++;
        return NULL;
    }
    struct target *target = &state->targets[state->count++];
    target->address = *address;
    target->asker = *asker;
    if (other && other->has_card) {
        target->has_card = true;
        memcpy(target->card, other->card, sizeof target->card);
    }
    return target;
}

/* Who asks again had no answer, however soon: the first of those that wait says how long they do. */
static void settle(struct target *target, int64_t now)
{
    if (target->waiting && now - target->first > PATIENCE) {
        check_hit_at(&target->hit, target->waiting, target->file, target->first_frame, target->first, target->precision);
        target->last_unanswered = target->last;
        target->sent_meanwhile |= target->sent;
        target->waiting = 0;
    }
}

enum relation { NO_RELATION, NEXT_HOP, RECEIVER };

/* What the requests are for the flow: it goes to the target, or by way of it, and who sends it, or its frames, asks. */
static enum relation relation(const struct flow *flow, const struct target *target)
{
    bool sends = flow->has_cards && memcmp(flow->cards + 6, target->asker_card, 6) == 0;
    if (same_address(&flow->to, &target->address) && (sends || same_address(&flow->sender->address, &target->asker)))
        return RECEIVER;
    return sends && target->has_card && memcmp(flow->cards, target->card, 6) == 0 ? NEXT_HOP : NO_RELATION;
}

/* Whether the capture holds syslog that needs the target, since then. */
static bool is_sent_since(const struct check *check, const struct target *target, int64_t begin)
{
    GHashTableIter iter;
    gpointer row;
    bool sent = false;
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (!sent && g_hash_table_iter_next(&iter, &row, NULL)) {
        const struct flow *flow = row;
        sent = flow->last_input == check->input && flow->last_time >= begin && relation(flow, target);
    }
    return sent;
}

static void ask(struct check *check, struct state *state, const struct address *address, const struct address *asker, const uint8_t *card)
{
    const struct sight *s = &check->sight;
    struct target *target = find_target(check, state, address, asker);
    if (!target)
        return;
    settle(target, s->time);
    if (target->silent && llabs(s->time - target->last) <= COPY)
        return;
    if (card)
        memcpy(target->asker_card, card, sizeof target->asker_card);
    if (target->silent)
        target->sent = target->sent || is_sent_since(check, target, target->since);
    else
        target->since = s->time;
    target->silent = true;
    target->last = s->time;
    if (target->waiting++)
        return;
    target->first = s->time;
    target->first_frame = s->frame->number;
    target->file = s->file;
    target->precision = s->frame->precision;
}

/* What a receiver answers, or a device is answered, goes back. */
static bool is_return(const struct check *check, const struct address *address, const struct address *asker)
{
    if (flows_sender(check->flows, asker->version, asker->octets, false))
        return true;
    for (unsigned i = 0; i < FLOW_CACHE; i++) /* of those not long ago */
        if (check->flows->last_flows[i] && same_address(&check->flows->last_flows[i]->to, address))
            return true;
    return false;
}

/* The address is there, for whoever asked. It answered ASKER; NULL: nobody in particular. */
static void answer(struct check *check, struct state *state, const struct address *address, const struct address *asker, const uint8_t *card)
{
    if (asker && !check->returns)
        check->returns = is_return(check, address, asker);
    for (unsigned i = 0; i < state->count; i++) {
        struct target *target = &state->targets[i];
        if (!same_address(&target->address, address))
            continue;
        settle(target, check->sight.time);
        bool its = asker && same_address(&target->asker, asker);
        target->answered |= its;
        target->elsewhere |= asker && !its && target->hit;
        target->waiting = 0;
        target->silent = target->sent = false;
        target->has_card = target->has_card || card;
        if (card)
            memcpy(target->card, card, sizeof target->card);
    }
}

static void take_arp(struct check *check, struct state *state)
{
    static const uint8_t unspecified[4];
    const struct packet *p = check->sight.packet;
    const uint8_t *arp = p->payload;
    if (p->payload_captured < 28 || be16(arp) != 1 || be16(arp + 2) != ETHERTYPE_IPV4 || arp[4] != 6 || arp[5] != 4)
        return;
    const uint8_t *card = arp + 8;
    const struct address sender = address_of(4, arp + 14), target = address_of(4, arp + 24);
    bool reply = be16(arp + 6) == 2, about_itself = same_address(&sender, &target);
    if (memcmp(arp + 14, unspecified, sizeof unspecified) == 0) /* a probe (RFC 5227): is this address taken? */
        return;
    if (be16(arp + 6) == 1 && !about_itself)
        ask(check, state, &target, &sender, card);
    /* Whoever asks or answers is there. */
    answer(check, state, &sender, reply && !about_itself ? &target : NULL, card);
    state->answers += reply;
}

static void take_neighbour(struct check *check, struct state *state)
{
    enum { SOLICITATION = 135, ADVERTISEMENT = 136, OPTIONS = 24 };
    static const uint8_t unspecified[16];
    const struct packet *p = check->sight.packet;
    const uint8_t *message = p->transport, *option = message + OPTIONS;
    if (p->transport_captured < OPTIONS)
        return;
    /* The first option, which is the only one in practice: source (1) or target (2) link-layer address. */
    bool has_card = p->transport_captured >= OPTIONS + 8 && option[0] == message[0] - 134 && option[1] == 1;
    const uint8_t *card = has_card ? option + 2 : NULL;
    const struct address target = address_of(6, message + 8), from = address_of(6, p->src), to = address_of(6, p->dst);
    if (message[0] == SOLICITATION && memcmp(p->src, unspecified, 16) != 0)
        ask(check, state, &target, &from, card);
    if (message[0] == ADVERTISEMENT) {
        answer(check, state, &target, p->dst[0] == 0xff ? NULL : &to, card);
        state->answers++;
    }
}

/* Cooked captures (`-i any`) do not tell the next hop, tunnels whose cards are the frame's. */
static void note_cards(struct flow *flow, const struct frame *frame, const struct packet *packet)
{
    bool ethernet = frame->link_type == LINKTYPE_ETHERNET, second = frame->link_type == LINKTYPE_LINUX_SLL2;
    bool cooked = frame->link_type == LINKTYPE_LINUX_SLL || second;
    uint32_t sender = second ? 12 : 6;
    if ((!ethernet && !cooked) || packet->tunnels || frame->captured < sender + 6)
        return;
    flow->has_cards = true;
    if (ethernet)
        memcpy(flow->cards, frame->data, 6);
    memcpy(flow->cards + 6, frame->data + sender, 6);
}

static void packet(struct check *check, void *user)
{
    const struct sight *s = &check->sight;
    if (s->datagram && s->flow)
        note_cards(s->flow, s->frame, s->packet);
    else if (s->packet->kind == PACKET_ARP)
        take_arp(check, user);
    else if (s->packet->kind == PACKET_ICMP6)
        take_neighbour(check, user);
}

/* Whose datagrams the requests are for: a flow to the target, else the largest by way of it. */
static const struct flow *flow_to(const struct check *check, const struct target *target)
{
    const struct flow *via = NULL;
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        const struct flow *flow = row;
        enum relation related = relation(flow, target);
        if (related == RECEIVER)
            return flow;
        if (related == NEXT_HOP && (!via || flow->datagrams > via->datagrams))
            via = flow;
    }
    return via;
}

static const char *const *detail_of(const struct state *state, const struct target *target, bool direct)
{
    static sentence_text details[][2] = { /* of the next hop, of the collector; where nothing was sent meanwhile, or something was */
        {{"{n} request{s} for the hardware address of {to}, the next hop on the way to the collector {collector}, had no answer {period}. The capture holds no syslog of that time that goes this way.",
          "コレクタ {collector} への次ホップ {to} のハードウェア アドレスへの要求 {n} 回には、{period}応答がありません。この間にこの経路へ送られた syslog はキャプチャにありません。"},
         {"{n} request{s} for the hardware address of {to}, the next hop on the way to the collector {collector}, had no answer {period}: what was sent meanwhile went nowhere.",
          "コレクタ {collector} への次ホップ {to} のハードウェア アドレスへの要求 {n} 回には、{period}応答がありません。その間に送られたものは届いていません。"}},
        {{"{n} request{s} for the hardware address of the collector {to} had no answer {period}. The capture holds no syslog to it of that time.",
          "コレクタ {to} のハードウェア アドレスへの要求 {n} 回には、{period}応答がありません。この間にこのコレクタへ送られた syslog はキャプチャにありません。"},
         {"{n} request{s} for the hardware address of the collector {to} had no answer {period}, while syslog is sent to it: what was sent meanwhile went nowhere.",
          "コレクタ {to} のハードウェア アドレスへの要求 {n} 回には、{period}応答がなく、その間も syslog が送られています。その間に送られたものは届いていません。"}},
    };
    static sentence_text blind = {
        "{n} request{s} for the hardware address of the collector {to} had no answer, but this capture holds no answer at all: it may not see them.",
        "コレクタ {to} のハードウェア アドレスへの要求 {n} 回に応答がありませんが、このキャプチャには応答が 1 つもなく、映っていないだけかもしれません。"};
    return state->answers ? details[direct][target->sent_meanwhile] : blind;
}

static void conclude(struct check *check, const struct state *state, const struct target *target)
{
    const struct flow *flow = target->flow;
    const char *to = check_address(check, &target->address);
    bool direct = same_address(&flow->to, &target->address);
    struct finding *finding =
        check_raise(check, CHECK_ARP_UNANSWERED, to, target->hit, state->answers && target->sent_meanwhile ? CHECK_LIKELY : CHECK_POSSIBLE,
                    detail_of(state, target, direct), "n", check_number(check, target->hit->count), "to", to,
                    "period", check_period(check, target->hit->time, target->last_unanswered), "collector", check_address(check, &flow->to), NULL);
    if (!state->answers)
        finding->severity = CHECK_NOTE;
}

/* The first row with a flow for the same address. */
static struct target *first_of(struct state *state, const struct target *target)
{
    struct target *first = state->targets;
    while (!first->flow || !same_address(&first->address, &target->address))
        first++;
    return first;
}

/* Of what was asked just before a file ends nobody knows whether it was answered. */
static void end(struct check *check, void *user, const struct capture_interface *interfaces, size_t count)
{
    struct state *state = user;
    (void)interfaces, (void)count;
    for (unsigned i = 0; i < state->count; i++) {
        settle(&state->targets[i], check->latest_here);
        state->targets[i].waiting = 0;
        state->targets[i].silent = state->targets[i].sent = false;
    }
}

static void judge(struct check *check, struct state *state, struct target *target)
{
    bool unseen = target->elsewhere && !target->answered;
    target->flow = target->hit && !unseen ? flow_to(check, target) : NULL;
    struct target *first = target->flow ? first_of(state, target) : target;
    if (first == target)
        return;
    check_hit_join(&first->hit, target->hit);
    first->last_unanswered = MAX(first->last_unanswered, target->last_unanswered);
    first->sent_meanwhile |= target->sent_meanwhile;
    target->hit = NULL;
    target->flow = NULL;
}

static void finish(struct check *check, void *user)
{
    struct state *state = user;
    for (unsigned i = 0; i < state->count; i++)
        judge(check, state, &state->targets[i]);
    for (unsigned i = 0; i < state->count; i++) {
        if (state->targets[i].flow && state->targets[i].hit->count >= ENOUGH)
            conclude(check, state, &state->targets[i]);
        g_free(state->targets[i].hit);
    }
}

const struct check_family check_arp = {.state = sizeof(struct state), .packet = packet, .end = end, .finish = finish};
